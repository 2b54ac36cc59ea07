#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "remain.h"

static uint64_t index_of(const struct remain_pair *pair, usec_t talked, usec_t horizon)
{
	const struct remain_point at = { .elapsed = talked };

	return remain_index(pair, &at, horizon);
}

static void before_anything_is_known_talks_have_the_mean_expected_of_them(void **state)
{
	struct remain_pair pair;
	struct remain_point at = { 0 };
	uint64_t busy_ms = 0;

	(void)state;
	remain_start(&pair, SEC(180), 0);
	/* The mean is the sum of all chances to be still at it. */
	for (unsigned s = 0; s < 4000; s++)
		busy_ms += (1000000 - remain_chance(&pair, &at, SEC(s))) / 1000;
	assert_in_range(busy_ms / 1000, 170, 190);
}

static void talks_of_one_length_end_when_they_always_did(void **state)
{
	struct remain_pair pair;
	struct remain_point at = { .elapsed = SEC(40) };

	(void)state;
	remain_start(&pair, SEC(180), 0);
	for (unsigned i = 0; i < 20000; i++) {
		remain_learn_talk(&pair, SEC(60));
		remain_learn_wrapup(&pair, 0);
	}
	assert_in_range(remain_chance(&pair, &at, SEC(10)), 0, 20000);
	assert_in_range(remain_chance(&pair, &at, SEC(28)), 980000, 1000000);
	/* Certain in about 22 s: one reunion for 22 s of waiting. */
	assert_in_range(index_of(&pair, SEC(40), SEC(60)), 1000000 / 28, 1000000 / 18);
	/* Out of reach. */
	assert_in_range(index_of(&pair, SEC(0), SEC(30)), 0, 1000);
}

static void the_index_hardly_falls_when_there_is_more_time(void **state)
{
	struct remain_pair pair;

	(void)state;
	remain_start(&pair, SEC(180), SEC(10));
	for (unsigned i = 1; i < 500; i++)
		remain_learn_talk(&pair, SEC(i % 7 * 40 + 5));
	for (unsigned talked = 0; talked < 600; talked += 7) {
		uint64_t least = index_of(&pair, SEC(talked), SEC(15));

		for (unsigned horizon = 20; horizon <= 900; horizon += 5) {
			uint64_t now = index_of(&pair, SEC(talked), SEC(horizon));

			/* A moment that is the horizon is tried; beyond it, its neighbours. */
			assert_true(now + now / 4 >= least);
			least = now > least ? now : least;
		}
	}
}

static void a_wrapup_is_nearer_its_end_than_a_talk(void **state)
{
	struct remain_pair pair;
	const struct remain_point talks = { .elapsed = SEC(60) };
	const struct remain_point wraps = { .wrapping = true, .end_max = SEC(10) };

	(void)state;
	remain_start(&pair, SEC(180), SEC(10));
	assert_true(remain_index(&pair, &wraps, SEC(60)) >
	            10 * remain_index(&pair, &talks, SEC(60)));
	assert_int_equal(remain_chance(&pair, &wraps, SEC(10)), 1000000);
}

static void who_talks_longer_than_anybody_is_still_somebody(void **state)
{
	struct remain_pair pair;

	(void)state;
	remain_start(&pair, SEC(180), SEC(10));
	assert_true(index_of(&pair, HOUR(20), SEC(60)) > 0);
	assert_true(index_of(&pair, HOUR(20), USEC_NEVER) > 0);
	assert_int_equal(index_of(&pair, SEC(60), 0), 0);
}

static void nothing_is_known_of_a_pair_that_was_not_started(void **state)
{
	struct remain_pair pair = { 0 };
	const struct remain_point at = { 0 };

	(void)state;
	assert_int_equal(index_of(&pair, SEC(60), SEC(60)), 0);
	assert_int_equal(remain_chance(&pair, &at, SEC(60)), 0);
}

static void new_habits_replace_old_ones(void **state)
{
	struct remain_pair pair;
	const struct remain_point at = { 0 };

	(void)state;
	remain_start(&pair, SEC(180), 0);
	for (unsigned i = 0; i < 100000; i++)
		remain_learn_talk(&pair, SEC(600));
	assert_true(remain_chance(&pair, &at, SEC(300)) < 10000);
	for (unsigned i = 0; i < 100000; i++)
		remain_learn_talk(&pair, SEC(30));
	assert_true(remain_chance(&pair, &at, SEC(300)) > 990000);
}

/* Of one agent nothing is assumed before; what fades is not counted any more. */
static void what_one_agent_talks_is_counted_from_nothing(void **state)
{
	struct remain talks = { 0 };

	(void)state;
	assert_int_equal(remain_count(&talks), 0);
	for (unsigned i = 1; i <= 300; i++) {
		remain_learn(&talks, SEC(i));
		assert_int_equal(remain_count(&talks), i);
	}
	for (unsigned i = 0; i < 20000; i++)
		remain_learn(&talks, SEC(30));
	assert_in_range(remain_count(&talks), 4096, 8192);
}

static void an_agent_is_judged_by_their_own_talks_where_they_are_given(void **state)
{
	struct remain_pair pair;
	struct remain talks = { 0 };
	struct remain_point usual = { .elapsed = SEC(10) };
	struct remain_point own = { .elapsed = SEC(10), .talks = &talks };
	struct remain_point wraps = { .wrapping = true, .end_max = SEC(9), .talks = &talks };
	struct remain_point wraps_too = { .wrapping = true, .end_max = SEC(9) };

	(void)state;
	remain_start(&pair, SEC(600), SEC(10));
	for (unsigned i = 0; i < 200; i++)
		remain_learn(&talks, SEC(30));
	assert_true(remain_chance(&pair, &own, SEC(45)) > 990000);
	assert_true(remain_chance(&pair, &usual, SEC(45)) < 100000);
	assert_true(remain_index(&pair, &own, SEC(60)) > remain_index(&pair, &usual, SEC(60)));
	/* Wrap-ups are the queue's. */
	assert_int_equal(remain_chance(&pair, &wraps, SEC(5)),
	                 remain_chance(&pair, &wraps_too, SEC(5)));
}

/* Talk and wrap-up together; the mean of what is left, not of the whole. A few moments are
 * tried, so it is rough. */
static void the_mean_is_of_what_is_left(void **state)
{
	struct remain_pair pair;
	struct remain_point at = { 0 };
	usec_t before = USEC_NEVER;

	(void)state;
	remain_start(&pair, SEC(180), 0);
	for (unsigned i = 0; i < 20000; i++) {
		remain_learn_talk(&pair, SEC(100));
		remain_learn_wrapup(&pair, SEC(20));
	}
	for (unsigned talked = 0; talked <= 80; talked += 20) {
		at.elapsed = SEC(talked);
		assert_in_range(remain_mean(&pair, &at) / SEC(1), (120 - talked) * 9 / 10,
		                (120 - talked) * 14 / 10);
		assert_true(remain_mean(&pair, &at) < before);
		before = remain_mean(&pair, &at);
	}
	at = (struct remain_point){ .wrapping = true, .elapsed = SEC(15), .end_max = SEC(3) };
	assert_in_range(remain_mean(&pair, &at) / MSEC(1), 1000, 3100);
}

static void the_mean_of_what_is_not_known_is_nothing(void **state)
{
	struct remain_pair pair = { 0 };
	struct remain_point at = { 0 };

	(void)state;
	assert_int_equal(remain_mean(&pair, &at), 0);
	remain_start(&pair, HOUR(8), 0);
	assert_in_range(remain_mean(&pair, &at) / SEC(1), 900, 1000); /* no further is looked */
}

static void what_was_learned_goes_from_one_core_into_another(void **state)
{
	struct remain_pair pair, other;
	struct remain_point at = { .elapsed = SEC(20) };
	struct lasting_record record;

	(void)state;
	remain_start(&pair, SEC(180), SEC(10));
	for (unsigned i = 0; i < 500; i++) {
		remain_learn_talk(&pair, SEC(i));
		remain_learn_wrapup(&pair, SEC(i % 20));
	}
	remain_give(&pair, &record);
	remain_start(&other, SEC(60), 0);
	assert_true(remain_take(&other, &record));
	for (unsigned horizon = 1; horizon < 100; horizon += 7)
		assert_int_equal(remain_index(&other, &at, SEC(horizon)),
		                 remain_index(&pair, &at, SEC(horizon)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(before_anything_is_known_talks_have_the_mean_expected_of_them),
		cmocka_unit_test(talks_of_one_length_end_when_they_always_did),
		cmocka_unit_test(the_index_hardly_falls_when_there_is_more_time),
		cmocka_unit_test(a_wrapup_is_nearer_its_end_than_a_talk),
		cmocka_unit_test(who_talks_longer_than_anybody_is_still_somebody),
		cmocka_unit_test(nothing_is_known_of_a_pair_that_was_not_started),
		cmocka_unit_test(new_habits_replace_old_ones),
		cmocka_unit_test(what_one_agent_talks_is_counted_from_nothing),
		cmocka_unit_test(an_agent_is_judged_by_their_own_talks_where_they_are_given),
		cmocka_unit_test(the_mean_is_of_what_is_left),
		cmocka_unit_test(the_mean_of_what_is_not_known_is_nothing),
		cmocka_unit_test(what_was_learned_goes_from_one_core_into_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
