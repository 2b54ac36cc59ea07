#include "accept.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* What Prometheus 2.42 and 3 send, and other people's ways of asking. */
static const struct {
	const char *accept;
	enum exposition_format format;
} cases[] = {
	{ NULL, EXPOSITION_TEXT },
	{ "", EXPOSITION_TEXT },
	{ "*/*", EXPOSITION_TEXT },
	{ "text/html,application/xhtml+xml,*/*;q=0.8", EXPOSITION_TEXT },
	{ "text/plain", EXPOSITION_TEXT },
	{ "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;"
	  "q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
	  EXPOSITION_OPENMETRICS },
	{ "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
	  "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;"
	  "escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
	  EXPOSITION_OPENMETRICS },
	{ "application/openmetrics-text", EXPOSITION_OPENMETRICS },
	{ "APPLICATION/OPENMETRICS-TEXT ; VERSION=1.0.0", EXPOSITION_OPENMETRICS },
	{ "application/openmetrics-text;version=0.0.1", EXPOSITION_TEXT },
	{ "application/openmetrics-text;version=2.0.0,text/plain;q=0.1", EXPOSITION_TEXT },
	{ "application/openmetrics-text;q=0", EXPOSITION_TEXT },
	{ "application/openmetrics-text;q=0.4,text/plain;q=0.5", EXPOSITION_TEXT },
	{ "application/openmetrics-text;q=0.5,text/plain;q=0.5", EXPOSITION_OPENMETRICS },
	{ "text/plain;q=0.2 , application/openmetrics-text ;q=.3", EXPOSITION_OPENMETRICS },
	{ "application/openmetrics-text;q=bad", EXPOSITION_TEXT },
	{ "application/openmetrics-text;q=7", EXPOSITION_OPENMETRICS },
	{ ";;;,,,=;q", EXPOSITION_TEXT },
};

static void the_best_liked_format_is_chosen(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (accept_choose(cases[i].accept) != cases[i].format)
			print_error("for '%s'\n", cases[i].accept);
		assert_int_equal(accept_choose(cases[i].accept), cases[i].format);
	}
}

static void the_best_liked_language_is_chosen(void **state)
{
	static const char *const offered[] = { "en", "ja" };
	static const struct {
		const char *header;
		size_t place;
	} headers[] = {
		{ NULL, 0 },
		{ "", 0 },
		{ "ja", 1 },
		{ "ja-JP,ja;q=0.9,en-US;q=0.8,en;q=0.7", 1 },
		{ "en-US,en;q=0.9,ja;q=0.8", 0 },
		{ "de-DE, fr;q=0.9", 0 },
		{ "de, ja;q=0.1", 1 },
		{ "JA-jp", 1 },
		{ "jam", 0 },
		{ "ja;q=0", 0 },
		{ "*", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
		size_t place = accept_language(headers[i].header, offered, ARRAY_LEN(offered));

		if (place != headers[i].place)
			print_error("for '%s'\n", headers[i].header);
		assert_int_equal(place, headers[i].place);
	}
}

static void gzip_goes_to_those_who_take_it(void **state)
{
	(void)state;
	assert_true(accept_gzip("gzip, deflate, br"));
	assert_true(accept_gzip("deflate, GZIP;q=0.5"));
	assert_true(accept_gzip("*"));
	assert_false(accept_gzip(NULL));
	assert_false(accept_gzip("identity"));
	assert_false(accept_gzip("gzip;q=0, *"));
	assert_false(accept_gzip("x-gzip"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_best_liked_format_is_chosen),
		cmocka_unit_test(the_best_liked_language_is_chosen),
		cmocka_unit_test(gzip_goes_to_those_who_take_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
