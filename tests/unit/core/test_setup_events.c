#include "floor.h"

/* Most of this file: a daemon that comes back with what the store remembers. */

struct memory {
	struct call_record calls[8];
	struct agent_record agents[8];
	size_t calls_count, agents_count;
};

static void remember(const struct floor *floor, struct memory *memory)
{
	struct call_id call;
	struct agent_id agent;

	memset(memory, 0, sizeof(*memory));
	for (uint32_t from = 0; core_next_call(floor->core, from, &call); from = call.slot + 1)
		memory->calls[memory->calls_count++] = get_call(floor, call.slot);
	for (uint32_t from = 0; core_next_agent(floor->core, from, &agent); from = agent.slot + 1)
		memory->agents[memory->agents_count++] = get_agent(floor, agent.slot);
}

/* A new core with all of it, some time later; the rules are still missing. */
static void come_back(struct floor *floor, const struct memory *memory, usec_t later_on)
{
	struct core_limits limits = floor_limits();

	core_free(floor->core);
	floor->core = core_new(&limits);
	assert_non_null(floor->core);
	floor->now += later_on;
	for (queue_index i = 0; i < FLOOR_QUEUES - 1; i++)
		set_plan(floor, i, usual_plan());
	for (size_t i = 0; i < memory->agents_count; i++) {
		struct core_event ev = { .type = EVT_AGENT_RESTORED,
			                 .agent_restored = memory->agents[i] };

		step(floor, &ev);
		assert_int_equal(floor->out.count, 0);
	}
	for (size_t i = 0; i < memory->calls_count; i++) {
		struct core_event ev = { .type = EVT_CALL_RESTORED,
			                 .call_restored = memory->calls[i] };

		step(floor, &ev);
		assert_int_equal(floor->out.count, 0);
	}
}

static void nothing_is_due_or_matched_before_the_rules(void **state)
{
	struct memory memory;
	struct floor floor;

	(void)state;
	floor_open(&floor);
	arrive(&floor, 0, 0);
	arrive(&floor, 1, 0);
	remember(&floor, &memory);
	memory.agents[memory.agents_count++] = (struct agent_record){
		.id = agent_at(0),
		.state = AGENT_READY,
		.queues_count = 1,
	};
	memory.agents[memory.agents_count++] = (struct agent_record){
		.id = agent_at(1),
		.state = AGENT_WRAPUP,
		.until = floor.now + SEC(1),
		.queues_count = 1,
	};
	come_back(&floor, &memory, SEC(60));
	assert_true(core_deadline(floor.core) == USEC_NEVER);
	assert_call(&floor, 0, CALL_WAITING);

	set_rules(&floor, usual_rules());
	assert_call(&floor, 0, CALL_WAITING); /* one a step, not all in this one */
	assert_int_equal(core_deadline(floor.core), floor.now);
	pass(&floor, 0);
	assert_call(&floor, 0, CALL_OFFERED);
	assert_call(&floor, 1, CALL_OFFERED);
	floor_close(&floor);
}

static void places_clocks_and_offers_are_kept(void **state)
{
	struct memory memory;
	struct floor floor;
	usec_t start;

	(void)state;
	floor_open(&floor);
	start = floor.now;
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	arrive(&floor, 1, 0);
	pass(&floor, SEC(1));
	arrive_urgent(&floor, 2, 0, 1);
	remember(&floor, &memory);
	come_back(&floor, &memory, SEC(5));
	set_rules(&floor, usual_rules());
	pass(&floor, 0);
	assert_offered_to(&floor, 0, 0);
	assert_int_equal(get_call(&floor, 0).offer, 1);
	assert_int_equal(get_call(&floor, 0).arrived_at, start);
	assert_int_equal(get_call(&floor, 0).ring_until, start + SEC(20));
	miss(&floor, 0, 1, MISS_NO_ANSWER);
	assert_offered_to(&floor, 2, 0);
	end(&floor, 2, BY_CALLER);
	assert_offered_to(&floor, 1, 0); /* not 0, whom the agent missed */
	arrive(&floor, 3, 0);
	assert_true(get_call(&floor, 3).seq > memory.calls[2].seq);
	floor_close(&floor);
}

static void talks_go_on_with_what_they_took_so_far(void **state)
{
	const struct contact *contact;
	struct memory memory;
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	answer(&floor, 0, 1);
	pass(&floor, SEC(30));
	tell_call(&floor, EVT_CALL_HELD, 0);
	pass(&floor, SEC(5));
	tell_agent(&floor, EVT_AGENT_PAUSED, 0);
	remember(&floor, &memory);
	come_back(&floor, &memory, SEC(10));
	set_rules(&floor, usual_rules());
	assert_call(&floor, 0, CALL_HELD);
	assert_agent(&floor, 0, AGENT_TALKING);
	assert_int_equal(get_agent(&floor, 0).pending, PENDING_PAUSE);
	end(&floor, 0, BY_CALLER);
	contact = &find_action(&floor, ACT_END_CALL)->end;
	assert_int_equal(contact->talk, SEC(30));
	assert_int_equal(contact->hold, SEC(15));
	assert_int_equal(contact->credited.gen, 1);
	assert_agent(&floor, 0, AGENT_PAUSED);
	floor_close(&floor);
}

static void holding_out_goes_on_until_the_same_instant(void **state)
{
	struct memory memory;
	struct floor floor;
	usec_t start;

	(void)state;
	floor_open(&floor);
	start = floor.now;
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	answer(&floor, 0, 1);
	return_to(&floor, 1, 0, 0);
	remember(&floor, &memory);
	come_back(&floor, &memory, SEC(15));
	set_rules(&floor, usual_rules());
	pass_to(&floor, start + SEC(20) - 1);
	assert_sticky(&floor, 1, STICKY_WAITING, WHY_NONE);
	assert_int_equal(get_queue(&floor, 0).holding, 1);
	pass(&floor, 1);
	assert_sticky(&floor, 1, STICKY_OTHER, WHY_WAIT_SPENT);
	floor_close(&floor);
}

static void a_call_whose_agent_is_gone_is_not_lost(void **state)
{
	struct memory memory;
	struct floor floor;

	(void)state;
	floor_open(&floor);
	for (uint32_t i = 0; i < 3; i++)
		log_in(&floor, i, 0, true);
	return_to(&floor, 0, 0, 0);
	arrive(&floor, 1, 0);
	answer(&floor, 1, 1);
	arrive(&floor, 2, 0);
	answer(&floor, 2, 1);
	return_to(&floor, 3, 0, 1);
	assert_sticky(&floor, 3, STICKY_WAITING, WHY_NONE);
	arrive(&floor, 4, 0);
	remember(&floor, &memory);
	memory.agents_count = 0;
	memory.calls[4].target = agent_at(9);
	memory.calls[4].hold_until = floor.now + HOUR(1);
	come_back(&floor, &memory, SEC(1));
	set_rules(&floor, usual_rules());
	assert_call(&floor, 0, CALL_WAITING); /* it only rang */
	assert_sticky(&floor, 0, STICKY_OTHER, WHY_LOGGED_OUT);
	assert_call(&floor, 1, CALL_TALKING); /* with somebody */
	assert_int_equal(get_call(&floor, 1).agent.gen, 0);
	assert_sticky(&floor, 3, STICKY_OTHER, WHY_LOGGED_OUT);
	assert_int_equal(get_call(&floor, 4).target.gen, 0);
	transfer_to_queue(&floor, 1, 0);
	assert_call(&floor, 1, CALL_WAITING);
	end(&floor, 2, BY_CALLER);
	assert_int_equal(find_action(&floor, ACT_END_CALL)->end.agent.slot, 2);
	floor_close(&floor);
}

static void an_agent_whose_call_is_gone_does_what_was_asked(void **state)
{
	struct memory memory;
	struct floor floor;

	(void)state;
	floor_open(&floor);
	for (uint32_t i = 0; i < 2; i++) {
		log_in(&floor, i, 0, true);
		arrive(&floor, i, 0);
		answer(&floor, i, 1);
	}
	tell_agent(&floor, EVT_AGENT_LOGGED_OUT, 0);
	assert_int_equal(get_agent(&floor, 0).pending, PENDING_LOGOUT);
	remember(&floor, &memory);
	memory.calls_count = 0;
	come_back(&floor, &memory, SEC(1));
	assert_agent(&floor, 0, AGENT_READY);
	set_rules(&floor, usual_rules());
	pass(&floor, 0);
	assert_agent(&floor, 0, AGENT_LOGGED_OUT);
	assert_agent(&floor, 1, AGENT_READY);
	floor_close(&floor);
}

static void deadlines_that_passed_meanwhile_are_met_in_their_order(void **state)
{
	struct queue_plan plan = usual_plan();
	struct memory memory;
	struct floor floor;

	(void)state;
	floor_open(&floor);
	plan.wait_max = SEC(40);
	set_plan(&floor, 0, plan);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	answer(&floor, 0, 1);
	end(&floor, 0, BY_CALLER); /* wraps up until 10 */
	arrive(&floor, 1, 0);      /* waits until 40 */
	remember(&floor, &memory);
	come_back(&floor, &memory, MINUTE(5));
	set_rules(&floor, usual_rules());
	pass(&floor, 0);
	assert_offered_to(&floor, 1, 0); /* as it would have been */
	floor_close(&floor);
}

static void a_live_event_ends_the_setting_up_as_well(void **state)
{
	struct memory memory;
	struct floor floor;

	(void)state;
	floor_open(&floor);
	arrive(&floor, 0, 0);
	remember(&floor, &memory);
	come_back(&floor, &memory, SEC(1));
	log_in(&floor, 0, 0, true);
	assert_offered_to(&floor, 0, 0);
	floor_close(&floor);
}

static void a_caller_who_was_being_recalled_waits(void **state)
{
	struct memory memory = { 0 };
	struct floor floor;

	(void)state;
	floor_open(&floor);
	memory.calls_count = 1;
	memory.calls[0] = (struct call_record){
		.id = call_at(0),
		.state = CALL_RECALLING,
		.seq = 17,
		.arrived_at = floor.now,
		.overflow_at = USEC_NEVER,
		.told_wait = USEC_NEVER,
	};
	come_back(&floor, &memory, SEC(1));
	assert_call(&floor, 0, CALL_WAITING);
	assert_sticky(&floor, 0, STICKY_NEW, WHY_LOOKUP_LATE);
	floor_close(&floor);
}

static void queues_beyond_the_memberships_are_left_out(void **state)
{
	struct core_limits limits = floor_limits();
	struct core_event ev = { .type = EVT_AGENT_RESTORED };
	struct floor floor;

	(void)state;
	limits.memberships_max = 2;
	memset(&floor, 0, sizeof(floor));
	floor.core = core_new(&limits);
	floor.now = FLOOR_START;
	ev.agent_restored = (struct agent_record){
		.id = agent_at(0),
		.state = AGENT_READY,
		.queues_count = 3,
		.queues = { 2, 1, 0 },
	};
	step(&floor, &ev);
	assert_int_equal(get_agent(&floor, 0).queues_count, 2);
	assert_int_equal(get_agent(&floor, 0).queues[0], 2);
	floor_close(&floor);
}

static void new_rules_match_what_a_new_plan_left_lying(void **state)
{
	struct core_event ev = { .type = EVT_RULES_CONFIGURED, .request = REQUEST };
	struct floor floor;

	(void)state;
	floor_open(&floor);
	arrive(&floor, 0, 0);
	ev.rules = usual_rules();
	step(&floor, &ev);
	assert_reply(&floor, REPLY_DONE);
	assert_int_equal(core_deadline(floor.core), floor.now);
	pass(&floor, 0);
	assert_call(&floor, 0, CALL_WAITING);
	assert_int_equal(core_deadline(floor.core), floor.now + SEC(20) + 1);
	floor_close(&floor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_due_or_matched_before_the_rules),
		cmocka_unit_test(places_clocks_and_offers_are_kept),
		cmocka_unit_test(talks_go_on_with_what_they_took_so_far),
		cmocka_unit_test(holding_out_goes_on_until_the_same_instant),
		cmocka_unit_test(a_call_whose_agent_is_gone_is_not_lost),
		cmocka_unit_test(an_agent_whose_call_is_gone_does_what_was_asked),
		cmocka_unit_test(deadlines_that_passed_meanwhile_are_met_in_their_order),
		cmocka_unit_test(a_live_event_ends_the_setting_up_as_well),
		cmocka_unit_test(a_caller_who_was_being_recalled_waits),
		cmocka_unit_test(queues_beyond_the_memberships_are_left_out),
		cmocka_unit_test(new_rules_match_what_a_new_plan_left_lying),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
