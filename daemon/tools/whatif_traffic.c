#include "whatif_traffic.h"

#include <errno.h>
#include <stdlib.h>

#include "najimi/base/rng.h"
#include "whatif_presence.h"

#define DAY HOUR(24)
#define PATIENCE_MAX HOUR(8) /* nobody waits longer than a day's work */

/* Answered calls by queue: those whose talk the others get. */
struct donors {
	uint32_t *list;                          /* indexes of contacts, queue by queue */
	uint32_t starts[TRAFFIC_QUEUES_MAX + 2]; /* the last but one begins all of them again */
};

static int out_of_memory(struct err *err)
{
	return err_set(err, -ENOMEM, "out of memory");
}

static int find_donors(struct donors *donors, const struct whatif_contacts *contacts,
                       struct err *err)
{
	uint32_t count = 0;

	donors->list = malloc((contacts->count + 1) * sizeof(*donors->list));
	if (donors->list == NULL)
		return out_of_memory(err);
	for (uint8_t queue = 0; queue < TRAFFIC_QUEUES_MAX; queue++) {
		donors->starts[queue] = count;
		for (uint32_t i = 0; i < contacts->count; i++)
			if (contacts->list[i].queue == queue && contacts->list[i].answered_at != 0)
				donors->list[count++] = i;
	}
	donors->starts[TRAFFIC_QUEUES_MAX] = count;
	return 0;
}

/* Of the same queue, or of any when nobody was answered there. */
static const struct whatif_contact *pick_donor(const struct donors *donors,
                                               const struct whatif_contacts *contacts,
                                               uint8_t queue, uint64_t *chance)
{
	uint32_t from = donors->starts[queue], to = donors->starts[queue + 1];

	if (from == to) {
		from = 0;
		to = donors->starts[TRAFFIC_QUEUES_MAX];
	}
	return &contacts->list[donors->list[from + rng_below(chance, to - from)]];
}

/* --- what they have in common --- */

static void sum_up(const struct whatif_contacts *contacts, struct whatif_found *found)
{
	usec_t waits = 0, answered_waits = 0, rings = 0;

	for (size_t i = 0; i < contacts->count; i++) {
		const struct whatif_contact *contact = &contacts->list[i];

		waits += contact->wait;
		found->gave_up += contact->gave_up;
		if (contact->answered_at == 0)
			continue;
		found->answered++;
		answered_waits += contact->wait;
		rings += contact->ring;
		found->returned += contact->returned;
		found->own += contact->own;
	}
	found->calls = contacts->count;
	found->patience_mean = found->gave_up == 0 ? USEC_NEVER : waits / found->gave_up;
	if (found->answered > 0) {
		found->wait_mean = answered_waits / found->answered;
		found->ring_mean = rings / found->answered;
	}
	if (contacts->count > 0) {
		found->base = contacts->list[0].arrived_at / DAY * DAY;
		found->last = contacts->list[contacts->count - 1].arrived_at;
	}
}

static int check(const struct whatif_contacts *contacts, const struct whatif_found *found,
                 struct err *err)
{
	if (contacts->count < WHATIF_CALLS_MIN)
		return err_set(err, -ENODATA,
		               "%zu calls are too few to say anything: it takes %d (a longer "
		               "--since?)",
		               contacts->count, WHATIF_CALLS_MIN);
	if (found->answered == 0)
		return err_set(err, -ENODATA, "none of %zu calls was answered", contacts->count);
	return 0;
}

/* --- one call --- */

/* The chance of a call is its own, so that it stays when others come or go. */
static void make_call(const struct whatif_contact *contact, const struct donors *donors,
                      const struct whatif_contacts *contacts, const struct whatif_found *found,
                      struct traffic_call *call)
{
	const struct whatif_contact *talk = contact;
	uint64_t chance = contact->id;

	*call = (struct traffic_call){
		.name = "",
		.order = (uint32_t)(contact - contacts->list),
		.arrives = contact->arrived_at - found->base,
		.customer = contact->customer,
		.queue = contact->queue,
		.patience = contact->wait,
	};
	if (contact->answered_at == 0)
		talk = pick_donor(donors, contacts, contact->queue, &chance);
	else if (found->patience_mean >= PATIENCE_MAX)
		call->patience = PATIENCE_MAX;
	else
		call->patience += rng_exponential(&chance, found->patience_mean);
	if (call->patience > PATIENCE_MAX)
		call->patience = PATIENCE_MAX;
	call->service = talk->service;
	call->wrapup = talk->wrapup;
}

static int make_calls(struct traffic *traffic, struct whatif_contacts *contacts,
                      const struct whatif_found *found, struct err *err)
{
	struct donors donors;
	int r;

	traffic->calls = calloc(contacts->count, sizeof(*traffic->calls));
	if (traffic->calls == NULL)
		return out_of_memory(err);
	r = find_donors(&donors, contacts, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < contacts->count; i++)
		make_call(&contacts->list[i], &donors, contacts, found, &traffic->calls[i]);
	traffic->calls_count = contacts->count;
	traffic->customers = contacts->customers;
	contacts->customers = (struct lexicon){ 0 };
	free(donors.list);
	return 0;
}

int whatif_traffic_build(struct traffic *traffic, struct whatif_contacts *contacts,
                         const struct queue_plan *plans, int agents, struct whatif_found *ret,
                         struct err *err)
{
	int r;

	*ret = (struct whatif_found){ 0 };
	sum_up(contacts, ret);
	r = check(contacts, ret, err);
	if (r == 0)
		r = whatif_presence_build(traffic, contacts, plans, ret->base, agents, &ret->agents,
		                          err);
	if (r == 0 && traffic->shifts_count == 0)
		r = err_set(err, -ENODATA, "no contact names the agent who answered it");
	return r < 0 ? r : make_calls(traffic, contacts, ret, err);
}
