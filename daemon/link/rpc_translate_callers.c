#include "rpc_translate.h"

#define TALK_MS_MAX 86400000

static const char *const presentations[] = { "allowed", "restricted", "unavailable", NULL };

static bool read_identity(const struct params *params, struct caller_words *ret)
{
	int presentation = PRESENTATION_ALLOWED;

	*ret = (struct caller_words){ .reason = "", .text = "" };
	if (!params_text(params, "from", TEXT_BYTES_MAX, OPTIONAL, &ret->from) ||
	    !params_id(params, "customer_id", OPTIONAL, &ret->customer_id) ||
	    !params_word(params, "presentation", presentations, OPTIONAL, &presentation))
		return false;
	ret->presentation = (enum presentation)presentation;
	return true;
}

static bool read_caller(const struct params *params, struct caller_words *ret)
{
	if (!read_identity(params, ret) || !params_id(params, "call_id", OPTIONAL, &ret->call_id) ||
	    !params_id(params, "client", OPTIONAL, &ret->client))
		return false;
	if (ret->call_id != NULL && (ret->from != NULL || ret->customer_id != NULL))
		return params_refuse(params, "call_id", "contradiction",
		                     "a call says who its caller is");
	if (ret->from == NULL && ret->customer_id == NULL && ret->call_id == NULL)
		return params_refuse(params, "from", "missing",
		                     "from, customer_id or call_id is required");
	return true;
}

/* A text that may be taken away by null or "", but has to be said. */
static bool must_be_said(const struct params *params, const char *name)
{
	return json_member(params->object, name) != NULL ||
	       params_refuse(params, name, "missing", "is required, be it null");
}

bool translate_caller(const struct json *object, struct caller_words *ret, struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };

	return read_caller(&params, ret);
}

bool translate_pin(const struct json *object, struct caller_words *ret, struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };

	return read_caller(&params, ret) && must_be_said(&params, "agent") &&
	       params_id(&params, "agent", OPTIONAL, &ret->agent);
}

static bool read_end(const struct params *params, usec_t now, bool remove, usec_t *ret)
{
	int64_t expires_s = 0;
	usec_t until = 0;

	if (!params_int(params, "expires_in_s", 1, EXCLUSION_S_MAX, OPTIONAL, &expires_s) ||
	    !params_instant(params, "until", &until))
		return false;
	if (expires_s != 0 && until != 0)
		return params_refuse(params, "until", "contradiction",
		                     "until and expires_in_s exclude each other");
	if (remove && (expires_s != 0 || until != 0))
		return params_refuse(params, "remove", "contradiction",
		                     "what is removed has no end");
	if (until != 0 && until <= now)
		return params_refuse(params, "until", "out_of_range", "is over already");
	if (until > now + SEC((usec_t)EXCLUSION_S_MAX))
		return params_refuse(params, "until", "out_of_range",
		                     "is more than ten years away");
	*ret = remove           ? 0
	       : expires_s != 0 ? now + SEC((usec_t)expires_s)
	       : until != 0     ? until
	                        : USEC_NEVER;
	return true;
}

bool translate_exclude(const struct json *object, usec_t now, struct caller_words *ret,
                       struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };
	bool remove = false;

	return read_caller(&params, ret) && params_id(&params, "agent", REQUIRED, &ret->agent) &&
	       params_text(&params, "reason", TEXT_BYTES_MAX, OPTIONAL, &ret->reason) &&
	       params_bool(&params, "remove", &remove) &&
	       read_end(&params, now, remove, &ret->until);
}

bool translate_note(const struct json *object, struct caller_words *ret, struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };

	return read_caller(&params, ret) && must_be_said(&params, "text") &&
	       params_text(&params, "text", NOTE_BYTES_MAX, OPTIONAL, &ret->text);
}

bool translate_forget(const struct json *object, struct caller_words *ret, struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };

	if (!read_identity(&params, ret))
		return false;
	if (ret->from == NULL && ret->customer_id == NULL)
		return params_refuse(&params, "from", "missing", "from or customer_id is required");
	return true;
}

bool translate_outbound(const struct json *object, usec_t now, struct caller_words *ret,
                        struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };
	int64_t talk_ms = 0;

	if (!read_identity(&params, ret) || !params_id(&params, "agent", REQUIRED, &ret->agent) ||
	    !params_id(&params, "queue", REQUIRED, &ret->queue) ||
	    !params_int(&params, "talk_ms", 0, TALK_MS_MAX, REQUIRED, &talk_ms) ||
	    !translate_past(&params, "at", now, &ret->at))
		return false;
	if (ret->from == NULL && ret->customer_id == NULL)
		return params_refuse(&params, "from", "missing", "from or customer_id is required");
	ret->talk = MSEC((usec_t)talk_ms);
	return true;
}
