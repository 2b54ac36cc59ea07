#include "problem.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void a_problem_replaces_what_was_being_said(void **state)
{
	struct answer answer = { .status = 200, .type = TYPE_JSON, .etag = "W/\"x\"" };

	(void)state;
	body_init(&answer.body, 10000);
	assert_true(body_add(&answer.body, TEXT("{\"half")));
	problem_answer(&answer, 404, "there is no queue '%s'", "a\"b\n");
	assert_int_equal(answer.status, 404);
	assert_string_equal(answer.type, "application/problem+json");
	assert_string_equal(answer.etag, "");
	assert_true(body_add(&answer.body, (struct text){ "", 1 }));
	assert_string_equal(answer.body.start,
	                    "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,"
	                    "\"detail\":\"there is no queue 'a\\\"b\\n'\"}");
	body_done(&answer.body);
}

static void a_problem_fits_even_after_an_overflow(void **state)
{
	struct answer answer = { .status = 200 };

	(void)state;
	body_init(&answer.body, 4000);
	assert_null(body_reserve(&answer.body, 5000));
	problem_answer(&answer, 500, "too much");
	assert_false(answer.body.overflowed);
	assert_true(answer.body.length > 0);
	body_done(&answer.body);
}

static void a_long_detail_is_cut_not_lost(void **state)
{
	struct answer answer = { .status = 200 };
	char name[2000];

	(void)state;
	memset(name, '\1', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	body_init(&answer.body, BODY_BYTES_MAX);
	problem_answer(&answer, 400, "%s", name);
	assert_true(answer.body.length > 200);
	assert_memory_equal(answer.body.start + answer.body.length - 2, "\"}", 2);
	body_done(&answer.body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_problem_replaces_what_was_being_said),
		cmocka_unit_test(a_problem_fits_even_after_an_overflow),
		cmocka_unit_test(a_long_detail_is_cut_not_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
