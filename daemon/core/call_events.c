#include "events.h"

#include <assert.h>
#include <string.h>

#include "agent.h"
#include "call.h"
#include "order.h"
#include "queue.h"
#include "route.h"
#include "skill.h"
#include "stats.h"

/* The limit is for those who would have to wait: a caller for whom somebody is ready
 * this moment is never turned away by it. */
static bool is_full(struct core *core, const struct call *call, queue_index index)
{
	const struct queue *queue = &core->queues[index];

	return queue->calls[CALL_WAITING] + queue->calls[CALL_RECALLING] >=
	               queue->plan.waiting_max &&
	       match_anyone(core, call, index) == NULL;
}

static void set_needs(struct call *call, const struct skill_need *needs, uint8_t count)
{
	assert(count <= CALL_NEEDS_MAX);
	memset(call->r.needs, 0, sizeof(call->r.needs));
	memcpy(call->r.needs, needs, count * sizeof(*needs));
	call->r.needs_count = count;
	call->needs_mask = skill_mask_of_needs(needs, count);
}

/* Nobody to return to, for this reason. */
static void set_new(struct call *call, enum sticky_why why)
{
	memset(call->r.known, 0, sizeof(call->r.known));
	call->r.known_count = 0;
	call->r.sticky = STICKY_NEW;
	call->r.why = why;
}

static enum sticky_why why_not_recalled(enum caller_identity identity)
{
	switch (identity) {
	case IDENTITY_NONE:
		return WHY_NO_IDENTITY;
	case IDENTITY_SHARED:
		return WHY_SHARED_NUMBER;
	case IDENTITY_KEYED:
		break;
	}
	return WHY_OFF;
}

void on_call_arrived(struct core *core, const struct core_event *ev)
{
	const struct queue *queue = &core->queues[ev->call_arrived.queue];
	struct call *call = &core->calls[ev->call_arrived.call.slot];
	bool keyed = ev->call_arrived.identity == IDENTITY_KEYED;

	assert(ev->call_arrived.call.slot < core->limits.calls_max);
	assert(ev->call_arrived.queue < core->limits.queues_max);
	assert(call_id_set(ev->call_arrived.call) && call->r.state == CALL_FREE);
	assert(ev->call_arrived.arrived_at <= ev->at);

	call->r.id = ev->call_arrived.call;
	call->r.queue = ev->call_arrived.queue;
	call->r.first_queue = ev->call_arrived.queue;
	call->r.priority =
	        ev->call_arrived.has_priority ? ev->call_arrived.priority : queue->plan.priority;
	call->r.seq = core->seq++;
	call->r.arrived_at = ev->call_arrived.arrived_at;
	call->r.overflow_at = later(call->r.arrived_at, queue->plan.wait_max);
	call->r.told_wait = USEC_NEVER;
	call->r.tier = ev->call_arrived.tier;
	set_needs(call, ev->call_arrived.needs, ev->call_arrived.needs_count);
	set_new(call, keyed && plan_sticks(&queue->plan)
	                      ? WHY_NONE
	                      : why_not_recalled(ev->call_arrived.identity));
	stats_count_arrival(core, call);

	if (!queue->configured || (!queue->plan.open && !(queue->plan.after_hours && keyed &&
	                                                  plan_sticks(&queue->plan)))) {
		route_reject(core, call, REASON_CLOSED);
	} else if (queue->plan.open && is_full(core, call, call->r.queue)) {
		if (queue->plan.overflows)
			route_overflow(core, call, REASON_QUEUE_FULL);
		else
			route_reject(core, call, REASON_QUEUE_FULL);
	} else if (keyed && plan_sticks(&queue->plan)) {
		call_enter(core, call, CALL_RECALLING);
		order_recall(core, call);
	} else {
		route_call(core, call, true, TELL_ALWAYS);
	}
}

static bool is_known(const struct call *call, struct agent_id agent)
{
	for (size_t i = 0; i < call->r.known_count; i++) {
		if (agent_id_set(agent) && agent_id_equal(call->r.known[i].agent, agent))
			return true;
	}
	return false;
}

/* Somebody else is calling after all, of whom nothing is known. */
static void forget_caller(struct call *call, enum sticky_why why)
{
	call_forgive(call);
	call->r.holdout = false;
	set_new(call, why);
}

/* The agents the caller spoke to lately enough. A pin comes first, then contacts, latest
 * first. */
static void set_known(struct core *core, struct call *call, const struct core_event *ev)
{
	const struct queue_plan *plan = &core->queues[call->r.queue].plan;
	uint8_t count = ev->caller_recalled.known_count;
	uint16_t most = plan->candidates == 0 ? KNOWN_MAX : plan->candidates;

	assert(count <= KNOWN_MAX);
	for (uint8_t i = 0; i < count && call->r.known_count < most; i++) {
		const struct known_agent *known = &ev->caller_recalled.known[i];

		if ((known->pinned || later(known->at, plan->window) >= core->now) &&
		    !is_known(call, known->agent))
			call->r.known[call->r.known_count++] = *known;
	}
	if (call->r.known_count == 0 && count > 0)
		call->r.why = WHY_EXPIRED;
}

/* Known callers who are brought to nobody all the same. */
static void set_apart(struct core *core, struct call *call, bool holdout)
{
	enum sticky_policy policy = core->queues[call->r.queue].plan.policy;
	size_t count = call->r.known_count;

	if (count == 0)
		return;
	if (policy == POLICY_NEW_AGENT) {
		for (size_t i = 0; i < count; i++)
			call_exclude(core, call, call->r.known[i].agent, USEC_NEVER);
		set_new(call, WHY_NEW_AGENT);
	} else if (holdout) {
		set_new(call, WHY_HOLDOUT);
	}
}

/* What the memory says of the caller. */
static void set_caller(struct core *core, struct call *call, const struct core_event *ev,
                       bool released)
{
	const struct agent *own;

	assert(ev->caller_recalled.never_count <= ARRAY_LEN(ev->caller_recalled.never));
	call_forgive(call);
	for (size_t i = 0; i < ev->caller_recalled.never_count; i++)
		call_exclude(core, call, ev->caller_recalled.never[i], USEC_NEVER);
	call->r.holdout = ev->caller_recalled.holdout;
	if (call->r.tier == 0)
		call->r.tier = ev->caller_recalled.tier;
	if (!released)
		set_known(core, call, ev);
	own = call->r.known_count == 0 ? NULL : agent_find(core, call->r.known[0].agent);
	call->r.own_there = own != NULL && own->r.state != AGENT_LOGGED_OUT;
	set_apart(core, call, ev->caller_recalled.holdout);
}

/* Whoever gave up here a moment ago is back, and stands where they stood. */
static void resume(struct core *core, struct call *call, const struct core_event *ev)
{
	usec_t arrived_at = ev->caller_recalled.left_arrived_at;

	if (arrived_at == 0 || arrived_at >= call->r.arrived_at ||
	    ev->caller_recalled.left_queue != call->r.queue ||
	    elapsed(core->now, ev->caller_recalled.left_at) > core->rules.resume_max)
		return;
	call_move(core, call, call->r.queue, call->r.priority, arrived_at);
	stats_count_resumed(core, call);
}

void on_caller_recalled(struct core *core, const struct core_event *ev)
{
	struct call *call = call_find(core, ev->caller_recalled.call);
	enum call_state state;
	bool released;

	if (call == NULL) {
		order_reply(core, REPLY_UNKNOWN_CALL);
		return; /* hung up before the store had answered */
	}
	state = call->r.state;
	if (call->r.legs > 1 ||
	    (call->r.legs == 1 && state != CALL_TALKING && state != CALL_HELD)) {
		order_reply(core, REPLY_DONE);
		return; /* settled by an answer that is over */
	}

	if (state == CALL_RECALLING || state == CALL_WAITING)
		resume(core, call, ev);
	released = call->r.why == WHY_RELEASED;
	set_new(call, released ? WHY_RELEASED : WHY_NONE);
	switch (ev->caller_recalled.outcome) {
	case RECALL_KNOWN:
	case RECALL_UNKNOWN:
		set_caller(core, call, ev, released);
		break;
	case RECALL_SHARED:
		forget_caller(call, WHY_SHARED_NUMBER);
		break;
	case RECALL_FAILED:
		call->r.why = released ? WHY_RELEASED : WHY_LOOKUP_LATE;
		break;
	}
	if (state == CALL_RECALLING || state == CALL_WAITING) {
		route_call(core, call, true, TELL_NEWS);
	} else {
		/* Too late to choose; still, whom the caller meets is known now. */
		call->r.sticky =
		        match_label(core, call, call->r.agent, WHY_LOOKUP_LATE, &call->r.why);
		call_changed(core, call);
	}
	order_reply(core, REPLY_DONE);
}

/* Checks an update before anything changes. */
static enum core_reply check_update(struct core *core, const struct call *call,
                                    const struct core_event *ev)
{
	bool moves = ev->call_updated.has_queue && ev->call_updated.queue != call->r.queue;
	const struct queue *queue;

	if (call->r.state != CALL_RECALLING && call->r.state != CALL_WAITING &&
	    (ev->call_updated.has_queue || ev->call_updated.has_priority ||
	     ev->call_updated.has_needs))
		return REPLY_WRONG_STATE;
	if (!moves)
		return REPLY_DONE;
	queue = queue_find(core, ev->call_updated.queue);
	if (queue == NULL || !queue->plan.open)
		return REPLY_QUEUE_CLOSED;
	return is_full(core, call, ev->call_updated.queue) ? REPLY_QUEUE_FULL : REPLY_DONE;
}

static void apply_update(struct core *core, struct call *call, const struct core_event *ev)
{
	queue_index queue = call->r.queue;
	int16_t priority = call->r.priority;
	bool moves = false, elsewhere;

	if (ev->call_updated.has_queue)
		queue = ev->call_updated.queue;
	elsewhere = queue != call->r.queue;
	if (ev->call_updated.has_priority)
		priority = ev->call_updated.priority;
	if (ev->call_updated.has_tier) {
		moves = call->r.tier != ev->call_updated.tier; /* by its head start */
		call->r.tier = ev->call_updated.tier;
	}
	if (ev->call_updated.has_needs)
		set_needs(call, ev->call_updated.needs, ev->call_updated.needs_count);
	if (elsewhere) {
		call->r.overflow_at = later(call->r.arrived_at, core->queues[queue].plan.wait_max);
		/* After the first answer all is settled; who waits then was handed on. */
		if (!plan_sticks(&core->queues[queue].plan) && call->r.answered_at == 0) {
			call_stop_holding(core, call);
			set_new(call, WHY_OFF);
		}
	}
	if (moves || elsewhere || priority != call->r.priority)
		call_move(core, call, queue, priority, call->r.arrived_at);
	if (elsewhere)
		call->tell_at = 0; /* from when they get into line there, if they do */
}

void on_call_updated(struct core *core, const struct core_event *ev)
{
	struct call *call = call_find(core, ev->call_updated.call);
	enum core_reply reply;
	bool sticky, recall;

	if (call == NULL) {
		order_reply(core, REPLY_UNKNOWN_CALL);
		return;
	}
	reply = check_update(core, call, ev);
	if (reply != REPLY_DONE) {
		order_reply(core, reply);
		return;
	}

	apply_update(core, call, ev);
	call_changed(core, call);
	sticky = plan_sticks(&core->queues[call->r.queue].plan) && call->r.answered_at == 0;
	recall = ev->call_updated.has_identity && sticky &&
	         ev->call_updated.identity == IDENTITY_KEYED;
	if (recall && call->r.why == WHY_RELEASED)
		set_new(call, WHY_NONE); /* somebody else, of whom nothing was said */
	if (recall)
		order_recall(core, call);
	else if (ev->call_updated.has_identity && sticky)
		forget_caller(call, why_not_recalled(ev->call_updated.identity));
	else if (ev->call_updated.releases && sticky)
		set_new(call, WHY_RELEASED);

	if (call->r.state == CALL_WAITING || (call->r.state == CALL_RECALLING && !sticky) ||
	    (call->r.state == CALL_RECALLING && !recall &&
	     (ev->call_updated.has_identity || ev->call_updated.releases))) {
		route_call(core, call, true, TELL_ALWAYS);
	} else if (call->r.state != CALL_RECALLING) {
		order_decision(core, call);
	}
}

/* Reports name the offer they belong to, so that a late one touches nothing. */
static enum core_reply check_offer(const struct call *call, uint32_t number)
{
	if (call == NULL)
		return REPLY_UNKNOWN_CALL;
	if (number != call->r.offer)
		return REPLY_STALE_OFFER;
	return call->r.state == CALL_OFFERED ? REPLY_DONE : REPLY_WRONG_STATE;
}

void on_call_ringing(struct core *core, const struct core_event *ev)
{
	struct call *call = call_find(core, ev->call_ringing.call);
	enum core_reply reply = check_offer(call, ev->call_ringing.offer);

	if (reply == REPLY_DONE && ev->call_ringing.ring != 0) {
		call->r.ring_until = later(core->now, ev->call_ringing.ring);
		call_enter(core, call, CALL_OFFERED);
		call_changed(core, call);
	}
	order_reply(core, reply);
}

void on_call_answered(struct core *core, const struct core_event *ev)
{
	struct call *call = call_find(core, ev->call_answered.call);
	enum core_reply reply = check_offer(call, ev->call_answered.offer);
	struct agent *agent;

	if (reply == REPLY_DONE) {
		agent = agent_find(core, call->r.agent);
		for (size_t i = 0; i < MISS_KINDS; i++)
			agent->r.misses[i] = 0;
		route_talk(core, call, agent);
	} else if (reply == REPLY_WRONG_STATE &&
	           (call->r.state == CALL_TALKING || call->r.state == CALL_HELD)) {
		reply = REPLY_DONE; /* said twice */
	}
	order_reply(core, reply);
}

void on_call_failed(struct core *core, const struct core_event *ev)
{
	struct call *call = call_find(core, ev->call_failed.call);
	enum core_reply reply = check_offer(call, ev->call_failed.offer);

	if (reply == REPLY_DONE)
		route_missed_offer(core, call, ev->call_failed.kind, ev->call_failed.blameless);
	else
		order_reply(core, reply);
}

static void hold_or_retrieve(struct core *core, struct call_id id, enum call_state next)
{
	struct call *call = call_find(core, id);

	if (call == NULL) {
		order_reply(core, REPLY_UNKNOWN_CALL);
		return;
	}
	if (call->r.state != CALL_TALKING && call->r.state != CALL_HELD) {
		order_reply(core, REPLY_WRONG_STATE);
		return;
	}
	if (call->r.state != next) {
		call_enter(core, call, next);
		call_changed(core, call);
	}
	order_reply(core, REPLY_DONE);
}

void on_call_held(struct core *core, const struct core_event *ev)
{
	hold_or_retrieve(core, ev->call_held.call, CALL_HELD);
}

void on_call_retrieved(struct core *core, const struct core_event *ev)
{
	hold_or_retrieve(core, ev->call_retrieved.call, CALL_TALKING);
}

/* Whether what the agent is in is the question whether they would take the caller. */
static bool was_asked(struct core *core, const struct agent *agent, const struct core_event *ev)
{
	const struct call *asked = call_find(core, ev->call_transferred.asked);

	return asked != NULL && call_id_equal(asked->r.id, agent->r.call) &&
	       (asked->r.state == CALL_TALKING || asked->r.state == CALL_HELD);
}

/* Checks a transfer before anything changes. */
static enum core_reply check_transfer(struct core *core, const struct call *call,
                                      const struct core_event *ev)
{
	struct agent_id to = ev->call_transferred.to_agent;
	const struct agent *agent = agent_find(core, to);
	const struct queue *queue;

	if (call == NULL)
		return REPLY_UNKNOWN_CALL;
	if (call->r.state != CALL_TALKING && call->r.state != CALL_HELD)
		return REPLY_WRONG_STATE;
	if (!agent_id_set(to)) {
		queue = queue_find(core, ev->call_transferred.to_queue);
		if (ev->call_transferred.consult)
			return REPLY_WRONG_STATE;
		if (queue == NULL || !queue->plan.open)
			return REPLY_QUEUE_CLOSED;
		return is_full(core, call, ev->call_transferred.to_queue) ? REPLY_QUEUE_FULL
		                                                          : REPLY_DONE;
	}
	if (agent == NULL)
		return REPLY_UNKNOWN_AGENT;
	if (agent->r.state == AGENT_LOGGED_OUT)
		return REPLY_AGENT_AWAY;
	if (agent_id_equal(to, call->r.agent))
		return REPLY_WRONG_STATE;
	if (ev->call_transferred.consult)
		return call_id_set(agent->r.call) && !was_asked(core, agent, ev) ? REPLY_WRONG_STATE
		                                                                 : REPLY_DONE;
	if (agent->r.state == AGENT_PAUSED || agent->r.device == DEVICE_UNREACHABLE)
		return REPLY_AGENT_AWAY;
	return agent->targeted >= TARGETED_MAX ? REPLY_QUEUE_FULL : REPLY_DONE;
}

/* The new agent talks with the caller already. One who was on a break goes back to it. */
static void consult(struct core *core, struct call *call, struct agent *agent)
{
	bool paused = agent->r.state == AGENT_PAUSED, brief = agent->r.brief;

	if (call_id_set(agent->r.call))
		route_end_asked(core, call_find(core, agent->r.call), agent);
	route_talk(core, call, agent);
	if (paused) {
		agent->r.pending = PENDING_PAUSE;
		agent->r.brief = brief;
	}
	order_decision(core, call);
}

/* Whoever sends a caller to a queue means the others there, also when it is their own. */
static void exclude_sender(struct core *core, struct call *call, const struct agent *former)
{
	if (former != NULL && agent_serves(former, call->r.queue) &&
	    queue_at_work(&core->queues[call->r.queue]) > 1)
		call_exclude(core, call, former->r.id, later(core->now, core->rules.exclude_for));
}

/* A new stay in line, with a wait of its own but the place of the first arrival. */
static void pass_on(struct core *core, struct call *call, const struct agent *former,
                    const struct core_event *ev)
{
	struct agent_id to = ev->call_transferred.to_agent;
	const struct queue_plan *plan;

	if (!agent_id_set(to)) {
		call_move(core, call, ev->call_transferred.to_queue, call->r.priority,
		          call->r.arrived_at);
		exclude_sender(core, call, former);
	}
	plan = &core->queues[call->r.queue].plan;
	call->r.overflow_at = later(core->now, plan->wait_max);
	call->r.told_wait = USEC_NEVER;
	call->tell_at = 0;
	if (agent_id_set(to)) {
		call->r.target = to;
		call->r.hold_until = later(core->now, plan->wait_busy);
	}
	route_call(core, call, false, TELL_ALWAYS);
}

void on_call_transferred(struct core *core, const struct core_event *ev)
{
	struct call *call = call_find(core, ev->call_transferred.call);
	enum core_reply reply = check_transfer(core, call, ev);
	struct agent *former;

	if (reply != REPLY_DONE) {
		order_reply(core, reply);
		return;
	}
	former = route_leave_talker(core, call);
	if (ev->call_transferred.consult)
		consult(core, call, agent_find(core, ev->call_transferred.to_agent));
	else
		pass_on(core, call, former, ev);
	route_release_talker(core, former);
}

void on_call_ended(struct core *core, const struct core_event *ev)
{
	struct call *call = call_find(core, ev->call_ended.call);

	if (call == NULL) {
		order_reply(core, REPLY_UNKNOWN_CALL);
		return;
	}
	route_end(core, call, ev->call_ended.by);
	order_reply(core, REPLY_DONE);
}

/* Whatever else is due now comes first: who is offered to an agent need not be told any more. */
static void tell(struct core *core, struct call *call)
{
	order_telling(core, call);
	call->tell_at = later(core->now, core->queues[call->r.queue].plan.tell_every);
	call_arm(core, call);
}

static void on_waiting_due(struct core *core, struct call *call)
{
	bool spent = call->r.hold_until != 0 && call->r.hold_until <= core->now;
	bool readmits = call_prune_exclusions(core, call);

	if (readmits)
		call_changed(core, call);
	if (call->r.overflow_at <= core->now)
		route_overflow(core, call, REASON_MAX_WAIT);
	else if (call->review_at != 0 && call->review_at <= core->now)
		route_review(core, call);
	else if (spent || readmits)
		route_call(core, call, false, TELL_NEWS);
	else if (call->tell_at != 0 && call->tell_at <= core->now)
		tell(core, call);
	else
		call_arm(core, call);
}

void on_call_due(struct core *core, struct call *call)
{
	if (!call->r.service_counted && call_service_at(core, call) <= core->now) {
		stats_count_late(core, call);
		call_changed(core, call);
	}

	switch (call->r.state) {
	case CALL_RECALLING:
		if (call->state_due > core->now) {
			call_arm(core, call);
			break;
		}
		call->r.why = WHY_LOOKUP_LATE;
		route_call(core, call, true, TELL_ALWAYS);
		break;
	case CALL_WAITING:
		on_waiting_due(core, call);
		break;
	case CALL_OFFERED:
		if (call->state_due > core->now) {
			call_arm(core, call);
			break;
		}
		order_cancel(core, call, true);
		route_missed_offer(core, call, MISS_NO_ANSWER, false);
		break;
	case CALL_FREE:
	case CALL_TALKING:
	case CALL_HELD:
		assert(!"a timer ran in a state that has none");
	}
}
