#include "stats.h"

#include <errno.h>

#include "centre.h"

static struct answer ask(struct centre *centre, const char *query)
{
	return centre_ask(centre, stats_answer, (struct inquiry){ .query = query });
}

static int read_stats(const struct stats_question *question, uint64_t number, void *arg)
{
	(void)question;
	(void)number;
	(void)arg;
	fail();
	return 0;
}

static int set_up(void **state)
{
	int r = centre_set_up(state);
	struct centre *centre = *state;

	centre_keep_days(centre);
	centre->needs.read_stats = read_stats;
	return r;
}

static void a_question_is_read_from_the_query(void **state)
{
	struct answer answer = ask(*state, "from=2026-11-01&to=2026-11-%30%33&by=hour");

	assert_int_equal(answer.status, 200);
	assert_true(answer.asks);
	assert_string_equal(answer.question.from, "2026-11-01");
	assert_string_equal(answer.question.to, "2026-11-03");
	assert_int_equal(answer.question.by, STATS_BY_HOUR);
	stats_finish(&answer, 0, TEXT("{\"rows\":[]}"));
	assert_string_equal(answer.type, "application/json");
	assert_int_equal(answer.body.length, 11);
	body_done(&answer.body);
	answer = ask(*state, NULL);
	assert_true(answer.asks);
	assert_string_equal(answer.question.from,
	                    daybook_today(((struct centre *)*state)->daybook));
	body_done(&answer.body);
}

static void what_is_wrong_with_it_is_said(void **state)
{
	static const struct {
		const char *query, *words;
	} cases[] = {
		{ "from=yesterday", "from: 'yesterday' is no day" },
		{ "from=2026-11-02&to=2026-11-01", "before 2026-11-02" },
		{ "from=2025-01-01&to=2026-11-01", "more than 400 days" },
		{ "by=team", "by: 'team' is none of queue, agent, hour, day" },
		{ "since=2026-11-02", "'since' is none of from, to, by" },
		{ "by=day&by=hour", "by: is there twice" },
		{ "by", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct answer answer = ask(*state, cases[i].query);

		assert_int_equal(answer.status, 400);
		assert_false(answer.asks);
		if (strstr(answer.body.start, cases[i].words) == NULL)
			fail_msg("%s: %s", cases[i].query, answer.body.start);
		body_done(&answer.body);
	}
}

static void while_the_past_is_unknown_nobody_is_asked(void **state)
{
	struct answer answer = ask(*state, "");

	assert_int_equal(answer.status, 503);
	body_done(&answer.body);
}

static void what_the_store_says_is_the_status(void **state)
{
	static const struct {
		int outcome, status;
	} cases[] = { { -EBUSY, 503 }, { -ENOTCONN, 503 }, { -ENOMEM, 500 } };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct answer answer = ask(*state, "");

		stats_finish(&answer, cases[i].outcome, TEXT(""));
		assert_int_equal(answer.status, cases[i].status);
		assert_false(answer.asks);
		body_done(&answer.body);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, centre_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_question_is_read_from_the_query),
		TEST(what_is_wrong_with_it_is_said),
		TEST(what_the_store_says_is_the_status),
		cmocka_unit_test_setup_teardown(while_the_past_is_unknown_nobody_is_asked,
		                                centre_set_up, centre_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
