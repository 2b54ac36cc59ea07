#include "najimi/shell/child.h"

#include <errno.h>
#include <event2/event.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "alloc.h"
#include "najimi/shell/clock.h"

/* A shell's words as the child, and what was heard of it. */
struct scene {
	struct event_base *base;
	struct child *child;
	bool ended, frees;
	enum child_fate fate;
	int code;
	char output[4096], last_line[1024], lines[4096];
	size_t output_length;
};

static void on_line(const char *line, void *arg)
{
	struct scene *scene = arg;

	snprintf(scene->lines + strlen(scene->lines), sizeof(scene->lines) - strlen(scene->lines),
	         "%s|", line);
}

static void on_ended(const struct child_end *end, void *arg)
{
	struct scene *scene = arg;

	assert_false(scene->ended);
	scene->ended = true;
	scene->fate = end->fate;
	scene->code = end->code;
	scene->output_length = end->output.length;
	snprintf(scene->output, sizeof(scene->output), "%s", end->output.start);
	snprintf(scene->last_line, sizeof(scene->last_line), "%s", end->last_line);
	if (scene->frees)
		scene->child = child_free(scene->child);
	event_base_loopbreak(scene->base);
}

static int set_up(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	scene->base = event_base_new();
	*state = scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;

	child_free(scene->child);
	event_base_free(scene->base);
	free(scene);
	return 0;
}

static void start(struct scene *scene, const char *words, size_t output_max, usec_t time_max)
{
	const struct child_plan plan = {
		.argv = (const char *const[]){ "/bin/sh", "-c", words, NULL },
		.output_max = output_max,
		.time_max = time_max,
	};
	const struct child_hooks hooks = { on_line, on_ended, scene };
	struct err err = { "" };

	scene->child = child_start(scene->base, &plan, &hooks, &err);
	if (scene->child == NULL)
		fail_msg("%s", err.text);
}

static void run(struct scene *scene, const char *words)
{
	struct timeval patience = { .tv_sec = 20 };

	start(scene, words, 1000, SEC(10));
	event_base_loopexit(scene->base, &patience);
	event_base_dispatch(scene->base);
	assert_true(scene->ended);
}

static void what_it_prints_is_heard(void **state)
{
	struct scene *scene = *state;

	run(scene, "echo one; echo two; exit 3");
	assert_int_equal(scene->fate, CHILD_EXITED);
	assert_int_equal(scene->code, 3);
	assert_string_equal(scene->output, "one\ntwo\n");
	assert_int_equal(scene->output_length, 8);
	assert_string_equal(scene->last_line, "");
}

static void its_complaints_come_line_by_line(void **state)
{
	struct scene *scene = *state;

	run(scene, "echo progress 1 >&2; printf '\\nhalf ' >&2; printf line >&2");
	assert_string_equal(scene->lines, "progress 1|half line|");
	assert_string_equal(scene->last_line, "half line");
	assert_string_equal(scene->output, "");
}

static void a_long_line_is_cut(void **state)
{
	struct scene *scene = *state;

	run(scene, "head -c 2000 /dev/zero | tr '\\0' x >&2; echo >&2; echo y >&2");
	assert_int_equal(strlen(scene->lines), 511 + 1 + 2);
	assert_string_equal(scene->last_line, "y");
}

static void it_has_nothing_of_ours(void **state)
{
	struct scene *scene = *state;
	const char *ignored;
	int fd = dup(1);

	signal(SIGPIPE, SIG_IGN);
	run(scene, "read x; echo \"[$x]\"; ls /proc/self/fd | wc -l; "
	           "grep SigIgn /proc/self/status");
	signal(SIGPIPE, SIG_DFL);
	close(fd);
	/* Input, output, error and the folder that ls reads. */
	assert_non_null(strstr(scene->output, "[]\n4\n"));
	ignored = strstr(scene->output, "SigIgn:\t");
	assert_non_null(ignored);
	assert_int_equal(strtoull(ignored + 8, NULL, 16) >> (SIGPIPE - 1) & 1, 0);
}

static void one_that_takes_too_long_is_ended(void **state)
{
	struct scene *scene = *state;
	usec_t before = clock_monotonic();

	start(scene, "echo x; exec sleep 60", 1000, MSEC(200));
	event_base_dispatch(scene->base);
	assert_true(scene->ended);
	assert_int_equal(scene->fate, CHILD_LATE);
	assert_true(clock_monotonic() - before < SEC(10));
}

static void one_that_prints_too_much_is_ended(void **state)
{
	struct scene *scene = *state;

	start(scene, "exec yes", 1000, SEC(20));
	event_base_dispatch(scene->base);
	assert_true(scene->ended);
	assert_int_equal(scene->fate, CHILD_TALKATIVE);
}

static void one_that_is_killed_says_by_what(void **state)
{
	struct scene *scene = *state;

	run(scene, "kill -SEGV $$");
	assert_int_equal(scene->fate, CHILD_KILLED);
	assert_int_equal(scene->code, SIGSEGV);
}

static void it_may_be_freed_when_it_has_ended(void **state)
{
	struct scene *scene = *state;

	scene->frees = true;
	run(scene, "echo x");
	assert_null(scene->child);
}

static void freeing_it_ends_it(void **state)
{
	struct scene *scene = *state;

	start(scene, "exec sleep 60", 1000, SEC(60));
	scene->child = child_free(scene->child);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	assert_false(scene->ended);
}

static void a_program_that_is_not_there_is_named(void **state)
{
	struct scene *scene = *state;
	const struct child_plan plan = {
		.argv = (const char *const[]){ "/nowhere/x", NULL },
		.time_max = SEC(1),
	};
	const struct child_hooks hooks = { .ended = on_ended, .arg = scene };
	struct err err;

	assert_null(child_start(scene->base, &plan, &hooks, &err));
	assert_string_equal(err.text, "/nowhere/x: No such file or directory");
	alloc_fail(1);
	assert_null(child_start(scene->base, &plan, &hooks, &err));
	assert_string_equal(err.text, "out of memory");
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(what_it_prints_is_heard),
		T(its_complaints_come_line_by_line),
		T(a_long_line_is_cut),
		T(it_has_nothing_of_ours),
		T(one_that_takes_too_long_is_ended),
		T(one_that_prints_too_much_is_ended),
		T(one_that_is_killed_says_by_what),
		T(it_may_be_freed_when_it_has_ended),
		T(freeing_it_ends_it),
		T(a_program_that_is_not_there_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
