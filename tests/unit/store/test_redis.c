#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"
#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"
#include "redis.h"
#include "redis_server.h"

/* One connection: what it does for those who ask, and how it comes back. */

static struct redis_server server;

struct line {
	struct event_base *base;
	struct redis *redis;
	struct options options;
	unsigned ups, downs, answers, lost;
	uint64_t last_tag;
	char last[64], why[128];
	bool send_from_reply, drop_from_reply;
};

static char nobody[] = "";

static void on_up(void *arg)
{
	struct line *line = arg;

	line->ups++;
}

static void on_down(const char *why, void *arg)
{
	struct line *line = arg;

	line->downs++;
	snprintf(line->why, sizeof(line->why), "%s", why);
}

static bool ask(struct line *line, const char *word, uint64_t tag);

static void on_reply(const redisReply *reply, uint64_t tag, void *arg)
{
	struct line *line = arg;

	assert_int_equal(tag, line->last_tag + 1); /* in the order of asking */
	line->last_tag = tag;
	if (reply == NULL) {
		line->lost++;
		return;
	}
	line->answers++;
	snprintf(line->last, sizeof(line->last), "%s", reply->str);
	if (line->send_from_reply) {
		line->send_from_reply = false;
		assert_true(ask(line, "second", tag + 1));
		redis_flush(line->redis);
	}
	if (line->drop_from_reply) {
		line->drop_from_reply = false;
		redis_drop(line->redis, "enough");
		assert_false(redis_is_up(line->redis));
		assert_false(ask(line, "x", 0));
	}
}

static bool ask(struct line *line, const char *word, uint64_t tag)
{
	struct batch batch = { 0 };
	bool sent;

	batch_string(&batch, "ECHO");
	batch_string(&batch, word);
	sent = redis_send(line->redis, batch_command(&batch, NULL, 0), on_reply, tag, line);
	batch_done(&batch);
	return sent;
}

static int set_up(void **state)
{
	static struct line line;
	const struct redis_hooks hooks = { .up = on_up, .down = on_down, .arg = &line };

	signal(SIGPIPE, SIG_IGN);
	log_set_level(LOG_LEVEL_ERROR);
	redis_server_start(&server, NULL);
	memset(&line, 0, sizeof(line));
	line.options.redis.mode = REDIS_UNIX;
	line.options.redis.user = line.options.redis.password = nobody;
	line.options.redis.connect_max = MSEC(500);
	line.base = event_base_new();
	line.redis = redis_new(line.base, &hooks);
	assert_true(redis_set_target(line.redis, &line.options, server.socket));
	*state = &line;
	return 0;
}

static int tear_down(void **state)
{
	struct line *line = *state;

	redis_free(line->redis);
	event_base_free(line->base);
	redis_server_stop(&server);
	return 0;
}

#define WAIT(line, condition) \
	do { \
		usec_t until_ = clock_monotonic() + SEC(60); \
		while (!(condition)) { \
			if (clock_monotonic() > until_) \
				fail_msg("waited in vain for " #condition); \
			event_base_loop((line)->base, EVLOOP_NONBLOCK); \
			usleep(200); \
		} \
	} while (0)

static void answers_come_in_the_order_of_asking(void **state)
{
	struct line *line = *state;

	assert_false(ask(line, "too early", 1));
	redis_start(line->redis);
	WAIT(line, line->ups == 1);
	for (unsigned i = 1; i <= 1000; i++) { /* more than the ring has at first */
		char word[16];

		snprintf(word, sizeof(word), "w%u", i);
		assert_true(ask(line, word, i));
	}
	assert_int_equal(redis_pending(line->redis), 1000);
	WAIT(line, line->answers == 1000);
	assert_string_equal(line->last, "w1000");
	assert_int_equal(redis_pending(line->redis), 0);
}

static void one_may_ask_and_flush_from_inside_an_answer(void **state)
{
	struct line *line = *state;

	redis_start(line->redis);
	WAIT(line, line->ups == 1);
	line->send_from_reply = true;
	assert_true(ask(line, "first", 1));
	redis_flush(line->redis);
	WAIT(line, line->answers == 2);
	assert_string_equal(line->last, "second");
}

static void one_may_give_up_from_inside_an_answer(void **state)
{
	struct line *line = *state;

	redis_start(line->redis);
	WAIT(line, line->ups == 1);
	line->drop_from_reply = true;
	assert_true(ask(line, "first", 1));
	assert_true(ask(line, "never answered", 2));
	WAIT(line, line->ups == 2); /* and is back */
	assert_int_equal(line->downs, 1);
	assert_int_equal(line->answers, 1);
	assert_int_equal(line->lost, 1);
	assert_string_equal(line->why, "enough");
}

static void a_server_that_dies_answers_everything_with_nothing(void **state)
{
	struct line *line = *state;

	redis_start(line->redis);
	WAIT(line, line->ups == 1);
	redis_server_kill(&server);
	assert_true(ask(line, "a", 1));
	assert_true(ask(line, "b", 2));
	redis_flush(line->redis);
	WAIT(line, line->downs == 1);
	assert_int_equal(line->lost, 2);
	assert_false(ask(line, "c", 3));
	redis_server_restart(&server);
	WAIT(line, line->ups == 2);
	assert_true(ask(line, "c", 3));
	WAIT(line, line->answers == 1);
}

static void a_server_that_is_not_there_yet_is_waited_for(void **state)
{
	struct line *line = *state;

	redis_server_kill(&server);
	redis_start(line->redis);
	for (unsigned i = 0; i < 100; i++) {
		event_base_loop(line->base, EVLOOP_NONBLOCK);
		usleep(2000);
	}
	assert_int_equal(line->ups, 0);
	assert_int_equal(line->downs, 0); /* it never was up */
	redis_server_restart(&server);
	WAIT(line, line->ups == 1);
}

static void a_server_that_stands_still_is_given_up(void **state)
{
	struct line *line = *state;
	usec_t began;

	redis_start(line->redis);
	WAIT(line, line->ups == 1);
	kill(server.pid, SIGSTOP);
	began = clock_monotonic();
	assert_true(ask(line, "a", 1));
	WAIT(line, line->downs == 1);
	assert_true(clock_monotonic() - began >= REDIS_COMMAND_MAX);
	assert_int_equal(line->lost, 1);
	kill(server.pid, SIGCONT);
	WAIT(line, line->ups == 2);
}

static void one_that_does_not_log_in_in_time_is_given_up(void **state)
{
	struct line *line = *state;

	line->options.redis.database = 1; /* there is something to wait for */
	assert_true(redis_set_target(line->redis, &line->options, server.socket));
	kill(server.pid, SIGSTOP);
	redis_start(line->redis);
	for (unsigned i = 0; i < 400; i++) {
		event_base_loop(line->base, EVLOOP_NONBLOCK);
		usleep(2000);
	}
	assert_int_equal(line->ups, 0);
	kill(server.pid, SIGCONT);
	WAIT(line, line->ups == 1);
}

static void a_database_that_is_not_there_is_an_error_that_waits(void **state)
{
	struct line *line = *state;

	line->options.redis.database = 9999;
	assert_true(redis_set_target(line->redis, &line->options, server.socket));
	redis_start(line->redis);
	for (unsigned i = 0; i < 100; i++) {
		event_base_loop(line->base, EVLOOP_NONBLOCK);
		usleep(2000);
	}
	assert_int_equal(line->ups, 0);
	line->options.redis.database = 0;
	assert_true(redis_set_target(line->redis, &line->options, server.socket));
	WAIT(line, line->ups == 1);
}

static void draining_waits_without_the_loop(void **state)
{
	struct line *line = *state;
	char big[200 * 1024];

	redis_start(line->redis);
	WAIT(line, line->ups == 1);
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	for (unsigned i = 1; i <= 50; i++) /* more than a socket takes */
		assert_true(ask(line, big, i));
	redis_drain(line->redis, SEC(60));
	assert_int_equal(line->answers, 50);
	kill(server.pid, SIGSTOP);
	assert_true(ask(line, "x", 51));
	redis_drain(line->redis, MSEC(100)); /* not for ever */
	assert_int_equal(line->answers, 50);
	kill(server.pid, SIGCONT);
}

static void a_host_may_have_a_name(void **state)
{
	struct line *line = *state;
	char named[32], unknown[] = "no-such-host.invalid:6379";

	redis_server_stop(&server);
	redis_server_listen(&server);
	redis_server_start(&server, NULL);
	line->options.redis.mode = REDIS_TCP;
	line->options.redis.address = unknown;
	assert_true(redis_set_target(line->redis, &line->options, ""));
	redis_start(line->redis);
	for (unsigned i = 0; i < 100; i++) {
		event_base_loop(line->base, EVLOOP_NONBLOCK);
		usleep(2000);
	}
	assert_int_equal(line->ups, 0);
	snprintf(named, sizeof(named), "localhost:%d", server.port);
	line->options.redis.address = named;
	assert_true(redis_set_target(line->redis, &line->options, ""));
	WAIT(line, line->ups == 1);
	assert_true(ask(line, "a", 1));
	WAIT(line, line->answers == 1);
}

static void an_address_is_cut_at_its_last_colon(void **state)
{
	struct line *line = *state;
	char v6[] = "[::1]:6379", wrong[] = "localhost";

	line->options.redis.mode = REDIS_TCP;
	line->options.redis.address = v6;
	assert_true(redis_set_target(line->redis, &line->options, ""));
	line->options.redis.address = wrong;
	assert_false(redis_set_target(line->redis, &line->options, ""));
}

#define REDIS_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		REDIS_TEST(answers_come_in_the_order_of_asking),
		REDIS_TEST(one_may_ask_and_flush_from_inside_an_answer),
		REDIS_TEST(one_may_give_up_from_inside_an_answer),
		REDIS_TEST(a_server_that_dies_answers_everything_with_nothing),
		REDIS_TEST(a_server_that_is_not_there_yet_is_waited_for),
		REDIS_TEST(a_server_that_stands_still_is_given_up),
		REDIS_TEST(one_that_does_not_log_in_in_time_is_given_up),
		REDIS_TEST(a_database_that_is_not_there_is_an_error_that_waits),
		REDIS_TEST(draining_waits_without_the_loop),
		REDIS_TEST(a_host_may_have_a_name),
		REDIS_TEST(an_address_is_cut_at_its_last_colon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
