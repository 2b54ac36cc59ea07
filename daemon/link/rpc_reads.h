#ifndef LINK_RPC_READS_H
#define LINK_RPC_READS_H

#include "rpc_methods.h"

/* Questions that change nothing. */
rpc_handler_fn read_ping, read_call, read_calls, read_agent, read_agents, read_queue, read_queues;
rpc_handler_fn read_snapshot, read_explanation, read_caller;
rpc_handler_fn config_check, config_reload;

/* The store's answer to read_caller. */
void reads_caller_read(struct link *link, uint64_t request, int outcome, struct text json);

#endif
