#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "alloc.h"
#include "floor.h"

static void without_memory_there_is_no_core(void **state)
{
	struct core_limits limits = floor_limits();

	(void)state;
	alloc_fail(1);
	assert_null(core_new(&limits));
	assert_null(core_free(NULL));
}

static void the_only_allocation_is_the_first(void **state)
{
	struct floor floor;
	size_t before;

	(void)state;
	before = alloc_count();
	floor_open(&floor);
	assert_int_equal(alloc_count(), before + 1);
	for (uint32_t i = 0; i < 20; i++) {
		log_in(&floor, i, i % 3, true);
		return_to(&floor, i, i % 3, i);
		answer(&floor, i, 1);
		end(&floor, i, BY_CALLER);
	}
	core_digest(floor.core);
	floor_close(&floor);
	assert_int_equal(alloc_count(), before + 1);
}

static void a_core_of_nothing_can_be_made(void **state)
{
	struct core_limits limits = { 0 };
	struct core *core = core_new(&limits);

	(void)state;
	assert_non_null(core);
	core_check(core);
	assert_true(core_deadline(core) == USEC_NEVER);
	core_free(core);
}

static void time_may_pass_without_anything_being_due(void **state)
{
	struct core_event ev = { .type = EVT_TIME_PASSED };
	struct floor floor;

	(void)state;
	floor_open(&floor);
	floor.now += SEC(1);
	step(&floor, &ev);
	assert_int_equal(floor.out.count, 0);
	assert_int_equal(core_now(floor.core), floor.now);
	arrive(&floor, 0, 0);
	floor.now += SEC(1);
	step(&floor, &ev);
	assert_int_equal(floor.out.count, 0);
	floor_close(&floor);
}

static void one_step_fires_one_timer(void **state)
{
	struct queue_plan plan = usual_plan();
	struct core_event ev = { .type = EVT_TIME_PASSED };
	struct floor floor;

	(void)state;
	floor_open(&floor);
	plan.wait_max = SEC(10);
	set_plan(&floor, 0, plan);
	arrive(&floor, 0, 0);
	arrive(&floor, 1, 0);
	floor.now += SEC(10);
	step(&floor, &ev);
	assert_int_equal(count_of(&floor, ACT_END_CALL), 1);
	assert_int_equal(find_action(&floor, ACT_END_CALL)->call.slot, 0);
	assert_int_equal(core_deadline(floor.core), floor.now);
	step(&floor, &ev);
	assert_int_equal(find_action(&floor, ACT_END_CALL)->call.slot, 1);
	assert_true(core_deadline(floor.core) == USEC_NEVER);
	floor_close(&floor);
}

static void at_the_same_instant_the_agent_comes_before_the_overflow(void **state)
{
	struct queue_plan plan = usual_plan();
	struct floor floor;

	(void)state;
	floor_open(&floor);
	plan.wait_max = SEC(10);
	set_plan(&floor, 0, plan);
	log_in(&floor, 150, 0, true);
	arrive(&floor, 0, 0);
	answer(&floor, 0, 1);
	end(&floor, 0, BY_CALLER); /* wraps up for ten seconds */
	arrive(&floor, 1, 0);
	pass(&floor, SEC(10));
	assert_offered_to(&floor, 1, 150);
	floor_close(&floor);
}

static void a_deadline_that_has_passed_is_now(void **state)
{
	struct core_event ev = arrival(0, 0);
	struct queue_plan plan = usual_plan();
	struct floor floor;

	(void)state;
	floor_open(&floor);
	plan.wait_max = SEC(10);
	set_plan(&floor, 0, plan);
	ev.call_arrived.arrived_at = floor.now - SEC(30);
	step(&floor, &ev);
	assert_call(&floor, 0, CALL_WAITING);
	assert_int_equal(core_deadline(floor.core), floor.now);
	pass(&floor, 0);
	assert_int_equal(get_queue(&floor, 0).waiting, 0);
	floor_close(&floor);
}

/* What the one who steps must not do ends the process. */
static bool is_fatal(struct floor *floor, const struct core_event *ev)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		signal(SIGABRT, SIG_DFL);
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(2);
		core_step(floor->core, ev, &floor->out);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void an_event_out_of_order_is_our_own_mistake(void **state)
{
	struct core_event ev = { .type = EVT_AGENT_READY };
	struct floor floor;

	(void)state;
	floor_open(&floor);
	arrive(&floor, 0, 0);
	ev.agent_ready.agent = agent_at(0);
	ev.at = floor.now - 1;
	assert_true(is_fatal(&floor, &ev));
	ev.at = floor.now + SEC(20);
	assert_false(is_fatal(&floor, &ev));
	ev.at = floor.now + SEC(20) + 1; /* the service level's threshold is due then */
	assert_true(is_fatal(&floor, &ev));
	ev = arrival(0, 0); /* the slot is in use */
	ev.at = floor.now;
	assert_true(is_fatal(&floor, &ev));
	floor_close(&floor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_memory_there_is_no_core),
		cmocka_unit_test(the_only_allocation_is_the_first),
		cmocka_unit_test(a_core_of_nothing_can_be_made),
		cmocka_unit_test(time_may_pass_without_anything_being_due),
		cmocka_unit_test(one_step_fires_one_timer),
		cmocka_unit_test(at_the_same_instant_the_agent_comes_before_the_overflow),
		cmocka_unit_test(a_deadline_that_has_passed_is_now),
		cmocka_unit_test(an_event_out_of_order_is_our_own_mistake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
