#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bench_redis.h"

#define COMMIT \
	"+1700000000.123456 [0 unix:/run/r.sock] \"FCALL\" \"najimi_commit\" \"1\" " \
	"\"najimi:{main}:lease\" \"7\" \"41\" \"1\" \"4\" \"HSET\" \"najimi:{main}:calls\" " \
	"\"c1@pbx\" \"{\\\"v\\\":1}\\x00\\n\" \"3\" \"XADD\" \"najimi:{main}:contacts\" \"*\""

static void makes_the_daemons_commits_its_own(void **state)
{
	static const char want[] =
	        "*16\r\n$5\r\nFCALL\r\n$13\r\nnajimi_commit\r\n$1\r\n1\r\n"
	        "$25\r\nnajimi:{main-bench}:lease\r\n$1\r\n7\r\n$1\r\n0\r\n"
	        "$1\r\n0\r\n$1\r\n4\r\n$4\r\nHSET\r\n$25\r\nnajimi:{main-bench}:calls\r\n"
	        "$6\r\nc1@pbx\r\n$9\r\n{\"v\":1}\0\n\r\n$1\r\n3\r\n$4\r\nXADD"
	        "\r\n$28\r\nnajimi:{main-bench}:contacts\r\n$1\r\n*\r\n";
	struct redis_sample sample = { 0 };

	(void)state;
	assert_int_equal(redis_sample_add(&sample, TEXT(COMMIT)), 0);
	assert_string_equal(sample.base, "najimi:{main-bench}:");
	assert_string_equal(sample.epoch, "7");
	assert_int_equal(sample.lives, 1);
	assert_int_equal(sample.commits, 1);
	assert_int_equal(sample.commands, 1);
	assert_int_equal(sample.length, sizeof(want) - 1);
	assert_memory_equal(sample.bytes, want, sizeof(want) - 1);
	assert_int_equal(sample.ends[0], sample.length);
	assert_int_equal(resp_measure(sample.bytes, sample.length), sample.length);
	redis_sample_done(&sample);
}

static void takes_recalls_along_and_leaves_the_rest(void **state)
{
	static const char recall[] = "+1.2 [0 127.0.0.1:4] \"FCALL_RO\" \"najimi_recall\" \"2\" "
	                             "\"najimi:{main}:caller:cid:1\" \"najimi:{main}:alias:+81\" "
	                             "\"najimi:{main}:caller:\"";
	struct redis_sample sample = { 0 };

	(void)state;
	/* Before the first commit nobody knows whose they are. */
	assert_int_equal(redis_sample_add(&sample, TEXT(recall)), 0);
	assert_int_equal(sample.commands, 0);
	assert_int_equal(redis_sample_add(&sample, TEXT(COMMIT)), 0);
	assert_int_equal(redis_sample_add(&sample, TEXT(recall)), 0);
	assert_int_equal(sample.commands, 2);
	assert_int_equal(sample.ends[1], sample.length);
	assert_non_null(strstr(sample.bytes + sample.ends[0], "najimi:{main-bench}:alias:+81"));

	assert_int_equal(
	        redis_sample_add(&sample,
	                         TEXT("+1.2 [0 lua] \"HSET\" \"najimi:{main}:calls\" \"a\"")),
	        0);
	assert_int_equal(
	        redis_sample_add(&sample,
	                         TEXT("+1.2 [0 lua] \"HGETALL\" \"najimi:{main}:caller:tel:1\"")),
	        0);
	assert_int_equal(redis_sample_add(&sample, TEXT("+1.2 [0 127.0.0.1:4] \"PING\"")), 0);
	assert_int_equal(redis_sample_add(&sample, TEXT("+1.2 [0 127.0.0.1:4] \"FCALL\" \"x\"")),
	                 0);
	assert_int_equal(sample.commands, 2);
	assert_int_equal(
	        redis_sample_add(
	                &sample,
	                TEXT("+1.2 [0 unix:/r] \"HGETALL\" \"najimi:{main}:caller:cid:1\"")),
	        0);
	assert_int_equal(sample.commands, 3);
	assert_int_equal(sample.lives, 1);
	redis_sample_done(&sample);
}

static void refuses_lines_that_are_none(void **state)
{
	static const char *const wrong[] = {
		"",
		"-ERR",
		"+1.2 [0 a] \"FCALL\" \"najimi_commit",
		"+1.2 [0 a] \"FCALL\" \"\\x0\"",
		"+1.2 [0 a] \"FCALL\"x",
		"+1.2 [0 a] \"FCALL\" \"najimi_commit\" \"1\" \"lease\" \"7\" \"41\" \"1\"",
	};
	struct redis_sample sample = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_int_equal(redis_sample_add(&sample, text_of(wrong[i])), -EINVAL);
	assert_int_equal(sample.commands, 0);
	redis_sample_done(&sample);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_the_daemons_commits_its_own),
		cmocka_unit_test(takes_recalls_along_and_leaves_the_rest),
		cmocka_unit_test(refuses_lines_that_are_none),
	};

	return cmocka_run_group_tests_name("bench_redis", tests, NULL, NULL);
}
