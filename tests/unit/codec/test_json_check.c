#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "edge.h"
#include "json_check.h"

static const struct json_limits limits = {
	.bytes_max = 1024,
	.depth_max = 4,
	.members_max = 3,
	.elements_max = 5,
};

static int check_at_the_edge(const char *json, size_t length, struct err *err)
{
	struct edge edge;
	int r;

	edge_init(&edge, json, length);
	r = json_check((struct text){ edge.start, length }, &limits, err);
	edge_done(&edge);
	return r;
}

static void takes_what_the_standard_calls_json(void **state)
{
	static const char *const good[] = {
		"{}",
		"[]",
		"null",
		"true",
		"false",
		"\"\"",
		"0",
		"-0",
		"-0.5",
		"1.5e3",
		"1E+2",
		"1e-9",
		"1e307",
		"0.1e307",
		"9007199254740992",
		"-9007199254740992",
		"1e-999",
		"9007199254740993.0",
		" \t\r\n{ \"a\" : [ 1 , 2 ] , \"b\" : { } } \n",
		"[1,2,3,4,5]",
		"[[[[]]]]",
		"{\"a\":{\"a\":{\"a\":{}}}}",
		"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
		"\"\\u0041\\uD83D\\uDE00\\udbff\\udfff\"",
		"\"馴染み 😀 \x7f\"",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		struct err err = { "" };

		assert_int_equal(check_at_the_edge(good[i], strlen(good[i]), &err), 0);
		assert_string_equal(err.text, "");
	}
}

static const struct {
	const char *json, *why;
} wrong[] = {
	{ "", "byte 0: a value is missing here" },
	{ "  ", "byte 2: a value is missing here" },
	{ "\xef\xbb\xbf{}", "byte 0: a value is missing here" },
	{ "{", "byte 1: a member's name is missing here" },
	{ "{,", "byte 1: a member's name is missing here" },
	{ "{a:1}", "byte 1: a member's name is missing here" },
	{ "{'a':1}", "byte 1: a member's name is missing here" },
	{ "{1:1}", "byte 1: a member's name is missing here" },
	{ "{\"a\":1,}", "byte 7: a member's name is missing here" },
	{ "{\"a\"", "byte 4: ':' is missing here" },
	{ "{\"a\" 1}", "byte 5: ':' is missing here" },
	{ "{\"a\":}", "byte 5: a value is missing here" },
	{ "{\"a\":1", "byte 6: ',' or '}' is missing here" },
	{ "{\"a\":1]", "byte 6: ',' or '}' is missing here" },
	{ "{\"a\":1 \"b\":2}", "byte 7: ',' or '}' is missing here" },
	{ "[", "byte 1: a value is missing here" },
	{ "[1,]", "byte 3: a value is missing here" },
	{ "[,1]", "byte 1: a value is missing here" },
	{ "[1", "byte 2: ',' or ']' is missing here" },
	{ "[1}", "byte 2: ',' or ']' is missing here" },
	{ "[1 2]", "byte 3: ',' or ']' is missing here" },
	{ "{}{}", "byte 2: something follows the value" },
	{ "1 1", "byte 2: something follows the value" },
	{ "{} // words", "byte 3: something follows the value" },
	{ "/**/{}", "byte 0: a value is missing here" },
	{ "tru", "byte 0: a value is missing here" },
	{ "True", "byte 0: a value is missing here" },
	{ "nul1", "byte 0: a value is missing here" },
	{ "falsey", "byte 5: something follows the value" },
	{ "[NaN]", "byte 1: a value is missing here" },
	{ "[Infinity]", "byte 1: a value is missing here" },
	{ "[-Infinity]", "byte 2: a number without digits" },
	{ "[-NaN]", "byte 2: a number without digits" },
	{ "-", "byte 1: a number without digits" },
	{ "+1", "byte 0: a value is missing here" },
	{ ".5", "byte 0: a value is missing here" },
	{ "01", "byte 0: a number with a leading zero" },
	{ "-01", "byte 1: a number with a leading zero" },
	{ "0x10", "byte 1: something follows the value" },
	{ "1.", "byte 2: a point without digits after it" },
	{ "1.e5", "byte 2: a point without digits after it" },
	{ "1e", "byte 2: an exponent without digits" },
	{ "1e+", "byte 3: an exponent without digits" },
	{ "1e999", "byte 0: a number too large" },
	{ "[0,-1e308]", "byte 3: a number too large" },
	{ "10e307", "byte 0: a number too large" },
	{ "1e99999999999999999999", "byte 0: a number too large" },
	{ "[9007199254740993]",
	  "byte 1: a whole number beyond 2^53 loses digits: send it as a text" },
	{ "-99999999999999999999999",
	  "byte 0: a whole number beyond 2^53 loses digits: send it as a text" },
	{ "0.1234567890123456789012345678901234567890123456789012345678901234",
	  "byte 0: a number of more than 63 characters" },
	{ "\"a", "byte 0: a text that does not end" },
	{ "[\"a]", "byte 1: a text that does not end" },
	{ "\"a\nb\"", "byte 2: a control character in a text" },
	{ "\"a\tb\"", "byte 2: a control character in a text" },
	{ "\"\\", "byte 1: no such escape" },
	{ "\"\\x41\"", "byte 1: no such escape" },
	{ "\"\\'\"", "byte 1: no such escape" },
	{ "\"\\u12\"", "byte 1: \\u wants four hex digits" },
	{ "\"\\u12g4\"", "byte 1: \\u wants four hex digits" },
	{ "\"\\u", "byte 1: \\u wants four hex digits" },
	{ "\"ab\\u0000\"", "byte 3: a text may not hold \\u0000" },
	{ "{\"\\u0000\":1}", "byte 2: a text may not hold \\u0000" },
	{ "\"\\ud83d\"", "byte 1: a lone surrogate" },
	{ "\"\\ude00\"", "byte 1: a lone surrogate" },
	{ "\"\\ud83d\\n\"", "byte 1: a lone surrogate" },
	{ "\"\\ud83d\\ud83d\"", "byte 1: a lone surrogate" },
	{ "\"\\ud83d\\u0041\"", "byte 1: a lone surrogate" },
	{ "\"\\ud83d\\u", "byte 1: a lone surrogate" },
	{ "\"a\xff\"", "byte 2: not UTF-8" },
	{ "\"\xc0\x80\"", "byte 1: not UTF-8" },
	{ "\"\xed\xa0\x80\"", "byte 1: not UTF-8" },
	{ "\"\xe3\x81", "byte 1: not UTF-8" },
	{ "{\"\xff\":1}", "byte 2: not UTF-8" },
	{ "{} \xff", "byte 3: something follows the value" },
	{ "{}\v", "byte 2: something follows the value" },
	{ "[[[[[]]]]]", "byte 4: nested too deep" },
	{ "{\"a\":[{\"a\":[[", "byte 12: nested too deep" },
	{ "{\"a\":1,\"b\":2,\"c\":3,\"d\":4}", "byte 19: too many members" },
	{ "[1,2,3,4,5,6]", "byte 11: too many elements" },
};

static void says_what_is_wrong_and_at_which_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct err err = { "" };

		assert_int_equal(check_at_the_edge(wrong[i].json, strlen(wrong[i].json), &err),
		                 -EINVAL);
		assert_string_equal(err.text, wrong[i].why);
	}
}

static void a_zero_byte_is_no_white_space_and_no_end(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(check_at_the_edge("{}\0", 3, &err), -EINVAL);
	assert_string_equal(err.text, "byte 2: something follows the value");
	assert_int_equal(check_at_the_edge("\"a\0b\"", 5, &err), -EINVAL);
	assert_string_equal(err.text, "byte 2: a control character in a text");
	assert_int_equal(check_at_the_edge("\"\\\0\"", 4, &err), -EINVAL);
	assert_string_equal(err.text, "byte 1: no such escape");
}

static void a_cut_document_is_wrong_at_every_length(void **state)
{
	static const char whole[] =
	        "{\"a\":[1.5e-3,\"\\ud83d\\ude00 馴\"],\"b\":{\"c\":null},\"d\":true}";

	(void)state;
	for (size_t length = 0; length < sizeof(whole) - 1; length++)
		assert_int_equal(check_at_the_edge(whole, length, NULL), -EINVAL);
	assert_int_equal(check_at_the_edge(whole, sizeof(whole) - 1, NULL), 0);
}

static void takes_no_more_bytes_than_agreed(void **state)
{
	char json[1026];
	struct err err;

	(void)state;
	memset(json, ' ', sizeof(json));
	json[0] = '1';
	assert_int_equal(check_at_the_edge(json, 1024, &err), 0);
	assert_int_equal(check_at_the_edge(json, 1025, &err), -EINVAL);
	assert_string_equal(err.text, "1025 bytes are more than 1024");
}

static void elements_are_limited_like_members_unless_said_otherwise(void **state)
{
	struct json_limits alike = limits;
	struct err err;

	(void)state;
	alike.elements_max = 0;
	assert_int_equal(json_check(TEXT("[1,2,3]"), &alike, &err), 0);
	assert_int_equal(json_check(TEXT("[1,2,3,4]"), &alike, &err), -EINVAL);
	assert_string_equal(err.text, "byte 7: too many elements");
}

static void finds_any_name_again(void **state)
{
	struct text text = TEXT("{\"a\":\"b\", \"c\\\"\" : [\"d\",{\"e\":1}],\"f\":\":\"}");

	(void)state;
	assert_int_equal(json_find_name(text, 0), 1);
	assert_int_equal(json_find_name(text, 1), 10);
	assert_int_equal(json_find_name(text, 2), 24);
	assert_int_equal(json_find_name(text, 3), 32);
	assert_int_equal(json_find_name(text, 4), text.length);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_the_standard_calls_json),
		cmocka_unit_test(says_what_is_wrong_and_at_which_byte),
		cmocka_unit_test(a_zero_byte_is_no_white_space_and_no_end),
		cmocka_unit_test(a_cut_document_is_wrong_at_every_length),
		cmocka_unit_test(takes_no_more_bytes_than_agreed),
		cmocka_unit_test(elements_are_limited_like_members_unless_said_otherwise),
		cmocka_unit_test(finds_any_name_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
