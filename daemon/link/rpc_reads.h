#ifndef LINK_RPC_READS_H
#define LINK_RPC_READS_H

#include "rpc_methods.h"

/* Questions that change nothing. */
rpc_handler_fn show_ping, show_call, show_calls, show_agent, show_agents, show_queue, show_queues;
rpc_handler_fn show_snapshot, show_explanation, show_gateways;
rpc_handler_fn config_check, config_reload;

#endif
