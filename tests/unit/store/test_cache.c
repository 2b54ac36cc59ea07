#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "alloc.h"
#include "cache.h"

static const struct agent_id a = { 0, 1 }, b = { 1, 1 }, c = { 2, 1 }, d = { 3, 1 };

static void what_is_put_is_found(void **state)
{
	struct cache *cache = cache_new(10);
	struct cached_caller *caller;

	(void)state;
	assert_null(cache_find(cache, "cid:1"));
	caller = cache_put(cache, "cid:1");
	assert_int_equal(caller->known_count, 0);
	assert_int_equal(caller->left_queue, QUEUE_NONE);
	cached_caller_note(caller, a, 5);
	assert_int_equal(cache_find(cache, "cid:1")->known_count, 1);
	assert_null(cache_find(cache, "cid:11"));
	assert_ptr_equal(cache_put(cache, "cid:1"), cache_find(cache, "cid:1"));
	cache_free(cache);
}

static void the_one_seen_longest_ago_makes_room(void **state)
{
	struct cache *cache = cache_new(3);

	(void)state;
	cache_put(cache, "1");
	cache_put(cache, "2");
	cache_put(cache, "3");
	cache_put(cache, "1"); /* seen again */
	cache_put(cache, "4");
	assert_int_equal(cache_count(cache), 3);
	assert_null(cache_find(cache, "2"));
	assert_non_null(cache_find(cache, "1"));
	assert_non_null(cache_find(cache, "4"));
	cache_free(cache);
}

static void the_latest_agent_comes_first_and_only_three_stay(void **state)
{
	struct cached_caller caller = { 0 };

	(void)state;
	cached_caller_note(&caller, a, 10);
	cached_caller_note(&caller, b, 30);
	cached_caller_note(&caller, c, 20);
	assert_int_equal(caller.known_count, 3);
	assert_true(agent_id_equal(caller.known[0].agent, b));
	assert_true(agent_id_equal(caller.known[1].agent, c));
	assert_true(agent_id_equal(caller.known[2].agent, a));
	cached_caller_note(&caller, d, 40);
	assert_int_equal(caller.known_count, 3);
	assert_true(agent_id_equal(caller.known[0].agent, d));
	assert_true(agent_id_equal(caller.known[2].agent, c));
	cached_caller_note(&caller, a, 1); /* older than all: no place */
	assert_true(agent_id_equal(caller.known[2].agent, c));
	cached_caller_note(&caller, c, 50); /* again: moves */
	assert_int_equal(caller.known_count, 3);
	assert_true(agent_id_equal(caller.known[0].agent, c));
	cached_caller_note(&caller, d, 0); /* is to be forgotten */
	assert_int_equal(caller.known_count, 2);
	assert_true(agent_id_equal(caller.known[1].agent, b));
}

static void without_memory_there_is_no_entry_and_no_harm(void **state)
{
	struct cache *cache = cache_new(10);

	(void)state;
	alloc_fail(1);
	assert_null(cache_put(cache, "1"));
	/* The entry, and then the table's first buckets. */
	for (unsigned nth = 2; nth <= 3; nth++) {
		alloc_fail(nth);
		assert_null(cache_put(cache, "1"));
	}
	alloc_fail(0);
	assert_int_equal(cache_count(cache), 0);
	assert_non_null(cache_put(cache, "1"));
	cache_free(cache);
	alloc_fail(1);
	assert_null(cache_new(10));
	alloc_fail(0);
	assert_null(cache_free(NULL));
}

static void ten_thousand_come_and_go(void **state)
{
	struct cache *cache = cache_new(100);
	char key[16];

	(void)state;
	for (unsigned i = 0; i < 10000; i++) {
		snprintf(key, sizeof(key), "%u", i);
		assert_non_null(cache_put(cache, key));
		assert_non_null(cache_find(cache, key));
	}
	assert_int_equal(cache_count(cache), 100);
	cache_free(cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_put_is_found),
		cmocka_unit_test(the_one_seen_longest_ago_makes_room),
		cmocka_unit_test(the_latest_agent_comes_first_and_only_three_stay),
		cmocka_unit_test(without_memory_there_is_no_entry_and_no_harm),
		cmocka_unit_test(ten_thousand_come_and_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
