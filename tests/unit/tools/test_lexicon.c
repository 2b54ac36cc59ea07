#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "lexicon.h"

static void numbers_names_in_order_of_appearance(void **state)
{
	struct lexicon names = { 0 };
	uint32_t index;

	(void)state;
	assert_false(lexicon_find(&names, TEXT("PS"), &index));
	assert_true(lexicon_intern(&names, TEXT("PS"), &index));
	assert_int_equal(index, 0);
	assert_true(lexicon_intern(&names, TEXT("NW"), &index));
	assert_int_equal(index, 1);
	assert_true(lexicon_intern(&names, TEXT("PS"), &index));
	assert_int_equal(index, 0);
	assert_true(lexicon_find(&names, TEXT("NW"), &index));
	assert_int_equal(index, 1);
	assert_false(lexicon_find(&names, TEXT("P"), &index));
	assert_int_equal(names.count, 2);
	assert_string_equal(names.list[1], "NW");
	lexicon_done(&names);
	assert_int_equal(names.count, 0);
}

static void finds_each_of_many(void **state)
{
	struct lexicon names = { 0 };

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < 50000; i++) {
			char text[16];
			uint32_t index;

			snprintf(text, sizeof(text), "c%u", i);
			assert_true(lexicon_intern(&names, text_of(text), &index));
			assert_int_equal(index, i);
		}
	}
	lexicon_done(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_names_in_order_of_appearance),
		cmocka_unit_test(finds_each_of_many),
	};

	return cmocka_run_group_tests_name("lexicon", tests, NULL, NULL);
}
