#include "config_test.h"

static const char centre[] =
        "skills = [ \"german\", \"billing\" ];\n"
        "queue = { ring = \"15s\"; sticky = { wait_busy = \"30s\"; }; };\n"
        "queues = (\n"
        "\t{ name = \"sales\"; overflow = \"voicemail\"; sticky = { wait_busy = \"1m\"; }; },\n"
        "\t{ name = \"support\";\n\t  ring = \"25s\"; open = false; priority = -3; }\n"
        ");\n"
        "agents = (\n"
        "\t{ name = \"alice\"; target = \"PJSIP/alice\"; queues = [ \"support\", \"sales\" ];\n"
        "\t  skills = { billing = 2; german = 255; }; },\n"
        "\t{ name = \"bob\"; }\n"
        ");\n";

static void queues_have_the_defaults_unless_they_say_otherwise(void **state)
{
	struct options *options = load(centre);

	(void)state;
	assert_int_equal(options->queues_count, 2);
	assert_string_equal(options->queues[0].name, "sales");
	assert_string_equal(options->queues[0].overflow, "voicemail");
	assert_int_equal(options->queues[0].line, 4);
	assert_int_equal(options->queues[0].plan.ring, SEC(15));
	assert_int_equal(options->queues[0].plan.wait_busy, MINUTE(1));
	assert_string_equal(options->queues[1].name, "support");
	assert_string_equal(options->queues[1].overflow, "");
	assert_int_equal(options->queues[1].plan.ring, SEC(25));
	assert_int_equal(options->queues[1].plan.wait_busy, SEC(30));
	assert_int_equal(options->queues[1].plan.priority, -3);
	assert_false(options->queues[1].plan.open);
	options_free(options);
}

static void agents_know_queues_and_skills_by_index(void **state)
{
	struct options *options = load(centre);
	const struct agent_options *alice = &options->agents[0], *bob = &options->agents[1];

	(void)state;
	assert_int_equal(options->agents_count, 2);
	assert_string_equal(alice->name, "alice");
	assert_string_equal(alice->target, "PJSIP/alice");
	assert_int_equal(alice->queues_count, 2);
	assert_int_equal(alice->queues[0], 1);
	assert_int_equal(alice->queues[1], 0);
	assert_int_equal(alice->skills_count, 2);
	assert_int_equal(alice->skills[0].skill, 1);
	assert_int_equal(alice->skills[0].level, 2);
	assert_int_equal(alice->skills[1].skill, 0);
	assert_int_equal(alice->skills[1].level, 255);
	assert_string_equal(bob->target, "");
	assert_int_equal(bob->queues_count, 0);
	assert_int_equal(bob->skills_count, 0);
	assert_int_equal(bob->line, 11);
	options_free(options);
}

static void names_are_required_and_unique(void **state)
{
	(void)state;
	refuses("queues = ( { ring = \"5s\"; } );", "t.conf:1: queues[0]: has no name");
	refuses("queues = ( { name = \"a\"; }, { name = \"\"; } );",
	        "t.conf:1: queues[1].name: must not be empty");
	refuses("agents = ( { name = 5; } );",
	        "t.conf:1: agents[0].name: wants a text in quotes, not 5");
	refuses("queues = (\n { name = \"a\"; },\n { name = \"b\"; },\n { name = \"a\"; } );",
	        "t.conf:4: queues.a: is there already, at line 2");
	refuses("agents = (\n { name = \"a\"; },\n { name = \"a\"; } );",
	        "t.conf:3: agents.a: is there already, at line 2");
}

static void lists_are_lists_of_groups(void **state)
{
	(void)state;
	refuses("queues = 5;", "t.conf:1: queues: wants a list, ( { name = \"...\"; ... }, ... )");
	refuses("agents = [ \"alice\" ];",
	        "t.conf:1: agents: wants a list, ( { name = \"...\"; ... }, ... )");
	refuses("queues = ( \"sales\" );", "t.conf:1: queues[0]: wants { name = \"...\"; ... }");
	options_free(load("queues = ( ); agents = [ ]; clients = ( );"));
}

static void options_of_an_element_are_named_with_it(void **state)
{
	(void)state;
	refuses("queues = ( { name = \"sales\";\n ring = \"6h\"; } );",
	        "t.conf:2: queues.sales.ring: 6h is outside 10ms to 5m");
	refuses("queues = ( { name = \"sales\"; sticky = { window = 7; }; } );",
	        "t.conf:1: queues.sales.sticky.window: wants a duration such as \"20s\" or "
	        "\"10m\", "
	        "not 7");
	refuses("queues = ( { name = \"sales\"; wait_busy = \"5s\"; } );",
	        "t.conf:1: queues.sales.wait_busy: no such option; did you mean sticky.wait_busy?");
	refuses("agents = ( { name = \"al\"; queue = [ \"x\" ]; } );",
	        "t.conf:1: agents.al.queue: no such option; did you mean queues?");
	refuses("agents = ( { name = \"al\"; target = 5; } );",
	        "t.conf:1: agents.al.target: wants a text in quotes, not 5");
}

static void unknown_queues_and_skills_are_refused_with_the_nearest(void **state)
{
	(void)state;
	refuses("queues = ( { name = \"sales\"; } );\nagents = ( { name = \"al\"; queues = [\n"
	        " \"sales\",\n \"slaes\" ]; } );",
	        "t.conf:4: agents.al.queues: no queue is called \"slaes\"; did you mean "
	        "\"sales\"?");
	refuses("agents = ( { name = \"al\"; queues = [ \"sales\" ]; } );",
	        "t.conf:1: agents.al.queues: no queue is called \"sales\"");
	refuses("skills = [ \"german\" ];\nagents = ( { name = \"al\"; skills = { grman = 5; }; } "
	        ");",
	        "t.conf:2: agents.al.skills: no skill is called \"grman\"; did you mean "
	        "\"german\"?");
	refuses("agents = ( { name = \"al\"; skills = { x = 5; }; } );",
	        "t.conf:1: agents.al.skills: no skill is called \"x\"");
}

static void memberships_and_levels_are_checked(void **state)
{
	(void)state;
	refuses("queues = ( { name = \"a\"; } ); agents = ( { name = \"al\"; queues = \"a\"; } );",
	        "t.conf:1: agents.al.queues: wants a list of queues, [ \"one\", \"two\" ]");
	refuses("queues = ( { name = \"a\"; } ); agents = ( { name = \"al\"; queues = [ 1 ]; } );",
	        "t.conf:1: agents.al.queues: wants a list of queues, [ \"one\", \"two\" ]");
	refuses("queues = ( { name = \"a\"; } );\n"
	        "agents = ( { name = \"al\"; queues = [ \"a\", \"a\" ]; } );",
	        "t.conf:2: agents.al.queues: has \"a\" twice");
	refuses("skills = [ \"g\" ]; agents = ( { name = \"al\"; skills = [ \"g\" ]; } );",
	        "t.conf:1: agents.al.skills: wants skills with levels, { german = 5; }");
	refuses("skills = [ \"g\" ]; agents = ( { name = \"al\"; skills = { g = 0; }; } );",
	        "t.conf:1: agents.al.skills: 0 is outside 1 to 255");
	refuses("skills = [ \"g\" ]; agents = ( { name = \"al\"; skills = { g = 4294967301; }; } "
	        ");",
	        "t.conf:1: agents.al.skills: 4294967301 is outside 1 to 255");
	refuses("skills = [ \"g\" ]; agents = ( { name = \"al\"; skills = { g = \"5\"; }; } );",
	        "t.conf:1: agents.al.skills: wants a whole number, not \"5\"");
}

static void the_limits_of_the_core_hold(void **state)
{
	(void)state;
	refuses("core = { queues_max = 1; };\nqueues = ( { name = \"a\"; },\n { name = \"b\"; } );",
	        "t.conf:3: queues: 2 are outside 0 to 1, which is core.queues_max");
	refuses("core = { agents_max = 1; };\nagents = ( { name = \"a\"; },\n { name = \"b\"; } );",
	        "t.conf:3: agents: 2 are outside 0 to 1, which is core.agents_max");
	refuses("core = { memberships_max = 2; };\nqueues = ( { name = \"a\"; }, { name = \"b\"; } "
	        ");\n"
	        "agents = ( { name = \"x\"; queues = [ \"a\", \"b\" ]; },\n"
	        "\t{ name = \"y\"; queues = [ \"a\" ]; } );",
	        "t.conf:4: agents.y.queues: all agents' queues add up to more than 2, which is "
	        "core.memberships_max");
}

static void an_agent_has_at_most_sixty_four_queues(void **state)
{
	char text[4096] = "queues = ( { name = \"q0\"; }";

	(void)state;
	for (int i = 1; i < 65; i++)
		sprintf(text + strlen(text), ", { name = \"q%d\"; }", i);
	strcat(text, " ); agents = ( { name = \"al\"; queues = [ \"q0\"");
	for (int i = 1; i < 64; i++)
		sprintf(text + strlen(text), ", \"q%d\"", i);
	strcat(text, " ]; } );");
	options_free(load(text));
	strcpy(strstr(text, " ]; } );"), ", \"q64\" ]; } );");
	refuses(text, "t.conf:1: agents.al.queues: has more than 64 queues");
}

static void thousands_of_agents_load_in_no_time(void **state)
{
	size_t size = 0;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);
	struct options *options;

	(void)state;
	assert_non_null(out);
	fputs("core = { agents_max = 20000; memberships_max = 100000; queues_max = 300; };\n"
	      "queues = (",
	      out);
	for (int i = 0; i < 300; i++)
		fprintf(out, "%s{ name = \"queue-%d\"; }", i > 0 ? "," : "", i);
	fputs(");\nagents = (", out);
	for (int i = 0; i < 20000; i++)
		fprintf(out,
		        "%s\n{ name = \"agent-%d\"; queues = [ \"queue-%d\", \"queue-%d\" ]; }",
		        i > 0 ? "," : "", i, i % 300, (i + 7) % 300);
	fputs(");\n", out);
	assert_int_equal(fclose(out), 0);
	options = load(text);
	assert_int_equal(options->agents_count, 20000);
	assert_int_equal(options->agents[19999].queues[1], (19999 + 7) % 300);
	options_free(options);
	free(text);
}

/* Of the only queue, or of all queues when there is none. */
static void costs(const char *text, usec_t value, usec_t wait_idle, usec_t wait_skipped,
                  usec_t credit)
{
	struct options *options = load(text);
	const struct queue_plan *plan = options->queues_count > 0 ? &options->queues[0].plan
	                                                          : &options->queue_defaults.plan;

	assert_int_equal(plan->value, value);
	assert_int_equal(plan->wait_idle, wait_idle);
	assert_int_equal(plan->wait_skipped, wait_skipped);
	assert_int_equal(plan->credit, credit);
	options_free(options);
}

static void a_preset_sets_what_its_place_does_not_say(void **state)
{
	(void)state;
	costs("", SEC(60), SEC(60), SEC(60), MINUTE(2));
	costs("queue = { sticky = { preset = \"balanced\"; }; };", SEC(150), SEC(60), SEC(60),
	      MINUTE(2));
	costs("queue = { sticky = { preset = \"sticky\"; }; };", SEC(200), SEC(120), SEC(120),
	      MINUTE(2));
	costs("queue = { sticky = { preset = \"sticky\"; value = \"90s\"; }; };", SEC(90), SEC(120),
	      SEC(120), MINUTE(2));
	/* Before or after makes no difference. */
	costs("queue = { sticky = { credit = \"1m\"; preset = \"sticky\"; }; };", SEC(200),
	      SEC(120), SEC(120), MINUTE(1));
	costs("queue = { sticky = { preset = \"\"; value = \"90s\"; }; };", SEC(90), SEC(60),
	      SEC(60), MINUTE(2));
}

static void a_preset_of_a_queue_goes_before_what_all_queues_say(void **state)
{
	(void)state;
	costs("queue = { sticky = { preset = \"sticky\"; value = \"90s\"; }; };\n"
	      "queues = ( { name = \"a\"; } );",
	      SEC(90), SEC(120), SEC(120), MINUTE(2));
	costs("queue = { sticky = { value = \"90s\"; credit = \"1m\"; }; };\n"
	      "queues = ( { name = \"a\"; sticky = { preset = \"balanced\"; }; } );",
	      SEC(150), SEC(60), SEC(60), MINUTE(2));
	costs("queue = { sticky = { preset = \"sticky\"; value = \"90s\"; }; };\n"
	      "queues = ( { name = \"a\"; sticky = { preset = \"sticky\"; wait_idle = \"5s\"; }; } "
	      ");",
	      SEC(200), SEC(5), SEC(120), MINUTE(2));
	costs("queue = { sticky = { preset = \"sticky\"; }; };\n"
	      "queues = ( { name = \"a\"; sticky = { preset = \"\"; }; } );",
	      SEC(200), SEC(120), SEC(120), MINUTE(2));
}

static void a_preset_leaves_the_policy(void **state)
{
	struct options *options = load("queue = { sticky = { policy = \"own_first\"; }; };\n"
	                               "queues = ( { name = \"a\"; sticky = { preset = "
	                               "\"sticky\"; }; } );");

	(void)state;
	assert_int_equal(options->queues[0].plan.policy, POLICY_OWN_FIRST);
	options_free(options);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queues_have_the_defaults_unless_they_say_otherwise),
		cmocka_unit_test(a_preset_sets_what_its_place_does_not_say),
		cmocka_unit_test(a_preset_of_a_queue_goes_before_what_all_queues_say),
		cmocka_unit_test(a_preset_leaves_the_policy),
		cmocka_unit_test(agents_know_queues_and_skills_by_index),
		cmocka_unit_test(names_are_required_and_unique),
		cmocka_unit_test(lists_are_lists_of_groups),
		cmocka_unit_test(options_of_an_element_are_named_with_it),
		cmocka_unit_test(unknown_queues_and_skills_are_refused_with_the_nearest),
		cmocka_unit_test(memberships_and_levels_are_checked),
		cmocka_unit_test(the_limits_of_the_core_hold),
		cmocka_unit_test(an_agent_has_at_most_sixty_four_queues),
		cmocka_unit_test(thousands_of_agents_load_in_no_time),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
