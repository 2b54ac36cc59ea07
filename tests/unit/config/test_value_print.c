#include "config_test.h"

#include "rows.h"

static void prints(void (*print)(const struct option_row *row, FILE *out),
                   const struct option_row *row, const char *wanted)
{
	char got[128] = "";
	FILE *out = fmemopen(got, sizeof(got), "w");

	assert_non_null(out);
	print(row, out);
	fclose(out);
	assert_string_equal(got, wanted);
}

static void what_is_shown_is_short_and_printable(void **state)
{
	char shown[SHOWN_SIZE];
	char longer[200];

	(void)state;
	assert_string_equal(value_shown("sales", shown), "sales");
	assert_string_equal(value_shown("a\nb\x7f\xff", shown), "a?b??");
	assert_string_equal(value_shown("", shown), "");
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_int_equal(strlen(value_shown(longer, shown)), SHOWN_SIZE - 1);
	assert_string_equal(shown + SHOWN_SIZE - 5, "x...");
	/* Never half a character. */
	for (size_t i = 0; i + 3 < sizeof(longer); i += 3)
		memcpy(longer + i, "\xe6\x9d\xb1", 3);
	longer[198] = '\0';
	value_shown(longer, shown);
	assert_string_equal(shown + strlen(shown) - 6, "\xe6\x9d\xb1...");
}

static void a_range_is_told_in_the_units_of_the_file(void **state)
{
	static const char *const words[] = { "", "red", "green", NULL };

	(void)state;
	prints(value_print_range, &(struct option_row){ .kind = OPTION_INT, .min = -5, .max = 5 },
	       "From -5 to 5.");
	prints(value_print_range,
	       &(struct option_row){ .kind = OPTION_DURATION, .max = SEC(90), .also = "never" },
	       "From 0s to 90s, or never.");
	prints(value_print_range, &(struct option_row){ .kind = OPTION_SIZE, .max = 65536 },
	       "From 0 to 64K.");
	prints(value_print_range, &(struct option_row){ .kind = OPTION_PERCENT, .max = 505 },
	       "From 0% to 50.5%.");
	prints(value_print_range, &(struct option_row){ .kind = OPTION_CHOICE, .words = words },
	       "One of red, green.");
	prints(value_print_range, &(struct option_row){ .kind = OPTION_LEVELS, .min = 1, .max = 9 },
	       "Levels are from 1 to 9.");
	prints(value_print_range, &(struct option_row){ .kind = OPTION_TEXT }, "");
}

static void a_default_is_written_as_in_a_file(void **state)
{
	(void)state;
	prints(value_print_default, &(struct option_row){ .kind = OPTION_INT, .fallback = "5" },
	       "5");
	prints(value_print_default, &(struct option_row){ .kind = OPTION_BOOL, .fallback = "true" },
	       "true");
	prints(value_print_default,
	       &(struct option_row){ .kind = OPTION_PERCENT, .fallback = "5%" }, "\"5%\"");
	prints(value_print_default, &(struct option_row){ .kind = OPTION_TEXTS, .fallback = "" },
	       "[ ]");
	prints(value_print_default, &(struct option_row){ .kind = OPTION_TEXTS, .fallback = "a b" },
	       "[ \"a\", \"b\" ]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_shown_is_short_and_printable),
		cmocka_unit_test(a_range_is_told_in_the_units_of_the_file),
		cmocka_unit_test(a_default_is_written_as_in_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
