#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "najimi/base/hash.h"

static void gives_the_published_fnv_1a_values(void **state)
{
	(void)state;
	assert_int_equal(hash_bytes(HASH_START, "", 0), UINT64_C(0xcbf29ce484222325));
	assert_int_equal(hash_bytes(HASH_START, "a", 1), UINT64_C(0xaf63dc4c8601ec8c));
	assert_int_equal(hash_bytes(HASH_START, "foobar", 6), UINT64_C(0x85944171f73967e8));
}

static void goes_on_where_it_stopped(void **state)
{
	uint64_t hash = hash_bytes(HASH_START, "foo", 3);

	(void)state;
	assert_int_equal(hash_bytes(hash, "bar", 3), hash_bytes(HASH_START, "foobar", 6));
}

static void sees_every_word_and_their_order(void **state)
{
	uint64_t none = HASH_START, zero = hash_word(none, 0), two_zeros = hash_word(zero, 0);

	(void)state;
	assert_true(none != zero && zero != two_zeros);
	assert_true(hash_word(hash_word(none, 1), 2) != hash_word(hash_word(none, 2), 1));
	/* The first number of SplitMix64 from seed 0. */
	assert_int_equal(hash_word(0, 0), UINT64_C(0xe220a8397b1dcdaf));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_the_published_fnv_1a_values),
		cmocka_unit_test(goes_on_where_it_stopped),
		cmocka_unit_test(sees_every_word_and_their_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
