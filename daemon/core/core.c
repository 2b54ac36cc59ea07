#include "najimi/core/core.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "events.h"
#include "order.h"
#include "reset.h"

/* Cache lines come in pairs. */
#define ALIGNMENT ((size_t)2 * CACHE_LINE)

/* The four-way heap's families of children start on a line when its root stands at the
 * end of one. */
#define TIMERS_LEAD (CACHE_LINE / sizeof(struct timer_entry) - 1)

static uint32_t timers_count(const struct core_limits *limits)
{
	return limits->agents_max + limits->calls_max + limits->queues_max;
}

static size_t round_up(size_t size)
{
	return (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

/* Cuts the next array from the core's one piece of memory; only counts while `base`
 * is NULL. */
static void *cut(unsigned char *base, size_t *used, size_t count, size_t size)
{
	void *piece = base == NULL ? NULL : base + *used;

	*used += round_up(count * size);
	return piece;
}

/* Lays out the core behind its own struct. Returns the size of everything. */
static size_t lay_out(struct core *core, const struct core_limits *limits, unsigned char *base)
{
	struct core ignored;
	struct core *to = core == NULL ? &ignored : core;
	size_t used = round_up(sizeof(*core));
	size_t timers = timers_count(limits);
	struct timer_entry *entries;
	uint32_t *places;

	to->queues = cut(base, &used, limits->queues_max, sizeof(struct queue));
	to->tallies = cut(base, &used, limits->queues_max, sizeof(struct tally));
	to->stats = cut(base, &used, limits->queues_max, sizeof(struct queue_stats));
	to->lastings = cut(base, &used, limits->queues_max, sizeof(struct remain_pair));
	entries = cut(base, &used, timers + TIMERS_LEAD, sizeof(struct timer_entry));
	places = cut(base, &used, timers, sizeof(uint32_t));
	to->agents = cut(base, &used, limits->agents_max, sizeof(struct agent));
	to->talks = cut(base, &used, limits->agents_max, sizeof(struct remain));
	to->memberships = cut(base, &used, limits->memberships_max, sizeof(struct membership));
	to->calls = cut(base, &used, limits->calls_max, sizeof(struct call));
	if (core != NULL)
		timers_init(&core->timers, entries + TIMERS_LEAD, places, (uint32_t)timers);
	return used;
}

struct core *core_new(const struct core_limits *limits)
{
	unsigned char *memory = calloc(1, lay_out(NULL, limits, NULL) + ALIGNMENT);
	unsigned char *base;
	struct core *core;

	assert(limits->queues_max < QUEUE_NONE);
	assert(limits->agents_max < SLOT_NONE / 4 && limits->calls_max < SLOT_NONE / 4);

	if (memory == NULL)
		return NULL;
	base = memory + (ALIGNMENT - (uintptr_t)memory % ALIGNMENT);
	core = (struct core *)(void *)base;
	core->limits = *limits;
	core->memory = memory;
	lay_out(core, limits, base);
	core_reset(core);
	return core;
}

void core_reset(struct core *core)
{
	const struct core_limits *limits = &core->limits;

	core->rules = (struct core_rules){ 0 };
	core->now = 0;
	core->seq = 1;
	core->restoring = false;
	timers_init(&core->timers, core->timers.entries, core->timers.places,
	            core->timers.capacity);
	for (uint32_t i = 0; i < limits->queues_max; i++) {
		core->queues[i] = (struct queue){ .lasting = &core->lastings[i] };
		core->stats[i] = (struct queue_stats){ 0 };
		core->lastings[i] = (struct remain_pair){ 0 };
	}
	for (uint32_t i = 0; i < limits->calls_max; i++)
		core->calls[i] = (struct call){ .r.id.slot = i };
	for (uint32_t i = 0; i < limits->agents_max; i++) {
		core->agents[i] = (struct agent){
			.r.id.slot = i,
			.memberships = SLOT_NONE,
			.last_queue = QUEUE_NONE,
			.talks = &core->talks[i],
		};
		core->talks[i] = (struct remain){ 0 };
	}
	for (uint32_t i = 0; i < limits->memberships_max; i++)
		core->memberships[i].next = i + 1 < limits->memberships_max ? i + 1 : SLOT_NONE;
	core->memberships_unused = limits->memberships_max > 0 ? 0 : SLOT_NONE;
	core->memberships_left = limits->memberships_max;
}

struct core *core_free(struct core *core)
{
	if (core != NULL)
		free(core->memory);
	return NULL;
}

usec_t core_deadline(const struct core *core)
{
	const struct timer_entry *first = timers_first(&core->timers);

	/* Half a state is not to be acted on: see end_restoring(). */
	if (first == NULL || core->restoring)
		return USEC_NEVER;
	return first->due > core->now ? first->due : core->now;
}

static void fire_first_timer(struct core *core)
{
	const struct timer_entry *first = timers_first(&core->timers);
	uint32_t number;

	if (first == NULL || first->due > core->now)
		return;
	number = first->number;
	if (number < core->limits.agents_max) {
		on_agent_due(core, &core->agents[number]);
		return;
	}
	number -= core->limits.agents_max;
	if (number < core->limits.calls_max)
		on_call_due(core, &core->calls[number]);
	else
		on_queue_due(core, (queue_index)(number - core->limits.calls_max));
}

static void on_time_passed(struct core *core, const struct core_event *ev)
{
	(void)ev;
	fire_first_timer(core);
}

typedef void handler_fn(struct core *core, const struct core_event *ev);

static handler_fn *const handlers[CORE_EVENT_TYPES] = {
	[EVT_TIME_PASSED] = on_time_passed,
	[EVT_RULES_CONFIGURED] = on_rules_configured,
	[EVT_QUEUE_CONFIGURED] = on_queue_configured,
	[EVT_CALL_RESTORED] = on_call_restored,
	[EVT_AGENT_RESTORED] = on_agent_restored,
	[EVT_LASTING_RESTORED] = on_lasting_restored,
	[EVT_CALL_ARRIVED] = on_call_arrived,
	[EVT_CALLER_RECALLED] = on_caller_recalled,
	[EVT_CALL_UPDATED] = on_call_updated,
	[EVT_CALL_RINGING] = on_call_ringing,
	[EVT_CALL_ANSWERED] = on_call_answered,
	[EVT_CALL_FAILED] = on_call_failed,
	[EVT_CALL_HELD] = on_call_held,
	[EVT_CALL_RETRIEVED] = on_call_retrieved,
	[EVT_CALL_TRANSFERRED] = on_call_transferred,
	[EVT_CALL_ENDED] = on_call_ended,
	[EVT_AGENT_LOGGED_IN] = on_agent_logged_in,
	[EVT_AGENT_READY] = on_agent_ready,
	[EVT_AGENT_PAUSED] = on_agent_paused,
	[EVT_AGENT_LOGGED_OUT] = on_agent_logged_out,
	[EVT_AGENT_WRAPUP_EXTENDED] = on_agent_wrapup_extended,
	[EVT_AGENT_DEVICE_CHANGED] = on_agent_device_changed,
};

/* What belongs to setting up; anything else says that the set-up is over. */
static bool is_setup(enum core_event_type type)
{
	return type == EVT_RULES_CONFIGURED || type == EVT_QUEUE_CONFIGURED ||
	       type == EVT_CALL_RESTORED || type == EVT_AGENT_RESTORED ||
	       type == EVT_LASTING_RESTORED;
}

void core_step(struct core *core, const struct core_event *ev, struct core_actions *out)
{
	assert(core->out == NULL); /* nobody may step from inside a step */
	assert(ev->at >= core->now);
	assert((unsigned)ev->type < CORE_EVENT_TYPES);
	/* What was due before this event happened before this event. */
	assert(ev->type == EVT_TIME_PASSED || core_deadline(core) > ev->at);

	core->now = ev->at;
	core->request = ev->request;
	core->out = out;
	out->count = 0;
	if (core->restoring && !is_setup(ev->type))
		end_restoring(core);
	handlers[ev->type](core, ev);
	order_changes(core);
	core->out = NULL;
}
