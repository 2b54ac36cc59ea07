#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "najimi/shell/clock.h"
#include "najimi/shell/stream.h"

/* One end is a stream, the other the test. */
struct pair {
	struct event_base *base;
	struct stream *stream;
	int fd;
	size_t take;               /* how much of what is shown is used */
	bool hold, finish, closes; /* what the hook does when something is shown */
	unsigned shown, ended, drained, closed;
	size_t length;
	char seen[1 << 16];
	const char *reason;
};

static size_t on_readable(const char *data, size_t length, void *arg)
{
	struct pair *pair = arg;
	size_t used = length < pair->take ? length : pair->take;

	pair->shown++;
	assert_true(pair->length + used <= sizeof(pair->seen));
	memcpy(pair->seen + pair->length, data, used);
	pair->length += used;
	if (pair->hold)
		stream_hold(pair->stream);
	if (pair->finish)
		stream_finish(pair->stream, "done");
	if (pair->closes)
		stream_close(pair->stream, "enough");
	return used;
}

static void on_ended(void *arg)
{
	struct pair *pair = arg;

	pair->ended++;
}

static void on_drained(void *arg)
{
	struct pair *pair = arg;

	pair->drained++;
}

static void on_closed(const char *reason, void *arg)
{
	struct pair *pair = arg;

	pair->closed++;
	pair->reason = reason;
	pair->stream = NULL;
}

static struct stream_limits limits_of(void)
{
	return (struct stream_limits){
		.input_max = 4096, .output_soft = 4096, .output_max = 16384, .stall_max = SEC(10)
	};
}

static int build(void **state)
{
	struct pair *pair = calloc(1, sizeof(*pair));
	struct stream_hooks hooks = { .readable = on_readable,
		                      .ended = on_ended,
		                      .drained = on_drained,
		                      .closed = on_closed,
		                      .arg = pair };
	struct stream_limits limits = limits_of();
	int fds[2];

	signal(SIGPIPE, SIG_IGN);
	pair->base = event_base_new();
	pair->take = SIZE_MAX;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	fcntl(fds[1], F_SETFL, O_NONBLOCK);
	pair->fd = fds[1];
	pair->stream = stream_new(pair->base, fds[0], &limits, &hooks);
	assert_non_null(pair->stream);
	*state = pair;
	return 0;
}

static int tear_down(void **state)
{
	struct pair *pair = *state;

	stream_free(pair->stream);
	close(pair->fd);
	event_base_free(pair->base);
	free(pair);
	return 0;
}

static void pass(struct pair *pair, usec_t span)
{
	usec_t end = clock_monotonic() + span;

	do {
		event_base_loop(pair->base, EVLOOP_NONBLOCK);
		usleep(200);
	} while (clock_monotonic() < end);
}

static void pass_until_closed(struct pair *pair)
{
	usec_t end = clock_monotonic() + SEC(20);

	while (pair->closed == 0 && clock_monotonic() < end)
		pass(pair, 0);
}

/* Not before the span is over; whoever looks so late that it is cannot tell. */
#define assert_not_closed_within(pair, span, since) \
	assert_true((pair)->closed == 0 || clock_monotonic() - (since) >= (span))

static void send_text(struct pair *pair, const char *text)
{
	assert_int_equal(write(pair->fd, text, strlen(text)), strlen(text));
	pass(pair, 0);
}

static void shows_what_comes_and_again_what_was_left(void **state)
{
	struct pair *pair = *state;

	pair->take = 3;
	send_text(pair, "hello");
	assert_int_equal(pair->length, 3);
	pair->take = SIZE_MAX;
	send_text(pair, "!");
	assert_int_equal(pair->length, 6);
	assert_memory_equal(pair->seen, "hello!", 6);
}

static void writes_and_says_when_it_has_gone(void **state)
{
	struct pair *pair = *state;
	char heard[16];

	stream_write(pair->stream, TEXT("one "));
	stream_write(pair->stream, TEXT("two"));
	assert_int_equal(stream_output(pair->stream), 7);
	pass(pair, MSEC(1));
	assert_int_equal(stream_output(pair->stream), 0);
	assert_int_equal(read(pair->fd, heard, sizeof(heard)), 7);
	assert_memory_equal(heard, "one two", 7);
	assert_true(pair->drained > 0);
}

static void one_that_is_held_shows_nothing_until_it_is_resumed(void **state)
{
	struct pair *pair = *state;

	pair->hold = true;
	pair->take = 1;
	send_text(pair, "ab");
	send_text(pair, "cd");
	assert_int_equal(pair->shown, 1);
	pair->hold = false;
	pair->take = SIZE_MAX;
	stream_resume(pair->stream);
	assert_int_equal(pair->shown, 1); /* not from inside the call */
	pass(pair, MSEC(1));
	assert_int_equal(pair->length, 4);
	assert_memory_equal(pair->seen, "abcd", 4);
}

static void input_is_bounded(void **state)
{
	struct pair *pair = *state;
	char block[1024] = "";
	size_t sent = 0;

	pair->take = 0;
	for (int i = 0; i < 2000; i++) {
		ssize_t length = write(pair->fd, block, sizeof(block));

		sent += length > 0 ? (size_t)length : 0;
		pass(pair, 0);
	}
	/* What the stream does not take stays in the socket, which is full at some time. */
	assert_true(sent < 1500 * 1024);
	pair->take = SIZE_MAX;
	pair->hold = true; /* after this one look */
	stream_hold(pair->stream);
	stream_resume(pair->stream);
	pass(pair, MSEC(1));
	assert_true(pair->length > 0 && pair->length <= 4096);
}

static void the_end_of_the_peer_is_not_the_end(void **state)
{
	struct pair *pair = *state;
	char heard[8];

	send_text(pair, "last");
	shutdown(pair->fd, SHUT_WR);
	pass(pair, MSEC(1));
	assert_int_equal(pair->ended, 1);
	assert_int_equal(pair->closed, 0);
	stream_write(pair->stream, TEXT("bye"));
	stream_finish(pair->stream, "ended");
	pass(pair, MSEC(5));
	assert_int_equal(read(pair->fd, heard, sizeof(heard)), 3);
	assert_int_equal(pair->closed, 1);
	assert_string_equal(pair->reason, "ended");
}

static void one_who_resumes_after_the_end_is_shown_that_nothing_is_left(void **state)
{
	struct pair *pair = *state;

	stream_hold(pair->stream);
	stream_resume(pair->stream);
	shutdown(pair->fd, SHUT_WR);
	pass(pair, MSEC(1));
	assert_int_equal(pair->shown, 0);
	stream_hold(pair->stream);
	stream_resume(pair->stream);
	pass(pair, MSEC(1));
	assert_int_equal(pair->shown, 1);
	assert_int_equal(pair->length, 0);
}

static void finishing_says_everything_and_listens_to_nothing(void **state)
{
	struct pair *pair = *state;
	char heard[8];

	pair->finish = true;
	stream_write(pair->stream, TEXT("no"));
	send_text(pair, "first");
	send_text(pair, "second");
	pass(pair, MSEC(5));
	assert_int_equal(pair->shown, 1);
	assert_int_equal(read(pair->fd, heard, sizeof(heard)), 2);
	assert_int_equal(read(pair->fd, heard, sizeof(heard)), 0); /* our last byte */
	assert_int_equal(pair->closed, 0);                         /* the peer may still read */
	close(pair->fd);
	pass(pair, MSEC(5));
	assert_int_equal(pair->closed, 1);
	assert_string_equal(pair->reason, "done");
	pair->fd = -1;
}

static void lingering_has_an_end(void **state)
{
	struct pair *pair = *state;
	usec_t since = clock_monotonic();

	stream_finish(pair->stream, "done");
	pass(pair, MSEC(500));
	assert_not_closed_within(pair, SEC(1), since);
	pass_until_closed(pair);
	assert_int_equal(pair->closed, 1);
}

static void closing_comes_later_even_from_its_own_hook(void **state)
{
	struct pair *pair = *state;

	pair->closes = true;
	assert_int_equal(write(pair->fd, "x", 1), 1);
	pass(pair, MSEC(5));
	assert_int_equal(pair->closed, 1);
	assert_string_equal(pair->reason, "enough");
}

static void the_first_reason_counts(void **state)
{
	struct pair *pair = *state;

	stream_close(pair->stream, "first");
	stream_close(pair->stream, "second");
	stream_write(pair->stream, TEXT("too late"));
	assert_int_equal(pair->closed, 0);
	pass(pair, MSEC(1));
	assert_int_equal(pair->closed, 1);
	assert_string_equal(pair->reason, "first");
}

static void silence_ends_it(void **state)
{
	struct pair *pair = *state;
	struct stream_limits limits = limits_of();
	usec_t first = clock_monotonic(), since = first;

	limits.idle_max = MSEC(300);
	stream_set_limits(pair->stream, &limits);
	pass(pair, MSEC(150));
	assert_not_closed_within(pair, limits.idle_max, since);
	if (pair->closed == 0) {
		since = clock_monotonic();
		send_text(pair, "still here");
	}
	/* It may have been too late for that already. */
	if (clock_monotonic() - first < limits.idle_max) {
		pass(pair, MSEC(200));
		assert_not_closed_within(pair, limits.idle_max, since);
	}
	pass_until_closed(pair);
	assert_int_equal(pair->closed, 1);
	assert_string_equal(pair->reason, "silent");
}

static void output_that_does_not_move_ends_it(void **state)
{
	struct pair *pair = *state;
	struct stream_limits limits = limits_of();
	static char block[1 << 20];
	usec_t since;

	limits.stall_max = MSEC(60);
	limits.output_max = 64 << 20;
	stream_set_limits(pair->stream, &limits);
	since = clock_monotonic();
	stream_write(pair->stream, (struct text){ block, sizeof(block) });
	pass(pair, MSEC(30));
	assert_not_closed_within(pair, limits.stall_max, since);
	pass_until_closed(pair);
	assert_int_equal(pair->closed, 1);
	assert_string_equal(pair->reason, "stalled");
}

static void a_slow_reader_has_a_moment_and_no_more(void **state)
{
	struct pair *pair = *state;
	static char block[1 << 16];
	usec_t since = clock_monotonic();

	/* More than the socket takes, and more than the limit. */
	for (int i = 0; i < 8 && pair->closed == 0; i++) {
		stream_write(pair->stream, (struct text){ block, sizeof(block) / 4 });
		pass(pair, 0);
	}
	while (stream_output(pair->stream) <= 16384)
		stream_write(pair->stream, (struct text){ block, 1024 });
	pass(pair, MSEC(50));
	assert_not_closed_within(pair, MSEC(100), since);
	pass_until_closed(pair);
	assert_int_equal(pair->closed, 1);
	assert_string_equal(pair->reason, "slow_reader");
}

static void far_beyond_the_limit_there_is_no_moment(void **state)
{
	struct pair *pair = *state;
	static char block[1 << 18];

	stream_write(pair->stream, (struct text){ block, sizeof(block) });
	pass(pair, MSEC(1));
	assert_int_equal(pair->closed, 1);
	assert_string_equal(pair->reason, "slow_reader");
}

static void a_long_answer_is_allowed_its_length(void **state)
{
	struct pair *pair = *state;
	static char block[1 << 20], heard[1 << 16];
	size_t total = 0;

	stream_allow(pair->stream, sizeof(block));
	stream_write(pair->stream, (struct text){ block, sizeof(block) });
	pass(pair, MSEC(150));
	assert_int_equal(pair->closed, 0);
	while (total < sizeof(block)) {
		ssize_t got = read(pair->fd, heard, sizeof(heard));

		if (got > 0)
			total += (size_t)got;
		pass(pair, 0);
	}
	/* It is good for once. */
	stream_write(pair->stream, (struct text){ block, sizeof(block) });
	pass(pair, MSEC(150));
	assert_int_equal(pair->closed, 1);
}

static void a_peer_that_breaks_off_is_noticed(void **state)
{
	struct pair *pair = *state;

	stream_write(pair->stream, TEXT("x"));
	pass(pair, MSEC(1));
	close(pair->fd); /* with a byte unread: reset */
	pass(pair, MSEC(2));
	assert_true(pair->ended + pair->closed > 0);
	if (pair->stream != NULL)
		stream_close(pair->stream, "gone");
	pass(pair, MSEC(1));
	assert_int_equal(pair->closed, 1);
	pair->fd = -1;
}

static void one_that_is_freed_calls_nobody(void **state)
{
	struct pair *pair = *state;

	pair->stream = stream_free(pair->stream);
	pass(pair, MSEC(1));
	assert_int_equal(pair->closed, 0);
	assert_null(stream_free(NULL));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, build, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(shows_what_comes_and_again_what_was_left),
		TEST(writes_and_says_when_it_has_gone),
		TEST(one_that_is_held_shows_nothing_until_it_is_resumed),
		TEST(input_is_bounded),
		TEST(the_end_of_the_peer_is_not_the_end),
		TEST(one_who_resumes_after_the_end_is_shown_that_nothing_is_left),
		TEST(finishing_says_everything_and_listens_to_nothing),
		TEST(lingering_has_an_end),
		TEST(closing_comes_later_even_from_its_own_hook),
		TEST(the_first_reason_counts),
		TEST(silence_ends_it),
		TEST(output_that_does_not_move_ends_it),
		TEST(a_slow_reader_has_a_moment_and_no_more),
		TEST(far_beyond_the_limit_there_is_no_moment),
		TEST(a_long_answer_is_allowed_its_length),
		TEST(a_peer_that_breaks_off_is_noticed),
		TEST(one_that_is_freed_calls_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
