#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <errno.h>

#include "keys.h"

static void all_keys_of_a_site_share_one_slot(void **state)
{
	struct keys keys;
	char buffer[KEY_SIZE];

	(void)state;
	assert_int_equal(keys_init(&keys, "najimi", "main", NULL), 0);
	assert_string_equal(keys.lease, "najimi:{main}:lease");
	assert_string_equal(keys.calls, "najimi:{main}:calls");
	assert_string_equal(keys.contacts, "najimi:{main}:contacts");
	assert_string_equal(keys_caller(&keys, "tel:+81312345678", buffer).start,
	                    "najimi:{main}:caller:tel:+81312345678");
	assert_string_equal(keys_alias(&keys, keys_number("tel:+81312345678"), buffer).start,
	                    "najimi:{main}:alias:+81312345678");
	assert_string_equal(keys_survey(&keys, TEXT("0660d3-1-2"), buffer).start,
	                    "najimi:{main}:survey:0660d3-1-2");
	assert_string_equal(keys_aside(keys.calls, 3, 14, buffer).start,
	                    "najimi:{main}:calls:3.14");
	keys_done(&keys);
}

static void only_a_number_has_aliases(void **state)
{
	(void)state;
	assert_null(keys_number("cid:tel:+81").start);
	assert_null(keys_number("").start);
	assert_true(text_is(keys_number("tel:ext:204"), "ext:204"));
}

static void no_two_calls_share_a_field(void **state)
{
	static const struct {
		const char *client, *call, *field;
	} cases[] = {
		{ "pbx-a", "c1", "c1@pbx-a" },
		{ "y", "c1@x", "c1@x@y" },
		{ "x@y", "c1", "c1@x%40y" },
		{ "x%40y", "c1", "c1@x%2540y" },
		{ "pbx a", "\xe6\x9d\xb1", "\xe6\x9d\xb1@pbx a" },
	};
	char buffer[FIELD_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(keys_call_field(cases[i].client, cases[i].call, buffer).start,
		                    cases[i].field);
}

static void the_longest_names_fit_into_a_field(void **state)
{
	char client[129], call[129], buffer[FIELD_SIZE];

	(void)state;
	memset(client, '@', 128);
	memset(call, 'c', 128);
	client[128] = call[128] = '\0';
	assert_int_equal(keys_call_field(client, call, buffer).length, 128 + 1 + 3 * 128);
}

static void a_prefix_that_is_too_long_is_refused(void **state)
{
	char prefix[KEYS_BASE_MAX + 1];
	struct keys keys;
	struct err err = { 0 };

	(void)state;
	memset(prefix, 'p', sizeof(prefix) - 1);
	prefix[sizeof(prefix) - 1] = '\0';
	assert_int_equal(keys_init(&keys, prefix, "main", &err), -ENAMETOOLONG);
	assert_non_null(strstr(err.text, "redis.prefix"));
	keys_done(&keys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_keys_of_a_site_share_one_slot),
		cmocka_unit_test(only_a_number_has_aliases),
		cmocka_unit_test(no_two_calls_share_a_field),
		cmocka_unit_test(the_longest_names_fit_into_a_field),
		cmocka_unit_test(a_prefix_that_is_too_long_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
