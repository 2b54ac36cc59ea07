#include "config_test.h"

static void a_tier_has_the_number_of_its_place(void **state)
{
	struct options *options = load("tiers = ( { name = \"gold\"; }, { name = \"silver\"; } );");

	(void)state;
	assert_int_equal(options_find_tier(options, "gold"), 1);
	assert_int_equal(options_find_tier(options, "silver"), 2);
	assert_int_equal(options_find_tier(options, "Gold"), 0);
	assert_int_equal(options_find_tier(options, ""), 0);
	options_free(options);
}

static void only_the_reasons_named_are_brief(void **state)
{
	struct options *options = load("pause = { brief = [ \"coffee\", \"rest room\" ]; };");

	(void)state;
	assert_true(options_pause_is_brief(options, "coffee"));
	assert_true(options_pause_is_brief(options, "rest room"));
	assert_false(options_pause_is_brief(options, "lunch"));
	assert_false(options_pause_is_brief(options, ""));
	options_free(options);

	options = load("");
	assert_false(options_pause_is_brief(options, "coffee"));
	options_free(options);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tier_has_the_number_of_its_place),
		cmocka_unit_test(only_the_reasons_named_are_brief),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
