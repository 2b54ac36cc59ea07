#include <assert.h>
#include <stdlib.h>

#include "state.h"

/* What the next commit will have. Calls and agents are only marked: their records
 * are read when the commit is written, and so are the newest. */
#define OP_ARGS_MAX 4000 /* Lua's unpack() takes about twice as many */

void wide_op_next(const struct wide_op *op)
{
	struct batch *batch = op->batch;

	if (batch->op_at != 0 && batch->op_args >= OP_ARGS_MAX)
		batch_close(batch);
	if (batch->op_at == 0) {
		batch_open(batch, op->name);
		batch_string(batch, op->key);
	}
}

void wide_op_end(const struct wide_op *op)
{
	if (op->batch->op_at != 0)
		batch_close(op->batch);
}

void recalled_free(struct call_slot *slot)
{
	if (slot->recalled == NULL)
		return;
	free(slot->recalled->key);
	for (size_t i = 0; i < slot->recalled->met_count; i++)
		free(slot->recalled->met[i].name);
	free(slot->recalled);
	slot->recalled = NULL;
}

struct call_slot *gather_slot(struct store *store, struct call_id id)
{
	struct call_slot *slot;

	if (id.slot >= store->commits.calls_max)
		return NULL;
	slot = &store->commits.calls[id.slot];
	if (slot->gen != id.gen) {
		recalled_free(slot);
		slot->gen = id.gen;
		slot->stored = slot->told_long = false;
		slot->unstuck = (struct agent_id){ 0 };
	}
	return slot;
}

void gather_mark(struct store *store)
{
	store->commits.marked = true;
	store->commits.changed = true;
}

/* In the other phases everything will be written anew. */
static bool is_flowing(const struct store *store)
{
	return store->phase >= PHASE_RECOVERING;
}

/* Of a call that is being recalled nobody has heard yet: it need not survive us. */
static bool is_unheard_of(struct store *store, const struct call_slot *slot, struct call_id id)
{
	struct call_record record;

	return slot != NULL && !slot->stored &&
	       core_get_call(loop_core(store->loop), id, &record) && record.state == CALL_RECALLING;
}

void gather_call(struct store *store, struct call_id id)
{
	struct call_slot *slot = gather_slot(store, id);

	if (is_unheard_of(store, slot, id))
		return;
	gather_mark(store);
	if (slot == NULL || slot->linked || !is_flowing(store))
		return;
	slot->linked = true;
	slot->next = store->commits.first_call;
	store->commits.first_call = id.slot;
}

void gather_agent(struct store *store, struct agent_id id)
{
	struct agent_slot *slot;

	gather_mark(store);
	if (id.slot >= store->commits.agents_max || !is_flowing(store))
		return;
	slot = &store->commits.agents[id.slot];
	slot->gen = id.gen;
	if (slot->linked)
		return;
	slot->linked = true;
	slot->next = store->commits.first_agent;
	store->commits.first_agent = id.slot;
}

void gather_gone(struct store *store, const struct call_card *card)
{
	struct call_slot *slot = gather_slot(store, card->id);
	struct wide_op op = { &store->commits.gone, "HDEL", store->keys.calls };
	char field[FIELD_SIZE];

	gather_mark(store);
	if (slot == NULL)
		return;
	if (slot->stored && is_flowing(store)) {
		wide_op_next(&op);
		batch_text(op.batch, keys_call_field(card->facts.client, card->facts.name, field));
	}
	slot->stored = false;
	recalled_free(slot);
}

void gather_restored_call(struct store *store, struct call_id id)
{
	struct call_slot *slot = gather_slot(store, id);

	if (slot != NULL)
		slot->stored = true;
}

void gather_nothing(struct store *store)
{
	struct commits *commits = &store->commits;

	for (uint32_t i = commits->first_call; i != SLOT_NONE; i = commits->calls[i].next)
		commits->calls[i].linked = false;
	for (uint32_t i = commits->first_agent; i != SLOT_NONE; i = commits->agents[i].next)
		commits->agents[i].linked = false;
	commits->first_call = commits->first_agent = SLOT_NONE;
	batch_clear(&commits->gone);
}

static void write_calls(struct store *store, struct batch *batch)
{
	struct commits *commits = &store->commits;
	struct wide_op op = { batch, "HSET", store->keys.calls };

	while (commits->first_call != SLOT_NONE) {
		struct call_slot *slot = &commits->calls[commits->first_call];
		struct call_id id = { commits->first_call, slot->gen };
		struct call_record record;

		commits->first_call = slot->next;
		slot->linked = false;
		/* It may have ended since it was marked. */
		if (!core_get_call(loop_core(store->loop), id, &record) ||
		    directory_call(store->directory, id) == NULL)
			continue;
		wide_op_next(&op);
		live_put_call(store, batch, id, &record);
	}
	wide_op_end(&op);
}

static void write_agents(struct store *store, struct batch *batch)
{
	struct commits *commits = &store->commits;
	struct wide_op op = { batch, "HSET", store->keys.agents };

	while (commits->first_agent != SLOT_NONE) {
		struct agent_slot *slot = &commits->agents[commits->first_agent];
		struct agent_id id = { commits->first_agent, slot->gen };

		commits->first_agent = slot->next;
		slot->linked = false;
		/* What changed may follow from a call, which says so itself. */
		if (!live_agent_differs(store, id))
			continue;
		wide_op_next(&op);
		live_put_agent(store, batch, id);
	}
	wide_op_end(&op);
}

/* What is gone goes first: a name may be in use again. */
void gather_write(struct store *store, struct batch *batch)
{
	struct batch *gone = &store->commits.gone;
	struct text body;

	if (gone->op_at != 0)
		batch_close(gone);
	body = batch_body(gone);
	batch_append(batch, body.start, body.length, gone->args);
	batch_clear(gone);
	write_calls(store, batch);
	write_agents(store, batch);
}
