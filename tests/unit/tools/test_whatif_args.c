#include "whatif_args.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct whatif_args args;
static struct err err;

static int take(int option, const char *value)
{
	whatif_args_init(&args);
	err = (struct err){ "" };
	return whatif_args_take(&args, option, value, &err);
}

static void assert_refused(int option, const char *value, const char *words)
{
	assert_int_equal(take(option, value), -EINVAL);
	if (strstr(err.text, words) == NULL)
		fail_msg("'%s' does not say '%s'", err.text, words);
}

static void two_weeks_and_thirteen_values_are_usual(void **state)
{
	(void)state;
	whatif_args_init(&args);
	assert_true(args.since == HOUR(24) * 14);
	assert_int_equal(args.values_count, 13);
	assert_int_equal(args.values[0], 0);
	assert_int_equal(args.values[1], 25);
	assert_int_equal(args.values[12], 300);
	assert_false(args.has_wait_idle || args.has_wait_skipped || args.has_credit);
	assert_int_equal(args.agents, 0);
	assert_null(args.from);
}

static void a_range_of_values_may_have_a_step(void **state)
{
	(void)state;
	assert_int_equal(take(WHATIF_VALUE, "10..100:40"), 0);
	assert_int_equal(args.values_count, 4);
	assert_int_equal(args.values[2], 90);
	assert_int_equal(args.values[3], 100); /* the end is always there */
	assert_int_equal(take(WHATIF_VALUE, "0..6"), 0);
	assert_int_equal(args.values_count, 7);
	assert_int_equal(take(WHATIF_VALUE, "150"), 0);
	assert_int_equal(args.values_count, 1);
	assert_int_equal(args.values[0], 150);
	assert_int_equal(take(WHATIF_VALUE, "0..60:1"), 0);
	assert_int_equal(args.values_count, WHATIF_VALUES_MAX);
	assert_int_equal(args.values[60], 60);
}

static void a_range_that_is_none_is_refused(void **state)
{
	static const char *const bad[] = { "",         "..",      "5..",   "9..5",
		                           "0..300:0", "0..300:", "0.300", "0..3601",
		                           "-1..5",    "a",       "1..2x", "0..99999999999" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_refused(WHATIF_VALUE, bad[i], "--value");
	assert_refused(WHATIF_VALUE, "0..61:1", "more than 61 values");
}

static void agents_come_and_go(void **state)
{
	(void)state;
	assert_int_equal(take(WHATIF_AGENTS, "+2"), 0);
	assert_int_equal(args.agents, 2);
	assert_int_equal(take(WHATIF_AGENTS, "-1"), 0);
	assert_int_equal(args.agents, -1);
	assert_int_equal(take(WHATIF_AGENTS, "3"), 0);
	assert_int_equal(args.agents, 3);
	assert_refused(WHATIF_AGENTS, "two", "--agents: 'two'");
	assert_refused(WHATIF_AGENTS, "+-2", "--agents");
	assert_refused(WHATIF_AGENTS, "1001", "--agents");
}

static void durations_have_their_limits(void **state)
{
	(void)state;
	assert_int_equal(take(WHATIF_SINCE, "60d"), 0);
	assert_true(args.since == HOUR(24) * 60);
	assert_int_equal(take(WHATIF_WAIT_IDLE, "2m"), 0);
	assert_true(args.has_wait_idle && args.wait_idle == MINUTE(2));
	assert_int_equal(take(WHATIF_WAIT_SKIPPED, "0s"), 0);
	assert_true(args.has_wait_skipped && args.wait_skipped == 0);
	assert_int_equal(take(WHATIF_CREDIT, "never"), 0);
	assert_true(args.has_credit && args.credit == USEC_NEVER);
	assert_refused(WHATIF_SINCE, "never", "--since: 'never' is no duration from 1m");
	assert_refused(WHATIF_SINCE, "5s", "--since");
	assert_refused(WHATIF_WAIT_IDLE, "2h", "--wait-idle: '2h' is no duration from 0s to 1h");
	assert_refused(WHATIF_WAIT_SKIPPED, "60", "--wait-skipped");
	assert_refused(WHATIF_CREDIT, "25h", "or never");
}

static void files_have_names(void **state)
{
	(void)state;
	assert_int_equal(take(WHATIF_SVG, "a.svg"), 0);
	assert_string_equal(args.svg, "a.svg");
	assert_int_equal(take(WHATIF_PROGRESS, NULL), 0);
	assert_true(args.progress);
	assert_refused(WHATIF_PNG, "", "--png: wants a file");
	assert_refused(WHATIF_CONFIG, "", "--config");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_weeks_and_thirteen_values_are_usual),
		cmocka_unit_test(a_range_of_values_may_have_a_step),
		cmocka_unit_test(a_range_that_is_none_is_refused),
		cmocka_unit_test(agents_come_and_go),
		cmocka_unit_test(durations_have_their_limits),
		cmocka_unit_test(files_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
