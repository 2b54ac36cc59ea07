#include "stamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "najimi/base/hash.h"
#include "najimi/codec/json_out.h"
#include "najimi/shell/clock.h"
#include "problem.h"

#define STAMP_SIZE 256

static const char own_instant[] = "{\"as_of\":\"";

/* If-None-Match is a list, and compares weakly: RFC 9110 section 13.1.2. Our own
 * tags hold neither quotes nor commas, so finding one whole is a match. */
bool stamp_has(const char *if_none_match, const char *etag)
{
	const char *opaque = strchr(etag, '"');

	if (if_none_match == NULL || opaque == NULL)
		return false;
	return strcmp(if_none_match, "*") == 0 || strstr(if_none_match, opaque) != NULL;
}

/* The object's own instant with its quotes, if it begins with one. */
static struct text find_instant(const struct body *body)
{
	const size_t before = sizeof(own_instant) - 1, quoted = INSTANT_SIZE - 1 + 2;
	struct text none = { NULL, 0 };

	if (body->length < before - 1 + quoted + 1 || memcmp(body->start, own_instant, before) != 0)
		return none;
	return (struct text){ body->start + before - 1, quoted };
}

/* Where the content begins: behind the brace, and the instant if there is one. */
static size_t content_at(const struct body *body)
{
	struct text instant = find_instant(body);

	if (instant.start == NULL)
		return 1;
	return (size_t)(instant.start - body->start) + instant.length;
}

static bool is_object(const struct body *body)
{
	return !body->overflowed && body->length > 1 && body->start[0] == '{';
}

/* "{...": the object goes on. */
static size_t write_stamp(const struct body *body, const char *epoch, const struct stamp *stamp,
                          char ret[STAMP_SIZE])
{
	struct text instant = find_instant(body);
	struct json_out out;

	json_out_begin(&out, ret, STAMP_SIZE);
	json_object(&out, NULL);
	if (instant.start != NULL)
		json_raw(&out, "as_of", instant);
	else
		json_instant(&out, "as_of", stamp->as_of == 0 ? clock_now() : stamp->as_of);
	json_text(&out, "epoch", epoch);
	json_uint(&out, "seq", stamp->seq);
	json_object_end(&out);
	return json_out_done(&out) - 1;
}

void stamp_put(struct body *body, const char *epoch, const struct stamp *stamp)
{
	char text[STAMP_SIZE];
	size_t length, at;

	if (!is_object(body))
		return;
	at = content_at(body);
	length = write_stamp(body, epoch, stamp, text);
	if (body->start[at] != '}' && body->start[at] != ',')
		text[length++] = ',';
	if (body_reserve(body, length - at) == NULL)
		return;
	memmove(body->start + length, body->start + at, body->length - at);
	memcpy(body->start, text, length);
	body_advance(body, length - at);
}

void stamp_answer(struct answer *answer, const char *epoch, const char *if_none_match)
{
	struct body *body = &answer->body;
	size_t at;

	if (!is_object(body))
		return;
	at = content_at(body);
	snprintf(answer->etag, sizeof(answer->etag), "W/\"%s-%016" PRIx64 "\"", epoch,
	         hash_bytes(HASH_START, body->start + at, body->length - at));
	if (answer->status == 200 && stamp_has(if_none_match, answer->etag)) {
		answer->status = 304;
		body_done(body);
		return;
	}
	stamp_put(body, epoch, &answer->stamp);
	if (body->overflowed)
		problem_answer(answer, 500, "the answer does not fit into %zu bytes", body->max);
}
