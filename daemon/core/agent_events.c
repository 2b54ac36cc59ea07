#include "events.h"

#include <assert.h>

#include "agent.h"
#include "call.h"
#include "order.h"
#include "route.h"

static bool on_call(const struct agent *agent)
{
	return agent->r.state == AGENT_OFFERED || agent->r.state == AGENT_TALKING;
}

/* NULL, with the reply ordered, for one who is not logged in. */
static struct agent *find_or_reply(struct core *core, struct agent_id id, bool logged_in)
{
	struct agent *agent = agent_find(core, id);

	if (agent == NULL) {
		order_reply(core, REPLY_UNKNOWN_AGENT);
		return NULL;
	}
	if (logged_in && agent->r.state == AGENT_LOGGED_OUT) {
		order_reply(core, REPLY_WRONG_STATE);
		return NULL;
	}
	return agent;
}

static void set_pending(struct core *core, struct agent *agent, enum agent_pending pending)
{
	if (agent->r.pending == pending)
		return;
	agent->r.pending = pending;
	agent->r.brief = agent->r.brief && pending == PENDING_PAUSE;
	route_review_holders(core, agent);
	agent_changed(core, agent);
}

static void make_ready(struct core *core, struct agent *agent)
{
	if (agent->r.state == AGENT_PAUSED && agent->r.cause == PAUSE_RONA) {
		for (size_t i = 0; i < MISS_KINDS; i++)
			agent->r.misses[i] = 0;
	}
	if (on_call(agent))
		set_pending(core, agent, PENDING_NOTHING);
	else if (agent->r.state != AGENT_READY)
		route_agent(core, agent, core->now);
}

static void make_paused(struct core *core, struct agent *agent, bool brief)
{
	agent->r.brief = brief;
	if (on_call(agent)) {
		set_pending(core, agent, PENDING_PAUSE);
		agent_changed(core, agent);
	} else if (agent->r.state != AGENT_PAUSED) {
		route_agent_away(core, agent, AGENT_PAUSED, PAUSE_ASKED, 0);
	} else {
		/* Now the break is their own wish and does not end by itself. Changed in any
		 * case: the reason, which the core does not keep, may be a new one. */
		agent->r.cause = PAUSE_ASKED;
		agent_extend(core, agent, 0);
		agent_changed(core, agent);
		route_holders(core, agent);
	}
}

/* Callers who held out for the slot's former owner, who has not come back. */
static void release_held(struct core *core, struct agent *agent)
{
	struct want *want;

	while ((want = want_first(&agent->held)) != NULL) {
		struct call *call = want_call(want);

		if (want->rank == 0)
			route_call(core, call, false, TELL_NEWS);
		else
			call_enter(core, call, CALL_WAITING);
	}
}

/* A slot that is new, or whose former owner is gone. Callers who know that one may
 * still be in the index: their handles match nobody. */
static void take_slot(struct core *core, struct agent_id id)
{
	struct agent *agent = &core->agents[id.slot];

	assert(agent->r.state == AGENT_LOGGED_OUT);
	agent->r = (struct agent_record){ .id = id };
	agent->skills = 0;
	agent->last_queue = QUEUE_NONE;
	agent->last_talk = 0;
	agent->busy = 0;
	agent->at_work = 0;
	*agent->talks = (struct remain){ 0 };
	release_held(core, agent);
}

/* Callers who hold out for the agent: theirs can be reached after all, in time. */
static void be_there(struct core *core, struct agent *agent)
{
	for (struct want *want = want_first(&agent->held); want != NULL; want = want_next(want)) {
		struct call *call = want_call(want);

		if (want->rank != 0 || call->r.own_there || !call_holds_out(call))
			continue;
		call->r.own_there = true;
		call_changed(core, call);
	}
}

static void log_in(struct core *core, struct agent *agent, bool ready)
{
	be_there(core, agent);
	for (size_t i = 0; i < MISS_KINDS; i++)
		agent->r.misses[i] = 0;
	if (!ready) {
		route_agent_away(core, agent, AGENT_PAUSED, PAUSE_ASKED, 0);
		return;
	}
	route_agent(core, agent, core->now);
	/* They may have waited for one who now serves other queues. */
	route_holders(core, agent);
}

/* Logged in already: what is new may open or close callers to the agent. */
static void take_over(struct core *core, struct agent *agent, const struct core_event *ev)
{
	enum agent_state before = agent->r.state;

	route_holders(core, agent);
	if (!ev->agent_logged_in.keep_state) {
		if (ev->agent_logged_in.ready)
			make_ready(core, agent);
		else
			make_paused(core, agent, false);
	}
	if (before == AGENT_READY && agent->r.state == AGENT_READY)
		route_agent(core, agent, agent->r.idle_since);
}

void on_agent_logged_in(struct core *core, const struct core_event *ev)
{
	struct agent_id id = ev->agent_logged_in.agent;
	struct agent *agent = &core->agents[id.slot];
	queue_index queues[AGENT_QUEUES_MAX];
	size_t count = agent_distinct_queues(ev->agent_logged_in.queues,
	                                     ev->agent_logged_in.queues_count, queues);

	assert(id.slot < core->limits.agents_max && agent_id_set(id));

	if (count > core->memberships_left + agent->r.queues_count) {
		order_reply(core, REPLY_QUEUE_FULL);
		return;
	}
	if (!agent_id_equal(agent->r.id, id))
		take_slot(core, id);
	agent_set_queues(core, agent, queues, count);
	agent_set_levels(core, agent, ev->agent_logged_in.levels);
	agent->r.team = ev->agent_logged_in.team;
	agent_changed(core, agent);
	if (agent->r.state == AGENT_LOGGED_OUT)
		log_in(core, agent, ev->agent_logged_in.ready);
	else
		take_over(core, agent, ev);
	order_reply(core, REPLY_DONE);
}

void on_agent_ready(struct core *core, const struct core_event *ev)
{
	struct agent *agent = find_or_reply(core, ev->agent_ready.agent, true);

	if (agent == NULL)
		return;
	make_ready(core, agent);
	order_reply(core, REPLY_DONE);
}

void on_agent_paused(struct core *core, const struct core_event *ev)
{
	struct agent *agent = find_or_reply(core, ev->agent_paused.agent, true);

	if (agent == NULL)
		return;
	make_paused(core, agent, ev->agent_paused.brief);
	order_reply(core, REPLY_DONE);
}

void on_agent_logged_out(struct core *core, const struct core_event *ev)
{
	struct agent *agent = find_or_reply(core, ev->agent_logged_out.agent, false);

	if (agent == NULL)
		return;
	if (on_call(agent))
		set_pending(core, agent, PENDING_LOGOUT);
	else if (agent->r.state != AGENT_LOGGED_OUT)
		route_agent_away(core, agent, AGENT_LOGGED_OUT, PAUSE_ASKED, 0);
	order_reply(core, REPLY_DONE);
}

void on_agent_wrapup_extended(struct core *core, const struct core_event *ev)
{
	struct agent *agent = find_or_reply(core, ev->agent_wrapup_extended.agent, true);

	if (agent == NULL)
		return;
	if (agent->r.state != AGENT_WRAPUP) {
		order_reply(core, REPLY_WRONG_STATE);
		return;
	}
	agent_extend(core, agent, later(agent->r.until, ev->agent_wrapup_extended.extend));
	agent_changed(core, agent);
	order_reply(core, REPLY_DONE);
}

void on_agent_device_changed(struct core *core, const struct core_event *ev)
{
	struct agent *agent = find_or_reply(core, ev->agent_device_changed.agent, false);
	enum device_state device = ev->agent_device_changed.device;

	if (agent == NULL)
		return;
	if (device != agent->r.device) {
		agent_set_device(core, agent, device);
		agent_changed(core, agent);
		if (device == DEVICE_UNREACHABLE)
			route_holders(core, agent);
		if (agent->r.state == AGENT_OFFERED && device == DEVICE_UNREACHABLE) {
			struct call *call = call_find(core, agent->r.call);

			order_cancel(core, call, false);
			route_missed_offer(core, call, MISS_UNREACHABLE, false);
		} else if (agent->r.state == AGENT_READY && device == DEVICE_REACHABLE) {
			route_agent(core, agent, agent->r.idle_since);
		}
	}
	order_reply(core, REPLY_DONE);
}

void on_agent_due(struct core *core, struct agent *agent)
{
	/* Restored in the middle of a call that was not: what was asked for happens now. */
	if (agent->r.state == AGENT_READY) {
		timer_set(&core->timers, timer_of_agent(core, agent), USEC_NEVER);
		route_take_pending(core, agent);
		return;
	}
	assert(agent->r.state == AGENT_WRAPUP ||
	       (agent->r.state == AGENT_PAUSED && agent->r.cause == PAUSE_RONA));
	route_agent(core, agent, core->now);
}
