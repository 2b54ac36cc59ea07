#ifndef NAJIMI_CODEC_RPC_H
#define NAJIMI_CODEC_RPC_H

#include "najimi/codec/json.h"

/* The JSON-RPC 2.0 envelope, both ways. Standard: jsonrpc.org/specification. */

#define RPC_ID_MAX 72 /* an id as it is echoed: integer, or text of at most 64 bytes, quoted */

enum rpc_code {
	RPC_PARSE_ERROR = -32700,
	RPC_INVALID_REQUEST = -32600,
	RPC_METHOD_NOT_FOUND = -32601,
	RPC_INVALID_PARAMS = -32602,
	RPC_INTERNAL_ERROR = -32603,
	RPC_UNAUTHORIZED = -32001,
	RPC_FORBIDDEN = -32002,
	RPC_NOT_READY = -32003,
	RPC_NOT_LEADER = -32004,
	RPC_UNKNOWN_CALL = -32010,
	RPC_QUEUE_FULL = -32011,
	RPC_UNKNOWN_QUEUE = -32012,
	RPC_UNKNOWN_AGENT = -32013,
	RPC_WRONG_STATE = -32014,
	RPC_OTHER_CONTENT = -32015,
	RPC_RATE_LIMITED = -32020,
	RPC_OVERLOADED = -32021,
	RPC_TOO_LARGE = -32022,
	RPC_RESUME_IMPOSSIBLE = -32030
};

const char *rpc_code_words(enum rpc_code code); /* the error's `message` */

struct rpc_id {
	char json[6 * 64 +
	          3]; /* as it goes back, type and all; "null" when unusable; "" notification */
};

/* One request of a message (a message is one request or a batch of them). */
struct rpc_request {
	struct rpc_id id;
	const char *method;
	const struct json *params; /* an object, or NULL when absent */
};

/* Checks one element of a message. 0, or the code to answer with (id is set as
 * far as it could be read). Empty or null params count as absent. */
int rpc_read_request(const struct json *element, struct rpc_request *ret,
                     struct err *err) MUST_CHECK;

/* A peer's answer to a request of ours: never to be answered, not even with an error. */
bool rpc_is_response(const struct json *element);

#endif
