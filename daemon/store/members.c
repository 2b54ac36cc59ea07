#include "members.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define NEVER "never" /* of an instant */

static void write_instant(struct json_out *out, const struct member *row, const void *at)
{
	usec_t value;

	memcpy(&value, at, sizeof(value));
	if (value == (row->kind == MEMBER_DUE ? USEC_NEVER : 0))
		return;
	if (value == USEC_NEVER)
		json_text(out, row->name, NEVER);
	else
		json_uint(out, row->name, value);
}

static void write_time(struct json_out *out, const struct member *row, const void *at)
{
	usec_t value;

	memcpy(&value, at, sizeof(value));
	if (row->kind == MEMBER_RFC && value != 0)
		json_instant(out, row->name, value);
	else if (row->kind == MEMBER_MS && value >= MSEC(1))
		json_ms(out, row->name, value);
}

static void write_number(struct json_out *out, const struct member *row, const void *at)
{
	union {
		int16_t i16;
		uint16_t u16;
		uint32_t u32;
		uint64_t u64;
	} value = { .u64 = 0 };
	int64_t number = 0;

	if (row->kind == MEMBER_I16) {
		memcpy(&value.i16, at, sizeof(value.i16));
		number = value.i16;
	} else if (row->kind == MEMBER_U16) {
		memcpy(&value.u16, at, sizeof(value.u16));
		number = value.u16;
	} else if (row->kind == MEMBER_U32) {
		memcpy(&value.u32, at, sizeof(value.u32));
		number = value.u32;
	} else {
		memcpy(&value.u64, at, sizeof(value.u64));
		number = (int64_t)value.u64;
	}
	if (number != 0)
		json_int(out, row->name, number);
}

static void write_hex(struct json_out *out, const struct member *row, const void *at)
{
	char digits[17];
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	if (value == 0)
		return;
	for (unsigned i = 0; i < 16; i++)
		digits[i] = "0123456789abcdef"[value >> (60 - 4 * i) & 15];
	json_bytes(out, row->name, (struct text){ digits, 16 });
}

static void write_text(struct json_out *out, const struct member *row, const void *at)
{
	const char *text;

	memcpy(&text, at, sizeof(text));
	if (*text == '\0')
		return;
	if (row->kind == MEMBER_OBJECT)
		json_raw(out, row->name, text_of(text));
	else
		json_text(out, row->name, text);
}

static void write_handle(struct json_out *out, const struct member *row, const void *at,
                         struct directory *directory)
{
	struct agent_id agent;
	queue_index queue;

	if (row->kind != MEMBER_AGENT) {
		memcpy(&queue, at, sizeof(queue));
		if (queue != QUEUE_NONE)
			json_text(out, row->name, directory_queue_name(directory, queue));
		return;
	}
	memcpy(&agent, at, sizeof(agent));
	if (agent_id_set(agent))
		json_text(out, row->name, directory_agent_name(directory, agent));
}

static void write_member(struct json_out *out, const struct member *row, const void *record,
                         struct directory *directory)
{
	const void *at = (const char *)record + row->offset;
	int word;
	bool yes;

	switch (row->kind) {
	case MEMBER_INSTANT:
	case MEMBER_DUE:
		write_instant(out, row, at);
		break;
	case MEMBER_I16:
	case MEMBER_U16:
	case MEMBER_U32:
	case MEMBER_U64:
		write_number(out, row, at);
		break;
	case MEMBER_BOOL:
		memcpy(&yes, at, sizeof(yes));
		if (yes)
			json_bool(out, row->name, true);
		break;
	case MEMBER_HEX:
		write_hex(out, row, at);
		break;
	case MEMBER_STATE:
	case MEMBER_WORD:
		memcpy(&word, at, sizeof(word));
		if (word != 0 || row->kind == MEMBER_STATE)
			json_text(out, row->name, row->word(word));
		break;
	case MEMBER_RFC:
	case MEMBER_MS:
		write_time(out, row, at);
		break;
	case MEMBER_QUEUE:
	case MEMBER_PAST_QUEUE:
	case MEMBER_AGENT:
		write_handle(out, row, at, directory);
		break;
	case MEMBER_TEXT:
	case MEMBER_OBJECT:
		write_text(out, row, at);
		break;
	case MEMBER_OWN:
		row->write(out, row->name, record, directory);
		break;
	}
}

void members_write(const struct member *rows, size_t count, struct json_out *out,
                   const void *record, struct directory *directory)
{
	for (size_t i = 0; i < count; i++)
		write_member(out, &rows[i], record, directory);
}

static int read_number(const struct member *row, const struct json *json, void *at, struct err *err)
{
	static const struct {
		int64_t min, max;
	} ranges[] = {
		[MEMBER_INSTANT] = { 0, INT64_MAX },     [MEMBER_DUE] = { 0, INT64_MAX },
		[MEMBER_I16] = { INT16_MIN, INT16_MAX }, [MEMBER_U16] = { 0, UINT16_MAX },
		[MEMBER_U32] = { 0, UINT32_MAX },        [MEMBER_U64] = { 0, INT64_MAX },
	};
	const char *text;
	int64_t number;

	if (row->kind == MEMBER_INSTANT && json_get_text(json, &text) && strcmp(text, NEVER) == 0) {
		memcpy(at, &(usec_t){ USEC_NEVER }, sizeof(usec_t));
		return 0;
	}
	if (!json_get_int(json, &number))
		return err_set(err, -EINVAL, "%s is no whole number", row->name);
	if (number < ranges[row->kind].min || number > ranges[row->kind].max)
		return err_set(err, -EINVAL, "%s is out of range: %" PRId64, row->name, number);
	if (row->kind == MEMBER_I16)
		memcpy(at, &(int16_t){ (int16_t)number }, sizeof(int16_t));
	else if (row->kind == MEMBER_U16)
		memcpy(at, &(uint16_t){ (uint16_t)number }, sizeof(uint16_t));
	else if (row->kind == MEMBER_U32)
		memcpy(at, &(uint32_t){ (uint32_t)number }, sizeof(uint32_t));
	else
		memcpy(at, &(uint64_t){ (uint64_t)number }, sizeof(uint64_t));
	return 0;
}

static int read_hex(const struct member *row, const char *text, void *at, struct err *err)
{
	uint64_t value = 0;
	size_t length = strlen(text);

	for (size_t i = 0; i < length; i++) {
		char c = text[i];
		int digit = c >= '0' && c <= '9'   ? c - '0'
		            : c >= 'a' && c <= 'f' ? c - 'a' + 10
		                                   : -1;

		if (digit < 0 || length > 16)
			return err_set(err, -EINVAL, "%s is no hexadecimal number", row->name);
		value = value << 4 | (uint64_t)digit;
	}
	memcpy(at, &value, sizeof(value));
	return 0;
}

static int read_word(const struct member *row, const char *text, void *at, struct err *err)
{
	for (int i = 0; i < row->words; i++) {
		if (strcmp(text, row->word(i)) == 0) {
			memcpy(at, &i, sizeof(i));
			return 0;
		}
	}
	return err_set(err, -EINVAL, "%s is unknown: '%.60s'", row->name, text);
}

static int read_handle(const struct member *row, const char *text, void *at,
                       struct directory *directory, struct err *err)
{
	const struct agent_card *card;
	queue_index queue;

	if (row->kind != MEMBER_AGENT) {
		queue = directory_find_queue(directory, text);
		if (queue == QUEUE_NONE && row->kind == MEMBER_QUEUE)
			return err_set(err, -ENOENT, "%s '%.60s' is not configured", row->name,
			               text);
		memcpy(at, &queue, sizeof(queue));
		return 0;
	}
	card = directory_find_agent(directory, text);
	if (card != NULL)
		memcpy(at, &card->id, sizeof(card->id));
	return 0;
}

static int read_instant(const struct member *row, const char *text, void *at, struct err *err)
{
	usec_t instant;

	if (text_to_instant(text_of(text), &instant) < 0)
		return err_set(err, -EINVAL, "%s is no instant: '%.60s'", row->name, text);
	memcpy(at, &instant, sizeof(instant));
	return 0;
}

static int read_span(const struct member *row, const struct json *json, void *at, struct err *err)
{
	int64_t number;
	usec_t span;

	if (!json_get_int(json, &number) || number < 0)
		return err_set(err, -EINVAL, "%s is no number of milliseconds", row->name);
	span = MSEC(number); /* at most 2^53 of them */
	memcpy(at, &span, sizeof(span));
	return 0;
}

static int read_text(const struct member *row, const struct json *json, void *at,
                     struct directory *directory, struct err *err)
{
	const char *text;

	if (!json_get_text(json, &text))
		return err_set(err, -EINVAL, "%s is no text", row->name);
	switch (row->kind) {
	case MEMBER_HEX:
		return read_hex(row, text, at, err);
	case MEMBER_STATE:
	case MEMBER_WORD:
		return read_word(row, text, at, err);
	case MEMBER_RFC:
		return read_instant(row, text, at, err);
	case MEMBER_QUEUE:
	case MEMBER_PAST_QUEUE:
	case MEMBER_AGENT:
		return read_handle(row, text, at, directory, err);
	default: /* MEMBER_TEXT */
		memcpy(at, &text, sizeof(text));
		return 0;
	}
}

static int read_object(const struct member *row, const struct json *json, void *at,
                       const struct member_reading *reading, struct err *err)
{
	const char *text = reading->objects;

	if (json_type(json) != JSON_OBJECT)
		return err_set(err, -EINVAL, "%s is no object", row->name);
	if (json_print(json, reading->objects, reading->objects_size) == 0)
		return err_set(err, -EINVAL, "%s is too long", row->name);
	memcpy(at, &text, sizeof(text));
	return 0;
}

static int read_member(const struct member *row, const struct json *json, void *record,
                       const struct member_reading *reading, struct err *err)
{
	void *at = (char *)record + row->offset;
	bool yes;

	switch (row->kind) {
	case MEMBER_INSTANT:
	case MEMBER_DUE:
	case MEMBER_I16:
	case MEMBER_U16:
	case MEMBER_U32:
	case MEMBER_U64:
		return read_number(row, json, at, err);
	case MEMBER_BOOL:
		if (!json_get_bool(json, &yes))
			return err_set(err, -EINVAL, "%s is neither true nor false", row->name);
		memcpy(at, &yes, sizeof(yes));
		return 0;
	case MEMBER_MS:
		return read_span(row, json, at, err);
	case MEMBER_HEX:
	case MEMBER_RFC:
	case MEMBER_STATE:
	case MEMBER_WORD:
	case MEMBER_QUEUE:
	case MEMBER_PAST_QUEUE:
	case MEMBER_AGENT:
	case MEMBER_TEXT:
		return read_text(row, json, at, reading->directory, err);
	case MEMBER_OBJECT:
		return read_object(row, json, at, reading, err);
	case MEMBER_OWN:
		return row->read(json, record, reading->directory, err);
	}
	abort();
}

int members_read(const struct member *rows, size_t count, const struct json *object, void *record,
                 const struct member_reading *reading, struct err *err)
{
	size_t next = 0;

	for (const struct json *json = json_first(object); json != NULL; json = json_next(json)) {
		const char *name = json_member_name(json);
		size_t tried = 0;
		int r;

		/* Members come in the order of the rows, so the first look finds most. */
		while (tried < count && strcmp(rows[next].name, name) != 0) {
			next = next + 1 == count ? 0 : next + 1;
			tried++;
		}
		if (tried == count)
			continue;
		r = read_member(&rows[next], json, record, reading, err);
		if (r < 0)
			return r;
	}
	return 0;
}

bool member_get_int(const struct json *object, const char *name, int64_t *ret)
{
	return json_get_int(json_member(object, name), ret);
}

bool member_get_text(const struct json *object, const char *name, const char **ret)
{
	return json_get_text(json_member(object, name), ret);
}

int members_check_version(const struct json *object, struct err *err)
{
	int64_t version;

	if (json_type(object) != JSON_OBJECT)
		return err_set(err, -EINVAL, "is no object");
	if (!member_get_int(object, "v", &version))
		return err_set(err, -EINVAL, "has no version 'v'");
	if (version > RECORD_VERSION)
		return err_set(err, -EPROTONOSUPPORT,
		               "is of version %" PRId64 ", and this daemon knows only %d", version,
		               RECORD_VERSION);
	return 0;
}
