/* What an offer that came to nothing costs, and whom. */
#include <errno.h>
#include <inttypes.h>

#include "watch.h"

static void note(struct watch *watch, struct call_id call, enum miss_kind kind)
{
	uint32_t slot = call.slot;

	if (slot >= WATCH_SLOTS || !watch->calls[slot].live || !watch->calls[slot].rings ||
	    !call_id_equal(watch->calls[slot].id, call))
		return;
	watch->miss.is = true;
	watch->miss.agent = watch->calls[slot].agent;
	watch->miss.queue = watch->calls[slot].saved.queue;
	watch->miss.kind = kind;
	watch->misses[watch->miss.queue][kind]++;
}

void miss_take(struct watch *watch, const struct core_event *ev, const struct core_actions *actions,
               bool refused)
{
	watch->miss.is = false;
	if (ev->type == EVT_CALL_FAILED && !refused && !ev->call_failed.blameless)
		note(watch, ev->call_failed.call, ev->call_failed.kind);
	for (size_t i = 0; i < actions->count; i++) {
		const struct core_action *act = &actions->items[i];

		if (act->type != ACT_CANCEL_OFFER)
			continue;
		if (act->cancel_offer.missed)
			note(watch, act->call, MISS_NO_ANSWER);
		else if (ev->type == EVT_AGENT_DEVICE_CHANGED)
			note(watch, act->call, MISS_UNREACHABLE);
	}
}

/* An answer forgives; so do a login, and being ready again after a pause for misses. */
static bool forgives(const struct core_event *ev, const struct agent_record *now)
{
	switch (ev->type) {
	case EVT_CALL_ANSWERED:
		return call_id_equal(now->call, ev->call_answered.call);
	case EVT_AGENT_READY:
		return agent_id_equal(now->id, ev->agent_ready.agent);
	case EVT_AGENT_LOGGED_IN:
		return agent_id_equal(now->id, ev->agent_logged_in.agent);
	default:
		return false;
	}
}

static int check_agent(const struct watch *watch, const struct agent_record *now,
                       const struct core_event *ev, struct err *err)
{
	const struct agent_record *before = &watch->agents[now->id.slot].saved;
	bool theirs = watch->miss.is && agent_id_equal(watch->miss.agent, now->id);
	bool rona = now->state == AGENT_PAUSED && now->cause == PAUSE_RONA;

	if (rona && !theirs && (before->state != AGENT_PAUSED || before->cause != PAUSE_RONA))
		return err_set(err, -EPROTO,
		               "the agent on slot %u is paused for a miss, and has none",
		               now->id.slot);
	for (int kind = 0; kind < MISS_KINDS; kind++) {
		unsigned misses = before->misses[kind];

		if (theirs && watch->miss.kind == (enum miss_kind)kind && misses < UINT16_MAX)
			misses++;
		if (now->misses[kind] != misses && !(now->misses[kind] == 0 && forgives(ev, now)))
			return err_set(err, -EPROTO,
			               "the agent on slot %u has %u misses (%s), not %u",
			               now->id.slot, now->misses[kind],
			               miss_kind_name((enum miss_kind)kind), misses);
	}
	return 0;
}

static int check_queue(const struct watch *watch, const struct core *core, queue_index queue,
                       struct err *err)
{
	const struct queue_stats *stats = core_queue_stats(core, queue);

	for (int kind = 0; stats != NULL && kind < MISS_KINDS; kind++)
		if (stats->misses[kind] != watch->misses[queue][kind])
			return err_set(err, -EPROTO,
			               "queue %u: %" PRIu64 " misses (%s), counted as %" PRIu64,
			               queue, watch->misses[queue][kind],
			               miss_kind_name((enum miss_kind)kind), stats->misses[kind]);
	return 0;
}

int miss_check(const struct watch *watch, const struct core *core, const struct core_event *ev,
               struct err *err)
{
	struct agent_record now;
	struct agent_id id;
	int r = 0;

	if (ev->type == EVT_AGENT_RESTORED)
		return 0; /* with the misses of another life */
	for (uint32_t from = 0; r == 0 && core_next_agent(core, from, &id); from = id.slot + 1)
		if (id.slot < CAST_AGENTS_MAX && core_get_agent(core, id, &now))
			r = check_agent(watch, &now, ev, err);
	for (uint32_t queue = 0; r == 0 && queue < watch->limits.queues_max; queue++)
		r = check_queue(watch, core, (queue_index)queue, err);
	return r;
}
