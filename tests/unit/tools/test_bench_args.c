#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bench_args.h"

/* Splits the line at blanks and parses it. */
static int parse(struct bench_args *args, const char *line, struct err *err)
{
	static char text[256];
	char *argv[16] = { NULL };
	int argc = 0;

	snprintf(text, sizeof(text), "najimi-bench %s", line);
	for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " "))
		argv[argc++] = word;
	return bench_args_parse(args, argc, argv, err);
}

static void takes_what_it_is_told(void **state)
{
	struct bench_args args;
	struct err err;

	(void)state;
	assert_int_equal(parse(&args, "", &err), 0);
	assert_true(args.rate == 0);
	assert_int_equal(args.length, SEC(5));
	assert_string_equal(args.load.queue, "bench");
	assert_int_equal(parse(&args,
	                       "--rate 2500.5 --seconds 3 --connections 2 --lives 50 --agents 9 "
	                       "--redis unix:/r --queue x --json",
	                       &err),
	                 0);
	assert_true(args.rate == 2500.5);
	assert_int_equal(args.length, SEC(3));
	assert_int_equal(args.load.connections, 2);
	assert_int_equal(args.load.lives, 50);
	assert_int_equal(args.load.agents, 9);
	assert_string_equal(args.redis, "unix:/r");
	assert_true(args.json);
	assert_int_equal(
	        parse(&args, "--scenario ready --waiting 70 --handovers 8 --rate max", &err), 0);
	assert_int_equal(args.scenario, SCENARIO_READY);
	assert_int_equal(args.waiting, 70);
	assert_int_equal(args.handovers, 8);
}

static void says_what_it_does_not_understand(void **state)
{
	static const struct {
		const char *line, *want;
	} cases[] = {
		{ "7070", "'7070' is no option" },
		{ "--ratio 3", "--ratio: no such option" },
		{ "--rate", "--rate wants a value" },
		{ "--rate fast", "--rate: 'fast' is neither max nor" },
		{ "--rate 0", "--rate: '0' is neither max nor" },
		{ "--lives 201", "--lives: '201' is no number from 1 to 200" },
		{ "--scenario x", "--scenario: 'x' is not lives, ready or fastagi" },
		{ "--queue a\"b", "--queue: 'a\"b' cannot be measured" },
	};
	struct bench_args args;
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(parse(&args, cases[i].line, &err), -EINVAL);
		if (strstr(err.text, cases[i].want) == NULL)
			fail_msg("'%s' says: %s", cases[i].line, err.text);
	}
}

static void the_configuration_is_for_these_arguments(void **state)
{
	struct bench_args args;
	struct err err;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_int_equal(parse(&args, "--host [::1]:9 --queue q --redis unix:/run/r.sock", &err),
	                 0);
	bench_args_print_config(&args, out);
	fclose(out);
	assert_non_null(strstr(text, "listen = \"[::1]:9\";"));
	assert_non_null(strstr(text, "name = \"q\";"));
	assert_non_null(strstr(text, "mode = \"unix\";"));
	assert_non_null(strstr(text, "socket = \"/run/r.sock\";"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_it_is_told),
		cmocka_unit_test(says_what_it_does_not_understand),
		cmocka_unit_test(the_configuration_is_for_these_arguments),
	};

	return cmocka_run_group_tests_name("bench_args", tests, NULL, NULL);
}
