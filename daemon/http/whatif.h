#ifndef NAJIMI_HTTP_WHATIF_H
#define NAJIMI_HTTP_WHATIF_H

#include "answer.h"

/* GET /v1/whatif: what another setting of stickiness would have done, as `najimictl
 * whatif --json` says it; GET /whatif: the page that draws it.
 *
 * The work is najimictl's, in a process of its own, one at a time. While it is done the
 * answer is 202 and how far it is; then it is the document, kept for ten minutes. */
struct whatif;

struct whatif *whatif_new(const struct http_needs *needs); /* NULL: out of memory */
struct whatif *whatif_free(struct whatif *whatif);         /* accepts and returns NULL */

/* The configuration has changed: what was found is not true any more. */
void whatif_forget(struct whatif *whatif);

answer_fn whatif_answer;

/* Keeps the status it finds: a browser that must still show a token gets it as well,
 * since it is where people enter one. */
answer_fn whatif_page;

#endif
