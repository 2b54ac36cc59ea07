#include "bind.h"

#include <errno.h>
#include <event2/event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
	*state = event_base_new();
	return *state == NULL;
}

static int tear_down(void **state)
{
	event_base_free(*state);
	return 0;
}

static void any_free_port_is_told(void **state)
{
	struct bound bound = { 0 };
	struct err err = { 0 };

	assert_int_equal(bind_address(*state, "127.0.0.1:0", &bound, &err), 0);
	assert_true(bound.port > 0);
	assert_true(bound.loopback);
	evconnlistener_free(bound.listener);
}

static void only_this_machine_reaches_loopback(void **state)
{
	static const struct {
		const char *address;
		bool loopback;
	} cases[] = {
		{ "127.0.0.1:0", true }, { "127.8.9.10:0", true }, { "[::1]:0", true },
		{ "0.0.0.0:0", false },  { "[::]:0", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bound bound = { 0 };
		struct err err = { 0 };
		int r = bind_address(*state, cases[i].address, &bound, &err);

		if (r == -EADDRNOTAVAIL || r == -EAFNOSUPPORT)
			continue; /* a machine without IPv6 */
		assert_int_equal(r, 0);
		assert_int_equal(bound.loopback, cases[i].loopback);
		evconnlistener_free(bound.listener);
	}
}

static void both_families_may_have_the_same_port(void **state)
{
	struct bound first = { 0 }, second = { 0 };
	struct err err = { 0 };
	char address[64];

	if (bind_address(*state, "[::]:0", &first, &err) < 0)
		skip(); /* a machine without IPv6 */
	snprintf(address, sizeof(address), "0.0.0.0:%u", first.port);
	assert_int_equal(bind_address(*state, address, &second, &err), 0);
	evconnlistener_free(first.listener);
	evconnlistener_free(second.listener);
}

static void what_is_no_address_is_said(void **state)
{
	static const char *const wrong[] = {
		"",
		"7080",
		":7080",
		"127.0.0.1",
		"127.0.0.1:",
		"::1:7080",
		"[::1:7080",
		"[]:7080",
		"host:7080",
		"127.0.0.1:http",
		"127.0.0.1:70800000000000000",
		"127.0.0.256:1",
	};
	struct bound bound = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct err err = { 0 };

		if (bind_address(*state, wrong[i], &bound, &err) != -EINVAL)
			fail_msg("'%s' was taken", wrong[i]);
		assert_non_null(strstr(err.text, "is not ADDRESS:PORT"));
	}
	assert_null(bound.listener);
}

static void a_port_that_is_taken_is_named(void **state)
{
	struct bound first = { 0 }, second = { 0 };
	struct err err = { 0 };
	char address[64];

	assert_int_equal(bind_address(*state, "127.0.0.1:0", &first, &err), 0);
	snprintf(address, sizeof(address), "127.0.0.1:%u", first.port);
	assert_int_equal(bind_address(*state, address, &second, &err), -EADDRINUSE);
	assert_non_null(strstr(err.text, address));
	assert_null(second.listener);
	evconnlistener_free(first.listener);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(any_free_port_is_told),
		TEST(only_this_machine_reaches_loopback),
		TEST(both_families_may_have_the_same_port),
		TEST(what_is_no_address_is_said),
		TEST(a_port_that_is_taken_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
