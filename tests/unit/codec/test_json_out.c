#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "edge.h"
#include "najimi/codec/json_out.h"

struct writing {
	char buffer[1024];
	struct json_out out;
};

static int begin(void **state)
{
	static struct writing writing;

	json_out_begin(&writing.out, writing.buffer, sizeof(writing.buffer));
	*state = &writing;
	return 0;
}

static void check(struct writing *writing, const char *expected)
{
	assert_int_equal(json_out_done(&writing->out), strlen(expected));
	assert_string_equal(writing->buffer, expected);
}

static void write_everything(struct json_out *out)
{
	json_object(out, NULL);
	json_text(out, "text", "Taro");
	json_text(out, "none", NULL);
	json_int(out, "int", -42);
	json_bool(out, "yes", true);
	json_array(out, "list");
	json_uint(out, NULL, 1);
	json_object(out, NULL);
	json_object_end(out);
	json_array(out, NULL);
	json_array_end(out);
	json_bool(out, NULL, false);
	json_null(out, NULL);
	json_array_end(out);
	json_name_text(out, TEXT("a \"name\""));
	json_raw(out, NULL, TEXT("[1,2]"));
	json_ms(out, "ms", 1999);
	json_instant(out, "at", UINT64_C(1795304428536000));
	json_object_end(out);
}

static const char everything[] = "{\"text\":\"Taro\",\"none\":null,\"int\":-42,\"yes\":true,"
                                 "\"list\":[1,{},[],false,null],\"a \\\"name\\\"\":[1,2],\"ms\":1,"
                                 "\"at\":\"2026-11-21T23:40:28.536Z\"}";

static void puts_commas_where_they_belong(void **state)
{
	struct writing *writing = *state;

	write_everything(&writing->out);
	check(writing, everything);
}

/* Once for every size up to the one that is just enough: nothing beyond the end is
 * touched, and whatever does not fit is said. */
static void never_writes_past_the_end_and_says_what_did_not_fit(void **state)
{
	(void)state;
	for (size_t size = 1; size <= sizeof(everything); size++) {
		struct json_out out;
		struct edge edge;
		size_t length;

		edge_init(&edge, everything, size);
		json_out_begin(&out, edge.start, size);
		write_everything(&out);
		length = json_out_done(&out);
		if (size < sizeof(everything)) {
			assert_int_equal(length, 0);
			assert_true(out.overflowed);
		} else {
			assert_int_equal(length, sizeof(everything) - 1);
			assert_string_equal(edge.start, everything);
		}
		edge_done(&edge);
	}
}

static void writes_nothing_more_after_the_first_thing_that_did_not_fit(void **state)
{
	struct json_out out;
	char buffer[8];

	(void)state;
	json_out_begin(&out, buffer, sizeof(buffer));
	json_array(&out, NULL);
	json_text(&out, NULL, "too long for it");
	json_int(&out, NULL, 1);
	json_array_end(&out);
	assert_int_equal(json_out_done(&out), 0);
	assert_true(strlen(buffer) < sizeof(buffer));
	assert_null(strchr(buffer, '1'));
}

static void prints_integers_to_the_ends_of_their_range(void **state)
{
	struct writing *writing = *state;

	json_array(&writing->out, NULL);
	json_int(&writing->out, NULL, 0);
	json_int(&writing->out, NULL, 9);
	json_int(&writing->out, NULL, 10);
	json_int(&writing->out, NULL, 99);
	json_int(&writing->out, NULL, 100);
	json_int(&writing->out, NULL, 12345);
	json_int(&writing->out, NULL, INT64_MAX);
	json_int(&writing->out, NULL, INT64_MIN);
	json_uint(&writing->out, NULL, UINT64_MAX);
	json_array_end(&writing->out);
	check(writing, "[0,9,10,99,100,12345,9223372036854775807,-9223372036854775808,"
	               "18446744073709551615]");
}

static void escapes_what_a_text_may_not_hold(void **state)
{
	struct writing *writing = *state;

	json_array(&writing->out, NULL);
	json_text(&writing->out, NULL, "a\"b\\c/\b\f\n\r\t\x01\x1f\x7f");
	json_bytes(&writing->out, NULL, TEXT("nul \0 here"));
	json_text(&writing->out, NULL, "馴染み 😀");
	json_text(&writing->out, NULL, "");
	json_array_end(&writing->out);
	check(writing, "[\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\","
	               "\"nul \\u0000 here\",\"馴染み 😀\",\"\"]");
}

static void writes_a_replacement_for_every_byte_that_is_not_utf8(void **state)
{
	struct writing *writing = *state;

	json_array(&writing->out, NULL);
	json_text(&writing->out, NULL,
	          "a\xff\xfe"
	          "b");
	json_text(&writing->out, NULL, "cut \xe3\x81");
	json_text(&writing->out, NULL, "\xed\xa0\x80");
	json_array_end(&writing->out);
	check(writing, "[\"a\xef\xbf\xbd\xef\xbf\xbd"
	               "b\",\"cut \xef\xbf\xbd\xef\xbf\xbd\","
	               "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"]");
}

static void durations_and_instants_that_are_none_are_null(void **state)
{
	struct writing *writing = *state;

	json_array(&writing->out, NULL);
	json_ms(&writing->out, NULL, USEC_NEVER);
	json_ms(&writing->out, NULL, 0);
	json_ms(&writing->out, NULL, SEC(20));
	json_instant(&writing->out, NULL, 0);
	json_instant(&writing->out, NULL, USEC_NEVER);
	json_array_end(&writing->out);
	check(writing, "[null,0,20000,null,null]");
}

static void writes_a_value_alone(void **state)
{
	struct writing *writing = *state;

	json_int(&writing->out, NULL, 7);
	check(writing, "7");
}

static void nests_as_deep_as_it_says(void **state)
{
	struct writing *writing = *state;
	char expected[2 * JSON_OUT_DEPTH + 1] = "";

	for (int i = 0; i < JSON_OUT_DEPTH; i++) {
		json_array(&writing->out, NULL);
		expected[i] = '[';
		expected[2 * JSON_OUT_DEPTH - 1 - i] = ']';
	}
	for (int i = 0; i < JSON_OUT_DEPTH; i++)
		json_array_end(&writing->out);
	check(writing, expected);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(puts_commas_where_they_belong, begin),
		cmocka_unit_test(never_writes_past_the_end_and_says_what_did_not_fit),
		cmocka_unit_test(writes_nothing_more_after_the_first_thing_that_did_not_fit),
		cmocka_unit_test_setup(prints_integers_to_the_ends_of_their_range, begin),
		cmocka_unit_test_setup(escapes_what_a_text_may_not_hold, begin),
		cmocka_unit_test_setup(writes_a_replacement_for_every_byte_that_is_not_utf8, begin),
		cmocka_unit_test_setup(durations_and_instants_that_are_none_are_null, begin),
		cmocka_unit_test_setup(writes_a_value_alone, begin),
		cmocka_unit_test_setup(nests_as_deep_as_it_says, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
