#include "board.h"

/* What lies behind a caller or an agent, asked of the store. */

static void whoever_may_know_callers_may_ask_what_lies_behind_them(void **state)
{
	struct board *board = board_open();
	struct line *boss = line_session(board, "boss", "supervisor");
	struct line *look = line_session(board, "look", "observer");

	(void)state;
	line_ask(boss, "caller.history", "{'from':'0312345678'}");
	assert_at(boss, "result.contacts", "[]");
	assert_string_equal(board->history_of, "caller tel:+81312345678");
	assert_true(board->history_pii);
	line_ask(boss, "caller.history", "{'customer_id':'4711'}");
	assert_string_equal(board->history_of, "caller cid:4711");
	line_ask(boss, "caller.history", "{}");
	assert_error(boss, -32602, "missing");
	line_ask(boss, "caller.history", "{'from':'anonymous'}");
	assert_error(boss, -32602, "no_identity");
	board->looked = -ENOENT;
	line_ask(boss, "caller.history", "{'customer_id':'4711'}");
	assert_at(boss, "result", "null");
	line_ask(look, "caller.history", "{'customer_id':'4711'}");
	assert_error(look, -32002, "personal_data");
	line_close(boss);
	line_close(look);
	board_close(board);
}

static void an_agents_day_is_for_those_who_look_and_for_the_agent(void **state)
{
	struct board *board = board_open();
	struct line *boss = line_session(board, "boss", "supervisor");
	struct line *look = line_session(board, "look", "observer");

	(void)state;
	line_ask(boss, "agent.login", "{'agent':'alice','queues':['sales'],'state':'ready'}");
	line_ask(boss, "agent.day", "{'agent':'alice'}");
	assert_at(boss, "result.contacts", "[]");
	assert_string_equal(board->history_of, "agent alice");
	assert_true(board->history_pii);
	line_ask(look, "agent.day", "{'agent':'alice'}");
	assert_at(look, "result.contacts", "[]");
	assert_false(board->history_pii);
	line_ask(boss, "agent.day", "{'agent':'nobody'}");
	assert_error(boss, -32013, "unknown_agent");
	line_ask(boss, "agent.day", "{}");
	assert_error(boss, -32602, "missing");
	line_close(boss);
	line_close(look);
	board_close(board);
}

static void a_store_that_cannot_answer_says_so(void **state)
{
	struct board *board = board_open();
	struct line *boss = line_session(board, "boss", "supervisor");

	(void)state;
	board->looking = -EBUSY;
	line_ask(boss, "caller.history", "{'customer_id':'4711'}");
	assert_error(boss, -32020, "too_many_questions");
	board->looking = 0;
	board->looked = -EBUSY;
	line_ask(boss, "caller.history", "{'customer_id':'4711'}");
	assert_error(boss, -32020, "too_many_questions");
	board->looking = -ENOTCONN;
	line_ask(boss, "caller.history", "{'customer_id':'4711'}");
	assert_error(boss, -32003, "store_unreachable");
	board->looking = 0;
	board->looked = -ENOTCONN;
	line_ask(boss, "caller.history", "{'customer_id':'4711'}");
	assert_error(boss, -32003, "store_unreachable");
	board->looking = -ENOMEM;
	line_ask(boss, "caller.history", "{'customer_id':'4711'}");
	assert_error(boss, -32021, "out_of_memory");
	board->looking = 0;
	board->looked = -ENOMEM;
	line_ask(boss, "caller.history", "{'customer_id':'4711'}");
	assert_error(boss, -32021, "out_of_memory");
	line_close(boss);
	board_close(board);
}

static void an_answer_may_take_its_time(void **state)
{
	struct board *board = board_open();
	struct line *boss = line_session(board, "boss", "supervisor");

	(void)state;
	board->history_held = true;
	line_say(boss, "{'jsonrpc':'2.0','id':'b','method':'caller.history','params':"
	               "{'customer_id':'4711'}}\n");
	line_expect_silence(boss, MSEC(20));
	link_history_read(board->link, board->history_request, 0, TEXT("{\"key\":\"cid:4711\"}"));
	loop_nudge(board->loop);
	line_next(boss);
	assert_at(boss, "id", "'b'");
	assert_at(boss, "result.key", "'cid:4711'");
	link_history_read(board->link, board->history_request, 0, TEXT("{}")); /* nobody waits */
	line_close(boss);
	board_close(board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_may_know_callers_may_ask_what_lies_behind_them),
		cmocka_unit_test(an_agents_day_is_for_those_who_look_and_for_the_agent),
		cmocka_unit_test(a_store_that_cannot_answer_says_so),
		cmocka_unit_test(an_answer_may_take_its_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
