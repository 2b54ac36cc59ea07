#ifndef LINK_RPC_STATS_H
#define LINK_RPC_STATS_H

#include "rpc_methods.h"

/* Figures of several days. */
rpc_handler_fn stats_get;
rpc_handler_fn stats_get_fcr;

/* The store's answer. */
void stats_told(struct link *link, uint64_t request, int outcome, struct text json);

#endif
