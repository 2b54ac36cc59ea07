#ifndef TESTS_CASES_H
#define TESTS_CASES_H

#include <stdbool.h>
#include <stddef.h>

#include "najimi/base/err.h"

/* Tables of what queueing theory says: comma-separated, without quotes, the first line
 * names the columns. */

#define CASES_MAX 512
#define CASES_COLUMNS_MAX 32
#define CASES_FIELD_SIZE 24

struct cases {
	size_t columns_count, count;
	char columns[CASES_COLUMNS_MAX][CASES_FIELD_SIZE + 24];
	char fields[CASES_MAX][CASES_COLUMNS_MAX][CASES_FIELD_SIZE];
};

/* -ENOENT when there is no such file; -EINVAL, and where, for one that is no table. */
int cases_read(struct cases *cases, const char *path, struct err *err) MUST_CHECK;

/* A field as it stands, or as a number; -EINVAL without such a column, or when it is none. */
const char *cases_text(const struct cases *cases, size_t row, const char *column);
int cases_number(const struct cases *cases, size_t row, const char *column, double *ret,
                 struct err *err) MUST_CHECK;

#endif
