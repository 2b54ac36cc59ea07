#include "najimi/core/snapshot.h"

#include <assert.h>
#include <string.h>

#include "agent.h"
#include "call.h"
#include "queue.h"
#include "reset.h"
#include "skill.h"

/* Records and what no record tells, one after the other. Indexes are not written:
 * they follow from the records. */

#define MAGIC UINT64_C(0x33306d696a616e00)
#define EINVAL_CODE 22 /* the core does not know <errno.h>, its caller does */

struct header {
	uint64_t magic;
	uint64_t size; /* of everything */
	struct core_limits limits;
	struct core_rules rules;
	usec_t now;
	uint64_t seq;
	uint32_t agents, calls;
	bool restoring;
};

struct queue_part {
	bool configured;
	struct queue_plan plan;
	uint64_t handled;
	usec_t handling, due;
	struct queue_stats stats;
	struct remain_pair lasting;
	usec_t value, idle_from;
};

struct agent_part {
	struct agent_record r;
	queue_index last_queue;
	usec_t last_talk, due, busy, at_work;
	struct remain talks;
};

struct call_part {
	struct call_record r;
	struct agent_id wanted[KNOWN_MAX];
	usec_t state_due, review_at, tell_at, due;
	uint8_t head;
};

static uint32_t count_agents(const struct core *core)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < core->limits.agents_max; i++)
		count += agent_id_set(core->agents[i].r.id);
	return count;
}

static uint32_t count_calls(const struct core *core)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < core->limits.calls_max; i++)
		count += core->calls[i].r.state != CALL_FREE;
	return count;
}

static size_t size_of(uint32_t queues, uint32_t agents, uint32_t calls)
{
	return sizeof(struct header) + queues * sizeof(struct queue_part) +
	       agents * sizeof(struct agent_part) + calls * sizeof(struct call_part);
}

size_t core_snapshot_size(const struct core *core)
{
	return size_of(core->limits.queues_max, count_agents(core), count_calls(core));
}

/* The bytes may lie at any address, so parts are copied, never pointed at. */
static unsigned char *put(unsigned char *to, const void *part, size_t size)
{
	memcpy(to, part, size);
	return to + size;
}

static unsigned char *put_queue(unsigned char *to, const struct core *core, queue_index index)
{
	const struct queue *queue = &core->queues[index];
	struct queue_part part;

	memset(&part, 0, sizeof(part));
	part.configured = queue->configured;
	part.plan = queue->plan;
	part.handled = queue->handled;
	part.handling = queue->handling;
	part.due = timer_due(&core->timers, timer_of_queue(core, index));
	part.stats = core->stats[index];
	part.lasting = *queue->lasting;
	part.value = queue->value;
	part.idle_from = queue->idle_from;
	return put(to, &part, sizeof(part));
}

static unsigned char *put_agent(unsigned char *to, const struct core *core,
                                const struct agent *agent)
{
	struct agent_part part;

	memset(&part, 0, sizeof(part));
	part.r = agent->r;
	part.last_queue = agent->last_queue;
	part.busy = agent->busy;
	part.at_work = agent->at_work;
	part.talks = *agent->talks;
	part.last_talk = agent->last_talk;
	part.due = timer_due(&core->timers, timer_of_agent(core, agent));
	return put(to, &part, sizeof(part));
}

static unsigned char *put_call(unsigned char *to, const struct core *core, const struct call *call)
{
	struct call_part part;

	memset(&part, 0, sizeof(part));
	part.r = call->r;
	for (size_t i = 0; i < KNOWN_MAX; i++)
		part.wanted[i] = call->wants[i].agent;
	part.state_due = call->state_due;
	part.review_at = call->review_at;
	part.tell_at = call->tell_at;
	part.head = call->place.head;
	part.due = timer_due(&core->timers, timer_of_call(core, call));
	return put(to, &part, sizeof(part));
}

size_t core_snapshot(const struct core *core, void *bytes, size_t size)
{
	unsigned char *to = bytes;
	struct header header;

	memset(&header, 0, sizeof(header));
	header.magic = MAGIC;
	header.size = core_snapshot_size(core);
	header.limits = core->limits;
	header.rules = core->rules;
	header.now = core->now;
	header.seq = core->seq;
	header.agents = count_agents(core);
	header.calls = count_calls(core);
	header.restoring = core->restoring;
	assert(core->out == NULL && size >= header.size);

	to = put(to, &header, sizeof(header));
	for (uint32_t i = 0; i < core->limits.agents_max; i++) {
		if (agent_id_set(core->agents[i].r.id))
			to = put_agent(to, core, &core->agents[i]);
	}
	for (uint32_t i = 0; i < core->limits.calls_max; i++) {
		if (core->calls[i].r.state != CALL_FREE)
			to = put_call(to, core, &core->calls[i]);
	}
	for (uint32_t i = 0; i < core->limits.queues_max; i++)
		to = put_queue(to, core, (queue_index)i);
	assert(to == (unsigned char *)bytes + header.size);
	return header.size;
}

static const unsigned char *take(const unsigned char *from, void *part, size_t size)
{
	memcpy(part, from, size);
	return from + size;
}

static const unsigned char *take_queue(const unsigned char *from, struct core *core,
                                       queue_index index)
{
	struct queue *queue = &core->queues[index];
	struct queue_part part;

	from = take(from, &part, sizeof(part));
	queue->configured = part.configured;
	queue->plan = part.plan;
	queue->handled = part.handled;
	queue->handling = part.handling;
	core->stats[index] = part.stats;
	*queue->lasting = part.lasting;
	queue->value = part.value;
	queue->idle_from = part.idle_from;
	timer_set(&core->timers, timer_of_queue(core, index), part.due);
	return from;
}

/* NULL for a part that no core could have written. */
static const unsigned char *take_agent(const unsigned char *from, struct core *core)
{
	struct agent_part part;
	struct agent *agent;

	from = take(from, &part, sizeof(part));
	if (part.r.id.slot >= core->limits.agents_max || !agent_id_set(part.r.id) ||
	    (unsigned)part.r.state >= AGENT_STATES || part.r.queues_count > AGENT_QUEUES_MAX ||
	    part.r.queues_count > core->memberships_left)
		return NULL;
	for (size_t i = 0; i < part.r.queues_count; i++) {
		if (part.r.queues[i] >= core->limits.queues_max)
			return NULL;
	}
	agent = &core->agents[part.r.id.slot];
	if (agent_id_set(agent->r.id))
		return NULL;
	agent_take(core, agent, &part.r);
	agent->last_queue = part.last_queue;
	agent->busy = part.busy;
	agent->at_work = part.at_work;
	*agent->talks = part.talks;
	agent->last_talk = part.last_talk;
	timer_set(&core->timers, timer_of_agent(core, agent), part.due);
	return from;
}

static const unsigned char *take_call(const unsigned char *from, struct core *core)
{
	struct call_part part;
	struct call *call;

	from = take(from, &part, sizeof(part));
	if (part.r.id.slot >= core->limits.calls_max || part.r.state == CALL_FREE ||
	    (unsigned)part.r.state >= CALL_STATES || part.r.queue >= core->limits.queues_max ||
	    part.r.first_queue >= core->limits.queues_max || part.r.known_count > KNOWN_MAX ||
	    part.r.needs_count > CALL_NEEDS_MAX || part.r.excluded_count > CALL_EXCLUDED_MAX)
		return NULL;
	for (size_t i = 0; i < KNOWN_MAX; i++) {
		if (agent_id_set(part.wanted[i]) && part.wanted[i].slot >= core->limits.agents_max)
			return NULL;
	}
	call = &core->calls[part.r.id.slot];
	if (call->r.state != CALL_FREE)
		return NULL;
	call_take(core, call, &part.r, part.wanted, part.head);
	call->state_due = part.state_due;
	call->review_at = part.review_at;
	call->tell_at = part.tell_at;
	timer_set(&core->timers, timer_of_call(core, call), part.due);
	return from;
}

int core_restore(struct core *core, const void *bytes, size_t size)
{
	const unsigned char *from = bytes;
	struct header header;

	if (size < sizeof(header))
		return -EINVAL_CODE;
	from = take(from, &header, sizeof(header));
	if (header.magic != MAGIC || header.size > size ||
	    memcmp(&header.limits, &core->limits, sizeof(header.limits)) != 0 ||
	    header.agents > core->limits.agents_max || header.calls > core->limits.calls_max ||
	    header.size != size_of(core->limits.queues_max, header.agents, header.calls))
		return -EINVAL_CODE;

	core_reset(core);
	core->rules = header.rules;
	core->now = header.now;
	core->seq = header.seq;
	core->restoring = header.restoring;
	for (uint32_t i = 0; i < header.agents && from != NULL; i++)
		from = take_agent(from, core);
	for (uint32_t i = 0; i < header.calls && from != NULL; i++)
		from = take_call(from, core);
	/* Last: what the queues had counted, not what taking the others has. */
	for (uint32_t i = 0; i < core->limits.queues_max && from != NULL; i++)
		from = take_queue(from, core, (queue_index)i);
	return from == NULL ? -EINVAL_CODE : 0;
}
