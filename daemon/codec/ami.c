#include "najimi/codec/ami.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

static const char banner[] = "Asterisk Call Manager";

void ami_reader_init(struct ami_reader *reader)
{
	*reader = (struct ami_reader){ 0 };
}

static void begin_message(struct ami_reader *reader)
{
	reader->scanned = reader->line = 0;
	reader->lines = reader->part = 0;
	reader->odd = false;
}

/* Without what ends it. */
static struct text line_of(const char *start, size_t length)
{
	if (length > 0 && start[length - 1] == '\r')
		length--;
	return (struct text){ start, length };
}

/* --- channels --- */

/* What is said of a channel, always in this order and with nothing between; what the manager
 * interface does not escape is the number. There is room for 79 bytes in it: too few for a false
 * copy of all that follows it, so that nothing but Asterisk comes to the end of this. */
static const char *const parts[] = { "ChannelStateDesc", "CallerIDNum",       "CallerIDName",
	                             "ConnectedLineNum", "ConnectedLineName", "Language",
	                             "AccountCode",      "Context",           "Exten",
	                             "Priority",         "Uniqueid" };

/* No message of Asterisk's is so long: one that does not come to the end of its channel by then is
 * somebody else's, who says less of them. */
#define TORN_LINES_MAX 400

static struct text key_of(struct text line)
{
	const char *colon = memchr(line.start, ':', line.length);

	return (struct text){ line.start, colon == NULL ? 0 : (size_t)(colon - line.start) };
}

/* "DestCallerIDNum" is "CallerIDNum" behind "Dest". */
static bool ends_with(struct text key, const char *word, size_t *ret_prefix)
{
	size_t length = strlen(word);

	if (key.length < length || memcmp(key.start + key.length - length, word, length) != 0)
		return false;
	*ret_prefix = key.length - length;
	return true;
}

static bool is_part(struct text key, struct text prefix, const char *word)
{
	size_t length;

	return ends_with(key, word, &length) && length == prefix.length &&
	       memcmp(key.start, prefix.start, length) == 0;
}

/* What comes again is the one that counts: nobody but Asterisk has the last word. */
static void follow_channel(struct ami_reader *reader, const char *message, struct text line)
{
	struct text prefix = { message + reader->prefix_at, reader->prefix_length };
	struct text key = key_of(line);
	unsigned part = 0;

	if (reader->part == 0) {
		if (ends_with(key, parts[0], &reader->prefix_length)) {
			reader->prefix_at = reader->line;
			reader->part = 1;
		}
		return;
	}
	while (part <= reader->part && !is_part(key, prefix, parts[part]))
		part++;
	if (part != reader->part && reader->part == 1) {
		reader->part = 0; /* nothing of a channel after all */
		return;
	}
	if (part != reader->part)
		reader->odd = true;
	if (part > 0 && part <= reader->part)
		reader->part = part + 1 < ARRAY_LEN(parts) ? part + 1 : 0;
}

/* An empty line within what is said of a channel ends nothing. */
static bool is_torn(struct ami_reader *reader)
{
	if (reader->part <= 1 || reader->lines >= TORN_LINES_MAX)
		return false;
	reader->lines++;
	reader->odd = true;
	return true;
}

/* --- messages --- */

/* A line is judged when it is whole, so that the verdict is the same however it came. */
static bool line_is_fit(struct ami_reader *reader, struct text line)
{
	if (memchr(line.start, '\0', line.length) != NULL)
		reader->reason = "garbage";
	else if (reader->lines == 0 && memchr(line.start, ':', line.length) == NULL)
		reader->reason = "garbage";
	else if (++reader->lines > AMI_LINES_MAX)
		reader->reason = "too_many_lines";
	else if (reader->scanned > AMI_MESSAGE_MAX)
		reader->reason = "message_too_long";
	else
		return true;
	return false;
}

/* The server of a test suite greets behind its first answer. */
static bool is_banner(struct text line)
{
	return line.length >= sizeof(banner) - 1 &&
	       memcmp(line.start, banner, sizeof(banner) - 1) == 0 &&
	       memchr(line.start, ':', line.length) == NULL;
}

/* The next line of the message, when it has come to its end. */
static bool find_line(struct ami_reader *reader, const char *message, size_t length,
                      struct text *ret)
{
	const char *end = length == reader->scanned ? NULL
	                                            : memchr(message + reader->scanned, '\n',
	                                                     length - reader->scanned);
	size_t to = end == NULL ? length : (size_t)(end - message);

	if (to - reader->line > AMI_LINE_MAX) {
		reader->reason = "line_too_long";
		return false;
	}
	reader->scanned = end == NULL ? length : to + 1;
	*ret = line_of(message + reader->line, to - reader->line);
	return end != NULL;
}

static enum ami_result give(struct ami_reader *reader, enum ami_result result, struct text bytes,
                            struct ami_message *ret, size_t *ret_used)
{
	*ret_used += reader->scanned;
	ret->bytes = bytes;
	ret->odd = reader->odd;
	begin_message(reader);
	return result;
}

enum ami_result ami_next(struct ami_reader *reader, const char *data, size_t length,
                         struct ami_message *ret, size_t *ret_used)
{
	struct text line;

	*ret_used = 0;
	for (;;) {
		const char *message = data + *ret_used;

		if (!find_line(reader, message, length - *ret_used, &line))
			return reader->reason == NULL ? AMI_SHORT : AMI_WRONG;
		if (line.length == 0 && reader->lines > 0) {
			if (!is_torn(reader))
				return give(reader, AMI_MESSAGE,
				            (struct text){ message, reader->line }, ret, ret_used);
			reader->line = reader->scanned;
			continue;
		}
		if (line.length == 0) {
			*ret_used += reader->scanned;
			begin_message(reader);
			continue;
		}
		if (reader->lines == 0 && is_banner(line))
			return give(reader, AMI_BANNER, line, ret, ret_used);
		if (!line_is_fit(reader, line))
			return AMI_WRONG;
		follow_channel(reader, message, line);
		reader->line = reader->scanned;
	}
}

/* --- what is in a message --- */

static char to_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool same_key(struct text text, const char *key)
{
	size_t i = 0;

	for (; i < text.length && key[i] != '\0'; i++)
		if (to_lower(text.start[i]) != to_lower(key[i]))
			return false;
	return i == text.length && key[i] == '\0';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The next line with a key, as it stands there. */
static bool next_line(const struct ami_message *message, size_t *at, struct ami_field *ret)
{
	while (*at < message->bytes.length) {
		const char *start = message->bytes.start + *at;
		size_t left = message->bytes.length - *at;
		const char *stop = memchr(start, '\n', left), *colon;
		struct text line = line_of(start, stop == NULL ? left : (size_t)(stop - start));

		*at += stop == NULL ? left : (size_t)(stop - start) + 1;
		colon = memchr(line.start, ':', line.length);
		if (colon == NULL || colon == line.start)
			continue;
		ret->key = (struct text){ line.start, (size_t)(colon - line.start) };
		ret->value = (struct text){ colon + 1, line.length - ret->key.length - 1 };
		while (ret->value.length > 0 && is_blank(*ret->value.start)) {
			ret->value.start++;
			ret->value.length--;
		}
		return true;
	}
	return false;
}

/* Behind a number stands what may be the caller's own, up to the last line of that channel which
 * is Asterisk's. Nothing in between is needed by anybody. */
static void skip_odd(const struct ami_message *message, struct text number, size_t *at)
{
	struct text prefix;
	struct ami_field field;
	size_t next = *at;

	if (!ends_with(number, "CallerIDNum", &prefix.length))
		return;
	prefix.start = number.start;
	while (next_line(message, &next, &field))
		if (is_part(field.key, prefix, "Priority"))
			*at = next;
}

bool ami_next_field(const struct ami_message *message, size_t *at, struct ami_field *ret)
{
	if (!next_line(message, at, ret))
		return false;
	if (message->odd)
		skip_odd(message, ret->key, at);
	return true;
}

struct text ami_get(const struct ami_message *message, const char *key)
{
	struct ami_field field;
	size_t at = 0;

	while (ami_next_field(message, &at, &field))
		if (same_key(field.key, key))
			return field.value;
	return (struct text){ NULL, 0 };
}

bool ami_has(const struct ami_message *message, const char *key, const char *value)
{
	struct text text = ami_get(message, key);

	return text.start != NULL && text_is(text, value);
}

bool ami_copy(const struct ami_message *message, const char *key, char *ret, size_t size)
{
	struct text text = ami_get(message, key);

	assert(size > 0);
	ret[0] = '\0';
	if (text.start == NULL || text.length >= size)
		return false;
	memcpy(ret, text.start, text.length);
	ret[text.length] = '\0';
	return true;
}

bool ami_number(const struct ami_message *message, const char *key, unsigned *ret)
{
	struct text text = ami_get(message, key);
	unsigned value = 0;

	if (text.length == 0 || text.length > 9)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		if (text.start[i] < '0' || text.start[i] > '9')
			return false;
		value = value * 10 + (unsigned)(text.start[i] - '0');
	}
	*ret = value;
	return true;
}

/* --- writing --- */

static void put(struct ami_out *out, const char *bytes, size_t length)
{
	if (length > out->size - out->length) {
		out->wrong = "no_room";
		return;
	}
	memcpy(out->bytes + out->length, bytes, length);
	out->length += length;
}

void ami_out_field(struct ami_out *out, const char *key, const char *value)
{
	size_t keyed = strlen(key), length = strlen(value);
	char *at;

	if (out->wrong != NULL)
		return;
	if (keyed + 2 + length > AMI_OUT_LINE_MAX) {
		out->wrong = "line_too_long";
		return;
	}
	if (++out->lines > AMI_OUT_LINES_MAX) {
		out->wrong = "too_many_lines";
		return;
	}
	put(out, key, keyed);
	put(out, ": ", 2);
	at = out->bytes + out->length;
	put(out, value, length);
	if (out->wrong != NULL)
		return;
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)at[i] < ' ' || at[i] == '\x7f')
			at[i] = ' ';
	put(out, "\r\n", 2);
}

void ami_out_begin(struct ami_out *out, char *bytes, size_t size, const char *action,
                   const char *id)
{
	*out = (struct ami_out){ .bytes = bytes, .size = size };
	ami_out_field(out, "Action", action);
	if (id[0] != '\0')
		ami_out_field(out, "ActionID", id);
}

void ami_out_number(struct ami_out *out, const char *key, uint64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRIu64, value);
	ami_out_field(out, key, digits);
}

struct text ami_out_end(struct ami_out *out)
{
	if (out->wrong == NULL)
		put(out, "\r\n", 2);
	return (struct text){ out->bytes, out->wrong == NULL ? out->length : 0 };
}
