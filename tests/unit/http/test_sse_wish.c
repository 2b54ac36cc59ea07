#include "sse_wish.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "najimi/shell/feed.h"

static struct sse_wish read(const char *query, const char *last_event_id)
{
	char what[SSE_WHAT_SIZE] = "";
	struct sse_wish wish;

	assert_true(sse_read_wish(query, last_event_id, &wish, what));
	return wish;
}

static void without_a_query_everything_that_happens_is_wished_for(void **state)
{
	static const char *const queries[] = { NULL, "", "x=1" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
		struct sse_wish wish = read(queries[i], NULL);

		assert_int_equal(wish.types, BIT(FEED_TYPES) - 1);
		assert_false(wish.wallboard);
		assert_false(wish.resumes);
	}
}

static void types_are_named(void **state)
{
	struct sse_wish wish = read("types=call.ended,wallboard,agent.changed", NULL);

	(void)state;
	assert_int_equal(wish.types, BIT(FEED_CALL_ENDED) | BIT(FEED_AGENT_CHANGED));
	assert_true(wish.wallboard);
	wish = read("types=wallboard", NULL);
	assert_int_equal(wish.types, 0);
	assert_true(wish.wallboard);
}

static void what_there_is_not_is_said(void **state)
{
	static const struct {
		const char *query, *what;
	} cases[] = {
		{ "types=", "" },
		{ "types=call.ended,", "" },
		{ "types=call.ended,weather", "weather" },
		{ "types=Call.Ended", "Call.Ended" },
		{ "types="
		  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sse_wish wish = { .types = 77 };
		char what[SSE_WHAT_SIZE];

		assert_false(sse_read_wish(cases[i].query, NULL, &wish, what));
		assert_string_equal(what, cases[i].what);
		assert_int_equal(wish.types, 77);
	}
}

static void a_last_id_says_where_to_go_on(void **state)
{
	static const char *const unreadable[] = { "41",           "deadbeef",     "deadbeef-",
		                                  "deadbee-41",   "deadbeeff-41", "deadbeef--1",
		                                  "deadbeef-4x1", "-41",          "x" };
	struct sse_wish wish = read(NULL, "deadbeef-41");

	(void)state;
	assert_true(wish.resumes);
	assert_string_equal(wish.epoch, "deadbeef");
	assert_int_equal(wish.after, 41);
	assert_false(read(NULL, "").resumes);
	for (size_t i = 0; i < ARRAY_LEN(unreadable); i++) {
		wish = read(NULL, unreadable[i]);
		assert_true(wish.resumes);
		assert_string_equal(wish.epoch, "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_query_everything_that_happens_is_wished_for),
		cmocka_unit_test(types_are_named),
		cmocka_unit_test(what_there_is_not_is_said),
		cmocka_unit_test(a_last_id_says_where_to_go_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
