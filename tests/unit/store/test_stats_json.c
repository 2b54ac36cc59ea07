#include "stats_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "alloc.h"
#include "najimi/codec/json.h"

static const struct stats_question question = { .from = "2026-11-01",
	                                        .to = "2026-11-21",
	                                        .by = STATS_BY_QUEUE };

static struct json *write(const struct stats_question *asked, struct stats_line **lines)
{
	static const struct json_limits limits = { (size_t)1 << 20, 8, 1024, 0 };
	struct json *json = NULL;
	struct err err = { 0 };
	size_t length = 0;
	char *bytes = stats_write(asked, "Asia/Tokyo", lines, &length);

	assert_non_null(bytes);
	if (json_parse((struct text){ bytes, length }, &limits, &json, &err) < 0)
		fail_msg("%s: %s", err.text, bytes);
	free(bytes);
	return json;
}

static void is(const struct json *object, const char *name, const char *expected)
{
	char shown[64];
	const struct json *member = json_member(object, name);

	assert_non_null(member);
	assert_true(json_print(member, shown, sizeof(shown)) > 0);
	if (strcmp(shown, expected) != 0)
		fail_msg("%s is %s, not %s", name, shown, expected);
}

static void shares_are_of_what_they_say(void **state)
{
	struct stats_line *lines = NULL;
	size_t count = 0;
	struct stats_line *line = stats_find_line(&lines, "sales", false, &count);
	struct day_figures *figures = &line->of.figures;
	struct json *json;
	const struct json *row;

	(void)state;
	figures->counts[DAY_IN_TIME] = 860;
	figures->counts[DAY_SERVICE_MISSED] = 190;
	figures->counts[DAY_OFFERED] = 1060;
	figures->counts[DAY_STICKY + STICKY_OWN] = 30;
	figures->counts[DAY_STICKY_GROUP + GROUP_ANSWERED] = 40;
	figures->counts[DAY_OWN_REACHABLE] = 36;
	figures->counts[DAY_FALLTHROUGH + WHY_WAIT_SPENT] = 6;
	figures->counts[DAY_MISSES + MISS_BUSY] = 2;
	day_span_put(&figures->spans[DAY_WAIT_ANSWERED], SEC(20), 9);
	day_span_put(&figures->spans[DAY_WAIT_ANSWERED], USEC_NEVER, 1);
	figures->spans[DAY_WAIT_ANSWERED].sum = SEC(100);
	json = write(&question, &lines);
	is(json, "from", "\"2026-11-01\"");
	is(json, "to", "\"2026-11-21\"");
	is(json, "by", "\"queue\"");
	is(json, "zone", "\"Asia/Tokyo\"");
	row = json_first(json_member(json, "rows"));
	is(row, "queue", "\"sales\"");
	is(row, "offered", "1060");
	is(row, "lost", "0");
	is(row, "service_level", "0.819");
	is(row, "own_share", "0.75");
	is(row, "reachable_own_share", "0.8333");
	is(json_member(row, "sticky"), "own", "30");
	is(json_member(row, "fell"), "wait_spent", "6");
	is(json_member(row, "missed"), "busy", "2");
	is(json_member(row, "wait_answered"), "count", "10");
	is(json_member(row, "wait_answered"), "mean_ms", "10000");
	is(json_member(row, "wait_answered"), "p90_ms", "20000");
	is(json_member(row, "wait_answered"), "p95_ms", "null");
	is(json_member(row, "wait_answered"), "p99_ms", "null");
	is(json_member(row, "talk"), "mean_ms", "null");
	is(json_member(json_member(row, "groups"), "sticky"), "answered", "40");
	json_free(json);
	stats_lines_free(&lines);
}

static void nothing_has_no_shares(void **state)
{
	struct stats_line *lines = NULL;
	size_t count = 0;
	struct json *json;

	(void)state;
	stats_find_line(&lines, "sales", false, &count);
	json = write(&question, &lines);
	is(json_first(json_member(json, "rows")), "service_level", "null");
	is(json_first(json_member(json, "rows")), "own_share", "null");
	json_free(json);
	stats_lines_free(&lines);
	json = write(&question, &lines);
	assert_null(json_first(json_member(json, "rows")));
	json_free(json);
}

static void agents_have_their_time(void **state)
{
	struct stats_question by_agent = question;
	struct stats_line *lines = NULL;
	size_t count = 0;
	struct agent_day *agent = &stats_find_line(&lines, "alice", true, &count)->of.agent;
	struct json *json;
	const struct json *row;

	(void)state;
	by_agent.by = STATS_BY_AGENT;
	agent->handled = 2;
	agent->spent[ACTIVITY_TALK] = SEC(60);
	agent->spent[ACTIVITY_WRAPUP] = SEC(20);
	agent->spent[ACTIVITY_READY] = SEC(20);
	agent->spent[ACTIVITY_PAUSED] = SEC(50);
	agent_day_pause(agent, "lunch", SEC(50));
	json = write(&by_agent, &lines);
	row = json_first(json_member(json, "rows"));
	is(row, "agent", "\"alice\"");
	is(row, "occupancy", "0.8");
	is(row, "handling_mean_ms", "40000");
	is(row, "logged_in_ms", "150000");
	is(row, "paused_ms", "50000");
	is(json_member(row, "pauses_ms"), "lunch", "50000");
	json_free(json);
	stats_lines_free(&lines);
}

static void rows_come_in_the_order_of_their_names(void **state)
{
	static const char *const names[] = { "09", "00", "23", "10" };
	static const char *const hours[] = { "0", "9", "10", "23" };
	struct stats_question by_hour = question;
	struct stats_line *lines = NULL;
	const struct json *row;
	struct json *json;
	size_t count = 0;

	(void)state;
	by_hour.by = STATS_BY_HOUR;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		stats_find_line(&lines, names[i], false, &count);
	assert_int_equal(count, 4);
	assert_ptr_equal(stats_find_line(&lines, "09", false, NULL),
	                 stats_find_line(&lines, "09", false, &count));
	assert_int_equal(count, 4);
	assert_null(stats_find_line(&lines, "11", false, NULL));
	json = write(&by_hour, &lines);
	row = json_first(json_member(json, "rows"));
	for (size_t i = 0; i < ARRAY_LEN(hours); i++, row = json_next(row))
		is(row, "hour", hours[i]);
	json_free(json);
	stats_lines_free(&lines);
}

static void the_longest_rows_fit(void **state)
{
	struct stats_question by_agent = question;
	struct stats_line *lines = NULL;
	char name[129] = { 0 }, reasons[DAY_REASONS_MAX][DAY_REASON_BYTES + 1];
	struct day_figures *figures;
	struct agent_day *agent;
	size_t count = 0;

	(void)state;
	memset(name, '\1', 128);
	figures = &stats_find_line(&lines, name, false, &count)->of.figures;
	for (unsigned i = 0; i < DAY_FIGURES; i++)
		figures->counts[i] = UINT64_C(1) << 53;
	for (unsigned i = 0; i < DAY_SPANS; i++) {
		day_span_put(&figures->spans[i], HOUR(1000000), 1);
		figures->spans[i].sum = MSEC(1) << 53;
	}
	json_free(write(&question, &lines));
	stats_lines_free(&lines);

	by_agent.by = STATS_BY_AGENT;
	agent = &stats_find_line(&lines, name, true, &count)->of.agent;
	for (unsigned i = 0; i < DAY_REASONS_MAX; i++) {
		memset(reasons[i], '\1', DAY_REASON_BYTES);
		reasons[i][DAY_REASON_BYTES] = '\0';
		reasons[i][0] = (char)('a' + i);
		agent_day_pause(agent, reasons[i], UINT64_MAX / 64);
	}
	json_free(write(&by_agent, &lines));
	stats_lines_free(&lines);
}

static void without_memory_there_is_no_line(void **state)
{
	struct stats_line *lines = NULL;
	size_t count = 0, length;

	(void)state;
	for (unsigned nth = 1; nth <= 2; nth++) {
		alloc_fail(nth);
		assert_null(stats_find_line(&lines, "sales", false, &count));
	}
	alloc_fail(1);
	assert_null(stats_write(&question, "", &lines, &length));
	alloc_fail(0);
	assert_int_equal(count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares_are_of_what_they_say),
		cmocka_unit_test(nothing_has_no_shares),
		cmocka_unit_test(agents_have_their_time),
		cmocka_unit_test(rows_come_in_the_order_of_their_names),
		cmocka_unit_test(the_longest_rows_fit),
		cmocka_unit_test(without_memory_there_is_no_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
