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

static void unknown_options_are_errors_with_a_suggestion(void **state)
{
	(void)state;
	refuses("\nqueue = { rign = \"5s\"; };",
	        "t.conf:2: queue.rign: no such option; did you mean queue.ring?");
	refuses("ring = \"5s\";", "t.conf:1: ring: no such option; did you mean queue.ring?");
	refuses("rcp = { listen = \"\"; };", "t.conf:1: rcp: no such option; did you mean rpc?");
	refuses("zebra = 1;", "t.conf:1: zebra: no such option");
	refuses("queue = { name = \"a\"; };", "t.conf:1: queue.name: no such option");
	refuses("rpc = { colour = \"red\"; };", "t.conf:1: rpc.colour: no such option");
}

static void values_out_of_range_are_named_with_their_limits(void **state)
{
	(void)state;
	refuses("\n\nqueue = {\n ring = \"6h\";\n};",
	        "t.conf:4: queue.ring: 6h is outside 10ms to 5m");
	refuses("core = { calls_max = 0; };",
	        "t.conf:1: core.calls_max: 0 is outside 1 to 1000000");
	refuses("rpc = { message_max = \"1G\"; };",
	        "t.conf:1: rpc.message_max: 1G is outside 1K to 16M");
	refuses("queue = { wait_max = \"25h\"; };",
	        "t.conf:1: queue.wait_max: 25h is outside 10ms to 1d, or never");
	refuses("site = \"\";", "t.conf:1: site: must not be empty");
	refuses("site = \"a\\x01\";", "t.conf:1: site: has a character that cannot be printed");
	refuses("log = { level = \"loud\"; };",
	        "t.conf:1: log.level: does not know \"loud\", only error, warning, notice, info, "
	        "debug");
}

static void whole_numbers_are_never_cut_short(void **state)
{
	(void)state;
	refuses("core = { calls_max = 5000000000; };",
	        "t.conf:1: core.calls_max: 5000000000 is outside 1 to 1000000");
	/* Cut to 31 bits, this would be a fine 1. */
	refuses("core = { calls_max = 4294967297; };",
	        "t.conf:1: core.calls_max: 4294967297 is outside 1 to 1000000");
	refuses("core = { calls_max = 4294967297L; };",
	        "t.conf:1: core.calls_max: 4294967297 is outside 1 to 1000000");
	refuses("core = { calls_max\n =\n 4294967297; };",
	        "t.conf:3: 4294967297 is too large a number");
	refuses("core = { calls_max = 0x100000001; };",
	        "t.conf:1: 0x100000001 is too large a number");
}

static void values_of_another_type_are_told_what_is_wanted(void **state)
{
	(void)state;
	refuses("core = { calls_max = \"10\"; };",
	        "t.conf:1: core.calls_max: wants a whole number, not \"10\"");
	refuses("core = { calls_max = 1.5; };",
	        "t.conf:1: core.calls_max: wants a whole number, not 1.5");
	refuses("core = { calls_max = true; };",
	        "t.conf:1: core.calls_max: wants a whole number, not true");
	refuses("queue = { ring = 20; };",
	        "t.conf:1: queue.ring: wants a duration such as \"20s\" or \"10m\", not 20");
	refuses("queue = { ring = \"20 seconds\"; };",
	        "t.conf:1: queue.ring: wants a duration such as \"20s\" or \"10m\", not \"20 "
	        "seconds\"");
	refuses("rpc = { message_max = 65536; };",
	        "t.conf:1: rpc.message_max: wants a size such as \"64K\" or \"1M\", not 65536");
	refuses("site = 5;", "t.conf:1: site: wants a text in quotes, not 5");
	refuses("site = [ \"a\" ];", "t.conf:1: site: wants a text in quotes, not a list");
	refuses("site = { a = 1; };", "t.conf:1: site: wants a text in quotes, not a group { }");
	refuses("log = { level = 3; };", "t.conf:1: log.level: wants a word in quotes, not 3");
	refuses("queue = { open = \"yes\"; };",
	        "t.conf:1: queue.open: wants true or false, not \"yes\"");
	refuses("rpc = { trusted = \"::1\"; };",
	        "t.conf:1: rpc.trusted: wants a list of texts, [ \"one\", \"two\" ], not \"::1\"");
	refuses("rpc = { trusted = [ 1 ]; };",
	        "t.conf:1: rpc.trusted: wants a list of texts, [ \"one\", \"two\" ], not 1");
	refuses("core = 5;", "t.conf:1: core: is a group of options, core = { ... };");
	refuses("queue = 5;", "t.conf:1: queue: is a group of options, queue = { ... };");
	refuses("queue = { sticky = 5; };",
	        "t.conf:1: queue.sticky: is a group of options, sticky = { ... };");
	refuses("redis = { password = 12345; };",
	        "t.conf:1: redis.password: wants a text in quotes");
}

static void texts_have_forms(void **state)
{
	(void)state;
	refuses("rpc = { listen = \"7070\"; };",
	        "t.conf:1: rpc.listen: wants ADDRESS:PORT, such as 127.0.0.1:7070 or [::1]:7070, "
	        "not \"7070\"");
	refuses("rpc = { trusted = [ \"10.0.0.0/33\" ]; };",
	        "t.conf:1: rpc.trusted: wants an address or a network, such as 192.0.2.7 or "
	        "10.0.0.0/8, not \"10.0.0.0/33\"");
	refuses("rpc = { trusted = [ \"::1\", \"::1\" ]; };",
	        "t.conf:1: rpc.trusted: has \"::1\" twice");
	refuses("redis = { address = \"redis\"; };",
	        "t.conf:1: redis.address: wants HOST:PORT, such as 127.0.0.1:6379, not \"redis\"");
	refuses("identity = { country = \"+81\"; };",
	        "t.conf:1: identity.country: wants digits, not \"+81\"");
	refuses("skills = [ \"two words\" ];",
	        "t.conf:1: skills: wants a letter, then letters, digits, dashes and underscores, "
	        "not \"two words\"");
}

static void options_must_go_together(void **state)
{
	(void)state;
	refuses("rpc = {\n output_max = \"4K\"; };",
	        "t.conf:2: rpc.output_soft: 256K is above 4K, which is rpc.output_max");
	refuses("http = { listen = \"127.0.0.1:7070\"; };",
	        "t.conf:1: http.listen: 127.0.0.1:7070 is rpc.listen already");
	refuses("redis = { mode = \"unix\"; };",
	        "t.conf:1: redis.socket: must be given when redis.mode is \"unix\"");
	refuses("redis = { password = \"a\"; password_file = \"b\"; };",
	        "t.conf:1: redis.password_file: stands beside redis.password; one of them is "
	        "enough");
	options_free(
	        load("rpc = { listen = \"127.0.0.1:0\"; }; http = { listen = \"127.0.0.1:0\"; };"));
	options_free(load("rpc = { listen = \"\"; }; http = { listen = \"\"; };"));
}

static void a_site_has_at_most_sixty_four_skills(void **state)
{
	char text[1024] = "skills = [ \"s0\"";

	(void)state;
	for (int i = 1; i < 64; i++)
		sprintf(text + strlen(text), ", \"s%d\"", i);
	strcat(text, " ];");
	options_free(load(text));
	strcpy(text + strlen(text) - 3, ", \"s64\" ];");
	refuses(text, "t.conf:1: skills: 65 skills are outside 0 to 64");
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

static void a_password_may_have_a_file_of_its_own(void **state)
{
	struct options *options;

	(void)state;
	write_file("secret", "hunter2\n");
	options = load("redis = { password_file = \"secret\"; };");
	assert_string_equal(options->redis.password, "hunter2");
	assert_string_equal(options->redis.password_file, "secret");
	options_free(options);

	/* systemd's LoadCredential= goes before the folder of the file. */
	assert_int_equal(mkdir("credentials", 0700), 0);
	write_file("credentials/secret", "other\r\n");
	setenv("CREDENTIALS_DIRECTORY", "credentials", 1);
	options = load("redis = { password_file = \"secret\"; };");
	assert_string_equal(options->redis.password, "other");
	options_free(options);
	unsetenv("CREDENTIALS_DIRECTORY");

	refuses("redis = { password_file = \"none\"; };",
	        "t.conf:1: redis.password_file: ./none: No such file or directory");
	refuses("redis = { password_file = \"/tmp\"; };",
	        "t.conf:1: redis.password_file: /tmp: is not a regular file");
	write_file("empty", "\n");
	refuses("redis = { password_file = \"empty\"; };",
	        "t.conf:1: redis.password_file: ./empty: is empty");
	write_bytes("zero", "a\0b", 3);
	refuses("redis = { password_file = \"zero\"; };",
	        "t.conf:1: redis.password_file: ./zero: has a zero byte");
	write_file("lines", "a\nb\n");
	refuses("redis = { password_file = \"lines\"; };",
	        "t.conf:1: redis.password_file: ./lines: has a character that cannot be printed");
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
		cmocka_unit_test(unknown_options_are_errors_with_a_suggestion),
		cmocka_unit_test(values_out_of_range_are_named_with_their_limits),
		cmocka_unit_test(whole_numbers_are_never_cut_short),
		cmocka_unit_test(values_of_another_type_are_told_what_is_wanted),
		cmocka_unit_test(texts_have_forms),
		cmocka_unit_test(options_must_go_together),
		cmocka_unit_test(a_site_has_at_most_sixty_four_skills),
		cmocka_unit_test(errors_in_included_files_name_that_file),
		cmocka_unit_test(lines_beyond_sixty_five_thousand_are_counted),
		cmocka_unit_test(a_password_may_have_a_file_of_its_own),
		cmocka_unit_test(the_state_directory_is_where_systemd_says),
		cmocka_unit_test(memory_that_runs_out_is_an_error_and_no_leak),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
