#include "board.h"

#include <errno.h>

/* What callers say of a contact afterwards: taken, and told to whom it concerns. */

/* alice has talked with c1, and its record is `contact`. */
static void talk(struct line *pbx, char contact[64])
{
	line_ask(pbx, "agent.login", "{'agent':'alice','queues':['sales'],'state':'ready'}");
	line_ask(pbx, "call.arrive", "{'call_id':'c1','queue':'sales'}");
	line_ask(pbx, "call.answered", "{'call_id':'c1','offer':1}");
	line_ask(pbx, "call.ended", "{'call_id':'c1','by':'caller'}");
	snprintf(contact, 64, "%s", line_at(pbx, "result.contact"));
}

static void a_survey_of_a_call_goes_to_the_store(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");
	char contact[64];

	(void)state;
	talk(pbx, contact);
	board->contact_found = -ENOENT; /* Redis is a moment behind */
	line_ask(pbx, "survey.answer",
	         "{'call_id':'c1','nps':10,'csat':4,'resolved':true,'expectation':10,"
	         "'quality':[1,10],'comment':'fine'}");
	assert_at(pbx, "result.counted", "true");
	assert_non_null(
	        strstr(board->survey, " nps 10 csat 4 resolved 1 1000 500 -1 'fine' by pbx"));
	line_close(pbx);
	board_close(board);
}

static void a_contact_may_be_named_by_its_id(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");

	(void)state;
	board->contact = (struct contact_known){ "sales", "alice", false };
	line_ask(pbx, "survey.answer", "{'contact_id':'0660d3a1b2c3d4-1-2','resolved':false}");
	assert_at(pbx, "result.contact", "'0660d3a1b2c3d4-1-2'");
	assert_at(pbx, "result.counted", "true");
	assert_string_equal(board->survey,
	                    "0660d3a1b2c3d4-1-2 nps -1 csat -1 resolved 2 -1 -1 -1 '' by pbx");
	board->contact.surveyed = true;
	line_ask(pbx, "survey.answer", "{'contact_id':'0660d3a1b2c3d4-1-2','resolved':true}");
	assert_at(pbx, "result.counted", "false");
	assert_int_equal(board->surveys, 1);
	line_close(pbx);
	board_close(board);
}

static void what_cannot_be_taken_is_said(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");
	struct line *desk;

	(void)state;
	line_ask(pbx, "agent.login", "{'agent':'alice','queues':['sales'],'state':'ready'}");
	line_ask(pbx, "call.arrive", "{'call_id':'c1','queue':'sales'}");
	line_ask(pbx, "survey.answer", "{'call_id':'c1','nps':5}");
	assert_error(pbx, -32014, "not_over");
	line_ask(pbx, "call.ended", "{'call_id':'c1','by':'caller'}");
	line_ask(pbx, "survey.answer", "{'call_id':'c1','nps':5}");
	assert_error(pbx, -32014, "not_answered");
	line_ask(pbx, "survey.answer", "{'call_id':'c9','nps':5}");
	assert_error(pbx, -32010, "unknown_call");
	board->contact_found = -ENOENT;
	line_ask(pbx, "survey.answer", "{'contact_id':'x','nps':5}");
	assert_error(pbx, -32010, "unknown_contact");
	assert_at(pbx, "error.data.retry_after_ms", "2000");
	board->contact_found = -ENOTCONN;
	line_ask(pbx, "survey.answer", "{'contact_id':'x','nps':5}");
	assert_error(pbx, -32003, "store_unreachable");
	board->finding = -ENOTCONN;
	line_ask(pbx, "survey.answer", "{'contact_id':'x','nps':5}");
	assert_error(pbx, -32003, "store_unreachable");
	desk = line_session(board, "desk", "agent");
	line_ask(desk, "survey.answer", "{'contact_id':'x','nps':5}");
	assert_error(desk, -32002, "role");
	assert_int_equal(board->surveys, 0);
	line_close(desk);
	line_close(pbx);
	board_close(board);
}

static void kind_words_are_for_the_agent_others_for_the_supervisor(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");
	struct line *boss = line_session(board, "boss", "supervisor");
	struct line *desk = line_session(board, "alice", "agent");

	(void)state;
	line_ask(pbx, "agent.login", "{'agent':'alice','queues':['sales'],'state':'paused'}");
	line_ask(boss, "events.subscribe", "{}");
	board->contact = (struct contact_known){ "sales", "alice", false };
	line_ask(pbx, "survey.answer", "{'contact_id':'x','nps':9,'csat':4,'comment':'so kind'}");
	line_next(desk);
	assert_at(desk, "params.type", "'survey.answered'");
	assert_at(desk, "params.data.agent", "'alice'");
	assert_at(desk, "params.data.comment", "'so kind'");
	line_expect_silence(boss, MSEC(20));
	line_ask(pbx, "survey.answer",
	         "{'contact_id':'x','nps':9,'resolved':false,'comment':'no help'}");
	line_next(boss);
	assert_at(boss, "params.type", "'survey.answered'");
	assert_at(boss, "params.data.queue", "'sales'");
	assert_at(boss, "params.data.resolved", "false");
	assert_at(boss, "params.data.comment", "'no help'");
	line_ask(pbx, "survey.answer", "{'contact_id':'x','nps':0}"); /* no words, no event */
	line_expect_silence(boss, MSEC(20));
	line_expect_silence(desk, MSEC(20));
	assert_int_equal(board->surveys, 3);
	line_close(desk);
	line_close(boss);
	line_close(pbx);
	board_close(board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_survey_of_a_call_goes_to_the_store),
		cmocka_unit_test(a_contact_may_be_named_by_its_id),
		cmocka_unit_test(what_cannot_be_taken_is_said),
		cmocka_unit_test(kind_words_are_for_the_agent_others_for_the_supervisor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
