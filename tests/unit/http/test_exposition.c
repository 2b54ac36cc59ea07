#include "exposition.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct family calls = {
	.name = "najimi_calls_offered",
	.kind = FAMILY_COUNTER,
	.help = "Calls \"offered\",\nwith a \\ in it.",
};
static const struct family wait = {
	.name = "najimi_call_wait_seconds",
	.kind = FAMILY_HISTOGRAM,
	.unit = "seconds",
	.help = "Waits.",
};
static const struct family age = {
	.name = "najimi_age_seconds",
	.kind = FAMILY_GAUGE,
	.unit = "seconds",
	.help = "Age.",
};
static const struct family build = {
	.name = "najimi_build",
	.kind = FAMILY_INFO,
	.help = "Build.",
};

static void assert_says(struct body *body, const char *expected)
{
	assert_true(body_add(body, (struct text){ "", 1 }));
	assert_string_equal(body->start, expected);
	body_done(body);
}

static void a_counter_is_named_as_each_format_wants(void **state)
{
	struct exposition out;
	struct body body;

	(void)state;
	body_init(&body, 10000);
	exposition_begin(&out, &body, EXPOSITION_TEXT);
	exposition_family(&out, &calls);
	exposition_number(&out, LABELS({ "queue", "sales" }), 7);
	exposition_end(&out);
	assert_says(&body,
	            "# TYPE najimi_calls_offered_total counter\n"
	            "# HELP najimi_calls_offered_total Calls \"offered\",\\nwith a \\\\ in it.\n"
	            "najimi_calls_offered_total{queue=\"sales\"} 7\n");

	exposition_begin(&out, &body, EXPOSITION_OPENMETRICS);
	exposition_family(&out, &calls);
	exposition_number(&out, LABELS({ "queue", "sales" }), 7);
	exposition_end(&out);
	assert_says(&body,
	            "# TYPE najimi_calls_offered counter\n"
	            "# HELP najimi_calls_offered Calls \\\"offered\\\",\\nwith a \\\\ in it.\n"
	            "najimi_calls_offered_total{queue=\"sales\"} 7\n"
	            "# EOF\n");
}

static void an_info_is_a_gauge_of_one_in_the_old_format(void **state)
{
	struct exposition out;
	struct body body;

	(void)state;
	body_init(&body, 10000);
	exposition_begin(&out, &body, EXPOSITION_TEXT);
	exposition_family(&out, &build);
	exposition_number(&out, LABELS({ "version", "1" }), 1);
	assert_says(&body, "# TYPE najimi_build_info gauge\n# HELP najimi_build_info Build.\n"
	                   "najimi_build_info{version=\"1\"} 1\n");

	exposition_begin(&out, &body, EXPOSITION_OPENMETRICS);
	exposition_family(&out, &build);
	exposition_number(&out, LABELS({ "version", "1" }), 1);
	assert_says(&body, "# TYPE najimi_build info\n# HELP najimi_build Build.\n"
	                   "najimi_build_info{version=\"1\"} 1\n");
}

static void label_values_are_escaped_and_made_utf8(void **state)
{
	struct exposition out;
	struct body body;

	(void)state;
	body_init(&body, 10000);
	exposition_begin(&out, &body, EXPOSITION_TEXT);
	out.family = &age;
	exposition_number(&out, LABELS({ "queue", "a\"b\\c\nd\xff\xe5\x96\xb6\xc3" }), 1);
	assert_says(&body, "najimi_age_seconds{queue=\"a\\\"b\\\\c\\nd\xef\xbf\xbd\xe5\x96\xb6"
	                   "\xef\xbf\xbd\"} 1\n");
}

static void histograms_are_cumulative_and_end_in_their_count(void **state)
{
	static const usec_t edges[] = { 500, MSEC(1), SEC(1), SEC(20) };
	struct histogram histogram;
	struct exposition out;
	struct body body;

	(void)state;
	histogram_init(&histogram, edges, ARRAY_LEN(edges));
	histogram_add(&histogram, 0);
	histogram_add(&histogram, 500); /* a value on an edge is below it */
	histogram_add(&histogram, 501);
	histogram_add(&histogram, SEC(20));
	histogram_add(&histogram, SEC(21));
	body_init(&body, 10000);
	exposition_begin(&out, &body, EXPOSITION_OPENMETRICS);
	exposition_family(&out, &wait);
	exposition_histogram(&out, LABELS({ "queue", "q" }), &histogram);
	exposition_end(&out);
	assert_says(&body, "# TYPE najimi_call_wait_seconds histogram\n"
	                   "# UNIT najimi_call_wait_seconds seconds\n"
	                   "# HELP najimi_call_wait_seconds Waits.\n"
	                   "najimi_call_wait_seconds_bucket{queue=\"q\",le=\"0.0005\"} 2\n"
	                   "najimi_call_wait_seconds_bucket{queue=\"q\",le=\"0.001\"} 3\n"
	                   "najimi_call_wait_seconds_bucket{queue=\"q\",le=\"1.0\"} 3\n"
	                   "najimi_call_wait_seconds_bucket{queue=\"q\",le=\"20.0\"} 4\n"
	                   "najimi_call_wait_seconds_bucket{queue=\"q\",le=\"+Inf\"} 5\n"
	                   "najimi_call_wait_seconds_count{queue=\"q\"} 5\n"
	                   "najimi_call_wait_seconds_sum{queue=\"q\"} 41.001001\n"
	                   "# EOF\n");
}

static void a_histogram_without_labels_has_only_its_edges(void **state)
{
	static const usec_t edges[] = { SEC(5) };
	struct histogram histogram;
	struct exposition out;
	struct body body;

	(void)state;
	histogram_init(&histogram, edges, ARRAY_LEN(edges));
	body_init(&body, 10000);
	exposition_begin(&out, &body, EXPOSITION_TEXT);
	out.family = &wait;
	exposition_histogram(&out, NO_LABELS, &histogram);
	exposition_end(&out);
	assert_says(&body, "najimi_call_wait_seconds_bucket{le=\"5.0\"} 0\n"
	                   "najimi_call_wait_seconds_bucket{le=\"+Inf\"} 0\n"
	                   "najimi_call_wait_seconds_count 0\n"
	                   "najimi_call_wait_seconds_sum 0.0\n");
}

static void seconds_are_exact_and_the_unknown_is_not_a_number(void **state)
{
	struct exposition out;
	struct body body;

	(void)state;
	body_init(&body, 10000);
	exposition_begin(&out, &body, EXPOSITION_TEXT);
	out.family = &age;
	exposition_seconds(&out, NO_LABELS, UINT64_C(1795305425123456));
	exposition_seconds(&out, NO_LABELS, SEC(3));
	exposition_seconds(&out, NO_LABELS, MSEC(1500));
	exposition_unknown(&out, NO_LABELS);
	assert_says(&body, "najimi_age_seconds 1795305425.123456\nnajimi_age_seconds 3.0\n"
	                   "najimi_age_seconds 1.5\nnajimi_age_seconds NaN\n");
}

static void what_outgrows_the_body_is_said_by_the_body(void **state)
{
	struct exposition out;
	struct body body;

	(void)state;
	body_init(&body, 60);
	exposition_begin(&out, &body, EXPOSITION_TEXT);
	exposition_family(&out, &calls);
	exposition_end(&out);
	assert_true(body.overflowed);
	assert_true(body.length <= 60);
	body_done(&body);
}

static void the_type_names_the_version(void **state)
{
	(void)state;
	assert_string_equal(exposition_type(EXPOSITION_TEXT),
	                    "text/plain; version=0.0.4; charset=utf-8");
	assert_string_equal(exposition_type(EXPOSITION_OPENMETRICS),
	                    "application/openmetrics-text; version=1.0.0; charset=utf-8");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_counter_is_named_as_each_format_wants),
		cmocka_unit_test(an_info_is_a_gauge_of_one_in_the_old_format),
		cmocka_unit_test(label_values_are_escaped_and_made_utf8),
		cmocka_unit_test(histograms_are_cumulative_and_end_in_their_count),
		cmocka_unit_test(a_histogram_without_labels_has_only_its_edges),
		cmocka_unit_test(seconds_are_exact_and_the_unknown_is_not_a_number),
		cmocka_unit_test(what_outgrows_the_body_is_said_by_the_body),
		cmocka_unit_test(the_type_names_the_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
