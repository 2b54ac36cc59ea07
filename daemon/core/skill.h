#ifndef CORE_SKILL_H
#define CORE_SKILL_H

#include "state.h"

/* What a call needs and what an agent has. */

uint64_t skill_mask_of_needs(const struct skill_need *needs, size_t count);
uint64_t skill_mask_of_levels(const uint8_t levels[SKILLS_MAX]);

/* Whether the agent has all that the call needs, at the levels it needs. */
bool skill_suffices(const struct agent *agent, const struct call *call);

#endif
