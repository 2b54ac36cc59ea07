#include "board.h"

/* What is remembered of callers, and what people say of them. */

static void callers_are_asked_of_the_store(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");

	(void)state;
	board->known_key = "tel:+81312345678";
	board->story = "{\"name\":\"Taro\"}";
	line_ask(pbx, "caller.get", "{'from':'03-1234-5678'}");
	assert_at(pbx, "result", "{'name':'Taro'}");
	line_ask(pbx, "caller.get", "{'customer_id':'nobody'}");
	assert_at(pbx, "result", "null");
	line_ask(pbx, "caller.get", "{'from':'anonymous'}");
	assert_error(pbx, -32602, "no_identity");
	assert_at(pbx, "error.data.field", "'from'");
	board->store_away = true;
	line_ask(pbx, "caller.get", "{'from':'0312345678'}");
	assert_error(pbx, -32003, "store_unreachable");
	line_close(pbx);
	board_close(board);
}

static void a_caller_may_be_named_by_their_call(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");
	struct line *boss = line_session(board, "boss", "supervisor");

	(void)state;
	board->known_key = "cid:k1";
	board->known_agent = "alice";
	board->story = "{\"name\":\"Taro\"}";
	line_ask(pbx, "call.arrive", "{'call_id':'c1','queue':'sales','customer_id':'k1'}");
	line_ask(boss, "caller.get", "{'call_id':'c1'}");
	assert_at(boss, "result.name", "'Taro'");
	line_ask(pbx, "call.ended", "{'call_id':'c1'}");
	line_ask(boss, "caller.get", "{'call_id':'c1','client':'pbx'}");
	assert_at(boss, "result.name", "'Taro'");
	line_ask(pbx, "call.arrive", "{'call_id':'c2','queue':'sales'}");
	line_ask(boss, "caller.get", "{'call_id':'c2'}");
	assert_error(boss, -32602, "no_identity");
	assert_at(boss, "error.data.field", "'call_id'");
	line_ask(boss, "caller.get", "{'call_id':'never'}");
	assert_error(boss, -32010, "unknown_call");
	line_close(pbx);
	line_close(boss);
	board_close(board);
}

static void an_agent_asks_about_the_callers_they_have(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx"), *alice, *bob;

	(void)state;
	board->known_key = "cid:k1";
	board->known_agent = "alice";
	board->story = "{\"name\":\"Taro\"}";
	line_log_in(pbx, "alice", "sales");
	line_log_in(pbx, "bob", "support");
	alice = line_session(board, "alice", "agent");
	bob = line_session(board, "bob", "agent");
	line_ask(pbx, "call.arrive", "{'call_id':'c1','queue':'sales','customer_id':'k1'}");
	assert_at(pbx, "result.agent", "'alice'");
	line_ask(alice, "caller.get", "{'call_id':'c1'}"); /* it rings */
	assert_at(alice, "result.name", "'Taro'");
	line_ask(bob, "caller.get", "{'call_id':'c1'}");
	assert_error(bob, -32002, "other_agents_call");
	line_ask(alice, "caller.get", "{'customer_id':'k1'}");
	assert_error(alice, -32002, "personal_data");
	line_ask(pbx, "call.answered", "{'call_id':'c1','offer':1}");
	line_ask(alice, "caller.note", "{'call_id':'c1','text':'likes tea'}");
	assert_at(alice, "result", "{'key':'cid:k1'}");
	assert_string_equal(board->said, "note cid:k1 'likes tea'");
	line_ask(pbx, "call.ended", "{'call_id':'c1'}");
	line_ask(alice, "caller.note", "{'call_id':'c1','text':null}");
	assert_string_equal(board->said, "note cid:k1 ''");
	line_ask(bob, "caller.note", "{'call_id':'c1','text':'x'}");
	assert_error(bob, -32002, "other_agents_call");
	line_ask(alice, "caller.pin", "{'call_id':'c1','agent':'alice'}");
	assert_error(alice, -32002, "role");
	line_ask(alice, "caller.exclude", "{'call_id':'c1','agent':'bob'}");
	assert_error(alice, -32002, "role");
	line_ask(alice, "caller.forget", "{'customer_id':'k1'}");
	assert_error(alice, -32002, "role");
	line_close(pbx);
	line_close(alice);
	line_close(bob);
	board_close(board);
}

static void a_pin_is_set_and_taken_away(void **state)
{
	struct board *board = board_open();
	struct line *boss = line_session(board, "boss", "supervisor");

	(void)state;
	line_ask(boss, "caller.pin", "{'from':'0312345678','agent':'alice'}");
	assert_error(boss, -32013, "unknown_agent");
	assert_at(boss, "error.data.field", "'agent'");
	assert_string_equal(board->said, "");
	line_log_in(boss, "alice", "sales");
	line_ask(boss, "caller.pin", "{'from':'0312345678','agent':'alice'}");
	assert_at(boss, "result", "{'key':'tel:+81312345678'}");
	assert_string_equal(board->said, "pin tel:+81312345678 alice");
	line_ask(boss, "caller.pin", "{'from':'0312345678','agent':null}");
	assert_string_equal(board->said, "pin tel:+81312345678 -");
	line_ask(boss, "caller.pin", "{'from':'0312345678'}");
	assert_error(boss, -32602, "missing");
	assert_at(boss, "error.data.field", "'agent'");
	line_close(boss);
	board_close(board);
}

static void an_agent_is_excluded_and_readmitted(void **state)
{
	struct board *board = board_open();
	struct line *boss = line_session(board, "boss", "supervisor");

	(void)state;
	line_log_in(boss, "alice", "sales");
	line_ask(boss, "caller.exclude",
	         "{'customer_id':'k1','agent':'alice','reason':'shouted','expires_in_s':60}");
	assert_at(boss, "result", "{'key':'cid:k1'}");
	assert_string_equal(board->said, "exclude cid:k1 alice for 60 s 'shouted' boss");
	line_ask(boss, "caller.exclude", "{'customer_id':'k1','agent':'alice'}");
	assert_string_equal(board->said, "exclude cid:k1 alice for ever '' boss");
	line_ask(boss, "caller.exclude", "{'customer_id':'k1','agent':'nobody'}");
	assert_error(boss, -32013, "unknown_agent");
	/* One who is gone can be readmitted all the same. */
	line_ask(boss, "caller.exclude", "{'customer_id':'k1','agent':'nobody','remove':true}");
	assert_string_equal(board->said, "exclude cid:k1 nobody for 0 s '' boss");
	line_close(boss);
	board_close(board);
}

static void one_who_is_forgotten_is_gone_when_the_answer_comes(void **state)
{
	struct board *board = board_open();
	struct line *boss = line_session(board, "boss", "supervisor");
	struct line *pbx = line_session(board, "pbx", "pbx");

	(void)state;
	line_say(boss, "{'jsonrpc':'2.0','id':'f','method':'caller.forget','params':"
	               "{'customer_id':'k1','from':'0312345678'}}\n");
	line_expect_silence(boss, MSEC(20));
	assert_string_equal(board->said, "forget 'cid:k1' 'tel:+81312345678'");
	link_forgotten(board->link, board->forget_request, 0, 7);
	loop_nudge(board->loop);
	line_next(boss);
	assert_at(boss, "id", "'f'");
	assert_at(boss, "result", "{'contacts':7}");
	link_forgotten(board->link, board->forget_request, 0, 7); /* nobody waits any more */
	line_say(boss, "{'jsonrpc':'2.0','id':'g','method':'caller.forget','params':"
	               "{'from':'0312345678'}}\n");
	line_expect_silence(boss, MSEC(20));
	assert_string_equal(board->said, "forget '' 'tel:+81312345678'");
	link_forgotten(board->link, board->forget_request, -ENOTCONN, 3);
	loop_nudge(board->loop);
	line_next(boss);
	assert_error(boss, -32003, "store_unreachable");
	board->forgetting = -EBUSY;
	line_ask(boss, "caller.forget", "{'customer_id':'k1'}");
	assert_error(boss, -32020, "too_many_forgets");
	board->forgetting = -ENOTCONN;
	line_ask(boss, "caller.forget", "{'customer_id':'k1'}");
	assert_error(boss, -32003, "store_unreachable");
	line_ask(boss, "caller.forget", "{'from':'anonymous'}");
	assert_error(boss, -32602, "no_identity");
	line_ask(pbx, "caller.forget", "{'customer_id':'k1'}");
	assert_error(pbx, -32002, "role");
	line_close(boss);
	line_close(pbx);
	board_close(board);
}

static void an_agent_who_called_counts_where_the_queue_says_so(void **state)
{
	struct board *board = board_make();
	struct line *pbx;

	(void)state;
	board->options->queues[0].outbound = true;
	board->options->queues[0].plan.min_talk = SEC(15);
	board->options->queues[1].outbound = false;
	board_start(board);
	link_set_ready(board->link, true);
	pbx = line_session(board, "pbx", "pbx");
	line_log_in(pbx, "alice", "sales");
	line_ask(pbx, "contact.outbound",
	         "{'agent':'alice','queue':'sales','from':'0312345678','talk_ms':15000}");
	assert_at(pbx, "result", "{'counted':true,'contact':'contact-out'}");
	assert_string_equal(board->said,
	                    "outbound alice sales 0 s ago 15000 ms tel:+81312345678 pbx");
	board->said[0] = '\0';
	line_ask(pbx, "contact.outbound",
	         "{'agent':'alice','queue':'sales','from':'0312345678','talk_ms':14999}");
	assert_at(pbx, "result", "{'counted':false,'why':'too_short'}");
	line_ask(pbx, "contact.outbound",
	         "{'agent':'alice','queue':'support','from':'0312345678','talk_ms':15000}");
	assert_at(pbx, "result", "{'counted':false,'why':'off'}");
	line_ask(pbx, "contact.outbound",
	         "{'agent':'alice','queue':'sales','from':'0120123456','talk_ms':15000}");
	assert_at(pbx, "result", "{'counted':false,'why':'shared_number'}");
	line_ask(pbx, "contact.outbound",
	         "{'agent':'alice','queue':'sales','from':'anonymous','talk_ms':15000}");
	assert_at(pbx, "result", "{'counted':false,'why':'no_identity'}");
	line_ask(pbx, "contact.outbound",
	         "{'agent':'nobody','queue':'sales','from':'0312345678','talk_ms':15000}");
	assert_error(pbx, -32013, "unknown_agent");
	line_ask(pbx, "contact.outbound",
	         "{'agent':'alice','queue':'nowhere','from':'0312345678','talk_ms':15000}");
	assert_error(pbx, -32012, "unknown_queue");
	assert_at(pbx, "error.data.field", "'queue'");
	assert_string_equal(board->said, "");
	line_close(pbx);
	board_close(board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(callers_are_asked_of_the_store),
		cmocka_unit_test(a_caller_may_be_named_by_their_call),
		cmocka_unit_test(an_agent_asks_about_the_callers_they_have),
		cmocka_unit_test(a_pin_is_set_and_taken_away),
		cmocka_unit_test(an_agent_is_excluded_and_readmitted),
		cmocka_unit_test(one_who_is_forgotten_is_gone_when_the_answer_comes),
		cmocka_unit_test(an_agent_who_called_counts_where_the_queue_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
