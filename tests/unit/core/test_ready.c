#include "floor.h"

#include "najimi/base/rng.h"
#include "ready.h"

#define MEMBERS 300

static void the_longest_idle_is_first_and_of_equals_the_lower_slot(void **state)
{
	struct membership members[] = {
		{ .idle_since = 20, .agent = 1 },
		{ .idle_since = 10, .agent = 7 },
		{ .idle_since = 10, .agent = 2 },
	};
	struct ready_tree ready = { 0 };

	(void)state;
	assert_null(ready_first(&ready));
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		ready_add(&ready, &members[i]);
	assert_ptr_equal(ready_first(&ready), &members[2]);
	assert_ptr_equal(ready_next(&members[2]), &members[1]);
	assert_ptr_equal(ready_next(&members[1]), &members[0]);
	assert_null(ready_next(&members[0]));
	ready_drop(&ready, &members[2]);
	assert_ptr_equal(ready_first(&ready), &members[1]);
}

static bool has_all_skills(const struct core *core, const struct agent *agent,
                           const struct call *call)
{
	(void)core;
	return (call->needs_mask & ~agent->skills) == 0;
}

static bool nobody_fits(const struct core *core, const struct agent *agent, const struct call *call)
{
	(void)core;
	(void)agent;
	(void)call;
	return false;
}

/* The obvious way: through all of them. */
static const struct agent *find_slowly(const struct core *core, const struct membership *members,
                                       const bool *in, const struct call *call)
{
	const struct membership *best = NULL;

	for (size_t i = 0; i < MEMBERS; i++) {
		const struct membership *at = &members[i];

		if (!in[i] || (call->needs_mask & ~at->skills) != 0)
			continue;
		if (best == NULL || at->idle_since < best->idle_since ||
		    (at->idle_since == best->idle_since && at->agent < best->agent))
			best = at;
	}
	return best == NULL ? NULL : &core->agents[best->agent];
}

static void the_first_who_has_the_skills_is_found(void **state)
{
	struct core_limits limits = { .agents_max = MEMBERS };
	struct core *core = core_new(&limits);
	static struct membership members[MEMBERS];
	static bool in[MEMBERS];
	struct ready_tree ready = { 0 };
	uint64_t rng = 4;

	(void)state;
	assert_non_null(core);
	for (unsigned i = 0; i < 5000; i++) {
		uint32_t of = rng_below(&rng, MEMBERS);
		struct call call = { .needs_mask = UINT64_C(1) << rng_below(&rng, 6) };

		if (in[of]) {
			ready_drop(&ready, &members[of]);
		} else {
			core->agents[of].skills = rng_below(&rng, 4) == 0 ? rng_below(&rng, 64) : 0;
			members[of] = (struct membership){
				.agent = of,
				.idle_since = rng_below(&rng, 100),
				.skills = core->agents[of].skills,
			};
			ready_add(&ready, &members[of]);
		}
		in[of] = !in[of];
		assert_ptr_equal(ready_find(core, &ready, &call, has_all_skills),
		                 find_slowly(core, members, in, &call));
		assert_null(ready_find(core, &ready, &call, nobody_fits));
	}
	core_free(core);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_idle_is_first_and_of_equals_the_lower_slot),
		cmocka_unit_test(the_first_who_has_the_skills_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
