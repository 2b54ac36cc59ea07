#include "floor.h"
#include "queue.h"

static void slots_in_use_are_found_in_order(void **state)
{
	struct floor floor;
	struct call_id call;
	struct agent_id agent;
	uint32_t found[3], count = 0;

	(void)state;
	floor_open(&floor);
	assert_false(core_next_call(floor.core, 0, &call));
	assert_false(core_next_agent(floor.core, 0, &agent));
	arrive(&floor, 9, 0);
	arrive(&floor, 4, 0);
	arrive(&floor, FLOOR_CALLS - 1, 0);
	log_in(&floor, 6, 1, false);
	tell_agent(&floor, EVT_AGENT_LOGGED_OUT, 6);
	for (uint32_t from = 0; core_next_call(floor.core, from, &call); from = call.slot + 1)
		found[count++] = call.slot;
	assert_int_equal(count, 3);
	assert_int_equal(found[0], 4);
	assert_int_equal(found[1], 9);
	assert_int_equal(found[2], FLOOR_CALLS - 1);
	assert_true(core_next_agent(floor.core, 0, &agent)); /* known, though logged out */
	assert_int_equal(agent.slot, 6);
	assert_false(core_next_agent(floor.core, 7, &agent));
	floor_close(&floor);
}

static void what_is_gone_is_not_there(void **state)
{
	struct floor floor;
	struct call_record call;
	struct agent_record agent;
	struct decision decision;
	struct queue_view view;

	(void)state;
	floor_open(&floor);
	assert_false(core_get_call(floor.core, call_at(0), &call));
	assert_false(core_get_agent(floor.core, agent_at(0), &agent));
	assert_false(core_get_decision(floor.core, call_at(0), &decision));
	assert_false(core_get_queue(floor.core, FLOOR_QUEUES - 1, &view));
	assert_false(core_get_queue(floor.core, QUEUE_NONE, &view));
	assert_int_equal(core_judge(floor.core, call_at(0), agent_at(0)), VERDICT_LOGGED_OUT);
	log_in(&floor, 0, 0, true);
	assert_int_equal(core_judge(floor.core, call_at(0), agent_at(0)), VERDICT_COULD);
	floor_close(&floor);
}

static void a_decision_can_be_asked_for_again(void **state)
{
	struct floor floor;
	struct decision decision;

	(void)state;
	floor_open(&floor);
	arrive_keyed(&floor, 0, 0);
	assert_false(core_get_decision(floor.core, call_at(0), &decision));
	recall_as(&floor, 0, RECALL_UNKNOWN);
	assert_true(core_get_decision(floor.core, call_at(0), &decision));
	assert_int_equal(decision.kind, DECIDE_QUEUE);
	assert_int_equal(decision.position, 1);
	arrive_urgent(&floor, 1, 0, 1);
	assert_true(core_get_decision(floor.core, call_at(0), &decision));
	assert_int_equal(decision.position, 2);

	log_in(&floor, 3, 0, true);
	assert_true(core_get_decision(floor.core, call_at(1), &decision));
	assert_int_equal(decision.kind, DECIDE_CONNECT);
	assert_int_equal(decision.agent.slot, 3);
	assert_int_equal(decision.offer, 1);
	assert_int_equal(decision.ring, SEC(20));
	answer(&floor, 1, 1);
	assert_true(core_get_decision(floor.core, call_at(1), &decision));
	assert_int_equal(decision.kind, DECIDE_CONNECT);
	assert_int_equal(decision.ring, 0);
	floor_close(&floor);
}

static void nobody_is_to_expect_a_wait_while_somebody_is_free(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	log_in(&floor, 1, 0, true);
	assert_int_equal(get_queue(&floor, 0).estimated_wait, 0); /* known, however thin the data */
	for (int i = 0; i < 8; i++)
		queue_count_handling(&floor.core->queues[0], SEC(100));
	assert_int_equal(get_queue(&floor, 0).estimated_wait, 0);
	arrive(&floor, 0, 0);
	assert_int_equal(get_queue(&floor, 0).estimated_wait, 0);
	arrive(&floor, 1, 0);
	assert_int_equal(get_queue(&floor, 0).estimated_wait, SEC(50));
	arrive(&floor, 2, 0);
	assert_int_equal(get_queue(&floor, 0).estimated_wait, SEC(100));
	floor_close(&floor);
}

static void a_queue_tells_how_it_stands(void **state)
{
	struct queue_view view;
	struct floor floor;
	usec_t first;

	(void)state;
	floor_open(&floor);
	view = get_queue(&floor, 0);
	assert_int_equal(view.oldest_at, 0);
	assert_true(view.estimated_wait == USEC_NEVER);
	first = floor.now;
	arrive(&floor, 0, 0);
	pass(&floor, SEC(1));
	arrive_urgent(&floor, 1, 0, 5);
	arrive_keyed(&floor, 2, 0);
	view = get_queue(&floor, 0);
	assert_int_equal(view.waiting, 2);
	assert_int_equal(view.recalling, 1);
	assert_int_equal(view.oldest_at, first); /* who waits longest, not who is next */
	assert_int_equal(view.plan.ring, SEC(20));
	log_in(&floor, 0, 0, true);
	answer(&floor, 1, 1);
	tell_call(&floor, EVT_CALL_HELD, 1);
	view = get_queue(&floor, 0);
	assert_int_equal(view.held, 1);
	assert_int_equal(view.talking, 0);
	assert_int_equal(view.agents[AGENT_TALKING], 1);
	assert_int_equal(core_now(floor.core), floor.now);
	floor_close(&floor);
}

/* Over a restart: out of one core, into another. */
static void how_long_talks_last_goes_into_another_core(void **state)
{
	struct core_event ev = { .type = EVT_LASTING_RESTORED };
	struct floor floor, other;
	struct lasting_record learned, again;
	uint64_t talks;

	(void)state;
	floor_open(&floor);
	floor_open(&other);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 1, 0);
	answer(&floor, 1, 1);
	pass(&floor, SEC(400));
	end(&floor, 1, BY_CALLER);
	pass(&floor, SEC(30));
	assert_true(core_get_lasting(floor.core, 0, &learned, &talks));
	assert_int_equal(talks, 1);
	assert_false(core_get_lasting(floor.core, 60000, &learned, &talks));

	ev.lasting_restored.lasting = learned;
	step(&other, &ev);
	assert_true(core_get_lasting(other.core, 0, &again, &talks));
	assert_memory_equal(&again, &learned, sizeof(again));

	ev.lasting_restored.lasting.talk[3] = learned.talk[2] + 1; /* more of what lasts longer */
	step(&other, &ev);
	core_get_lasting(other.core, 0, &again, &talks);
	assert_memory_equal(&again, &learned, sizeof(again));
	floor_close(&floor);
	floor_close(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slots_in_use_are_found_in_order),
		cmocka_unit_test(what_is_gone_is_not_there),
		cmocka_unit_test(a_decision_can_be_asked_for_again),
		cmocka_unit_test(nobody_is_to_expect_a_wait_while_somebody_is_free),
		cmocka_unit_test(a_queue_tells_how_it_stands),
		cmocka_unit_test(how_long_talks_last_goes_into_another_core),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
