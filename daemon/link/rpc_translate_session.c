#include <stdio.h>

#include "najimi/core/view.h"
#include "najimi/shell/feed.h"
#include "rpc_translate.h"

#define TOKEN_BYTES_MAX 512
#define HEARTBEAT_MS_MIN 100
#define HEARTBEAT_MS_MAX 600000
#define SEQ_MAX INT64_C(9007199254740992) /* 2^53: what JSON carries */

/* Session names with this prefix are ours: connections without a session. */
#define TRUSTED_PREFIX "acl:"

static const char *const roles[] = { "pbx", "agent", "supervisor", "observer", NULL };
static const char *const snapshot_parts[] = { "queues", "agents", "calls", NULL };

static bool read_protocol(const struct params *params)
{
	const struct json *array, *element;
	int64_t version;

	if (!params_array(params, "protocol", SIZE_MAX, OPTIONAL, &array))
		return false;
	if (array == NULL)
		return true;
	for (element = json_first(array); element != NULL; element = json_next(element))
		if (json_get_int(element, &version) && version == 1)
			return true;
	return params_refuse(params, "protocol", "unsupported", "supported is 1");
}

static bool read_client(const struct params *params, struct opening *ret)
{
	struct params client = { .prefix = "client.", .refusal = params->refusal };

	if (!params_object(params, "client", REQUIRED, &client.object) ||
	    !params_id(&client, "name", REQUIRED, &ret->client) ||
	    !params_text(&client, "version", TEXT_BYTES_MAX, OPTIONAL, &ret->version))
		return false;
	if (strncmp(ret->client, TRUSTED_PREFIX, sizeof(TRUSTED_PREFIX) - 1) == 0)
		return params_refuse(&client, "name", "reserved", "must not begin with %s",
		                     TRUSTED_PREFIX);
	return true;
}

static bool read_auth(const struct params *params, struct opening *ret)
{
	struct params auth = { .prefix = "auth.", .refusal = params->refusal };
	const char *method = NULL;

	if (!params_object(params, "auth", OPTIONAL, &auth.object))
		return false;
	if (auth.object == NULL)
		return true;
	if (!params_text(&auth, "method", TEXT_BYTES_MAX, REQUIRED, &method))
		return false;
	ret->auth = AUTH_UNSUPPORTED;
	if (strcmp(method, "token") == 0) {
		ret->auth = AUTH_TOKEN;
		return params_text(&auth, "token", TOKEN_BYTES_MAX, REQUIRED, &ret->token);
	}
	if (strcmp(method, "hmac") == 0) {
		ret->auth = AUTH_HMAC;
		return params_text(&auth, "mac", TOKEN_BYTES_MAX, REQUIRED, &ret->mac) &&
		       params_int(&auth, "ts", 0, SEQ_MAX, REQUIRED, &ret->ts) &&
		       params_text(&auth, "nonce", TOKEN_BYTES_MAX, OPTIONAL, &ret->nonce);
	}
	return true;
}

static bool read_resume(const struct params *params, struct opening *ret)
{
	struct params resume = { .prefix = "resume.", .refusal = params->refusal };
	int64_t after = 0;

	if (!params_object(params, "resume", OPTIONAL, &resume.object))
		return false;
	if (resume.object == NULL)
		return true;
	if (!params_text(&resume, "epoch", TEXT_BYTES_MAX, REQUIRED, &ret->resume_epoch) ||
	    !params_int(&resume, "after", 0, SEQ_MAX, REQUIRED, &after))
		return false;
	ret->resume_after = (uint64_t)after;
	return true;
}

bool translate_open(const struct json *object, struct opening *ret, struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };
	int64_t heartbeat_ms = 0;
	int role = -1;

	*ret = (struct opening){ .role = ROLE_NONE };
	if (!read_protocol(&params) || !read_client(&params, ret) ||
	    !params_word(&params, "role", roles, OPTIONAL, &role) ||
	    !params_id(&params, "agent", OPTIONAL, &ret->agent) || !read_auth(&params, ret) ||
	    !params_int(&params, "heartbeat_ms", HEARTBEAT_MS_MIN, HEARTBEAT_MS_MAX, OPTIONAL,
	                &heartbeat_ms) ||
	    !read_resume(&params, ret))
		return false;
	if (role >= 0)
		ret->role = client_role_of(roles[role]);
	ret->heartbeat = MSEC((usec_t)heartbeat_ms);
	return true;
}

static bool read_types(const struct params *params, struct subscribing *ret)
{
	const struct json *array, *element;
	const char *name;
	char field[24];
	size_t index = 0;
	int type;

	ret->types = BIT(FEED_TYPES) - 1;
	if (!params_array(params, "types", SIZE_MAX, OPTIONAL, &array))
		return false;
	if (array == NULL)
		return true;
	ret->types = 0;
	for (element = json_first(array); element != NULL; element = json_next(element)) {
		type = json_get_text(element, &name) ? feed_type_of(name) : -1;
		if (type < 0) {
			snprintf(field, sizeof(field), "types[%zu]", index);
			return params_refuse(params, field, "unknown_word", "no such event");
		}
		ret->types |= BIT(type);
		index++;
	}
	return true;
}

static bool read_queues(const struct params *params, struct subscribing *ret)
{
	const struct json *array, *element;
	char field[24];

	if (!params_array(params, "queues", SUBSCRIBED_QUEUES_MAX, OPTIONAL, &array))
		return false;
	ret->has_queues = array != NULL;
	for (element = array == NULL ? NULL : json_first(array); element != NULL;
	     element = json_next(element)) {
		if (!json_get_text(element, &ret->queues[ret->queues_count])) {
			snprintf(field, sizeof(field), "queues[%zu]", ret->queues_count);
			return params_refuse(params, field, "wrong_type", "wants a queue's name");
		}
		ret->queues_count++;
	}
	return true;
}

bool translate_subscribe(const struct json *object, struct subscribing *ret,
                         struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };
	int64_t after = -1;

	*ret = (struct subscribing){ .types = 0 };
	if (!read_types(&params, ret) || !read_queues(&params, ret) ||
	    !params_text(&params, "epoch", TEXT_BYTES_MAX, OPTIONAL, &ret->epoch) ||
	    !params_int(&params, "after", 0, SEQ_MAX, OPTIONAL, &after))
		return false;
	ret->has_after = after >= 0;
	if (ret->has_after)
		ret->after = (uint64_t)after;
	return true;
}

static bool read_page(const struct params *params, const char *const *states, struct page *ret)
{
	int64_t limit = PAGE_LIMIT_DEFAULT, after = 0;

	*ret = (struct page){ .state = -1 };
	if (!params_id(params, "queue", OPTIONAL, &ret->queue) ||
	    !params_id(params, "client", OPTIONAL, &ret->client) ||
	    !params_word(params, "state", states, OPTIONAL, &ret->state) ||
	    !params_int(params, "limit", 1, PAGE_LIMIT_MAX, OPTIONAL, &limit) ||
	    !params_int(params, "after", 0, UINT32_MAX, OPTIONAL, &after))
		return false;
	ret->limit = (uint32_t)limit;
	ret->after = (uint32_t)after;
	return true;
}

bool translate_calls_page(const struct json *object, struct page *ret, struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };
	const char *states[CALL_STATES];

	for (int i = CALL_RECALLING; i < CALL_STATES; i++)
		states[i - CALL_RECALLING] = call_state_name((enum call_state)i);
	states[CALL_STATES - CALL_RECALLING] = NULL;
	if (!read_page(&params, states, ret))
		return false;
	if (ret->state >= 0)
		ret->state += CALL_RECALLING;
	return true;
}

bool translate_agents_page(const struct json *object, struct page *ret, struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };
	const char *states[AGENT_STATES + 1];

	for (int i = 0; i < AGENT_STATES; i++)
		states[i] = agent_state_name((enum agent_state)i);
	states[AGENT_STATES] = NULL;
	return read_page(&params, states, ret);
}

bool translate_snapshot(const struct json *object, unsigned *ret_parts, struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };
	const struct json *array, *element;
	const char *name;
	size_t index = 0;
	char field[24];

	*ret_parts = BIT(SNAPSHOT_QUEUES) | BIT(SNAPSHOT_AGENTS) | BIT(SNAPSHOT_CALLS);
	if (!params_array(&params, "what", SIZE_MAX, OPTIONAL, &array))
		return false;
	if (array == NULL)
		return true;
	*ret_parts = 0;
	for (element = json_first(array); element != NULL; element = json_next(element)) {
		int part = 0;

		if (!json_get_text(element, &name))
			name = "";
		while (snapshot_parts[part] != NULL && strcmp(snapshot_parts[part], name) != 0)
			part++;
		if (snapshot_parts[part] == NULL) {
			snprintf(field, sizeof(field), "what[%zu]", index);
			return params_refuse(&params, field, "unknown_word",
			                     "wants queues, agents or calls");
		}
		*ret_parts |= BIT(part);
		index++;
	}
	return true;
}

bool translate_queue(const struct json *object, const char **ret_queue, struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };

	*ret_queue = NULL;
	return params_id(&params, "queue", REQUIRED, ret_queue);
}

bool translate_stats(const struct json *object, struct stats_words *ret, struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };

	*ret = (struct stats_words){ 0 };
	return params_text(&params, "from", TEXT_BYTES_MAX, OPTIONAL, &ret->from) &&
	       params_text(&params, "to", TEXT_BYTES_MAX, OPTIONAL, &ret->to) &&
	       params_text(&params, "by", TEXT_BYTES_MAX, OPTIONAL, &ret->by);
}
