#include "dialplan.h"

#define DONE "200 result=0"
#define NEXT "STREAM FILE \"queue-youarenext\" \"0\""
#define OWN "STREAM FILE \"please-wait\" \"0\""

static struct queue_options *sales(struct board *board)
{
	return &board->options->queues[0];
}

/* Callers are told soon, and `every` so often. */
static struct board *open_telling(usec_t every)
{
	struct board *board = dialplan_make();

	sales(board)->hold.tell_place = true;
	sales(board)->plan.tell_after = MSEC(20);
	sales(board)->plan.tell_every = every;
	board_set(&sales(board)->hold.leave, "0");
	return board;
}

static void callers_are_told_their_place_again_and_again(void **state)
{
	struct board *board = open_telling(MSEC(30));
	struct line *caller;

	(void)state;
	dialplan_start(board);
	caller = dialplan_ask(board, "1.1", "route,sales");
	dialplan_expect(caller, NEXT);
	line_expect_silence(caller, MSEC(100)); /* it is still being played */
	line_say(caller, DONE "\n");
	dialplan_expect(caller, NEXT);
	line_close(caller);
	board_close(board);
}

static void once_is_enough_for_some(void **state)
{
	struct board *board = open_telling(USEC_NEVER);
	struct line *caller;

	(void)state;
	dialplan_start(board);
	caller = dialplan_ask(board, "1.1", "route,sales");
	dialplan_expect(caller, NEXT);
	line_say(caller, DONE "\n");
	line_expect_silence(caller, MSEC(100));
	line_close(caller);
	board_close(board);
}

static void who_is_behind_others_hears_the_number(void **state)
{
	struct board *board = open_telling(USEC_NEVER);
	struct line *first, *second;

	(void)state;
	board_set(&sales(board)->hold.announcement, "please-wait");
	dialplan_start(board);
	first = dialplan_ask(board, "1.1", "route,sales");
	dialplan_expect(first, OWN);
	dialplan_answer(first, DONE, NEXT);
	second = dialplan_ask(board, "1.2", "route,sales");
	dialplan_expect(second, OWN);
	dialplan_answer(second, DONE, "STREAM FILE \"queue-thereare\" \"0\"");
	dialplan_answer(second, DONE, "SAY NUMBER \"2\" \"0\"");
	dialplan_answer(second, DONE, "STREAM FILE \"queue-callswaiting\" \"0\"");
	line_close(first);
	line_close(second);
	board_close(board);
}

/* How long it is once it is known: the story told_how_long. */
static void a_wait_that_nobody_knows_is_not_told(void **state)
{
	struct board *board = open_telling(USEC_NEVER);
	struct line *caller;

	(void)state;
	sales(board)->hold.tell_place = false;
	sales(board)->hold.tell_wait = true;
	dialplan_start(board);
	caller = dialplan_ask(board, "1.1", "route,sales");
	line_expect_silence(caller, MSEC(100));
	line_close(caller);
	board_close(board);
}

static void who_waits_already_is_told_when_the_site_begins_to(void **state)
{
	struct board *board = dialplan_make();
	struct line *caller;

	(void)state;
	dialplan_start(board);
	caller = dialplan_ask(board, "1.1", "route,sales");
	line_expect_silence(caller, MSEC(40));
	sales(board)->hold.tell_place = true;
	sales(board)->plan.tell_after = MSEC(10);
	sales(board)->plan.tell_every = USEC_NEVER;
	board_configure(board);
	dialplan_expect(caller, "STREAM FILE \"queue-youarenext\" \"\"");
	line_close(caller);
	board_close(board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(callers_are_told_their_place_again_and_again),
		cmocka_unit_test(once_is_enough_for_some),
		cmocka_unit_test(who_is_behind_others_hears_the_number),
		cmocka_unit_test(a_wait_that_nobody_knows_is_not_told),
		cmocka_unit_test(who_waits_already_is_told_when_the_site_begins_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
