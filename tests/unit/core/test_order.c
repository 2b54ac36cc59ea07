#include "floor.h"

static void a_record_is_told_of_once_and_last(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	assert_int_equal(count_of(&floor, ACT_CHANGE_CALL), 1);
	assert_int_equal(count_of(&floor, ACT_CHANGE_AGENT), 1);
	assert_int_equal(floor.out.items[0].type, ACT_DECIDE);
	assert_int_equal(floor.out.items[1].type, ACT_CHANGE_CALL);
	assert_int_equal(floor.out.items[2].type, ACT_CHANGE_AGENT);
	floor_close(&floor);
}

static void a_call_that_is_being_recalled_is_not_told_of(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	arrive_keyed(&floor, 0, 0);
	assert_int_equal(floor.out.count, 1);
	assert_int_equal(floor.out.items[0].type, ACT_RECALL);
	assert_int_equal(floor.out.items[0].call.slot, 0);
	recall_as(&floor, 0, RECALL_UNKNOWN);
	assert_int_equal(count_of(&floor, ACT_CHANGE_CALL), 1);
	floor_close(&floor);
}

static void a_call_that_ended_is_told_of_by_its_end_alone(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	end(&floor, 0, BY_CALLER);
	assert_int_equal(count_of(&floor, ACT_CHANGE_CALL), 0);
	assert_int_equal(count_of(&floor, ACT_END_CALL), 1);
	assert_false(find_action(&floor, ACT_CANCEL_OFFER)->cancel_offer.missed);
	assert_int_equal(find_action(&floor, ACT_CHANGE_AGENT)->agent.slot, 0);
	floor_close(&floor);
}

static void nobody_is_answered_who_did_not_ask(void **state)
{
	struct core_event ev = { .type = EVT_CALL_ENDED };
	struct floor floor;

	(void)state;
	floor_open(&floor);
	ev.call_ended.call = call_at(5);
	step(&floor, &ev);
	assert_int_equal(floor.out.count, 0);
	ev.request = REQUEST;
	step(&floor, &ev);
	assert_refused(&floor, REPLY_UNKNOWN_CALL);
	floor_close(&floor);
}

static void an_action_carries_nothing_of_the_one_before(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	memset(&floor.out, 0xff, sizeof(floor.out));
	arrive(&floor, 0, 0);
	assert_int_equal(find_decision(&floor)->kind, DECIDE_QUEUE);
	assert_int_equal(find_decision(&floor)->offer, 0);
	assert_int_equal(find_decision(&floor)->agent.gen, 0);
	assert_int_equal(find_decision(&floor)->preferred.agent.gen, 0);
	assert_int_equal(find_decision(&floor)->reason, REASON_NONE);
	assert_int_equal(find_action(&floor, ACT_DECIDE)->agent.gen, 0);
	floor_close(&floor);
}

static void a_decision_says_all_there_is_to_say(void **state)
{
	const struct decision *decision;
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 7, 1, true);
	return_to(&floor, 0, 1, 7);
	decision = find_decision(&floor);
	assert_int_equal(decision->kind, DECIDE_CONNECT);
	assert_int_equal(decision->queue, 1);
	assert_int_equal(decision->agent.slot, 7);
	assert_int_equal(decision->offer, 1);
	assert_int_equal(decision->ring, SEC(20));
	assert_int_equal(decision->sticky, STICKY_OWN);
	assert_int_equal(decision->preferred.agent.slot, 7);
	assert_int_equal(decision->preferred.at, floor.now - HOUR(1));

	return_to(&floor, 1, 1, 7);
	decision = find_decision(&floor);
	assert_int_equal(decision->kind, DECIDE_QUEUE);
	assert_int_equal(decision->position, 1);
	assert_true(decision->estimated_wait == USEC_NEVER);
	assert_int_equal(decision->sticky, STICKY_WAITING);
	assert_int_equal(decision->until, SEC(20));
	floor_close(&floor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_is_told_of_once_and_last),
		cmocka_unit_test(a_call_that_is_being_recalled_is_not_told_of),
		cmocka_unit_test(a_call_that_ended_is_told_of_by_its_end_alone),
		cmocka_unit_test(nobody_is_answered_who_did_not_ask),
		cmocka_unit_test(an_action_carries_nothing_of_the_one_before),
		cmocka_unit_test(a_decision_says_all_there_is_to_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
