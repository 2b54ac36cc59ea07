#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "najimi/base/rng.h"

static void gives_the_published_numbers(void **state)
{
	uint64_t seed = 1234567;

	(void)state;
	assert_int_equal(rng_next(&seed), UINT64_C(6457827717110365317));
	assert_int_equal(rng_next(&seed), UINT64_C(3203168211198807973));
	assert_int_equal(rng_next(&seed), UINT64_C(9817491932198370423));
}

static void stays_below_the_limit_and_reaches_every_number(void **state)
{
	uint64_t seed = 1;
	unsigned seen[7] = { 0 };

	(void)state;
	for (int i = 0; i < 70000; i++) {
		uint32_t number = rng_below(&seed, 7);

		assert_true(number < 7);
		seen[number]++;
	}
	for (int i = 0; i < 7; i++)
		assert_in_range(seen[i], 9500, 10500);
	assert_int_equal(rng_below(&seed, 1), 0);
}

static void makes_waits_with_the_right_mean_and_the_right_median(void **state)
{
	uint64_t seed = 2, sum = 0;
	unsigned below_median = 0;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		usec_t wait = rng_exponential(&seed, SEC(180));

		sum += wait;
		below_median += wait < 124766493; /* 180 s times ln 2 */
	}
	assert_in_range(sum / 100000, SEC(178), SEC(182));
	assert_in_range(below_median, 49500, 50500);
}

static void makes_waits_of_any_mean_without_overflow(void **state)
{
	uint64_t seed = 3;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(rng_exponential(&seed, 0), 0);
		/* At most 64 ln 2 = 44.4 means, for the smallest of 2^64 numbers. */
		assert_true(rng_exponential(&seed, HOUR(24 * 365)) <= HOUR(24 * 365) * 45);
	}
}

static void draws_one_number_whatever_is_asked(void **state)
{
	uint64_t a = 9, b = 9, c = 9;

	(void)state;
	rng_next(&a);
	rng_below(&b, 1000000007);
	rng_exponential(&c, SEC(1));
	assert_int_equal(a, b);
	assert_int_equal(a, c);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_the_published_numbers),
		cmocka_unit_test(stays_below_the_limit_and_reaches_every_number),
		cmocka_unit_test(makes_waits_with_the_right_mean_and_the_right_median),
		cmocka_unit_test(makes_waits_of_any_mean_without_overflow),
		cmocka_unit_test(draws_one_number_whatever_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
