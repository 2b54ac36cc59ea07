#include "events.h"

#include <assert.h>
#include <string.h>

#include "agent.h"
#include "call.h"
#include "hold.h"
#include "order.h"
#include "queue.h"
#include "route.h"
#include "skill.h"

void on_rules_configured(struct core *core, const struct core_event *ev)
{
	core->rules = ev->rules;
	end_restoring(core);
	order_reply(core, REPLY_DONE);
}

/* Whether somebody in line is not where they would be now is found out one call a step: see
 * on_queue_due(). */
static void look_through(struct core *core, queue_index index)
{
	if (core->queues[index].calls[CALL_WAITING] > 0)
		timer_set(&core->timers, timer_of_queue(core, index), core->now);
}

/* Those who wait already are told as those who come now. */
static void plan_telling_anew(struct core *core, const struct queue *queue)
{
	for (int line = WAIT_OPEN; line < WAIT_LINES; line++) {
		for (struct place *at = queue_first(queue, line); at != NULL; at = queue_next(at)) {
			struct call *call = container_of(at, struct call, place);

			call->tell_at = 0;
			call_plan_telling(core, call);
			call_arm(core, call);
		}
	}
}

void on_queue_configured(struct core *core, const struct core_event *ev)
{
	struct queue *queue = &core->queues[ev->queue_configured.queue];
	usec_t tell_after = queue->plan.tell_after, tell_every = queue->plan.tell_every;

	queue_configure(core, ev->queue_configured.queue, &ev->queue_configured.plan);
	if (tell_after != queue->plan.tell_after || tell_every != queue->plan.tell_every)
		plan_telling_anew(core, queue);
	if (!core->restoring)
		look_through(core, ev->queue_configured.queue);
	order_reply(core, REPLY_DONE);
}

void on_lasting_restored(struct core *core, const struct core_event *ev)
{
	struct queue *queue = queue_find(core, ev->lasting_restored.queue);

	if (queue != NULL)
		remain_take(queue->lasting, &ev->lasting_restored.lasting);
}

/* Only now are all plans and rules known by which deadlines are found. */
static void rearm_restored(struct core *core)
{
	for (uint32_t i = 0; i < core->limits.calls_max; i++) {
		struct call *call = &core->calls[i];

		if (call->r.state == CALL_FREE)
			continue;
		if (call->r.state == CALL_OFFERED)
			call->state_due = later(call->r.ring_until, core->rules.ring_grace);
		/* What is known of talks is not saved: at a price it is decided anew. */
		if (call_holds_out(call) && hold_at_price(core, call))
			call->review_at = core->now;
		/* What the caller's tier is worth in line was not known. */
		if (call->r.state == CALL_WAITING &&
		    call->place.head != call_head_start(core, call))
			call_enter(core, call, CALL_WAITING);
		call_arm(core, call);
	}
}

void end_restoring(struct core *core)
{
	if (core->restoring)
		rearm_restored(core);
	core->restoring = false;
	for (uint32_t i = 0; i < core->limits.queues_max; i++)
		look_through(core, (queue_index)i);
}

void on_queue_due(struct core *core, queue_index index)
{
	bool again = route_one_waiting(core, &core->queues[index]);

	timer_set(&core->timers, timer_of_queue(core, index), again ? core->now : USEC_NEVER);
}

void on_agent_restored(struct core *core, const struct core_event *ev)
{
	const struct agent_record *from = &ev->agent_restored;
	struct agent *agent = &core->agents[from->id.slot];
	enum agent_state state = from->state;
	enum agent_pending pending = PENDING_NOTHING;
	queue_index queues[AGENT_QUEUES_MAX];
	size_t count;
	usec_t until = 0;

	assert(from->id.slot < core->limits.agents_max && agent_id_set(from->id));
	assert(agent->r.state == AGENT_LOGGED_OUT);

	core->restoring = true;
	agent->r = *from;
	agent->r.state = AGENT_LOGGED_OUT;
	agent->r.queues_count = 0;
	agent->last_queue = QUEUE_NONE;
	agent->last_talk = 0;
	agent_set_levels(core, agent, from->levels);
	agent->r.call = (struct call_id){ 0 };
	agent->r.pending = PENDING_NOTHING;
	agent->r.until = 0;
	if (state == AGENT_LOGGED_OUT)
		return;
	/* More queues than there is room for: this configuration has less. */
	count = agent_distinct_queues(from->queues, from->queues_count, queues);
	agent_set_queues(core, agent, queues,
	                 count < core->memberships_left ? count : core->memberships_left);

	/* On a call or not, the call will say. */
	if (state == AGENT_OFFERED || state == AGENT_TALKING) {
		state = AGENT_READY;
		pending = from->pending;
	}
	if (state == AGENT_WRAPUP || (state == AGENT_PAUSED && from->cause == PAUSE_RONA))
		until = from->until;
	agent_enter(core, agent, state, until);
	agent->r.since = from->since;
	agent->r.pending = pending;
	agent->r.brief = from->brief;
	if (pending != PENDING_NOTHING)
		timer_set(&core->timers, timer_of_agent(core, agent), core->now);
}

/* The agent whom a restored call names, if it can have them. */
static struct agent *find_partner(struct core *core, struct agent_id id)
{
	struct agent *agent = agent_find(core, id);

	return agent != NULL && agent->r.state == AGENT_READY ? agent : NULL;
}

static void restore_partner(struct core *core, struct call *call, struct agent *agent,
                            enum agent_state state)
{
	usec_t began = agent->r.since;
	enum agent_pending pending = agent->r.pending;

	agent->r.call = call->r.id;
	agent_enter(core, agent, state, 0);
	agent->r.since = began;
	agent->r.pending = pending;
}

/* Whether the one whom the record waits for is there, with room in the line. */
static bool can_hold(struct core *core, const struct call *call)
{
	const struct agent *agent = NULL;

	if (agent_id_set(call->r.target)) {
		agent = agent_find(core, call->r.target);
		return agent != NULL && agent->targeted < TARGETED_MAX;
	}
	if (call_returns(call))
		agent = agent_find(core, call->r.known[0].agent);
	return agent != NULL && agent->holding < LINE_MAX;
}

/* The record may tell of an agent who is not there any more. */
static void restore_waiting(struct core *core, struct call *call)
{
	if (call->r.hold_until != 0 && !can_hold(core, call))
		call_stop_holding(core, call);
	if (call->r.hold_until != 0)
		return;
	call->r.target = (struct agent_id){ 0 };
	if (call_returns(call) && call->r.sticky != STICKY_OTHER) {
		call->r.sticky = STICKY_OTHER;
		call->r.why = WHY_LOGGED_OUT;
	}
}

/* A caller stands in the index of an agent once, whatever the record says. */
static void drop_known_twice(struct call_record *r)
{
	uint8_t kept = 0;

	for (uint8_t i = 0; i < r->known_count; i++) {
		uint8_t j = 0;

		while (j < kept && !agent_id_equal(r->known[j].agent, r->known[i].agent))
			j++;
		if (j == kept || !agent_id_set(r->known[i].agent))
			r->known[kept++] = r->known[i];
	}
	r->known_count = kept;
}

void on_call_restored(struct core *core, const struct core_event *ev)
{
	const struct call_record *from = &ev->call_restored;
	struct call *call = &core->calls[from->id.slot];
	enum call_state state = from->state;
	struct agent *agent = NULL;

	assert(from->id.slot < core->limits.calls_max && call_id_set(from->id));
	assert(from->queue < core->limits.queues_max);
	assert(from->first_queue < core->limits.queues_max);
	assert(call->r.state == CALL_FREE && state != CALL_FREE);

	core->restoring = true;
	call->r = *from;
	call->r.state = CALL_FREE;
	drop_known_twice(&call->r);
	call->needs_mask = skill_mask_of_needs(from->needs, from->needs_count);
	if (core->seq <= from->seq)
		core->seq = from->seq + 1;
	if (state == CALL_OFFERED || state == CALL_TALKING || state == CALL_HELD)
		agent = find_partner(core, from->agent);
	if (state == CALL_RECALLING || (state == CALL_OFFERED && agent == NULL)) {
		if (call->r.sticky == STICKY_NEW && state == CALL_RECALLING)
			call->r.why = WHY_LOOKUP_LATE;
		state = CALL_WAITING;
	}
	if (state == CALL_WAITING)
		restore_waiting(core, call);
	else if (agent == NULL)
		call->r.agent = (struct agent_id){ 0 };
	call_enter(core, call, state);
	call->r.since = from->since;
	if (agent != NULL)
		restore_partner(core, call, agent,
		                state == CALL_OFFERED ? AGENT_OFFERED : AGENT_TALKING);
}
