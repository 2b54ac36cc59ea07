#ifndef NAJIMI_HTTP_LATER_H
#define NAJIMI_HTTP_LATER_H

#include "answer.h"
#include "najimi/base/lists.h"

/* Requests that are answered later: when Redis has what the answer speaks of, or has
 * told what it speaks of. */
struct evhttp_request;

struct later_request {
	TAILQ_ENTRY(later_request) entry;
	struct later *later;
	uint64_t number;
	struct evhttp_request *request;
	struct answer answer;
};

struct later {
	TAILQ_HEAD(later_list, later_request) all;
	uint64_t last; /* number given last; they are never 0 */
};

void later_init(struct later *later);
void later_done(struct later *later); /* evhttp frees the requests */

/* Takes over the request and what there is of its answer. The number is what the answer
 * will come under, given before. False: out of memory. */
bool later_put(struct later *later, uint64_t number, struct evhttp_request *request,
               const struct answer *answer) MUST_CHECK;
uint64_t later_number(struct later *later);

/* Gives both back. False when whoever asked has gone. */
bool later_take(struct later *later, uint64_t number, struct evhttp_request **ret_request,
                struct answer *ret_answer);

#endif
