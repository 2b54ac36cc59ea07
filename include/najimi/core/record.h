#ifndef NAJIMI_CORE_RECORD_H
#define NAJIMI_CORE_RECORD_H

#include "najimi/core/ids.h"
#include "najimi/core/plan.h"

/* One call and one agent as values: what has to survive a restart. All instants
 * are absolute (microseconds since the Unix epoch), so a record that was read
 * after a restart still means what it meant. */

#define AGENT_QUEUES_MAX 64 /* queues one agent may serve */

enum call_state {
	CALL_FREE,      /* the slot is unused */
	CALL_RECALLING, /* the store has been asked who this is */
	CALL_WAITING,   /* in line; may hold out for the own agent meanwhile */
	CALL_OFFERED,   /* an agent's telephone rings, or is about to */
	CALL_TALKING,
	CALL_HELD
};
#define CALL_STATES (CALL_HELD + 1)

enum agent_state {
	AGENT_LOGGED_OUT,
	AGENT_READY,
	AGENT_OFFERED,
	AGENT_TALKING,
	AGENT_WRAPUP,
	AGENT_PAUSED
};
#define AGENT_STATES (AGENT_PAUSED + 1)

/* What an agent asked for while on a call; takes effect at its end. */
enum agent_pending {
	PENDING_NOTHING,
	PENDING_PAUSE,
	PENDING_LOGOUT
};

enum pause_cause {
	PAUSE_ASKED, /* by the agent, a supervisor, or at login */
	PAUSE_RONA   /* too many offers missed in a row */
};

/* What the switch sees of the agent's device. It vetoes, it never makes ready. */
enum device_state {
	DEVICE_REACHABLE,
	DEVICE_UNREACHABLE,
	DEVICE_BUSY
};

/* How a returning caller fared: protocol.md section 5. */
enum sticky_result {
	STICKY_NEW,     /* nobody to return to */
	STICKY_WAITING, /* holds out for the own agent */
	STICKY_OWN,     /* the agent spoken to last */
	STICKY_KNOWN,   /* an earlier one */
	STICKY_TEAM,
	STICKY_OTHER /* fell through; `why` says which limit */
};
#define STICKY_RESULTS (STICKY_OTHER + 1)

enum sticky_why {
	WHY_NONE,
	WHY_BUSY, /* busy, and this queue does not wait */
	WHY_PAUSED,
	WHY_LOGGED_OUT,
	WHY_UNREACHABLE,
	WHY_NOT_MEMBER,
	WHY_MISSING_SKILL,
	WHY_WAIT_SPENT,
	WHY_EWT_GUARD,
	WHY_LINE_FULL,
	WHY_EXCLUDED, /* missed this very call before */
	WHY_RONA,
	WHY_SHARED_NUMBER,
	WHY_NO_IDENTITY,
	WHY_EXPIRED,
	WHY_LOOKUP_LATE,
	WHY_HOLDOUT,
	WHY_OFF,        /* the queue is not sticky */
	WHY_OVERLOADED, /* the own agent is busier than the others are to be made */
	WHY_NEW_AGENT,  /* the queue brings callers to somebody new */
	WHY_RELEASED    /* somebody said that this caller is not to wait for the own agent */
};
#define STICKY_WHYS (WHY_RELEASED + 1)

/* An earlier agent of the caller. `agent` is unset when nobody of that name has
 * been logged in since the daemon started. */
struct known_agent {
	struct agent_id agent;
	usec_t at;   /* end of their last contact; of a pin without one, when it was set */
	bool pinned; /* named as the caller's own, whoever was met last; comes first */
};

struct exclusion {
	struct agent_id agent;
	usec_t until; /* USEC_NEVER: "not this agent again", which no miss displaces */
};

/* The order of the members is that of their use: the core looks at many waiting calls
 * to choose one, and memory comes in pieces of 64 bytes. What a record of an older
 * daemon lacks reads as zero. */
struct call_record {
	struct call_id id;
	enum call_state state; /* never FREE; RECALLING is restored as WAITING */
	queue_index queue;
	queue_index first_queue; /* where the call arrived; outcomes are counted there */
	int16_t priority;
	uint8_t needs_count, known_count, excluded_count;
	bool service_counted; /* the service level already has this call */
	bool own_there;       /* the own agent was logged in at the recall, or while held out for */
	bool holdout;         /* routed as unknown, to measure what stickiness does */
	uint8_t tier;         /* 0: none */
	uint64_t seq;         /* order of arrival among equals */
	usec_t arrived_at;
	usec_t since;       /* of the state */
	usec_t overflow_at; /* end of the longest wait, USEC_NEVER without */
	usec_t hold_until;  /* end of holding out for the own agent or the target; 0 when not */

	usec_t answered_at;      /* first answer, 0 before */
	uint32_t offer;          /* number of the last offer made, 0 before the first */
	uint16_t legs;           /* agents who have answered this call */
	struct agent_id agent;   /* while OFFERED, TALKING or HELD */
	struct agent_id target;  /* transferred to this agent; unset otherwise */
	usec_t ring_until;       /* while OFFERED */
	usec_t ring, talk, hold; /* spent so far, without the present state's share */

	enum sticky_result sticky;
	enum sticky_why why;
	struct known_agent known[KNOWN_MAX];
	usec_t hold_since; /* first moment held out for the own agent, 0 never */

	usec_t told_wait;       /* smallest wait the caller was told, USEC_NEVER none */
	struct agent_id talker; /* last agent who answered, unset before */
	struct agent_id credit; /* last talker with at least min_talk, unset before */
	usec_t talk_before;     /* of `talk`: what earlier agents had */
	usec_t held_for;        /* how long the caller held out, up to the last end of it */
	usec_t passed_at;    /* while holding out: another agent was first passed over, 0 never */
	usec_t credit_talk;  /* what the one in `credit` had of `talk` */
	usec_t overtaken_at; /* the agent whose turn it was took an own caller, 0 never */
	usec_t extra_wait;   /* held out while another agent could have taken the call, so far */
	struct skill_need needs[CALL_NEEDS_MAX];

	struct exclusion excluded[CALL_EXCLUDED_MAX];
};

/* How long the talks and the wrap-ups of a queue last, as far as it was learned: how much
 * weight lasted at least as long as each edge (daemon/core/remain.h), so never more than at
 * the edge before. */
#define LASTING_EDGES 65

struct lasting_record {
	uint32_t talk[LASTING_EDGES], wrapup[LASTING_EDGES];
};

struct agent_record {
	struct agent_id id;
	enum agent_state state; /* OFFERED and TALKING follow from the call that names the agent */
	enum device_state device;
	usec_t since;
	usec_t until;      /* end of wrap-up, or of a RONA pause; 0 none */
	usec_t idle_since; /* the turn among the ready: longest idle goes first */
	enum agent_pending pending;
	enum pause_cause cause;      /* while PAUSED */
	bool brief;                  /* while PAUSED, or pending: soon over, by its reason */
	uint16_t team;               /* 0: none */
	uint16_t misses[MISS_KINDS]; /* in a row */
	struct call_id call;         /* while OFFERED or TALKING */
	uint16_t queues_count;
	queue_index queues[AGENT_QUEUES_MAX];
	uint8_t levels[SKILLS_MAX];
};

#endif
