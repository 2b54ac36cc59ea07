#include "contacts.h"

#include <errno.h>

#include "members.h"
#include "najimi/core/view.h"

static const char *word_of_outcome(int value)
{
	return call_outcome_name((enum call_outcome)value);
}

static const char *word_of_by(int value)
{
	return ended_by_name((enum ended_by)value);
}

static const char *word_of_sticky(int value)
{
	return sticky_result_name((enum sticky_result)value);
}

static const char *word_of_promise(int value)
{
	static const char *const words[] = { "", "kept", "broken" };

	return words[value];
}

static const char *word_of_why(int value)
{
	return sticky_why_name((enum sticky_why)value);
}

/* The tier that counted; what the telephony system said stands beside it. */
static void write_tier(struct json_out *out, const char *name, const void *record,
                       struct directory *directory)
{
	uint8_t tier = ((const struct contact_saved *)record)->contact.tier;

	if (tier != 0)
		json_text(out, name, directory_tier_name(directory, tier));
}

static int read_tier(const struct json *json, void *record, struct directory *directory,
                     struct err *err)
{
	const char *name;

	if (!json_get_text(json, &name))
		return err_set(err, -EINVAL, "tier_used is no text");
	((struct contact_saved *)record)->contact.tier = directory_find_tier(directory, name);
	return 0;
}

/* A number that must not be shown is in the key at most. */
static void write_number(struct json_out *out, const char *name, const void *record,
                         struct directory *directory)
{
	const struct call_facts *facts = &((const struct contact_saved *)record)->facts;

	(void)directory;
	if (*facts->number != '\0' && !facts->restricted)
		json_text(out, name, facts->number);
}

/* Who called, where that turned out to be somebody else than the key says: a number's one
 * customer. */
static void write_identity(struct json_out *out, const char *name, const void *record,
                           struct directory *directory)
{
	const struct contact_saved *saved = record;

	(void)directory;
	if (saved->identity != NULL && strcmp(saved->identity, saved->facts.key) != 0)
		json_text(out, name, saved->identity);
}

/* What is only there for those who read the stream. */
static int skip(const struct json *json, void *record, struct directory *directory, struct err *err)
{
	(void)json;
	(void)record;
	(void)directory;
	(void)err;
	return 0;
}

#define SAVED(m) .offset = offsetof(struct contact_saved, m)
#define OF(m) .offset = offsetof(struct contact_saved, contact.m)
#define FACT(m) .kind = MEMBER_TEXT, .offset = offsetof(struct contact_saved, facts.m)

/* The order is that of the JSON, what people look for first. */
static const struct member rows[] = {
	{ "contact", .kind = MEMBER_TEXT, .offset = offsetof(struct contact_saved, id) },
	{ "client", FACT(client) },
	{ "call", FACT(name) },
	{ "outcome", MEMBER_STATE, OF(outcome), .word = word_of_outcome, .words = CALL_OUTCOMES },
	{ "by", MEMBER_STATE, OF(by), .word = word_of_by, .words = BY_LOSS + 1 },
	{ "queue", MEMBER_PAST_QUEUE, OF(queue) },
	{ "first_queue", MEMBER_PAST_QUEUE, OF(first_queue) },
	{ "arrived_at", MEMBER_RFC, OF(arrived_at) },
	{ "answered_at", MEMBER_RFC, OF(answered_at) },
	{ "ended_at", MEMBER_RFC, OF(ended_at) },
	{ "wait_ms", MEMBER_MS, OF(wait) },
	{ "ring_ms", MEMBER_MS, OF(ring) },
	{ "talk_ms", MEMBER_MS, OF(talk) },
	{ "hold_ms", MEMBER_MS, OF(hold) },
	{ "in_time", MEMBER_BOOL, SAVED(in_time) },
	{ "told_ms", MEMBER_MS, SAVED(told) },
	{ "promise", MEMBER_WORD, SAVED(promise), .word = word_of_promise,
	  .words = PROMISE_BROKEN + 1 },
	{ "agent", MEMBER_AGENT, OF(agent) },
	{ "credited", MEMBER_AGENT, OF(credited) },
	{ "legs", MEMBER_U16, OF(legs) },
	{ "offers", MEMBER_U32, OF(offers) },
	{ "sticky", MEMBER_STATE, OF(sticky), .word = word_of_sticky, .words = STICKY_RESULTS },
	{ "why", MEMBER_WORD, OF(why), .word = word_of_why, .words = STICKY_WHYS },
	{ "preferred", MEMBER_AGENT, OF(preferred.agent) },
	{ "preferred_at", MEMBER_RFC, OF(preferred.at) },
	{ "pinned", MEMBER_BOOL, OF(preferred.pinned) },
	{ "waited_ms", MEMBER_MS, OF(waited_for) },
	{ "extra_wait_ms", MEMBER_MS, OF(extra_wait) },
	{ "holdout", MEMBER_BOOL, OF(holdout) },
	{ "key", FACT(key) },
	{ "identity", MEMBER_OWN, .write = write_identity, .read = skip },
	{ "shared", MEMBER_BOOL, SAVED(shared) },
	{ "number", MEMBER_OWN, .write = write_number, .read = skip },
	{ "to", FACT(to) },
	{ "customer_id", FACT(customer_id) },
	{ "tier", FACT(tier) },
	{ "tier_used", MEMBER_OWN, .write = write_tier, .read = read_tier },
	{ "reason", FACT(reason) },
	{ "channel", FACT(channel) },
	{ "case_id", FACT(case_id) },
	{ "fingerprint", .kind = MEMBER_HEX,
	  .offset = offsetof(struct contact_saved, fingerprint) },
};

size_t contact_write(const struct contact_saved *saved, struct directory *directory, char *buffer,
                     size_t size)
{
	struct json_out out;

	json_out_begin(&out, buffer, size);
	json_object(&out, NULL);
	json_uint(&out, "v", RECORD_VERSION);
	members_write(rows, ARRAY_LEN(rows), &out, saved, directory);
	json_object_end(&out);
	return json_out_done(&out);
}

bool contact_member_is_plain(const char *name)
{
	static const char *const personal[] = { "key", "identity", "number", "customer_id",
		                                "fingerprint" };

	for (size_t i = 0; i < ARRAY_LEN(personal); i++)
		if (strcmp(personal[i], name) == 0)
			return false;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].name, name) == 0)
			return true;
	return false;
}

static bool copy(const char *text, char *ret, size_t size)
{
	size_t length = strlen(text);

	if (length >= size)
		return false;
	memcpy(ret, text, length + 1);
	return true;
}

/* The document goes, the texts that are needed stay. */
static int take_over(const struct contact_saved *read, struct contact_texts *texts,
                     struct contact_saved *ret, struct err *err)
{
	if (*read->facts.client == '\0' || *read->facts.name == '\0' || *read->id == '\0')
		return err_set(err, -EINVAL, "has no client, call or contact");
	if (!copy(read->facts.client, texts->client, sizeof(texts->client)) ||
	    !copy(read->facts.name, texts->name, sizeof(texts->name)) ||
	    !copy(read->facts.key, texts->key, sizeof(texts->key)) ||
	    !copy(read->id, texts->id, sizeof(texts->id)))
		return err_set(err, -EINVAL, "has a client, call, key or contact that is too long");
	*ret = *read;
	ret->id = texts->id;
	ret->facts = (struct call_facts){
		texts->client, texts->name, "", "", texts->key, "", "", "", "", "", "", "", false
	};
	return 0;
}

int contact_read(struct text json, struct directory *directory, struct contact_texts *texts,
                 struct contact_saved *ret, struct err *err)
{
	static const struct json_limits limits = { .bytes_max = (size_t)16 << 10,
		                                   .depth_max = 8,
		                                   .members_max = 256 };
	struct contact_saved read = {
		.facts = { "", "", "", "", "", "", "", "", "", "", "", "", false },
		.id = "",
		.contact = { .queue = QUEUE_NONE, .first_queue = QUEUE_NONE },
	};
	struct member_reading reading = { .directory = directory };
	struct json *document;
	int r = json_parse(json, &limits, &document, err);

	if (r < 0)
		return r;
	r = members_check_version(document, err);
	if (r == 0)
		r = members_read(rows, ARRAY_LEN(rows), document, &read, &reading, err);
	if (r == 0)
		r = take_over(&read, texts, ret, err);
	json_free(document);
	return r;
}
