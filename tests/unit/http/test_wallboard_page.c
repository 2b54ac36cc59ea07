#include "wallboard.h"

#include "centre.h"
#include "wallboard_files.h"

/* The page as it was built into this program: with its curves, without, or not at all. */

static void it_is_in_the_language_that_is_asked_for(void **state)
{
	static const struct {
		const char *header, *lang;
	} cases[] = {
		{ NULL, "<html lang=\"en\">" },
		{ "ja,en;q=0.5", "<html lang=\"ja\">" },
		{ "de", "<html lang=\"en\">" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct inquiry inquiry = { .accept_language = cases[i].header };
		struct answer answer = centre_ask(*state, wallboard_page, inquiry);

		assert_int_equal(answer.status, 200);
		assert_string_equal(answer.type, "text/html; charset=utf-8");
		assert_string_equal(answer.vary, "Accept-Encoding, Accept-Language");
		assert_non_null(strstr(answer.body.start, cases[i].lang));
		body_done(&answer.body);
	}
}

static void nothing_in_it_runs_but_our_own_files(void **state)
{
	struct answer answer = centre_ask(*state, wallboard_page, (struct inquiry){ 0 });

	assert_non_null(strstr(answer.policy, "default-src 'none'"));
	assert_non_null(strstr(answer.policy, "script-src 'self'"));
	assert_null(strstr(answer.policy, "unsafe"));
	/* As the policy wants it: no script or style within, nothing from elsewhere. */
	assert_null(strstr(answer.body.start, "<style"));
	assert_null(strstr(answer.body.start, "style="));
	assert_null(strstr(answer.body.start, " on"));
	assert_null(strstr(answer.body.start, "//"));
	for (const char *script = answer.body.start; (script = strstr(script, "<script")) != NULL;
	     script++)
		assert_memory_equal(script, "<script src=\"/wallboard/", 24);
	body_done(&answer.body);
}

static void it_is_compressed_for_those_who_take_that(void **state)
{
	struct answer plain = centre_ask(*state, wallboard_page, (struct inquiry){ 0 });
	struct answer zip = centre_ask(*state, wallboard_page,
	                               (struct inquiry){ .accept_encoding = "gzip, br" });

	assert_null(plain.encoding);
	assert_string_equal(zip.encoding, "gzip");
	assert_memory_equal(zip.body.start, "\x1f\x8b", 2);
	assert_true(zip.body.length < plain.body.length);
	assert_string_not_equal(zip.etag, plain.etag);
	body_done(&plain.body);
	body_done(&zip.body);
}

static void who_has_it_gets_it_no_more(void **state)
{
	struct answer first = centre_ask(*state, wallboard_page, (struct inquiry){ 0 });
	struct answer again =
	        centre_ask(*state, wallboard_page, (struct inquiry){ .if_none_match = first.etag });

	assert_int_equal(again.status, 304);
	assert_int_equal(again.body.length, 0);
	body_done(&first.body);
	body_done(&again.body);
}

static bool ends_in(const char *name, const char *suffix)
{
	size_t length = strlen(name), of_suffix = strlen(suffix);

	return length > of_suffix && strcmp(name + length - of_suffix, suffix) == 0;
}

static void every_file_is_there_with_its_type(void **state)
{
	static const struct {
		const char *suffix, *type;
	} types[] = {
		{ ".js", "text/javascript; charset=utf-8" },
		{ ".css", "text/css; charset=utf-8" },
		{ ".svg", "image/svg+xml" },
		{ ".en", "text/html; charset=utf-8" },
		{ ".ja", "text/html; charset=utf-8" },
	};

	assert_true(wallboard_files_count >= 2);
	for (size_t i = 0; i < wallboard_files_count; i++) {
		struct inquiry inquiry = { .name = wallboard_files[i].name };
		struct answer answer = centre_ask(*state, wallboard_file, inquiry);
		size_t known = 0;

		assert_int_equal(answer.status, 200);
		assert_int_equal(answer.body.length, wallboard_files[i].length);
		while (known < ARRAY_LEN(types) && !ends_in(inquiry.name, types[known].suffix))
			known++;
		assert_true(known < ARRAY_LEN(types));
		assert_string_equal(answer.type, types[known].type);
		body_done(&answer.body);
	}
}

static void what_is_no_part_of_it_is_not_there(void **state)
{
	struct answer answer =
	        centre_ask(*state, wallboard_file, (struct inquiry){ .name = "passwd" });

	assert_int_equal(answer.status, 404);
	assert_null(answer.policy);
	body_done(&answer.body);
	assert_int_equal(strlen(wallboard_edition()), 12);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, centre_set_up, centre_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_is_in_the_language_that_is_asked_for),
		TEST(nothing_in_it_runs_but_our_own_files),
		TEST(it_is_compressed_for_those_who_take_that),
		TEST(who_has_it_gets_it_no_more),
		TEST(every_file_is_there_with_its_type),
		TEST(what_is_no_part_of_it_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
