#ifndef NAJIMI_CORE_VIEW_H
#define NAJIMI_CORE_VIEW_H

#include "najimi/base/histogram.h"
#include "najimi/core/core.h"

/* Read-only answers, for the store, the protocol, the metrics and the tests.
 * Nothing here changes the core; all are O(1) unless said otherwise. */

usec_t core_now(const struct core *core); /* instant of the last event */

/* False when the call has ended since the asker last heard of it. */
bool core_get_call(const struct core *core, struct call_id id, struct call_record *ret);

/* False when no such agent ever logged in, or the handle is stale. */
bool core_get_agent(const struct core *core, struct agent_id id, struct agent_record *ret);

/* The slots in use, in the order of slots: pass 0 first, then what came back
 * plus one; false at the end. */
bool core_next_call(const struct core *core, uint32_t from, struct call_id *ret);
bool core_next_agent(const struct core *core, uint32_t from, struct agent_id *ret);

/* What ACT_DECIDE would say of this call now. False like core_get_call(), and
 * while the call is RECALLING. O(log n) plus the position's bounded count. */
bool core_get_decision(const struct core *core, struct call_id id, struct decision *ret);

/* What is compared when a caller may hold out for the own agent at a price, as it stands
 * now. Shares of a second are in millionths. */
struct hold_view {
	bool worth_it;
	enum sticky_why why; /* what forbids it, WHY_BUSY: not worth its price */
	usec_t until;        /* end of the caller's budget; 0 when a guard is in the way */
	uint64_t index;      /* reunions per second of waiting */
	uint64_t worth;      /* of a second of waiting; and */
	uint64_t price;      /* what it costs */
	uint32_t ahead;      /* callers whom the own agent takes before */
	usec_t value;        /* what a reunion is worth to this caller, in waiting */
};

/* False for a call that does not wait for a busy own agent, or whose queue has no price. */
bool core_get_hold(const struct core *core, struct call_id id, struct hold_view *ret);

/* One agent as a candidate for one call, for call.explain. */
enum verdict {
	VERDICT_COULD,     /* could take the call now */
	VERDICT_HAS_IT,    /* is being rung for it, or talks with the caller */
	VERDICT_NOT_READY, /* offered, talking or wrapping up */
	VERDICT_PAUSED,
	VERDICT_LOGGED_OUT,
	VERDICT_UNREACHABLE,
	VERDICT_EXCLUDED,
	VERDICT_MISSING_SKILL,
	VERDICT_NOT_MEMBER
};
#define VERDICTS (VERDICT_NOT_MEMBER + 1)

/* VERDICT_LOGGED_OUT for an agent nobody knows. */
enum verdict core_judge(const struct core *core, struct call_id call, struct agent_id agent);

struct queue_view {
	bool configured;
	struct queue_plan plan;
	uint32_t recalling, waiting, offered, talking, held;
	uint32_t holding;              /* of those waiting: who hold out for their own agent */
	usec_t oldest_at;              /* arrival of the one who waits longest, 0 for nobody */
	uint32_t agents[AGENT_STATES]; /* members by state */
	uint32_t unreachable;          /* members with a veto from their device */
	usec_t estimated_wait;         /* of the next caller to arrive, USEC_NEVER unknown */
	usec_t value; /* what a reunion is worth now: the plan's, or as it was steered; 0 but for
	                 POLICY_RATE */
};

/* False for an index that was never configured. O(log n) for each priority that waits. */
bool core_get_queue(const struct core *core, queue_index queue, struct queue_view *ret);

/* What was learned of a queue's talks, to be kept over a restart, and how many there were:
 * it grows with each. False for an index that was never configured. */
bool core_get_lasting(const struct core *core, queue_index queue, struct lasting_record *ret,
                      uint64_t *ret_learned);

/* Counted since the core was made; nothing here ever goes down. */
struct queue_stats {
	uint64_t offered; /* calls that arrived here */
	uint64_t outcomes[CALL_OUTCOMES];
	uint64_t answered_in_time; /* within the service level's threshold */
	uint64_t service_missed; /* answered later, abandoned (not short), or still waiting at T */
	uint64_t sticky[STICKY_RESULTS]; /* returning calls when they end; WAITING stays 0 */
	uint64_t fallthrough[STICKY_WHYS];
	uint64_t returning_answered; /* of these calls */
	uint64_t own_reachable; /* returning, answered, own agent logged in at arrival or in time */
	uint64_t offers, misses[MISS_KINDS];
	uint64_t resumed; /* came back and kept the first clock */
	struct histogram wait_answered, wait_abandoned, wait_overflow;
	struct histogram ring, talk, hold, wrapup;
	struct histogram sticky_wait; /* held out while another agent could have taken the call */
	uint64_t held_out;            /* returning calls that declined an agent, when they end; */
	uint64_t held_in_vain;        /* of those: did not meet the own agent */
	uint64_t overtaken;           /* calls in whose turn an agent took an own caller; and */
	usec_t overtaken_wait;        /* what they waited from then on */
	usec_t kept_idle;             /* agents' time beside waiting callers who declined them */
};

/* NULL for an index that was never configured. Valid until the core is freed. */
const struct queue_stats *core_queue_stats(const struct core *core, queue_index queue);

/* Words, as the protocol, the metrics and the stories write them: "waiting",
 * "wrapup", "no_answer", "short_abandoned"... Never NULL. */
const char *call_state_name(enum call_state state);
const char *agent_state_name(enum agent_state state);
const char *agent_pending_name(enum agent_pending pending);
const char *pause_cause_name(enum pause_cause cause);
const char *device_state_name(enum device_state device);
const char *miss_kind_name(enum miss_kind kind);
const char *sticky_result_name(enum sticky_result result);
const char *sticky_why_name(enum sticky_why why);
const char *sticky_policy_name(enum sticky_policy policy); /* "fixed", "rate", "own_first"... */
const char *call_outcome_name(enum call_outcome outcome);
const char *ended_by_name(enum ended_by by); /* "caller", "agent", "system", "loss" */
const char *decision_kind_name(enum decision_kind kind);
const char *decision_reason_name(enum decision_reason reason);
const char *core_reply_name(enum core_reply reply); /* data.reason: "stale_offer", ... */
const char *verdict_name(enum verdict verdict);
const char *core_event_name(enum core_event_type type);
const char *core_action_name(enum core_action_type type);

#endif
