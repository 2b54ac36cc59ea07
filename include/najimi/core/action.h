#ifndef NAJIMI_CORE_ACTION_H
#define NAJIMI_CORE_ACTION_H

#include "najimi/core/event.h"

/* What can be ordered, in the imperative. */
enum core_action_type {
	ACT_RECALL,       /* ask the store who this caller is */
	ACT_DECIDE,       /* tell the telephony system what becomes of the call */
	ACT_TELL_CALLER,  /* tell the caller where they stand; `decide` is DECIDE_QUEUE */
	ACT_CANCEL_OFFER, /* stop ringing that agent */
	ACT_REPLY,        /* answer the request: done, or which error */
	ACT_CHANGE_CALL,  /* the call's record is new: save it, tell those who watch */
	ACT_CHANGE_AGENT, /* likewise the agent's */
	ACT_END_CALL      /* the call is over: erase it, keep the contact */
};
#define CORE_ACTION_TYPES (ACT_END_CALL + 1)

enum decision_kind {
	DECIDE_CONNECT,
	DECIDE_QUEUE,
	DECIDE_OVERFLOW,
	DECIDE_REJECT
};

enum decision_reason {
	REASON_NONE,
	REASON_MAX_WAIT,   /* overflow */
	REASON_QUEUE_FULL, /* overflow or reject */
	REASON_CLOSED,     /* reject: the queue takes no callers */
	REASON_OWN_AWAY    /* overflow: POLICY_STRICT, and the own agent is not there */
};

struct decision {
	enum decision_kind kind;
	enum decision_reason reason;
	queue_index queue;
	struct agent_id agent; /* CONNECT */
	uint32_t offer;        /* CONNECT */
	usec_t ring;           /* CONNECT: how long to ring */
	uint32_t position;     /* QUEUE: 1 is next */
	usec_t estimated_wait; /* QUEUE: USEC_NEVER when the data are too thin */
	enum sticky_result sticky;
	enum sticky_why why;
	struct known_agent preferred; /* whom the caller returns to; `at` is 0 for nobody */
	usec_t waited_for;            /* how long the caller held out for them */
	usec_t until;                 /* QUEUE while sticky is WAITING: how much longer, at most;
	                                 USEC_NEVER: as long as the caller waits at all */
};

/* Every call ends in exactly one: metrics.md. */
enum call_outcome {
	OUTCOME_ANSWERED,
	OUTCOME_ABANDONED,
	OUTCOME_SHORT_ABANDONED,
	OUTCOME_OVERFLOW,
	OUTCOME_REJECTED,
	OUTCOME_CALLBACK,
	OUTCOME_LOST
};
#define CALL_OUTCOMES (OUTCOME_LOST + 1)

/* A finished call, whole. `talk` excludes `hold`. */
struct contact {
	enum call_outcome outcome;
	enum ended_by by;
	queue_index queue, first_queue;
	usec_t arrived_at, answered_at, ended_at; /* answered_at 0: never */
	usec_t wait, ring, talk, hold;
	struct agent_id agent;    /* last talker, unset without */
	struct agent_id credited; /* last talker with min_talk: the caller returns to them */
	uint16_t legs;
	uint32_t offers;
	enum sticky_result sticky;
	enum sticky_why why;
	struct known_agent preferred;
	usec_t waited_for;
	usec_t extra_wait; /* of it: while another agent could have taken the call */
	bool holdout;
	uint8_t tier;
};

enum core_reply {
	REPLY_DONE,
	REPLY_UNKNOWN_CALL,
	REPLY_UNKNOWN_AGENT,
	REPLY_WRONG_STATE, /* the call or agent is not where this could happen */
	REPLY_STALE_OFFER, /* the offer named is not the present one */
	REPLY_QUEUE_FULL,  /* a transfer or update into a queue at its limit */
	REPLY_QUEUE_CLOSED,
	REPLY_AGENT_AWAY /* a transfer to an agent who is paused or logged out */
};
#define CORE_REPLIES (REPLY_AGENT_AWAY + 1)

struct core_action {
	enum core_action_type type;
	struct call_id call;
	struct agent_id agent;
	union {
		struct decision decide;
		struct {
			uint32_t offer;
			bool missed; /* the ring time passed; else the caller or device left */
		} cancel_offer;
		struct {
			uint64_t request;
			enum core_reply code;
		} reply;
		struct contact end;
	};
};

/* One step never orders more than this. */
#define CORE_ACTIONS_MAX 128

/* Owned by the caller, reused between steps. */
struct core_actions {
	size_t count;
	struct core_action items[CORE_ACTIONS_MAX];
};

#endif
