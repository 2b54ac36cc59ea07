#include "book.h"

/* Talk, hold and wrap-up of a contact, counted once. */

enum {
	STICKY = DAY_STICKY_GROUP,
	HOLDOUT = DAY_HOLDOUT_GROUP
};

static void agent_event(struct book *book, struct agent_id agent, enum core_event_type type)
{
	struct core_event ev = { .type = type };

	ev.agent_ready.agent = agent;
	book_apply(book, &ev);
}

static void wait_a_little(void)
{
	usleep(15000);
}

/* A caller who returns to the agent talks with them. */
static struct call_id talk(struct book *book, struct agent_id agent, bool holdout)
{
	struct call_id call = book_arrive(book, true, 0);

	book_recalled(book, call, agent, holdout);
	book_answer(book, call);
	wait_a_little();
	return call;
}

static void transfer(struct book *book, struct call_id call, struct agent_id to)
{
	struct core_event ev = { .type = EVT_CALL_TRANSFERRED };

	ev.call_transferred.call = call;
	ev.call_transferred.to_agent = to;
	ev.call_transferred.to_queue = QUEUE_NONE;
	book_apply(book, &ev);
}

static void answer_second(struct book *book, struct call_id call)
{
	struct core_event ev = { .type = EVT_CALL_ANSWERED };

	ev.call_answered.call = call;
	ev.call_answered.offer = 2;
	book_apply(book, &ev);
}

static void ends_in(struct book *book, struct agent_id agent, enum agent_state state)
{
	struct agent_record record;

	assert_true(core_get_agent(loop_core(book->loop), agent, &record));
	assert_int_equal(record.state, state);
}

static void a_contact_counts_when_its_wrapup_is_over(void **state)
{
	struct book *book = *state;
	struct agent_id alice = book_log_in(book, "alice");
	const struct agent_card *card = directory_agent(book->directory, alice);
	struct call_id call = talk(book, alice, false);
	uint64_t handling;

	book_hang_up(book, call);
	ends_in(book, alice, AGENT_WRAPUP);
	assert_string_equal(card->wrapup.contact, "contact");
	assert_in_range(card->wrapup.spent, MSEC(14), SEC(10));
	assert_int_equal(book_ever(book, STICKY + GROUP_ANSWERED), 1);
	assert_int_equal(book_ever(book, STICKY + GROUP_HANDLED), 0);
	assert_int_equal(book_ever(book, STICKY + GROUP_HANDLING), 0);
	wait_a_little();
	agent_event(book, alice, EVT_AGENT_READY);
	handling = book_ever(book, STICKY + GROUP_HANDLING);
	assert_int_equal(book_ever(book, STICKY + GROUP_HANDLED), 1);
	assert_in_range(handling, 29, 10000);
	assert_int_equal(book_ever(book, STICKY + GROUP_HANDLING_SQUARES),
	                 (handling * handling + 5000) / 10000);
	assert_int_equal(book->handled, 1);
	assert_int_equal(book->handling / MSEC(1), handling);
	assert_int_equal(*card->wrapup.contact, '\0');
	agent_event(book, alice, EVT_AGENT_PAUSED);
	assert_int_equal(book_ever(book, STICKY + GROUP_HANDLED), 1);
}

static void the_groups_are_told_apart(void **state)
{
	struct book *book = *state;
	struct agent_id alice = book_log_in(book, "alice");
	struct call_id call = talk(book, alice, true);

	book_hang_up(book, call);
	agent_event(book, alice, EVT_AGENT_READY);
	assert_int_equal(book_ever(book, HOLDOUT + GROUP_HANDLED), 1);
	assert_int_equal(book_ever(book, STICKY + GROUP_HANDLED), 0);
}

static void without_a_wrapup_it_counts_at_the_end(void **state)
{
	struct book *book = *state;
	struct agent_id alice = book_log_in(book, "alice");
	struct call_id call = talk(book, alice, false);

	agent_event(book, alice, EVT_AGENT_LOGGED_OUT); /* when the call is over */
	book_hang_up(book, call);
	ends_in(book, alice, AGENT_LOGGED_OUT);
	assert_int_equal(book_ever(book, STICKY + GROUP_HANDLED), 1);
	assert_in_range(book_ever(book, STICKY + GROUP_HANDLING), 14, 10000);
	assert_int_equal(book->handled, 0); /* with the contact itself */
}

static void whoever_leaves_while_wrapping_up_has_wrapped_up(void **state)
{
	struct book *book = *state;
	struct agent_id alice = book_log_in(book, "alice");
	struct call_id call = talk(book, alice, false);

	book_hang_up(book, call);
	wait_a_little();
	agent_event(book, alice, EVT_AGENT_LOGGED_OUT);
	assert_int_equal(book_ever(book, STICKY + GROUP_HANDLED), 1);
	assert_in_range(book_ever(book, STICKY + GROUP_HANDLING), 29, 10000);
	assert_int_equal(book->handled, 1);
}

static void the_next_caller_ends_it_too(void **state)
{
	struct book *book = *state;
	struct agent_id alice = book_log_in(book, "alice");
	struct call_id call = talk(book, alice, false);

	book_hang_up(book, call);
	book_arrive(book, false, 0); /* waits */
	agent_event(book, alice, EVT_AGENT_READY);
	ends_in(book, alice, AGENT_OFFERED);
	assert_int_equal(book->handled, 1);
	assert_int_equal(book_ever(book, STICKY + GROUP_HANDLED), 1);
}

static void who_comes_for_the_first_time_is_in_no_group(void **state)
{
	struct book *book = *state;
	struct agent_id alice = book_log_in(book, "alice");
	struct call_id call = book_arrive(book, false, 0);

	book_answer(book, call);
	book_hang_up(book, call);
	ends_in(book, alice, AGENT_WRAPUP);
	assert_int_equal(*directory_agent(book->directory, alice)->wrapup.contact, '\0');
	agent_event(book, alice, EVT_AGENT_READY);
	assert_int_equal(book->handled, 0);
	assert_int_equal(book_ever(book, STICKY + GROUP_HANDLED), 0);
	assert_int_equal(book_ever(book, HOLDOUT + GROUP_HANDLED), 0);
}

static void whoever_passed_the_caller_on_has_a_part_in_it(void **state)
{
	struct book *book = *state;
	struct agent_id alice = book_log_in(book, "alice"), bob;
	struct call_id call = talk(book, alice, false);
	usec_t passed;

	bob = book_log_in(book, "bob");
	transfer(book, call, bob);
	ends_in(book, alice, AGENT_WRAPUP);
	answer_second(book, call);
	wait_a_little();
	agent_event(book, alice, EVT_AGENT_READY);
	assert_true(call_id_equal(book->passed, call)); /* it is to be kept with the call */
	passed = directory_call(book->directory, call)->days.wrapup;
	assert_in_range(passed, MSEC(14), SEC(10));
	wait_a_little();
	book_hang_up(book, call);
	assert_true(directory_agent(book->directory, bob)->wrapup.spent >= passed + MSEC(28));
	assert_int_equal(*directory_agent(book->directory, alice)->wrapup.contact, '\0');
	wait_a_little();
	agent_event(book, bob, EVT_AGENT_READY);
	assert_int_equal(book->handled, 1);
	assert_int_equal(book_ever(book, STICKY + GROUP_HANDLED), 1);
	assert_in_range(book_ever(book, STICKY + GROUP_HANDLING), 58, 20000);
}

/* The one who passed the caller on is the last who talked. */
static void a_caller_who_reaches_nobody_else_waits_for_the_first_wrapup(void **state)
{
	struct book *book = *state;
	struct agent_id alice = book_log_in(book, "alice"), bob;
	struct call_id call = talk(book, alice, false);

	bob = book_log_in(book, "bob");
	transfer(book, call, bob);
	book_hang_up(book, call);
	assert_string_equal(directory_agent(book->directory, alice)->wrapup.contact, "contact");
	assert_int_equal(book_ever(book, STICKY + GROUP_HANDLED), 0);
	agent_event(book, alice, EVT_AGENT_READY);
	assert_int_equal(book->handled, 1);
	assert_int_equal(book_ever(book, STICKY + GROUP_HANDLED), 1);
}

/* As it comes from the store: an agent who was to wrap up for a minute, five minutes ago. */
static void a_wrapup_from_before_a_restart_is_as_long_as_it_was_to_be(void **state)
{
	struct book book;
	struct core_event ev = { .type = EVT_AGENT_RESTORED };
	struct agent_card *card;
	usec_t now = clock_now();

	(void)state;
	book_make(&book);
	card = directory_know_agent(book.directory, "alice");
	assert_non_null(card);
	card->wrapup = (struct wrapup_card){
		.contact = "contact", .holdout = true, .queue = SALES, .spent = SEC(100)
	};
	ev.agent_restored = (struct agent_record){ .id = card->id,
		                                   .state = AGENT_WRAPUP,
		                                   .since = now - MINUTE(5),
		                                   .until = now - MINUTE(4),
		                                   .queues_count = 1 };
	daybook_open(book.daybook);
	loop_apply(book.loop, &ev); /* nothing happens before the rules are there */
	daybook_restored(book.daybook);
	ev = (struct core_event){ .type = EVT_RULES_CONFIGURED, .rules = book.options->rules };
	book_apply(&book, &ev);
	while (book.handled == 0)
		event_base_loop(book.base, EVLOOP_ONCE);
	ends_in(&book, card->id, AGENT_READY);
	assert_int_equal(book.handling, SEC(160));
	assert_int_equal(book_ever(&book, HOLDOUT + GROUP_HANDLED), 1);
	assert_int_equal(book_ever(&book, HOLDOUT + GROUP_HANDLING), 160000);
	assert_int_equal(book_ever(&book, HOLDOUT + GROUP_ANSWERED), 0); /* counted before */
	book_unmake(&book);
}

#define HANDLING_TEST(name) cmocka_unit_test_setup_teardown(name, book_set_up, book_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HANDLING_TEST(a_contact_counts_when_its_wrapup_is_over),
		HANDLING_TEST(the_groups_are_told_apart),
		HANDLING_TEST(without_a_wrapup_it_counts_at_the_end),
		HANDLING_TEST(whoever_leaves_while_wrapping_up_has_wrapped_up),
		HANDLING_TEST(the_next_caller_ends_it_too),
		HANDLING_TEST(who_comes_for_the_first_time_is_in_no_group),
		HANDLING_TEST(whoever_passed_the_caller_on_has_a_part_in_it),
		HANDLING_TEST(a_caller_who_reaches_nobody_else_waits_for_the_first_wrapup),
		cmocka_unit_test(a_wrapup_from_before_a_restart_is_as_long_as_it_was_to_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
