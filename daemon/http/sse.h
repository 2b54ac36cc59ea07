#ifndef NAJIMI_HTTP_SSE_H
#define NAJIMI_HTTP_SSE_H

#include "sse_wish.h"
#include "visits.h"

/* GET /v1/events: what happens, as it happens, as server-sent events.
 *
 *   id: EPOCH-SEQ             of the event, to be sent back as Last-Event-ID
 *   event: call.changed       the feed's types, or
 *   event: wallboard          the whole of /v1/wallboard, at most once a second
 *   event: gap                events `from` to `to` were left out: the reader was slow
 *   event: reset              Last-Event-ID leads nowhere: the state has to be read anew
 *   : hb                      after ten silent seconds
 *
 * Events leave when Redis has what they speak of, like those of the native protocol. A
 * reader's output is bounded: behind it the feed is read on when there is room, and what
 * the feed has forgotten by then is a gap. Who takes nothing for ANSWER_MAX is cut off.
 * Streams take up at most half of http.connections_max. */
struct sse;
struct evhttp_request;

/* `needs` and `facts` must outlive it. NULL: out of memory. */
struct sse *sse_new(const struct http_needs *needs, struct server_facts *facts);
struct sse *sse_free(struct sse *sse); /* accepts and returns NULL */

/* Reads what is asked for; answer->streams when there is nothing against it. */
answer_fn sse_answer;

/* Answers the request with a stream, which goes on until one side ends it. */
void sse_open(struct sse *sse, struct evhttp_request *request, struct visit *visit,
              const struct sse_wish *wish);

/* Events up to `seq` may be told. */
void sse_told(struct sse *sse, uint64_t seq);
uint64_t sse_last_told(const struct sse *sse);

/* Once a second. */
void sse_tick(struct sse *sse);

/* Ends every stream: rights may have changed, so everybody has to ask again. */
void sse_end_all(struct sse *sse);

#endif
