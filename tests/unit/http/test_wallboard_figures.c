#include "wallboard_figures.h"

#include "centre.h"

static void shares_are_made_from_what_is_added(void **state)
{
	struct tally tally = {
		.in_time = 2,
		.missed = 1,
		.own = 1,
		.returning = 3,
		.reachable = 2,
		.waits = 2,
		.waited = SEC(9),
	};

	(void)state;
	assert_int_equal(board_service_level(&tally), 667);
	assert_int_equal(board_own_share(&tally), 333);
	assert_int_equal(board_reachable_own_share(&tally), 500);
	assert_int_equal(board_mean_wait(&tally), MSEC(4500));
	assert_int_equal(board_fcr(&(struct fcr_tally){ .decided = 9, .resolved = 8 }), 889);
}

static void of_nothing_there_is_no_share(void **state)
{
	struct tally tally = { 0 };

	(void)state;
	assert_int_equal(board_service_level(&tally), -1);
	assert_int_equal(board_own_share(&tally), -1);
	assert_int_equal(board_reachable_own_share(&tally), -1);
	assert_int_equal(board_mean_wait(&tally), -1);
	assert_int_equal(board_fcr(&(struct fcr_tally){ 0 }), -1);
}

static void the_whole_is_the_sum_and_the_longest(void **state)
{
	struct board whole = { .expected = USEC_NEVER };
	struct board a = { .waiting = 3,
		           .holding = 1,
		           .longest = SEC(40),
		           .expected = USEC_NEVER,
		           .holdout = 50 };
	struct board b = { .waiting = 1, .longest = SEC(9), .expected = SEC(7) };

	(void)state;
	board_add(&whole, &a);
	board_add(&whole, &b);
	assert_int_equal(whole.waiting, 4);
	assert_int_equal(whole.holding, 1);
	assert_int_equal(whole.holdout, 50);
	assert_int_equal(whole.longest, SEC(40));
	assert_int_equal(whole.expected, SEC(7));
}

static void figures_of_now_are_the_cores_and_of_today_the_daybooks(void **state)
{
	struct centre *centre = *state;
	struct day_figures day = { 0 };
	unsigned hour = (unsigned)(clock_now() / HOUR(1) % HOURS);
	struct board board;

	day.counts[DAY_OFFERED] = 10;
	day.counts[DAY_OUTCOMES + OUTCOME_ANSWERED] = 7;
	day.counts[DAY_OUTCOMES + OUTCOME_ABANDONED] = 2;
	day.counts[DAY_OUTCOMES + OUTCOME_SHORT_ABANDONED] = 1;
	day.counts[DAY_IN_TIME] = 6;
	day.counts[DAY_SERVICE_MISSED] = 3;
	day.counts[DAY_STICKY + STICKY_OWN] = 2;
	day.counts[DAY_STICKY_GROUP + GROUP_ANSWERED] = 4;
	day.counts[DAY_HOLDOUT_GROUP + GROUP_ANSWERED] = 1;
	day.counts[DAY_OWN_REACHABLE] = 2;
	day.spans[DAY_WAIT_ANSWERED].count = 7;
	day.spans[DAY_WAIT_ANSWERED].sum = SEC(70);
	day.spans[DAY_WAIT_ANSWERED].buckets[0] = 7;

	assert_true(board_read_queue(&centre->needs, 0, &board));
	assert_false(board.counted);
	centre_open_day(centre, "sales", &day);
	(void)centre_call(centre, "c1", "", true, 0);
	assert_true(board_read_queue(&centre->needs, 0, &board));
	assert_string_equal(board.name, "sales");
	assert_int_equal(board.waiting, 1);
	assert_true(board.longest >= SEC(30) && board.longest < SEC(40));
	assert_true(board.counted);
	assert_int_equal(board.today.offered, 10);
	assert_int_equal(board.hours[hour].abandoned, 2);
	assert_int_equal(board.today.short_abandoned, 1);
	assert_int_equal(board_service_level(&board.today), 667);
	assert_int_equal(board_own_share(&board.today), 500);
	assert_int_equal(board_reachable_own_share(&board.today), 1000);
	assert_int_equal(board_mean_wait(&board.hours[hour]), SEC(10));
	assert_int_equal(board_fcr(&board.final), -1);
	assert_false(board_read_queue(&centre->needs, 3, &board));
}

static void an_agent_of_two_queues_is_one_agent(void **state)
{
	struct centre *centre = *state;
	struct board whole = { 0 }, queue;

	centre_log_in(centre, "alice");
	centre_log_in(centre, "bob");
	assert_true(board_read_queue(&centre->needs, 0, &queue));
	assert_int_equal(queue.agents[AGENT_READY], 2);
	assert_true(board_read_queue(&centre->needs, 1, &queue));
	assert_int_equal(queue.agents[AGENT_READY], 2);
	board_read_agents(&centre->needs, &whole);
	assert_int_equal(whole.agents[AGENT_READY], 2);
	assert_int_equal(whole.unreachable, 0);
}

/* A queue that nobody has in the configuration any more had calls this morning, and a caller
 * still waits there. */
static void the_whole_has_the_day_of_a_queue_that_is_gone(void **state)
{
	struct centre *centre = *state;
	struct day_figures sales = { .counts = { [DAY_OFFERED] = 4, [DAY_IN_TIME] = 3 } };
	struct day_figures gone = { .counts = { [DAY_OFFERED] = 3, [DAY_SERVICE_MISSED] = 1 } };
	struct day_row row = { .kind = DAY_ROW_QUEUE, .name = "gone", .figures = &gone };
	unsigned hour = (unsigned)(clock_now() / HOUR(1) % HOURS);
	struct board whole = { 0 };

	board_read_day(&centre->needs, &whole);
	assert_false(whole.counted);
	centre_open_day(centre, "sales", &sales);
	memcpy(row.day, daybook_today(centre->daybook), DAY_SIZE);
	row.hour = hour;
	assert_true(daybook_load(centre->daybook, &row));
	board_read_day(&centre->needs, &whole);
	assert_true(whole.counted);
	assert_int_equal(whole.today.offered, 7);
	assert_int_equal(board_service_level(&whole.today), 750);
	assert_int_equal(whole.hours[hour].offered, 7);
	assert_int_equal(whole.hours[(hour + 1) % HOURS].offered, 0);
}

static void who_waits_in_a_queue_that_is_gone_waits(void **state)
{
	struct centre *centre = *state;
	struct board whole = { .expected = USEC_NEVER }, queue;
	struct options without = centre->options;
	struct err err;

	(void)centre_call(centre, "c1", "", true, 1);
	without.queues_count = 1;
	assert_int_equal(directory_configure(centre->directory, &without, &err), 0);
	assert_true(board_read_queue(&centre->needs, 1, &queue));
	assert_null(queue.options);
	assert_true(queue.expected == USEC_NEVER);
	board_add(&whole, &queue);
	assert_int_equal(whole.waiting, 1);
	assert_true(whole.longest >= SEC(30));
	assert_int_equal(directory_configure(centre->directory, &centre->options, &err), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, centre_set_up, centre_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares_are_made_from_what_is_added),
		cmocka_unit_test(of_nothing_there_is_no_share),
		cmocka_unit_test(the_whole_is_the_sum_and_the_longest),
		TEST(figures_of_now_are_the_cores_and_of_today_the_daybooks),
		TEST(an_agent_of_two_queues_is_one_agent),
		TEST(the_whole_has_the_day_of_a_queue_that_is_gone),
		TEST(who_waits_in_a_queue_that_is_gone_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
