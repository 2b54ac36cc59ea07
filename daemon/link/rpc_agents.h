#ifndef LINK_RPC_AGENTS_H
#define LINK_RPC_AGENTS_H

#include "rpc_methods.h"
#include "rpc_pending.h"

/* Agents: coming, going, pausing, and what they say of their contacts. */
rpc_handler_fn agent_login, agent_ready, agent_pause, agent_logout, agent_wrapup, agent_device;
rpc_handler_fn agent_disposition;

/* The agent's state is the answer. Frees the pending. */
void agents_answer(struct pending *pending);

/* An agent's own session may name nobody else. */
bool agents_may(struct exchange *x, const char *agent);

#endif
