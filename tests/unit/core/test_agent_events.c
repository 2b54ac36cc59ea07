#include "floor.h"

static void nobody_by_that_handle_is_refused(void **state)
{
	static const enum core_event_type types[] = {
		EVT_AGENT_READY,           EVT_AGENT_PAUSED,         EVT_AGENT_LOGGED_OUT,
		EVT_AGENT_WRAPUP_EXTENDED, EVT_AGENT_DEVICE_CHANGED,
	};
	struct floor floor;

	(void)state;
	floor_open(&floor);
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		tell_agent(&floor, types[i], 3);
		assert_refused(&floor, REPLY_UNKNOWN_AGENT);
	}
	floor_close(&floor);
}

static void who_is_logged_out_must_log_in_first(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	tell_agent(&floor, EVT_AGENT_LOGGED_OUT, 0);
	assert_reply(&floor, REPLY_DONE);
	tell_agent(&floor, EVT_AGENT_LOGGED_OUT, 0);
	assert_refused(&floor, REPLY_DONE);
	tell_agent(&floor, EVT_AGENT_READY, 0);
	assert_refused(&floor, REPLY_WRONG_STATE);
	tell_agent(&floor, EVT_AGENT_PAUSED, 0);
	assert_refused(&floor, REPLY_WRONG_STATE);
	tell_agent(&floor, EVT_AGENT_WRAPUP_EXTENDED, 0);
	assert_refused(&floor, REPLY_WRONG_STATE);
	set_device(&floor, 0, DEVICE_UNREACHABLE); /* the switch goes on looking */
	assert_reply(&floor, REPLY_DONE);
	log_in(&floor, 0, 0, true);
	assert_int_equal(get_agent(&floor, 0).device, DEVICE_UNREACHABLE);
	floor_close(&floor);
}

static void what_is_said_twice_is_done_once(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	tell_agent(&floor, EVT_AGENT_READY, 0);
	assert_refused(&floor, REPLY_DONE); /* nothing else: no change of anything */
	tell_agent(&floor, EVT_AGENT_PAUSED, 0);
	tell_agent(&floor, EVT_AGENT_PAUSED, 0);
	assert_reply(&floor, REPLY_DONE); /* told of again: the reason may be another */
	assert_int_equal(count_of(&floor, ACT_CHANGE_AGENT), 1);
	assert_agent(&floor, 0, AGENT_PAUSED);
	set_device(&floor, 0, DEVICE_REACHABLE);
	assert_refused(&floor, REPLY_DONE);
	floor_close(&floor);
}

static void what_is_asked_during_a_call_happens_after_it(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	tell_agent(&floor, EVT_AGENT_PAUSED, 0);
	assert_agent(&floor, 0, AGENT_OFFERED);
	assert_int_equal(get_agent(&floor, 0).pending, PENDING_PAUSE);
	answer(&floor, 0, 1);
	tell_agent(&floor, EVT_AGENT_READY, 0); /* changed their mind */
	assert_int_equal(get_agent(&floor, 0).pending, PENDING_NOTHING);
	tell_agent(&floor, EVT_AGENT_LOGGED_OUT, 0);
	tell_agent(&floor, EVT_AGENT_LOGGED_OUT, 0);
	assert_refused(&floor, REPLY_DONE);
	end(&floor, 0, BY_AGENT);
	assert_agent(&floor, 0, AGENT_LOGGED_OUT); /* no wrap-up */
	assert_int_equal(get_agent(&floor, 0).pending, PENDING_NOTHING);

	log_in(&floor, 0, 0, true);
	arrive(&floor, 1, 0);
	tell_agent(&floor, EVT_AGENT_PAUSED, 0);
	miss(&floor, 1, 1, MISS_REJECTED);
	assert_agent(&floor, 0, AGENT_PAUSED);
	assert_int_equal(get_agent(&floor, 0).cause, PAUSE_ASKED);
	floor_close(&floor);
}

static void wrapup_ends_at_its_instant_or_when_they_say_so(void **state)
{
	struct core_event ev = { .type = EVT_AGENT_WRAPUP_EXTENDED, .request = REQUEST };
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	tell_agent(&floor, EVT_AGENT_WRAPUP_EXTENDED, 0);
	assert_refused(&floor, REPLY_WRONG_STATE);
	arrive(&floor, 0, 0);
	answer(&floor, 0, 1);
	end(&floor, 0, BY_CALLER);
	assert_int_equal(get_agent(&floor, 0).until, floor.now + SEC(10));
	ev.agent_wrapup_extended.agent = agent_at(0);
	ev.agent_wrapup_extended.extend = SEC(7);
	step(&floor, &ev);
	assert_reply(&floor, REPLY_DONE);
	pass(&floor, SEC(17) - 1);
	assert_agent(&floor, 0, AGENT_WRAPUP);
	pass(&floor, 1);
	assert_agent(&floor, 0, AGENT_READY);
	assert_int_equal(core_queue_stats(floor.core, 0)->wrapup.sum, SEC(17));

	arrive(&floor, 1, 0);
	answer(&floor, 1, 1);
	end(&floor, 1, BY_CALLER);
	pass(&floor, SEC(2));
	tell_agent(&floor, EVT_AGENT_READY, 0);
	assert_agent(&floor, 0, AGENT_READY);
	assert_int_equal(get_agent(&floor, 0).until, 0);
	assert_int_equal(core_queue_stats(floor.core, 0)->wrapup.sum, SEC(19));
	floor_close(&floor);
}

static void without_wrapup_the_next_caller_is_rung_at_once(void **state)
{
	struct queue_plan plan = usual_plan();
	struct floor floor;

	(void)state;
	floor_open(&floor);
	plan.wrapup = 0;
	set_plan(&floor, 0, plan);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	answer(&floor, 0, 1);
	arrive(&floor, 1, 0);
	end(&floor, 0, BY_CALLER);
	assert_offered_to(&floor, 1, 0);
	assert_int_equal(core_queue_stats(floor.core, 0)->wrapup.count, 0);
	floor_close(&floor);
}

static void a_pause_for_misses_becomes_a_break(void **state)
{
	struct core_rules rules = usual_rules();
	struct floor floor;

	(void)state;
	floor_open(&floor);
	rules.misses_max[MISS_REJECTED] = 1;
	rules.rona_return = SEC(30);
	set_rules(&floor, rules);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	miss(&floor, 0, 1, MISS_REJECTED);
	assert_int_equal(get_agent(&floor, 0).cause, PAUSE_RONA);
	tell_agent(&floor, EVT_AGENT_PAUSED, 0);
	assert_int_equal(get_agent(&floor, 0).cause, PAUSE_ASKED);
	pass(&floor, SEC(60));
	assert_agent(&floor, 0, AGENT_PAUSED);

	log_in(&floor, 1, 1, true);
	arrive(&floor, 1, 1);
	miss(&floor, 1, 1, MISS_REJECTED);
	tell_agent(&floor, EVT_AGENT_READY, 1);
	assert_int_equal(get_agent(&floor, 1).misses[MISS_REJECTED], 0);
	floor_close(&floor);
}

static void a_device_that_vanishes_takes_the_offer_back(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	set_device(&floor, 0, DEVICE_BUSY); /* of course it is: it rings */
	assert_call(&floor, 0, CALL_OFFERED);
	set_device(&floor, 0, DEVICE_UNREACHABLE);
	assert_false(find_action(&floor, ACT_CANCEL_OFFER)->cancel_offer.missed);
	assert_int_equal(find_action(&floor, ACT_CANCEL_OFFER)->cancel_offer.offer, 1);
	assert_call(&floor, 0, CALL_WAITING);
	assert_agent(&floor, 0, AGENT_READY);
	assert_int_equal(get_agent(&floor, 0).misses[MISS_UNREACHABLE], 1);
	assert_int_equal(core_queue_stats(floor.core, 0)->misses[MISS_UNREACHABLE], 1);
	assert_reply(&floor, REPLY_DONE);
	floor_close(&floor);
}

static void a_report_of_unreachable_is_no_veto(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	miss(&floor, 0, 1, MISS_UNREACHABLE);
	assert_int_equal(get_agent(&floor, 0).device, DEVICE_REACHABLE);
	arrive(&floor, 1, 0);
	assert_offered_to(&floor, 1, 0);
	floor_close(&floor);
}

static void who_holds_out_is_released_when_the_own_agent_leaves(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	log_in(&floor, 1, 0, false);
	arrive(&floor, 0, 0);
	answer(&floor, 0, 1);
	return_to(&floor, 1, 0, 0);
	return_to(&floor, 2, 0, 0);
	tell_agent(&floor, EVT_AGENT_READY, 1);
	assert_agent(&floor, 1, AGENT_READY); /* both hold out */
	end(&floor, 0, BY_CALLER);
	assert_agent(&floor, 0, AGENT_WRAPUP);
	tell_agent(&floor, EVT_AGENT_PAUSED, 0);
	assert_offered_to(&floor, 1, 1);
	assert_sticky(&floor, 1, STICKY_OTHER, WHY_PAUSED);
	assert_sticky(&floor, 2, STICKY_OTHER, WHY_PAUSED);
	assert_int_equal(count_of(&floor, ACT_DECIDE), 2);
	floor_close(&floor);
}

static void a_login_over_a_login_changes_what_is_new(void **state)
{
	struct core_event ev = { .type = EVT_AGENT_LOGGED_IN, .request = REQUEST };
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	answer(&floor, 0, 1);
	return_to(&floor, 1, 0, 0);
	arrive(&floor, 2, 1);
	ev.agent_logged_in.agent = agent_at(0);
	ev.agent_logged_in.keep_state = true;
	ev.agent_logged_in.queues_count = 1;
	ev.agent_logged_in.queues[0] = 1;
	step(&floor, &ev);
	assert_agent(&floor, 0, AGENT_TALKING);
	assert_sticky(&floor, 1, STICKY_OTHER, WHY_NOT_MEMBER);
	ev.agent_logged_in.keep_state = false; /* and asks for a break */
	step(&floor, &ev);
	assert_int_equal(get_agent(&floor, 0).pending, PENDING_PAUSE);
	ev.agent_logged_in.ready = true;
	step(&floor, &ev);
	assert_int_equal(get_agent(&floor, 0).pending, PENDING_NOTHING);
	end(&floor, 0, BY_CALLER);
	ev.agent_logged_in.ready = false;
	step(&floor, &ev);
	assert_agent(&floor, 0, AGENT_PAUSED);
	ev.agent_logged_in.ready = true;
	step(&floor, &ev);
	assert_offered_to(&floor, 2, 0);
	floor_close(&floor);
}

static void a_ready_agent_with_a_new_queue_is_matched_there(void **state)
{
	struct core_event ev = { .type = EVT_AGENT_LOGGED_IN };
	struct floor floor;
	usec_t turn;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	turn = floor.now;
	pass(&floor, SEC(1));
	ev.agent_logged_in.agent = agent_at(0);
	ev.agent_logged_in.ready = true;
	ev.agent_logged_in.queues_count = 2;
	ev.agent_logged_in.queues[1] = 2;
	step(&floor, &ev);
	assert_int_equal(get_agent(&floor, 0).idle_since, turn);
	ev.agent_logged_in.queues_count = 1;
	ev.agent_logged_in.queues[0] = 1;
	arrive(&floor, 0, 1);
	step(&floor, &ev);
	assert_offered_to(&floor, 0, 0);
	ev.agent_logged_in.ready = false; /* paused, and not given a caller first */
	end(&floor, 0, BY_CALLER);
	arrive(&floor, 1, 2);
	ev.agent_logged_in.queues[0] = 2;
	step(&floor, &ev);
	assert_agent(&floor, 0, AGENT_PAUSED);
	assert_call(&floor, 1, CALL_WAITING);
	floor_close(&floor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_by_that_handle_is_refused),
		cmocka_unit_test(who_is_logged_out_must_log_in_first),
		cmocka_unit_test(what_is_said_twice_is_done_once),
		cmocka_unit_test(what_is_asked_during_a_call_happens_after_it),
		cmocka_unit_test(wrapup_ends_at_its_instant_or_when_they_say_so),
		cmocka_unit_test(without_wrapup_the_next_caller_is_rung_at_once),
		cmocka_unit_test(a_pause_for_misses_becomes_a_break),
		cmocka_unit_test(a_device_that_vanishes_takes_the_offer_back),
		cmocka_unit_test(a_report_of_unreachable_is_no_veto),
		cmocka_unit_test(who_holds_out_is_released_when_the_own_agent_leaves),
		cmocka_unit_test(a_login_over_a_login_changes_what_is_new),
		cmocka_unit_test(a_ready_agent_with_a_new_queue_is_matched_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
