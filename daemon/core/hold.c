#include "hold.h"

#include <assert.h>

#include "agent.h"
#include "call.h"
#include "queue.h"

#define WHOLE 1000 /* familiarity and prices are in thousandths */
#define MILLION 1000000

static usec_t earlier(usec_t a, usec_t b)
{
	return a < b ? a : b;
}

/* What it counts to meet the nth known agent. */
static const unsigned familiarity[KNOWN_MAX] = { 1000, 600, 400 };

unsigned hold_familiarity(const struct call *call, const struct agent *agent)
{
	if (agent == NULL)
		return 0;
	for (size_t i = 0; i < call->r.known_count; i++) {
		if (agent_id_equal(call->r.known[i].agent, agent->r.id))
			return familiarity[i];
	}
	return 0;
}

/* Callers whom the agent will take before this one, as far as it matters. */
static uint32_t count_ahead(const struct call *call, const struct agent *own, uint32_t limit)
{
	struct call *lines[] = { call_first_wanting(&own->held),
		                 call_first_wanting(&own->regulars) };
	/* One who has only just arrived stands nowhere yet. */
	const struct place mine = { .priority = call->r.priority,
		                    .arrived_at = call->r.arrived_at,
		                    .seq = call->r.seq };
	uint32_t ahead = 0;

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		struct call *at = lines[i];

		for (; at != NULL && ahead < limit; at = call_next_wanting(at)) {
			if (at == call || place_compare(&at->place, &mine) > 0)
				break;
			ahead += agent_id_equal(at->wanted, own->r.id);
		}
	}
	return ahead;
}

/* Which call the agent is on, or wraps up, and since when; false: it cannot be said. */
static bool find_point(const struct core *core, const struct agent *own,
                       const struct remain_pair **ret_pair, struct remain_point *ret)
{
	queue_index queue = own->last_queue;

	*ret = (struct remain_point){ .elapsed = elapsed(core->now, own->r.since) };
	switch (own->r.state) {
	case AGENT_OFFERED:
		ret->elapsed = 0; /* the whole talk is yet to come */
		queue = core->calls[own->r.call.slot].r.queue;
		break;
	case AGENT_TALKING:
		queue = core->calls[own->r.call.slot].r.queue;
		break;
	case AGENT_WRAPUP:
		ret->wrapping = true;
		ret->end_max = elapsed(own->r.until, core->now);
		break;
	case AGENT_READY: /* on a private call: nobody knows for how long */
	case AGENT_LOGGED_OUT:
	case AGENT_PAUSED:
		return false;
	}
	if (queue == QUEUE_NONE)
		return false; /* restored in the middle of it */
	*ret_pair = core->queues[queue].lasting;
	return true;
}

/* The end of the caller's budgets. What was used up stays used up. */
static usec_t find_until(const struct core *core, const struct call *call, enum hold_price price,
                         enum sticky_why *ret_why)
{
	const struct queue_plan *plan = &core->queues[call->r.queue].plan;
	usec_t since = call->r.hold_since == 0 ? core->now : call->r.hold_since;
	usec_t until = later(since, price == PRICE_IDLE ? plan->wait_idle : plan->wait_skipped);
	usec_t guard = later(call->r.arrived_at, plan->service_guard);

	*ret_why = WHY_WAIT_SPENT;
	if (plan->overtake_max != USEC_NEVER)
		until = earlier(until, later(call->r.arrived_at, plan->overtake_max));
	if (guard < until) {
		*ret_why = WHY_EWT_GUARD;
		until = guard;
	}
	return until;
}

bool hold_is_worth(const struct core *core, const struct call *call, const struct agent *own,
                   const struct agent *declined, enum hold_price price, struct hold_terms *ret)
{
	const struct queue_plan *plan = &core->queues[call->r.queue].plan;
	unsigned gain = familiarity[0], known = hold_familiarity(call, declined);
	const struct remain_pair *pair;
	struct remain_point at;

	*ret = (struct hold_terms){ .why = WHY_BUSY };
	ret->price = price == PRICE_IDLE ? MILLION : plan->skip_price * (MILLION / WHOLE);
	if (own->r.pending != PENDING_NOTHING) /* gone when the call is over */
		ret->why = own->r.pending == PENDING_PAUSE ? WHY_PAUSED : WHY_LOGGED_OUT;
	if (ret->why != WHY_BUSY || plan->value == 0 || known >= gain ||
	    !find_point(core, own, &pair, &at))
		return false;
	ret->until = find_until(core, call, price, &ret->why);
	if (ret->until <= core->now)
		return false;
	ret->ahead = count_ahead(call, own, plan->line_max);
	if (ret->ahead >= plan->line_max) {
		ret->why = WHY_LINE_FULL;
		return false;
	}
	ret->index = remain_index(pair, &at, ret->until - core->now);
	ret->worth =
	        (plan->value / MSEC(1) * ret->index / 1000 * (gain - known) / WHOLE) >> ret->ahead;
	ret->why = ret->worth >= ret->price ? WHY_NONE : WHY_BUSY;
	return ret->why == WHY_NONE;
}

bool hold_may_overtake(const struct core *core, const struct call *own, const struct call *other)
{
	const struct queue_plan *plan = &core->queues[own->r.queue].plan;
	usec_t credit = plan->credit;

	if (plan->policy != POLICY_RATE || place_compare(&own->place, &other->place) < 0)
		return true;
	if (elapsed(core->now, other->r.arrived_at) > plan->overtake_max)
		return false;
	if (credit == USEC_NEVER)
		return true;
	return elapsed(own->r.arrived_at, other->r.arrived_at) <= credit;
}
