#include "route.h"

#include <assert.h>

#include "agent.h"
#include "call.h"
#include "hold.h"
#include "order.h"
#include "own.h"
#include "queue.h"
#include "stats.h"

static const struct queue_plan *plan_of(const struct core *core, const struct call *call)
{
	return &core->queues[call->r.queue].plan;
}

void route_review_holders(struct core *core, struct agent *agent)
{
	for (struct want *want = want_first(&agent->held); want != NULL; want = want_next(want)) {
		struct call *call = want_call(want);

		if (call->review_at == 0)
			continue;
		call->review_at = core->now;
		call_arm(core, call);
	}
}

static bool is_own(const struct call *call, const struct agent *agent)
{
	return call_returns(call) && agent_id_equal(call->r.known[0].agent, agent->r.id);
}

static void offer(struct core *core, struct call *call, struct agent *agent,
                  enum sticky_result sticky, enum sticky_why why)
{
	call_stop_holding(core, call);
	call->r.sticky = sticky;
	call->r.why = why;
	call->r.offer++;
	call->r.agent = agent->r.id;
	call->r.ring_until =
	        later(core->now, is_own(call, agent) && plan_of(core, call)->ring_own != 0
	                                 ? plan_of(core, call)->ring_own
	                                 : plan_of(core, call)->ring);
	call_enter(core, call, CALL_OFFERED);
	agent->r.call = call->r.id;
	agent_enter(core, agent, AGENT_OFFERED, 0);
	route_review_holders(core, agent);
	stats_count_offer(core, call);
	order_decision(core, call);
	call_changed(core, call);
	agent_changed(core, agent);
}

/* 0 when a reload has left the queue without a price. */
static usec_t next_review(const struct core *core, const struct call *call)
{
	return hold_at_price(core, call) ? later(core->now, plan_of(core, call)->review) : 0;
}

/* Extra wait runs from the moment at which another agent could have taken the caller. */
static void begin_holding(struct core *core, struct call *call, const struct choice *choice)
{
	if (call->r.hold_since == 0)
		call->r.hold_since = core->now;
	call->r.passed_at =
	        choice->declines || match_anyone(core, call, call->r.queue) != NULL ? core->now : 0;
}

static void put_in_line(struct core *core, struct call *call, const struct choice *choice,
                        enum tell tell)
{
	bool waited = call->r.state == CALL_WAITING;
	bool held = waited && call_holds_out(call);

	if (!choice->keeps_target && (choice->hold_until == 0 || agent_id_set(call->r.target)))
		call_stop_holding(core, call);
	if (choice->hold_until != 0 && !choice->keeps_target) {
		if (call->r.hold_until == 0)
			begin_holding(core, call, choice);
		call->r.hold_until = choice->hold_until;
		call->review_at = next_review(core, call);
	}
	call->r.sticky = choice->sticky;
	call->r.why = choice->why;
	call_enter(core, call, CALL_WAITING);
	if (!waited || tell == TELL_ALWAYS || held != call_holds_out(call))
		order_decision(core, call);
	call_changed(core, call);
}

/* In after hours for the own agent alone: no wait is short enough. */
static bool is_for_own_only(const struct core *core, const struct call *call)
{
	return !plan_of(core, call)->open && plan_of(core, call)->after_hours &&
	       (call->r.state == CALL_RECALLING || call->r.overflow_at == call->r.arrived_at);
}

/* The plan would rather send a returning caller elsewhere than to anyone. */
static bool is_for_own_or_elsewhere(const struct core *core, const struct call *call)
{
	const struct queue_plan *plan = plan_of(core, call);

	return plan->policy == POLICY_STRICT && plan->absent_overflows && plan->overflows &&
	       call_returns(call);
}

/* A caller who is taken by the own agent or not at all; true: not at all. */
static bool turn_away(struct core *core, struct call *call, bool may_hold)
{
	bool only = is_for_own_only(core, call);
	struct choice own = { .agent = NULL };

	if (call_returns(call))
		own = own_choose(core, call, may_hold);
	if (own.agent != NULL || (!only && (own.hold_until != 0 || !own_is_away(own.why)))) {
		if (only)
			call->r.overflow_at = call->r.arrived_at;
		return false;
	}
	if (call_returns(call)) {
		call->r.sticky = STICKY_OTHER;
		call->r.why = own.why == WHY_NONE ? WHY_BUSY : own.why;
	}
	if (only)
		route_reject(core, call, REASON_CLOSED);
	else
		route_overflow(core, call, REASON_OWN_AWAY);
	return true;
}

void route_call(struct core *core, struct call *call, bool may_hold, enum tell tell)
{
	struct choice choice;

	if ((is_for_own_only(core, call) || is_for_own_or_elsewhere(core, call)) &&
	    turn_away(core, call, may_hold))
		return;
	choice = match_call(core, call, may_hold);
	if (choice.agent != NULL)
		offer(core, call, choice.agent, choice.sticky, choice.why);
	else
		put_in_line(core, call, &choice, tell);
}

void route_review(struct core *core, struct call *call)
{
	struct choice choice = match_call(core, call, false);

	if (choice.agent == NULL && choice.hold_until == call->r.hold_until) {
		call->review_at = next_review(core, call);
		call_arm(core, call);
	} else {
		route_call(core, call, false, TELL_NEWS);
	}
}

/* Who declined the agent holds out from now on, or goes on. */
static void hold_decliners(struct core *core, const struct meeting *meeting)
{
	for (size_t i = 0; i < meeting->decliners_count; i++) {
		const struct choice choice = { .sticky = STICKY_WAITING,
			                       .hold_until = meeting->decliners[i].until,
			                       .declines = true };

		put_in_line(core, meeting->decliners[i].call, &choice, TELL_NEWS);
	}
}

/* Callers who hold out in front of `taken` (all, if nobody was taken) could have had
 * this agent: from now on their holding out costs extra wait. Each is told of once; the
 * few who are beyond the limit are told of with the next agent. */
static void pass_over_holders(struct core *core, const struct agent *agent,
                              const struct place *taken)
{
	int walked = 0;

	for (size_t i = 0; i < agent->r.queues_count; i++) {
		struct queue *queue = &core->queues[agent->r.queues[i]];
		struct place *at = queue_first(queue, WAIT_HOLDING);

		while (at != NULL && (taken == NULL || place_compare(at, taken) < 0)) {
			struct call *call = container_of(at, struct call, place);

			if (++walked > PASSED_MAX)
				return;
			at = queue_next(at);
			if (match_fits(core, agent, call)) {
				call_pass_over(core, call);
				call_changed(core, call);
			}
		}
	}
}

void route_agent(struct core *core, struct agent *agent, usec_t idle_since)
{
	struct meeting meeting = { 0 };
	struct call *call;

	agent->r.idle_since = idle_since;
	agent_changed(core, agent);
	if (agent->r.device == DEVICE_REACHABLE) {
		match_agent(core, agent, &meeting);
		if (meeting.overtaken != NULL && meeting.overtaken->r.overtaken_at == 0) {
			meeting.overtaken->r.overtaken_at = core->now;
			call_changed(core, meeting.overtaken);
		}
		if (!meeting.own)
			pass_over_holders(core, agent,
			                  meeting.call == NULL ? NULL : &meeting.call->place);
		hold_decliners(core, &meeting);
	}
	call = meeting.call;
	if (call != NULL) {
		enum sticky_why why;
		enum sticky_result sticky =
		        match_result(core, call, agent->r.id, meeting.why, &why);

		offer(core, call, agent, sticky, why);
	} else {
		agent_enter(core, agent, AGENT_READY, 0);
		/* On a private call: nobody knows for how long, so nobody holds out for it. */
		if (agent->r.device != DEVICE_REACHABLE)
			route_review_holders(core, agent);
	}
}

void route_holders(struct core *core, struct agent *agent)
{
	struct want *want = want_first(&agent->held);

	/* At a price there may be many, each of whom is decided anew in a step of its own. */
	route_review_holders(core, agent);
	while (want != NULL) {
		struct want *next = want_next(want);
		struct call *call = want_call(want);
		enum verdict verdict = match_judge(core, call, agent);

		if (want->rank == 0 && call->review_at == 0 && verdict != VERDICT_NOT_READY &&
		    verdict != VERDICT_COULD)
			route_call(core, call, false, TELL_NEWS);
		want = next;
	}
}

/* Whether a caller who waits is not where they would be now. From the store may come one who
 * waits for an agent who is away; and there may be less patience than there was, or a price. */
static bool is_out_of_date(const struct core *core, const struct call *call,
                           const struct choice *choice)
{
	return choice->agent != NULL || (call->r.hold_until != 0) != (choice->hold_until != 0) ||
	       choice->hold_until < call->r.hold_until ||
	       (call_holds_out(call) && hold_at_price(core, call) && call->review_at == 0);
}

bool route_one_waiting(struct core *core, struct queue *queue)
{
	struct place *at[WAIT_LINES];

	for (int line = WAIT_OPEN; line < WAIT_LINES; line++)
		at[line] = queue_first(queue, line);
	for (int walked = 0; walked < walk_max(core); walked++) {
		int first = WAIT_NOWHERE;
		struct choice choice;
		struct call *call;

		for (int line = WAIT_OPEN; line < WAIT_LINES; line++) {
			if (at[line] != NULL &&
			    (first == WAIT_NOWHERE || place_compare(at[line], at[first]) < 0))
				first = line;
		}
		if (first == WAIT_NOWHERE)
			return false;
		call = container_of(at[first], struct call, place);
		at[first] = queue_next(at[first]);
		choice = match_call(core, call, false);
		if (is_out_of_date(core, call, &choice)) {
			route_call(core, call, false, TELL_NEWS);
			return true;
		}
	}
	return false;
}

void route_agent_away(struct core *core, struct agent *agent, enum agent_state next,
                      enum pause_cause cause, usec_t until)
{
	agent->r.cause = cause;
	agent_enter(core, agent, next, until);
	if (next == AGENT_LOGGED_OUT)
		agent_leave_queues(core, agent);
	agent_changed(core, agent);
	route_holders(core, agent);
}

bool route_take_pending(struct core *core, struct agent *agent)
{
	switch (agent->r.pending) {
	case PENDING_NOTHING:
		return false;
	case PENDING_PAUSE:
		route_agent_away(core, agent, AGENT_PAUSED, PAUSE_ASKED, 0);
		break;
	case PENDING_LOGOUT:
		route_agent_away(core, agent, AGENT_LOGGED_OUT, PAUSE_ASKED, 0);
		break;
	}
	return true;
}

static bool count_miss(const struct core *core, struct agent *agent, enum miss_kind kind)
{
	uint16_t limit = core->rules.misses_max[kind];

	if (agent->r.misses[kind] < UINT16_MAX)
		agent->r.misses[kind]++;
	return limit != 0 && agent->r.misses[kind] >= limit;
}

void route_missed_offer(struct core *core, struct call *call, enum miss_kind kind, bool blameless)
{
	struct agent *agent = agent_find(core, call->r.agent);
	usec_t back = core->rules.rona_return;
	bool rona = false;

	assert(call->r.state == CALL_OFFERED && agent != NULL);

	if (!blameless) {
		stats_count_miss(core, call, kind);
		rona = count_miss(core, agent, kind);
	}
	agent->r.call = (struct call_id){ 0 };
	agent_changed(core, agent);

	/* The caller first: who has waited longest is who decides. */
	call_exclude(core, call, agent->r.id, later(core->now, core->rules.exclude_for));
	if (core->now >= call->r.overflow_at && !is_for_own_only(core, call))
		route_overflow(core, call, REASON_MAX_WAIT);
	else
		route_call(core, call, true, TELL_ALWAYS);

	if (route_take_pending(core, agent))
		return;
	if (rona)
		route_agent_away(core, agent, AGENT_PAUSED, PAUSE_RONA,
		                 back == 0 ? 0 : later(core->now, back));
	else
		route_agent(core, agent, agent->r.idle_since);
}

void route_talk(struct core *core, struct call *call, struct agent *agent)
{
	call->r.agent = agent->r.id;
	call->r.talker = agent->r.id;
	call_enter(core, call, CALL_TALKING);
	call->r.talk_before = call->r.talk;
	call->r.legs++;
	if (call->r.answered_at == 0) {
		call->r.answered_at = core->now;
		stats_count_answer(core, call);
		if (call->r.known_count > 0)
			queue_steer(&core->queues[call->r.queue], call->r.extra_wait);
	}
	agent->r.call = call->r.id;
	agent_enter(core, agent, AGENT_TALKING, 0);
	call_changed(core, call);
	agent_changed(core, agent);
}

/* Several agents may have talked with the caller, who returns to one of them. */
static void give_credit(const struct core *core, struct call *call)
{
	usec_t talk = call->r.talk - call->r.talk_before;
	enum transfer_credit to = plan_of(core, call)->transfer_credit;
	bool first = !agent_id_set(call->r.credit);

	if (talk < plan_of(core, call)->min_talk)
		return;
	if (first || to == CREDIT_LAST || (to == CREDIT_LONGEST && talk > call->r.credit_talk)) {
		call->r.credit = call->r.talker;
		call->r.credit_talk = talk;
	}
}

struct agent *route_leave_talker(struct core *core, struct call *call)
{
	struct agent *agent = agent_find(core, call->r.agent);

	call_settle(core, call);
	give_credit(core, call);
	call->r.agent = (struct agent_id){ 0 };
	if (agent != NULL) {
		agent->last_queue = call->r.queue;
		agent->last_talk = elapsed(core->now, agent->r.since);
		remain_learn_talk(core->queues[call->r.queue].lasting, agent->last_talk);
		if (plan_of(core, call)->agent_calls != 0)
			remain_learn(agent->talks, agent->last_talk);
		agent->r.call = (struct call_id){ 0 };
	}
	return agent;
}

void route_release_talker(struct core *core, struct agent *agent)
{
	struct queue *queue;

	if (agent == NULL)
		return;
	queue = &core->queues[agent->last_queue];
	agent_changed(core, agent);
	if (agent->r.pending == PENDING_NOTHING && queue->plan.wrapup != 0) {
		agent_enter(core, agent, AGENT_WRAPUP, later(core->now, queue->plan.wrapup));
		return;
	}
	queue_count_handling(queue, agent->last_talk);
	if (agent->r.pending == PENDING_NOTHING)
		remain_learn_wrapup(queue->lasting, 0);
	if (!route_take_pending(core, agent))
		route_agent(core, agent, core->now);
}

/* Nothing is hoped for any more. Whoever was being rung or waited for, a caller who was not
 * answered met nobody. */
static void cease(struct core *core, struct call *call)
{
	call_stop_holding(core, call);
	if (call->r.answered_at == 0 && call->r.sticky != STICKY_NEW)
		call->r.sticky = STICKY_OTHER;
}

/* The last of a call: its contact is written, its slot is free. */
static void finish(struct core *core, struct call *call, enum call_outcome outcome,
                   enum ended_by by)
{
	struct call_record *r = &call->r;
	struct contact contact;

	call_settle(core, call);
	cease(core, call);
	contact = (struct contact){
		.outcome = r->answered_at == 0 ? outcome : OUTCOME_ANSWERED,
		.by = by,
		.queue = r->queue,
		.first_queue = r->first_queue,
		.arrived_at = r->arrived_at,
		.answered_at = r->answered_at,
		.ended_at = core->now,
		.wait = elapsed(r->answered_at == 0 ? core->now : r->answered_at, r->arrived_at),
		.ring = r->ring,
		.talk = r->talk,
		.hold = r->hold,
		.agent = r->talker,
		.credited = r->credit,
		.legs = r->legs,
		.offers = r->offer,
		.sticky = r->sticky,
		.why = r->why,
		.waited_for = r->held_for,
		.extra_wait = r->extra_wait,
		.holdout = r->holdout,
		.tier = r->tier,
	};
	if (r->known_count > 0)
		contact.preferred = r->known[0];
	stats_count_end(core, call, &contact);
	order_end(core, call, &contact);
	call_enter(core, call, CALL_FREE);
}

static enum call_outcome outcome_unanswered(const struct core *core, const struct call *call,
                                            enum ended_by by)
{
	const struct queue_plan *plan = &core->queues[call->r.first_queue].plan;

	if (by == BY_LOSS)
		return OUTCOME_LOST;
	if (elapsed(core->now, call->r.arrived_at) <= plan->short_abandon)
		return OUTCOME_SHORT_ABANDONED;
	return OUTCOME_ABANDONED;
}

void route_end(struct core *core, struct call *call, enum ended_by by)
{
	enum call_outcome outcome = outcome_unanswered(core, call, by);
	enum call_state state = call->r.state;
	struct agent *agent = NULL;

	if (state == CALL_OFFERED) {
		agent = agent_find(core, call->r.agent);
		order_cancel(core, call, false);
		agent->r.call = (struct call_id){ 0 };
	} else if (state == CALL_TALKING || state == CALL_HELD) {
		agent = route_leave_talker(core, call);
	}
	finish(core, call, outcome, by);

	if (state != CALL_OFFERED) {
		route_release_talker(core, agent);
		return;
	}
	agent_changed(core, agent);
	if (!route_take_pending(core, agent))
		route_agent(core, agent,
		            agent->r.idle_since); /* not their doing: the turn is kept */
}

void route_end_asked(struct core *core, struct call *call, struct agent *agent)
{
	enum agent_pending pending = agent->r.pending;
	bool brief = agent->r.brief;

	route_leave_talker(core, call);
	finish(core, call, OUTCOME_ANSWERED, BY_SYSTEM);
	agent_enter(core, agent, AGENT_READY, 0);
	agent->r.pending = pending;
	agent->r.brief = brief;
}

void route_overflow(struct core *core, struct call *call, enum decision_reason reason)
{
	cease(core, call);
	order_dismissal(core, call, DECIDE_OVERFLOW, reason);
	finish(core, call, OUTCOME_OVERFLOW, BY_SYSTEM);
}

void route_reject(struct core *core, struct call *call, enum decision_reason reason)
{
	cease(core, call);
	order_dismissal(core, call, DECIDE_REJECT, reason);
	finish(core, call, OUTCOME_REJECTED, BY_SYSTEM);
}
