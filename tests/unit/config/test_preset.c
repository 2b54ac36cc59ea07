#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "najimi/config/options.h"

static void a_preset_sets_what_reunions_may_cost(void **state)
{
	struct queue_plan plan = { .review = SEC(5), .value = SEC(1), .head_start = SEC(9) };

	(void)state;
	assert_true(options_preset("sticky", &plan));
	assert_int_equal(plan.value, SEC(200));
	assert_int_equal(plan.wait_idle, MINUTE(2));
	assert_int_equal(plan.wait_skipped, MINUTE(2));
	assert_int_equal(plan.credit, MINUTE(2));
	assert_int_equal(plan.head_start, 0);
	assert_int_equal(plan.review, SEC(5));
	assert_true(options_preset("regulars", &plan));
	assert_int_equal(plan.head_start, SEC(50));
}

static void other_words_set_nothing(void **state)
{
	struct queue_plan plan = { .value = SEC(1) };

	(void)state;
	assert_false(options_preset("", &plan));
	assert_false(options_preset("clingy", &plan));
	assert_int_equal(plan.value, SEC(1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_preset_sets_what_reunions_may_cost),
		cmocka_unit_test(other_words_set_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
