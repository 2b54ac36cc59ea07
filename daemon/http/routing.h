#ifndef NAJIMI_HTTP_ROUTING_H
#define NAJIMI_HTTP_ROUTING_H

#include "answer.h"

/* POST /v1/route: route.request of the native protocol (najimi-protocol(7)), by whoever has
 * its role: parameters, result and errors are the same. `client` in the query says in whose
 * name; else it is that of the token, or of the address. */
#define ROUTING_BODY_MAX ((size_t)16384)

answer_fn routing_answer; /* answer->asks when there is nothing against it */

/* What it says: http_routed(). */
void routing_finish(struct answer *answer, int code, usec_t retry_after, struct text json);

/* Likewise, to one who has closed the connection meanwhile; and if it was only their side,
 * hears why that is no good. */
void routing_finish_unheard(struct answer *answer);

#endif
