#include "book.h"

/* Whatever the core counts is in the book, once. */

static void matches_core(struct book *book)
{
	const struct queue_stats *core = core_queue_stats(loop_core(book->loop), SALES);
	const struct day_figures *today, *ever;

	daybook_collect(book->daybook, true);
	today = daybook_queue_today(book->daybook, SALES);
	ever = daybook_queue_ever(book->daybook, SALES);
	for (unsigned i = 0; i < CALL_OUTCOMES; i++)
		assert_int_equal(ever->counts[DAY_OUTCOMES + i], core->outcomes[i]);
	for (unsigned i = 0; i < STICKY_RESULTS; i++)
		assert_int_equal(ever->counts[DAY_STICKY + i], core->sticky[i]);
	for (unsigned i = 0; i < STICKY_WHYS; i++)
		assert_int_equal(ever->counts[DAY_FALLTHROUGH + i], core->fallthrough[i]);
	for (unsigned i = 0; i < MISS_KINDS; i++)
		assert_int_equal(ever->counts[DAY_MISSES + i], core->misses[i]);
	assert_int_equal(ever->counts[DAY_IN_TIME], core->answered_in_time);
	assert_int_equal(ever->counts[DAY_SERVICE_MISSED], core->service_missed);
	assert_int_equal(ever->counts[DAY_OFFERS], core->offers);
	assert_int_equal(ever->counts[DAY_OWN_REACHABLE], core->own_reachable);
	assert_int_equal(ever->spans[DAY_WAIT_ANSWERED].count, core->wait_answered.count);
	assert_int_equal(ever->spans[DAY_WAIT_ANSWERED].sum, core->wait_answered.sum / 1000 * 1000);
	assert_memory_equal(ever->spans[DAY_WAIT_ANSWERED].edges, core->wait_answered.edges,
	                    core->wait_answered.count > 0 ? sizeof(core->wait_answered.edges[0]) *
	                                                            core->wait_answered.edges_count
	                                                  : 0);
	assert_int_equal(ever->spans[DAY_WAIT_ABANDONED].count, core->wait_abandoned.count);
	assert_int_equal(ever->spans[DAY_TALK].count, core->talk.count);
	assert_int_equal(ever->spans[DAY_WRAPUP].count, core->wrapup.count);
	assert_memory_equal(today, ever, sizeof(*ever));
	assert_memory_equal(daybook_queue_hour(book->daybook, SALES, daybook_hour(book->daybook)),
	                    today, sizeof(*today));
}

static void whatever_the_core_counts_is_in_the_book(void **state)
{
	struct book *book = *state;
	struct agent_id alice = book_log_in(book, "alice");
	struct core_event ready = { .type = EVT_AGENT_READY };
	struct call_id first = book_arrive(book, false, SEC(30)), second, third;

	matches_core(book);
	book_answer(book, first);
	matches_core(book);
	second = book_arrive(book, false, SEC(3));
	third = book_arrive(book, false, SEC(40));
	book_hang_up(book, second);
	book_hang_up(book, third);
	matches_core(book);
	book_hang_up(book, first);
	ready.agent_ready.agent = alice;
	book_apply(book, &ready); /* wrap-up ends */
	matches_core(book);
	assert_int_equal(book_ever(book, DAY_OFFERED), 3);
	assert_int_equal(book_ever(book, DAY_OUTCOMES + OUTCOME_ANSWERED), 1);
	assert_int_equal(book_ever(book, DAY_OUTCOMES + OUTCOME_SHORT_ABANDONED), 1);
	assert_int_equal(book_ever(book, DAY_OUTCOMES + OUTCOME_ABANDONED), 1);
	assert_int_equal(daybook_queue_ever(book->daybook, SALES)->spans[DAY_WRAPUP].count, 1);
	assert_null(daybook_queue_hour(book->daybook, SERVICE, daybook_hour(book->daybook)));
	assert_null(daybook_queue_ever(book->daybook, 7));
}

static void a_call_counts_when_somebody_has_heard_of_it(void **state)
{
	struct book *book = *state;
	struct call_id call = book_arrive(book, true, 0), other;

	assert_int_equal(book_ever(book, DAY_OFFERED), 0);
	other = book_arrive(book, false, 0);
	assert_int_equal(book_ever(book, DAY_OFFERED), 1);
	book_recalled(book, call, (struct agent_id){ 0 }, false);
	assert_int_equal(book_ever(book, DAY_OFFERED), 2);
	book_hang_up(book, other);
	/* Gone before the answer: both its arrival and its end are heard of at once. */
	call = book_arrive(book, true, 0);
	assert_int_equal(book_ever(book, DAY_OFFERED), 2);
	book_hang_up(book, call);
	assert_int_equal(book_ever(book, DAY_OFFERED), 3);
	assert_int_equal(book_ever(book, DAY_OUTCOMES + OUTCOME_SHORT_ABANDONED), 2);
}

static void a_caller_who_is_recalled_again_counts_once(void **state)
{
	struct book *book = *state;
	struct core_event ev = { .type = EVT_CALL_UPDATED };
	struct call_id call = book_arrive(book, false, 0);

	assert_int_equal(book_ever(book, DAY_OFFERED), 1);
	ev.call_updated.call = call;
	ev.call_updated.has_identity = true;
	ev.call_updated.identity = IDENTITY_KEYED;
	book_apply(book, &ev);
	assert_int_equal(book_ever(book, DAY_OFFERED), 1);
	book_recalled(book, call, (struct agent_id){ 0 }, false);
	assert_int_equal(book_ever(book, DAY_OFFERED), 1);
}

static struct call_id talk_with(struct book *book, struct agent_id alice, bool holdout)
{
	struct core_event ready = { .type = EVT_AGENT_READY };
	struct call_id call = book_arrive(book, true, SEC(2));

	book_recalled(book, call, alice, holdout);
	book_answer(book, call);
	usleep(3000);
	book_hang_up(book, call);
	ready.agent_ready.agent = alice;
	book_apply(book, &ready);
	return call;
}

static void groups_have_what_their_means_are_made_of(void **state)
{
	struct book *book = *state;
	struct agent_id alice = book_log_in(book, "alice");
	uint64_t sticky = DAY_STICKY_GROUP, holdout = DAY_HOLDOUT_GROUP, wait;
	struct call_id call;

	talk_with(book, alice, false);
	talk_with(book, alice, false);
	talk_with(book, alice, true);
	call = book_arrive(book, false, 0); /* new: in neither */
	book_answer(book, call);
	book_hang_up(book, call);
	assert_int_equal(book_ever(book, sticky + GROUP_ANSWERED), 2);
	assert_int_equal(book_ever(book, holdout + GROUP_ANSWERED), 1);
	wait = book_ever(book, holdout + GROUP_WAIT);
	assert_in_range(wait, 2000, 2900);
	assert_int_equal(book_ever(book, holdout + GROUP_WAIT_SQUARES),
	                 (wait * wait + 5000) / 10000);
	assert_in_range(book_ever(book, sticky + GROUP_WAIT), 4000, 5800);
	assert_in_range(book_ever(book, sticky + GROUP_HANDLING), 6, 600);
	assert_true(book_ever(book, sticky + GROUP_WAIT_SQUARES) >= 800);
	assert_int_equal(book_ever(book, DAY_STICKY + STICKY_OWN), 2);
}

/* Tells the caller that it takes so long, as a decision does. */
static struct call_id promise(struct book *book, usec_t wait)
{
	struct call_id call = book_arrive(book, false, 0);
	struct decision decision = { .kind = DECIDE_QUEUE, .estimated_wait = wait };

	daybook_call_decided(book->daybook, directory_call(book->directory, call), &decision);
	decision.estimated_wait = HOUR(1); /* what is said later does not count */
	daybook_call_decided(book->daybook, directory_call(book->directory, call), &decision);
	return call;
}

static void a_promise_is_kept_or_broken_or_given_up(void **state)
{
	struct book *book = *state;
	struct call_id slow = promise(book, MSEC(1)), left = promise(book, MSEC(1));
	struct call_id patient = promise(book, MINUTE(1)), early = promise(book, MINUTE(1));
	const struct day_figures *ever;

	usleep(20000);
	book_hang_up(book, left);  /* after it was due */
	book_hang_up(book, early); /* before it was: nobody knows */
	(void)slow;
	(void)patient;
	book_log_in(book, "alice");
	book_log_in(book, "bob");
	book_answer(book, slow);
	book_answer(book, patient);
	ever = daybook_queue_ever(book->daybook, SALES);
	assert_int_equal(book_ever(book, DAY_PROMISES_KEPT), 1);
	assert_int_equal(book_ever(book, DAY_PROMISES_BROKEN), 2);
	assert_int_equal(ever->spans[DAY_ESTIMATE_LATE].count, 1);
	assert_in_range(ever->spans[DAY_ESTIMATE_LATE].sum, MSEC(19), SEC(10));
	assert_int_equal(ever->spans[DAY_ESTIMATE_EARLY].count, 1);
	assert_in_range(ever->spans[DAY_ESTIMATE_EARLY].sum, SEC(50), MINUTE(1));
}

static void a_new_day_begins_at_zero_and_ever_goes_on(void **state)
{
	struct book *book = *state;
	struct daybook *daybook = book->daybook;
	struct row *row;
	unsigned totals = 0, hours = 0;

	book_arrive(book, false, 0);
	assert_int_equal(book_ever(book, DAY_OFFERED), 1);
	while (daybook_take(daybook, 1) != NULL)
		;
	daybook_advance(daybook, clock_now() + HOUR(24));
	assert_int_equal(daybook_queue_today(daybook, SALES)->counts[DAY_OFFERED], 0);
	assert_int_equal(daybook_queue_ever(daybook, SALES)->counts[DAY_OFFERED], 1);
	TAILQ_FOREACH(row, &daybook->retired, by_age)
	{
		totals += row->row.kind == DAY_ROW_TOTAL && row->news &&
		          strcmp(row->row.day, daybook_today(daybook)) == 0;
		if (row->row.kind == DAY_ROW_QUEUE) {
			assert_string_not_equal(row->row.day, daybook_today(daybook));
			assert_int_equal(row->row.figures->counts[DAY_OFFERED], 1);
			hours++;
		}
	}
	assert_int_equal(totals, 2);
	assert_int_equal(hours, 1);
}

static void hours_that_were_kept_make_today_and_totals(void **state)
{
	struct book book;
	struct day_figures figures = { .counts = { [DAY_OFFERED] = 100 } };
	struct day_row row = { .kind = DAY_ROW_TOTAL, .name = "sales", .figures = &figures };
	char yesterday[DAY_SIZE];
	int64_t first, last;

	(void)state;
	book_make(&book);
	assert_false(daybook_is_open(book.daybook));
	assert_null(daybook_queue_ever(book.daybook, SALES));
	site_day_write(book.daybook->today - 1, yesterday);
	memcpy(row.day, yesterday, DAY_SIZE);
	assert_true(daybook_load(book.daybook, &row));
	row.name = "a queue that is gone";
	assert_true(daybook_load(book.daybook, &row));
	daybook_load_range(book.daybook, &first, &last);
	assert_int_equal(first, book.daybook->today - 1);
	assert_int_equal(last, book.daybook->today);

	row = (struct day_row){
		.kind = DAY_ROW_QUEUE, .name = "sales", .hour = 9, .figures = &figures
	};
	figures.counts[DAY_OFFERED] = 20;
	memcpy(row.day, yesterday, DAY_SIZE);
	assert_true(daybook_load(book.daybook, &row));
	memcpy(row.day, book.daybook->now.day, DAY_SIZE);
	figures.counts[DAY_OFFERED] = 3;
	assert_true(daybook_load(book.daybook, &row));
	row.hour = 24;
	assert_false(daybook_load(book.daybook, &row));
	daybook_open(book.daybook);
	assert_int_equal(daybook_queue_ever(book.daybook, SALES)->counts[DAY_OFFERED], 123);
	assert_int_equal(daybook_queue_today(book.daybook, SALES)->counts[DAY_OFFERED], 3);
	assert_int_equal(daybook_queue_hour(book.daybook, SALES, 9)->counts[DAY_OFFERED], 3);
	/* The totals are brought up to yesterday, also those of a queue that is gone. */
	for (unsigned i = 0; i < 3; i++) {
		const struct day_row *total = daybook_take(book.daybook, 1);

		assert_non_null(total);
		assert_int_equal(total->kind, DAY_ROW_TOTAL);
		assert_string_equal(total->day, daybook_today(book.daybook));
		if (strcmp(total->name, "sales") == 0)
			assert_int_equal(total->figures->counts[DAY_OFFERED], 120);
	}
	assert_null(daybook_take(book.daybook, 1));
	book_unmake(&book);
}

/* What is kept has the edges of what was counted, and no others. */
static void an_error_is_counted_at_its_edge_after_a_restart(void **state)
{
	struct book book;
	struct day_figures figures = { 0 };
	struct day_row row = { .kind = DAY_ROW_QUEUE, .name = "sales", .figures = &figures };
	struct histogram shown;
	struct call_id call;

	(void)state;
	book_make(&book);
	day_span_put(&figures.spans[DAY_ESTIMATE_LATE], SEC(10), 1);
	memcpy(row.day, book.daybook->now.day, DAY_SIZE);
	row.hour = book.daybook->now.hour;
	assert_true(daybook_load(book.daybook, &row));
	daybook_open(book.daybook);
	daybook_restored(book.daybook);
	call = promise(&book, MSEC(1));
	usleep(5000);
	book_log_in(&book, "alice");
	book_answer(&book, call);
	for (unsigned i = 0; i < 3; i++) {
		const struct day_figures *of[] = {
			daybook_queue_ever(book.daybook, SALES),
			daybook_queue_today(book.daybook, SALES),
			daybook_queue_hour(book.daybook, SALES, book.daybook->now.hour),
		};

		day_span_show(&of[i]->spans[DAY_ESTIMATE_LATE], daybook_error_edges(), &shown);
		assert_int_equal(shown.count, 2);
		assert_int_equal(shown.buckets[0], 1); /* within a second */
		assert_int_equal(shown.buckets[3], 1); /* within ten */
	}
	book_unmake(&book);
}

static void what_is_loaded_twice_counts_once(void **state)
{
	struct book book;
	struct day_figures figures = { .counts = { [DAY_OFFERED] = 5 } };
	struct day_row row = { .kind = DAY_ROW_QUEUE, .name = "sales", .figures = &figures };

	(void)state;
	book_make(&book);
	for (unsigned i = 0; i < 2; i++) {
		daybook_load_begin(book.daybook);
		memcpy(row.day, book.daybook->now.day, DAY_SIZE);
		assert_true(daybook_load(book.daybook, &row));
	}
	daybook_open(book.daybook);
	assert_int_equal(daybook_queue_ever(book.daybook, SALES)->counts[DAY_OFFERED], 5);
	book_unmake(&book);
}

static void a_clock_that_was_ahead_does_not_make_totals_smaller(void **state)
{
	struct book book;
	struct day_figures figures = { .counts = { [DAY_OFFERED] = 50 } };
	struct day_row row = { .kind = DAY_ROW_TOTAL, .name = "sales", .figures = &figures };
	const struct day_row *total;
	int64_t first, last;

	(void)state;
	book_make(&book);
	site_day_write(book.daybook->today + 2, row.day);
	assert_true(daybook_load(book.daybook, &row));
	daybook_load_range(book.daybook, &first, &last);
	assert_int_equal(first, book.daybook->today);
	assert_int_equal(last, book.daybook->today + 2);
	row.kind = DAY_ROW_QUEUE;
	figures.counts[DAY_OFFERED] = 7;
	assert_true(daybook_load(book.daybook, &row)); /* what was counted in the future */
	memcpy(row.day, book.daybook->now.day, DAY_SIZE);
	figures.counts[DAY_OFFERED] = 10;
	assert_true(daybook_load(book.daybook, &row)); /* today's, in the total already */
	daybook_open(book.daybook);
	assert_int_equal(daybook_queue_ever(book.daybook, SALES)->counts[DAY_OFFERED], 57);
	total = daybook_take(book.daybook, 1);
	while (strcmp(total->name, "sales") != 0)
		total = daybook_take(book.daybook, 1);
	assert_int_equal(total->figures->counts[DAY_OFFERED], 47);
	book_unmake(&book);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(whatever_the_core_counts_is_in_the_book,
		                                book_set_up, book_tear_down),
		cmocka_unit_test_setup_teardown(a_call_counts_when_somebody_has_heard_of_it,
		                                book_set_up, book_tear_down),
		cmocka_unit_test_setup_teardown(a_caller_who_is_recalled_again_counts_once,
		                                book_set_up, book_tear_down),
		cmocka_unit_test_setup_teardown(groups_have_what_their_means_are_made_of,
		                                book_set_up, book_tear_down),
		cmocka_unit_test_setup_teardown(a_promise_is_kept_or_broken_or_given_up,
		                                book_set_up, book_tear_down),
		cmocka_unit_test_setup_teardown(a_new_day_begins_at_zero_and_ever_goes_on,
		                                book_set_up, book_tear_down),
		cmocka_unit_test(hours_that_were_kept_make_today_and_totals),
		cmocka_unit_test(an_error_is_counted_at_its_edge_after_a_restart),
		cmocka_unit_test(what_is_loaded_twice_counts_once),
		cmocka_unit_test(a_clock_that_was_ahead_does_not_make_totals_smaller),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
