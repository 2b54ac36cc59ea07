#include "twin.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "najimi/core/snapshot.h"
#include "najimi/core/view.h"

/* Steps between two comparisons of digests: each copies both cores. */
#define DIGEST_EVERY 32

struct pair {
	const char *what;
	uint64_t a, b;
};

static bool pairs_equal(const struct pair *pairs, size_t count, const char **ret_what)
{
	for (size_t i = 0; i < count; i++) {
		if (pairs[i].a == pairs[i].b)
			continue;
		*ret_what = pairs[i].what;
		return false;
	}
	return true;
}

static uint64_t agent_word(struct agent_id id)
{
	return (uint64_t)id.slot << 32 | id.gen;
}

static uint64_t call_word(struct call_id id)
{
	return (uint64_t)id.slot << 32 | id.gen;
}

static bool decisions_equal(const struct decision *a, const struct decision *b,
                            const char **ret_what)
{
	const struct pair pairs[] = {
		{ "kind", a->kind, b->kind },
		{ "reason", a->reason, b->reason },
		{ "queue", a->queue, b->queue },
		{ "agent", agent_word(a->agent), agent_word(b->agent) },
		{ "offer", a->offer, b->offer },
		{ "ring", a->ring, b->ring },
		{ "position", a->position, b->position },
		{ "estimated_wait", a->estimated_wait, b->estimated_wait },
		{ "sticky", a->sticky, b->sticky },
		{ "why", a->why, b->why },
		{ "preferred", agent_word(a->preferred.agent), agent_word(b->preferred.agent) },
		{ "preferred.at", a->preferred.at, b->preferred.at },
		{ "waited_for", a->waited_for, b->waited_for },
		{ "until", a->until, b->until },
	};
	return pairs_equal(pairs, ARRAY_LEN(pairs), ret_what);
}

static bool contacts_equal(const struct contact *a, const struct contact *b, const char **ret_what)
{
	const struct pair pairs[] = {
		{ "outcome", a->outcome, b->outcome },
		{ "by", a->by, b->by },
		{ "queue", a->queue, b->queue },
		{ "first_queue", a->first_queue, b->first_queue },
		{ "arrived_at", a->arrived_at, b->arrived_at },
		{ "answered_at", a->answered_at, b->answered_at },
		{ "ended_at", a->ended_at, b->ended_at },
		{ "wait", a->wait, b->wait },
		{ "ring", a->ring, b->ring },
		{ "talk", a->talk, b->talk },
		{ "hold", a->hold, b->hold },
		{ "agent", agent_word(a->agent), agent_word(b->agent) },
		{ "credited", agent_word(a->credited), agent_word(b->credited) },
		{ "legs", a->legs, b->legs },
		{ "offers", a->offers, b->offers },
		{ "sticky", a->sticky, b->sticky },
		{ "why", a->why, b->why },
		{ "preferred", agent_word(a->preferred.agent), agent_word(b->preferred.agent) },
		{ "waited_for", a->waited_for, b->waited_for },
		{ "extra_wait", a->extra_wait, b->extra_wait },
		{ "holdout", a->holdout, b->holdout },
		{ "tier", a->tier, b->tier },
	};
	return pairs_equal(pairs, ARRAY_LEN(pairs), ret_what);
}

static bool action_equal(const struct core_action *a, const struct core_action *b,
                         const char **ret_what)
{
	const struct pair pairs[] = {
		{ "what is ordered", a->type, b->type },
		{ "call", call_word(a->call), call_word(b->call) },
		{ "agent", agent_word(a->agent), agent_word(b->agent) },
	};

	if (!pairs_equal(pairs, ARRAY_LEN(pairs), ret_what))
		return false;
	switch (a->type) {
	case ACT_DECIDE:
	case ACT_TELL_CALLER:
		return decisions_equal(&a->decide, &b->decide, ret_what);
	case ACT_END_CALL:
		return contacts_equal(&a->end, &b->end, ret_what);
	case ACT_CANCEL_OFFER: {
		const struct pair more[] = {
			{ "offer", a->cancel_offer.offer, b->cancel_offer.offer },
			{ "missed", a->cancel_offer.missed, b->cancel_offer.missed },
		};
		return pairs_equal(more, ARRAY_LEN(more), ret_what);
	}
	case ACT_REPLY: {
		const struct pair more[] = {
			{ "request", a->reply.request, b->reply.request },
			{ "code", a->reply.code, b->reply.code },
		};
		return pairs_equal(more, ARRAY_LEN(more), ret_what);
	}
	case ACT_RECALL:
	case ACT_CHANGE_CALL:
	case ACT_CHANGE_AGENT:
		break;
	}
	return true;
}

bool actions_equal(const struct core_actions *a, const struct core_actions *b,
                   const char **ret_what)
{
	size_t count = a->count < b->count ? a->count : b->count;

	for (size_t i = 0; i < count; i++)
		if (!action_equal(&a->items[i], &b->items[i], ret_what))
			return false;
	*ret_what = "the number of orders";
	return a->count == b->count;
}

void twin_begin(struct twin *twin, const struct core_limits *limits, twin_change_fn *change)
{
	*twin = (struct twin){ .limits = *limits, .change = change };
	twin_restart(twin);
}

void twin_restart(struct twin *twin)
{
	twin->core = core_free(twin->core);
}

void twin_end(struct twin *twin)
{
	twin->core = core_free(twin->core);
	for (size_t i = 0; i < ARRAY_LEN(twin->scratch); i++)
		twin->scratch[i] = core_free(twin->scratch[i]);
}

static void pass_time(struct core *core, usec_t at, struct core_actions *actions)
{
	while (core_deadline(core) <= at) {
		struct core_event ev = { .type = EVT_TIME_PASSED, .at = core_deadline(core) };

		core_step(core, &ev, actions);
	}
}

/* The digest as it would be if every queue had a plain plan. */
static uint64_t plain_digest(struct twin *twin, size_t which, const struct core *core)
{
	static struct core_actions actions;
	size_t size = core_snapshot_size(core);
	void *bytes = malloc(size);
	int r;

	if (twin->scratch[which] == NULL)
		twin->scratch[which] = core_new(&twin->limits);
	assert(bytes != NULL && twin->scratch[which] != NULL);
	r = core_restore(twin->scratch[which], bytes, core_snapshot(core, bytes, size));
	assert(r == 0);
	free(bytes);
	for (uint32_t i = 0; i < twin->limits.queues_max; i++) {
		struct core_event ev = { .type = EVT_QUEUE_CONFIGURED, .at = core_now(core) };
		struct queue_view view;

		if (!core_get_queue(core, (queue_index)i, &view))
			continue;
		ev.queue_configured.queue = (queue_index)i;
		ev.queue_configured.plan.review = SEC(1);
		core_step(twin->scratch[which], &ev, &actions);
		pass_time(twin->scratch[which], ev.at, &actions);
	}
	return core_digest(twin->scratch[which]);
}

int twin_step(struct twin *twin, const struct core *core, const struct core_event *ev,
              const struct core_actions *actions, struct err *err)
{
	struct core_event mine = *ev;
	const char *what;

	if (twin->core == NULL)
		twin->core = core_new(&twin->limits);
	assert(twin->core != NULL);
	if (mine.type == EVT_QUEUE_CONFIGURED)
		twin->change(&mine.queue_configured.plan);
	core_step(twin->core, &mine, &twin->actions);
	twin->steps++;
	if (!actions_equal(actions, &twin->actions, &what))
		return err_set(err, -EPROTO, "step %" PRIu64 ", %s: the twin differs in %s",
		               twin->steps, core_event_name(ev->type), what);
	if (core_deadline(core) != core_deadline(twin->core))
		return err_set(err, -EPROTO, "step %" PRIu64 ": the twin has another deadline",
		               twin->steps);
	/* At an instant that is not over yet no plan may come in between. */
	if (twin->steps % DIGEST_EVERY == 0 && core_deadline(core) > core_now(core) &&
	    plain_digest(twin, 0, core) != plain_digest(twin, 1, twin->core))
		return err_set(err, -EPROTO, "step %" PRIu64 ": the twin has another digest",
		               twin->steps);
	return 0;
}
