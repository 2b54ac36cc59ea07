#include "najimi/base/statistics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define assert_near(value, truth, grain) assert_float_equal(value, truth, grain)

static void shares_are_as_sure_as_wilson_says(void **state)
{
	struct interval interval;

	(void)state;
	/* Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29. */
	interval = wilson_interval(81, 263);
	assert_near(interval.low, 0.2553, 0.00005);
	assert_near(interval.high, 0.3662, 0.00005);
	interval = wilson_interval(15, 148);
	assert_near(interval.low, 0.0624, 0.00005);
	assert_near(interval.high, 0.1605, 0.00005);
	interval = wilson_interval(0, 20);
	assert_true(interval.low == 0);
	assert_near(interval.high, 0.1611, 0.00005);
	interval = wilson_interval(1, 29);
	assert_near(interval.low, 0.0061, 0.00005);
	assert_near(interval.high, 0.1718, 0.00005);
	interval = wilson_interval(20, 20);
	assert_near(interval.low, 1 - 0.1611, 0.00005);
	assert_true(interval.high == 1);
}

static void differences_of_shares_are_as_sure_as_newcombe_says(void **state)
{
	struct interval interval;

	(void)state;
	/* Newcombe (1998), table II, method 10: 56 of 70 less 48 of 80; 9 of 10 less 3 of 10;
	 * 5 of 56 less 0 of 29. */
	interval = newcombe_interval(56, 70, 48, 80);
	assert_near(interval.low, 0.0524, 0.00005);
	assert_near(interval.high, 0.3339, 0.00005);
	interval = newcombe_interval(9, 10, 3, 10);
	assert_near(interval.low, 0.1705, 0.00005);
	assert_near(interval.high, 0.8090, 0.00005);
	interval = newcombe_interval(5, 56, 0, 29);
	assert_near(interval.low, -0.0381, 0.00005);
	assert_near(interval.high, 0.1926, 0.00005);
}

static void students_points_are_those_of_the_tables(void **state)
{
	static const struct {
		double freedom, point;
	} known[] = {
		{ 1, 12.7062 },  { 2, 4.30265 },   { 4, 2.77645 },    { 9, 2.26216 },
		{ 30, 2.04227 }, { 120, 1.97993 }, { 1000, 1.96234 }, { 1e9, 1.95996 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		assert_near(student_point(known[i].freedom), known[i].point, 0.00006);
}

static struct moments moments_of(const double *values, int count)
{
	struct moments moments = { .count = count };

	for (int i = 0; i < count; i++) {
		moments.sum += values[i];
		moments.squares += values[i] * values[i];
	}
	return moments;
}

static void differences_of_means_are_as_sure_as_welch_says(void **state)
{
	/* 27.8873 degrees of freedom; the point of t by integrating its density. */
	static const double first[] = { 27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1,
		                        21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4 };
	static const double second[] = { 27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0,
		                         24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 24.4 };
	struct moments a = moments_of(first, 15), b = moments_of(second, 15);
	struct interval interval;

	(void)state;
	assert_true(welch_interval(&b, &a, &interval));
	assert_near(interval.low, 0.798644, 0.000001);
	assert_near(interval.high, 4.868023, 0.000001);
}

static void too_few_values_make_no_interval_and_equal_ones_a_point(void **state)
{
	struct moments one = { 1, 5, 25 }, none = { 0, 0, 0 }, same = { 3, 15, 75 };
	struct interval interval;

	(void)state;
	assert_false(welch_interval(&one, &same, &interval));
	assert_false(welch_interval(&same, &none, &interval));
	assert_true(welch_interval(&same, &same, &interval));
	assert_true(interval.low == 0 && interval.high == 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares_are_as_sure_as_wilson_says),
		cmocka_unit_test(differences_of_shares_are_as_sure_as_newcombe_says),
		cmocka_unit_test(students_points_are_those_of_the_tables),
		cmocka_unit_test(differences_of_means_are_as_sure_as_welch_says),
		cmocka_unit_test(too_few_values_make_no_interval_and_equal_ones_a_point),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
