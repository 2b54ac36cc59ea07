#include "match.h"

#include "agent.h"
#include "call.h"
#include "hold.h"
#include "own.h"
#include "queue.h"
#include "ready.h"
#include "skill.h"

/* Whoever transferred the caller chose the agent: neither queue nor skill is asked. */
static bool is_target(const struct agent *agent, const struct call *call)
{
	return agent_id_equal(call->r.target, agent->r.id);
}

/* The own agent may do without the skills where the plan says so. */
static bool has_skills(const struct core *core, const struct agent *agent, const struct call *call)
{
	return skill_suffices(agent, call) ||
	       (call_returns(call) && core->queues[call->r.queue].plan.skips_skills &&
	        agent_id_equal(call->r.known[0].agent, agent->r.id));
}

bool match_fits(const struct core *core, const struct agent *agent, const struct call *call)
{
	return (has_skills(core, agent, call) || is_target(agent, call)) &&
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
		if (!has_skills(core, agent, call))
			return VERDICT_MISSING_SKILL;
	}
	if (call_excludes(core, call, agent->r.id))
		return VERDICT_EXCLUDED;
	return agent_available(agent) ? VERDICT_COULD : VERDICT_NOT_READY;
}

/* Whether the agent works in the same team as the caller's own one. */
static bool is_team(const struct core *core, const struct agent *agent, const struct call *call)
{
	const struct agent *own =
	        agent_find((struct core *)(uintptr_t)core, call->r.known[0].agent);

	return own != NULL && agent != NULL && own->r.team != 0 && own->r.team == agent->r.team;
}

static bool fits_team(const struct core *core, const struct agent *agent, const struct call *call)
{
	return is_team(core, agent, call) && match_fits(core, agent, call);
}

enum sticky_result match_label(const struct core *core, const struct call *call,
                               struct agent_id agent, enum sticky_why why, enum sticky_why *ret_why)
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
	return is_team(core, agent_find((struct core *)(uintptr_t)core, agent), call)
	               ? STICKY_TEAM
	               : STICKY_OTHER;
}

enum sticky_result match_result(const struct core *core, const struct call *call,
                                struct agent_id agent, enum sticky_why why,
                                enum sticky_why *ret_why)
{
	if (call->r.answered_at == 0)
		return match_label(core, call, agent, why, ret_why);
	*ret_why = call->r.why;
	return call->r.sticky;
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

struct agent *match_familiar(struct core *core, const struct call *call)
{
	const struct queue *queue = &core->queues[call->r.queue];
	struct agent *agent;

	for (size_t i = 1; hold_at_price(core, call) && i < call->r.known_count; i++) {
		agent = agent_find(core, call->r.known[i].agent);
		if (match_judge(core, call, agent) == VERDICT_COULD)
			return agent;
	}
	if (queue->plan.prefers_team) {
		agent = ready_find(core, &queue->ready, call, fits_team);
		if (agent != NULL)
			return agent;
	}
	return match_anyone(core, call, call->r.queue);
}

/* The own agent, whom the caller does not get before others; one who lacks a skill that the
 * others must have is not found among them. */
static struct agent *own_in_turn(struct core *core, const struct call *call)
{
	struct agent *own = agent_find(core, call->r.known[0].agent);

	return match_judge(core, call, own) == VERDICT_COULD ? own : NULL;
}

struct choice match_call(struct core *core, const struct call *call, bool may_hold)
{
	struct choice choice = { .sticky = call->r.sticky, .why = call->r.why };

	if (agent_id_set(call->r.target) && match_target(core, call, &choice))
		return choice;
	if (call_returns(call)) {
		choice = own_choose(core, call, may_hold);
		if (choice.agent != NULL || choice.hold_until != 0)
			return choice;
		choice.agent = match_familiar(core, call);
		if (choice.agent == NULL)
			choice.agent = own_in_turn(core, call);
	} else {
		choice.agent = match_anyone(core, call, call->r.queue);
	}
	if (choice.agent != NULL)
		choice.sticky =
		        match_result(core, call, choice.agent->r.id, choice.why, &choice.why);
	return choice;
}

/* An agent's index may hold callers of the slot's former owner, and callers in queues
 * the agent does not serve now. Only those in `held` can have a target. */
static bool wants(const struct core *core, const struct want *want, const struct agent *agent,
                  bool held)
{
	const struct call *call = want_call(want);
	usec_t until;

	if (!agent_id_equal(want->agent, agent->r.id) ||
	    !(agent_serves(agent, call->r.queue) || (held && is_target(agent, call))) ||
	    !match_fits(core, agent, call))
		return false;
	/* A reload may have left the queue without a price. */
	return want->rank == 0 || (hold_at_price(core, call) &&
	                           !own_declines(core, call, agent, PRICE_SKIPPED, &until));
}

/* Whether one who waits for the agent as second or third choice comes before one whose own
 * agent this is. */
static bool is_before(const struct core *core, const struct agent *agent, const struct call *call,
                      const struct call *own)
{
	usec_t credit = hold_credit(core, call, agent), own_credit = hold_credit(core, own, agent);

	if (call->r.priority != own->r.priority)
		return call->r.priority > own->r.priority;
	if (credit == USEC_NEVER || own_credit == USEC_NEVER)
		return false;
	return later(call->r.arrived_at, own_credit) < later(own->r.arrived_at, credit);
}

/* The most urgent caller who waits for this agent, or would rather have this one. */
static struct call *find_own(const struct core *core, const struct agent *agent)
{
	struct want *held = want_first(&agent->held);
	struct want *open = want_first(&agent->regulars);
	struct call *familiar = NULL;

	for (int walked = 0; walked < walk_max(core) && (held != NULL || open != NULL); walked++) {
		bool take_held = open == NULL ||
		                 (held != NULL && place_compare(&want_call(held)->place,
		                                                &want_call(open)->place) < 0);
		struct want *want = take_held ? held : open;
		struct call *call = want_call(want);

		if (take_held)
			held = want_next(held);
		else
			open = want_next(open);
		if ((want->rank > 0 && familiar != NULL) || !wants(core, want, agent, take_held))
			continue;
		if (want->rank > 0)
			familiar = call;
		else
			return familiar != NULL && is_before(core, agent, familiar, call) ? familiar
			                                                                  : call;
	}
	return familiar;
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

static bool takes_skipped(const struct core *core, const struct agent *agent,
                          const struct call *call)
{
	usec_t until;

	return match_fits(core, agent, call) &&
	       !own_declines(core, call, agent, PRICE_SKIPPED, &until);
}

static bool takes_idle(const struct core *core, const struct agent *agent, const struct call *call)
{
	usec_t until;

	return match_fits(core, agent, call) &&
	       !own_declines(core, call, agent, PRICE_IDLE, &until);
}

/* One line of a queue with a price: the first caller in front of `best` who takes the
 * agent. Those who decline are noted; when there are too many of them, the next may not. */
static struct place *find_taker(const struct core *core, const struct agent *agent,
                                struct place *at, struct place *best, enum hold_price price,
                                struct meeting *meeting)
{
	int walked = 0;

	for (; at != NULL && walked < walk_max(core); walked++, at = queue_next(at)) {
		struct call *call = container_of(at, struct call, place);
		usec_t until;

		if (best != NULL && place_compare(at, best) > 0)
			break;
		if (!match_fits(core, agent, call) || (!place_is_open(at) && !call_holds_out(call)))
			continue;
		if (meeting->decliners_count == PASSED_MAX ||
		    !own_declines(core, call, agent, price, &until))
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
	for (int line = WAIT_HOLDING; price == PRICE_IDLE && line <= WAIT_ASIDE; line++)
		best = find_taker(core, agent, queue_first(queue, line), best, price, meeting);
	/* Behind any number who need what the agent lacks. */
	found = queue_find_skilled(core, queue, agent, best,
	                           price == PRICE_IDLE ? takes_idle : takes_skipped, budget);
	return found == NULL ? best : found;
}

/* Of those who hold out in front of `best`: the first whose own agent is expected to take
 * longer than is waited for while somebody else is free. */
static struct place *find_impatient(const struct core *core, const struct agent *agent,
                                    struct place *at, struct place *best)
{
	for (int walked = 0; at != NULL && walked < walk_max(core); walked++, at = queue_next(at)) {
		const struct call *call = container_of(at, struct call, place);

		if (best != NULL && place_compare(at, best) > 0)
			break;
		if (call_holds_out(call) && match_fits(core, agent, call) &&
		    !agent_id_equal(call->r.known[0].agent, agent->r.id) &&
		    own_takes_too_long(core, call))
			return at;
	}
	return best;
}

/* The most urgent caller who takes the agent, over all the agent's queues. While others
 * take the agent, those who hold out already are not asked again. */
static struct call *find_first(const struct core *core, const struct agent *agent,
                               enum hold_price price, struct meeting *meeting)
{
	struct place *best = NULL;
	int budget = walk_max(core);

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
		if (!own_wait_is_guarded(&queue->plan))
			continue;
		best = find_impatient(core, agent, queue_first(queue, WAIT_HOLDING), best);
		best = find_impatient(core, agent, queue_first(queue, WAIT_ASIDE), best);
	}
	return best == NULL ? NULL : container_of(best, struct call, place);
}

/* Whether the agent's own caller goes before the one who is next in line. */
static bool own_goes_first(const struct core *core, const struct agent *agent,
                           const struct call *own, const struct call *other)
{
	const struct queue_plan *plan = &core->queues[own->r.queue].plan;

	/* Stickiness never crosses a priority. */
	if (own->r.priority != other->r.priority)
		return own->r.priority > other->r.priority;
	if (!agent_id_set(own->r.target) && !plan_owns_first(plan))
		return place_compare(&own->place, &other->place) <= 0;
	return agent_id_set(own->r.target) || hold_may_overtake(core, agent, own, other);
}

/* Only those who stand ahead of whom the agent takes are passed over; not by one of the
 * agent's own callers who would have gone first anyhow. */
static void keep_passed(const struct core *core, const struct agent *agent, struct meeting *meeting)
{
	size_t kept = 0;

	for (size_t i = 0; i < meeting->decliners_count; i++) {
		const struct call *call = meeting->decliners[i].call;

		if (meeting->call == NULL ||
		    (place_compare(&call->place, &meeting->call->place) < 0 &&
		     !(meeting->own && own_goes_first(core, agent, meeting->call, call))))
			meeting->decliners[kept++] = meeting->decliners[i];
	}
	meeting->decliners_count = kept;
}

void match_agent(struct core *core, const struct agent *agent, struct meeting *ret)
{
	struct call *own = find_own(core, agent), *next;
	enum hold_price price = PRICE_SKIPPED;

	ret->call = next = find_first(core, agent, PRICE_SKIPPED, ret);
	ret->own =
	        own != NULL && (ret->call == NULL || own_goes_first(core, agent, own, ret->call));
	if (ret->own) {
		ret->call = own;
		if (next != NULL && next->r.answered_at == 0 && !agent_id_set(own->r.target) &&
		    place_compare(&next->place, &own->place) < 0)
			ret->overtaken = next;
	} else if (ret->call == NULL) {
		/* Nobody behind would take the agent, who would be idle: that costs more. */
		price = PRICE_IDLE;
		ret->call = find_first(core, agent, price, ret);
	}
	if (ret->call != NULL)
		ret->why = call_returns(ret->call) ? own_why_not(core, ret->call, agent, price)
		                                   : ret->call->r.why;
	keep_passed(core, agent, ret);
}
