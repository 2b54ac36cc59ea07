#include "config_test.h"

static void changes(const char *from, const char *to, const char *message)
{
	struct options *old = load(from), *new = load(to);
	struct err err = { "" };

	if (options_can_reload(old, new, &err) != (message == NULL))
		fail_msg("%s", err.text);
	if (message != NULL)
		assert_string_equal(err.text, message);
	options_free(old);
	options_free(new);
}

static void what_may_change_while_running_may(void **state)
{
	(void)state;
	changes("", "", NULL);
	changes("", "log = { level = \"debug\"; };", NULL);
	changes("", "queue = { ring = \"1m\"; }; rona = { busy = 1; };", NULL);
	changes("rpc = { trusted = [ \"::1\" ]; };", "rpc = { trusted = [ \"10.0.0.0/8\" ]; };",
	        NULL);
	changes("queues = ( { name = \"a\"; } );", "queues = ( { name = \"b\"; } );", NULL);
	changes("agents = ( { name = \"a\"; } );", "", NULL);
	changes("", "clients = ( { name = \"a\"; role = \"pbx\"; token = \"t\"; } );", NULL);
	changes("", "core = { walk_max = 8; }; tiers = ( { name = \"gold\"; } );", NULL);
	changes("tiers = ( { name = \"a\"; } );",
	        "tiers = ( { name = \"a\"; price = \"50%\"; }, { name = \"b\"; } );", NULL);
	changes("", "queue = { sticky = { policy = \"rate\"; preset = \"sticky\"; }; };", NULL);
	changes("skills = [ \"a\" ];", "skills = [ \"b\", \"a\" ];", NULL);
}

static void what_needs_a_restart_is_named_with_both_values(void **state)
{
	(void)state;
	changes("", "core = { calls_max = 30000; };",
	        "core.calls_max: cannot change from 20000 to 30000 without a restart");
	changes("site = \"a\";", "site = \"b\";",
	        "site: cannot change from \"a\" to \"b\" without a restart");
	changes("", "redis = { mode = \"tcp\"; };",
	        "redis.mode: cannot change from \"embedded\" to \"tcp\" without a restart");
	changes("tiers = ( { name = \"a\"; }, { name = \"b\"; } );",
	        "tiers = ( { name = \"b\"; } );",
	        "tiers: cannot lose \"a\" or move it without a restart");
	changes("tiers = ( { name = \"a\"; }, { name = \"b\"; } );",
	        "tiers = ( { name = \"b\"; }, { name = \"a\"; } );",
	        "tiers: cannot lose \"a\" or move it without a restart");
	changes("skills = [ \"a\", \"b\" ];", "skills = [ \"b\" ];",
	        "skills: cannot lose \"a\" without a restart");
}

static void the_way_to_redis_may_change_and_what_is_kept_there_may_not(void **state)
{
	(void)state;
	changes("redis = { password = \"hunter2\"; };", "redis = { password = \"hunter3\"; };",
	        NULL);
	changes("redis = { mode = \"tcp\"; };",
	        "redis = { mode = \"tcp\"; address = \"redis:6379\"; };", NULL);
	changes("", "redis = { database = 1; };",
	        "redis.database: cannot change from 0 to 1 without a restart");
}

static void two_plans_differ_in_any_of_their_options(void **state)
{
	struct options *options = load("");
	struct queue_plan plan = options->queue_defaults.plan;

	(void)state;
	assert_true(options_same_plan(&plan, &options->queue_defaults.plan));
	plan.wait_brief++;
	assert_false(options_same_plan(&plan, &options->queue_defaults.plan));
	plan = options->queue_defaults.plan;
	plan.skips_skills = true;
	assert_false(options_same_plan(&plan, &options->queue_defaults.plan));
	plan = options->queue_defaults.plan;
	plan.familiarity[1]++;
	assert_false(options_same_plan(&plan, &options->queue_defaults.plan));
	plan = options->queue_defaults.plan;
	plan.overflows = true;
	assert_false(options_same_plan(&plan, &options->queue_defaults.plan));
	options_free(options);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_may_change_while_running_may),
		cmocka_unit_test(two_plans_differ_in_any_of_their_options),
		cmocka_unit_test(what_needs_a_restart_is_named_with_both_values),
		cmocka_unit_test(the_way_to_redis_may_change_and_what_is_kept_there_may_not),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
