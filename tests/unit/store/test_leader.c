#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "leader.h"

static struct whereabouts read_lease(const char *address, const char *holder)
{
	struct whereabouts at;

	memset(&at, 'x', sizeof(at)); /* whatever was there */
	leader_read(address, holder, "tokyo:192.0.2.8:7070", &at);
	return at;
}

#define assert_read(address, holder, native, fastagi) \
	do { \
		struct whereabouts at_ = read_lease(address, holder); \
\
		assert_string_equal(at_.rpc, native); \
		assert_string_equal(at_.agi, fastagi); \
	} while (0)

static void what_is_written_is_read(void **state)
{
	static const struct {
		struct whereabouts at;
		const char *text;
	} cases[] = {
		{ { "192.0.2.7:7070", "192.0.2.7:4573" }, "192.0.2.7:7070 agi://192.0.2.7:4573" },
		{ { "[2001:db8::7]:7070", "" }, "[2001:db8::7]:7070" },
		{ { "", "pbx-a.example:4573" }, "agi://pbx-a.example:4573" },
		{ { "", "" }, "" },
	};
	char text[LEADER_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct text written = leader_print(&cases[i].at, text);

		assert_string_equal(text, cases[i].text);
		assert_int_equal(written.length, strlen(text));
		assert_read(text, "osaka:x", cases[i].at.rpc, cases[i].at.agi);
	}
}

static void the_longest_addresses_fit(void **state)
{
	struct whereabouts at = { 0 };
	char text[LEADER_SIZE];
	struct text written;

	(void)state;
	memset(at.rpc, 'a', WHERE_BYTES_MAX - 5);
	strcat(at.rpc, ":7070");
	memset(at.agi, 'b', WHERE_BYTES_MAX - 5);
	strcat(at.agi, ":4573");
	written = leader_print(&at, text);
	assert_int_equal(written.length, strlen(text));
	assert_read(text, "osaka:x", at.rpc, at.agi);
	/* One byte more is somebody else's. */
	memmove(text + 1, text, WHERE_BYTES_MAX);
	text[WHERE_BYTES_MAX + 1] = '\0';
	assert_read(text, "osaka:x", "", "");
}

/* Older daemons wrote their listen option as it is. */
static void an_address_that_nobody_can_connect_to_is_not_told(void **state)
{
	static const char *const addresses[] = {
		"0.0.0.0:7070",      "[::]:7070",    "[0:0::0]:7070",
		"192.0.2.7:0",       "192.0.2.7",    ":7070",
		"[]:7070",           "[::1:7070",    "::1]:7070",
		"192.0.2.7:70700",   "192.0.2.7:-1", "a b:7070",
		"a/b:7070",          "a\"b:7070",    "a\n:7070",
		"\xe6\x9d\xb1:7070", "192.0.2.7:",   "[192.0.2.7]:7070",
		"[pbx]:7070",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
		char both[64];

		snprintf(both, sizeof(both), "agi://%s", addresses[i]);
		if (strcmp(addresses[i], "a b:7070") != 0)
			assert_read(addresses[i], "osaka:x", "", "");
		assert_string_equal(read_lease(both, "osaka:x").agi, "");
	}
}

static void one_bad_address_leaves_the_other(void **state)
{
	(void)state;
	assert_read("0.0.0.0:7070 agi://192.0.2.7:4573", "osaka:x", "", "192.0.2.7:4573");
	assert_read("192.0.2.7:7070 agi://", "osaka:x", "192.0.2.7:7070", "");
	assert_read("  192.0.2.7:7070   agi://192.0.2.7:4573 ", "osaka:x", "192.0.2.7:7070",
	            "192.0.2.7:4573");
}

static void words_of_newer_daemons_are_passed_over(void **state)
{
	(void)state;
	assert_read("192.0.2.7:7070 agi://192.0.2.7:4573 http://192.0.2.7:7080 v=2", "osaka:x",
	            "192.0.2.7:7070", "192.0.2.7:4573");
}

/* Whoever was told 127.0.0.1 by another machine would ask the one who told. */
static void what_means_this_machine_is_told_on_this_machine_only(void **state)
{
	static const char *const hosts[] = { "127.0.0.1", "127.3.2.1", "[::1]", "localhost" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		char address[64], text[160];

		snprintf(address, sizeof(address), "%s:7070", hosts[i]);
		snprintf(text, sizeof(text), "%s agi://%s", address, address);
		assert_read(text, "tokyo:127.0.0.1:7070", address, address);
		assert_read(text, "tokyo2:127.0.0.1:7070", "", "");
		assert_read(text, "tok:127.0.0.1:7070", "", "");
		assert_read(text, "", "", "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(the_longest_addresses_fit),
		cmocka_unit_test(an_address_that_nobody_can_connect_to_is_not_told),
		cmocka_unit_test(one_bad_address_leaves_the_other),
		cmocka_unit_test(words_of_newer_daemons_are_passed_over),
		cmocka_unit_test(what_means_this_machine_is_told_on_this_machine_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
