#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "najimi/base/number.h"
#include "najimi/base/text.h"

#define FILE_BYTES_MAX (16 << 20)
#define FILES_MAX 1000 /* included files, repeated ones counted again */
#define DEPTH_MAX 10   /* libconfig's */
#define NUMBERS_MAX 64
#define SHOWN_FILE_MAX 90 /* of a path in a message */

/* One file under the scan. */
struct scan {
	struct source *source;
	const char *file; /* for messages */
	const char *at, *end;
	int line;
	int depth;
};

const char *source_file(const struct source *source, const char *file, char *ret)
{
	size_t folder = strlen(source->folder);

	if (file == NULL || strcmp(file, source->path) == 0 || *file == '/' ||
	    strcmp(source->folder, ".") == 0)
		snprintf(ret, SOURCE_FILE_SIZE, "%s", file == NULL ? source->path : file);
	else if (strncmp(file, source->folder, folder) == 0 && file[folder] == '/')
		snprintf(ret, SOURCE_FILE_SIZE, "%s", file);
	else
		snprintf(ret, SOURCE_FILE_SIZE, "%s/%s", source->folder, file);
	return ret;
}

int source_err(const struct source *source, const char *file, int line, const char *option,
               int code, struct err *err)
{
	char name[SOURCE_FILE_SIZE], cause[sizeof(err->text)], at[16] = "";
	size_t length;

	if (err == NULL)
		return code;
	snprintf(cause, sizeof(cause), "%s", err->text);
	source_file(source, file, name);
	length = strlen(name);
	if (line > 0)
		snprintf(at, sizeof(at), ":%d", line);
	/* A long path loses its beginning, never the line and the reason. */
	return err_set(err, code, "%s%s%s: %s%s%s", length > SHOWN_FILE_MAX ? "..." : "",
	               length > SHOWN_FILE_MAX ? name + length - SHOWN_FILE_MAX : name, at,
	               option == NULL ? "" : option, option == NULL ? "" : ": ", cause);
}

static int refuse(const struct scan *scan, int code, struct err *err)
{
	return source_err(scan->source, scan->file, scan->line, NULL, code, err);
}

int source_read(const char *path, size_t bytes_max, char **ret, size_t *ret_length, struct err *err)
{
	/* Not blocking, or a named pipe would keep us waiting for its writer. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;
	char *text = NULL;
	ssize_t got = 0;
	size_t length = 0;
	int r = 0;

	if (fd < 0)
		return err_set(err, -errno, "%s", strerror(errno));
	if (fstat(fd, &status) < 0)
		r = err_set(err, -errno, "%s", strerror(errno));
	else if (!S_ISREG(status.st_mode))
		r = err_set(err, -EINVAL, "is not a regular file");
	else if ((size_t)status.st_size > bytes_max)
		r = err_set(err, -EFBIG, "is larger than %zu bytes", bytes_max);
	else if ((text = malloc((size_t)status.st_size + 1)) == NULL)
		r = err_set(err, -ENOMEM, "out of memory");

	while (r == 0 && length < (size_t)status.st_size) {
		got = read(fd, text + length, (size_t)status.st_size - length);
		if (got < 0)
			r = err_set(err, -errno, "%s", strerror(errno));
		else if (got == 0)
			break;
		else
			length += (size_t)got;
	}
	close(fd);
	if (r < 0) {
		free(text);
		return r;
	}
	text[length] = '\0';
	*ret = text;
	*ret_length = length;
	return 0;
}

static bool starts(const struct scan *scan, const char *word)
{
	size_t length = strlen(word);

	return (size_t)(scan->end - scan->at) >= length && memcmp(scan->at, word, length) == 0;
}

static void step(struct scan *scan, size_t count)
{
	for (; count > 0 && scan->at < scan->end; count--)
		if (*scan->at++ == '\n')
			scan->line++;
}

static void skip_string(struct scan *scan)
{
	step(scan, 1);
	while (scan->at < scan->end && *scan->at != '"')
		step(scan, starts(scan, "\\\"") || starts(scan, "\\\\") ? 2 : 1);
	step(scan, 1);
}

static void skip_comment(struct scan *scan, const char *until)
{
	while (scan->at < scan->end && !starts(scan, until))
		step(scan, 1);
	if (*until != '\n')
		step(scan, strlen(until));
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void skip_name(struct scan *scan)
{
	while (scan->at < scan->end &&
	       (is_letter(*scan->at) || is_digit(*scan->at) || strchr("*-_", *scan->at) != NULL))
		step(scan, 1);
}

static int keep_number(struct scan *scan, const char *start, size_t length, struct err *err)
{
	struct source *source = scan->source;
	struct source_number *grown, *number;
	char name[SOURCE_FILE_SIZE];

	grown = realloc(source->numbers, (source->numbers_count + 1) * sizeof(*grown));
	if (grown == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	source->numbers = grown;
	number = &grown[source->numbers_count];
	*number = (struct source_number){ .line = scan->line };
	number->file = strdup(source_file(source, scan->file, name));
	if (number->file == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	snprintf(number->text, sizeof(number->text), "%.*s", (int)length, start);
	source->numbers_count++;

	/* Nobody writes as many by accident. */
	if (source->numbers_count > NUMBERS_MAX)
		return refuse(scan, err_set(err, -ERANGE, "%s is too large a number", number->text),
		              err);
	return 0;
}

/* A number, of which only the plain whole ones can be cut short. */
static int scan_number(struct scan *scan, struct err *err)
{
	const char *start = scan->at;
	bool plain = true, hex;
	size_t length;

	step(scan, 1); /* the sign or the first digit */
	hex = starts(scan, "x") || starts(scan, "X");
	while (scan->at < scan->end &&
	       (is_digit(*scan->at) || is_letter(*scan->at) || *scan->at == '.')) {
		plain = plain && is_digit(*scan->at);
		step(scan, 1);
	}
	length = (size_t)(scan->at - start);
	if (length > 1 && start[length - 1] == 'L')
		return 0; /* libconfig keeps all of it */
	if (hex)
		return length > 9 ? keep_number(scan, start, length, err) : 0;
	if (!plain || length < 10)
		return 0;
	if (length < 12) {
		char text[16];
		int64_t value;

		memcpy(text, start, length);
		text[length] = '\0';
		if (number_parse(*text == '+' ? text + 1 : text, &value) == 0 && value >= INT_MIN &&
		    value <= INT_MAX)
			return 0;
	}
	return keep_number(scan, start, length, err);
}

static int scan_file(struct source *source, const char *file, int depth, char *text, size_t length,
                     struct err *err);

/* After @include and its spaces: a name in quotes. */
static int scan_include(struct scan *scan, struct err *err)
{
	char name[PATH_MAX], path[PATH_MAX], *text;
	size_t length = 0, bytes;
	int r, line = scan->line;

	step(scan, 1);
	while (scan->at < scan->end && *scan->at != '"') {
		if (starts(scan, "\\\"") || starts(scan, "\\\\"))
			step(scan, 1);
		if (length + 1 == sizeof(name))
			return refuse(scan, err_set(err, -ENAMETOOLONG, "too long a name"), err);
		name[length++] = *scan->at;
		step(scan, 1);
	}
	name[length] = '\0';
	step(scan, 1);

	if (*name == '/')
		r = err_set(err, -EINVAL, "@include wants a path relative to %.100s, not %.100s",
		            scan->source->folder, name);
	else if (scan->depth == DEPTH_MAX)
		r = err_set(err, -ELOOP, "@include is more than %d files deep", DEPTH_MAX);
	else if (++scan->source->files_count > FILES_MAX)
		r = err_set(err, -EMFILE, "@include of more than %d files", FILES_MAX);
	else if (snprintf(path, sizeof(path), "%s/%s", scan->source->folder, name) >=
	         (int)sizeof(path))
		r = err_set(err, -ENAMETOOLONG, "too long a name");
	else {
		r = source_read(path, FILE_BYTES_MAX, &text, &bytes, err);
		if (r == 0)
			return scan_file(scan->source, name, scan->depth + 1, text, bytes, err);
		r = err_wrap(err, r, "@include \"%.100s\"", name);
	}
	return source_err(scan->source, scan->file, line, NULL, r, err);
}

/* Whether an @include starts here, which it may at the beginning of a line only. */
static bool take_include(struct scan *scan, bool line_start)
{
	const char *at = scan->at;

	if (!line_start || !starts(scan, "@include"))
		return false;
	at += strlen("@include");
	if (at == scan->end || (*at != ' ' && *at != '\t'))
		return false;
	while (at < scan->end && (*at == ' ' || *at == '\t'))
		at++;
	if (at == scan->end || *at != '"')
		return false;
	scan->at = at;
	return true;
}

static int scan_tokens(struct scan *scan, struct err *err)
{
	bool line_start = true;
	int r = 0;

	while (r == 0 && scan->at < scan->end) {
		char c = *scan->at;

		if (take_include(scan, line_start)) {
			r = scan_include(scan, err);
			line_start = false;
			continue;
		}
		line_start = c == '\n' || (line_start && (c == ' ' || c == '\t'));
		if (c == '"')
			skip_string(scan);
		else if (c == '#' || starts(scan, "//"))
			skip_comment(scan, "\n");
		else if (starts(scan, "/*"))
			skip_comment(scan, "*/");
		else if (is_letter(c) || c == '*')
			skip_name(scan);
		else if (is_digit(c) || c == '-' || c == '+')
			r = scan_number(scan, err);
		else
			step(scan, 1);
	}
	return r;
}

/* Bytes that libconfig would stumble over further on, or show in a message. */
static int check_bytes(struct scan *scan, struct err *err)
{
	struct scan probe = *scan;

	while (probe.at < probe.end) {
		uint32_t c;
		size_t bytes =
		        text_char((struct text){ probe.at, (size_t)(probe.end - probe.at) }, &c);

		if (bytes == 0)
			return refuse(&probe, err_set(err, -EILSEQ, "is not UTF-8"), err);
		if (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f')
			return refuse(&probe, err_set(err, -EINVAL, "has a control character"),
			              err);
		step(&probe, bytes);
	}
	return 0;
}

/* Frees `text`. */
static int scan_file(struct source *source, const char *file, int depth, char *text, size_t length,
                     struct err *err)
{
	struct scan scan = {
		.source = source,
		.file = file,
		.at = text,
		.end = text + length,
		.line = 1,
		.depth = depth,
	};
	int r;

	r = check_bytes(&scan, err);
	if (r == 0)
		r = scan_tokens(&scan, err);
	free(text);
	return r;
}

int source_init(struct source *source, const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	size_t length;
	char *text;
	int r;

	*source = (struct source){ .path = path };
	if (slash == NULL)
		source->folder = strdup(".");
	else if (slash == path)
		source->folder = strdup("/");
	else
		source->folder = strndup(path, (size_t)(slash - path));
	if (source->folder == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	r = source_read(path, FILE_BYTES_MAX, &text, &length, err);
	if (r < 0)
		return err_wrap(err, r, "%s", path);
	return scan_file(source, path, 0, text, length, err);
}

void source_done(struct source *source)
{
	for (size_t i = 0; i < source->numbers_count; i++)
		free(source->numbers[i].file);
	free(source->numbers);
	free(source->folder);
	*source = (struct source){ .path = NULL };
}

const char *source_number(struct source *source, const char *file, int line, int cut)
{
	char name[SOURCE_FILE_SIZE];
	int64_t value;

	source_file(source, file, name);
	for (size_t i = 0; i < source->numbers_count; i++) {
		struct source_number *number = &source->numbers[i];
		const char *digits = number->text + (*number->text == '+');

		if (number->line == line && strcmp(number->file, name) == 0 &&
		    number_parse(digits, &value) == 0 && (int)value == cut) {
			number->used = true;
			return number->text;
		}
	}
	return NULL;
}

const struct source_number *source_unused(const struct source *source)
{
	for (size_t i = 0; i < source->numbers_count; i++)
		if (!source->numbers[i].used)
			return &source->numbers[i];
	return NULL;
}
