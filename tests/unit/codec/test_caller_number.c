#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "caller_number.h"

static const struct identity_rules japan = {
	.country = "81",
	.trunk = "0",
	.international = "010",
};

struct row {
	const char *from, *number; /* "": nobody */
};

static void check(const struct row *rows, size_t count, const struct identity_rules *rules)
{
	for (size_t i = 0; i < count; i++) {
		char number[NUMBER_SIZE] = "not written";

		assert_int_equal(caller_number_read(rows[i].from, rules, number),
		                 rows[i].number[0] != '\0');
		if (strcmp(number, rows[i].number) != 0)
			fail_msg("%s: %s, not %s", rows[i].from, number, rows[i].number);
	}
}

static void one_caller_has_one_number_however_it_is_written(void **state)
{
	static const struct row rows[] = {
		{ "0312345678", "+81312345678" },
		{ "+81312345678", "+81312345678" },
		{ "81312345678", "+81312345678" },
		{ "0081312345678", "+81312345678" },
		{ "01081312345678", "+81312345678" },
		{ "+810312345678", "+81312345678" },
		{ "810312345678", "+81312345678" },
		{ "+81 (0)3-1234-5678", "+81312345678" },
		{ "03-1234-5678", "+81312345678" },
		{ "(03)1234-5678", "+81312345678" },
		{ "03.1234.5678", "+81312345678" },
		{ "03/1234/5678", "+81312345678" },
		{ "  03 1234 5678\t", "+81312345678" },
		{ "０３−１２３４−５６７８", "+81312345678" },
		{ "０３－１２３４－５６７８", "+81312345678" },
		{ "０３ー１２３４ー５６７８", "+81312345678" },
		{ "（０３）１２３４　５６７８", "+81312345678" },
		{ "＋８１３１２３４５６７８", "+81312345678" },
		{ "03‐1234–5678", "+81312345678" },
		{ "\u200e0312345678\u200f", "+81312345678" },
		{ "\ufeff+81\u00a03\u00a01234\u00a05678\u202c", "+81312345678" },
		{ "tel:+81-3-1234-5678", "+81312345678" },
		{ "TEL:0312345678", "+81312345678" },
		{ "tel:0312345678;phone-context=+81", "+81312345678" },
		{ "tel:312345678;phone-context=+81", "+81312345678" },
		{ "tel:12345678;ext=12;phone-context=+813;x=y", "+81312345678" },
		{ "tel:0312345678;phone-context=example.com", "+81312345678" },
		{ "sip:0312345678@pbx.example.com", "+81312345678" },
		{ "sip:+81312345678@192.0.2.1:5060;user=phone", "+81312345678" },
		{ "sips:+81312345678@host", "+81312345678" },
		{ "SIP:%2B81312345678@host", "+81312345678" },
		{ "sip:%2b81312345678@host", "+81312345678" },
		{ "sip:12345678;phone-context=+813@host;user=phone", "+81312345678" },
		{ "0312345678@pbx.example.com", "+81312345678" },
		{ "<sip:0312345678@host>;tag=1", "+81312345678" },
		{ "\"山田 太郎\" <sip:0312345678@host>", "+81312345678" },
		{ "\"a<b\" <tel:0312345678>", "+81312345678" },
		{ "1840312345678", "+81312345678" },
		{ "1860312345678", "+81312345678" },
		{ "184-03-1234-5678", "+81312345678" },
		{ "00330312345678", "+81312345678" },
		{ "007701081312345678", "+81312345678" },
	};

	(void)state;
	check(rows, ARRAY_LEN(rows), &japan);
}

static void knows_the_classes_of_japanese_numbers(void **state)
{
	static const struct row rows[] = {
		{ "0612345678", "+81612345678" },
		{ "0112345678", "+81112345678" }, /* Sapporo, not international 010 */
		{ "09012345678", "+819012345678" },
		{ "08012345678", "+818012345678" },
		{ "07012345678", "+817012345678" },
		{ "05012345678", "+815012345678" },
		{ "819012345678", "+819012345678" },
		{ "8109012345678", "+819012345678" },
		{ "18609012345678", "+819012345678" },
		{ "008809012345678", "+819012345678" },
		{ "0120123456", "+81120123456" },
		{ "08001234567", "+818001234567" },
		{ "0570123456", "+81570123456" },
	};

	(void)state;
	check(rows, ARRAY_LEN(rows), &japan);
}

static void takes_numbers_of_other_countries(void **state)
{
	static const struct row rows[] = {
		{ "+14155552671", "+14155552671" },         { "01014155552671", "+14155552671" },
		{ "0014155552671", "+14155552671" },        { "+442079460123", "+442079460123" },
		{ "+390612345678", "+390612345678" }, /* Italy keeps its 0 */
		{ "00390612345678", "+390612345678" },      { "+1234567", "+1234567" },
		{ "+123456789012345", "+123456789012345" },
	};

	(void)state;
	check(rows, ARRAY_LEN(rows), &japan);
}

static void words_name_nobody(void **state)
{
	static const char *const words[] = {
		"",
		" ",
		"anonymous",
		"Anonymous",
		"ANONYMOUS",
		"Ａｎｏｎｙｍｏｕｓ",
		"unknown",
		"Unknown",
		"<unknown>",
		"restricted",
		"private",
		"unavailable",
		"withheld",
		"not available",
		"asserted",
		"nobody",
		"s",
		"S",
		"p",
		"P",
		"c",
		"C",
		"o",
		"O",
		"e",
		"E",
		"非通知",
		"非通知設定",
		"公衆電話",
		"表示圏外",
		"通知不可能",
		"ヒツウチ",
		"コウシュウデンワ",
		"ヒョウジケンガイ",
		"ﾋﾂｳﾁ",
		"sip:anonymous@anonymous.invalid",
		"\"Anonymous\" <sip:anonymous@anonymous.invalid>",
		"sip:0312345678@Anonymous.Invalid",
		"sip:unknown@host",
		"tel:",
		"sip:",
		"sip:@host",
		"sip:taro@example.com",
		"<>",
		"null",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		check(&(struct row){ words[i], "" }, 1, &japan);
}

static void placeholders_name_nobody(void **state)
{
	static const struct row rows[] = {
		{ "0", "" },
		{ "00", "" },
		{ "000", "" },
		{ "0000000000", "" },
		{ "００００００００００", "" },
		{ "000-0000-0000", "" },
		{ "1111111111", "" },
		{ "99999", "" },
		{ "+0000000000", "" },
		{ "+9999999999", "" },
		{ "+81000000000", "" },
		{ "0055555555555", "" },
		{ "+266696687", "" }, /* "anonymous" on a keypad */
		{ "00266696687", "" },
		{ "010266696687", "" },
		{ "sip:+266696687@host", "" },
	};

	(void)state;
	check(rows, ARRAY_LEN(rows), &japan);
}

static void short_numbers_are_extensions(void **state)
{
	static const struct row rows[] = {
		{ "204", "ext:204" },
		{ "10", "ext:10" },
		{ "222", "ext:222" },
		{ "2222", "ext:2222" },
		{ "0312", "ext:0312" },
		{ "123456", "ext:123456" },
		{ " ２０４ ", "ext:204" },
		{ "sip:204@pbx.example.com", "ext:204" },
		{ "5", "" },
		{ "1234567", "" },
		{ "20-4", "" },     /* nobody writes an extension like that... */
		{ "10.0.0.1", "" }, /* ...but an address is written so */
		{ "+204", "" },
		{ "sip:10.0.0.1", "" },
		{ "sip:192.0.2.1:5060", "" },
	};

	(void)state;
	check(rows, ARRAY_LEN(rows), &japan);
}

static void never_guesses(void **state)
{
	static const struct row rows[] = {
		{ "312345678", "" },   /* without its 0 it could be Dutch */
		{ "14155552671", "" }, /* or any other country's without plus */
		{ "8131234567", "" },    { "8131234567890", "" },
		{ "03123456", "" },      { "031234567890", "" },
		{ "+12345", "" },        { "+1234567890123456", "" },
		{ "+0312345678", "" },   { "+", "" },
		{ "++81312345678", "" }, { "81+312345678", "" },
		{ "0312345678x12", "" }, { "0312345678,12", "" },
		{ "*670312345678", "" }, { "#31#0312345678", "" },
		{ "184", "ext:184" }, /* a service number, called by whom? still an inside one */
		{ "184312345678", "" },  { "00", "" },
		{ "010", "" },           { "tel:1234;phone-context=+", "" },
		{ "03\n12345678", "" },  { "0312345678\xff", "" },
		{ "\xe0\x80", "" },      { "٠٣١٢٣٤٥٦٧٨", "" },
	};

	(void)state;
	check(rows, ARRAY_LEN(rows), &japan);
}

static void other_countries_have_other_rules(void **state)
{
	static const struct identity_rules britain = { "44", "0", "00", false, NULL, false };
	static const struct identity_rules norway = { "47", "", "00", false, NULL, false };
	static const struct identity_rules america = { "1", "1", "011", false, NULL, false };
	static const struct identity_rules nowhere = { "", "", "", false, NULL, false };
	static const struct row in_britain[] = {
		{ "02079460123", "+442079460123" },    { "442079460123", "+442079460123" },
		{ "+442079460123", "+442079460123" },  { "+4402079460123", "+442079460123" },
		{ "00442079460123", "+442079460123" }, { "1840123456", "" },
		{ "0081312345678", "+81312345678" },
	};
	static const struct row in_norway[] = {
		{ "22123456", "+4722123456" },   { "47123456", "+4747123456" },
		{ "4722123456", "+4722123456" }, { "+4722123456", "+4722123456" },
		{ "04567", "ext:04567" },
	};
	static const struct row in_america[] = {
		{ "14155552671", "+14155552671" },
		{ "01181312345678", "+81312345678" },
		{ "+14155552671", "+14155552671" },
	};
	static const struct identity_rules russia = { "7", "8", "810", false, NULL, false };
	static const struct row in_russia[] = {
		{ "88123456789", "+78123456789" },    { "78123456789", "+78123456789" },
		{ "+78123456789", "+78123456789" }, /* St Petersburg is 812, not 12 after an 8 */
		{ "81081312345678", "+81312345678" }, { "8012345678", "" },
	};
	static const struct row anywhere[] = {
		{ "0312345678", "" },
		{ "81312345678", "" },
		{ "0081312345678", "+81312345678" },
		{ "+81312345678", "+81312345678" },
		{ "204", "ext:204" },
	};

	(void)state;
	check(in_britain, ARRAY_LEN(in_britain), &britain);
	check(in_norway, ARRAY_LEN(in_norway), &norway);
	check(in_america, ARRAY_LEN(in_america), &america);
	check(in_russia, ARRAY_LEN(in_russia), &russia);
	check(anywhere, ARRAY_LEN(anywhere), &nowhere);
}

static void what_is_too_long_is_no_number(void **state)
{
	char from[5000];

	(void)state;
	memset(from, '1', sizeof(from) - 1);
	from[sizeof(from) - 1] = '\0';
	memcpy(from, "+8131234", 8);
	for (size_t length = 1; length < sizeof(from); length = length * 3 / 2 + 1) {
		char end = from[sizeof(from) - 1 - length], number[NUMBER_SIZE];

		from[sizeof(from) - 1 - length] = '\0';
		assert_int_equal(caller_number_read(from, &japan, number),
		                 strlen(from) >= 8 && strlen(from) <= 16);
		from[sizeof(from) - 1 - length] = end;
	}
	memset(from, '-', sizeof(from) - 1);
	check(&(struct row){ from, "" }, 1, &japan);
}

static void separators_up_to_the_limit_do_no_harm(void **state)
{
	char from[301];

	(void)state;
	memset(from, '-', sizeof(from));
	memcpy(from, "+81312345678", 12);
	from[200] = '\0';
	check(&(struct row){ from, "+81312345678" }, 1, &japan);
	from[200] = '-';
	from[201] = '\0';
	check(&(struct row){ from, "" }, 1, &japan);
}

static void a_context_that_is_too_long_is_refused(void **state)
{
	char from[201];

	(void)state;
	memset(from, '1', sizeof(from));
	memcpy(from + 90, ";phone-context=+", 16);
	from[200] = '\0';
	check(&(struct row){ from, "" }, 1, &japan);
	check(&(struct row){ "tel:1;phone-context=+8x1", "" }, 1, &japan);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_caller_has_one_number_however_it_is_written),
		cmocka_unit_test(knows_the_classes_of_japanese_numbers),
		cmocka_unit_test(takes_numbers_of_other_countries),
		cmocka_unit_test(words_name_nobody),
		cmocka_unit_test(placeholders_name_nobody),
		cmocka_unit_test(short_numbers_are_extensions),
		cmocka_unit_test(never_guesses),
		cmocka_unit_test(other_countries_have_other_rules),
		cmocka_unit_test(what_is_too_long_is_no_number),
		cmocka_unit_test(separators_up_to_the_limit_do_no_harm),
		cmocka_unit_test(a_context_that_is_too_long_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
