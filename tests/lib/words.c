#include "words.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct unit {
	const char *name;
	usec_t length;
} units[] = {
	{ "d", HOUR(24) }, { "h", HOUR(1) },  { "m", MINUTE(1) },
	{ "s", SEC(1) },   { "ms", MSEC(1) }, { "us", 1 },
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == ',' || c == ':';
}

static bool is_bracket(char c)
{
	return c == '(' || c == ')';
}

int words_cut(struct words *words, const char *line, struct err *err)
{
	size_t used = 0;

	words->count = words->next = 0;
	while (*line != '\0') {
		if (is_blank(*line)) {
			line++;
			continue;
		}
		size_t length = 1;

		while (!is_bracket(line[0]) && line[length] != '\0' && !is_blank(line[length]) &&
		       !is_bracket(line[length]))
			length++;
		if (words->count == WORDS_MAX || used + length + 1 > sizeof(words->text))
			return err_set(err, -E2BIG, "too long a line");
		memcpy(words->text + used, line, length);
		words->text[used + length] = '\0';
		words->items[words->count++] = words->text + used;
		used += length + 1;
		line += length;
	}
	return 0;
}

const char *words_peek(const struct words *words)
{
	return words->next < words->count ? words->items[words->next] : NULL;
}

const char *words_take(struct words *words)
{
	return words->next < words->count ? words->items[words->next++] : "";
}

bool words_skip(struct words *words, const char *phrase)
{
	unsigned next = words->next;

	while (*phrase != '\0') {
		size_t length = strcspn(phrase, " ");

		if (next == words->count || strlen(words->items[next]) != length ||
		    memcmp(words->items[next], phrase, length) != 0)
			return false;
		next++;
		phrase += length;
		phrase += strspn(phrase, " ");
	}
	words->next = next;
	return true;
}

/* Whole units and a decimal fraction, in integers: no rounding surprises. */
static bool parse_duration(const char *text, usec_t *ret)
{
	usec_t whole = 0, fraction = 0, scale = 1;
	const char *at = text;

	for (; *at >= '0' && *at <= '9' && whole < 100000000; at++)
		whole = whole * 10 + (usec_t)(*at - '0');
	if (at == text)
		return false;
	if (*at == '.')
		for (at++; *at >= '0' && *at <= '9' && scale < 1000000; at++) {
			fraction = fraction * 10 + (usec_t)(*at - '0');
			scale *= 10;
		}
	if (*at == '\0' && whole == 0 && fraction == 0) {
		*ret = 0;
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (strcmp(at, units[i].name) == 0) {
			*ret = whole * units[i].length + fraction * units[i].length / scale;
			return true;
		}
	return false;
}

int words_duration(struct words *words, usec_t *ret, struct err *err)
{
	const char *word = words_take(words);

	if (strcmp(word, "never") == 0)
		*ret = USEC_NEVER;
	else if (!parse_duration(word, ret))
		return err_set(err, -EINVAL, "'%s' is no duration such as 4.2s", word);
	return 0;
}

int words_number(struct words *words, long min, long max, long *ret, struct err *err)
{
	const char *word = words_take(words);
	char *end;
	long value;

	errno = 0;
	value = strtol(word, &end, 10);
	if (*word == '\0' || *end != '\0' || errno != 0)
		return err_set(err, -EINVAL, "'%s' is no number", word);
	if (value < min || value > max)
		return err_set(err, -ERANGE, "%s is outside %ld to %ld", word, min, max);
	*ret = value;
	return 0;
}

const char *duration_text(usec_t value, char *ret)
{
	if (value == USEC_NEVER)
		return "never";
	if (value == 0)
		return "0";
	for (size_t i = 0; i < 4; i++)
		if (value % units[i].length == 0) {
			snprintf(ret, DURATION_SIZE, "%" PRIu64 "%s", value / units[i].length,
			         units[i].name);
			return ret;
		}
	return value < MSEC(100) && value % MSEC(1) == 0
	               ? (snprintf(ret, DURATION_SIZE, "%" PRIu64 "ms", value / MSEC(1)), ret)
	               : seconds_text(value, ret);
}

const char *seconds_text(usec_t value, char *ret)
{
	int length;

	if (value == USEC_NEVER)
		return "never";
	length = snprintf(ret, DURATION_SIZE, "%" PRIu64 ".%06" PRIu64, value / SEC(1),
	                  value % SEC(1));
	while (ret[length - 1] == '0' && ret[length - 2] != '.')
		length--;
	snprintf(ret + length, DURATION_SIZE - (size_t)length, "s");
	return ret;
}
