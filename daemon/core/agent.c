#include "agent.h"

#include <assert.h>
#include <string.h>

#include "queue.h"
#include "ready.h"
#include "skill.h"
#include "stats.h"

struct agent *agent_find(struct core *core, struct agent_id id)
{
	struct agent *agent;

	if (id.slot >= core->limits.agents_max || !agent_id_set(id))
		return NULL;
	agent = &core->agents[id.slot];
	return agent->r.id.gen == id.gen ? agent : NULL;
}

static void list(struct core *core, struct agent *agent)
{
	struct membership *membership;
	uint32_t slot = agent->memberships;

	for (size_t i = agent->r.queues_count; i-- > 0; slot = membership->next) {
		membership = &core->memberships[slot];
		membership->idle_since = agent->r.idle_since;
		membership->skills = agent->skills;
		ready_add(&core->queues[agent->r.queues[i]].ready, membership);
		stats_note_idle(core, agent->r.queues[i]);
	}
	agent->listed = true;
}

static void unlist(struct core *core, struct agent *agent)
{
	struct membership *membership;
	uint32_t slot = agent->memberships;

	for (size_t i = agent->r.queues_count; i-- > 0; slot = membership->next) {
		membership = &core->memberships[slot];
		ready_drop(&core->queues[agent->r.queues[i]].ready, membership);
		stats_note_idle(core, agent->r.queues[i]);
	}
	agent->listed = false;
}

/* Time at work fades: half of it counts twice this later. */
#define AT_WORK_MAX HOUR(2)
#define AT_WORK_MIN MINUTE(15)

static bool is_at_work(enum agent_state state)
{
	return state != AGENT_LOGGED_OUT && state != AGENT_PAUSED;
}

/* Adds the time in the state that ends. */
static void count_work(const struct core *core, struct agent *agent)
{
	usec_t span = elapsed(core->now, agent->r.since);

	if (!is_at_work(agent->r.state))
		return;
	agent->at_work += span;
	if (agent->r.state != AGENT_READY)
		agent->busy += span;
	while (agent->at_work > AT_WORK_MAX) {
		agent->at_work /= 2;
		agent->busy /= 2;
	}
}

bool agent_overloaded(const struct core *core, const struct agent *agent,
                      const struct queue_plan *plan)
{
	usec_t span, at_work, busy;

	if (plan->load_max == 0)
		return false;
	span = is_at_work(agent->r.state) ? elapsed(core->now, agent->r.since) : 0;
	at_work = agent->at_work + span;
	busy = agent->busy + (agent->r.state == AGENT_READY ? 0 : span);
	return at_work >= AT_WORK_MIN && busy / 1000 * 1000 > at_work / 1000 * plan->load_max;
}

static void end_wrapup(struct core *core, struct agent *agent)
{
	usec_t length = elapsed(core->now, agent->r.since);

	if (agent->last_queue == QUEUE_NONE)
		return; /* restored in its middle: whose talk it was is not known any more */
	stats_count_wrapup(core, agent->last_queue, length);
	remain_learn_wrapup(core->queues[agent->last_queue].lasting, length);
	queue_count_handling(&core->queues[agent->last_queue], agent->last_talk + length);
}

static void count_members(struct core *core, const struct agent *agent, bool in)
{
	uint32_t one = in ? 1 : UINT32_MAX;

	for (size_t i = 0; i < agent->r.queues_count; i++)
		core->queues[agent->r.queues[i]].agents[agent->r.state] += one;
}

void agent_enter(struct core *core, struct agent *agent, enum agent_state next, usec_t until)
{
	static const unsigned allowed[AGENT_STATES] = {
		/* WRAPUP only from the store, at start. */
		[AGENT_LOGGED_OUT] = BIT(AGENT_READY) | BIT(AGENT_OFFERED) | BIT(AGENT_WRAPUP) |
		                     BIT(AGENT_PAUSED),
		[AGENT_READY] = BIT(AGENT_READY) | BIT(AGENT_OFFERED) | BIT(AGENT_TALKING) |
		                BIT(AGENT_PAUSED) | BIT(AGENT_LOGGED_OUT),
		[AGENT_OFFERED] = BIT(AGENT_READY) | BIT(AGENT_OFFERED) | BIT(AGENT_TALKING) |
		                  BIT(AGENT_PAUSED) | BIT(AGENT_LOGGED_OUT),
		[AGENT_TALKING] = BIT(AGENT_READY) | BIT(AGENT_OFFERED) | BIT(AGENT_WRAPUP) |
		                  BIT(AGENT_PAUSED) | BIT(AGENT_LOGGED_OUT),
		[AGENT_WRAPUP] = BIT(AGENT_READY) | BIT(AGENT_OFFERED) | BIT(AGENT_TALKING) |
		                 BIT(AGENT_PAUSED) | BIT(AGENT_LOGGED_OUT),
		[AGENT_PAUSED] = BIT(AGENT_READY) | BIT(AGENT_OFFERED) | BIT(AGENT_TALKING) |
		                 BIT(AGENT_LOGGED_OUT),
	};

	assert(allowed[agent->r.state] & BIT(next));

	if (agent->listed)
		unlist(core, agent);
	if (agent->r.state == AGENT_WRAPUP)
		end_wrapup(core, agent);
	if (agent->r.state != next) {
		count_work(core, agent);
		count_members(core, agent, false);
		agent->r.since = core->now;
		agent->r.state = next;
		count_members(core, agent, true);
	}
	agent_extend(core, agent, until);
	if (next != AGENT_OFFERED && next != AGENT_TALKING) {
		agent->r.call = (struct call_id){ 0 };
		agent->r.pending = PENDING_NOTHING;
	}
	if (next != AGENT_PAUSED && agent->r.pending != PENDING_PAUSE)
		agent->r.brief = false;
	if (agent_available(agent))
		list(core, agent);
}

void agent_extend(struct core *core, struct agent *agent, usec_t until)
{
	agent->r.until = until;
	timer_set(&core->timers, timer_of_agent(core, agent), until == 0 ? USEC_NEVER : until);
}

void agent_set_device(struct core *core, struct agent *agent, enum device_state device)
{
	uint32_t one = device == DEVICE_UNREACHABLE ? 1 : UINT32_MAX;

	if ((agent->r.device == DEVICE_UNREACHABLE) != (device == DEVICE_UNREACHABLE)) {
		for (size_t i = 0; i < agent->r.queues_count; i++)
			core->queues[agent->r.queues[i]].unreachable += one;
	}
	agent->r.device = device;
	if (agent->listed && !agent_available(agent))
		unlist(core, agent);
}

static void join_queue(struct core *core, struct agent *agent, queue_index index)
{
	uint32_t slot = core->memberships_unused;
	struct membership *membership = &core->memberships[slot];
	struct queue *queue = &core->queues[index];

	core->memberships_unused = membership->next;
	core->memberships_left--;
	membership->agent = agent->r.id.slot;
	membership->next = agent->memberships;
	agent->memberships = slot;
	agent->r.queues[agent->r.queues_count++] = index;
	queue->agents[agent->r.state]++;
	queue->unreachable += agent->r.device == DEVICE_UNREACHABLE;
}

void agent_leave_queues(struct core *core, struct agent *agent)
{
	for (size_t i = 0; i < agent->r.queues_count; i++) {
		struct queue *queue = &core->queues[agent->r.queues[i]];
		uint32_t slot = agent->memberships;
		struct membership *membership = &core->memberships[slot];

		queue->agents[agent->r.state]--;
		queue->unreachable -= agent->r.device == DEVICE_UNREACHABLE;
		agent->memberships = membership->next;
		membership->next = core->memberships_unused;
		core->memberships_unused = slot;
		core->memberships_left++;
	}
	memset(agent->r.queues, 0, sizeof(agent->r.queues));
	agent->r.queues_count = 0;
}

size_t agent_distinct_queues(const queue_index *queues, size_t count,
                             queue_index ret_queues[AGENT_QUEUES_MAX])
{
	size_t kept = 0;

	assert(count <= AGENT_QUEUES_MAX);

	for (size_t i = 0; i < count; i++) {
		size_t j = 0;

		while (j < kept && ret_queues[j] != queues[i])
			j++;
		if (j == kept)
			ret_queues[kept++] = queues[i];
	}
	return kept;
}

void agent_set_queues(struct core *core, struct agent *agent, const queue_index *queues,
                      size_t count)
{
	bool listed = agent->listed;

	assert(count <= core->memberships_left + agent->r.queues_count);

	if (count == agent->r.queues_count &&
	    memcmp(queues, agent->r.queues, count * sizeof(*queues)) == 0)
		return;
	if (listed)
		unlist(core, agent);
	agent_leave_queues(core, agent);
	for (size_t i = 0; i < count; i++) {
		assert(queues[i] < core->limits.queues_max);
		join_queue(core, agent, queues[i]);
	}
	if (listed)
		list(core, agent);
}

void agent_take(struct core *core, struct agent *agent, const struct agent_record *r)
{
	agent->r = *r;
	agent->r.queues_count = 0;
	for (size_t i = 0; i < r->queues_count; i++)
		join_queue(core, agent, r->queues[i]);
	agent->skills = skill_mask_of_levels(r->levels);
	if (agent_available(agent))
		list(core, agent);
}

void agent_set_levels(struct core *core, struct agent *agent, const uint8_t levels[SKILLS_MAX])
{
	bool listed = agent->listed;

	if (listed)
		unlist(core, agent);
	memcpy(agent->r.levels, levels, sizeof(agent->r.levels));
	agent->skills = skill_mask_of_levels(levels);
	if (listed)
		list(core, agent);
}

bool agent_serves(const struct agent *agent, queue_index queue)
{
	for (size_t i = 0; i < agent->r.queues_count; i++) {
		if (agent->r.queues[i] == queue)
			return true;
	}
	return false;
}
