#include <stdio.h>

#include "contacts.h"
#include "members.h"
#include "memory.h"
#include "najimi/base/hash.h"
#include "najimi/shell/clock.h"
#include "state.h"

/* What lasts: the contact's record, and what it teaches about the caller. */
#define VALUE_SIZE 1024 /* of a field that we write */

/* XADD trims by age, a whole node of the stream at a time: the first one of a commit, which is
 * often enough. */
void memories_open_entry(struct store *store, const char *field)
{
	struct batch *batch = &store->commits.lasting;
	usec_t now = clock_now();

	batch_open(batch, "XADD");
	batch_string(batch, store->keys.contacts);
	if (store->commits.lasting_contacts == 0 && store->contacts_keep != USEC_NEVER &&
	    store->contacts_keep < now) {
		batch_string(batch, "MINID");
		batch_string(batch, "~");
		batch_ms(batch, now - store->contacts_keep);
	}
	batch_string(batch, "*");
	batch_string(batch, field);
	store->commits.lasting_contacts++;
}

/* Whoever gave up before the time they were told says nothing about it, nor does one who had
 * been answered already and was told when an agent sent them on. The daybook counts the same. */
static enum contact_promise promise_of(const struct call_card *card, const struct contact *facts)
{
	usec_t due = card->days.told_at + card->days.told_wait;

	if (card->days.told_at == 0 ||
	    (facts->answered_at != 0 && facts->answered_at < card->days.told_at))
		return PROMISE_NONE;
	if (facts->answered_at != 0)
		return facts->answered_at <= due ? PROMISE_KEPT : PROMISE_BROKEN;
	return facts->ended_at > due ? PROMISE_BROKEN : PROMISE_NONE;
}

static bool was_in_time(const struct store *store, const struct contact *facts)
{
	const struct queue_options *options =
	        directory_queue_options(store->directory, facts->first_queue);

	return options != NULL && facts->answered_at != 0 &&
	       facts->wait <= options->plan.service_level;
}

static void append_contact(struct store *store, const struct call_card *card, const char *contact,
                           const struct recalled *recalled, const struct contact *facts)
{
	struct contact_saved saved = { .facts = card->facts,
		                       .fingerprint = card->fingerprint,
		                       .id = contact,
		                       .identity = recalled == NULL ? NULL : recalled->key,
		                       .shared = recalled != NULL && recalled->shared,
		                       .promise = promise_of(card, facts),
		                       .in_time = was_in_time(store, facts),
		                       .contact = *facts };

	struct batch *batch = &store->commits.lasting;
	char *value;

	if (card->days.told_at != 0)
		saved.told = card->days.told_wait;
	memories_open_entry(store, CONTACT_FIELD);
	value = batch_reserve(batch, CONTACT_SIZE);
	if (value != NULL)
		batch_written(batch, contact_write(&saved, store->directory, value, CONTACT_SIZE));
	batch_close(batch);
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

struct cached_caller *memories_cached(struct store *store, const char *key)
{
	struct cached_caller *caller = cache_put(store->cache, key);

	if (caller != NULL)
		caller->commit = store->commits.next;
	return caller;
}

void memories_read_cached(const struct store *store, const struct cached_caller *caller,
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

	if (met_at > credit->at)
		return met_at; /* reported late */
	if (options == NULL || options->refresh || met_at == 0 ||
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

usec_t memories_credit(struct store *store, const struct credit *credit,
                       const struct recalled *recalled)
{
	struct cached_caller *caller = memories_cached(store, credit->caller);
	struct remembered remembered;
	usec_t from;

	memories_read_cached(store, caller, credit->key, &remembered);
	from = counts_from(store, credit,
	                   met_at(recalled, &remembered,
	                          directory_agent_name(store->directory, credit->agent),
	                          credit->agent));
	cache_credit(store, caller, credit, from, &remembered);
	return from;
}

void memories_put_credit(struct store *store, const struct credit *credit, usec_t from)
{
	struct batch *batch = &store->commits.lasting;
	char *value;

	batch_pair(batch, TEXT(MEMORY_AGENT_FIELD),
	           text_of(directory_agent_name(store->directory, credit->agent)));
	value = batch_reserve(batch, VALUE_SIZE);
	if (value != NULL)
		batch_written(batch, memory_agent_value(
		                             from, credit->talk,
		                             directory_queue_name(store->directory, credit->queue),
		                             credit->contact, value, VALUE_SIZE));
	batch_string(batch, "last_contact");
	batch_string(batch, credit->contact);
}

/* The caller has talked with the agent, and will be brought back to them. */
static void give_credit(struct store *store, const struct credit *credit,
                        const struct recalled *recalled)
{
	usec_t from = memories_credit(store, credit, recalled);

	drop_replaced(store, credit->key, recalled,
	              directory_agent_name(store->directory, credit->agent));
	open_memory(store, credit->key, store->caller_keep);
	memories_put_credit(store, credit, from);
	batch_close(&store->commits.lasting);
}

static void note_left(struct store *store, const struct call_card *card, const char *key,
                      const struct contact *facts)
{
	struct batch *batch = &store->commits.lasting;
	struct cached_caller *caller = memories_cached(store, card->facts.key);
	struct remembered remembered;
	char *value;

	if (caller != NULL) {
		memories_read_cached(store, caller, key, &remembered);
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
	struct cached_caller *caller = memories_cached(store, facts->key);
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
	bool remembers =
	        credited && (slot == NULL || !agent_id_equal(slot->unstuck, facts->credited));

	append_contact(store, card, contact, recalled, facts);
	history_add(store, recalled != NULL && recalled->shared ? "" : key,
	            agent_id_set(facts->agent)
	                    ? directory_agent_name(store->directory, facts->agent)
	                    : "",
	            facts->ended_at);
	if (recalled != NULL && recalled->shared)
		key = "";
	fcr_tell_call(store, card, contact, key, remembers, facts);
	if (*key == '\0')
		return;
	if (credited) {
		learn_alias(store, &card->facts);
		if (remembers)
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
