#include "board.h"

/* Bytes: framings, batches, limits, and what becomes of a connection that breaks them. */

#define PING "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}"

static void send_text(struct line *line, const char *text)
{
	line_send(line, text, strlen(text));
}

/* What has come so far, once it ends with `end`. */
static const char *hear_until(struct line *line, const char *end)
{
	usec_t late = clock_monotonic() + SEC(60);
	size_t length = strlen(end);

	while (clock_monotonic() < late &&
	       (line->length < length ||
	        memcmp(line->bytes + line->length - length, end, length) != 0)) {
		board_turn(line->board);
		line_take(line);
		usleep(100);
	}
	assert_true(line->length >= length && line->length < sizeof(line->message));
	memcpy(line->message, line->bytes, line->length);
	line->message[line->length] = '\0';
	line->length = 0;
	return line->message;
}

static uint64_t errors_of(struct board *board, const char *reason)
{
	const struct meter_table *table = &board->meters.rpc_protocol_errors;

	for (size_t i = 0; i < table->count; i++)
		if (strcmp(table->rows[i].first, reason) == 0)
			return table->rows[i].value;
	return 0;
}

static void text_with_lines_is_answered_in_lines(void **state)
{
	struct board *board = board_open();
	struct line *line = line_open(board);

	(void)state;
	send_text(line, PING "\r\n" PING "\n\n  " PING "\n");
	for (int i = 0; i < 3; i++) {
		line_next(line);
		assert_at(line, "id", "1");
		assert_at(line, "result.ready", "true");
	}
	line_close(line);
	board_close(board);
}

static void text_without_lines_is_answered_without(void **state)
{
	struct board *board = board_open();
	struct line *line = line_open(board);

	(void)state;
	send_text(line, PING PING);
	board_pass(board, MSEC(10));
	hear_until(line, "}}");
	assert_null(strchr(line->message, '\n'));
	assert_non_null(strstr(line->message, "}}{"));
	line_close(line);
	board_close(board);
}

static void netstrings_are_answered_in_netstrings(void **state)
{
	struct board *board = board_open();
	struct line *line = line_open(board);
	char request[128];
	unsigned long length;
	char *message;

	(void)state;
	snprintf(request, sizeof(request), "%zu:%s,", strlen(PING), PING);
	send_text(line, request);
	hear_until(line, ",");
	length = strtoul(line->message, &message, 10);
	assert_int_equal(*message, ':');
	assert_int_equal(strlen(message + 1), length + 1);
	assert_int_equal(message[length + 1], ',');
	/* A bad message does not end the connection: where it ends is known. */
	send_text(line, "5:{bad},");
	hear_until(line, ",");
	assert_non_null(strstr(line->message, "-32700"));
	send_text(line, request);
	hear_until(line, ",");
	assert_non_null(strstr(line->message, "\"result\""));
	line_close(line);
	board_close(board);
}

static void a_message_may_come_in_any_pieces(void **state)
{
	struct board *board = board_open();
	struct line *line = line_open(board);
	static const char text[] = PING "\n";

	(void)state;
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		line_send(line, text + i, 1);
	line_next(line);
	assert_at(line, "result.ready", "true");
	line_close(line);
	board_close(board);
}

static void half_a_message_waits_and_the_end_of_it_may_never_come(void **state)
{
	struct board *board = board_open();
	struct line *half = line_open(board), *other = line_open(board);

	(void)state;
	send_text(half, "{\"jsonrpc\":\"2.0\",\"id\":1,");
	send_text(other, PING "\n");
	line_next(other);
	line_close(half);
	board_pass(board, MSEC(5));
	send_text(other, PING "\n");
	line_next(other);
	assert_int_equal(board->meters.rpc_connections, 1);
	line_close(other);
	board_close(board);
}

static void one_who_has_sent_everything_still_gets_the_answers(void **state)
{
	struct board *board = board_open();
	struct line *line = line_open(board);

	(void)state;
	send_text(line,
	          PING "\n{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"call.arrive\",\"params\":{"
	               "\"call_id\":\"c\",\"queue\":\"sales\",\"from\":\"0312345678\"}}\n");
	shutdown(line->fd, SHUT_WR);
	line_hear_out(line);
	assert_non_null(strstr(line->message, "\"id\":1"));
	assert_non_null(strstr(line->message, "\"position\":1"));
	line_close(line);
	board_close(board);
}

static void a_batch_is_answered_as_one(void **state)
{
	struct board *board = board_open();
	struct line *line = line_open(board);

	(void)state;
	line_say(line, "[{'jsonrpc':'2.0','id':1,'method':'ping'},"
	               "{'jsonrpc':'2.0','method':'ping'},"
	               "{'jsonrpc':'2.0','id':2,'method':'no.such'},7,"
	               "{'jsonrpc':'2.0','id':'x','method':'call.arrive','params':{'call_id':'c',"
	               "'queue':'sales','from':'0312345678'}}]\n");
	line_next(line);
	assert_at(line, "0.id", "1");
	assert_at(line, "1.error.code", "-32601");
	assert_at(line, "2.error.code", "-32600");
	assert_at(line, "2.id", "null");
	assert_at(line, "3.id", "'x'");
	assert_at(line, "3.result.action", "'queue'");
	assert_at(line, "4", "-");
	/* Nothing but notifications: no answer at all. */
	line_say(line, "[{'jsonrpc':'2.0','method':'ping'},{'jsonrpc':'2.0','method':'x'}]\n");
	line_expect_silence(line, MSEC(10));
	line_say(line, "[]\n");
	line_next(line);
	assert_at(line, "error.code", "-32600");
	assert_at(line, "id", "null");
	line_close(line);
	board_close(board);
}

static void a_batch_waits_for_its_last_element(void **state)
{
	struct board *board = board_open();
	struct line *line = line_open(board);

	(void)state;
	line_ask(line, "call.arrive", "{'call_id':'c','queue':'sales'}");
	line_say(line, "[{'jsonrpc':'2.0','id':'w','method':'call.wait','params':{'call_id':'c',"
	               "'wait_ms':60}},{'jsonrpc':'2.0','id':'p','method':'ping'}]\n");
	line_expect_silence(line, MSEC(20));
	line_next(line);
	assert_at(line, "0.id", "'p'");
	assert_at(line, "1.id", "'w'");
	assert_at(line, "1.result.action", "'queue'");
	line_close(line);
	board_close(board);
}

static void a_batch_has_a_limit(void **state)
{
	struct board *board = board_make();
	struct line *line;

	(void)state;
	board->options->rpc.batch_max = 2;
	board_start(board);
	line = line_open(board);
	send_text(line, "[" PING "," PING "," PING "]\n");
	line_next(line);
	assert_at(line, "error.code", "-32022");
	send_text(line, "[" PING "," PING "]\n");
	line_next(line);
	assert_at(line, "1.result.ready", "false");
	line_close(line);
	board_close(board);
}

static void ids_come_back_as_they_were_sent(void **state)
{
	static const char *const ids[] = { "0",  "-7",   "9007199254740992", "'text'",
		                           "''", "null", "'\\u65e5'" };
	struct board *board = board_open();
	struct line *line = line_open(board);
	char request[512];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		snprintf(request, sizeof(request), "{'jsonrpc':'2.0','id':%s,'method':'ping'}\n",
		         ids[i]);
		line_say(line, request);
		line_next(line);
		assert_at(line, "id", i == 6 ? "'日'" : ids[i]);
		assert_at(line, "error", "-");
	}
	snprintf(request, sizeof(request),
	         "{'jsonrpc':'2.0','id':'%064d','method':'call.arrive','params':{'call_id':'c',"
	         "'queue':'sales','from':'0312345678'}}\n",
	         7);
	line_say(line, request);
	line_next(line);
	snprintf(request, sizeof(request), "'%064d'", 7);
	assert_at(line, "id", request);
	assert_at(line, "result.action", "'queue'");
	line_say(line, "{'jsonrpc':'2.0','id':1.5,'method':'ping'}\n");
	line_next(line);
	assert_at(line, "error.code", "-32600");
	line_close(line);
	board_close(board);
}

static void what_is_no_request_is_told_so(void **state)
{
	static const struct {
		const char *text, *code;
	} wrong[] = {
		{ "{'id':1,'method':'ping'}", "-32600" },
		{ "{'jsonrpc':'1.0','id':1,'method':'ping'}", "-32600" },
		{ "{'jsonrpc':'2.0','id':1}", "-32600" },
		{ "{'jsonrpc':'2.0','id':1,'method':7}", "-32600" },
		{ "{'jsonrpc':'2.0','id':1,'method':'ping','params':7}", "-32600" },
		{ "{'jsonrpc':'2.0','id':1,'method':'ping','params':[7]}", "-32602" },
		{ "{'jsonrpc':'2.0','id':1,'method':'no.such','params':[7]}", "-32601" },
	};
	struct board *board = board_open();
	struct line *line = line_open(board);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		line_say(line, wrong[i].text);
		line_say(line, "\n");
		line_next(line);
		assert_at(line, "error.code", wrong[i].code);
	}
	/* A client's answer to a request of ours is no request. */
	line_say(line, "{'jsonrpc':'2.0','id':1,'result':{}}\n");
	line_expect_silence(line, MSEC(5));
	line_close(line);
	board_close(board);
}

static void bad_json_in_text_is_answered_and_ends_the_connection(void **state)
{
	static const char deep[] = "[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]\n";
	static const char *const bad[] = { "{\"a\":}\n", "{\"a\":1,\"a\":2}\n", "{]\n",
		                           "{\"a\":\"\xff\"}\n", deep };
	struct board *board = board_open();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct line *line = line_open(board);

		send_text(line, PING "\n");
		line_next(line);
		send_text(line, bad[i]);
		line_hear_out(line);
		assert_non_null(strstr(line->message, "\"id\":null,\"error\":{\"code\":-32700"));
		line_close(line);
	}
	assert_int_equal(errors_of(board, "bad_json"), ARRAY_LEN(bad));
	board_close(board);
}

static void garbage_and_tls_are_shown_out_without_a_word(void **state)
{
	static const struct {
		const char *bytes, *reason;
	} garbage[] = { { "\x16\x03\x01\x02", "tls_on_plain" },
		        { "hello\n", "garbage" },
		        { "\x80\x80", "garbage" } };
	struct board *board = board_open();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(garbage); i++) {
		struct line *line = line_open(board);

		send_text(line, garbage[i].bytes);
		assert_string_equal(line_hear_out(line), "");
		assert_true(errors_of(board, garbage[i].reason) > 0);
		line_close(line);
	}
	board_pass(board, MSEC(5));
	assert_int_equal(board->meters.rpc_connections, 0);
	board_close(board);
}

static void a_broken_netstring_ends_the_connection(void **state)
{
	static const char *const bad[] = { "5:hello!", "05:{},", "99999999:", "5x" };
	struct board *board = board_open();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct line *line = line_open(board);

		send_text(line, bad[i]);
		line_hear_out(line);
		assert_non_null(strstr(line->message, "\"id\":null,\"error\""));
		line_close(line);
	}
	board_close(board);
}

static void http_is_turned_away_and_its_body_never_looked_at(void **state)
{
	struct board *board = board_open();
	struct line *line = line_open(board);

	(void)state;
	line_say(line, "POST / HTTP/1.1\r\nHost: x\r\n\r\n{'jsonrpc':'2.0','id':1,"
	               "'method':'call.arrive','params':{'call_id':'evil','queue':'sales'}}\n");
	line_hear_out(line);
	assert_memory_equal(line->message, "HTTP/1.1 400 ", 13);
	assert_non_null(strstr(line->message, "Content-Length: 47\r\n"));
	assert_int_equal(strlen(strstr(line->message, "\r\n\r\n") + 4), 47);
	assert_int_equal(directory_calls(board->directory), 0);
	assert_int_equal(errors_of(board, "http"), 1);
	line_close(line);
	board_close(board);
}

static void a_message_beyond_the_limit_is_refused(void **state)
{
	struct board *board = board_make();
	struct line *line;
	char *large = malloc(100000);

	(void)state;
	board->options->rpc.message_max = 2048;
	board_start(board);
	line = line_open(board);
	memset(large, 'x', 100000);
	memcpy(large, "{\"jsonrpc\":\"", 12);
	line_send(line, large, 100000);
	line_hear_out(line);
	assert_non_null(strstr(line->message, "\"code\":-32022"));
	assert_non_null(strstr(line->message, "\"reason\":\"too_large\""));
	line_close(line);
	free(large);
	board_close(board);
}

static void so_many_connections_and_no_more(void **state)
{
	struct board *board = board_make();
	struct line *lines[3];

	(void)state;
	board->options->rpc.connections_max = 2;
	board_start(board);
	for (size_t i = 0; i < 3; i++)
		lines[i] = line_open(board);
	assert_string_equal(line_hear_out(lines[2]), "");
	assert_int_equal(errors_of(board, "too_many_connections"), 1);
	line_close(lines[0]);
	board_pass(board, MSEC(5));
	line_close(lines[2]);
	lines[2] = line_open(board);
	send_text(lines[2], PING "\n");
	line_next(lines[2]);
	line_close(lines[1]);
	line_close(lines[2]);
	board_close(board);
}

/* --- back-pressure --- */

static void one_with_too_many_open_requests_is_not_read_on(void **state)
{
	struct board *board = board_make();
	struct line *line, *other;
	unsigned answered = 0;
	char request[256];

	(void)state;
	board->options->rpc.requests_max = 4;
	board->options->rules.recall_max = MINUTE(1);
	board_start(board);
	link_set_ready(board->link, true);
	line = line_session(board, "pbx", "pbx");
	other = line_session(board, "other", "supervisor");
	board->recalls_held = true;
	for (int i = 0; i < 10; i++) {
		snprintf(request, sizeof(request),
		         "{'jsonrpc':'2.0','id':%d,'method':'call.arrive','params':{"
		         "'call_id':'c%d','queue':'sales','from':'0312345678'}}\n",
		         100 + i, i);
		line_say(line, request);
	}
	line_expect_silence(line, MSEC(20));
	assert_int_equal(directory_calls(board->directory), 4);
	/* Others go on, and end what is stuck; then the rest is read. */
	board->recalls_held = false;
	for (int i = 0; i < 4; i++) {
		snprintf(request, sizeof(request), "{'call_id':'c%d'}", i);
		line_ask(other, "call.ended", request);
	}
	for (int i = 0; i < 10; i++) {
		line_next(line);
		answered |= BIT(atoi(line_at(line, "id")) - 100);
	}
	assert_int_equal(answered, BIT(10) - 1);
	line_close(line);
	line_close(other);
	board_close(board);
}

static void one_who_reads_no_answers_is_not_read_on(void **state)
{
	struct board *board = board_make();
	struct line *line;
	uint64_t answered;

	(void)state;
	board->options->rpc.output_soft = 4096;
	board_start(board);
	line = line_open(board);
	board->stalled = true;
	for (int i = 0; i < 500; i++)
		send_text(line, PING "\n");
	board_pass(board, MSEC(20));
	answered = board->meters.rpc_requests.rows[0].value;
	assert_true(answered > 4 && answered < 100);
	board->stalled = false;
	loop_nudge(board->loop);
	for (int i = 0; i < 500; i++)
		line_next(line);
	assert_int_equal(board->meters.rpc_requests.rows[0].value, 500);
	line_close(line);
	board_close(board);
}

static void a_flood_of_events_for_the_core_is_taken_as_it_has_room(void **state)
{
	struct board *board = board_make();
	struct line *line;
	size_t length = 0, count = 30000;
	char *flood = malloc(count * 96);

	(void)state;
	board->options->rpc.requests_max = 60000;
	board_start(board);
	link_set_ready(board->link, true);
	line = line_session(board, "pbx", "pbx");
	line_log_in(line, "alice", "sales");
	for (size_t i = 0; i < count; i++)
		length += (size_t)sprintf(flood + length,
		                          "{\"jsonrpc\":\"2.0\",\"method\":"
		                          "\"agent.%s\",\"params\":{\"agent\":"
		                          "\"alice\"}}\n",
		                          i % 2 == 0 ? "pause" : "ready");
	line_send(line, flood, length);
	line_ask(line, "agent.get", "{'agent':'alice'}");
	assert_at(line, "result.state", "'ready'");
	free(flood);
	line_close(line);
	board_close(board);
}

static void long_polls_have_a_limit_of_their_own(void **state)
{
	struct board *board = board_make();
	struct line *line;

	(void)state;
	board->options->rpc.requests_max = 1;
	board_start(board);
	link_set_ready(board->link, true);
	line = line_session(board, "pbx", "pbx");
	line_ask(line, "call.arrive", "{'call_id':'c','queue':'sales'}");
	for (int i = 0; i < 16; i++)
		line_say(line, "{'jsonrpc':'2.0','id':'w','method':'call.wait',"
		               "'params':{'call_id':'c'}}\n");
	line_ask(line, "call.wait", "{'call_id':'c'}");
	assert_error(line, -32020, "too_many_waits");
	line_ask(line, "call.ended", "{'call_id':'c'}");
	assert_at(line, "result.outcome", "'short_abandoned'");
	line_close(line);
	board_close(board);
}

static void a_connection_that_goes_takes_nothing_with_it(void **state)
{
	struct board *board = board_open();
	struct line *line = line_session(board, "pbx", "pbx");

	(void)state;
	board->recalls_held = true;
	line_say(line, "{'jsonrpc':'2.0','id':1,'method':'call.arrive','params':{'call_id':'c',"
	               "'queue':'sales','from':'0312345678'}}\n"
	               "{'jsonrpc':'2.0','id':2,'method':'call.wait','params':{'call_id':'c'}}\n");
	line_close(line);
	board_pass(board, MSEC(80)); /* the recall gives up, the decision finds nobody */
	line = line_session(board, "pbx", "pbx");
	line_ask(line, "call.get", "{'call_id':'c'}");
	assert_at(line, "result.state", "'waiting'");
	line_close(line);
	board_close(board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_with_lines_is_answered_in_lines),
		cmocka_unit_test(text_without_lines_is_answered_without),
		cmocka_unit_test(netstrings_are_answered_in_netstrings),
		cmocka_unit_test(a_message_may_come_in_any_pieces),
		cmocka_unit_test(half_a_message_waits_and_the_end_of_it_may_never_come),
		cmocka_unit_test(one_who_has_sent_everything_still_gets_the_answers),
		cmocka_unit_test(a_batch_is_answered_as_one),
		cmocka_unit_test(a_batch_waits_for_its_last_element),
		cmocka_unit_test(a_batch_has_a_limit),
		cmocka_unit_test(ids_come_back_as_they_were_sent),
		cmocka_unit_test(what_is_no_request_is_told_so),
		cmocka_unit_test(bad_json_in_text_is_answered_and_ends_the_connection),
		cmocka_unit_test(garbage_and_tls_are_shown_out_without_a_word),
		cmocka_unit_test(a_broken_netstring_ends_the_connection),
		cmocka_unit_test(http_is_turned_away_and_its_body_never_looked_at),
		cmocka_unit_test(a_message_beyond_the_limit_is_refused),
		cmocka_unit_test(so_many_connections_and_no_more),
		cmocka_unit_test(one_with_too_many_open_requests_is_not_read_on),
		cmocka_unit_test(one_who_reads_no_answers_is_not_read_on),
		cmocka_unit_test(a_flood_of_events_for_the_core_is_taken_as_it_has_room),
		cmocka_unit_test(long_polls_have_a_limit_of_their_own),
		cmocka_unit_test(a_connection_that_goes_takes_nothing_with_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
