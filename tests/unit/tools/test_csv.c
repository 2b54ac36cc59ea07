#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "csv.h"

static char path[64];

static int write_file(void **state)
{
	(void)state;
	snprintf(path, sizeof(path), "/tmp/najimi-csv-XXXXXX");
	close(mkstemp(path));
	return 0;
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static void put(const char *text, size_t length)
{
	FILE *file = fopen(path, "w");

	fwrite(text, 1, length, file);
	fclose(file);
}

static void open_with(struct csv *csv, const char *text)
{
	struct err err;

	put(text, strlen(text));
	assert_int_equal(csv_open(csv, path, "a,b,c", &err), 0);
}

/* The first complaint about the text, without the path. */
static const char *complaint(const char *text, size_t length)
{
	static struct err err;
	struct csv csv;
	int r;

	put(text, length);
	err.text[0] = '\0';
	r = csv_open(&csv, path, "a,b,c", &err);
	if (r == 0) {
		while ((r = csv_next(&csv, &err)) > 0)
			continue;
		csv_close(&csv);
	}
	if (r == 0)
		return "fine";
	assert_memory_equal(err.text, path, strlen(path));
	return err.text + strlen(path);
}

static void reads_records_with_any_line_end(void **state)
{
	struct csv csv;
	struct err err;

	(void)state;
	open_with(&csv, "\xef\xbb\xbf"
	                "a,b,c\r\n1,,x y\r\n\"p,q\",\"say \"\"hi\"\"\",\"\"\nlast,,");
	assert_int_equal(csv_next(&csv, &err), 1);
	assert_true(text_is(csv.fields[0], "1"));
	assert_true(text_is(csv.fields[1], ""));
	assert_true(text_is(csv.fields[2], "x y"));
	assert_int_equal(csv_next(&csv, &err), 1);
	assert_true(text_is(csv.fields[0], "p,q"));
	assert_true(text_is(csv.fields[1], "say \"hi\""));
	assert_true(text_is(csv.fields[2], ""));
	assert_int_equal(csv_next(&csv, &err), 1);
	assert_true(text_is(csv.fields[0], "last"));
	assert_int_equal(csv_next(&csv, &err), 0);
	csv_close(&csv);
}

static void names_the_line_that_is_wrong(void **state)
{
	char long_line[6000];

	(void)state;
#define COMPLAINT(text) complaint(text, sizeof(text) - 1)
	assert_string_equal(COMPLAINT("a,b,c\n1,2,3\n"), "fine");
	assert_string_equal(COMPLAINT(""), ": is empty, but wants the header 'a,b,c'");
	assert_string_equal(COMPLAINT("a,b\n"), ":1: the header is 'a,b', but has to be 'a,b,c'");
	assert_string_equal(COMPLAINT("a,b,c\n1,2,3\n1,2\n"), ":3: 2 fields, but the header has 3");
	assert_string_equal(COMPLAINT("a,b,c\n1,2,3,4\n"), ":2: 4 fields, but the header has 3");
	assert_string_equal(COMPLAINT("a,b,c\n\n"), ":2: 1 fields, but the header has 3");
	assert_string_equal(COMPLAINT("a,b,c\n1,\"2,3\n"), ":2: a quote is not closed on its line");
	assert_string_equal(COMPLAINT("a,b,c\n\"1\"x,2,3\n"),
	                    ":2: a closing quote is followed by more text");
	assert_string_equal(COMPLAINT("a,b,c\n1,\0,3\n"),
	                    ":2: holds a NUL byte: this is no text file");
#undef COMPLAINT
	memset(long_line, 'x', sizeof(long_line));
	memcpy(long_line, "a,b,c\n", 6);
	assert_non_null(strstr(complaint(long_line, sizeof(long_line)), "the limit is 4096"));
}

static void says_when_there_is_no_such_file(void **state)
{
	struct csv csv;
	struct err err;

	(void)state;
	assert_int_equal(csv_open(&csv, "/nonexistent/calls.csv", "a", &err), -ENOENT);
	assert_string_equal(err.text, "/nonexistent/calls.csv: No such file or directory");
}

static void reads_seconds_exactly(void **state)
{
	static const struct {
		const char *text;
		usec_t value;
	} cases[] = {
		{ "0", 0 },        { "0.0", 0 },
		{ "12", SEC(12) }, { "5.6", MSEC(5600) },
		{ "0.000001", 1 }, { "100.000000", SEC(100) },
	};
	struct csv csv;
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[64];
		usec_t value;

		snprintf(text, sizeof(text), "a,b,c\n%s,,\n", cases[i].text);
		open_with(&csv, text);
		assert_int_equal(csv_next(&csv, &err), 1);
		assert_int_equal(csv_get_seconds(&csv, 0, SEC(100), &value, &err), 0);
		assert_int_equal(value, cases[i].value);
		csv_close(&csv);
	}
}

static void refuses_what_are_no_seconds(void **state)
{
	static const char *const wrong[] = {
		"",   "-1",  "1.",        ".5",    "1e3",
		"1 ", "1,5", "0.0000001", "100.1", "99999999999999999999999999",
	};
	struct csv csv;
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		char text[64], start[96];
		usec_t value = 7;

		snprintf(text, sizeof(text), "a,b,c\n,\"%s\",\n", wrong[i]);
		snprintf(start, sizeof(start), "%s:2: b: ", path);
		open_with(&csv, text);
		assert_int_equal(csv_next(&csv, &err), 1);
		assert_int_equal(csv_get_seconds(&csv, 1, SEC(100), &value, &err), -EINVAL);
		assert_memory_equal(err.text, start, strlen(start));
		assert_int_equal(value, 7);
		csv_close(&csv);
	}
}

static void takes_only_printable_ids(void **state)
{
	struct csv csv;
	struct err err;
	struct text id;

	(void)state;
	open_with(&csv, "a,b,c\nc\xc3\xa9,,tab\there\n");
	assert_int_equal(csv_next(&csv, &err), 1);
	assert_int_equal(csv_get_id(&csv, 0, &id, &err), 0);
	assert_true(text_is(id, "c\xc3\xa9"));
	assert_int_equal(csv_get_id(&csv, 1, &id, &err), -EINVAL);
	assert_non_null(strstr(err.text, ":2: b: is empty"));
	assert_int_equal(csv_get_id(&csv, 2, &id, &err), -EINVAL);
	assert_non_null(strstr(err.text, ":2: c: is not 1 to 128 bytes"));
	csv_close(&csv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_records_with_any_line_end, write_file,
		                                remove_file),
		cmocka_unit_test_setup_teardown(names_the_line_that_is_wrong, write_file,
		                                remove_file),
		cmocka_unit_test(says_when_there_is_no_such_file),
		cmocka_unit_test_setup_teardown(reads_seconds_exactly, write_file, remove_file),
		cmocka_unit_test_setup_teardown(refuses_what_are_no_seconds, write_file,
		                                remove_file),
		cmocka_unit_test_setup_teardown(takes_only_printable_ids, write_file, remove_file),
	};

	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
