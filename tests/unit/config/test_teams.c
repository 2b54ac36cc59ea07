#include "config_test.h"

#include <errno.h>

static void agents_of_a_team_have_one_number(void **state)
{
	struct options *options = load("agents = ( { name = \"a\"; team = \"north\"; },\n"
	                               "{ name = \"b\"; }, { name = \"c\"; team = \"east\"; },\n"
	                               "{ name = \"d\"; team = \"north\"; } );");

	(void)state;
	assert_string_equal(options->agents[0].team, "north");
	assert_int_equal(options->agents[0].team_number, 2);
	assert_int_equal(options->agents[1].team_number, 0);
	assert_int_equal(options->agents[2].team_number, 1);
	assert_int_equal(options->agents[3].team_number, 2);
	assert_int_equal(options->teams_highest, 2);
	options_free(options);
}

static void a_team_keeps_its_number_over_reloads(void **state)
{
	struct options *first = load("agents = ( { name = \"a\"; team = \"north\"; },\n"
	                             "{ name = \"c\"; team = \"east\"; } );");
	struct options *second = load("agents = ( { name = \"a\"; team = \"crew\"; },\n"
	                              "{ name = \"b\"; team = \"north\"; }, { name = \"c\"; } );");
	struct options *third = load("agents = ( { name = \"a\"; team = \"east\"; } );");

	(void)state;
	assert_int_equal(options_keep_teams(second, first, NULL), 0);
	assert_int_equal(second->agents[0].team_number, 3);
	assert_int_equal(second->agents[1].team_number, 2);
	assert_int_equal(second->agents[2].team_number, 0);
	/* Who was of the east and has not been heard of since is in no team of today. */
	assert_int_equal(options_keep_teams(third, second, NULL), 0);
	assert_int_equal(third->agents[0].team_number, 4);
	assert_int_equal(third->teams_highest, 4);
	options_free(first);
	options_free(second);
	options_free(third);
}

static void numbers_run_out_with_words(void **state)
{
	struct options *was = load("");
	struct options *options = load("agents = ( { name = \"a\"; team = \"x\"; } );");
	struct err err = { "" };

	(void)state;
	was->teams_highest = UINT16_MAX;
	assert_int_equal(options_keep_teams(options, was, &err), -ENOSPC);
	assert_string_equal(err.text, "agents: have had more than 65535 teams since the start");
	options_free(was);
	options_free(options);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agents_of_a_team_have_one_number),
		cmocka_unit_test(a_team_keeps_its_number_over_reloads),
		cmocka_unit_test(numbers_run_out_with_words),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
