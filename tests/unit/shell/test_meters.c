#include "najimi/shell/meters.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void same_words_count_in_one_row_wherever_they_stand_in_memory(void **state)
{
	static struct meter_table table;
	char copy[] = "ping";

	(void)state;
	meter_count(&table, "ping", "0");
	meter_count(&table, copy, "0");
	meter_count(&table, "ping", "-32700");
	assert_int_equal(table.count, 2);
	assert_int_equal(table.rows[0].value, 2);
}

static void a_full_table_counts_the_rest_as_other(void **state)
{
	static struct meter_table table;
	static char words[METER_ROWS_MAX + 50][8];
	uint64_t sum = 0;

	(void)state;
	for (int i = 0; i < METER_ROWS_MAX + 50; i++) {
		snprintf(words[i], sizeof(words[i]), "w%d", i);
		meter_count(&table, words[i], "0");
	}
	assert_int_equal(table.count, METER_ROWS_MAX);
	for (size_t i = 0; i < table.count; i++)
		sum += table.rows[i].value;
	assert_int_equal(sum, METER_ROWS_MAX + 50);
	assert_string_equal(table.rows[METER_ROWS_MAX - 1].first, "other");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_words_count_in_one_row_wherever_they_stand_in_memory),
		cmocka_unit_test(a_full_table_counts_the_rest_as_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
