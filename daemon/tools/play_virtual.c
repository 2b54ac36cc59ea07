#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "najimi/base/pool.h"
#include "najimi/core/core.h"
#include "najimi/core/view.h"
#include "play.h"

/* Midnight of the first day. Any instant will do, but for the first ones: the core
 * takes 0 for "never". 1 January 1999. */
#define DAWN SEC(915148800)

/* What the people do ends up here as events, and is stepped in that order. */
struct inbox {
	struct core_event *list;
	size_t head, count, capacity;
};

struct stage {
	const struct play *play;
	struct world world;
	struct core *core;
	struct pool pool;        /* of call handles */
	struct call_id *handles; /* by call */
	uint32_t *calls;         /* by slot */
	struct inbox inbox;
	struct core_actions actions;
	usec_t now;
	bool counting;       /* the warm-up is over, */
	usec_t extra_before; /* in which callers had waited that much extra */
	uint64_t steps;
	int failed;
	struct err *err;
};

static void fail(struct stage *stage, int code, const char *what)
{
	if (stage->failed == 0)
		stage->failed = err_set(stage->err, code, "%s, after %llu steps", what,
		                        (unsigned long long)stage->steps);
}

/* A request of 1 makes the core say when it will not do a thing. */
static void post(struct stage *stage, struct core_event *ev)
{
	struct inbox *inbox = &stage->inbox;

	if (inbox->count == inbox->capacity) {
		size_t capacity = inbox->capacity == 0 ? 64 : inbox->capacity * 2;
		struct core_event *grown = realloc(inbox->list, capacity * sizeof(*grown));

		if (grown == NULL) {
			fail(stage, -ENOMEM, "out of memory");
			return;
		}
		inbox->list = grown;
		inbox->capacity = capacity;
	}
	ev->at = DAWN + stage->now;
	inbox->list[inbox->count++] = *ev;
}

static struct agent_id agent_handle(uint32_t agent)
{
	return (struct agent_id){ .slot = agent, .gen = 1 };
}

/* --- the world's hooks --- */

static void on_arrive(void *arg, uint32_t call)
{
	struct stage *stage = arg;
	const struct traffic_call *facts = &stage->play->traffic->calls[call];
	struct core_event ev = { .type = EVT_CALL_ARRIVED };
	uint32_t slot, gen;

	if (!pool_take(&stage->pool, &slot, &gen)) {
		fail(stage, -ENOSPC, "more callers at once than there can be");
		return;
	}
	stage->handles[call] = (struct call_id){ slot, gen };
	stage->calls[slot] = call;
	ev.call_arrived.call = stage->handles[call];
	ev.call_arrived.queue = facts->queue;
	ev.call_arrived.identity =
	        facts->customer == CUSTOMER_NONE ? IDENTITY_NONE : IDENTITY_KEYED;
	ev.call_arrived.arrived_at = DAWN + stage->now;
	post(stage, &ev);
}

static void on_answer(void *arg, uint32_t call, uint32_t agent, uint32_t offer)
{
	struct stage *stage = arg;
	struct core_event ev = { .type = EVT_CALL_ANSWERED, .request = 1 };

	(void)agent;
	ev.call_answered.call = stage->handles[call];
	ev.call_answered.offer = offer;
	post(stage, &ev);
}

static void on_end(void *arg, uint32_t call, bool by_agent)
{
	struct stage *stage = arg;
	struct core_event ev = { .type = EVT_CALL_ENDED, .request = 1 };

	ev.call_ended.call = stage->handles[call];
	ev.call_ended.by = by_agent ? BY_AGENT : BY_CALLER;
	post(stage, &ev);
}

static void on_login(void *arg, uint32_t agent, uint64_t queues)
{
	struct stage *stage = arg;
	struct core_event ev = { .type = EVT_AGENT_LOGGED_IN, .request = 1 };

	ev.agent_logged_in.agent = agent_handle(agent);
	ev.agent_logged_in.ready = true;
	for (queue_index i = 0; i < TRAFFIC_QUEUES_MAX; i++)
		if ((queues >> i & 1) != 0)
			ev.agent_logged_in.queues[ev.agent_logged_in.queues_count++] = i;
	post(stage, &ev);
}

static void on_ready(void *arg, uint32_t agent)
{
	struct core_event ev = { .type = EVT_AGENT_READY, .request = 1 };

	ev.agent_ready.agent = agent_handle(agent);
	post(arg, &ev);
}

static void on_logout(void *arg, uint32_t agent)
{
	struct core_event ev = { .type = EVT_AGENT_LOGGED_OUT, .request = 1 };

	ev.agent_logged_out.agent = agent_handle(agent);
	post(arg, &ev);
}

/* --- the core's orders --- */

/* The store's part: who this caller has talked with. */
static void recall(struct stage *stage, struct call_id id)
{
	const struct memory *memory = world_recall(&stage->world, stage->calls[id.slot]);
	struct core_event ev = { .type = EVT_CALLER_RECALLED };
	unsigned known = memory == NULL ? 0 : memory->count;

	if (known > stage->play->known_max)
		known = stage->play->known_max;
	ev.caller_recalled.call = id;
	ev.caller_recalled.outcome = known > 0 ? RECALL_KNOWN : RECALL_UNKNOWN;
	ev.caller_recalled.known_count = (uint8_t)known;
	for (unsigned i = 0; i < known; i++)
		ev.caller_recalled.known[i] = (struct known_agent){
			.agent = agent_handle(memory->known[i].agent),
			.at = DAWN + memory->known[i].at,
		};
	ev.caller_recalled.left_queue = QUEUE_NONE;
	post(stage, &ev);
}

static void decide(struct stage *stage, const struct core_action *action)
{
	uint32_t call = stage->calls[action->call.slot];

	switch (action->decide.kind) {
	case DECIDE_CONNECT:
		world_offered(&stage->world, call, action->decide.agent.slot, action->decide.offer,
		              stage->now);
		break;
	case DECIDE_QUEUE:
		break;
	case DECIDE_OVERFLOW:
	case DECIDE_REJECT:
		world_turned_away(&stage->world, call, stage->now);
		break;
	}
}

static void perform(struct stage *stage)
{
	for (size_t i = 0; i < stage->actions.count; i++) {
		const struct core_action *action = &stage->actions.items[i];

		switch (action->type) {
		case ACT_RECALL:
			recall(stage, action->call);
			break;
		case ACT_DECIDE:
			decide(stage, action);
			break;
		case ACT_CANCEL_OFFER:
			world_withdrawn(&stage->world, stage->calls[action->call.slot],
			                action->cancel_offer.offer, stage->now);
			break;
		case ACT_REPLY:
			if (action->reply.code != REPLY_DONE)
				fail(stage, -EPROTO, core_reply_name(action->reply.code));
			break;
		case ACT_END_CALL:
			pool_give(&stage->pool, action->call.slot);
			break;
		case ACT_TELL_CALLER:
		case ACT_CHANGE_CALL:
		case ACT_CHANGE_AGENT:
			break; /* nobody hears it, nobody watches, and nothing is saved */
		}
	}
}

static void step(struct stage *stage, const struct core_event *ev)
{
	core_step(stage->core, ev, &stage->actions);
	stage->steps++;
	perform(stage);
}

static void pass_time(struct stage *stage, usec_t at)
{
	step(stage, &(struct core_event){ .type = EVT_TIME_PASSED, .at = at });
}

static void drain(struct stage *stage)
{
	struct inbox *inbox = &stage->inbox;

	while (inbox->head < inbox->count && stage->failed == 0) {
		struct core_event ev = inbox->list[inbox->head++];

		while (core_deadline(stage->core) <= ev.at)
			pass_time(stage, core_deadline(stage->core));
		step(stage, &ev);
	}
	inbox->head = inbox->count = 0;
}

static void plan_queue(const struct stage *stage, queue_index queue, struct queue_plan *plan)
{
	const struct play *play = stage->play;

	*plan = play->plans == NULL ? play->plan : play->plans[queue];
	plan->open = true;
	if (plan->line_max == 0)
		plan->line_max = LINE_MAX;
	plan->waiting_max = stage->pool.capacity;
	plan->ring = HOUR(1);
	plan->wait_max = USEC_NEVER;
	plan->wrapup = HOUR(24 * 365); /* until the agent says that it is over */
	plan->service_level = play->report->service_level;
	plan->short_abandon = play->report->short_abandon;
	if (play->plans == NULL) {
		plan->window = play->rules.window;
		plan->min_talk = play->rules.min_talk;
	}
}

static void configure(struct stage *stage)
{
	const struct play *play = stage->play;
	struct core_event ev = { .type = EVT_RULES_CONFIGURED, .at = DAWN };

	/* Telephones are answered, and recalls too: none of these limits is met. */
	ev.rules = (struct core_rules){ .ring_grace = HOUR(1), .recall_max = SEC(1) };
	step(stage, &ev);
	for (queue_index i = 0; i < play->traffic->queues.count; i++) {
		ev = (struct core_event){ .type = EVT_QUEUE_CONFIGURED, .at = DAWN };
		ev.queue_configured.queue = i;
		plan_queue(stage, i, &ev.queue_configured.plan);
		step(stage, &ev);
	}
}

static int build(struct stage *stage, struct err *err)
{
	const struct traffic *traffic = stage->play->traffic;
	const struct world_hooks hooks = {
		.arrive = on_arrive,
		.answer = on_answer,
		.end = on_end,
		.login = on_login,
		.ready = on_ready,
		.logout = on_logout,
		.arg = stage,
	};
	const struct core_limits limits = {
		.calls_max = (uint32_t)traffic_calls_at_once(traffic),
		.agents_max = traffic->agents.count,
		.queues_max = traffic->queues.count,
		.memberships_max = traffic->agents.count * traffic->queues.count,
	};

	stage->core = core_new(&limits);
	stage->handles = calloc(traffic->calls_count + 1, sizeof(*stage->handles));
	stage->calls = calloc(limits.calls_max, sizeof(*stage->calls));
	if (stage->core == NULL || stage->handles == NULL || stage->calls == NULL ||
	    !pool_init(&stage->pool, limits.calls_max))
		return err_set(err, -ENOMEM, "out of memory for %u callers at once",
		               limits.calls_max);
	return world_init(&stage->world, traffic, &stage->play->rules, &hooks, stage->play->report,
	                  err);
}

static void tear_down(struct stage *stage)
{
	world_done(&stage->world);
	core_free(stage->core);
	pool_done(&stage->pool);
	free(stage->handles);
	free(stage->calls);
	free(stage->inbox.list);
	free(stage);
}

static usec_t count_extra(const struct stage *stage)
{
	uint64_t only = stage->play->rules.count_only;
	usec_t sum = 0;

	for (queue_index i = 0; i < stage->play->traffic->queues.count; i++)
		if (only == 0 || (only >> i & 1) != 0)
			sum += core_queue_stats(stage->core, i)->sticky_wait.sum;
	return sum;
}

/* Whatever is next, the core's timers or the people, until everybody is gone. */
static void run(struct stage *stage)
{
	size_t calls_count = stage->play->traffic->calls_count;

	for (;;) {
		usec_t people = world_next(&stage->world);
		usec_t timers = core_deadline(stage->core);

		if (people == USEC_NEVER || stage->failed != 0 || stage->world.out_of_memory)
			break;
		if (timers != USEC_NEVER && timers - DAWN <= people) {
			stage->now = timers - DAWN;
			pass_time(stage, timers);
		} else {
			stage->now = people;
			world_turn(&stage->world, people);
		}
		drain(stage);
		if (!stage->counting && stage->now >= stage->play->rules.count_from) {
			stage->counting = true;
			stage->extra_before = count_extra(stage);
		}
		if (stage->steps % 1024 == 0)
			progress_tell(stage->play->progress,
			              (double)stage->world.gone / (double)calls_count);
	}
}

int play_virtual(const struct play *play, struct err *err)
{
	struct stage *stage = calloc(1, sizeof(*stage));
	int r;

	if (stage == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	stage->play = play;
	stage->err = err;
	r = build(stage, err);
	if (r == 0) {
		configure(stage);
		run(stage);
		r = stage->failed;
		if (r == 0 && stage->world.out_of_memory)
			r = err_set(err, -ENOMEM, "out of memory for the figures");
		play->notes->steps = stage->steps;
		play->report->extra_known = true;
		play->report->extra = count_extra(stage) - stage->extra_before;
	}
	tear_down(stage);
	return r;
}
