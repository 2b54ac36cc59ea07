#include "daybook_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void every_figure_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (unsigned i = 0; i < DAY_FIGURES; i++)
		assert_string_not_equal(day_figure_name(i), "");
	for (unsigned i = 0; i < STICKY_WHYS; i++)
		assert_string_equal(day_figure_name(DAY_FALLTHROUGH + i) + strlen("fell_"),
		                    sticky_why_name((enum sticky_why)i));
	for (unsigned i = 0; i < DAY_FIGURES; i++)
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(day_figure_name(i), day_figure_name(j));
	for (unsigned i = 0; i < DAY_SPANS; i++)
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(day_span_name((enum day_span)i),
			                        day_span_name((enum day_span)j));
	for (unsigned i = 0; i < CALL_OUTCOMES; i++)
		assert_string_equal(day_figure_name(DAY_OUTCOMES + i),
		                    call_outcome_name((enum call_outcome)i));
	assert_string_equal(day_figure_name(DAY_FALLTHROUGH + WHY_RONA), "fell_rona");
	assert_string_equal(agent_activity_name(ACTIVITY_WRAPUP), "wrapup");
}

static void what_is_put_at_an_edge_is_counted_there(void **state)
{
	struct histogram span = { 0 };

	(void)state;
	day_span_put(&span, SEC(20), 2);
	day_span_put(&span, SEC(5), 1);
	day_span_put(&span, USEC_NEVER, 4);
	day_span_put(&span, SEC(20), 1);
	assert_int_equal(span.edges_count, 2);
	assert_int_equal(span.edges[0], SEC(5));
	assert_int_equal(span.buckets[0], 1);
	assert_int_equal(span.buckets[1], 3);
	assert_int_equal(span.buckets[2], 4);
	assert_int_equal(span.count, 8);
}

static void without_room_for_an_edge_the_next_one_counts(void **state)
{
	struct histogram span = { 0 };

	(void)state;
	for (unsigned i = 1; i <= HISTOGRAM_EDGES_MAX; i++)
		day_span_put(&span, SEC(10 * i), 1);
	day_span_put(&span, SEC(15), 1);
	assert_int_equal(span.edges_count, HISTOGRAM_EDGES_MAX);
	assert_int_equal(span.buckets[1], 2);
	day_span_put(&span, SEC(10 * HISTOGRAM_EDGES_MAX + 1), 1);
	assert_int_equal(span.buckets[HISTOGRAM_EDGES_MAX], 1);
}

static void spans_with_other_edges_add_up_and_come_apart_again(void **state)
{
	struct histogram one = { 0 }, other = { 0 };

	(void)state;
	day_span_put(&one, SEC(10), 5);
	day_span_put(&one, USEC_NEVER, 1);
	one.sum = SEC(60);
	day_span_put(&other, SEC(5), 2);
	day_span_put(&other, SEC(10), 1);
	other.sum = SEC(9);
	day_span_add(&one, &other);
	assert_int_equal(one.count, 9);
	assert_int_equal(one.sum, SEC(69));
	assert_int_equal(one.buckets[0], 2);
	assert_int_equal(one.buckets[1], 6);
	day_span_subtract(&one, &other);
	assert_int_equal(one.count, 6);
	assert_int_equal(one.sum, SEC(60));
	assert_int_equal(one.buckets[0], 0);
	assert_int_equal(one.buckets[1], 5);
	other.sum = SEC(1000);
	day_span_subtract(&one, &other); /* there is less: it becomes nothing, never more */
	assert_int_equal(one.sum, 0);
}

static void only_what_is_new_is_taken(void **state)
{
	static const usec_t edges[] = { SEC(5), SEC(10) };
	struct histogram now, last = { 0 }, one = { 0 }, other = { 0 };
	struct histogram *to[] = { &one, &other };

	(void)state;
	histogram_init(&now, edges, 2);
	histogram_add(&now, MSEC(1500) + 700);
	day_span_take(to, 2, &now, &last);
	assert_int_equal(one.count, 1);
	assert_int_equal(one.sum, MSEC(1500));
	histogram_add(&now, MSEC(6000) + 400);
	assert_true(histogram_insert_edge(&now, SEC(7)));
	day_span_take(to, 1, &now, &last);
	/* What was left over of the first is in the second. */
	assert_int_equal(one.sum, MSEC(7501));
	assert_int_equal(one.count, 2);
	assert_int_equal(other.count, 1);
	day_span_take(to, 1, &now, &last);
	assert_int_equal(one.count, 2);
	/* Later ones below the new edge are told apart. */
	histogram_add(&now, SEC(6));
	day_span_take(to, 1, &now, &last);
	day_span_show(&one, &now, &other);
	assert_int_equal(other.edges_count, 3);
	assert_int_equal(other.buckets[0], 1);
	assert_int_equal(other.buckets[1], 1);
	assert_int_equal(other.buckets[2], 1);
}

static void what_is_shown_has_the_edges_that_are_asked_for(void **state)
{
	static const usec_t edges[] = { SEC(10), SEC(30) };
	struct histogram kept = { 0 }, asked, shown;

	(void)state;
	histogram_init(&asked, edges, 2);
	day_span_put(&kept, SEC(5), 1);
	day_span_put(&kept, SEC(10), 2);
	day_span_put(&kept, SEC(20), 4);
	day_span_put(&kept, SEC(60), 8);
	day_span_put(&kept, USEC_NEVER, 16);
	kept.sum = SEC(77);
	day_span_show(&kept, &asked, &shown);
	assert_int_equal(shown.buckets[0], 3);
	assert_int_equal(shown.buckets[1], 4);
	assert_int_equal(shown.buckets[2], 24);
	assert_int_equal(shown.count, 31);
	assert_int_equal(shown.sum, SEC(77));
}

static void occupancy_leaves_pauses_out(void **state)
{
	struct agent_day day = { .spent = { [ACTIVITY_READY] = MINUTE(30),
		                            [ACTIVITY_RING] = MINUTE(2),
		                            [ACTIVITY_TALK] = MINUTE(50),
		                            [ACTIVITY_HOLD] = MINUTE(8),
		                            [ACTIVITY_WRAPUP] = MINUTE(10),
		                            [ACTIVITY_PAUSED] = MINUTE(60) } };
	const struct agent_day nobody = { .spent = { [ACTIVITY_PAUSED] = MINUTE(1) } };

	(void)state;
	assert_int_equal(agent_day_occupancy(&day), 680);
	assert_int_equal(agent_day_occupancy(&nobody), -1);
}

static void agents_days_add_up(void **state)
{
	struct agent_day sum = { .handled = 2, .until = 5, .then = ACTIVITY_READY };
	struct agent_day other = { .handled = 1,
		                   .own = 1,
		                   .offers = 3,
		                   .misses = { [MISS_BUSY] = 2 },
		                   .until = 9,
		                   .then = ACTIVITY_TALK };

	(void)state;
	agent_day_pause(&other, "lunch", SEC(3));
	agent_day_pause(&sum, "lunch", SEC(4));
	agent_day_pause(&sum, "rona", SEC(1));
	agent_day_add(&sum, &other);
	assert_int_equal(sum.handled, 3);
	assert_int_equal(sum.own, 1);
	assert_int_equal(sum.offers, 3);
	assert_int_equal(sum.misses[MISS_BUSY], 2);
	assert_int_equal(sum.reasons_count, 2);
	assert_int_equal(sum.reasons[0].spent, SEC(7));
	assert_int_equal(sum.until, 9);
	assert_int_equal(sum.then, ACTIVITY_TALK);
}

static void too_many_reasons_are_other_reasons(void **state)
{
	static char reasons[40][8];
	struct agent_day day = { 0 };
	usec_t sum = 0;

	(void)state;
	for (unsigned i = 0; i < ARRAY_LEN(reasons); i++) {
		snprintf(reasons[i], sizeof(reasons[i]), "r%u", i);
		agent_day_pause(&day, reasons[i], SEC(1));
	}
	assert_int_equal(day.reasons_count, DAY_REASONS_MAX);
	assert_string_equal(day.reasons[DAY_REASONS_MAX - 1].reason, "other");
	for (unsigned i = 0; i < day.reasons_count; i++)
		sum += day.reasons[i].spent;
	assert_int_equal(sum, SEC(40));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_figure_has_a_name_of_its_own),
		cmocka_unit_test(what_is_put_at_an_edge_is_counted_there),
		cmocka_unit_test(without_room_for_an_edge_the_next_one_counts),
		cmocka_unit_test(spans_with_other_edges_add_up_and_come_apart_again),
		cmocka_unit_test(only_what_is_new_is_taken),
		cmocka_unit_test(what_is_shown_has_the_edges_that_are_asked_for),
		cmocka_unit_test(occupancy_leaves_pauses_out),
		cmocka_unit_test(agents_days_add_up),
		cmocka_unit_test(too_many_reasons_are_other_reasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
