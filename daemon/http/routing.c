#include "routing.h"

#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "auth.h"
#include "najimi/base/lists.h"
#include "najimi/codec/json_out.h"
#include "najimi/codec/rpc.h"
#include "problem.h"

#define ERROR_SIZE 2048

/* --- errors --- */

static int status_of(int code)
{
	switch (code) {
	case 0:
		return 200;
	case RPC_PARSE_ERROR:
	case RPC_INVALID_REQUEST:
	case RPC_INVALID_PARAMS:
		return 400;
	case RPC_UNAUTHORIZED:
		return 401;
	case RPC_FORBIDDEN:
		return 403;
	case RPC_WRONG_STATE:
	case RPC_OTHER_CONTENT:
		return 409;
	case RPC_TOO_LARGE:
		return 413;
	case RPC_UNKNOWN_CALL:
	case RPC_UNKNOWN_QUEUE:
	case RPC_UNKNOWN_AGENT:
		return 422;
	case RPC_RATE_LIMITED:
		return 429;
	case RPC_NOT_READY:
	case RPC_NOT_LEADER:
	case RPC_QUEUE_FULL:
	case RPC_OVERLOADED:
		return 503;
	default:
		return 500;
	}
}

/* In the words of the native protocol, so that whoever asks reads one kind of error. */
static void refuse(struct answer *answer, int status, enum rpc_code code, const char *reason,
                   const char *detail)
{
	char *room = body_reserve(&answer->body, ERROR_SIZE);
	struct json_out out;

	answer->status = status;
	answer->type = TYPE_JSON;
	if (status == 401)
		answer->challenge = AUTH_CHALLENGE;
	if (room == NULL)
		return;
	json_out_begin(&out, room, ERROR_SIZE);
	json_object(&out, NULL);
	json_object(&out, "error");
	json_int(&out, "code", code);
	json_text(&out, "message", rpc_code_words(code));
	json_object(&out, "data");
	json_text(&out, "reason", reason);
	json_text(&out, "detail", detail);
	json_object_end(&out);
	json_object_end(&out);
	json_object_end(&out);
	body_advance(&answer->body, json_out_done(&out));
}

/* --- asking --- */

/* A page in somebody's browser may post text anywhere, but JSON only where it is let. */
static bool is_json(const char *type)
{
	size_t length = type == NULL ? 0 : strcspn(type, "; \t");

	return length == sizeof(TYPE_JSON) - 1 && strncasecmp(type, TYPE_JSON, length) == 0;
}

/* "client=NAME" or nothing. */
static bool read_client(const char *query, char ret[ROUTING_CLIENT_SIZE])
{
	struct evkeyvalq pairs = { 0 };
	const struct evkeyval *pair;
	bool good = true;

	ret[0] = '\0';
	if (query == NULL || query[0] == '\0')
		return true;
	if (evhttp_parse_query_str(query, &pairs) < 0)
		return false;
	TAILQ_FOREACH(pair, &pairs, next)
	{
		good = good && strcmp(pair->key, "client") == 0 && ret[0] == '\0' &&
		       text_is_id(text_of(pair->value), ROUTING_CLIENT_SIZE - 1);
		if (good)
			snprintf(ret, ROUTING_CLIENT_SIZE, "%s", pair->value);
	}
	evhttp_clear_headers(&pairs);
	return good;
}

/* As on the native protocol's port; but from another machine nobody is trusted. */
static bool admit(const struct inquiry *inquiry, struct answer *answer)
{
	const struct options *options = inquiry->needs->options;
	struct routing_wish *wish = &answer->route;
	const struct client_options *client;

	if (inquiry->authorization == NULL && inquiry->loopback)
		return true;
	switch (auth_check_calls(options, inquiry->authorization, wish->client, &client)) {
	case AUTH_TRUSTED:
	case AUTH_GRANTED:
		wish->granted = true;
		if (wish->client[0] == '\0' && strcmp(client->name, "*") != 0)
			snprintf(wish->client, sizeof(wish->client), "%s", client->name);
		return true;
	case AUTH_MISSING:
		refuse(answer, 401, RPC_UNAUTHORIZED, "auth_required", "this takes a token");
		return false;
	case AUTH_WRONG:
		refuse(answer, 401, RPC_UNAUTHORIZED, "auth_failed", "the token is not known");
		return false;
	case AUTH_FORBIDDEN:
		refuse(answer, 403, RPC_FORBIDDEN, "role",
		       "this takes the role pbx or supervisor, and the client's own name");
		return false;
	}
	return false;
}

void routing_answer(const struct inquiry *inquiry, struct answer *answer)
{
	struct routing_wish *wish = &answer->route;
	char limit[64];

	if (!read_client(inquiry->query, wish->client)) {
		refuse(answer, 400, RPC_INVALID_PARAMS, "bad_query",
		       "the query may have client=NAME, and nothing else");
	} else if (!admit(inquiry, answer)) {
		return;
	} else if (!is_json(inquiry->content_type)) {
		refuse(answer, 415, RPC_INVALID_REQUEST, "content_type",
		       "wants Content-Type: application/json");
	} else if (inquiry->needs->route == NULL) {
		refuse(answer, 503, RPC_NOT_READY, "not_here", "nobody routes calls here");
	} else if (inquiry->sent.length > ROUTING_BODY_MAX) {
		snprintf(limit, sizeof(limit), "the body may have %zu bytes", ROUTING_BODY_MAX);
		refuse(answer, 413, RPC_TOO_LARGE, "too_large", limit);
	} else {
		wish->params = inquiry->sent;
		wish->from = inquiry->from;
		answer->asks = wish->wanted = true;
	}
}

/* --- answering --- */

void routing_finish(struct answer *answer, int code, usec_t retry_after, struct text json)
{
	answer->asks = false;
	answer->status = status_of(code);
	answer->type = TYPE_JSON;
	answer->retry_after = retry_after;
	if (answer->status == 401)
		answer->challenge = AUTH_CHALLENGE;
	if (!body_add(&answer->body, json))
		problem_answer(answer, 500, "out of memory");
}

void routing_finish_unheard(struct answer *answer)
{
	answer->asks = false;
	refuse(answer, 400, RPC_INVALID_REQUEST, "closed",
	       "the connection was closed before the answer");
}
