#include "najimi/shell/clock.h"
#include "state.h"

/* After Redis was away, all live state is written anew: piece by piece beside the old
 * one, and put in its place in one step. A daemon that dies meanwhile leaves the old
 * one as it was. What changes meanwhile is gathered as ever, and goes with that step. */
#define CHUNK_RECORDS 500
#define CHUNK_BYTES (256 * 1024)

void rewrite_begin(struct store *store)
{
	struct commits *commits = &store->commits;

	gather_nothing(store);
	for (uint32_t i = 0; i < commits->calls_max; i++)
		commits->calls[i].stored = false;
	for (uint32_t i = 0; i < commits->agents_max; i++)
		commits->agents[i].stored = false;
	commits->round++;
	commits->next_call = commits->next_agent = 0;
	commits->calls_aside = commits->agents_aside = false;
	commits->rewrite_began = clock_monotonic();
	commits->changed = true;
}

static struct text aside(struct store *store, const char *key, char buffer[KEY_SIZE])
{
	return keys_aside(key, store->epoch, store->commits.round, buffer);
}

static size_t put_calls(struct store *store, struct batch *batch)
{
	const struct core *core = loop_core(store->loop);
	struct commits *commits = &store->commits;
	char buffer[KEY_SIZE];
	struct wide_op op = { batch, "HSET", aside(store, store->keys.calls, buffer).start };
	size_t count = 0;
	struct call_id id;

	while (count < CHUNK_RECORDS && batch->length < CHUNK_BYTES) {
		struct call_record record;

		if (!core_next_call(core, commits->next_call, &id)) {
			commits->calls_aside = true;
			break;
		}
		commits->next_call = id.slot + 1;
		if (!core_get_call(core, id, &record) ||
		    directory_call(store->directory, id) == NULL)
			continue;
		wide_op_next(&op);
		live_put_call(store, batch, id, &record);
		count++;
	}
	wide_op_end(&op);
	return count;
}

static size_t put_agents(struct store *store, struct batch *batch)
{
	const struct core *core = loop_core(store->loop);
	struct commits *commits = &store->commits;
	char buffer[KEY_SIZE];
	struct wide_op op = { batch, "HSET", aside(store, store->keys.agents, buffer).start };
	size_t count = 0;
	struct agent_id id;

	while (count < CHUNK_RECORDS && batch->length < CHUNK_BYTES) {
		if (!core_next_agent(core, commits->next_agent, &id)) {
			commits->agents_aside = true;
			break;
		}
		commits->next_agent = id.slot + 1;
		if (id.slot >= commits->agents_max || !live_agent_differs(store, id))
			continue;
		wide_op_next(&op);
		live_put_agent(store, batch, id);
		count++;
	}
	wide_op_end(&op);
	return count;
}

/* Should nobody finish what is begun, it goes by itself. */
static void put_end(struct store *store, struct batch *batch, const char *key)
{
	char buffer[KEY_SIZE];

	batch_open(batch, "PEXPIRE");
	batch_text(batch, aside(store, key, buffer));
	batch_ms(batch, REWRITE_KEEP);
	batch_close(batch);
}

bool rewrite_chunk(struct store *store, struct batch *batch)
{
	struct commits *commits = &store->commits;

	if (!commits->calls_aside && put_calls(store, batch) > 0) {
		put_end(store, batch, store->keys.calls);
		return true;
	}
	if (!commits->agents_aside && put_agents(store, batch) > 0) {
		put_end(store, batch, store->keys.agents);
		return true;
	}
	return !commits->calls_aside || !commits->agents_aside;
}

static void put_replace(struct store *store, struct batch *batch, const char *key)
{
	char buffer[KEY_SIZE];

	batch_open(batch, "REPLACE");
	batch_text(batch, aside(store, key, buffer));
	batch_string(batch, key);
	batch_close(batch);
}

void rewrite_switch(struct store *store, struct batch *batch)
{
	put_replace(store, batch, store->keys.calls);
	put_replace(store, batch, store->keys.agents);
}
