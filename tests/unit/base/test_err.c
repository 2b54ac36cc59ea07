#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "najimi/base/err.h"

static void says_what_was_being_done_and_then_why_it_failed(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(err_set(&err, -ENOENT, "no such option '%s'", "ring"), -ENOENT);
	assert_int_equal(err_wrap(&err, -ENOENT, "%s:%d", "najimid.conf", 7), -ENOENT);
	assert_string_equal(err.text, "najimid.conf:7: no such option 'ring'");
}

static void gives_the_code_alone_to_who_wants_no_words(void **state)
{
	(void)state;
	assert_int_equal(err_set(NULL, -EINVAL, "unseen"), -EINVAL);
	assert_int_equal(err_wrap(NULL, -ERANGE, "unseen"), -ERANGE);
}

static void cuts_words_that_are_too_long_and_keeps_the_doing(void **state)
{
	char long_words[600];
	struct err err;

	(void)state;
	memset(long_words, 'w', sizeof(long_words) - 1);
	long_words[sizeof(long_words) - 1] = '\0';
	err_set(&err, -EINVAL, "%s", long_words);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	err_wrap(&err, -EINVAL, "reading");
	assert_memory_equal(err.text, "reading: www", 12);
	err_wrap(&err, -EINVAL, "%s", long_words);
	assert_true(strlen(err.text) < sizeof(err.text));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_was_being_done_and_then_why_it_failed),
		cmocka_unit_test(gives_the_code_alone_to_who_wants_no_words),
		cmocka_unit_test(cuts_words_that_are_too_long_and_keeps_the_doing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
