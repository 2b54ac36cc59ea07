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
	memory_read(fields, ARRAY_LEN(fields), &memory);
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
	memory_read(fields, ARRAY_LEN(fields), &memory);
	assert_int_equal(memory.count, 0);
	assert_string_equal(memory.left_queue, "");
}

static void excluded_agents_are_left_out(void **state)
{
	const struct memory_field fields[] = {
		FIELD("exclude:alice", ""),
		FIELD("agent:alice", "{\"at\":\"2026-11-03T00:00:00.000Z\"}"),
		FIELD("agent:bob", "{\"at\":\"2026-11-02T00:00:00.000Z\"}"),
		FIELD("exclude:nobody", "1"),
	};
	struct memory memory;

	(void)state;
	memory_read(fields, ARRAY_LEN(fields), &memory);
	assert_int_equal(memory.count, 1);
	assert_true(text_is(memory.agents[0].name, "bob"));
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
	memory_read(fields, 200, &memory);
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
	memory_read(fields, 2, &memory);
	assert_int_equal(memory.agents[0].at, MSEC(1795000000123));
	assert_string_equal(memory.left_queue, "q\\1");
	assert_int_equal(memory.left_arrived_at, MSEC(1795000000000));
	assert_int_equal(memory.left_at, MSEC(1795000009000));
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
		FIELD("exclude:b", "1"),
		FIELD("left", "{\"queue\":\"sales\",\"arrived_at\":\"2026-11-03T00:00:00Z\","
		              "\"at\":\"2026-11-03T00:00:09Z\"}"),
	};
	const struct json_limits limits = { .bytes_max = 4096, .depth_max = 8, .members_max = 64 };
	struct json *json = NULL;
	struct memory memory;
	char story[1024];
	size_t length;

	(void)state;
	memory_read(fields, ARRAY_LEN(fields), &memory);
	length = memory_story(fields, ARRAY_LEN(fields), &memory, TEXT("cid:1"), story,
	                      sizeof(story));
	assert_int_equal(json_parse((struct text){ story, length }, &limits, &json, NULL), 0);
	json_free(json);
	assert_string_equal(story,
	                    "{\"key\":\"cid:1\",\"name\":\"\xe5\xb1\xb1\xe7\x94\xb0\","
	                    "\"notes\":\"a \\\"b\\\"\\n\xef\xbf\xbd\","
	                    "\"agents\":[{\"agent\":\"a\",\"at\":\"2026-11-03T00:00:00.000Z\","
	                    "\"talk_ms\":5,\"queue\":\"sales\",\"contact\":\"k\"}],"
	                    "\"excluded\":[\"b\"],\"left\":{\"queue\":\"sales\","
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
		cmocka_unit_test(excluded_agents_are_left_out),
		cmocka_unit_test(of_very_many_agents_the_latest_are_considered),
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(the_story_is_json_with_everything_the_crm_wrote),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
