/* What queueing theory says exactly, of the real core. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "centre.h"
#include "interval.h"
#include "twin.h"

#include "najimi/core/snapshot.h"
#include "najimi/core/view.h"

/* 20 agents at a load of 0.9, talks of three minutes: Erlang C. */
#define AGENTS 20
#define LOAD 0.9
#define TALK SEC(180)
#define MEAN_WAIT_S 49.569
#define RETURNING 300000

static struct centre_setup usual(void)
{
	return (struct centre_setup){
		.agents = AGENTS,
		.gap = centre_gap(AGENTS, TALK, LOAD),
		.talk = TALK,
		.returning = RETURNING,
		.known = KNOWN_MAX,
		.plan = centre_plain_plan(),
		.rules = { .recall_max = SEC(1) },
		.edges = { USEC_NEVER, USEC_NEVER },
		.warmup = 2000,
		.calls = 30000,
		.after = 2000,
		.seed = 7,
	};
}

/* Balanced, as users would have it. */
static struct queue_plan rate_plan(void)
{
	struct queue_plan plan = centre_plain_plan();

	plan.policy = POLICY_RATE;
	plan.line_max = 3;
	plan.value = SEC(150);
	plan.skip_price = 300;
	plan.wait_idle = SEC(60);
	plan.wait_skipped = SEC(60);
	plan.credit = SEC(120);
	plan.overtake_max = SEC(600);
	plan.familiarity[0] = 600;
	plan.familiarity[1] = 400;
	return plan;
}

/* Everything there is to be switched on, within one queue. */
static struct centre_setup everything(void)
{
	struct centre_setup setup = usual();

	setup.patience = MINUTE(6);
	setup.urgent = 100000;
	setup.tiers = 3;
	setup.calls = 12000;
	setup.plan = rate_plan();
	setup.plan.wrapup = SEC(20);
	setup.plan.min_talk = SEC(10);
	setup.plan.candidates = KNOWN_MAX;
	setup.plan.fade = HOUR(30);
	setup.plan.load_max = 950;
	setup.plan.prefers_team = true;
	setup.plan.head_start = SEC(20);
	setup.plan.service_guard = SEC(300);
	setup.plan.agent_calls = 20;
	setup.plan.target_extra_wait = SEC(6);
	setup.rules.tiers_count = 3;
	setup.rules.tiers[0] = (struct tier_plan){ SEC(30), 1000, 1000, USEC_NEVER, USEC_NEVER };
	setup.rules.tiers[1] = (struct tier_plan){ 0, 2000, 500, SEC(90), SEC(120) };
	setup.rules.tiers[2] = (struct tier_plan){ 0, 500, 2000, 0, SEC(20) };
	setup.traces = true;
	return setup;
}

static double share_own(const struct centre_figures *figures)
{
	return (double)figures->own / (double)figures->returning;
}

static void without_stickiness_the_mean_wait_is_that_of_erlang_c(void **state)
{
	double values[RUNS];
	struct interval interval;

	(void)state;
	for (unsigned run = 0; run < RUNS; run++) {
		struct centre_setup setup = usual();
		struct centre_figures figures;

		setup.seed = run;
		centre_run(&setup, &figures);
		values[run] = figures.class_wait[1] / (double)figures.calls;
	}
	interval = interval_of(values);
	assert_true(interval_miss(&interval, MEAN_WAIT_S, 0) <= 1);
	assert_true(interval.half < MEAN_WAIT_S / 10);
}

/* Talks are drawn as they begin. If nobody is kept idle beside one who waits, all begin
 * at the very same instants whoever is taken, and together callers wait the same. */
static void check_conserved(const struct queue_plan *plan, const char *name, bool reunites)
{
	struct centre_setup setup = usual();
	struct centre_figures off, on;

	centre_run(&setup, &off);
	setup.plan = *plan;
	centre_run(&setup, &on);
	if (on.starts != off.starts || on.waited_in_all != off.waited_in_all)
		fail_msg("%s: somebody was kept idle: %.3f s of waiting instead of %.3f s", name,
		         (double)on.waited_in_all / 1e6, (double)off.waited_in_all / 1e6);
	if (reunites && share_own(&on) < 2.0 / AGENTS)
		fail_msg("%s: only %.3f reunited", name, share_own(&on));
}

static void own_callers_first_costs_nobody_in_particular_any_time(void **state)
{
	struct queue_plan plan = centre_plain_plan();

	(void)state;
	plan.policy = POLICY_OWN_FIRST;
	check_conserved(&plan, "own_first", true);
	plan.policy = POLICY_LOOSE;
	check_conserved(&plan, "loose", false);
	plan.policy = POLICY_FIXED;
	check_conserved(&plan, "fixed:0", true);
	plan.in_turn = true;
	check_conserved(&plan, "fixed:0 in turn", false);
}

static void skipping_without_idling_costs_no_time_whatever_its_price(void **state)
{
	static const usec_t values[] = { SEC(60), SEC(150), SEC(1000), HOUR(10) };
	static const uint16_t prices[] = { 0, 300, 1000 };
	static const usec_t credits[] = { 0, SEC(120), USEC_NEVER };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		for (size_t j = 0; j < ARRAY_LEN(prices); j++) {
			struct queue_plan plan = rate_plan();
			char name[64];

			plan.wait_idle = 0;
			plan.value = values[i];
			plan.skip_price = prices[j];
			plan.credit = credits[(i + j) % ARRAY_LEN(credits)];
			plan.head_start = SEC(20 * (i % 3));
			snprintf(name, sizeof(name), "rate:%u at %u",
			         (unsigned)(values[i] / SEC(1)), prices[j]);
			check_conserved(&plan, name, i > 0);
		}
}

/* The check above would see it. */
static void holding_out_beside_an_idle_agent_costs_time(void **state)
{
	struct centre_setup setup = usual();
	struct centre_figures off, on;

	(void)state;
	centre_run(&setup, &off);
	setup.plan = rate_plan();
	setup.plan.value = SEC(400);
	centre_run(&setup, &on);
	assert_true(on.held_out > 0);
	assert_true(on.starts != off.starts);
	assert_true(on.waited_in_all > off.waited_in_all);
}

static void check_strict(usec_t wrapup)
{
	struct centre_setup setup = usual();
	struct centre_figures figures;

	setup.plan.wrapup = wrapup;
	setup.gap = centre_gap(AGENTS, TALK, 0.7);
	setup.plan.policy = POLICY_STRICT;
	centre_run(&setup, &figures);
	assert_true(figures.returning > setup.calls / 4);
	assert_int_equal(figures.own, figures.returning);
	assert_int_equal(figures.abandoned, 0);
}

static void strict_binding_reunites_everybody(void **state)
{
	(void)state;
	check_strict(0);
}

static void strict_binding_reunites_everybody_across_wrap_ups(void **state)
{
	(void)state;
	check_strict(SEC(20));
}

static void no_value(struct queue_plan *plan)
{
	plan->policy = POLICY_RATE;
	plan->value = 0;
	plan->target_extra_wait = 0; /* which would find a value */
}

static void no_change(struct queue_plan *plan)
{
	(void)plan;
}

static void a_whole_value(struct queue_plan *plan)
{
	plan->policy = POLICY_RATE;
}

struct pair {
	struct twin twin;
	struct err err;
	int r;
};

static void follow(void *context, const struct core *core, const struct core_event *ev,
                   const struct core_actions *actions)
{
	struct pair *pair = context;

	if (pair->r == 0)
		pair->r = twin_step(&pair->twin, core, ev, actions, &pair->err);
}

static int live_twice(const struct centre_setup *setup, twin_change_fn *change, struct err *err)
{
	struct core_limits limits = centre_limits(setup);
	struct centre_figures figures;
	struct pair pair = { .r = 0 };

	twin_begin(&pair.twin, &limits, change);
	centre_watch(setup, follow, &pair, &figures);
	twin_end(&pair.twin);
	*err = pair.err;
	return pair.r;
}

static void a_value_of_nothing_is_no_stickiness_step_for_step(void **state)
{
	struct centre_setup setup = everything();
	struct err err;

	(void)state;
	setup.calls = 3000;
	setup.plan.policy = POLICY_OFF;
	if (live_twice(&setup, no_value, &err) < 0)
		fail_msg("%s", err.text);
	/* And the comparison sees what differs. */
	assert_true(live_twice(&setup, a_whole_value, &err) < 0);
}

static void a_core_has_no_secrets_from_its_twin(void **state)
{
	struct centre_setup setup = everything();
	struct err err;

	(void)state;
	setup.calls = 3000;
	if (live_twice(&setup, no_change, &err) < 0)
		fail_msg("%s", err.text);
}

static void equal_seeds_give_equal_digests_with_everything_switched_on(void **state)
{
	struct centre_setup setup = everything();
	struct centre_figures first, second, other;

	(void)state;
	centre_run(&setup, &first);
	centre_run(&setup, &second);
	setup.seed++;
	centre_run(&setup, &other);
	assert_true(first.held_out > 0);
	assert_true(first.abandoned > 0);
	assert_true(first.digest == second.digest);
	assert_true(first.trace == second.trace);
	assert_true(first.digest != other.digest);
	assert_true(first.trace != other.trace);
}

static void a_core_that_is_copied_now_and_then_goes_on_as_if_nothing_had_been(void **state)
{
	struct centre_setup setup = everything();
	struct centre_figures whole, copied;

	(void)state;
	setup.calls = 3000;
	centre_run(&setup, &whole);
	setup.copy_every = 97;
	centre_run(&setup, &copied);
	assert_true(whole.digest == copied.digest);
	assert_true(whole.trace == copied.trace);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_stickiness_the_mean_wait_is_that_of_erlang_c),
		cmocka_unit_test(own_callers_first_costs_nobody_in_particular_any_time),
		cmocka_unit_test(skipping_without_idling_costs_no_time_whatever_its_price),
		cmocka_unit_test(holding_out_beside_an_idle_agent_costs_time),
		cmocka_unit_test(strict_binding_reunites_everybody),
		cmocka_unit_test(strict_binding_reunites_everybody_across_wrap_ups),
		cmocka_unit_test(a_value_of_nothing_is_no_stickiness_step_for_step),
		cmocka_unit_test(a_core_has_no_secrets_from_its_twin),
		cmocka_unit_test(equal_seeds_give_equal_digests_with_everything_switched_on),
		cmocka_unit_test(a_core_that_is_copied_now_and_then_goes_on_as_if_nothing_had_been),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
