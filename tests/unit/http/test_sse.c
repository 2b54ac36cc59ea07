#include "scene.h"

#include <inttypes.h>

/* Readers of /v1/events at a real server. */

static void publish(struct scene *scene, size_t count)
{
	for (size_t i = 0; i < count; i++)
		feed_publish(scene->centre->feed, FEED_CALL_ENDED, 0, "pbx-a", clock_now(),
		             TEXT("{\"call_id\":\"c1\"}"));
}

/* What was published has arrived in Redis. */
static void tell(struct scene *scene)
{
	http_told(scene->http, feed_seq(scene->centre->feed));
}

static int listen_to(struct scene *scene, const char *query, const char *headers)
{
	char request[512];
	int fd = call_up(scene);

	snprintf(request, sizeof(request), "GET /v1/events%s HTTP/1.1\r\nHost: x\r\n%s\r\n", query,
	         headers);
	say(fd, request);
	assert_true(hear(scene, fd, "retry: "));
	return fd;
}

static const char *id_of(struct scene *scene, uint64_t seq)
{
	static char id[64];

	snprintf(id, sizeof(id), "id: %s-%" PRIu64 "\n", feed_epoch(scene->centre->feed), seq);
	return id;
}

static int resume(struct scene *scene, const char *epoch, uint64_t after, const char *enough)
{
	char request[256];
	int fd = call_up(scene);

	snprintf(request, sizeof(request),
	         "GET /v1/events HTTP/1.1\r\nHost: x\r\nLast-Event-ID: %s-%" PRIu64 "\r\n\r\n",
	         epoch, after);
	say(fd, request);
	assert_true(hear(scene, fd, enough));
	return fd;
}

static void some_turns(struct scene *scene)
{
	for (int i = 0; i < 20; i++)
		turn(scene);
}

static void an_event_comes_when_it_may_be_told_and_not_before(void **state)
{
	struct scene *scene = *state;
	char early[64];
	int fd = listen_to(scene, "", "");

	assert_status(scene->heard, "HTTP/1.1 200 ");
	assert_non_null(strstr(scene->heard, "Content-Type: text/event-stream\r\n"));
	assert_non_null(strstr(scene->heard, "X-Accel-Buffering: no\r\n"));
	publish(scene, 1);
	some_turns(scene);
	assert_int_equal(recv(fd, early, sizeof(early), MSG_DONTWAIT), -1);
	tell(scene);
	assert_true(hear(scene, fd, "\n\n"));
	assert_non_null(strstr(scene->heard, id_of(scene, 1)));
	assert_non_null(strstr(scene->heard, "event: call.ended\ndata: {\"epoch\":\""));
	assert_non_null(strstr(scene->heard, "\"data\":{\"call_id\":\"c1\"}}\n\n"));
	assert_null(strstr(scene->heard, "jsonrpc"));
	close(fd);
}

static void only_what_is_wished_for_comes(void **state)
{
	struct scene *scene = *state;
	int fd = listen_to(scene, "?types=agent.changed", "");

	publish(scene, 3);
	feed_publish(scene->centre->feed, FEED_AGENT_CHANGED, QUEUE_NONE, "", clock_now(),
	             TEXT("{}"));
	tell(scene);
	assert_true(hear(scene, fd, "event: agent.changed"));
	assert_null(strstr(scene->heard, "call.ended"));
	assert_non_null(strstr(scene->heard, id_of(scene, 4)));
	close(fd);
}

static void who_comes_back_goes_on_where_they_were(void **state)
{
	struct scene *scene = *state;
	int fd;

	publish(scene, 5);
	tell(scene);
	fd = resume(scene, feed_epoch(scene->centre->feed), 3, id_of(scene, 5));
	assert_non_null(strstr(scene->heard, id_of(scene, 4)));
	assert_null(strstr(scene->heard, id_of(scene, 3)));
	assert_null(strstr(scene->heard, "event: reset"));
	close(fd);
	/* Nothing was missed. */
	fd = resume(scene, feed_epoch(scene->centre->feed), 5, "retry: ");
	publish(scene, 1);
	tell(scene);
	assert_true(hear(scene, fd, id_of(scene, 6)));
	assert_null(strstr(scene->heard, "event: reset"));
	close(fd);
}

static void who_cannot_go_on_is_told_to_begin_anew(void **state)
{
	struct scene *scene = *state;
	const char *epoch = feed_epoch(scene->centre->feed);

	publish(scene, 40); /* sixteen are kept */
	tell(scene);
	close(resume(scene, "00000000", 3, "event: reset\ndata: {\"epoch\":"));
	assert_non_null(strstr(scene->heard, "\"seq\":40}\n\n"));
	close(resume(scene, epoch, 3, "event: reset"));
	close(resume(scene, epoch, 41, "event: reset"));
	close(resume(scene, "nonsense", 3, "event: reset"));
}

static void the_wallboard_comes_at_once_and_when_something_changes(void **state)
{
	struct scene *scene = *state;
	int fd = call_up(scene);

	say(fd, "GET /v1/events?types=wallboard HTTP/1.1\r\nHost: x\r\n\r\n");
	assert_true(hear(scene, fd, "\"alarms\":["));
	assert_non_null(strstr(scene->heard, "event: wallboard\ndata: {\"as_of\":"));
	(void)centre_call(scene->centre, "c1", "", true, 0);
	scene->centre->meters.steps++;
	assert_true(hear(scene, fd, "\"alarms\":["));
	assert_non_null(strstr(scene->heard, "\"whole\":{\"waiting\":1,"));
	scene->centre->meters.store_up = true;
	assert_true(hear(scene, fd, "\"redis\":\"up\""));
	/* Events are not for this reader. */
	publish(scene, 1);
	tell(scene);
	some_turns(scene);
	assert_null(strstr(scene->heard, "call.ended"));
	close(fd);
}

/* The ids that were heard, from *seq on: each the next one but for gaps that are told. */
static void check_ids(struct scene *scene, char *heard, uint64_t *seq, uint64_t *gaps)
{
	char prefix[32];

	snprintf(prefix, sizeof(prefix), "id: %s-", feed_epoch(scene->centre->feed));
	for (char *id = heard; (id = strstr(id, prefix)) != NULL; id++) {
		uint64_t number = strtoull(id + strlen(prefix), NULL, 10), from, to;
		const char *gap = strstr(id, "event: gap\ndata: ");

		if (gap != NULL && gap < strstr(id, "\n\n")) {
			from = strtoull(strstr(gap, "\"from\":") + 7, NULL, 10);
			to = strtoull(strstr(gap, "\"to\":") + 5, NULL, 10);
			assert_int_equal(from, *seq + 1);
			assert_int_equal(to, number);
			*gaps += to - from + 1;
		} else {
			assert_int_equal(number, *seq + 1);
		}
		*seq = number;
	}
}

static void who_reads_slowly_is_told_what_was_left_out(void **state)
{
	static char data[12000], text[64 << 20];
	struct scene *scene = *state;
	size_t length = 0;
	uint64_t seq = 0, gaps = 0;
	int fd = listen_to(scene, "", "");
	usec_t until;

	memset(data, 'x', sizeof(data));
	memcpy(data, "{\"x\":\"", 6);
	memcpy(data + sizeof(data) - 2, "\"}", 2);
	for (int i = 0; i < 2000; i++) {
		feed_publish(scene->centre->feed, FEED_CALL_CHANGED, 0, "", clock_now(),
		             (struct text){ data, sizeof(data) });
		tell(scene);
		if (i % 8 == 0)
			turn(scene);
	}
	until = clock_monotonic() + PATIENCE;
	while (seq < 2000 && clock_monotonic() < until) {
		ssize_t got = recv(fd, text + length, sizeof(text) - 1 - length, MSG_DONTWAIT);

		if (got > 0) {
			length += (size_t)got;
			continue;
		}
		turn(scene);
		text[length] = '\0';
		seq = gaps = 0;
		check_ids(scene, text, &seq, &gaps);
	}
	assert_int_equal(seq, 2000);
	assert_true(gaps > 100);
	assert_int_equal(scene->centre->meters.events_dropped, gaps);
	close(fd);
}

static void streams_leave_room_for_others(void **state)
{
	struct scene *scene = *state;
	int one, two;

	scene->centre->options.http.connections_max = 4;
	one = listen_to(scene, "", "");
	two = listen_to(scene, "", "");
	assert_status(get(scene, "/v1/events", ""), "HTTP/1.1 503 ");
	assert_non_null(strstr(scene->heard, "2 streams are open, that is all we take"));
	close(one);
	some_turns(scene);
	close(listen_to(scene, "", ""));
	close(two);
}

static void a_reload_ends_streams_so_that_all_ask_again(void **state)
{
	struct scene *scene = *state;
	int fd = listen_to(scene, "", "");

	http_reconfigure(scene->http, &scene->centre->options);
	assert_true(hear(scene, fd, "0\r\n\r\n"));
	/* The connection is good for the next request. */
	say(fd, "GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n");
	assert_true(hear(scene, fd, "retry: "));
	close(fd);
}

static void a_reader_who_leaves_is_forgotten(void **state)
{
	struct scene *scene = *state;

	for (int i = 0; i < 10; i++) {
		close(listen_to(scene, "", ""));
		some_turns(scene);
		publish(scene, 1);
		tell(scene);
	}
	/* The server goes while somebody reads. */
	(void)listen_to(scene, "", "");
}

static void a_question_for_what_there_is_not_is_refused(void **state)
{
	assert_status(get(*state, "/v1/events?types=weather", ""), "HTTP/1.1 400 ");
	assert_non_null(
	        strstr(((struct scene *)*state)->heard, "types: 'weather' is no event of ours"));
}

static void head_asks_whether_there_is_a_stream(void **state)
{
	const char *heard =
	        ask(*state, "HEAD /v1/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

	assert_status(heard, "HTTP/1.1 200 ");
	assert_string_equal(strstr(heard, "\r\n\r\n"), "\r\n\r\n");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_event_comes_when_it_may_be_told_and_not_before),
		TEST(only_what_is_wished_for_comes),
		TEST(who_comes_back_goes_on_where_they_were),
		TEST(who_cannot_go_on_is_told_to_begin_anew),
		TEST(the_wallboard_comes_at_once_and_when_something_changes),
		TEST(who_reads_slowly_is_told_what_was_left_out),
		TEST(streams_leave_room_for_others),
		TEST(a_reload_ends_streams_so_that_all_ask_again),
		TEST(a_reader_who_leaves_is_forgotten),
		TEST(a_question_for_what_there_is_not_is_refused),
		TEST(head_asks_whether_there_is_a_stream),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
