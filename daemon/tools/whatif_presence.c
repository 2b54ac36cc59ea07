#include "whatif_presence.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define GAP_MAX MINUTE(30)
#define IGNORED_MAX MINUTE(1) /* a caller who waits is taken by an agent who is there */
#define SHIFT_MIN SEC(1)

/* A call that an agent answered, from the first ring to the end of the talk. */
struct stint {
	uint32_t agent;
	usec_t on, off;
	struct whatif_contact *contact;
};

/* Somebody waits whom every agent of the queue who is free would be given. */
struct neglect {
	usec_t from, to;
	usec_t before; /* time in earlier ones of the queue */
	uint8_t queue;
};

struct presence {
	struct traffic *traffic;
	const struct queue_plan *plans;
	usec_t base;
	struct stint *stints; /* by agent and time */
	size_t stints_count;
	struct neglect *neglects;              /* by queue and time, apart from each other */
	size_t starts[TRAFFIC_QUEUES_MAX + 1]; /* of a queue's neglects */
	usec_t *busy;                          /* by agent: talking */
	uint64_t *queues;                      /* by agent: served */
	size_t capacity;                       /* of traffic->shifts */
};

static int out_of_memory(struct err *err)
{
	return err_set(err, -ENOMEM, "out of memory");
}

/* --- what the contacts tell --- */

static int by_agent(const void *left, const void *right)
{
	const struct stint *a = left, *b = right;

	if (a->agent != b->agent)
		return a->agent < b->agent ? -1 : 1;
	if (a->on != b->on)
		return a->on < b->on ? -1 : 1;
	return a->off < b->off ? -1 : a->off > b->off;
}

static void find_stints(struct presence *presence, struct whatif_contacts *contacts)
{
	for (size_t i = 0; i < contacts->count; i++) {
		struct whatif_contact *contact = &contacts->list[i];
		usec_t ring = contact->ring;

		contact->wrapup = presence->plans[contact->queue].wrapup;
		if (contact->wrapup > GAP_MAX)
			contact->wrapup = GAP_MAX; /* a limit, not what agents take */
		if (contact->answered_at == 0 || contact->agent == WHATIF_NOBODY)
			continue;
		if (ring > contact->answered_at - contact->arrived_at)
			ring = contact->answered_at - contact->arrived_at;
		presence->stints[presence->stints_count++] = (struct stint){
			.agent = contact->agent,
			.on = contact->answered_at - ring,
			.off = contact->ended_at,
			.contact = contact,
		};
		presence->busy[contact->agent] += contact->service;
		presence->queues[contact->agent] |= UINT64_C(1) << contact->queue;
	}
	if (presence->stints_count > 0)
		qsort(presence->stints, presence->stints_count, sizeof(*presence->stints),
		      by_agent);
}

static int by_queue(const void *left, const void *right)
{
	const struct neglect *a = left, *b = right;

	if (a->queue != b->queue)
		return a->queue < b->queue ? -1 : 1;
	return a->from < b->from ? -1 : a->from > b->from;
}

/* Those that touch become one. */
static void join_neglects(struct presence *presence, size_t count)
{
	struct neglect *list = presence->neglects;
	size_t last = 0, joined = 0;

	for (size_t i = 0; i < count; i++) {
		if (joined > 0 && list[last].queue == list[i].queue &&
		    list[i].from <= list[last].to) {
			if (list[i].to > list[last].to)
				list[last].to = list[i].to;
			continue;
		}
		last = joined++;
		list[last] = list[i];
		if (last > 0 && list[last - 1].queue == list[last].queue)
			list[last].before =
			        list[last - 1].before + list[last - 1].to - list[last - 1].from;
	}
	for (size_t queue = 0, at = 0; queue <= TRAFFIC_QUEUES_MAX; queue++) {
		while (at < joined && list[at].queue < queue)
			at++;
		presence->starts[queue] = at;
	}
}

/* Who held out for somebody may have left others idle; nobody else does. */
static void find_neglects(struct presence *presence, const struct whatif_contacts *contacts)
{
	size_t count = 0;

	for (size_t i = 0; i < contacts->count; i++) {
		const struct whatif_contact *contact = &contacts->list[i];

		if (contact->held == 0 && contact->wait > contact->ring)
			presence->neglects[count++] = (struct neglect){
				.from = contact->arrived_at,
				.to = contact->arrived_at + contact->wait - contact->ring,
				.queue = contact->queue,
			};
	}
	if (count > 0)
		qsort(presence->neglects, count, sizeof(*presence->neglects), by_queue);
	join_neglects(presence, count);
}

/* How much of the time before `at` somebody waited in the queue. */
static usec_t neglected_before(const struct presence *presence, uint8_t queue, usec_t at)
{
	size_t low = presence->starts[queue], high = presence->starts[queue + 1];
	const struct neglect *list = presence->neglects;

	if (low == high || list[low].from >= at)
		return 0;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (list[middle].from < at)
			low = middle;
		else
			high = middle;
	}
	return list[low].before + (list[low].to < at ? list[low].to : at) - list[low].from;
}

/* Whether callers of one of these queues waited for more than a minute of the gap. */
static bool was_away(const struct presence *presence, usec_t from, usec_t to, uint64_t queues)
{
	if (to - from > GAP_MAX)
		return true;
	if (to - from <= IGNORED_MAX)
		return false;
	for (uint8_t queue = 0; queue < TRAFFIC_QUEUES_MAX; queue++)
		if ((queues >> queue & 1) != 0 &&
		    neglected_before(presence, queue, to) -
		                    neglected_before(presence, queue, from) >
		            IGNORED_MAX)
			return true;
	return false;
}

/* --- shifts --- */

static int add_shift(struct presence *presence, uint32_t agent, usec_t on, usec_t off,
                     uint64_t queues, struct err *err)
{
	struct traffic *traffic = presence->traffic;

	if (traffic->shifts_count == presence->capacity) {
		size_t capacity = presence->capacity == 0 ? 256 : presence->capacity * 2;
		struct traffic_shift *grown =
		        realloc(traffic->shifts, capacity * sizeof(*traffic->shifts));

		if (grown == NULL)
			return out_of_memory(err);
		traffic->shifts = grown;
		presence->capacity = capacity;
	}
	traffic->shifts[traffic->shifts_count++] = (struct traffic_shift){
		.agent = agent,
		.on = on,
		.off = off > on + SHIFT_MIN ? off : on + SHIFT_MIN,
		.queues = queues,
	};
	return 0;
}

/* The part of a wrap-up that the agent's next call has left of it. */
static void cut_wrapup(struct stint *stint, const struct stint *next)
{
	usec_t *wrapup = &stint->contact->wrapup;

	if (next != NULL && next->on < stint->off + *wrapup)
		*wrapup = next->on > stint->off ? next->on - stint->off : 0;
}

static int find_shifts(struct presence *presence, struct err *err)
{
	struct stint *stints = presence->stints;
	usec_t on = 0, off = 0;
	int r = 0;

	for (size_t i = 0; i < presence->stints_count && r == 0; i++) {
		uint32_t agent = stints[i].agent;
		const struct stint *next = i + 1 < presence->stints_count ? &stints[i + 1] : NULL;
		bool last = next == NULL || next->agent != agent;
		usec_t end;

		if (off == 0)
			on = stints[i].on;
		cut_wrapup(&stints[i], last ? NULL : next);
		end = stints[i].off + stints[i].contact->wrapup;
		if (end > off)
			off = end;
		if (!last && (next->on <= off ||
		              !was_away(presence, off, next->on, presence->queues[agent])))
			continue;
		r = add_shift(presence, agent, on - presence->base, off - presence->base,
		              presence->queues[agent], err);
		off = 0;
	}
	return r;
}

/* --- more and fewer agents --- */

static uint32_t find_busiest(const struct presence *presence, unsigned agents)
{
	uint32_t best = 0;

	for (uint32_t i = 1; i < agents; i++)
		if (presence->busy[i] > presence->busy[best])
			best = i;
	return best;
}

/* Somebody new with the busiest one's hours. */
static int add_agent(struct presence *presence, uint32_t like, unsigned number, struct err *err)
{
	struct traffic *traffic = presence->traffic;
	size_t count = traffic->shifts_count;
	uint32_t before = traffic->agents.count, agent;
	uint64_t every = traffic->queues.count == 64 ? UINT64_MAX
	                                             : (UINT64_C(1) << traffic->queues.count) - 1;
	char name[64];
	int r = 0;

	do { /* a name that is nobody's */
		snprintf(name, sizeof(name), "new agent %u", number);
		if (!lexicon_intern(&traffic->agents, text_of(name), &agent))
			return out_of_memory(err);
		number += WHATIF_CONTACTS_MAX;
	} while (agent < before);
	for (size_t i = 0; i < count && r == 0; i++)
		if (traffic->shifts[i].agent == like)
			r = add_shift(presence, agent, traffic->shifts[i].on,
			              traffic->shifts[i].off, every, err);
	return r;
}

static void remove_least_busy(struct presence *presence, unsigned agents)
{
	struct traffic *traffic = presence->traffic;
	uint32_t least = UINT32_MAX;
	size_t count = 0;

	for (uint32_t i = 0; i < agents; i++)
		if (presence->queues[i] != 0 &&
		    (least == UINT32_MAX || presence->busy[i] < presence->busy[least]))
			least = i;
	presence->queues[least] = 0;
	for (size_t i = 0; i < traffic->shifts_count; i++)
		if (traffic->shifts[i].agent != least)
			traffic->shifts[count++] = traffic->shifts[i];
	traffic->shifts_count = count;
}

static int change_agents(struct presence *presence, unsigned known, unsigned seen, int agents,
                         struct err *err)
{
	int r = 0;

	if (agents < 0 && (unsigned)-agents >= seen)
		return err_set(err, -EINVAL, "--agents: there are only %u agents", seen);
	for (; agents < 0; agents++)
		remove_least_busy(presence, known);
	for (unsigned i = 1; i <= (unsigned)agents && r == 0; i++)
		r = add_agent(presence, find_busiest(presence, known), i, err);
	return r;
}

static int by_start(const void *left, const void *right)
{
	const struct traffic_shift *a = left, *b = right;

	if (a->on != b->on)
		return a->on < b->on ? -1 : 1;
	return a->agent < b->agent ? -1 : a->agent > b->agent;
}

static int find_everybody(struct presence *presence, struct whatif_contacts *contacts, int agents,
                          unsigned *ret_seen, struct err *err)
{
	struct traffic *traffic = presence->traffic;
	unsigned known = contacts->agents.count, seen = 0;
	int r;

	find_stints(presence, contacts);
	find_neglects(presence, contacts);
	for (unsigned i = 0; i < known; i++)
		seen += presence->queues[i] != 0;
	traffic->queues = contacts->queues;
	traffic->agents = contacts->agents;
	contacts->queues = contacts->agents = (struct lexicon){ 0 };
	r = find_shifts(presence, err);
	if (r == 0)
		r = change_agents(presence, known, seen, agents, err);
	if (r == 0 && traffic->shifts_count > 0)
		qsort(traffic->shifts, traffic->shifts_count, sizeof(*traffic->shifts), by_start);
	*ret_seen = seen;
	return r;
}

int whatif_presence_build(struct traffic *traffic, struct whatif_contacts *contacts,
                          const struct queue_plan *plans, usec_t base, int agents,
                          unsigned *ret_seen, struct err *err)
{
	struct presence presence = { .traffic = traffic, .plans = plans, .base = base };
	int r;

	presence.stints = calloc(contacts->count + 1, sizeof(*presence.stints));
	presence.neglects = calloc(contacts->count + 1, sizeof(*presence.neglects));
	presence.busy = calloc(contacts->agents.count + 1, sizeof(*presence.busy));
	presence.queues = calloc(contacts->agents.count + 1, sizeof(*presence.queues));
	if (presence.stints == NULL || presence.neglects == NULL || presence.busy == NULL ||
	    presence.queues == NULL)
		r = out_of_memory(err);
	else
		r = find_everybody(&presence, contacts, agents, ret_seen, err);
	free(presence.stints);
	free(presence.neglects);
	free(presence.busy);
	free(presence.queues);
	return r;
}
