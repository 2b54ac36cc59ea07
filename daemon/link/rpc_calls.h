#ifndef LINK_RPC_CALLS_H
#define LINK_RPC_CALLS_H

#include "rpc_methods.h"
#include "rpc_pending.h"

/* Calls: arriving, changing, waiting for a decision. */

rpc_handler_fn call_arrive, call_update, call_transfer, call_wait;
rpc_handler_fn call_priority, call_release;

/* Takes a call that is said for the first time, answers of one that is known. `kind`
 * is how the decision shall be answered: PENDING_DECISION or PENDING_ROUTE. */
bool calls_take(struct exchange *x, const struct call_words *words, enum pending_kind kind);

/* Posts an event in whose inbox there is room: that was asked before the message was
 * taken. */
void calls_post(struct link *link, const struct core_event *ev);

/* Answers with the decision that stands, or with the next one if there is none yet. */
bool calls_answer_present(struct exchange *x, struct call_card *card, enum pending_kind kind);
bool calls_answer_finished(struct exchange *x, const struct finished_call *finished);
bool calls_refuse_full(struct exchange *x, const char *reason);

#endif
