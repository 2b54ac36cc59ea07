#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "najimi/base/rng.h"
#include "timer.h"

#define COUNT 300

struct clock {
	struct timers timers;
	struct timer_entry entries[COUNT];
	uint32_t places[COUNT];
};

static void start(struct clock *clock)
{
	timers_init(&clock->timers, clock->entries, clock->places, COUNT);
}

static void none_runs_at_first(void **state)
{
	struct clock clock;

	(void)state;
	start(&clock);
	assert_null(timers_first(&clock.timers));
	assert_true(timer_due(&clock.timers, 5) == USEC_NEVER);
	timer_set(&clock.timers, 5, USEC_NEVER); /* stopping a stopped one is nothing */
	assert_null(timers_first(&clock.timers));
}

static void the_earliest_is_first_and_of_equal_ones_the_lowest_number(void **state)
{
	struct clock clock;

	(void)state;
	start(&clock);
	timer_set(&clock.timers, 9, 100);
	timer_set(&clock.timers, 3, 100);
	timer_set(&clock.timers, 7, 50);
	assert_int_equal(timers_first(&clock.timers)->number, 7);
	timer_set(&clock.timers, 7, USEC_NEVER);
	assert_int_equal(timers_first(&clock.timers)->number, 3);
	timer_set(&clock.timers, 3, 101);
	assert_int_equal(timers_first(&clock.timers)->number, 9);
	assert_int_equal(timer_due(&clock.timers, 3), 101);
}

/* The obvious clock: look through all. */
static uint32_t find_first(const usec_t *dues)
{
	uint32_t first = TIMER_STOPPED;

	for (uint32_t i = 0; i < COUNT; i++) {
		if (dues[i] != USEC_NEVER && (first == TIMER_STOPPED || dues[i] < dues[first]))
			first = i;
	}
	return first;
}

static void agrees_with_looking_through_all(void **state)
{
	struct clock clock;
	usec_t dues[COUNT];
	uint64_t rng = 3;

	(void)state;
	start(&clock);
	for (uint32_t i = 0; i < COUNT; i++)
		dues[i] = USEC_NEVER;
	for (unsigned i = 0; i < 20000; i++) {
		uint32_t number = rng_below(&rng, COUNT), first;

		dues[number] = rng_below(&rng, 3) == 0 ? USEC_NEVER : rng_below(&rng, 200);
		timer_set(&clock.timers, number, dues[number]);
		assert_true(timer_due(&clock.timers, number) == dues[number]);
		first = find_first(dues);
		if (first == TIMER_STOPPED)
			assert_null(timers_first(&clock.timers));
		else
			assert_int_equal(timers_first(&clock.timers)->number, first);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(none_runs_at_first),
		cmocka_unit_test(the_earliest_is_first_and_of_equal_ones_the_lowest_number),
		cmocka_unit_test(agrees_with_looking_through_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
