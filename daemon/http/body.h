#ifndef NAJIMI_HTTP_BODY_H
#define NAJIMI_HTTP_BODY_H

#include <stdbool.h>

#include "najimi/base/text.h"

/* The text of an answer while it is made: grows as needed up to a limit. What
 * does not fit is left out and `overflowed` stays true, so whoever writes need
 * not look after every word, only at the end. */
#define BODY_BYTES_MAX ((size_t)64 * 1024 * 1024)

struct body {
	char *start; /* NULL until something was written */
	size_t length, size, max;
	bool overflowed; /* the limit was reached, or memory ran out */
};

void body_init(struct body *body, size_t max);
void body_done(struct body *body);

/* Room for `bytes` more at the end, not yet counted: write there, then say with
 * body_advance() how much it was. NULL when the limit does not allow it. */
char *body_reserve(struct body *body, size_t bytes);
void body_advance(struct body *body, size_t bytes);

/* False when it did not fit. */
bool body_add(struct body *body, struct text text);

#endif
