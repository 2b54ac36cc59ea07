#include "day_json.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <event2/event.h>

static struct options *options;
static struct meters meters;
static struct loop *loop;
static struct directory *directory;
static struct daybook *daybook;
static struct event_base *base;

static int set_up(void **state)
{
	struct core_limits limits = { 4, 4, 4, 4 };

	(void)state;
	assert_int_equal(options_defaults(&options, NULL), 0);
	base = event_base_new();
	loop = loop_new(base, &limits, &meters);
	directory = directory_new(options, NULL);
	daybook = daybook_new(options, loop, directory, NULL);
	return daybook == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
	(void)state;
	daybook_free(daybook);
	directory_free(directory);
	loop_free(loop);
	event_base_free(base);
	options_free(options);
	return 0;
}

static void same_figures(const struct day_figures *a, const struct day_figures *b)
{
	assert_memory_equal(a->counts, b->counts, sizeof(a->counts));
	for (unsigned i = 0; i < DAY_SPANS; i++) {
		assert_int_equal(a->spans[i].count, b->spans[i].count);
		assert_int_equal(a->spans[i].sum, b->spans[i].sum);
		for (unsigned j = 0; j < a->spans[i].edges_count; j++)
			assert_int_equal(a->spans[i].edges[j], b->spans[i].edges[j]);
		for (unsigned j = 0; j <= a->spans[i].edges_count; j++)
			assert_int_equal(a->spans[i].buckets[j], b->spans[i].buckets[j]);
	}
}

static void an_hour_is_read_as_it_was_written(void **state)
{
	struct day_figures figures = { 0 };
	struct day_row row = {
		.kind = DAY_ROW_QUEUE, .hour = 7, .name = "service/\"desk\"", .figures = &figures
	};
	char field[DAY_FIELD_SIZE], value[DAY_VALUE_SIZE];
	struct day_read read;
	struct err err = { 0 };
	size_t length;

	(void)state;
	for (unsigned i = 0; i < DAY_FIGURES; i++)
		figures.counts[i] = i * UINT64_C(1000000007);
	for (unsigned i = 0; i < DAY_SPANS; i++) {
		day_span_put(&figures.spans[i], MSEC(1) / 2 * (i + 1), i + 1);
		day_span_put(&figures.spans[i], SEC(20), 3);
		day_span_put(&figures.spans[i], USEC_NEVER, 2);
		figures.spans[i].sum = MSEC(123456789);
	}
	length = day_value(&row, value, sizeof(value));
	assert_true(length > 0);
	assert_true(text_is(day_field(&row, field), "queue/service/\"desk\"/07"));
	if (day_read(daybook, "2026-11-21", text_of(field), (struct text){ value, length }, &read,
	             &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(read.row.kind, DAY_ROW_QUEUE);
	assert_int_equal(read.row.hour, 7);
	assert_string_equal(read.row.name, row.name);
	assert_string_equal(read.row.day, "2026-11-21");
	same_figures(read.row.figures, &figures);
}

/* They counted the handling, without wrap-up, with the answer. */
static void hours_of_older_daemons_have_handled_whom_they_answered(void **state)
{
	struct day_read read;

	(void)state;
	assert_int_equal(day_read(daybook, "2026-11-21", TEXT("queue/sales/07"),
	                          TEXT("{\"v\":1,\"sticky_group_answered\":5,"
	                               "\"sticky_group_handling_ms\":1000,"
	                               "\"holdout_group_answered\":3}"),
	                          &read, NULL),
	                 0);
	assert_int_equal(read.figures.counts[DAY_STICKY_GROUP + GROUP_HANDLED], 5);
	assert_int_equal(read.figures.counts[DAY_HOLDOUT_GROUP + GROUP_HANDLED], 0);
}

static void the_fullest_hour_fits(void **state)
{
	struct day_figures figures = { 0 };
	struct day_row row = { .kind = DAY_ROW_TOTAL, .name = "sales", .figures = &figures };
	char value[DAY_VALUE_SIZE];

	(void)state;
	memcpy(row.day, "2026-11-21", DAY_SIZE);
	for (unsigned i = 0; i < DAY_FIGURES; i++)
		figures.counts[i] = UINT64_MAX;
	for (unsigned i = 0; i < DAY_SPANS; i++) {
		for (unsigned j = 1; j <= HISTOGRAM_EDGES_MAX; j++)
			day_span_put(&figures.spans[i], HOUR(24 * j) + j, UINT64_MAX / 64);
		figures.spans[i].sum = UINT64_MAX;
	}
	assert_true(day_value(&row, value, sizeof(value)) > 0);
}

static void an_agents_day_is_read_as_it_was_written(void **state)
{
	struct agent_day day = { .handled = 12,
		                 .own = 3,
		                 .offers = 14,
		                 .misses = { 1, 2, 3, 4 },
		                 .until = MSEC(1795316788164),
		                 .then = ACTIVITY_HOLD };
	struct day_row row = { .kind = DAY_ROW_AGENT, .name = "alice", .agent = &day };
	char field[DAY_FIELD_SIZE], value[DAY_VALUE_SIZE];
	struct day_read read;
	size_t length;

	(void)state;
	for (unsigned i = 1; i < AGENT_ACTIVITIES; i++)
		day.spent[i] = SEC(i);
	agent_day_pause(&day, "", SEC(2));
	agent_day_pause(&day, "lunch \"late\"", SEC(4));
	length = day_value(&row, value, sizeof(value));
	assert_true(length > 0);
	assert_int_equal(day_read(daybook, "2026-11-21", day_field(&row, field),
	                          (struct text){ value, length }, &read, NULL),
	                 0);
	assert_int_equal(read.row.kind, DAY_ROW_AGENT);
	assert_string_equal(read.row.name, "alice");
	assert_int_equal(read.agent.handled, 12);
	assert_int_equal(read.agent.own, 3);
	assert_int_equal(read.agent.offers, 14);
	assert_memory_equal(read.agent.misses, day.misses, sizeof(day.misses));
	assert_memory_equal(read.agent.spent, day.spent, sizeof(day.spent));
	assert_int_equal(read.agent.reasons_count, 2);
	assert_string_equal(read.agent.reasons[1].reason, "lunch \"late\"");
	assert_int_equal(read.agent.reasons[1].spent, SEC(4));
	assert_int_equal(read.agent.until, day.until);
	assert_int_equal(read.agent.then, ACTIVITY_HOLD);
}

static void totals_say_of_which_days_they_are(void **state)
{
	struct day_figures figures = { .counts = { [DAY_OFFERED] = 7 } };
	struct day_row row = { .kind = DAY_ROW_TOTAL, .name = "sales", .figures = &figures };
	char field[DAY_FIELD_SIZE], value[DAY_VALUE_SIZE];
	struct day_read read;
	size_t length;

	(void)state;
	memcpy(row.day, "2026-11-21", DAY_SIZE);
	length = day_value(&row, value, sizeof(value));
	assert_string_equal(value, "{\"v\":1,\"before\":\"2026-11-21\",\"offered\":7}");
	assert_int_equal(day_read(daybook, NULL, day_field(&row, field),
	                          (struct text){ value, length }, &read, NULL),
	                 0);
	assert_int_equal(read.row.kind, DAY_ROW_TOTAL);
	assert_string_equal(read.row.name, "sales");
	assert_string_equal(read.row.day, "2026-11-21");
	assert_int_equal(read.figures.counts[DAY_OFFERED], 7);
}

static int try(const char *day, const char *field, const char *value, struct err *err)
{
	struct day_read read;

	*err = (struct err){ 0 };
	return day_read(daybook, day, text_of(field), text_of(value), &read, err);
}

static void what_is_not_ours_is_left_alone(void **state)
{
	static const char *const fields[] = { "fcr/sales",     "queue/sales",    "queue/sales/24",
		                              "queue/sales/7", "queue/sales/x1", "queue//07",
		                              "agent/",        "queue/",         "agentalice",
		                              "queue/sales-07" };
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		assert_int_equal(try("2026-11-21", fields[i], "{\"v\":1}", &err), -ENOENT);
	assert_int_equal(try("2026-11-21", "queue/a/b/07", "{\"v\":1,\"new\":{\"x\":1}}", &err), 0);
}

static void what_cannot_be_read_says_why(void **state)
{
	static const struct {
		const char *day, *field, *value, *words;
	} cases[] = {
		{ "2026-11-21", "queue/sales/07", "12", "" },
		{ "2026-11-21", "queue/sales/07", "{", "" },
		{ "2026-11-21", "queue/sales/07", "{\"v\":2}", "" },
		{ "2026-11-21", "queue/sales/07", "{\"v\":1,\"offered\":-1}", "'offered'" },
		{ "2026-11-21", "queue/sales/07", "{\"v\":1,\"offered\":\"1\"}", "'offered'" },
		{ "2026-11-21", "queue/sales/07", "{\"v\":1,\"talk\":{\"x\":1}}",
		  "'x' is no edge" },
		{ "2026-11-21", "queue/sales/07", "{\"v\":1,\"talk\":{\"1.5.5\":1}}", "no edge" },
		{ "2026-11-21", "agent/alice", "{\"v\":1,\"handled\":1.5}", "'handled'" },
		{ "2026-11-21", "agent/alice", "{\"v\":1,\"pauses\":{\"a\":true}}", "'a'" },
		{ "2026-11-21", "agent/alice", "{\"v\":1,\"until\":\"now\"}", "'until'" },
		{ NULL, "sales", "{\"v\":1}", "'before'" },
		{ NULL, "sales", "{\"v\":1,\"before\":\"2026-02-30\"}", "'before'" },
	};
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int r = try(cases[i].day, cases[i].field, cases[i].value, &err);

		assert_true(r < 0 && r != -ENOENT);
		if (strstr(err.text, cases[i].words) == NULL)
			fail_msg("%s: %s", cases[i].value, err.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_hour_is_read_as_it_was_written),
		cmocka_unit_test(hours_of_older_daemons_have_handled_whom_they_answered),
		cmocka_unit_test(the_fullest_hour_fits),
		cmocka_unit_test(an_agents_day_is_read_as_it_was_written),
		cmocka_unit_test(totals_say_of_which_days_they_are),
		cmocka_unit_test(what_is_not_ours_is_left_alone),
		cmocka_unit_test(what_cannot_be_read_says_why),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
