#include "whatif_wish.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct wish wish;
static struct err err;

static int read_query(const char *query)
{
	err = (struct err){ "" };
	return wish_read(query, &wish, &err);
}

static void nothing_is_a_wish_too(void **state)
{
	(void)state;
	assert_int_equal(read_query(NULL), 0);
	assert_int_equal(wish.args_count, 0);
	assert_string_equal(wish.key, ".");
	assert_int_equal(read_query(""), 0);
	assert_string_equal(wish.key, ".");
}

static void parameters_become_options(void **state)
{
	(void)state;
	assert_int_equal(read_query("value=0..300:25&since=14d&wait_idle=1m&wait_skipped=90s&"
	                            "credit=never&queue=%E5%96%B6%E6%A5%AD"),
	                 0);
	assert_int_equal(wish.args_count, 6);
	assert_string_equal(wish.args[0], "--since=14d");
	assert_string_equal(wish.args[1], "--value=0..300:25");
	assert_string_equal(wish.args[2], "--wait-idle=1m");
	assert_string_equal(wish.args[3], "--wait-skipped=90s");
	assert_string_equal(wish.args[4], "--credit=never");
	assert_string_equal(wish.args[5], "--queue=営業");
}

static void a_plus_means_more_agents(void **state)
{
	(void)state;
	assert_int_equal(read_query("agents=+2"), 0);
	assert_string_equal(wish.args[0], "--agents=+2");
	assert_int_equal(read_query("agents=%2B2"), 0);
	assert_string_equal(wish.args[0], "--agents=+2");
	assert_int_equal(read_query("agents=-2"), 0);
	assert_string_equal(wish.args[0], "--agents=-2");
}

static void the_same_wish_has_the_same_key(void **state)
{
	char key[WISH_KEY_SIZE];

	(void)state;
	assert_int_equal(read_query("value=150&since=14d"), 0);
	memcpy(key, wish.key, sizeof(key));
	assert_int_equal(read_query("since=14d&value=150"), 0);
	assert_string_equal(wish.key, key);
	assert_int_equal(read_query("since=14d&value=151"), 0);
	assert_string_not_equal(wish.key, key);
}

static void a_wish_of_the_greatest_length_fits(void **state)
{
	static const char *const names[] = { "since",  "value",  "wait_idle", "wait_skipped",
		                             "credit", "agents", "queue" };
	char query[2048] = "", value[129];

	(void)state;
	memset(value, 'x', 128);
	value[128] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		snprintf(query + strlen(query), sizeof(query) - strlen(query), "%s%s=%s",
		         i == 0 ? "" : "&", names[i], value);
	assert_int_equal(read_query(query), 0);
	assert_int_equal(wish.args_count, WISH_ARGS_MAX);
	assert_int_equal(strlen(wish.args[3]), strlen("--wait-skipped=") + 128);
	assert_string_equal(wish.key + strlen(wish.key) - 2, "\n.");
	query[strlen(query)] = 'x';
	assert_int_equal(read_query(query), -EINVAL);
}

static void what_cannot_be_meant_is_refused(void **state)
{
	static const struct {
		const char *query, *why;
	} bad[] = {
		{ "speed=9", "'speed' is none of since" },
		{ "%0a=9", "'%0a' is none of since" },
		{ "since=1d&since=2d", "since: is there twice" },
		{ "since=", "since: wants" },
		{ "since=a%0ab", "since: wants" },
		{ "queue=%ff", "queue: wants" },
		{ "since", "cannot be read" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(read_query(bad[i].query), -EINVAL);
		if (strstr(err.text, bad[i].why) == NULL)
			fail_msg("%s: '%s' does not say '%s'", bad[i].query, err.text, bad[i].why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_a_wish_too),
		cmocka_unit_test(parameters_become_options),
		cmocka_unit_test(a_plus_means_more_agents),
		cmocka_unit_test(the_same_wish_has_the_same_key),
		cmocka_unit_test(a_wish_of_the_greatest_length_fits),
		cmocka_unit_test(what_cannot_be_meant_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
