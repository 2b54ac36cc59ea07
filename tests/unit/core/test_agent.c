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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stale_or_unset_handle_finds_nobody),
		cmocka_unit_test(a_queue_named_twice_counts_once),
		cmocka_unit_test(members_are_counted_by_state),
		cmocka_unit_test(a_veto_is_counted_and_keeps_the_state),
		cmocka_unit_test(without_memberships_left_a_login_is_refused_and_changes_nothing),
		cmocka_unit_test(a_slot_whose_owner_logged_out_is_taken_by_the_next),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
