#include "najimi/shell/log.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* What was written to stderr since the last call. */
static char said[65536];
static int pipe_ends[2], real_stderr;

static const char *listen_to(void)
{
	ssize_t length = read(pipe_ends[0], said, sizeof(said) - 1);

	said[length < 0 ? 0 : length] = '\0';
	return said;
}

static int set_up(void **state)
{
	(void)state;
	if (pipe(pipe_ends) < 0)
		return -1;
	fcntl(pipe_ends[0], F_SETFL, O_NONBLOCK);
	real_stderr = dup(STDERR_FILENO);
	dup2(pipe_ends[1], STDERR_FILENO);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	dup2(real_stderr, STDERR_FILENO);
	close(real_stderr);
	close(pipe_ends[0]);
	close(pipe_ends[1]);
	log_set_level(LOG_LEVEL_INFO);
	return 0;
}

static void a_fact_is_one_line_with_its_level_and_fields(void **state)
{
	(void)state;
	log_fact(LOG_LEVEL_NOTICE, "redis.lost", LOG_TEXT("error", "gone"),
	         LOG_NUMBER("retry_ms", 200));
	assert_string_equal(listen_to(), "<5>redis.lost error=\"gone\" retry_ms=200\n");
}

static void text_from_outside_cannot_forge_a_line(void **state)
{
	(void)state;
	log_fact(LOG_LEVEL_INFO, "call.arrived", LOG_TEXT("from", "+49\"30\n<3>forged\x7f\\"));
	assert_string_equal(listen_to(),
	                    "<6>call.arrived from=\"+49\\\"30\\x0a<3>forged\\x7f\\\\\"\n");
}

static void a_line_that_is_too_long_is_cut_and_still_ends(void **state)
{
	char huge[5000];
	const char *line;

	(void)state;
	memset(huge, 'x', sizeof(huge) - 1);
	huge[sizeof(huge) - 1] = '\0';
	log_fact(LOG_LEVEL_INFO, "fact", LOG_TEXT("huge", huge), LOG_NUMBER("after", 1));
	line = listen_to();
	assert_true(strlen(line) <= 1024);
	assert_int_equal(line[strlen(line) - 1], '\n');
}

static void what_is_below_the_threshold_is_not_said(void **state)
{
	(void)state;
	log_set_level(LOG_LEVEL_WARNING);
	log_fact(LOG_LEVEL_NOTICE, "quiet");
	assert_string_equal(listen_to(), "");
	assert_false(log_wants(LOG_LEVEL_NOTICE));
	assert_true(log_wants(LOG_LEVEL_ERROR));
}

static void what_a_peer_can_cause_is_said_once_a_second(void **state)
{
	(void)state;
	for (int i = 0; i < 1000; i++)
		log_limited(LOG_LEVEL_INFO, "flood.seen", LOG_NUMBER("n", i));
	log_limited(LOG_LEVEL_INFO, "other.fact");
	assert_string_equal(listen_to(), "<6>flood.seen n=0\n<6>other.fact\n");
	usleep(1100 * 1000);
	log_limited(LOG_LEVEL_INFO, "flood.seen", LOG_NUMBER("n", 1000));
	assert_string_equal(listen_to(), "<6>flood.seen n=1000 suppressed=999\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_fact_is_one_line_with_its_level_and_fields,
		                                set_up, tear_down),
		cmocka_unit_test_setup_teardown(text_from_outside_cannot_forge_a_line, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(a_line_that_is_too_long_is_cut_and_still_ends,
		                                set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_below_the_threshold_is_not_said, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(what_a_peer_can_cause_is_said_once_a_second, set_up,
		                                tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
