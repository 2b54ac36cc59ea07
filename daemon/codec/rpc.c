#include "najimi/codec/rpc.h"

#include <stdio.h>

#include "najimi/codec/json_out.h"

#define ID_TEXT_MAX 64

const char *rpc_code_words(enum rpc_code code)
{
	switch (code) {
	case RPC_PARSE_ERROR:
		return "Parse error";
	case RPC_INVALID_REQUEST:
		return "Invalid Request";
	case RPC_METHOD_NOT_FOUND:
		return "Method not found";
	case RPC_INVALID_PARAMS:
		return "Invalid params";
	case RPC_INTERNAL_ERROR:
		return "Internal error";
	case RPC_UNAUTHORIZED:
		return "unauthorized";
	case RPC_FORBIDDEN:
		return "forbidden";
	case RPC_NOT_READY:
		return "not ready";
	case RPC_NOT_LEADER:
		return "not the leader";
	case RPC_UNKNOWN_CALL:
		return "unknown call";
	case RPC_QUEUE_FULL:
		return "queue full";
	case RPC_UNKNOWN_QUEUE:
		return "unknown queue";
	case RPC_UNKNOWN_AGENT:
		return "unknown agent";
	case RPC_WRONG_STATE:
		return "wrong state";
	case RPC_OTHER_CONTENT:
		return "same id with different content";
	case RPC_RATE_LIMITED:
		return "rate limited";
	case RPC_OVERLOADED:
		return "overloaded";
	case RPC_TOO_LARGE:
		return "message too large";
	case RPC_RESUME_IMPOSSIBLE:
		return "resume impossible";
	}
	return "error";
}

static void set_id(struct rpc_id *id, const char *json)
{
	snprintf(id->json, sizeof(id->json), "%s", json);
}

/* The id as it goes back. Without one the request is a notification. */
static int read_id(const struct json *element, struct rpc_id *ret, struct err *err)
{
	const struct json *id = json_member(element, "id");
	const char *text;
	int64_t number;

	if (id == NULL) {
		set_id(ret, "");
		return 0;
	}
	set_id(ret, "null");
	if (json_type(id) == JSON_NULL)
		return 0;
	if (json_get_text(id, &text)) {
		if (strlen(text) > ID_TEXT_MAX)
			return err_set(err, RPC_INVALID_REQUEST, "id: more than %d bytes",
			               ID_TEXT_MAX);
	} else if (!json_get_int(id, &number)) {
		return err_set(err, RPC_INVALID_REQUEST, "id: wants a whole number or a text");
	}

	/* Cannot fail: the buffer is made for 64 bytes that are all escaped. */
	if (json_print(id, ret->json, sizeof(ret->json)) == 0)
		return err_set(err, RPC_INTERNAL_ERROR, "id: does not fit");
	return 0;
}

static int read_params(const struct json *element, const struct json **ret, struct err *err)
{
	const struct json *params = json_member(element, "params");

	*ret = NULL;
	if (params == NULL)
		return 0;

	switch (json_type(params)) {
	case JSON_OBJECT:
		*ret = params;
		return 0;
	case JSON_ARRAY:
		if (json_first(params) == NULL)
			return 0;
		return err_set(err, RPC_INVALID_PARAMS, "params: wants members with names");
	case JSON_NULL:
		return 0;
	case JSON_BOOL:
	case JSON_NUMBER:
	case JSON_TEXT:
		break;
	}
	return err_set(err, RPC_INVALID_REQUEST, "params: wants an object");
}

static int read_envelope(const struct json *element, struct rpc_request *ret, struct err *err)
{
	const struct json *version, *method;
	const char *text;
	int code;

	if (json_type(element) != JSON_OBJECT)
		return err_set(err, RPC_INVALID_REQUEST, "wants an object");
	code = read_id(element, &ret->id, err);
	if (code != 0)
		return code;

	version = json_member(element, "jsonrpc");
	if (version == NULL || !json_get_text(version, &text) || strcmp(text, "2.0") != 0)
		return err_set(err, RPC_INVALID_REQUEST, "jsonrpc: wants \"2.0\"");
	method = json_member(element, "method");
	if (method == NULL || !json_get_text(method, &ret->method))
		return err_set(err, RPC_INVALID_REQUEST, "method: wants a text");
	return read_params(element, &ret->params, err);
}

int rpc_read_request(const struct json *element, struct rpc_request *ret, struct err *err)
{
	int code;

	*ret = (struct rpc_request){ .method = NULL };
	code = read_envelope(element, ret, err);

	/* What is no request cannot be a notification either: it is answered. */
	if (code == RPC_INVALID_REQUEST && ret->id.json[0] == '\0')
		set_id(&ret->id, "null");
	return code;
}

bool rpc_is_response(const struct json *element)
{
	return json_type(element) == JSON_OBJECT && json_member(element, "method") == NULL &&
	       (json_member(element, "result") != NULL || json_member(element, "error") != NULL);
}
