#ifndef NAJIMI_TOOLS_RPC_CLIENT_H
#define NAJIMI_TOOLS_RPC_CLIENT_H

#include <stdbool.h>

#include "najimi/base/err.h"
#include "najimi/codec/json.h"

/* One connection to a daemon's native port, for tools that may wait: JSON-RPC in
 * the text framing, one message a line, without an event loop. Every function
 * that waits takes the longest time it may.
 *
 * Failures: -ECONNREFUSED and other codes of connect(2) when the daemon cannot be
 * reached, -ETIMEDOUT when the time was up, -ECONNRESET when the daemon closed the
 * connection, -EPROTO when it sent what is not JSON-RPC, -EREMOTEIO when it
 * answered with an error. After all but -ETIMEDOUT (with nothing half sent) and
 * -EREMOTEIO the connection is of no more use. */
struct rpc_client;

/* `address` is "HOST:PORT", "[::1]:PORT" or a name; all its addresses are tried
 * until the time is up. The caller frees *ret. */
int rpc_client_connect(const char *address, usec_t timeout, struct rpc_client **ret,
                       struct err *err) MUST_CHECK;
struct rpc_client *rpc_client_free(struct rpc_client *client); /* accepts and returns NULL */

/* For those who wait for several connections with poll(2). Before sleeping, take
 * all messages that were read already: rpc_client_receive() with a timeout of 0. */
int rpc_client_fd(const struct rpc_client *client);

/* --- messages from the daemon --- */

enum rpc_message_kind {
	RPC_MESSAGE_RESULT,
	RPC_MESSAGE_ERROR,
	RPC_MESSAGE_EVENT /* any notification */
};

struct rpc_message {
	enum rpc_message_kind kind;
	uint64_t id;             /* of the request that is answered; 0 for events and for
	                          * an error that could not be tied to a request */
	const struct json *body; /* RESULT: result; ERROR: error.data; EVENT: params; or NULL */
	const char *method;      /* EVENT: "event", "agent.offer"...; NULL otherwise */
	int code;                /* ERROR: -32012... */
	const char *words;       /* ERROR: its message; NULL otherwise */
	const char *reason;      /* ERROR: data.reason, "" when absent; NULL otherwise */
	struct json *document;   /* owns all of the above */
};

/* Empties the message; a zeroed one is empty. */
void rpc_message_done(struct rpc_message *message);

/* --- one question, one answer --- */

struct rpc_login {
	const char *name;      /* client.name */
	const char *role;      /* "pbx", "agent", "supervisor", "observer"; NULL: the token's */
	const char *token;     /* NULL or "": none is sent */
	unsigned heartbeat_ms; /* 0: the daemon's default */
};

/* Opens a session. *ret, unless NULL, is what the daemon said of itself (site,
 * epoch, seq, heartbeat_ms...): empty it with rpc_message_done(). */
int rpc_client_open(struct rpc_client *client, const struct rpc_login *login, usec_t timeout,
                    struct rpc_message *ret, struct err *err) MUST_CHECK;

/* Asks and waits for that answer. `params` is a JSON object as text, NULL for none.
 * Events and other answers that come meanwhile are kept for rpc_client_receive().
 * 0: *ret is the result. -EREMOTEIO: *ret is the error, `err` has it in words.
 * Otherwise *ret is empty. In any case rpc_message_done() may be called on it. */
int rpc_client_call(struct rpc_client *client, const char *method, const char *params,
                    usec_t timeout, struct rpc_message *ret, struct err *err) MUST_CHECK;

/* --- many questions at once --- */

/* Adds a request to what will be sent, and gives its id (they grow by one from 1).
 * Nothing waits here. -ENOBUFS when more than 16 MiB are unsent. */
int rpc_client_ask(struct rpc_client *client, const char *method, const char *params,
                   uint64_t *ret_id, struct err *err) MUST_CHECK;

/* Writes what was added. With a timeout of 0, as much as goes without waiting:
 * -ETIMEDOUT then says that some is left (wait for POLLOUT and come again). */
int rpc_client_flush(struct rpc_client *client, usec_t timeout, struct err *err) MUST_CHECK;
bool rpc_client_unsent(const struct rpc_client *client);

/* The next message, in the order of arrival (a kept one first). The daemon's own
 * pings are answered on the way and never handed out. */
int rpc_client_receive(struct rpc_client *client, usec_t timeout, struct rpc_message *ret,
                       struct err *err) MUST_CHECK;

#endif
