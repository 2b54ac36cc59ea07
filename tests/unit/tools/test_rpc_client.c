#include "rpc_client.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "najimi/shell/clock.h"

/* A daemon of a few words: it takes one connection and answers each line it reads
 * with the next of its replies, then closes. "" says nothing; NULL ends. */
struct peer {
	pthread_t thread;
	int listener;
	char address[64];
	const char *const *replies;
	bool linger; /* keeps the connection until the client closes it */
	char heard[4096];
};

static bool read_line(int fd, struct peer *peer)
{
	size_t length = strlen(peer->heard);

	for (; length < sizeof(peer->heard) - 1; length++) {
		if (read(fd, &peer->heard[length], 1) != 1)
			return false;
		if (peer->heard[length] == '\n')
			return true;
	}
	return false;
}

static void *play(void *arg)
{
	struct peer *peer = arg;
	int fd = accept(peer->listener, NULL, NULL);
	char last;

	for (size_t i = 0; peer->replies[i] != NULL && read_line(fd, peer); i++)
		if (write(fd, peer->replies[i], strlen(peer->replies[i])) < 0)
			break;
	while (peer->linger && read(fd, &last, 1) == 1) {
	}
	close(fd);
	return NULL;
}

static void peer_start(struct peer *peer, const char *const *replies, bool linger)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(at);

	*peer = (struct peer){ .replies = replies, .linger = linger };
	peer->listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(peer->listener, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(peer->listener, 1), 0);
	assert_int_equal(getsockname(peer->listener, (struct sockaddr *)&at, &length), 0);
	snprintf(peer->address, sizeof(peer->address), "127.0.0.1:%u", ntohs(at.sin_port));
	assert_int_equal(pthread_create(&peer->thread, NULL, play, peer), 0);
}

static void peer_stop(struct peer *peer)
{
	pthread_join(peer->thread, NULL);
	close(peer->listener);
}

static struct rpc_client *connect_to(const struct peer *peer)
{
	struct rpc_client *client = NULL;
	struct err err = { 0 };

	assert_int_equal(rpc_client_connect(peer->address, SEC(5), &client, &err), 0);
	return client;
}

static void a_question_gets_its_answer_and_events_are_kept(void **state)
{
	static const char *const replies[] = {
		"{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{\"seq\":4}}\n"
		"{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{\"seq\":5}}\n"
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"queues\":[]}}\n",
		NULL,
	};
	struct rpc_message message;
	struct rpc_client *client;
	struct err err = { 0 };
	struct peer peer;
	int64_t seq;

	(void)state;
	peer_start(&peer, replies, true);
	client = connect_to(&peer);
	assert_int_equal(rpc_client_call(client, "queue.list", "{}", SEC(5), &message, &err), 0);
	assert_int_equal(message.kind, RPC_MESSAGE_RESULT);
	assert_int_equal(json_count(json_member(message.body, "queues")), 0);
	rpc_message_done(&message);
	for (int i = 4; i <= 5; i++) {
		assert_int_equal(rpc_client_receive(client, 0, &message, &err), 0);
		assert_int_equal(message.kind, RPC_MESSAGE_EVENT);
		assert_string_equal(message.method, "event");
		assert_true(json_get_int(json_member(message.body, "seq"), &seq));
		assert_int_equal(seq, i);
		rpc_message_done(&message);
	}
	assert_int_equal(rpc_client_receive(client, MSEC(1), &message, &err), -ETIMEDOUT);
	rpc_client_free(client);
	peer_stop(&peer);
	assert_string_equal(peer.heard, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"queue.list\","
	                                "\"params\":{}}\n");
}

static void an_error_is_told_in_words_with_code_and_reason(void **state)
{
	static const char *const replies[] = {
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32012,\"message\":\"unknown "
		"queue\","
		"\"data\":{\"reason\":\"unknown_queue\"}}}\n",
		"{\"jsonrpc\":\"2.0\",\"id\":2,\"error\":{\"code\":-32603,\"message\":\"oops\"}}\n",
		NULL,
	};
	struct rpc_message message;
	struct rpc_client *client;
	struct err err = { 0 };
	struct peer peer;

	(void)state;
	peer_start(&peer, replies, true);
	client = connect_to(&peer);
	assert_int_equal(rpc_client_call(client, "queue.get", NULL, SEC(5), &message, &err),
	                 -EREMOTEIO);
	assert_int_equal(message.code, -32012);
	assert_string_equal(message.reason, "unknown_queue");
	assert_string_equal(err.text, "queue.get: unknown queue (-32012, unknown_queue)");
	rpc_message_done(&message);
	assert_int_equal(rpc_client_call(client, "ping", NULL, SEC(5), &message, &err), -EREMOTEIO);
	assert_string_equal(message.reason, "");
	assert_string_equal(err.text, "ping: oops (-32603)");
	rpc_message_done(&message);
	rpc_client_free(client);
	peer_stop(&peer);
}

static void the_daemons_pings_are_answered_on_the_way(void **state)
{
	static const char *const replies[] = {
		"{\"jsonrpc\":\"2.0\",\"id\":\"hb-7\",\"method\":\"ping\"}"
		"{\"jsonrpc\":\"2.0\",\"method\":\"ping\"}\n",
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"late\":true}}\n",
		NULL,
	};
	struct rpc_message message;
	struct rpc_client *client;
	struct err err = { 0 };
	struct peer peer;

	(void)state;
	peer_start(&peer, replies, true);
	client = connect_to(&peer);
	assert_int_equal(rpc_client_call(client, "queue.list", NULL, SEC(5), &message, &err), 0);
	rpc_message_done(&message);
	rpc_client_free(client);
	peer_stop(&peer);
	assert_non_null(
	        strstr(peer.heard, "\n{\"jsonrpc\":\"2.0\",\"id\":\"hb-7\",\"result\":{}}\n"));
}

static void many_questions_may_be_under_way_at_once(void **state)
{
	static const char *const replies[] = {
		"",
		"",
		"{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":3}{\"jsonrpc\":\"2.0\",\"id\":1,"
		"\"result\":1}"
		"\n{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":2}",
		NULL,
	};
	static const uint64_t order[] = { 3, 1, 2 };
	struct rpc_message message;
	struct rpc_client *client;
	struct err err = { 0 };
	struct peer peer;
	uint64_t id;

	(void)state;
	peer_start(&peer, replies, true);
	client = connect_to(&peer);
	for (uint64_t i = 1; i <= 3; i++) {
		assert_int_equal(rpc_client_ask(client, "ping", NULL, &id, &err), 0);
		assert_int_equal(id, i);
	}
	assert_true(rpc_client_unsent(client));
	assert_int_equal(rpc_client_flush(client, SEC(5), &err), 0);
	assert_false(rpc_client_unsent(client));
	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		assert_int_equal(rpc_client_receive(client, SEC(5), &message, &err), 0);
		assert_int_equal(message.id, order[i]);
		rpc_message_done(&message);
	}
	rpc_client_free(client);
	peer_stop(&peer);
}

static void an_answer_that_does_not_come_is_not_waited_for_long(void **state)
{
	static const char *const replies[] = { "{\"jsonrpc\":\"2.0\",\"id\":1,\"res", NULL };
	struct rpc_message message;
	struct rpc_client *client;
	struct err err = { 0 };
	struct peer peer;
	usec_t before;

	(void)state;
	peer_start(&peer, replies, true);
	client = connect_to(&peer);
	before = clock_monotonic();
	assert_int_equal(rpc_client_call(client, "ping", NULL, MSEC(50), &message, &err),
	                 -ETIMEDOUT);
	assert_true(clock_monotonic() - before >= MSEC(50));
	assert_non_null(strstr(err.text, "ping: "));
	rpc_message_done(&message);
	rpc_client_free(client);
	peer_stop(&peer);
}

static int fate_of(const char *reply, char *ret_text)
{
	const char *const replies[] = { reply, NULL };
	struct rpc_message message;
	struct rpc_client *client;
	struct err err = { 0 };
	struct peer peer;
	int r;

	peer_start(&peer, replies, false);
	client = connect_to(&peer);
	r = rpc_client_call(client, "ping", NULL, SEC(5), &message, &err);
	rpc_message_done(&message);
	rpc_client_free(client);
	peer_stop(&peer);
	memcpy(ret_text, err.text, sizeof(err.text));
	return r;
}

static void what_is_no_json_rpc_is_refused(void **state)
{
	char text[sizeof(((struct err *)NULL)->text)];

	(void)state;
	assert_int_equal(fate_of("HTTP/1.1 400 Bad Request\r\n\r\n", text), -EPROTO);
	assert_non_null(strstr(text, "not a daemon's native port"));
	assert_int_equal(fate_of("[1]", text), -EPROTO);
	assert_int_equal(fate_of("{\"id\":1}", text), -EPROTO);
	assert_int_equal(fate_of("{\"id\":1,\"error\":7}", text), -EPROTO);
	assert_int_equal(fate_of("{\"id\":1,\"error\":{}}", text), -EPROTO);
	assert_int_equal(fate_of("{\"id\":1,}", text), -EPROTO);
	assert_int_equal(fate_of("", text), -ECONNRESET);
	assert_string_equal(text, "ping: the daemon closed the connection");
	/* Tied to nothing, and yet the answer: the request could not be read. */
	assert_int_equal(fate_of("{\"id\":null,\"error\":{\"code\":-32700,\"message\":\"parse "
	                         "error\"}}",
	                         text),
	                 -EREMOTEIO);
}

static void a_session_is_opened_with_a_token(void **state)
{
	static const char *const replies[] = {
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"site\":\"main\"}}\n",
		NULL,
	};
	struct rpc_login login = {
		.name = "ctl \"1\"", .role = "observer", .token = "s3cret", .heartbeat_ms = 5000
	};
	struct rpc_message message;
	struct rpc_client *client;
	struct err err = { 0 };
	const char *site = NULL;
	struct peer peer;

	(void)state;
	peer_start(&peer, replies, true);
	client = connect_to(&peer);
	assert_int_equal(rpc_client_open(client, &login, SEC(5), &message, &err), 0);
	assert_true(json_get_text(json_member(message.body, "site"), &site));
	assert_string_equal(site, "main");
	rpc_message_done(&message);
	rpc_client_free(client);
	peer_stop(&peer);
	assert_non_null(strstr(peer.heard, "\"protocol\":[1]"));
	assert_non_null(strstr(peer.heard, "\"name\":\"ctl \\\"1\\\"\""));
	assert_non_null(strstr(peer.heard, "\"auth\":{\"method\":\"token\",\"token\":\"s3cret\"}"));
	assert_non_null(strstr(peer.heard, "\"heartbeat_ms\":5000"));
}

static void an_unusable_address_is_said_not_tried(void **state)
{
	static const char *const wrong[] = { "",         ":7070",     "localhost", "localhost:",
		                             "::1:7070", "[::1:7070", "[]:7070" };
	struct rpc_client *client = NULL;
	struct err err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		assert_int_equal(rpc_client_connect(wrong[i], SEC(1), &client, &err), -EINVAL);
		assert_non_null(strstr(err.text, "is not HOST:PORT"));
	}
	assert_null(client);
}

static void a_closed_port_refuses(void **state)
{
	static const char *const replies[] = { NULL };
	struct rpc_client *client = NULL;
	struct err err = { 0 };
	struct peer peer;

	(void)state;
	peer_start(&peer, replies, false);
	rpc_client_free(connect_to(&peer));
	peer_stop(&peer);
	assert_int_equal(rpc_client_connect(peer.address, SEC(5), &client, &err), -ECONNREFUSED);
	assert_non_null(strstr(err.text, peer.address));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_question_gets_its_answer_and_events_are_kept),
		cmocka_unit_test(an_error_is_told_in_words_with_code_and_reason),
		cmocka_unit_test(the_daemons_pings_are_answered_on_the_way),
		cmocka_unit_test(many_questions_may_be_under_way_at_once),
		cmocka_unit_test(an_answer_that_does_not_come_is_not_waited_for_long),
		cmocka_unit_test(what_is_no_json_rpc_is_refused),
		cmocka_unit_test(a_session_is_opened_with_a_token),
		cmocka_unit_test(an_unusable_address_is_said_not_tried),
		cmocka_unit_test(a_closed_port_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
