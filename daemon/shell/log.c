#include "najimi/shell/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "najimi/shell/clock.h"

#define LINE_MAX_BYTES 1024
#define LIMITED_FACTS_MAX 64

static enum log_level threshold = LOG_LEVEL_INFO;

/* A line that is built up and never grows past its end. */
struct line {
	char bytes[LINE_MAX_BYTES];
	size_t length;
};

void log_set_level(enum log_level level)
{
	threshold = level;
}

bool log_wants(enum log_level level)
{
	return level <= threshold;
}

static void put(struct line *line, const char *bytes, size_t length)
{
	size_t room = sizeof(line->bytes) - 1 - line->length; /* one stays for the newline */

	if (length > room)
		length = room;
	memcpy(line->bytes + line->length, bytes, length);
	line->length += length;
}

/* Callers' names and numbers come from outside: they must not be able to end
 * the line, and with it forge the next one. */
static void put_text(struct line *line, const char *text)
{
	put(line, "\"", 1);
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		char escaped[5];

		if (c == '"' || c == '\\') {
			put(line, (char[]){ '\\', (char)c }, 2);
		} else if (c < 0x20 || c == 0x7f) {
			snprintf(escaped, sizeof(escaped), "\\x%02x", c);
			put(line, escaped, 4);
		} else {
			put(line, text, 1);
		}
	}
	put(line, "\"", 1);
}

static void put_field(struct line *line, const struct log_field *field)
{
	char number[24];

	put(line, " ", 1);
	put(line, field->name, strlen(field->name));
	put(line, "=", 1);
	if (field->text != NULL) {
		put_text(line, field->text);
		return;
	}
	snprintf(number, sizeof(number), "%" PRId64, field->number);
	put(line, number, strlen(number));
}

static void write_line(enum log_level level, const char *fact, const struct log_field *fields,
                       uint64_t suppressed)
{
	struct line line = { .length = 0 };
	char head[8];

	snprintf(head, sizeof(head), "<%d>", (int)level); /* sd-daemon(3): journald reads it */
	put(&line, head, strlen(head));
	put(&line, fact, strlen(fact));
	for (; fields->name != NULL; fields++)
		put_field(&line, fields);
	if (suppressed > 0)
		put_field(&line, &LOG_NUMBER("suppressed", suppressed));
	line.bytes[line.length++] = '\n';
	(void)!write(STDERR_FILENO, line.bytes, line.length); /* one line, one write */
}

void log_write(enum log_level level, const char *fact, const struct log_field *fields)
{
	if (log_wants(level))
		write_line(level, fact, fields, 0);
}

void log_write_limited(enum log_level level, const char *fact, const struct log_field *fields)
{
	static struct {
		const char *fact;
		usec_t said_at;
		uint64_t suppressed;
	} rows[LIMITED_FACTS_MAX];
	usec_t now = clock_monotonic();
	size_t i = 0;

	if (!log_wants(level))
		return;
	while (i < LIMITED_FACTS_MAX - 1 && rows[i].fact != NULL && strcmp(rows[i].fact, fact) != 0)
		i++;
	if (rows[i].fact != NULL && now - rows[i].said_at < SEC(1)) {
		rows[i].suppressed++;
		return;
	}
	write_line(level, fact, fields, rows[i].suppressed);
	rows[i].fact = fact;
	rows[i].said_at = now;
	rows[i].suppressed = 0;
}
