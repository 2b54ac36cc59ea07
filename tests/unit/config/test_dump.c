#include "config_test.h"

static const char centre[] =
        "site = \"tokyo\"; skills = [ \"german\" ];\n"
        "identity = { shared = [ \"+81120\", \"+81570\" ]; };\n"
        "queue = { ring = \"15s\"; };\n"
        "queues = ( { name = \"sa\\\"les\\\\\"; overflow = \"vm\"; wait_max = \"never\"; },\n"
        "\t{ name = \"support\"; sticky = { line_max = 5; window = \"1d\"; }; } );\n"
        "agents = ( { name = \"alice\"; target = \"PJSIP/alice\"; queues = [ \"support\" ];\n"
        "\tskills = { german = 5; }; }, { name = \"\xe6\x9d\xb1\"; } );\n"
        "clients = ( { name = \"pbx\"; role = \"pbx\"; token = \"hunter2\"; },\n"
        "\t{ name = \"desk\"; role = \"agent\"; agent = \"alice\"; token_file = \"secret\"; } );\n"
        "redis = { password_file = \"secret\"; };\n"
        "tiers = ( { name = \"gold\"; value = \"150%\"; wait_idle = \"2m\"; } );\n"
        "pause = { brief = [ \"coffee\" ]; };\n";

static void a_dump_can_be_read_again(void **state)
{
	struct options *options, *again;
	char *first, *second;

	(void)state;
	write_file("secret", "correct horse\n");
	options = load(centre);
	first = dump(options);
	again = load(first);
	second = dump(again);
	assert_string_equal(first, second);
	assert_true(options_can_reload(options, again, NULL));
	assert_string_equal(again->queues[0].name, "sa\"les\\");
	assert_true(again->queues[0].plan.wait_max == USEC_NEVER);
	assert_int_equal(again->queues[0].plan.ring, SEC(15));
	assert_int_equal(again->queues[1].plan.line_max, 5);
	assert_string_equal(again->agents[1].name, "\xe6\x9d\xb1");
	assert_int_equal(again->agents[0].queues[0], 1);
	assert_int_equal(again->agents[0].skills[0].level, 5);
	assert_int_equal(again->rules.tiers[0].value_share, 1500);
	assert_int_equal(again->rules.tiers[0].wait_idle, MINUTE(2));
	assert_true(again->rules.tiers[0].wait_skipped == USEC_NEVER);
	assert_true(options_pause_is_brief(again, "coffee"));
	/* From its file, which the dump names. */
	assert_string_equal(again->clients[1].token, "correct horse");
	assert_string_equal(again->redis.password, "correct horse");
	free(first);
	free(second);
	options_free(options);
	options_free(again);
}

static void no_secret_is_in_a_dump(void **state)
{
	struct options *options;
	char *text;

	(void)state;
	write_file("secret", "correct horse\n");
	options = load(centre);
	text = dump(options);
	assert_null(strstr(text, "hunter2"));
	assert_null(strstr(text, "correct horse"));
	assert_non_null(strstr(text, "token = \"********\";"));
	free(text);
	options_free(options);
}

static void a_queue_shows_what_it_does_not_share(void **state)
{
	struct options *options = load("queues = ( { name = \"a\"; ring = \"20s\"; priority = 5; "
	                               "sticky = { window = \"1d\"; line_max = 4; }; } );");
	char *text = dump(options);

	(void)state;
	assert_non_null(strstr(text, "queues = (\n"
	                             "\t{\n"
	                             "\t\tname = \"a\";\n"
	                             "\t\tpriority = 5;\n"
	                             "\t\tsticky = {\n"
	                             "\t\t\twindow = \"1d\";\n"
	                             "\t\t\tline_max = 4;\n"
	                             "\t\t};\n"
	                             "\t}\n"
	                             ");\n"));
	free(text);
	options_free(options);
}

/* Loaded again, the dump gives the queue `a` the same plan. */
static void survives(const char *text, const char *wanted)
{
	struct options *options = load(text), *again;
	char *first = dump(options), *second;

	if (strstr(first, wanted) == NULL)
		fail_msg("not in the dump: %s", wanted);
	again = load(first);
	second = dump(again);
	assert_string_equal(first, second);
	assert_true(options_same_plan(&options->queues[0].plan, &again->queues[0].plan));
	assert_int_equal(options->queues[0].preset, again->queues[0].preset);
	free(first);
	free(second);
	options_free(options);
	options_free(again);
}

static void what_a_preset_sets_is_said_whole(void **state)
{
	(void)state;
	/* What is as all queues have it, but not as the preset would: */
	survives("queues = ( { name = \"a\"; sticky = { preset = \"sticky\"; value = \"60s\"; "
	         "}; } );",
	         "\t\tsticky = {\n"
	         "\t\t\tpreset = \"sticky\";\n"
	         "\t\t\tvalue = \"1m\";\n"
	         "\t\t\twait_idle = \"2m\";\n"
	         "\t\t\twait_skipped = \"2m\";\n"
	         "\t\t\tcredit = \"2m\";\n"
	         "\t\t\thead_start = \"0s\";\n"
	         "\t\t};\n");
	survives("queue = { sticky = { preset = \"sticky\"; value = \"90s\"; }; };\n"
	         "queues = ( { name = \"a\"; sticky = { preset = \"sticky\"; }; } );",
	         "\t\tsticky = {\n"
	         "\t\t\tvalue = \"200s\";\n"
	         "\t\t};\n");
	survives("queue = { sticky = { preset = \"sticky\"; }; };\n"
	         "queues = ( { name = \"a\"; sticky = { preset = \"\"; value = \"9s\"; }; } );",
	         "preset = \"\"");
}

static void the_defaults_dump_to_themselves(void **state)
{
	struct options *options = NULL, *again;
	char *text, *second;

	(void)state;
	assert_int_equal(options_defaults(&options, NULL), 0);
	text = dump(options);
	again = load(text);
	second = dump(again);
	assert_string_equal(text, second);
	free(text);
	free(second);
	options_free(options);
	options_free(again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_dump_can_be_read_again),
		cmocka_unit_test(no_secret_is_in_a_dump),
		cmocka_unit_test(a_queue_shows_what_it_does_not_share),
		cmocka_unit_test(what_a_preset_sets_is_said_whole),
		cmocka_unit_test(the_defaults_dump_to_themselves),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
