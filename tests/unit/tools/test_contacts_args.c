#include "contacts_args.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NOW (SEC(1795316788))

static struct contacts_args fresh(void)
{
	struct contacts_args args;

	contacts_args_init(&args, NOW);
	return args;
}

static void without_options_it_is_the_last_day(void **state)
{
	struct contacts_args args = fresh();

	(void)state;
	assert_true(args.since == NOW - HOUR(24));
	assert_true(args.until == USEC_NEVER);
	assert_int_equal(args.format, CONTACTS_TABLE);
	assert_false(args.pii);
	contacts_args_init(&args, SEC(5)); /* a clock that was never set */
	assert_int_equal(args.since, 0);
}

static void a_time_is_a_while_ago_or_an_instant(void **state)
{
	struct contacts_args args = fresh();
	struct err err;

	(void)state;
	assert_int_equal(contacts_args_take(&args, CONTACTS_SINCE, "7d", NOW, &err), 0);
	assert_true(args.since == NOW - 7 * HOUR(24));
	assert_int_equal(
	        contacts_args_take(&args, CONTACTS_UNTIL, "2026-11-21T09:00:00+09:00", NOW, &err),
	        0);
	assert_true(args.until == SEC(1795219200));
	assert_int_equal(contacts_args_take(&args, CONTACTS_UNTIL, "0s", NOW, &err), 0);
	assert_true(args.until == NOW);
}

static void what_is_wrong_is_named(void **state)
{
	static const struct {
		int option;
		const char *value, *words;
	} cases[] = {
		{ CONTACTS_SINCE, "yesterday", "--since: 'yesterday' is neither" },
		{ CONTACTS_SINCE, "never", "--since: 'never' is neither" },
		{ CONTACTS_UNTIL, "2026-13-01T00:00:00Z", "--until: '2026-13-01T00:00:00Z' is" },
		{ CONTACTS_FORMAT, "xml", "--format: 'xml' is none of table, csv, json" },
		{ CONTACTS_AGENT, "", "--agent: '' is no name" },
		{ CONTACTS_AFTER, "\x01", "--after: " },
	};
	struct contacts_args args = fresh();
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(
		        contacts_args_take(&args, cases[i].option, cases[i].value, NOW, &err),
		        -EINVAL);
		assert_non_null(strstr(err.text, cases[i].words));
	}
	assert_int_equal(contacts_args_take(&args, 1, "", NOW, &err), -EINVAL);
}

static void the_format_is_one_of_three(void **state)
{
	struct contacts_args args = fresh();
	struct err err;

	(void)state;
	assert_int_equal(contacts_args_take(&args, CONTACTS_FORMAT, "csv", NOW, &err), 0);
	assert_int_equal(args.format, CONTACTS_CSV);
	assert_int_equal(contacts_args_take(&args, CONTACTS_FORMAT, "json", NOW, &err), 0);
	assert_int_equal(args.format, CONTACTS_JSON);
	assert_true(args.has_format);
	assert_int_equal(contacts_args_take(&args, CONTACTS_PII, NULL, NOW, &err), 0);
	assert_int_equal(contacts_args_take(&args, CONTACTS_AGENT, "alice", NOW, &err), 0);
	assert_int_equal(contacts_args_take(&args, CONTACTS_AFTER, "1-0", NOW, &err), 0);
	assert_true(args.pii);
	assert_string_equal(args.agent, "alice");
	assert_string_equal(args.after, "1-0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_options_it_is_the_last_day),
		cmocka_unit_test(a_time_is_a_while_ago_or_an_instant),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(the_format_is_one_of_three),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
