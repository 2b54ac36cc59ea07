#include "ctl_args.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* The command line as a shell would split it; lives until the next one. */
static int read_line(const char *line, struct ctl_args *ret, struct err *err)
{
	static char copy[512], *argv[32];
	int argc = 1;

	snprintf(copy, sizeof(copy), "%s", line);
	argv[0] = copy + strlen(copy); /* "" */
	for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " "))
		argv[argc++] = word;
	argv[argc] = NULL;
	return ctl_args_read(argc, argv, ret, err);
}

static int forget_environment(void **state)
{
	(void)state;
	unsetenv("NAJIMI_HOST");
	unsetenv("NAJIMI_TOKEN_FILE");
	return 0;
}

static void options_stand_before_and_after_the_command(void **state)
{
	struct ctl_args args;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(
	        read_line("--json agents --queue sales alice --timeout 250ms --state=ready", &args,
	                  &err),
	        0);
	assert_true(args.json);
	assert_string_equal(args.command, "agents");
	assert_int_equal(args.words_count, 1);
	assert_string_equal(args.words[0], "alice");
	assert_string_equal(args.queue, "sales");
	assert_string_equal(args.state, "ready");
	assert_true(args.timeout == MSEC(250));
	assert_string_equal(args.host, "127.0.0.1:7070");
	assert_string_equal(args.token, "");
}

static void how_far_back_is_for_the_command_to_say(void **state)
{
	struct ctl_args args;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(read_line("--since 3d whatif", &args, &err), 0);
	assert_true(args.whatif.since == HOUR(24) * 3);
	assert_int_equal(read_line("--since 2026-11-21T00:00:00Z whatif", &args, &err), -EINVAL);
	assert_int_equal(read_line("--since 2026-11-21T00:00:00Z contacts --agent alice --pii "
	                           "--format=csv",
	                           &args, &err),
	                 0);
	assert_true(args.contacts.since == SEC(1795219200));
	assert_string_equal(args.contacts.agent, "alice");
	assert_int_equal(args.contacts.format, CONTACTS_CSV);
	assert_true(args.contacts.pii);
}

static void figures_have_days_and_a_format(void **state)
{
	struct ctl_args args;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(read_line("stats --from 2026-11-01 --to=2026-11-03 --by day --format csv",
	                           &args, &err),
	                 0);
	assert_string_equal(args.from, "2026-11-01");
	assert_string_equal(args.to, "2026-11-03");
	assert_string_equal(args.by, "day");
	assert_int_equal(args.contacts.format, CONTACTS_CSV);
	assert_int_equal(read_line("stats", &args, &err), 0);
	assert_null(args.from);
	assert_null(args.to);
	assert_null(args.by);
	assert_int_equal(read_line("stats --by", &args, &err), -EINVAL);
}

static void the_environment_counts_when_the_command_line_is_silent(void **state)
{
	struct ctl_args args;
	struct err err = { 0 };

	(void)state;
	setenv("NAJIMI_HOST", "router:7071", 1);
	assert_int_equal(read_line("ping", &args, &err), 0);
	assert_string_equal(args.host, "router:7071");
	assert_int_equal(read_line("ping --host other:1", &args, &err), 0);
	assert_string_equal(args.host, "other:1");
	setenv("NAJIMI_HOST", "", 1);
	assert_int_equal(read_line("ping", &args, &err), 0);
	assert_string_equal(args.host, "127.0.0.1:7070");
}

static void a_token_is_the_first_line_of_its_file(void **state)
{
	char path[] = "/tmp/najimictl-token-XXXXXX", line[128];
	int fd = mkstemp(path);
	struct ctl_args args;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(write(fd, "s3cret\r\nmore\n", 13), 13);
	snprintf(line, sizeof(line), "ping --token-file %s", path);
	assert_int_equal(read_line(line, &args, &err), 0);
	assert_string_equal(args.token, "s3cret");

	setenv("NAJIMI_TOKEN_FILE", path, 1);
	assert_int_equal(read_line("ping", &args, &err), 0);
	assert_string_equal(args.token, "s3cret");

	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(read_line(line, &args, &err), -EINVAL);
	assert_non_null(strstr(err.text, "its first line is no token"));
	close(fd);
	unlink(path);
	assert_int_equal(read_line(line, &args, &err), -ENOENT);
	assert_int_equal(read_line("ping", &args, &err), -ENOENT);
	assert_non_null(strstr(err.text, "NAJIMI_TOKEN_FILE: "));
	/* Help is given to those whose environment is broken as well. */
	assert_int_equal(read_line("--help", &args, &err), 0);
	assert_true(args.help);
}

static void what_is_wrong_is_named(void **state)
{
	static const struct {
		const char *line, *words;
	} cases[] = {
		{ "--nonsense ping", "--nonsense: no such option" },
		{ "-x ping", "-x: no such option" },
		{ "ping --host", "--host wants a value" },
		{ "ping --timeout 0s", "--timeout: '0s'" },
		{ "ping --timeout never", "--timeout: 'never'" },
		{ "ping --timeout 2h", "--timeout: '2h'" },
		{ "watch --count 0", "--count: '0'" },
		{ "stats --since 3d", "--since is no option of stats" },
		{ "contacts --from 2026-11-21", "--from is no option of contacts" },
		{ "--format csv queues", "--format is no option of queues" },
		{ "agent alice --state ready", "--state is no option of agent" },
		{ "contacts --since 1h --until 2h", "--until is not after --since, 1h" },
		{ "contacts --until 2d", "--until is not after --since, 1d" },
		{ "watch --count 1e3", "--count: '1e3'" },
	};
	struct ctl_args args;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = { 0 };

		assert_int_equal(read_line(cases[i].line, &args, &err), -EINVAL);
		if (strstr(err.text, cases[i].words) == NULL)
			print_error("'%s' lacks '%s'\n", err.text, cases[i].words);
		assert_non_null(strstr(err.text, cases[i].words));
	}
}

static void without_a_command_there_is_none(void **state)
{
	struct ctl_args args;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(read_line("--json", &args, &err), 0);
	assert_null(args.command);
	assert_int_equal(args.words_count, 0);
}

#define TEST(f) cmocka_unit_test_setup(f, forget_environment)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(options_stand_before_and_after_the_command),
		TEST(figures_have_days_and_a_format),
		TEST(how_far_back_is_for_the_command_to_say),
		TEST(the_environment_counts_when_the_command_line_is_silent),
		TEST(a_token_is_the_first_line_of_its_file),
		TEST(what_is_wrong_is_named),
		TEST(without_a_command_there_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
