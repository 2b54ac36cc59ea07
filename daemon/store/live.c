#include "najimi/shell/log.h"
#include "records.h"
#include "state.h"

/* Calls and agents as fields of their hashes. */

#define FIRST_TRY 2048 /* bytes of a value: nearly always enough */

static bool write_call(struct store *store, struct batch *batch, const struct call_saved *saved)
{
	for (size_t size = FIRST_TRY; size <= RECORD_TEXT_MAX; size *= 8) {
		char *buffer = batch_reserve(batch, size);
		size_t length;

		if (buffer == NULL)
			return false;
		length = call_saved_write(saved, store->directory, buffer, size);
		if (length > 0) {
			batch_written(batch, length);
			return true;
		}
	}
	/* An empty value keeps field and value in pairs; recovery says that it is bad. */
	log_limited(LOG_LEVEL_ERROR, "store.record_too_long", LOG_TEXT("call", saved->facts.name));
	batch_string(batch, "");
	return false;
}

void live_put_call(struct store *store, struct batch *batch, struct call_id id,
                   const struct call_record *record)
{
	const struct call_card *card = directory_call(store->directory, id);
	struct call_slot *slot = gather_slot(store, id);
	char field[FIELD_SIZE];
	const struct recalled *recalled = slot == NULL ? NULL : slot->recalled;
	struct call_saved saved;

	if (card == NULL || slot == NULL)
		return;
	saved.record = *record;
	saved.facts = card->facts;
	saved.fingerprint = card->fingerprint;
	saved.promised_at = card->days.told_at;
	saved.promised = card->days.told_wait;
	saved.wrapup = card->days.wrapup;
	saved.identity = recalled == NULL || recalled->key == NULL ? "" : recalled->key;
	saved.shared = recalled != NULL && recalled->shared;
	batch_text(batch, keys_call_field(card->facts.client, card->facts.name, field));
	write_call(store, batch, &saved);
	slot->stored = true;
}

static bool read_agent(struct store *store, struct agent_id id, struct agent_saved *ret)
{
	const struct agent_card *card = directory_agent(store->directory, id);

	if (card == NULL || !core_get_agent(loop_core(store->loop), id, &ret->record))
		return false;
	ret->name = card->name;
	ret->target = card->target;
	ret->pause_reason = card->pause_reason;
	ret->wrapup = card->wrapup;
	return true;
}

static bool is_busy(const struct agent_saved *agent)
{
	return agent->record.state == AGENT_OFFERED || agent->record.state == AGENT_TALKING;
}

static bool differs(const struct agent_slot *slot, const struct agent_saved *agent)
{
	struct agent_saved settled = *agent;

	if (!slot->stored)
		return true;
	if (is_busy(agent) && slot->as_ready &&
	    slot->busy_digest == agent_saved_digest(agent, true))
		return false;
	agent_saved_settle(&settled.record);
	return slot->digest != agent_saved_digest(&settled, false);
}

/* `agent` is settled. */
static void note_stored(struct agent_slot *slot, const struct agent_saved *agent)
{
	slot->stored = true;
	slot->as_ready = agent->record.state == AGENT_READY;
	slot->digest = agent_saved_digest(agent, false);
	slot->busy_digest = agent_saved_digest(agent, true);
}

bool live_agent_differs(struct store *store, struct agent_id id)
{
	struct agent_saved agent;

	return read_agent(store, id, &agent) && differs(&store->commits.agents[id.slot], &agent);
}

void live_put_agent(struct store *store, struct batch *batch, struct agent_id id)
{
	struct agent_saved agent;
	char *buffer;

	if (!read_agent(store, id, &agent))
		return;
	agent_saved_settle(&agent.record);
	note_stored(&store->commits.agents[id.slot], &agent);
	batch_string(batch, agent.name);
	/* At most 64 queues and 64 skills, of names that may have to be escaped. */
	buffer = batch_reserve(batch, RECORD_TEXT_MAX / 4);
	if (buffer != NULL)
		batch_written(batch, agent_saved_write(&agent, store->directory, buffer,
		                                       RECORD_TEXT_MAX / 4));
}

void live_restored_agent(struct store *store, struct agent_id id, const struct agent_saved *agent)
{
	note_stored(&store->commits.agents[id.slot], agent);
}
