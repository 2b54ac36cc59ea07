/* Who is not rung for a caller for a while: who did not take them, and who sent them on. */
#include <errno.h>

#include "promises.h"

static bool is_at_work(const struct agent_record *agent)
{
	return agent->state == AGENT_READY || agent->state == AGENT_OFFERED ||
	       agent->state == AGENT_TALKING || agent->state == AGENT_WRAPUP;
}

static bool serves(const struct agent_record *agent, queue_index queue)
{
	for (unsigned i = 0; i < agent->queues_count; i++)
		if (agent->queues[i] == queue)
			return true;
	return false;
}

/* Before the step, in which nobody else has come or gone. */
static bool others_work_there(const struct promises *promises, struct agent_id sender,
                              queue_index queue)
{
	for (uint32_t i = 0; i < CAST_AGENTS_MAX; i++) {
		const struct agent_record *agent = &promises->agents[i];

		if (i != sender.slot && agent_id_set(agent->id) && is_at_work(agent) &&
		    serves(agent, queue))
			return true;
	}
	return false;
}

/* Until when, from now on; but who was kept away for longer before still is. */
static usec_t promised_until(const struct promises *promises, const struct core_event *ev,
                             const struct call_record *was)
{
	usec_t span = promises->rules.exclude_for;
	usec_t until = span > USEC_NEVER - ev->at ? USEC_NEVER : ev->at + span;
	usec_t before = excluded_until(was, was->agent);

	return before > until ? before : until;
}

/* One of the past is as good as none. */
static bool is_kept_until(const struct call_record *now, const struct core_event *ev,
                          struct agent_id agent, usec_t until)
{
	usec_t kept = excluded_until(now, agent);

	return kept == until || (kept <= ev->at && until <= ev->at);
}

/* The call that this was is still there, and not with the agent who had it. */
static bool has_left(const struct call_record *was, const struct call_record *now)
{
	return call_id_equal(was->id, now->id) &&
	       (now->state == CALL_WAITING ||
	        (now->state == CALL_OFFERED && now->offer != was->offer));
}

static int check_missed(const struct promises *promises, const struct core_event *ev,
                        const struct call_record *was, const struct call_record *now,
                        struct err *err)
{
	if (was->state != CALL_OFFERED || !has_left(was, now) ||
	    is_kept_until(now, ev, was->agent, promised_until(promises, ev, was)))
		return 0;
	return err_set(err, -EPROTO,
	               "the agent on slot %u did not take the call on slot %u, and is kept from "
	               "it for another time",
	               was->agent.slot, was->id.slot);
}

static int check_sent(const struct promises *promises, const struct core_event *ev,
                      const struct call_record *was, const struct call_record *now, struct err *err)
{
	queue_index queue = ev->call_transferred.to_queue;

	if ((was->state != CALL_TALKING && was->state != CALL_HELD) || !has_left(was, now) ||
	    !agent_id_set(was->agent) || agent_id_set(ev->call_transferred.to_agent))
		return 0;
	if (serves(&promises->agents[was->agent.slot], queue) &&
	    others_work_there(promises, was->agent, queue))
		return is_kept_until(now, ev, was->agent, promised_until(promises, ev, was))
		               ? 0
		               : err_set(err, -EPROTO,
		                         "the agent on slot %u sent the call on slot %u to the "
		                         "others, and is kept from it for another time",
		                         was->agent.slot, was->id.slot);
	return is_kept_until(now, ev, was->agent, excluded_until(was, was->agent))
	               ? 0
	               : err_set(err, -EPROTO,
	                         "the agent on slot %u is kept from the call on slot %u, and "
	                         "nobody else is there",
	                         was->agent.slot, was->id.slot);
}

int promises_check_kept_away(const struct promises *promises, const struct core_event *ev,
                             const struct call_record *now, struct err *err)
{
	int r = 0;

	for (uint32_t i = 0; r == 0 && i < CAST_CALLS_MAX; i++) {
		const struct call_record *was = &promises->calls[i].was;

		r = check_missed(promises, ev, was, &now[i], err);
		if (r == 0 && ev->type == EVT_CALL_TRANSFERRED &&
		    call_id_equal(ev->call_transferred.call, was->id))
			r = check_sent(promises, ev, was, &now[i], err);
	}
	return r;
}
