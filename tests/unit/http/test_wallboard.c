#include "wallboard.h"

#include "centre.h"
#include "najimi/codec/json.h"

static const struct json_limits limits = { 1 << 20, 16, 256, 0 };

struct reading {
	struct answer answer;
	struct json *json;
};

static struct reading read_board(struct centre *centre)
{
	struct reading reading = { .answer = centre_ask_stamped(centre, wallboard_answer,
		                                                (struct inquiry){ 0 }) };
	struct text text = { reading.answer.body.start, reading.answer.body.length };
	struct err err;

	assert_int_equal(reading.answer.status, 200);
	assert_string_equal(reading.answer.type, TYPE_JSON);
	if (json_parse(text, &limits, &reading.json, &err) < 0)
		fail_msg("%s: %s", err.text, text.start);
	return reading;
}

static void forget_board(struct reading *reading)
{
	json_free(reading->json);
	body_done(&reading->answer.body);
}

static int64_t number(const struct json *object, const char *name)
{
	int64_t value = -1;

	if (!json_get_int(json_member(object, name), &value))
		fail_msg("no number '%s'", name);
	return value;
}

static void assert_text(const struct json *object, const char *name, const char *expected)
{
	const char *text = NULL;

	assert_true(json_get_text(json_member(object, name), &text));
	assert_string_equal(text, expected);
}

static void set_alarms(int64_t waiting, usec_t longest, uint16_t level)
{
	centre_queues[0].alarm.waiting = waiting;
	centre_queues[0].alarm.longest_wait = longest;
	centre_queues[0].alarm.service_level = level;
	centre_queues[1].alarm.longest_wait = USEC_NEVER;
}

static void who_stands_by_says_who_leads(void **state)
{
	struct centre *centre = *state;
	struct reading reading = read_board(centre);
	bool standing_by = true;

	assert_true(json_get_bool(json_member(reading.json, "standing_by"), &standing_by));
	assert_false(standing_by);
	assert_null(json_member(reading.json, "leader"));
	forget_board(&reading);
	centre->meters.standing_by = true;
	strcpy(centre->meters.leader_at.rpc, "192.0.2.7:7070");
	reading = read_board(centre);
	assert_true(json_get_bool(json_member(reading.json, "standing_by"), &standing_by));
	assert_true(standing_by);
	assert_text(reading.json, "leader", "192.0.2.7:7070");
	forget_board(&reading);
}

static void redis_away_is_said(void **state)
{
	struct centre *centre = *state;
	struct reading reading = read_board(centre);
	struct answer answer;
	char etag[ETAG_SIZE];

	assert_text(reading.json, "redis", "down");
	memcpy(etag, reading.answer.etag, sizeof(etag));
	forget_board(&reading);
	/* Nothing has happened in the core, and it is another board all the same. */
	centre->meters.store_up = true;
	answer = centre_ask(centre, wallboard_answer, (struct inquiry){ .if_none_match = etag });
	assert_int_equal(answer.status, 200);
	assert_non_null(strstr(answer.body.start, "\"redis\":\"up\""));
	body_done(&answer.body);
}

static void it_has_each_queue_the_whole_and_a_stamp(void **state)
{
	struct centre *centre = *state;
	const struct json *queue, *whole;
	struct reading reading;

	set_alarms(0, USEC_NEVER, 0);
	centre_log_in(centre, "alice");
	(void)centre_call(centre, "c1", "+81312345678", false, 0);
	(void)centre_call(centre, "c2", "+81312345679", false, 0);
	centre->meters.ready = true;
	reading = read_board(centre);
	assert_text(reading.json, "site", "tokyo");
	assert_text(reading.json, "epoch", feed_epoch(centre->feed));
	assert_text(reading.json, "edition", wallboard_edition());
	assert_int_equal(number(reading.json, "seq"), 0);
	assert_int_equal(json_count(json_member(reading.json, "queues")), 2);
	queue = json_first(json_member(reading.json, "queues"));
	assert_text(queue, "name", "sales");
	assert_int_equal(number(queue, "waiting"), 1);
	assert_true(number(queue, "longest_wait_ms") >= 30000);
	assert_int_equal(number(queue, "holding"), 0);
	assert_int_equal(number(json_member(queue, "agents"), "offered"), 1);
	assert_int_equal(number(json_member(queue, "agents"), "unreachable"), 0);
	assert_text(json_next(queue), "name", CENTRE_QUEUE);
	whole = json_member(reading.json, "whole");
	assert_null(json_member(whole, "name"));
	assert_int_equal(number(whole, "waiting"), 1);
	assert_int_equal(number(json_member(whole, "agents"), "offered"), 1);
	assert_int_equal(json_count(json_member(reading.json, "alarms")), 0);
	/* Nobody's number. */
	assert_null(strstr(reading.answer.body.start, "8131234567"));
	forget_board(&reading);
}

static void today_is_unknown_until_it_is_known(void **state)
{
	struct day_figures day = {
		.counts = { [DAY_OFFERED] = 4, [DAY_IN_TIME] = 3, [DAY_SERVICE_MISSED] = 1 }
	};
	struct centre *centre = *state;
	struct reading reading = read_board(centre);
	const struct json *whole = json_member(reading.json, "whole"), *hour;
	char instant[INSTANT_SIZE];
	int64_t day_number;
	size_t hours;

	assert_int_equal(json_type(json_member(whole, "today")), JSON_NULL);
	assert_int_equal(json_count(json_member(whole, "hours")), 0);
	assert_int_equal(json_type(json_member(reading.json, "day")), JSON_NULL);
	assert_int_equal(json_type(json_member(reading.json, "final_day")), JSON_NULL);
	forget_board(&reading);

	centre_open_day(centre, "sales", &day);
	reading = read_board(centre);
	whole = json_member(reading.json, "whole");
	text_of_instant(clock_now(), instant, sizeof(instant));
	instant[10] = '\0';
	assert_text(reading.json, "day", instant);
	assert_text(reading.json, "zone", "UTC");
	assert_int_equal(number(json_member(whole, "today"), "offered"), 4);
	assert_non_null(strstr(reading.answer.body.start, "\"service_level\":0.750,"));
	assert_non_null(
	        strstr(reading.answer.body.start,
	               "\"fcr\":{\"window_ms\":86400000,\"provisional\":null,\"final\":null}"));
	assert_int_equal(site_day_read(text_of(instant), &day_number), 0);
	site_day_write(day_number - 2, instant);
	assert_text(reading.json, "final_day", instant);
	assert_int_equal(json_type(json_member(json_member(whole, "today"), "own_share")),
	                 JSON_NULL);
	/* Up to the one that is. */
	hours = json_count(json_member(whole, "hours"));
	assert_true(hours >= 1 && hours <= 24);
	hour = json_first(json_member(whole, "hours"));
	for (size_t i = 0; i < hours; i++, hour = json_next(hour)) {
		assert_int_equal(number(hour, "hour"), i);
		assert_int_equal(number(hour, "offered"), i + 1 == hours ? 4 : 0);
	}
	forget_board(&reading);
}

static bool alarmed(struct centre *centre, const char *what, const char *figures)
{
	struct reading reading = read_board(centre);
	char text[256];
	bool there;

	snprintf(text, sizeof(text), "{\"queue\":\"sales\",\"what\":\"%s\",%s}", what, figures);
	there = strstr(reading.answer.body.start, text) != NULL;
	forget_board(&reading);
	return there;
}

static void limits_raise_alarms(void **state)
{
	struct day_figures day = { .counts = { [DAY_IN_TIME] = 5, [DAY_SERVICE_MISSED] = 4 } };
	struct centre *centre = *state;
	struct reading reading;

	set_alarms(2, SEC(25), 600);
	centre_open_day(centre, "sales", &day);
	(void)centre_call(centre, "c1", "", true, 0);
	reading = read_board(centre);
	assert_non_null(strstr(reading.answer.body.start, "\"what\":\"agents\",\"value\":0"));
	assert_null(strstr(reading.answer.body.start, "\"what\":\"waiting\""));
	assert_non_null(
	        strstr(reading.answer.body.start, "\"what\":\"longest_wait_ms\",\"value\":3"));
	assert_non_null(strstr(reading.answer.body.start, "\"threshold\":25000}"));
	/* Nine calls are too few. */
	assert_null(strstr(reading.answer.body.start, "\"what\":\"service_level\""));
	forget_board(&reading);

	(void)centre_call(centre, "c2", "", true, 0);
	assert_true(alarmed(centre, "waiting", "\"value\":2,\"threshold\":2"));
	centre_log_in(centre, "alice");
	assert_false(alarmed(centre, "agents", "\"value\":0,\"threshold\":1"));
	set_alarms(0, USEC_NEVER, 0);
	reading = read_board(centre);
	assert_int_equal(json_count(json_member(reading.json, "alarms")), 0);
	forget_board(&reading);
}

static void a_low_service_level_of_enough_calls_is_an_alarm(void **state)
{
	struct day_figures day = { .counts = { [DAY_IN_TIME] = 6, [DAY_SERVICE_MISSED] = 6 } };
	struct centre *centre = *state;

	set_alarms(0, USEC_NEVER, 501);
	centre_open_day(centre, "sales", &day);
	assert_true(alarmed(centre, "service_level", "\"value\":0.500,\"threshold\":0.501"));
	set_alarms(0, USEC_NEVER, 500);
	assert_false(alarmed(centre, "service_level", "\"value\":0.500,\"threshold\":0.500"));
}

static void an_unchanged_board_costs_a_304(void **state)
{
	struct centre *centre = *state;
	struct answer answer = centre_ask_stamped(centre, wallboard_answer, (struct inquiry){ 0 });
	char etag[ETAG_SIZE];

	memcpy(etag, answer.etag, sizeof(etag));
	body_done(&answer.body);
	centre->meters.steps++;
	answer = centre_ask_stamped(centre, wallboard_answer,
	                            (struct inquiry){ .if_none_match = etag });
	assert_int_equal(answer.status, 304);
	body_done(&answer.body);
	centre_log_in(centre, "alice");
	answer = centre_ask_stamped(centre, wallboard_answer,
	                            (struct inquiry){ .if_none_match = etag });
	assert_int_equal(answer.status, 200);
	body_done(&answer.body);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, centre_set_up, centre_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_stands_by_says_who_leads),
		TEST(redis_away_is_said),
		TEST(it_has_each_queue_the_whole_and_a_stamp),
		TEST(today_is_unknown_until_it_is_known),
		TEST(limits_raise_alarms),
		TEST(a_low_service_level_of_enough_calls_is_an_alarm),
		TEST(an_unchanged_board_costs_a_304),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
