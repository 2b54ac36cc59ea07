#include "floor.h"

#include "agent.h"
#include "call.h"
#include "own.h"

/* Time passes, for the core as well: what is asked of it is asked of now. */
static void go_on(struct floor *floor, usec_t span)
{
	struct core_event ev = { .type = EVT_TIME_PASSED };

	pass(floor, span);
	step_now(floor, &ev);
}

/* Agent 0 talks with call 0, nobody else is there; call 1 returns to agent 0. */
static void open_with_busy_own(struct floor *floor, struct queue_plan plan)
{
	floor_open(floor);
	set_plan(floor, 0, plan);
	log_in(floor, 0, 0, true);
	arrive(floor, 0, 0);
	answer(floor, 0, 1);
	go_on(floor, SEC(5));
	return_to(floor, 1, 0, 0);
}

static struct choice choose(struct floor *floor, bool may_hold)
{
	return own_choose(floor->core, &floor->core->calls[1], may_hold);
}

static void assert_falls(struct floor *floor, enum sticky_why why)
{
	struct choice choice = choose(floor, true);

	assert_null(choice.agent);
	assert_int_equal(choice.hold_until, 0);
	assert_string_equal(sticky_why_name(choice.why), sticky_why_name(why));
}

static void pause(struct floor *floor, uint32_t slot, bool brief)
{
	struct core_event ev = { .type = EVT_AGENT_PAUSED, .request = REQUEST };

	ev.agent_paused.agent = agent_at(slot);
	ev.agent_paused.brief = brief;
	step(floor, &ev);
}

static void patience_runs_from_the_first_moment_of_holding_out(void **state)
{
	struct queue_plan plan = usual_plan();
	struct floor floor;
	usec_t began;

	(void)state;
	open_with_busy_own(&floor, plan);
	began = floor.now;
	assert_true(choose(&floor, true).hold_until == began + plan.wait_busy);
	go_on(&floor, SEC(7));
	assert_true(choose(&floor, false).hold_until == began + plan.wait_busy);
	assert_string_equal(sticky_result_name(choose(&floor, false).sticky), "waiting");
	go_on(&floor, plan.wait_busy);
	assert_falls(&floor, WHY_WAIT_SPENT);
	floor_close(&floor);
}

static void a_wrapup_is_waited_for_to_its_end_at_most(void **state)
{
	struct queue_plan plan = usual_plan();
	struct floor floor;

	(void)state;
	plan.wrapup = SEC(30);
	plan.wait_busy = 0;
	plan.wait_wrapup = SEC(12);
	open_with_busy_own(&floor, plan);
	assert_falls(&floor, WHY_BUSY);
	go_on(&floor, SEC(20));
	end(&floor, 0, BY_CALLER);
	assert_true(choose(&floor, true).hold_until == floor.now + SEC(12));
	go_on(&floor, SEC(25));
	assert_true(choose(&floor, true).hold_until == floor.now + SEC(5));
	floor_close(&floor);
}

static void each_way_of_being_away_has_a_patience_of_its_own(void **state)
{
	struct queue_plan plan = usual_plan();
	struct floor floor;

	(void)state;
	plan.wait_paused = SEC(1);
	plan.wait_brief = SEC(2);
	plan.wait_away = SEC(3);
	plan.wait_busy = 0;
	open_with_busy_own(&floor, plan);
	end(&floor, 0, BY_CALLER);
	pause(&floor, 0, false);
	assert_true(choose(&floor, true).hold_until == floor.now + SEC(1));
	pause(&floor, 0, true);
	assert_true(choose(&floor, true).hold_until == floor.now + SEC(2));
	tell_agent(&floor, EVT_AGENT_LOGGED_OUT, 0);
	assert_true(choose(&floor, true).hold_until == floor.now + SEC(3));
	/* What the agent is says more than that nobody waits for it. */
	plan.wait_paused = plan.wait_brief = plan.wait_away = 0;
	set_plan(&floor, 0, plan);
	assert_falls(&floor, WHY_LOGGED_OUT);
	log_in(&floor, 0, 0, false);
	assert_falls(&floor, WHY_PAUSED);
	floor_close(&floor);
}

static void who_may_not_begin_keeps_the_reason_of_then(void **state)
{
	struct queue_plan plan = usual_plan();
	struct choice choice;
	struct floor floor;

	(void)state;
	plan.wait_busy = 0;
	open_with_busy_own(&floor, plan);
	assert_sticky(&floor, 1, STICKY_OTHER, WHY_BUSY);
	plan.wait_busy = SEC(60);
	set_plan(&floor, 0, plan);
	choice = choose(&floor, false);
	assert_int_equal(choice.hold_until, 0);
	assert_int_equal(choice.why, WHY_BUSY);
	assert_true(choose(&floor, true).hold_until == floor.now + SEC(60));
	floor_close(&floor);
}

/* Strict has no patience to end, and asks for no guard; its line has the greatest length. */
static void strict_waits_without_end_and_without_a_guard(void **state)
{
	struct queue_plan plan = usual_plan();
	struct floor floor;

	(void)state;
	plan.policy = POLICY_STRICT;
	plan.line_max = 0;
	plan.ewt_guard = SEC(1);
	open_with_busy_own(&floor, plan);
	log_in(&floor, 1, 0, true);
	assert_true(choose(&floor, true).hold_until == USEC_NEVER);
	for (uint32_t i = 2; i < LINE_MAX + 1; i++)
		return_to(&floor, i, 0, 0);
	assert_int_equal(get_queue(&floor, 0).holding, LINE_MAX);
	return_to(&floor, LINE_MAX + 1, 0, 0);
	assert_offered_to(&floor, LINE_MAX + 1, 1);
	assert_sticky(&floor, LINE_MAX + 1, STICKY_OTHER, WHY_LINE_FULL);
	floor_close(&floor);
}

static void policies_without_patience_wait_for_nobody(void **state)
{
	static const enum sticky_policy policies[] = { POLICY_LOOSE, POLICY_OWN_FIRST };
	struct queue_plan plan = usual_plan();
	struct floor floor;

	(void)state;
	plan.wait_paused = plan.wait_brief = plan.wait_away = SEC(60);
	for (size_t i = 0; i < ARRAY_LEN(policies); i++) {
		plan.policy = policies[i];
		open_with_busy_own(&floor, plan);
		assert_falls(&floor, WHY_BUSY);
		pause(&floor, 0, true); /* pending */
		end(&floor, 0, BY_CALLER);
		assert_falls(&floor, WHY_PAUSED);
		floor_close(&floor);
	}
}

/* The first minutes at work say nothing; and a queue without the guard does not ask. */
static void an_overloaded_own_agent_is_neither_waited_for_nor_preferred(void **state)
{
	struct queue_plan plan = usual_plan();
	struct floor floor;

	(void)state;
	plan.load_max = 800;
	open_with_busy_own(&floor, plan);
	assert_true(choose(&floor, true).hold_until != 0);
	go_on(&floor, MINUTE(16));
	assert_falls(&floor, WHY_OVERLOADED);
	plan.load_max = 0;
	set_plan(&floor, 0, plan);
	assert_int_equal(choose(&floor, true).why, WHY_WAIT_SPENT);
	floor_close(&floor);
}

static void the_guard_asks_whether_somebody_else_is_free(void **state)
{
	struct queue_plan plan = usual_plan();
	struct floor floor;

	(void)state;
	plan.talk_mean = MINUTE(3);
	plan.ewt_guard = SEC(30);
	floor_open(&floor);
	floor_close(&floor);
	open_with_busy_own(&floor, plan);
	assert_true(own_wait_is_guarded(&plan));
	assert_true(choose(&floor, true).hold_until != 0);
	floor_close(&floor);
	plan.ewt_guard = USEC_NEVER;
	assert_false(own_wait_is_guarded(&plan));
	plan.ewt_guard = SEC(30);
	plan.policy = POLICY_STRICT;
	assert_false(own_wait_is_guarded(&plan));
}

static void who_holds_out_declines_as_long_as_there_is_patience(void **state)
{
	struct queue_plan plan = usual_plan();
	const struct agent *other;
	const struct call *call;
	struct floor floor;
	usec_t until = 0;

	(void)state;
	plan.policy = POLICY_RATE;
	plan.review = SEC(5);
	plan.wait_brief = SEC(30);
	open_with_busy_own(&floor, plan);
	end(&floor, 0, BY_CALLER);
	pause(&floor, 0, true);
	return_to(&floor, 2, 0, 0);
	log_in(&floor, 1, 0, false);
	call = &floor.core->calls[2];
	other = agent_find(floor.core, agent_at(1));
	assert_true(call_holds_out(call));
	assert_true(own_declines(floor.core, call, other, PRICE_IDLE, &until));
	assert_true(until == floor.now + SEC(30));
	/* Nobody declines the own agent, and who returns to nobody declines nobody. */
	assert_false(own_declines(floor.core, call, agent_find(floor.core, agent_at(0)), PRICE_IDLE,
	                          &until));
	arrive(&floor, 3, 0);
	assert_false(own_declines(floor.core, &floor.core->calls[3], other, PRICE_IDLE, &until));
	floor_close(&floor);
}

static void only_who_is_gone_for_now_is_away(void **state)
{
	(void)state;
	assert_true(own_is_away(WHY_PAUSED) && own_is_away(WHY_LOGGED_OUT) &&
	            own_is_away(WHY_UNREACHABLE) && own_is_away(WHY_RONA));
	assert_false(own_is_away(WHY_BUSY) || own_is_away(WHY_EXCLUDED) ||
	             own_is_away(WHY_OVERLOADED) || own_is_away(WHY_NOT_MEMBER));
}

/* Known by handle before the first login: the line is found when the agent comes. */
static void who_logs_in_for_the_first_time_finds_their_callers(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	arrive(&floor, 0, 0);
	return_to(&floor, 1, 0, 5);
	assert_sticky(&floor, 1, STICKY_OTHER, WHY_LOGGED_OUT);
	log_in(&floor, 5, 0, true);
	assert_offered_to(&floor, 1, 5);
	assert_sticky(&floor, 1, STICKY_OWN, WHY_NONE);
	floor_close(&floor);
}

/* The slot of one who is waited for while logged out goes to somebody else. */
static void nobody_waits_for_the_former_owner_of_a_slot(void **state)
{
	struct core_event ev = { .type = EVT_AGENT_LOGGED_IN, .request = REQUEST };
	struct queue_plan plan = usual_plan();
	struct floor floor;

	(void)state;
	plan.wait_away = MINUTE(5);
	open_with_busy_own(&floor, plan);
	end(&floor, 1, BY_CALLER);
	end(&floor, 0, BY_CALLER);
	tell_agent(&floor, EVT_AGENT_LOGGED_OUT, 0);
	return_to(&floor, 2, 0, 0);
	assert_sticky(&floor, 2, STICKY_WAITING, WHY_NONE);
	ev.agent_logged_in.agent = (struct agent_id){ 0, 2 };
	ev.agent_logged_in.queues_count = 1;
	step(&floor, &ev);
	assert_sticky(&floor, 2, STICKY_OTHER, WHY_LOGGED_OUT);
	floor_close(&floor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patience_runs_from_the_first_moment_of_holding_out),
		cmocka_unit_test(a_wrapup_is_waited_for_to_its_end_at_most),
		cmocka_unit_test(each_way_of_being_away_has_a_patience_of_its_own),
		cmocka_unit_test(who_may_not_begin_keeps_the_reason_of_then),
		cmocka_unit_test(strict_waits_without_end_and_without_a_guard),
		cmocka_unit_test(policies_without_patience_wait_for_nobody),
		cmocka_unit_test(an_overloaded_own_agent_is_neither_waited_for_nor_preferred),
		cmocka_unit_test(the_guard_asks_whether_somebody_else_is_free),
		cmocka_unit_test(who_holds_out_declines_as_long_as_there_is_patience),
		cmocka_unit_test(only_who_is_gone_for_now_is_away),
		cmocka_unit_test(who_logs_in_for_the_first_time_finds_their_callers),
		cmocka_unit_test(nobody_waits_for_the_former_owner_of_a_slot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
