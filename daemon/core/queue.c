#include "queue.h"

#include <assert.h>

#include "call.h"
#include "stats.h"

/* Below this many finished talks an estimate would be a guess. */
#define HANDLED_MIN 5

/* The average follows the last dozen or so talks. */
#define HANDLING_WEIGHT 8

/* Keeps position * handling far from the end of the scale. */
#define HANDLING_MAX HOUR(24)

/* Of what the mean extra wait misses, in thousandths; and where steering ends. */
#define STEER_SHARE 150
#define VALUE_MAX SEC(400)

int place_compare(const struct place *a, const struct place *b)
{
	usec_t left = a->arrived_at + SEC((usec_t)b->head);
	usec_t right = b->arrived_at + SEC((usec_t)a->head);

	if (a->priority != b->priority)
		return a->priority > b->priority ? -1 : 1;
	if (left != right)
		return left < right ? -1 : 1;
	if (a->seq != b->seq)
		return a->seq < b->seq ? -1 : 1;
	return 0;
}

static uint64_t needs_of(const struct place *place)
{
	return container_of(place, const struct call, place)->needs_mask;
}

static void sum_up(struct place *place)
{
	const struct place *below[] = { RB_LEFT(place, node), RB_RIGHT(place, node) };

	place->count = 1;
	for (size_t i = 0; i < ARRAY_LEN(below); i++)
		place->count += below[i] == NULL ? 0 : below[i]->count;
	if (place->line != WAIT_SKILLED)
		return;
	place->needs_below = needs_of(place);
	for (size_t i = 0; i < ARRAY_LEN(below); i++)
		place->needs_below &= below[i] == NULL ? UINT64_MAX : below[i]->needs_below;
}

/* The tree keeps the sums of what it turns; those on the way to the root are kept by
 * queue_add() and queue_drop(). */
#undef RB_AUGMENT
#define RB_AUGMENT(place) sum_up(place)
ORDERED_GENERATE(place_tree, place, node, place_compare)
#undef RB_AUGMENT
#define RB_AUGMENT(x)

struct queue *queue_find(struct core *core, queue_index index)
{
	if (index >= core->limits.queues_max || !core->queues[index].configured)
		return NULL;
	return &core->queues[index];
}

void queue_configure(struct core *core, queue_index index, const struct queue_plan *plan)
{
	struct queue *queue = &core->queues[index];

	assert(index < core->limits.queues_max);
	assert(plan->line_max <= LINE_MAX);
	assert(plan->policy != POLICY_RATE || plan->review > 0);
	assert(plan->head_start <= HEAD_START_MAX);
	assert(plan->candidates <= KNOWN_MAX);

	if (!queue->configured) {
		stats_init(&core->stats[index]);
		remain_start(queue->lasting, plan->talk_mean, plan->wrapup);
	}
	stats_set_limits(&core->stats[index], plan);
	/* What was steered stays, as long as it is steered. */
	if (!queue->configured || plan->target_extra_wait == 0 || plan->value != queue->plan.value)
		queue->value = plan->target_extra_wait == 0 ? plan->value
		                                            : earlier(plan->value, VALUE_MAX);
	queue->configured = true;
	queue->plan = *plan;
}

/* A dual ascent: the price of the aim rises while it is missed. */
void queue_steer(struct queue *queue, usec_t extra_wait)
{
	usec_t target = queue->plan.target_extra_wait;
	usec_t miss = extra_wait > target ? extra_wait - target : target - extra_wait;
	usec_t change = miss / 1000 * STEER_SHARE;

	if (target == 0)
		return;
	if (extra_wait > target)
		queue->value -= earlier(change, queue->value);
	else
		queue->value = earlier(queue->value + change, VALUE_MAX);
}

/* RB_INSERT, with the sums put right on the way down: going up again would read every
 * sibling on the way. */
static void insert(struct place_tree *tree, struct place *place)
{
	struct place **link = &RB_ROOT(tree);
	struct place *parent = NULL;

	RB_SET(place, parent, node);
	sum_up(place);
	while (*link != NULL) {
		parent = *link;
		parent->count++;
		if (place->line == WAIT_SKILLED)
			parent->needs_below &= place->needs_below;
		link = place_compare(place, parent) < 0 ? &RB_LEFT(parent, node)
		                                        : &RB_RIGHT(parent, node);
	}
	RB_PARENT(place, node) = parent;
	*link = place;
	place_tree_RB_INSERT_COLOR(tree, place);
}

/* RB_REMOVE, likewise. With two children the tree sums up the whole way by itself;
 * else only what it turns and the parent. */
static void remove(struct place_tree *tree, struct place *place)
{
	struct place *parent = RB_PARENT(place, node);
	bool alone = RB_LEFT(place, node) == NULL || RB_RIGHT(place, node) == NULL;

	if (alone && place->line != WAIT_SKILLED) {
		for (struct place *at = parent; at != NULL; at = RB_PARENT(at, node))
			at->count--;
	}
	RB_REMOVE(place_tree, tree, place);
	if (alone && place->line == WAIT_SKILLED) {
		for (; parent != NULL; parent = RB_PARENT(parent, node))
			sum_up(parent);
	}
}

void queue_add(struct queue *queue, struct place *place)
{
	struct line *line = &queue->lines[place->line];

	insert(&line->tree, place);
	if (line->first == NULL || place_compare(place, line->first) < 0)
		line->first = place;
	if (line->last == NULL || place_compare(place, line->last) > 0)
		line->last = place;
}

void queue_drop(struct queue *queue, struct place *place)
{
	struct line *line = &queue->lines[place->line];

	if (line->first == place)
		line->first = RB_NEXT(place_tree, &line->tree, place);
	if (line->last == place)
		line->last = RB_PREV(place_tree, &line->tree, place);
	remove(&line->tree, place);
}

struct place *queue_first(const struct queue *queue, enum wait_line line)
{
	return queue->lines[line].first;
}

struct place *queue_next(struct place *place)
{
	return RB_NEXT(place_tree, NULL, place);
}

/* How many of the line stand before the place, which may stand in another one. */
static uint32_t count_ahead(const struct line *line, const struct place *place)
{
	const struct place *at = RB_ROOT(&line->tree);
	uint32_t ahead = 0;

	/* Most often asked for the one who came last. */
	if (at == NULL || place_compare(line->last, place) <= 0)
		return at == NULL ? 0 : at->count - (line->last == place);
	while (at != NULL) {
		const struct place *left = RB_LEFT(at, node);

		if (place_compare(at, place) < 0) {
			ahead += 1 + (left == NULL ? 0 : left->count);
			at = RB_RIGHT(at, node);
		} else {
			at = left;
		}
	}
	return ahead;
}

uint32_t queue_position(const struct queue *queue, const struct place *place)
{
	uint32_t position = 1;

	for (int line = WAIT_OPEN; line < WAIT_LINES; line++)
		position += count_ahead(&queue->lines[line], place);
	return position;
}

uint32_t queue_waiting(const struct queue *queue)
{
	return queue->calls[CALL_WAITING];
}

/* Within a priority the first is the oldest: so from one priority to the next. */
static usec_t find_oldest(const struct line *line)
{
	struct place_tree tree = line->tree; /* RB_NFIND only reads the root */
	usec_t oldest = USEC_NEVER;
	struct place *at = line->first;

	while (at != NULL) {
		struct place next = { .priority = (int16_t)(at->priority - 1) };

		if (at->arrived_at < oldest)
			oldest = at->arrived_at;
		at = RB_NFIND(place_tree, &tree, &next);
	}
	return oldest;
}

usec_t queue_oldest(const struct queue *queue)
{
	usec_t oldest = USEC_NEVER;

	for (int line = WAIT_OPEN; line < WAIT_LINES; line++) {
		usec_t at = find_oldest(&queue->lines[line]);

		if (at < oldest)
			oldest = at;
	}
	return oldest == USEC_NEVER ? 0 : oldest;
}

/* In order; as deep as the tree is high, which for all calls there could be is 60. */
static struct place *search(const struct core *core, struct place *at, const struct agent *agent,
                            const struct place *before, fits_fn *fits, int *budget)
{
	struct place *found;

	if (at == NULL || (at->needs_below & ~agent->skills) != 0 || *budget <= 0)
		return NULL;
	found = search(core, RB_LEFT(at, node), agent, before, fits, budget);
	if (found != NULL)
		return found;
	if (before != NULL && place_compare(at, before) >= 0)
		return NULL;
	--*budget;
	if (fits(core, agent, container_of(at, struct call, place)))
		return at;
	return search(core, RB_RIGHT(at, node), agent, before, fits, budget);
}

struct place *queue_find_skilled(const struct core *core, const struct queue *queue,
                                 const struct agent *agent, const struct place *before,
                                 fits_fn *fits, int *budget)
{
	return search(core, RB_ROOT(&queue->lines[WAIT_SKILLED].tree), agent, before, fits, budget);
}

void queue_count_handling(struct queue *queue, usec_t length)
{
	if (length > HANDLING_MAX)
		length = HANDLING_MAX;
	queue->handled++;
	if (queue->handled <= HANDLING_WEIGHT) /* the plain average of the first few */
		queue->handling =
		        (queue->handling * (queue->handled - 1) + length) / queue->handled;
	else
		queue->handling =
		        (queue->handling * (HANDLING_WEIGHT - 1) + length) / HANDLING_WEIGHT;
}

uint32_t queue_at_work(const struct queue *queue)
{
	return queue->agents[AGENT_READY] + queue->agents[AGENT_OFFERED] +
	       queue->agents[AGENT_TALKING] + queue->agents[AGENT_WRAPUP];
}

usec_t queue_estimate(const struct queue *queue, uint32_t position)
{
	uint32_t at_work = queue_at_work(queue);

	if (queue->handled < HANDLED_MIN || at_work == 0)
		return USEC_NEVER;
	return position * queue->handling / at_work;
}

void queue_describe(const struct core *core, const struct call *call, enum decision_kind kind,
                    struct decision *ret)
{
	bool holding = call_holds_out(call);

	*ret = (struct decision){
		.kind = kind,
		.queue = call->r.queue,
		.estimated_wait = USEC_NEVER,
		.sticky = call->r.sticky,
		.why = call->r.why,
		.until = !holding ? 0
		         : call->r.hold_until == USEC_NEVER
		                 ? USEC_NEVER
		                 : elapsed(call->r.hold_until, core->now),
	};
	if (call->r.known_count == 0)
		return;
	ret->preferred = call->r.known[0];
	ret->waited_for = holding ? elapsed(core->now, call->r.hold_since) : call->r.held_for;
}

void queue_decide(const struct core *core, const struct call *call, struct decision *ret)
{
	const struct queue *queue = &core->queues[call->r.queue];
	usec_t estimate;

	if (call->r.state != CALL_WAITING) {
		queue_describe(core, call, DECIDE_CONNECT, ret);
		ret->agent = call->r.agent;
		ret->offer = call->r.offer;
		if (call->r.state == CALL_OFFERED)
			ret->ring = elapsed(call->r.ring_until, call->r.since);
		return;
	}
	queue_describe(core, call, DECIDE_QUEUE, ret);
	ret->position = queue_position(queue, &call->place);
	estimate = queue_estimate(queue, ret->position);
	/* Who was told a smaller wait is never told a longer one. */
	ret->estimated_wait = estimate < call->r.told_wait ? estimate : call->r.told_wait;
}
