#ifndef NAJIMI_CORE_EVENT_H
#define NAJIMI_CORE_EVENT_H

#include "najimi/core/ids.h"
#include "najimi/core/plan.h"
#include "najimi/core/record.h"

/* What can happen, in the past tense. Plain data: an event may be copied,
 * queued and written to a journal. */
enum core_event_type {
	EVT_TIME_PASSED, /* fires the one earliest timer that is due at `at`, if any */
	EVT_RULES_CONFIGURED,
	EVT_QUEUE_CONFIGURED,
	EVT_CALL_RESTORED,    /* at start, from the store */
	EVT_AGENT_RESTORED,   /* before the calls that name the agent */
	EVT_LASTING_RESTORED, /* of a configured queue; what cannot have been learned is ignored */
	EVT_CALL_ARRIVED,
	EVT_CALLER_RECALLED, /* the store's answer to ACT_RECALL */
	EVT_CALL_UPDATED,
	EVT_CALL_RINGING, /* the agent's telephone rings: evidence, changes nothing else */
	EVT_CALL_ANSWERED,
	EVT_CALL_FAILED,
	EVT_CALL_HELD,
	EVT_CALL_RETRIEVED,
	EVT_CALL_TRANSFERRED,
	EVT_CALL_ENDED,
	EVT_AGENT_LOGGED_IN,
	EVT_AGENT_READY,
	EVT_AGENT_PAUSED,
	EVT_AGENT_LOGGED_OUT,
	EVT_AGENT_WRAPUP_EXTENDED,
	EVT_AGENT_DEVICE_CHANGED
};
#define CORE_EVENT_TYPES (EVT_AGENT_DEVICE_CHANGED + 1)

/* Who the caller is, as far as the codec could tell before any look-up. */
enum caller_identity {
	IDENTITY_NONE,   /* withheld, unusable, or nothing was sent */
	IDENTITY_SHARED, /* a number that many people use: never sticky */
	IDENTITY_KEYED   /* there is a key to recall by */
};

enum recall_outcome {
	RECALL_KNOWN,   /* `known` says who */
	RECALL_UNKNOWN, /* nobody to return to */
	RECALL_SHARED,  /* the number has turned out to be several customers' */
	RECALL_FAILED   /* the store could not say */
};

enum ended_by {
	BY_CALLER,
	BY_AGENT,
	BY_SYSTEM,
	BY_LOSS /* the telephony system vanished and does not list the call any more */
};

struct core_event {
	enum core_event_type type;
	usec_t at; /* never earlier than the event before */
	/* Names the one who waits for an answer, 0 for nobody. The core hands it
	 * back in ACT_REPLY and never looks at it. */
	uint64_t request;
	union {
		struct core_rules rules;
		struct {
			queue_index queue;
			struct queue_plan plan;
		} queue_configured;
		struct call_record call_restored;
		struct agent_record agent_restored;
		struct {
			queue_index queue;
			struct lasting_record lasting;
		} lasting_restored;
		struct {
			struct call_id call; /* a slot that is free in the core */
			queue_index queue;
			bool has_priority; /* else the queue's */
			int16_t priority;
			enum caller_identity identity;
			uint8_t tier; /* 0: none */
			uint8_t needs_count;
			struct skill_need needs[CALL_NEEDS_MAX];
			usec_t arrived_at; /* <= at; the wait runs from here */
		} call_arrived;
		struct {
			struct call_id call;
			enum recall_outcome outcome;
			bool holdout; /* who is known is routed as unknown, why `holdout` */
			uint8_t tier; /* what the memory says, for a call that brought none */
			uint8_t known_count;
			struct known_agent known[KNOWN_MAX]; /* a pin, then latest contact first */
			uint8_t never_count; /* agents who are not to have this caller */
			struct agent_id never[CALL_EXCLUDED_MAX / 2];
			/* The caller gave up in this queue lately: 0 when not. */
			queue_index left_queue;
			usec_t left_arrived_at, left_at;
		} caller_recalled;
		struct {
			struct call_id call;
			bool has_queue, has_priority, has_needs, has_identity, has_tier;
			bool releases; /* the caller is routed as one nobody knows from now on */
			uint8_t tier;
			queue_index queue;
			int16_t priority;
			enum caller_identity identity; /* KEYED recalls again */
			uint8_t needs_count;
			struct skill_need needs[CALL_NEEDS_MAX];
		} call_updated;
		struct {
			struct call_id call;
			uint32_t offer;
			usec_t ring; /* from now on, whatever the plan says; 0: as it says */
		} call_ringing;
		struct {
			struct call_id call;
			uint32_t offer;
		} call_answered;
		struct {
			struct call_id call;
			uint32_t offer;
			enum miss_kind kind;
			/* Nobody has called the agent: no miss of theirs. They are not rung
			 * for this caller again for a while all the same. */
			bool blameless;
		} call_failed;
		struct {
			struct call_id call;
		} call_held, call_retrieved;
		struct {
			struct call_id call;
			struct agent_id to_agent; /* unset: to the queue */
			queue_index to_queue;
			bool consult; /* to_agent already talks with the caller */
			/* The call by which they were asked beforehand, which they are in: it ends
			 * with the transfer. Unset: there was none. One that they are not in is
			 * left as it is. */
			struct call_id asked;
		} call_transferred;
		struct {
			struct call_id call;
			enum ended_by by;
		} call_ended;
		struct {
			struct agent_id agent; /* a slot that is free, or this same agent */
			bool ready;            /* else paused */
			bool keep_state; /* logged in already: only queues, skills and team are new
			                  */
			uint16_t team;   /* 0: none */
			uint16_t queues_count;
			queue_index queues[AGENT_QUEUES_MAX];
			uint8_t levels[SKILLS_MAX]; /* 0: does not have the skill */
		} agent_logged_in;
		struct {
			struct agent_id agent;
		} agent_ready, agent_logged_out;
		struct {
			struct agent_id agent;
			bool brief; /* its reason says that it is soon over */
		} agent_paused;
		struct {
			struct agent_id agent;
			usec_t extend; /* added to the end of the wrap-up that runs */
		} agent_wrapup_extended;
		struct {
			struct agent_id agent;
			enum device_state device;
		} agent_device_changed;
	};
};

#endif
