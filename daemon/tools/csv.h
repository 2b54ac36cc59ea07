#ifndef NAJIMI_TOOLS_CSV_H
#define NAJIMI_TOOLS_CSV_H

#include <stdio.h>

#include "najimi/base/err.h"
#include "najimi/base/text.h"

/* A strict reader of comma-separated values (RFC 4180, one record a line). It takes
 * what it was told to expect and nothing else: the header must be the given one, each
 * record must have as many fields, and every complaint names file and line. */

#define CSV_FIELDS_MAX 16

struct csv {
	const char *path;
	FILE *file;
	char *line;
	size_t line_size;
	unsigned number; /* of the line */
	const char *header;
	size_t fields_count; /* of the header */
	struct text fields[CSV_FIELDS_MAX];
};

/* `header` is the first line that the file must have, and outlives the reader, as
 * `path` does. */
int csv_open(struct csv *csv, const char *path, const char *header, struct err *err) MUST_CHECK;
void csv_close(struct csv *csv);

/* 1: csv->fields holds the next record, until the next call. 0: the file ends. */
int csv_next(struct csv *csv, struct err *err) MUST_CHECK;

/* Sets "FILE:LINE: COLUMN: what" for column `index` of the record. */
int csv_complain(const struct csv *csv, size_t index, struct err *err, const char *fmt, ...)
        PRINTF(4, 5);

/* Seconds with at most six decimals, from 0 to `max`. */
int csv_get_seconds(const struct csv *csv, size_t index, usec_t max, usec_t *ret,
                    struct err *err) MUST_CHECK;

/* A text that can be an id of the protocol: 1 to 128 bytes of printable UTF-8. */
int csv_get_id(const struct csv *csv, size_t index, struct text *ret, struct err *err) MUST_CHECK;

#endif
