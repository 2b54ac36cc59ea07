#ifndef LINK_RPC_TOLD_H
#define LINK_RPC_TOLD_H

#include "rpc_pending.h"

/* What the core says of calls and requests becomes the answer somebody waits for. */

void told_decided(struct link *link, struct call_card *card, const struct decision *decision);
void told_ended(struct link *link, struct call_card *card, const char *contact,
                const struct contact *facts);
void told_replied(struct link *link, uint64_t request, enum core_reply code);

/* The time of a call.wait is up: the decision that stands is the answer. */
void told_wait_over(struct pending *pending);

#endif
