#include "rpc_guests.h"

#include "board.h"

/* One who asks from this machine, or another; quotes as in line_say(). */
static void ask(struct board *board, const char *client, bool granted, const char *address,
                const char *params)
{
	struct sockaddr_in from = { .sin_family = AF_INET };
	char json[1024];

	inet_pton(AF_INET, address, &from.sin_addr);
	snprintf(json, sizeof(json), "%s", params);
	for (char *c = json; *c != '\0'; c++)
		if (*c == '\'')
			*c = '"';
	board->guests_told = 0;
	board->guest_json[0] = '\0';
	link_route(board->link, &(struct link_guest){ .peer = BOARD_GUEST + 1,
	                                              .client = client,
	                                              .granted = granted,
	                                              .from = (const struct sockaddr *)&from,
	                                              .params = text_of(json) });
	board_pass(board, MSEC(1));
}

static void ask_here(struct board *board, const char *params)
{
	ask(board, "", false, "127.0.0.1", params);
	assert_int_equal(board->guests_told, 1);
}

static void assert_says(const struct board *board, const char *words)
{
	if (strstr(board->guest_json, words) == NULL)
		fail_msg("'%s' is not in %s", words, board->guest_json);
}

static void assert_refused(const struct board *board, int code, const char *reason)
{
	char words[80];

	assert_int_equal(board->guests_told, 1);
	assert_int_equal(board->guest.code, code);
	assert_false(call_id_set(board->guest.brought));
	snprintf(words, sizeof(words), "{\"error\":{\"code\":%d,", code);
	assert_memory_equal(board->guest_json, words, strlen(words));
	snprintf(words, sizeof(words), "\"reason\":\"%s\"", reason);
	assert_says(board, words);
}

static struct line *open_centre(struct board *board)
{
	struct line *line = line_open(board);

	line_log_in(line, "alice", "sales");
	return line;
}

static void assert_state(struct line *line, const char *call, const char *state)
{
	char params[64], words[32];

	snprintf(params, sizeof(params), "{'call_id':'%s'}", call);
	snprintf(words, sizeof(words), "'%s'", state);
	line_ask(line, "call.get", params);
	assert_at(line, "result.state", words);
}

static void a_guest_hears_what_a_proxy_hears(void **state)
{
	struct board *board = board_open();
	struct line *proxy = open_centre(board);

	(void)state;
	ask_here(board, "{'call':'c1','queue':'sales'}");
	assert_int_equal(board->guest.code, 0);
	assert_true(call_id_set(board->guest.brought));
	line_ask(proxy, "route.request", "{'call':'c1','queue':'sales'}");
	assert_at(proxy, "result", board->guest_json);
	/* Another time it is known, and nobody's to take back. */
	ask_here(board, "{'call':'c1','queue':'sales'}");
	assert_at(proxy, "result", board->guest_json);
	assert_false(call_id_set(board->guest.brought));
	/* The rest is told by whoever speaks from there. */
	line_ask(proxy, "call.answered", "{'call_id':'c1','offer':1}");
	assert_at(proxy, "result", "{}");
	line_close(proxy);
	board_close(board);
}

static void who_would_wait_leaves_the_queue(void **state)
{
	struct board *board = board_open();
	struct line *line = line_open(board);

	(void)state;
	ask_here(board, "{'call':'c1','queue':'sales'}");
	assert_says(board, "\"action\":\"queue\"");
	assert_false(call_id_set(board->guest.brought));
	assert_state(line, "c1", "ended");
	line_close(line);
	board_close(board);
}

static void who_is_not_trusted_has_shown_a_token(void **state)
{
	struct board *board = board_open();

	(void)state;
	ask(board, "", false, "192.0.2.7", "{'queue':'sales'}");
	assert_refused(board, RPC_UNAUTHORIZED, "auth_required");
	ask(board, "", true, "192.0.2.7", "{'queue':'sales'}");
	assert_int_equal(board->guest.code, 0);
	board_close(board);
}

static void a_call_belongs_to_the_client_that_is_named(void **state)
{
	struct board *board = board_open();
	struct line *line = open_centre(board), *proxy = line_session(board, "proxy-9", "pbx"),
	            *other = line_session(board, "proxy-8", "pbx");

	(void)state;
	ask(board, "proxy-9", true, "192.0.2.7", "{'call':'c1','queue':'sales'}");
	assert_says(board, "\"agent\":\"alice\"");
	line_ask(other, "call.answered", "{'call_id':'c1','offer':1}");
	assert_error(other, -32010, "unknown_call");
	line_ask(proxy, "call.answered", "{'call_id':'c1','offer':1}");
	assert_at(proxy, "result", "{}");
	line_close(line);
	line_close(proxy);
	line_close(other);
	board_close(board);
}

static void what_cannot_be_done_is_said(void **state)
{
	static const struct {
		const char *params;
		int code;
		const char *reason;
	} cases[] = {
		{ "", RPC_PARSE_ERROR, "bad_json" },
		{ "{'queue'", RPC_PARSE_ERROR, "bad_json" },
		{ "['sales']", RPC_INVALID_REQUEST, "invalid_request" },
		{ "null", RPC_INVALID_REQUEST, "invalid_request" },
		{ "{}", RPC_INVALID_PARAMS, "missing" },
		{ "{'queue':'nowhere'}", RPC_UNKNOWN_QUEUE, "unknown_queue" },
	};
	struct board *board = board_open();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		ask_here(board, cases[i].params);
		assert_refused(board, cases[i].code, cases[i].reason);
	}
	link_set_ready(board->link, false);
	ask_here(board, "{'queue':'sales'}");
	assert_refused(board, RPC_NOT_READY, "starting");
	assert_int_equal(board->guest.retry_after, MSEC(500));
	board->meters.standing_by = true;
	ask_here(board, "{'queue':'sales'}");
	assert_refused(board, RPC_NOT_LEADER, "not_leader");
	board_close(board);
}

static void who_comes_when_the_inbox_is_full_is_told_to_come_again(void **state)
{
	struct board *board = board_open();

	(void)state;
	while (loop_has_room(board->loop, 1))
		assert_int_equal(
		        loop_post(board->loop, &(struct core_event){ .type = EVT_TIME_PASSED }), 0);
	ask_here(board, "{'queue':'sales'}");
	assert_refused(board, RPC_OVERLOADED, "overloaded");
	assert_int_equal(board->guest.retry_after, SEC(1));
	ask_here(board, "{'queue':'sales'}");
	assert_int_equal(board->guest.code, 0);
	board_close(board);
}

static void the_answer_waits_for_redis(void **state)
{
	struct board *board = board_open();
	struct line *line = open_centre(board);

	(void)state;
	board->stalled = true;
	ask(board, "", false, "127.0.0.1", "{'call':'c1','queue':'sales'}");
	assert_int_equal(board->guests_told, 0);
	board->stalled = false;
	outbox_release(board->outbox, 1);
	assert_int_equal(board->guests_told, 1);
	assert_says(board, "\"agent\":\"alice\"");
	line_close(line);
	board_close(board);
}

static void a_call_that_nobody_has_heard_of_is_lost(void **state)
{
	struct board *board = board_open();
	struct line *line = open_centre(board);
	struct guest_answer answer;

	(void)state;
	ask_here(board, "{'call':'c1','queue':'sales'}");
	answer = board->guest;
	link_guest_gone(board->link, &answer);
	board_pass(board, MSEC(1));
	assert_state(line, "c1", "ended");
	line_ask(line, "agent.get", "{'agent':'alice'}");
	assert_at(line, "result.state", "'ready'");
	/* Nor is it lost twice, nor who has its place. */
	ask_here(board, "{'call':'c2','queue':'sales'}");
	link_guest_gone(board->link, &answer);
	board_pass(board, MSEC(1));
	assert_state(line, "c2", "offered");
	line_close(line);
	board_close(board);
}

static void a_call_that_somebody_knows_of_is_theirs(void **state)
{
	struct board *board = board_open();
	struct line *line = open_centre(board);
	struct guest_answer answer;

	(void)state;
	line_log_in(line, "bob", "sales");
	ask_here(board, "{'call':'c1','queue':'sales'}");
	answer = board->guest;
	ask_here(board, "{'call':'c1','queue':'sales'}");
	link_guest_gone(board->link, &answer);
	board_pass(board, MSEC(1));
	assert_state(line, "c1", "offered");

	ask_here(board, "{'call':'c2','queue':'sales'}");
	answer = board->guest;
	line_ask(line, "call.answered", "{'call_id':'c2','offer':1}");
	link_guest_gone(board->link, &answer);
	board_pass(board, MSEC(1));
	assert_state(line, "c2", "talking");
	line_close(line);
	board_close(board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_guest_hears_what_a_proxy_hears),
		cmocka_unit_test(who_would_wait_leaves_the_queue),
		cmocka_unit_test(who_is_not_trusted_has_shown_a_token),
		cmocka_unit_test(a_call_belongs_to_the_client_that_is_named),
		cmocka_unit_test(what_cannot_be_done_is_said),
		cmocka_unit_test(who_comes_when_the_inbox_is_full_is_told_to_come_again),
		cmocka_unit_test(the_answer_waits_for_redis),
		cmocka_unit_test(a_call_that_nobody_has_heard_of_is_lost),
		cmocka_unit_test(a_call_that_somebody_knows_of_is_theirs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
