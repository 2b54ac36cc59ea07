#include "book.h"

#include <errno.h>

#include "alloc.h"

static void a_closed_book_shows_nothing(void **state)
{
	struct book book;
	struct agent_day day;

	(void)state;
	book_make(&book);
	book_log_in(&book, "alice");
	book_arrive(&book, false, 0);
	assert_false(daybook_is_open(book.daybook));
	assert_string_equal(daybook_today(book.daybook), "");
	assert_null(daybook_queue_ever(book.daybook, SALES));
	assert_false(daybook_agent_today(book.daybook,
	                                 directory_find_agent(book.directory, "alice")->id,
	                                 clock_now(), &day));
	assert_false(daybook_has_news(book.daybook));
	assert_null(daybook_take(book.daybook, 1));
	daybook_open(book.daybook);
	assert_int_equal(strlen(daybook_today(book.daybook)), 10);
	assert_true(daybook_hour(book.daybook) < 24);
	book_unmake(&book);
}

static void a_queue_that_comes_back_has_its_totals(void **state)
{
	struct book book;
	struct day_figures figures = { .counts = { [DAY_OFFERED] = 40 } };
	struct day_row row = { .kind = DAY_ROW_TOTAL, .name = "night", .figures = &figures };
	struct err err = { 0 };
	queue_index night;

	(void)state;
	book_make(&book);
	memcpy(row.day, book.daybook->now.day, DAY_SIZE);
	assert_true(daybook_load(book.daybook, &row));
	daybook_open(book.daybook);
	book_add_queue(&book, "night");
	assert_int_equal(directory_configure(book.directory, book.options, &err), 0);
	night = directory_find_queue(book.directory, "night");
	book_configure(&book, night);
	daybook_collect(book.daybook, true);
	assert_int_equal(daybook_queue_ever(book.daybook, night)->counts[DAY_OFFERED], 40);
	book_unmake(&book);
}

static void ask(struct book *book, const char *from, const char *to, const char *by, int expected,
                const char *words)
{
	struct stats_question question;
	struct err err = { 0 };

	assert_int_equal(stats_question_read(book->daybook, from, to, by, &question, &err),
	                 expected);
	if (words != NULL && strstr(err.text, words) == NULL)
		fail_msg("'%s' does not say '%s'", err.text, words);
}

static void a_question_says_what_is_wrong_with_it(void **state)
{
	struct book *book = *state;
	struct stats_question question;

	assert_int_equal(stats_question_read(book->daybook, NULL, NULL, NULL, &question, NULL), 0);
	assert_string_equal(question.from, daybook_today(book->daybook));
	assert_string_equal(question.to, daybook_today(book->daybook));
	assert_int_equal(question.by, STATS_BY_QUEUE);
	assert_int_equal(stats_question_read(book->daybook, "2026-01-01", "2026-01-31", "agent",
	                                     &question, NULL),
	                 0);
	assert_string_equal(question.to, "2026-01-31");
	assert_int_equal(question.by, STATS_BY_AGENT);
	ask(book, "2026-01-01", "2027-02-04", "day", 0, NULL);
	ask(book, "2026-01-01", "2027-02-05", "day", -EINVAL, "400 days");
	ask(book, "2026-02-30", NULL, NULL, -EINVAL, "from: '2026-02-30' is no day");
	ask(book, "2026-02-01", "tomorrow", NULL, -EINVAL, "to: 'tomorrow' is no day");
	ask(book, "2026-02-02", "2026-02-01", NULL, -EINVAL, "before 2026-02-02");
	ask(book, NULL, NULL, "week", -EINVAL, "by: 'week' is none of queue");
	ask(book, "2099-01-01", NULL, "hour", 0, NULL);
}

static void reasons_are_kept_once_and_not_without_end(void **state)
{
	struct book *book = *state;
	char reason[16], reason_long[200];
	const char *lunch = daybook_reason(book->daybook, TEXT("lunch"));

	assert_ptr_equal(daybook_reason(book->daybook, TEXT("lunch")), lunch);
	assert_string_equal(daybook_reason(book->daybook, TEXT("")), "");
	memset(reason_long, 'x', sizeof(reason_long));
	memcpy(reason_long + 63, "\xe6\x9d\xb1", 3);
	assert_int_equal(strlen(daybook_reason(book->daybook, (struct text){ reason_long, 200 })),
	                 63);
	for (unsigned i = 0; i < 2 * REASONS_MAX; i++) {
		snprintf(reason, sizeof(reason), "r%u", i);
		(void)daybook_reason(book->daybook, text_of(reason));
	}
	assert_string_equal(daybook_reason(book->daybook, TEXT("one more")), "other");
	assert_string_equal(daybook_reason(book->daybook, TEXT("lunch")), "lunch");
}

static void nothing_leaks_when_memory_runs_out(void **state)
{
	struct book *book = *state;
	struct err err = { 0 };
	struct daybook *daybook = NULL;

	for (unsigned nth = 1; daybook == NULL; nth++) {
		alloc_fail(nth);
		daybook = daybook_new(book->options, book->loop, book->directory, &err);
		alloc_fail(0);
		assert_true(daybook != NULL || nth < 10);
	}
	daybook_free(daybook);
}

#define ON_A_BOOK(test) cmocka_unit_test_setup_teardown(test, book_set_up, book_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_closed_book_shows_nothing),
		cmocka_unit_test(a_queue_that_comes_back_has_its_totals),
		ON_A_BOOK(a_question_says_what_is_wrong_with_it),
		ON_A_BOOK(reasons_are_kept_once_and_not_without_end),
		ON_A_BOOK(nothing_leaks_when_memory_runs_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
