#include "najimi/codec/json_out.h"

#include <assert.h>

static const char two_digits[] = "00010203040506070809"
                                 "10111213141516171819"
                                 "20212223242526272829"
                                 "30313233343536373839"
                                 "40414243444546474849"
                                 "50515253545556575859"
                                 "60616263646566676869"
                                 "70717273747576777879"
                                 "80818283848586878889"
                                 "90919293949596979899";

/* Where the next `length` bytes go, or NULL when they do not fit. One byte is kept
 * for the end. After the first refusal nothing fits any more, however short: half a
 * text must not look like a whole one. */
static inline char *reserve(struct json_out *out, size_t length)
{
	char *at = out->start + out->length;

	if (out->overflowed || length >= out->size - out->length) {
		out->overflowed = true;
		return NULL;
	}
	out->length += length;
	return at;
}

static inline void put(struct json_out *out, const char *bytes, size_t length)
{
	char *at = reserve(out, length);

	if (at != NULL)
		memcpy(at, bytes, length);
}

static inline void put_char(struct json_out *out, char c)
{
	char *at = reserve(out, 1);

	if (at != NULL)
		*at = c;
}

/* What stands between two values of one container. */
static inline void separate(struct json_out *out)
{
	if (out->depth == 0)
		return;
	if (out->comma[out->depth - 1])
		put_char(out, ',');
	out->comma[out->depth - 1] = true;
}

/* Everything that comes before a value. */
static void lead_in(struct json_out *out, const char *name)
{
	size_t length;
	char *at;

	if (out->after_name) {
		assert(name == NULL);
		out->after_name = false;
		return;
	}
	separate(out);
	if (name == NULL)
		return;

	length = strlen(name);
	at = reserve(out, length + 3);
	if (at == NULL)
		return;
	at[0] = '"';
	memcpy(at + 1, name, length);
	memcpy(at + 1 + length, "\":", 2);
}

static void put_escape(struct json_out *out, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	static const char letters[0x20] = {
		['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't',
	};
	char *at;

	if (c == '"' || c == '\\' || letters[c] != '\0') {
		at = reserve(out, 2);
		if (at != NULL) {
			at[0] = '\\';
			at[1] = c < 0x20 ? letters[c] : (char)c;
		}
		return;
	}
	at = reserve(out, 6);
	if (at != NULL) {
		memcpy(at, "\\u00", 4);
		at[4] = hex[c >> 4];
		at[5] = hex[c & 15];
	}
}

/* How many bytes at the front can be copied as they are. */
static inline size_t plain_run(struct text text)
{
	size_t length = 0;

	while (length < text.length) {
		unsigned char c = (unsigned char)text.start[length];

		if (c < 0x20 || c == '"' || c == '\\' || c >= 0x80)
			break;
		length++;
	}
	return length;
}

static inline struct text rest_of(struct text text, size_t used)
{
	return (struct text){ text.start + used, text.length - used };
}

static void put_quoted(struct json_out *out, struct text text)
{
	put_char(out, '"');
	for (;;) {
		size_t length = plain_run(text);
		uint32_t character;

		put(out, text.start, length);
		text = rest_of(text, length);
		if (text.length == 0 || out->overflowed)
			break;

		length = text_char(text, &character);
		if (length == 0) {
			put(out, "\xef\xbf\xbd", 3); /* U+FFFD */
			length = 1;
		} else if (length == 1) {
			put_escape(out, (unsigned char)character);
		} else {
			put(out, text.start, length);
		}
		text = rest_of(text, length);
	}
	put_char(out, '"');
}

static void put_uint(struct json_out *out, bool negative, uint64_t value)
{
	char digits[21];
	size_t at = sizeof(digits);

	while (value >= 100) {
		at -= 2;
		memcpy(digits + at, two_digits + value % 100 * 2, 2);
		value /= 100;
	}
	if (value >= 10) {
		at -= 2;
		memcpy(digits + at, two_digits + value * 2, 2);
	} else {
		digits[--at] = (char)('0' + value);
	}
	if (negative)
		digits[--at] = '-';
	put(out, digits + at, sizeof(digits) - at);
}

static void open_container(struct json_out *out, const char *name, char bracket)
{
	lead_in(out, name);
	put_char(out, bracket);
	assert(out->depth < JSON_OUT_DEPTH);
	out->comma[out->depth++] = false;
}

static void close_container(struct json_out *out, char bracket)
{
	assert(out->depth > 0 && !out->after_name);
	out->depth--;
	put_char(out, bracket);
}

void json_out_begin(struct json_out *out, char *buffer, size_t size)
{
	assert(size > 0);

	/* Not the whole struct: this is on the hot path and `comma` is set on opening. */
	out->start = buffer;
	out->size = size;
	out->length = 0;
	out->overflowed = false;
	out->depth = 0;
	out->after_name = false;
}

size_t json_out_done(struct json_out *out)
{
	assert(out->depth == 0 && !out->after_name);

	out->start[out->length] = '\0';
	return out->overflowed ? 0 : out->length;
}

void json_object(struct json_out *out, const char *name)
{
	open_container(out, name, '{');
}

void json_object_end(struct json_out *out)
{
	close_container(out, '}');
}

void json_array(struct json_out *out, const char *name)
{
	open_container(out, name, '[');
}

void json_array_end(struct json_out *out)
{
	close_container(out, ']');
}

void json_text(struct json_out *out, const char *name, const char *value)
{
	if (value == NULL)
		json_null(out, name);
	else
		json_bytes(out, name, text_of(value));
}

void json_bytes(struct json_out *out, const char *name, struct text value)
{
	lead_in(out, name);
	put_quoted(out, value);
}

void json_name_text(struct json_out *out, struct text name)
{
	assert(!out->after_name);

	separate(out);
	put_quoted(out, name);
	put_char(out, ':');
	out->after_name = true;
}

void json_int(struct json_out *out, const char *name, int64_t value)
{
	lead_in(out, name);
	put_uint(out, value < 0, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void json_uint(struct json_out *out, const char *name, uint64_t value)
{
	lead_in(out, name);
	put_uint(out, false, value);
}

void json_bool(struct json_out *out, const char *name, bool value)
{
	lead_in(out, name);
	if (value)
		put(out, "true", 4);
	else
		put(out, "false", 5);
}

void json_null(struct json_out *out, const char *name)
{
	lead_in(out, name);
	put(out, "null", 4);
}

void json_ms(struct json_out *out, const char *name, usec_t duration)
{
	if (duration == USEC_NEVER)
		json_null(out, name);
	else
		json_uint(out, name, duration / 1000);
}

void json_instant(struct json_out *out, const char *name, usec_t at)
{
	char instant[INSTANT_SIZE + 1];

	if (at == 0 || at == USEC_NEVER) {
		json_null(out, name);
		return;
	}
	instant[0] = '"';
	text_of_instant(at, instant + 1, INSTANT_SIZE);
	instant[INSTANT_SIZE] = '"'; /* in place of the end */
	lead_in(out, name);
	put(out, instant, sizeof(instant));
}

void json_raw(struct json_out *out, const char *name, struct text json)
{
	lead_in(out, name);
	put(out, json.start, json.length);
}
