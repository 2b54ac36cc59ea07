#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "alloc.h"
#include "najimi/shell/fcr.h"

static void put(struct fcrbook *book, const char *field, const char *numbers)
{
	fcrbook_field(book, text_of(field), text_of(numbers));
}

static void a_part_is_as_it_was_until_it_is_read_whole(void **state)
{
	struct fcrbook *book = fcrbook_new();

	(void)state;
	assert_false(fcrbook_is_open(book));
	fcrbook_begin(book, FCRBOOK_EVER);
	put(book, "contacts:sales", "5");
	put(book, "reconnects:sales", "2");
	put(book, "reconnects:support", "1");
	assert_int_equal(fcrbook_ever(book, "sales")->contacts, 0);
	fcrbook_end(book);
	fcrbook_open(book);
	assert_true(fcrbook_is_open(book));
	assert_int_equal(fcrbook_ever(book, "sales")->contacts, 5);
	assert_int_equal(fcrbook_ever(book, "nobody")->contacts, 0);
	assert_int_equal(fcrbook_reconnects(book), 3);
	fcrbook_begin(book, FCRBOOK_GROUPS);
	put(book, "contacts:sales", "1"); /* were there a group of this name */
	put(book, "reconnects:sticky", "9");
	fcrbook_end(book);
	assert_int_equal(fcrbook_ever(book, "sales")->contacts, 5);
	assert_int_equal(fcrbook_group(book, "sticky")->reconnects, 9);
	assert_int_equal(fcrbook_reconnects(book), 3);
	fcrbook_begin(book, FCRBOOK_EVER);
	put(book, "contacts:sales", "7");
	fcrbook_end(book);
	assert_int_equal(fcrbook_ever(book, "sales")->contacts, 7);
	assert_int_equal(fcrbook_reconnects(book), 0);
	fcrbook_free(book);
}

static void note(const char *queue, void *arg)
{
	snprintf((char *)arg + strlen(arg), 64 - strlen(arg), "%s ", queue);
}

static void every_queue_is_told_of(void **state)
{
	struct fcrbook *book = fcrbook_new();
	char seen[64] = "";

	(void)state;
	fcrbook_each_queue(book, note, seen);
	assert_string_equal(seen, "");
	fcrbook_begin(book, FCRBOOK_TODAY);
	put(book, "contacts:09:sales", "5");
	put(book, "contacts:10:sales", "5");
	put(book, "contacts:10:support", "6");
	fcrbook_end(book);
	fcrbook_each_queue(book, note, seen);
	assert_string_equal(seen, "sales support ");
	fcrbook_free(book);
}

static void a_day_is_the_sum_of_its_hours(void **state)
{
	struct fcrbook *book = fcrbook_new();

	(void)state;
	fcrbook_begin(book, FCRBOOK_TODAY);
	put(book, "contacts:09:sales", "5");
	put(book, "contacts:10:sales", "6");
	put(book, "repeated:10:sales", "1,0,0,0,0,0,0,0,0");
	put(book, "contacts:sales", "99"); /* of no hour */
	put(book, "contacts:77:sales", "99");
	put(book, "tea:09:sales", "99");
	put(book, "contacts", "99");
	fcrbook_end(book);
	assert_int_equal(fcrbook_today(book, "sales")->contacts, 11);
	assert_int_equal(fcrbook_hour(book, "sales", 9)->contacts, 5);
	assert_int_equal(fcrbook_hour(book, "sales", 10)->repeated[0], 1);
	assert_int_equal(fcrbook_hour(book, "sales", 11)->contacts, 0);
	assert_int_equal(fcrbook_hour(book, "sales", 24)->contacts, 0);
	assert_int_equal(fcrbook_final(book, "sales")->contacts, 0);
	fcrbook_begin(book, FCRBOOK_TODAY); /* the next day */
	fcrbook_end(book);
	assert_int_equal(fcrbook_today(book, "sales")->contacts, 0);
	assert_int_equal(fcrbook_hour(book, "sales", 9)->contacts, 0);
	fcrbook_begin(book, FCRBOOK_FINAL);
	put(book, "resolved:23:sales", "4,4,4,0,0,0,0,0,0");
	fcrbook_end(book);
	assert_int_equal(fcrbook_final(book, "sales")->resolved[2], 4);
	fcrbook_set_maturing(book, FCR_7D, 12);
	assert_int_equal(fcrbook_maturing(book, FCR_7D), 12);
	assert_null(fcrbook_free(book));
	assert_null(fcrbook_free(NULL));
}

static void without_memory_a_queue_is_left_out(void **state)
{
	(void)state;
	for (unsigned n = 1; n <= 8; n++) {
		struct fcrbook *book = fcrbook_new();

		fcrbook_begin(book, FCRBOOK_TODAY);
		alloc_fail(n);
		put(book, "contacts:09:sales", "5");
		alloc_fail(0);
		fcrbook_end(book);
		assert_true(fcrbook_today(book, "sales")->contacts % 5 == 0);
		fcrbook_free(book);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_part_is_as_it_was_until_it_is_read_whole),
		cmocka_unit_test(every_queue_is_told_of),
		cmocka_unit_test(a_day_is_the_sum_of_its_hours),
		cmocka_unit_test(without_memory_a_queue_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
