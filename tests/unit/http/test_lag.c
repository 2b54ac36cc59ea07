#include "lag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void a_timer_that_comes_in_time_is_not_late(void **state)
{
	struct lag lag;

	(void)state;
	lag_start(&lag, SEC(1), SEC(100));
	for (usec_t at = SEC(101); at <= SEC(110); at += SEC(1))
		lag_tick(&lag, at);
	lag_tick(&lag, SEC(111) - 500); /* the clock of the loop is a little coarser */
	assert_int_equal(lag.late.count, 11);
	assert_int_equal(lag.late.sum, 0);
}

static void lateness_is_counted_from_when_the_timer_was_due(void **state)
{
	struct lag lag;

	(void)state;
	lag_start(&lag, SEC(1), SEC(100));
	lag_tick(&lag, SEC(101) + MSEC(30));
	lag_tick(&lag, SEC(102) + MSEC(30)); /* late again, though a second after the other */
	assert_int_equal(lag.late.count, 2);
	assert_int_equal(lag.late.sum, MSEC(60));
	assert_int_equal(histogram_quantile(&lag.late, 990), MSEC(50));
}

static void after_a_standstill_it_counts_anew(void **state)
{
	struct lag lag;

	(void)state;
	lag_start(&lag, SEC(1), SEC(100));
	lag_tick(&lag, SEC(107));
	assert_int_equal(lag.late.sum, SEC(6));
	lag_tick(&lag, SEC(108));
	assert_int_equal(lag.late.sum, SEC(6));
	assert_int_equal(lag.late.count, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_timer_that_comes_in_time_is_not_late),
		cmocka_unit_test(lateness_is_counted_from_when_the_timer_was_due),
		cmocka_unit_test(after_a_standstill_it_counts_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
