#ifndef LINK_RPC_ANSWER_H
#define LINK_RPC_ANSWER_H

#include "link_state.h"
#include "najimi/codec/json_out.h"
#include "rpc_params.h"

/* Answers, on their way from whoever has one to the connection that asked. */

/* Where an answer belongs. */
struct asker {
	struct link *link;
	uint64_t peer;
	const char *id;         /* as JSON; "" for a notification, which gets no answer */
	const char *method;     /* a constant, for the meters */
	struct batch *batch;    /* NULL: the answer stands alone */
	bool guest;             /* no connection of ours: rpc_guests.h */
	struct call_id brought; /* by a guest, who is about to hear of it */
};

/* A result is written as the member "result" of the object that begins here; then
 * answer_end() sends it. One at a time. A result that does not fit is replaced by
 * an error that says so. */
void answer_begin(const struct asker *asker, struct json_out *out);
void answer_end(const struct asker *asker, struct json_out *out);

void answer_empty(const struct asker *asker); /* {} */
void answer_refusal(const struct asker *asker, const struct refusal *refusal);

/* The answers to one array of requests: sent as one array with the last of them. */
struct batch *answer_batch_new(struct rpc_conn *conn); /* NULL: out of memory */
void answer_batch_expect(struct batch *batch);         /* one more answer will come */
/* All requests have been taken. Frees the batch if nothing is expected. */
void answer_batch_close(struct batch *batch);

#endif
