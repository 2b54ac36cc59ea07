#include "match.h"

#include "agent.h"
#include "call.h"
#include "hold.h"
#include "queue.h"
#include "ready.h"
#include "skill.h"

/* Whoever transferred the caller chose the agent: neither queue nor skill is asked. */
static bool is_target(const struct agent *agent, const struct call *call)
{
	return agent_id_equal(call->r.target, agent->r.id);
}

bool match_fits(const struct core *core, const struct agent *agent, const struct call *call)
{
	return (skill_suffices(agent, call) || is_target(agent, call)) &&
	       !call_excludes(core, call, agent->r.id);
}

enum verdict match_judge(const struct core *core, const struct call *call,
                         const struct agent *agent)
{
	if (agent == NULL || agent->r.state == AGENT_LOGGED_OUT)
		return VERDICT_LOGGED_OUT;
	if (agent->r.call.gen != 0 && call_id_equal(agent->r.call, call->r.id))
		return VERDICT_HAS_IT;
	if (agent->r.state == AGENT_PAUSED)
		return VERDICT_PAUSED;
	if (agent->r.device == DEVICE_UNREACHABLE)
		return VERDICT_UNREACHABLE;
	if (!is_target(agent, call)) {
		if (!agent_serves(agent, call->r.queue))
			return VERDICT_NOT_MEMBER;
		if (!skill_suffices(agent, call))
			return VERDICT_MISSING_SKILL;
	}
	if (call_excludes(core, call, agent->r.id))
		return VERDICT_EXCLUDED;
	return agent_available(agent) ? VERDICT_COULD : VERDICT_NOT_READY;
}

enum sticky_result match_label(const struct call *call, struct agent_id agent, enum sticky_why why,
                               enum sticky_why *ret_why)
{
	if (call->r.known_count == 0) {
		*ret_why = call->r.why;
		return STICKY_NEW;
	}
	*ret_why = WHY_NONE;
	if (agent_id_equal(call->r.known[0].agent, agent))
		return STICKY_OWN;
	for (size_t i = 1; i < call->r.known_count; i++) {
		if (agent_id_equal(call->r.known[i].agent, agent))
			return STICKY_KNOWN;
	}
	*ret_why = why;
	return STICKY_OTHER;
}

enum sticky_result match_result(const struct call *call, struct agent_id agent, enum sticky_why why,
                                enum sticky_why *ret_why)
{
	if (call->r.answered_at == 0)
		return match_label(call, agent, why, ret_why);
	*ret_why = call->r.why;
	return call->r.sticky;
}

/* Which limit forbids to hold out for the own agent, who is busy; WHY_NONE: none,
 * and then until when. The patience runs from the first moment, so it only shrinks. */
static enum sticky_why refuse_hold(const struct core *core, const struct call *call,
                                   const struct agent *own, bool may_hold, usec_t *ret_until)
{
	const struct queue_plan *plan = &core->queues[call->r.queue].plan;
	usec_t wait = plan->policy == POLICY_FIXED ? plan->wait_busy : 0;
	usec_t until = later(core->now, wait);

	if (call_holds_out(call)) {
		*ret_until = call->r.hold_until;
		return call->r.hold_until > core->now ? WHY_NONE : WHY_WAIT_SPENT;
	}
	if (!may_hold)
		return call->r.why == WHY_NONE ? WHY_BUSY : call->r.why;
	if (wait == 0)
		return WHY_BUSY;
	if (call->r.hold_since != 0)
		until = later(call->r.hold_since, wait);
	if (until <= core->now)
		return WHY_WAIT_SPENT;
	if (own->holding >= plan->line_max)
		return WHY_LINE_FULL;
	*ret_until = until;
	return WHY_NONE;
}

static enum sticky_why why_not_own(const struct agent *own, enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_PAUSED:
		return own->r.cause == PAUSE_RONA ? WHY_RONA : WHY_PAUSED;
	case VERDICT_LOGGED_OUT:
		return WHY_LOGGED_OUT;
	case VERDICT_UNREACHABLE:
		return WHY_UNREACHABLE;
	case VERDICT_EXCLUDED:
		return WHY_EXCLUDED;
	case VERDICT_MISSING_SKILL:
		return WHY_MISSING_SKILL;
	case VERDICT_NOT_MEMBER:
		return WHY_NOT_MEMBER;
	case VERDICT_COULD:
	case VERDICT_HAS_IT:
	case VERDICT_NOT_READY:
		break;
	}
	return WHY_NONE;
}

static struct agent *find_familiar(struct core *core, const struct call *call);

/* The same question at a price. With nobody to decline there is nothing to hold out for:
 * the caller waits for whoever comes first, but one who has begun goes on. */
static enum sticky_why decline(struct core *core, const struct call *call, const struct agent *own,
                               usec_t *ret_until)
{
	struct agent *declined = find_familiar(core, call);
	struct hold_terms terms;

	if (declined == NULL && !call_holds_out(call))
		return WHY_BUSY;
	if (hold_is_worth(core, call, own, declined, declined == NULL ? PRICE_SKIPPED : PRICE_IDLE,
	                  &terms))
		*ret_until = terms.until;
	return terms.why;
}

/* A returning caller: the own agent, now or after holding out; else why not. */
static struct choice match_own(struct core *core, const struct call *call, bool may_hold)
{
	struct agent *own = agent_find(core, call->r.known[0].agent);
	enum verdict verdict = match_judge(core, call, own);
	struct choice choice = { .sticky = STICKY_OTHER, .why = why_not_own(own, verdict) };

	if (choice.why != WHY_NONE)
		return choice;
	if (verdict == VERDICT_COULD) {
		choice.sticky = STICKY_OWN;
		choice.agent = own;
		return choice;
	}
	if (hold_at_price(core, call))
		choice.why = decline(core, call, own, &choice.hold_until);
	else
		choice.why = refuse_hold(core, call, own, may_hold, &choice.hold_until);
	if (choice.why == WHY_NONE)
		choice.sticky = STICKY_WAITING;
	else
		choice.hold_until = 0;
	return choice;
}

/* A transferred caller whose target may yet come free. */
static bool match_target(struct core *core, const struct call *call, struct choice *choice)
{
	struct agent *target = agent_find(core, call->r.target);

	switch (match_judge(core, call, target)) {
	case VERDICT_COULD:
		choice->agent = target;
		return true;
	case VERDICT_NOT_READY:
	case VERDICT_HAS_IT:
		choice->keeps_target = call->r.hold_until > core->now;
		choice->hold_until = choice->keeps_target ? call->r.hold_until : 0;
		return choice->keeps_target;
	case VERDICT_PAUSED:
	case VERDICT_LOGGED_OUT:
	case VERDICT_UNREACHABLE:
	case VERDICT_EXCLUDED:
	case VERDICT_MISSING_SKILL:
	case VERDICT_NOT_MEMBER:
		break;
	}
	return false;
}

struct agent *match_anyone(struct core *core, const struct call *call, queue_index queue)
{
	return ready_find(core, &core->queues[queue].ready, call, match_fits);
}

/* Likewise, but an earlier agent of theirs before others. */
static struct agent *find_familiar(struct core *core, const struct call *call)
{
	for (size_t i = 1; i < call->r.known_count; i++) {
		struct agent *agent = agent_find(core, call->r.known[i].agent);

		if (match_judge(core, call, agent) == VERDICT_COULD)
			return agent;
	}
	return match_anyone(core, call, call->r.queue);
}

struct choice match_call(struct core *core, const struct call *call, bool may_hold)
{
	struct choice choice = { .sticky = call->r.sticky, .why = call->r.why };

	if (agent_id_set(call->r.target) && match_target(core, call, &choice))
		return choice;
	if (call_returns(call)) {
		choice = match_own(core, call, may_hold);
		if (choice.agent != NULL || choice.hold_until != 0)
			return choice;
	}
	choice.agent = call_returns(call) && hold_at_price(core, call)
	                       ? find_familiar(core, call)
	                       : match_anyone(core, call, call->r.queue);
	if (choice.agent != NULL)
		choice.sticky = match_result(call, choice.agent->r.id, choice.why, &choice.why);
	return choice;
}

/* An agent's index may hold callers of the slot's former owner, and callers in queues
 * the agent does not serve now. Only those in `held` can have a target. */
static bool wants(const struct call *call, const struct agent *agent, bool held)
{
	return agent_id_equal(call->wanted, agent->r.id) &&
	       (agent_serves(agent, call->r.queue) || (held && is_target(agent, call)));
}

/* The most urgent caller who waits for this agent, or would rather have this one. */
static struct call *find_own(const struct core *core, const struct agent *agent)
{
	struct call *held = call_first_wanting(&agent->held);
	struct call *open = call_first_wanting(&agent->regulars);

	for (int walked = 0; walked < WALK_MAX && (held != NULL || open != NULL); walked++) {
		bool take_held = open == NULL ||
		                 (held != NULL && place_compare(&held->place, &open->place) < 0);
		struct call *call = take_held ? held : open;

		if (wants(call, agent, take_held) && match_fits(core, agent, call))
			return call;
		if (take_held)
			held = call_next_wanting(held);
		else
			open = call_next_wanting(open);
	}
	return NULL;
}

/* The first of those without needs whom the agent has not missed. */
static struct place *find_plain(const struct core *core, const struct queue *queue,
                                const struct agent *agent, const struct place *before, int *budget)
{
	struct place *at = queue_first(queue, WAIT_OPEN);

	while (at != NULL && (before == NULL || place_compare(at, before) < 0)) {
		if (match_fits(core, agent, container_of(at, struct call, place)))
			return at;
		if (--*budget <= 0)
			break;
		at = queue_next(at);
	}
	return NULL;
}

/* A returning caller for whom another agent than the own one is free: whether they would
 * rather hold out, and how long at the most. */
static bool declines(const struct core *core, const struct call *call, const struct agent *agent,
                     enum hold_price price, usec_t *ret_until)
{
	const struct agent *own;
	struct hold_terms terms;

	if (!call_returns(call) || agent_id_equal(call->r.known[0].agent, agent->r.id))
		return false;
	own = agent_find((struct core *)(uintptr_t)core, call->r.known[0].agent);
	if (own == NULL || match_judge(core, call, own) != VERDICT_NOT_READY ||
	    !hold_is_worth(core, call, own, agent, price, &terms))
		return false;
	*ret_until = terms.until;
	return true;
}

static bool takes_skipped(const struct core *core, const struct agent *agent,
                          const struct call *call)
{
	usec_t until;

	return match_fits(core, agent, call) && !declines(core, call, agent, PRICE_SKIPPED, &until);
}

static bool takes_idle(const struct core *core, const struct agent *agent, const struct call *call)
{
	usec_t until;

	return match_fits(core, agent, call) && !declines(core, call, agent, PRICE_IDLE, &until);
}

/* One line of a queue with a price: the first caller in front of `best` who takes the
 * agent. Those who decline are noted; when there are too many of them, the next may not. */
static struct place *find_taker(const struct core *core, const struct agent *agent,
                                struct place *at, struct place *best, enum hold_price price,
                                struct meeting *meeting)
{
	int walked = 0;

	for (; at != NULL && walked < WALK_MAX; walked++, at = queue_next(at)) {
		struct call *call = container_of(at, struct call, place);
		usec_t until;

		if (best != NULL && place_compare(at, best) > 0)
			break;
		if (!match_fits(core, agent, call) || (!place_is_open(at) && !call_holds_out(call)))
			continue;
		if (meeting->decliners_count == PASSED_MAX ||
		    !declines(core, call, agent, price, &until))
			return at;
		meeting->decliners[meeting->decliners_count++] =
		        (struct decliner){ .call = call, .until = until };
	}
	return best;
}

static struct place *find_at_price(const struct core *core, const struct agent *agent,
                                   const struct queue *queue, struct place *best,
                                   enum hold_price price, struct meeting *meeting, int *budget)
{
	struct place *found;

	best = find_taker(core, agent, queue_first(queue, WAIT_OPEN), best, price, meeting);
	best = find_taker(core, agent, queue_first(queue, WAIT_SKILLED), best, price, meeting);
	if (price == PRICE_IDLE)
		best = find_taker(core, agent, queue_first(queue, WAIT_ASIDE), best, price,
		                  meeting);
	/* Behind any number who need what the agent lacks. */
	found = queue_find_skilled(core, queue, agent, best,
	                           price == PRICE_IDLE ? takes_idle : takes_skipped, budget);
	return found == NULL ? best : found;
}

/* The most urgent caller who takes the agent, over all the agent's queues. While others
 * take the agent, those who hold out already are not asked again. */
static struct call *find_first(const struct core *core, const struct agent *agent,
                               enum hold_price price, struct meeting *meeting)
{
	struct place *best = NULL;
	int budget = WALK_MAX;

	meeting->decliners_count = 0;
	for (size_t i = 0; i < agent->r.queues_count; i++) {
		const struct queue *queue = &core->queues[agent->r.queues[i]];
		struct place *found;

		if (queue->plan.policy == POLICY_RATE) {
			best = find_at_price(core, agent, queue, best, price, meeting, &budget);
			continue;
		}
		found = find_plain(core, queue, agent, best, &budget);
		if (found != NULL)
			best = found;
		found = queue_find_skilled(core, queue, agent, best, match_fits, &budget);
		if (found != NULL)
			best = found;
	}
	return best == NULL ? NULL : container_of(best, struct call, place);
}

/* Whether the agent's own caller goes before the one who is next in line. */
static bool own_goes_first(const struct core *core, const struct call *own,
                           const struct call *other)
{
	const struct queue_plan *plan = &core->queues[own->r.queue].plan;

	/* Stickiness never crosses a priority. */
	if (own->r.priority != other->r.priority)
		return own->r.priority > other->r.priority;
	if (!agent_id_set(own->r.target) && !plan_owns_first(plan))
		return place_compare(&own->place, &other->place) <= 0;
	return agent_id_set(own->r.target) || hold_may_overtake(core, own, other);
}

/* Only those who stand ahead of whom the agent takes are passed over. */
static void keep_passed(struct meeting *meeting)
{
	size_t kept = 0;

	for (size_t i = 0; i < meeting->decliners_count; i++) {
		const struct call *call = meeting->decliners[i].call;

		if (!meeting->own && (meeting->call == NULL ||
		                      place_compare(&call->place, &meeting->call->place) < 0))
			meeting->decliners[kept++] = meeting->decliners[i];
	}
	meeting->decliners_count = kept;
}

void match_agent(struct core *core, const struct agent *agent, struct meeting *ret)
{
	struct call *own = find_own(core, agent);

	ret->call = find_first(core, agent, PRICE_SKIPPED, ret);
	ret->own = own != NULL && (ret->call == NULL || own_goes_first(core, own, ret->call));
	if (ret->own)
		ret->call = own;
	else if (ret->call == NULL)
		/* Nobody behind would take the agent, who would be idle: that costs more. */
		ret->call = find_first(core, agent, PRICE_IDLE, ret);
	keep_passed(ret);
}
