#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "resp.h"

static void measures_every_kind_of_reply(void **state)
{
	static const char *const whole[] = {
		"+OK\r\n",           "-ERR no\r\n", ":12\r\n",
		"$5\r\nhe\r\no\r\n", "$-1\r\n",     "$0\r\n\r\n",
		"*-1\r\n",           "*0\r\n",      "*2\r\n:1\r\n*2\r\n$1\r\na\r\n+b\r\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(whole); i++) {
		size_t length = strlen(whole[i]);
		char text[64];

		for (size_t part = 0; part < length; part++)
			assert_int_equal(resp_measure(whole[i], part), 0);
		assert_int_equal(resp_measure(whole[i], length), length);
		snprintf(text, sizeof(text), "%s+more\r\n", whole[i]);
		assert_int_equal(resp_measure(text, strlen(text)), length);
	}
}

static void knows_what_is_not_redis(void **state)
{
	(void)state;
	assert_true(resp_measure("HTTP/1.1 400\r\n", 14) == SIZE_MAX);
	assert_true(resp_measure("*1\r\nx\r\n", 7) == SIZE_MAX);
	assert_true(resp_measure("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n",
	                         40) == SIZE_MAX);
}

/* The other end of a connection that has said `text`. */
static struct resp listen_to(const char *text, int *ret_other)
{
	struct resp resp = { .size = 8, .in = malloc(8) };
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	assert_int_equal(write(ends[1], text, strlen(text)), (ssize_t)strlen(text));
	resp.fd = ends[0];
	*ret_other = ends[1];
	return resp;
}

static void takes_replies_and_lines_one_by_one(void **state)
{
	int other;
	struct resp resp = listen_to("+a longer line\r\n$3\r\nabc\r\n:7\r\n", &other);
	struct text text;
	struct err err;

	(void)state;
	assert_int_equal(resp_line(&resp, &text, &err), 0);
	assert_true(text_is(text, "+a longer line"));
	assert_int_equal(resp_reply(&resp, &text, &err), 0);
	assert_true(text_is(text, "$3\r\nabc\r\n"));
	assert_int_equal(resp_reply(&resp, &text, &err), 0);
	assert_true(text_is(text, ":7\r\n"));
	close(other);
	assert_int_equal(resp_reply(&resp, &text, &err), -ECONNRESET);
	resp_close(&resp);
}

static void an_error_reply_fails_with_its_words(void **state)
{
	const char *const args[] = { "FCALL", "najimi_commit", "" };
	char sent[64] = "";
	int other;
	struct resp resp = listen_to("-ERR Function not found\r\n", &other);
	struct text text;
	struct err err;

	(void)state;
	assert_int_equal(resp_command(&resp, args, 3, &text, &err), -EREMOTEIO);
	assert_string_equal(err.text, "Redis: ERR Function not found");
	assert_true(read(other, sent, sizeof(sent) - 1) > 0);
	assert_string_equal(sent, "*3\r\n$5\r\nFCALL\r\n$13\r\nnajimi_commit\r\n$0\r\n\r\n");
	close(other);
	resp_close(&resp);
}

static void says_where_there_is_no_redis(void **state)
{
	struct resp resp;
	struct err err;

	(void)state;
	assert_int_equal(resp_open(&resp, "unix:/nonexistent/redis.sock", "", &err), -ENOENT);
	assert_non_null(strstr(err.text, "/nonexistent/redis.sock"));
	assert_int_equal(resp_open(&resp, "nonsense", "", &err), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(measures_every_kind_of_reply),
		cmocka_unit_test(knows_what_is_not_redis),
		cmocka_unit_test(takes_replies_and_lines_one_by_one),
		cmocka_unit_test(an_error_reply_fails_with_its_words),
		cmocka_unit_test(says_where_there_is_no_redis),
	};

	return cmocka_run_group_tests_name("resp", tests, NULL, NULL);
}
