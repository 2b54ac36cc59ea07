#include "own.h"

#include "agent.h"
#include "call.h"

/* The finder takes a core it could change. */
static const struct agent *find(const struct core *core, struct agent_id id)
{
	return agent_find((struct core *)(uintptr_t)core, id);
}

/* Whether the agent could take the call when they are back. Who is logged out serves no queue,
 * and may serve this one then. */
static bool could_when_back(const struct core *core, const struct call *call,
                            const struct agent *own)
{
	return own->r.device != DEVICE_UNREACHABLE && match_fits(core, own, call) &&
	       (own->r.state == AGENT_LOGGED_OUT || agent_serves(own, call->r.queue));
}

/* How long the plan waits for an own agent in this state, from the first moment of it; 0:
 * not at all. At a price those who are busy are another question. */
static usec_t patience(const struct core *core, const struct call *call, const struct agent *own,
                       enum verdict verdict)
{
	const struct queue_plan *plan = &core->queues[call->r.queue].plan;
	bool waits = plan->policy == POLICY_FIXED || plan->policy == POLICY_STRICT ||
	             plan->policy == POLICY_RATE;
	bool away = verdict == VERDICT_PAUSED || verdict == VERDICT_LOGGED_OUT;

	if (own == NULL || !waits || (away && !could_when_back(core, call, own)))
		return 0;
	if (verdict == VERDICT_PAUSED && own->r.cause == PAUSE_ASKED)
		return own->r.brief ? plan->wait_brief : plan->wait_paused;
	if (verdict == VERDICT_LOGGED_OUT)
		return plan->wait_away;
	if (verdict != VERDICT_NOT_READY || plan->policy == POLICY_RATE)
		return 0;
	if (plan->policy == POLICY_STRICT)
		return USEC_NEVER;
	return own->r.state == AGENT_WRAPUP ? plan->wait_wrapup : plan->wait_busy;
}

/* The own agent is expected to take longer than is waited for while somebody else is free. */
static bool is_beyond_guard(const struct core *core, const struct call *call,
                            const struct agent *own, enum verdict verdict)
{
	const struct queue_plan *plan = &core->queues[call->r.queue].plan;
	usec_t expected;

	if (!own_wait_is_guarded(plan) || verdict != VERDICT_NOT_READY)
		return false;
	expected = hold_expected(core, own);
	return expected != USEC_NEVER && expected > plan->ewt_guard;
}

/* The end of the caller's patience with an agent in this state, who is waited for so long
 * since the first moment of holding out. */
static usec_t find_until(const struct core *core, const struct call *call, const struct agent *own,
                         enum verdict verdict, usec_t wait)
{
	usec_t until = later(call->r.hold_since == 0 ? core->now : call->r.hold_since, wait);

	if (wait == USEC_NEVER)
		return wait;
	/* Who talks and who wraps up are busy: the wait for the one goes on for the other. */
	if (call_holds_out(call) && verdict == VERDICT_NOT_READY &&
	    call->r.hold_until != USEC_NEVER)
		return call->r.hold_until;
	if (call_holds_out(call))
		return earlier(call->r.hold_until, until);
	return own->r.state == AGENT_WRAPUP ? earlier(until, own->r.until) : until;
}

/* Which limit forbids to hold out for the own agent as long as the plan says; WHY_NONE:
 * none, and then until when. The patience runs from the first moment, so it only shrinks. */
static enum sticky_why refuse_hold(struct core *core, const struct call *call,
                                   const struct agent *own, enum verdict verdict, bool may_hold,
                                   usec_t *ret_until)
{
	const struct queue_plan *plan = &core->queues[call->r.queue].plan;
	usec_t wait = patience(core, call, own, verdict);
	bool holds = call_holds_out(call);

	if (!may_hold && !holds)
		return call->r.why == WHY_NONE ? WHY_BUSY : call->r.why;
	if (wait == 0 && !(holds && verdict == VERDICT_NOT_READY))
		return WHY_BUSY;
	*ret_until = find_until(core, call, own, verdict, wait);
	if (*ret_until <= core->now)
		return WHY_WAIT_SPENT;
	if (!holds && own->holding >= (plan->policy == POLICY_STRICT ? LINE_MAX : plan->line_max))
		return WHY_LINE_FULL;
	if (is_beyond_guard(core, call, own, verdict) &&
	    match_anyone(core, call, call->r.queue) != NULL)
		return WHY_EWT_GUARD;
	return WHY_NONE;
}

/* The same question at a price. With nobody to decline there is nothing to hold out for:
 * the caller waits for whoever comes first, but one who has begun goes on. */
static enum sticky_why refuse_price(struct core *core, const struct call *call, usec_t *ret_until)
{
	const struct agent *declined = match_familiar(core, call);
	struct hold_terms terms;

	if (declined == NULL && !call_holds_out(call))
		return WHY_BUSY;
	if (hold_is_worth(core, call, declined, declined == NULL ? PRICE_SKIPPED : PRICE_IDLE,
	                  &terms))
		*ret_until = terms.until;
	return terms.why;
}

static enum sticky_why why_not_own(const struct core *core, const struct call *call,
                                   const struct agent *own, enum verdict verdict)
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
	return agent_overloaded(core, own, &core->queues[call->r.queue].plan) ? WHY_OVERLOADED
	                                                                      : WHY_NONE;
}

enum sticky_why own_why_not(const struct core *core, const struct call *call,
                            const struct agent *agent, enum hold_price price)
{
	const struct agent *own = find(core, call->r.known[0].agent);
	enum sticky_why why = why_not_own(core, call, own, match_judge(core, call, own));
	struct hold_terms terms;

	if (!hold_at_price(core, call))
		return call_holds_out(call) ? WHY_EWT_GUARD : call->r.why;
	if (why != WHY_NONE)
		return why;
	return hold_is_worth(core, call, agent, price, &terms) ? WHY_BUSY : terms.why;
}

bool own_takes_too_long(const struct core *core, const struct call *call)
{
	const struct agent *own = find(core, call->r.known[0].agent);

	return own != NULL && is_beyond_guard(core, call, own, match_judge(core, call, own));
}

bool own_is_away(enum sticky_why why)
{
	return why == WHY_PAUSED || why == WHY_LOGGED_OUT || why == WHY_UNREACHABLE ||
	       why == WHY_RONA;
}

struct choice own_choose(struct core *core, const struct call *call, bool may_hold)
{
	struct agent *own = agent_find(core, call->r.known[0].agent);
	enum verdict verdict = match_judge(core, call, own);
	struct choice choice = { .sticky = STICKY_OTHER,
		                 .why = why_not_own(core, call, own, verdict) };
	bool priced = hold_at_price(core, call);
	bool waits = patience(core, call, own, verdict) != 0;
	enum sticky_why why = choice.why;

	if (why == WHY_NONE && verdict == VERDICT_COULD) {
		choice.sticky = STICKY_OWN;
		choice.agent = own;
		return choice;
	}
	if (why != WHY_OVERLOADED && (waits || (why == WHY_NONE && !priced)))
		why = refuse_hold(core, call, own, verdict, may_hold, &choice.hold_until);
	else if (priced)
		why = refuse_price(core, call, &choice.hold_until);
	if (why == WHY_NONE) {
		choice.sticky = STICKY_WAITING;
		choice.why = WHY_NONE;
		return choice;
	}
	/* Why the own agent is not there says more than why nobody waits for that. */
	if (choice.why == WHY_NONE)
		choice.why = why;
	choice.hold_until = 0;
	return choice;
}

bool own_declines(const struct core *core, const struct call *call, const struct agent *agent,
                  enum hold_price price, usec_t *ret_until)
{
	const struct agent *own;
	struct hold_terms terms;

	if (!call_returns(call) || agent_id_equal(call->r.known[0].agent, agent->r.id))
		return false;
	if (call_holds_out(call) && call->r.hold_until > core->now) {
		own = find(core, call->r.known[0].agent);
		*ret_until = call->r.hold_until;
		if (patience(core, call, own, match_judge(core, call, own)) != 0)
			return true;
	}
	if (!hold_is_worth(core, call, agent, price, &terms))
		return false;
	*ret_until = terms.until;
	return true;
}
