#include "floor.h"

static void update(struct floor *floor, const struct core_event *ev)
{
	struct core_event copy = *ev;

	copy.type = EVT_CALL_UPDATED;
	copy.request = REQUEST;
	step(floor, &copy);
}

static void reports_on_a_call_nobody_knows_are_refused(void **state)
{
	static const enum core_event_type types[] = {
		EVT_CALLER_RECALLED, EVT_CALL_UPDATED,     EVT_CALL_RINGING,
		EVT_CALL_ANSWERED,   EVT_CALL_FAILED,      EVT_CALL_HELD,
		EVT_CALL_RETRIEVED,  EVT_CALL_TRANSFERRED, EVT_CALL_ENDED,
	};
	struct floor floor;

	(void)state;
	floor_open(&floor);
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		tell_call(&floor, types[i], 3);
		assert_refused(&floor, REPLY_UNKNOWN_CALL);
	}
	floor_close(&floor);
}

static void a_closed_or_unknown_queue_turns_away(void **state)
{
	struct queue_plan plan = usual_plan();
	struct floor floor;

	(void)state;
	floor_open(&floor);
	plan.open = false;
	set_plan(&floor, 0, plan);
	log_in(&floor, 0, 0, true); /* even with somebody ready */
	arrive(&floor, 0, 0);
	assert_int_equal(find_decision(&floor)->kind, DECIDE_REJECT);
	assert_int_equal(find_decision(&floor)->reason, REASON_CLOSED);
	assert_int_equal(find_action(&floor, ACT_END_CALL)->end.outcome, OUTCOME_REJECTED);
	assert_int_equal(floor.out.count, 2);
	arrive(&floor, 0, FLOOR_QUEUES - 1);
	assert_int_equal(find_decision(&floor)->reason, REASON_CLOSED);
	floor_close(&floor);
}

static void a_full_queue_turns_away_who_would_have_to_wait(void **state)
{
	struct queue_plan plan = usual_plan();
	struct floor floor;

	(void)state;
	floor_open(&floor);
	plan.waiting_max = 2;
	set_plan(&floor, 0, plan);
	arrive(&floor, 0, 0);
	arrive_keyed(&floor, 1, 0); /* being recalled is waiting */
	arrive(&floor, 2, 0);
	assert_int_equal(find_decision(&floor)->reason, REASON_QUEUE_FULL);
	plan.waiting_max = 0;
	set_plan(&floor, 1, plan);
	log_in(&floor, 0, 1, true);
	arrive(&floor, 2, 1);
	assert_offered_to(&floor, 2, 0);
	arrive(&floor, 3, 1);
	assert_int_equal(find_decision(&floor)->reason, REASON_QUEUE_FULL);
	floor_close(&floor);
}

static void the_reason_why_nobody_was_recalled_is_kept(void **state)
{
	struct core_event shared = arrival(1, 0);
	struct queue_plan plan = usual_plan();
	struct floor floor;

	(void)state;
	floor_open(&floor);
	arrive(&floor, 0, 0);
	assert_sticky(&floor, 0, STICKY_NEW, WHY_NO_IDENTITY);
	shared.call_arrived.identity = IDENTITY_SHARED;
	shared.call_arrived.arrived_at = floor.now;
	step(&floor, &shared);
	assert_sticky(&floor, 1, STICKY_NEW, WHY_SHARED_NUMBER);
	plan.sticky = false;
	set_plan(&floor, 1, plan);
	arrive_keyed(&floor, 2, 1);
	assert_call(&floor, 2, CALL_WAITING);
	assert_sticky(&floor, 2, STICKY_NEW, WHY_OFF);
	arrive_keyed(&floor, 3, 0);
	recall_as(&floor, 3, RECALL_SHARED);
	assert_sticky(&floor, 3, STICKY_NEW, WHY_SHARED_NUMBER);
	arrive_keyed(&floor, 4, 0);
	recall_as(&floor, 4, RECALL_FAILED);
	assert_sticky(&floor, 4, STICKY_NEW, WHY_LOOKUP_LATE);
	arrive_keyed(&floor, 5, 0);
	recall_as(&floor, 5, RECALL_UNKNOWN);
	assert_sticky(&floor, 5, STICKY_NEW, WHY_NONE);
	floor_close(&floor);
}

static void a_late_recall_corrects_what_was_decided(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	answer(&floor, 0, 1);
	arrive_keyed(&floor, 1, 0);
	pass(&floor, MSEC(50));
	assert_int_equal(find_decision(&floor)->kind, DECIDE_QUEUE);
	assert_sticky(&floor, 1, STICKY_NEW, WHY_LOOKUP_LATE);
	recall_known(&floor, 1, 0);
	assert_sticky(&floor, 1, STICKY_WAITING, WHY_NONE);
	assert_int_equal(find_decision(&floor)->sticky, STICKY_WAITING);

	arrive_keyed(&floor, 2, 0);
	pass(&floor, MSEC(50));
	recall_as(&floor, 2, RECALL_UNKNOWN);
	assert_sticky(&floor, 2, STICKY_NEW, WHY_NONE);
	assert_int_equal(count_of(&floor, ACT_DECIDE), 0); /* nothing new for the caller */

	log_in(&floor, 1, 1, true);
	arrive_keyed(&floor, 3, 1);
	pass(&floor, MSEC(50));
	assert_offered_to(&floor, 3, 1);
	recall_known(&floor, 3, 0);
	assert_sticky(&floor, 3, STICKY_OTHER, WHY_LOOKUP_LATE);
	assert_int_equal(count_of(&floor, ACT_DECIDE), 0);
	answer(&floor, 3, 1);
	recall_known(&floor, 3, 1);
	assert_sticky(&floor, 3, STICKY_OWN, WHY_NONE);
	transfer_to_queue(&floor, 3, 1);
	recall_known(&floor, 3, 0); /* the first answer has settled it */
	assert_sticky(&floor, 3, STICKY_OWN, WHY_NONE);
	floor_close(&floor);
}

static void who_comes_back_in_time_gets_the_place_back(void **state)
{
	struct core_event ev = { .type = EVT_CALLER_RECALLED };
	struct floor floor;
	usec_t start;

	(void)state;
	floor_open(&floor);
	start = floor.now;
	pass(&floor, SEC(60));
	arrive(&floor, 0, 0);
	ev.caller_recalled.outcome = RECALL_UNKNOWN;
	ev.caller_recalled.left_arrived_at = start;
	for (uint32_t i = 1; i < 5; i++) {
		arrive_keyed(&floor, i, 0);
		ev.caller_recalled.call = call_at(i);
		ev.caller_recalled.left_queue = i == 2;
		ev.caller_recalled.left_at = i == 3 ? floor.now - MINUTE(5) - 1 : floor.now;
		if (i == 4)
			ev.caller_recalled.left_arrived_at = floor.now + 1;
		step(&floor, &ev);
	}
	assert_int_equal(get_call(&floor, 1).arrived_at, start);
	assert_int_equal(get_call(&floor, 2).arrived_at, floor.now); /* another queue */
	assert_int_equal(get_call(&floor, 3).arrived_at, floor.now); /* too late */
	assert_int_equal(get_call(&floor, 4).arrived_at, floor.now); /* not earlier */
	assert_int_equal(core_queue_stats(floor.core, 0)->resumed, 1);
	log_in(&floor, 0, 0, true);
	assert_call(&floor, 1, CALL_OFFERED);
	floor_close(&floor);
}

static void reports_name_the_offer_they_belong_to(void **state)
{
	struct core_event ringing = { .type = EVT_CALL_RINGING, .request = REQUEST };
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	ringing.call_ringing.call = call_at(0);
	ringing.call_ringing.offer = 1;
	step(&floor, &ringing);
	assert_refused(&floor, REPLY_DONE); /* the only action: nothing changes */
	answer(&floor, 0, 2);
	assert_refused(&floor, REPLY_STALE_OFFER);
	miss(&floor, 0, 0, MISS_BUSY);
	assert_refused(&floor, REPLY_STALE_OFFER);
	miss(&floor, 0, 1, MISS_BUSY);
	miss(&floor, 0, 1, MISS_BUSY);
	assert_refused(&floor, REPLY_WRONG_STATE);
	answer(&floor, 0, 1);
	assert_refused(&floor, REPLY_WRONG_STATE);
	log_in(&floor, 1, 0, true);
	answer(&floor, 0, 1);
	assert_refused(&floor, REPLY_STALE_OFFER);
	answer(&floor, 0, 2);
	assert_call(&floor, 0, CALL_TALKING);
	answer(&floor, 0, 2);
	assert_refused(&floor, REPLY_DONE); /* said twice, done once */
	assert_int_equal(get_call(&floor, 0).legs, 1);
	floor_close(&floor);
}

static void only_a_talk_is_held_retrieved_and_transferred(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	arrive(&floor, 0, 0);
	tell_call(&floor, EVT_CALL_HELD, 0);
	assert_refused(&floor, REPLY_WRONG_STATE);
	tell_call(&floor, EVT_CALL_RETRIEVED, 0);
	assert_refused(&floor, REPLY_WRONG_STATE);
	transfer_to_queue(&floor, 0, 1);
	assert_refused(&floor, REPLY_WRONG_STATE);
	log_in(&floor, 0, 0, true);
	answer(&floor, 0, 1);
	tell_call(&floor, EVT_CALL_RETRIEVED, 0);
	assert_refused(&floor, REPLY_DONE);
	tell_call(&floor, EVT_CALL_HELD, 0);
	tell_call(&floor, EVT_CALL_HELD, 0);
	assert_refused(&floor, REPLY_DONE);
	floor_close(&floor);
}

static void an_update_moves_a_waiting_caller(void **state)
{
	struct core_event ev = { .call_updated = { .call = { 1, 1 }, .has_priority = true } };
	struct queue_plan plan = usual_plan();
	struct floor floor;
	usec_t start;

	(void)state;
	floor_open(&floor);
	start = floor.now;
	plan.wait_max = SEC(100);
	set_plan(&floor, 1, plan);
	arrive(&floor, 0, 0);
	pass(&floor, SEC(1));
	return_to(&floor, 1, 0, 4);
	ev.call_updated.priority = 9;
	update(&floor, &ev);
	assert_int_equal(find_decision(&floor)->position, 1);
	ev.call_updated.has_queue = true;
	ev.call_updated.queue = 1;
	update(&floor, &ev);
	assert_int_equal(get_call(&floor, 1).queue, 1);
	assert_int_equal(get_call(&floor, 1).first_queue, 0);
	assert_int_equal(get_call(&floor, 1).arrived_at, start + SEC(1));
	assert_int_equal(get_call(&floor, 1).overflow_at, start + SEC(101));
	plan.sticky = false;
	set_plan(&floor, 2, plan);
	ev.call_updated.queue = 2;
	log_in(&floor, 0, 2, true);
	update(&floor, &ev);
	assert_offered_to(&floor, 1, 0);
	assert_sticky(&floor, 1, STICKY_NEW, WHY_OFF);
	floor_close(&floor);
}

static void an_update_that_cannot_be_changes_nothing(void **state)
{
	struct core_event ev = { .call_updated = { .call = { 0, 1 }, .has_queue = true } };
	struct queue_plan plan = usual_plan();
	struct floor floor;

	(void)state;
	floor_open(&floor);
	plan.waiting_max = 0;
	set_plan(&floor, 1, plan);
	plan.open = false;
	set_plan(&floor, 2, plan);
	arrive(&floor, 0, 0);
	ev.call_updated.queue = 1;
	update(&floor, &ev);
	assert_refused(&floor, REPLY_QUEUE_FULL);
	ev.call_updated.queue = 2;
	update(&floor, &ev);
	assert_refused(&floor, REPLY_QUEUE_CLOSED);
	ev.call_updated.queue = QUEUE_NONE;
	update(&floor, &ev);
	assert_refused(&floor, REPLY_QUEUE_CLOSED);
	log_in(&floor, 0, 0, true);
	ev.call_updated.queue = 0;
	update(&floor, &ev);
	assert_refused(&floor, REPLY_WRONG_STATE);
	ev.call_updated.has_queue = false;
	ev.call_updated.has_needs = true;
	update(&floor, &ev);
	assert_refused(&floor, REPLY_WRONG_STATE);
	floor_close(&floor);
}

static void an_identity_that_comes_later_is_recalled(void **state)
{
	struct core_event ev = { .call_updated = { .call = { 0, 1 }, .has_identity = true } };
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	set_device(&floor, 0, DEVICE_BUSY);
	arrive(&floor, 0, 0);
	ev.call_updated.identity = IDENTITY_KEYED;
	update(&floor, &ev);
	assert_int_equal(count_of(&floor, ACT_RECALL), 1);
	assert_int_equal(find_decision(&floor)->kind, DECIDE_QUEUE);
	recall_known(&floor, 0, 0);
	assert_sticky(&floor, 0, STICKY_WAITING, WHY_NONE);
	ev.call_updated.identity = IDENTITY_SHARED;
	update(&floor, &ev);
	assert_sticky(&floor, 0, STICKY_NEW, WHY_SHARED_NUMBER);
	assert_int_equal(get_call(&floor, 0).hold_until, 0);

	set_device(&floor, 0, DEVICE_REACHABLE);
	assert_offered_to(&floor, 0, 0);
	ev.call_updated.identity = IDENTITY_KEYED;
	update(&floor, &ev);
	assert_int_equal(count_of(&floor, ACT_RECALL), 1);
	assert_int_equal(find_decision(&floor)->offer, 1); /* the same offer, said again */
	recall_known(&floor, 0, 0);
	assert_sticky(&floor, 0, STICKY_OWN, WHY_NONE);
	floor_close(&floor);
}

static void an_update_while_being_recalled_is_decided_with_the_recall(void **state)
{
	struct core_event ev = { .call_updated = { .call = { 0, 1 }, .has_priority = true } };
	struct floor floor;

	(void)state;
	floor_open(&floor);
	arrive_keyed(&floor, 0, 0);
	ev.call_updated.priority = 3;
	update(&floor, &ev);
	assert_int_equal(floor.out.count, 0);
	recall_as(&floor, 0, RECALL_UNKNOWN);
	assert_int_equal(find_decision(&floor)->kind, DECIDE_QUEUE);
	assert_int_equal(get_call(&floor, 0).priority, 3);

	arrive_keyed(&floor, 1, 0);
	ev.call_updated.call = call_at(1);
	ev.call_updated.has_identity = true;
	ev.call_updated.identity = IDENTITY_NONE;
	update(&floor, &ev);
	assert_int_equal(find_decision(&floor)->kind, DECIDE_QUEUE);
	assert_sticky(&floor, 1, STICKY_NEW, WHY_NO_IDENTITY);
	floor_close(&floor);
}

/* Agent 0 talks, 1 is ready in another queue, 2 talks too, 3 is paused. */
static void open_to_transfer(struct floor *floor)
{
	floor_open(floor);
	log_in(floor, 0, 0, true);
	arrive(floor, 0, 0);
	answer(floor, 0, 1);
	log_in(floor, 2, 0, true);
	arrive(floor, 1, 0);
	answer(floor, 1, 1);
	log_in(floor, 1, 1, true);
	log_in(floor, 3, 0, false);
	pass(floor, SEC(30));
}

static void a_transfer_that_cannot_be_changes_nothing(void **state)
{
	struct queue_plan plan = usual_plan();
	struct core_event ev = { .type = EVT_CALL_TRANSFERRED, .request = REQUEST };
	struct floor floor;

	(void)state;
	open_to_transfer(&floor);
	transfer_to_agent(&floor, 0, 9, false);
	assert_refused(&floor, REPLY_UNKNOWN_AGENT);
	transfer_to_agent(&floor, 0, 3, false);
	assert_refused(&floor, REPLY_AGENT_AWAY);
	transfer_to_agent(&floor, 0, 0, false);
	assert_refused(&floor, REPLY_WRONG_STATE);
	transfer_to_agent(&floor, 0, 2, true);
	assert_refused(&floor, REPLY_WRONG_STATE);
	set_device(&floor, 2, DEVICE_UNREACHABLE);
	transfer_to_agent(&floor, 0, 2, false);
	assert_refused(&floor, REPLY_AGENT_AWAY);
	tell_agent(&floor, EVT_AGENT_LOGGED_OUT, 3);
	transfer_to_agent(&floor, 0, 3, true);
	assert_refused(&floor, REPLY_AGENT_AWAY);
	plan.waiting_max = 0;
	set_plan(&floor, 2, plan);
	transfer_to_queue(&floor, 0, 2);
	assert_refused(&floor, REPLY_QUEUE_FULL);
	transfer_to_queue(&floor, 0, FLOOR_QUEUES - 1);
	assert_refused(&floor, REPLY_QUEUE_CLOSED);
	ev.call_transferred.call = call_at(0);
	ev.call_transferred.consult = true;
	step(&floor, &ev);
	assert_refused(&floor, REPLY_WRONG_STATE);
	assert_call(&floor, 0, CALL_TALKING);
	floor_close(&floor);
}

static void a_consultation_changes_the_talker_at_once(void **state)
{
	const struct contact *contact;
	struct floor floor;

	(void)state;
	open_to_transfer(&floor);
	tell_call(&floor, EVT_CALL_HELD, 0);
	pass(&floor, SEC(5));
	transfer_to_agent(&floor, 0, 3, true);
	assert_int_equal(find_decision(&floor)->kind, DECIDE_CONNECT);
	assert_int_equal(find_decision(&floor)->agent.slot, 3);
	assert_int_equal(find_decision(&floor)->offer, 1);
	assert_call(&floor, 0, CALL_TALKING);
	assert_agent(&floor, 0, AGENT_WRAPUP);
	assert_agent(&floor, 3, AGENT_TALKING);
	assert_int_equal(get_agent(&floor, 3).pending, PENDING_PAUSE); /* back to the break */
	pass(&floor, SEC(14));
	end(&floor, 0, BY_CALLER);
	contact = &find_action(&floor, ACT_END_CALL)->end;
	assert_int_equal(contact->legs, 2);
	assert_int_equal(contact->agent.slot, 3);
	assert_int_equal(contact->credited.slot, 0); /* 14 s are no contact */
	assert_int_equal(contact->talk, SEC(44));
	assert_int_equal(contact->hold, SEC(5));
	assert_agent(&floor, 3, AGENT_PAUSED);
	floor_close(&floor);
}

static void a_transfer_to_a_ready_agent_asks_neither_queue_nor_skill(void **state)
{
	struct floor floor;

	(void)state;
	open_to_transfer(&floor);
	transfer_to_agent(&floor, 0, 1, false);
	assert_offered_to(&floor, 0, 1);
	assert_int_equal(get_call(&floor, 0).queue, 0);
	assert_int_equal(count_of(&floor, ACT_REPLY), 0);
	miss(&floor, 0, 2, MISS_REJECTED);
	assert_call(&floor, 0, CALL_WAITING); /* anyone of the queue now */
	assert_int_equal(get_call(&floor, 0).target.gen, 0);
	floor_close(&floor);
}

static void a_busy_target_is_waited_for_a_while(void **state)
{
	struct floor floor;

	(void)state;
	open_to_transfer(&floor);
	transfer_to_agent(&floor, 0, 2, false);
	assert_call(&floor, 0, CALL_WAITING);
	assert_int_equal(get_call(&floor, 0).target.slot, 2);
	assert_int_equal(get_call(&floor, 0).hold_until, floor.now + SEC(20));
	assert_int_equal(get_queue(&floor, 0).holding, 0);
	pass(&floor, SEC(10));
	assert_agent(&floor, 0, AGENT_READY); /* whose wrap-up is over, but is not the target */
	end(&floor, 1, BY_CALLER);
	tell_agent(&floor, EVT_AGENT_READY, 2);
	assert_offered_to(&floor, 0, 2);
	floor_close(&floor);
}

static void a_target_who_leaves_frees_the_caller(void **state)
{
	struct floor floor;

	(void)state;
	open_to_transfer(&floor);
	transfer_to_agent(&floor, 0, 2, false);
	pass(&floor, SEC(10));
	set_device(&floor, 2, DEVICE_UNREACHABLE);
	assert_offered_to(&floor, 0, 0);
	assert_int_equal(get_call(&floor, 0).target.gen, 0);
	floor_close(&floor);
}

static void a_target_is_not_waited_for_where_nobody_waits(void **state)
{
	struct queue_plan plan = usual_plan();
	struct floor floor;

	(void)state;
	open_to_transfer(&floor);
	plan.wait_busy = 0;
	set_plan(&floor, 0, plan);
	log_in(&floor, 4, 0, true);
	transfer_to_agent(&floor, 0, 2, false);
	assert_offered_to(&floor, 0, 4);
	floor_close(&floor);
}

static void a_transfer_to_a_queue_is_a_new_stay_at_the_old_place(void **state)
{
	struct queue_plan plan = usual_plan();
	struct floor floor;
	usec_t start;

	(void)state;
	open_to_transfer(&floor);
	start = floor.now - SEC(30);
	plan.wait_max = SEC(50);
	set_plan(&floor, 2, plan);
	arrive(&floor, 5, 2);
	transfer_to_queue(&floor, 0, 2);
	assert_int_equal(find_decision(&floor)->position, 1);
	assert_int_equal(get_call(&floor, 0).arrived_at, start);
	assert_int_equal(get_call(&floor, 0).overflow_at, floor.now + SEC(50));
	pass(&floor, SEC(50));
	assert_int_equal(find_action(&floor, ACT_END_CALL)->call.slot, 5);
	assert_int_equal(core_queue_stats(floor.core, 0)->outcomes[OUTCOME_ANSWERED], 1);
	assert_int_equal(core_queue_stats(floor.core, 2)->outcomes[OUTCOME_OVERFLOW], 1);
	floor_close(&floor);
}

static void a_caller_who_leaves_while_being_recalled_is_gone(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	arrive_keyed(&floor, 0, 0);
	end(&floor, 0, BY_CALLER);
	assert_reply(&floor, REPLY_DONE);
	assert_int_equal(count_of(&floor, ACT_DECIDE), 0);
	assert_int_equal(count_of(&floor, ACT_END_CALL), 1);
	recall_as(&floor, 0, RECALL_UNKNOWN);
	assert_refused(&floor, REPLY_UNKNOWN_CALL);
	floor_close(&floor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_on_a_call_nobody_knows_are_refused),
		cmocka_unit_test(a_closed_or_unknown_queue_turns_away),
		cmocka_unit_test(a_full_queue_turns_away_who_would_have_to_wait),
		cmocka_unit_test(the_reason_why_nobody_was_recalled_is_kept),
		cmocka_unit_test(a_late_recall_corrects_what_was_decided),
		cmocka_unit_test(who_comes_back_in_time_gets_the_place_back),
		cmocka_unit_test(reports_name_the_offer_they_belong_to),
		cmocka_unit_test(only_a_talk_is_held_retrieved_and_transferred),
		cmocka_unit_test(an_update_moves_a_waiting_caller),
		cmocka_unit_test(an_update_that_cannot_be_changes_nothing),
		cmocka_unit_test(an_identity_that_comes_later_is_recalled),
		cmocka_unit_test(an_update_while_being_recalled_is_decided_with_the_recall),
		cmocka_unit_test(a_transfer_that_cannot_be_changes_nothing),
		cmocka_unit_test(a_consultation_changes_the_talker_at_once),
		cmocka_unit_test(a_transfer_to_a_ready_agent_asks_neither_queue_nor_skill),
		cmocka_unit_test(a_busy_target_is_waited_for_a_while),
		cmocka_unit_test(a_target_who_leaves_frees_the_caller),
		cmocka_unit_test(a_target_is_not_waited_for_where_nobody_waits),
		cmocka_unit_test(a_transfer_to_a_queue_is_a_new_stay_at_the_old_place),
		cmocka_unit_test(a_caller_who_leaves_while_being_recalled_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
