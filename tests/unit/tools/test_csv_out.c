#include "csv_out.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void writes(const char *json, const char *expected)
{
	static const struct json_limits limits = { 1024, 4, 64, 0 };
	struct json *value = NULL;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (json != NULL)
		assert_int_equal(json_parse(text_of(json), &limits, &value, NULL), 0);
	csv_put_value(value, out);
	fclose(out);
	assert_string_equal(text, expected);
	json_free(value);
	free(text);
}

static void what_would_end_a_field_is_quoted(void **state)
{
	(void)state;
	writes("\"sales\"", "sales");
	writes("\"\"", "");
	writes("\"a,b\"", "\"a,b\"");
	writes("\"say \\\"yes\\\"\"", "\"say \"\"yes\"\"\"");
	writes("\"two\\nlines\"", "\"two\nlines\"");
}

static void numbers_are_as_they_are(void **state)
{
	(void)state;
	writes("12", "12");
	writes("-3", "-3");
	writes("0.8190", "0.819");
	writes("true", "true");
	writes("false", "false");
}

static void what_is_not_there_is_empty(void **state)
{
	(void)state;
	writes(NULL, "");
	writes("null", "");
	writes("[1]", "");
	writes("{}", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_would_end_a_field_is_quoted),
		cmocka_unit_test(numbers_are_as_they_are),
		cmocka_unit_test(what_is_not_there_is_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
