#include "accept.h"

#include <string.h>
#include <strings.h>

/* How well something is liked, in thousandths; RFC 9110 section 12.4.2. */
#define LIKED_FULLY 1000
#define NOT_MENTIONED -1

static struct text trim(struct text text)
{
	while (text.length > 0 && (text.start[0] == ' ' || text.start[0] == '\t')) {
		text.start++;
		text.length--;
	}
	while (text.length > 0 &&
	       (text.start[text.length - 1] == ' ' || text.start[text.length - 1] == '\t'))
		text.length--;
	return text;
}

/* Takes what stands before `separator` off *rest. */
static struct text cut(struct text *rest, char separator)
{
	const char *end = memchr(rest->start, separator, rest->length);
	struct text head = *rest;

	if (end == NULL) {
		*rest = (struct text){ rest->start + rest->length, 0 };
	} else {
		head.length = (size_t)(end - rest->start);
		rest->start += head.length + 1;
		rest->length -= head.length + 1;
	}
	return trim(head);
}

static bool says(struct text text, const char *word)
{
	return text.length == strlen(word) && strncasecmp(text.start, word, text.length) == 0;
}

/* "1", "0.75", ".5": thousandths. What is no such number counts as refused. */
static int read_quality(struct text text)
{
	int value = 0, weight = LIKED_FULLY;
	bool fraction = false;

	for (size_t i = 0; i < text.length; i++) {
		if (text.start[i] == '.' && !fraction) {
			fraction = true;
		} else if (text.start[i] >= '0' && text.start[i] <= '9') {
			weight = fraction ? weight / 10 : weight;
			value += (text.start[i] - '0') * weight;
		} else {
			return 0;
		}
		if (value > LIKED_FULLY)
			return LIKED_FULLY;
	}
	return value;
}

struct range {
	struct text type, version;
	int quality;
};

static struct range read_range(struct text text)
{
	struct range range = { .type = cut(&text, ';'), .quality = LIKED_FULLY };

	while (text.length > 0) {
		struct text value = cut(&text, ';');
		struct text name = cut(&value, '=');

		if (says(name, "q"))
			range.quality = read_quality(trim(value));
		else if (says(name, "version"))
			range.version = trim(value);
	}
	return range;
}

static bool is_ours(struct text version, const char *ours)
{
	return version.length == 0 || text_is(version, ours);
}

static void lift(int *quality, int to)
{
	if (*quality < to)
		*quality = to;
}

enum exposition_format accept_choose(const char *accept)
{
	int openmetrics = NOT_MENTIONED, plain = NOT_MENTIONED, any = NOT_MENTIONED;
	struct text rest = text_of(accept);

	while (rest.length > 0) {
		struct range range = read_range(cut(&rest, ','));

		if (says(range.type, "application/openmetrics-text") &&
		    is_ours(range.version, "1.0.0"))
			lift(&openmetrics, range.quality);
		else if (says(range.type, "text/plain") && is_ours(range.version, "0.0.4"))
			lift(&plain, range.quality);
		else if (says(range.type, "text/*") || says(range.type, "*/*"))
			lift(&any, range.quality);
	}
	if (plain == NOT_MENTIONED)
		plain = any;
	return openmetrics > 0 && openmetrics >= plain ? EXPOSITION_OPENMETRICS : EXPOSITION_TEXT;
}

/* "ja-JP" is Japanese as well. */
static bool speaks(struct text range, const char *language)
{
	struct text primary = cut(&range, '-');

	return says(primary, language);
}

size_t accept_language(const char *header, const char *const offered[], size_t count)
{
	struct text rest = text_of(header);
	int most = 0;
	size_t best = 0;

	while (rest.length > 0) {
		struct range range = read_range(cut(&rest, ','));

		for (size_t i = 0; i < count; i++) {
			if (!speaks(range.type, offered[i]) || range.quality <= most)
				continue;
			most = range.quality;
			best = i;
		}
	}
	return best;
}

bool accept_gzip(const char *header)
{
	struct text rest = text_of(header);
	int gzip = NOT_MENTIONED, any = NOT_MENTIONED;

	while (rest.length > 0) {
		struct range range = read_range(cut(&rest, ','));

		if (says(range.type, "gzip"))
			lift(&gzip, range.quality);
		else if (says(range.type, "*"))
			lift(&any, range.quality);
	}
	return (gzip == NOT_MENTIONED ? any : gzip) > 0;
}
