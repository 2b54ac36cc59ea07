#include "config_test.h"

#include <errno.h>
#include <sys/stat.h>

#include "source.h"

static void refuses_source(const char *message)
{
	struct source source;
	struct err err = { "" };

	assert_true(source_init(&source, "t.conf", &err) < 0);
	assert_string_equal(err.text, message);
	source_done(&source);
}

static struct source scan(const char *text)
{
	struct source source;
	struct err err = { "" };

	write_file("t.conf", text);
	if (source_init(&source, "t.conf", &err) < 0)
		fail_msg("%s", err.text);
	return source;
}

static void a_file_must_be_there_and_be_a_file(void **state)
{
	struct source source;
	struct err err = { "" };

	(void)state;
	assert_int_equal(source_init(&source, "nowhere.conf", &err), -ENOENT);
	assert_string_equal(err.text, "nowhere.conf: No such file or directory");
	source_done(&source);
	assert_int_equal(source_init(&source, "/tmp", &err), -EINVAL);
	assert_string_equal(err.text, "/tmp: is not a regular file");
	source_done(&source);
	/* A pipe that nobody writes to must not keep us. */
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_int_equal(source_init(&source, "pipe", &err), -EINVAL);
	source_done(&source);
}

static void a_file_may_not_be_huge(void **state)
{
	struct source source;
	struct err err = { "" };

	(void)state;
	write_file("huge.conf", "");
	assert_int_equal(truncate("huge.conf", (16 << 20) + 1), 0);
	assert_int_equal(source_init(&source, "huge.conf", &err), -EFBIG);
	assert_string_equal(err.text, "huge.conf: is larger than 16777216 bytes");
	source_done(&source);
}

static void bytes_that_are_no_text_are_refused_with_their_line(void **state)
{
	(void)state;
	write_file("t.conf", "site = \"a\";\n\n\xff");
	refuses_source("t.conf:3: is not UTF-8");
	write_bytes("t.conf", "a\n\0", 3);
	refuses_source("t.conf:2: has a control character");
	write_file("t.conf", "# \x1b[2J");
	refuses_source("t.conf:1: has a control character");
}

static void keeps_the_numbers_that_libconfig_would_cut(void **state)
{
	struct source source = scan("a = 5000000000;\nb = 2147483647;\nc = -2147483648;\n"
	                            "d = 2147483648; e = +4294967297;\nf = 5000000000L;\n"
	                            "g = 5000000000.5; h = 0x1FFFFFFFF; i = 0x7F;\n"
	                            "j = 1234567890123456789012345678901234567890;\n");

	(void)state;
	assert_int_equal(source.numbers_count, 5);
	assert_string_equal(source.numbers[0].text, "5000000000");
	assert_int_equal(source.numbers[0].line, 1);
	assert_string_equal(source.numbers[1].text, "2147483648");
	assert_string_equal(source.numbers[2].text, "+4294967297");
	assert_int_equal(source.numbers[2].line, 4);
	assert_string_equal(source.numbers[3].text, "0x1FFFFFFFF");
	assert_int_equal(source.numbers[4].line, 7);
	source_done(&source);
}

static void gives_back_the_number_that_was_cut(void **state)
{
	struct source source = scan("a = 4294967297; b = 1;");

	(void)state;
	assert_null(source_number(&source, "t.conf", 2, 1));
	assert_null(source_number(&source, "t.conf", 1, 2));
	assert_null(source_number(&source, "u.conf", 1, 1));
	assert_string_equal(source_unused(&source)->text, "4294967297");
	assert_string_equal(source_number(&source, NULL, 1, 1), "4294967297");
	assert_null(source_unused(&source));
	source_done(&source);
}

static void numbers_in_names_texts_and_comments_are_none(void **state)
{
	struct source source = scan("a5000000000 = \"5000000000 \\\" 5000000000\\\\\";\n"
	                            "# 5000000000\n// 5000000000\n/* 5000000000\n 5000000000 */\n"
	                            "b-5000000000 = \"x\n5000000000\";");

	(void)state;
	assert_int_equal(source.numbers_count, 0);
	source_done(&source);
}

static void what_never_ends_ends_with_the_file(void **state)
{
	const char *const endless[] = { "a = \"", "a = \"\\", "/* ", "# ", "@include \"", "-",
		                        "5",      "@",        "/",   "",   "@include",    "0x" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(endless); i++) {
		struct source source;

		write_file("t.conf", endless[i]);
		(void)!source_init(&source, "t.conf", NULL);
		source_done(&source);
	}
}

static void included_files_are_looked_at_as_well(void **state)
{
	struct source source;
	struct err err = { "" };

	(void)state;
	assert_int_equal(mkdir("inc", 0700), 0);
	write_file("inc/a.conf", "x = 1;\n  @include\t\"b.conf\"\ny = 5000000000;");
	write_file("inc/b.conf", "\nz = 6000000000;");
	assert_int_equal(source_init(&source, "inc/a.conf", &err), 0);
	assert_int_equal(source.numbers_count, 2);
	assert_string_equal(source.numbers[0].file, "inc/b.conf");
	assert_int_equal(source.numbers[0].line, 2);
	assert_string_equal(source.numbers[1].file, "inc/a.conf");
	assert_int_equal(source.numbers[1].line, 3);
	/* libconfig calls the included file what the @include called it. */
	assert_string_equal(source_number(&source, "b.conf", 2, (int)6000000000), "6000000000");
	source_done(&source);
}

static void a_file_is_called_by_its_folder_and_name(void **state)
{
	struct source source = { .path = "inc/a.conf", .folder = (char[]){ "inc" } };
	char name[SOURCE_FILE_SIZE];

	(void)state;
	assert_string_equal(source_file(&source, NULL, name), "inc/a.conf");
	assert_string_equal(source_file(&source, "inc/a.conf", name), "inc/a.conf");
	assert_string_equal(source_file(&source, "b.conf", name), "inc/b.conf");
	assert_string_equal(source_file(&source, "income.conf", name), "inc/income.conf");
	/* As later versions of libconfig say it. */
	assert_string_equal(source_file(&source, "inc/b.conf", name), "inc/b.conf");
	assert_string_equal(source_file(&source, "/etc/b.conf", name), "/etc/b.conf");
}

static void what_looks_like_an_include_need_not_be_one(void **state)
{
	struct source source = scan("x = 1; @include \"nowhere.conf\"\n@includes \"nowhere.conf\"\n"
	                            "# \n/*\n@include \"nowhere.conf\"\n*/\n@include nowhere\n");

	(void)state;
	source_done(&source);
}

static void an_include_that_cannot_be_is_refused_where_it_stands(void **state)
{
	(void)state;
	write_file("t.conf", "\n@include \"nowhere.conf\"");
	refuses_source("t.conf:2: @include \"nowhere.conf\": No such file or directory");
	write_file("t.conf", "@include \".\"");
	refuses_source("t.conf:1: @include \".\": is not a regular file");
	write_file("t.conf", "@include \"/etc/passwd\"");
	refuses_source("t.conf:1: @include wants a path relative to ., not /etc/passwd");
	write_file("t.conf", "\n@include \"t.conf\"");
	refuses_source("t.conf:2: @include is more than 10 files deep");
}

static void includes_do_not_multiply_without_end(void **state)
{
	char text[32 * 20] = "";

	(void)state;
	for (int i = 0; i < 20; i++)
		strcat(text, "@include \"more.conf\"\n");
	write_file("t.conf", text);
	write_file("more.conf", "");
	write_file("more2.conf", "");
	for (char *at = text; (at = strstr(at, "more.conf")) != NULL; at++)
		memcpy(at, "moar.conf", 9);
	write_file("more.conf", text);
	for (char *at = text; (at = strstr(at, "moar.conf")) != NULL; at++)
		memcpy(at, "last.conf", 9);
	write_file("moar.conf", text);
	write_file("last.conf", "");
	refuses_source("moar.conf:10: @include of more than 1000 files");
}

static void too_many_cut_numbers_are_no_accident(void **state)
{
	char text[16 * 70] = "";

	(void)state;
	for (int i = 0; i < 70; i++)
		strcat(text, "5000000000 ");
	write_file("t.conf", text);
	refuses_source("t.conf:1: 5000000000 is too large a number");
}

static void a_long_path_loses_its_beginning_only(void **state)
{
	struct source source = { .path = "x", .folder = (char[]){ "." } };
	struct err err = { "the reason" };
	char path[200];

	(void)state;
	memset(path, 'p', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(source_err(&source, path, 7, "queue.ring", -ERANGE, &err), -ERANGE);
	assert_int_equal(strncmp(err.text, "...ppp", 6), 0);
	assert_non_null(strstr(err.text, "ppp:7: queue.ring: the reason"));
	assert_int_equal(source_err(&source, path, 7, NULL, -ERANGE, NULL), -ERANGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_must_be_there_and_be_a_file),
		cmocka_unit_test(a_file_may_not_be_huge),
		cmocka_unit_test(bytes_that_are_no_text_are_refused_with_their_line),
		cmocka_unit_test(keeps_the_numbers_that_libconfig_would_cut),
		cmocka_unit_test(gives_back_the_number_that_was_cut),
		cmocka_unit_test(numbers_in_names_texts_and_comments_are_none),
		cmocka_unit_test(what_never_ends_ends_with_the_file),
		cmocka_unit_test(included_files_are_looked_at_as_well),
		cmocka_unit_test(a_file_is_called_by_its_folder_and_name),
		cmocka_unit_test(what_looks_like_an_include_need_not_be_one),
		cmocka_unit_test(an_include_that_cannot_be_is_refused_where_it_stands),
		cmocka_unit_test(includes_do_not_multiply_without_end),
		cmocka_unit_test(too_many_cut_numbers_are_no_accident),
		cmocka_unit_test(a_long_path_loses_its_beginning_only),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
