#include "body.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void grows_with_what_is_written(void **state)
{
	struct body body;

	(void)state;
	body_init(&body, 100000);
	for (int i = 0; i < 10000; i++)
		assert_true(body_add(&body, TEXT("0123456789")));
	assert_int_equal(body.length, 100000);
	assert_memory_equal(body.start + 99990, "0123456789", 10);
	assert_false(body.overflowed);
	body_done(&body);
	assert_null(body.start);
}

static void what_does_not_fit_is_left_out_and_said(void **state)
{
	struct body body;

	(void)state;
	body_init(&body, 10);
	assert_true(body_add(&body, TEXT("01234567")));
	assert_false(body_add(&body, TEXT("890")));
	/* Nothing after a gap: half a text would read as a whole one. */
	assert_false(body_add(&body, TEXT("8")));
	assert_true(body.overflowed);
	assert_int_equal(body.length, 8);
	body_done(&body);
}

static void reserved_room_counts_only_when_it_was_used(void **state)
{
	struct body body;
	char *room;

	(void)state;
	body_init(&body, 1000);
	room = body_reserve(&body, 500);
	assert_non_null(room);
	memcpy(room, "abc", 3);
	assert_int_equal(body.length, 0);
	body_advance(&body, 3);
	assert_true(body_add(&body, TEXT("def")));
	assert_memory_equal(body.start, "abcdef", 6);
	assert_null(body_reserve(&body, 995));
	assert_true(body.overflowed);
	body_done(&body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows_with_what_is_written),
		cmocka_unit_test(what_does_not_fit_is_left_out_and_said),
		cmocka_unit_test(reserved_room_counts_only_when_it_was_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
