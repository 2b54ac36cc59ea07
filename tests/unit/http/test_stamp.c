#include "stamp.h"

#include <string.h>

#include "centre.h"

#define OWN "{\"as_of\":\"2026-11-21T23:40:28.536Z\""

static const struct stamp stamp = { .as_of = SEC(1), .seq = 42 };

static struct answer make(const char *json)
{
	struct answer answer = { .status = 200, .type = TYPE_JSON, .stamp = stamp };

	body_init(&answer.body, 1024);
	assert_true(body_add(&answer.body, text_of(json)));
	return answer;
}

static void assert_body(const struct answer *answer, const char *expected)
{
	assert_int_equal(answer->body.length, strlen(expected));
	assert_memory_equal(answer->body.start, expected, strlen(expected));
}

static void an_object_begins_with_its_stamp(void **state)
{
	static const struct {
		const char *before, *after;
	} cases[] = {
		{ "{\"a\":1}", "{\"as_of\":\"1970-01-01T00:00:01.000Z\",\"epoch\":\"5f3a\","
		               "\"seq\":42,\"a\":1}" },
		{ "{}", "{\"as_of\":\"1970-01-01T00:00:01.000Z\",\"epoch\":\"5f3a\",\"seq\":42}" },
		{ OWN ",\"a\":1}", OWN ",\"epoch\":\"5f3a\",\"seq\":42,\"a\":1}" },
		{ OWN "}", OWN ",\"epoch\":\"5f3a\",\"seq\":42}" },
		{ "[1]", "[1]" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct answer answer = make(cases[i].before);

		stamp_put(&answer.body, "5f3a", &stamp);
		assert_body(&answer, cases[i].after);
		body_done(&answer.body);
	}
}

static void an_instant_that_is_not_said_is_now(void **state)
{
	struct answer answer = make("{\"a\":1}");
	char year[6] = { 0 };

	(void)state;
	stamp_put(&answer.body, "5f3a", &(struct stamp){ .seq = 1 });
	memcpy(year, answer.body.start + strlen("{\"as_of\":\""), 5);
	assert_true(strcmp(year, "2026-") >= 0);
	body_done(&answer.body);
}

static void same(const char *one, const char *other, bool expected)
{
	struct answer a = make(one), b = make(other);

	b.stamp = (struct stamp){ .as_of = SEC(7), .seq = 43 };
	stamp_answer(&a, "5f3a", NULL);
	stamp_answer(&b, "5f3a", a.etag);
	assert_int_equal(strcmp(a.etag, b.etag) == 0, expected);
	assert_int_equal(b.status, expected ? 304 : 200);
	assert_int_equal(b.body.length == 0, expected);
	body_done(&a.body);
	body_done(&b.body);
}

static void the_same_content_has_the_same_tag_at_any_time(void **state)
{
	(void)state;
	same("{\"a\":1}", "{\"a\":1}", true);
	same("{\"a\":1}", "{\"a\":2}", false);
	same("{\"a\":1}", "{\"a\":1} ", false);
	same(OWN ",\"a\":1}", "{\"as_of\":\"2026-11-22T00:00:00.000Z\",\"a\":1}", true);
	same(OWN ",\"a\":1}", "{\"as_of\":\"2026-11-22T00:00:00.000Z\",\"a\":2}", false);
}

/* Whoever keeps what they have keeps its epoch as well. */
static void a_daemon_that_began_anew_has_other_tags(void **state)
{
	struct answer a = make("{\"a\":1}"), b = make("{\"a\":1}");

	(void)state;
	stamp_answer(&a, "5f3a", NULL);
	stamp_answer(&b, "5f3b", a.etag);
	assert_int_equal(b.status, 200);
	assert_string_not_equal(a.etag, b.etag);
	body_done(&a.body);
	body_done(&b.body);
}

static void what_is_not_there_yet_is_no_304(void **state)
{
	struct answer answer = make("{\"state\":\"playing\"}");

	(void)state;
	answer.status = 202;
	stamp_answer(&answer, "5f3a", "*");
	assert_int_equal(answer.status, 202);
	assert_true(answer.body.length > 40);
	assert_true(answer.etag[0] != '\0');
	body_done(&answer.body);
}

static void a_stamp_that_does_not_fit_is_said(void **state)
{
	struct answer answer = { .status = 200, .type = TYPE_JSON };

	(void)state;
	body_init(&answer.body, 1800);
	assert_true(body_add(&answer.body, TEXT("{\"a\":")));
	while (answer.body.length < 1799)
		assert_true(body_add(&answer.body, TEXT("1")));
	assert_true(body_add(&answer.body, TEXT("}")));
	stamp_answer(&answer, "5f3a", NULL);
	assert_int_equal(answer.status, 500);
	assert_string_equal(answer.etag, "");
	assert_string_equal(answer.type, "application/problem+json");
	body_done(&answer.body);
}

static void a_list_of_tags_is_searched(void **state)
{
	(void)state;
	assert_true(stamp_has("*", "W/\"a-1\""));
	assert_true(stamp_has("\"x\", W/\"a-1\"", "W/\"a-1\""));
	assert_true(stamp_has("\"a-1\"", "W/\"a-1\""));
	assert_false(stamp_has("W/\"a-11\"", "W/\"a-1\""));
	assert_false(stamp_has(NULL, "W/\"a-1\""));
	assert_false(stamp_has("\"\"", ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_object_begins_with_its_stamp),
		cmocka_unit_test(an_instant_that_is_not_said_is_now),
		cmocka_unit_test(the_same_content_has_the_same_tag_at_any_time),
		cmocka_unit_test(a_daemon_that_began_anew_has_other_tags),
		cmocka_unit_test(what_is_not_there_yet_is_no_304),
		cmocka_unit_test(a_stamp_that_does_not_fit_is_said),
		cmocka_unit_test(a_list_of_tags_is_searched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
