#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arguments.h"
#include "najimi/base/macros.h"

static const struct option options[] = {
	{ "loud", no_argument, NULL, 'l' },
	{ "name", required_argument, NULL, 'n' },
	{ "bad", no_argument, NULL, 'b' },
	{ NULL, 0, NULL, 0 },
};

struct taken {
	unsigned loud;
	const char *name;
};

static int take(int val, void *arg, struct err *err)
{
	struct taken *taken = arg;

	if (val == 'b')
		return err_set(err, -EDOM, "never");
	if (val == 'l')
		taken->loud++;
	else
		taken->name = optarg;
	return 0;
}

static void options_are_told_from_words(void **state)
{
	char words[][8] = { "prog", "one", "--name", "x", "--loud", "two" };
	char *argv[] = { words[0], words[1], words[2], words[3], words[4], words[5], NULL };
	struct taken taken = { 0 };
	struct err err = { 0 };

	(void)state;
	assert_int_equal(arguments_read(6, argv, options, take, &taken, &err), 4);
	assert_string_equal(argv[4], "one");
	assert_string_equal(argv[5], "two");
	assert_string_equal(taken.name, "x");
	assert_int_equal(taken.loud, 1);
	/* and from the start when called again */
	assert_int_equal(arguments_read(6, argv, options, take, &taken, &err), 4);
	assert_int_equal(taken.loud, 2);
}

static void what_is_wrong_is_named(void **state)
{
	static const struct {
		const char *word, *want;
		int code;
	} rows[] = {
		{ "--nmae", "--nmae: no such option (see --help)", -EINVAL },
		{ "-x", "-x: no such option (see --help)", -EINVAL },
		{ "--name", "--name wants a value", -EINVAL },
		{ "--bad", "never", -EDOM },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char prog[] = "prog", word[16];
		char *argv[] = { prog, word, NULL };
		struct taken taken = { 0 };
		struct err err = { 0 };

		snprintf(word, sizeof(word), "%s", rows[i].word);
		assert_int_equal(arguments_read(2, argv, options, take, &taken, &err),
		                 rows[i].code);
		assert_string_equal(err.text, rows[i].want);
	}
}

static void a_number_is_within_its_bounds(void **state)
{
	static const char *const wrong[] = { "", "0", "11", "-1", "x", "5x", "1e1" };
	struct err err = { 0 };
	int64_t value = 7;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_int_equal(arguments_number("n", wrong[i], 1, 10, &value, &err), -EINVAL);
	assert_int_equal(value, 7);
	assert_string_equal(err.text, "--n: '1e1' is no number from 1 to 10");
	assert_int_equal(arguments_number("n", "10", 1, 10, &value, &err), 0);
	assert_int_equal(value, 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_are_told_from_words),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(a_number_is_within_its_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
