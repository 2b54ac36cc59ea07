#ifndef NAJIMI_HTTP_STATE_H
#define NAJIMI_HTTP_STATE_H

#include "answer.h"
#include "najimi/codec/json_out.h"

/* GET /v1/queues, /v1/queues/{q}, /v1/agents, /v1/calls: the live state as JSON.
 *
 * Their stamp and ETag come when they leave: stamp.h. Agents and calls come in
 * pages: `limit` and `after` in the query, `next` in the answer, null at the end.
 * Someone who ends between two pages is missed or not; nobody is told twice. */
answer_fn state_queues;
answer_fn state_queue;
answer_fn state_agents;
answer_fn state_calls;

/* --- for the files of this part --- */

#define STATE_LIMIT_MAX 1000

/* "{NAME:[", of an answer that is JSON. */
void state_list_begin(struct answer *answer, const char *name);
/* "],"next":...}"; `next` NULL: there is no paging; "": this was the last page. */
void state_list_end(struct body *body, const char *next);

/* Writes one value as an element: `write` puts a value without a name. */
typedef void state_write_fn(struct json_out *out, const void *arg);
void state_element(struct body *body, bool first, state_write_fn *write, const void *arg);

/* From the query. False when it is unusable: the answer then says so. `after` is ""
 * when absent. */
struct state_page {
	size_t limit;
	char after[3 * 128 + 1];
};
bool state_read_page(const struct inquiry *inquiry, size_t limit_default, struct state_page *ret,
                     struct answer *answer);

/* Replaces an answer whose body outgrew its limit. */
void state_finish(struct answer *answer);

#endif
