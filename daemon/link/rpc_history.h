#ifndef LINK_RPC_HISTORY_H
#define LINK_RPC_HISTORY_H

#include "rpc_methods.h"

/* What lies behind a caller or an agent: their last contacts, of an agent those of today
 * with the day's figures. */
rpc_handler_fn caller_history, agent_day;

/* The store's answer to either. */
void history_told(struct link *link, uint64_t request, int outcome, struct text json);

#endif
