#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alloc.h"
#include "najimi/base/pool.h"

static void hands_out_every_slot_once_and_then_refuses(void **state)
{
	struct pool pool;
	uint32_t slot = 99, gen = 99;

	(void)state;
	assert_true(pool_init(&pool, 3));
	for (uint32_t i = 0; i < 3; i++) {
		assert_true(pool_take(&pool, &slot, &gen));
		assert_int_equal(slot, i);
		assert_int_equal(gen, 1);
		assert_true(pool_holds(&pool, slot, gen));
	}
	slot = gen = 99;
	assert_false(pool_take(&pool, &slot, &gen));
	assert_int_equal(slot, 99);
	assert_int_equal(gen, 99);
	pool_done(&pool);
}

static void a_stale_handle_names_nothing(void **state)
{
	struct pool pool;
	uint32_t slot, gen, slot_again, gen_again;

	(void)state;
	assert_true(pool_init(&pool, 2));
	assert_false(pool_holds(&pool, 0, 0)); /* a zeroed handle */
	assert_true(pool_take(&pool, &slot, &gen));
	pool_give(&pool, slot);
	assert_false(pool_holds(&pool, slot, gen));
	assert_true(pool_take(&pool, &slot_again, &gen_again));
	assert_int_equal(slot_again, slot); /* last in, first out */
	assert_int_equal(gen_again, gen + 1);
	assert_false(pool_holds(&pool, 2, 1)); /* beyond the last slot */
	pool_done(&pool);
}

static void never_comes_to_generation_zero(void **state)
{
	struct pool pool;
	uint32_t slot, gen;

	(void)state;
	assert_true(pool_init(&pool, 1));
	pool.gens[0] = UINT32_MAX;
	assert_true(pool_take(&pool, &slot, &gen));
	pool_give(&pool, slot);
	assert_true(pool_take(&pool, &slot, &gen));
	assert_int_equal(gen, 1);
	pool_done(&pool);
}

static void may_be_empty(void **state)
{
	struct pool pool;
	uint32_t slot, gen;

	(void)state;
	assert_true(pool_init(&pool, 0));
	assert_false(pool_take(&pool, &slot, &gen));
	pool_done(&pool);
}

static void says_when_memory_is_out_and_leaves_nothing_behind(void **state)
{
	struct pool pool;

	(void)state;
	for (unsigned nth = 1; nth <= 2; nth++) {
		alloc_fail(nth);
		assert_false(pool_init(&pool, 10));
		assert_null(pool.gens);
		assert_null(pool.unused);
	}
	pool_done(&pool);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(hands_out_every_slot_once_and_then_refuses),
		cmocka_unit_test(a_stale_handle_names_nothing),
		cmocka_unit_test(never_comes_to_generation_zero),
		cmocka_unit_test(may_be_empty),
		cmocka_unit_test(says_when_memory_is_out_and_leaves_nothing_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
