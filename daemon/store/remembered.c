#include "remembered.h"

#include "najimi/base/hash.h"

void remembered_init(struct remembered *remembered)
{
	memset(remembered, 0, sizeof(*remembered));
	remembered->left_queue = QUEUE_NONE;
}

bool remembered_is_empty(const struct remembered *remembered)
{
	return remembered->agents_count == 0 && remembered->never_count == 0 &&
	       !remembered->shared && !remembered->has_pin && remembered->tier == 0 &&
	       remembered->left_queue == QUEUE_NONE;
}

static bool is(struct agent_id a, struct agent_id b)
{
	return agent_id_set(a) && agent_id_equal(a, b);
}

/* How long the agent is not to have the caller. */
static usec_t never_until(const struct remembered *remembered, struct agent_id agent)
{
	for (size_t i = 0; i < remembered->never_count; i++) {
		if (is(agent, remembered->never[i].agent))
			return remembered->never[i].until;
	}
	return 0;
}

static struct met_agent *find(struct remembered *remembered, struct agent_id agent)
{
	for (size_t i = 0; i < remembered->agents_count; i++) {
		if (is(agent, remembered->agents[i].agent))
			return &remembered->agents[i];
	}
	return NULL;
}

void remembered_forget(struct remembered *remembered, struct agent_id agent)
{
	struct met_agent *met = find(remembered, agent);
	struct met_agent *end = remembered->agents + remembered->agents_count;

	if (met == NULL)
		return;
	memmove(met, met + 1, (size_t)(end - met - 1) * sizeof(*met));
	remembered->agents_count--;
}

static void insert(struct remembered *remembered, const struct met_agent *met)
{
	size_t place = 0, count = remembered->agents_count;

	while (place < count && remembered->agents[place].at > met->at)
		place++;
	if (place == MEMORY_AGENTS_MAX)
		return;
	if (count == MEMORY_AGENTS_MAX)
		count--;
	memmove(&remembered->agents[place + 1], &remembered->agents[place],
	        (count - place) * sizeof(*met));
	remembered->agents[place] = *met;
	remembered->agents_count = (uint8_t)(count + 1);
}

void remembered_note(struct remembered *remembered, struct agent_id agent, queue_index queue,
                     usec_t at)
{
	struct met_agent met = { .agent = agent,
		                 .queue = queue,
		                 .at = at,
		                 .never_until = never_until(remembered, agent) };

	met.pinned = remembered->has_pin && is(agent, remembered->pin.agent);
	if (met.pinned)
		remembered->pin.at = at;
	remembered_forget(remembered, agent);
	insert(remembered, &met);
}

void remembered_keep(struct remembered *remembered, struct agent_id agent, size_t kept)
{
	size_t count = remembered->agents_count;
	struct met_agent *last;

	if (count <= kept || kept == 0)
		return;
	last = &remembered->agents[kept - 1];
	for (size_t i = kept; i < count; i++) {
		if (is(agent, remembered->agents[i].agent))
			*last = remembered->agents[i];
	}
	remembered->agents_count = (uint8_t)kept;
}

void remembered_pin(struct remembered *remembered, struct agent_id agent, usec_t at)
{
	struct met_agent *met;

	for (size_t i = 0; i < remembered->agents_count; i++)
		remembered->agents[i].pinned = false;
	remembered->has_pin = agent_id_set(agent);
	remembered->pin = (struct met_agent){
		.agent = agent, .queue = QUEUE_UNSAID, .pinned = true, .at = at
	};
	remembered->pin.never_until = never_until(remembered, agent);
	met = find(remembered, agent);
	if (met == NULL)
		return;
	met->pinned = true;
	remembered->pin.at = met->at;
}

static void drop_never(struct remembered *remembered, struct agent_id agent)
{
	size_t kept = 0;

	for (size_t i = 0; i < remembered->never_count; i++) {
		if (!is(agent, remembered->never[i].agent))
			remembered->never[kept++] = remembered->never[i];
	}
	remembered->never_count = (uint8_t)kept;
}

void remembered_exclude(struct remembered *remembered, struct agent_id agent, usec_t until)
{
	struct met_agent *met = find(remembered, agent);

	drop_never(remembered, agent);
	if (until != 0 && agent_id_set(agent) && remembered->never_count < REMEMBERED_NEVER_MAX)
		remembered->never[remembered->never_count++] = (struct exclusion){ agent, until };
	if (met != NULL)
		met->never_until = until;
	if (remembered->has_pin && is(agent, remembered->pin.agent))
		remembered->pin.never_until = until;
}

usec_t remembered_met_at(const struct remembered *remembered, struct agent_id agent)
{
	for (size_t i = 0; i < remembered->agents_count; i++) {
		if (is(agent, remembered->agents[i].agent))
			return remembered->agents[i].at;
	}
	return 0;
}

void remembered_merge(struct remembered *remembered, const struct remembered *later)
{
	for (size_t i = 0; i < later->never_count; i++)
		remembered_exclude(remembered, later->never[i].agent, later->never[i].until);
	if (later->has_pin)
		remembered_pin(remembered, later->pin.agent, later->pin.at);
	for (size_t i = 0; i < later->agents_count; i++)
		remembered_note(remembered, later->agents[i].agent, later->agents[i].queue,
		                later->agents[i].at);
	if (later->agents_count > 0)
		remembered->left_queue = QUEUE_NONE;
	if (later->left_queue == QUEUE_NONE)
		return;
	remembered->left_queue = later->left_queue;
	remembered->left_arrived_at = later->left_arrived_at;
	remembered->left_at = later->left_at;
}

uint64_t remembered_tier(struct text name)
{
	return name.length == 0 ? 0 : hash_bytes(HASH_START, name.start, name.length);
}
