#include "world.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "najimi/base/rng.h"

#define ANSWER_MAX MINUTE(10)

struct edge {
	usec_t at;
	uint32_t shift;
	bool on;
};

static bool sooner(const struct heap_node *left, const struct heap_node *right)
{
	const struct deed *a = container_of(left, const struct deed, node);
	const struct deed *b = container_of(right, const struct deed, node);

	if (a->due != b->due)
		return a->due < b->due;
	return a->seq < b->seq;
}

/* Who goes at an instant goes before who comes at it. */
static int by_edge(const void *left, const void *right)
{
	const struct edge *a = left, *b = right;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	if (a->on != b->on)
		return a->on ? 1 : -1;
	return a->shift < b->shift ? -1 : a->shift > b->shift;
}

static void find_edges(struct world *world)
{
	const struct traffic *traffic = world->traffic;

	world->edges_count = 2 * traffic->shifts_count;
	for (uint32_t i = 0; i < traffic->shifts_count; i++) {
		world->edges[2 * i] = (struct edge){ traffic->shifts[i].on, i, true };
		world->edges[2 * i + 1] = (struct edge){ traffic->shifts[i].off, i, false };
	}
	qsort(world->edges, world->edges_count, sizeof(*world->edges), by_edge);
}

int world_init(struct world *world, const struct traffic *traffic, const struct world_rules *rules,
               const struct world_hooks *hooks, struct report *report, struct err *err)
{
	size_t people = traffic->calls_count + traffic->agents.count;

	*world = (struct world){
		.traffic = traffic,
		.hooks = *hooks,
		.rules = *rules,
		.report = report,
		.chance = rules->seed,
	};
	world->callers = calloc(traffic->calls_count + 1, sizeof(*world->callers));
	world->workers = calloc(traffic->agents.count + 1, sizeof(*world->workers));
	world->memories = calloc(traffic->customers.count + 1, sizeof(*world->memories));
	world->edges = calloc(2 * traffic->shifts_count + 1, sizeof(*world->edges));
	world->slots = calloc(people + 1, sizeof(struct heap_node *));
	if (world->callers == NULL || world->workers == NULL || world->memories == NULL ||
	    world->edges == NULL || world->slots == NULL) {
		world_done(world);
		return err_set(err, -ENOMEM, "out of memory for %zu calls", traffic->calls_count);
	}
	heap_init(&world->agenda, sooner, world->slots, people);
	for (uint32_t i = 0; i < traffic->calls_count; i++)
		world->callers[i].deed = (struct deed){ .node = { HEAP_ABSENT }, .who = i };
	for (uint32_t i = 0; i < traffic->agents.count; i++)
		world->workers[i].deed = (struct deed){ .node = { HEAP_ABSENT }, .who = i };
	find_edges(world);
	return 0;
}

void world_done(struct world *world)
{
	free(world->callers);
	free(world->workers);
	free(world->memories);
	free(world->edges);
	free(world->slots);
	*world = (struct world){ 0 };
}

static void plan(struct world *world, struct deed *deed, enum deed_kind kind, usec_t due)
{
	if (heap_holds(&deed->node))
		heap_remove(&world->agenda, &deed->node);
	deed->kind = kind;
	deed->due = due;
	deed->seq = world->seq++;
	heap_push(&world->agenda, &deed->node);
}

static void unplan(struct world *world, struct deed *deed)
{
	if (heap_holds(&deed->node))
		heap_remove(&world->agenda, &deed->node);
}

const struct memory *world_recall(const struct world *world, uint32_t call)
{
	uint32_t customer = world->traffic->calls[call].customer;

	return customer == CUSTOMER_NONE ? NULL : &world->memories[customer];
}

/* The agent comes to the front; the one met longest ago may drop out. */
static void remember(struct memory *memory, uint32_t agent, usec_t now)
{
	uint32_t at = 0;

	while (at < memory->count && memory->known[at].agent != agent)
		at++;
	if (at == memory->count && memory->count < WORLD_KNOWN_MAX)
		memory->count++;
	if (at == WORLD_KNOWN_MAX)
		at--;
	memmove(&memory->known[1], &memory->known[0], at * sizeof(memory->known[0]));
	memory->known[0] = (struct acquaintance){ agent, now };
}

static void report_call(struct world *world, uint32_t call, bool turned_away, usec_t now)
{
	const struct caller *caller = &world->callers[call];
	const struct traffic_call *facts = &world->traffic->calls[call];
	bool answered = caller->stage == CALLER_TALKING;
	struct report_call entry = {
		.identified = facts->customer != CUSTOMER_NONE,
		.returning = caller->own != AGENT_NONE,
		.present = caller->present,
		.own = answered && caller->agent == caller->own,
		.answered = answered,
		.turned_away = turned_away,
		.wait = (answered ? caller->answered_at : now) - caller->arrived_at,
	};

	if (facts->arrives < world->rules.count_from)
		world->report->not_counted++;
	else if (world->rules.count_only != 0 && (world->rules.count_only >> facts->queue & 1) == 0)
		return;
	else if (!report_add(world->report, &entry))
		world->out_of_memory = true;
}

static void leave(struct world *world, uint32_t call, bool turned_away, usec_t now)
{
	struct caller *caller = &world->callers[call];

	report_call(world, call, turned_away, now);
	unplan(world, &caller->deed);
	caller->stage = CALLER_GONE;
	world->gone++;
}

/* --- callers --- */

static usec_t window_of(const struct world *world, uint8_t queue)
{
	return world->rules.plans == NULL ? world->rules.window : world->rules.plans[queue].window;
}

static usec_t min_talk_of(const struct world *world, uint8_t queue)
{
	return world->rules.plans == NULL ? world->rules.min_talk
	                                  : world->rules.plans[queue].min_talk;
}

static void arrive(struct world *world, usec_t now)
{
	uint32_t call = (uint32_t)world->arrival++;
	const struct traffic_call *facts = &world->traffic->calls[call];
	const struct memory *memory = world_recall(world, call);
	struct caller *caller = &world->callers[call];

	caller->stage = CALLER_WAITING;
	caller->arrived_at = now;
	caller->own = AGENT_NONE;
	if (memory != NULL && memory->count > 0 &&
	    now - memory->known[0].at <= window_of(world, facts->queue)) {
		const struct worker *own = &world->workers[memory->known[0].agent];

		caller->own = memory->known[0].agent;
		caller->present = own->on_shift && (own->queues >> facts->queue & 1) != 0;
	}
	plan(world, &caller->deed, DEED_HANG_UP, now + facts->patience);
	world->hooks.arrive(world->hooks.arg, call);
}

static void hang_up(struct world *world, uint32_t call, usec_t now)
{
	leave(world, call, false, now);
	world->hooks.end(world->hooks.arg, call, false);
}

/* The agent picks up. */
static void answer(struct world *world, uint32_t call, usec_t now)
{
	struct caller *caller = &world->callers[call];

	caller->stage = CALLER_TALKING;
	caller->answered_at = now;
	world->workers[caller->agent].talks++;
	plan(world, &caller->deed, DEED_FINISH, now + world->traffic->calls[call].service);
	world->hooks.answer(world->hooks.arg, call, caller->agent, caller->offer);
}

static void finish(struct world *world, uint32_t call, usec_t now)
{
	const struct traffic_call *facts = &world->traffic->calls[call];
	struct caller *caller = &world->callers[call];
	struct worker *worker = &world->workers[caller->agent];
	usec_t wrapup = world->rules.wrapup == USEC_NEVER ? facts->wrapup : world->rules.wrapup;

	if (facts->customer != CUSTOMER_NONE &&
	    now - caller->answered_at >= min_talk_of(world, facts->queue))
		remember(&world->memories[facts->customer], caller->agent, now);
	leave(world, call, false, now);
	worker->talks--;
	worker->wrapping = true;
	plan(world, &worker->deed, DEED_WRAPPED, now + wrapup);
	world->hooks.end(world->hooks.arg, call, true);
}

/* --- agents --- */

static void login(struct world *world, uint32_t agent)
{
	struct worker *worker = &world->workers[agent];

	worker->logged_in = true;
	world->hooks.login(world->hooks.arg, agent, worker->queues);
}

static void wrapped(struct world *world, uint32_t agent)
{
	struct worker *worker = &world->workers[agent];

	worker->wrapping = false;
	if (!worker->on_shift)
		return;
	/* Who went and came back during the wrap-up comes to work now. */
	if (worker->logged_in)
		world->hooks.ready(world->hooks.arg, agent);
	else
		login(world, agent);
}

static void pass_edge(struct world *world)
{
	const struct edge *edge = &world->edges[world->edge++];
	const struct traffic_shift *shift = &world->traffic->shifts[edge->shift];
	struct worker *worker = &world->workers[shift->agent];

	worker->on_shift = edge->on;
	if (edge->on) {
		worker->queues = shift->queues;
		if (!worker->wrapping)
			login(world, shift->agent);
	} else if (worker->logged_in) {
		worker->logged_in = false;
		world->hooks.logout(world->hooks.arg, shift->agent);
	}
}

/* --- time --- */

usec_t world_next(const struct world *world)
{
	const struct heap_node *top = heap_top(&world->agenda);
	usec_t next = USEC_NEVER;

	if (world->gone == world->traffic->calls_count)
		return USEC_NEVER;
	if (top != NULL)
		next = container_of(top, const struct deed, node)->due;
	if (world->edge < world->edges_count && world->edges[world->edge].at < next)
		next = world->edges[world->edge].at;
	if (world->arrival < world->traffic->calls_count &&
	    world->traffic->calls[world->arrival].arrives < next)
		next = world->traffic->calls[world->arrival].arrives;
	return next;
}

static void do_deed(struct world *world, struct deed *deed, usec_t now)
{
	heap_remove(&world->agenda, &deed->node);
	switch (deed->kind) {
	case DEED_HANG_UP:
		hang_up(world, deed->who, now);
		break;
	case DEED_ANSWER:
		answer(world, deed->who, now);
		break;
	case DEED_FINISH:
		finish(world, deed->who, now);
		break;
	case DEED_WRAPPED:
		wrapped(world, deed->who);
		break;
	}
}

/* At one instant: talks end and callers give up, agents go, agents come, callers ring. */
void world_turn(struct world *world, usec_t now)
{
	const struct heap_node *top = heap_top(&world->agenda);
	usec_t next = world_next(world);

	assert(next <= now);
	if (top != NULL && container_of(top, const struct deed, node)->due == next)
		do_deed(world, container_of(top, struct deed, node), now);
	else if (world->edge < world->edges_count && world->edges[world->edge].at == next)
		pass_edge(world);
	else
		arrive(world, now);
}

/* --- what is decided for them --- */

/* Back in line: the patience that is left, or none. */
static void wait_again(struct world *world, uint32_t call, usec_t now)
{
	struct caller *caller = &world->callers[call];
	usec_t gives_up = caller->arrived_at + world->traffic->calls[call].patience;

	if (caller->stage == CALLER_TALKING)
		world->workers[caller->agent].talks--;
	caller->stage = CALLER_WAITING;
	plan(world, &caller->deed, DEED_HANG_UP, gives_up > now ? gives_up : now);
}

void world_offered(struct world *world, uint32_t call, uint32_t agent, uint32_t offer, usec_t now)
{
	struct caller *caller = &world->callers[call];
	usec_t after;

	if (offer == caller->offer)
		return; /* told twice: in a reply and in an event */
	if (caller->stage == CALLER_GONE || caller->stage == CALLER_AWAY || offer < caller->offer) {
		world->crossings++;
		return;
	}
	/* A newer offer says that the one before is void, whatever we have heard of it. */
	if (caller->stage != CALLER_WAITING)
		wait_again(world, call, now);
	caller->agent = agent;
	caller->offer = offer;
	if (world->rules.answer_after == 0) {
		answer(world, call, now);
		return;
	}
	after = rng_exponential(&world->chance, world->rules.answer_after);
	if (after > ANSWER_MAX)
		after = ANSWER_MAX;
	caller->stage = CALLER_RUNG;
	if (now + after < caller->deed.due)
		plan(world, &caller->deed, DEED_ANSWER, now + after);
}

void world_withdrawn(struct world *world, uint32_t call, uint32_t offer, usec_t now)
{
	struct caller *caller = &world->callers[call];

	if ((caller->stage == CALLER_RUNG || caller->stage == CALLER_TALKING) &&
	    caller->offer == offer)
		wait_again(world, call, now);
	else
		world->crossings++;
}

void world_turned_away(struct world *world, uint32_t call, usec_t now)
{
	if (world->callers[call].stage == CALLER_WAITING)
		leave(world, call, true, now);
	else
		world->crossings++;
}
