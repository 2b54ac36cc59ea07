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
static void insert(struct memory *memory, struct text name, usec_t at)
{
	size_t place = memory->count;

	while (place > 0 && memory->agents[place - 1].at < at)
		place--;
	if (place == MEMORY_AGENTS_MAX)
		return;
	if (memory->count < MEMORY_AGENTS_MAX)
		memory->count++;
	memmove(&memory->agents[place + 1], &memory->agents[place],
	        (memory->count - 1 - place) * sizeof(memory->agents[0]));
	memory->agents[place] = (struct memory_agent){ name, at };
}

static void drop_agent(struct memory *memory, struct text name)
{
	for (size_t i = 0; i < memory->count; i++) {
		if (!equal(memory->agents[i].name, name))
			continue;
		memory->count--;
		memmove(&memory->agents[i], &memory->agents[i + 1],
		        (memory->count - i) * sizeof(memory->agents[0]));
		return;
	}
}

static void read_agent(struct memory *memory, struct text name, struct text value)
{
	struct json *json = parse(value);
	usec_t at;

	if (json != NULL && get_instant(json, "at", &at))
		insert(memory, name, at);
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

void memory_read(const struct memory_field *fields, size_t count, struct memory *ret)
{
	struct text name;

	ret->count = 0;
	ret->left_queue[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		if (starts_with(fields[i].name, MEMORY_AGENT_FIELD, &name))
			read_agent(ret, name, fields[i].value);
		else if (text_is(fields[i].name, MEMORY_LEFT_FIELD))
			read_left(ret, fields[i].value);
	}
	for (size_t i = 0; i < count; i++) {
		if (starts_with(fields[i].name, MEMORY_EXCLUDE_FIELD, &name))
			drop_agent(ret, name);
	}
}

/* --- the story --- */

static void tell_agents(struct json_out *out, const struct memory_field *fields, size_t count,
                        const struct memory *memory)
{
	json_array(out, "agents");
	for (size_t i = 0; i < memory->count; i++) {
		json_object(out, NULL);
		json_bytes(out, "agent", memory->agents[i].name);
		json_instant(out, "at", memory->agents[i].at);
		for (size_t j = 0; j < count; j++) {
			struct text name;
			struct json *json;
			const char *text;
			int64_t number;

			if (!starts_with(fields[j].name, MEMORY_AGENT_FIELD, &name) ||
			    !equal(name, memory->agents[i].name))
				continue;
			json = parse(fields[j].value);
			if (member_get_int(json, "talk_ms", &number))
				json_int(out, "talk_ms", number);
			if (member_get_text(json, "queue", &text))
				json_text(out, "queue", text);
			if (member_get_text(json, "contact", &text))
				json_text(out, "contact", text);
			json_free(json);
			break;
		}
		json_object_end(out);
	}
	json_array_end(out);
}

static void tell_excluded(struct json_out *out, const struct memory_field *fields, size_t count)
{
	bool open = false;

	for (size_t i = 0; i < count; i++) {
		struct text name;

		if (!starts_with(fields[i].name, MEMORY_EXCLUDE_FIELD, &name))
			continue;
		if (!open)
			json_array(out, "excluded");
		open = true;
		json_bytes(out, NULL, name);
	}
	if (open)
		json_array_end(out);
}

static bool is_structured(struct text name)
{
	struct text rest;

	return starts_with(name, MEMORY_AGENT_FIELD, &rest) ||
	       starts_with(name, MEMORY_EXCLUDE_FIELD, &rest) || text_is(name, MEMORY_LEFT_FIELD) ||
	       text_is(name, "v") || text_is(name, "key") || text_is(name, "agents") ||
	       text_is(name, "excluded");
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
	tell_excluded(&out, fields, count);
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
