/* Any bytes in any pieces: never past the end, never stuck, never more than agreed, and the
 * same messages as in one piece. The first byte says how the rest is cut. What was read can be
 * written again, and makes no more lines than it had; and it says something, nothing, or what is
 * wrong with it. */
#include <stdint.h>
#include <stdlib.h>

#include "ami_translate.h"
#include "najimi/base/hash.h"

#define STREAM_MAX ((size_t)256 << 10)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct ending {
	uint64_t messages; /* their digest */
	enum ami_result result;
	const char *reason;
	size_t left;
};

static void check_inside(struct text text, const struct ami_message *message)
{
	if (text.start < message->bytes.start ||
	    text.start + text.length > message->bytes.start + message->bytes.length)
		abort();
}

static void check_written(const struct ami_message *message)
{
	static char bytes[AMI_MESSAGE_MAX];
	char key[64], value[256];
	struct ami_out out;
	struct ami_field field;
	struct ami_message again;
	struct ami_reader reader;
	struct text action;
	unsigned fields = 0;
	size_t at = 0, used;

	if (message->odd)
		return; /* of a channel nothing is left that has an end */
	ami_out_begin(&out, bytes, sizeof(bytes), "Test", "");
	while (ami_next_field(message, &at, &field)) {
		check_inside(field.key, message);
		check_inside(field.value, message);
		if (field.key.length >= sizeof(key) || field.value.length >= sizeof(value))
			continue;
		memcpy(key, field.key.start, field.key.length);
		key[field.key.length] = '\0';
		memcpy(value, field.value.start, field.value.length);
		value[field.value.length] = '\0';
		ami_out_field(&out, key, value);
		fields++;
	}
	action = ami_out_end(&out);
	if (action.length == 0) {
		if (out.wrong == NULL || fields < AMI_OUT_LINES_MAX)
			abort();
		return;
	}
	ami_reader_init(&reader);
	if (ami_next(&reader, action.start, action.length, &again, &used) != AMI_MESSAGE ||
	    used != action.length) {
		if (reader.part > 1)
			return; /* a line that was left out kept it from being a channel before */
		abort();
	}
	if (again.odd)
		return; /* likewise */
	for (at = 0; ami_next_field(&again, &at, &field);)
		fields--;
	if (fields != (unsigned)-1) /* and the action's name */
		abort();
}

static void check_text(const char *text, size_t size)
{
	if (memchr(text, '\0', size) == NULL)
		abort();
}

static void check_said(const struct ami_message *message)
{
	static struct ami_fact fact;
	struct refusal refusal = { 0 };

	if (!ami_translate(message, &fact, &refusal)) {
		if (refusal.field[0] == '\0' || refusal.detail[0] == '\0')
			abort();
		return;
	}
	check_text(fact.id, sizeof(fact.id));
	check_text(fact.channel.uniqueid, sizeof(fact.channel.uniqueid));
	check_text(fact.channel.name, sizeof(fact.channel.name));
	check_text(fact.other.uniqueid, sizeof(fact.other.uniqueid));
	check_text(fact.bridge, sizeof(fact.bridge));
	check_text(fact.extension, sizeof(fact.extension));
	if (fact.kind == AMI_AGENT_DID) {
		if (!text_is_id(text_of(fact.words.agent), ID_BYTES_MAX) ||
		    fact.words.queues_count > AGENT_QUEUES_MAX)
			abort();
		for (unsigned i = 0; i < fact.words.queues_count; i++)
			if (fact.words.queues[i][0] == '\0')
				abort();
	}
	if (fact.kind == AMI_HUNG_UP && fact.channel.uniqueid[0] == '\0')
		abort();
}

static struct ending play(const char *stream, size_t length, size_t piece)
{
	struct ending ending = { .messages = HASH_START, .result = AMI_SHORT };
	size_t start = 0, end = 0;
	struct ami_reader reader;

	ami_reader_init(&reader);
	while (end < length && ending.result == AMI_SHORT) {
		end = length - end < piece ? length : end + piece;
		do {
			struct ami_message message;
			size_t used = 0;

			ending.result =
			        ami_next(&reader, stream + start, end - start, &message, &used);
			if (used > end - start)
				abort();
			if (ending.result <= AMI_BANNER) {
				if (used == 0 || message.bytes.length > AMI_MESSAGE_MAX)
					abort();
				ending.messages = hash_bytes(ending.messages, message.bytes.start,
				                             message.bytes.length);
				ending.messages = hash_word(ending.messages, ending.result);
			}
			if (ending.result == AMI_MESSAGE && piece == length) {
				check_written(&message);
				check_said(&message);
			}
			start += used;
		} while (ending.result <= AMI_BANNER);
		if (ending.result == AMI_SHORT && end - start > AMI_UNFINISHED_MAX)
			abort();
	}
	ending.reason = reader.reason;
	ending.left = end - start;
	return ending;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *stream = (const char *)data + 1;
	struct ending whole, pieces;

	if (size < 2 || size > STREAM_MAX)
		return 0;
	whole = play(stream, size - 1, size - 1);
	pieces = play(stream, size - 1, data[0] % 64 + 1u);
	if (whole.messages != pieces.messages || whole.result != pieces.result ||
	    whole.reason != pieces.reason)
		abort();
	if (whole.result == AMI_SHORT && whole.left != pieces.left)
		abort();
	return 0;
}
