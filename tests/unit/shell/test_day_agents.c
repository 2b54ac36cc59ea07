#include "book.h"

static struct agent_day today(struct book *book, struct agent_id agent)
{
	struct agent_day day;

	assert_true(daybook_agent_today(book->daybook, agent, clock_now(), &day));
	return day;
}

static void agent_event(struct book *book, struct agent_id agent, enum core_event_type type)
{
	struct core_event ev = { .type = type };

	ev.agent_ready.agent = agent;
	book_apply(book, &ev);
}

static void call_event(struct book *book, struct call_id call, enum core_event_type type)
{
	struct core_event ev = { .type = type };

	ev.call_held.call = call;
	book_apply(book, &ev);
}

static void wait_a_little(void)
{
	usleep(15000);
}

static void time_goes_where_it_is_spent(void **state)
{
	struct book *book = *state;
	usec_t began = clock_now(), sum = 0, there, before;
	struct agent_id alice = book_log_in(book, "alice");
	struct agent_day day;
	struct call_id call;

	there = clock_now();
	wait_a_little();
	call = book_arrive(book, false, 0);
	wait_a_little();
	book_answer(book, call);
	wait_a_little();
	call_event(book, call, EVT_CALL_HELD);
	wait_a_little();
	call_event(book, call, EVT_CALL_RETRIEVED);
	wait_a_little();
	book_hang_up(book, call);
	wait_a_little();
	agent_event(book, alice, EVT_AGENT_READY);
	assert_true(directory_set_agent(book->directory, directory_agent(book->directory, alice),
	                                NULL, "lunch"));
	agent_event(book, alice, EVT_AGENT_PAUSED);
	wait_a_little();

	before = clock_now();
	day = today(book, alice);
	assert_int_equal(day.handled, 1);
	assert_int_equal(day.offers, 1);
	assert_int_equal(day.own, 0);
	for (unsigned i = ACTIVITY_READY; i < AGENT_ACTIVITIES; i++) {
		assert_true(day.spent[i] >= MSEC(i == ACTIVITY_TALK ? 28 : 14));
		sum += day.spent[i];
	}
	assert_in_range(sum, before - there - MSEC(12), clock_now() - began + MSEC(12));
	assert_int_equal(day.reasons_count, 1);
	assert_string_equal(day.reasons[0].reason, "lunch");
	assert_int_equal(day.reasons[0].spent, day.spent[ACTIVITY_PAUSED]);
	assert_int_equal(day.then, ACTIVITY_PAUSED);
}

static void another_reason_is_another_pause(void **state)
{
	struct book *book = *state;
	struct agent_id alice = book_log_in(book, "alice");
	struct agent_card *card = directory_agent(book->directory, alice);
	usec_t began = clock_now(), left;
	struct agent_day day;

	agent_event(book, alice, EVT_AGENT_PAUSED);
	wait_a_little();
	assert_true(directory_set_agent(book->directory, card, NULL, "training"));
	agent_event(book, alice, EVT_AGENT_PAUSED);
	wait_a_little();
	agent_event(book, alice, EVT_AGENT_LOGGED_OUT);
	left = clock_now();
	wait_a_little();
	day = today(book, alice);
	assert_int_equal(day.reasons_count, 2);
	assert_string_equal(day.reasons[0].reason, "");
	assert_string_equal(day.reasons[1].reason, "training");
	assert_int_equal(day.reasons[0].spent + day.reasons[1].spent, day.spent[ACTIVITY_PAUSED]);
	assert_int_equal(day.spent[ACTIVITY_LOGGED_OUT], 0);
	assert_in_range(day.spent[ACTIVITY_PAUSED], MSEC(28), left - began + MSEC(1));
}

/* Who waits is offered in the step in which somebody logs in, or the caller before goes. */
static void each_offer_counts_though_the_telephone_does_not_stop(void **state)
{
	struct book *book = *state;
	struct call_id first, second;
	struct agent_id alice;

	first = book_arrive(book, false, 0);
	second = book_arrive(book, false, 0);
	alice = book_log_in(book, "alice");
	assert_int_equal(today(book, alice).offers, 1);
	book_hang_up(book, first);
	assert_int_equal(today(book, alice).offers, 2);
	book_answer(book, second);
	book_hang_up(book, second);
	assert_int_equal(today(book, alice).offers, 2);
	assert_int_equal(today(book, alice).handled, 1);
}

static void offers_that_are_missed_count_by_kind(void **state)
{
	struct book *book = *state;
	struct agent_id alice = book_log_in(book, "alice");
	struct core_event failed = { .type = EVT_CALL_FAILED };
	struct agent_day day;

	failed.call_failed.call = book_arrive(book, false, 0);
	failed.call_failed.offer = 1;
	failed.call_failed.kind = MISS_BUSY;
	book_apply(book, &failed);
	day = today(book, alice);
	assert_int_equal(day.offers, 1);
	assert_int_equal(day.misses[MISS_BUSY], 1);
	assert_int_equal(day.misses[MISS_NO_ANSWER], 0);
	assert_int_equal(day.handled, 0);
}

static void who_meets_their_own_caller_is_credited(void **state)
{
	struct book *book = *state;
	struct agent_id alice = book_log_in(book, "alice");
	struct call_id call = book_arrive(book, true, 0);

	book_recalled(book, call, alice, false);
	book_answer(book, call);
	book_hang_up(book, call);
	assert_int_equal(today(book, alice).own, 1);
}

static void a_row_is_written_when_a_talk_is_over(void **state)
{
	struct book *book = *state;
	struct agent_id alice = book_log_in(book, "alice");
	const struct day_row *row;
	struct call_id call;
	unsigned agents = 0;

	while (daybook_take(book->daybook, 1) != NULL)
		;
	call = book_arrive(book, false, 0);
	book_answer(book, call);
	while ((row = daybook_take(book->daybook, 2)) != NULL)
		assert_int_not_equal(row->kind, DAY_ROW_AGENT);
	book_hang_up(book, call);
	while ((row = daybook_take(book->daybook, 3)) != NULL) {
		if (row->kind != DAY_ROW_AGENT)
			continue;
		agents++;
		assert_string_equal(row->name, "alice");
		assert_int_equal(row->agent->handled, 1);
		assert_int_equal(row->agent->then, ACTIVITY_WRAPUP);
		assert_true(row->agent->until != 0);
	}
	assert_int_equal(agents, 1);
	(void)alice;
}

/* The row of the one agent that goes to Redis now; NULL: none. */
static const struct agent_day *agents_news(struct book *book, uint64_t commit)
{
	const struct agent_day *found = NULL;
	const struct day_row *row;

	while ((row = daybook_take(book->daybook, commit)) != NULL)
		if (row->kind == DAY_ROW_AGENT)
			found = row->agent;
	return found;
}

/* Of a talk with holds Redis knows how it was divided so far: the call's record says no more
 * than what the last piece is, and since when. */
static void a_row_is_written_when_a_hold_begins_and_ends(void **state)
{
	struct book *book = *state;
	struct agent_id alice = book_log_in(book, "alice");
	struct call_id call = book_arrive(book, false, 0);
	const struct agent_day *news;
	usec_t before;

	book_answer(book, call);
	(void)agents_news(book, 1);
	wait_a_little();
	before = clock_now();
	call_event(book, call, EVT_CALL_HELD);
	news = agents_news(book, 2);
	assert_non_null(news);
	assert_true(news->spent[ACTIVITY_TALK] > 0);
	assert_int_equal(news->then, ACTIVITY_HOLD);
	assert_in_range(news->until, before, clock_now());
	wait_a_little();
	call_event(book, call, EVT_CALL_RETRIEVED);
	news = agents_news(book, 3);
	assert_non_null(news);
	assert_true(news->spent[ACTIVITY_HOLD] > 0);
	assert_int_equal(news->then, ACTIVITY_TALK);
	assert_int_equal(news->handled, 0);
	assert_int_equal(today(book, alice).spent[ACTIVITY_HOLD], news->spent[ACTIVITY_HOLD]);
}

/* Else a daemon that is killed before the first talk is over leaves nothing of it. */
static void a_row_is_written_at_a_login(void **state)
{
	struct book *book = *state;
	usec_t before = clock_now();
	struct agent_id alice = book_log_in(book, "alice");
	const struct agent_day *news = agents_news(book, 1);

	assert_non_null(news);
	assert_int_equal(news->then, ACTIVITY_READY);
	assert_in_range(news->until, before, clock_now());
	wait_a_little();
	agent_event(book, alice, EVT_AGENT_LOGGED_OUT);
	assert_int_equal(agents_news(book, 2)->then, ACTIVITY_LOGGED_OUT);
	wait_a_little();
	/* Nobody was there since: what follows begins now. */
	before = clock_now();
	assert_true(agent_id_equal(book_log_in(book, "alice"), alice));
	news = agents_news(book, 3);
	assert_int_equal(news->then, ACTIVITY_READY);
	assert_in_range(news->until, before, clock_now());
}

static void at_a_clean_end_all_time_is_written(void **state)
{
	struct book *book = *state;
	const struct day_row *row;
	unsigned agents = 0;

	book_log_in(book, "alice");
	wait_a_little();
	book_arrive(book, false, 0);
	while (daybook_take(book->daybook, 1) != NULL)
		;
	wait_a_little();
	book_apply(book, &(struct core_event){ .type = EVT_TIME_PASSED });
	daybook_settle(book->daybook);
	while ((row = daybook_take(book->daybook, 2)) != NULL) {
		if (row->kind != DAY_ROW_AGENT)
			continue;
		agents++;
		assert_true(row->agent->spent[ACTIVITY_READY] >= MSEC(14));
		assert_true(row->agent->spent[ACTIVITY_RING] >= MSEC(14));
		assert_int_equal(row->agent->then, ACTIVITY_RING);
	}
	assert_int_equal(agents, 1);
}

static void midnight_divides_an_activity(void **state)
{
	struct book *book = *state;
	struct agent_id alice = book_log_in(book, "alice");
	struct daybook *daybook = book->daybook;
	struct site_hour tomorrow;
	struct row *row;
	bool found = false;

	site_clock_read(clock_now() + HOUR(24), &tomorrow);
	daybook_advance(daybook, clock_now() + HOUR(24));
	TAILQ_FOREACH(row, &daybook->retired, by_age)
	{
		if (row->row.kind != DAY_ROW_AGENT)
			continue;
		found = true;
		assert_true(row->news);
		assert_int_equal(row->row.agent->until, tomorrow.midnight);
		assert_in_range(row->row.agent->spent[ACTIVITY_READY],
		                tomorrow.midnight - clock_now() - SEC(5),
		                tomorrow.midnight - clock_now() + SEC(5));
	}
	assert_true(found);
	assert_int_equal(daybook->agents[alice.slot].from, tomorrow.midnight);
	/* And the new day begins with what they do. */
	row = daybook->agents[alice.slot].row;
	assert_true(row->news);
	assert_string_equal(row->row.day, tomorrow.day);
	assert_int_equal(row->row.agent->until, tomorrow.midnight);
	assert_int_equal(row->row.agent->then, ACTIVITY_READY);
}

static struct row *retired_of_agents(struct daybook *daybook)
{
	struct row *row;

	TAILQ_FOREACH(row, &daybook->retired, by_age)
	{
		if (row->row.kind == DAY_ROW_AGENT)
			return row;
	}
	return NULL;
}

/* A daemon that starts today and finds what one of yesterday left of alice, who was `then`
 * from an hour before midnight on and is `state` since half an hour before it. */
static struct row *begin_after_midnight(struct book *book, enum agent_activity then,
                                        enum agent_state state, const char *day_of_row)
{
	struct core_event ev = { .type = EVT_AGENT_RESTORED };
	struct day_row row = { .kind = DAY_ROW_AGENT, .name = "alice" };
	struct agent_day kept = { .handled = 3, .then = then };
	struct site_hour yesterday;
	usec_t midnight;

	book_make(book);
	midnight = book->daybook->now.midnight;
	site_clock_read(midnight - HOUR(1), &yesterday);
	memcpy(row.day, day_of_row == NULL ? yesterday.day : day_of_row, DAY_SIZE);
	kept.until = midnight - HOUR(1);
	row.agent = &kept;
	assert_true(daybook_load(book->daybook, &row));
	daybook_open(book->daybook);
	ev.agent_restored =
	        (struct agent_record){ .id = directory_find_agent(book->directory, "alice")->id,
		                       .state = state,
		                       .since = midnight - MINUTE(30),
		                       .idle_since = midnight - MINUTE(30) };
	book_apply(book, &ev);
	daybook_restored(book->daybook);
	return retired_of_agents(book->daybook);
}

static void a_midnight_without_a_daemon_is_divided_afterwards(void **state)
{
	struct book book;
	struct row *row = begin_after_midnight(&book, ACTIVITY_WRAPUP, AGENT_READY, NULL);
	struct agent_id alice = directory_find_agent(book.directory, "alice")->id;
	usec_t midnight = book.daybook->now.midnight, before;

	(void)state;
	assert_non_null(row);
	assert_true(row->news);
	assert_int_equal(row->row.agent->handled, 3);
	assert_int_equal(row->row.agent->spent[ACTIVITY_WRAPUP], MINUTE(30));
	assert_int_equal(row->row.agent->spent[ACTIVITY_READY], MINUTE(30));
	assert_int_equal(row->row.agent->until, midnight);
	assert_int_equal(row->row.agent->then, ACTIVITY_READY);
	before = clock_now();
	assert_in_range(today(&book, alice).spent[ACTIVITY_READY] + MSEC(1), before - midnight,
	                clock_now() - midnight + MSEC(2));
	assert_int_equal(today(&book, alice).handled, 0);
	book_unmake(&book);
}

static void who_went_home_before_midnight_has_no_time_after_it(void **state)
{
	struct book book;
	struct row *row = begin_after_midnight(&book, ACTIVITY_PAUSED, AGENT_LOGGED_OUT, NULL);
	struct agent_day day;

	(void)state;
	assert_int_equal(row->row.agent->spent[ACTIVITY_PAUSED], MINUTE(30));
	assert_int_equal(row->row.agent->then, ACTIVITY_LOGGED_OUT);
	assert_false(daybook_agent_today(book.daybook,
	                                 directory_find_agent(book.directory, "alice")->id,
	                                 clock_now(), &day));
	book_unmake(&book);
	assert_null(begin_after_midnight(&book, ACTIVITY_LOGGED_OUT, AGENT_LOGGED_OUT, NULL));
	book_unmake(&book);
	/* A row whose instant is of another day, as of a zone that has changed. */
	assert_null(begin_after_midnight(&book, ACTIVITY_READY, AGENT_READY, "2026-01-05"));
	book_unmake(&book);
}

static void an_activity_goes_on_after_a_restart(void **state)
{
	struct book book;
	struct core_event ev = { .type = EVT_AGENT_RESTORED };
	usec_t now, midnight;
	struct agent_day kept = { .handled = 3,
		                  .spent = { [ACTIVITY_TALK] = SEC(90) },
		                  .then = ACTIVITY_WRAPUP };
	struct day_row row = { .kind = DAY_ROW_AGENT, .name = "alice", .agent = &kept };
	struct agent_day day;
	struct agent_id alice;

	(void)state;
	book_make(&book);
	now = clock_now();
	kept.until = now - SEC(100);
	memcpy(row.day, book.daybook->now.day, DAY_SIZE);
	midnight = book.daybook->now.midnight;
	assert_true(daybook_load(book.daybook, &row));
	daybook_open(book.daybook);
	alice = directory_find_agent(book.directory, "alice")->id;
	ev.agent_restored = (struct agent_record){
		.id = alice, .state = AGENT_READY, .since = now - SEC(60), .idle_since = now
	};
	book_apply(&book, &ev);
	daybook_restored(book.daybook);
	day = today(&book, alice);
	assert_int_equal(day.handled, 3);
	if (midnight < now - SEC(200)) {
		assert_int_equal(day.spent[ACTIVITY_TALK], SEC(90));
		assert_int_equal(day.spent[ACTIVITY_WRAPUP], SEC(40));
		assert_in_range(day.spent[ACTIVITY_READY], SEC(60), SEC(70));
	}
	book_unmake(&book);
}

static void nobody_has_a_day_before_they_come(void **state)
{
	struct book *book = *state;
	struct agent_day day;
	struct agent_id alice = directory_know_agent(book->directory, "alice")->id;

	assert_false(daybook_agent_today(book->daybook, alice, clock_now(), &day));
	assert_false(
	        daybook_agent_today(book->daybook, (struct agent_id){ 77, 1 }, clock_now(), &day));
	book_log_in(book, "alice");
	assert_true(daybook_agent_today(book->daybook, alice, clock_now(), &day));
}

#define ON_A_BOOK(test) cmocka_unit_test_setup_teardown(test, book_set_up, book_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_BOOK(time_goes_where_it_is_spent),
		ON_A_BOOK(another_reason_is_another_pause),
		ON_A_BOOK(each_offer_counts_though_the_telephone_does_not_stop),
		ON_A_BOOK(offers_that_are_missed_count_by_kind),
		ON_A_BOOK(who_meets_their_own_caller_is_credited),
		ON_A_BOOK(a_row_is_written_when_a_talk_is_over),
		ON_A_BOOK(a_row_is_written_when_a_hold_begins_and_ends),
		ON_A_BOOK(a_row_is_written_at_a_login),
		ON_A_BOOK(at_a_clean_end_all_time_is_written),
		ON_A_BOOK(midnight_divides_an_activity),
		cmocka_unit_test(a_midnight_without_a_daemon_is_divided_afterwards),
		cmocka_unit_test(who_went_home_before_midnight_has_no_time_after_it),
		cmocka_unit_test(an_activity_goes_on_after_a_restart),
		ON_A_BOOK(nobody_has_a_day_before_they_come),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
