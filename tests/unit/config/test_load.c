#include "config_test.h"

#include <errno.h>
#include <sys/stat.h>

#include "alloc.h"

static void an_empty_file_is_all_defaults(void **state)
{
	struct options *options = load("");

	(void)state;
	assert_string_equal(options->file, "t.conf");
	assert_string_equal(options->site, "main");
	assert_int_equal(options->queue_defaults.plan.ring, SEC(20));
	options_free(options);
}

static void what_is_set_is_set_and_nothing_else(void **state)
{
	struct options *options =
	        load("site = \"tokyo\"; log = { level = \"debug\"; };\n"
	             "core = { calls_max = 5; };\n"
	             "rpc = { trust = \"session\"; trusted = [ \"10.0.0.0/8\" ]; "
	             "message_max = \"1M\"; heartbeat = \"2s\"; };\n"
	             "redis : { mode : \"unix\"; socket : \"/run/r.sock\"; database : 3; };\n"
	             "rona = { busy = 7; return = \"5m\"; };\n"
	             "identity = { use_restricted = true; shared = ( \"+81120\", \"+81570\" ); };\n"
	             "queue = { ring = \"15s\"; wait_max = \"never\"; overflow = \"vm\";\n"
	             "\tsticky = { enabled = false; line_max = 0; }; };\n");

	(void)state;
	assert_string_equal(options->site, "tokyo");
	assert_int_equal(options->log_level, 4);
	assert_int_equal(options->calls_max, 5);
	assert_int_equal(options->rpc.trust, TRUST_SESSION);
	assert_string_equal(options->rpc.trusted[0], "10.0.0.0/8");
	assert_null(options->rpc.trusted[1]);
	assert_int_equal(options->rpc.message_max, 1 << 20);
	assert_int_equal(options->rpc.heartbeat, SEC(2));
	assert_int_equal(options->redis.mode, REDIS_UNIX);
	assert_int_equal(options->redis.database, 3);
	assert_int_equal(options->rules.misses_max[MISS_BUSY], 7);
	assert_int_equal(options->rules.misses_max[MISS_NO_ANSWER], 2);
	assert_int_equal(options->rules.rona_return, MINUTE(5));
	assert_true(options->identity.use_restricted);
	assert_string_equal(options->identity.shared[1], "+81570");
	assert_int_equal(options->queue_defaults.plan.ring, SEC(15));
	assert_true(options->queue_defaults.plan.wait_max == USEC_NEVER);
	assert_string_equal(options->queue_defaults.overflow, "vm");
	assert_false(options->queue_defaults.plan.sticky);
	assert_int_equal(options->queue_defaults.plan.line_max, 0);
	assert_int_equal(options->queue_defaults.plan.window, HOUR(24) * 7);
	options_free(options);
}

static void syntax_errors_have_a_line(void **state)
{
	(void)state;
	refuses("a = 1;\nb = ;\n", "t.conf:2: syntax error");
	refuses("site = \"a\";\nsite = \"b\";\n", "t.conf:2: duplicate setting name");
	refuses("rpc = { trusted = [ \"::1\",\n 5 ]; };",
	        "t.conf:2: mismatched element type in array");
}

static void errors_in_included_files_name_that_file(void **state)
{
	struct options *options = NULL;
	struct err err = { "" };

	(void)state;
	assert_int_equal(mkdir("d", 0700), 0);
	write_file("d/main.conf",
	           "site = \"a\";\n@include \"more.conf\"\nlog = { level = \"debug\"; };\n");
	write_file("d/more.conf", "\n\nqueue = { ring = \"6h\"; };\n");
	assert_true(options_load("d/main.conf", &options, &err) < 0);
	assert_string_equal(err.text, "d/more.conf:3: queue.ring: 6h is outside 10ms to 5m");
	write_file("d/more.conf", "\n\nqueue = { ring = ; };\n");
	assert_true(options_load("d/main.conf", &options, &err) < 0);
	assert_string_equal(err.text, "d/more.conf:3: syntax error");
	write_file("d/more.conf", "core = { calls_max = 4294967297; };\n");
	assert_true(options_load("d/main.conf", &options, &err) < 0);
	assert_string_equal(err.text,
	                    "d/more.conf:1: core.calls_max: 4294967297 is outside 1 to 1000000");
	write_file("d/more.conf", "queue = { ring = \"1m\"; };\n");
	assert_int_equal(options_load("d/main.conf", &options, &err), 0);
	assert_int_equal(options->queue_defaults.plan.ring, MINUTE(1));
	assert_int_equal(options->log_level, 4);
	options_free(options);
}

static void lines_beyond_sixty_five_thousand_are_counted(void **state)
{
	char *text = malloc(80000);

	(void)state;
	assert_non_null(text);
	memset(text, '\n', 70000);
	strcpy(text + 70000, "zebra = 1;");
	refuses(text, "t.conf:70001: zebra: no such option");
	free(text);
}

static void the_state_directory_is_where_systemd_says(void **state)
{
	struct options *options;

	(void)state;
	setenv("STATE_DIRECTORY", "/var/lib/najimi/tokyo:/var/lib/other", 1);
	options = load("");
	assert_string_equal(options->redis.directory, "/var/lib/najimi/tokyo");
	options_free(options);
	options = load("redis = { directory = \"/srv/najimi\"; };");
	assert_string_equal(options->redis.directory, "/srv/najimi");
	options_free(options);
	unsetenv("STATE_DIRECTORY");
	options = load("");
	assert_string_equal(options->redis.directory, "/var/lib/najimi");
	options_free(options);
}

static void memory_that_runs_out_is_an_error_and_no_leak(void **state)
{
	int r = -ENOMEM;

	(void)state;
	write_file("secret", "hunter2");
	write_file("t.conf",
	           "skills = [ \"g\" ]; queues = ( { name = \"a\"; }, { name = \"b\"; } );\n"
	           "agents = ( { name = \"al\"; queues = [ \"a\" ]; skills = { g = 5; }; } );\n"
	           "clients = ( { name = \"c\"; role = \"pbx\"; token_file = \"secret\"; } );\n");
	for (unsigned nth = 1; r != 0; nth++) {
		struct options *options = NULL;
		struct err err = { "" };

		alloc_fail(nth);
		r = options_load("t.conf", &options, &err);
		alloc_fail(0);
		assert_true(r == 0 || r == -ENOMEM);
		if (r < 0)
			assert_non_null(strstr(err.text, "out of memory"));
		else
			assert_true(nth > 10);
		options_free(options);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_file_is_all_defaults),
		cmocka_unit_test(what_is_set_is_set_and_nothing_else),
		cmocka_unit_test(syntax_errors_have_a_line),
		cmocka_unit_test(errors_in_included_files_name_that_file),
		cmocka_unit_test(lines_beyond_sixty_five_thousand_are_counted),
		cmocka_unit_test(the_state_directory_is_where_systemd_says),
		cmocka_unit_test(memory_that_runs_out_is_an_error_and_no_leak),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
