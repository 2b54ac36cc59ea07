#include "exposition.h"

#include <assert.h>
#include <string.h>

#define NUMBER_SIZE 32 /* of any number we print */

const char *exposition_type(enum exposition_format format)
{
	switch (format) {
	case EXPOSITION_TEXT:
		return "text/plain; version=0.0.4; charset=utf-8";
	case EXPOSITION_OPENMETRICS:
		return "application/openmetrics-text; version=1.0.0; charset=utf-8";
	}
	return "";
}

static void put(struct exposition *out, const char *string)
{
	(void)body_add(out->body, text_of(string));
}

/* Returns the end. A scrape prints thousands of these, and routing waits meanwhile. */
static char *print_number(uint64_t value, char *ret)
{
	char digits[NUMBER_SIZE];
	size_t count = 0;

	do {
		digits[count++] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	while (count > 0)
		*ret++ = digits[--count];
	*ret = '\0';
	return ret;
}

/* Exact, and as OpenMetrics writes floats: always with a fraction. */
static void print_seconds(usec_t value, char *ret)
{
	char *end = print_number(value / SEC(1), ret);
	usec_t rest = value % SEC(1);

	*end++ = '.';
	for (usec_t unit = 100000; unit > 0 && (rest > 0 || end[-1] == '.'); unit /= 10) {
		*end++ = (char)('0' + rest / unit);
		rest %= unit;
	}
	*end = '\0';
}

/* Characters that need no second look: those of almost every name. */
static size_t plain_bytes(struct text text)
{
	size_t count = 0;

	while (count < text.length && text.start[count] >= ' ' && text.start[count] < '\x7f' &&
	       text.start[count] != '\\' && text.start[count] != '"')
		count++;
	return count;
}

/* One character that is not plain. Returns its bytes. */
static size_t put_character(struct exposition *out, struct text rest, bool quote)
{
	uint32_t point;
	size_t bytes = text_char(rest, &point);

	if (bytes == 0) {
		put(out, "\xef\xbf\xbd"); /* U+FFFD */
		return 1;
	}
	if (rest.start[0] == '\\')
		put(out, "\\\\");
	else if (rest.start[0] == '\n')
		put(out, "\\n");
	else if (rest.start[0] == '"' && quote)
		put(out, "\\\"");
	else
		(void)body_add(out->body, (struct text){ rest.start, bytes });
	return bytes;
}

/* HELP texts escape the backslash and the newline; OpenMetrics the quote as well.
 * Label values escape all three in both. */
static void put_escaped(struct exposition *out, const char *string, bool quote)
{
	struct text rest = text_of(string);

	while (rest.length > 0) {
		size_t bytes = plain_bytes(rest);

		if (bytes > 0)
			(void)body_add(out->body, (struct text){ rest.start, bytes });
		else
			bytes = put_character(out, rest, quote);
		rest.start += bytes;
		rest.length -= bytes;
	}
}

static const char *kind_name(const struct exposition *out, enum family_kind kind)
{
	switch (kind) {
	case FAMILY_COUNTER:
		return "counter";
	case FAMILY_GAUGE:
		return "gauge";
	case FAMILY_HISTOGRAM:
		return "histogram";
	case FAMILY_INFO:
		return out->format == EXPOSITION_OPENMETRICS ? "info" : "gauge";
	}
	return "";
}

/* What samples of the family end in, beside a histogram's own endings. */
static const char *ending(const struct family *family)
{
	switch (family->kind) {
	case FAMILY_COUNTER:
		return "_total";
	case FAMILY_INFO:
		return "_info";
	case FAMILY_GAUGE:
	case FAMILY_HISTOGRAM:
		break;
	}
	return "";
}

/* "# TYPE name": 0.0.4 names a family like its samples, OpenMetrics without endings. */
static void put_descriptor(struct exposition *out, const char *word)
{
	put(out, "# ");
	put(out, word);
	put(out, " ");
	put(out, out->family->name);
	if (out->format == EXPOSITION_TEXT)
		put(out, ending(out->family));
	put(out, " ");
}

void exposition_begin(struct exposition *out, struct body *body, enum exposition_format format)
{
	*out = (struct exposition){ .body = body, .format = format };
}

void exposition_end(struct exposition *out)
{
	if (out->format == EXPOSITION_OPENMETRICS)
		put(out, "# EOF\n");
	out->family = NULL;
}

/* OpenMetrics has a unit end the family's name. */
static bool names_unit(const struct family *family)
{
	size_t name = strlen(family->name), unit;

	if (family->unit == NULL)
		return true;
	unit = strlen(family->unit);
	return name > unit + 1 && family->name[name - unit - 1] == '_' &&
	       strcmp(family->name + name - unit, family->unit) == 0;
}

void exposition_family(struct exposition *out, const struct family *family)
{
	assert(names_unit(family));
	out->family = family;
	put_descriptor(out, "TYPE");
	put(out, kind_name(out, family->kind));
	put(out, "\n");
	if (out->format == EXPOSITION_OPENMETRICS && family->unit != NULL) {
		put_descriptor(out, "UNIT");
		put(out, family->unit);
		put(out, "\n");
	}
	put_descriptor(out, "HELP");
	put_escaped(out, family->help, out->format == EXPOSITION_OPENMETRICS);
	put(out, "\n");
}

static void put_label(struct exposition *out, bool first, const char *name, const char *value)
{
	put(out, first ? "{" : ",");
	put(out, name);
	put(out, "=\"");
	put_escaped(out, value, true);
	put(out, "\"");
}

/* One line: the family's name with an ending, labels, perhaps `le`, a value. */
static void put_sample(struct exposition *out, const char *name_ending, const struct label *labels,
                       const char *le, const char *value)
{
	size_t count = 0;

	put(out, out->family->name);
	put(out, name_ending);
	for (; labels[count].name != NULL; count++) {
		assert(count < EXPOSITION_LABELS_MAX);
		put_label(out, count == 0, labels[count].name, labels[count].value);
	}
	if (le != NULL)
		put_label(out, count++ == 0, "le", le);
	put(out, count > 0 ? "} " : " ");
	put(out, value);
	put(out, "\n");
}

void exposition_number(struct exposition *out, const struct label *labels, uint64_t value)
{
	char number[NUMBER_SIZE];

	assert(out->family->kind != FAMILY_HISTOGRAM);
	print_number(value, number);
	put_sample(out, ending(out->family), labels, NULL, number);
}

void exposition_seconds(struct exposition *out, const struct label *labels, usec_t value)
{
	char number[NUMBER_SIZE];

	assert(out->family->kind != FAMILY_HISTOGRAM);
	print_seconds(value, number);
	put_sample(out, ending(out->family), labels, NULL, number);
}

void exposition_unknown(struct exposition *out, const struct label *labels)
{
	assert(out->family->kind == FAMILY_GAUGE);
	put_sample(out, "", labels, NULL, "NaN");
}

void exposition_histogram(struct exposition *out, const struct label *labels,
                          const struct histogram *histogram)
{
	char number[NUMBER_SIZE], edge[NUMBER_SIZE];
	uint64_t below = 0;

	assert(out->family->kind == FAMILY_HISTOGRAM);
	for (uint32_t i = 0; i < histogram->edges_count; i++) {
		below += histogram->buckets[i];
		print_seconds(histogram->edges[i], edge);
		print_number(below, number);
		put_sample(out, "_bucket", labels, edge, number);
	}
	/* A reader refuses a histogram whose +Inf differs from its count, so both are
	 * the sum of what was shown. */
	below += histogram->buckets[histogram->edges_count];
	print_number(below, number);
	put_sample(out, "_bucket", labels, "+Inf", number);
	put_sample(out, "_count", labels, NULL, number);
	print_seconds(histogram->sum, number);
	put_sample(out, "_sum", labels, NULL, number);
}
