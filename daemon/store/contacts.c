#include "contacts.h"

#include <stdlib.h>

#include "najimi/base/number.h"
#include "najimi/core/view.h"

#define CONTACT_VERSION "1"

const char *ended_by_name(enum ended_by by)
{
	switch (by) {
	case BY_CALLER:
		return "caller";
	case BY_AGENT:
		return "agent";
	case BY_SYSTEM:
		return "system";
	case BY_LOSS:
		return "loss";
	}
	abort();
}

/* --- writing --- */

static void put_text(struct batch *batch, const char *name, const char *value)
{
	if (*value == '\0')
		return;
	batch_string(batch, name);
	batch_string(batch, value);
}

static void put_instant(struct batch *batch, const char *name, usec_t at)
{
	if (at == 0)
		return;
	batch_string(batch, name);
	batch_instant(batch, at);
}

static void put_ms(struct batch *batch, const char *name, usec_t span)
{
	if (span < MSEC(1))
		return;
	batch_string(batch, name);
	batch_ms(batch, span);
}

static void put_count(struct batch *batch, const char *name, uint64_t count)
{
	if (count == 0)
		return;
	batch_string(batch, name);
	batch_uint(batch, count);
}

static void put_agent(struct batch *batch, const char *name, struct agent_id agent,
                      struct directory *directory)
{
	if (agent_id_set(agent))
		put_text(batch, name, directory_agent_name(directory, agent));
}

static void put_hex(struct batch *batch, const char *name, uint64_t value)
{
	char digits[16];

	for (unsigned i = 0; i < 16; i++)
		digits[i] = "0123456789abcdef"[value >> (60 - 4 * i) & 15];
	batch_string(batch, name);
	batch_text(batch, (struct text){ digits, sizeof(digits) });
}

static void write_facts(const struct contact_saved *saved, struct batch *batch)
{
	const struct call_facts *facts = &saved->facts;

	put_text(batch, "key", facts->key);
	put_text(batch, "customer_id", facts->customer_id);
	put_text(batch, "tier", facts->tier);
	put_text(batch, "reason", facts->reason);
	put_text(batch, "channel", facts->channel);
	put_text(batch, "case_id", facts->case_id);
	put_hex(batch, "fingerprint", saved->fingerprint);
}

static void write_times(const struct contact *contact, struct batch *batch)
{
	put_instant(batch, "arrived_at", contact->arrived_at);
	put_instant(batch, "answered_at", contact->answered_at);
	put_instant(batch, "ended_at", contact->ended_at);
	put_ms(batch, "wait_ms", contact->wait);
	put_ms(batch, "ring_ms", contact->ring);
	put_ms(batch, "talk_ms", contact->talk);
	put_ms(batch, "hold_ms", contact->hold);
}

/* Redis' work for a contact grows with its fields: what is zero has none. */
void contact_write(const struct contact_saved *saved, struct directory *directory,
                   struct batch *batch)
{
	const struct contact *contact = &saved->contact;

	put_text(batch, "v", CONTACT_VERSION);
	put_text(batch, "type", "contact");
	put_text(batch, "contact", saved->id);
	put_text(batch, "client", saved->facts.client);
	put_text(batch, "call", saved->facts.name);
	put_text(batch, "outcome", call_outcome_name(contact->outcome));
	put_text(batch, "by", ended_by_name(contact->by));
	put_text(batch, "queue", directory_queue_name(directory, contact->queue));
	put_text(batch, "first_queue", directory_queue_name(directory, contact->first_queue));
	write_times(contact, batch);
	put_agent(batch, "agent", contact->agent, directory);
	put_agent(batch, "credited", contact->credited, directory);
	put_count(batch, "legs", contact->legs);
	put_count(batch, "offers", contact->offers);
	put_text(batch, "sticky", sticky_result_name(contact->sticky));
	if (contact->why != WHY_NONE)
		put_text(batch, "why", sticky_why_name(contact->why));
	put_agent(batch, "preferred", contact->preferred.agent, directory);
	put_instant(batch, "preferred_at", contact->preferred.at);
	put_ms(batch, "waited_ms", contact->waited_for);
	write_facts(saved, batch);
}

/* --- reading --- */

struct values {
	const struct memory_field *fields;
	size_t count;
};

static struct text find(const struct values *values, const char *name)
{
	for (size_t i = 0; i < values->count; i++) {
		if (text_is(values->fields[i].name, name))
			return values->fields[i].value;
	}
	return (struct text){ "", 0 };
}

static bool copy(const struct values *values, const char *name, char *ret, size_t size)
{
	struct text value = find(values, name);

	if (value.length >= size || memchr(value.start, '\0', value.length) != NULL)
		return false;
	memcpy(ret, value.start, value.length);
	ret[value.length] = '\0';
	return true;
}

static uint64_t get_count(const struct values *values, const char *name, uint64_t max)
{
	char digits[24];
	int64_t number;

	if (!copy(values, name, digits, sizeof(digits)) || number_parse(digits, &number) < 0 ||
	    number < 0)
		return 0;
	return (uint64_t)number > max ? max : (uint64_t)number;
}

static usec_t get_ms(const struct values *values, const char *name)
{
	return get_count(values, name, INT64_MAX / MSEC(1)) * MSEC(1);
}

static usec_t get_instant(const struct values *values, const char *name)
{
	usec_t at = 0;

	return text_to_instant(find(values, name), &at) == 0 ? at : 0;
}

static uint64_t get_hex(const struct values *values, const char *name)
{
	struct text text = find(values, name);
	uint64_t value = 0;

	for (size_t i = 0; i < text.length && i < 16; i++) {
		char c = text.start[i];

		if (c >= '0' && c <= '9')
			value = value << 4 | (uint64_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value << 4 | (uint64_t)(c - 'a' + 10);
		else
			return 0;
	}
	return value;
}

static struct agent_id get_agent(const struct values *values, const char *name,
                                 struct directory *directory)
{
	const struct agent_card *card = NULL;
	char agent[160];

	if (copy(values, name, agent, sizeof(agent)) && *agent != '\0')
		card = directory_find_agent(directory, agent);
	return card == NULL ? (struct agent_id){ 0 } : card->id;
}

static queue_index get_queue(const struct values *values, const char *name,
                             struct directory *directory)
{
	char queue[160];

	if (!copy(values, name, queue, sizeof(queue)) || *queue == '\0')
		return QUEUE_NONE;
	return directory_find_queue(directory, queue);
}

static bool get_words(const struct values *values, struct contact *contact)
{
	struct text outcome = find(values, "outcome"), by = find(values, "by");
	struct text sticky = find(values, "sticky"), why = find(values, "why");
	bool found = false;

	for (int i = 0; i < CALL_OUTCOMES; i++) {
		if (text_is(outcome, call_outcome_name((enum call_outcome)i))) {
			contact->outcome = (enum call_outcome)i;
			found = true;
		}
	}
	for (int i = 0; i <= BY_LOSS; i++) {
		if (text_is(by, ended_by_name((enum ended_by)i)))
			contact->by = (enum ended_by)i;
	}
	for (int i = 0; i < STICKY_RESULTS; i++) {
		if (text_is(sticky, sticky_result_name((enum sticky_result)i)))
			contact->sticky = (enum sticky_result)i;
	}
	for (int i = 0; i < STICKY_WHYS && why.length > 0; i++) {
		if (text_is(why, sticky_why_name((enum sticky_why)i)))
			contact->why = (enum sticky_why)i;
	}
	return found;
}

bool contact_read(const struct memory_field *fields, size_t count, struct directory *directory,
                  struct contact_texts *texts, struct contact_saved *ret)
{
	const struct values values = { fields, count };
	struct contact contact = { 0 };

	if (!text_is(find(&values, "v"), CONTACT_VERSION) ||
	    !text_is(find(&values, "type"), "contact") || !get_words(&values, &contact) ||
	    !copy(&values, "client", texts->client, sizeof(texts->client)) ||
	    !copy(&values, "call", texts->name, sizeof(texts->name)) ||
	    !copy(&values, "key", texts->key, sizeof(texts->key)) ||
	    !copy(&values, "contact", texts->id, sizeof(texts->id)) || *texts->client == '\0' ||
	    *texts->name == '\0' || *texts->id == '\0')
		return false;
	contact.queue = get_queue(&values, "queue", directory);
	contact.first_queue = get_queue(&values, "first_queue", directory);
	contact.arrived_at = get_instant(&values, "arrived_at");
	contact.answered_at = get_instant(&values, "answered_at");
	contact.ended_at = get_instant(&values, "ended_at");
	contact.wait = get_ms(&values, "wait_ms");
	contact.ring = get_ms(&values, "ring_ms");
	contact.talk = get_ms(&values, "talk_ms");
	contact.hold = get_ms(&values, "hold_ms");
	contact.agent = get_agent(&values, "agent", directory);
	contact.credited = get_agent(&values, "credited", directory);
	contact.legs = (uint16_t)get_count(&values, "legs", UINT16_MAX);
	contact.offers = (uint32_t)get_count(&values, "offers", UINT32_MAX);
	contact.preferred.agent = get_agent(&values, "preferred", directory);
	contact.preferred.at = get_instant(&values, "preferred_at");
	contact.waited_for = get_ms(&values, "waited_ms");
	*ret = (struct contact_saved){
		.facts = { texts->client, texts->name, "", "", texts->key, "", "", "", "", "", "",
		           "", false },
		.fingerprint = get_hex(&values, "fingerprint"),
		.id = texts->id,
		.contact = contact,
	};
	return true;
}
