#include <stdio.h>

#include "contacts.h"
#include "members.h"
#include "memory.h"
#include "najimi/base/hash.h"
#include "najimi/shell/clock.h"
#include "state.h"

/* What lasts: the contact's record, and what it teaches about the caller. */
#define VALUE_SIZE 1024        /* of a field that we write */
#define DISPOSITION_SIZE 32768 /* an agent's note may be long */

/* XADD trims by age, a whole node of the stream at a time. */
static void open_stream(struct store *store)
{
	struct batch *batch = &store->commits.lasting;
	usec_t now = clock_now();

	batch_open(batch, "XADD");
	batch_string(batch, store->keys.contacts);
	if (store->contacts_keep != USEC_NEVER && store->contacts_keep < now) {
		batch_string(batch, "MINID");
		batch_string(batch, "~");
		batch_ms(batch, now - store->contacts_keep);
	}
	batch_string(batch, "*");
}

static void append_contact(struct store *store, const struct call_card *card, const char *contact,
                           const struct contact *facts)
{
	struct contact_saved saved = { .facts = card->facts,
		                       .fingerprint = card->fingerprint,
		                       .id = contact,
		                       .contact = *facts };

	struct batch *batch = &store->commits.lasting;
	char *value;

	open_stream(store);
	batch_string(batch, CONTACT_FIELD);
	value = batch_reserve(batch, CONTACT_SIZE);
	if (value != NULL)
		batch_written(batch, contact_write(&saved, store->directory, value, CONTACT_SIZE));
	batch_close(batch);
	store->commits.lasting_contacts++;
}

/* --- the caller's memory --- */

static void open_memory(struct store *store, const char *key, usec_t keep)
{
	struct batch *batch = &store->commits.lasting;
	char buffer[KEY_SIZE];

	batch_open(batch, "REMEMBER");
	batch_text(batch, keys_caller(&store->keys, key, buffer));
	batch_ms(batch, keep);
	batch_string(batch, "v");
	batch_string(batch, "1");
}

static struct cached_caller *cached(struct store *store, const char *key)
{
	struct cached_caller *caller = cache_put(store->cache, key);

	if (caller != NULL)
		caller->commit = store->commits.next;
	return caller;
}

/* Takes away what the new contact replaces: agents beyond the last few, and that the
 * caller had given up. */
static void drop_replaced(struct store *store, const char *key, const struct recalled *recalled,
                          const char *credited)
{
	struct batch *batch = &store->commits.lasting;
	char buffer[KEY_SIZE];
	size_t others = 0;
	struct text caller;
	bool open = false;

	if (recalled == NULL)
		return;
	caller = keys_caller(&store->keys, key, buffer);
	for (size_t i = 0; i <= recalled->names_count; i++) {
		bool left = i == recalled->names_count;

		if (left ? !recalled->left
		         : strcmp(recalled->names[i], credited) == 0 || ++others < KNOWN_MAX)
			continue;
		if (!open) {
			batch_open(batch, "HDEL");
			batch_text(batch, caller);
		}
		open = true;
		if (left)
			batch_string(batch, MEMORY_LEFT_FIELD);
		else
			batch_pair(batch, TEXT(MEMORY_AGENT_FIELD), text_of(recalled->names[i]));
	}
	if (open)
		batch_close(batch);
}

static void credit(struct store *store, const struct call_card *card, const char *key,
                   const struct recalled *recalled, const char *contact,
                   const struct contact *facts)
{
	struct batch *batch = &store->commits.lasting;
	const char *agent = directory_agent_name(store->directory, facts->credited);
	struct cached_caller *caller = cached(store, card->facts.key);
	char *value;

	if (caller != NULL) {
		cached_caller_note(caller, facts->credited, facts->ended_at);
		caller->left_queue = QUEUE_NONE;
	}
	drop_replaced(store, key, recalled, agent);
	open_memory(store, key, store->caller_keep);
	batch_pair(batch, TEXT(MEMORY_AGENT_FIELD), text_of(agent));
	value = batch_reserve(batch, VALUE_SIZE);
	if (value != NULL)
		batch_written(batch, memory_agent_value(
		                             facts->ended_at, facts->talk,
		                             directory_queue_name(store->directory, facts->queue),
		                             contact, value, VALUE_SIZE));
	batch_string(batch, "last_contact");
	batch_string(batch, contact);
	batch_close(batch);
}

static void note_left(struct store *store, const struct call_card *card, const char *key,
                      const struct contact *facts)
{
	struct batch *batch = &store->commits.lasting;
	struct cached_caller *caller = cached(store, card->facts.key);
	char *value;

	if (caller != NULL) {
		caller->left_queue = facts->queue;
		caller->left_arrived_at = facts->arrived_at;
		caller->left_at = facts->ended_at;
	}
	open_memory(store, key, store->left_keep);
	batch_string(batch, MEMORY_LEFT_FIELD);
	value = batch_reserve(batch, VALUE_SIZE);
	if (value != NULL)
		batch_written(
		        batch,
		        memory_left_value(directory_queue_name(store->directory, facts->queue),
		                          facts->arrived_at, facts->ended_at, value, VALUE_SIZE));
	batch_close(batch);
}

/* The number was learned today already: Redis need not hear it with every call. */
static bool knows_alias(struct store *store, const struct call_facts *facts)
{
	struct cached_caller *caller = cached(store, facts->key);
	uint64_t number = hash_bytes(HASH_START, facts->number, strlen(facts->number));
	usec_t now = clock_now();

	if (caller == NULL)
		return false;
	if (caller->alias == number && now - caller->alias_at < HOUR(24))
		return true;
	caller->alias = number;
	caller->alias_at = now;
	return false;
}

/* A customer has called from this number: next time it may be all that is known. */
static void learn_alias(struct store *store, const struct call_facts *facts)
{
	struct batch *batch = &store->commits.lasting;
	char buffer[KEY_SIZE];

	if (strncmp(facts->key, "cid:", 4) != 0 || facts->number[0] != '+' || facts->restricted ||
	    knows_alias(store, facts))
		return;
	batch_open(batch, "LEARN");
	batch_text(batch, keys_alias(&store->keys, text_of(facts->number), buffer));
	batch_ms(batch, ALIAS_KEEP);
	batch_string(batch, facts->key + 4);
	batch_close(batch);
}

void memories_end(struct store *store, const struct call_card *card, const char *contact,
                  const struct contact *facts)
{
	struct call_slot *slot = gather_slot(store, card->id);
	const struct recalled *recalled = slot == NULL ? NULL : slot->recalled;
	const char *key =
	        recalled != NULL && recalled->key != NULL ? recalled->key : card->facts.key;
	bool credited = agent_id_set(facts->credited);

	append_contact(store, card, contact, facts);
	if (*key == '\0' || (recalled != NULL && recalled->shared))
		return;
	if (credited) {
		learn_alias(store, &card->facts);
		if (slot == NULL || !agent_id_equal(slot->unstuck, facts->credited))
			credit(store, card, key, recalled, contact, facts);
	} else if (facts->outcome == OUTCOME_ABANDONED ||
	           facts->outcome == OUTCOME_SHORT_ABANDONED) {
		note_left(store, card, key, facts);
	}
}

/* --- what an agent says --- */

static void put_named(struct json_out *out, const char *name, const char *value)
{
	if (*value != '\0')
		json_text(out, name, value);
}

static void append_disposition(struct store *store, const struct disposition *disposition)
{
	struct batch *batch = &store->commits.lasting;
	struct json_out out;
	char *value;

	open_stream(store);
	batch_string(batch, DISPOSITION_FIELD);
	value = batch_reserve(batch, DISPOSITION_SIZE);
	if (value != NULL) {
		json_out_begin(&out, value, DISPOSITION_SIZE);
		json_object(&out, NULL);
		json_uint(&out, "v", RECORD_VERSION);
		put_named(&out, "contact", disposition->contact);
		put_named(&out, "client", disposition->client);
		put_named(&out, "call", disposition->call);
		put_named(&out, "agent", disposition->agent);
		put_named(&out, "outcome", disposition->outcome);
		put_named(&out, "reason", disposition->reason);
		put_named(&out, "note", disposition->note);
		json_bool(&out, "stick", disposition->stick);
		put_named(&out, "key", disposition->key);
		json_instant(&out, "at", clock_now());
		json_object_end(&out);
		batch_written(batch, json_out_done(&out));
	}
	batch_close(batch);
	store->commits.lasting_contacts++;
}

static void unstick(struct store *store, const struct disposition *disposition)
{
	struct batch *batch = &store->commits.lasting;
	const struct agent_card *agent = directory_find_agent(store->directory, disposition->agent);
	const struct call_card *card =
	        directory_find_call(store->directory, disposition->client, disposition->call);
	struct call_slot *slot = card == NULL ? NULL : gather_slot(store, card->id);
	struct text number = keys_number(disposition->key);
	struct cached_caller *caller;
	char buffer[KEY_SIZE];

	/* The call may go on: its end must not undo this. */
	if (slot != NULL && agent != NULL)
		slot->unstuck = agent->id;
	if (*disposition->key == '\0')
		return;
	caller = cache_find(store->cache, disposition->key);
	if (caller != NULL && agent != NULL) {
		cached_caller_note(caller, agent->id, 0);
		caller->commit = store->commits.next;
	}
	batch_open(batch, "UNSTICK");
	batch_text(batch, keys_caller(&store->keys, disposition->key, buffer));
	batch_text(batch,
	           number.start == NULL ? TEXT("") : keys_alias(&store->keys, number, buffer));
	batch_string(batch, store->keys.callers);
	batch_pair(batch, TEXT(MEMORY_AGENT_FIELD), text_of(disposition->agent));
	batch_close(batch);
}

void store_dispose(struct store *store, const struct disposition *disposition)
{
	append_disposition(store, disposition);
	if (!disposition->stick)
		unstick(store, disposition);
	gather_mark(store);
}
