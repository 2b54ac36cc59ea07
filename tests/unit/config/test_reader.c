#include "config_test.h"

#include <sys/stat.h>

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
	refuses("redis = { address = \"redis\"; };", "t.conf:1: redis.address: wants HOST:PORT "
	                                             "with a port from 1 to 65535, not \"redis\"");
	refuses("identity = { country = \"+81\"; };",
	        "t.conf:1: identity.country: wants digits, not \"+81\"");
	refuses("skills = [ \"two words\" ];",
	        "t.conf:1: skills: wants a letter, then letters, digits, dashes and underscores, "
	        "not \"two words\"");
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_options_are_errors_with_a_suggestion),
		cmocka_unit_test(values_out_of_range_are_named_with_their_limits),
		cmocka_unit_test(whole_numbers_are_never_cut_short),
		cmocka_unit_test(values_of_another_type_are_told_what_is_wanted),
		cmocka_unit_test(texts_have_forms),
		cmocka_unit_test(a_password_may_have_a_file_of_its_own),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
