#include "najimi/shell/loop.h"

#include <errno.h>
#include <event2/event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "najimi/shell/clock.h"

/* A centre with one queue, and a note of all that the loop did. */
struct floor {
	struct event_base *base;
	struct meters meters;
	struct loop *loop;
	unsigned orders, decisions, turns, rooms;
	bool post_while_performing;
	unsigned posted_while_performing;
};

static void on_perform(const struct core_actions *actions, void *arg)
{
	struct floor *floor = arg;

	floor->orders += (unsigned)actions->count;
	for (size_t i = 0; i < actions->count; i++)
		floor->decisions += actions->items[i].type == ACT_DECIDE;
	if (floor->post_while_performing) {
		floor->post_while_performing = false;
		assert_int_equal(
		        loop_post(floor->loop, &(struct core_event){ .type = EVT_TIME_PASSED }), 0);
		floor->posted_while_performing = floor->turns + 1;
	}
}

static void on_turn_over(void *arg)
{
	((struct floor *)arg)->turns++;
}

static void on_room(void *arg)
{
	((struct floor *)arg)->rooms++;
}

static int set_up(void **state)
{
	static struct floor floor;
	struct core_limits limits = {
		.calls_max = 4, .agents_max = 2, .queues_max = 1, .memberships_max = 4
	};
	struct core_event ev = { .type = EVT_QUEUE_CONFIGURED };

	floor = (struct floor){ .base = event_base_new() };
	meters_init(&floor.meters);
	floor.loop = loop_new(floor.base, &limits, &floor.meters);
	if (floor.loop == NULL)
		return -1;
	loop_set_hooks(floor.loop, &(struct loop_hooks){ .perform = on_perform,
	                                                 .turn_over = on_turn_over,
	                                                 .room = on_room,
	                                                 .arg = &floor });
	ev.queue_configured.plan = (struct queue_plan){
		.open = true, .waiting_max = 4, .ring = SEC(20), .wait_max = SEC(1)
	};
	loop_apply(floor.loop, &ev);
	event_base_loop(floor.base, EVLOOP_NONBLOCK);
	floor.turns = 0;
	*state = &floor;
	return 0;
}

static int tear_down(void **state)
{
	struct floor *floor = *state;

	loop_free(floor->loop);
	event_base_free(floor->base);
	libevent_global_shutdown();
	return 0;
}

static struct core_event arrival(uint32_t slot)
{
	struct core_event ev = { .type = EVT_CALL_ARRIVED };

	ev.call_arrived.call = (struct call_id){ slot, 1 };
	ev.call_arrived.arrived_at = clock_now();
	return ev;
}

static void posting_never_steps_and_a_turn_steps_all_that_was_posted(void **state)
{
	struct floor *floor = *state;
	struct core_event first = arrival(0), second = arrival(1);

	assert_int_equal(loop_post(floor->loop, &first), 0);
	assert_int_equal(loop_post(floor->loop, &second), 0);
	assert_int_equal(floor->decisions, 0);
	event_base_loop(floor->base, EVLOOP_NONBLOCK);
	assert_int_equal(floor->decisions, 2);
	assert_int_equal(floor->turns, 1);
}

static void what_is_posted_while_performing_waits_for_the_next_turn(void **state)
{
	struct floor *floor = *state;
	struct core_event ev = arrival(0);

	floor->post_while_performing = true;
	assert_int_equal(loop_post(floor->loop, &ev), 0);
	event_base_loop(floor->base, EVLOOP_NONBLOCK);
	event_base_loop(floor->base, EVLOOP_NONBLOCK);
	assert_int_equal(floor->posted_while_performing, 1);
	assert_int_equal(floor->turns, 2);
}

static void who_has_posted_can_see_whether_it_was_stepped(void **state)
{
	struct floor *floor = *state;
	struct core_event first = arrival(0), second = arrival(1);
	unsigned before = loop_posted(floor->loop), after;

	assert_true(loop_has_stepped(floor->loop, before));
	assert_int_equal(loop_post(floor->loop, &first), 0);
	after = loop_posted(floor->loop);
	assert_int_equal(after, before + 1);
	assert_int_equal(loop_post(floor->loop, &second), 0);
	assert_true(loop_has_stepped(floor->loop, before));
	assert_false(loop_has_stepped(floor->loop, after));
	event_base_loop(floor->base, EVLOOP_NONBLOCK);
	assert_true(loop_has_stepped(floor->loop, after));
	assert_true(loop_has_stepped(floor->loop, loop_posted(floor->loop)));
}

static void a_nudge_ends_a_turn_in_which_nothing_happened(void **state)
{
	struct floor *floor = *state;

	loop_nudge(floor->loop);
	event_base_loop(floor->base, EVLOOP_NONBLOCK);
	assert_int_equal(floor->turns, 1);
}

static void a_full_inbox_refuses_and_says_when_there_is_room(void **state)
{
	struct floor *floor = *state;
	int r = 0;

	for (int i = 0; i < 100000 && r == 0; i++)
		r = loop_post(floor->loop, &(struct core_event){ .type = EVT_TIME_PASSED });
	assert_int_equal(r, -ENOBUFS);
	assert_int_equal(floor->rooms, 0);
	event_base_loop(floor->base, EVLOOP_NONBLOCK);
	assert_int_equal(floor->rooms, 1);
	assert_int_equal(loop_post(floor->loop, &(struct core_event){ .type = EVT_TIME_PASSED }),
	                 0);
}

static void the_alarm_steps_the_core_when_its_deadline_comes(void **state)
{
	struct floor *floor = *state;
	struct core_event ev = arrival(0);

	assert_int_equal(loop_post(floor->loop, &ev), 0);
	event_base_loop(floor->base, EVLOOP_NONBLOCK);
	assert_int_equal(floor->decisions, 1);
	/* Nothing is posted: only the caller's longest wait can bring the second. */
	while (floor->decisions < 2)
		event_base_loop(floor->base, EVLOOP_ONCE);
	assert_int_equal(core_deadline(loop_core(floor->loop)) == USEC_NEVER, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		        posting_never_steps_and_a_turn_steps_all_that_was_posted, set_up,
		        tear_down),
		cmocka_unit_test_setup_teardown(
		        what_is_posted_while_performing_waits_for_the_next_turn, set_up, tear_down),
		cmocka_unit_test_setup_teardown(who_has_posted_can_see_whether_it_was_stepped,
		                                set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_nudge_ends_a_turn_in_which_nothing_happened,
		                                set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_full_inbox_refuses_and_says_when_there_is_room,
		                                set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_alarm_steps_the_core_when_its_deadline_comes,
		                                set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
