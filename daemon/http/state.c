#include "state.h"

#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "najimi/base/lists.h"
#include "najimi/base/number.h"
#include "problem.h"

#define NEXT_SIZE 1024
#define ELEMENT_SIZE_FIRST 4096 /* an element seldom needs more; then the room doubles */
#define ELEMENT_SIZE_MAX (1024 * 1024)

void state_list_begin(struct answer *answer, const char *name)
{
	struct body *body = &answer->body;

	answer->type = TYPE_JSON;
	(void)body_add(body, TEXT("{\""));
	(void)body_add(body, text_of(name));
	(void)body_add(body, TEXT("\":["));
}

void state_list_end(struct body *body, const char *next)
{
	char text[NEXT_SIZE];
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
