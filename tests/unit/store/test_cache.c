#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "alloc.h"
#include "cache.h"

static const struct agent_id a = { 0, 1 };

static void what_is_put_is_found(void **state)
{
	struct cache *cache = cache_new(10);
	struct cached_caller *caller;
	struct remembered remembered;

	(void)state;
	assert_null(cache_find(cache, "cid:1"));
	caller = cache_put(cache, "cid:1");
	assert_false(caller->whole);
	assert_false(cached_caller_get(caller, &remembered));
	assert_true(remembered_is_empty(&remembered));
	remembered_note(&remembered, a, 0, 5);
	cached_caller_set(caller, &remembered);
	assert_true(cached_caller_get(cache_find(cache, "cid:1"), &remembered));
	assert_int_equal(remembered.agents_count, 1);
	assert_int_equal(remembered.agents[0].at, 5);
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

static void as_much_is_kept_as_there_is(void **state)
{
	struct cache *cache = cache_new(3);
	struct cached_caller *caller = cache_put(cache, "1");
	struct remembered remembered, back;

	(void)state;
	remembered_init(&remembered);
	for (uint32_t i = 0; i < MEMORY_AGENTS_MAX; i++)
		remembered_note(&remembered, (struct agent_id){ i, 1 }, 0, 100 + i);
	remembered_pin(&remembered, (struct agent_id){ 99, 1 }, 7);
	cached_caller_set(caller, &remembered);
	assert_true(cached_caller_get(caller, &back));
	assert_memory_equal(&back, &remembered, sizeof(back));
	remembered_init(&remembered);
	remembered_note(&remembered, a, 0, 5);
	cached_caller_set(caller, &remembered);
	assert_true(cached_caller_get(caller, &back));
	assert_memory_equal(&back, &remembered, sizeof(back));
	cache_drop(cache, "1");
	assert_null(cache_find(cache, "1"));
	cache_drop(cache, "1");
	cache_free(cache);
}

static void what_there_is_no_memory_for_is_not_known(void **state)
{
	struct cache *cache = cache_new(3);
	struct cached_caller *caller = cache_put(cache, "1");
	struct remembered remembered;

	(void)state;
	remembered_init(&remembered);
	remembered_note(&remembered, a, 0, 5);
	cached_caller_set(caller, &remembered);
	caller->whole = true;
	alloc_fail(1);
	cached_caller_set(caller, &remembered);
	alloc_fail(0);
	assert_false(caller->whole);
	assert_false(cached_caller_get(caller, &remembered));
	cache_free(cache);
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
		cmocka_unit_test(as_much_is_kept_as_there_is),
		cmocka_unit_test(what_there_is_no_memory_for_is_not_known),
		cmocka_unit_test(without_memory_there_is_no_entry_and_no_harm),
		cmocka_unit_test(ten_thousand_come_and_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
