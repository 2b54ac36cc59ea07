#ifndef LINK_RPC_ROUTE_H
#define LINK_RPC_ROUTE_H

#include "rpc_methods.h"
#include "rpc_pending.h"

/* One question, one answer, for SIP proxies: they cannot hold a caller. */
rpc_handler_fn route_request;

/* The answer. A caller who would have to wait leaves our queue again: the proxy sends
 * them to where they can. */
void route_answer(struct pending *pending, struct call_card *card, const struct decision *decision);

/* For a call that is known: likewise, without waiting. */
void route_write(struct json_out *out, struct directory *directory, const char *call_id,
                 const struct decision *decision);

#endif
