#include "config_test.h"

#include <errno.h>

#include "rows.h"

/* One field of each kind, and a row on it. */
struct things {
	bool flag;
	int16_t small;
	int32_t medium;
	int64_t large;
	usec_t duration;
	uint64_t bytes;
	int choice;
	bool either, denial;
	uint16_t share;
	char *text, *secret;
	char **texts;
};

#define ROW(kind_, field) \
	.kind = (kind_), .offset = offsetof(struct things, field), \
	.width = sizeof(((const struct things *)NULL)->field)

static const char *const colours[] = { "", "red", "green", NULL };
static const struct option_row flag = { ROW(OPTION_BOOL, flag), .fallback = "true" };
static const struct option_row small = { ROW(OPTION_INT, small), .min = -5, .max = 5 };
static const struct option_row medium = { ROW(OPTION_INT, medium), .max = 100000 };
static const struct option_row large = { ROW(OPTION_INT, large), .min = 1, .max = 1000 };
static const struct option_row duration = { ROW(OPTION_DURATION, duration), .min = SEC(1),
	                                    .max = MINUTE(5) };
static const struct option_row endless = { ROW(OPTION_DURATION, duration), .max = MINUTE(5),
	                                   .also = "never", .also_is = (int64_t)USEC_NEVER };
static const struct option_row bytes = { ROW(OPTION_SIZE, bytes), .min = 1024, .max = 1 << 20 };
static const struct option_row choice = { ROW(OPTION_CHOICE, choice), .words = colours };
static const char *const sides[] = { "left", "right", NULL };
static const struct option_row either = { ROW(OPTION_CHOICE, either), .words = sides };
static const struct option_row denial = { ROW(OPTION_BOOL, denial), .inverted = true };
static const struct option_row share = { ROW(OPTION_PERCENT, share), .min = 1, .max = 999,
	                                 .also = "100%", .also_is = 0 };
static const struct option_row text = { ROW(OPTION_TEXT, text), .min = 1, .max = 8 };
static const struct option_row secret = { ROW(OPTION_SECRET, secret), .max = 8 };
static const struct option_row texts = { ROW(OPTION_TEXTS, texts), .min = 1, .max = 8,
	                                 .fallback = "one two" };

static void refuses_value(const struct option_row *row, const char *value, const char *message)
{
	struct things things = { .small = 1, .medium = 1, .large = 1, .duration = 1 };
	struct things before = things;
	struct err err = { "" };

	assert_true(value_set(row, &things, value, &err) < 0);
	assert_string_equal(err.text, message);
	/* Written only on success. */
	assert_memory_equal(&things, &before, sizeof(things));
}

static void prints_as(const struct option_row *row, const void *base, const char *wanted)
{
	char got[128] = "";
	FILE *out = fmemopen(got, sizeof(got), "w");

	assert_non_null(out);
	value_print(row, base, out);
	fclose(out);
	assert_string_equal(got, wanted);
}

static void numbers_fill_fields_of_any_width(void **state)
{
	struct things things = { 0 };

	(void)state;
	assert_int_equal(value_set(&small, &things, "-5", NULL), 0);
	assert_int_equal(value_set(&medium, &things, "100000", NULL), 0);
	assert_int_equal(value_set(&large, &things, "1", NULL), 0);
	assert_int_equal(things.small, -5);
	assert_int_equal(things.medium, 100000);
	assert_int_equal(things.large, 1);
	prints_as(&small, &things, "-5");
	prints_as(&medium, &things, "100000");
	prints_as(&large, &things, "1");
}

static void numbers_outside_their_range_are_named_with_it(void **state)
{
	(void)state;
	refuses_value(&small, "6", "6 is outside -5 to 5");
	refuses_value(&small, "70000", "70000 is outside -5 to 5");
	refuses_value(&large, "0", "0 is outside 1 to 1000");
	refuses_value(&large, "99999999999999999999", "99999999999999999999 is outside 1 to 1000");
	refuses_value(&large, "ten", "wants a whole number, not \"ten\"");
	refuses_value(&duration, "6h", "6h is outside 1s to 5m");
	refuses_value(&duration, "never", "never is outside 1s to 5m");
	refuses_value(&duration, "10", "wants a duration such as \"20s\" or \"10m\", not \"10\"");
	refuses_value(&endless, "6h", "6h is outside 0s to 5m, or never");
	refuses_value(&bytes, "1", "1 is outside 1K to 1M");
	refuses_value(&bytes, "2G", "2G is outside 1K to 1M");
	refuses_value(&bytes, "1 K", "wants a size such as \"64K\" or \"1M\", not \"1 K\"");
}

static void durations_and_sizes_print_as_they_are_written(void **state)
{
	struct things things = { 0 };

	(void)state;
	assert_int_equal(value_set(&duration, &things, "90s", NULL), 0);
	assert_int_equal(things.duration, SEC(90));
	prints_as(&duration, &things, "\"90s\"");
	assert_int_equal(value_set(&endless, &things, "never", NULL), 0);
	assert_true(things.duration == USEC_NEVER);
	prints_as(&endless, &things, "\"never\"");
	assert_int_equal(value_set(&bytes, &things, "64K", NULL), 0);
	assert_int_equal(things.bytes, 65536);
	prints_as(&bytes, &things, "\"64K\"");
}

static void a_choice_names_its_words(void **state)
{
	struct things things = { 0 };

	(void)state;
	assert_int_equal(value_set(&choice, &things, "green", NULL), 0);
	assert_int_equal(things.choice, 2);
	prints_as(&choice, &things, "\"green\"");
	refuses_value(&choice, "blue", "does not know \"blue\", only red, green");
}

static void true_and_false_are_all_there_is(void **state)
{
	struct things things = { 0 };

	(void)state;
	assert_int_equal(value_set(&flag, &things, "true", NULL), 0);
	assert_true(things.flag);
	prints_as(&flag, &things, "true");
	assert_int_equal(value_set(&flag, &things, "false", NULL), 0);
	assert_false(things.flag);
	refuses_value(&flag, "yes", "wants true or false, not \"yes\"");
}

static void a_choice_of_two_fits_a_bool(void **state)
{
	struct things things = { 0 };

	(void)state;
	assert_int_equal(value_set(&either, &things, "right", NULL), 0);
	assert_true(things.either);
	prints_as(&either, &things, "\"right\"");
	assert_int_equal(value_set(&either, &things, "left", NULL), 0);
	assert_false(things.either);
}

static void a_field_may_say_the_opposite(void **state)
{
	struct things things = { 0 };

	(void)state;
	prints_as(&denial, &things, "true");
	assert_int_equal(value_set(&denial, &things, "false", NULL), 0);
	assert_true(things.denial);
	prints_as(&denial, &things, "false");
	assert_int_equal(value_set(&denial, &things, "true", NULL), 0);
	assert_false(things.denial);
}

static void shares_are_kept_in_thousandths(void **state)
{
	struct things things = { 0 };

	(void)state;
	assert_int_equal(value_set(&share, &things, "5%", NULL), 0);
	assert_int_equal(things.share, 50);
	prints_as(&share, &things, "\"5%\"");
	assert_int_equal(value_set(&share, &things, "99.9%", NULL), 0);
	assert_int_equal(things.share, 999);
	prints_as(&share, &things, "\"99.9%\"");
	assert_int_equal(value_set(&share, &things, "007.0%", NULL), 0);
	assert_int_equal(things.share, 70);
	prints_as(&share, &things, "\"7%\"");
	/* All is no limit at all. */
	assert_int_equal(value_set(&share, &things, "100%", NULL), 0);
	assert_int_equal(things.share, 0);
	prints_as(&share, &things, "\"100%\"");
	refuses_value(&share, "0%", "0% is outside 0.1% to 99.9%, or 100%");
	refuses_value(&share, "100.0%", "100.0% is outside 0.1% to 99.9%, or 100%");
	refuses_value(&share, "12345678901234567890%",
	              "12345678901234567890% is outside 0.1% to 99.9%, or 100%");
	refuses_value(&share, "9223372036854775807%",
	              "9223372036854775807% is outside 0.1% to 99.9%, or 100%");
	refuses_value(&share, "5", "wants a share such as \"5%\" or \"0.5%\", not \"5\"");
	refuses_value(&share, "0.25%", "wants a share such as \"5%\" or \"0.5%\", not \"0.25%\"");
	refuses_value(&share, ".5%", "wants a share such as \"5%\" or \"0.5%\", not \".5%\"");
	refuses_value(&share, "5.%", "wants a share such as \"5%\" or \"0.5%\", not \"5.%\"");
	refuses_value(&share, "-5%", "wants a share such as \"5%\" or \"0.5%\", not \"-5%\"");
	refuses_value(&share, "", "wants a share such as \"5%\" or \"0.5%\", not \"\"");
}

static void texts_have_a_length_and_can_be_printed(void **state)
{
	struct things things = { 0 };

	(void)state;
	refuses_value(&text, "", "must not be empty");
	refuses_value(&text, "123456789", "is 9 bytes long, outside 1 to 8");
	refuses_value(&text, "a\nb", "has a character that cannot be printed");
	refuses_value(&text, "\xff", "has a character that cannot be printed");
	assert_int_equal(value_set(&text, &things, "a\"\\\xc3\xa4", NULL), 0);
	prints_as(&text, &things, "\"a\\\"\\\\\xc3\xa4\"");
	assert_string_equal(value_text(&text, &things), "a\"\\\xc3\xa4");
	value_free(&text, &things);
	assert_null(things.text);
}

static void a_secret_is_never_shown(void **state)
{
	struct things things = { 0 };

	(void)state;
	assert_int_equal(value_set(&secret, &things, "", NULL), 0);
	prints_as(&secret, &things, "\"\"");
	assert_int_equal(value_set(&secret, &things, "hunter2", NULL), 0);
	prints_as(&secret, &things, "\"********\"");
	value_free(&secret, &things);
	refuses_value(&secret, "123456789", "is 9 bytes long, outside 0 to 8");
	refuses_value(&secret, "a\tb", "has a character that cannot be printed");
}

static void lists_grow_and_take_nothing_twice(void **state)
{
	struct things things = { 0 };
	struct err err = { "" };

	(void)state;
	assert_int_equal(value_default(&texts, &things, NULL), 0);
	prints_as(&texts, &things, "[ \"one\", \"two\" ]");
	assert_true(value_add(&texts, &things, "two", &err) == -EEXIST);
	assert_string_equal(err.text, "has \"two\" twice");
	assert_int_equal(value_add(&texts, &things, "three", &err), 0);
	prints_as(&texts, &things, "[ \"one\", \"two\", \"three\" ]");
	value_clear_texts(&texts, &things);
	prints_as(&texts, &things, "[ ]");
	value_free(&texts, &things);
	assert_null(things.texts);
}

static void equal_means_the_same_value(void **state)
{
	struct things a = { .flag = true }, b = { .flag = true };

	(void)state;
	assert_true(value_equal(&flag, &a, &b));
	b.flag = false;
	assert_false(value_equal(&flag, &a, &b));
	assert_int_equal(value_set(&text, &a, "x", NULL), 0);
	assert_int_equal(value_copy(&text, &b, &a, NULL), 0);
	assert_ptr_not_equal(a.text, b.text);
	assert_true(value_equal(&text, &a, &b));
	assert_int_equal(value_set(&text, &b, "y", NULL), 0);
	assert_false(value_equal(&text, &a, &b));
	assert_int_equal(value_default(&texts, &a, NULL), 0);
	assert_int_equal(value_default(&texts, &b, NULL), 0);
	assert_true(value_equal(&texts, &a, &b));
	assert_int_equal(value_add(&texts, &b, "more", NULL), 0);
	assert_false(value_equal(&texts, &a, &b));
	assert_false(value_equal(&texts, &b, &a));
	value_free(&text, &a);
	value_free(&text, &b);
	value_free(&texts, &a);
	value_free(&texts, &b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_fill_fields_of_any_width),
		cmocka_unit_test(numbers_outside_their_range_are_named_with_it),
		cmocka_unit_test(durations_and_sizes_print_as_they_are_written),
		cmocka_unit_test(a_choice_names_its_words),
		cmocka_unit_test(true_and_false_are_all_there_is),
		cmocka_unit_test(a_choice_of_two_fits_a_bool),
		cmocka_unit_test(a_field_may_say_the_opposite),
		cmocka_unit_test(shares_are_kept_in_thousandths),
		cmocka_unit_test(texts_have_a_length_and_can_be_printed),
		cmocka_unit_test(a_secret_is_never_shown),
		cmocka_unit_test(lists_grow_and_take_nothing_twice),
		cmocka_unit_test(equal_means_the_same_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
