#include <inttypes.h>
#include <stdio.h>

#include "contacts.h"
#include "history.h"
#include "members.h"
#include "memory.h"
#include "najimi/shell/clock.h"
#include "state.h"

/* What people say of callers and contacts. */
#define DISPOSITION_SIZE 32768 /* an agent's note may be long */
#define EXCLUSION_SIZE 8192    /* so may the reason of an exclusion */
#define OUTBOUND_SIZE 4096

/* --- fields of a memory --- */

/* TEACH: fields to set, in pairs, and then those to take away. Which memory that is, the
 * number's own or the one customer's, Redis knows. */
static void open_lesson(struct store *store, const char *key, uint64_t pairs)
{
	struct batch *batch = &store->commits.lasting;
	struct text number = keys_number(key);
	char buffer[KEY_SIZE];

	batch_open(batch, "TEACH");
	batch_text(batch, keys_caller(&store->keys, key, buffer));
	batch_text(batch,
	           number.start == NULL ? TEXT("") : keys_alias(&store->keys, number, buffer));
	batch_string(batch, store->keys.callers);
	batch_ms(batch, store->caller_keep > TAUGHT_KEEP ? store->caller_keep : TAUGHT_KEEP);
	batch_uint(batch, pairs == 0 ? 0 : pairs + 1);
	if (pairs == 0)
		return;
	batch_string(batch, "v");
	batch_string(batch, "1");
}

static void close_lesson(struct store *store)
{
	batch_close(&store->commits.lasting);
	gather_mark(store);
}

static struct agent_id find_agent(struct store *store, const char *name)
{
	const struct agent_card *card =
	        name == NULL ? NULL : directory_find_agent(store->directory, name);

	return card == NULL ? (struct agent_id){ 0 } : card->id;
}

void store_pin(struct store *store, const char *key, const char *agent)
{
	struct batch *batch = &store->commits.lasting;
	struct cached_caller *caller = memories_cached(store, key);
	struct remembered remembered;
	usec_t now = clock_now();

	if (caller != NULL) {
		memories_read_cached(store, caller, key, &remembered);
		remembered_pin(&remembered, find_agent(store, agent), now - now % MSEC(1));
		cached_caller_set(caller, &remembered);
	}
	open_lesson(store, key, agent == NULL ? 0 : 2);
	batch_string(batch, MEMORY_PIN_FIELD);
	if (agent != NULL)
		batch_string(batch, agent);
	batch_string(batch, MEMORY_PIN_AT_FIELD);
	if (agent != NULL)
		batch_instant(batch, now);
	close_lesson(store);
}

static void put_exclusion(struct store *store, const struct exclusion_said *said)
{
	struct batch *batch = &store->commits.lasting;
	char *value = batch_reserve(batch, EXCLUSION_SIZE);

	if (value != NULL)
		batch_written(batch, memory_exclude_value(said->until, said->reason, said->by,
		                                          clock_now(), value, EXCLUSION_SIZE));
}

void store_exclude(struct store *store, const char *key, const char *agent,
                   const struct exclusion_said *said)
{
	struct batch *batch = &store->commits.lasting;
	struct cached_caller *caller = memories_cached(store, key);
	struct remembered remembered;

	if (caller != NULL) {
		memories_read_cached(store, caller, key, &remembered);
		remembered_exclude(&remembered, find_agent(store, agent),
		                   said == NULL ? 0 : said->until);
		cached_caller_set(caller, &remembered);
	}
	open_lesson(store, key, said == NULL ? 0 : 1);
	batch_pair(batch, TEXT(MEMORY_EXCLUDE_FIELD), text_of(agent));
	if (said != NULL)
		put_exclusion(store, said);
	close_lesson(store);
}

void store_note(struct store *store, const char *key, const char *notes)
{
	struct batch *batch = &store->commits.lasting;

	open_lesson(store, key, *notes == '\0' ? 0 : 1);
	batch_string(batch, MEMORY_NOTES_FIELD);
	if (*notes != '\0')
		batch_string(batch, notes);
	close_lesson(store);
}

/* --- an agent has called --- */

static void append_outbound(struct store *store, const struct outbound *outbound,
                            const struct credit *credit)
{
	struct batch *batch = &store->commits.lasting;
	struct json_out out;
	char *value;

	memories_open_entry(store, OUTBOUND_FIELD);
	value = batch_reserve(batch, OUTBOUND_SIZE);
	if (value != NULL) {
		json_out_begin(&out, value, OUTBOUND_SIZE);
		json_object(&out, NULL);
		json_uint(&out, "v", RECORD_VERSION);
		json_text(&out, "contact", credit->contact);
		json_text(&out, "client", outbound->client);
		json_text(&out, "agent", directory_agent_name(store->directory, credit->agent));
		json_text(&out, "queue", directory_queue_name(store->directory, credit->queue));
		json_instant(&out, "ended_at", credit->at);
		json_ms(&out, "talk_ms", credit->talk);
		json_text(&out, "key", credit->key);
		json_object_end(&out);
		batch_written(batch, json_out_done(&out));
	}
	batch_close(batch);
}

void store_outbound(struct store *store, const struct outbound *outbound, char contact[33])
{
	const struct credit credit = { .agent = outbound->agent,
		                       .queue = outbound->queue,
		                       .at = outbound->at,
		                       .talk = outbound->talk,
		                       .contact = contact,
		                       .key = outbound->key,
		                       .caller = outbound->key };
	usec_t from;

	/* The now makes it unlike any of an earlier life, the count unlike any of this. */
	snprintf(contact, 33, "%014" PRIx64 "-out-%" PRIx32, clock_now(), ++store->outbound_last);
	append_outbound(store, outbound, &credit);
	history_add_said(store, outbound->key,
	                 directory_agent_name(store->directory, outbound->agent), outbound->at);
	from = memories_credit(store, &credit, NULL);
	open_lesson(store, outbound->key, 2);
	memories_put_credit(store, &credit, from);
	close_lesson(store);
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

	memories_open_entry(store, DISPOSITION_FIELD);
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
		memories_read_cached(store, caller, disposition->key, &remembered);
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
	history_add_said(store, disposition->key, disposition->agent, clock_now());
	fcr_tell_said(store, disposition->contact, disposition->outcome);
	if (!disposition->stick)
		unstick(store, disposition);
	gather_mark(store);
}
