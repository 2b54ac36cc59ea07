#include "board.h"

/* Figures of several days, asked of the store. */

static void supervisors_and_observers_may_ask(void **state)
{
	struct board *board = board_open();
	struct line *boss = line_session(board, "boss", "supervisor");
	struct line *pbx = line_session(board, "pbx", "pbx");

	(void)state;
	line_ask(boss, "stats.get", "{}");
	assert_at(boss, "result.rows", "[]");
	board->stats_held = true;
	line_say(boss, "{'jsonrpc':'2.0','id':'a','method':'stats.get','params':"
	               "{'from':'2026-11-01','to':'2026-11-03','by':'day'}}\n");
	line_expect_silence(boss, MSEC(20));
	assert_string_equal(board->question.from, "2026-11-01");
	assert_string_equal(board->question.to, "2026-11-03");
	assert_int_equal(board->question.by, STATS_BY_DAY);
	link_stats_read(board->link, board->stats_request, 0, TEXT("{\"rows\":[7]}"));
	loop_nudge(board->loop);
	line_next(boss);
	assert_at(boss, "id", "'a'");
	assert_at(boss, "result.rows", "[7]");
	link_stats_read(board->link, board->stats_request, 0, TEXT("{}")); /* nobody waits */
	line_ask(pbx, "stats.get", "{}");
	assert_error(pbx, -32002, "role");
	line_close(boss);
	line_close(pbx);
	board_close(board);
}

static void what_is_wrong_with_a_question_is_said(void **state)
{
	struct board *board = board_open();
	struct line *boss = line_session(board, "boss", "supervisor");

	(void)state;
	board->question.by = STATS_BY_HOUR;
	line_ask(boss, "stats.get", "{'from':'2026-02-30'}");
	assert_error(boss, -32602, "bad_range");
	assert_at(boss, "error.data.field", "'from'");
	line_ask(boss, "stats.get", "{'from':'2026-02-02','to':'2026-02-01'}");
	assert_error(boss, -32602, "bad_range");
	assert_at(boss, "error.data.field", "'to'");
	line_ask(boss, "stats.get", "{'by':'tea'}");
	assert_error(boss, -32602, "bad_range");
	assert_at(boss, "error.data.field", "'by'");
	line_ask(boss, "stats.get", "{'by':1}");
	assert_error(boss, -32602, "wrong_type");
	assert_int_equal(board->question.by, STATS_BY_HOUR); /* the store heard of none */
	line_close(boss);
	board_close(board);
}

static void a_store_that_cannot_answer_says_so(void **state)
{
	struct board *board = board_open();
	struct line *boss = line_session(board, "boss", "supervisor");

	(void)state;
	board->asking = -EBUSY;
	line_ask(boss, "stats.get", "{}");
	assert_error(boss, -32020, "too_many_questions");
	board->asking = -ENOTCONN;
	line_ask(boss, "stats.get", "{}");
	assert_error(boss, -32003, "store_unreachable");
	board->asking = -ENOMEM;
	line_ask(boss, "stats.get", "{}");
	assert_error(boss, -32021, "out_of_memory");
	board->asking = 0;
	board->stats_held = true;
	line_say(boss, "{'jsonrpc':'2.0','id':'b','method':'stats.get','params':{}}\n");
	line_expect_silence(boss, MSEC(20));
	link_stats_read(board->link, board->stats_request, -ENOTCONN, (struct text){ NULL, 0 });
	loop_nudge(board->loop);
	line_next(boss);
	assert_error(boss, -32003, "store_unreachable");
	line_close(boss);
	board_close(board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(supervisors_and_observers_may_ask),
		cmocka_unit_test(what_is_wrong_with_a_question_is_said),
		cmocka_unit_test(a_store_that_cannot_answer_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
