#include "najimi/core/view.h"

#include "agent.h"
#include "call.h"
#include "hold.h"
#include "match.h"
#include "queue.h"

/* The finders take a core they could change; a view never does. */
static struct core *plain(const struct core *core)
{
	return (struct core *)(uintptr_t)core;
}

usec_t core_now(const struct core *core)
{
	return core->now;
}

bool core_get_call(const struct core *core, struct call_id id, struct call_record *ret)
{
	const struct call *call = call_find(plain(core), id);

	if (call == NULL)
		return false;
	*ret = call->r;
	return true;
}

bool core_get_agent(const struct core *core, struct agent_id id, struct agent_record *ret)
{
	const struct agent *agent = agent_find(plain(core), id);

	if (agent == NULL)
		return false;
	*ret = agent->r;
	return true;
}

bool core_next_call(const struct core *core, uint32_t from, struct call_id *ret)
{
	for (uint32_t i = from; i < core->limits.calls_max; i++) {
		if (core->calls[i].r.state != CALL_FREE) {
			*ret = core->calls[i].r.id;
			return true;
		}
	}
	return false;
}

bool core_next_agent(const struct core *core, uint32_t from, struct agent_id *ret)
{
	for (uint32_t i = from; i < core->limits.agents_max; i++) {
		if (agent_id_set(core->agents[i].r.id)) {
			*ret = core->agents[i].r.id;
			return true;
		}
	}
	return false;
}

bool core_get_decision(const struct core *core, struct call_id id, struct decision *ret)
{
	const struct call *call = call_find(plain(core), id);

	if (call == NULL || call->r.state == CALL_RECALLING)
		return false;
	queue_decide(core, call, ret);
	return true;
}

bool core_get_hold(const struct core *core, struct call_id id, struct hold_view *ret)
{
	const struct call *call = call_find(plain(core), id);
	const struct agent *other;
	struct hold_terms terms;

	if (call == NULL || call->r.state != CALL_WAITING || !call_returns(call) ||
	    !hold_at_price(core, call))
		return false;
	other = match_familiar(plain(core), call);
	*ret = (struct hold_view){
		.worth_it = hold_is_worth(core, call, other,
		                          other == NULL ? PRICE_SKIPPED : PRICE_IDLE, &terms),
	};
	ret->why = terms.why;
	ret->until = terms.until;
	ret->index = terms.index;
	ret->worth = terms.worth;
	ret->price = terms.price;
	ret->ahead = terms.ahead;
	ret->value = terms.value;
	return true;
}

enum verdict core_judge(const struct core *core, struct call_id call, struct agent_id agent)
{
	const struct call *found = call_find(plain(core), call);
	static const struct call nobody;

	return match_judge(core, found == NULL ? &nobody : found, agent_find(plain(core), agent));
}

/* Who arrives while somebody is free does not wait. Callers who hold out for their own agents
 * are in nobody's way. */
static usec_t next_wait(const struct queue *queue)
{
	if (!RB_EMPTY(&queue->ready) && queue_waiting(queue) == queue->holding)
		return 0;
	return queue_estimate(queue, queue_waiting(queue) + 1);
}

bool core_get_queue(const struct core *core, queue_index index, struct queue_view *ret)
{
	const struct queue *queue = queue_find(plain(core), index);

	if (queue == NULL)
		return false;
	*ret = (struct queue_view){
		.configured = true,
		.plan = queue->plan,
		.recalling = queue->calls[CALL_RECALLING],
		.waiting = queue->calls[CALL_WAITING],
		.offered = queue->calls[CALL_OFFERED],
		.talking = queue->calls[CALL_TALKING],
		.held = queue->calls[CALL_HELD],
		.holding = queue->holding,
		.oldest_at = queue_oldest(queue),
		.unreachable = queue->unreachable,
		.estimated_wait = next_wait(queue),
		.value = queue->plan.policy == POLICY_RATE ? queue->value : 0,
	};
	for (size_t i = 0; i < AGENT_STATES; i++)
		ret->agents[i] = queue->agents[i];
	return true;
}

const struct queue_stats *core_queue_stats(const struct core *core, queue_index queue)
{
	return queue_find(plain(core), queue) == NULL ? NULL : &core->stats[queue];
}

bool core_get_lasting(const struct core *core, queue_index index, struct lasting_record *ret,
                      uint64_t *ret_learned)
{
	const struct queue *queue = queue_find(plain(core), index);

	if (queue == NULL)
		return false;
	remain_give(queue->lasting, ret);
	*ret_learned = queue->handled;
	return true;
}
