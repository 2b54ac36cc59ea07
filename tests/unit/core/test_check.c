#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "floor.h"

/* core_check() is worth something only if it sees what is broken: each of these breaks
 * one thing, in a process of its own. */

typedef void break_fn(struct core *core);

static void open_some(struct floor *floor)
{
	floor_open(floor);
	log_in(floor, 0, 0, true);
	arrive(floor, 0, 0);
	answer(floor, 0, 1);
	return_to(floor, 1, 0, 0);
	arrive(floor, 2, 0);
	log_in(floor, 1, 1, true);
	arrive(floor, 3, 1);
	log_in(floor, 2, 2, true);
}

static bool is_seen(break_fn *break_it)
{
	struct floor floor;
	pid_t child;
	int status;

	open_some(&floor);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		signal(SIGABRT, SIG_DFL);
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(2);
		break_it(floor.core);
		core_check(floor.core);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	floor_close(&floor);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void leave_alone(struct core *core)
{
	(void)core;
}

static void miscount_waiting(struct core *core)
{
	core->queues[0].calls[CALL_WAITING]++;
}

static void miscount_holding(struct core *core)
{
	core->agents[0].holding++;
}

static void miscount_members(struct core *core)
{
	core->queues[1].agents[AGENT_READY]++;
}

static void miscount_memberships(struct core *core)
{
	core->memberships_left--;
}

static void miscount_places(struct core *core)
{
	core->calls[2].place.count++;
}

static void forget_the_last(struct core *core)
{
	core->queues[0].lines[WAIT_OPEN].last = NULL;
}

static void swap_places(struct core *core)
{
	core->calls[2].r.priority = 7;
}

static void part_a_pair(struct core *core)
{
	core->agents[0].r.call.gen++;
}

static void forget_an_agent(struct core *core)
{
	core->calls[3].r.agent = (struct agent_id){ 0 };
}

static void lose_a_deadline(struct core *core)
{
	timer_set(&core->timers, timer_of_call(core, &core->calls[3]), USEC_NEVER);
}

static void give_a_talk_a_deadline(struct core *core)
{
	timer_set(&core->timers, timer_of_call(core, &core->calls[0]), core->now + 1);
}

static void hold_out_for_nobody(struct core *core)
{
	core->calls[2].r.sticky = STICKY_WAITING;
}

static void hold_out_for_the_absent(struct core *core)
{
	core->agents[0].r.device = DEVICE_UNREACHABLE;
	core->queues[0].unreachable++;
}

static void wait_in_vain(struct core *core)
{
	core->calls[2].r.excluded_count = 0;
	core->agents[2].r.queues[0] = 0;
	core->queues[0].ready = core->queues[2].ready;
	core->queues[2].ready.rbh_root = NULL;
	core->queues[0].agents[AGENT_READY]++;
	core->queues[2].agents[AGENT_READY]--;
}

static void forget_a_skill(struct core *core)
{
	core->memberships[core->agents[2].memberships].skills_below = 1;
}

static void count_a_fall_twice(struct core *core)
{
	core->stats[0].fallthrough[WHY_PAUSED]++;
}

static void disorder_deadlines(struct core *core)
{
	core->timers.entries[0].due = USEC_NEVER - 1;
}

static void list_the_absent(struct core *core)
{
	core->agents[2].r.device = DEVICE_BUSY;
}

static void whatever_is_broken_is_seen(void **state)
{
	static break_fn *const breaks[] = {
		miscount_waiting,
		miscount_holding,
		miscount_members,
		miscount_memberships,
		miscount_places,
		forget_the_last,
		swap_places,
		part_a_pair,
		forget_an_agent,
		lose_a_deadline,
		give_a_talk_a_deadline,
		hold_out_for_nobody,
		hold_out_for_the_absent,
		wait_in_vain,
		count_a_fall_twice,
		disorder_deadlines,
		list_the_absent,
		forget_a_skill,
	};

	(void)state;
	assert_false(is_seen(leave_alone));
	for (size_t i = 0; i < ARRAY_LEN(breaks); i++) {
		if (!is_seen(breaks[i]))
			fail_msg("break number %zu is not seen", i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_is_broken_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
