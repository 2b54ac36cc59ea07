#include "whatif_draw.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "whatif_played.h"

/* fontconfig keeps what it has matched. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig.so\n";
}

typedef int draw_fn(const struct whatif_study *study, const char *path, struct err *err);

/* What was drawn, its length in *ret_length, or NULL where nothing can be. */
static char *draw(draw_fn *drawing, size_t *ret_length)
{
	char path[] = "/tmp/najimi-drawn-XXXXXX", *text;
	struct played played;
	struct err err = { "" };
	FILE *file;
	int r;

	close(mkstemp(path));
	played_init(&played);
	r = drawing(&played.study, path, &err);
	if (r == -ENOSYS) {
		assert_non_null(strstr(err.text, "without cairo"));
		unlink(path);
		return NULL;
	}
	if (r < 0)
		fail_msg("%s", err.text);
	file = fopen(path, "r");
	unlink(path);
	text = calloc(1, 1 << 20);
	*ret_length = fread(text, 1, (1 << 20) - 1, file);
	fclose(file);
	return text;
}

static void an_svg_is_a_whole_document(void **state)
{
	size_t length;
	char *text = draw(whatif_draw_svg, &length);

	(void)state;
	if (text == NULL)
		skip();
	assert_non_null(strstr(text, "<svg "));
	assert_non_null(strstr(text, "960px"));
	assert_non_null(strstr(text, "</svg>\n"));
	assert_true(length > 10000); /* letters and all */
	free(text);
}

static void a_png_is_one(void **state)
{
	size_t length;
	char *text = draw(whatif_draw_png, &length);

	(void)state;
	if (text == NULL)
		skip();
	assert_memory_equal(text, "\x89PNG\r\n\x1a\n", 8);
	assert_memory_equal(text + length - 8, "IEND", 4);
	free(text);
}

static void a_file_that_cannot_be_written_is_named(void **state)
{
	struct played played;
	struct err err;
	int r;

	(void)state;
	played_init(&played);
	r = whatif_draw_svg(&played.study, "/nowhere/x.svg", &err);
	assert_true(r == -ENOENT || r == -ENOSYS);
	assert_non_null(strstr(err.text, "/nowhere/x.svg"));
	r = whatif_draw_png(&played.study, "/dev/full", &err);
	assert_true(r == -ENOSPC || r == -EIO || r == -ENOSYS);
	assert_non_null(strstr(err.text, "/dev/full"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_svg_is_a_whole_document),
		cmocka_unit_test(a_png_is_one),
		cmocka_unit_test(a_file_that_cannot_be_written_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
