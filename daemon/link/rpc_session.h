#ifndef LINK_RPC_SESSION_H
#define LINK_RPC_SESSION_H

#include "rpc_methods.h"

/* Who is speaking, in which role, and for how long without a word. */
rpc_handler_fn session_open, session_challenge;

/* The connection goes: its calls may become orphans. Works for one without a session. */
void rpc_session_close(struct rpc_conn *conn, const char *reason);

/* After a reload: a session whose token is not in the configuration any more ends. */
void rpc_session_check(struct rpc_conn *conn);

#endif
