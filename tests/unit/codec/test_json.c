#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "edge.h"
#include "najimi/codec/json.h"

static const struct json_limits limits = {
	.bytes_max = 4096,
	.depth_max = 16,
	.members_max = 256,
};

static struct json *parse(const char *text)
{
	struct json *json = NULL;
	struct edge edge;

	edge_init(&edge, text, strlen(text));
	assert_int_equal(json_parse((struct text){ edge.start, edge.length }, &limits, &json, NULL),
	                 0);
	edge_done(&edge); /* the document needs its text no more */
	return json;
}

static void check_refused(const char *text, const char *why)
{
	struct json *json = NULL;
	struct err err = { "" };

	assert_int_equal(json_parse(text_of(text), &limits, &json, &err), -EINVAL);
	assert_string_equal(err.text, why);
	assert_null(json); /* left alone */
}

static void finds_members_by_their_exact_name(void **state)
{
	struct json *json = parse("{\"ID\":1,\"id\":2,\"Id\":3}");
	int64_t value;

	(void)state;
	assert_true(json_get_int(json_member(json, "id"), &value));
	assert_int_equal(value, 2);
	assert_null(json_member(json, "iD"));
	assert_null(json_member(json_member(json, "id"), "id"));
	assert_null(json_member(NULL, "id"));
	json_free(json);
}

static void walks_members_and_elements_in_their_order(void **state)
{
	struct json *json = parse("{\"b\":[10,20,40],\"a\":{}}");
	const struct json *member = json_first(json), *element;
	int64_t value, sum = 0;

	(void)state;
	assert_int_equal(json_type(json), JSON_OBJECT);
	assert_int_equal(json_count(json), 2);
	assert_string_equal(json_member_name(member), "b");
	assert_int_equal(json_type(member), JSON_ARRAY);
	assert_int_equal(json_count(member), 3);
	for (element = json_first(member); element != NULL; element = json_next(element)) {
		assert_true(json_get_int(element, &value));
		assert_true(value > sum);
		sum += value;
	}
	assert_int_equal(sum, 70);
	member = json_next(member);
	assert_string_equal(json_member_name(member), "a");
	assert_null(json_first(member));
	assert_int_equal(json_count(member), 0);
	assert_null(json_next(member));
	json_free(json);
}

static void gives_a_value_only_as_what_it_is(void **state)
{
	struct json *json = parse("[null,true,7,\"7\",[],{},1.5]");
	static const enum json_type types[] = { JSON_NULL,  JSON_BOOL,   JSON_NUMBER, JSON_TEXT,
		                                JSON_ARRAY, JSON_OBJECT, JSON_NUMBER };
	const struct json *element = json_first(json);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(types); i++, element = json_next(element)) {
		const char *text = "left alone";
		bool boolean = false;
		int64_t value = 99;

		assert_int_equal(json_type(element), types[i]);
		assert_int_equal(json_get_text(element, &text), types[i] == JSON_TEXT);
		assert_string_equal(text, types[i] == JSON_TEXT ? "7" : "left alone");
		assert_int_equal(json_get_bool(element, &boolean), types[i] == JSON_BOOL);
		assert_int_equal(boolean, types[i] == JSON_BOOL);
		assert_int_equal(json_get_int(element, &value), i == 2);
		assert_int_equal(value, i == 2 ? 7 : 99);
	}
	json_free(json);
}

static void whole_numbers_are_exact_up_to_2_to_the_53(void **state)
{
	static const struct {
		const char *text;
		bool whole;
		int64_t value;
	} rows[] = {
		{ "9007199254740992", true, INT64_C(9007199254740992) },
		{ "-9007199254740992", true, INT64_C(-9007199254740992) },
		{ "9007199254740991", true, INT64_C(9007199254740991) },
		{ "2147483648", true, INT64_C(2147483648) },
		{ "-0", true, 0 },
		{ "1.0", true, 1 },
		{ "1e3", true, 1000 },
		{ "1e16", false, 0 },
		{ "1e300", false, 0 },
		{ "-1e300", false, 0 },
		{ "0.5", false, 0 },
		{ "1e-300", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct json *json = parse(rows[i].text);
		int64_t value = 99;

		assert_int_equal(json_get_int(json, &value), rows[i].whole);
		assert_int_equal(value, rows[i].whole ? rows[i].value : 99);
		json_free(json);
	}
}

static void reads_escapes_into_utf8(void **state)
{
	struct json *json = parse("\"\\u99b4\\u67d3\\u307F \\ud83d\\ude00 \\\"\\\\\\/\\n\"");
	const char *text;

	(void)state;
	assert_true(json_get_text(json, &text));
	assert_string_equal(text, "馴染み 😀 \"\\/\n");
	json_free(json);
}

static void refuses_two_members_of_one_name_and_says_which(void **state)
{
	(void)state;
	check_refused("{\"id\":1,\"x\":2,\"id\":3}", "byte 14: duplicate member 'id'");
	check_refused("{\"id\":1,\"\\u0069d\":3}", "byte 8: duplicate member 'id'");
	check_refused("{\"\":1,\"\":1}", "byte 6: duplicate member ''");
	check_refused("[{\"a\":\"a\"},{\"b\":{\"c\":[{\"d\":1,\"e\":1,\"d\":1}]}}]",
	              "byte 35: duplicate member 'd'");
	/* The same name in another object, or in another case, is another member. */
	json_free(parse("{\"id\":{\"id\":{\"id\":1}},\"ID\":[{\"id\":1},{\"id\":1}]}"));
}

static void finds_a_duplicate_among_many(void **state)
{
	char text[8 * 256 + 2], name[] = "\"a00\":1,";
	size_t length = 1;

	(void)state;
	text[0] = '{';
	for (int i = 0; i < 256; i++) {
		name[2] = (char)('0' + i / 16 + (i / 16 > 9 ? 39 : 0));
		name[3] = (char)('0' + i % 16 + (i % 16 > 9 ? 39 : 0));
		memcpy(text + length, name, 8);
		length += 8;
	}
	text[length - 1] = '}';
	text[length] = '\0';
	json_free(parse(text));
	memcpy(text + 1 + 8 * 255, "\"a80\"", 5);
	check_refused(text, "byte 2041: duplicate member 'a80'");
}

static void what_the_checks_refuse_is_refused(void **state)
{
	(void)state;
	check_refused("{\"id\":NaN}", "byte 6: a value is missing here");
	check_refused("{\"id\":1e999}", "byte 6: a number too large");
	check_refused("", "byte 0: a value is missing here");
}

static void prints_compactly_in_the_order_of_the_text(void **state)
{
	static const struct {
		const char *text, *printed;
	} rows[] = {
		{ " { \"b\" : [ 1 , -2.5 , true , false , null ] , \"a\" : { } } ",
		  "{\"b\":[1,-2.5,true,false,null],\"a\":{}}" },
		{ "\"\\u0041\\n\\/\\u001f\\\"\"", "\"A\\n/\\u001f\\\"\"" },
		{ "9007199254740991", "9007199254740991" },
		{ "-9007199254740992", "-9007199254740992" },
		{ "1795304428536", "1795304428536" },
		{ "0.1", "0.1" },
		{ "-0", "0" },
		{ "1e21", "1e+21" },
		{ "11111111111111117.1", "11111111111111118.0" },
		{ "0.30000000000000004", "0.30000000000000004" },
		{ "{\"a\\\"b\":1}", "{\"a\\\"b\":1}" },
	};
	char buffer[128];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct json *json = parse(rows[i].text);

		assert_int_equal(json_print(json, buffer, sizeof(buffer)), strlen(rows[i].printed));
		assert_string_equal(buffer, rows[i].printed);
		assert_int_equal(json_print(json, buffer, strlen(rows[i].printed)), 0);
		json_free(json);
	}
}

static void a_member_that_is_not_there_has_no_value(void **state)
{
	struct json *json = parse("{\"a\":1}");
	const char *text = "as before";
	int64_t number = 5;
	bool yes = true;

	(void)state;
	assert_false(json_get_text(json_member(json, "b"), &text));
	assert_false(json_get_int(json_member(json, "b"), &number));
	assert_false(json_get_bool(json_member(json, "b"), &yes));
	assert_string_equal(text, "as before");
	assert_int_equal(number, 5);
	assert_true(yes);
	json_free(json);
}

static int countdown;

static void *fail_sometimes(size_t size)
{
	return --countdown == 0 ? NULL : malloc(size);
}

static void says_when_memory_is_out_wherever_that_is_and_leaks_nothing(void **state)
{
	static const char text[] = "{\"a\":[1,\"two\",{\"three\":[]}],\"b\":\"four\"}";
	cJSON_Hooks hooks = { fail_sometimes, free };
	struct err err;
	struct json *json = NULL;
	int r = -ENOMEM, failures = 0;

	(void)state;
	cJSON_InitHooks(&hooks);
	for (int nth = 1; r < 0; nth++) {
		countdown = nth;
		r = json_parse(text_of(text), &limits, &json, &err);
		if (r < 0) {
			assert_int_equal(r, -ENOMEM);
			assert_string_equal(err.text, "no memory for 39 bytes of JSON");
			failures++;
		}
	}
	cJSON_InitHooks(NULL);
	assert_true(failures >= 10);
	assert_null(json_free(json));
	assert_null(json_free(NULL));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_members_by_their_exact_name),
		cmocka_unit_test(walks_members_and_elements_in_their_order),
		cmocka_unit_test(gives_a_value_only_as_what_it_is),
		cmocka_unit_test(whole_numbers_are_exact_up_to_2_to_the_53),
		cmocka_unit_test(reads_escapes_into_utf8),
		cmocka_unit_test(refuses_two_members_of_one_name_and_says_which),
		cmocka_unit_test(finds_a_duplicate_among_many),
		cmocka_unit_test(what_the_checks_refuse_is_refused),
		cmocka_unit_test(prints_compactly_in_the_order_of_the_text),
		cmocka_unit_test(a_member_that_is_not_there_has_no_value),
		cmocka_unit_test(says_when_memory_is_out_wherever_that_is_and_leaks_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
