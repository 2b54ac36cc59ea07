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
	assert_string_equal(args.policy, "fixed:20");
	assert_true(args.sticky);
	assert_int_equal(args.wait_busy, SEC(20));
	assert_int_equal(args.rules.window, HOUR(168));
	assert_false(args.through);
	replay_args_done(&args);
}

static void takes_every_form_of_a_policy(void **state)
{
	static const struct {
		const char *words;
		bool sticky;
		usec_t wait;
	} cases[] = {
		{ "--policy off", false, 0 },
		{ "--policy own_first", true, 0 },
		{ "--policy fixed:60", true, SEC(60) },
		{ "--policy fixed:1500ms", true, MSEC(1500) },
		{ "--wait-busy 2m", true, MINUTE(2) },
		{ "--policy off --wait-busy 5", true, SEC(5) },
	};
	struct replay_args args;
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char line[96];

		snprintf(line, sizeof(line), "%s x_calls.csv", cases[i].words);
		assert_int_equal(parse(&args, line, &err), 0);
		assert_int_equal(args.sticky, cases[i].sticky);
		assert_int_equal(args.wait_busy, cases[i].wait);
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
		{ "x_calls.csv --policy rate:60", "'rate:60' is none of off, own_first, fixed:T" },
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
