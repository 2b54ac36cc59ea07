/* What happens to calls, and what follows from it. */
#include <string.h>

#include "oracle_parts.h"

static bool take_pending(struct oracle *oracle, struct oracle_agent *agent)
{
	if (agent->pending == PENDING_NOTHING)
		return false;
	oracle_send_away(oracle, agent,
	                 agent->pending == PENDING_PAUSE ? AGENT_PAUSED : AGENT_LOGGED_OUT,
	                 PAUSE_ASKED, 0);
	return true;
}

static void exclude(struct oracle *oracle, struct oracle_call *call, struct agent_id agent,
                    usec_t until)
{
	unsigned kept = 0, oldest = 0;

	if (until <= oracle->now || !agent_id_set(agent))
		return;
	for (unsigned i = 0; i < call->excluded_count; i++)
		if (!agent_id_equal(call->excluded[i].agent, agent))
			call->excluded[kept++] = call->excluded[i];
		else if (call->excluded[i].until > until)
			until = call->excluded[i].until;
	if (kept == CALL_EXCLUDED_MAX) { /* one who is never to come goes last */
		while (oldest + 1 < kept && call->excluded[oldest].until == USEC_NEVER)
			oldest++;
		for (unsigned i = oldest; i + 1 < kept; i++)
			call->excluded[i] = call->excluded[i + 1];
		kept--;
	}
	call->excluded[kept].agent = agent;
	call->excluded[kept].until = until;
	call->excluded_count = kept + 1;
}

/* The service level counts a call once. */
static void count_service(struct oracle *oracle, struct oracle_call *call, bool in_time)
{
	if (call->service_counted)
		return;
	call->service_counted = true;
	if (in_time)
		oracle->counts[call->first_queue].in_time++;
	else
		oracle->counts[call->first_queue].missed++;
}

/* Nothing more will become of the call. Whom nobody answered met nobody. */
static void end_call(struct oracle *oracle, struct oracle_call *call)
{
	call->live = false;
	if (call->sticky == STICKY_NEW)
		return;
	if (!call->answered)
		call->sticky = STICKY_OTHER;
	oracle->counts[call->first_queue].sticky[call->sticky]++;
	if (call->sticky == STICKY_OTHER)
		oracle->counts[call->first_queue].fallthrough[call->why]++;
}

void oracle_miss(struct oracle *oracle, struct oracle_call *call, enum miss_kind kind,
                 bool blameless)
{
	struct oracle_agent *agent = &oracle->agents[call->agent];
	unsigned limit = blameless ? 0 : oracle->rules.misses_max[kind];
	usec_t back = oracle->rules.rona_return;

	agent->misses[kind] += !blameless;
	oracle->counts[call->queue].misses[kind] += !blameless;
	agent->call = -1;
	exclude(oracle, call, agent->id, oracle_later(oracle->now, oracle->rules.exclude_for));
	if (call->overflow_at <= oracle->now)
		end_call(oracle, call);
	else
		oracle_route(oracle, call, true);
	if (take_pending(oracle, agent))
		return;
	if (limit != 0 && agent->misses[kind] >= limit)
		oracle_send_away(oracle, agent, AGENT_PAUSED, PAUSE_RONA,
		                 back == 0 ? 0 : oracle_later(oracle->now, back));
	else
		oracle_free_agent(oracle, agent, agent->idle_since);
}

static void begin_talk(struct oracle *oracle, struct oracle_call *call, struct oracle_agent *agent)
{
	call->state = CALL_TALKING;
	call->agent = oracle_slot_of_agent(oracle, agent);
	if (!call->answered)
		count_service(oracle, call,
		              oracle->now - call->arrived_at <=
		                      oracle->plans[call->first_queue].service_level);
	call->answered = true;
	call->legs++;
	agent->state = AGENT_TALKING;
	agent->until = 0;
	agent->call = oracle_slot_of_call(oracle, call);
}

/* The talk is over for this agent: pause or logout as asked, else wrap-up. */
static void end_talk(struct oracle *oracle, struct oracle_agent *agent, usec_t wrapup)
{
	agent->call = -1;
	if (take_pending(oracle, agent))
		return;
	if (wrapup == 0) {
		oracle_free_agent(oracle, agent, oracle->now);
		return;
	}
	agent->state = AGENT_WRAPUP;
	agent->until = oracle_later(oracle->now, wrapup);
}

static void forget_callers_past(struct oracle_call *call, enum sticky_why why)
{
	call->known_count = 0;
	call->sticky = STICKY_NEW;
	call->why = why;
}

static bool is_full(struct oracle *oracle, const struct oracle_call *call, queue_index queue)
{
	struct oracle_call elsewhere = *call;
	unsigned count = 0;

	for (int i = 0; i < CAST_CALLS_MAX; i++)
		count += oracle->calls[i].live && &oracle->calls[i] != call &&
		         oracle->calls[i].queue == queue &&
		         (oracle->calls[i].state == CALL_WAITING ||
		          oracle->calls[i].state == CALL_RECALLING);
	elsewhere.queue = queue;
	return count >= oracle->plans[queue].waiting_max &&
	       oracle_longest_idle(oracle, &elsewhere) < 0;
}

static void take_needs(struct oracle_call *call, const struct skill_need *needs, unsigned count)
{
	memcpy(call->needs, needs, count * sizeof(*needs));
	call->needs_count = count;
}

/* When the service level counts a call that still waits. */
static usec_t service_due(const struct oracle *oracle, const struct oracle_call *call)
{
	const struct queue_plan *plan = &oracle->plans[call->first_queue];
	usec_t limit = plan->service_level > plan->short_abandon ? plan->service_level
	                                                         : plan->short_abandon;

	return call->service_counted ? USEC_NEVER
	                             : oracle_later(oracle_later(call->arrived_at, limit), 1);
}

static void on_arrived(struct oracle *oracle, const struct core_event *ev)
{
	struct oracle_call *call = &oracle->calls[ev->call_arrived.call.slot];
	const struct queue_plan *plan = &oracle->plans[ev->call_arrived.queue];

	*call = (struct oracle_call){
		.id = ev->call_arrived.call,
		.queue = ev->call_arrived.queue,
		.first_queue = ev->call_arrived.queue,
		.priority =
		        ev->call_arrived.has_priority ? ev->call_arrived.priority : plan->priority,
		.order = ++oracle->arrivals,
		.arrived_at = ev->call_arrived.arrived_at,
		.overflow_at = oracle_later(ev->call_arrived.arrived_at, plan->wait_max),
		.recall_due = oracle_later(oracle->now, oracle->rules.recall_max),
		.agent = -1,
		.target = -1,
	};
	take_needs(call, ev->call_arrived.needs, ev->call_arrived.needs_count);
	if (!plan->open)
		return;
	if (is_full(oracle, call, call->queue)) {
		/* Sent on, and they may have waited for too long already; or turned away. */
		if (plan->overflows && service_due(oracle, call) <= oracle->now)
			count_service(oracle, call, false);
		return;
	}
	call->live = true;
	if (ev->call_arrived.identity == IDENTITY_KEYED && oracle_sticks(plan)) {
		call->state = CALL_RECALLING;
		return;
	}
	call->why = ev->call_arrived.identity == IDENTITY_KEYED  ? WHY_OFF
	            : ev->call_arrived.identity == IDENTITY_NONE ? WHY_NO_IDENTITY
	                                                         : WHY_SHARED_NUMBER;
	oracle_route(oracle, call, true);
}

/* Back soon after giving up in this queue: the place of then. */
static void resume(struct oracle *oracle, struct oracle_call *call, const struct core_event *ev)
{
	usec_t arrived_at = ev->caller_recalled.left_arrived_at;

	if (arrived_at != 0 && arrived_at < call->arrived_at &&
	    ev->caller_recalled.left_queue == call->queue &&
	    ev->caller_recalled.left_at + oracle->rules.resume_max >= oracle->now) {
		call->arrived_at = arrived_at;
		oracle->counts[call->first_queue].resumed++;
	}
}

/* Nobody is kept from the caller for ever any more. */
static void forgive(struct oracle_call *call)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < call->excluded_count; i++)
		if (call->excluded[i].until != USEC_NEVER)
			call->excluded[kept++] = call->excluded[i];
	call->excluded_count = kept;
}

static bool knows(const struct oracle_call *call, struct agent_id agent)
{
	for (unsigned i = 0; i < call->known_count; i++)
		if (agent_id_set(agent) && agent_id_equal(call->known[i].agent, agent))
			return true;
	return false;
}

static void take_known(struct oracle *oracle, struct oracle_call *call, const struct core_event *ev)
{
	const struct queue_plan *plan = &oracle->plans[call->queue];
	unsigned most = plan->candidates == 0 ? KNOWN_MAX : plan->candidates;

	for (unsigned i = 0; i < ev->caller_recalled.known_count; i++) {
		const struct known_agent *known = &ev->caller_recalled.known[i];

		if (call->known_count < most && !knows(call, known->agent) &&
		    (known->pinned || known->at + plan->window >= oracle->now))
			call->known[call->known_count++] = *known;
	}
	if (call->known_count == 0 && ev->caller_recalled.known_count > 0)
		call->why = WHY_EXPIRED;
}

static void take_recall(struct oracle *oracle, struct oracle_call *call,
                        const struct core_event *ev)
{
	forget_callers_past(call, WHY_NONE);
	if (ev->caller_recalled.outcome == RECALL_FAILED) {
		call->why = WHY_LOOKUP_LATE;
		return;
	}
	forgive(call);
	if (ev->caller_recalled.outcome == RECALL_SHARED) {
		call->why = WHY_SHARED_NUMBER;
		return;
	}
	for (unsigned i = 0; i < ev->caller_recalled.never_count; i++)
		exclude(oracle, call, ev->caller_recalled.never[i], USEC_NEVER);
	take_known(oracle, call, ev);
	if (call->known_count == 0)
		return;
	if (oracle->plans[call->queue].policy == POLICY_NEW_AGENT) {
		for (unsigned i = 0; i < call->known_count; i++)
			exclude(oracle, call, call->known[i].agent, USEC_NEVER);
		forget_callers_past(call, WHY_NEW_AGENT);
	} else if (ev->caller_recalled.holdout) {
		forget_callers_past(call, WHY_HOLDOUT);
	}
}

static void on_recalled(struct oracle *oracle, const struct core_event *ev)
{
	struct oracle_call *call = oracle_find_call(oracle, ev->caller_recalled.call);
	struct choice seen = { .why = WHY_LOOKUP_LATE };

	/* After the first talk it makes no difference any more who was known. */
	if (call == NULL || call->legs > 1 || (call->legs == 1 && call->agent < 0))
		return;
	if (call->legs == 1 && call->state == CALL_OFFERED)
		return;
	if (call->state == CALL_RECALLING || call->state == CALL_WAITING) {
		resume(oracle, call, ev);
		take_recall(oracle, call, ev);
		oracle_route(oracle, call, true);
		return;
	}
	take_recall(oracle, call, ev);
	seen.agent = call->agent;
	call->answered = false; /* who was met is told of the very first meeting */
	oracle_label(oracle, call, &seen);
	call->answered = call->state != CALL_OFFERED;
	call->sticky = seen.sticky;
	call->why = seen.why;
}

static void update_place(struct oracle *oracle, struct oracle_call *call,
                         const struct core_event *ev)
{
	if (ev->call_updated.has_priority)
		call->priority = ev->call_updated.priority;
	if (ev->call_updated.has_needs)
		take_needs(call, ev->call_updated.needs, ev->call_updated.needs_count);
	if (!ev->call_updated.has_queue || ev->call_updated.queue == call->queue)
		return;
	call->queue = ev->call_updated.queue;
	call->tell_at = 0;
	call->overflow_at = oracle_later(call->arrived_at, oracle->plans[call->queue].wait_max);
	/* Who was answered and waits again was handed on: no matter of stickiness. */
	if (!oracle_sticks(&oracle->plans[call->queue]) && !call->answered) {
		forget_callers_past(call, WHY_OFF);
		call->hold_until = 0;
	}
}

static void on_updated(struct oracle *oracle, const struct core_event *ev)
{
	struct oracle_call *call = oracle_find_call(oracle, ev->call_updated.call);
	bool in_line, sticky, recalls;

	if (call == NULL)
		return;
	in_line = call->state == CALL_WAITING || call->state == CALL_RECALLING;
	if (!in_line && (ev->call_updated.has_queue || ev->call_updated.has_priority ||
	                 ev->call_updated.has_needs))
		return;
	if (ev->call_updated.has_queue && ev->call_updated.queue != call->queue &&
	    (!oracle->plans[ev->call_updated.queue].open ||
	     is_full(oracle, call, ev->call_updated.queue)))
		return;
	update_place(oracle, call, ev);
	sticky = oracle_sticks(&oracle->plans[call->queue]) && !call->answered;
	recalls = ev->call_updated.has_identity && sticky &&
	          ev->call_updated.identity == IDENTITY_KEYED;
	if (ev->call_updated.has_identity && sticky && !recalls) {
		forgive(call);
		forget_callers_past(call, ev->call_updated.identity == IDENTITY_NONE
		                                  ? WHY_NO_IDENTITY
		                                  : WHY_SHARED_NUMBER);
	}
	if (call->state == CALL_WAITING ||
	    (call->state == CALL_RECALLING &&
	     (!sticky || (ev->call_updated.has_identity && !recalls))))
		oracle_route(oracle, call, true);
}

static struct oracle_call *find_offered(struct oracle *oracle, struct call_id id, uint32_t offer)
{
	struct oracle_call *call = oracle_find_call(oracle, id);

	return call != NULL && call->state == CALL_OFFERED && call->offer == offer ? call : NULL;
}

/* Who dials may say how long that takes; else it is only evidence. */
static void on_ringing(struct oracle *oracle, const struct core_event *ev)
{
	struct oracle_call *call =
	        find_offered(oracle, ev->call_ringing.call, ev->call_ringing.offer);

	if (call != NULL && ev->call_ringing.ring != 0)
		oracle_ring_for(oracle, call, ev->call_ringing.ring);
}

static void on_answered(struct oracle *oracle, const struct core_event *ev)
{
	struct oracle_call *call =
	        find_offered(oracle, ev->call_answered.call, ev->call_answered.offer);

	if (call == NULL)
		return;
	memset(oracle->agents[call->agent].misses, 0, sizeof(oracle->agents[0].misses));
	begin_talk(oracle, call, &oracle->agents[call->agent]);
}

static void on_failed(struct oracle *oracle, const struct core_event *ev)
{
	struct oracle_call *call =
	        find_offered(oracle, ev->call_failed.call, ev->call_failed.offer);

	if (call != NULL)
		oracle_miss(oracle, call, ev->call_failed.kind, ev->call_failed.blameless);
}

static void on_hold(struct oracle *oracle, struct call_id id, enum call_state state)
{
	struct oracle_call *call = oracle_find_call(oracle, id);

	if (call != NULL && (call->state == CALL_TALKING || call->state == CALL_HELD))
		call->state = state;
}

static unsigned bound_to(const struct oracle *oracle, int agent)
{
	unsigned count = 0;

	for (int i = 0; i < CAST_CALLS_MAX; i++)
		count += oracle->calls[i].live && oracle->calls[i].state == CALL_WAITING &&
		         oracle->calls[i].target == agent;
	return count;
}

static void transfer_to_queue(struct oracle *oracle, struct oracle_call *call, queue_index queue)
{
	struct oracle_agent *former = &oracle->agents[call->agent];
	usec_t wrapup = oracle->plans[call->queue].wrapup;

	if (!oracle->plans[queue].open || is_full(oracle, call, queue))
		return;
	call->queue = queue;
	call->tell_at = 0;
	call->overflow_at = oracle_later(oracle->now, oracle->plans[queue].wait_max);
	if (oracle_others_work_there(oracle, former, queue))
		exclude(oracle, call, former->id,
		        oracle_later(oracle->now, oracle->rules.exclude_for));
	oracle_route(oracle, call, false);
	end_talk(oracle, former, wrapup);
}

/* An agent who was asked in a call of its own and takes the caller: that call is over, and the
 * agent goes where they wanted to go after it. False for one who is on another call. */
static bool take_over(struct oracle *oracle, struct oracle_call *call, struct oracle_agent *to,
                      const struct oracle_call *asked)
{
	enum agent_pending pending = to->pending;

	if (to->state == AGENT_PAUSED)
		pending = PENDING_PAUSE;
	if (to->call >= 0) {
		struct oracle_call *question = &oracle->calls[to->call];

		if (question != asked || question->state == CALL_OFFERED)
			return false;
		end_call(oracle, question);
	}
	begin_talk(oracle, call, to);
	to->pending = pending;
	return true;
}

static void transfer_to_agent(struct oracle *oracle, struct oracle_call *call,
                              struct oracle_agent *to, const struct core_event *ev)
{
	struct oracle_agent *former = &oracle->agents[call->agent];
	const struct queue_plan *plan = &oracle->plans[call->queue];

	if (to == NULL || to == former || to->state == AGENT_LOGGED_OUT)
		return;
	if (ev->call_transferred.consult) {
		if (!take_over(oracle, call, to,
		               oracle_find_call(oracle, ev->call_transferred.asked)))
			return;
	} else {
		if (to->state == AGENT_PAUSED || to->device == DEVICE_UNREACHABLE ||
		    bound_to(oracle, oracle_slot_of_agent(oracle, to)) >= 16)
			return;
		call->target = oracle_slot_of_agent(oracle, to);
		call->hold_until = oracle_later(oracle->now, plan->wait_busy);
		call->overflow_at = oracle_later(oracle->now, plan->wait_max);
		call->tell_at = 0;
		oracle_route(oracle, call, false);
	}
	end_talk(oracle, former, plan->wrapup);
}

static void on_transferred(struct oracle *oracle, const struct core_event *ev)
{
	struct oracle_call *call = oracle_find_call(oracle, ev->call_transferred.call);
	struct agent_id to = ev->call_transferred.to_agent;

	if (call == NULL || (call->state != CALL_TALKING && call->state != CALL_HELD))
		return;
	if (agent_id_set(to))
		transfer_to_agent(oracle, call, oracle_find_agent(oracle, to), ev);
	else if (!ev->call_transferred.consult)
		transfer_to_queue(oracle, call, ev->call_transferred.to_queue);
}

static void on_ended(struct oracle *oracle, const struct core_event *ev)
{
	struct oracle_call *call = oracle_find_call(oracle, ev->call_ended.call);
	struct oracle_agent *agent;

	if (call == NULL)
		return;
	if (!call->answered && ev->call_ended.by != BY_LOSS &&
	    oracle->now - call->arrived_at > oracle->plans[call->first_queue].short_abandon)
		count_service(oracle, call, false);
	end_call(oracle, call);
	if (call->agent < 0)
		return;
	agent = &oracle->agents[call->agent];
	agent->call = -1;
	if (call->state != CALL_OFFERED)
		end_talk(oracle, agent, oracle->plans[call->queue].wrapup);
	else if (!take_pending(oracle, agent))
		oracle_free_agent(oracle, agent, agent->idle_since);
}

static usec_t due_of(const struct oracle *oracle, const struct oracle_call *call)
{
	usec_t due = USEC_NEVER;

	if (call->state == CALL_RECALLING)
		due = call->recall_due;
	if (call->state == CALL_OFFERED)
		due = call->ring_due;
	if (call->state == CALL_WAITING) {
		due = call->overflow_at;
		if (call->hold_until != 0 && call->hold_until < due)
			due = call->hold_until;
		for (unsigned i = 0; i < call->excluded_count; i++)
			if (call->excluded[i].until > call->looked_at &&
			    call->excluded[i].until < due)
				due = call->excluded[i].until;
		if (call->tell_at != 0 && call->tell_at < due)
			due = call->tell_at;
	}
	if (call->state == CALL_TALKING || call->state == CALL_HELD)
		return USEC_NEVER;
	return due < service_due(oracle, call) ? due : service_due(oracle, call);
}

/* An agent who missed the call may be rung for it again. */
static bool readmit(const struct oracle *oracle, struct oracle_call *call)
{
	unsigned kept = 0, count = call->excluded_count;

	for (unsigned i = 0; i < count; i++)
		if (call->excluded[i].until > oracle->now)
			call->excluded[kept++] = call->excluded[i];
	call->excluded_count = kept;
	return kept < count;
}

static void tell(struct oracle *oracle, struct oracle_call *call)
{
	oracle->told = oracle_slot_of_call(oracle, call);
	call->tell_at = oracle_later(oracle->now, oracle->plans[call->queue].tell_every);
}

static void fire_call(struct oracle *oracle, struct oracle_call *call)
{
	if (service_due(oracle, call) <= oracle->now)
		count_service(oracle, call, false);
	if (call->state == CALL_RECALLING && call->recall_due <= oracle->now) {
		call->why = WHY_LOOKUP_LATE;
		oracle_route(oracle, call, true);
	} else if (call->state == CALL_OFFERED && call->ring_due <= oracle->now) {
		oracle_miss(oracle, call, MISS_NO_ANSWER, false);
	} else if (call->state == CALL_WAITING) {
		bool spent = call->hold_until != 0 && call->hold_until <= oracle->now;
		bool readmits = readmit(oracle, call);

		call->looked_at = oracle->now;
		if (call->overflow_at <= oracle->now)
			end_call(oracle, call);
		else if (spent || readmits)
			oracle_route(oracle, call, false);
		else if (call->tell_at != 0 && call->tell_at <= oracle->now)
			tell(oracle, call);
	}
}

/* One of the callers who came back from the store meets an agent who did, too; or there is
 * less patience than there was. */
static void sweep(struct oracle *oracle, queue_index queue)
{
	bool seen[CAST_CALLS_MAX] = { false };

	for (;;) {
		struct oracle_call *next = NULL;
		struct choice choice;

		for (int i = 0; i < CAST_CALLS_MAX; i++) {
			struct oracle_call *call = &oracle->calls[i];

			if (call->live && call->state == CALL_WAITING && call->queue == queue &&
			    !seen[i] && (next == NULL || oracle_comes_before(call, next)))
				next = call;
		}
		if (next == NULL) {
			oracle->sweeps[queue] = false;
			return;
		}
		seen[oracle_slot_of_call(oracle, next)] = true;
		choice = oracle_choose(oracle, next, false);
		if (choice.agent >= 0 || choice.hold_until < next->hold_until) {
			oracle_route(oracle, next, false);
			return;
		}
	}
}

/* One timer a step: agents before calls before queues, each by slot. */
static void fire_one(struct oracle *oracle)
{
	for (int i = 0; i < CAST_AGENTS_MAX; i++) {
		struct oracle_agent *agent = &oracle->agents[i];

		if (agent->until != 0 && agent->until <= oracle->now) {
			oracle_free_agent(oracle, agent, oracle->now);
			return;
		}
	}
	for (int i = 0; i < CAST_CALLS_MAX; i++) {
		struct oracle_call *call = &oracle->calls[i];

		if (call->live && due_of(oracle, call) <= oracle->now) {
			fire_call(oracle, call);
			return;
		}
	}
	for (queue_index i = 0; i < CAST_QUEUES_MAX; i++)
		if (oracle->sweeps[i]) {
			sweep(oracle, i);
			return;
		}
}

void oracle_begin(struct oracle *oracle)
{
	*oracle = (struct oracle){ 0 };
}

void oracle_restart(struct oracle *oracle)
{
	oracle->restarting = true;
	memset(oracle->counts, 0, sizeof(oracle->counts)); /* a daemon counts from its start */
	for (int i = 0; i < CAST_CALLS_MAX; i++)
		if (oracle->calls[i].state == CALL_RECALLING)
			oracle->calls[i].live = false;
}

/* Callers in line may be better off under another plan. */
static void look_through(struct oracle *oracle, queue_index queue)
{
	for (int i = 0; i < CAST_CALLS_MAX; i++)
		if (oracle->calls[i].live && oracle->calls[i].state == CALL_WAITING &&
		    oracle->calls[i].queue == queue)
			oracle->sweeps[queue] = true;
}

/* In this queue, -1: in all of them. */
static void plan_telling_anew(struct oracle *oracle, int queue)
{
	for (int i = 0; i < CAST_CALLS_MAX; i++) {
		struct oracle_call *call = &oracle->calls[i];

		if (!call->live || (queue >= 0 && call->queue != queue))
			continue;
		if (queue < 0 || call->state == CALL_WAITING)
			call->tell_at = 0;
		if (call->state == CALL_WAITING)
			oracle_plan_telling(oracle, call);
	}
}

static void on_rules(struct oracle *oracle, const struct core_event *ev)
{
	oracle->rules = ev->rules;
	if (oracle->restarting) /* who waits begins to count anew */
		plan_telling_anew(oracle, -1);
	oracle->restarting = false;
	for (queue_index i = 0; i < CAST_QUEUES_MAX; i++)
		look_through(oracle, i);
}

static void on_plan(struct oracle *oracle, const struct core_event *ev)
{
	queue_index queue = ev->queue_configured.queue;
	usec_t tell_after = oracle->plans[queue].tell_after;
	usec_t tell_every = oracle->plans[queue].tell_every;

	oracle->plans[queue] = ev->queue_configured.plan;
	if (tell_after != ev->queue_configured.plan.tell_after ||
	    tell_every != ev->queue_configured.plan.tell_every)
		plan_telling_anew(oracle, queue);
	if (!oracle->restarting)
		look_through(oracle, queue);
}

void oracle_follow(struct oracle *oracle, const struct core_event *ev)
{
	oracle->now = ev->at;
	oracle->told = -1;
	switch (ev->type) {
	case EVT_TIME_PASSED:
		fire_one(oracle);
		break;
	case EVT_RULES_CONFIGURED:
		on_rules(oracle, ev);
		break;
	case EVT_QUEUE_CONFIGURED:
		on_plan(oracle, ev);
		break;
	case EVT_CALL_RESTORED:
	case EVT_AGENT_RESTORED:
	case EVT_LASTING_RESTORED:
		break; /* nothing has changed; that is the point */
	case EVT_CALL_ARRIVED:
		on_arrived(oracle, ev);
		break;
	case EVT_CALLER_RECALLED:
		on_recalled(oracle, ev);
		break;
	case EVT_CALL_UPDATED:
		on_updated(oracle, ev);
		break;
	case EVT_CALL_RINGING:
		on_ringing(oracle, ev);
		break;
	case EVT_CALL_ANSWERED:
		on_answered(oracle, ev);
		break;
	case EVT_CALL_FAILED:
		on_failed(oracle, ev);
		break;
	case EVT_CALL_HELD:
		on_hold(oracle, ev->call_held.call, CALL_HELD);
		break;
	case EVT_CALL_RETRIEVED:
		on_hold(oracle, ev->call_held.call, CALL_TALKING);
		break;
	case EVT_CALL_TRANSFERRED:
		on_transferred(oracle, ev);
		break;
	case EVT_CALL_ENDED:
		on_ended(oracle, ev);
		break;
	case EVT_AGENT_LOGGED_IN:
		oracle_on_login(oracle, ev);
		break;
	case EVT_AGENT_READY:
	case EVT_AGENT_PAUSED:
	case EVT_AGENT_LOGGED_OUT:
	case EVT_AGENT_WRAPUP_EXTENDED:
	case EVT_AGENT_DEVICE_CHANGED:
		oracle_on_agent(oracle, ev);
		break;
	}
}
