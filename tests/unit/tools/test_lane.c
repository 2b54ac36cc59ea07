#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "lane.h"

static struct lane *open_pair(int *ret_other)
{
	struct lane *lane = calloc(1, sizeof(*lane));
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
	lane->fd = ends[0];
	*ret_other = ends[1];
	return lane;
}

static void collect(struct text line, void *arg)
{
	strncat(arg, line.start, line.length);
	strcat(arg, "|");
}

static void cuts_lines_however_they_arrive(void **state)
{
	static const char sent[] = "one\ntwo\n\nthree\n";
	char got[64] = "";
	struct err err;
	int other;
	struct lane *lane = open_pair(&other);

	(void)state;
	for (size_t i = 0; i < sizeof(sent) - 1; i++) {
		assert_int_equal(write(other, sent + i, 1), 1);
		assert_int_equal(lane_read(lane, collect, got, &err), 0);
	}
	assert_string_equal(got, "one|two||three|");
	assert_int_equal(lane_read(lane, collect, got, &err), 0); /* nothing there */
	close(other);
	assert_int_equal(lane_read(lane, collect, got, &err), -ECONNRESET);
	lane_close(lane);
}

static void sends_what_was_put(void **state)
{
	char got[64] = "";
	struct err err;
	int other;
	struct lane *lane = open_pair(&other);

	(void)state;
	lane_put(lane, TEXT("n="));
	lane_put_uint(lane, 0);
	lane_put_uint(lane, UINT64_MAX);
	assert_int_equal(lane_flush(lane, &err), 0);
	assert_true(read(other, got, sizeof(got) - 1) > 0);
	assert_string_equal(got, "n=018446744073709551615");
	assert_int_equal(lane->out_length, 0);
	close(other);
	lane_close(lane);
}

static void says_when_more_was_put_than_fits(void **state)
{
	struct err err;
	int other;
	struct lane *lane = open_pair(&other);

	(void)state;
	while (lane_has_room(lane, 4))
		lane_put(lane, TEXT("1234"));
	lane_put(lane, TEXT("12345"));
	assert_int_equal(lane_flush(lane, &err), -ENOBUFS);
	close(other);
	lane_close(lane);
}

static void finds_members_by_their_names(void **state)
{
	const struct text line = TEXT("{\"id\":42,\"result\":{\"call_id\":\"7-9\",\"offer\":3,"
	                              "\"agent\":null}}");
	uint64_t number;
	struct text text;

	(void)state;
	assert_true(line_uint(line, TEXT("\"id\":"), &number));
	assert_int_equal(number, 42);
	assert_true(line_uint(line, TEXT("\"offer\":"), &number));
	assert_int_equal(number, 3);
	assert_false(line_uint(line, TEXT("\"agent\":"), &number));
	assert_false(line_uint(line, TEXT("\"position\":"), &number));
	assert_true(line_text(line, TEXT("\"call_id\":"), &text));
	assert_true(text_is(text, "7-9"));
	assert_false(line_text(line, TEXT("\"agent\":"), &text));
	assert_false(line_text(TEXT("{\"a\":\"open"), TEXT("\"a\":"), &text));
	assert_true(line_has(line, TEXT("\"result\"")));
	assert_false(line_has(line, TEXT("\"error\"")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cuts_lines_however_they_arrive),
		cmocka_unit_test(sends_what_was_put),
		cmocka_unit_test(says_when_more_was_put_than_fits),
		cmocka_unit_test(finds_members_by_their_names),
	};

	return cmocka_run_group_tests_name("lane", tests, NULL, NULL);
}
