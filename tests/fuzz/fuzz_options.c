/* Any configuration file: what is taken can be dumped, and the dump is taken again and
 * dumps to the same. What is refused has been told why. */
#define _GNU_SOURCE /* memfd_create */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "najimi/config/options.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libconfig 1.5 loses the text that it was reading when it meets a syntax error. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libconfig.so";
}

/* A file that is nowhere on a disk. */
static int write_bytes(const void *data, size_t size)
{
	int fd = memfd_create("options", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	return fd;
}

static struct options *load(const void *data, size_t size)
{
	struct options *options = NULL;
	struct err err = { "" };
	char path[32];
	int fd = write_bytes(data, size), r;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	r = options_load(path, &options, &err);
	close(fd);
	if (r > 0 || (r < 0) != (options == NULL) || (r < 0) != (err.text[0] != '\0'))
		abort();
	if (r < 0 && strstr(err.text, "/fd/") == NULL)
		abort(); /* no file was named */
	return options;
}

static char *dump(const struct options *options, size_t *ret_size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, ret_size);

	if (out == NULL)
		abort();
	options_dump(options, out);
	fclose(out);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct options *options = load(data, size), *again;
	char *first, *second;
	size_t first_size, second_size;

	if (options == NULL)
		return 0;
	first = dump(options, &first_size);
	again = load(first, first_size);
	if (again == NULL)
		abort();
	second = dump(again, &second_size);
	if (first_size != second_size || memcmp(first, second, first_size) != 0)
		abort();
	free(first);
	free(second);
	options_free(options);
	options_free(again);
	return 0;
}
