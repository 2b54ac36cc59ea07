#include "agi_request.h"

#include <stdio.h>

#include "najimi/base/number.h"

/* Between variables in one reply: a sign for a separator that nobody types. */
#define SEPARATOR "\xe2\x90\x9f" /* U+241F */

static const char *const kind_names[] = { "route", "answered", "ended", "agent" };
static const char *const act_names[] = { "login", "logout", "ready", "pause" };
static const char *const presentations[] = { "allowed", "restricted", "unavailable" };
static const char *const confirmations[] = { "none", "tone", "voice" };
static const char *const answers[] = { "no", "yes" };

static bool refuse_argument(struct refusal *refusal, const char *name, const char *reason,
                            const char *detail)
{
	return refuse(refusal, RPC_INVALID_PARAMS, reason, name, "%s", detail);
}

/* --- single values --- */

static bool read_id(const char *value, const char *name, const char **ret, struct refusal *refusal)
{
	if (!text_is_id(text_of(value), ID_BYTES_MAX))
		return refuse_argument(refusal, name, "bad_id",
		                       "wants 1 to 128 bytes of printable text");
	*ret = value;
	return true;
}

static bool read_text(const char *value, const char *name, const char **ret,
                      struct refusal *refusal)
{
	if (strlen(value) > TEXT_BYTES_MAX)
		return refuse_argument(refusal, name, "too_long", "has more than 256 bytes");
	*ret = value;
	return true;
}

static bool read_int(const char *value, const char *name, int64_t min, int64_t max, int64_t *ret,
                     struct refusal *refusal)
{
	int64_t number;

	if (number_parse(value, &number) < 0)
		return refuse_argument(refusal, name, "wrong_type", "wants a number");
	if (number < min || number > max)
		return refuse(refusal, RPC_INVALID_PARAMS, "out_of_range", name,
		              "is outside %lld to %lld", (long long)min, (long long)max);
	*ret = number;
	return true;
}

static bool read_word(const char *value, const char *name, const char *const *words, size_t count,
                      int *ret, struct refusal *refusal)
{
	char known[80] = "";

	for (size_t i = 0; i < count; i++) {
		size_t used = strlen(known);

		if (strcmp(value, words[i]) == 0) {
			*ret = (int)i;
			return true;
		}
		snprintf(known + used, sizeof(known) - used, "%s%s", i > 0 ? ", " : "", words[i]);
	}
	return refuse(refusal, RPC_INVALID_PARAMS, "unknown_word", name, "wants one of %s", known);
}

static char *keep(struct agi_request *request, struct text text)
{
	char *kept = request->store + request->used;

	if (text.length >= sizeof(request->store) - request->used)
		return NULL;
	memcpy(kept, text.start, text.length);
	kept[text.length] = '\0';
	request->used += text.length + 1;
	return kept;
}

/* Elements with ; between them, or with & where ; would begin a comment of the dialplan. The
 * text is cut up. */
static char *next_element(char **rest)
{
	char *element = *rest;
	size_t length = strcspn(element, ";&");

	if (*element == '\0')
		return NULL;
	*rest = element + length;
	if (**rest != '\0')
		*(*rest)++ = '\0';
	return element;
}

/* "french:3;german" */
static bool read_skills(struct agi_request *request, const char *value, const char *name,
                        struct refusal *refusal)
{
	struct call_words *words = &request->call;
	char *rest = keep(request, text_of(value)), *element;

	if (rest == NULL)
		return refuse_argument(refusal, name, "too_long", "is too long");
	words->has_skills = true;
	while ((element = next_element(&rest)) != NULL) {
		struct skill_wish *wish = &words->skills[words->skills_count];
		char *colon = strchr(element, ':');
		int64_t level = 1;

		if (*element == '\0')
			continue;
		if (words->skills_count == CALL_NEEDS_MAX)
			return refuse(refusal, RPC_INVALID_PARAMS, "too_many", name,
			              "has more than %d skills", CALL_NEEDS_MAX);
		if (colon != NULL) {
			*colon++ = '\0';
			if (!read_int(colon, name, 1, UINT8_MAX, &level, refusal))
				return false;
		}
		if (!read_id(element, name, &wish->name, refusal))
			return false;
		wish->level = (uint8_t)level;
		words->skills_count++;
	}
	return true;
}

static bool read_queues(struct agi_request *request, const char *value, const char *name,
                        struct refusal *refusal)
{
	struct agent_words *words = &request->agent;
	char *rest = keep(request, text_of(value)), *element;

	if (rest == NULL)
		return refuse_argument(refusal, name, "too_long", "is too long");
	words->has_queues = true;
	while ((element = next_element(&rest)) != NULL) {
		if (*element == '\0')
			continue;
		if (words->queues_count == AGENT_QUEUES_MAX)
			return refuse(refusal, RPC_INVALID_PARAMS, "too_many", name,
			              "has more than %d queues", AGENT_QUEUES_MAX);
		if (!read_id(element, name, &words->queues[words->queues_count], refusal))
			return false;
		words->queues_count++;
	}
	return true;
}

/* --- arguments by key --- */

typedef bool read_key_fn(struct agi_request *request, const char *value, const char *name,
                         struct refusal *refusal);

static bool on_queue(struct agi_request *request, const char *value, const char *name,
                     struct refusal *refusal)
{
	return read_id(value, name, &request->call.queue, refusal);
}

static bool on_customer(struct agi_request *request, const char *value, const char *name,
                        struct refusal *refusal)
{
	return read_id(value, name, &request->call.customer_id, refusal);
}

static bool on_tier(struct agi_request *request, const char *value, const char *name,
                    struct refusal *refusal)
{
	return read_text(value, name, &request->call.tier, refusal);
}

static bool on_reason(struct agi_request *request, const char *value, const char *name,
                      struct refusal *refusal)
{
	return read_text(value, name,
	                 request->kind == SCRIPT_AGENT ? &request->agent.reason
	                                               : &request->call.reason,
	                 refusal);
}

static bool on_case(struct agi_request *request, const char *value, const char *name,
                    struct refusal *refusal)
{
	return read_text(value, name, &request->call.case_id, refusal);
}

static bool on_from(struct agi_request *request, const char *value, const char *name,
                    struct refusal *refusal)
{
	return read_text(value, name, &request->call.from, refusal);
}

static bool on_priority(struct agi_request *request, const char *value, const char *name,
                        struct refusal *refusal)
{
	int64_t priority = 0;

	if (!read_int(value, name, -PRIORITY_MAX, PRIORITY_MAX, &priority, refusal))
		return false;
	request->call.has_priority = true;
	request->call.priority = (int16_t)priority;
	return true;
}

static bool on_presentation(struct agi_request *request, const char *value, const char *name,
                            struct refusal *refusal)
{
	int word;

	if (!read_word(value, name, presentations, ARRAY_LEN(presentations), &word, refusal))
		return false;
	request->call.presentation = (enum presentation)word;
	return true;
}

static bool on_vars(struct agi_request *request, const char *value, const char *name,
                    struct refusal *refusal)
{
	int word;

	if (!read_word(value, name, answers, ARRAY_LEN(answers), &word, refusal))
		return false;
	request->has_variables = true;
	request->variables = word == 1;
	return true;
}

/* Read beside DIALSTATUS. */
static bool on_cause(struct agi_request *request, const char *value, const char *name,
                     struct refusal *refusal)
{
	(void)request;
	(void)value;
	(void)name;
	(void)refusal;
	return true;
}

static bool on_target(struct agi_request *request, const char *value, const char *name,
                      struct refusal *refusal)
{
	return read_text(value, name, &request->agent.target, refusal);
}

static bool on_confirm(struct agi_request *request, const char *value, const char *name,
                       struct refusal *refusal)
{
	int word;

	if (!read_word(value, name, confirmations, ARRAY_LEN(confirmations), &word, refusal))
		return false;
	request->confirm = (enum confirmation)word;
	return true;
}

static const struct key {
	const char *name;
	const char *variable; /* of the channel, NULL: none */
	unsigned kinds;
	read_key_fn *read;
} keys[] = {
	{ "queue", NULL, BIT(SCRIPT_ROUTE), on_queue },
	{ "customer", "NAJIMI_CUSTOMER", BIT(SCRIPT_ROUTE), on_customer },
	{ "tier", "NAJIMI_TIER", BIT(SCRIPT_ROUTE), on_tier },
	{ "reason", "NAJIMI_REASON", BIT(SCRIPT_ROUTE) | BIT(SCRIPT_AGENT), on_reason },
	{ "skills", "NAJIMI_SKILLS", BIT(SCRIPT_ROUTE), read_skills },
	{ "priority", "NAJIMI_PRIORITY", BIT(SCRIPT_ROUTE), on_priority },
	{ "case", "NAJIMI_CASE", BIT(SCRIPT_ROUTE), on_case },
	{ "from", NULL, BIT(SCRIPT_ROUTE), on_from },
	{ "presentation", NULL, BIT(SCRIPT_ROUTE), on_presentation },
	{ "vars", NULL, BIT(SCRIPT_ROUTE), on_vars },
	{ "cause", NULL, BIT(SCRIPT_ROUTE), on_cause },
	{ "queues", NULL, BIT(SCRIPT_AGENT), read_queues },
	{ "target", NULL, BIT(SCRIPT_AGENT), on_target },
	{ "confirm", NULL, BIT(SCRIPT_AGENT), on_confirm },
};

static const struct key *find_key(enum agi_script_kind kind, struct text name)
{
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if ((keys[i].kinds & BIT(kind)) && text_is(name, keys[i].name))
			return &keys[i];
	}
	return NULL;
}

/* What the key says; "" when nobody said it. */
static const char *said_of(const struct agi_env *env, const struct agi_url *url, const char *name)
{
	size_t length = strlen(name);
	const char *value = agi_url_find(url, name);

	for (size_t i = 0; i < env->args_count; i++) {
		if (strncmp(env->args[i], name, length) == 0 && env->args[i][length] == '=')
			value = env->args[i] + length + 1;
	}
	return value == NULL ? "" : value;
}

static bool take_key(struct agi_request *request, const struct key *key, const char *value,
                     struct refusal *refusal)
{
	/* An empty value is an unset variable of the dialplan. */
	return *value == '\0' || key->read(request, value, key->name, refusal);
}

/* Those by place go to *ret_places in their order, the others are read. What is said twice,
 * in the URL as well, counts as it is said last. */
static bool read_arguments(const struct agi_env *env, struct agi_request *request,
                           size_t places_max, const char **ret_places, struct refusal *refusal)
{
	size_t places = 0;

	for (size_t i = 0; i < request->url.count; i++) {
		struct text name = text_of(request->url.query[i].name);
		const struct key *key = find_key(request->kind, name);

		if (key != NULL && !take_key(request, key, request->url.query[i].value, refusal))
			return false;
	}
	for (size_t i = 0; i < env->args_count; i++) {
		const char *equals = strchr(env->args[i], '=');
		const struct key *key = NULL;

		if (equals != NULL)
			key = find_key(
			        request->kind,
			        (struct text){ env->args[i], (size_t)(equals - env->args[i]) });
		if (key != NULL) {
			if (!take_key(request, key, equals + 1, refusal))
				return false;
		} else if (places < places_max) {
			ret_places[places++] = env->args[i];
		} else if (env->args[i][0] != '\0') {
			return refuse(refusal, RPC_INVALID_PARAMS, "unknown_argument", "",
			              "argument %zu (%.60s) is not known", i + 1, env->args[i]);
		}
	}
	return true;
}

/* --- the scripts --- */

/* Withheld is what the network says of the number, not what stands in its place. */
static void take_caller(const struct agi_env *env, struct agi_request *request)
{
	const char *from = env->fields[AGI_CALLERID], *to = env->fields[AGI_DNID];
	int64_t presentation;

	if (*from != '\0' && strcmp(from, "unknown") != 0 && strlen(from) <= TEXT_BYTES_MAX)
		request->call.from = from;
	if (*to != '\0' && strcmp(to, "unknown") != 0 && strlen(to) <= TEXT_BYTES_MAX)
		request->call.to = to;
	request->call.has_presentation = true;
	request->call.presentation = PRESENTATION_ALLOWED;
	if (number_parse(env->fields[AGI_CALLINGPRES], &presentation) < 0)
		return;
	if ((presentation & 0x60) == 0x20)
		request->call.presentation = PRESENTATION_RESTRICTED;
	else if ((presentation & 0x60) != 0)
		request->call.presentation = PRESENTATION_UNAVAILABLE;
}

static bool read_route(const struct agi_env *env, struct agi_request *request,
                       struct refusal *refusal)
{
	const char *places[] = { "", "" };

	request->call.channel = "voice";
	take_caller(env, request);
	if (!read_id(env->fields[AGI_UNIQUEID], "agi_uniqueid", &request->call.call_id, refusal) ||
	    !read_arguments(env, request, ARRAY_LEN(places), places, refusal))
		return false;
	if (*places[0] != '\0' && !on_queue(request, places[0], "queue", refusal))
		return false;
	if (request->call.queue == NULL)
		return refuse_argument(refusal, "queue", "missing", "is required");
	if (!agi_dial_read(places[1], said_of(env, &request->url, "cause"), &request->dial))
		return refuse(refusal, RPC_INVALID_PARAMS, "unknown_word", "result",
		              "%.40s is no DIALSTATUS", places[1]);
	return true;
}

static bool read_answered(const struct agi_env *env, struct agi_request *request,
                          struct refusal *refusal)
{
	const char *places[] = { "", "" };
	int64_t offer;

	if (!read_arguments(env, request, ARRAY_LEN(places), places, refusal) ||
	    !read_id(places[0], "call", &request->call_id, refusal) ||
	    !read_int(places[1], "offer", 1, UINT32_MAX, &offer, refusal))
		return false;
	request->offer = (uint32_t)offer;
	return true;
}

/* `h` runs on the caller's channel: without a call it is that channel's own. A status that is
 * not known is none: what is certain is that it is over. */
static bool read_ended(const struct agi_env *env, struct agi_request *request,
                       struct refusal *refusal)
{
	const char *places[] = { "", "", "", "" };

	if (!read_arguments(env, request, ARRAY_LEN(places), places, refusal))
		return false;
	if (!read_id(*places[0] != '\0' ? places[0] : env->fields[AGI_UNIQUEID], "call",
	             &request->call_id, refusal))
		return false;
	if (!agi_dial_read(places[1], places[3], &request->dial))
		request->dial.end = DIAL_NONE;
	return true;
}

static bool read_agent(const struct agi_env *env, struct agi_request *request,
                       struct refusal *refusal)
{
	const char *places[] = { "", "" };
	int act;

	if (!read_arguments(env, request, ARRAY_LEN(places), places, refusal) ||
	    !read_word(places[0], "action", act_names, ARRAY_LEN(act_names), &act, refusal) ||
	    !read_id(places[1], "agent", &request->agent.agent, refusal))
		return false;
	request->act = (enum agent_act)act;
	return true;
}

bool agi_request_read(const struct agi_env *env, struct agi_request *ret, struct refusal *refusal)
{
	int kind;

	memset(ret, 0, offsetof(struct agi_request, store));
	if (!agi_url_read(&ret->url, env->fields[AGI_SCRIPT]))
		return refuse_argument(refusal, "agi_network_script", "too_long",
		                       "has more than can be read");
	if (!read_word(ret->url.path, "agi_network_script", kind_names, ARRAY_LEN(kind_names),
	               &kind, refusal)) {
		refusal->reason = "unknown_script";
		return false;
	}
	ret->kind = (enum agi_script_kind)kind;
	switch (ret->kind) {
	case SCRIPT_ROUTE:
		return read_route(env, ret, refusal);
	case SCRIPT_ANSWERED:
		return read_answered(env, ret, refusal);
	case SCRIPT_ENDED:
		return read_ended(env, ret, refusal);
	case SCRIPT_AGENT:
		return read_agent(env, ret, refusal);
	}
	return false;
}

/* --- channel variables --- */

const char *agi_request_expression(void)
{
	return "${NAJIMI_CUSTOMER}" SEPARATOR "${NAJIMI_TIER}" SEPARATOR
	       "${NAJIMI_REASON}" SEPARATOR "${NAJIMI_SKILLS}" SEPARATOR
	       "${NAJIMI_PRIORITY}" SEPARATOR "${NAJIMI_CASE}";
}

static bool is_said(const struct call_words *words, const struct key *key)
{
	if (key->read == on_customer)
		return words->customer_id != NULL;
	if (key->read == on_tier)
		return words->tier != NULL;
	if (key->read == on_reason)
		return words->reason != NULL;
	if (key->read == read_skills)
		return words->has_skills;
	if (key->read == on_priority)
		return words->has_priority;
	return words->case_id != NULL;
}

/* Control characters and what is no UTF-8 as in the environment. */
static void clean(char *text)
{
	while (*text != '\0') {
		uint32_t point = 0;
		size_t length = text_char(text_of(text), &point);

		if (length == 0 || point < 0x20 || point == 0x7f)
			*text = '?';
		text += length == 0 ? 1 : length;
	}
}

bool agi_request_variables(struct agi_request *request, struct text value, struct refusal *refusal)
{
	char *rest = keep(request, value);

	if (rest == NULL)
		return refuse_argument(refusal, "NAJIMI_*", "too_long",
		                       "the variables are too long together");
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		char *end;

		if (keys[i].variable == NULL)
			continue;
		if (rest == NULL)
			return refuse_argument(refusal, keys[i].variable, "missing",
			                       "was not among what Asterisk said");
		end = strstr(rest, SEPARATOR);
		if (end != NULL)
			*end = '\0';
		clean(rest);
		if (*rest != '\0' && !is_said(&request->call, &keys[i]) &&
		    !keys[i].read(request, rest, keys[i].variable, refusal))
			return false;
		rest = end == NULL ? NULL : end + strlen(SEPARATOR);
	}
	return rest == NULL || refuse_argument(refusal, "NAJIMI_*", "too_many",
	                                       "Asterisk said more than was asked");
}
