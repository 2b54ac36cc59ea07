#ifndef NAJIMI_HTTP_WALLBOARD_H
#define NAJIMI_HTTP_WALLBOARD_H

#include "answer.h"

/* What hangs on the wall: GET /v1/wallboard, and the page at / that draws it.
 *
 * The figures are those of /v1/queues (now) and of the daybook (today), queue by queue
 * and for the whole site, with the alarms that the limits of queue.alarm raise. No
 * caller is in it. */
answer_fn wallboard_answer;

/* The same as a value, without its stamp: what /v1/events sends. */
void wallboard_write(const struct http_needs *needs, struct body *body);

/* The page, in the language that is asked for, and what belongs to it (GET
 * /wallboard/NAME). Both are as they were built, tagged, and compressed for those who
 * take that. There is nothing of the centre in them: they need no token. */
answer_fn wallboard_page;
answer_fn wallboard_file;

/* Changes when the page does: a page that has been open for months takes the new one. */
const char *wallboard_edition(void);

#endif
