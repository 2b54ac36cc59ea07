#include <errno.h>

#include "najimi/codec/json.h"
#include "world.h"

/* Questions about several days, on a real Redis. */

static struct redis_server server;
static struct world world;
static unsigned answers;
static int answered_with;
static struct json *answer;

static void on_stats(uint64_t request, int outcome, struct text json, void *arg)
{
	static const struct json_limits limits = { (size_t)1 << 20, 8, 1024, 0 };

	(void)arg;
	assert_int_equal(request, 5);
	answers++;
	answered_with = outcome;
	answer = json_free(answer);
	if (outcome == 0)
		assert_int_equal(json_parse(json, &limits, &answer, NULL), 0);
}

static int set_up(void **state)
{
	(void)state;
	redis_server_start(&server, NULL);
	world_prepare(&world, &server);
	world.keeps_days = true;
	world.stats_read = on_stats;
	answers = 0;
	world_open(&world);
	world_wait(&world, is_recovered);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	world_close(&world);
	redis_server_stop(&server);
	answer = json_free(answer);
	return 0;
}

static bool is_answered(struct world *of)
{
	(void)of;
	return answers > 0;
}

static int ask(const char *from, const char *to, const char *by)
{
	struct stats_question question;
	struct err err = { 0 };

	if (stats_question_read(world.daybook, from, to, by, &question, &err) < 0)
		fail_msg("%s", err.text);
	answers = 0;
	return store_read_stats(world.store, &question, 5);
}

static int64_t figure(const char *by, const char *name, const char *figure)
{
	const struct json *row = json_first(json_member(answer, "rows"));
	int64_t value = -1;
	char shown[64];

	for (; row != NULL; row = json_next(row)) {
		assert_true(json_print(json_member(row, by), shown, sizeof(shown)) > 0);
		if (strcmp(shown, name) == 0)
			json_get_int(json_member(row, figure), &value);
	}
	return value;
}

static size_t rows(void)
{
	return json_count(json_member(answer, "rows"));
}

/* Two days before today, with two queues and an agent. */
static void put_past(char first[DAY_SIZE], char second[DAY_SIZE])
{
	int64_t today;

	assert_int_equal(site_day_read(text_of(daybook_today(world.daybook)), &today), 0);
	site_day_write(today - 2, first);
	site_day_write(today - 1, second);
	freeReplyObject(redis_server_ask(
	        &server,
	        "HSET %sday:%s queue/sales/09 {\"v\":1,\"offered\":10} "
	        "queue/sales/10 {\"v\":1,\"offered\":5} queue/night/09 {\"v\":1,\"offered\":2} "
	        "agent/bob {\"v\":1,\"handled\":7,\"ready_ms\":1000} other 1 queue/sales/11 bad",
	        WORLD_PREFIX, first));
	freeReplyObject(redis_server_ask(&server,
	                                 "HSET %sday:%s queue/sales/09 {\"v\":1,\"offered\":3} "
	                                 "agent/bob {\"v\":1,\"handled\":1}",
	                                 WORLD_PREFIX, second));
}

static void days_add_up_by_whatever_is_asked(void **state)
{
	char first[DAY_SIZE], second[DAY_SIZE], quoted[16];

	(void)state;
	put_past(first, second);
	world_arrive(&world, "w1", "");
	assert_int_equal(ask(first, NULL, "queue"), 0);
	world_wait(&world, is_answered);
	assert_int_equal(answered_with, 0);
	assert_int_equal(figure("queue", "\"sales\"", "offered"), 19);
	assert_int_equal(figure("queue", "\"night\"", "offered"), 2);
	assert_int_equal(rows(), 2);

	assert_int_equal(ask(first, second, "hour"), 0);
	world_wait(&world, is_answered);
	assert_int_equal(figure("hour", "9", "offered"), 15);
	assert_int_equal(figure("hour", "10", "offered"), 5);
	assert_int_equal(rows(), 2);

	assert_int_equal(ask(first, NULL, "day"), 0);
	world_wait(&world, is_answered);
	snprintf(quoted, sizeof(quoted), "\"%s\"", first);
	assert_int_equal(figure("day", quoted, "offered"), 17);
	snprintf(quoted, sizeof(quoted), "\"%s\"", daybook_today(world.daybook));
	assert_int_equal(figure("day", quoted, "offered"), 1);
	assert_int_equal(rows(), 3);

	assert_int_equal(ask(first, second, "agent"), 0);
	world_wait(&world, is_answered);
	assert_int_equal(figure("agent", "\"bob\"", "handled"), 8);
	assert_int_equal(figure("agent", "\"bob\"", "ready_ms"), 1000);
	assert_int_equal(figure("agent", "\"bob\"", "days"), 2);
	assert_int_equal(rows(), 1);
}

/* The day before those: whatever agents did, nobody knows. */
static void a_day_on_which_no_daemon_led_is_in_no_sum(void **state)
{
	char before[DAY_SIZE], first[DAY_SIZE], second[DAY_SIZE];
	int64_t today;

	(void)state;
	put_past(first, second);
	assert_int_equal(site_day_read(text_of(daybook_today(world.daybook)), &today), 0);
	site_day_write(today - 3, before);
	assert_int_equal(ask(before, before, "agent"), 0);
	world_wait(&world, is_answered);
	assert_int_equal(answered_with, 0);
	assert_int_equal(rows(), 0);
	assert_int_equal(ask(before, NULL, "agent"), 0);
	world_wait(&world, is_answered);
	assert_int_equal(rows(), 1);
	assert_int_equal(figure("agent", "\"bob\"", "days"), 2);
	assert_int_equal(ask(before, first, "day"), 0);
	world_wait(&world, is_answered);
	assert_int_equal(rows(), 1);
}

static void today_needs_no_redis(void **state)
{
	(void)state;
	world_log_in(&world, "alice");
	world_talk(&world, "c1", "", "alice");
	world_settle(&world);
	redis_server_kill(&server);
	world_wait(&world, is_away);
	assert_int_equal(ask(NULL, NULL, NULL), 0);
	assert_int_equal(answers, 1);
	assert_int_equal(figure("queue", "\"sales\"", "answered"), 1);
	assert_int_equal(ask(NULL, NULL, "agent"), 0);
	assert_int_equal(figure("agent", "\"alice\"", "handled"), 1);
	assert_true(figure("agent", "\"alice\"", "talk_ms") >= 2);
	assert_int_equal(ask("2026-01-01", "2026-01-02", "queue"), 0);
	world_wait(&world, is_answered);
	assert_int_equal(answered_with, -ENOTCONN);
	redis_server_restart(&server);
	world_wait(&world, is_up);
}

static void a_long_day_is_read_in_pieces(void **state)
{
	char first[DAY_SIZE], second[DAY_SIZE];

	(void)state;
	put_past(first, second);
	for (unsigned i = 0; i < 2000; i++)
		freeReplyObject(redis_server_ask(
		        &server, "HSET %sday:%s queue/q%u/%02u {\"v\":1,\"offered\":1}",
		        WORLD_PREFIX, second, i, i % 24));
	assert_int_equal(ask(second, second, "day"), 0);
	world_wait(&world, is_answered);
	assert_int_equal(rows(), 1);
	assert_int_equal(json_count(json_first(json_member(answer, "rows"))) > 20, true);
	assert_int_equal(ask(second, second, "hour"), 0);
	world_wait(&world, is_answered);
	assert_int_equal(rows(), 24);
	assert_int_equal(figure("hour", "9", "offered"), 3 + 83);
}

static void not_everybody_may_ask_at_once(void **state)
{
	(void)state;
	for (unsigned i = 0; i < STATS_ASKED_MAX; i++)
		assert_int_equal(ask("2026-01-01", "2026-01-02", "queue"), 0);
	assert_int_equal(ask("2026-01-01", "2026-01-02", "queue"), -EBUSY);
	while (answers < STATS_ASKED_MAX)
		event_base_loop(world.base, EVLOOP_NONBLOCK);
	assert_int_equal(ask("2026-01-01", "2026-01-02", "queue"), 0);
	world_wait(&world, is_answered);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(days_add_up_by_whatever_is_asked, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(a_day_on_which_no_daemon_led_is_in_no_sum, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(today_needs_no_redis, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_long_day_is_read_in_pieces, set_up, tear_down),
		cmocka_unit_test_setup_teardown(not_everybody_may_ask_at_once, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
