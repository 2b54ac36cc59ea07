#include "history_json.h"

#include <stdlib.h>
#include <string.h>

#include "contacts.h"
#include "najimi/base/macros.h"
#include "najimi/base/text.h"
#include "najimi/codec/json.h"

#define MEMBER_MAX ((size_t)32 * 1024) /* of one member of a record */
#define PARTS 3                        /* of an entry: its id, kind and record */

/* What an agent said of a contact. */
struct said {
	struct json *record;
	const char *contact;
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

/* --- what agents said --- */

static bool is_told_of_disposition(const char *name, bool pii)
{
	static const char *const told[] = { "outcome", "reason", "stick", "agent", "at" };

	for (size_t i = 0; i < ARRAY_LEN(told); i++)
		if (strcmp(told[i], name) == 0)
			return true;
	return pii && strcmp(name, "note") == 0;
}

static size_t read_said(const redisReply *found, struct said *said)
{
	size_t count = 0;

	for (size_t i = 0; i + 2 < found->elements; i += PARTS) {
		struct json *record;

		if (!is_kind(found->element[i + 1], DISPOSITION_FIELD))
			continue;
		record = read_record(found->element[i + 2]);
		if (record == NULL)
			continue;
		if (json_get_text(json_member(record, "contact"), &said[count].contact))
			said[count++].record = record;
		else
			json_free(record);
	}
	return count;
}

static const struct json *find_said(const struct said *said, size_t count,
                                    const struct json *contact)
{
	const char *id;

	if (!json_get_text(json_member(contact, "contact"), &id))
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (strcmp(said[i].contact, id) == 0)
			return said[i].record; /* the last word */
	return NULL;
}

/* --- one contact --- */

static void put_members(struct json_out *out, const struct json *record, bool pii,
                        bool (*is_told)(const char *name, bool pii))
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

static void put_contact(struct json_out *out, const char *entry, const struct json *contact,
                        bool is_outbound, const struct json *said, bool pii)
{
	json_object(out, NULL);
	json_text(out, "entry", entry);
	if (is_outbound)
		json_text(out, "direction", "outbound");
	put_members(out, contact, pii, is_told_of_contact);
	if (said != NULL) {
		json_object(out, "disposition");
		put_members(out, said, pii, is_told_of_disposition);
		json_object_end(out);
	}
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
	struct said *said = calloc(found->elements / PARTS + 1, sizeof(*said));
	size_t said_count = said == NULL ? 0 : read_said(found, said), count = 0;

	json_array(out, "contacts");
	for (size_t i = 0; i + 2 < found->elements && count < most; i += PARTS) {
		const redisReply *kind = found->element[i + 1];
		bool is_outbound = is_kind(kind, OUTBOUND_FIELD);
		struct json *contact;

		if (!is_outbound && !is_kind(kind, CONTACT_FIELD))
			continue;
		contact = read_record(found->element[i + 2]);
		if (contact != NULL && ended_since(contact, since)) {
			put_contact(out, found->element[i]->str, contact, is_outbound,
			            find_said(said, said_count, contact), pii);
			count++;
		}
		json_free(contact);
	}
	json_array_end(out);
	while (said_count > 0)
		json_free(said[--said_count].record);
	free(said);
	return count;
}
