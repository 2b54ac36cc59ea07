#include "najimi/shell/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

static void counts_from_the_epoch_and_never_backwards(void **state)
{
	usec_t before = clock_now(), spent = clock_monotonic();

	(void)state;
	assert_true(llabs((long long)(before / SEC(1)) - (long long)time(NULL)) <= 1);
	for (int i = 0; i < 1000; i++) {
		usec_t after = clock_now();

		assert_true(after >= before);
		before = after;
	}
	assert_true(clock_monotonic() >= spent);
}

static void has_not_drifted_when_nobody_set_the_clock(void **state)
{
	(void)state;
	assert_true(llabs((long long)clock_drift()) < 1000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_from_the_epoch_and_never_backwards),
		cmocka_unit_test(has_not_drifted_when_nobody_set_the_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
