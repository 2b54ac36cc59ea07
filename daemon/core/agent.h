#ifndef CORE_AGENT_H
#define CORE_AGENT_H

#include "state.h"

/* An agent's states, and the only function that changes them. */

/* NULL when nobody of this handle ever logged in. */
struct agent *agent_find(struct core *core, struct agent_id id);

/* Moves the agent. Everything that belongs to a state (the counts of the queues, the
 * ready indexes, the timer, the end of a wrap-up) is left and entered here. `until`
 * is the end of WRAPUP or of a RONA pause, else 0. READY may be entered from READY,
 * after what decides who could be served has changed. */
void agent_enter(struct core *core, struct agent *agent, enum agent_state next, usec_t until);

/* The end of what is being timed moves. */
void agent_extend(struct core *core, struct agent *agent, usec_t until);

void agent_set_device(struct core *core, struct agent *agent, enum device_state device);

/* Each queue once, in the order named; returns how many. */
size_t agent_distinct_queues(const queue_index *queues, size_t count,
                             queue_index ret_queues[AGENT_QUEUES_MAX]);

/* Distinct queues, for which there are memberships left. */
void agent_set_queues(struct core *core, struct agent *agent, const queue_index *queues,
                      size_t count);
void agent_leave_queues(struct core *core, struct agent *agent); /* who is not listed */
void agent_set_levels(struct core *core, struct agent *agent, const uint8_t levels[SKILLS_MAX]);

/* Puts the record of a snapshot into an unused slot, as it was. */
void agent_take(struct core *core, struct agent *agent, const struct agent_record *r);

bool agent_serves(const struct agent *agent, queue_index queue);

/* Whether the agent is busier than the plan lets callers of theirs make them. What is
 * counted fades within hours, and says nothing in the first minutes. */
bool agent_overloaded(const struct core *core, const struct agent *agent,
                      const struct queue_plan *plan);

/* READY and reachable: could be rung this moment. */
static inline bool agent_available(const struct agent *agent)
{
	return agent->r.state == AGENT_READY && agent->r.device == DEVICE_REACHABLE;
}

#endif
