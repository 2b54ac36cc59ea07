#include "najimi/codec/frame.h"

#include <assert.h>

#define NETSTRING_DIGITS_MAX 7

void framer_init(struct framer *framer)
{
	*framer = (struct framer){ 0 };
}

static enum frame_result refuse(struct framer *framer, const char *reason)
{
	framer->reason = reason;
	return FRAME_WRONG;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* The first bytes of a connection say what it speaks. A browser can be tricked into
 * sending JSON to a port of ours, but not into leaving out the request line before
 * it: so what starts like HTTP is never searched for a message. */
static enum frame_result detect(struct framer *framer, const char *data, size_t length)
{
	char first = data[0];

	if (first == '{' || first == '[' || is_space(first)) {
		framer->framing = FRAMING_TEXT;
		return FRAME_READY;
	}
	if (is_digit(first)) {
		framer->framing = FRAMING_NETSTRING;
		return FRAME_READY;
	}
	if (first == '\x16')
		return refuse(framer, "tls_on_plain");
	if (first == '\0' || strchr("GPHDOCT", first) == NULL)
		return refuse(framer, "garbage");

	/* GET, POST and PUT, HEAD, DELETE, OPTIONS, CONNECT, TRACE */
	if (length < 2)
		return FRAME_SHORT;
	if (!is_letter(data[1]))
		return refuse(framer, "garbage");
	framer->reason = "http";
	return FRAME_HTTP;
}

/* White space between messages. A line's end there is the sign of a client that
 * frames by lines and expects the same of us. */
static size_t skip_space(struct framer *framer, const char *data, size_t length)
{
	size_t at = 0;

	for (; at < length && is_space(data[at]); at++)
		framer->newline |= framer->spoken && data[at] == '\n';
	return at;
}

/* Goes on where the last scan stopped, up to the bracket that closes the message.
 * False when it is not there yet. */
static bool scan(struct framer *framer, const char *message, size_t length)
{
	size_t at = framer->scanned;
	unsigned depth = framer->depth;
	bool in_text = framer->in_text, escaped = framer->escaped;

	for (; at < length; at++) {
		char c = message[at];

		if (escaped) {
			escaped = false;
		} else if (in_text) {
			if (c == '"')
				in_text = false;
			else if (c == '\\')
				escaped = true;
		} else if (c == '"') {
			in_text = true;
		} else if (c == '{' || c == '[') {
			depth++;
		} else if (c == '}' || c == ']') {
			if (--depth == 0) {
				framer->scanned = at + 1;
				return true;
			}
		}
	}

	framer->scanned = at;
	framer->depth = depth;
	framer->in_text = in_text;
	framer->escaped = escaped;
	return false;
}

static enum frame_result next_text(struct framer *framer, const char *data, size_t length,
                                   size_t message_max, struct text *ret, size_t *ret_used)
{
	size_t start = skip_space(framer, data, length);
	size_t there = length - start;
	const char *message = data + start;

	*ret_used = start;
	if (there == 0)
		return FRAME_SHORT;
	if (message[0] != '{' && message[0] != '[')
		return refuse(framer, "garbage");

	/* No more than the limit is looked at, so what is longer ends up unfinished. */
	if (!scan(framer, message, there < message_max ? there : message_max))
		return there < message_max ? FRAME_SHORT : refuse(framer, "too_large");

	*ret = (struct text){ message, framer->scanned };
	framer->spoken = true;
	framer->scanned = 0;
	framer->depth = 0;
	framer->in_text = framer->escaped = false;
	*ret_used = start + ret->length;
	*ret_used += skip_space(framer, data + *ret_used, length - *ret_used);
	return FRAME_READY;
}

static enum frame_result next_netstring(struct framer *framer, const char *data, size_t length,
                                        size_t message_max, struct text *ret, size_t *ret_used)
{
	size_t message = 0, head = 0;

	for (; head < length && is_digit(data[head]); head++) {
		if (head > 0 && message == 0)
			return refuse(framer, "bad_netstring"); /* a leading zero */
		message = message * 10 + (size_t)(data[head] - '0');

		/* More digits only make it longer: there is nothing to wait for. */
		if (message > message_max || head >= NETSTRING_DIGITS_MAX)
			return refuse(framer, "too_large");
	}
	if (head == length)
		return FRAME_SHORT;
	if (head == 0 || data[head] != ':')
		return refuse(framer, "bad_netstring");

	head++;
	if (length - head <= message)
		return FRAME_SHORT;
	if (data[head + message] != ',')
		return refuse(framer, "bad_netstring");

	*ret = (struct text){ data + head, message };
	*ret_used = head + message + 1;
	return FRAME_READY;
}

enum frame_result frame_next(struct framer *framer, const char *data, size_t length,
                             size_t message_max, struct text *ret, size_t *ret_used)
{
	enum frame_result result = FRAME_WRONG;

	assert(message_max > 0);

	*ret_used = 0;
	if (length == 0)
		return FRAME_SHORT;
	if (framer->framing == FRAMING_UNKNOWN) {
		result = detect(framer, data, length);
		if (result != FRAME_READY)
			return result;
	}

	switch (framer->framing) {
	case FRAMING_TEXT:
		result = next_text(framer, data, length, message_max, ret, ret_used);
		break;
	case FRAMING_NETSTRING:
		result = next_netstring(framer, data, length, message_max, ret, ret_used);
		break;
	case FRAMING_UNKNOWN:
		break;
	}
	return result;
}

size_t netstring_head(size_t length, char *ret)
{
	char digits[NETSTRING_HEAD_MAX];
	size_t at = sizeof(digits);

	digits[--at] = ':';
	do {
		assert(at > 0);
		digits[--at] = (char)('0' + length % 10);
		length /= 10;
	} while (length > 0);
	memcpy(ret, digits + at, sizeof(digits) - at);
	return sizeof(digits) - at;
}
