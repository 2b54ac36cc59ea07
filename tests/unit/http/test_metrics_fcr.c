#include <stdio.h>

#include "centre.h"
#include "metrics.h"
#include "wallboard_fcr.h"

static struct fcrbook *book;

static int set_up(void **state)
{
	int r = centre_set_up(state);
	struct centre *centre = *state;

	centre_keep_days(centre);
	book = fcrbook_new();
	centre->needs.fcr = book;
	return r;
}

static int tear_down(void **state)
{
	book = fcrbook_free(book);
	return centre_tear_down(state);
}

static void put(const char *field, const char *numbers)
{
	fcrbook_field(book, text_of(field), text_of(numbers));
}

/* Nine contacts today, a tenth yesterday's. */
static void fill(void)
{
	fcrbook_begin(book, FCRBOOK_EVER);
	put("contacts:sales", "10");
	put("reconnects:sales", "2");
	put("reconnects:gone", "1");
	put("resolved:sales", "7,8,8,1,0,0,0,0,0");
	put("repeated:sales", "2,1,1,2,0,0,2,0,0");
	put("said_resolved:sales", "4");
	put("survey_nps:sales", "1,2,3");
	put("survey_csat:sales", "0,0,0,0,6");
	put("survey_solved:sales", "5,1");
	put("survey_answers:sales", "6");
	fcrbook_end(book);
	fcrbook_begin(book, FCRBOOK_GROUPS);
	put("contacts:sticky", "6");
	put("resolved:sticky", "3,0,0,0,0,0,0,0,0");
	put("repeated:holdout", "0,0,0,2,0,0,0,0,0");
	fcrbook_end(book);
	fcrbook_begin(book, FCRBOOK_TODAY);
	put("contacts:09:sales", "6");
	put("contacts:10:sales", "3");
	put("repeated:09:sales", "1,0,0,1,0,0,1,0,0");
	fcrbook_end(book);
	fcrbook_begin(book, FCRBOOK_FINAL);
	put("resolved:23:sales", "8,0,0,0,0,0,0,0,0");
	put("repeated:23:sales", "2,0,0,0,0,0,0,0,0");
	fcrbook_end(book);
	fcrbook_set_maturing(book, FCR_7D, 12);
}

static void assert_has(const struct answer *answer, const char *line)
{
	if (strstr(answer->body.start, line) == NULL)
		fail_msg("missing: %s\nin:\n%s\n", line, answer->body.start);
}

static void there_are_no_totals_until_they_were_read(void **state)
{
	struct answer answer = centre_ask(*state, metrics_answer, (struct inquiry){ 0 });

	assert_int_equal(answer.status, 200);
	assert_null(strstr(answer.body.start, "najimi_contact"));
	body_done(&answer.body);
}

static void three_series_are_shown_and_not_mixed(void **state)
{
	struct answer answer;

	fill();
	fcrbook_open(book);
	answer = centre_ask(*state, metrics_answer, (struct inquiry){ 0 });
	assert_has(&answer, "\nnajimi_contacts_matured_total{queue=\"sales\",window=\"24h\","
	                    "scope=\"any\",resolved=\"true\"} 7\n");
	assert_has(&answer, "\nnajimi_contacts_matured_total{queue=\"sales\",window=\"30d\","
	                    "scope=\"any\",resolved=\"false\"} 2\n");
	assert_has(&answer, "\nnajimi_contacts_matured_total{queue=\"営業 \\\"a\\\\b\\\"\","
	                    "window=\"7d\",scope=\"reason\",resolved=\"true\"} 0\n");
	assert_has(&answer, "\nnajimi_group_contacts_matured_total{group=\"sticky\",window=\"24h\","
	                    "scope=\"any\",resolved=\"true\"} 3\n");
	assert_has(&answer, "\nnajimi_group_contacts_matured_total{group=\"holdout\","
	                    "window=\"7d\",scope=\"any\",resolved=\"false\"} 2\n");
	assert_has(&answer, "\nnajimi_contact_reconnects_total 3\n");
	assert_has(&answer, "\nnajimi_contacts_maturing{window=\"7d\"} 12\n");
	assert_has(&answer, "\nnajimi_contacts_asserted_total{queue=\"sales\","
	                    "outcome=\"resolved\"} 4\n");
	assert_has(&answer, "\nnajimi_surveys_total{queue=\"sales\"} 6\n");
	assert_has(&answer,
	           "\nnajimi_survey_resolved_total{queue=\"sales\",resolved=\"false\"} 1\n");
	assert_has(&answer, "\nnajimi_survey_nps_total{queue=\"sales\",result=\"promoter\"} 3\n");
	assert_has(&answer, "\nnajimi_survey_csat_total{queue=\"sales\",result=\"5\"} 6\n");
	body_done(&answer.body);
}

static void the_wallboard_tells_what_is_final_from_what_is_not(void **state)
{
	struct centre *centre = *state;
	struct board board = { .name = "sales" };

	fill();
	wallboard_read_fcr(&centre->needs, 0, &board);
	assert_int_equal(board.provisional.decided, 0); /* not read yet */
	fcrbook_open(book);
	wallboard_read_fcr(&centre->needs, 0, &board);
	assert_int_equal(board.provisional.decided, 9);
	assert_int_equal(board.provisional.resolved, 8);
	assert_int_equal(board.final.decided, 10);
	assert_int_equal(board.final.resolved, 8);
	assert_int_equal(board.fcr_hours[9].resolved, 5);
	assert_int_equal(board.fcr_hours[10].decided, 3);
	assert_int_equal(board.fcr_hours[11].decided, 0);
}

static void the_whole_has_the_contacts_of_a_queue_that_is_gone(void **state)
{
	struct centre *centre = *state;
	struct board whole = { 0 };

	fill();
	fcrbook_begin(book, FCRBOOK_TODAY);
	put("contacts:09:sales", "6");
	put("repeated:09:sales", "1,0,0,1,0,0,1,0,0");
	put("contacts:09:gone", "2");
	fcrbook_end(book);
	wallboard_read_whole_fcr(&centre->needs, &whole);
	assert_int_equal(whole.provisional.decided, 0); /* not read yet */
	fcrbook_open(book);
	wallboard_read_whole_fcr(&centre->needs, &whole);
	assert_int_equal(whole.provisional.decided, 8);
	assert_int_equal(whole.provisional.resolved, 7);
	assert_int_equal(whole.fcr_hours[9].decided, 8);
	assert_int_equal(whole.final.decided, 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(there_are_no_totals_until_they_were_read, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(three_series_are_shown_and_not_mixed, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(the_wallboard_tells_what_is_final_from_what_is_not,
		                                set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_whole_has_the_contacts_of_a_queue_that_is_gone,
		                                set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
