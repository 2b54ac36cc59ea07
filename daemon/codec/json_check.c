#include "json_check.h"

#include <assert.h>
#include <errno.h>

#define NUMBER_LENGTH_MAX 63          /* what cJSON takes in one piece */
#define NUMBER_EXPONENT_MAX 307       /* below the largest double whatever the digits */
#define WHOLE_MAX (UINT64_C(1) << 53) /* beyond, a double has no room for the last digit */

struct reader {
	const char *start, *at, *end;
	const struct json_limits *limits;
	unsigned depth;
	struct err *err;
};

static int check_value(struct reader *reader);

static int refuse(const struct reader *reader, const char *at, const char *why)
{
	return err_set(reader->err, -EINVAL, "byte %zu: %s", (size_t)(at - reader->start), why);
}

/* What stands at the reader's place; never a character of JSON at the end. */
static inline char peek(const struct reader *reader)
{
	return reader->at < reader->end ? *reader->at : '\0';
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline void skip_space(struct reader *reader)
{
	char c;

	while ((c = peek(reader)) == ' ' || c == '\n' || c == '\t' || c == '\r')
		reader->at++;
}

static bool take_hex(struct reader *reader, unsigned *ret)
{
	unsigned value = 0;

	for (int i = 0; i < 4; i++, reader->at++) {
		char c = peek(reader);

		if (is_digit(c))
			value = value << 4 | (unsigned)(c - '0');
		else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
			value = value << 4 | (unsigned)((c | 0x20) - 'a' + 10);
		else
			return false;
	}
	*ret = value;
	return true;
}

/* After the backslash. */
static int check_escape(struct reader *reader)
{
	const char *start = reader->at - 1;
	unsigned high, low;
	char c = peek(reader);

	if (c == '\0' || strchr("\"\\/bfnrtu", c) == NULL)
		return refuse(reader, start, "no such escape");
	reader->at++;
	if (c != 'u')
		return 0;

	if (!take_hex(reader, &high))
		return refuse(reader, start, "\\u wants four hex digits");
	if (high == 0)
		return refuse(reader, start, "a text may not hold \\u0000");
	if (high < 0xd800 || high > 0xdfff)
		return 0;

	/* Half of a UTF-16 pair means nothing alone. */
	if (high < 0xdc00 && peek(reader) == '\\') {
		reader->at++;
		if (peek(reader) == 'u') {
			reader->at++;
			if (take_hex(reader, &low) && low >= 0xdc00 && low <= 0xdfff)
				return 0;
		}
	}
	return refuse(reader, start, "a lone surrogate");
}

static int check_text(struct reader *reader)
{
	const char *start = reader->at++;

	while (reader->at < reader->end) {
		unsigned char c = (unsigned char)*reader->at;
		uint32_t character;
		size_t length;
		int r;

		if (c >= 0x80) {
			length = text_char(
			        (struct text){ reader->at, (size_t)(reader->end - reader->at) },
			        &character);
			if (length == 0)
				return refuse(reader, reader->at, "not UTF-8");
			reader->at += length;
			continue;
		}
		if (c < 0x20)
			return refuse(reader, reader->at, "a control character in a text");
		reader->at++;
		if (c == '"')
			return 0;
		if (c == '\\') {
			r = check_escape(reader);
			if (r < 0)
				return r;
		}
	}
	return refuse(reader, start, "a text that does not end");
}

/* The digits of a whole number, or of the part before the point. */
static int check_whole(struct reader *reader, uint64_t *ret_value)
{
	const char *start = reader->at;
	uint64_t value = 0;

	for (; is_digit(peek(reader)); reader->at++) {
		if (value <= WHOLE_MAX)
			value = value * 10 + (uint64_t)(*reader->at - '0');
	}
	if (reader->at == start)
		return refuse(reader, start, "a number without digits");
	if (*start == '0' && reader->at - start > 1)
		return refuse(reader, start, "a number with a leading zero");
	*ret_value = value;
	return 0;
}

/* After the `e`. */
static int check_exponent(struct reader *reader, long *ret)
{
	bool negative = peek(reader) == '-';
	long value = 0;

	if (negative || peek(reader) == '+')
		reader->at++;
	if (!is_digit(peek(reader)))
		return refuse(reader, reader->at, "an exponent without digits");
	for (; is_digit(peek(reader)); reader->at++) {
		if (value < 10000)
			value = value * 10 + (*reader->at - '0');
	}
	*ret = negative ? -value : value;
	return 0;
}

static int check_number(struct reader *reader)
{
	const char *start = reader->at;
	bool whole = true;
	uint64_t value = 0;
	long places, exponent = 0;
	int r;

	if (peek(reader) == '-')
		reader->at++;
	places = -(long)(reader->at - start);
	r = check_whole(reader, &value);
	if (r < 0)
		return r;
	places += (long)(reader->at - start);

	if (peek(reader) == '.') {
		whole = false;
		reader->at++;
		if (!is_digit(peek(reader)))
			return refuse(reader, reader->at, "a point without digits after it");
		while (is_digit(peek(reader)))
			reader->at++;
	}
	if (peek(reader) == 'e' || peek(reader) == 'E') {
		whole = false;
		reader->at++;
		r = check_exponent(reader, &exponent);
		if (r < 0)
			return r;
	}

	if (reader->at - start > NUMBER_LENGTH_MAX)
		return refuse(reader, start, "a number of more than 63 characters");
	if (whole && value > WHOLE_MAX)
		return refuse(reader, start,
		              "a whole number beyond 2^53 loses digits: send it as a text");
	if (places - 1 + exponent > NUMBER_EXPONENT_MAX)
		return refuse(reader, start, "a number too large");
	return 0;
}

static int check_word(struct reader *reader, const char *word)
{
	size_t length = strlen(word);

	if ((size_t)(reader->end - reader->at) < length || memcmp(reader->at, word, length) != 0)
		return refuse(reader, reader->at, "a value is missing here");
	reader->at += length;
	return 0;
}

static int check_member(struct reader *reader)
{
	int r;

	if (peek(reader) != '"')
		return refuse(reader, reader->at, "a member's name is missing here");
	r = check_text(reader);
	if (r < 0)
		return r;
	skip_space(reader);
	if (peek(reader) != ':')
		return refuse(reader, reader->at, "':' is missing here");
	reader->at++;
	return check_value(reader);
}

/* The inside of an object or array. */
static int check_container(struct reader *reader, char closing)
{
	const struct json_limits *limits = reader->limits;
	bool object = closing == '}';
	unsigned count = 0, max;
	int r;

	max = object || limits->elements_max == 0 ? limits->members_max : limits->elements_max;
	if (++reader->depth > limits->depth_max)
		return refuse(reader, reader->at, "nested too deep");

	reader->at++;
	skip_space(reader);
	if (peek(reader) != closing) {
		for (;;) {
			if (++count > max)
				return refuse(reader, reader->at,
				              object ? "too many members" : "too many elements");
			r = object ? check_member(reader) : check_value(reader);
			if (r < 0)
				return r;
			if (peek(reader) != ',')
				break;
			reader->at++;
			skip_space(reader);
		}
		if (peek(reader) != closing)
			return refuse(reader, reader->at,
			              object ? "',' or '}' is missing here"
			                     : "',' or ']' is missing here");
	}
	reader->at++;
	reader->depth--;
	return 0;
}

/* One value and the space around it. Calls itself through the containers, at most
 * JSON_DEPTH_MAX deep. */
static int check_value(struct reader *reader)
{
	int r;

	skip_space(reader);
	switch (peek(reader)) {
	case '{':
		r = check_container(reader, '}');
		break;
	case '[':
		r = check_container(reader, ']');
		break;
	case '"':
		r = check_text(reader);
		break;
	case 't':
		r = check_word(reader, "true");
		break;
	case 'f':
		r = check_word(reader, "false");
		break;
	case 'n':
		r = check_word(reader, "null");
		break;
	case '-':
	case '0':
	case '1':
	case '2':
	case '3':
	case '4':
	case '5':
	case '6':
	case '7':
	case '8':
	case '9':
		r = check_number(reader);
		break;
	default:
		r = refuse(reader, reader->at, "a value is missing here");
		break;
	}
	if (r == 0)
		skip_space(reader);
	return r;
}

int json_check(struct text text, const struct json_limits *limits, struct err *err)
{
	struct reader reader = {
		.start = text.start,
		.at = text.start,
		.end = text.start + text.length,
		.limits = limits,
		.err = err,
	};
	int r;

	assert(limits->depth_max <= JSON_DEPTH_MAX && limits->members_max <= JSON_MEMBERS_MAX);

	if (text.length > limits->bytes_max)
		return err_set(err, -EINVAL, "%zu bytes are more than %zu", text.length,
		               limits->bytes_max);
	r = check_value(&reader);
	if (r < 0)
		return r;
	if (reader.at < reader.end)
		return refuse(&reader, reader.at, "something follows the value");
	return 0;
}

size_t json_find_name(struct text text, size_t index)
{
	struct reader reader = {
		.start = text.start,
		.at = text.start,
		.end = text.start + text.length,
	};
	int r;

	while (reader.at < reader.end) {
		const char *start = reader.at;

		if (*start != '"') {
			reader.at++;
			continue;
		}
		r = check_text(&reader);
		assert(r == 0);
		(void)r;
		skip_space(&reader);
		if (peek(&reader) == ':' && index-- == 0)
			return (size_t)(start - text.start);
	}
	return text.length;
}
