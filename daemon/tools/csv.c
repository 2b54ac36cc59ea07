#include "csv.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES_MAX 4096
#define ID_BYTES_MAX 128

/* Takes the quotes off in place: the line is ours, and only gets shorter. */
static char *unquote(char *at, char *end, struct text *ret)
{
	char *to = at;

	ret->start = at;
	for (char *from = at + 1; from < end; from++) {
		if (*from != '"') {
			*to++ = *from;
		} else if (from + 1 < end && from[1] == '"') {
			*to++ = *from++;
		} else {
			ret->length = (size_t)(to - at);
			return from + 1;
		}
	}
	return NULL;
}

/* 0, or -EINVAL with the reason in words. */
static int split(struct csv *csv, char *line, size_t length, size_t *ret_count,
                 const char **ret_why)
{
	char *at = line, *end = line + length;
	size_t count = 0;

	for (;;) {
		struct text field;

		if (at < end && *at == '"') {
			at = unquote(at, end, &field);
			if (at == NULL) {
				*ret_why = "a quote is not closed on its line";
				return -EINVAL;
			}
			if (at < end && *at != ',') {
				*ret_why = "a closing quote is followed by more text";
				return -EINVAL;
			}
		} else {
			char *comma = memchr(at, ',', (size_t)(end - at));
			char *stop = comma == NULL ? end : comma;

			field = (struct text){ at, (size_t)(stop - at) };
			at = stop;
		}
		if (count < CSV_FIELDS_MAX)
			csv->fields[count] = field;
		count++;
		if (at == end)
			break;
		at++;
	}
	*ret_count = count;
	return 0;
}

/* The next line without its end; 0 at the end of the file. */
static int read_line(struct csv *csv, size_t *ret_length, struct err *err)
{
	ssize_t n;

	errno = 0;
	n = getline(&csv->line, &csv->line_size, csv->file);
	if (n < 0 && errno != 0)
		return err_set(err, -errno, "%s:%u: %s", csv->path, csv->number + 1,
		               strerror(errno));
	if (n < 0)
		return 0;
	csv->number++;
	if (n > LINE_BYTES_MAX)
		return err_set(err, -EINVAL, "%s:%u: a line of %zd bytes, the limit is %d",
		               csv->path, csv->number, n, LINE_BYTES_MAX);
	if (memchr(csv->line, '\0', (size_t)n) != NULL)
		return err_set(err, -EINVAL, "%s:%u: holds a NUL byte: this is no text file",
		               csv->path, csv->number);
	if (n > 0 && csv->line[n - 1] == '\n')
		n--;
	if (n > 0 && csv->line[n - 1] == '\r')
		n--;
	*ret_length = (size_t)n;
	return 1;
}

static size_t count_columns(const char *header)
{
	size_t count = 1;

	for (; *header != '\0'; header++)
		count += *header == ',';
	return count;
}

int csv_open(struct csv *csv, const char *path, const char *header, struct err *err)
{
	static const char mark[] = "\xef\xbb\xbf"; /* what some spreadsheets put first */
	struct text line;
	size_t length;
	int r;

	*csv = (struct csv){ .path = path, .header = header };
	csv->fields_count = count_columns(header);
	csv->file = fopen(path, "re");
	if (csv->file == NULL)
		return err_set(err, -errno, "%s: %s", path, strerror(errno));
	r = read_line(csv, &length, err);
	if (r == 0)
		r = err_set(err, -EINVAL, "%s: is empty, but wants the header '%s'", path, header);
	if (r < 0) {
		csv_close(csv);
		return r;
	}
	line = (struct text){ csv->line, length };
	if (length >= 3 && memcmp(line.start, mark, 3) == 0)
		line = (struct text){ line.start + 3, length - 3 };
	if (!text_is(line, header)) {
		r = err_set(err, -EINVAL, "%s:1: the header is '%.*s', but has to be '%s'", path,
		            (int)(line.length < 80 ? line.length : 80), line.start, header);
		csv_close(csv);
		return r;
	}
	return 0;
}

void csv_close(struct csv *csv)
{
	if (csv->file != NULL)
		fclose(csv->file);
	free(csv->line);
	csv->file = NULL;
	csv->line = NULL;
}

int csv_next(struct csv *csv, struct err *err)
{
	const char *why;
	size_t length, count;
	int r = read_line(csv, &length, err);

	if (r <= 0)
		return r;
	if (split(csv, csv->line, length, &count, &why) < 0)
		return err_set(err, -EINVAL, "%s:%u: %s", csv->path, csv->number, why);
	if (count != csv->fields_count)
		return err_set(err, -EINVAL, "%s:%u: %zu fields, but the header has %zu", csv->path,
		               csv->number, count, csv->fields_count);
	return 1;
}

/* The name of a column, from the header. */
static struct text column(const struct csv *csv, size_t index)
{
	const char *start = csv->header;

	while (index-- > 0)
		start = strchr(start, ',') + 1;
	return (struct text){ start, strcspn(start, ",") };
}

int csv_complain(const struct csv *csv, size_t index, struct err *err, const char *fmt, ...)
{
	struct text name = column(csv, index);
	char what[160];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	return err_set(err, -EINVAL, "%s:%u: %.*s: %s", csv->path, csv->number, (int)name.length,
	               name.start, what);
}

/* What is shown of a field in a complaint. */
static int shown(struct text field)
{
	return field.length < 40 ? (int)field.length : 40;
}

int csv_get_seconds(const struct csv *csv, size_t index, usec_t max, usec_t *ret, struct err *err)
{
	struct text field = csv->fields[index];
	usec_t value = 0, unit = SEC(1);
	bool point = false, digits = false;

	for (size_t i = 0; i < field.length; i++) {
		char c = field.start[i];

		if (c == '.' && digits && !point) {
			point = true;
			digits = false;
			continue;
		}
		if (c < '0' || c > '9')
			return csv_complain(csv, index, err, "'%.*s' is no number of seconds",
			                    shown(field), field.start);
		digits = true;
		if (!point) {
			value = value * 10 + (usec_t)(c - '0') * SEC(1);
		} else if (unit > 1) {
			unit /= 10;
			value += (usec_t)(c - '0') * unit;
		} else {
			return csv_complain(csv, index, err, "'%.*s' has more than six decimals",
			                    shown(field), field.start);
		}
		if (value > max)
			return csv_complain(csv, index, err, "%.*s is above %llu seconds",
			                    shown(field), field.start,
			                    (unsigned long long)(max / SEC(1)));
	}
	if (!digits)
		return csv_complain(csv, index, err, "'%.*s' is no number of seconds", shown(field),
		                    field.start);
	*ret = value;
	return 0;
}

int csv_get_id(const struct csv *csv, size_t index, struct text *ret, struct err *err)
{
	struct text field = csv->fields[index];

	if (field.length == 0)
		return csv_complain(csv, index, err, "is empty");
	if (!text_is_id(field, ID_BYTES_MAX))
		return csv_complain(csv, index, err,
		                    "is not 1 to %d bytes of printable UTF-8: '%.*s'", ID_BYTES_MAX,
		                    shown(field), field.start);
	*ret = field;
	return 0;
}
