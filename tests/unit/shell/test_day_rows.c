#include "book.h"

/* What goes to Redis, and what goes once more. */

static unsigned take_all(struct book *book, uint64_t commit)
{
	unsigned count = 0;

	daybook_collect(book->daybook, true);
	while (daybook_take(book->daybook, commit) != NULL)
		count++;
	return count;
}

static void only_rows_with_news_are_taken(void **state)
{
	struct book *book = *state;

	assert_int_equal(take_all(book, 1), 2); /* totals: a book that is new */
	assert_false(daybook_has_news(book->daybook));
	book_arrive(book, false, 0);
	book_arrive(book, false, 0);
	assert_true(daybook_has_news(book->daybook));
	assert_int_equal(take_all(book, 2), 1);
	assert_int_equal(take_all(book, 3), 0);
	assert_false(daybook_has_news(book->daybook));
}

static void what_did_not_arrive_is_taken_again(void **state)
{
	struct book *book = *state;
	const struct day_row *row;

	take_all(book, 1);
	book_arrive(book, false, 0);
	take_all(book, 2);
	daybook_lost(book->daybook, 2);
	assert_false(daybook_has_news(book->daybook));
	daybook_lost(book->daybook, 1);
	assert_true(daybook_has_news(book->daybook));
	row = daybook_take(book->daybook, 5);
	assert_int_equal(row->figures->counts[DAY_OFFERED], 1);
	daybook_lost(book->daybook, 4);
	assert_int_equal(take_all(book, 6), 1);
}

static void when_everything_is_lost_everything_is_taken_again(void **state)
{
	struct book *book = *state;

	book_log_in(book, "alice");
	book_hang_up(book, book_arrive(book, false, 0));
	take_all(book, 3);
	daybook_kept(book->daybook, 3);
	daybook_lost(book->daybook, 0);
	/* Two totals (and perhaps the first two as well), an hour, an agent. */
	assert_true(take_all(book, 4) >= 4);
}

static void a_day_that_is_over_goes_when_it_has_arrived(void **state)
{
	struct book *book = *state;
	struct daybook *daybook = book->daybook;

	book_arrive(book, false, 0);
	daybook_advance(daybook, clock_now() + HOUR(24));
	daybook->now.ends = clock_now(); /* later in that hour */
	assert_int_equal(take_all(book, 7), 5);
	daybook_kept(daybook, 6);
	assert_false(TAILQ_EMPTY(&daybook->retired));
	daybook_kept(daybook, 7);
	assert_true(TAILQ_EMPTY(&daybook->retired));
}

static unsigned rows_seen;
static uint64_t offered_seen;

static void see(const struct day_row *row, void *arg)
{
	(void)arg;
	rows_seen++;
	if (row->kind == DAY_ROW_QUEUE)
		offered_seen += row->figures->counts[DAY_OFFERED];
	else
		assert_true(row->agent->until != 0);
}

static void todays_rows_can_be_read(void **state)
{
	struct book *book = *state;

	rows_seen = 0;
	offered_seen = 0;
	daybook_each_today(book->daybook, see, NULL);
	assert_int_equal(rows_seen, 0);
	book_log_in(book, "alice");
	book_arrive(book, false, 0);
	book_arrive(book, false, 0);
	daybook_each_today(book->daybook, see, NULL);
	assert_int_equal(rows_seen, 2);
	assert_int_equal(offered_seen, 2);
	daybook_each_queue_today(book->daybook, see, NULL);
	assert_int_equal(rows_seen, 3);
	assert_int_equal(offered_seen, 4);
}

#define ON_A_BOOK(test) cmocka_unit_test_setup_teardown(test, book_set_up, book_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_BOOK(only_rows_with_news_are_taken),
		ON_A_BOOK(what_did_not_arrive_is_taken_again),
		ON_A_BOOK(when_everything_is_lost_everything_is_taken_again),
		ON_A_BOOK(a_day_that_is_over_goes_when_it_has_arrived),
		ON_A_BOOK(todays_rows_can_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
