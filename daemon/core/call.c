#include "call.h"

#include <assert.h>
#include <string.h>

#include "agent.h"
#include "queue.h"
#include "skill.h"
#include "stats.h"

/* Who wait for the same agent stand in the order of their queues. */
static int want_compare(const struct call *a, const struct call *b)
{
	return place_compare(&a->place, &b->place);
}

ORDERED_GENERATE(want_tree, call, by_want, want_compare)

struct call *call_first_wanting(const struct want_tree *tree)
{
	struct want_tree copy = *tree; /* RB_MIN only reads the root */

	return RB_EMPTY(&copy) ? NULL : RB_MIN(want_tree, &copy);
}

struct call *call_next_wanting(struct call *call)
{
	return RB_NEXT(want_tree, NULL, call);
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

static usec_t earlier(usec_t a, usec_t b)
{
	return a < b ? a : b;
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

/* The agent whose index the call belongs in: the target of a transfer, else the own
 * one. Known by handle only, so that one who logs in later finds the callers. */
static struct agent *find_wanted(struct core *core, const struct call *call)
{
	if (agent_id_set(call->r.target))
		return agent_find(core, call->r.target);
	return call_returns(call) ? agent_find(core, call->r.known[0].agent) : NULL;
}

static void index_wanted(struct core *core, struct call *call, struct agent *agent)
{
	if (agent == NULL) {
		assert(place_is_open(&call->place));
		return;
	}
	call->wanted = agent->r.id;
	if (place_is_open(&call->place)) {
		RB_INSERT(want_tree, &agent->regulars, call);
		return;
	}
	RB_INSERT(want_tree, &agent->held, call);
	if (call_holds_out(call)) {
		agent->holding++;
		core->queues[call->r.queue].holding++;
	} else {
		agent->targeted++;
	}
}

static void unindex_wanted(struct core *core, struct call *call)
{
	struct agent *agent;

	if (!agent_id_set(call->wanted))
		return;
	agent = &core->agents[call->wanted.slot];
	call->wanted = (struct agent_id){ 0 };
	if (place_is_open(&call->place)) {
		RB_REMOVE(want_tree, &agent->regulars, call);
		return;
	}
	RB_REMOVE(want_tree, &agent->held, call);
	if (call->place.holding_out) {
		agent->holding--;
		core->queues[call->r.queue].holding--;
	} else {
		agent->targeted--;
	}
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
		unindex_wanted(core, call);
		queue_drop(queue, &call->place);
		call->place.line = WAIT_NOWHERE;
	}
}

uint8_t call_head_start(const struct core *core, const struct call *call)
{
	const struct queue_plan *plan = &core->queues[call->r.queue].plan;

	if (plan->policy != POLICY_RATE || !call_returns(call))
		return 0;
	return (uint8_t)(plan->head_start / SEC(1));
}

static void stand_in_line(struct core *core, struct call *call, struct agent *wanted, uint8_t head)
{
	call->place.priority = call->r.priority;
	call->place.arrived_at = call->r.arrived_at;
	call->place.seq = call->r.seq;
	call->place.head = head;
	call->place.line = find_line(call);
	call->place.holding_out = call_holds_out(call);
	queue_add(&core->queues[call->r.queue], &call->place);
	index_wanted(core, call, wanted);
}

static void join(struct core *core, struct call *call)
{
	core->queues[call->r.queue].calls[call->r.state]++;
	if (call->r.state == CALL_WAITING)
		stand_in_line(core, call, find_wanted(core, call), call_head_start(core, call));
	call_arm(core, call);
}

void call_take(struct core *core, struct call *call, const struct call_record *r,
               struct agent_id wanted, uint8_t head)
{
	call->r = *r;
	call->needs_mask = skill_mask_of_needs(r->needs, r->needs_count);
	core->queues[r->queue].calls[r->state]++;
	if (r->state == CALL_WAITING) {
		stand_in_line(core, call, agent_id_set(wanted) ? &core->agents[wanted.slot] : NULL,
		              head);
		call->wanted = wanted;
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
		if (call->r.passed_at != 0)
			stats_count_extra_wait(core, call);
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

	if (until <= core->now)
		return;
	for (size_t i = 0; i < count; i++) {
		if (!agent_id_equal(list[i].agent, agent))
			list[kept++] = list[i];
	}
	if (kept == CALL_EXCLUDED_MAX) {
		memmove(list, list + 1, (kept - 1) * sizeof(*list));
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
