#ifndef LINK_RPC_GUESTS_H
#define LINK_RPC_GUESTS_H

#include "rpc_answer.h"

/* Guests: they ask route.request without a connection of the native protocol (link_route()).
 * What they are told is in the outbox like all else, for whoever let them in to read. */

/* `json` is {"result":{...}}. */
void guest_put_result(const struct asker *asker, struct text json);
void guest_put_refusal(const struct asker *asker, const struct refusal *refusal, struct text json);

#endif
