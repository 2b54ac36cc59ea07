#include "arrivals.h"

#include <stdio.h>

#include "najimi/shell/clock.h"
#include "rpc_calls.h"

bool arrival_find_queue(struct link *link, const char *name, const char *field, queue_index *ret,
                        struct refusal *refusal)
{
	queue_index queue = directory_find_queue(directory_of(link), name);

	if (queue == QUEUE_NONE)
		return refuse(refusal, RPC_UNKNOWN_QUEUE, "unknown_queue", field, "no queue %.*s",
		              ID_BYTES_MAX, name);
	*ret = queue;
	return true;
}

bool arrival_find_skill(struct link *link, const char *name, size_t index, skill_index *ret,
                        struct refusal *refusal)
{
	int skill = directory_find_skill(directory_of(link), name);
	char field[32];

	if (skill < 0) {
		snprintf(field, sizeof(field), "skills[%zu].name", index);
		return refuse(refusal, RPC_INVALID_PARAMS, "unknown_skill", field, "no skill %.*s",
		              ID_BYTES_MAX, name);
	}
	*ret = (skill_index)skill;
	return true;
}

enum caller_identity arrival_identity(const struct identity *identity)
{
	switch (identity->kind) {
	case IDENTITY_OF_NOBODY:
		return IDENTITY_NONE;
	case IDENTITY_OF_SHARED:
		return IDENTITY_SHARED;
	case IDENTITY_OF_NUMBER:
	case IDENTITY_OF_CUSTOMER:
		return IDENTITY_KEYED;
	}
	return IDENTITY_NONE;
}

bool arrival_fill(struct link *link, const struct call_words *words, const struct call_facts *facts,
                  const struct identity *identity, struct core_event *ev, struct refusal *refusal)
{
	*ev = (struct core_event){ .type = EVT_CALL_ARRIVED };
	if (!arrival_find_queue(link, words->queue, "queue", &ev->call_arrived.queue, refusal))
		return false;
	for (size_t i = 0; i < words->skills_count; i++) {
		if (!arrival_find_skill(link, words->skills[i].name, i,
		                        &ev->call_arrived.needs[i].skill, refusal))
			return false;
		ev->call_arrived.needs[i].min = words->skills[i].level;
	}
	ev->call_arrived.has_priority = words->has_priority;
	ev->call_arrived.priority = words->priority;
	ev->call_arrived.identity = arrival_identity(identity);
	ev->call_arrived.tier = directory_find_tier(directory_of(link), facts->tier);
	ev->call_arrived.needs_count = words->skills_count;
	ev->call_arrived.arrived_at = words->arrived_at;
	return true;
}

struct call_card *arrival_post(struct link *link, struct client *client,
                               const struct call_facts *facts, uint64_t fingerprint,
                               enum call_adapter adapter, struct core_event *ev)
{
	struct call_card *card = directory_add_call(directory_of(link), facts);

	if (card == NULL)
		return NULL;
	card->fingerprint = fingerprint;
	card->adapter = adapter;
	card->read_at = clock_now();
	card->sync = client->sync; /* as good as listed: it is new */
	client->calls++;
	ev->call_arrived.call = card->id;
	if (ev->call_arrived.arrived_at == 0 || ev->call_arrived.arrived_at > card->read_at)
		ev->call_arrived.arrived_at = card->read_at;
	calls_post(link, ev);
	return card;
}
