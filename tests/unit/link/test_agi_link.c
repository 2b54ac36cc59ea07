#include "dialplan.h"

static const struct meters *meters_of(const struct board *board)
{
	return &board->meters;
}

static uint64_t errors(const struct board *board, const char *reason)
{
	return dialplan_count(&meters_of(board)->agi_protocol_errors, reason, "");
}

static void quiet(void)
{
	log_set_level(LOG_LEVEL_ERROR - 1);
}

static void who_waits_is_held_until_somebody_is_ready(void **state)
{
	struct board *board = dialplan_make();
	struct line *caller;

	(void)state;
	dialplan_start(board);
	caller = dialplan_ask(board, "1.1", "route,sales");
	line_expect_silence(caller, MSEC(20));
	assert_int_equal(meters_of(board)->agi_connections, 1);
	gate_log_in(board, "alice");
	assert_non_null(strstr(line_hear(caller), "EXEC \"MSet\" \"NAJIMI_TARGET=PJSIP/alice,"));
	line_say(caller, "200 result=0\n");
	dialplan_expect_end(caller);
	board_turn(board);
	assert_int_equal(meters_of(board)->agi_connections, 0);
	assert_int_equal(meters_of(board)->agi_connections_total, 1);
	board_close(board);
}

static void who_says_nothing_is_left_in_time(void **state)
{
	static const char *const beginnings[] = { "", "agi_network: yes\n", "agi_network: yes" };
	struct board *board = dialplan_make();

	(void)state;
	board->options->agi.request_max = MSEC(100);
	dialplan_start(board);
	quiet();
	for (size_t i = 0; i < ARRAY_LEN(beginnings); i++) {
		struct line *line = dialplan_connect(board);

		line_say(line, beginnings[i]);
		dialplan_expect_end(line);
		assert_int_equal(errors(board, "request_timeout"), i + 1);
	}
	board_close(board);
}

static void strangers_are_told_from_asterisk_by_their_first_bytes(void **state)
{
	static const char *const said[] = { "GET / HTTP/1.1", "\n", "{", "agi_network",
		                            "\x16\x03" };
	struct board *board = dialplan_make();
	struct line *line;

	(void)state;
	dialplan_start(board);
	quiet();
	for (size_t i = 0; i < ARRAY_LEN(said); i++) {
		line = dialplan_connect(board);
		line_say(line, said[i]);
		if (i == 3) { /* so far Asterisk could have said that: it is over in the middle */
			shutdown(line->fd, SHUT_WR);
			dialplan_expect_end(line);
			assert_int_equal(errors(board, "cut_short"), 1);
			continue;
		}
		dialplan_expect_end(line);
	}
	assert_int_equal(meters_of(board)->agi_connections, 0);
	board_close(board);
}

static void there_are_so_many_and_no_more(void **state)
{
	struct board *board = dialplan_make();
	struct line *first, *second, *third;

	(void)state;
	board->options->agi.connections_max = 2;
	dialplan_start(board);
	quiet();
	first = dialplan_ask(board, "1.1", "route,sales");
	second = dialplan_ask(board, "1.2", "route,sales");
	board_pass(board, MSEC(5));
	third = dialplan_connect(board);
	dialplan_expect_end(third);
	assert_int_equal(errors(board, "too_many_connections"), 1);
	line_expect_silence(first, MSEC(5));
	line_say(second, "HANGUP\n");
	dialplan_expect_end(second);
	board_pass(board, MSEC(5));
	third = dialplan_ask(board, "1.3", "route,sales");
	line_expect_silence(third, MSEC(20));
	line_close(first);
	line_close(third);
	board_close(board);
}

static void only_who_is_trusted_is_heard(void **state)
{
	struct board *board = dialplan_make();
	struct line *line;

	(void)state;
	free(board->options->agi.trusted[0]);
	board->options->agi.trusted[0] = strdup("192.0.2.0/24");
	free(board->options->agi.trusted[1]);
	board->options->agi.trusted[1] = NULL;
	dialplan_start(board);
	quiet();
	line = dialplan_connect(board);
	dialplan_expect_end(line);
	assert_int_equal(errors(board, "untrusted"), 1);
	assert_int_equal(meters_of(board)->agi_connections_total, 0);
	board_close(board);
}

/* Asterisk keeps the channel for as long as we keep the connection. */
static void who_has_hung_up_is_let_go_at_once(void **state)
{
	struct board *board = dialplan_make();
	struct line *caller;

	(void)state;
	dialplan_start(board);
	caller = dialplan_ask(board, "1.1", "route,sales");
	line_expect_silence(caller, MSEC(5));
	line_say(caller, "HANGUP\n");
	dialplan_expect_end(caller);
	board_close(board);
}

static void a_connection_that_breaks_takes_its_caller_with_it_after_the_grace(void **state)
{
	struct board *board = dialplan_make();
	struct asterisk_call *call;
	struct line *caller;
	struct call_id id;
	usec_t since;

	(void)state;
	board->options->rpc.orphan_max = MSEC(100);
	dialplan_start(board);
	quiet();
	caller = dialplan_ask(board, "1.1", "route,sales");
	line_expect_silence(caller, MSEC(5));
	call = asterisk_call_find(asterisk_server_at(gate_of(board), "127.0.0.1"), "1.1");
	assert_non_null(call);
	id = call->id;
	since = clock_monotonic();
	line_close(caller);
	board_pass(board, MSEC(20));
	/* The test may have been away for longer than the grace. */
	assert_true(gate_record(board, id).state == CALL_WAITING ||
	            clock_monotonic() - since >= MSEC(100));
	board_wait_calls(board, 0);
	assert_int_equal(gate_record(board, id).state, CALL_FREE);
	board_close(board);
}

static void the_end_of_a_call_is_heard_when_we_are_ready(void **state)
{
	struct board *board = dialplan_make();
	struct line *end, *caller;

	(void)state;
	board_start(board);
	board->meters.leader = true;
	quiet();
	end = dialplan_ask(board, "1.1", "ended,1.1,,,16");
	line_expect_silence(end, MSEC(20));
	caller = dialplan_ask(board, "1.2", "route,sales");
	assert_non_null(strstr(line_hear(caller), "NAJIMI_ACTION=fallback"));
	line_say(caller, "200 result=0\n");
	dialplan_expect_end(caller);
	link_set_ready(board->link, true);
	dialplan_expect_end(end);
	assert_int_equal(dialplan_count(&meters_of(board)->agi_requests, "ended", "unknown_call"),
	                 1);
	board_close(board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_waits_is_held_until_somebody_is_ready),
		cmocka_unit_test(who_says_nothing_is_left_in_time),
		cmocka_unit_test(strangers_are_told_from_asterisk_by_their_first_bytes),
		cmocka_unit_test(there_are_so_many_and_no_more),
		cmocka_unit_test(only_who_is_trusted_is_heard),
		cmocka_unit_test(who_has_hung_up_is_let_go_at_once),
		cmocka_unit_test(a_connection_that_breaks_takes_its_caller_with_it_after_the_grace),
		cmocka_unit_test(the_end_of_a_call_is_heard_when_we_are_ready),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
