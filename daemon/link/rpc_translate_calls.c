#include <stdio.h>

#include "najimi/base/hash.h"
#include "rpc_translate.h"

#define EARLIEST HOUR(24)    /* before now: a clock that is off by more is wrong */
#define FUTURE_MAX MINUTE(1) /* clocks of two machines differ; then it is now */

static const char *const presentations[] = { "allowed", "restricted", "unavailable", NULL };
static const char *const channels[] = { "voice", "chat", "email", "callback", NULL };
static const char *const miss_kinds[] = { "no_answer", "busy", "rejected", "unreachable", NULL };
static const char *const enders[] = { "caller", "agent", "system", NULL };
static const char *const transfer_kinds[] = { "blind", "consult", NULL };

bool translate_skill(const struct json *element, size_t index, const char *member, int64_t min,
                     struct skill_wish *ret, struct refusal *refusal)
{
	char prefix[24];
	struct params params = { .object = element, .prefix = prefix, .refusal = refusal };
	int64_t level = 1;

	snprintf(prefix, sizeof(prefix), "skills[%zu]", index);
	if (json_type(element) != JSON_OBJECT)
		return params_refuse(&params, "", "wrong_type", "wants an object with a name");
	snprintf(prefix, sizeof(prefix), "skills[%zu].", index);
	if (!params_text(&params, "name", ID_BYTES_MAX, REQUIRED, &ret->name) ||
	    !params_int(&params, member, min, UINT8_MAX, OPTIONAL, &level))
		return false;
	ret->level = (uint8_t)level;
	return true;
}

static bool read_skills(const struct params *params, struct call_words *ret)
{
	const struct json *array, *element;

	if (!params_array(params, "skills", CALL_NEEDS_MAX, OPTIONAL, &array))
		return false;
	if (array == NULL)
		return true;
	ret->has_skills = true;
	for (element = json_first(array); element != NULL; element = json_next(element)) {
		if (!translate_skill(element, ret->skills_count, "min", 1,
		                     &ret->skills[ret->skills_count], params->refusal))
			return false;
		ret->skills_count++;
	}
	return true;
}

bool translate_past(const struct params *params, const char *name, usec_t now, usec_t *ret)
{
	usec_t at = 0;

	if (!params_instant(params, name, &at))
		return false;
	if (at == 0)
		return true;
	if (at > now + FUTURE_MAX)
		return params_refuse(params, name, "out_of_range", "is in the future");
	if (at + EARLIEST < now)
		return params_refuse(params, name, "out_of_range", "is more than 24h ago");
	*ret = at;
	return true;
}

/* What may be said of a caller in any of the methods. */
static bool read_caller(const struct params *params, struct call_words *ret)
{
	int presentation = -1;

	if (!params_text(params, "from", TEXT_BYTES_MAX, OPTIONAL, &ret->from) ||
	    !params_word(params, "presentation", presentations, OPTIONAL, &presentation) ||
	    !params_text(params, "to", TEXT_BYTES_MAX, OPTIONAL, &ret->to) ||
	    !params_id(params, "customer_id", OPTIONAL, &ret->customer_id))
		return false;
	ret->has_presentation = presentation >= 0;
	if (ret->has_presentation)
		ret->presentation = (enum presentation)presentation;
	return true;
}

static bool read_words(const struct params *params, usec_t now, struct call_words *ret)
{
	int64_t priority = INT64_MAX;
	int channel = -1;

	if (!read_caller(params, ret) ||
	    !params_text(params, "tier", TEXT_BYTES_MAX, OPTIONAL, &ret->tier) ||
	    !params_int(params, "priority", -PRIORITY_MAX, PRIORITY_MAX, OPTIONAL, &priority) ||
	    !read_skills(params, ret) ||
	    !params_text(params, "reason", TEXT_BYTES_MAX, OPTIONAL, &ret->reason) ||
	    !params_word(params, "channel", channels, OPTIONAL, &channel) ||
	    !params_text(params, "case_id", TEXT_BYTES_MAX, OPTIONAL, &ret->case_id) ||
	    !params_object(params, "data", OPTIONAL, &ret->data) ||
	    !translate_past(params, "arrived_at", now, &ret->arrived_at))
		return false;
	ret->has_priority = priority != INT64_MAX;
	if (ret->has_priority)
		ret->priority = (int16_t)priority;
	if (channel >= 0)
		ret->channel = channels[channel];
	return true;
}

bool translate_arrive(const struct json *object, usec_t now, struct call_words *ret,
                      struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };

	*ret = (struct call_words){ .call_id = NULL };
	return params_id(&params, "call_id", REQUIRED, &ret->call_id) &&
	       params_id(&params, "queue", REQUIRED, &ret->queue) && read_words(&params, now, ret);
}

bool translate_update(const struct json *object, usec_t now, struct call_words *ret,
                      struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };

	*ret = (struct call_words){ .call_id = NULL };
	return params_id(&params, "call_id", REQUIRED, &ret->call_id) &&
	       params_id(&params, "queue", OPTIONAL, &ret->queue) && read_words(&params, now, ret);
}

bool translate_route(const struct json *object, struct call_words *ret, struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };

	*ret = (struct call_words){ .call_id = NULL };
	return params_id(&params, "call", OPTIONAL, &ret->call_id) &&
	       params_id(&params, "queue", REQUIRED, &ret->queue) && read_caller(&params, ret);
}

static const char *said(const char *now, const char *before)
{
	return now != NULL ? now : before;
}

/* Withheld is all that is remembered of a presentation: a number that was not
 * available is not there. */
static enum presentation find_presentation(const struct call_words *words,
                                           const struct call_facts *before)
{
	if (words->has_presentation)
		return words->presentation;
	return before->restricted ? PRESENTATION_RESTRICTED : PRESENTATION_ALLOWED;
}

bool facts_of_words(const struct call_words *words, const struct call_facts *before,
                    const struct identity_rules *rules, struct facts_room *room,
                    struct call_facts *ret, struct refusal *refusal)
{
	static const struct call_facts nothing = { "", "", "", "", "", "",   "",
		                                   "", "", "", "", "", false };
	struct params params = { .object = NULL, .prefix = "", .refusal = refusal };

	if (before == NULL)
		before = &nothing;
	*ret = *before;
	ret->name = said(words->call_id, before->name);
	ret->from = said(words->from, before->from);
	ret->to = said(words->to, before->to);
	ret->customer_id = said(words->customer_id, before->customer_id);
	ret->tier = said(words->tier, before->tier);
	ret->reason = said(words->reason, before->reason);
	ret->channel = said(words->channel, before->channel);
	ret->case_id = said(words->case_id, before->case_id);
	if (words->data != NULL) {
		if (json_print(words->data, room->data, sizeof(room->data)) == 0)
			return params_refuse(&params, "data", "too_long", "has more than %d bytes",
			                     DATA_BYTES_MAX);
		ret->data = room->data;
	}
	identity_of(ret->from, find_presentation(words, before), ret->customer_id, rules,
	            &room->identity);
	ret->number = room->identity.number;
	ret->key = room->identity.key;
	ret->restricted = room->identity.restricted;
	return true;
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
	return text == NULL ? hash_word(hash, 1) : hash_bytes(hash, text, strlen(text) + 1);
}

uint64_t fingerprint_of_words(const struct call_words *words, const char *data)
{
	const char *texts[] = { words->queue, words->from,    words->to,     words->customer_id,
		                words->tier,  words->channel, words->reason, words->case_id };
	uint64_t hash = HASH_START;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		hash = hash_text(hash, texts[i]);
	hash = hash_text(hash, words->data == NULL ? NULL : data);
	hash = hash_word(hash, words->has_presentation ? words->presentation : 0);
	hash = hash_word(hash, words->has_priority ? (uint64_t)(int64_t)words->priority
	                                           : (uint64_t)INT64_MAX);
	hash = hash_word(hash, words->arrived_at);
	hash = hash_word(hash, words->skills_count);
	for (size_t i = 0; i < words->skills_count; i++) {
		hash = hash_text(hash, words->skills[i].name);
		hash = hash_word(hash, words->skills[i].level);
	}
	return hash;
}

/* --- reports --- */

static bool read_call(const struct params *params, struct call_report *ret)
{
	*ret = (struct call_report){ .call_id = NULL };
	return params_id(params, "call_id", REQUIRED, &ret->call_id) &&
	       params_id(params, "client", OPTIONAL, &ret->client);
}

static bool read_offer(const struct params *params, struct call_report *ret)
{
	int64_t offer = 0;

	if (!read_call(params, ret) ||
	    !params_int(params, "offer", 1, UINT32_MAX, REQUIRED, &offer))
		return false;
	ret->offer = (uint32_t)offer;
	return true;
}

bool translate_call(const struct json *object, struct call_report *ret, struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };

	return read_call(&params, ret);
}

bool translate_offer_report(const struct json *object, struct call_report *ret,
                            struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };

	return read_offer(&params, ret);
}

bool translate_failed(const struct json *object, struct call_report *ret, struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };
	int kind = MISS_NO_ANSWER;

	if (!read_offer(&params, ret) ||
	    !params_word(&params, "reason", miss_kinds, REQUIRED, &kind))
		return false;
	ret->miss = (enum miss_kind)kind;
	return true;
}

bool translate_transfer(const struct json *object, struct call_report *ret, struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };
	int kind = 0;

	if (!read_call(&params, ret) || !params_id(&params, "to_agent", OPTIONAL, &ret->to_agent) ||
	    !params_id(&params, "to_queue", OPTIONAL, &ret->to_queue) ||
	    !params_word(&params, "kind", transfer_kinds, OPTIONAL, &kind))
		return false;
	ret->consult = kind == 1;
	if (ret->to_agent == NULL && ret->to_queue == NULL)
		return params_refuse(&params, "to_agent", "missing",
		                     "to_agent or to_queue is required");
	if (ret->to_agent != NULL && ret->to_queue != NULL)
		return params_refuse(&params, "to_queue", "contradiction",
		                     "to_agent and to_queue exclude each other");
	if (ret->consult && ret->to_agent == NULL)
		return params_refuse(&params, "kind", "contradiction",
		                     "one consults an agent, not a queue");
	return true;
}

bool translate_ended(const struct json *object, struct call_report *ret, struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };
	const char *cause;
	int by = 0;

	if (!read_call(&params, ret) || !params_word(&params, "by", enders, OPTIONAL, &by) ||
	    !params_text(&params, "cause", TEXT_BYTES_MAX, OPTIONAL, &cause))
		return false;
	ret->by = (enum ended_by)by;
	return true;
}

bool translate_wait(const struct json *object, struct call_report *ret, struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };
	int64_t wait_ms = WAIT_MS_MAX;

	if (!read_call(&params, ret) ||
	    !params_int(&params, "wait_ms", 0, WAIT_MS_MAX, OPTIONAL, &wait_ms))
		return false;
	ret->wait = MSEC((usec_t)wait_ms);
	return true;
}

bool translate_priority(const struct json *object, struct call_report *ret, struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };
	int64_t priority = 0;

	if (!read_call(&params, ret) ||
	    !params_int(&params, "priority", -PRIORITY_MAX, PRIORITY_MAX, REQUIRED, &priority))
		return false;
	ret->priority = (int16_t)priority;
	return true;
}

bool translate_sync(const struct json *object, const struct json **ret_calls, bool *ret_more,
                    struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };

	*ret_more = false;
	return params_array(&params, "calls", SIZE_MAX, REQUIRED, ret_calls) &&
	       params_bool(&params, "more", ret_more);
}

bool translate_sync_call(const struct json *element, size_t index, const char **ret_call_id,
                         struct refusal *refusal)
{
	char prefix[32];
	struct params params = { .object = element, .prefix = prefix, .refusal = refusal };

	snprintf(prefix, sizeof(prefix), "calls[%zu]", index);
	if (json_type(element) != JSON_OBJECT)
		return params_refuse(&params, "", "wrong_type", "wants an object with a call_id");
	snprintf(prefix, sizeof(prefix), "calls[%zu].", index);
	return params_id(&params, "call_id", REQUIRED, ret_call_id);
}
