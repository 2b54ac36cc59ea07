#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "replay_args.h"

/* Splits the line at blanks and parses it. */
static int parse(struct replay_args *args, const char *line, struct err *err)
{
	static char text[256];
	char *argv[16] = { NULL };
	int argc = 0;

	snprintf(text, sizeof(text), "najimi-replay %s", line);
	for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " "))
		argv[argc++] = word;
	return replay_args_parse(args, argc, argv, err);
}

static void knows_its_defaults(void **state)
{
	struct replay_args args;
	struct err err;

	(void)state;
	assert_int_equal(parse(&args, "dir/bank_calls.csv", &err), 0);
	assert_string_equal(args.agents_path, "dir/bank_agents.csv");
	assert_string_equal(args.policy, "rate:60");
	assert_true(args.plan.sticky);
	assert_int_equal(args.plan.value, SEC(60));
	assert_int_equal(args.rules.window, HOUR(168));
	assert_false(args.through);
	replay_args_done(&args);
}

static void takes_every_form_of_a_policy(void **state)
{
	static const struct {
		const char *words;
		enum sticky_policy policy;
		bool in_turn;
		usec_t wait, value, head_start;
	} cases[] = {
		{ "--policy off", POLICY_OFF, false, 0, 0, 0 },
		{ "--policy loose", POLICY_LOOSE, false, 0, 0, 0 },
		{ "--policy own_first", POLICY_OWN_FIRST, false, 0, 0, 0 },
		{ "--policy fixed:60", POLICY_FIXED, true, SEC(60), 0, 0 },
		{ "--policy fixed:1500ms+own_first", POLICY_FIXED, false, MSEC(1500), 0, 0 },
		{ "--wait-busy 2m", POLICY_FIXED, false, MINUTE(2), 0, 0 },
		{ "--policy off --wait-busy 5", POLICY_FIXED, false, SEC(5), 0, 0 },
		{ "--policy rate:150", POLICY_RATE, false, 0, SEC(150), 0 },
		{ "--policy rate:2m+head_start:40", POLICY_RATE, false, 0, MINUTE(2), SEC(40) },
		{ "--policy rate:9+budget:1m+head_start:4", POLICY_RATE, false, 0, SEC(9), SEC(4) },
		{ "--policy balanced", POLICY_RATE, false, 0, SEC(150), 0 },
		{ "--policy regulars", POLICY_RATE, false, 0, SEC(165), SEC(50) },
		{ "--policy strict", POLICY_STRICT, false, 0, 0, 0 },
		{ "--policy new_agent", POLICY_NEW_AGENT, false, 0, 0, 0 },
	};
	struct replay_args args;
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char line[96];

		snprintf(line, sizeof(line), "%s x_calls.csv", cases[i].words);
		assert_int_equal(parse(&args, line, &err), 0);
		assert_int_equal(args.plan.sticky, cases[i].policy != POLICY_OFF);
		assert_int_equal(args.plan.policy, cases[i].policy);
		assert_int_equal(args.plan.in_turn, cases[i].in_turn);
		assert_int_equal(args.plan.wait_busy, cases[i].wait);
		if (cases[i].policy == POLICY_RATE)
			assert_int_equal(args.plan.value, cases[i].value);
		assert_int_equal(args.plan.head_start, cases[i].head_start);
		replay_args_done(&args);
	}
}

static void takes_the_daemons_address(void **state)
{
	struct replay_args args;
	struct err err;

	(void)state;
	assert_int_equal(parse(&args, "x_calls.csv --through [::1]:7070 --speed 60.5", &err), 0);
	assert_true(args.through);
	assert_string_equal(args.target.address, "[::1]:7070");
	assert_true(args.target.speed == 60.5);
	replay_args_done(&args);
	assert_int_equal(parse(&args, "--agents a.csv x.csv --through localhost:1", &err), 0);
	assert_string_equal(args.target.address, "localhost:1");
	assert_string_equal(args.agents_path, "a.csv");
	replay_args_done(&args);
}

static void says_what_it_does_not_understand(void **state)
{
	static const struct {
		const char *line, *want;
	} cases[] = {
		{ "", "one CALLS.csv is wanted, 0 were given" },
		{ "a_calls.csv b_calls.csv", "one CALLS.csv is wanted, 2 were given" },
		{ "calls.csv", "--agents FILE is missing" },
		{ "--polcy off x_calls.csv", "--polcy: no such option" },
		{ "x_calls.csv --policy", "--policy wants a value" },
		{ "x_calls.csv --policy best", "'best' is none of off, loose, own_first, strict" },
		{ "x_calls.csv --policy rate:", "'' is no duration" },
		{ "x_calls.csv --policy rate:9+x", "'+x' is none of +budget:T, +credit:T" },
		{ "x_calls.csv --policy rate:9+head_start:5m", "a head start is at most 240 s" },
		{ "x_calls.csv --policy fixed:9+x", "'+x' is not +own_first" },
		{ "x_calls.csv --policy fixed:", "'' is no duration" },
		{ "x_calls.csv --window never", "--window: 'never' is no duration" },
		{ "x_calls.csv --wrapup 25h", "--wrapup: 25h is above 86400 s" },
		{ "x_calls.csv --days 0", "--days: '0' is no number from 1 to 3660" },
		{ "x_calls.csv --known 4", "--known: '4' is no number from 1 to 3" },
		{ "x_calls.csv --speed nan", "--speed: 'nan' is no number" },
		{ "x_calls.csv --speed 10x", "--speed: '10x' is no number" },
		{ "x_calls.csv --through 7070", "--through: '7070' is not HOST:PORT" },
		{ "x_calls.csv --through a:99999", "--through: 'a:99999' is not HOST:PORT" },
		{ "x_calls.csv --through a:1 --compare", "--compare plays in virtual time" },
	};
	struct replay_args args;
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(parse(&args, cases[i].line, &err), -EINVAL);
		if (strstr(err.text, cases[i].want) == NULL)
			fail_msg("'%s' says: %s", cases[i].line, err.text);
		replay_args_done(&args);
	}
}

static void help_names_every_option(void **state)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	replay_args_help(out);
	fclose(out);
	assert_non_null(strstr(text, "--through HOST:PORT"));
	assert_non_null(strstr(text, "--days-warm-up N"));
	assert_non_null(strstr(text, "--print-config"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_its_defaults),
		cmocka_unit_test(takes_every_form_of_a_policy),
		cmocka_unit_test(takes_the_daemons_address),
		cmocka_unit_test(says_what_it_does_not_understand),
		cmocka_unit_test(help_names_every_option),
	};

	return cmocka_run_group_tests_name("replay_args", tests, NULL, NULL);
}
