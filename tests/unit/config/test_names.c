#include "config_test.h"

#include "names.h"

static const char *name_at(size_t index, void *arg)
{
	return ((const char **)arg)[index];
}

static void finds_names_by_their_place_in_the_list(void **state)
{
	const char *list[] = { "sales", "support", "accounts" };
	struct names names;
	size_t index = 99;

	(void)state;
	assert_int_equal(names_init(&names, 3, name_at, list, NULL), 0);
	for (size_t i = 0; i < 3; i++) {
		assert_true(names_find(&names, list[i], &index));
		assert_int_equal(index, i);
	}
	index = 99;
	assert_false(names_find(&names, "sale", &index));
	assert_int_equal(index, 99);
	names_done(&names);
}

static void finds_a_name_that_stands_twice(void **state)
{
	const char *list[] = { "c", "a", "b", "a" };
	struct names names;
	size_t first, second;

	(void)state;
	assert_int_equal(names_init(&names, 4, name_at, list, NULL), 0);
	assert_true(names_twice(&names, &first, &second));
	assert_int_equal(first, 1);
	assert_int_equal(second, 3);
	names_done(&names);

	assert_int_equal(names_init(&names, 3, name_at, list, NULL), 0);
	assert_false(names_twice(&names, &first, &second));
	names_done(&names);
}

static void an_empty_list_has_no_names(void **state)
{
	struct names names;
	size_t index, second;

	(void)state;
	assert_int_equal(names_init(&names, 0, name_at, NULL, NULL), 0);
	assert_false(names_find(&names, "a", &index));
	assert_false(names_twice(&names, &index, &second));
	names_done(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_names_by_their_place_in_the_list),
		cmocka_unit_test(finds_a_name_that_stands_twice),
		cmocka_unit_test(an_empty_list_has_no_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
