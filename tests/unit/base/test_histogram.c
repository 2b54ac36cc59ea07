#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "najimi/base/histogram.h"

static const usec_t edges[] = { 10, 20, 50 };

static void counts_a_value_on_an_edge_below_it(void **state)
{
	struct histogram histogram;

	(void)state;
	histogram_init(&histogram, edges, ARRAY_LEN(edges));
	histogram_add(&histogram, 0);
	histogram_add(&histogram, 10);
	histogram_add(&histogram, 11);
	histogram_add(&histogram, 50);
	histogram_add(&histogram, 51);
	assert_int_equal(histogram.buckets[0], 2);
	assert_int_equal(histogram.buckets[1], 1);
	assert_int_equal(histogram.buckets[2], 1);
	assert_int_equal(histogram.buckets[3], 1);
	assert_int_equal(histogram.count, 5);
	assert_int_equal(histogram.sum, 122);
}

static void a_new_edge_leaves_what_was_counted_above_it(void **state)
{
	struct histogram histogram;

	(void)state;
	histogram_init(&histogram, edges, ARRAY_LEN(edges));
	histogram_add(&histogram, 15);
	histogram_add(&histogram, 40);
	assert_true(histogram_insert_edge(&histogram, 30));
	assert_int_equal(histogram.edges_count, 4);
	assert_int_equal(histogram.buckets[1], 1); /* up to 20 */
	assert_int_equal(histogram.buckets[2], 0); /* up to 30 */
	assert_int_equal(histogram.buckets[3], 1); /* up to 50 */
	histogram_add(&histogram, 25);
	assert_int_equal(histogram.buckets[2], 1);
}

static void an_edge_beyond_the_last_cuts_infinity(void **state)
{
	struct histogram histogram;

	(void)state;
	histogram_init(&histogram, edges, ARRAY_LEN(edges));
	histogram_add(&histogram, 1000);
	assert_true(histogram_insert_edge(&histogram, 100));
	assert_int_equal(histogram.buckets[3], 0);
	assert_int_equal(histogram.buckets[4], 1);
}

static void takes_an_edge_it_has_and_refuses_one_too_many(void **state)
{
	struct histogram histogram;
	usec_t next = 1000;

	(void)state;
	histogram_init(&histogram, edges, ARRAY_LEN(edges));
	assert_true(histogram_insert_edge(&histogram, 20));
	assert_int_equal(histogram.edges_count, 3);
	while (histogram.edges_count < HISTOGRAM_EDGES_MAX)
		assert_true(histogram_insert_edge(&histogram, next++));
	assert_false(histogram_insert_edge(&histogram, 30));
	assert_true(histogram_insert_edge(&histogram, 20));
	assert_int_equal(histogram.edges_count, HISTOGRAM_EDGES_MAX);
}

static void says_below_which_edge_a_share_lies(void **state)
{
	struct histogram histogram;

	(void)state;
	histogram_init(&histogram, edges, ARRAY_LEN(edges));
	assert_int_equal(histogram_quantile(&histogram, 500), 0);
	for (int i = 0; i < 90; i++)
		histogram_add(&histogram, 5);
	for (int i = 0; i < 9; i++)
		histogram_add(&histogram, 15);
	histogram_add(&histogram, 99);
	assert_int_equal(histogram_quantile(&histogram, 900), 10);
	assert_int_equal(histogram_quantile(&histogram, 901), 20);
	assert_int_equal(histogram_quantile(&histogram, 990), 20);
	assert_int_equal(histogram_quantile(&histogram, 1000), USEC_NEVER);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_a_value_on_an_edge_below_it),
		cmocka_unit_test(a_new_edge_leaves_what_was_counted_above_it),
		cmocka_unit_test(an_edge_beyond_the_last_cuts_infinity),
		cmocka_unit_test(takes_an_edge_it_has_and_refuses_one_too_many),
		cmocka_unit_test(says_below_which_edge_a_share_lies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
