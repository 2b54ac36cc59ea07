#include "memory.h"

#include <stdbool.h>

#include "members.h"
#include "najimi/codec/json.h"

static const struct json_limits limits = { .bytes_max = 4096, .depth_max = 8, .members_max = 64 };

static bool starts_with(struct text text, const char *start, struct text *ret_rest)
{
	size_t length = strlen(start);

	if (text.length <= length || memcmp(text.start, start, length) != 0)
		return false;
	*ret_rest = (struct text){ text.start + length, text.length - length };
	return true;
}

static bool equal(struct text a, struct text b)
{
	return a.length == b.length && memcmp(a.start, b.start, a.length) == 0;
}

/* NULL when it is no JSON. */
static struct json *parse(struct text value)
{
	struct json *json = NULL;

	if (value.length == 0 || json_parse(value, &limits, &json, NULL) < 0)
		return NULL;
	return json;
}

static bool get_instant(const struct json *object, const char *name, usec_t *ret)
{
	const char *text;

	return member_get_text(object, name, &text) && text_to_instant(text_of(text), ret) == 0;
}

/* Keeps the order; the longest ago falls out at the end. */
static void insert(struct memory *memory, const struct memory_agent *agent)
{
	size_t place = memory->count;

	while (place > 0 && memory->agents[place - 1].at < agent->at)
		place--;
	if (place == MEMORY_AGENTS_MAX)
		return;
	if (memory->count < MEMORY_AGENTS_MAX)
		memory->count++;
	memmove(&memory->agents[place + 1], &memory->agents[place],
	        (memory->count - 1 - place) * sizeof(memory->agents[0]));
	memory->agents[place] = *agent;
}

static void read_agent(struct memory *memory, struct text name, struct text value)
{
	struct json *json = parse(value);
	struct memory_agent agent = { .name = name };
	const char *queue;

	if (json != NULL && get_instant(json, "at", &agent.at)) {
		if (member_get_text(json, "queue", &queue) && strlen(queue) < sizeof(agent.queue))
			strcpy(agent.queue, queue);
		insert(memory, &agent);
	}
	json_free(json);
}

/* {"until": ...}; whatever else it says, it is for ever. */
static void read_exclusion(struct memory *memory, struct text name, struct text value, usec_t now)
{
	struct json *json = parse(value);
	struct memory_exclusion exclusion = { name, USEC_NEVER };

	if (!get_instant(json, "until", &exclusion.until))
		exclusion.until = USEC_NEVER;
	if (exclusion.until > now && memory->excluded_count < MEMORY_EXCLUDED_MAX)
		memory->excluded[memory->excluded_count++] = exclusion;
	json_free(json);
}

static void read_left(struct memory *memory, struct text value)
{
	struct json *json = parse(value);
	usec_t arrived_at, at;
	const char *queue;

	if (json != NULL && get_instant(json, "arrived_at", &arrived_at) &&
	    get_instant(json, "at", &at) && member_get_text(json, "queue", &queue) &&
	    strlen(queue) < sizeof(memory->left_queue)) {
		strcpy(memory->left_queue, queue);
		memory->left_arrived_at = arrived_at;
		memory->left_at = at;
	}
	json_free(json);
}

static usec_t instant_or_0(struct text text)
{
	usec_t at;

	return text_to_instant(text, &at) < 0 ? 0 : at;
}

void memory_read(const struct memory_field *fields, size_t count, usec_t now, struct memory *ret)
{
	struct text name;

	ret->count = ret->excluded_count = 0;
	ret->left_queue[0] = '\0';
	ret->pin = ret->tier = TEXT("");
	ret->pin_at = 0;
	for (size_t i = 0; i < count; i++) {
		const struct memory_field *field = &fields[i];

		if (starts_with(field->name, MEMORY_AGENT_FIELD, &name))
			read_agent(ret, name, field->value);
		else if (starts_with(field->name, MEMORY_EXCLUDE_FIELD, &name))
			read_exclusion(ret, name, field->value, now);
		else if (text_is(field->name, MEMORY_LEFT_FIELD))
			read_left(ret, field->value);
		else if (text_is(field->name, MEMORY_PIN_FIELD))
			ret->pin = field->value;
		else if (text_is(field->name, MEMORY_PIN_AT_FIELD))
			ret->pin_at = instant_or_0(field->value);
		else if (text_is(field->name, MEMORY_TIER_FIELD))
			ret->tier = field->value;
	}
}

usec_t memory_excluded_until(const struct memory *memory, struct text agent)
{
	for (size_t i = 0; i < memory->excluded_count; i++) {
		if (equal(memory->excluded[i].name, agent))
			return memory->excluded[i].until;
	}
	return 0;
}

/* --- the story --- */

/* The value of the field START NAME as JSON, NULL without. */
static struct json *parse_field(const struct memory_field *fields, size_t count, const char *start,
                                struct text name)
{
	struct text rest;

	for (size_t i = 0; i < count; i++) {
		if (starts_with(fields[i].name, start, &rest) && equal(rest, name))
			return parse(fields[i].value);
	}
	return NULL;
}

static void tell_text(struct json_out *out, const struct json *json, const char *name)
{
	const char *text;

	if (member_get_text(json, name, &text))
		json_text(out, name, text);
}

static void tell_agents(struct json_out *out, const struct memory_field *fields, size_t count,
                        const struct memory *memory)
{
	json_array(out, "agents");
	for (size_t i = 0; i < memory->count; i++) {
		const struct memory_agent *agent = &memory->agents[i];
		struct json *json;
		int64_t talk;

		if (memory_excluded_until(memory, agent->name) != 0)
			continue;
		json = parse_field(fields, count, MEMORY_AGENT_FIELD, agent->name);
		json_object(out, NULL);
		json_bytes(out, "agent", agent->name);
		json_instant(out, "at", agent->at);
		if (member_get_int(json, "talk_ms", &talk))
			json_int(out, "talk_ms", talk);
		tell_text(out, json, "queue");
		tell_text(out, json, "contact");
		json_object_end(out);
		json_free(json);
	}
	json_array_end(out);
}

static void tell_excluded(struct json_out *out, const struct memory_field *fields, size_t count,
                          const struct memory *memory)
{
	if (memory->excluded_count == 0)
		return;
	json_array(out, "excluded");
	for (size_t i = 0; i < memory->excluded_count; i++)
		json_bytes(out, NULL, memory->excluded[i].name);
	json_array_end(out);
	json_array(out, "exclusions");
	for (size_t i = 0; i < memory->excluded_count; i++) {
		const struct memory_exclusion *exclusion = &memory->excluded[i];
		struct json *json =
		        parse_field(fields, count, MEMORY_EXCLUDE_FIELD, exclusion->name);

		json_object(out, NULL);
		json_bytes(out, "agent", exclusion->name);
		json_instant(out, "until", exclusion->until);
		tell_text(out, json, "reason");
		tell_text(out, json, "by");
		tell_text(out, json, "at");
		json_object_end(out);
		json_free(json);
	}
	json_array_end(out);
}

static bool is_structured(struct text name)
{
	struct text rest;

	return starts_with(name, MEMORY_AGENT_FIELD, &rest) ||
	       starts_with(name, MEMORY_EXCLUDE_FIELD, &rest) || text_is(name, MEMORY_LEFT_FIELD) ||
	       text_is(name, "v") || text_is(name, MEMORY_FCR_FIELD) || text_is(name, "key") ||
	       text_is(name, "agents") || text_is(name, "excluded") || text_is(name, "exclusions");
}

size_t memory_story(const struct memory_field *fields, size_t count, const struct memory *memory,
                    struct text key, char *buffer, size_t size)
{
	struct json_out out;

	json_out_begin(&out, buffer, size);
	json_object(&out, NULL);
	json_bytes(&out, "key", key);
	/* Name, tier, notes, open case, and whatever else a CRM has put there. */
	for (size_t i = 0; i < count; i++) {
		if (is_structured(fields[i].name))
			continue;
		json_name_text(&out, fields[i].name);
		json_bytes(&out, NULL, fields[i].value);
	}
	tell_agents(&out, fields, count, memory);
	tell_excluded(&out, fields, count, memory);
	if (memory->left_queue[0] != '\0') {
		json_object(&out, "left");
		json_text(&out, "queue", memory->left_queue);
		json_instant(&out, "arrived_at", memory->left_arrived_at);
		json_instant(&out, "at", memory->left_at);
		json_object_end(&out);
	}
	json_object_end(&out);
	return json_out_done(&out);
}

/* --- values --- */

size_t memory_agent_value(usec_t at, usec_t talk, const char *queue, const char *contact,
                          char *buffer, size_t size)
{
	struct json_out out;

	json_out_begin(&out, buffer, size);
	json_object(&out, NULL);
	json_instant(&out, "at", at);
	json_ms(&out, "talk_ms", talk);
	json_text(&out, "queue", queue);
	json_text(&out, "contact", contact);
	json_object_end(&out);
	return json_out_done(&out);
}

size_t memory_left_value(const char *queue, usec_t arrived_at, usec_t at, char *buffer, size_t size)
{
	struct json_out out;

	json_out_begin(&out, buffer, size);
	json_object(&out, NULL);
	json_text(&out, "queue", queue);
	json_instant(&out, "arrived_at", arrived_at);
	json_instant(&out, "at", at);
	json_object_end(&out);
	return json_out_done(&out);
}

size_t memory_exclude_value(usec_t until, const char *reason, const char *by, usec_t at,
                            char *buffer, size_t size)
{
	struct json_out out;

	json_out_begin(&out, buffer, size);
	json_object(&out, NULL);
	if (until != USEC_NEVER)
		json_instant(&out, "until", until);
	if (*reason != '\0')
		json_text(&out, "reason", reason);
	if (*by != '\0')
		json_text(&out, "by", by);
	json_instant(&out, "at", at);
	json_object_end(&out);
	return json_out_done(&out);
}
