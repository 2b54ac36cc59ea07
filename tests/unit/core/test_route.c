#include "floor.h"

static void a_missed_caller_is_served_before_the_agent_who_missed(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	pass(&floor, SEC(1));
	arrive(&floor, 1, 0);
	log_in(&floor, 1, 1, true);
	miss(&floor, 0, 1, MISS_REJECTED);
	assert_call(&floor, 0, CALL_WAITING);
	assert_offered_to(&floor, 1, 0);
	assert_int_equal(floor.out.items[0].type, ACT_DECIDE);
	assert_int_equal(floor.out.items[0].call.slot, 0);
	assert_int_equal(floor.out.items[1].call.slot, 1);
	assert_int_equal(count_of(&floor, ACT_REPLY), 0); /* the decision is the answer */
	floor_close(&floor);
}

static void the_turn_is_kept_when_an_offer_comes_to_nothing(void **state)
{
	struct floor floor;
	usec_t turn;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	turn = floor.now;
	pass(&floor, SEC(5));
	arrive(&floor, 0, 0);
	pass(&floor, SEC(5));
	end(&floor, 0, BY_CALLER);
	assert_int_equal(get_agent(&floor, 0).idle_since, turn);
	arrive(&floor, 1, 0);
	miss(&floor, 1, 1, MISS_BUSY);
	assert_int_equal(get_agent(&floor, 0).idle_since, turn);
	end(&floor, 1, BY_CALLER);
	arrive(&floor, 2, 0);
	answer(&floor, 2, 1);
	end(&floor, 2, BY_CALLER);
	pass(&floor, SEC(10));
	assert_agent(&floor, 0, AGENT_READY);
	assert_int_equal(get_agent(&floor, 0).idle_since, floor.now);
	floor_close(&floor);
}

static void too_many_misses_of_one_kind_pause(void **state)
{
	struct core_rules rules = usual_rules();
	struct floor floor;

	(void)state;
	floor_open(&floor);
	rules.misses_max[MISS_NO_ANSWER] = 2;
	rules.rona_return = SEC(90);
	rules.exclude_for = 0; /* rung again at once */
	set_rules(&floor, rules);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	miss(&floor, 0, 1, MISS_NO_ANSWER);
	miss(&floor, 0, 2, MISS_BUSY);
	miss(&floor, 0, 3, MISS_BUSY);
	assert_offered_to(&floor, 0, 0);
	miss(&floor, 0, 4, MISS_NO_ANSWER);
	assert_agent(&floor, 0, AGENT_PAUSED);
	assert_int_equal(get_agent(&floor, 0).cause, PAUSE_RONA);
	assert_int_equal(get_agent(&floor, 0).until, floor.now + SEC(90));
	assert_int_equal(get_agent(&floor, 0).misses[MISS_BUSY], 2);
	pass(&floor, SEC(90));
	assert_offered_to(&floor, 0, 0);
	answer(&floor, 0, 5);
	for (size_t i = 0; i < MISS_KINDS; i++)
		assert_int_equal(get_agent(&floor, 0).misses[i], 0);
	floor_close(&floor);
}

static void nobody_reports_and_the_offer_is_withdrawn_as_missed(void **state)
{
	struct floor floor;
	const struct core_action *act;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	pass(&floor, SEC(22) - 1);
	assert_call(&floor, 0, CALL_OFFERED);
	pass(&floor, 1);
	act = find_action(&floor, ACT_CANCEL_OFFER);
	assert_true(act->cancel_offer.missed);
	assert_int_equal(act->cancel_offer.offer, 1);
	assert_int_equal(act->agent.slot, 0);
	assert_call(&floor, 0, CALL_WAITING);
	assert_int_equal(get_agent(&floor, 0).misses[MISS_NO_ANSWER], 1);
	pass(&floor, MINUTE(2)); /* the exclusion ends, nobody else is there */
	assert_offered_to(&floor, 0, 0);
	assert_int_equal(get_call(&floor, 0).offer, 2);
	floor_close(&floor);
}

static void a_miss_after_the_longest_wait_overflows(void **state)
{
	struct queue_plan plan = usual_plan();
	struct floor floor;

	(void)state;
	floor_open(&floor);
	plan.wait_max = SEC(10);
	set_plan(&floor, 0, plan);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	pass(&floor, SEC(15));
	assert_call(&floor, 0, CALL_OFFERED); /* what rings is let ring */
	miss(&floor, 0, 1, MISS_BUSY);
	assert_int_equal(find_decision(&floor)->kind, DECIDE_OVERFLOW);
	assert_int_equal(find_decision(&floor)->reason, REASON_MAX_WAIT);
	assert_int_equal(find_action(&floor, ACT_END_CALL)->end.outcome, OUTCOME_OVERFLOW);
	assert_agent(&floor, 0, AGENT_READY);
	floor_close(&floor);
}

static void who_could_have_been_taken_is_marked_once(void **state)
{
	const struct queue_stats *stats;
	struct floor floor;
	usec_t passed;

	(void)state;
	floor_open(&floor);
	stats = core_queue_stats(floor.core, 0);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	answer(&floor, 0, 1);
	return_to(&floor, 1, 0, 0);
	assert_int_equal(get_call(&floor, 1).passed_at, 0);
	pass(&floor, SEC(4));
	passed = floor.now;
	log_in(&floor, 1, 0, true);
	assert_agent(&floor, 1, AGENT_READY);
	assert_int_equal(get_call(&floor, 1).passed_at, passed);
	assert_int_equal(count_of(&floor, ACT_CHANGE_CALL), 1);
	pass(&floor, SEC(2));
	log_in(&floor, 2, 0, true);
	assert_int_equal(get_call(&floor, 1).passed_at, passed);
	pass(&floor, SEC(3));
	assert_int_equal(stats->sticky_wait.count, 0);
	tell_agent(&floor, EVT_AGENT_PAUSED, 0); /* after the talk: till then all stays */
	end(&floor, 1, BY_CALLER);
	assert_int_equal(stats->sticky_wait.count, 1);
	assert_int_equal(stats->sticky_wait.sum, SEC(5));
	floor_close(&floor);
}

static void holding_out_beside_a_ready_agent_costs_from_the_start(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	answer(&floor, 0, 1);
	log_in(&floor, 1, 0, true);
	return_to(&floor, 1, 0, 0);
	assert_sticky(&floor, 1, STICKY_WAITING, WHY_NONE);
	assert_int_equal(get_call(&floor, 1).passed_at, floor.now);
	pass(&floor, SEC(20));
	assert_offered_to(&floor, 1, 1);
	assert_sticky(&floor, 1, STICKY_OTHER, WHY_WAIT_SPENT);
	assert_int_equal(core_queue_stats(floor.core, 0)->sticky_wait.sum, SEC(20));
	floor_close(&floor);
}

/* Sixteen hold out, sixteen were transferred, and all of them find somebody else. */
static void the_busiest_step_stays_within_its_limit(void **state)
{
	struct queue_plan plan = usual_plan();
	struct floor floor;
	uint32_t call = 1;

	(void)state;
	floor_open(&floor);
	plan.line_max = LINE_MAX;
	plan.wait_busy = HOUR(1);
	plan.wrapup = 0;
	set_plan(&floor, 0, plan);
	set_plan(&floor, 1, plan);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	answer(&floor, 0, 1);
	for (uint32_t i = 0; i < TARGETED_MAX + 1; i++, call++) {
		log_in(&floor, 1, 1, true);
		arrive(&floor, call, 1);
		answer(&floor, call, 1);
		transfer_to_agent(&floor, call, 0, false);
		if (i == TARGETED_MAX)
			assert_refused(&floor, REPLY_QUEUE_FULL);
	}
	for (uint32_t i = 0; i < LINE_MAX; i++, call++) {
		return_to(&floor, call, 0, 0);
		assert_sticky(&floor, call, STICKY_WAITING, WHY_NONE);
	}
	for (uint32_t i = 2; i < 2 + TARGETED_MAX + LINE_MAX; i++)
		log_in(&floor, i, i % 2, true);
	set_device(&floor, 0, DEVICE_UNREACHABLE);
	assert_in_range(floor.out.count, 90, CORE_ACTIONS_MAX);
	assert_int_equal(get_queue(&floor, 0).holding, 0);
	assert_agent(&floor, 0, AGENT_TALKING);
	floor_close(&floor);
}

/* Agent 0 leaves those who hold out, all of whom find somebody else, for a queue with a price,
 * where all in front decline. */
static void the_busiest_login_stays_within_the_limit(void **state)
{
	struct core_event ev = { .type = EVT_AGENT_LOGGED_IN, .request = REQUEST };
	struct queue_plan plan = usual_plan();
	struct floor floor;
	uint32_t call = 2;

	(void)state;
	floor_open(&floor);
	plan.line_max = LINE_MAX;
	plan.wait_busy = plan.wait_wrapup = plan.wrapup = HOUR(1);
	set_plan(&floor, 0, plan);
	plan.policy = POLICY_RATE;
	plan.value = HOUR(1);
	plan.wait_idle = plan.wait_skipped = plan.overtake_max = HOUR(1);
	plan.review = HOUR(1);
	plan.service_guard = USEC_NEVER;
	set_plan(&floor, 2, plan);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	answer(&floor, 0, 1);
	for (uint32_t i = 0; i < LINE_MAX; i++, call++)
		return_to(&floor, call, 0, 0);
	end(&floor, 0, BY_CALLER);
	assert_agent(&floor, 0, AGENT_WRAPUP);
	for (uint32_t i = 0; i < PASSED_MAX; i++) {
		log_in(&floor, 100 + i, 2, true);
		arrive(&floor, 100 + i, 2);
		answer(&floor, 100 + i, 1);
	}
	for (uint32_t i = 0; i < PASSED_MAX; i++)
		return_to(&floor, 150 + i, 2, 100 + i);
	for (uint32_t i = 1; i <= LINE_MAX; i++)
		log_in(&floor, i, 0, true);
	ev.agent_logged_in.agent = agent_at(0);
	ev.agent_logged_in.ready = true;
	ev.agent_logged_in.queues_count = 1;
	ev.agent_logged_in.queues[0] = 2;
	step(&floor, &ev);
	assert_in_range(floor.out.count, 80, CORE_ACTIONS_MAX);
	assert_int_equal(get_queue(&floor, 0).holding, 0);
	assert_int_equal(get_queue(&floor, 2).holding, PASSED_MAX);
	floor_close(&floor);
}

static void more_than_can_be_told_at_once_are_passed_over_later(void **state)
{
	struct queue_plan plan = usual_plan();
	struct floor floor;
	uint32_t marked = 0;

	(void)state;
	floor_open(&floor);
	plan.wait_busy = HOUR(1);
	plan.line_max = 10;
	set_plan(&floor, 0, plan);
	for (uint32_t i = 0; i < 2; i++) {
		log_in(&floor, i, 0, true);
		arrive(&floor, i, 0);
		answer(&floor, i, 1);
	}
	for (uint32_t i = 0; i < 20; i++)
		return_to(&floor, 2 + i, 0, i % 2);
	assert_int_equal(get_queue(&floor, 0).holding, 20);
	log_in(&floor, 2, 0, true);
	for (uint32_t i = 0; i < 20; i++)
		marked += get_call(&floor, 2 + i).passed_at != 0;
	assert_int_equal(marked, PASSED_MAX);
	log_in(&floor, 3, 0, true);
	for (uint32_t i = 0; i < 20; i++)
		assert_int_equal(get_call(&floor, 2 + i).passed_at, floor.now);
	floor_close(&floor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_missed_caller_is_served_before_the_agent_who_missed),
		cmocka_unit_test(the_turn_is_kept_when_an_offer_comes_to_nothing),
		cmocka_unit_test(too_many_misses_of_one_kind_pause),
		cmocka_unit_test(nobody_reports_and_the_offer_is_withdrawn_as_missed),
		cmocka_unit_test(a_miss_after_the_longest_wait_overflows),
		cmocka_unit_test(who_could_have_been_taken_is_marked_once),
		cmocka_unit_test(holding_out_beside_a_ready_agent_costs_from_the_start),
		cmocka_unit_test(the_busiest_step_stays_within_its_limit),
		cmocka_unit_test(the_busiest_login_stays_within_the_limit),
		cmocka_unit_test(more_than_can_be_told_at_once_are_passed_over_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
