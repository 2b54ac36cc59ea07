#include "board.h"

/* What happens, as those hear it who subscribed. */

static void arrive(struct line *line, const char *call_id, const char *more)
{
	char params[256];

	snprintf(params, sizeof(params), "{'call_id':'%s','queue':'sales'%s}", call_id, more);
	line_ask(line, "call.arrive", params);
}

static void subscribe(struct line *line, const char *params)
{
	line_ask(line, "events.subscribe", params);
	assert_at(line, "error", "-");
}

static void expect_event(struct line *line, const char *type)
{
	char wanted[64];

	line_next(line);
	snprintf(wanted, sizeof(wanted), "'%s'", type);
	assert_at(line, "method", "'event'");
	assert_at(line, "params.type", wanted);
}

static uint64_t seq_of(struct line *line)
{
	return strtoull(line_at(line, "params.seq"), NULL, 10);
}

static void a_watcher_follows_a_call_from_beginning_to_end(void **state)
{
	struct board *board = board_open();
	struct line *watcher = line_session(board, "watcher", "supervisor");
	struct line *pbx = line_session(board, "pbx", "pbx");
	uint64_t last;

	(void)state;
	line_log_in(pbx, "alice", "sales");
	subscribe(watcher, "{}");
	last = strtoull(line_at(watcher, "result.seq"), NULL, 10);
	assert_true(last > 0);
	arrive(pbx, "c1", ",'from':'0312345678'");
	line_ask(pbx, "call.answered", "{'call_id':'c1','offer':1}");
	line_ask(pbx, "call.ended", "{'call_id':'c1','by':'caller'}");
	for (bool decided = false, ended = false; !ended;) {
		line_next(watcher);
		assert_int_equal(seq_of(watcher), ++last); /* no number is left out */
		assert_null(strstr(watcher->message, "312345678"));
		if (strcmp(line_at(watcher, "params.type"), "\"call.decided\"") == 0) {
			decided = true;
			assert_at(watcher, "params.data.action", "'connect'");
			assert_at(watcher, "params.data.client", "'pbx'");
			assert_at(watcher, "params.data.agent", "'alice'");
		}
		ended = strcmp(line_at(watcher, "params.type"), "\"call.ended\"") == 0;
		assert_true(decided || !ended);
	}
	assert_at(watcher, "params.data.call_id", "'c1'");
	assert_at(watcher, "params.data.outcome", "'answered'");
	assert_at(watcher, "params.data.agent", "'alice'");
	assert_true(board->meters.events_published >= last);
	line_close(watcher);
	line_close(pbx);
	board_close(board);
}

static void later_decisions_come_as_events_and_the_first_only_as_reply(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");

	(void)state;
	subscribe(pbx, "{'types':['call.decided']}");
	arrive(pbx, "c1", "");
	assert_at(pbx, "result.action", "'queue'");
	line_expect_silence(pbx, MSEC(10));
	line_say(pbx, "{'jsonrpc':'2.0','method':'agent.login','params':{'agent':'alice',"
	              "'queues':['sales']}}\n");
	expect_event(pbx, "call.decided");
	assert_at(pbx, "params.data.action", "'connect'");
	assert_at(pbx, "params.data.agent", "'alice'");
	assert_at(pbx, "params.data.call_id", "'c1'");
	line_close(pbx);
	board_close(board);
}

static void a_caller_who_is_to_hear_where_they_stand_is_an_event(void **state)
{
	struct board *board = board_make();
	struct line *pbx;

	(void)state;
	board->options->queues[0].plan.tell_after = MSEC(20);
	board->options->queues[0].plan.tell_every = MSEC(20);
	board_start(board);
	link_set_ready(board->link, true);
	pbx = line_session(board, "pbx", "pbx");
	subscribe(pbx, "{'types':['call.decided']}");
	arrive(pbx, "c1", "");
	assert_at(pbx, "result.action", "'queue'");
	for (int i = 0; i < 2; i++) {
		expect_event(pbx, "call.decided");
		assert_at(pbx, "params.data.call_id", "'c1'");
		assert_at(pbx, "params.data.action", "'queue'");
		assert_at(pbx, "params.data.position", "1");
		assert_at(pbx, "params.data.tell", "true");
	}
	line_close(pbx);
	board_close(board);
}

static void one_who_has_the_decision_as_reply_misses_no_number(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");
	uint64_t last = 0;
	bool answered = false;

	(void)state;
	subscribe(pbx, "{}");
	line_say(pbx, "{'jsonrpc':'2.0','id':'a','method':'call.arrive','params':{'call_id':'c1',"
	              "'queue':'sales'}}\n");
	for (int i = 0; i < 50 && (!answered || last < feed_seq(board->feed)); i++) {
		line_next(pbx);
		if (strcmp(line_at(pbx, "id"), "\"a\"") == 0) {
			answered = true;
			continue;
		}
		assert_int_equal(seq_of(pbx), ++last);
		assert_string_not_equal(line_at(pbx, "params.type"), "\"call.decided\"");
	}
	assert_true(answered);
	line_close(pbx);
	board_close(board);
}

static void a_system_hears_of_its_own_calls_only(void **state)
{
	struct board *board = board_open();
	struct line *a = line_session(board, "pbx-a", "pbx");
	struct line *b = line_session(board, "pbx-b", "pbx");

	(void)state;
	subscribe(a, "{'types':['call.changed','call.decided','call.ended']}");
	arrive(b, "c1", "");
	line_ask(b, "call.ended", "{'call_id':'c1'}");
	line_expect_silence(a, MSEC(10));
	arrive(a, "c1", "");
	line_say(a, "{'jsonrpc':'2.0','method':'call.ended','params':{'call_id':'c1'}}\n");
	do
		line_next(a);
	while (strcmp(line_at(a, "params.type"), "\"call.ended\"") != 0);
	assert_at(a, "params.data.client", "'pbx-a'");
	line_close(a);
	line_close(b);
	board_close(board);
}

static void a_subscription_may_be_of_some_types_and_queues(void **state)
{
	struct board *board = board_open();
	struct line *watcher = line_session(board, "watcher", "observer");
	struct line *pbx = line_session(board, "pbx", "pbx");

	(void)state;
	subscribe(watcher, "{'types':['call.ended'],'queues':['support']}");
	arrive(pbx, "c1", "");
	line_ask(pbx, "call.ended", "{'call_id':'c1'}");
	line_expect_silence(watcher, MSEC(10));
	line_ask(pbx, "call.arrive", "{'call_id':'c2','queue':'support'}");
	line_ask(pbx, "call.ended", "{'call_id':'c2'}");
	expect_event(watcher, "call.ended");
	assert_at(watcher, "params.data.call_id", "'c2'");
	line_ask(watcher, "events.subscribe", "{'queues':['nowhere']}");
	assert_error(watcher, -32012, "unknown_queue");
	line_close(watcher);
	line_close(pbx);
	board_close(board);
}

static void an_offer_that_is_withdrawn_is_told(void **state)
{
	struct board *board = board_make();
	struct line *pbx, *desk;

	(void)state;
	board->options->queues[0].plan.ring = MSEC(50);
	board->options->rules.ring_grace = 0;
	board_start(board);
	link_set_ready(board->link, true);
	pbx = line_session(board, "pbx", "pbx");
	desk = line_open(board);
	line_ask(desk, "session.open", "{'client':{'name':'desk'},'role':'agent','agent':'alice'}");
	line_log_in(desk, "alice", "sales");
	subscribe(pbx, "{'types':['call.offer_cancelled','call.decided']}");
	arrive(pbx, "c1", "");
	assert_at(pbx, "result.agent", "'alice'");
	expect_event(desk, "agent.offer");
	expect_event(pbx, "call.offer_cancelled");
	assert_at(pbx, "params.data.agent", "'alice'");
	assert_at(pbx, "params.data.offer", "1");
	assert_at(pbx, "params.data.reason", "'missed'");
	expect_event(pbx, "call.decided");
	assert_at(pbx, "params.data.action", "'queue'");
	expect_event(desk, "agent.offer_cancelled");
	assert_at(desk, "params.data.call_id", "'c1'");
	line_ask(pbx, "call.answered", "{'call_id':'c1','offer':1}");
	assert_error(pbx, -32014, "wrong_state");
	line_close(pbx);
	line_close(desk);
	board_close(board);
}

static void an_agent_is_told_the_callers_story(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");
	struct line *desk = line_session(board, "alice", "agent");
	struct line *other = line_session(board, "bob", "agent");

	(void)state;
	board->known_key = "tel:+81312345678";
	board->known_agent = "alice";
	board->story = "{\"name\":\"Taro\",\"notes\":\"likes tea\"}";
	line_log_in(pbx, "alice", "sales");
	line_log_in(pbx, "bob", "sales");
	arrive(pbx, "c1", ",'from':'0312345678','reason':'bill','data':{'menu':3}");
	expect_event(desk, "agent.offer");
	assert_at(desk, "params.seq", "-");
	assert_at(desk, "params.data.agent", "'alice'");
	assert_at(desk, "params.data.call_id", "'c1'");
	assert_at(desk, "params.data.offer", "1");
	assert_at(desk, "params.data.from", "'0312345678'");
	assert_at(desk, "params.data.reason", "'bill'");
	assert_at(desk, "params.data.data", "{'menu':3}");
	assert_at(desk, "params.data.caller.name", "'Taro'");
	assert_at(desk, "params.data.sticky.result", "'own'");
	line_expect_silence(other, MSEC(10));
	/* A withheld number is not shown to the agent either. */
	arrive(pbx, "c2", ",'from':'0398765432','presentation':'restricted'");
	expect_event(other, "agent.offer");
	assert_at(other, "params.data.from", "null");
	assert_null(strstr(other->message, "98765432"));
	line_close(pbx);
	line_close(desk);
	line_close(other);
	board_close(board);
}

static void an_agent_may_watch_itself(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");
	struct line *desk = line_session(board, "alice", "agent");

	(void)state;
	subscribe(desk, "{}");
	line_log_in(pbx, "bob", "sales");
	arrive(pbx, "c1", "");
	line_expect_silence(desk, MSEC(10));
	line_log_in(pbx, "alice", "sales");
	expect_event(desk, "agent.changed");
	assert_at(desk, "params.data.agent", "'alice'");
	line_ask(desk, "events.subscribe", "{'after':0}");
	assert_error(desk, -32030, "live_only");
	line_close(pbx);
	line_close(desk);
	board_close(board);
}

/* --- coming back --- */

static void one_who_comes_back_hears_what_was_missed(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");
	struct line *watcher = line_session(board, "watcher", "supervisor");
	uint64_t seen, last;
	char params[256];

	(void)state;
	subscribe(watcher, "{}");
	arrive(pbx, "c1", "");
	line_next(watcher);
	seen = seq_of(watcher);
	line_close(watcher);
	line_ask(pbx, "call.ended", "{'call_id':'c1'}");
	last = feed_seq(board->feed);

	watcher = line_open(board);
	snprintf(params, sizeof(params),
	         "{'client':{'name':'watcher'},'role':'supervisor',"
	         "'resume':{'epoch':'%s','after':%" PRIu64 "}}",
	         feed_epoch(board->feed), seen);
	line_ask(watcher, "session.open", params);
	assert_at(watcher, "result.resumed", "true");
	for (uint64_t seq = seen + 1; seq <= last; seq++) {
		line_next(watcher);
		assert_int_equal(seq_of(watcher), seq);
	}
	assert_at(watcher, "params.type", "'call.ended'");
	/* Subscribing from the same place sends nothing twice. */
	snprintf(params, sizeof(params), "{'after':%" PRIu64 "}", seen);
	subscribe(watcher, params);
	line_expect_silence(watcher, MSEC(10));
	arrive(pbx, "c2", "");
	line_next(watcher);
	assert_int_equal(seq_of(watcher), last + 1);
	line_close(watcher);
	line_close(pbx);
	board_close(board);
}

static void a_subscription_may_begin_in_the_past(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");

	(void)state;
	arrive(pbx, "c1", "");
	line_ask(pbx, "call.ended", "{'call_id':'c1'}");
	subscribe(pbx, "{'after':0,'types':['call.ended']}");
	expect_event(pbx, "call.ended");
	line_close(pbx);
	board_close(board);
}

static void what_is_not_kept_cannot_be_resumed(void **state)
{
	struct board *board = board_make();
	struct line *pbx, *watcher;
	char params[256];

	(void)state;
	board->options->rpc.events_kept = 4;
	board_start(board);
	link_set_ready(board->link, true);
	pbx = line_session(board, "pbx", "pbx");
	for (int i = 0; i < 5; i++) {
		snprintf(params, sizeof(params), "{'call_id':'c%d','queue':'sales'}", i);
		line_ask(pbx, "call.arrive", params);
	}
	line_ask(pbx, "events.subscribe", "{'after':0}");
	assert_error(pbx, -32030, "not_kept");
	snprintf(params, sizeof(params), "{'after':%" PRIu64 "}", feed_seq(board->feed) + 1);
	line_ask(pbx, "events.subscribe", params);
	assert_error(pbx, -32030, "not_kept");
	line_ask(pbx, "events.subscribe", "{'after':1,'epoch':'other'}");
	assert_error(pbx, -32030, "other_epoch");
	watcher = line_open(board);
	line_ask(watcher, "session.open",
	         "{'client':{'name':'w'},'resume':{'epoch':'other','after':1}}");
	assert_at(watcher, "result.resumed", "false");
	line_close(watcher);
	line_close(pbx);
	board_close(board);
}

static void a_snapshot_says_for_which_event_it_is_good(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");
	char wanted[32];

	(void)state;
	line_log_in(pbx, "alice", "sales");
	arrive(pbx, "c1", ",'from':'0312345678'");
	line_ask(pbx, "state.snapshot", "{}");
	snprintf(wanted, sizeof(wanted), "%" PRIu64, feed_seq(board->feed));
	assert_at(pbx, "result.seq", wanted);
	assert_at(pbx, "result.queues.0.queue", "'sales'");
	assert_at(pbx, "result.agents.0.state", "'offered'");
	assert_at(pbx, "result.agents.0.call", "'c1'");
	assert_at(pbx, "result.calls.0.call_id", "'c1'");
	assert_at(pbx, "result.truncated", "false");
	line_ask(pbx, "state.snapshot", "{'what':['queues']}");
	assert_at(pbx, "result.calls", "-");
	line_close(pbx);
	board_close(board);
}

/* --- slow readers --- */

static void make_noise(struct line *pbx, int calls)
{
	static unsigned number; /* an id is good for one call */
	char params[128];

	for (int i = 0; i < calls; i++) {
		snprintf(params, sizeof(params), "{'call_id':'n%u','queue':'sales'}", ++number);
		line_ask(pbx, "call.arrive", params);
		snprintf(params, sizeof(params), "{'call_id':'n%u'}", number);
		line_ask(pbx, "call.ended", params);
	}
}

/* While nothing leaves, everybody is a slow reader. */
static void a_slow_reader_loses_what_can_be_lost_and_is_told(void **state)
{
	struct board *board = board_make();
	struct line *pbx, *slow;
	char request[256];
	int gaps = 0, ended = 0;
	uint64_t last = 0;

	(void)state;
	board->options->rpc.output_soft = 4096;
	board->options->rpc.output_max = 64 << 20;
	board_start(board);
	link_set_ready(board->link, true);
	pbx = line_session(board, "pbx", "pbx");
	slow = line_session(board, "slow", "supervisor");
	subscribe(slow, "{'types':['call.changed','call.ended']}");
	board->stalled = true;
	for (int i = 0; i < 300; i++) {
		snprintf(request, sizeof(request),
		         "{'jsonrpc':'2.0','method':'call.%s','params':{'call_id':'n%d',"
		         "'queue':'sales'}}\n",
		         i % 2 == 0 ? "arrive" : "ended", i / 2);
		line_say(pbx, request);
	}
	line_expect_silence(slow, MSEC(10));
	assert_true(board->meters.events_dropped > 0);
	board->stalled = false;
	loop_nudge(board->loop);
	while (last < feed_seq(board->feed)) {
		line_next(slow);
		if (strcmp(line_at(slow, "method"), "\"gap\"") == 0) {
			gaps++;
			assert_true(strtoull(line_at(slow, "params.from"), NULL, 10) > last);
			last = strtoull(line_at(slow, "params.to"), NULL, 10);
			continue;
		}
		assert_true(seq_of(slow) > last);
		last = seq_of(slow);
		ended += strcmp(line_at(slow, "params.type"), "\"call.ended\"") == 0;
	}
	assert_true(gaps > 0);
	assert_int_equal(ended, 150); /* what matters is never lost */
	line_close(pbx);
	line_close(slow);
	board_close(board);
}

static void one_who_does_not_read_at_all_is_let_go_and_nobody_else(void **state)
{
	struct board *board = board_make();
	struct line *pbx, *slow, *quick;
	int small = 1024;

	(void)state;
	board->options->rpc.output_soft = 4096;
	board->options->rpc.output_max = 16384;
	board_start(board);
	link_set_ready(board->link, true);
	pbx = line_session(board, "pbx", "pbx");
	slow = line_session(board, "slow", "supervisor");
	quick = line_session(board, "quick", "supervisor");
	setsockopt(slow->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	subscribe(slow, "{}");
	subscribe(quick, "{'types':['call.ended']}");
	for (int i = 0; i < 40 && board->meters.rpc_sessions[ROLE_SUPERVISOR] == 2; i++) {
		make_noise(pbx, 500);
		for (int n = 0; n < 500; n++)
			expect_event(quick, "call.ended");
		board_pass(board, MSEC(110));
	}
	assert_int_equal(board->meters.rpc_sessions[ROLE_SUPERVISOR], 1);
	line_ask(quick, "ping", "{}");
	line_close(pbx);
	line_close(slow);
	line_close(quick);
	board_close(board);
}

static void a_long_replay_comes_as_fast_as_it_is_read(void **state)
{
	struct board *board = board_make();
	struct line *pbx, *watcher;

	(void)state;
	board->options->rpc.output_soft = 8192;
	board->options->rpc.output_max = 32768;
	board->options->rpc.events_kept = 20000;
	board_start(board);
	link_set_ready(board->link, true);
	pbx = line_session(board, "pbx", "pbx");
	make_noise(pbx, 1000);
	watcher = line_session(board, "watcher", "supervisor");
	subscribe(watcher, "{'after':0}");
	arrive(pbx, "while it is replayed", "");
	for (uint64_t seq = 1; seq <= feed_seq(board->feed); seq++) {
		line_next(watcher);
		assert_int_equal(seq_of(watcher), seq);
	}
	line_close(pbx);
	line_close(watcher);
	board_close(board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_watcher_follows_a_call_from_beginning_to_end),
		cmocka_unit_test(later_decisions_come_as_events_and_the_first_only_as_reply),
		cmocka_unit_test(a_caller_who_is_to_hear_where_they_stand_is_an_event),
		cmocka_unit_test(one_who_has_the_decision_as_reply_misses_no_number),
		cmocka_unit_test(a_system_hears_of_its_own_calls_only),
		cmocka_unit_test(a_subscription_may_be_of_some_types_and_queues),
		cmocka_unit_test(an_offer_that_is_withdrawn_is_told),
		cmocka_unit_test(an_agent_is_told_the_callers_story),
		cmocka_unit_test(an_agent_may_watch_itself),
		cmocka_unit_test(one_who_comes_back_hears_what_was_missed),
		cmocka_unit_test(a_subscription_may_begin_in_the_past),
		cmocka_unit_test(what_is_not_kept_cannot_be_resumed),
		cmocka_unit_test(a_snapshot_says_for_which_event_it_is_good),
		cmocka_unit_test(a_slow_reader_loses_what_can_be_lost_and_is_told),
		cmocka_unit_test(one_who_does_not_read_at_all_is_let_go_and_nobody_else),
		cmocka_unit_test(a_long_replay_comes_as_fast_as_it_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
