#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "edge.h"
#include "najimi/base/text.h"

static const struct {
	const char *bytes;
	uint32_t character; /* 0: not well formed */
} characters[] = {
	{ "a", 'a' },
	{ "\x7f", 0x7f },
	{ "\xc2\x80", 0x80 },
	{ "\xdf\xbf", 0x7ff },
	{ "\xe0\xa0\x80", 0x800 },
	{ "\xed\x9f\xbf", 0xd7ff },
	{ "\xee\x80\x80", 0xe000 },
	{ "\xef\xbf\xbf", 0xffff },
	{ "\xf0\x90\x80\x80", 0x10000 },
	{ "\xf4\x8f\xbf\xbf", 0x10ffff },
	{ "\x80", 0 },     /* a tail alone */
	{ "\xc0\x80", 0 }, /* longer than needed */
	{ "\xc1\xbf", 0 },
	{ "\xe0\x9f\xbf", 0 },
	{ "\xf0\x8f\xbf\xbf", 0 },
	{ "\xed\xa0\x80", 0 }, /* half of a UTF-16 pair */
	{ "\xed\xbf\xbf", 0 },
	{ "\xf4\x90\x80\x80", 0 }, /* beyond the last plane */
	{ "\xf5\x80\x80\x80", 0 },
	{ "\xff", 0 },
	{ "\xc3", 0 }, /* cut */
	{ "\xe3\x81", 0 },
	{ "\xf0\x9f\x98", 0 },
	{ "\xc3(", 0 }, /* no tail */
	{ "\xe3\x81(", 0 },
};

static void knows_well_formed_utf8_to_the_letter(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(characters); i++) {
		struct edge edge;
		struct text text;
		uint32_t character = 99;

		edge_init(&edge, characters[i].bytes, strlen(characters[i].bytes));
		text = (struct text){ edge.start, edge.length };
		assert_int_equal(text_char(text, &character),
		                 characters[i].character == 0 ? 0 : edge.length);
		assert_int_equal(text_is_utf8(text), characters[i].character != 0);
		if (characters[i].character != 0)
			assert_int_equal(character, characters[i].character);
		edge_done(&edge);
	}
	assert_true(text_is_utf8(TEXT("")));
	assert_false(text_is_utf8(TEXT("ok \xff")));
}

static void an_id_has_bytes_but_not_too_many_and_no_control_characters(void **state)
{
	(void)state;
	assert_true(text_is_id(TEXT("c42"), 3));
	assert_true(text_is_id(TEXT("PJSIP/alice 1"), 128));
	assert_true(text_is_id(TEXT("馴染み"), 9));
	assert_false(text_is_id(TEXT("馴染み"), 8));
	assert_false(text_is_id(TEXT(""), 128));
	assert_false(text_is_id(TEXT("c4\n2"), 128));
	assert_false(text_is_id(TEXT("c4\0002"), 128));
	assert_false(text_is_id(TEXT("c4\x7f"), 128));
	assert_false(text_is_id(TEXT("c4\xc2\x85"), 128)); /* next line, U+0085 */
	assert_false(text_is_id(TEXT("c4\xe2\x80\xae"
	                             "2"),
	                        128));                         /* right to left from here */
	assert_false(text_is_id(TEXT("c4\xe2\x80\x8b"), 128)); /* space of no width */
	assert_false(text_is_id(TEXT("c4\xef\xbf\xbe"), 128)); /* no character, U+FFFE */
	assert_true(text_is_id(TEXT("c4\xef\xbf\xbd"), 128));  /* the replacement is one */
	assert_false(text_is_id(TEXT("c4\xff"), 128));
}

static void compares_with_strings(void **state)
{
	(void)state;
	assert_true(text_is(TEXT("abc"), "abc"));
	assert_false(text_is(TEXT("abc"), "ab"));
	assert_false(text_is(TEXT("abc"), "abd"));
	assert_int_equal(text_of(NULL).length, 0);
	assert_int_equal(text_of("abc").length, 3);
}

static void hides_who_a_number_is_but_not_where_from(void **state)
{
	static const struct {
		const char *number, *masked;
	} rows[] = {
		{ "+81312345678", "+81312****78" },
		{ "+819012345678", "+819012****78" },
		{ "0312345678", "0312****78" },
		{ "1234567", "1****67" },
		{ "ext:204", "ext:***" },
		{ "123456", "******" },
		{ "", "" },
		{ "anonymous", "anonymous" },
		{ "+81-3-1234-5678", "+81-3-12**-**78" },
	};
	char masked[32];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		text_mask_number(rows[i].number, masked, sizeof(masked));
		assert_string_equal(masked, rows[i].masked);
	}
	text_mask_number("+81312345678", masked, 5);
	assert_string_equal(masked, "+813");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_well_formed_utf8_to_the_letter),
		cmocka_unit_test(an_id_has_bytes_but_not_too_many_and_no_control_characters),
		cmocka_unit_test(compares_with_strings),
		cmocka_unit_test(hides_who_a_number_is_but_not_where_from),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
