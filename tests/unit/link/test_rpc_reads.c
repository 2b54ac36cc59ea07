#include "board.h"

/* Questions that change nothing. */

static void fill(struct line *line, int calls)
{
	char params[128];

	for (int i = 0; i < calls; i++) {
		snprintf(params, sizeof(params),
		         "{'call_id':'c%d','queue':'%s','from':'03123456%02d'}", i,
		         i % 2 == 0 ? "sales" : "support", i % 100);
		line_ask(line, "call.arrive", params);
	}
}

static void calls_are_listed_filtered_and_in_pieces(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");
	char params[64];
	int seen = 0;

	(void)state;
	fill(pbx, 7);
	line_ask(pbx, "call.list", "{}");
	assert_at(pbx, "result.calls.6.call_id", "'c6'");
	assert_at(pbx, "result.calls.0.from", "'0312345600'");
	assert_at(pbx, "result.calls.0.state", "'waiting'");
	assert_at(pbx, "result.next", "-");
	line_ask(pbx, "call.list", "{'queue':'support'}");
	assert_at(pbx, "result.calls.2.queue", "'support'");
	assert_at(pbx, "result.calls.3", "-");
	line_ask(pbx, "call.list", "{'state':'talking'}");
	assert_at(pbx, "result.calls", "[]");
	line_ask(pbx, "call.list", "{'client':'other'}");
	assert_at(pbx, "result.calls", "[]");
	line_ask(pbx, "call.list", "{'queue':'nowhere'}");
	assert_error(pbx, -32012, "unknown_queue");
	snprintf(params, sizeof(params), "{'limit':2}");
	for (int piece = 0; piece < 4; piece++) {
		line_ask(pbx, "call.list", params);
		for (int i = 0; i < 2 && seen < 7; i++, seen++) {
			char path[40], wanted[16];

			snprintf(path, sizeof(path), "result.calls.%d.call_id", i);
			snprintf(wanted, sizeof(wanted), "'c%d'", seen);
			assert_at(pbx, path, wanted);
		}
		snprintf(params, sizeof(params), "{'limit':2,'after':%s}",
		         line_at(pbx, "result.next"));
	}
	assert_int_equal(seen, 7);
	assert_at(pbx, "result.next", "-");
	line_close(pbx);
	board_close(board);
}

static void agents_are_listed_filtered_and_in_pieces(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");

	(void)state;
	line_log_in(pbx, "alice", "sales");
	line_log_in(pbx, "bob", "support");
	line_log_in(pbx, "carol", "sales");
	line_ask(pbx, "agent.list", "{'queue':'sales'}");
	assert_at(pbx, "result.agents.0.agent", "'alice'");
	assert_at(pbx, "result.agents.1.agent", "'carol'");
	assert_at(pbx, "result.agents.2", "-");
	line_ask(pbx, "agent.list", "{'state':'paused'}");
	assert_at(pbx, "result.agents", "[]");
	line_ask(pbx, "agent.list", "{'limit':2}");
	assert_at(pbx, "result.next", "2");
	line_ask(pbx, "agent.list", "{'limit':2,'after':2}");
	assert_at(pbx, "result.agents.0.agent", "'carol'");
	assert_at(pbx, "result.next", "-");
	line_close(pbx);
	board_close(board);
}

/* What the daemon tells the daybook. */
static void count(struct board *board)
{
	struct call_card *card = NULL;

	while ((card = directory_next_call(board->directory, card)) != NULL)
		daybook_call_changed(board->daybook, card);
	daybook_collect(board->daybook, true);
}

static void queues_are_shown(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");

	(void)state;
	fill(pbx, 3);
	count(board);
	line_ask(pbx, "queue.get", "{'queue':'sales'}");
	assert_at(pbx, "result.waiting", "2");
	assert_at(pbx, "result.arrived", "2");
	line_ask(pbx, "queue.list", "{}");
	assert_at(pbx, "result.queues.1.queue", "'support'");
	assert_at(pbx, "result.queues.1.waiting", "1");
	line_ask(pbx, "queue.get", "{'queue':'nowhere'}");
	assert_error(pbx, -32012, "unknown_queue");
	line_close(pbx);
	board_close(board);
}

static void observers_see_no_numbers_unless_they_may(void **state)
{
	struct board *board = board_make();
	struct line *pbx, *wall, *trusted;

	(void)state;
	board_add_client(board, "crm", ROLE_OBSERVER, "look", "");
	board->options->clients[0].pii = true;
	board_start(board);
	link_set_ready(board->link, true);
	pbx = line_session(board, "pbx", "pbx");
	wall = line_session(board, "wall", "observer");
	trusted = line_open(board);
	line_ask(trusted, "session.open",
	         "{'client':{'name':'crm'},'auth':{'method':'token','token':'look'}}");
	fill(pbx, 1);
	line_ask(wall, "call.list", "{}");
	assert_at(wall, "result.calls.0.call_id", "'c0'");
	assert_null(strstr(wall->message, "312345"));
	line_ask(wall, "call.get", "{'call_id':'c0'}");
	assert_null(strstr(wall->message, "312345"));
	line_ask(wall, "call.explain", "{'call_id':'c0'}");
	assert_null(strstr(wall->message, "312345"));
	line_ask(wall, "state.snapshot", "{}");
	assert_null(strstr(wall->message, "312345"));
	line_ask(trusted, "call.get", "{'call_id':'c0'}");
	assert_at(trusted, "result.number", "'+81312345600'");
	line_close(pbx);
	line_close(wall);
	line_close(trusted);
	board_close(board);
}

static void a_call_is_explained_agent_by_agent(void **state)
{
	struct board *board = board_make();
	struct line *pbx;

	(void)state;
	board->options->queues[0].plan.policy = POLICY_FIXED;
	board_start(board);
	link_set_ready(board->link, true);
	pbx = line_session(board, "pbx", "pbx");
	board->known_key = "tel:+81312345678";
	board->known_agent = "alice";
	line_log_in(pbx, "alice", "sales");
	line_log_in(pbx, "bob", "sales");
	line_log_in(pbx, "carol", "support");
	line_ask(pbx, "agent.pause", "{'agent':'bob'}");
	line_ask(pbx, "call.arrive", "{'call_id':'c1','queue':'sales'}");
	line_ask(pbx, "call.explain", "{'call_id':'c1'}");
	assert_at(pbx, "result.agents.0.agent", "'alice'");
	assert_at(pbx, "result.agents.0.verdict", "'has_it'");
	assert_at(pbx, "result.agents.1.verdict", "'paused'");
	assert_at(pbx, "result.agents.2", "-");
	assert_at(pbx, "result.verdicts.not_member", "1");
	assert_at(pbx, "result.decision.action", "'connect'");
	assert_at(pbx, "result.explanation", "'The telephone of alice rings.'");
	line_ask(pbx, "call.arrive", "{'call_id':'c2','queue':'sales','from':'0312345678'}");
	line_ask(pbx, "call.explain", "{'call_id':'c2'}");
	assert_at(pbx, "result.known.0.agent", "'alice'");
	assert_at(pbx, "result.known.0.verdict", "'not_ready'");
	assert_at(pbx, "result.decision.sticky.result", "'waiting'");
	assert_at(pbx, "result.explanation", "'The caller waits for alice, their own agent.'");
	line_ask(pbx, "call.failed", "{'call_id':'c1','offer':1,'reason':'busy'}");
	line_ask(pbx, "call.explain", "{'call_id':'c1'}");
	assert_at(pbx, "result.excluded.0.agent", "'alice'");
	line_ask(pbx, "call.ended", "{'call_id':'c1'}");
	line_ask(pbx, "call.explain", "{'call_id':'c1'}");
	assert_error(pbx, -32010, "call_ended");
	line_close(pbx);
	board_close(board);
}

static void the_configuration_is_checked_and_reloaded(void **state)
{
	struct board *board = board_open();
	struct line *boss = line_session(board, "boss", "supervisor");

	(void)state;
	line_ask(boss, "config.check", "{}");
	assert_at(boss, "result.ok", "true");
	/* What follows in the same segment is read by the new limits, and answered. */
	line_say(boss, "{'jsonrpc':'2.0','method':'agent.login','params':{'agent':'a',"
	               "'queues':['sales']}}\n"
	               "{'jsonrpc':'2.0','id':'r','method':'config.reload'}\n"
	               "{'jsonrpc':'2.0','id':'p','method':'ping'}\n");
	line_next(boss);
	assert_at(boss, "id", "'r'");
	assert_at(boss, "result.ok", "true");
	line_next(boss);
	assert_at(boss, "id", "'p'");
	assert_int_equal(board->reloads, 1);
	board->config_bad = true;
	line_ask(boss, "config.check", "{}");
	assert_at(boss, "result.ok", "false");
	assert_at(boss, "result.error", "'file:7: ring: 6h is too long'");
	line_ask(boss, "config.reload", "{}");
	assert_error(boss, -32014, "config_refused");
	assert_int_equal(board->reloads, 1);
	line_close(boss);
	board_close(board);
}

static void methods_that_are_not_there_yet_are_not_found(void **state)
{
	static const char *const later[] = { "agent.reset", "stats.reset", "rpc.discover" };
	struct board *board = board_open();
	struct line *boss = line_session(board, "boss", "supervisor");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(later); i++) {
		line_ask(boss, later[i], "{}");
		assert_error(boss, -32601, "method_not_found");
	}
	line_close(boss);
	board_close(board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_are_listed_filtered_and_in_pieces),
		cmocka_unit_test(agents_are_listed_filtered_and_in_pieces),
		cmocka_unit_test(queues_are_shown),
		cmocka_unit_test(observers_see_no_numbers_unless_they_may),
		cmocka_unit_test(a_call_is_explained_agent_by_agent),
		cmocka_unit_test(the_configuration_is_checked_and_reloaded),
		cmocka_unit_test(methods_that_are_not_there_yet_are_not_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
