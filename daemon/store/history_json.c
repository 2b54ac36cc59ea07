#include "history_json.h"

#include <stdlib.h>
#include <string.h>

#include "contacts.h"
#include "najimi/base/macros.h"
#include "najimi/base/text.h"
#include "najimi/codec/json.h"

#define MEMBER_MAX ((size_t)32 * 1024) /* of one member of a record */
#define PARTS 3                        /* of an entry: its id, kind and record */

/* What was said of contacts: by agents, or by callers. */
struct said {
	size_t count;
	struct saying {
		struct json *record;
		const char *contact;
	} sayings[];
};

static struct json *read_record(const redisReply *value)
{
	static const struct json_limits limits = { .bytes_max = (size_t)32 << 10,
		                                   .depth_max = 8,
		                                   .members_max = 256 };
	struct json *record;
	struct err err;

	if (value->type != REDIS_REPLY_STRING ||
	    json_parse((struct text){ value->str, value->len }, &limits, &record, &err) < 0)
		return NULL;
	if (json_type(record) == JSON_OBJECT)
		return record;
	json_free(record);
	return NULL;
}

static bool is_kind(const redisReply *kind, const char *word)
{
	return kind->type == REDIS_REPLY_STRING && strcmp(kind->str, word) == 0;
}

/* --- what agents and callers said --- */

static bool is_among(const char *name, const char *const names[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static bool is_told_of_disposition(const char *name, bool pii)
{
	static const char *const told[] = { "outcome", "reason", "stick", "agent", "at" };

	return is_among(name, told, ARRAY_LEN(told)) || (pii && strcmp(name, "note") == 0);
}

static bool is_told_of_survey(const char *name, bool pii)
{
	static const char *const told[] = { "nps",     "csat",    "resolved", "expectation",
		                            "quality", "loyalty", "at" };

	return is_among(name, told, ARRAY_LEN(told)) || (pii && strcmp(name, "comment") == 0);
}

/* NULL: out of memory. */
static struct said *read_said(const redisReply *found, const char *kind)
{
	struct said *said =
	        malloc(sizeof(*said) + (found->elements / PARTS + 1) * sizeof(said->sayings[0]));

	if (said == NULL)
		return NULL;
	said->count = 0;
	for (size_t i = 0; i + 2 < found->elements; i += PARTS) {
		struct saying *saying = &said->sayings[said->count];

		if (!is_kind(found->element[i + 1], kind))
			continue;
		saying->record = read_record(found->element[i + 2]);
		if (json_get_text(json_member(saying->record, "contact"), &saying->contact))
			said->count++;
		else
			json_free(saying->record);
	}
	return said;
}

static void free_said(struct said *said)
{
	while (said != NULL && said->count > 0)
		json_free(said->sayings[--said->count].record);
	free(said);
}

/* The last word. */
static const struct json *find_said(const struct said *said, const struct json *contact)
{
	const char *id;

	if (said == NULL || !json_get_text(json_member(contact, "contact"), &id))
		return NULL;
	for (size_t i = 0; i < said->count; i++)
		if (strcmp(said->sayings[i].contact, id) == 0)
			return said->sayings[i].record;
	return NULL;
}

/* --- one contact --- */

typedef bool is_told_fn(const char *name, bool pii);

static void put_members(struct json_out *out, const struct json *record, bool pii,
                        is_told_fn *is_told)
{
	char value[MEMBER_MAX];
	size_t length;

	for (const struct json *one = json_first(record); one != NULL; one = json_next(one)) {
		if (!is_told(json_member_name(one), pii))
			continue;
		length = json_print(one, value, sizeof(value));
		if (length == 0)
			continue;
		json_name_text(out, text_of(json_member_name(one)));
		json_raw(out, NULL, (struct text){ value, length });
	}
}

/* Those who may not know who calls get what says nothing about it. */
static bool is_told_of_contact(const char *name, bool pii)
{
	return pii || contact_member_is_plain(name);
}

static void put_saying(struct json_out *out, const char *name, const struct json *record, bool pii,
                       is_told_fn *is_told)
{
	if (record == NULL)
		return;
	json_object(out, name);
	put_members(out, record, pii, is_told);
	json_object_end(out);
}

/* What there is beside the contacts. */
struct beside {
	struct said *dispositions, *surveys;
	bool pii;
};

static void put_contact(struct json_out *out, const char *entry, const struct json *contact,
                        bool is_outbound, const struct beside *beside)
{
	json_object(out, NULL);
	json_text(out, "entry", entry);
	if (is_outbound)
		json_text(out, "direction", "outbound");
	put_members(out, contact, beside->pii, is_told_of_contact);
	put_saying(out, "disposition", find_said(beside->dispositions, contact), beside->pii,
	           is_told_of_disposition);
	put_saying(out, "survey", find_said(beside->surveys, contact), beside->pii,
	           is_told_of_survey);
	json_object_end(out);
}

static bool ended_since(const struct json *contact, usec_t since)
{
	const char *text;
	usec_t at;

	return json_get_text(json_member(contact, "ended_at"), &text) &&
	       text_to_instant(text_of(text), &at) == 0 && at >= since;
}

size_t history_put_contacts(struct json_out *out, const redisReply *found, bool pii, usec_t since,
                            size_t most)
{
	const struct beside beside = { read_said(found, DISPOSITION_FIELD),
		                       read_said(found, SURVEY_FIELD), pii };
	size_t count = 0;

	json_array(out, "contacts");
	for (size_t i = 0; i + 2 < found->elements && count < most; i += PARTS) {
		const redisReply *kind = found->element[i + 1];
		bool is_outbound = is_kind(kind, OUTBOUND_FIELD);
		struct json *contact;

		if (!is_outbound && !is_kind(kind, CONTACT_FIELD))
			continue;
		contact = read_record(found->element[i + 2]);
		if (contact != NULL && ended_since(contact, since)) {
			put_contact(out, found->element[i]->str, contact, is_outbound, &beside);
			count++;
		}
		json_free(contact);
	}
	json_array_end(out);
	free_said(beside.dispositions);
	free_said(beside.surveys);
	return count;
}
