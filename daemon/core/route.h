#ifndef CORE_ROUTE_H
#define CORE_ROUTE_H

#include "match.h"

/* Carrying out what match says: offers made, missed and withdrawn, talks begun and
 * ended. Everything that moves a call and an agent together. */

/* Whether a decision is ordered for a caller who waited before and waits on. It is
 * anyhow when the caller begins or ceases to hold out. */
enum tell {
	TELL_NEWS,
	TELL_ALWAYS
};

/* Brings the call to an agent, or makes it wait, and says so. */
void route_call(struct core *core, struct call *call, bool may_hold, enum tell tell);

/* The agent is free: a caller is offered, or the agent gets READY. `idle_since` is
 * the turn among the ready. */
void route_agent(struct core *core, struct agent *agent, usec_t idle_since);

/* Whether holding out at a price is still worth it. */
void route_review(struct core *core, struct call *call);

/* What those who hold out for this agent at a price count on has changed: they are decided
 * anew, each in a step of its own. */
void route_review_holders(struct core *core, struct agent *agent);

/* After something changed that may forbid callers to hold out for this agent. */
void route_holders(struct core *core, struct agent *agent);

/* One of the queue's callers, in order, is brought to an agent who could have taken
 * them before, or ceases to hold out for one who is away; false when there is none. */
bool route_one_waiting(struct core *core, struct queue *queue);

/* A call by which the agent was asked to take another one, who talks on with that. */
void route_end_asked(struct core *core, struct call *call, struct agent *agent);

/* The agent of an OFFERED call did not take it; `blameless`: nor had they been called, and no miss
 * is counted. */
void route_missed_offer(struct core *core, struct call *call, enum miss_kind kind, bool blameless);

/* The agent takes over: by answering, or in a consultation. */
void route_talk(struct core *core, struct call *call, struct agent *agent);

/* The talker leaves the caller. Returns the agent, NULL if not known, who has to be
 * released when it is settled what becomes of the call. */
struct agent *route_leave_talker(struct core *core, struct call *call);
void route_release_talker(struct core *core, struct agent *agent);

/* PAUSED or LOGGED_OUT now; nobody holds out for this agent any longer. `cause` and
 * `until` are those of a pause. */
void route_agent_away(struct core *core, struct agent *agent, enum agent_state next,
                      enum pause_cause cause, usec_t until);

/* What the agent asked for while on a call; false when it was nothing. */
bool route_take_pending(struct core *core, struct agent *agent);

/* The call is over; its agent, if any, is free or wraps up. */
void route_end(struct core *core, struct call *call, enum ended_by by);
void route_overflow(struct core *core, struct call *call, enum decision_reason reason);

/* An arrival that is not taken: filled in, but in no state yet. */
void route_reject(struct core *core, struct call *call, enum decision_reason reason);

#endif
