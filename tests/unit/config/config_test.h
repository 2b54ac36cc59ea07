#ifndef NAJIMI_TESTS_CONFIG_TEST_H
#define NAJIMI_TESTS_CONFIG_TEST_H

/* For the tests of config/: files in a folder of their own, loaded, and what was
 * said about them. Include before everything else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "najimi/config/options.h"

static char folder[] = "/tmp/najimi-config-XXXXXX";

static inline int make_folder(void **state)
{
	(void)state;
	unsetenv("CREDENTIALS_DIRECTORY");
	unsetenv("STATE_DIRECTORY");
	return mkdtemp(folder) == NULL || chdir(folder) < 0;
}

static inline int remove_folder(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static inline void write_bytes(const char *name, const void *bytes, size_t length)
{
	FILE *out = fopen(name, "w");

	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, length, out), length);
	assert_int_equal(fclose(out), 0);
}

static inline void write_file(const char *name, const char *text)
{
	write_bytes(name, text, strlen(text));
}

/* What is wrong with such a file, which is called "t.conf". */
static inline void refuses(const char *text, const char *message)
{
	struct options *options = NULL;
	struct err err = { "" };

	write_file("t.conf", text);
	if (options_load("t.conf", &options, &err) == 0)
		fail_msg("accepted: %s", text);
	assert_null(options);
	assert_string_equal(err.text, message);
	/* Whoever only needs the code gets the same answer. */
	assert_true(options_load("t.conf", &options, NULL) < 0);
}

/* The options of such a file; the caller frees them. */
static inline struct options *load(const char *text)
{
	struct options *options = NULL;
	struct err err = { "" };

	write_file("t.conf", text);
	if (options_load("t.conf", &options, &err) < 0)
		fail_msg("refused: %s", err.text);
	return options;
}

/* What a function prints; the caller frees it. */
static inline char *dump(const struct options *options)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	options_dump(options, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* What a function prints; the caller frees it. Not inlined: gcc 12 takes the memory of the
 * stream for the place where its address is kept. */
static __attribute__((noinline, unused)) char *printed(void (*print)(FILE *out))
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	print(out);
	assert_int_equal(fclose(out), 0);
	return text;
}

#endif
