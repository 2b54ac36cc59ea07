#include "floor.h"

#include "agent.h"
#include "call.h"
#include "match.h"

static enum verdict judge(const struct floor *floor, uint32_t call, uint32_t agent)
{
	return core_judge(floor->core, call_at(call), agent_at(agent));
}

static void assert_verdict(const struct floor *floor, uint32_t call, uint32_t agent,
                           enum verdict verdict)
{
	assert_string_equal(verdict_name(judge(floor, call, agent)), verdict_name(verdict));
}

/* A call in queue 0 that needs skill 1, with everybody paused. */
static void open_with_a_demanding_caller(struct floor *floor)
{
	struct core_event ev = arrival(0, 0);

	floor_open(floor);
	ev.call_arrived.arrived_at = floor->now;
	ev.call_arrived.needs_count = 1;
	ev.call_arrived.needs[0] = (struct skill_need){ .skill = 1, .min = 1 };
	step(floor, &ev);
}

static void log_in_skilled(struct floor *floor, uint32_t slot, queue_index queue, uint8_t level)
{
	struct core_event ev = { .type = EVT_AGENT_LOGGED_IN };

	ev.agent_logged_in.agent = agent_at(slot);
	ev.agent_logged_in.ready = true;
	ev.agent_logged_in.queues_count = 1;
	ev.agent_logged_in.queues[0] = queue;
	ev.agent_logged_in.levels[1] = level;
	step(floor, &ev);
}

static void every_verdict_is_given_for_its_reason(void **state)
{
	struct floor floor;

	(void)state;
	open_with_a_demanding_caller(&floor);
	assert_verdict(&floor, 0, 0, VERDICT_LOGGED_OUT);
	log_in_skilled(&floor, 0, 0, 0);
	assert_verdict(&floor, 0, 0, VERDICT_MISSING_SKILL);
	log_in_skilled(&floor, 1, 1, 1);
	assert_verdict(&floor, 0, 1, VERDICT_NOT_MEMBER);
	log_in(&floor, 2, 0, false);
	assert_verdict(&floor, 0, 2, VERDICT_PAUSED);
	set_device(&floor, 0, DEVICE_UNREACHABLE);
	assert_verdict(&floor, 0, 0, VERDICT_UNREACHABLE);

	log_in_skilled(&floor, 3, 0, 1);
	assert_verdict(&floor, 0, 3, VERDICT_HAS_IT);
	miss(&floor, 0, 1, MISS_BUSY);
	assert_verdict(&floor, 0, 3, VERDICT_EXCLUDED);
	log_in_skilled(&floor, 4, 0, 1);
	assert_offered_to(&floor, 0, 4);
	log_in_skilled(&floor, 5, 0, 1);
	assert_verdict(&floor, 0, 5, VERDICT_COULD);
	set_device(&floor, 5, DEVICE_BUSY);
	assert_verdict(&floor, 0, 5, VERDICT_NOT_READY);
	tell_agent(&floor, EVT_AGENT_LOGGED_OUT, 2);
	assert_verdict(&floor, 0, 2, VERDICT_LOGGED_OUT);
	floor_close(&floor);
}

static void asking_changes_nothing(void **state)
{
	struct floor floor;
	uint64_t digest;
	struct meeting meeting;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	arrive(&floor, 1, 0);
	log_in(&floor, 1, 1, true);
	digest = core_digest(floor.core);
	match_call(floor.core, call_find(floor.core, call_at(1)), true);
	match_agent(floor.core, agent_find(floor.core, agent_at(1)), &meeting);
	match_anyone(floor.core, call_find(floor.core, call_at(1)), 1);
	assert_true(core_digest(floor.core) == digest);
	floor_close(&floor);
}

static void the_own_agent_is_taken_before_the_longest_idle(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	pass(&floor, SEC(1));
	log_in(&floor, 1, 0, true);
	return_to(&floor, 0, 0, 1);
	assert_offered_to(&floor, 0, 1);
	assert_sticky(&floor, 0, STICKY_OWN, WHY_NONE);
	arrive(&floor, 1, 0);
	assert_offered_to(&floor, 1, 0);
	floor_close(&floor);
}

static void an_own_caller_goes_first_but_never_across_priorities(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, false);
	arrive(&floor, 0, 0);
	arrive_urgent(&floor, 1, 0, 1);
	return_to(&floor, 2, 0, 0);
	assert_sticky(&floor, 2, STICKY_OTHER, WHY_PAUSED);
	tell_agent(&floor, EVT_AGENT_READY, 0);
	assert_offered_to(&floor, 1, 0);
	end(&floor, 1, BY_CALLER);
	assert_offered_to(&floor, 2, 0);
	assert_sticky(&floor, 2, STICKY_OWN, WHY_NONE);
	floor_close(&floor);
}

static void the_best_caller_of_all_queues_is_taken(void **state)
{
	struct core_event ev = { .type = EVT_AGENT_LOGGED_IN };
	struct floor floor;

	(void)state;
	floor_open(&floor);
	arrive(&floor, 0, 2);
	pass(&floor, SEC(1));
	arrive(&floor, 1, 0);
	pass(&floor, SEC(1));
	arrive_urgent(&floor, 2, 1, 3);
	ev.agent_logged_in.ready = true;
	ev.agent_logged_in.queues_count = 3;
	for (queue_index i = 0; i < 3; i++)
		ev.agent_logged_in.queues[i] = i;
	for (uint32_t i = 0; i < 3; i++) {
		ev.agent_logged_in.agent = agent_at(i);
		step(&floor, &ev);
	}
	assert_offered_to(&floor, 2, 0);
	assert_offered_to(&floor, 0, 1);
	assert_offered_to(&floor, 1, 2);
	floor_close(&floor);
}

static void what_forbids_the_own_agent_is_named(void **state)
{
	struct queue_plan plan = usual_plan();
	struct core_rules rules = usual_rules();
	struct floor floor;

	(void)state;
	floor_open(&floor);
	rules.misses_max[MISS_BUSY] = 1;
	set_rules(&floor, rules);
	return_to(&floor, 0, 0, 9);
	assert_sticky(&floor, 0, STICKY_OTHER, WHY_LOGGED_OUT);
	log_in(&floor, 1, 1, true);
	return_to(&floor, 1, 0, 1);
	assert_sticky(&floor, 1, STICKY_OTHER, WHY_NOT_MEMBER);
	set_device(&floor, 1, DEVICE_UNREACHABLE);
	return_to(&floor, 2, 1, 1);
	assert_sticky(&floor, 2, STICKY_OTHER, WHY_UNREACHABLE);
	set_device(&floor, 1, DEVICE_REACHABLE);
	assert_offered_to(&floor, 2, 1);

	plan.wait_busy = 0;
	set_plan(&floor, 1, plan);
	return_to(&floor, 3, 1, 1);
	assert_sticky(&floor, 3, STICKY_OTHER, WHY_BUSY);
	miss(&floor, 2, 1, MISS_BUSY);
	assert_agent(&floor, 1, AGENT_PAUSED);
	assert_sticky(&floor, 2, STICKY_OTHER, WHY_EXCLUDED);
	return_to(&floor, 4, 1, 1);
	assert_sticky(&floor, 4, STICKY_OTHER, WHY_RONA);
	floor_close(&floor);
}

static void a_contact_too_long_ago_has_expired(void **state)
{
	struct core_event ev = { .type = EVT_CALLER_RECALLED };
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	arrive_keyed(&floor, 0, 0);
	ev.caller_recalled.call = call_at(0);
	ev.caller_recalled.outcome = RECALL_KNOWN;
	ev.caller_recalled.known_count = 2;
	ev.caller_recalled.known[0] =
	        (struct known_agent){ .agent = agent_at(1), .at = floor.now - HOUR(24 * 8) };
	ev.caller_recalled.known[1] =
	        (struct known_agent){ .agent = agent_at(0), .at = floor.now - HOUR(24 * 9) };
	step(&floor, &ev);
	assert_sticky(&floor, 0, STICKY_NEW, WHY_EXPIRED);

	arrive_keyed(&floor, 1, 0);
	log_in(&floor, 1, 0, true);
	ev.caller_recalled.call = call_at(1);
	ev.caller_recalled.known[0].at = floor.now - HOUR(24 * 7); /* to the microsecond */
	step(&floor, &ev);
	assert_offered_to(&floor, 1, 1);
	assert_int_equal(get_call(&floor, 1).known_count, 1);
	assert_sticky(&floor, 1, STICKY_OWN, WHY_NONE);
	floor_close(&floor);
}

static void an_earlier_agent_is_known_by_chance(void **state)
{
	struct core_event ev = { .type = EVT_CALLER_RECALLED };
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 3, 0, true);
	arrive_keyed(&floor, 0, 0);
	ev.caller_recalled.call = call_at(0);
	ev.caller_recalled.outcome = RECALL_KNOWN;
	ev.caller_recalled.known_count = 3;
	for (uint32_t i = 0; i < 3; i++)
		ev.caller_recalled.known[i] = (struct known_agent){ .agent = agent_at(i + 1),
			                                            .at = floor.now - HOUR(i + 1) };
	step(&floor, &ev);
	assert_offered_to(&floor, 0, 3);
	assert_sticky(&floor, 0, STICKY_KNOWN, WHY_NONE);
	floor_close(&floor);
}

/* One busy agent, and callers of theirs. */
static void open_with_a_busy_agent(struct floor *floor)
{
	floor_open(floor);
	log_in(floor, 0, 0, true);
	arrive(floor, 0, 0);
	answer(floor, 0, 1);
}

static void no_more_hold_out_than_the_line_allows(void **state)
{
	struct floor floor;

	(void)state;
	open_with_a_busy_agent(&floor);
	for (uint32_t i = 1; i <= 3; i++) {
		return_to(&floor, i, 0, 0);
		assert_sticky(&floor, i, STICKY_WAITING, WHY_NONE);
	}
	return_to(&floor, 4, 0, 0);
	assert_sticky(&floor, 4, STICKY_OTHER, WHY_LINE_FULL);
	assert_int_equal(get_queue(&floor, 0).holding, 3);
	end(&floor, 2, BY_CALLER);
	assert_int_equal(get_queue(&floor, 0).holding, 2);
	floor_close(&floor);
}

static void patience_runs_from_the_first_moment_and_only_shrinks(void **state)
{
	struct floor floor;
	usec_t start;

	(void)state;
	open_with_a_busy_agent(&floor);
	start = floor.now;
	return_to(&floor, 1, 0, 0);
	assert_int_equal(get_call(&floor, 1).hold_until, start + SEC(20));
	pass(&floor, SEC(8));
	recall_known(&floor, 1, 0); /* told again: not a new patience */
	assert_int_equal(get_call(&floor, 1).hold_until, start + SEC(20));
	pass_to(&floor, start + SEC(20) - 1);
	assert_sticky(&floor, 1, STICKY_WAITING, WHY_NONE);
	pass(&floor, 1);
	assert_sticky(&floor, 1, STICKY_OTHER, WHY_WAIT_SPENT);
	assert_int_equal(find_decision(&floor)->waited_for, SEC(20));
	recall_known(&floor, 1, 0);
	assert_sticky(&floor, 1, STICKY_OTHER, WHY_WAIT_SPENT);
	assert_int_equal(get_call(&floor, 1).hold_until, 0);
	floor_close(&floor);
}

static void a_busy_telephone_is_worth_holding_out_for(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	set_device(&floor, 0, DEVICE_BUSY);
	return_to(&floor, 0, 0, 0);
	assert_sticky(&floor, 0, STICKY_WAITING, WHY_NONE);
	set_device(&floor, 0, DEVICE_REACHABLE);
	assert_offered_to(&floor, 0, 0);
	assert_sticky(&floor, 0, STICKY_OWN, WHY_NONE);
	floor_close(&floor);
}

static void arrive_needing(struct floor *floor, uint32_t slot, uint8_t level)
{
	struct core_event ev = arrival(slot, 0);

	ev.call_arrived.arrived_at = floor->now;
	ev.call_arrived.needs_count = 1;
	ev.call_arrived.needs[0] = (struct skill_need){ .skill = 1, .min = level };
	step(floor, &ev);
}

static void one_with_a_rare_skill_is_found_among_many(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	for (uint32_t i = 0; i < 150; i++)
		log_in(&floor, i, 0, true);
	pass(&floor, SEC(1));
	log_in_skilled(&floor, 150, 0, 1);
	arrive_needing(&floor, 0, 1);
	assert_offered_to(&floor, 0, 150);
	arrive_needing(&floor, 1, 1);
	assert_call(&floor, 1, CALL_WAITING);
	floor_close(&floor);
}

static void one_who_needs_nothing_is_found_behind_many_who_do(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	for (uint32_t i = 0; i < 150; i++)
		arrive_needing(&floor, i, 1);
	pass(&floor, SEC(1));
	arrive(&floor, 150, 0);
	log_in(&floor, 0, 0, true);
	assert_offered_to(&floor, 150, 0);
	log_in_skilled(&floor, 1, 0, 1);
	assert_offered_to(&floor, 0, 1);
	floor_close(&floor);
}

/* What the bound means: those behind it are not seen until some have gone. Levels are
 * not in the index, so too low a level is found out one by one. */
static void one_decision_looks_at_a_bounded_number_of_candidates(void **state)
{
	struct floor floor;
	uint32_t last = WALK_MAX;

	(void)state;
	floor_open(&floor);
	for (uint32_t i = 0; i < WALK_MAX; i++)
		arrive_needing(&floor, i, 5);
	pass(&floor, SEC(1));
	arrive_needing(&floor, last, 1);
	log_in_skilled(&floor, 0, 0, 1);
	assert_call(&floor, last, CALL_WAITING);
	end(&floor, 0, BY_CALLER);
	tell_agent(&floor, EVT_AGENT_PAUSED, 0);
	tell_agent(&floor, EVT_AGENT_READY, 0);
	assert_offered_to(&floor, last, 0);
	floor_close(&floor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_verdict_is_given_for_its_reason),
		cmocka_unit_test(asking_changes_nothing),
		cmocka_unit_test(the_own_agent_is_taken_before_the_longest_idle),
		cmocka_unit_test(an_own_caller_goes_first_but_never_across_priorities),
		cmocka_unit_test(the_best_caller_of_all_queues_is_taken),
		cmocka_unit_test(what_forbids_the_own_agent_is_named),
		cmocka_unit_test(a_contact_too_long_ago_has_expired),
		cmocka_unit_test(an_earlier_agent_is_known_by_chance),
		cmocka_unit_test(no_more_hold_out_than_the_line_allows),
		cmocka_unit_test(patience_runs_from_the_first_moment_and_only_shrinks),
		cmocka_unit_test(a_busy_telephone_is_worth_holding_out_for),
		cmocka_unit_test(one_with_a_rare_skill_is_found_among_many),
		cmocka_unit_test(one_who_needs_nothing_is_found_behind_many_who_do),
		cmocka_unit_test(one_decision_looks_at_a_bounded_number_of_candidates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
