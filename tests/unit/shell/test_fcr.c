#include "najimi/shell/fcr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void cells_have_names(void **state)
{
	(void)state;
	assert_int_equal(fcr_cell(FCR_24H, FCR_ANY), 0);
	assert_int_equal(fcr_cell(FCR_30D, FCR_REASON), FCR_CELLS - 1);
	assert_string_equal(fcr_window_name(FCR_7D), "7d");
	assert_int_equal(fcr_window_span(FCR_30D), HOUR(720));
	assert_string_equal(fcr_scope_name(FCR_QUEUE), "queue");
	assert_string_equal(fcr_said_name(SAID_FOLLOW_UP), "follow_up");
	assert_string_equal(survey_part_name(SURVEY_LOYALTY), "loyalty");
}

static bool read_field(struct fcr_figures *figures, const char *what, const char *numbers)
{
	return fcr_figures_read(figures, text_of(what), text_of(numbers));
}

static void figures_are_read_and_added(void **state)
{
	struct fcr_figures figures = { 0 }, more = { 0 };

	(void)state;
	assert_true(read_field(&figures, "contacts", "12"));
	assert_true(read_field(&figures, "resolved", "1,2,3,4,5,6,7,8,9"));
	assert_true(read_field(&figures, "repeated", "10,0,0,0,0,0,0,0,1,77")); /* a newer one's */
	assert_true(read_field(&figures, "survey_csat", "0,0,0,1,2"));
	assert_true(read_field(&figures, "said_escalated", "3"));
	assert_true(read_field(&more, "contacts", "30"));
	assert_true(read_field(&more, "survey_quality_answers", "4"));
	fcr_figures_add(&figures, &more);
	assert_int_equal(figures.contacts, 42);
	assert_int_equal(figures.resolved[8], 9);
	assert_int_equal(figures.repeated[8], 1);
	assert_int_equal(fcr_mature(&figures, 0), 11);
	assert_int_equal(figures.csat[4], 2);
	assert_int_equal(figures.said[SAID_ESCALATED], 3);
	assert_int_equal(figures.index_count[SURVEY_QUALITY], 4);
}

static void what_is_no_figure_is_refused(void **state)
{
	struct fcr_figures figures = { 0 };

	(void)state;
	assert_false(read_field(&figures, "tea", "1"));
	assert_false(read_field(&figures, "contacts", ""));
	assert_false(read_field(&figures, "contacts", "-1"));
	assert_false(read_field(&figures, "contacts", "1x"));
	assert_false(read_field(&figures, "contacts", "12345678901234567890"));
	assert_false(read_field(&figures, "nps", "1,2,3"));
	assert_false(read_field(&figures, "survey_nps", "1,2"));
}

static void fields_are_a_figure_and_a_name(void **state)
{
	struct text what, name, queue;
	unsigned hour;

	(void)state;
	assert_true(fcr_field_read(TEXT("resolved:09:a:b"), &what, &name));
	assert_true(text_is(what, "resolved"));
	assert_true(text_is(name, "09:a:b"));
	assert_true(fcr_hour_read(name, &hour, &queue));
	assert_int_equal(hour, 9);
	assert_true(text_is(queue, "a:b"));
	assert_true(fcr_field_read(TEXT("contacts:"), &what, &name));
	assert_int_equal(name.length, 0);
	assert_false(fcr_field_read(TEXT("v"), &what, &name));
	assert_false(fcr_hour_read(TEXT("24:sales"), &hour, &queue));
	assert_false(fcr_hour_read(TEXT("9:sales"), &hour, &queue));
	assert_false(fcr_hour_read(TEXT("sales"), &hour, &queue));
}

static void hours_are_the_sites(void **state)
{
	char hour[FCR_HOUR_SIZE];
	usec_t at;

	(void)state;
	setenv("TZ", "Asia/Tokyo", 1);
	assert_int_equal(text_to_instant(TEXT("2026-11-21T23:40:28.536Z"), &at), 0);
	fcr_hour_write(at, hour);
	assert_string_equal(hour, "2026-11-22T08");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_have_names),
		cmocka_unit_test(figures_are_read_and_added),
		cmocka_unit_test(what_is_no_figure_is_refused),
		cmocka_unit_test(fields_are_a_figure_and_a_name),
		cmocka_unit_test(hours_are_the_sites),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
