#include "table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct column columns[] = {
	{ .title = "AGENT" },
	{ .title = "CALLS", .right = true },
	{ .title = "WHY" },
};

/* The caller frees it. */
static char *print(const struct table *table, bool colour)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	table_print(table, colour, out);
	fclose(out);
	return text;
}

static void columns_are_as_wide_as_their_content_in_cells(void **state)
{
	struct table *table = table_new(columns, ARRAY_LEN(columns));
	char *text;

	(void)state;
	table_row(table);
	table_text(table, "alice");
	table_number(table, 7);
	table_text(table, "tea");
	table_row(table);
	table_text(table, "田中さん"); /* eight cells, twelve bytes */
	table_number(table, -12345678);
	table_text(table, NULL);
	table_row(table);
	table_text(table, "e\xcc\x81va"); /* a combining accent takes no cell */
	text = print(table, false);
	assert_string_equal(text, "AGENT         CALLS  WHY\n"
	                          "alice             7  tea\n"
	                          "田中さん  -12345678  -\n"
	                          "e\xcc\x81va                  \n");
	free(text);
	assert_int_equal(table_rows(table), 3);
	table_free(table);
}

static void titles_stand_alone_when_there_are_no_rows(void **state)
{
	struct table *table = table_new(columns, ARRAY_LEN(columns));
	char *text = print(table, false);

	(void)state;
	assert_string_equal(text, "AGENT  CALLS  WHY\n");
	free(text);
	text = print(table, true);
	assert_string_equal(text, "\x1b[1mAGENT  CALLS  WHY\x1b[0m\n");
	free(text);
	table_free(table);
}

static void what_a_terminal_would_obey_is_shown_instead(void **state)
{
	char clean[512];

	(void)state;
	table_clean("a\x1b[31mb\nc\xc2\x9b"
	            "d\xff\xe2\x80\xae"
	            "e",
	            clean, sizeof(clean));
	assert_string_equal(clean, "a\xef\xbf\xbd[31mb\xef\xbf\xbd"
	                           "c\xef\xbf\xbd"
	                           "d\xef\xbf\xbd"
	                           "\xef\xbf\xbd"
	                           "e");
}

static void a_long_text_ends_in_an_ellipsis(void **state)
{
	char text[200], clean[512];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[TABLE_CELL_MAX] = '\0';
	table_clean(text, clean, sizeof(clean));
	assert_string_equal(clean, text); /* just fits */
	text[TABLE_CELL_MAX] = 'x';
	text[TABLE_CELL_MAX + 1] = '\0';
	table_clean(text, clean, sizeof(clean));
	assert_int_equal(table_width(clean), TABLE_CELL_MAX);
	assert_string_equal(clean + TABLE_CELL_MAX - 1, "…");
}

static void a_text_of_nothing_but_marks_stays_within_its_buffer(void **state)
{
	char text[4001] = "", clean[4 * TABLE_CELL_MAX + 8];

	(void)state;
	for (int i = 0; i < 2000; i++)
		memcpy(text + 2 * i, "\xcc\x81", 3);
	table_clean(text, clean, sizeof(clean));
	assert_true(strlen(clean) < sizeof(clean));
	assert_string_equal(clean + strlen(clean) - 3, "…");
}

static void durations_read_like_a_clock(void **state)
{
	static const struct column one[] = { { .title = "T" } };
	struct table *table = table_new(one, 1);
	static const usec_t durations[] = { 0, SEC(65), HOUR(2) + MINUTE(10), USEC_NEVER };
	char *text;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(durations); i++) {
		table_row(table);
		table_duration(table, durations[i]);
	}
	text = print(table, false);
	assert_string_equal(text, "T\n0:00\n1:05\n2:10:00\n-\n");
	free(text);
	table_free(table);
}

static void many_rows_and_too_many_cells_do_no_harm(void **state)
{
	static const struct column one[] = { { .title = "N", .right = true } };
	struct table *table = table_new(one, 1);

	(void)state;
	table_text(table, "before any row");
	for (int i = 0; i < 1000; i++) {
		table_row(table);
		table_number(table, i);
		table_text(table, "beyond the last column");
	}
	assert_int_equal(table_rows(table), 1000);
	table_free(table);
	assert_null(table_free(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_as_wide_as_their_content_in_cells),
		cmocka_unit_test(titles_stand_alone_when_there_are_no_rows),
		cmocka_unit_test(what_a_terminal_would_obey_is_shown_instead),
		cmocka_unit_test(a_long_text_ends_in_an_ellipsis),
		cmocka_unit_test(a_text_of_nothing_but_marks_stays_within_its_buffer),
		cmocka_unit_test(durations_read_like_a_clock),
		cmocka_unit_test(many_rows_and_too_many_cells_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
