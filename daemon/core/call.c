#include "call.h"

#include <assert.h>
#include <string.h>

#include "agent.h"
#include "queue.h"
#include "skill.h"
#include "stats.h"

/* Who wait for the same agent stand in the order of their queues. */
static int want_compare(const struct want *a, const struct want *b)
{
	return place_compare(&want_call(a)->place, &want_call(b)->place);
}

ORDERED_GENERATE(want_tree, want, by_place, want_compare)

struct want *want_first(const struct want_tree *tree)
{
	struct want_tree copy = *tree; /* RB_MIN only reads the root */

	return RB_EMPTY(&copy) ? NULL : RB_MIN(want_tree, &copy);
}

struct want *want_next(struct want *want)
{
	return RB_NEXT(want_tree, NULL, want);
}

struct call *call_find(struct core *core, struct call_id id)
{
	struct call *call;

	if (id.slot >= core->limits.calls_max)
		return NULL;
	call = &core->calls[id.slot];
	return call->r.state != CALL_FREE && call->r.id.gen == id.gen ? call : NULL;
}

usec_t call_service_at(const struct core *core, const struct call *call)
{
	const struct queue_plan *plan = &core->queues[call->r.first_queue].plan;
	usec_t limit = plan->service_level > plan->short_abandon ? plan->service_level
	                                                         : plan->short_abandon;

	return later(call->r.arrived_at, later(limit, 1));
}

static usec_t find_deadline(const struct core *core, const struct call *call)
{
	const struct call_record *r = &call->r;
	usec_t due = USEC_NEVER;

	switch (r->state) {
	case CALL_FREE:
	case CALL_TALKING:
	case CALL_HELD:
		return USEC_NEVER;
	case CALL_RECALLING:
		due = call->state_due;
		break;
	case CALL_WAITING:
		due = r->overflow_at;
		if (r->hold_until != 0)
			due = earlier(due, r->hold_until);
		if (call->review_at != 0)
			due = earlier(due, call->review_at);
		if (call->tell_at != 0)
			due = earlier(due, call->tell_at);
		for (size_t i = 0; i < r->excluded_count; i++) {
			if (r->excluded[i].until > core->now)
				due = earlier(due, r->excluded[i].until);
		}
		break;
	case CALL_OFFERED:
		due = call->state_due;
		break;
	}
	return r->service_counted ? due : earlier(due, call_service_at(core, call));
}

void call_arm(struct core *core, const struct call *call)
{
	timer_set(&core->timers, timer_of_call(core, call), find_deadline(core, call));
}

static void insert_want(struct call *call, struct agent *agent, struct agent_id id, uint8_t rank)
{
	struct want *want = &call->wants[rank];

	want->agent = id;
	want->rank = rank;
	agent->wants += rank > 0;
	if (place_is_open(&call->place)) {
		RB_INSERT(want_tree, &agent->regulars, want);
		return;
	}
	RB_INSERT(want_tree, &agent->held, want);
	if (rank > 0)
		return;
	if (call_holds_out(call))
		agent->holding++;
	else
		agent->targeted++;
}

/* Whether the call can stand in the index of the agent. By handle only in the open line, so
 * that who logs in later finds the callers; once in a slot, whoever had it before. */
static bool can_index(struct core *core, const struct call *call, struct agent_id id, uint8_t rank)
{
	if (!agent_id_set(id) || id.slot >= core->limits.agents_max ||
	    (!place_is_open(&call->place) && agent_find(core, id) == NULL))
		return false;
	for (uint8_t i = 0; i < rank; i++) {
		if (agent_id_set(call->wants[i].agent) && call->wants[i].agent.slot == id.slot)
			return false;
	}
	return rank == 0 || core->agents[id.slot].wants < WANTS_MAX;
}

/* The agents in whose indexes the call belongs: the target of a transfer, else those the
 * caller returns to; but for the own agent only where that has its price. */
static void index_wants(struct core *core, struct call *call)
{
	bool targeted = agent_id_set(call->r.target);
	size_t count = targeted ? 1 : 0;

	if (!targeted && call_returns(call))
		count = core->queues[call->r.queue].plan.policy == POLICY_RATE ? call->r.known_count
		                                                               : 1;
	for (uint8_t rank = 0; rank < count; rank++) {
		struct agent_id id = targeted ? call->r.target : call->r.known[rank].agent;

		if (can_index(core, call, id, rank))
			insert_want(call, &core->agents[id.slot], id, rank);
	}
}

static void remove_want(struct core *core, struct call *call, struct want *want)
{
	struct agent *agent;

	if (!agent_id_set(want->agent))
		return;
	agent = &core->agents[want->agent.slot];
	want->agent = (struct agent_id){ 0 };
	agent->wants -= want->rank > 0;
	if (place_is_open(&call->place)) {
		RB_REMOVE(want_tree, &agent->regulars, want);
		return;
	}
	RB_REMOVE(want_tree, &agent->held, want);
	if (want->rank > 0)
		return;
	if (call->place.holding_out)
		agent->holding--;
	else
		agent->targeted--;
}

static enum wait_line find_line(const struct call *call)
{
	if (call->r.hold_until == 0)
		return call->needs_mask == 0 ? WAIT_OPEN : WAIT_SKILLED;
	return call_holds_out(call) && call->r.passed_at == 0 ? WAIT_HOLDING : WAIT_ASIDE;
}

static void leave(struct core *core, struct call *call)
{
	struct queue *queue = &core->queues[call->r.queue];

	queue->calls[call->r.state]--;
	if (call->r.state == CALL_WAITING) {
		for (size_t i = 0; i < KNOWN_MAX; i++)
			remove_want(core, call, &call->wants[i]);
		queue_drop(queue, &call->place);
		queue->holding -= call->place.holding_out;
		stats_note_idle(core, call->r.queue);
		call->place.line = WAIT_NOWHERE;
	}
}

const struct tier_plan *call_tier(const struct core *core, const struct call *call)
{
	uint8_t tier = call->r.tier;

	return tier == 0 || tier > core->rules.tiers_count ? NULL : &core->rules.tiers[tier - 1];
}

uint8_t call_head_start(const struct core *core, const struct call *call)
{
	const struct queue_plan *plan = &core->queues[call->r.queue].plan;
	const struct tier_plan *tier = call_tier(core, call);
	usec_t start = tier == NULL ? 0 : tier->head_start;

	if (plan->policy == POLICY_RATE && call_returns(call))
		start += plan->head_start;
	return (uint8_t)(earlier(start, HEAD_START_MAX) / SEC(1));
}

/* Where the call's line is, the order of all lines being the same. */
static void stand_in_line(struct core *core, struct call *call, uint8_t head)
{
	call->place.priority = call->r.priority;
	call->place.arrived_at = call->r.arrived_at;
	call->place.seq = call->r.seq;
	call->place.head = head;
	call->place.line = find_line(call);
	call->place.holding_out = call_holds_out(call);
	core->queues[call->r.queue].holding += call->place.holding_out;
	queue_add(&core->queues[call->r.queue], &call->place);
}

void call_plan_telling(const struct core *core, struct call *call)
{
	const struct queue_plan *plan = &core->queues[call->r.queue].plan;

	if (plan->tell_every == 0)
		call->tell_at = 0;
	else if (call->tell_at == 0)
		call->tell_at = later(core->now, plan->tell_after);
}

static void join(struct core *core, struct call *call)
{
	core->queues[call->r.queue].calls[call->r.state]++;
	if (call->r.state == CALL_WAITING) {
		stand_in_line(core, call, call_head_start(core, call));
		index_wants(core, call);
		stats_note_idle(core, call->r.queue);
		call_plan_telling(core, call);
	}
	call_arm(core, call);
}

void call_take(struct core *core, struct call *call, const struct call_record *r,
               const struct agent_id wanted[KNOWN_MAX], uint8_t head)
{
	call->r = *r;
	call->needs_mask = skill_mask_of_needs(r->needs, r->needs_count);
	core->queues[r->queue].calls[r->state]++;
	if (r->state != CALL_WAITING)
		return;
	stand_in_line(core, call, head);
	for (uint8_t rank = 0; rank < KNOWN_MAX; rank++) {
		if (!agent_id_set(wanted[rank]))
			continue;
		insert_want(call, &core->agents[wanted[rank].slot], wanted[rank], rank);
	}
}

void call_settle(const struct core *core, struct call *call)
{
	usec_t share = elapsed(core->now, call->r.since);

	switch (call->r.state) {
	case CALL_FREE:
	case CALL_RECALLING:
	case CALL_WAITING:
		return;
	case CALL_OFFERED:
		call->r.ring += share;
		break;
	case CALL_TALKING:
		call->r.talk += share;
		break;
	case CALL_HELD:
		call->r.hold += share;
		break;
	}
	call->r.since = core->now;
}

void call_enter(struct core *core, struct call *call, enum call_state next)
{
	static const unsigned allowed[CALL_STATES] = {
		/* FREE again at once: turned away. TALKING, HELD: from the store. */
		[CALL_FREE] = BIT(CALL_FREE) | BIT(CALL_RECALLING) | BIT(CALL_WAITING) |
		              BIT(CALL_OFFERED) | BIT(CALL_TALKING) | BIT(CALL_HELD),
		[CALL_RECALLING] = BIT(CALL_WAITING) | BIT(CALL_OFFERED) | BIT(CALL_FREE),
		[CALL_WAITING] = BIT(CALL_WAITING) | BIT(CALL_OFFERED) | BIT(CALL_FREE),
		[CALL_OFFERED] =
		        BIT(CALL_OFFERED) | BIT(CALL_TALKING) | BIT(CALL_WAITING) | BIT(CALL_FREE),
		[CALL_TALKING] = BIT(CALL_TALKING) | BIT(CALL_HELD) | BIT(CALL_OFFERED) |
		                 BIT(CALL_WAITING) | BIT(CALL_FREE),
		[CALL_HELD] =
		        BIT(CALL_TALKING) | BIT(CALL_OFFERED) | BIT(CALL_WAITING) | BIT(CALL_FREE),
	};
	uint32_t slot = call->r.id.slot;

	assert(allowed[call->r.state] & BIT(next));

	if (call->r.state != CALL_FREE) {
		call_settle(core, call);
		leave(core, call);
	}
	if (next == CALL_FREE) {
		timer_set(&core->timers, timer_of_call(core, call), USEC_NEVER);
		call->tell_at = 0;
		/* The long list behind its count is not worth another two cache lines. */
		memset(&call->r, 0, offsetof(struct call_record, excluded));
		call->r.id.slot = slot;
		return;
	}
	if (call->r.state != next)
		call->r.since = core->now;
	call->r.state = next;
	if (next == CALL_WAITING)
		call->r.agent = (struct agent_id){ 0 };
	else if (next == CALL_RECALLING)
		call->state_due = later(core->now, core->rules.recall_max);
	else if (next == CALL_OFFERED)
		call->state_due = later(call->r.ring_until, core->rules.ring_grace);
	join(core, call);
}

void call_move(struct core *core, struct call *call, queue_index queue, int16_t priority,
               usec_t arrived_at)
{
	leave(core, call);
	if (call->r.queue != queue)
		call->tell_at = 0;
	call->r.queue = queue;
	call->r.priority = priority;
	call->r.arrived_at = arrived_at;
	join(core, call);
}

void call_stop_holding(struct core *core, struct call *call)
{
	if (call->r.hold_until == 0)
		return;
	if (call_holds_out(call)) {
		call->r.held_for = elapsed(core->now, call->r.hold_since);
		if (call->r.passed_at != 0) {
			call->r.extra_wait += elapsed(core->now, call->r.passed_at);
			stats_count_extra_wait(core, call);
		}
		call->r.passed_at = 0;
	}
	call->r.hold_until = 0;
	call->review_at = 0;
	call->r.target = (struct agent_id){ 0 };
}

void call_pass_over(struct core *core, struct call *call)
{
	struct queue *queue = &core->queues[call->r.queue];

	assert(call->place.line == WAIT_HOLDING);
	queue_drop(queue, &call->place);
	call->r.passed_at = core->now;
	call->place.line = find_line(call);
	queue_add(queue, &call->place);
}

bool call_excludes(const struct core *core, const struct call *call, struct agent_id agent)
{
	for (size_t i = 0; i < call->r.excluded_count; i++) {
		if (agent_id_equal(call->r.excluded[i].agent, agent))
			return call->r.excluded[i].until > core->now;
	}
	return false;
}

void call_exclude(const struct core *core, struct call *call, struct agent_id agent, usec_t until)
{
	struct exclusion *list = call->r.excluded;
	size_t count = call->r.excluded_count;
	size_t kept = 0;

	if (until <= core->now || !agent_id_set(agent))
		return;
	for (size_t i = 0; i < count; i++) {
		if (!agent_id_equal(list[i].agent, agent))
			list[kept++] = list[i];
		else if (list[i].until > until)
			until = list[i].until; /* rung before it was known that they never are */
	}
	if (kept == CALL_EXCLUDED_MAX) {
		size_t oldest = 0;

		while (oldest + 1 < kept && list[oldest].until == USEC_NEVER)
			oldest++;
		memmove(list + oldest, list + oldest + 1, (kept - oldest - 1) * sizeof(*list));
		kept--;
	}
	list[kept++] = (struct exclusion){ .agent = agent, .until = until };
	call->r.excluded_count = (uint8_t)kept;
}

bool call_prune_exclusions(const struct core *core, struct call *call)
{
	size_t kept = 0, count = call->r.excluded_count;

	for (size_t i = 0; i < count; i++) {
		if (call->r.excluded[i].until > core->now)
			call->r.excluded[kept++] = call->r.excluded[i];
	}
	call->r.excluded_count = (uint8_t)kept;
	return kept != count;
}

void call_forgive(struct call *call)
{
	size_t kept = 0, count = call->r.excluded_count;

	for (size_t i = 0; i < count; i++) {
		if (call->r.excluded[i].until != USEC_NEVER)
			call->r.excluded[kept++] = call->r.excluded[i];
	}
	call->r.excluded_count = (uint8_t)kept;
}
