#ifndef NAJIMI_DAEMON_CONFIG_SOURCE_H
#define NAJIMI_DAEMON_CONFIG_SOURCE_H

#include <stdbool.h>

#include "najimi/base/err.h"

/* The configuration's files as text, looked at before libconfig reads them:
 * libconfig 1.5 ends the process when a file turns out to be a folder, and cuts
 * whole numbers of more than 31 bits short without a word. */

struct source_number {
	char *file; /* as source_file() gives it */
	int line;
	char text[24];
	bool used;
};

struct source {
	const char *path; /* the caller's */
	char *folder;     /* that @include starts from */
	size_t files_count;
	size_t numbers_count;
	struct source_number *numbers; /* too large for libconfig */
};

/* Reads the file and all it includes. source_done() it in any case. */
int source_init(struct source *source, const char *path, struct err *err) MUST_CHECK;
void source_done(struct source *source);

/* The number that stands there, when libconfig cut it to `cut`; NULL when it did
 * not. */
const char *source_number(struct source *source, const char *file, int line, int cut);

/* The first cut number that nobody asked for. NULL: none. */
const struct source_number *source_unused(const struct source *source);

/* How to call a file in messages, from libconfig's name for it. Valid until the next call. */
#define SOURCE_FILE_SIZE 512
const char *source_file(const struct source *source, const char *file, char *ret);

/* A regular file as one text with a zero byte after it; the caller frees it. The
 * error does not name the file. */
int source_read(const char *path, size_t bytes_max, char **ret, size_t *ret_length,
                struct err *err) MUST_CHECK;

/* Puts "FILE:LINE: " in front of the error ("FILE: " when the line is 0), `option`
 * and a colon after it unless that is NULL, and returns `code`. */
int source_err(const struct source *source, const char *file, int line, const char *option,
               int code, struct err *err);

#endif
