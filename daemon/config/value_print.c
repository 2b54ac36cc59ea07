/* One value as people read and write it: in the file's syntax, and in messages. */
#include "rows.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "najimi/base/number.h"
#include "najimi/base/text.h"

#define SHOWN_MAX (SHOWN_SIZE - 4) /* room for "..." */

const char *value_shown(const char *text, char *ret)
{
	struct text rest = text_of(text);
	size_t length = 0;

	while (rest.length > 0) {
		uint32_t c = 0;
		size_t bytes = text_char(rest, &c);
		bool printable = bytes > 0 && c >= 0x20 && c != 0x7f;

		if (bytes == 0)
			bytes = 1;
		if (length + bytes > SHOWN_MAX) {
			memcpy(ret + length, "...", 3);
			length += 3;
			break;
		}
		if (printable) {
			memcpy(ret + length, rest.start, bytes);
			length += bytes;
		} else {
			ret[length++] = '?';
		}
		rest.start += bytes;
		rest.length -= bytes;
	}
	ret[length] = '\0';
	return ret;
}

const char *value_wants(const struct option_row *row)
{
	switch (row->kind) {
	case OPTION_BOOL:
		return "true or false";
	case OPTION_INT:
		return "a whole number";
	case OPTION_DURATION:
		return "a duration such as \"20s\" or \"10m\"";
	case OPTION_SIZE:
		return "a size such as \"64K\" or \"1M\"";
	case OPTION_PERCENT:
		return "a share such as \"5%\" or \"0.5%\"";
	case OPTION_CHOICE:
		return "a word in quotes";
	case OPTION_TEXT:
	case OPTION_SECRET:
		return "a text in quotes";
	case OPTION_TEXTS:
		return "a list of texts, [ \"one\", \"two\" ]";
	case OPTION_QUEUES:
		return "a list of queues, [ \"one\", \"two\" ]";
	case OPTION_LEVELS:
		return "skills with levels, { german = 5; }";
	}
	return "";
}

/* As libconfig reads it back. */
void value_print_text(const char *text, FILE *out)
{
	fputc('"', out);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

void value_write_limit(const struct option_row *row, int64_t limit, char *ret, size_t size)
{
	if (row->kind == OPTION_DURATION)
		number_print_duration((usec_t)limit, ret, size);
	else if (row->kind == OPTION_SIZE)
		number_print_size((uint64_t)limit, ret, size);
	else if (row->kind == OPTION_PERCENT && limit % 10 == 0)
		snprintf(ret, size, "%" PRId64 "%%", limit / 10);
	else if (row->kind == OPTION_PERCENT)
		snprintf(ret, size, "%" PRId64 ".%" PRId64 "%%", limit / 10, limit % 10);
	else
		snprintf(ret, size, "%" PRId64, limit);
}

static void print_limit(const struct option_row *row, int64_t limit, FILE *out)
{
	char text[32];

	value_write_limit(row, limit, text, sizeof(text));
	fputs(text, out);
}

static void print_number(const struct option_row *row, const void *base, FILE *out)
{
	int64_t value = value_number(row, base);

	if (row->also != NULL && value == row->also_is)
		fputs(row->also, out);
	else
		print_limit(row, value, out);
}

static void print_texts(char *const *texts, FILE *out)
{
	fputs("[", out);
	for (size_t i = 0; texts[i] != NULL; i++) {
		fputs(i > 0 ? ", " : " ", out);
		value_print_text(texts[i], out);
	}
	fputs(" ]", out);
}

void value_print(const struct option_row *row, const void *base, FILE *out)
{
	switch (row->kind) {
	case OPTION_BOOL:
		fputs((value_number(row, base) != 0) != row->inverted ? "true" : "false", out);
		return;
	case OPTION_INT:
		print_number(row, base, out);
		return;
	case OPTION_DURATION:
	case OPTION_SIZE:
	case OPTION_PERCENT:
		fputc('"', out);
		print_number(row, base, out);
		fputc('"', out);
		return;
	case OPTION_CHOICE:
		value_print_text(row->words[value_number(row, base)], out);
		return;
	case OPTION_TEXT:
		value_print_text(value_text(row, base), out);
		return;
	case OPTION_SECRET:
		fputs(*value_text(row, base) != '\0' ? "\"********\"" : "\"\"", out);
		return;
	case OPTION_TEXTS:
		print_texts(value_texts(row, base), out);
		return;
	case OPTION_QUEUES:
	case OPTION_LEVELS:
		break;
	}
	assert(!"an agent's lists have names that only the options know");
}

void value_print_default(const struct option_row *row, FILE *out)
{
	const char *at = row->fallback;

	if (row->kind == OPTION_BOOL || row->kind == OPTION_INT) {
		fputs(at, out);
		return;
	}
	if (row->kind != OPTION_TEXTS) {
		value_print_text(at, out);
		return;
	}
	fputs("[", out);
	while (*at != '\0') {
		size_t length = strcspn(at, " ");

		fprintf(out, "%s\"%.*s\"", at == row->fallback ? " " : ", ", (int)length, at);
		at += length + strspn(at + length, " ");
	}
	fputs(" ]", out);
}

static void print_words(const char *const *words, FILE *out)
{
	const char *before = "One of ";

	for (size_t i = 0; words[i] != NULL; i++) {
		if (*words[i] == '\0')
			continue;
		fprintf(out, "%s%s", before, words[i]);
		before = ", ";
	}
	fputs(".", out);
}

void value_print_range(const struct option_row *row, FILE *out)
{
	switch (row->kind) {
	case OPTION_INT:
	case OPTION_DURATION:
	case OPTION_SIZE:
	case OPTION_PERCENT:
	case OPTION_LEVELS:
		fputs(row->kind == OPTION_LEVELS ? "Levels are from " : "From ", out);
		print_limit(row, row->min, out);
		fputs(" to ", out);
		print_limit(row, row->max, out);
		if (row->also != NULL)
			fprintf(out, ", or %s", row->also);
		fputs(".", out);
		return;
	case OPTION_CHOICE:
		print_words(row->words, out);
		return;
	case OPTION_BOOL:
	case OPTION_TEXT:
	case OPTION_TEXTS:
	case OPTION_SECRET:
	case OPTION_QUEUES:
		return;
	}
}
