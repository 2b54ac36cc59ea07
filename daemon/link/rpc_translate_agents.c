#include <stdio.h>

#include "rpc_translate.h"

#define EXTEND_S_MAX 3600
#define EXTEND_S_DEFAULT 60

static const char *const login_states[] = { "ready", "paused", NULL };
static const char *const device_states[] = { "reachable", "unreachable", "busy", NULL };
static const char *const outcomes[] = { "resolved", "unresolved", "escalated", "follow_up", NULL };

static bool read_agent(const struct params *params, struct agent_words *ret)
{
	*ret = (struct agent_words){ .agent = NULL };
	return params_id(params, "agent", REQUIRED, &ret->agent);
}

static bool read_queues(const struct params *params, struct agent_words *ret)
{
	const struct json *array, *element;
	char name[24];

	if (!params_array(params, "queues", AGENT_QUEUES_MAX, OPTIONAL, &array))
		return false;
	if (array == NULL)
		return true;
	ret->has_queues = true;
	for (element = json_first(array); element != NULL; element = json_next(element)) {
		if (!json_get_text(element, &ret->queues[ret->queues_count])) {
			snprintf(name, sizeof(name), "queues[%u]", (unsigned)ret->queues_count);
			return params_refuse(params, name, "wrong_type", "wants a queue's name");
		}
		ret->queues_count++;
	}
	return true;
}

/* {"german": 5} says the same as [{"name": "german", "level": 5}]. */
static bool read_skill_member(const struct json *member, struct skill_wish *ret,
                              struct refusal *refusal)
{
	struct params params = { .object = NULL, .prefix = "skills.", .refusal = refusal };
	int64_t level;

	ret->name = json_member_name(member);
	if (!json_get_int(member, &level))
		return params_refuse(&params, ret->name, "wrong_type", "wants a level");
	if (level < 0 || level > UINT8_MAX)
		return params_refuse(&params, ret->name, "out_of_range", "a level is from 0 to %d",
		                     UINT8_MAX);
	ret->level = (uint8_t)level;
	return true;
}

static bool read_skills(const struct params *params, struct agent_words *ret)
{
	const struct json *skills = params_find(params, "skills"), *element;
	bool named;

	if (skills == NULL)
		return true;
	named = json_type(skills) == JSON_OBJECT;
	if (!named && json_type(skills) != JSON_ARRAY)
		return params_refuse(params, "skills", "wrong_type", "wants an array or an object");
	if (json_count(skills) > SKILLS_MAX)
		return params_refuse(params, "skills", "too_many", "has more than %d skills",
		                     SKILLS_MAX);
	ret->has_skills = true;
	for (element = json_first(skills); element != NULL; element = json_next(element)) {
		struct skill_wish *skill = &ret->skills[ret->skills_count];

		if (!(named ? read_skill_member(element, skill, params->refusal)
		            : translate_skill(element, ret->skills_count, "level", 0, skill,
		                              params->refusal)))
			return false;
		ret->skills_count++;
	}
	return true;
}

bool translate_agent(const struct json *object, struct agent_words *ret, struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };

	return read_agent(&params, ret);
}

bool translate_login(const struct json *object, struct agent_words *ret, struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };
	int state = -1;

	if (!read_agent(&params, ret) ||
	    !params_text(&params, "target", TEXT_BYTES_MAX, OPTIONAL, &ret->target) ||
	    !read_queues(&params, ret) || !read_skills(&params, ret) ||
	    !params_word(&params, "state", login_states, OPTIONAL, &state) ||
	    !params_text(&params, "reason", TEXT_BYTES_MAX, OPTIONAL, &ret->reason))
		return false;
	ret->has_state = state >= 0;
	ret->ready = state == 0;
	return true;
}

bool translate_pause(const struct json *object, struct agent_words *ret, struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };

	return read_agent(&params, ret) &&
	       params_text(&params, "reason", TEXT_BYTES_MAX, OPTIONAL, &ret->reason);
}

bool translate_wrapup(const struct json *object, struct agent_words *ret, struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };
	int64_t extend_s = EXTEND_S_DEFAULT;

	if (!read_agent(&params, ret) ||
	    !params_int(&params, "extend_s", 0, EXTEND_S_MAX, OPTIONAL, &extend_s))
		return false;
	ret->extend = SEC((usec_t)extend_s);
	return true;
}

bool translate_device(const struct json *object, struct agent_words *ret, struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };
	int device = 0;

	if (!read_agent(&params, ret) ||
	    !params_word(&params, "state", device_states, REQUIRED, &device))
		return false;
	ret->device = (enum device_state)device;
	return true;
}

bool translate_disposition(const struct json *object, struct disposition_words *ret,
                           struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };
	int outcome = 0;

	*ret = (struct disposition_words){ .reason = "", .note = "", .stick = true };
	if (!params_id(&params, "agent", REQUIRED, &ret->agent) ||
	    !params_id(&params, "call_id", REQUIRED, &ret->call_id) ||
	    !params_id(&params, "client", OPTIONAL, &ret->client) ||
	    !params_word(&params, "outcome", outcomes, REQUIRED, &outcome) ||
	    !params_text(&params, "reason", TEXT_BYTES_MAX, OPTIONAL, &ret->reason) ||
	    !params_text(&params, "note", NOTE_BYTES_MAX, OPTIONAL, &ret->note) ||
	    !params_bool(&params, "stick", &ret->stick))
		return false;
	ret->outcome = outcomes[outcome];
	return true;
}
