#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "memory.h"
#include "najimi/codec/json.h"

#define FIELD(n, v) \
	{ \
		{ (n), sizeof(n) - 1 }, \
		{ \
			(v), sizeof(v) - 1 \
		} \
	}

#define NOW MSEC(UINT64_C(1795316788164)) /* 2026-11-22T03:06:28.164Z */

static void agents_come_latest_first_whatever_their_order(void **state)
{
	const struct memory_field fields[] = {
		FIELD("agent:bob", "{\"at\":\"2026-11-02T00:00:00.000Z\"}"),
		FIELD("name", "Abe"),
		FIELD("agent:alice", "{\"at\":\"2026-11-03T00:00:00.000Z\",\"talk_ms\":5}"),
		FIELD("agent:carol: d", "{\"at\":\"2026-11-01T09:00:00.000+09:00\"}"),
	};
	struct memory memory;

	(void)state;
	memory_read(fields, ARRAY_LEN(fields), NOW, &memory);
	assert_int_equal(memory.count, 3);
	assert_true(text_is(memory.agents[0].name, "alice"));
	assert_true(text_is(memory.agents[1].name, "bob"));
	assert_true(text_is(memory.agents[2].name, "carol: d"));
	assert_true(memory.agents[1].at - memory.agents[2].at == HOUR(24));
	assert_string_equal(memory.left_queue, "");
}

static void what_cannot_be_read_counts_as_absent(void **state)
{
	const struct memory_field fields[] = {
		FIELD("agent:a", ""),
		FIELD("agent:b", "yesterday"),
		FIELD("agent:c", "[]"),
		FIELD("agent:d", "{\"at\":5}"),
		FIELD("agent:e", "{\"at\":\"tomorrow\"}"),
		FIELD("agent:", "{\"at\":\"2026-11-02T00:00:00.000Z\"}"),
		FIELD("left", "{\"queue\":\"sales\"}"),
		FIELD("", ""),
	};
	struct memory memory;

	(void)state;
	memory_read(fields, ARRAY_LEN(fields), NOW, &memory);
	assert_int_equal(memory.count, 0);
	assert_string_equal(memory.left_queue, "");
}

static void who_is_excluded_is_known_and_until_when(void **state)
{
	const struct memory_field fields[] = {
		FIELD("exclude:alice", ""),
		FIELD("agent:alice", "{\"at\":\"2026-11-03T00:00:00.000Z\"}"),
		FIELD("agent:bob", "{\"at\":\"2026-11-02T00:00:00.000Z\"}"),
		FIELD("exclude:plain", "1"),
		FIELD("exclude:later", "{\"until\":\"2026-12-01T00:00:00Z\",\"reason\":\"r\"}"),
		FIELD("exclude:over", "{\"until\":\"2026-11-21T00:00:00Z\"}"),
		FIELD("exclude:ever", "{\"reason\":\"shouted\",\"until\":null}"),
		FIELD("exclude:odd", "{\"until\":\"next week\"}"),
		FIELD("exclude:", "1"),
	};
	struct memory memory;

	(void)state;
	memory_read(fields, ARRAY_LEN(fields), NOW, &memory);
	assert_int_equal(memory.count, 2);
	assert_int_equal(memory.excluded_count, 5);
	assert_int_equal(memory_excluded_until(&memory, TEXT("alice")), USEC_NEVER);
	assert_int_equal(memory_excluded_until(&memory, TEXT("plain")), USEC_NEVER);
	assert_int_equal(memory_excluded_until(&memory, TEXT("ever")), USEC_NEVER);
	assert_int_equal(memory_excluded_until(&memory, TEXT("odd")), USEC_NEVER);
	assert_int_equal(memory_excluded_until(&memory, TEXT("later")), SEC(1796083200));
	assert_int_equal(memory_excluded_until(&memory, TEXT("over")), 0);
	assert_int_equal(memory_excluded_until(&memory, TEXT("bob")), 0);
}

static void a_pin_a_tier_and_the_queue_of_a_contact_are_read(void **state)
{
	const struct memory_field fields[] = {
		FIELD("pin", "alice"),
		FIELD("pin_at", "2026-11-03T00:00:00.000Z"),
		FIELD("tier", "gold"),
		FIELD("agent:bob",
		      "{\"at\":\"2026-11-02T00:00:00.000Z\",\"queue\":\"s \\\"1\\\"\"}"),
	};
	const struct memory_field odd[] = { FIELD("pin", "alice"), FIELD("pin_at", "lately") };
	struct memory memory;

	(void)state;
	memory_read(fields, ARRAY_LEN(fields), NOW, &memory);
	assert_true(text_is(memory.pin, "alice"));
	assert_int_equal(memory.pin_at, SEC(1793664000));
	assert_true(text_is(memory.tier, "gold"));
	assert_string_equal(memory.agents[0].queue, "s \"1\"");
	memory_read(odd, ARRAY_LEN(odd), NOW, &memory);
	assert_int_equal(memory.pin_at, 0);
	assert_int_equal(memory.tier.length, 0);
	memory_read(NULL, 0, NOW, &memory);
	assert_int_equal(memory.pin.length, 0);
}

static void of_very_many_agents_the_latest_are_considered(void **state)
{
	static struct memory_field fields[200];
	static char names[200][16], values[200][64];
	struct memory memory;

	(void)state;
	for (unsigned i = 0; i < 200; i++) {
		unsigned at = i * 77 % 200; /* in no order */

		snprintf(names[i], sizeof(names[i]), "agent:%u", at);
		snprintf(values[i], sizeof(values[i]), "{\"at\":\"2026-11-03T00:%02u:%02uZ\"}",
		         at / 60, at % 60);
		fields[i] = (struct memory_field){ text_of(names[i]), text_of(values[i]) };
	}
	memory_read(fields, 200, NOW, &memory);
	assert_int_equal(memory.count, MEMORY_AGENTS_MAX);
	for (unsigned i = 0; i < MEMORY_AGENTS_MAX; i++) {
		char expected[8];

		snprintf(expected, sizeof(expected), "%u", 199 - i);
		assert_true(text_is(memory.agents[i].name, expected));
	}
}

static void what_is_written_is_read(void **state)
{
	char agent[256], left[256];
	size_t agent_length = memory_agent_value(MSEC(1795000000123), SEC(75), "s \"1\"", "k-1",
	                                         agent, sizeof(agent));
	size_t left_length = memory_left_value("q\\1", MSEC(1795000000000), MSEC(1795000009000),
	                                       left, sizeof(left));
	const struct memory_field fields[] = { { TEXT("agent:a"), { agent, agent_length } },
		                               { TEXT("left"), { left, left_length } } };
	struct memory memory;

	(void)state;
	assert_string_equal(agent, "{\"at\":\"2026-11-18T11:06:40.123Z\",\"talk_ms\":75000,"
	                           "\"queue\":\"s \\\"1\\\"\",\"contact\":\"k-1\"}");
	memory_read(fields, 2, NOW, &memory);
	assert_int_equal(memory.agents[0].at, MSEC(1795000000123));
	assert_string_equal(memory.left_queue, "q\\1");
	assert_int_equal(memory.left_arrived_at, MSEC(1795000000000));
	assert_int_equal(memory.left_at, MSEC(1795000009000));
}

static void an_exclusion_that_is_written_is_read(void **state)
{
	char value[256];
	size_t length =
	        memory_exclude_value(NOW + SEC(60), "shouted", "crm", NOW, value, sizeof(value));
	struct memory_field field = { TEXT("exclude:a"), { value, length } };
	struct memory memory;

	(void)state;
	assert_string_equal(value, "{\"until\":\"2026-11-22T03:07:28.164Z\",\"reason\":\"shouted\","
	                           "\"by\":\"crm\",\"at\":\"2026-11-22T03:06:28.164Z\"}");
	memory_read(&field, 1, NOW, &memory);
	assert_int_equal(memory.excluded[0].until, NOW + SEC(60));
	field.value.length = memory_exclude_value(USEC_NEVER, "", "", NOW, value, sizeof(value));
	assert_string_equal(value, "{\"at\":\"2026-11-22T03:06:28.164Z\"}");
	memory_read(&field, 1, NOW, &memory);
	assert_int_equal(memory.excluded[0].until, USEC_NEVER);
}

static void the_story_is_json_with_everything_the_crm_wrote(void **state)
{
	const struct memory_field fields[] = {
		FIELD("v", "1"),
		FIELD("name", "\xe5\xb1\xb1\xe7\x94\xb0"),
		FIELD("notes", "a \"b\"\n\xff"),
		FIELD("agents", "not ours"),
		FIELD("agent:a", "{\"at\":\"2026-11-03T00:00:00.000Z\",\"talk_ms\":5,"
		                 "\"queue\":\"sales\",\"contact\":\"k\"}"),
		FIELD("agent:b", "{\"at\":\"2026-11-04T00:00:00.000Z\"}"),
		FIELD("exclude:b", "1"),
		FIELD("exclude:c", "{\"until\":\"2026-12-01T00:00:00.000Z\",\"reason\":\"r\","
		                   "\"by\":\"crm\",\"at\":\"2026-11-01T00:00:00.000Z\"}"),
		FIELD("left", "{\"queue\":\"sales\",\"arrived_at\":\"2026-11-03T00:00:00Z\","
		              "\"at\":\"2026-11-03T00:00:09Z\"}"),
	};
	const struct json_limits limits = { .bytes_max = 4096, .depth_max = 8, .members_max = 64 };
	struct json *json = NULL;
	struct memory memory;
	char story[1024];
	size_t length;

	(void)state;
	memory_read(fields, ARRAY_LEN(fields), NOW, &memory);
	length = memory_story(fields, ARRAY_LEN(fields), &memory, TEXT("cid:1"), story,
	                      sizeof(story));
	assert_int_equal(json_parse((struct text){ story, length }, &limits, &json, NULL), 0);
	json_free(json);
	assert_string_equal(story,
	                    "{\"key\":\"cid:1\",\"name\":\"\xe5\xb1\xb1\xe7\x94\xb0\","
	                    "\"notes\":\"a \\\"b\\\"\\n\xef\xbf\xbd\","
	                    "\"agents\":[{\"agent\":\"a\",\"at\":\"2026-11-03T00:00:00.000Z\","
	                    "\"talk_ms\":5,\"queue\":\"sales\",\"contact\":\"k\"}],"
	                    "\"excluded\":[\"b\",\"c\"],\"exclusions\":["
	                    "{\"agent\":\"b\",\"until\":null},{\"agent\":\"c\","
	                    "\"until\":\"2026-12-01T00:00:00.000Z\",\"reason\":\"r\","
	                    "\"by\":\"crm\",\"at\":\"2026-11-01T00:00:00.000Z\"}],\"left\":{"
	                    "\"queue\":\"sales\","
	                    "\"arrived_at\":\"2026-11-03T00:00:00.000Z\","
	                    "\"at\":\"2026-11-03T00:00:09.000Z\"}}");
	assert_int_equal(
	        memory_story(fields, ARRAY_LEN(fields), &memory, TEXT("cid:1"), story, 100), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agents_come_latest_first_whatever_their_order),
		cmocka_unit_test(what_cannot_be_read_counts_as_absent),
		cmocka_unit_test(who_is_excluded_is_known_and_until_when),
		cmocka_unit_test(a_pin_a_tier_and_the_queue_of_a_contact_are_read),
		cmocka_unit_test(of_very_many_agents_the_latest_are_considered),
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(an_exclusion_that_is_written_is_read),
		cmocka_unit_test(the_story_is_json_with_everything_the_crm_wrote),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
