#include "whatif_axis.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "whatif_played.h"

static bool near(double a, double b)
{
	return a - b < 1e-9 && b - a < 1e-9;
}

static void scales_have_round_numbers(void **state)
{
	struct whatif_axis axis;

	(void)state;
	whatif_axis_fit(&axis, 28.3, 31.2, 6);
	assert_true(near(axis.step, 0.5) && near(axis.from, 28) && near(axis.to, 31.5));
	assert_int_equal(axis.decimals, 1);
	whatif_axis_fit(&axis, 18, 61, 5);
	assert_true(near(axis.step, 10) && near(axis.from, 10) && near(axis.to, 70));
	assert_int_equal(axis.decimals, 0);
	whatif_axis_fit(&axis, 0, 7000, 7);
	assert_true(near(axis.step, 1000) && near(axis.to, 7000));
}

static void a_scale_of_one_value_is_still_one(void **state)
{
	struct whatif_axis axis;

	(void)state;
	whatif_axis_fit(&axis, 30, 30, 5);
	assert_true(axis.step > 0 && axis.to > axis.from);
	assert_true(axis.from <= 30 && axis.to >= 30);
	whatif_axis_fit(&axis, 0, 0, 5);
	assert_true(axis.to > axis.from);
}

static void places_go_from_one_end_to_the_other(void **state)
{
	const struct whatif_axis axis = { 10, 70, 10, 0 };

	(void)state;
	assert_true(near(whatif_axis_place(&axis, 10), 0));
	assert_true(near(whatif_axis_place(&axis, 40), 0.5));
	assert_true(near(whatif_axis_place(&axis, 70), 1));
}

static void runs_without_a_place_do_not_count(void **state)
{
	struct played played;
	struct whatif_axis x, y;

	(void)state;
	played_init(&played);
	assert_false(whatif_has_place(&played.study.runs[3]));
	assert_true(whatif_axes(&played.study, 6, 5, &x, &y));
	assert_true(x.from <= 30 && x.to >= 32.4 && x.from >= 29);
	assert_true(y.from <= 19 && y.to >= 58 && y.to <= 100);
	for (size_t i = 0; i < played.study.runs_count; i++)
		played.study.runs[i].reunited = -1;
	assert_false(whatif_axes(&played.study, 6, 5, &x, &y));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scales_have_round_numbers),
		cmocka_unit_test(a_scale_of_one_value_is_still_one),
		cmocka_unit_test(places_go_from_one_end_to_the_other),
		cmocka_unit_test(runs_without_a_place_do_not_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
