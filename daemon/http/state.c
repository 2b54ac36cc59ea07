#include "state.h"

#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "najimi/base/lists.h"
#include "najimi/base/number.h"
#include "najimi/shell/clock.h"
#include "problem.h"

#define STAMP_SIZE 256
#define ELEMENT_SIZE_FIRST 4096 /* an element seldom needs more; then the room doubles */
#define ELEMENT_SIZE_MAX (1024 * 1024)

/* If-None-Match is a list, and compares weakly: RFC 9110 section 13.1.2. Our own
 * tags hold neither quotes nor commas, so finding one whole is a match. */
bool state_has(const char *if_none_match, const char *etag)
{
	const char *opaque = strchr(etag, '"');

	if (if_none_match == NULL)
		return false;
	return strcmp(if_none_match, "*") == 0 || strstr(if_none_match, opaque) != NULL;
}

static bool tag(const struct inquiry *inquiry, struct answer *answer, const char *more)
{
	const struct http_needs *needs = inquiry->needs;

	answer->type = TYPE_JSON;
	/* The core's steps are in it because not every change of the state is an event;
	 * the letter because with other rights it is another text. */
	snprintf(answer->etag, sizeof(answer->etag), "W/\"%s-%" PRIu64 "-%" PRIu64 "-%c%s\"",
	         feed_epoch(needs->feed), feed_seq(needs->feed), needs->meters->steps,
	         inquiry->pii ? 'p' : 'm', more);
	if (!state_has(inquiry->if_none_match, answer->etag))
		return true;
	answer->status = 304;
	return false;
}

bool state_is_new(const struct inquiry *inquiry, struct answer *answer)
{
	return tag(inquiry, answer, "");
}

bool state_is_new_at(const struct inquiry *inquiry, struct answer *answer, unsigned hour)
{
	char more[8];

	snprintf(more, sizeof(more), "-%u", hour % 100);
	return tag(inquiry, answer, more);
}

void state_stamp(const struct inquiry *inquiry, struct json_out *out)
{
	json_instant(out, "as_of", clock_now());
	json_text(out, "epoch", feed_epoch(inquiry->needs->feed));
	json_uint(out, "seq", feed_seq(inquiry->needs->feed));
}

void state_list_begin(const struct inquiry *inquiry, struct body *body, const char *name)
{
	char *room = body_reserve(body, STAMP_SIZE);
	struct json_out out;
	size_t length;

	if (room == NULL)
		return;
	json_out_begin(&out, room, STAMP_SIZE);
	json_object(&out, NULL);
	state_stamp(inquiry, &out);
	json_object_end(&out);
	length = json_out_done(&out);
	body_advance(body, length - 1); /* the object goes on */
	(void)body_add(body, TEXT(",\""));
	(void)body_add(body, text_of(name));
	(void)body_add(body, TEXT("\":["));
}

void state_list_end(struct body *body, const char *next)
{
	char text[STAMP_SIZE * 4];
	struct json_out out;

	(void)body_add(body, TEXT("]"));
	if (next != NULL) {
		json_out_begin(&out, text, sizeof(text));
		json_text(&out, NULL, next[0] == '\0' ? NULL : next);
		(void)body_add(body, TEXT(",\"next\":"));
		(void)body_add(body, (struct text){ text, json_out_done(&out) });
	}
	(void)body_add(body, TEXT("}"));
}

void state_element(struct body *body, bool first, state_write_fn *write, const void *arg)
{
	struct json_out out;
	size_t length = 0;

	if (!first)
		(void)body_add(body, TEXT(","));
	for (size_t size = ELEMENT_SIZE_FIRST; length == 0 && size <= ELEMENT_SIZE_MAX; size *= 2) {
		char *room = body_reserve(body, size);

		if (room == NULL)
			return;
		json_out_begin(&out, room, size);
		write(&out, arg);
		length = json_out_done(&out);
	}
	if (length == 0)
		body->overflowed = true;
	body_advance(body, length);
}

static bool read_limit(const char *text, size_t *ret)
{
	int64_t number;

	if (number_parse(text, &number) < 0 || number < 1 || number > STATE_LIMIT_MAX)
		return false;
	*ret = (size_t)number;
	return true;
}

static bool read_after(const char *text, char *ret, size_t size)
{
	size_t length = strlen(text);

	if (length >= size || !text_is_utf8(text_of(text)))
		return false;
	memcpy(ret, text, length + 1);
	return true;
}

/* A list that was to be of some and is of all would be taken for theirs. */
static const char *find_stranger(const struct evkeyvalq *pairs)
{
	const struct evkeyval *pair;

	TAILQ_FOREACH(pair, pairs, next)
	{
		if (strcasecmp(pair->key, "limit") != 0 && strcasecmp(pair->key, "after") != 0)
			return pair->key;
	}
	return NULL;
}

bool state_read_page(const struct inquiry *inquiry, size_t limit_default, struct state_page *ret,
                     struct answer *answer)
{
	struct evkeyvalq pairs = { 0 };
	const char *limit, *after, *stranger;
	bool good = true;

	*ret = (struct state_page){ .limit = limit_default };
	if (inquiry->query == NULL || inquiry->query[0] == '\0')
		return true;
	if (evhttp_parse_query_str(inquiry->query, &pairs) < 0) {
		problem_answer(answer, 400, "the query cannot be read");
		return false;
	}
	limit = evhttp_find_header(&pairs, "limit");
	after = evhttp_find_header(&pairs, "after");
	stranger = find_stranger(&pairs);
	if (stranger != NULL) {
		problem_answer(answer, 400, "'%.32s' is none of limit, after", stranger);
		good = false;
	} else if (limit != NULL && !read_limit(limit, &ret->limit)) {
		problem_answer(answer, 400, "limit: wants a number from 1 to %d", STATE_LIMIT_MAX);
		good = false;
	} else if (after != NULL && !read_after(after, ret->after, sizeof(ret->after))) {
		problem_answer(answer, 400, "after: wants the 'next' of an earlier answer");
		good = false;
	}
	evhttp_clear_headers(&pairs);
	return good;
}

void state_finish(struct answer *answer)
{
	if (answer->body.overflowed)
		problem_answer(answer, 500, "the answer does not fit into %zu bytes",
		               answer->body.max);
}
