#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "remembered.h"

static const struct agent_id a = { 0, 1 }, b = { 1, 1 }, c = { 2, 1 }, d = { 3, 1 };
static const struct agent_id nobody = { 0, 0 };

static struct remembered met(void)
{
	struct remembered remembered;

	remembered_init(&remembered);
	remembered_note(&remembered, a, 0, 10);
	remembered_note(&remembered, b, 1, 30);
	remembered_note(&remembered, c, 0, 20);
	return remembered;
}

static void assert_order(const struct remembered *remembered, const struct agent_id *agents,
                         size_t count)
{
	assert_int_equal(remembered->agents_count, count);
	for (size_t i = 0; i < count; i++)
		assert_true(agent_id_equal(remembered->agents[i].agent, agents[i]));
}

static void the_latest_agent_comes_first(void **state)
{
	struct remembered remembered = met();

	(void)state;
	assert_order(&remembered, (struct agent_id[]){ b, c, a }, 3);
	remembered_note(&remembered, c, 2, 50); /* again: moves */
	assert_order(&remembered, (struct agent_id[]){ c, b, a }, 3);
	assert_int_equal(remembered.agents[0].queue, 2);
	assert_int_equal(remembered_met_at(&remembered, b), 30);
	assert_int_equal(remembered_met_at(&remembered, d), 0);
	remembered_forget(&remembered, b);
	remembered_forget(&remembered, d);
	assert_order(&remembered, (struct agent_id[]){ c, a }, 2);
}

static void agents_whom_nobody_knows_are_not_taken_for_one(void **state)
{
	struct remembered remembered = met();

	(void)state;
	remembered_note(&remembered, nobody, 0, 5);
	remembered_note(&remembered, nobody, 0, 6);
	assert_int_equal(remembered.agents_count, 5);
	assert_int_equal(remembered_met_at(&remembered, nobody), 0);
	remembered_forget(&remembered, nobody);
	remembered_exclude(&remembered, nobody, USEC_NEVER);
	assert_int_equal(remembered.agents_count, 5);
	assert_int_equal(remembered.never_count, 0);
}

static void the_longest_ago_makes_room(void **state)
{
	struct remembered remembered;

	(void)state;
	remembered_init(&remembered);
	for (uint32_t i = 0; i < 2 * MEMORY_AGENTS_MAX; i++)
		remembered_note(&remembered, (struct agent_id){ i, 1 }, 0, 1000 - i);
	assert_int_equal(remembered.agents_count, MEMORY_AGENTS_MAX);
	assert_int_equal(remembered.agents[MEMORY_AGENTS_MAX - 1].agent.slot,
	                 MEMORY_AGENTS_MAX - 1);
	remembered_note(&remembered, (struct agent_id){ 99, 1 }, 0, 2000);
	assert_int_equal(remembered.agents_count, MEMORY_AGENTS_MAX);
	assert_int_equal(remembered.agents[0].agent.slot, 99);
	remembered_keep(&remembered, (struct agent_id){ 30, 1 }, 3);
	assert_int_equal(remembered.agents_count, 3);
	assert_int_equal(remembered.agents[1].agent.slot, 0);
	assert_int_equal(remembered.agents[2].agent.slot, 30); /* whose contact it is */
}

static void a_pin_knows_when_its_agent_was_met(void **state)
{
	struct remembered remembered = met();

	(void)state;
	remembered_pin(&remembered, c, 500);
	assert_true(remembered.has_pin);
	assert_int_equal(remembered.pin.at, 20);
	assert_true(remembered.agents[1].pinned);
	remembered_pin(&remembered, d, 600); /* never met: from when it was set */
	assert_false(remembered.agents[1].pinned);
	assert_int_equal(remembered.pin.at, 600);
	remembered_note(&remembered, d, 0, 700);
	assert_int_equal(remembered.pin.at, 700);
	assert_true(remembered.agents[0].pinned);
	remembered_pin(&remembered, nobody, 800);
	assert_false(remembered.has_pin);
	assert_false(remembered.agents[0].pinned);
}

static void an_exclusion_goes_with_its_agent(void **state)
{
	struct remembered remembered = met();

	(void)state;
	remembered_pin(&remembered, d, 600);
	remembered_exclude(&remembered, b, USEC_NEVER);
	remembered_exclude(&remembered, d, 900);
	assert_int_equal(remembered.never_count, 2);
	assert_int_equal(remembered.agents[0].never_until, USEC_NEVER);
	assert_int_equal(remembered.pin.never_until, 900);
	remembered_note(&remembered, d, 0, 700); /* all the same, say by a transfer */
	assert_int_equal(remembered.agents[0].never_until, 900);
	remembered_exclude(&remembered, b, 950); /* once more: not twice */
	assert_int_equal(remembered.never_count, 2);
	remembered_exclude(&remembered, b, 0);
	assert_int_equal(remembered.never_count, 1);
	assert_int_equal(remembered.agents[1].never_until, 0);
	for (uint32_t i = 10; i < 30; i++)
		remembered_exclude(&remembered, (struct agent_id){ i, 1 }, USEC_NEVER);
	assert_int_equal(remembered.never_count, REMEMBERED_NEVER_MAX);
}

static void what_was_learned_since_is_added_to_what_redis_says(void **state)
{
	struct remembered remembered = met(), later;

	(void)state;
	remembered.left_queue = 1;
	remembered_init(&later);
	remembered_merge(&remembered, &later);
	assert_int_equal(remembered.left_queue, 1);
	remembered_note(&later, d, 0, 40);
	remembered_pin(&later, a, 35);
	remembered_exclude(&later, b, USEC_NEVER);
	remembered_merge(&remembered, &later);
	assert_order(&remembered, (struct agent_id[]){ d, b, c, a }, 4);
	assert_int_equal(remembered.agents[1].never_until, USEC_NEVER);
	assert_true(remembered.agents[3].pinned);
	assert_int_equal(remembered.pin.at, 10);
	assert_int_equal(remembered.left_queue, QUEUE_NONE); /* answered since */
	later.left_queue = 0;
	later.left_at = 60;
	remembered_merge(&remembered, &later);
	assert_int_equal(remembered.left_queue, 0);
	assert_int_equal(remembered.left_at, 60);
}

static void nothing_is_nothing(void **state)
{
	struct remembered remembered;

	(void)state;
	remembered_init(&remembered);
	assert_true(remembered_is_empty(&remembered));
	remembered_pin(&remembered, a, 1);
	assert_false(remembered_is_empty(&remembered));
	remembered_init(&remembered);
	remembered.tier = remembered_tier(TEXT("gold"));
	assert_false(remembered_is_empty(&remembered));
	assert_int_equal(remembered_tier(TEXT("")), 0);
	assert_int_not_equal(remembered_tier(TEXT("silver")), remembered.tier);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_latest_agent_comes_first),
		cmocka_unit_test(agents_whom_nobody_knows_are_not_taken_for_one),
		cmocka_unit_test(the_longest_ago_makes_room),
		cmocka_unit_test(a_pin_knows_when_its_agent_was_met),
		cmocka_unit_test(an_exclusion_goes_with_its_agent),
		cmocka_unit_test(what_was_learned_since_is_added_to_what_redis_says),
		cmocka_unit_test(nothing_is_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
