#ifndef LINK_RPC_METHODS_H
#define LINK_RPC_METHODS_H

#include "najimi/codec/json.h"
#include "rpc_answer.h"

/* What can be asked, by whom, and who answers: one table. */

/* One request under way. */
struct exchange {
	struct link *link;
	struct rpc_conn *conn; /* NULL of a guest, */
	struct client *client; /* who speaks in this name */
	struct asker asker;
	const struct json *params; /* NULL: none */
	struct refusal refusal;
};

/* True: it has been answered, or will be. False: the refusal is the answer. */
typedef bool rpc_handler_fn(struct exchange *x);

struct rpc_method {
	const char *name;
	unsigned roles; /* BIT(enum client_role) */
	unsigned flags;
	rpc_handler_fn *handle;
	const char *words;
};

enum method_flag {
	METHOD_EARLY = BIT(0), /* needs no session */
	METHOD_READY = BIT(1), /* needs what is recovered at start */
	METHOD_LOADS = BIT(2)  /* refused first when the daemon is behind */
};

const struct rpc_method *rpc_methods(size_t *ret_count);    /* in the order of their names */
const struct rpc_method *rpc_method_find(const char *name); /* NULL: no such method */

/* Whether it can be had at the moment, whoever asks. */
bool rpc_method_serves(const struct link *link, const struct rpc_method *method,
                       struct refusal *ret);

struct json_limits rpc_json_limits(const struct options *options); /* of what comes in */

/* In whose name an exchange happens: ROLE_NONE before a session. A trusted address
 * without one may do everything. */
enum client_role rpc_role_of(const struct rpc_conn *conn);

/* One framed message: a request, a notification or a batch of them. */
void rpc_take_message(struct rpc_conn *conn, struct text message);

/* Answers what is no request at all, with id null. */
void rpc_answer_unreadable(struct rpc_conn *conn, enum rpc_code code, const char *reason,
                           const char *detail);

#endif
