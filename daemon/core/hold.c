#include "hold.h"

#include "agent.h"
#include "call.h"
#include "match.h"
#include "queue.h"

#define WHOLE 1000 /* familiarity and prices are in thousandths */
#define MILLION 1000000

/* Fewer agents than that, and callers without limit of overtaking made the others wait a
 * quarter longer. */
#define UNLIMITED_AGENTS_MIN 10
#define CREDIT_MAX MINUTE(2)

/* What it counts to meet the nth known agent. An earlier one counts half with every `fade`
 * since the contact, in a straight line from one half to the next. */
static unsigned familiarity(const struct core *core, const struct call *call, size_t nth)
{
	const struct queue_plan *plan = &core->queues[call->r.queue].plan;
	usec_t age = elapsed(core->now, call->r.known[nth].at);
	unsigned counts;

	if (nth == 0)
		return WHOLE;
	counts = plan->familiarity[nth - 1];
	if (plan->fade == 0 || plan->fade == USEC_NEVER)
		return counts;
	if (age / plan->fade > 10)
		return 0;
	counts >>= age / plan->fade;
	return counts - (unsigned)(counts * (age % plan->fade) / plan->fade / 2);
}

unsigned hold_familiarity(const struct core *core, const struct call *call,
                          const struct agent *agent)
{
	if (agent == NULL)
		return 0;
	for (size_t i = 0; i < call->r.known_count; i++) {
		if (agent_id_equal(call->r.known[i].agent, agent->r.id))
			return familiarity(core, call, i);
	}
	return 0;
}

/* Callers whom the agent will take before this one, as far as it matters. */
static uint32_t count_ahead(const struct call *call, const struct agent *own, uint32_t limit)
{
	struct want *lines[] = { want_first(&own->held), want_first(&own->regulars) };
	/* One who has only just arrived stands nowhere yet. */
	const struct place mine = { .priority = call->r.priority,
		                    .arrived_at = call->r.arrived_at,
		                    .seq = call->r.seq };
	uint32_t ahead = 0;

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		struct want *at = lines[i];

		for (; at != NULL && ahead < limit; at = want_next(at)) {
			const struct call *other = want_call(at);

			if (other == call || place_compare(&other->place, &mine) > 0)
				break;
			ahead += at->rank == 0 && agent_id_equal(at->agent, own->r.id);
		}
	}
	return ahead;
}

/* Which call the agent is on, or wraps up, and since when; false: it cannot be said. */
static bool find_point(const struct core *core, const struct agent *own,
                       const struct remain_pair **ret_pair, struct remain_point *ret)
{
	const struct queue *queue;
	queue_index index = own->last_queue;

	*ret = (struct remain_point){ .elapsed = elapsed(core->now, own->r.since) };
	switch (own->r.state) {
	case AGENT_OFFERED:
		ret->elapsed = 0; /* the whole talk is yet to come */
		index = core->calls[own->r.call.slot].r.queue;
		break;
	case AGENT_TALKING:
		index = core->calls[own->r.call.slot].r.queue;
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
	if (index == QUEUE_NONE)
		return false; /* restored in the middle of it */
	queue = &core->queues[index];
	*ret_pair = queue->lasting;
	if (queue->plan.agent_calls != 0 && remain_count(own->talks) >= queue->plan.agent_calls)
		ret->talks = own->talks;
	return true;
}

usec_t hold_expected(const struct core *core, const struct agent *agent)
{
	const struct remain_pair *pair;
	struct remain_point at;

	return find_point(core, agent, &pair, &at) ? remain_mean(pair, &at) : USEC_NEVER;
}

static usec_t budget(usec_t of_tier, usec_t of_queue)
{
	return of_tier == USEC_NEVER ? of_queue : of_tier;
}

/* The end of the caller's budgets. What was used up stays used up. */
static usec_t find_until(const struct core *core, const struct call *call, enum hold_price price,
                         enum sticky_why *ret_why)
{
	const struct queue_plan *plan = &core->queues[call->r.queue].plan;
	const struct tier_plan *tier = call_tier(core, call);
	usec_t since = call->r.hold_since == 0 ? core->now : call->r.hold_since;
	usec_t guard = later(call->r.arrived_at, plan->service_guard);
	usec_t span = price == PRICE_IDLE ? plan->wait_idle : plan->wait_skipped;
	usec_t until;

	if (tier != NULL)
		span = budget(price == PRICE_IDLE ? tier->wait_idle : tier->wait_skipped, span);
	until = later(since, span);
	*ret_why = WHY_WAIT_SPENT;
	if (plan->overtake_max != USEC_NEVER)
		until = earlier(until, later(call->r.arrived_at, plan->overtake_max));
	if (guard < until) {
		*ret_why = WHY_EWT_GUARD;
		until = guard;
	}
	return until;
}

/* Which guard forbids to wait for a busy agent, WHY_BUSY: only that it is not known for how
 * long. WHY_NONE: none, and then what a second of it is worth. */
static enum sticky_why weigh(const struct core *core, const struct call *call,
                             const struct agent *agent, unsigned gain, struct hold_terms *terms,
                             uint64_t *best)
{
	const struct queue_plan *plan = &core->queues[call->r.queue].plan;
	const struct remain_pair *pair;
	struct remain_point at;
	uint64_t index, worth;
	uint32_t ahead;

	if (agent->r.pending != PENDING_NOTHING) /* gone when the call is over */
		return agent->r.pending == PENDING_PAUSE ? WHY_PAUSED : WHY_LOGGED_OUT;
	if (agent_overloaded(core, agent, plan))
		return WHY_OVERLOADED;
	if (!find_point(core, agent, &pair, &at))
		return WHY_BUSY;
	ahead = count_ahead(call, agent, plan->line_max);
	if (ahead >= plan->line_max)
		return WHY_LINE_FULL;
	index = remain_index(pair, &at, terms->until - core->now);
	worth = (terms->value / MSEC(1) * index / 1000 * gain / WHOLE) >> ahead;
	if (worth >= *best) {
		*best = worth;
		terms->index = index;
		terms->ahead = ahead;
	}
	terms->worth += worth;
	return WHY_NONE;
}

/* What the caller's reunions are worth, and their seconds. */
static void set_scales(const struct core *core, const struct call *call, enum hold_price price,
                       struct hold_terms *terms)
{
	const struct queue *queue = &core->queues[call->r.queue];
	const struct tier_plan *tier = call_tier(core, call);

	terms->value = queue->value;
	terms->price = price == PRICE_IDLE ? MILLION : queue->plan.skip_price * (MILLION / WHOLE);
	if (tier == NULL)
		return;
	terms->value = terms->value / WHOLE * tier->value_share;
	terms->price = terms->price * tier->price_share / WHOLE;
}

bool hold_is_worth(const struct core *core, const struct call *call, const struct agent *declined,
                   enum hold_price price, struct hold_terms *ret)
{
	unsigned declined_counts = hold_familiarity(core, call, declined);
	enum sticky_why guard = WHY_BUSY;
	uint64_t best = 0;
	bool weighed = false;

	*ret = (struct hold_terms){ .why = WHY_BUSY };
	set_scales(core, call, price, ret);
	if (ret->value == 0 || declined_counts >= WHOLE)
		return false;
	ret->until = find_until(core, call, price, &ret->why);
	if (ret->until <= core->now)
		return false;
	for (size_t i = 0; i < call->r.known_count; i++) {
		const struct agent *agent =
		        agent_find((struct core *)(uintptr_t)core, call->r.known[i].agent);
		unsigned counts = familiarity(core, call, i);
		enum sticky_why why;

		if (agent == NULL || counts <= declined_counts ||
		    match_judge(core, call, agent) != VERDICT_NOT_READY)
			continue;
		why = weigh(core, call, agent, counts - declined_counts, ret, &best);
		weighed = weighed || why == WHY_NONE;
		if (i == 0)
			guard = why;
	}
	if (weighed)
		guard = ret->worth >= ret->price ? WHY_NONE : WHY_BUSY;
	ret->why = guard;
	return guard == WHY_NONE;
}

usec_t hold_credit(const struct core *core, const struct call *call, const struct agent *agent)
{
	const struct queue *queue = &core->queues[call->r.queue];
	usec_t credit = queue->plan.credit;

	if (agent_overloaded(core, agent, &queue->plan))
		return 0;
	if (credit == USEC_NEVER && queue_at_work(queue) >= UNLIMITED_AGENTS_MIN)
		return USEC_NEVER;
	return (credit == USEC_NEVER ? CREDIT_MAX : credit) / WHOLE *
	       hold_familiarity(core, call, agent);
}

/* Since when the caller counts as waiting, which is in the order of the line: so whoever stands
 * behind has not waited longer. */
static usec_t counted(const struct call *call)
{
	return call->r.arrived_at - SEC((usec_t)call->place.head);
}

bool hold_may_overtake(const struct core *core, const struct agent *agent, const struct call *own,
                       const struct call *other)
{
	const struct queue_plan *plan = &core->queues[own->r.queue].plan;
	usec_t credit;

	if (place_compare(&own->place, &other->place) < 0)
		return true;
	if (plan->policy != POLICY_RATE)
		return !agent_overloaded(core, agent, plan);
	if (elapsed(core->now, counted(other)) > plan->overtake_max)
		return false;
	credit = hold_credit(core, own, agent);
	return credit == USEC_NEVER || elapsed(own->r.arrived_at, other->r.arrived_at) <= credit;
}
