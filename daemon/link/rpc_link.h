#ifndef LINK_RPC_LINK_H
#define LINK_RPC_LINK_H

#include "link_state.h"

/* Connections of the native protocol: their life, framing and limits. */

int rpc_link_start(struct link *link, struct err *err) MUST_CHECK;
void rpc_link_stop(struct link *link);
void rpc_link_reconfigure(struct link *link);

/* NULL when it has gone. */
struct rpc_conn *rpc_conn_find(const struct link *link, uint64_t peer);

/* Every connection: pass 0 first, then what came back plus one; NULL at the end. */
struct rpc_conn *rpc_conn_next(const struct link *link, uint32_t from, uint32_t *ret_slot);

/* Says something, when its turn in the outbox comes. */
void rpc_conn_put(struct rpc_conn *conn, struct text message);
/* Writes what came out of the outbox. */
void rpc_conn_send(struct link *link, uint64_t peer, struct text message);
/* Bytes said and not yet given to TCP. */
size_t rpc_conn_backlog(const struct rpc_conn *conn);

void rpc_conn_hold(struct rpc_conn *conn, enum hold hold);
void rpc_conn_release(struct rpc_conn *conn, enum hold hold);

/* Takes no more requests, and leaves when everything asked has been answered. */
void rpc_conn_finish(struct rpc_conn *conn, const char *why);
/* Leaves at once. */
void rpc_conn_close(struct rpc_conn *conn, const char *why);
/* A request less is unanswered: leaves now if that was all a closing one waited for. */
void rpc_conn_settle(struct rpc_conn *conn);

/* The connection is known now: no more login deadline. */
void rpc_conn_login(struct rpc_conn *conn);
void rpc_conn_set_heartbeat(struct rpc_conn *conn, usec_t heartbeat);

void rpc_protocol_error(struct rpc_conn *conn, const char *reason);

#endif
