#include "skill.h"

#include <assert.h>

uint64_t skill_mask_of_needs(const struct skill_need *needs, size_t count)
{
	uint64_t mask = 0;

	for (size_t i = 0; i < count; i++) {
		assert(needs[i].skill < SKILLS_MAX);
		if (needs[i].min > 0)
			mask |= UINT64_C(1) << needs[i].skill;
	}
	return mask;
}

uint64_t skill_mask_of_levels(const uint8_t levels[SKILLS_MAX])
{
	uint64_t mask = 0;

	for (size_t i = 0; i < SKILLS_MAX; i++) {
		if (levels[i] > 0)
			mask |= UINT64_C(1) << i;
	}
	return mask;
}

bool skill_suffices(const struct agent *agent, const struct call *call)
{
	/* Most agents who fall short lack a skill altogether: one word tells. */
	if (call->needs_mask == 0)
		return true;
	if ((call->needs_mask & ~agent->skills) != 0)
		return false;
	for (size_t i = 0; i < call->r.needs_count; i++) {
		if (agent->r.levels[call->r.needs[i].skill] < call->r.needs[i].min)
			return false;
	}
	return true;
}
