#include "whatif_plot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "table.h"
#include "whatif_played.h"

/* The plot; the caller frees it. Static: gcc 12 takes the memory of the stream for the place
 * where its address is kept. */
static char *plot(const struct whatif_study *study, unsigned width, bool plain)
{
	static char *text;
	static size_t length;
	FILE *out = open_memstream(&text, &length);

	whatif_plot(study, width, plain, out);
	fclose(out);
	return text;
}

static void assert_says(const char *text, const char *words)
{
	if (strstr(text, words) == NULL)
		fail_msg("'%s' is not in\n%s", words, text);
}

static void every_run_has_its_sign(void **state)
{
	struct played played;
	char *text;

	(void)state;
	played_init(&played);
	text = plot(&played.study, 100, false);
	assert_says(text, "●0");
	assert_says(text, "●100");
	assert_says(text, "●200");
	assert_null(strstr(text, "●300")); /* has no place */
	assert_says(text, "◆");
	assert_says(text, "N neutral");
	assert_says(text, "mean wait of all answered callers, seconds");
	assert_says(text, "own agent present, who met them: %");
	assert_says(text, "32.5");
	free(text);
}

static void more_reunions_are_higher_and_more_waiting_is_further_right(void **state)
{
	struct played played;
	char *text, *zero, *present, *sticky;

	(void)state;
	played_init(&played);
	text = plot(&played.study, 100, true);
	zero = strstr(text, "*0");
	present = strchr(text, '@');
	sticky = strstr(text, "S\n");
	assert_non_null(zero);
	assert_non_null(present);
	assert_non_null(sticky);
	assert_true(sticky < present && present < zero);
	while (zero[-1] != '\n' && present[-1] != '\n') {
		zero--;
		present--;
	}
	assert_true(zero[-1] == '\n'); /* reached its line's start first */
	free(text);
}

static void plain_means_nothing_but_ascii(void **state)
{
	struct played played;
	char *text;

	(void)state;
	played_init(&played);
	text = plot(&played.study, 80, true);
	for (const char *at = text; *at != '\0'; at++)
		assert_true((unsigned char)*at < 0x80);
	free(text);
}

static void lines_are_no_wider_than_the_terminal(void **state)
{
	static const unsigned widths[] = { 10, 64, 80, 132, 1000 };
	struct played played;

	(void)state;
	played_init(&played);
	for (size_t i = 0; i < ARRAY_LEN(widths); i++) {
		char *text = plot(&played.study, widths[i], false);
		unsigned width = widths[i] < 80 ? 80 : widths[i];

		for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
			assert_true(table_width(line) <= width);
		free(text);
	}
}

static void nothing_to_draw_is_no_plot(void **state)
{
	struct played played;
	char *text;

	(void)state;
	played_init(&played);
	for (size_t i = 0; i < played.study.runs_count; i++)
		played.study.runs[i].wait = -1;
	text = plot(&played.study, 80, false);
	assert_string_equal(text, "");
	free(text);
}

static void the_terminal_is_asked(void **state)
{
	FILE *file = tmpfile();

	(void)state;
	setenv("COLUMNS", "97", 1);
	assert_int_equal(whatif_terminal_width(file), 97);
	setenv("COLUMNS", "many", 1);
	assert_int_equal(whatif_terminal_width(file), 80);
	unsetenv("COLUMNS");
	assert_int_equal(whatif_terminal_width(file), 80);
	fclose(file);
	setenv("LC_ALL", "C", 1);
	assert_true(whatif_terminal_plain());
	setenv("LC_ALL", "C.UTF-8", 1);
	assert_false(whatif_terminal_plain());
	setenv("LC_ALL", "nowhere", 1);
	assert_true(whatif_terminal_plain());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_run_has_its_sign),
		cmocka_unit_test(more_reunions_are_higher_and_more_waiting_is_further_right),
		cmocka_unit_test(plain_means_nothing_but_ascii),
		cmocka_unit_test(lines_are_no_wider_than_the_terminal),
		cmocka_unit_test(nothing_to_draw_is_no_plot),
		cmocka_unit_test(the_terminal_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
