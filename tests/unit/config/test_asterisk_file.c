#include "config_test.h"

static void servers_are_read_with_their_secrets(void **state)
{
	struct options *options;
	const struct asterisk_options *asterisk;

	(void)state;
	write_file("pbx.secret", "correct horse\n");
	options = load("asterisk = (\n"
	               "\t{ name = \"a\"; address = \"192.0.2.7:5038\"; user = \"najimi\"; "
	               "secret = \"s1\"; },\n"
	               "\t{ name = \"b\"; address = \"pbx.example.com:5039\"; user = \"n\"; "
	               "secret_file = \"pbx.secret\"; tls = true; md5 = false; "
	               "from = [ \"192.0.2.0/28\" ]; }\n"
	               ");\n");
	asterisk = options->asterisks;
	assert_int_equal(options->asterisks_count, 2);
	assert_string_equal(asterisk[0].name, "a");
	assert_string_equal(asterisk[0].address, "192.0.2.7:5038");
	assert_string_equal(asterisk[0].user, "najimi");
	assert_string_equal(asterisk[0].secret, "s1");
	assert_true(asterisk[0].md5);
	assert_false(asterisk[0].tls);
	assert_null(asterisk[0].from[0]);
	assert_int_equal(asterisk[0].line, 2);
	assert_string_equal(asterisk[1].secret, "correct horse");
	assert_false(asterisk[1].md5);
	assert_true(asterisk[1].tls);
	assert_string_equal(asterisk[1].from[0], "192.0.2.0/28");
	assert_null(asterisk[1].from[1]);
	options_free(options);
}

static void a_server_needs_an_address_and_somebody_to_log_in_as(void **state)
{
	(void)state;
	refuses("asterisk = ( { name = \"a\"; } );",
	        "t.conf:1: asterisk.a: has no address: HOST:PORT of its manager interface");
	refuses("asterisk = ( { name = \"a\"; address = \"::1:5038\"; } );",
	        "t.conf:1: asterisk.a.address: wants HOST:PORT with a port from 1 to 65535, not "
	        "\"::1:5038\"");
	refuses("asterisk = ( { name = \"a\"; address = \"h:1\"; } );",
	        "t.conf:1: asterisk.a: has no user: a name of its manager.conf");
	refuses("asterisk = ( { name = \"a\"; address = \"h:1\"; user = \"u\"; } );",
	        "t.conf:1: asterisk.a: has no secret: secret or secret_file");
	refuses("asterisk = ( { name = \"a\"; address = \"h:1\"; user = \"u\\ny\"; } );",
	        "t.conf:1: asterisk.a.user: has a character that cannot be printed");
	refuses("asterisk = ( { name = \"a\"; address = \"h:1\"; user = \"u\"; secret = "
	        "\"s\"; ca_file = \"/x\"; } );",
	        "t.conf:1: asterisk.a: has a ca_file, which only tls = true uses");
}

static void a_server_stands_there_once(void **state)
{
	(void)state;
	refuses("asterisk = (\n"
	        "{ name = \"a\"; address = \"h:1\"; user = \"u\"; secret = \"s\"; },\n"
	        "{ name = \"a\"; address = \"h:2\"; user = \"u\"; secret = \"s\"; } );",
	        "t.conf:3: asterisk.a: is there already, at line 2");
}

/* When there is something to tell, and a time for it. */
static void callers_are_told_by_order_of_the_core(void **state)
{
	struct options *options;

	(void)state;
	options =
	        load("queue = { hold = { tell_after = \"5s\"; tell_every = \"30s\"; }; };\n"
	             "queues = ( { name = \"a\"; },\n"
	             "\t{ name = \"b\"; hold = { tell_place = true; }; },\n"
	             "\t{ name = \"c\"; hold = { tell_wait = true; tell_every = \"never\"; }; },\n"
	             "\t{ name = \"d\"; hold = { announcement = \"x\"; tell_after = \"never\"; "
	             "}; } );\n");
	assert_int_equal(options->queues[0].plan.tell_every, 0);
	assert_int_equal(options->queues[1].plan.tell_after, SEC(5));
	assert_int_equal(options->queues[1].plan.tell_every, SEC(30));
	assert_true(options->queues[2].plan.tell_every == USEC_NEVER);
	assert_int_equal(options->queues[3].plan.tell_every, 0);
	options_free(options);
}

static void what_callers_hear_is_a_queues_affair(void **state)
{
	struct options *options;

	(void)state;
	options = load("queue = { hold = { music = \"jazz\"; tell_every = \"never\"; }; };\n"
	               "queues = ( { name = \"a\"; },\n"
	               "\t{ name = \"b\"; hold = { music = \"\"; dial = \"daemon\"; "
	               "leave = \"1#\"; }; } );\n");
	assert_string_equal(options->queues[0].hold.music, "jazz");
	assert_int_equal(options->queues[0].hold.dial, DIAL_BY_DIALPLAN);
	assert_true(options->queues[0].hold.tell_every == USEC_NEVER);
	assert_true(options->queues[0].hold.tell_after == SEC(10));
	assert_string_equal(options->queues[1].hold.music, "");
	assert_int_equal(options->queues[1].hold.dial, DIAL_BY_DAEMON);
	assert_string_equal(options->queues[1].hold.leave, "1#");
	options_free(options);
	refuses("queue = { hold = { leave = \"1a\"; }; };",
	        "t.conf:1: queue.hold.leave: \"a\" is no key of a telephone: 0 to 9, * and #");
	refuses("queue = { hold = { dial_options = \"t\\nT\"; }; };",
	        "t.conf:1: queue.hold.dial_options: has a character that cannot be printed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(servers_are_read_with_their_secrets),
		cmocka_unit_test(a_server_needs_an_address_and_somebody_to_log_in_as),
		cmocka_unit_test(a_server_stands_there_once),
		cmocka_unit_test(callers_are_told_by_order_of_the_core),
		cmocka_unit_test(what_callers_hear_is_a_queues_affair),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
