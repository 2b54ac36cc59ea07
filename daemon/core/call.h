#ifndef CORE_CALL_H
#define CORE_CALL_H

#include "state.h"

/* A call's states, and the only function that changes them. */

/* NULL when the call has ended since the sender last heard of it. */
struct call *call_find(struct core *core, struct call_id id);

/* Moves the call. Everything that belongs to a state (the count, the place in line,
 * the place in the wanted agent's index, the timer, the time spent) is left and
 * entered here. WAITING may be entered from WAITING, to stand elsewhere. */
void call_enter(struct core *core, struct call *call, enum call_state next);

/* Changes what decides where a call stands, in any state but FREE. */
void call_move(struct core *core, struct call *call, queue_index queue, int16_t priority,
               usec_t arrived_at);

/* Puts the record of a snapshot into an unused slot, as it was. */
void call_take(struct core *core, struct call *call, const struct call_record *r,
               const struct agent_id wanted[KNOWN_MAX], uint8_t head);

/* The seconds by which a caller counts as older than their arrival. */
uint8_t call_head_start(const struct core *core, const struct call *call);

/* Sets the timer to what is next in this state. */
void call_arm(struct core *core, const struct call *call);

/* A caller in line is told where they stand when the plan says so, counted from now, unless
 * that has been thought of. The timer is not set yet. */
void call_plan_telling(const struct core *core, struct call *call);

/* When the service level counts a call that is still unanswered: the first instant
 * at which it is neither in time nor a short abandon. */
usec_t call_service_at(const struct core *core, const struct call *call);

/* Adds the running share of ringing, talking or holding to the call's account. */
void call_settle(const struct core *core, struct call *call);

/* Whether the caller waits for the own agent rather than for anyone. */
static inline bool call_holds_out(const struct call *call)
{
	return call->r.hold_until != 0 && !agent_id_set(call->r.target);
}

/* No more waiting for one particular agent: the own one or a transfer's target. The
 * caller's place changes with the call_enter() that has to follow. */
void call_stop_holding(struct core *core, struct call *call);

/* Another agent was free for the caller, who goes on holding out. */
void call_pass_over(struct core *core, struct call *call);

/* Callers in an agent's `held` or `regulars`, in the order of their queues. */
struct want *want_first(const struct want_tree *tree);
struct want *want_next(struct want *want);

static inline struct call *want_call(const struct want *want)
{
	return container_of(want - want->rank, struct call, wants);
}

/* Whether the caller returns to somebody, and is still on the way to them: the first
 * answer settles it. */
static inline bool call_returns(const struct call *call)
{
	return call->r.known_count > 0 && call->r.answered_at == 0;
}

/* Agents who missed this very call, or are not to have this caller. One who is unset, whom nobody
 * could ring, takes no place in the list. */
bool call_excludes(const struct core *core, const struct call *call, struct agent_id agent);
void call_exclude(const struct core *core, struct call *call, struct agent_id agent, usec_t until);
bool call_prune_exclusions(const struct core *core, struct call *call); /* true: one ended */

/* Forgets who is not to have this caller: somebody else is calling after all. */
void call_forgive(struct call *call);

/* The tier of the caller; NULL for none. */
const struct tier_plan *call_tier(const struct core *core, const struct call *call);

#endif
