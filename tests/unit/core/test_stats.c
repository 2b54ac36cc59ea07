#include "floor.h"

#include "stats.h"

static const struct queue_stats *stats_of(const struct floor *floor, queue_index queue)
{
	const struct queue_stats *stats = core_queue_stats(floor->core, queue);

	assert_non_null(stats);
	return stats;
}

static bool has_edge(const struct histogram *histogram, usec_t edge)
{
	for (uint32_t i = 0; i < histogram->edges_count; i++) {
		if (histogram->edges[i] == edge)
			return true;
	}
	return false;
}

static void the_limits_of_a_plan_are_edges_now_and_after_a_reload(void **state)
{
	struct queue_plan plan = usual_plan();
	struct floor floor;

	(void)state;
	floor_open(&floor);
	plan.service_level = SEC(17);
	plan.short_abandon = SEC(4);
	set_plan(&floor, 0, plan);
	assert_true(has_edge(&stats_of(&floor, 0)->wait_answered, SEC(17)));
	assert_true(has_edge(&stats_of(&floor, 0)->wait_abandoned, SEC(4)));
	assert_true(has_edge(&stats_of(&floor, 0)->wait_overflow, SEC(17)));
	assert_true(has_edge(&stats_of(&floor, 0)->sticky_wait, SEC(4)));
	/* Reloads without end fill the room, and then the edges stay. */
	for (unsigned i = 0; i < 40; i++) {
		plan.service_level = SEC(17) + MSEC(i);
		set_plan(&floor, 0, plan);
	}
	assert_int_equal(stats_of(&floor, 0)->wait_answered.edges_count, HISTOGRAM_EDGES_MAX);
	floor_close(&floor);
}

static void answered_in_time_is_counted_at_the_answer(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	pass(&floor, SEC(20)); /* on the threshold is within it */
	answer(&floor, 0, 1);
	assert_int_equal(stats_of(&floor, 0)->answered_in_time, 1);
	assert_int_equal(stats_of(&floor, 0)->wait_answered.count, 1);
	assert_int_equal(stats_of(&floor, 0)->outcomes[OUTCOME_ANSWERED], 0);
	pass(&floor, SEC(100));
	end(&floor, 0, BY_CALLER);
	assert_int_equal(stats_of(&floor, 0)->outcomes[OUTCOME_ANSWERED], 1);
	assert_int_equal(stats_of(&floor, 0)->service_missed, 0);
	floor_close(&floor);
}

static void who_waits_longer_is_counted_when_the_threshold_passes(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	arrive(&floor, 0, 0);
	pass(&floor, SEC(20));
	assert_int_equal(stats_of(&floor, 0)->service_missed, 0);
	pass(&floor, 1);
	assert_int_equal(stats_of(&floor, 0)->service_missed, 1);
	assert_true(get_call(&floor, 0).service_counted);
	assert_int_equal(count_of(&floor, ACT_CHANGE_CALL), 1);
	log_in(&floor, 0, 0, true);
	answer(&floor, 0, 1);
	end(&floor, 0, BY_CALLER);
	assert_int_equal(stats_of(&floor, 0)->service_missed, 1);
	assert_int_equal(stats_of(&floor, 0)->answered_in_time, 0);
	floor_close(&floor);
}

static void short_abandons_are_left_out(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	arrive(&floor, 0, 0);
	arrive(&floor, 1, 0);
	pass(&floor, SEC(5));
	end(&floor, 0, BY_CALLER);
	assert_int_equal(find_action(&floor, ACT_END_CALL)->end.outcome, OUTCOME_SHORT_ABANDONED);
	pass(&floor, 1);
	end(&floor, 1, BY_CALLER);
	assert_int_equal(find_action(&floor, ACT_END_CALL)->end.outcome, OUTCOME_ABANDONED);
	assert_int_equal(stats_of(&floor, 0)->service_missed, 1);
	assert_int_equal(stats_of(&floor, 0)->wait_abandoned.count, 2);
	floor_close(&floor);
}

static void lost_calls_are_lost_unless_they_were_answered(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	arrive(&floor, 0, 0);
	answer(&floor, 0, 1);
	arrive(&floor, 1, 0);
	end(&floor, 1, BY_LOSS);
	end(&floor, 0, BY_LOSS);
	assert_int_equal(stats_of(&floor, 0)->outcomes[OUTCOME_LOST], 1);
	assert_int_equal(stats_of(&floor, 0)->outcomes[OUTCOME_ANSWERED], 1);
	floor_close(&floor);
}

static void every_arrival_has_one_outcome_or_is_still_here(void **state)
{
	struct queue_plan plan = usual_plan();
	const struct queue_stats *stats;
	uint64_t outcomes = 0;
	struct floor floor;

	(void)state;
	floor_open(&floor);
	plan.waiting_max = 2;
	plan.wait_max = SEC(30);
	set_plan(&floor, 0, plan);
	for (uint32_t i = 0; i < 5; i++)
		arrive(&floor, i, 0);
	pass(&floor, SEC(31));
	arrive(&floor, 5, 0);
	stats = stats_of(&floor, 0);
	for (size_t i = 0; i < CALL_OUTCOMES; i++)
		outcomes += stats->outcomes[i];
	assert_int_equal(stats->outcomes[OUTCOME_REJECTED], 3);
	assert_int_equal(stats->outcomes[OUTCOME_OVERFLOW], 2);
	assert_int_equal(stats->wait_overflow.sum, SEC(60));
	assert_int_equal(stats->offered, outcomes + get_queue(&floor, 0).waiting);
	floor_close(&floor);
}

static void a_transferred_call_counts_where_it_arrived(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	log_in(&floor, 1, 1, true);
	arrive(&floor, 0, 0);
	answer(&floor, 0, 1);
	pass(&floor, SEC(60));
	transfer_to_queue(&floor, 0, 1);
	answer(&floor, 0, 2);
	pass(&floor, SEC(30));
	end(&floor, 0, BY_CALLER);
	pass(&floor, SEC(10));
	assert_int_equal(stats_of(&floor, 0)->outcomes[OUTCOME_ANSWERED], 1);
	assert_int_equal(stats_of(&floor, 0)->talk.sum, SEC(90));
	assert_int_equal(stats_of(&floor, 0)->offers, 1);
	assert_int_equal(stats_of(&floor, 0)->wrapup.count, 1);
	assert_int_equal(stats_of(&floor, 1)->outcomes[OUTCOME_ANSWERED], 0);
	assert_int_equal(stats_of(&floor, 1)->offers, 1);
	assert_int_equal(stats_of(&floor, 1)->wrapup.count, 1);
	assert_int_equal(stats_of(&floor, 1)->offered, 0);
	floor_close(&floor);
}

static void returning_callers_are_counted_by_whom_they_met(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	return_to(&floor, 0, 0, 0);
	answer(&floor, 0, 1);
	return_to(&floor, 1, 0, 0); /* holds out, gives up */
	end(&floor, 1, BY_CALLER);
	assert_int_equal(find_action(&floor, ACT_END_CALL)->end.sticky, STICKY_OTHER);
	return_to(&floor, 2, 0, 5); /* returns to nobody we know, answered by another */
	log_in(&floor, 1, 0, true);
	answer(&floor, 2, 1);
	arrive(&floor, 3, 0);
	for (uint32_t i = 0; i < 4; i++) {
		if (i != 1)
			end(&floor, i, BY_CALLER);
	}
	assert_int_equal(stats_of(&floor, 0)->sticky[STICKY_OWN], 1);
	assert_int_equal(stats_of(&floor, 0)->sticky[STICKY_OTHER], 2);
	assert_int_equal(stats_of(&floor, 0)->sticky[STICKY_NEW], 0);
	assert_int_equal(stats_of(&floor, 0)->fallthrough[WHY_NONE], 1);
	assert_int_equal(stats_of(&floor, 0)->fallthrough[WHY_LOGGED_OUT], 1);
	assert_int_equal(stats_of(&floor, 0)->own_reachable, 1);
	floor_close(&floor);
}

static void a_queue_never_configured_has_no_figures(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	assert_null(core_queue_stats(floor.core, FLOOR_QUEUES - 1));
	assert_null(core_queue_stats(floor.core, QUEUE_NONE));
	floor_close(&floor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_limits_of_a_plan_are_edges_now_and_after_a_reload),
		cmocka_unit_test(answered_in_time_is_counted_at_the_answer),
		cmocka_unit_test(who_waits_longer_is_counted_when_the_threshold_passes),
		cmocka_unit_test(short_abandons_are_left_out),
		cmocka_unit_test(lost_calls_are_lost_unless_they_were_answered),
		cmocka_unit_test(every_arrival_has_one_outcome_or_is_still_here),
		cmocka_unit_test(a_transferred_call_counts_where_it_arrived),
		cmocka_unit_test(returning_callers_are_counted_by_whom_they_met),
		cmocka_unit_test(a_queue_never_configured_has_no_figures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
