#include "site_clock.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static usec_t at(const char *instant)
{
	usec_t ret;

	assert_int_equal(text_to_instant(text_of(instant), &ret), 0);
	return ret;
}

static void check(const char *instant, const char *day, unsigned hour, const char *ends,
                  const char *midnight)
{
	struct site_hour is;

	site_clock_read(at(instant), &is);
	assert_string_equal(is.day, day);
	assert_int_equal(is.hour, hour);
	assert_int_equal(is.ends, at(ends));
	assert_int_equal(is.midnight, at(midnight));
}

static void midnight_is_where_the_site_is(void **state)
{
	(void)state;
	site_clock_set("Asia/Tokyo");
	check("2026-11-21T14:59:59.999Z", "2026-11-21", 23, "2026-11-21T15:00:00Z",
	      "2026-11-20T15:00:00Z");
	check("2026-11-21T15:00:00Z", "2026-11-22", 0, "2026-11-21T16:00:00Z",
	      "2026-11-21T15:00:00Z");
	site_clock_set("UTC");
	check("2028-02-29T23:30:00Z", "2028-02-29", 23, "2028-03-01T00:00:00Z",
	      "2028-02-29T00:00:00Z");
}

static void zones_with_half_hours_have_whole_hours_too(void **state)
{
	(void)state;
	site_clock_set("Asia/Kolkata");
	check("2026-11-21T10:15:00Z", "2026-11-21", 15, "2026-11-21T10:30:00Z",
	      "2026-11-20T18:30:00Z");
}

static void the_hour_that_is_left_out_in_spring_has_nothing(void **state)
{
	(void)state;
	site_clock_set("Europe/Berlin");
	check("2026-03-29T00:59:00Z", "2026-03-29", 1, "2026-03-29T01:00:00Z",
	      "2026-03-28T23:00:00Z");
	check("2026-03-29T01:00:00Z", "2026-03-29", 3, "2026-03-29T02:00:00Z",
	      "2026-03-28T23:00:00Z");
}

static void the_hour_that_comes_twice_in_autumn_goes_on_to_its_end(void **state)
{
	struct site_hour is;

	(void)state;
	site_clock_set("Europe/Berlin");
	site_clock_read(at("2026-10-25T00:30:00Z"), &is); /* 02:30, for the first time */
	assert_int_equal(is.hour, 2);
	assert_true(is.ends == at("2026-10-25T01:00:00Z") || is.ends == at("2026-10-25T02:00:00Z"));
	check("2026-10-25T01:30:00Z", "2026-10-25", 2, "2026-10-25T02:00:00Z",
	      "2026-10-24T22:00:00Z");
	check("2026-10-25T02:00:00Z", "2026-10-25", 3, "2026-10-25T03:00:00Z",
	      "2026-10-24T22:00:00Z");
}

static void without_a_zone_it_stays_as_it_was(void **state)
{
	(void)state;
	site_clock_set("Asia/Tokyo");
	site_clock_set("");
	check("2026-11-21T15:00:00Z", "2026-11-22", 0, "2026-11-21T16:00:00Z",
	      "2026-11-21T15:00:00Z");
}

static void days_are_numbers_and_texts(void **state)
{
	static const char *const bad[] = {
		"",           "2026-11-2",   "2026-02-29", "2026-13-01",
		"26-11-2026", "2026-11-21 ", "2026/11/21", "1969-12-31"
	};
	char text[DAY_SIZE];
	int64_t day, leap;

	(void)state;
	assert_int_equal(site_day_read(text_of("1970-01-02"), &day), 0);
	assert_int_equal(day, 1);
	assert_int_equal(site_day_read(text_of("2028-02-29"), &leap), 0);
	site_day_write(leap + 1, text);
	assert_string_equal(text, "2028-03-01");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(site_day_read(text_of(bad[i]), &day), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(midnight_is_where_the_site_is),
		cmocka_unit_test(zones_with_half_hours_have_whole_hours_too),
		cmocka_unit_test(the_hour_that_is_left_out_in_spring_has_nothing),
		cmocka_unit_test(the_hour_that_comes_twice_in_autumn_goes_on_to_its_end),
		cmocka_unit_test(without_a_zone_it_stays_as_it_was),
		cmocka_unit_test(days_are_numbers_and_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
