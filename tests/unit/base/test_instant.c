#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "edge.h"
#include "najimi/base/text.h"

static void prints_known_instants(void **state)
{
	static const struct {
		usec_t at;
		const char *text;
	} rows[] = {
		{ 0, "1970-01-01T00:00:00.000Z" },
		{ UINT64_C(951782399999999), "2000-02-28T23:59:59.999Z" },
		{ UINT64_C(951782400000000), "2000-02-29T00:00:00.000Z" },
		{ UINT64_C(4107542400000000), "2100-03-01T00:00:00.000Z" },
		{ UINT64_C(1795304428536000), "2026-11-21T23:40:28.536Z" },
		{ USEC_NEVER, "9999-12-31T23:59:59.999Z" },
	};
	char text[INSTANT_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		text_of_instant(rows[i].at, text, sizeof(text));
		assert_string_equal(text, rows[i].text);
	}
}

/* Every 5 days and a bit from 1970 to 2300, beside the C library's calendar. */
static void agrees_with_the_c_library_both_ways(void **state)
{
	(void)state;
	for (usec_t at = 0; at < UINT64_C(10413792000000000); at += UINT64_C(446517123000)) {
		char text[INSTANT_SIZE], expected[80];
		time_t second = (time_t)(at / 1000000);
		struct tm tm;
		usec_t back;

		gmtime_r(&second, &tm);
		snprintf(expected, sizeof(expected), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
		         tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
		         tm.tm_sec, (int)(at / 1000 % 1000));
		text_of_instant(at, text, sizeof(text));
		assert_string_equal(text, expected);
		assert_int_equal(text_to_instant(text_of(text), &back), 0);
		assert_int_equal(back, at);
	}
}

static void reads_every_form_of_rfc_3339(void **state)
{
	static const struct {
		const char *text;
		usec_t at;
	} rows[] = {
		{ "2026-11-21T23:40:28Z", UINT64_C(1795304428000000) },
		{ "2026-11-21t23:40:28z", UINT64_C(1795304428000000) },
		{ "2026-11-21 23:40:28Z", UINT64_C(1795304428000000) },
		{ "2026-11-22T08:40:28.5+09:00", UINT64_C(1795304428500000) },
		{ "2026-11-21T18:10:28.000001-05:30", UINT64_C(1795304428000001) },
		{ "2026-11-21T23:40:28.123456789Z", UINT64_C(1795304428123456) },
		{ "2026-11-21T23:40:28-00:00", UINT64_C(1795304428000000) },
		{ "2016-12-31T23:59:60Z", UINT64_C(1483228800000000) },
		{ "2000-02-29T00:00:00Z", UINT64_C(951782400000000) },
		{ "1970-01-01T00:00:00Z", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		usec_t at = 99;

		assert_int_equal(text_to_instant(text_of(rows[i].text), &at), 0);
		assert_int_equal(at, rows[i].at);
	}
}

static void refuses_what_is_no_instant(void **state)
{
	static const char *const wrong[] = {
		"",
		"now",
		"2026-11-21",
		"2026-11-21T23:40Z",
		"2026-11-21T23:40:28", /* where? */
		"2026-11-21T23:40:28.Z",
		"2026-11-21T23:40:28+0900",
		"2026-11-21T23:40:28+24:00",
		"2026-11-21T23:40:28+09:60",
		"2026-11-21T23:40:28Z ",
		" 2026-11-21T23:40:28Z",
		"2026-11-21X23:40:28Z",
		"2026-11-21T24:00:00Z",
		"2026-11-21T23:60:00Z",
		"2026-11-21T23:40:61Z",
		"2026-13-01T00:00:00Z",
		"2026-00-01T00:00:00Z",
		"2026-11-00T00:00:00Z",
		"2026-11-31T00:00:00Z",
		"2026-02-29T00:00:00Z",
		"2100-02-29T00:00:00Z",
		"1969-12-31T23:59:59Z", /* before we count */
		"0000-01-01T00:00:00Z",
		"1970-01-01T00:00:00+00:01",
		"２026-11-21T23:40:28Z",
	};
	usec_t at = 99;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_int_equal(text_to_instant(text_of(wrong[i]), &at), -EINVAL);
	assert_int_equal(at, 99);
}

static void reads_no_byte_too_far(void **state)
{
	static const char whole[] = "2026-11-22T08:40:28.5+09:00";
	usec_t at;

	(void)state;
	for (size_t length = 0; length < sizeof(whole) - 1; length++) {
		struct edge edge;

		edge_init(&edge, whole, length);
		assert_int_equal(text_to_instant((struct text){ edge.start, length }, &at),
		                 -EINVAL);
		edge_done(&edge);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_known_instants),
		cmocka_unit_test(agrees_with_the_c_library_both_ways),
		cmocka_unit_test(reads_every_form_of_rfc_3339),
		cmocka_unit_test(refuses_what_is_no_instant),
		cmocka_unit_test(reads_no_byte_too_far),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
