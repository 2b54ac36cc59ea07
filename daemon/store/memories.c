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

/* Who talked with whom, and what for it is known. */
struct credit {
	struct agent_id agent;
	queue_index queue;
	usec_t at, talk;
	const char *contact; /* id of its record */
	const char *key;     /* of the memory */
	const char *caller;  /* the key that calls come with; the memory may be a customer's */
};

static struct cached_caller *cached(struct store *store, const char *key)
{
	struct cached_caller *caller = cache_put(store->cache, key);

	if (caller != NULL)
		caller->commit = store->commits.next;
	return caller;
}

/* `key` is that of the memory. */
static void read_cached(const struct store *store, const struct cached_caller *caller,
                        const char *key, struct remembered *ret)
{
	if (caller == NULL || !cached_caller_get(caller, ret))
		returning_blank(store, key, ret);
}

static size_t kept_of(const struct store *store, const char *key)
{
	return keys_number(key).start != NULL ? store->numbers_kept : store->agents_kept;
}

/* Takes away what the new contact replaces: agents beyond the last few, and that the
 * caller had given up. */
static void drop_replaced(struct store *store, const char *key, const struct recalled *recalled,
                          const char *credited)
{
	struct batch *batch = &store->commits.lasting;
	size_t kept = kept_of(store, key);
	char buffer[KEY_SIZE];
	size_t others = 0;
	struct text caller;
	bool open = false;

	if (recalled == NULL)
		return;
	caller = keys_caller(&store->keys, key, buffer);
	for (size_t i = 0; i <= recalled->met_count; i++) {
		bool left = i == recalled->met_count;

		if (left ? !recalled->left
		         : strcmp(recalled->met[i].name, credited) == 0 || ++others < kept)
			continue;
		if (!open) {
			batch_open(batch, "HDEL");
			batch_text(batch, caller);
		}
		open = true;
		if (left)
			batch_string(batch, MEMORY_LEFT_FIELD);
		else
			batch_pair(batch, TEXT(MEMORY_AGENT_FIELD), text_of(recalled->met[i].name));
	}
	if (open)
		batch_close(batch);
}

/* When the agent was last met, 0 never. */
static usec_t met_at(const struct recalled *recalled, const struct remembered *remembered,
                     const char *name, struct agent_id agent)
{
	for (size_t i = 0; recalled != NULL && i < recalled->met_count; i++) {
		if (strcmp(recalled->met[i].name, name) == 0)
			return recalled->met[i].at;
	}
	return remembered_met_at(remembered, agent);
}

/* From when the contact counts: from its end, or, where contacts do not begin the window
 * anew, from the one that did. */
static usec_t counts_from(struct store *store, const struct credit *credit, usec_t met_at)
{
	const struct queue_options *options =
	        directory_queue_options(store->directory, credit->queue);

	if (options == NULL || options->refresh || met_at == 0 || met_at > credit->at ||
	    credit->at - met_at > options->plan.window)
		return credit->at;
	return met_at;
}

static void cache_credit(const struct store *store, struct cached_caller *caller,
                         const struct credit *credit, usec_t from, struct remembered *remembered)
{
	if (caller == NULL)
		return;
	/* As Redis will have it: whole milliseconds. */
	remembered_note(remembered, credit->agent, credit->queue, from - from % MSEC(1));
	remembered_keep(remembered, credit->agent, kept_of(store, credit->key));
	remembered->left_queue = QUEUE_NONE;
	cached_caller_set(caller, remembered);
}

/* The caller has talked with the agent, and will be brought back to them. */
static void give_credit(struct store *store, const struct credit *credit,
                        const struct recalled *recalled)
{
	const char *agent = directory_agent_name(store->directory, credit->agent);
	struct cached_caller *caller = cached(store, credit->caller);
	struct batch *batch = &store->commits.lasting;
	struct remembered remembered;
	char *value;
	usec_t from;

	read_cached(store, caller, credit->key, &remembered);
	from = counts_from(store, credit, met_at(recalled, &remembered, agent, credit->agent));
	cache_credit(store, caller, credit, from, &remembered);
	drop_replaced(store, credit->key, recalled, agent);
	open_memory(store, credit->key, store->caller_keep);
	batch_pair(batch, TEXT(MEMORY_AGENT_FIELD), text_of(agent));
	value = batch_reserve(batch, VALUE_SIZE);
	if (value != NULL)
		batch_written(batch, memory_agent_value(
		                             from, credit->talk,
		                             directory_queue_name(store->directory, credit->queue),
		                             credit->contact, value, VALUE_SIZE));
	batch_string(batch, "last_contact");
	batch_string(batch, credit->contact);
	batch_close(batch);
}

static void note_left(struct store *store, const struct call_card *card, const char *key,
                      const struct contact *facts)
{
	struct batch *batch = &store->commits.lasting;
	struct cached_caller *caller = cached(store, card->facts.key);
	struct remembered remembered;
	char *value;

	if (caller != NULL) {
		read_cached(store, caller, key, &remembered);
		remembered.left_queue = facts->queue;
		remembered.left_arrived_at = facts->arrived_at;
		remembered.left_at = facts->ended_at;
		cached_caller_set(caller, &remembered);
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
			give_credit(store,
			            &(struct credit){ .agent = facts->credited,
			                              .queue = facts->queue,
			                              .at = facts->ended_at,
			                              .talk = facts->talk,
			                              .contact = contact,
			                              .key = key,
			                              .caller = card->facts.key },
			            recalled);
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
	struct remembered remembered;
	char buffer[KEY_SIZE];

	/* The call may go on: its end must not undo this. */
	if (slot != NULL && agent != NULL)
		slot->unstuck = agent->id;
	if (*disposition->key == '\0')
		return;
	caller = cache_find(store->cache, disposition->key);
	if (caller != NULL && agent != NULL) {
		read_cached(store, caller, disposition->key, &remembered);
		remembered_forget(&remembered, agent->id);
		cached_caller_set(caller, &remembered);
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
