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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_best_liked_format_is_chosen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
