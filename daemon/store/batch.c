#include "batch.h"

#include <assert.h>
#include <stdlib.h>

#define FIRST_SIZE (64 * 1024)
#define BATCH_MAX (512u * 1024 * 1024) /* what Redis takes as one argument; we stay far below */

/* An operation's count is written when it is closed, over six zeros: the function
 * reads it as a number, unlike RESP's own counts, which take no leading zeros. */
#define COUNT_TEXT "$6\r\n000000\r\n"
#define COUNT_OFFSET 4
#define COUNT_DIGITS 6
#define COUNT_MAX 999999

void batch_done(struct batch *batch)
{
	free(batch->bytes);
	*batch = (struct batch){ 0 };
}

void batch_clear(struct batch *batch)
{
	batch->length = BATCH_HEAD;
	batch->args = 0;
	batch->op_at = 0;
	batch->failed = false;
}

/* Whether `length` more bytes fit, made to fit where possible. */
static bool grow(struct batch *batch, size_t length)
{
	size_t size = batch->size == 0 ? FIRST_SIZE : batch->size;
	char *bytes;

	if (batch->failed)
		return false;
	if (batch->length < BATCH_HEAD)
		batch->length = BATCH_HEAD; /* never used before */
	if (batch->size - batch->length >= length && batch->size > 0)
		return true;
	while (size - batch->length < length && size <= BATCH_MAX)
		size *= 2;
	bytes = size > BATCH_MAX ? NULL : realloc(batch->bytes, size);
	if (bytes == NULL) {
		batch->failed = true;
		return false;
	}
	batch->bytes = bytes;
	batch->size = size;
	return true;
}

static size_t put_number(char *at, uint64_t value)
{
	char digits[20];
	size_t count = 0;

	do {
		digits[count++] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	for (size_t i = 0; i < count; i++)
		at[i] = digits[count - 1 - i];
	return count;
}

/* "$LENGTH\r\n" or "*COUNT\r\n" */
static size_t put_count(char *at, char sign, size_t count)
{
	size_t length;

	at[0] = sign;
	length = 1 + put_number(at + 1, count);
	at[length] = '\r';
	at[length + 1] = '\n';
	return length + 2;
}

#define COUNT_SIZE 24 /* the most put_count() writes */

static void count_arg(struct batch *batch)
{
	batch->args++;
	batch->op_args++;
}

void batch_pair(struct batch *batch, struct text first, struct text second)
{
	size_t length = first.length + second.length;
	char *at;

	if (!grow(batch, length + COUNT_SIZE + 2))
		return;
	at = batch->bytes + batch->length;
	at += put_count(at, '$', length);
	memcpy(at, first.start, first.length);
	if (second.length > 0)
		memcpy(at + first.length, second.start, second.length);
	at += length;
	*at++ = '\r';
	*at++ = '\n';
	batch->length = (size_t)(at - batch->bytes);
	count_arg(batch);
}

void batch_text(struct batch *batch, struct text arg)
{
	batch_pair(batch, arg.length == 0 ? TEXT("") : arg, TEXT(""));
}

void batch_string(struct batch *batch, const char *arg)
{
	batch_text(batch, text_of(arg));
}

void batch_uint(struct batch *batch, uint64_t arg)
{
	char digits[20];

	batch_text(batch, (struct text){ digits, put_number(digits, arg) });
}

void batch_instant(struct batch *batch, usec_t at)
{
	char instant[INSTANT_SIZE];

	text_of_instant(at, instant, sizeof(instant));
	batch_text(batch, (struct text){ instant, INSTANT_SIZE - 1 });
}

void batch_ms(struct batch *batch, usec_t span)
{
	batch_uint(batch, span / MSEC(1));
}

/* The length is known only afterwards, but mostly it has three digits: room is left
 * for those, and the bytes are moved when it was another number. */
#define GUESSED_COUNT 6 /* "$123\r\n" */

char *batch_reserve(struct batch *batch, size_t size)
{
	if (!grow(batch, size + COUNT_SIZE + 2))
		return NULL;
	return batch->bytes + batch->length + GUESSED_COUNT;
}

void batch_written(struct batch *batch, size_t length)
{
	char *at = batch->bytes + batch->length;
	char count[COUNT_SIZE];
	size_t count_length = put_count(count, '$', length);

	assert(!batch->failed && batch->size - batch->length >= length + COUNT_SIZE + 2);

	if (count_length != GUESSED_COUNT)
		memmove(at + count_length, at + GUESSED_COUNT, length);
	memcpy(at, count, count_length);
	at += count_length + length;
	*at++ = '\r';
	*at++ = '\n';
	batch->length = (size_t)(at - batch->bytes);
	count_arg(batch);
}

void batch_open(struct batch *batch, const char *name)
{
	assert(batch->op_at == 0);

	if (!grow(batch, sizeof(COUNT_TEXT) - 1))
		return;
	batch->op_at = batch->length;
	memcpy(batch->bytes + batch->length, COUNT_TEXT, sizeof(COUNT_TEXT) - 1);
	batch->length += sizeof(COUNT_TEXT) - 1;
	batch->args++;
	batch->op_args = 0;
	batch_string(batch, name);
}

void batch_close(struct batch *batch)
{
	size_t count = batch->op_args, op_at = batch->op_at;
	char *at;

	batch->op_at = 0;
	if (batch->failed)
		return;
	assert(op_at != 0 && count <= COUNT_MAX);

	at = batch->bytes + op_at + COUNT_OFFSET;
	for (size_t i = COUNT_DIGITS; i > 0; i--) {
		at[i - 1] = (char)('0' + count % 10);
		count /= 10;
	}
}

void batch_append(struct batch *batch, const char *bytes, size_t length, size_t args)
{
	if (length == 0 || !grow(batch, length))
		return;
	memcpy(batch->bytes + batch->length, bytes, length);
	batch->length += length;
	batch->args += args;
}

struct text batch_body(const struct batch *batch)
{
	if (batch->failed || batch->length <= BATCH_HEAD)
		return TEXT("");
	return (struct text){ batch->bytes + BATCH_HEAD, batch->length - BATCH_HEAD };
}

struct text batch_command(struct batch *batch, const struct text *head, size_t count)
{
	char *at, line[COUNT_SIZE];
	size_t length = put_count(line, '*', count + batch->args);

	assert(batch->op_at == 0);

	for (size_t i = 0; i < count; i++)
		length += head[i].length + COUNT_SIZE + 2;
	if (length > BATCH_HEAD || !grow(batch, 1))
		return TEXT("");

	/* Backwards, so that it ends where the body begins. */
	at = batch->bytes + BATCH_HEAD;
	for (size_t i = count; i > 0; i--) {
		at -= 2;
		memcpy(at, "\r\n", 2);
		at -= head[i - 1].length;
		if (head[i - 1].length > 0)
			memcpy(at, head[i - 1].start, head[i - 1].length);
		length = put_count(line, '$', head[i - 1].length);
		at -= length;
		memcpy(at, line, length);
	}
	length = put_count(line, '*', count + batch->args);
	at -= length;
	memcpy(at, line, length);
	return (struct text){ at, (size_t)(batch->bytes + batch->length - at) };
}
