#include "cases.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Cuts a line at its commas. The number of fields, or -EINVAL when one is too long. */
static int cut(char *line, char *ret, size_t size, size_t max)
{
	size_t count = 0;

	line[strcspn(line, "\r\n")] = '\0';
	for (char *at = line; at != NULL; count++) {
		char *field = strsep(&at, ",");

		if (count == max || strlen(field) >= size)
			return -EINVAL;
		memcpy(ret + count * size, field, strlen(field) + 1);
	}
	return (int)count;
}

static int read_rows(struct cases *cases, FILE *file, const char *path, struct err *err)
{
	char line[4096];
	int count;

	if (fgets(line, sizeof(line), file) == NULL)
		return err_set(err, -EINVAL, "%s:1: no header", path);
	count = cut(line, cases->columns[0], sizeof(cases->columns[0]), CASES_COLUMNS_MAX);
	if (count < 0)
		return err_set(err, -EINVAL, "%s:1: a name is too long, or too many", path);
	cases->columns_count = (size_t)count;
	for (cases->count = 0; fgets(line, sizeof(line), file) != NULL; cases->count++) {
		if (cases->count == CASES_MAX)
			return err_set(err, -EINVAL, "%s: more than %d cases", path, CASES_MAX);
		count = cut(line, cases->fields[cases->count][0], CASES_FIELD_SIZE,
		            CASES_COLUMNS_MAX);
		if (count != (int)cases->columns_count)
			return err_set(err, -EINVAL, "%s:%zu: not %zu fields", path,
			               cases->count + 2, cases->columns_count);
	}
	return cases->count > 0 ? 0 : err_set(err, -EINVAL, "%s: no cases", path);
}

int cases_read(struct cases *cases, const char *path, struct err *err)
{
	FILE *file = fopen(path, "re");
	int r;

	if (file == NULL)
		return err_set(err, -errno, "%s: %s", path, strerror(errno));
	r = read_rows(cases, file, path, err);
	fclose(file);
	return r;
}

const char *cases_text(const struct cases *cases, size_t row, const char *column)
{
	for (size_t i = 0; i < cases->columns_count; i++)
		if (strcmp(cases->columns[i], column) == 0)
			return cases->fields[row][i];
	return NULL;
}

int cases_number(const struct cases *cases, size_t row, const char *column, double *ret,
                 struct err *err)
{
	const char *text = cases_text(cases, row, column);
	char *end;

	if (text == NULL)
		return err_set(err, -EINVAL, "there is no column %s", column);
	*ret = strtod(text, &end);
	if (end == text || *end != '\0')
		return err_set(err, -EINVAL, "case %zu: '%s' is no %s", row + 1, text, column);
	return 0;
}
