/* How fast the core is by itself, with few and with many callers waiting.
 *
 *     bench_core [LIVES [WAITING]]    callers wait for anybody
 *     bench_core --price [LIVES]      at a price: about half of 100,000 hold out
 *
 * Whole call lives: a caller arrives, is recalled, waits behind everybody else in the
 * queue, is rung at an agent, answered, hung up; the agent wraps up and takes the next.
 * As many arrive as are served, so the number who wait stays where it was put. Every
 * fourth caller returns to somebody; at a price three of four, all to the same half of the
 * agents, so that about ten hold out for each of them. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "najimi/base/rng.h"
#include "najimi/core/core.h"
#include "najimi/core/view.h"

#define AGENTS 10000
#define QUEUES 50
#define QUEUES_EACH 3
#define LIVES_DEFAULT 400000
#define TALKS_MAX AGENTS

/* Talks that will end, in the order in which they do. */
struct talks {
	struct call_id items[TALKS_MAX];
	size_t head, count;
};

/* What kind of centre. */
struct scene {
	uint32_t waiting;
	uint32_t returning; /* of a hundred callers */
	uint32_t popular;   /* agents to whom they return */
	struct queue_plan plan;
};

struct bench {
	const struct scene *scene;
	struct core *core;
	struct core_actions actions;
	uint64_t rng, steps, timers; /* the latter: of the steps, those that fired one */
	uint64_t orders_max;
	double step_max; /* seconds; counted while `times` */
	bool times;
	usec_t now;
	uint32_t calls_max, unused_count;
	uint32_t *unused, *gens;
	struct talks talks;
	queue_index arriving_in;
	uint64_t lives, connects;
};

static void carry_out(struct bench *bench);
static void pass_time(struct bench *bench, usec_t at);

/* Of the processor: neighbours do not count. */
static double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void step(struct bench *bench, const struct core_event *ev)
{
	double began = bench->times ? seconds() : 0;

	core_step(bench->core, ev, &bench->actions);
	bench->steps++;
	bench->timers += ev->type == EVT_TIME_PASSED;
	if (!bench->times)
		return;
	began = seconds() - began;
	if (began > bench->step_max)
		bench->step_max = began;
	if (bench->actions.count > bench->orders_max)
		bench->orders_max = bench->actions.count;
}

static void step_now(struct bench *bench, struct core_event *ev)
{
	/* An agent who takes somebody has others decide anew at this very moment. */
	if (ev->type != EVT_TIME_PASSED)
		pass_time(bench, bench->now);
	ev->at = bench->now;
	step(bench, ev);
	carry_out(bench);
}

static void pass_time(struct bench *bench, usec_t at)
{
	usec_t due;

	while ((due = core_deadline(bench->core)) <= at) {
		struct core_event ev = { .type = EVT_TIME_PASSED };

		bench->now = due;
		step_now(bench, &ev);
	}
	bench->now = at;
}

static void answer(struct bench *bench, struct call_id call, uint32_t offer)
{
	struct core_event ev = { .type = EVT_CALL_ANSWERED };
	struct talks *talks = &bench->talks;

	ev.call_answered.call = call;
	ev.call_answered.offer = offer;
	step_now(bench, &ev);
	talks->items[(talks->head + talks->count++) % TALKS_MAX] = call;
	assert(talks->count <= TALKS_MAX);
}

/* Agent i serves the queues (7 i + 13 j) % QUEUES; 43 is 7's inverse. */
static uint32_t serving_agent(struct bench *bench, queue_index queue)
{
	uint32_t each = bench->scene->popular / QUEUES;

	return queue * 43 % QUEUES + QUEUES * rng_below(&bench->rng, each);
}

static void recall(struct bench *bench, struct call_id call)
{
	struct core_event ev = { .type = EVT_CALLER_RECALLED };

	ev.caller_recalled.call = call;
	ev.caller_recalled.outcome = RECALL_UNKNOWN;
	if (rng_below(&bench->rng, 100) < bench->scene->returning) {
		ev.caller_recalled.outcome = RECALL_KNOWN;
		ev.caller_recalled.known_count = 1;
		ev.caller_recalled.known[0].agent.slot = serving_agent(bench, bench->arriving_in);
		ev.caller_recalled.known[0].agent.gen = 1;
		ev.caller_recalled.known[0].at = bench->now - HOUR(24);
	}
	step_now(bench, &ev);
}

/* What the world does when told: the store answers, agents pick up. */
static void carry_out(struct bench *bench)
{
	struct core_action acts[8];
	size_t count = 0;

	for (size_t i = 0; i < bench->actions.count; i++) {
		const struct core_action *act = &bench->actions.items[i];

		if (act->type == ACT_END_CALL) {
			bench->unused[bench->unused_count++] = act->call.slot;
			bench->lives++;
		} else if (act->type == ACT_RECALL ||
		           (act->type == ACT_DECIDE && act->decide.kind == DECIDE_CONNECT)) {
			assert(count < sizeof(acts) / sizeof(acts[0]));
			acts[count++] = *act;
		}
	}
	for (size_t i = 0; i < count; i++) {
		if (acts[i].type == ACT_RECALL) {
			recall(bench, acts[i].call);
		} else {
			bench->connects++;
			answer(bench, acts[i].call, acts[i].decide.offer);
		}
	}
}

static void arrive(struct bench *bench)
{
	struct core_event ev = { .type = EVT_CALL_ARRIVED };
	uint32_t slot = bench->unused[--bench->unused_count];

	ev.call_arrived.call.slot = slot;
	ev.call_arrived.call.gen = ++bench->gens[slot];
	bench->arriving_in = (queue_index)rng_below(&bench->rng, QUEUES);
	ev.call_arrived.queue = bench->arriving_in;
	ev.call_arrived.identity = IDENTITY_KEYED;
	ev.call_arrived.has_priority = true;
	ev.call_arrived.priority = rng_below(&bench->rng, 10) == 0 ? 5 : 0;
	ev.call_arrived.arrived_at = bench->now;
	step_now(bench, &ev);
}

static void end_oldest_talk(struct bench *bench)
{
	struct core_event ev = { .type = EVT_CALL_ENDED };
	struct talks *talks = &bench->talks;

	ev.call_ended.call = talks->items[talks->head];
	ev.call_ended.by = BY_CALLER;
	talks->head = (talks->head + 1) % TALKS_MAX;
	talks->count--;
	step_now(bench, &ev);
}

static struct queue_plan usual_plan(void)
{
	return (struct queue_plan){
		.open = true,
		.sticky = true,
		.line_max = 3,
		.waiting_max = UINT32_MAX,
		.ring = SEC(20),
		.wait_max = HOUR(1000),
		.wrapup = SEC(10),
		.service_level = SEC(20),
		.short_abandon = SEC(5),
		.window = HOUR(24 * 7),
		.wait_busy = SEC(20),
		.wait_wrapup = SEC(20),
		.familiarity = { 600, 400 },
		.min_talk = SEC(15),
	};
}

/* At a price that is nearly nothing, so that up to sixteen hold out for one agent; nobody
 * overtakes who came first, so those who hold out are the oldest. */
static struct queue_plan price_plan(void)
{
	struct queue_plan plan = usual_plan();

	plan.policy = POLICY_RATE;
	plan.line_max = LINE_MAX;
	plan.value = HOUR(1);
	plan.skip_price = 1;
	plan.wait_idle = HOUR(100);
	plan.wait_skipped = HOUR(100);
	plan.overtake_max = USEC_NEVER;
	plan.service_guard = USEC_NEVER;
	plan.review = SEC(5);
	plan.talk_mean = SEC(360);
	return plan;
}

static void set_plan(struct bench *bench, const struct queue_plan *plan)
{
	for (uint32_t i = 0; i < QUEUES; i++) {
		struct core_event ev = { .type = EVT_QUEUE_CONFIGURED };

		ev.queue_configured.queue = (queue_index)i;
		ev.queue_configured.plan = *plan;
		step_now(bench, &ev);
	}
}

static void set_up(struct bench *bench)
{
	struct core_event rules = {
		.type = EVT_RULES_CONFIGURED,
		.rules = { .misses_max = { 3, 0, 0, 0 },
		           .exclude_for = MINUTE(2),
		           .ring_grace = SEC(2),
		           .recall_max = MSEC(50),
		           .resume_max = MINUTE(5) },
	};

	set_plan(bench, &bench->scene->plan);
	step_now(bench, &rules);
	for (uint32_t i = 0; i < AGENTS; i++) {
		struct core_event ev = { .type = EVT_AGENT_LOGGED_IN };

		ev.agent_logged_in.agent = (struct agent_id){ .slot = i, .gen = 1 };
		ev.agent_logged_in.ready = true;
		ev.agent_logged_in.queues_count = QUEUES_EACH;
		for (uint32_t j = 0; j < QUEUES_EACH; j++)
			ev.agent_logged_in.queues[j] = (queue_index)((i * 7 + j * 13) % QUEUES);
		step_now(bench, &ev);
	}
}

/* Agents take six minutes a call: that many calls end in a second. */
#define TALK SEC(360)
#define GAP (TALK / AGENTS)

static struct bench *begin(const struct scene *scene)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	struct core_limits limits = {
		.calls_max = scene->waiting + 3 * AGENTS,
		.agents_max = AGENTS,
		.queues_max = QUEUES,
		.memberships_max = AGENTS * QUEUES_EACH,
	};

	assert(bench != NULL);
	bench->scene = scene;
	bench->core = core_new(&limits);
	bench->calls_max = limits.calls_max;
	bench->unused = calloc(limits.calls_max, sizeof(*bench->unused));
	bench->gens = calloc(limits.calls_max, sizeof(*bench->gens));
	assert(bench->core != NULL && bench->unused != NULL && bench->gens != NULL);
	bench->rng = scene->waiting;
	bench->now = SEC(1800000000);
	for (uint32_t i = 0; i < limits.calls_max; i++)
		bench->unused[bench->unused_count++] = limits.calls_max - 1 - i;
	/* Slots are taken as they come in a daemon that has run for a while. */
	for (uint32_t i = limits.calls_max - 1; i > 0; i--) {
		uint32_t j = rng_below(&bench->rng, i + 1), slot = bench->unused[i];

		bench->unused[i] = bench->unused[j];
		bench->unused[j] = slot;
	}
	set_up(bench);
	return bench;
}

static void end(struct bench *bench)
{
	core_check(bench->core);
	core_free(bench->core);
	free(bench->gens);
	free(bench->unused);
	free(bench);
}

static void live(struct bench *bench, uint64_t lives)
{
	lives += bench->lives;
	while (bench->lives < lives) {
		pass_time(bench, bench->now + GAP);
		end_oldest_talk(bench);
		arrive(bench);
	}
}

/* Everybody talks, as many wait as are to, and the wrap-ups are under way. */
static void fill(struct bench *bench)
{
	for (uint32_t i = 0; i < AGENTS + bench->scene->waiting; i++) {
		pass_time(bench, bench->now + GAP / 10);
		arrive(bench);
	}
	live(bench, AGENTS);
}

static void count_waiting(const struct bench *bench, uint32_t *ret_waiting, uint32_t *ret_holding)
{
	*ret_waiting = *ret_holding = 0;
	for (queue_index i = 0; i < QUEUES; i++) {
		struct queue_view view;

		core_get_queue(bench->core, i, &view);
		*ret_waiting += view.waiting;
		*ret_holding += view.holding;
	}
}

/* Seconds a step, and what else there is to say. */
static double measure(struct bench *bench, uint64_t lives)
{
	uint64_t steps = bench->steps, timers = bench->timers;
	uint32_t waiting, holding;
	double began = seconds(), took;

	live(bench, lives);
	took = seconds() - began;
	steps = bench->steps - steps;
	timers = bench->timers - timers;
	count_waiting(bench, &waiting, &holding);
	printf("%8u %8u %8u %10llu %8.2f %6.1f%% %10.2f %8.0f\n", bench->scene->waiting, waiting,
	       holding, (unsigned long long)lives, (double)steps / (double)lives,
	       100.0 * (double)timers / (double)steps, (double)steps / took / 1e6,
	       took / (double)steps * 1e9);
	return took / (double)steps;
}

static void tell_columns(void)
{
	printf("%u agents in %u queues, %u each\n", AGENTS, QUEUES, QUEUES_EACH);
	printf("%8s %8s %8s %10s %8s %7s %10s %8s\n", "asked", "waiting", "holding", "lives",
	       "steps", "timers", "Msteps/s", "ns/step");
}

static double run(uint32_t waiting, uint64_t lives)
{
	const struct scene scene = { waiting, 25, AGENTS, usual_plan() };
	struct bench *bench = begin(&scene);
	double each;

	fill(bench);
	each = measure(bench, lives);
	end(bench);
	return each;
}

static int compare(const void *a, const void *b)
{
	const double *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

#define ROUNDS 5

/* Those who hold out are decided anew every few seconds, which is most of the steps. The
 * median of some rounds, the worst step, and the same centre without stickiness. */
static int run_price(uint64_t lives)
{
	const struct scene scene = { 100000, 75, AGENTS / 2, price_plan() };
	uint32_t waiting, holding;
	struct queue_plan rare = scene.plan;
	double rounds[ROUNDS], off;
	struct bench *bench;

	tell_columns();
	off = run(scene.waiting, lives);
	bench = begin(&scene);
	/* The line is passed over until half of it holds out; quickly. */
	rare.review = HOUR(1);
	set_plan(bench, &rare);
	fill(bench);
	do {
		live(bench, AGENTS);
		count_waiting(bench, &waiting, &holding);
	} while (holding < waiting / 2 && bench->lives < 100 * AGENTS);
	set_plan(bench, &scene.plan);
	live(bench, AGENTS);
	for (size_t i = 0; i < ROUNDS; i++)
		rounds[i] = measure(bench, lives / ROUNDS / 10);
	bench->times = true;
	live(bench, lives / ROUNDS / 10);
	qsort(rounds, ROUNDS, sizeof(rounds[0]), compare);
	printf("holding out at a price: %.2f us a step, %.2f times that of waiting for anybody; "
	       "the "
	       "longest step %.0f us, %llu orders at most\n",
	       rounds[ROUNDS / 2] * 1e6, rounds[ROUNDS / 2] / off, bench->step_max * 1e6,
	       (unsigned long long)bench->orders_max);
	end(bench);
	return rounds[ROUNDS / 2] <= 3e-6 ? 0 : 1;
}

int main(int argc, char **argv)
{
	static const uint32_t sizes[] = { 100, 1000, 10000, 100000 };
	bool price = argc > 1 && strcmp(argv[1], "--price") == 0;
	int first = price ? 2 : 1;
	uint64_t lives = argc > first ? strtoull(argv[first], NULL, 10) : LIVES_DEFAULT;
	uint32_t only = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
	double smallest = 0, each = 0;

	if (lives == 0 || argc > 3) {
		fprintf(stderr, "usage: bench_core [LIVES [WAITING]] | --price [LIVES]\n");
		return 2;
	}
	if (price)
		return run_price(lives);
	tell_columns();
	if (only != 0) {
		run(only, lives);
		return 0;
	}
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		each = run(sizes[i], lives);
		if (i == 0)
			smallest = each;
	}
	printf("growth from %u to %u waiting: %.2f\n", sizes[0],
	       sizes[sizeof(sizes) / sizeof(sizes[0]) - 1], each / smallest);
	return 0;
}
