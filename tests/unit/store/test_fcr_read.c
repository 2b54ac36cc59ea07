#include <errno.h>

#include "najimi/codec/json.h"
#include "world.h"

/* First contact resolution of several days, on a real Redis. */

static struct redis_server server;
static struct world world;
static unsigned answers;
static int answered_with;
static struct json *answer;
static char days[3][DAY_SIZE]; /* the day before yesterday, yesterday, today */

static void on_stats(uint64_t request, int outcome, struct text json, void *arg)
{
	static const struct json_limits limits = { (size_t)1 << 23, 16, 1024, 4096 };
	struct err err = { 0 };

	(void)arg;
	assert_int_equal(request, 5);
	answers++;
	answered_with = outcome;
	answer = json_free(answer);
	if (outcome == 0 && json_parse(json, &limits, &answer, &err) < 0)
		fail_msg("%s", err.text);
}

static int set_up(void **state)
{
	int64_t today;

	(void)state;
	redis_server_start(&server, NULL);
	world_prepare(&world, &server);
	world.keeps_days = true;
	world.stats_read = on_stats;
	world_open(&world);
	world_wait(&world, is_recovered);
	assert_int_equal(site_day_read(text_of(daybook_today(world.daybook)), &today), 0);
	for (int i = 0; i < 3; i++)
		site_day_write(today - 2 + i, days[i]);
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

	if (fcr_question_read(world.daybook, from, to, by, &question, &err) < 0)
		fail_msg("%s", err.text);
	answers = 0;
	return store_read_stats(world.store, &question, 5);
}

static void ask_and_wait(const char *from, const char *to, const char *by)
{
	assert_int_equal(ask(from, to, by), 0);
	world_wait(&world, is_answered);
	assert_int_equal(answered_with, 0);
}

static void put(int day, const char *by, const char *field, const char *numbers)
{
	freeReplyObject(redis_server_ask(&server, "HSET %sday:%s:fcr:%s %s %s", WORLD_PREFIX,
	                                 days[day], by, field, numbers));
}

/* "total.fcr.24h.any.final" */
static const char *at(const char *path)
{
	static char shown[512];
	const struct json *json = answer;
	char name[32];

	while (json != NULL && *path != '\0') {
		size_t length = strcspn(path, ".");

		snprintf(name, sizeof(name), "%.*s", (int)length, path);
		json = *name == '0'   ? json_first(json)
		       : *name == '1' ? json_next(json_first(json))
		                      : json_member(json, name);
		path += length + (path[length] == '.');
	}
	return json != NULL && json_print(json, shown, sizeof(shown)) > 0 ? shown : "-";
}

/* Two days of one queue of which one is final, and another queue. */
static void put_past(void)
{
	put(0, "hour", "contacts:09:sales", "6");
	put(0, "hour", "contacts:10:sales", "3");
	put(0, "hour", "resolved:09:sales", "5,6,6,1,0,0,0,0,0");
	put(0, "hour", "resolved:10:sales", "3,3,3,0,0,0,0,0,0");
	put(0, "hour", "repeated:09:sales", "1,0,0,2,0,0,2,0,0");
	put(0, "hour", "first_resolved:09:sales", "4,0,0,0,0,0,0,0,0");
	put(0, "hour", "escalated_repeated:09:sales", "1,0,0,0,0,0,0,0,0");
	put(1, "hour", "contacts:23:sales", "10");
	put(1, "hour", "repeated:23:sales", "4,4,4,4,4,4,4,4,4");
	put(1, "hour", "contacts:09:night", "2");
	put(1, "hour", "reconnects:09:night", "1");
}

static void only_whole_days_are_final(void **state)
{
	(void)state;
	put_past();
	ask_and_wait(days[0], days[1], "queue");
	assert_string_equal(at("rows.0.queue"), "\"night\"");
	assert_string_equal(at("rows.0.reconnects"), "1");
	assert_string_equal(at("rows.1.contacts"), "19");
	assert_string_equal(at("rows.1.fcr.24h.any.final"),
	                    "{\"eligible\":9,\"resolved\":8,\"fcr\":0.8889}");
	assert_string_equal(at("rows.1.fcr.24h.any.provisional"),
	                    "{\"eligible\":19,\"resolved\":14,\"open\":6,\"fcr\":0.7368}");
	assert_string_equal(at("rows.1.fcr.7d.any.final"),
	                    "{\"eligible\":0,\"resolved\":0,\"fcr\":null}");
	assert_string_equal(at("rows.1.first_of_chain.24h.any"),
	                    "{\"eligible\":4,\"resolved\":4,\"fcr\":1}");
	assert_string_equal(at("rows.1.net.24h.any"), "{\"eligible\":8,\"resolved\":8,\"fcr\":1}");
	assert_string_equal(at("total.contacts"), "21");
	ask_and_wait(days[0], days[1], "day");
	assert_string_equal(at("rows.1.contacts"), "12");
	assert_string_equal(at("rows.1.fcr.24h.any.final.eligible"), "0");
	ask_and_wait(days[0], days[1], "hour");
	assert_string_equal(at("rows.0.hour"), "9");
	assert_string_equal(at("rows.0.contacts"), "8");
}

static void other_fields_are_passed_over(void **state)
{
	(void)state;
	put(2, "agent", "contacts:alice", "3");
	put(2, "agent", "contacts:", "1");
	put(2, "agent", "v", "1");
	put(2, "agent", "ours:bob", "1");
	put(2, "agent", "resolved:bob", "x");
	ask_and_wait(NULL, NULL, "agent");
	assert_string_equal(at("rows.0.agent"), "null");
	assert_string_equal(at("rows.1.agent"), "\"alice\"");
	assert_string_equal(at("total.contacts"), "4");
	ask_and_wait(days[0], NULL, "tier");
	assert_string_equal(at("rows"), "[]");
}

static void days_of_any_size_are_read_in_pieces(void **state)
{
	char field[64];

	(void)state;
	for (int i = 0; i < 1200; i++) {
		snprintf(field, sizeof(field), "contacts:r%d", i);
		put(1, "reason", field, "2");
	}
	ask_and_wait(days[0], days[2], "reason");
	assert_string_equal(at("total.contacts"), "2400");
}

static void too_many_questions_and_no_redis_are_refused(void **state)
{
	(void)state;
	for (unsigned i = 0; i < STATS_ASKED_MAX; i++)
		assert_int_equal(ask(days[0], days[1], "queue"), 0);
	assert_int_equal(ask(days[0], days[1], "queue"), -EBUSY);
	redis_server_kill(&server);
	world_wait(&world, is_away);
	assert_int_equal(answered_with, -ENOTCONN);
	assert_int_equal(ask(days[0], days[1], "queue"), -ENOTCONN);
	redis_server_restart(&server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(only_whole_days_are_final, set_up, tear_down),
		cmocka_unit_test_setup_teardown(other_fields_are_passed_over, set_up, tear_down),
		cmocka_unit_test_setup_teardown(days_of_any_size_are_read_in_pieces, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(too_many_questions_and_no_redis_are_refused, set_up,
		                                tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
