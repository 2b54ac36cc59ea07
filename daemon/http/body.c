#include "body.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE 4096

void body_init(struct body *body, size_t max)
{
	*body = (struct body){ .max = max };
}

void body_done(struct body *body)
{
	free(body->start);
	*body = (struct body){ .max = body->max };
}

char *body_reserve(struct body *body, size_t bytes)
{
	size_t size = body->size == 0 ? FIRST_SIZE : body->size;
	char *start;

	if (body->overflowed || bytes > body->max - body->length) {
		body->overflowed = true;
		return NULL;
	}
	if (bytes <= body->size - body->length)
		return body->start + body->length;
	while (size - body->length < bytes)
		size *= 2;
	start = realloc(body->start, size);
	if (start == NULL) {
		body->overflowed = true;
		return NULL;
	}
	body->start = start;
	body->size = size;
	return start + body->length;
}

void body_advance(struct body *body, size_t bytes)
{
	assert(bytes <= body->size - body->length);
	body->length += bytes;
}

bool body_add(struct body *body, struct text text)
{
	char *room;

	if (text.length == 0)
		return !body->overflowed;
	room = body_reserve(body, text.length);
	if (room == NULL)
		return false;
	memcpy(room, text.start, text.length);
	body_advance(body, text.length);
	return true;
}
