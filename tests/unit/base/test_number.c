#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "najimi/base/number.h"

static void reads_whole_numbers_to_the_ends_of_their_range(void **state)
{
	static const struct {
		const char *text;
		int64_t value;
	} rows[] = {
		{ "0", 0 },
		{ "-0", 0 },
		{ "42", 42 },
		{ "-7", -7 },
		{ "9223372036854775807", INT64_MAX },
		{ "-9223372036854775808", INT64_MIN },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t value = 99;

		assert_int_equal(number_parse(rows[i].text, &value), 0);
		assert_int_equal(value, rows[i].value);
	}
}

static void refuses_what_is_not_wholly_a_number(void **state)
{
	static const char *const wrong[] = { "",   "-",   "+1",  " 1",  "1 ",
		                             "1x", "0x1", "1.0", "--1", "99999999999999999999x" };
	int64_t value = 99;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_int_equal(number_parse(wrong[i], &value), -EINVAL);
	assert_int_equal(number_parse("9223372036854775808", &value), -ERANGE);
	assert_int_equal(number_parse("-9223372036854775809", &value), -ERANGE);
	assert_int_equal(number_parse("99999999999999999999", &value), -ERANGE);
	assert_int_equal(value, 99);
}

static void durations_are_read_and_printed_alike(void **state)
{
	static const struct {
		const char *text;
		usec_t value;
	} rows[] = {
		{ "500us", 500 },      { "250ms", MSEC(250) },  { "90s", SEC(90) },
		{ "10m", MINUTE(10) }, { "8h", HOUR(8) },       { "7d", HOUR(24 * 7) },
		{ "0s", 0 },           { "never", USEC_NEVER },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		usec_t value = 99;
		char text[32];

		assert_int_equal(number_parse_duration(rows[i].text, &value), 0);
		assert_true(value == rows[i].value);
		number_print_duration(value, text, sizeof(text));
		assert_string_equal(text, rows[i].text);
	}
}

static void sizes_are_read_and_printed_alike(void **state)
{
	static const struct {
		const char *text;
		uint64_t value;
	} rows[] = {
		{ "512", 512 }, { "64K", 65536 }, { "64M", 64 << 20 }, { "2G", UINT64_C(2) << 30 },
		{ "0", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint64_t value = 99;
		char text[32];

		assert_int_equal(number_parse_size(rows[i].text, &value), 0);
		assert_true(value == rows[i].value);
		number_print_size(value, text, sizeof(text));
		assert_string_equal(text, rows[i].text);
	}
}

static void prints_the_shortest_text(void **state)
{
	char text[32];

	(void)state;
	number_print_duration(MSEC(60000), text, sizeof(text));
	assert_string_equal(text, "1m");
	number_print_duration(SEC(90) + 1, text, sizeof(text));
	assert_string_equal(text, "90000001us");
	number_print_size(1536 * 1024, text, sizeof(text));
	assert_string_equal(text, "1536K");
	number_print_duration(SEC(123456), text, 4);
	assert_int_equal(strlen(text), 3);
}

static void refuses_units_that_are_missing_or_unknown(void **state)
{
	static const char *const durations[] = {
		"", "5", "s", "5 s", "5sec", "-5s", "1.5h", "Never"
	};
	static const char *const sizes[] = { "", "K", "64k", "64KB", "-1", "1.5M", "64 K" };
	usec_t duration = 99;
	uint64_t size = 99;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(durations); i++)
		assert_int_equal(number_parse_duration(durations[i], &duration), -EINVAL);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
		assert_int_equal(number_parse_size(sizes[i], &size), -EINVAL);
	assert_int_equal(number_parse_duration("999999999999d", &duration), -ERANGE);
	assert_int_equal(number_parse_duration("18446744073709551615us", &duration), -ERANGE);
	assert_int_equal(number_parse_duration("99999999999999999999s", &duration), -ERANGE);
	assert_int_equal(number_parse_size("99999999999G", &size), -ERANGE);
	assert_int_equal(duration, 99);
	assert_int_equal(size, 99);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_whole_numbers_to_the_ends_of_their_range),
		cmocka_unit_test(refuses_what_is_not_wholly_a_number),
		cmocka_unit_test(durations_are_read_and_printed_alike),
		cmocka_unit_test(sizes_are_read_and_printed_alike),
		cmocka_unit_test(prints_the_shortest_text),
		cmocka_unit_test(refuses_units_that_are_missing_or_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
