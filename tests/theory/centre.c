#include "centre.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "najimi/base/hash.h"
#include "najimi/base/heap.h"
#include "najimi/base/rng.h"
#include "najimi/core/snapshot.h"

#define START SEC(1800000000)
#define MILLION 1000000

/* Callers at once; at a load of 0.95 there is no such line in the age of the world. */
#define WAITING_MAX 6144

struct caller {
	struct heap_node node; /* in `due` until the talk or the patience ends */
	usec_t due;
	uint64_t number; /* of arriving, from 1 */
	uint32_t gen;
	bool urgent, returns;
	uint32_t knows; /* the agent met last, when the caller returns */
};

struct centre {
	const struct centre_setup *setup;
	struct centre_figures *figures;
	centre_step_fn *on_step;
	void *context;
	struct core *core;
	struct core_actions out;
	usec_t now, next_arrival;
	uint64_t arrived, left;                     /* callers who came, and who are gone */
	uint64_t arrivals, talks, patience, people; /* streams of chance */
	struct caller *callers;
	uint32_t callers_max, unused_count;
	uint32_t *unused;
	struct heap due;
};

static bool ends_before(const struct heap_node *a, const struct heap_node *b)
{
	const struct caller *left = container_of(a, struct caller, node);
	const struct caller *right = container_of(b, struct caller, node);

	return left->due != right->due ? left->due < right->due : left->number < right->number;
}

static void carry_out(struct centre *centre);

static void pass_time(struct centre *centre, usec_t at);

static void step(struct centre *centre, struct core_event *ev)
{
	if (ev->type != EVT_TIME_PASSED)
		pass_time(centre, centre->now);
	ev->at = centre->now;
	core_step(centre->core, ev, &centre->out);
	if (centre->on_step != NULL)
		centre->on_step(centre->context, centre->core, ev, &centre->out);
	carry_out(centre);
}

static void pass_time(struct centre *centre, usec_t at)
{
	usec_t due;

	while ((due = core_deadline(centre->core)) <= at) {
		struct core_event ev = { .type = EVT_TIME_PASSED };

		centre->now = due;
		step(centre, &ev);
	}
	centre->now = at;
}

static void set_end(struct centre *centre, struct caller *caller, usec_t due)
{
	if (heap_holds(&caller->node))
		heap_remove(&centre->due, &caller->node);
	caller->due = due;
	heap_push(&centre->due, &caller->node);
}

/* The store's answer: somebody who knows agents, all different, or nobody. */
static void recall(struct centre *centre, struct call_id call)
{
	const struct centre_setup *setup = centre->setup;
	struct core_event ev = { .type = EVT_CALLER_RECALLED };
	uint32_t known = setup->known < setup->agents ? setup->known : setup->agents;
	const struct caller *caller = &centre->callers[call.slot];

	ev.caller_recalled.call = call;
	ev.caller_recalled.outcome = RECALL_UNKNOWN;
	if (caller->returns) {
		ev.caller_recalled.outcome = RECALL_KNOWN;
		ev.caller_recalled.known_count = (uint8_t)known;
		for (uint32_t i = 0; i < known; i++)
			ev.caller_recalled.known[i] = (struct known_agent){
				.agent = { .slot = (caller->knows + i) % setup->agents, .gen = 1 },
				.at = centre->now - HOUR(20) * (i + 1),
			};
	}
	step(centre, &ev);
}

static void answer(struct centre *centre, struct call_id call, uint32_t offer)
{
	struct core_event ev = { .type = EVT_CALL_ANSWERED };

	ev.call_answered.call = call;
	ev.call_answered.offer = offer;
	centre->figures->starts = hash_word(centre->figures->starts, centre->now);
	set_end(centre, &centre->callers[call.slot],
	        centre->now + rng_exponential(&centre->talks, centre->setup->talk));
	step(centre, &ev);
}

static void count(struct centre *centre, const struct caller *caller, const struct contact *end)
{
	const struct centre_setup *setup = centre->setup;
	struct centre_figures *figures = centre->figures;
	bool answered = end->outcome == OUTCOME_ANSWERED;

	figures->waited_in_all += end->wait;
	if (caller->number <= setup->warmup || caller->number > setup->warmup + setup->calls)
		return;
	figures->calls++;
	figures->waited += end->wait > 0;
	figures->abandoned += !answered;
	figures->in_time += answered && end->wait <= setup->plan.service_level;
	for (size_t i = 0; i < CENTRE_EDGES; i++)
		figures->longer[i] += end->wait > setup->edges[i];
	figures->class_calls[!caller->urgent]++;
	figures->class_wait[!caller->urgent] += (double)end->wait / SEC(1);
	figures->returning += answered && agent_id_set(end->preferred.agent);
	figures->own += answered && end->sticky == STICKY_OWN;
	figures->held_out += end->waited_for > 0;
}

static void leave(struct centre *centre, const struct core_action *act)
{
	struct caller *caller = &centre->callers[act->call.slot];

	assert(caller->gen == act->call.gen);
	if (heap_holds(&caller->node))
		heap_remove(&centre->due, &caller->node);
	count(centre, caller, &act->end);
	centre->unused[centre->unused_count++] = act->call.slot;
	centre->left++;
}

static uint64_t mix(uint64_t hash, const struct core_action *act)
{
	hash = hash_word(hash, (uint64_t)act->type << 32 | act->call.slot);
	hash = hash_word(hash, (uint64_t)act->agent.slot << 32 | act->call.gen);
	if (act->type == ACT_DECIDE) {
		hash = hash_word(hash, (uint64_t)act->decide.kind << 48 |
		                               (uint64_t)act->decide.sticky << 40 |
		                               (uint64_t)act->decide.why << 32 |
		                               act->decide.agent.slot);
		hash = hash_word(hash, act->decide.until);
	}
	return hash;
}

/* What the world does when told. Nothing here is told of twice, so the order is kept. */
static void carry_out(struct centre *centre)
{
	struct core_action acts[8];
	size_t count = 0;

	for (size_t i = 0; i < centre->out.count; i++) {
		const struct core_action *act = &centre->out.items[i];

		if (centre->setup->traces)
			centre->figures->trace = mix(centre->figures->trace, act);
		assert(act->type != ACT_CANCEL_OFFER && act->type != ACT_REPLY);
		if (act->type == ACT_END_CALL) {
			leave(centre, act);
		} else if (act->type == ACT_RECALL ||
		           (act->type == ACT_DECIDE && act->decide.kind == DECIDE_CONNECT)) {
			assert(count < ARRAY_LEN(acts));
			acts[count++] = *act;
		}
	}
	for (size_t i = 0; i < count; i++) {
		if (acts[i].type == ACT_RECALL)
			recall(centre, acts[i].call);
		else
			answer(centre, acts[i].call, acts[i].decide.offer);
	}
}

static void arrive(struct centre *centre)
{
	const struct centre_setup *setup = centre->setup;
	struct core_event ev = { .type = EVT_CALL_ARRIVED };
	uint32_t slot;
	struct caller *caller;

	assert(centre->unused_count > 0);
	slot = centre->unused[--centre->unused_count];
	caller = &centre->callers[slot];
	caller->number = ++centre->arrived;
	caller->gen++;
	caller->urgent = rng_below(&centre->people, MILLION) < setup->urgent;
	caller->returns = rng_below(&centre->people, MILLION) < setup->returning;
	caller->knows = rng_below(&centre->people, setup->agents);
	ev.call_arrived.call = (struct call_id){ .slot = slot, .gen = caller->gen };
	ev.call_arrived.has_priority = true;
	ev.call_arrived.priority = (int16_t)(caller->urgent ? 1 : 0);
	ev.call_arrived.identity = setup->returning > 0 ? IDENTITY_KEYED : IDENTITY_NONE;
	if (setup->tiers > 0)
		ev.call_arrived.tier = (uint8_t)rng_below(&centre->people, setup->tiers + 1);
	ev.call_arrived.arrived_at = centre->now;
	if (setup->patience > 0)
		set_end(centre, caller,
		        centre->now + rng_exponential(&centre->patience, setup->patience));
	step(centre, &ev);
	centre->next_arrival =
	        centre->arrived == setup->warmup + setup->calls + setup->after
	                ? USEC_NEVER
	                : centre->now + rng_exponential(&centre->arrivals, setup->gap);
}

static void hang_up(struct centre *centre, struct caller *caller)
{
	struct core_event ev = { .type = EVT_CALL_ENDED };

	heap_remove(&centre->due, &caller->node);
	ev.call_ended.call.slot = (uint32_t)(caller - centre->callers);
	ev.call_ended.call.gen = caller->gen;
	ev.call_ended.by = BY_CALLER;
	step(centre, &ev);
}

static void open_centre(struct centre *centre)
{
	const struct centre_setup *setup = centre->setup;
	struct core_event plan = { .type = EVT_QUEUE_CONFIGURED };
	struct core_event rules = { .type = EVT_RULES_CONFIGURED, .rules = setup->rules };

	plan.queue_configured.plan = setup->plan;
	step(centre, &plan);
	step(centre, &rules);
	for (uint32_t i = 0; i < setup->agents; i++) {
		struct core_event ev = { .type = EVT_AGENT_LOGGED_IN };

		ev.agent_logged_in.agent = (struct agent_id){ .slot = i, .gen = 1 };
		ev.agent_logged_in.ready = true;
		ev.agent_logged_in.team = (uint16_t)(i % 4);
		ev.agent_logged_in.queues_count = 1;
		step(centre, &ev);
	}
}

/* A core is all that it was told: one that was restored from bytes goes on just so. */
static void copy_core(struct centre *centre)
{
	struct core_limits limits = centre_limits(centre->setup);
	size_t size = core_snapshot_size(centre->core);
	struct core *copy = core_new(&limits);
	void *bytes = malloc(size);
	int r;

	assert(copy != NULL && bytes != NULL);
	r = core_restore(copy, bytes, core_snapshot(centre->core, bytes, size));
	assert(r == 0);
	assert(core_digest(copy) == core_digest(centre->core));
	(void)r;
	free(bytes);
	core_free(centre->core);
	centre->core = copy;
}

static void *make(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	assert(memory != NULL);
	return memory;
}

static void begin(struct centre *centre, const struct centre_setup *setup)
{
	uint64_t seed = setup->seed;
	struct core_limits limits = centre_limits(setup);

	centre->setup = setup;
	centre->callers_max = limits.calls_max;
	centre->core = core_new(&limits);
	assert(centre->core != NULL);
	centre->callers = make(limits.calls_max, sizeof(*centre->callers));
	centre->unused = make(limits.calls_max, sizeof(*centre->unused));
	heap_init(&centre->due, ends_before, make(limits.calls_max, sizeof(struct heap_node *)),
	          limits.calls_max);
	for (uint32_t i = 0; i < limits.calls_max; i++) {
		centre->callers[i].node.index = HEAP_ABSENT;
		centre->unused[centre->unused_count++] = limits.calls_max - 1 - i;
	}
	centre->arrivals = rng_next(&seed);
	centre->talks = rng_next(&seed);
	centre->patience = rng_next(&seed);
	centre->people = rng_next(&seed);
	centre->now = START;
	centre->next_arrival = START + rng_exponential(&centre->arrivals, setup->gap);
}

/* Whatever is next: what the core is waiting for, the end of a talk or of somebody's patience,
 * or a new caller. */
static void live_on(struct centre *centre)
{
	struct heap_node *top = heap_top(&centre->due);
	struct caller *next = top == NULL ? NULL : container_of(top, struct caller, node);
	usec_t end = next == NULL ? USEC_NEVER : next->due;
	usec_t at = end <= centre->next_arrival ? end : centre->next_arrival;
	uint32_t every = centre->setup->copy_every;

	if (core_deadline(centre->core) <= at) {
		pass_time(centre, core_deadline(centre->core));
		return;
	}
	centre->now = at;
	if (end <= centre->next_arrival) {
		hang_up(centre, next);
		return;
	}
	arrive(centre);
	if (every != 0 && centre->arrived % every == 0)
		copy_core(centre);
}

void centre_watch(const struct centre_setup *setup, centre_step_fn *on_step, void *context,
                  struct centre_figures *ret)
{
	struct centre centre = { .figures = ret, .on_step = on_step, .context = context };

	*ret = (struct centre_figures){ .starts = HASH_START, .trace = HASH_START };
	begin(&centre, setup);
	open_centre(&centre);
	while (centre.next_arrival != USEC_NEVER || centre.left < centre.arrived)
		live_on(&centre);
	core_check(centre.core);
	ret->digest = core_digest(centre.core);
	assert(centre.unused_count == centre.callers_max);
	core_free(centre.core);
	free(centre.callers);
	free(centre.unused);
	free(centre.due.slots);
}

void centre_run(const struct centre_setup *setup, struct centre_figures *ret)
{
	centre_watch(setup, NULL, NULL, ret);
}

usec_t centre_gap(uint32_t agents, usec_t talk, double load)
{
	return (usec_t)((double)talk / (agents * load) + 0.5);
}

struct queue_plan centre_plain_plan(void)
{
	return (struct queue_plan){
		.open = true,
		.sticky = true,
		.line_max = LINE_MAX,
		.waiting_max = UINT32_MAX,
		.ring = SEC(20),
		.wait_max = USEC_NEVER,
		.service_level = SEC(20),
		.window = HOUR(24 * 7),
		.min_talk = 0,
		.policy = POLICY_OFF,
		.review = SEC(5),
		.service_guard = USEC_NEVER,
		.credit = USEC_NEVER,
		.overtake_max = USEC_NEVER,
		.talk_mean = SEC(180),
	};
}

struct core_limits centre_limits(const struct centre_setup *setup)
{
	return (struct core_limits){
		.calls_max = setup->agents + WAITING_MAX,
		.agents_max = setup->agents,
		.queues_max = 1,
		.memberships_max = setup->agents,
	};
}
