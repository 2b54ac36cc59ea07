#include "floor.h"

#include "agent.h"

static struct core_event login_to(uint32_t slot, const queue_index *queues, uint16_t count)
{
	struct core_event ev = { .type = EVT_AGENT_LOGGED_IN, .request = REQUEST };

	ev.agent_logged_in.agent = agent_at(slot);
	ev.agent_logged_in.ready = true;
	ev.agent_logged_in.queues_count = count;
	memcpy(ev.agent_logged_in.queues, queues, count * sizeof(*queues));
	return ev;
}

static void a_stale_or_unset_handle_finds_nobody(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 2, 0, true);
	assert_non_null(agent_find(floor.core, agent_at(2)));
	assert_null(agent_find(floor.core, (struct agent_id){ 2, 2 }));
	assert_null(agent_find(floor.core, (struct agent_id){ 3, 0 }));
	assert_null(agent_find(floor.core, (struct agent_id){ FLOOR_AGENTS, 1 }));
	floor_close(&floor);
}

static void a_queue_named_twice_counts_once(void **state)
{
	static const queue_index named[] = { 2, 0, 2, 2, 0 };
	queue_index kept[AGENT_QUEUES_MAX];
	struct core_event ev = login_to(0, named, 5);
	struct floor floor;

	(void)state;
	assert_int_equal(agent_distinct_queues(named, 5, kept), 2);
	assert_int_equal(kept[0], 2);
	assert_int_equal(kept[1], 0);
	floor_open(&floor);
	step(&floor, &ev);
	assert_int_equal(get_agent(&floor, 0).queues_count, 2);
	assert_int_equal(get_queue(&floor, 0).agents[AGENT_READY], 1);
	assert_int_equal(get_queue(&floor, 2).agents[AGENT_READY], 1);
	assert_int_equal(get_queue(&floor, 1).agents[AGENT_READY], 0);
	floor_close(&floor);
}

static void members_are_counted_by_state(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 1, true);
	log_in(&floor, 1, 1, false);
	arrive(&floor, 0, 1);
	assert_int_equal(get_queue(&floor, 1).agents[AGENT_OFFERED], 1);
	assert_int_equal(get_queue(&floor, 1).agents[AGENT_PAUSED], 1);
	answer(&floor, 0, 1);
	assert_int_equal(get_queue(&floor, 1).agents[AGENT_TALKING], 1);
	end(&floor, 0, BY_CALLER);
	assert_int_equal(get_queue(&floor, 1).agents[AGENT_WRAPUP], 1);
	tell_agent(&floor, EVT_AGENT_LOGGED_OUT, 0);
	assert_int_equal(get_queue(&floor, 1).agents[AGENT_WRAPUP], 0);
	assert_int_equal(get_queue(&floor, 1).agents[AGENT_LOGGED_OUT], 0);
	assert_int_equal(get_agent(&floor, 0).queues_count, 0);
	floor_close(&floor);
}

static void a_veto_is_counted_and_keeps_the_state(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	set_device(&floor, 0, DEVICE_UNREACHABLE);
	assert_agent(&floor, 0, AGENT_READY);
	assert_int_equal(get_queue(&floor, 0).unreachable, 1);
	arrive(&floor, 0, 0);
	assert_call(&floor, 0, CALL_WAITING);
	set_device(&floor, 0, DEVICE_BUSY);
	assert_int_equal(get_queue(&floor, 0).unreachable, 0);
	assert_call(&floor, 0, CALL_WAITING);
	set_device(&floor, 0, DEVICE_REACHABLE);
	assert_offered_to(&floor, 0, 0);
	floor_close(&floor);
}

/* The floor has four memberships more than agents, and each agent takes one. */
static void without_memberships_left_a_login_is_refused_and_changes_nothing(void **state)
{
	static const queue_index all[] = { 0, 1, 2 };
	struct core_event ev = login_to(FLOOR_AGENTS - 1, all, 3);
	struct agent_record r;
	struct floor floor;
	uint64_t digest;

	(void)state;
	floor_open(&floor);
	for (uint32_t i = 0; i < FLOOR_AGENTS - 1; i++)
		log_in(&floor, i, 0, false);
	ev.agent_logged_in.agent = agent_at(0); /* one more, and two more: five were left */
	step(&floor, &ev);
	assert_reply(&floor, REPLY_DONE);
	ev.agent_logged_in.agent = agent_at(1);
	step(&floor, &ev);
	assert_reply(&floor, REPLY_DONE);

	digest = core_digest(floor.core);
	ev.agent_logged_in.agent = agent_at(2);
	step(&floor, &ev);
	assert_refused(&floor, REPLY_QUEUE_FULL);
	ev.agent_logged_in.agent = agent_at(FLOOR_AGENTS - 1);
	step(&floor, &ev);
	assert_refused(&floor, REPLY_QUEUE_FULL);
	assert_false(core_get_agent(floor.core, agent_at(FLOOR_AGENTS - 1), &r));
	assert_true(core_digest(floor.core) == digest);

	tell_agent(&floor, EVT_AGENT_LOGGED_OUT, 0);
	step(&floor, &ev);
	assert_reply(&floor, REPLY_DONE);
	floor_close(&floor);
}

static void a_slot_whose_owner_logged_out_is_taken_by_the_next(void **state)
{
	static const queue_index queue = 0;
	struct core_event ev = login_to(0, &queue, 1);
	struct agent_record r;
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	set_device(&floor, 0, DEVICE_UNREACHABLE);
	return_to(&floor, 0, 1, 0); /* in a queue of nobody: stays in the former's index */
	tell_agent(&floor, EVT_AGENT_LOGGED_OUT, 0);
	ev.agent_logged_in.agent.gen = 2;
	ev.agent_logged_in.queues[0] = 1;
	step(&floor, &ev);
	assert_false(core_get_agent(floor.core, agent_at(0), &r));
	assert_true(core_get_agent(floor.core, (struct agent_id){ 0, 2 }, &r));
	assert_int_equal(r.device, DEVICE_REACHABLE);
	/* Taken as anybody's caller: the own agent is gone. */
	assert_call(&floor, 0, CALL_OFFERED);
	assert_sticky(&floor, 0, STICKY_OTHER, WHY_UNREACHABLE);
	floor_close(&floor);
}

static void pause_and_return(struct floor *floor, uint32_t slot, usec_t away)
{
	tell_agent(floor, EVT_AGENT_PAUSED, slot);
	pass(floor, away);
	tell_agent(floor, EVT_AGENT_READY, slot);
}

static bool is_overloaded(const struct floor *floor, uint16_t load_max)
{
	struct queue_plan plan = usual_plan();

	plan.load_max = load_max;
	return agent_overloaded(floor->core, &floor->core->agents[0], &plan);
}

/* Half an hour on a call, then idle: what counts is the share of the time at work. */
static void load_is_the_share_of_the_time_at_work(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	answer(&floor, 0, 1);
	pass(&floor, MINUTE(14));
	log_in(&floor, 5, 1, false);
	assert_false(is_overloaded(&floor, 500)); /* says nothing in the first minutes */
	pass(&floor, MINUTE(16));
	end(&floor, 0, BY_CALLER);
	assert_true(is_overloaded(&floor, 999));
	assert_false(is_overloaded(&floor, 0)); /* no such guard */
	pass(&floor, MINUTE(30));
	pause_and_return(&floor, 0, 0);
	assert_true(is_overloaded(&floor, 490));
	assert_false(is_overloaded(&floor, 510));
	/* A break is no time at work. */
	pause_and_return(&floor, 0, HOUR(5));
	assert_true(is_overloaded(&floor, 490));
	assert_false(is_overloaded(&floor, 510));
	floor_close(&floor);
}

static void load_fades_within_hours(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	answer(&floor, 0, 1);
	pass(&floor, HOUR(2));
	end(&floor, 0, BY_CALLER);
	assert_true(is_overloaded(&floor, 900));
	for (unsigned i = 0; i < 12; i++) {
		pass(&floor, MINUTE(30));
		pause_and_return(&floor, 0, 0);
		assert_true(floor.core->agents[0].at_work <= HOUR(2) &&
		            floor.core->agents[0].busy <= floor.core->agents[0].at_work);
	}
	assert_false(is_overloaded(&floor, 100)); /* without fading it would be a quarter */
	floor_close(&floor);
}

static void nobody_inherits_a_load(void **state)
{
	static const queue_index queue = 0;
	struct core_event ev = login_to(0, &queue, 1);
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	answer(&floor, 0, 1);
	pass(&floor, HOUR(1));
	end(&floor, 0, BY_CALLER);
	tell_agent(&floor, EVT_AGENT_LOGGED_OUT, 0);
	assert_int_not_equal(remain_count(floor.core->agents[0].talks) + floor.core->agents[0].busy,
	                     0);
	ev.agent_logged_in.agent.gen = 2;
	step(&floor, &ev);
	assert_int_equal(floor.core->agents[0].busy, 0);
	assert_int_equal(floor.core->agents[0].at_work, 0);
	assert_int_equal(remain_count(floor.core->agents[0].talks), 0);
	floor_close(&floor);
}

/* What a pause is said to be is forgotten with it. */
static void a_brief_pause_is_over_when_it_is(void **state)
{
	struct core_event ev = { .type = EVT_AGENT_PAUSED, .request = REQUEST };
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	ev.agent_paused.agent = agent_at(0);
	ev.agent_paused.brief = true;
	step(&floor, &ev);
	assert_true(get_agent(&floor, 0).brief);
	tell_agent(&floor, EVT_AGENT_LOGGED_OUT, 0);
	assert_false(get_agent(&floor, 0).brief);
	log_in(&floor, 0, 0, false);
	assert_false(get_agent(&floor, 0).brief);
	tell_agent(&floor, EVT_AGENT_READY, 0);
	arrive(&floor, 0, 0);
	step(&floor, &ev);
	assert_int_equal(get_agent(&floor, 0).pending, PENDING_PAUSE);
	assert_true(get_agent(&floor, 0).brief);
	tell_agent(&floor, EVT_AGENT_READY, 0);
	assert_false(get_agent(&floor, 0).brief);
	floor_close(&floor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stale_or_unset_handle_finds_nobody),
		cmocka_unit_test(a_queue_named_twice_counts_once),
		cmocka_unit_test(members_are_counted_by_state),
		cmocka_unit_test(a_veto_is_counted_and_keeps_the_state),
		cmocka_unit_test(without_memberships_left_a_login_is_refused_and_changes_nothing),
		cmocka_unit_test(a_slot_whose_owner_logged_out_is_taken_by_the_next),
		cmocka_unit_test(load_is_the_share_of_the_time_at_work),
		cmocka_unit_test(load_fades_within_hours),
		cmocka_unit_test(nobody_inherits_a_load),
		cmocka_unit_test(a_brief_pause_is_over_when_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
