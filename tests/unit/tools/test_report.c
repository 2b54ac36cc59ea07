#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "najimi/codec/json.h"
#include "report.h"

static void add(struct report *report, struct report_call call)
{
	assert_true(report_add(report, &call));
}

/* Ten calls whose figures can be told by heart. */
static void fill(struct report *report)
{
	*report = (struct report){
		.policy = "fixed:20",
		.service_level = SEC(20),
		.short_abandon = SEC(5),
		.not_counted = 3,
	};
	for (unsigned i = 1; i <= 4; i++) /* others wait 10, 20, 30, 40 s */
		add(report, (struct report_call){ .answered = true, .wait = SEC(10) * i });
	add(report, (struct report_call){ .wait = SEC(5) });                     /* short */
	add(report, (struct report_call){ .wait = SEC(6), .identified = true }); /* not */
	add(report, (struct report_call){ .turned_away = true });
	add(report, (struct report_call){ .identified = true,
	                                  .returning = true,
	                                  .present = true,
	                                  .own = true,
	                                  .answered = true,
	                                  .wait = SEC(2) });
	add(report, (struct report_call){ .identified = true,
	                                  .returning = true,
	                                  .present = true,
	                                  .answered = true,
	                                  .wait = SEC(50) });
	add(report,
	    (struct report_call){
	            .identified = true, .returning = true, .answered = true, .wait = SEC(8) });
	add(report,
	    (struct report_call){
	            .identified = true, .returning = true, .present = true, .wait = SEC(90) });
}

static void counts_shares_of_those_they_are_shares_of(void **state)
{
	struct report report;

	(void)state;
	fill(&report);
	assert_true(report_own_share(&report) == 1.0 / 3);
	assert_true(report_present_share(&report) == 1.0 / 2);
	/* 2, 8, 10 and 20 s, of 7 answered and 3 given up, one of them short. */
	assert_true(report_service_level(&report) == 4.0 / 9);
	assert_int_equal(report.returning.abandoned, 1);
	assert_int_equal(report.others.abandoned, 2);
	assert_int_equal(report.others.turned_away, 1);
	assert_int_equal(report.identified, 5);
	report_done(&report);
}

static void has_no_share_of_nothing(void **state)
{
	struct report report = { .policy = "off" };

	(void)state;
	assert_true(report_own_share(&report) < 0);
	assert_true(report_present_share(&report) < 0);
	assert_true(report_service_level(&report) < 0);
	assert_int_equal(waits_mean(&report.others.waits), 0);
	assert_int_equal(waits_quantile(&report.others.waits, 0.5), 0);
}

static void takes_quantiles_by_nearest_rank(void **state)
{
	struct waits waits = { 0 };

	(void)state;
	for (unsigned i = 100; i >= 1; i--)
		assert_true(waits_add(&waits, i));
	assert_int_equal(waits_quantile(&waits, 0.5), 50);
	assert_int_equal(waits_quantile(&waits, 0.95), 95);
	assert_int_equal(waits_quantile(&waits, 0.99), 99);
	assert_int_equal(waits_quantile(&waits, 0.991), 100);
	assert_int_equal(waits_quantile(&waits, 1), 100);
	assert_int_equal(waits_quantile(&waits, 0), 1);
	assert_int_equal(waits_mean(&waits), 51); /* 50.5, rounded */
	assert_true(waits_add(&waits, 0));
	assert_int_equal(waits_quantile(&waits, 0), 0);
	free(waits.list);
}

/* What a printer writes, as text of its own. */
static char *printed(void print(struct report *, const struct report_notes *, FILE *),
                     struct report *report, const struct report_notes *notes)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	print(report, notes, out);
	fclose(out);
	return text;
}

static void assert_number(const struct json *object, const char *name, const char *want)
{
	char text[32];
	size_t length = json_print(json_member(object, name), text, sizeof(text));

	assert_true(length > 0 && length < sizeof(text));
	text[length] = '\0';
	assert_true(strtod(text, NULL) == strtod(want, NULL));
}

static void prints_one_json_object(void **state)
{
	static const struct json_limits limits = {
		.bytes_max = 65536, .depth_max = 8, .members_max = 256, .elements_max = 256
	};
	const struct report_notes notes = { .file = "a\"b.csv", .steps = 12, .played_days = 5 };
	struct report report;
	struct json *json;
	struct err err;
	char *text;

	(void)state;
	fill(&report);
	report.extra_known = true;
	report.extra = SEC(6);
	text = printed(report_print_json, &report, &notes);
	assert_int_equal(json_parse(text_of(text), &limits, &json, &err), 0);
	assert_number(json, "callers", "11");
	assert_number(json, "returning_callers", "4");
	assert_number(json, "own_agent_share", "0.3333");
	assert_number(json, "own_agent_share_present", "0.5");
	assert_number(json, "service_level", "0.4444");
	assert_number(json, "returning", "3");
	assert_number(json, "present", "2");
	assert_number(json, "reunited", "0.3333");
	assert_number(json, "reunited_present", "0.5");
	assert_number(json_member(json, "wait_mean_s"), "returning", "20");
	assert_number(json_member(json, "wait_p95_s"), "other", "40");
	assert_true(json_member(json, "abandoned") != NULL);
	assert_number(json, "extra_wait_s", "2");
	assert_number(json_member(json_member(json_member(json, "groups"), "returning"), "wait_s"),
	              "mean", "20");
	assert_number(json_member(json_member(json_member(json, "groups"), "others"), "wait_s"),
	              "p95", "40");
	assert_number(json_member(json_member(json_member(json, "groups"), "all"), "wait_s"), "p50",
	              "20");
	json_free(json);
	free(text);
	report_done(&report);
}

static void prints_a_table_for_people(void **state)
{
	const struct report_notes notes = { .file = "x.csv", .played_days = 5, .through = true };
	struct report report;
	char *text;

	(void)state;
	fill(&report);
	text = printed(report_print, &report, &notes);
	assert_non_null(strstr(text, "3 calls of the warm-up not counted"));
	assert_non_null(strstr(text, "own agent        33.3%   1 of 3 returning callers answered"));
	assert_non_null(strstr(text, "turned away          1"));
	free(text);
	report_done(&report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_shares_of_those_they_are_shares_of),
		cmocka_unit_test(has_no_share_of_nothing),
		cmocka_unit_test(takes_quantiles_by_nearest_rank),
		cmocka_unit_test(prints_one_json_object),
		cmocka_unit_test(prints_a_table_for_people),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
