#include "floor.h"

#include "call.h"

static void a_stale_handle_finds_nothing(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	arrive(&floor, 3, 0);
	assert_non_null(call_find(floor.core, call_at(3)));
	assert_null(call_find(floor.core, (struct call_id){ 3, 2 }));
	assert_null(call_find(floor.core, (struct call_id){ FLOOR_CALLS, 1 }));
	assert_null(call_find(floor.core, call_at(4)));
	end(&floor, 3, BY_CALLER);
	assert_null(call_find(floor.core, call_at(3)));
	floor_close(&floor);
}

static void time_is_spent_where_it_is_spent(void **state)
{
	const struct contact *contact;
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	pass(&floor, SEC(3));
	answer(&floor, 0, 1);
	pass(&floor, SEC(40));
	tell_call(&floor, EVT_CALL_HELD, 0);
	pass(&floor, SEC(7));
	tell_call(&floor, EVT_CALL_RETRIEVED, 0);
	pass(&floor, SEC(5));
	tell_call(&floor, EVT_CALL_HELD, 0);
	pass(&floor, SEC(1));
	end(&floor, 0, BY_AGENT);
	contact = &find_action(&floor, ACT_END_CALL)->end;
	assert_int_equal(contact->wait, SEC(3));
	assert_int_equal(contact->ring, SEC(3));
	assert_int_equal(contact->talk, SEC(45));
	assert_int_equal(contact->hold, SEC(8));
	assert_int_equal(contact->by, BY_AGENT);
	assert_int_equal(contact->credited.slot, 0);
	assert_int_equal(contact->credited.gen, 1);
	floor_close(&floor);
}

static void the_oldest_exclusion_makes_room(void **state)
{
	struct floor floor;
	struct call *call;

	(void)state;
	floor_open(&floor);
	call = &floor.core->calls[0];
	floor.core->now = 100;
	for (uint32_t i = 0; i < CALL_EXCLUDED_MAX + 1; i++)
		call_exclude(floor.core, call, agent_at(i), 200 + i);
	assert_int_equal(call->r.excluded_count, CALL_EXCLUDED_MAX);
	assert_false(call_excludes(floor.core, call, agent_at(0)));
	assert_true(call_excludes(floor.core, call, agent_at(1)));
	assert_true(call_excludes(floor.core, call, agent_at(CALL_EXCLUDED_MAX)));

	call_exclude(floor.core, call, agent_at(5), 900); /* again: once, until later */
	assert_int_equal(call->r.excluded_count, CALL_EXCLUDED_MAX);
	floor.core->now = 899;
	assert_true(call_prune_exclusions(floor.core, call));
	assert_int_equal(call->r.excluded_count, 1);
	assert_false(call_prune_exclusions(floor.core, call));
	floor.core->now = 900;
	assert_false(call_excludes(floor.core, call, agent_at(5)));
	call_exclude(floor.core, call, agent_at(5), 900); /* over before it begins */
	assert_true(call_prune_exclusions(floor.core, call));
	assert_int_equal(call->r.excluded_count, 0);
	floor_close(&floor);
}

static void the_service_level_waits_for_the_short_abandons(void **state)
{
	struct queue_plan plan = usual_plan();
	struct floor floor;

	(void)state;
	floor_open(&floor);
	arrive(&floor, 0, 0);
	assert_int_equal(call_service_at(floor.core, &floor.core->calls[0]),
	                 floor.now + SEC(20) + 1);
	plan.short_abandon = SEC(30);
	set_plan(&floor, 1, plan);
	arrive(&floor, 1, 1);
	assert_int_equal(call_service_at(floor.core, &floor.core->calls[1]),
	                 floor.now + SEC(30) + 1);
	floor_close(&floor);
}

static void the_next_deadline_is_the_first_of_all(void **state)
{
	struct queue_plan plan = usual_plan();
	struct floor floor;
	usec_t start;

	(void)state;
	floor_open(&floor);
	plan.wait_max = SEC(60);
	set_plan(&floor, 0, plan);
	start = floor.now;
	arrive_keyed(&floor, 0, 0);
	assert_int_equal(core_deadline(floor.core), start + MSEC(50));
	recall_as(&floor, 0, RECALL_UNKNOWN);
	assert_int_equal(core_deadline(floor.core), start + SEC(20) + 1);
	pass(&floor, SEC(30));
	assert_int_equal(core_deadline(floor.core), start + SEC(60));
	log_in(&floor, 0, 0, true);
	assert_int_equal(core_deadline(floor.core), start + SEC(30 + 20 + 2));
	answer(&floor, 0, 1);
	assert_true(core_deadline(floor.core) == USEC_NEVER);
	end(&floor, 0, BY_CALLER);
	assert_int_equal(core_deadline(floor.core), start + SEC(30 + 10));
	floor_close(&floor);
}

static void a_slot_that_is_used_again_knows_nothing_of_the_former_call(void **state)
{
	static const struct call_record empty;
	struct core_event ev;
	struct floor floor;
	struct call_record r;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	return_to(&floor, 0, 0, 0);
	miss(&floor, 0, 1, MISS_BUSY);
	assert_int_equal(get_call(&floor, 0).excluded_count, 1);
	end(&floor, 0, BY_CALLER);

	ev = arrival(0, 1);
	ev.call_arrived.call.gen = 2;
	ev.call_arrived.arrived_at = floor.now;
	step(&floor, &ev);
	assert_true(core_get_call(floor.core, (struct call_id){ 0, 2 }, &r));
	assert_int_equal(r.excluded_count, 0);
	assert_int_equal(r.known_count, 0);
	assert_int_equal(r.offer, 0);
	assert_int_equal(r.ring, 0);
	assert_memory_equal(r.known, empty.known, sizeof(r.known));
	floor_close(&floor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stale_handle_finds_nothing),
		cmocka_unit_test(time_is_spent_where_it_is_spent),
		cmocka_unit_test(the_oldest_exclusion_makes_room),
		cmocka_unit_test(the_service_level_waits_for_the_short_abandons),
		cmocka_unit_test(the_next_deadline_is_the_first_of_all),
		cmocka_unit_test(a_slot_that_is_used_again_knows_nothing_of_the_former_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
