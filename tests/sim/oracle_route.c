/* Who gets whom, found by looking at everybody. */
#include <string.h>

#include "oracle_parts.h"

bool oracle_sticks(const struct queue_plan *plan)
{
	return plan->sticky && plan->policy != POLICY_OFF;
}

usec_t oracle_later(usec_t at, usec_t span)
{
	return span > USEC_NEVER - at ? USEC_NEVER : at + span;
}

struct oracle_call *oracle_find_call(struct oracle *oracle, struct call_id id)
{
	for (int i = 0; i < CAST_CALLS_MAX; i++)
		if (oracle->calls[i].live && call_id_equal(oracle->calls[i].id, id))
			return &oracle->calls[i];
	return NULL;
}

struct oracle_agent *oracle_find_agent(struct oracle *oracle, struct agent_id id)
{
	for (int i = 0; i < CAST_AGENTS_MAX; i++)
		if (agent_id_set(id) && agent_id_equal(oracle->agents[i].id, id))
			return &oracle->agents[i];
	return NULL;
}

int oracle_slot_of_call(const struct oracle *oracle, const struct oracle_call *call)
{
	return (int)(call - oracle->calls);
}

int oracle_slot_of_agent(const struct oracle *oracle, const struct oracle_agent *agent)
{
	return (int)(agent - oracle->agents);
}

bool oracle_comes_before(const struct oracle_call *a, const struct oracle_call *b)
{
	if (a->priority != b->priority)
		return a->priority > b->priority;
	if (a->arrived_at != b->arrived_at)
		return a->arrived_at < b->arrived_at;
	return a->order < b->order;
}

static bool has_skills(const struct oracle_agent *agent, const struct oracle_call *call)
{
	for (unsigned i = 0; i < call->needs_count; i++)
		if (agent->levels[call->needs[i].skill] < call->needs[i].min)
			return false;
	return true;
}

static bool is_excluded(const struct oracle *oracle, const struct oracle_agent *agent,
                        const struct oracle_call *call)
{
	for (unsigned i = 0; i < call->excluded_count; i++)
		if (agent_id_equal(call->excluded[i].agent, agent->id))
			return call->excluded[i].until > oracle->now;
	return false;
}

static bool is_free(const struct oracle_agent *agent)
{
	return agent->state == AGENT_READY && agent->device == DEVICE_REACHABLE;
}

static bool is_at_work(const struct oracle_agent *agent)
{
	return agent->state == AGENT_OFFERED || agent->state == AGENT_TALKING ||
	       agent->state == AGENT_WRAPUP || agent->state == AGENT_READY;
}

static bool is_holding(const struct oracle_call *call)
{
	return call->state == CALL_WAITING && call->hold_until != 0 && call->target < 0;
}

/* The caller returns to the agent they spoke to last, until somebody has answered. */
static struct oracle_agent *own_agent(struct oracle *oracle, const struct oracle_call *call)
{
	if (call->known_count == 0 || call->answered)
		return NULL;
	return oracle_find_agent(oracle, call->known[0].agent);
}

static unsigned line_of(struct oracle *oracle, const struct oracle_agent *agent)
{
	unsigned count = 0;

	for (int i = 0; i < CAST_CALLS_MAX; i++)
		count += oracle->calls[i].live && is_holding(&oracle->calls[i]) &&
		         own_agent(oracle, &oracle->calls[i]) == agent;
	return count;
}

/* Somebody for this caller: who has been idle longest. */
int oracle_longest_idle(struct oracle *oracle, const struct oracle_call *call)
{
	int best = -1;

	for (int i = 0; i < CAST_AGENTS_MAX; i++) {
		const struct oracle_agent *agent = &oracle->agents[i];

		if (!agent_id_set(agent->id) || !is_free(agent) || !agent->serves[call->queue] ||
		    !has_skills(agent, call) || is_excluded(oracle, agent, call))
			continue;
		if (best < 0 || agent->idle_since < oracle->agents[best].idle_since)
			best = i;
	}
	return best;
}

/* Why there is no waiting for the own agent, whatever the limits; WHY_NONE: there is. */
static enum sticky_why absence(const struct oracle *oracle, const struct oracle_agent *own,
                               const struct oracle_call *call)
{
	if (own == NULL || own->state == AGENT_LOGGED_OUT)
		return WHY_LOGGED_OUT;
	if (own->state == AGENT_PAUSED)
		return own->cause == PAUSE_RONA ? WHY_RONA : WHY_PAUSED;
	if (own->device == DEVICE_UNREACHABLE)
		return WHY_UNREACHABLE;
	if (!own->serves[call->queue])
		return WHY_NOT_MEMBER;
	if (!has_skills(own, call))
		return WHY_MISSING_SKILL;
	return is_excluded(oracle, own, call) ? WHY_EXCLUDED : WHY_NONE;
}

/* How long the plan waits for a busy agent. */
static usec_t patience(const struct queue_plan *plan, const struct oracle_agent *own)
{
	if (plan->policy == POLICY_STRICT)
		return USEC_NEVER;
	if (plan->policy != POLICY_FIXED)
		return 0;
	return own->state == AGENT_WRAPUP ? plan->wait_wrapup : plan->wait_busy;
}

static usec_t end_of_hold(const struct oracle *oracle, const struct oracle_agent *own,
                          const struct oracle_call *call, usec_t span)
{
	usec_t until = oracle_later(call->hold_since != 0 ? call->hold_since : oracle->now, span);

	if (span == USEC_NEVER)
		return USEC_NEVER;
	if (is_holding(call))
		return call->hold_until == USEC_NEVER ? until : call->hold_until;
	return own->state == AGENT_WRAPUP && own->until < until ? own->until : until;
}

/* The own agent is there and busy: hold out, or why not. */
static struct choice hold_or_not(struct oracle *oracle, const struct oracle_agent *own,
                                 const struct oracle_call *call, bool may_begin)
{
	const struct queue_plan *plan = &oracle->plans[call->queue];
	unsigned limit = plan->policy == POLICY_STRICT ? LINE_MAX : plan->line_max;
	usec_t span = patience(plan, own);
	usec_t until = end_of_hold(oracle, own, call, span);
	struct choice wait = { .agent = -1, .sticky = STICKY_OTHER };

	if (is_holding(call) && until <= oracle->now)
		wait.why = WHY_WAIT_SPENT;
	else if (is_holding(call))
		wait.hold_until = until;
	else if (!may_begin)
		wait.why = call->why == WHY_NONE ? WHY_BUSY : call->why;
	else if (span == 0)
		wait.why = WHY_BUSY;
	else if (until <= oracle->now)
		wait.why = WHY_WAIT_SPENT;
	else if (line_of(oracle, own) >= limit)
		wait.why = WHY_LINE_FULL;
	else
		wait.hold_until = until;
	if (wait.hold_until != 0)
		wait.sticky = STICKY_WAITING;
	return wait;
}

static bool is_team(const struct oracle *oracle, const struct oracle_call *call,
                    const struct oracle_agent *agent)
{
	for (int i = 0; i < CAST_AGENTS_MAX; i++)
		if (agent_id_set(oracle->agents[i].id) &&
		    agent_id_equal(oracle->agents[i].id, call->known[0].agent))
			return agent->team != 0 && oracle->agents[i].team == agent->team;
	return false;
}

/* How it is called when this agent takes the caller. */
void oracle_label(const struct oracle *oracle, const struct oracle_call *call,
                  struct choice *choice)
{
	struct agent_id agent = oracle->agents[choice->agent].id;

	if (call->answered || call->known_count == 0) {
		choice->sticky = call->answered ? call->sticky : STICKY_NEW;
		choice->why = call->why;
		return;
	}
	choice->sticky = STICKY_OTHER;
	for (unsigned i = call->known_count; i > 0; i--)
		if (agent_id_equal(call->known[i - 1].agent, agent))
			choice->sticky = i == 1 ? STICKY_OWN : STICKY_KNOWN;
	if (choice->sticky != STICKY_OTHER)
		choice->why = WHY_NONE;
	else if (is_team(oracle, call, &oracle->agents[choice->agent]))
		choice->sticky = STICKY_TEAM;
}

/* A transferred caller: the target now, or a while later, or nobody in particular.
 * Whoever handed the caller on chose the agent: neither queue nor skill is asked. */
static bool choose_target(struct oracle *oracle, const struct oracle_call *call,
                          struct choice *choice)
{
	const struct oracle_agent *target = &oracle->agents[call->target];

	if (!is_at_work(target) || target->device == DEVICE_UNREACHABLE ||
	    is_excluded(oracle, target, call))
		return false;
	if (is_free(target)) {
		choice->agent = call->target;
		return true;
	}
	choice->bound = call->hold_until > oracle->now;
	choice->hold_until = call->hold_until;
	return choice->bound;
}

struct choice oracle_choose(struct oracle *oracle, const struct oracle_call *call, bool may_begin)
{
	struct choice choice = { .agent = -1, .sticky = call->sticky, .why = call->why };
	struct oracle_agent *own = own_agent(oracle, call);

	if (call->target >= 0 && choose_target(oracle, call, &choice)) {
		if (choice.agent >= 0)
			oracle_label(oracle, call, &choice);
		return choice;
	}
	choice.hold_until = 0;
	if (call->known_count > 0 && !call->answered) {
		choice.sticky = STICKY_OTHER;
		choice.why = absence(oracle, own, call);
		if (choice.why == WHY_NONE && is_free(own)) {
			choice.agent = oracle_slot_of_agent(oracle, own);
			oracle_label(oracle, call, &choice);
			return choice;
		}
		if (choice.why == WHY_NONE) {
			choice = hold_or_not(oracle, own, call, may_begin);
			if (choice.hold_until != 0)
				return choice;
		}
	}
	choice.agent = oracle_longest_idle(oracle, call);
	if (choice.agent >= 0)
		oracle_label(oracle, call, &choice);
	return choice;
}

/* How long the telephone rings from now on; nobody is waited for any longer than that. */
void oracle_ring_for(const struct oracle *oracle, struct oracle_call *call, usec_t span)
{
	call->ring_until = oracle_later(oracle->now, span);
	call->ring_due = oracle_later(call->ring_until, oracle->rules.ring_grace);
}

static void ring(struct oracle *oracle, struct oracle_call *call, const struct choice *choice)
{
	struct oracle_agent *agent = &oracle->agents[choice->agent];
	const struct queue_plan *plan = &oracle->plans[call->queue];
	bool own = own_agent(oracle, call) == agent;

	call->sticky = choice->sticky;
	call->why = choice->why;
	call->state = CALL_OFFERED;
	call->agent = choice->agent;
	call->target = -1;
	call->hold_until = 0;
	call->offer++;
	oracle_ring_for(oracle, call, own && plan->ring_own != 0 ? plan->ring_own : plan->ring);
	oracle->counts[call->queue].offers++;
	agent->state = AGENT_OFFERED;
	agent->pending = PENDING_NOTHING;
	agent->until = 0;
	agent->call = oracle_slot_of_call(oracle, call);
}

void oracle_plan_telling(const struct oracle *oracle, struct oracle_call *call)
{
	const struct queue_plan *plan = &oracle->plans[call->queue];

	if (plan->tell_every == 0)
		call->tell_at = 0;
	else if (call->tell_at == 0)
		call->tell_at = oracle_later(oracle->now, plan->tell_after);
}

void oracle_route(struct oracle *oracle, struct oracle_call *call, bool may_begin)
{
	struct choice choice = oracle_choose(oracle, call, may_begin);

	call->looked_at = oracle->now;
	if (choice.agent >= 0) {
		ring(oracle, call, &choice);
		return;
	}
	if (!choice.bound)
		call->target = -1;
	if (choice.hold_until != 0 && !choice.bound && call->hold_since == 0)
		call->hold_since = oracle->now;
	call->state = CALL_WAITING;
	call->agent = -1;
	call->hold_until = choice.hold_until;
	call->sticky = choice.sticky;
	call->why = choice.why;
	oracle_plan_telling(oracle, call);
}

static bool could_take(struct oracle *oracle, const struct oracle_agent *agent,
                       const struct oracle_call *call)
{
	if (!call->live || call->state != CALL_WAITING || is_excluded(oracle, agent, call))
		return false;
	return call->target == oracle_slot_of_agent(oracle, agent) ||
	       (agent->serves[call->queue] && has_skills(agent, call));
}

/* Waits for this agent, or would rather have this one than another. */
static bool is_theirs(struct oracle *oracle, const struct oracle_agent *agent,
                      const struct oracle_call *call)
{
	if (call->target >= 0)
		return call->target == oracle_slot_of_agent(oracle, agent);
	return own_agent(oracle, call) == agent;
}

/* Whether a caller of the agent goes before the one who is next. */
static bool goes_first(const struct oracle *oracle, const struct oracle_call *own,
                       const struct oracle_call *open)
{
	const struct queue_plan *plan = &oracle->plans[own->queue];

	if (own->priority != open->priority)
		return own->priority > open->priority;
	return own == open || own->target >= 0 || plan->policy == POLICY_STRICT ||
	       plan->policy == POLICY_OWN_FIRST || plan->policy == POLICY_RATE ||
	       (plan->policy == POLICY_FIXED && !plan->in_turn) || oracle_comes_before(own, open);
}

/* The agent is free. Their own callers go first among those of one priority, where the
 * plan says so; callers who wait for somebody else are passed over. */
void oracle_free_agent(struct oracle *oracle, struct oracle_agent *agent, usec_t idle_since)
{
	struct oracle_call *own = NULL, *open = NULL;
	struct choice choice = { .agent = oracle_slot_of_agent(oracle, agent) };

	agent->state = AGENT_READY;
	agent->pending = PENDING_NOTHING;
	agent->until = 0;
	agent->call = -1;
	agent->idle_since = idle_since;
	if (!is_free(agent))
		return;
	for (int i = 0; i < CAST_CALLS_MAX; i++) {
		struct oracle_call *call = &oracle->calls[i];

		if (!could_take(oracle, agent, call))
			continue;
		if (is_theirs(oracle, agent, call)) {
			if (own == NULL || oracle_comes_before(call, own))
				own = call;
		}
		if (call->hold_until == 0 && (open == NULL || oracle_comes_before(call, open)))
			open = call;
	}
	if (own != NULL && (open == NULL || goes_first(oracle, own, open)))
		open = own;
	if (open == NULL)
		return;
	choice.why = open->why;
	oracle_label(oracle, open, &choice);
	ring(oracle, open, &choice);
}

/* Callers for whom it has become pointless to wait for this agent, in their order. */
void oracle_release_holders(struct oracle *oracle, struct oracle_agent *agent)
{
	bool seen[CAST_CALLS_MAX] = { false };

	for (;;) {
		struct oracle_call *next = NULL;

		for (int i = 0; i < CAST_CALLS_MAX; i++) {
			struct oracle_call *call = &oracle->calls[i];
			bool bound = call->target == oracle_slot_of_agent(oracle, agent);
			enum sticky_why why;

			if (!call->live || call->state != CALL_WAITING || seen[i] ||
			    call->hold_until == 0 || !is_theirs(oracle, agent, call))
				continue;
			why = absence(oracle, agent, call);
			if (why == WHY_NONE ||
			    (bound && (why == WHY_NOT_MEMBER || why == WHY_MISSING_SKILL)))
				continue;
			if (next == NULL || oracle_comes_before(call, next))
				next = call;
		}
		if (next == NULL)
			return;
		seen[oracle_slot_of_call(oracle, next)] = true;
		oracle_route(oracle, next, false);
	}
}

void oracle_send_away(struct oracle *oracle, struct oracle_agent *agent, enum agent_state state,
                      enum pause_cause cause, usec_t until)
{
	agent->state = state;
	agent->pending = PENDING_NOTHING;
	agent->cause = cause;
	agent->until = until;
	agent->call = -1;
	if (state == AGENT_LOGGED_OUT)
		memset(agent->serves, 0, sizeof(agent->serves));
	oracle_release_holders(oracle, agent);
}

/* Who sends a caller to a queue of their own has the others there in mind. */
bool oracle_others_work_there(const struct oracle *oracle, const struct oracle_agent *sender,
                              queue_index queue)
{
	for (int i = 0; i < CAST_AGENTS_MAX; i++) {
		const struct oracle_agent *agent = &oracle->agents[i];

		if (agent != sender && agent_id_set(agent->id) && agent->serves[queue] &&
		    agent->state != AGENT_LOGGED_OUT && agent->state != AGENT_PAUSED)
			return sender->serves[queue];
	}
	return false;
}
