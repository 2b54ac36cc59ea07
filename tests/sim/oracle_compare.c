/* The oracle's opinion against the core's. */
#include <errno.h>
#include <inttypes.h>

#include "oracle.h"

#include "najimi/core/view.h"

struct pair {
	const char *what;
	uint64_t oracle, core;
};

static int compare(const struct pair *pairs, size_t count, const char *who, uint32_t slot,
                   struct err *err)
{
	for (size_t i = 0; i < count; i++)
		if (pairs[i].oracle != pairs[i].core)
			return err_set(err, -EPROTO,
			               "%s on slot %u: for the oracle %s is %" PRId64
			               ", in the core %" PRId64,
			               who, slot, pairs[i].what, (int64_t)pairs[i].oracle,
			               (int64_t)pairs[i].core);
	return 0;
}

static uint64_t slot_or_none(bool set, uint32_t slot)
{
	return set ? slot : UINT64_MAX;
}

static usec_t core_excludes(const struct call_record *r, struct agent_id agent)
{
	for (unsigned i = 0; i < r->excluded_count; i++)
		if (agent_id_equal(r->excluded[i].agent, agent))
			return r->excluded[i].until;
	return 0;
}

/* Who is not to have the caller. What is over may still be in either list. */
static int compare_excluded(const struct oracle *oracle, const struct oracle_call *call,
                            const struct call_record *r, uint32_t slot, struct err *err)
{
	struct pair count = { "the number of those who are excluded", 0, 0 };

	for (unsigned i = 0; i < r->excluded_count; i++)
		count.core += r->excluded[i].until > oracle->now;
	for (unsigned i = 0; i < call->excluded_count; i++) {
		const struct exclusion *one = &call->excluded[i];
		const struct pair until = { "the end of an exclusion", one->until,
			                    core_excludes(r, one->agent) };

		if (one->until <= oracle->now)
			continue;
		count.oracle++;
		if (compare(&until, 1, "a call", slot, err) < 0)
			return -EPROTO;
	}
	return compare(&count, 1, "a call", slot, err);
}

static int compare_call(const struct oracle *oracle, const struct oracle_call *call,
                        const struct core *core, uint32_t slot, struct err *err)
{
	struct call_record r;

	if (!core_get_call(core, call->id, &r))
		return err_set(err, -EPROTO,
		               "a call on slot %u: %s for the oracle, gone in the core", slot,
		               call_state_name(call->state));
	if (call->state != r.state)
		return err_set(err, -EPROTO, "a call on slot %u: %s for the oracle, %s in the core",
		               slot, call_state_name(call->state), call_state_name(r.state));

	const struct pair pairs[] = {
		{ "the agent", (uint64_t)call->agent,
		  slot_or_none(agent_id_set(r.agent), r.agent.slot) },
		{ "the target", (uint64_t)call->target,
		  slot_or_none(agent_id_set(r.target), r.target.slot) },
		{ "the offer", call->offer, r.offer },
		{ "the queue", call->queue, r.queue },
		{ "the priority", (uint64_t)call->priority, (uint64_t)r.priority },
		{ "the arrival", call->arrived_at, r.arrived_at },
		{ "the overflow", call->overflow_at, r.overflow_at },
		{ "the end of patience", call->hold_until, r.hold_until },
		{ "sticky", call->sticky, r.sticky },
		{ "the reason", call->why, r.why },
		{ "the number of legs", call->legs, r.legs },
		{ "the end of ringing", call->state == CALL_OFFERED ? call->ring_until : 0,
		  r.state == CALL_OFFERED ? r.ring_until : 0 },
	};
	if (compare(pairs, ARRAY_LEN(pairs), "a call", slot, err) < 0)
		return -EPROTO;
	return compare_excluded(oracle, call, &r, slot, err);
}

static int compare_agent(const struct oracle_agent *agent, const struct core *core, uint32_t slot,
                         struct err *err)
{
	struct agent_record r;

	if (!core_get_agent(core, agent->id, &r))
		return err_set(err, -EPROTO, "the core does not know the agent on slot %u", slot);
	if (agent->state != r.state)
		return err_set(err, -EPROTO,
		               "an agent on slot %u: %s for the oracle, %s in the core", slot,
		               agent_state_name(agent->state), agent_state_name(r.state));

	const struct pair pairs[] = {
		{ "the call", (uint64_t)agent->call,
		  slot_or_none(call_id_set(r.call), r.call.slot) },
		{ "what is pending", agent->pending, r.pending },
		{ "the end", agent->until, r.until },
		{ "the telephone", agent->device, r.device },
		{ "the cause", agent->state == AGENT_PAUSED ? agent->cause : 0,
		  r.state == AGENT_PAUSED ? r.cause : 0 },
		{ "the turn", agent->state == AGENT_READY ? agent->idle_since : 0,
		  r.state == AGENT_READY ? r.idle_since : 0 },
	};
	if (compare(pairs, ARRAY_LEN(pairs), "an agent", slot, err) < 0)
		return -EPROTO;
	for (int kind = 0; kind < MISS_KINDS; kind++) {
		const struct pair pair = { miss_kind_name((enum miss_kind)kind),
			                   agent->misses[kind], r.misses[kind] };

		if (compare(&pair, 1, "an agent", slot, err) < 0)
			return -EPROTO;
	}
	return 0;
}

static int compare_queue(const struct oracle *oracle, const struct core *core, uint32_t queue,
                         struct err *err)
{
	const struct queue_stats *stats = core_queue_stats(core, (queue_index)queue);
	int r = 0;

	if (stats == NULL)
		return 0;

	const struct pair pairs[] = {
		{ "answered in time", oracle->counts[queue].in_time, stats->answered_in_time },
		{ "the service missed", oracle->counts[queue].missed, stats->service_missed },
		{ "the number of those resumed", oracle->counts[queue].resumed, stats->resumed },
		{ "the number of offers", oracle->counts[queue].offers, stats->offers },
	};

	r = compare(pairs, ARRAY_LEN(pairs), "a queue", queue, err);
	for (int i = 0; r == 0 && i < STICKY_RESULTS; i++) {
		const struct pair pair = { sticky_result_name((enum sticky_result)i),
			                   oracle->counts[queue].sticky[i], stats->sticky[i] };

		r = compare(&pair, 1, "a queue", queue, err);
	}
	for (int i = 0; r == 0 && i < MISS_KINDS; i++) {
		const struct pair pair = { miss_kind_name((enum miss_kind)i),
			                   oracle->counts[queue].misses[i], stats->misses[i] };

		r = compare(&pair, 1, "a queue", queue, err);
	}
	for (int i = 0; r == 0 && i < STICKY_WHYS; i++) {
		const struct pair pair = { sticky_why_name((enum sticky_why)i),
			                   oracle->counts[queue].fallthrough[i],
			                   stats->fallthrough[i] };

		r = compare(&pair, 1, "a queue", queue, err);
	}
	return r;
}

static int compare_told(const struct oracle *oracle, const struct core_actions *actions,
                        struct err *err)
{
	int told = -1;

	for (size_t i = 0; i < actions->count; i++)
		if (actions->items[i].type == ACT_TELL_CALLER)
			told = (int)actions->items[i].call.slot;
	if (told == oracle->told)
		return 0;
	return err_set(err, -EPROTO,
	               "the oracle tells the caller on slot %d, the core the one on %d",
	               oracle->told, told);
}

int oracle_step(void *context, const struct core *core, const struct core_event *ev,
                const struct core_actions *actions, struct err *err)
{
	struct oracle *oracle = context;
	struct call_id id;
	unsigned calls = 0, live = 0;
	int r = 0;

	oracle_follow(oracle, ev);
	if (oracle->restarting)
		return 0;
	r = compare_told(oracle, actions, err); /* the records say all that other orders do */
	for (uint32_t i = 0; r == 0 && i < CAST_CALLS_MAX; i++) {
		if (!oracle->calls[i].live)
			continue;
		live++;
		r = compare_call(oracle, &oracle->calls[i], core, i, err);
	}
	for (uint32_t i = 0; r == 0 && i < CAST_AGENTS_MAX; i++)
		if (agent_id_set(oracle->agents[i].id))
			r = compare_agent(&oracle->agents[i], core, i, err);
	for (uint32_t i = 0; r == 0 && i < CAST_QUEUES_MAX; i++)
		r = compare_queue(oracle, core, i, err);
	for (uint32_t from = 0; core_next_call(core, from, &id); from = id.slot + 1)
		calls++;
	if (r == 0 && calls != live)
		return err_set(err, -EPROTO, "%u calls for the oracle, %u in the core", live,
		               calls);
	return r;
}
