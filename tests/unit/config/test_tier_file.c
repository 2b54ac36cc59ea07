#include "config_test.h"

static void tiers_have_numbers_and_plans(void **state)
{
	struct options *options =
	        load("tiers = ( { name = \"gold\"; head_start = \"60s\"; value = \"150%\"; "
	             "price = \"50%\"; wait_idle = \"2m\"; wait_skipped = \"0s\"; },\n"
	             "{ name = \"plain\"; } );");
	const struct tier_plan *gold = &options->rules.tiers[0], *plain = &options->rules.tiers[1];

	(void)state;
	assert_int_equal(options->tiers_count, 2);
	assert_int_equal(options->rules.tiers_count, 2);
	assert_int_equal(options->tiers[1].line, 2);
	assert_int_equal(options_find_tier(options, "gold"), 1);
	assert_int_equal(options_find_tier(options, "plain"), 2);
	assert_int_equal(gold->head_start, SEC(60));
	assert_int_equal(gold->value_share, 1500);
	assert_int_equal(gold->price_share, 500);
	assert_int_equal(gold->wait_idle, MINUTE(2));
	assert_int_equal(gold->wait_skipped, 0);
	assert_int_equal(plain->head_start, 0);
	assert_int_equal(plain->value_share, 1000);
	assert_int_equal(plain->price_share, 1000);
	assert_true(plain->wait_idle == USEC_NEVER);
	assert_true(plain->wait_skipped == USEC_NEVER);
	options_free(options);
}

static void a_mistaken_tier_is_refused_with_its_place(void **state)
{
	(void)state;
	refuses("tiers = ( { name = \"gold\"; },\n{ name = \"gold\"; } );",
	        "t.conf:2: tiers.gold: is there already, at line 1");
	refuses("tiers = ( { value = \"150%\"; } );", "t.conf:1: tiers[0]: has no name");
	refuses("tiers = ( { name = \"\"; } );", "t.conf:1: tiers[0].name: must not be empty");
	refuses("tiers = ( { name = \"gold\"; vlaue = \"1%\"; } );",
	        "t.conf:1: tiers.gold.vlaue: no such option; did you mean value?");
	refuses("tiers = ( { name = \"gold\"; price = \"0%\"; } );",
	        "t.conf:1: tiers.gold.price: 0% is outside 1% to 1000%");
	refuses("tiers = ( { name = \"gold\"; head_start = \"5m\"; } );",
	        "t.conf:1: tiers.gold.head_start: 5m is outside 0s to 4m");
	refuses("tiers = ( { name = \"gold\"; wait_idle = \"never\"; } );",
	        "t.conf:1: tiers.gold.wait_idle: never is outside 0s to 1h, or queue");
	refuses("tiers = 5;", "t.conf:1: tiers: wants a list, ( { name = \"...\"; ... }, ... )");
}

static void a_site_has_at_most_eight_tiers(void **state)
{
	char text[512] = "tiers = ( { name = \"t0\"; }";
	struct options *options;

	(void)state;
	for (int i = 1; i < TIERS_MAX; i++)
		sprintf(text + strlen(text), ",\n{ name = \"t%d\"; }", i);
	strcat(text, " );");
	options = load(text);
	assert_int_equal(options_find_tier(options, "t7"), TIERS_MAX);
	options_free(options);
	strcpy(text + strlen(text) - 2, ",\n{ name = \"t8\"; } );");
	refuses(text, "t.conf:9: tiers: 9 are outside 0 to 8");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tiers_have_numbers_and_plans),
		cmocka_unit_test(a_mistaken_tier_is_refused_with_its_place),
		cmocka_unit_test(a_site_has_at_most_eight_tiers),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
