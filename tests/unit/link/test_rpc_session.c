#include "board.h"

/* Who may speak, as whom, and what becomes of their calls when they go. */

static void open_session(struct line *line, const char *name, const char *more)
{
	char params[512];

	snprintf(params, sizeof(params), "{'client':{'name':'%s','version':'1'}%s}", name, more);
	line_ask(line, "session.open", params);
}

/* A daemon that trusts nobody. */
static struct board *closed_board(void)
{
	struct board *board = board_make();

	board->options->rpc.trust = TRUST_SESSION;
	board_add_client(board, "pbx-a", ROLE_PBX, "k3y", "");
	board_add_client(board, "*", ROLE_AGENT, "desk", "alice");
	board_add_client(board, "wall", ROLE_OBSERVER, "look", "");
	board_start(board);
	link_set_ready(board->link, true);
	return board;
}

static void an_opening_is_answered_with_what_was_agreed(void **state)
{
	struct board *board = board_open();
	struct line *line = line_open(board);
	char wanted[64];

	(void)state;
	open_session(line, "pbx-a", ",'protocol':[2,1],'role':'pbx','heartbeat_ms':7000");
	assert_at(line, "result.protocol", "1");
	assert_at(line, "result.server.name", "'najimid'");
	assert_at(line, "result.site", "'main'");
	assert_at(line, "result.session", "'s-1'");
	assert_at(line, "result.role", "'pbx'");
	snprintf(wanted, sizeof(wanted), "'%s'", feed_epoch(board->feed));
	assert_at(line, "result.epoch", wanted);
	assert_at(line, "result.seq", "0");
	assert_at(line, "result.resumed", "false");
	assert_at(line, "result.heartbeat_ms", "7000");
	assert_at(line, "result.message_max", "65536");
	assert_at(line, "result.features", "['netstring','events']");
	assert_int_equal(board->meters.rpc_sessions[ROLE_PBX], 1);
	open_session(line, "pbx-a", "");
	assert_error(line, -32014, "session_is_open");
	line_close(line);
	board_pass(board, MSEC(5));
	assert_int_equal(board->meters.rpc_sessions[ROLE_PBX], 0);
	assert_int_equal(board->meters.rpc_connections, 0);
	board_close(board);
}

static void without_a_session_nobody_but_the_trusted_may_ask(void **state)
{
	struct board *board = closed_board();
	struct line *line = line_open(board);

	(void)state;
	line_ask(line, "queue.list", "{}");
	assert_error(line, -32001, "session_required");
	line_ask(line, "no.such", "{}");
	assert_error(line, -32001, "session_required");
	line_ask(line, "ping", "{'x':1}");
	assert_at(line, "result.echo", "{'x':1}");
	open_session(line, "pbx-a", "");
	assert_error(line, -32001, "auth_required");
	open_session(line, "pbx-a", ",'auth':{'method':'mtls'}");
	assert_error(line, -32001, "unsupported");
	open_session(line, "pbx-a", ",'auth':{'method':'token','token':'k3y'}");
	assert_at(line, "result.role", "'pbx'");
	line_ask(line, "queue.list", "{}");
	assert_at(line, "result.queues.0.queue", "'sales'");
	line_close(line);
	board_close(board);
}

static void roles_bound_what_may_be_asked(void **state)
{
	static const struct {
		const char *role, *method, *params, *code;
	} cases[] = {
		{ "pbx", "config.reload", "{}", "-32002" },
		{ "agent", "call.arrive", "{'call_id':'c','queue':'sales'}", "-32002" },
		{ "agent", "call.list", "{}", "-32002" },
		{ "agent", "caller.get", "{'customer_id':'k'}", "-32002" },
		{ "agent", "queue.list", "{}", "-" },
		{ "observer", "call.arrive", "{'call_id':'c','queue':'sales'}", "-32002" },
		{ "observer", "agent.ready", "{'agent':'a'}", "-32002" },
		{ "observer", "caller.get", "{'customer_id':'k'}", "-32002" },
		{ "observer", "state.snapshot", "{}", "-" },
		{ "supervisor", "call.arrive", "{'call_id':'c','queue':'sales'}", "-" },
		{ "supervisor", "config.check", "{}", "-" },
	};
	struct board *board = board_open();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct line *line = line_session(board, "x", cases[i].role);

		line_ask(line, cases[i].method, cases[i].params);
		assert_at(line, "error.code", cases[i].code);
		line_close(line);
	}
	board_close(board);
}

static void a_challenge_is_good_for_one_answer(void **state)
{
	struct board *board = closed_board();
	struct line *line = line_open(board);
	char first[64];

	(void)state;
	line_ask(line, "session.challenge", "{}");
	snprintf(first, sizeof(first), "%s", line_at(line, "result.nonce"));
	assert_int_equal(strlen(first), 34);
	line_ask(line, "session.challenge", "{}");
	assert_string_not_equal(line_at(line, "result.nonce"), first);
	open_session(line, "pbx-a", ",'auth':{'method':'hmac','mac':'00','ts':0}");
	assert_error(line, -32001, "challenge_expired");
	line_close(line);
	board_close(board);
}

static void an_agents_session_speaks_for_that_agent_alone(void **state)
{
	struct board *board = closed_board();
	struct line *desk = line_open(board);

	(void)state;
	open_session(desk, "alice-desktop", ",'auth':{'method':'token','token':'desk'}");
	assert_at(desk, "result.agent", "'alice'");
	line_log_in(desk, "alice", "sales");
	line_ask(desk, "agent.pause", "{'agent':'bob'}");
	assert_error(desk, -32002, "other_agent");
	line_ask(desk, "agent.get", "{'agent':'bob'}");
	assert_error(desk, -32002, "other_agent");
	line_ask(desk, "agent.list", "{}");
	assert_at(desk, "result.agents.0.agent", "'alice'");
	assert_at(desk, "result.agents.1", "-");
	line_close(desk);
	board_close(board);
}

static void a_trusted_client_says_which_agent_it_is(void **state)
{
	struct board *board = board_open();
	struct line *desk = line_open(board);

	(void)state;
	open_session(desk, "desktop-7", ",'role':'agent','agent':'bob'");
	assert_at(desk, "result.agent", "'bob'");
	line_close(desk);
	desk = line_open(board);
	open_session(desk, "carol", ",'role':'agent'");
	assert_at(desk, "result.agent", "'carol'");
	line_close(desk);
	board_close(board);
}

static void who_guesses_is_answered_late(void **state)
{
	struct board *board = closed_board();
	struct line *line = line_open(board);
	usec_t before;

	(void)state;
	open_session(line, "pbx-a", ",'auth':{'method':'token','token':'1'}");
	open_session(line, "pbx-a", ",'auth':{'method':'token','token':'2'}");
	before = clock_monotonic();
	open_session(line, "pbx-a", ",'auth':{'method':'token','token':'3'}");
	assert_error(line, -32001, "auth_failed");
	assert_true(clock_monotonic() - before >= MSEC(950));
	/* And may go on then. */
	open_session(line, "pbx-a", ",'auth':{'method':'token','token':'k3y'}");
	assert_at(line, "result.role", "'pbx'");
	line_close(line);
	board_close(board);
}

static void who_does_not_log_in_is_shown_out(void **state)
{
	struct board *board = board_make();
	struct line *silent, *chatty, *third;
	char many[5000];

	(void)state;
	board->options->rpc.trust = TRUST_SESSION;
	board->options->rpc.login_max = SEC(1);
	board->options->rpc.unauthenticated_max = 2;
	board_start(board);
	silent = line_open(board);
	chatty = line_open(board);
	third = line_open(board);
	assert_string_equal(line_hear_out(third), "");
	memset(many, ' ', sizeof(many));
	line_send(chatty, many, sizeof(many));
	assert_string_equal(line_hear_out(chatty), "");
	assert_string_equal(line_hear_out(silent), "");
	line_close(silent);
	line_close(chatty);
	line_close(third);
	/* There is room again. */
	board_pass(board, MSEC(5));
	silent = line_open(board);
	line_ask(silent, "ping", "{}");
	assert_at(silent, "result.ready", "false");
	line_close(silent);
	board_close(board);
}

static void silence_of_three_heartbeats_ends_a_session(void **state)
{
	struct board *board = board_open();
	struct line *line = line_open(board), *kept = line_open(board);
	usec_t before = clock_monotonic();

	(void)state;
	open_session(line, "pbx-a", ",'role':'pbx','heartbeat_ms':500");
	open_session(kept, "pbx-b", ",'role':'pbx','heartbeat_ms':500");
	while (!line->ended && clock_monotonic() - before < SEC(60)) {
		line_ask(kept, "ping", "{}");
		board_pass(board, MSEC(20));
		line_take(line);
	}
	assert_true(line->ended);
	assert_true(clock_monotonic() - before >= MSEC(1400));
	line_take(kept);
	assert_false(kept->ended);
	line_close(line);
	line_close(kept);
	board_close(board);
}

static void nothing_is_done_before_the_daemon_is_ready(void **state)
{
	struct board *board = board_make();
	struct line *line;

	(void)state;
	board_start(board);
	line = line_session(board, "pbx", "pbx");
	line_ask(line, "call.arrive", "{'call_id':'c','queue':'sales'}");
	assert_error(line, -32003, "starting");
	assert_at(line, "error.data.retry_after_ms", "500");
	link_set_ready(board->link, true);
	line_ask(line, "call.arrive", "{'call_id':'c','queue':'sales'}");
	assert_at(line, "result.action", "'queue'");
	line_close(line);
	board_close(board);
}

static void who_stands_by_says_who_leads(void **state)
{
	struct board *board = board_make();
	struct line *line;

	(void)state;
	board_start(board);
	board->meters.standing_by = true;
	strcpy(board->meters.leader_at.rpc, "192.0.2.7:7070");
	line = line_session(board, "boss", "supervisor");
	line_ask(line, "call.arrive", "{'call_id':'c','queue':'sales'}");
	assert_error(line, -32004, "not_leader");
	assert_at(line, "error.message", "'not the leader'");
	assert_at(line, "error.data.leader", "'192.0.2.7:7070'");
	assert_at(line, "error.data.retry_after_ms", "500");
	/* What needs nobody to lead is answered. */
	line_ask(line, "gateway.list", "{}");
	assert_at(line, "result.gateways", "[]");
	line_ask(line, "ping", "{}");
	assert_at(line, "result.ready", "false");
	assert_at(line, "result.standing_by", "true");
	assert_at(line, "result.leader", "'192.0.2.7:7070'");
	/* It is not known where. */
	board->meters.leader_at.rpc[0] = '\0';
	line_ask(line, "queue.list", "{}");
	assert_error(line, -32004, "not_leader");
	assert_at(line, "error.data.leader", "-");
	line_ask(line, "ping", "{}");
	assert_at(line, "result.leader", "-");
	/* Nor is it known any more who leads; and then it is us. */
	board->meters.standing_by = false;
	line_ask(line, "queue.list", "{}");
	assert_error(line, -32003, "starting");
	link_set_ready(board->link, true);
	line_ask(line, "ping", "{}");
	assert_at(line, "result.standing_by", "false");
	line_close(line);
	board_close(board);
}

static void strangers_are_not_told_who_leads(void **state)
{
	struct board *board = closed_board();
	struct line *line = line_open(board);

	(void)state;
	link_set_ready(board->link, false);
	board->meters.standing_by = true;
	strcpy(board->meters.leader_at.rpc, "192.0.2.7:7070");
	line_ask(line, "ping", "{}");
	assert_at(line, "result.standing_by", "true");
	assert_at(line, "result.leader", "-");
	line_ask(line, "queue.list", "{}");
	assert_error(line, -32001, "session_required");
	assert_at(line, "error.data.leader", "-");
	line_close(line);
	board_close(board);
}

static void a_reload_that_takes_the_token_away_ends_the_session(void **state)
{
	struct board *board = closed_board();
	struct line *pbx = line_open(board), *wall = line_open(board);

	(void)state;
	open_session(pbx, "pbx-a", ",'auth':{'method':'token','token':'k3y'}");
	open_session(wall, "wall", ",'auth':{'method':'token','token':'look'}");
	board_set(&board->options->clients[2].token, "other");
	link_reconfigure(board->link, board->options);
	assert_string_equal(line_hear_out(wall), "");
	line_ask(pbx, "ping", "{}");
	assert_at(pbx, "result.ready", "true");
	line_close(pbx);
	line_close(wall);
	board_close(board);
}

/* --- who has gone --- */

static struct board *short_orphans(usec_t orphan_max)
{
	struct board *board = board_make();

	board->options->rpc.orphan_max = orphan_max;
	board->options->queues[1].plan.waiting_max = 10000;
	board_start(board);
	link_set_ready(board->link, true);
	return board;
}

static void arrive(struct line *line, const char *call_id)
{
	char params[128];

	snprintf(params, sizeof(params), "{'call_id':'%s','queue':'sales'}", call_id);
	line_ask(line, "call.arrive", params);
	assert_at(line, "result.action", "'queue'");
}

static void calls_of_one_who_does_not_come_back_are_lost(void **state)
{
	struct board *board = short_orphans(MSEC(100));
	struct line *boss = line_session(board, "boss", "supervisor");
	struct line *pbx = line_session(board, "pbx", "pbx");
	struct line *second = line_session(board, "pbx", "pbx");

	(void)state;
	arrive(pbx, "c1");
	arrive(pbx, "c2");
	/* As long as one of its connections is there, it has not gone. */
	line_close(pbx);
	board_pass(board, MSEC(200));
	line_ask(boss, "call.get", "{'call_id':'c1'}");
	assert_at(boss, "result.state", "'waiting'");
	line_close(second);
	board_wait_calls(board, 0);
	line_ask(boss, "call.get", "{'call_id':'c1'}");
	assert_at(boss, "result.state", "'ended'");
	assert_at(boss, "result.outcome", "'lost'");
	line_ask(boss, "call.list", "{}");
	assert_at(boss, "result.calls", "[]");
	line_close(boss);
	board_close(board);
}

static void calls_of_one_who_is_back_in_time_are_kept(void **state)
{
	struct board *board = short_orphans(SEC(5)); /* for a machine that is busy */
	struct line *pbx = line_session(board, "pbx", "pbx");

	(void)state;
	arrive(pbx, "c1");
	line_close(pbx);
	board_pass(board, MSEC(40));
	pbx = line_session(board, "pbx", "pbx");
	board_pass(board, MSEC(5500));
	line_ask(pbx, "call.get", "{'call_id':'c1'}");
	assert_at(pbx, "result.state", "'waiting'");
	line_close(pbx);
	board_close(board);
}

static void what_a_sync_does_not_list_has_ended(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");
	struct line *other = line_session(board, "other", "pbx");

	(void)state;
	arrive(pbx, "kept");
	arrive(pbx, "gone");
	arrive(pbx, "over");
	arrive(other, "gone");
	line_ask(pbx, "call.ended", "{'call_id':'over'}");
	line_ask(pbx, "call.sync",
	         "{'calls':[{'call_id':'kept','state':'waiting'},"
	         "{'call_id':'strange'},{'call_id':'over'}]}");
	assert_at(pbx, "result.unknown", "['strange']");
	assert_at(pbx, "result.ended", "['over','gone']");
	line_ask(pbx, "call.list", "{'client':'pbx'}");
	assert_at(pbx, "result.calls.0.call_id", "'kept'");
	assert_at(pbx, "result.calls.1", "-");
	line_ask(other, "call.get", "{'call_id':'gone'}");
	assert_at(other, "result.state", "'waiting'");
	line_close(pbx);
	line_close(other);
	board_close(board);
}

static void a_long_sync_comes_in_pieces(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");

	(void)state;
	arrive(pbx, "a");
	arrive(pbx, "b");
	arrive(pbx, "c");
	line_ask(pbx, "call.sync", "{'calls':[{'call_id':'a'}],'more':true}");
	assert_at(pbx, "result.ended", "[]");
	/* Who arrives meanwhile is no orphan. */
	arrive(pbx, "d");
	line_ask(pbx, "call.sync", "{'calls':[{'call_id':'b'}]}");
	assert_at(pbx, "result.ended", "['c']");
	line_ask(pbx, "call.sync", "{'calls':[{'call_id':'a'},{'call_id':7}]}");
	assert_error(pbx, -32602, "wrong_type");
	line_ask(pbx, "call.get", "{'call_id':'d'}");
	assert_at(pbx, "result.state", "'waiting'");
	line_close(pbx);
	board_close(board);
}

static void many_orphans_end_little_by_little(void **state)
{
	struct board *board = short_orphans(MSEC(100));
	struct line *pbx = line_session(board, "pbx", "pbx");
	char request[256];

	(void)state;
	for (int i = 0; i < 9000; i++) {
		snprintf(request, sizeof(request),
		         "{'jsonrpc':'2.0','method':'call.arrive','params':{'call_id':'c%d',"
		         "'queue':'support'}}\n",
		         i);
		line_say(pbx, request);
	}
	line_ask(pbx, "ping", "{}");
	assert_int_equal(directory_calls(board->directory), 9000);
	line_close(pbx);
	board_wait_calls(board, 0);
	board_close(board);
}

static void a_trusted_connection_without_a_session_leaves_no_orphans(void **state)
{
	struct board *board = short_orphans(MSEC(100));
	struct line *proxy = line_open(board);

	(void)state;
	arrive(proxy, "c1");
	line_close(proxy);
	board_pass(board, MSEC(200));
	proxy = line_open(board);
	line_ask(proxy, "call.get", "{'call_id':'c1'}");
	assert_at(proxy, "result.state", "'waiting'");
	assert_at(proxy, "result.client", "'acl:127.0.0.1'");
	line_ask(proxy, "events.subscribe", "{}");
	assert_error(proxy, -32001, "session_required");
	line_close(proxy);
	board_close(board);
}

static void after_a_restart_a_system_has_its_time_to_come_back(void **state)
{
	struct board *board = board_make();
	struct call_facts facts = { .client = "pbx",
		                    .name = "c1",
		                    .from = "",
		                    .number = "",
		                    .key = "",
		                    .to = "",
		                    .customer_id = "",
		                    .tier = "",
		                    .reason = "",
		                    .channel = "",
		                    .case_id = "",
		                    .data = "" };
	struct core_event ev = { .type = EVT_CALL_ARRIVED };
	usec_t since;

	(void)state;
	board->options->rpc.orphan_max = MSEC(100);
	board_start(board);
	ev.call_arrived.call = directory_add_call(board->directory, &facts)->id;
	ev.call_arrived.arrived_at = clock_now();
	loop_apply(board->loop, &ev);
	since = clock_monotonic();
	link_set_ready(board->link, true);
	board_pass(board, MSEC(50));
	/* The test may have been away for longer than the system may be. */
	assert_true(directory_calls(board->directory) == 1 ||
	            clock_monotonic() - since >= MSEC(100));
	board_wait_calls(board, 0);
	board_close(board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_opening_is_answered_with_what_was_agreed),
		cmocka_unit_test(without_a_session_nobody_but_the_trusted_may_ask),
		cmocka_unit_test(roles_bound_what_may_be_asked),
		cmocka_unit_test(a_challenge_is_good_for_one_answer),
		cmocka_unit_test(an_agents_session_speaks_for_that_agent_alone),
		cmocka_unit_test(a_trusted_client_says_which_agent_it_is),
		cmocka_unit_test(who_guesses_is_answered_late),
		cmocka_unit_test(who_does_not_log_in_is_shown_out),
		cmocka_unit_test(silence_of_three_heartbeats_ends_a_session),
		cmocka_unit_test(nothing_is_done_before_the_daemon_is_ready),
		cmocka_unit_test(who_stands_by_says_who_leads),
		cmocka_unit_test(strangers_are_not_told_who_leads),
		cmocka_unit_test(a_reload_that_takes_the_token_away_ends_the_session),
		cmocka_unit_test(calls_of_one_who_does_not_come_back_are_lost),
		cmocka_unit_test(calls_of_one_who_is_back_in_time_are_kept),
		cmocka_unit_test(what_a_sync_does_not_list_has_ended),
		cmocka_unit_test(a_long_sync_comes_in_pieces),
		cmocka_unit_test(many_orphans_end_little_by_little),
		cmocka_unit_test(a_trusted_connection_without_a_session_leaves_no_orphans),
		cmocka_unit_test(after_a_restart_a_system_has_its_time_to_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
