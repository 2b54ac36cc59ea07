#ifndef NAJIMI_CORE_PLAN_H
#define NAJIMI_CORE_PLAN_H

#include <stdbool.h>

#include "najimi/base/macros.h"
#include "najimi/core/ids.h"

/* What the configuration tells the core: plain values, no names. */

#define SKILLS_MAX 64       /* distinct skills of a site */
#define CALL_NEEDS_MAX 8    /* skills one call may ask for */
#define CALL_EXCLUDED_MAX 8 /* agents a call remembers not to ring again; the oldest goes */
#define KNOWN_MAX 3         /* earlier agents of a caller that are considered */
#define PRIORITY_MAX 1000   /* |priority|; higher is served first, 0 is usual */
#define LINE_MAX 16         /* the most that sticky_line_max may be */
#define HEAD_START_MAX SEC(240)

/* Ways in which an offer fails, in the order of the protocol's words. */
enum miss_kind {
	MISS_NO_ANSWER,
	MISS_BUSY,
	MISS_REJECTED,
	MISS_UNREACHABLE
};
#define MISS_KINDS (MISS_UNREACHABLE + 1)

/* How a returning caller is brought to the own agent. */
enum sticky_policy {
	POLICY_FIXED,     /* who is busy is waited for, up to wait_busy */
	POLICY_OFF,       /* not at all */
	POLICY_LOOSE,     /* if the agent is ready at that very moment */
	POLICY_OWN_FIRST, /* likewise, and an agent who comes free takes their own callers first */
	POLICY_RATE       /* who is busy is waited for while that is worth its price */
};
#define STICKY_POLICIES (POLICY_RATE + 1)

struct queue_plan {
	bool open;            /* false: no new callers are taken, those who wait are served */
	bool overflows;       /* callers who find it full have another place; else: rejected */
	bool sticky;          /* whether returning callers are brought to their own agent */
	int16_t priority;     /* of callers who name none */
	uint16_t line_max;    /* callers who may wait for one busy agent at once, <= LINE_MAX */
	uint32_t waiting_max; /* callers who may wait; the next one is turned away */
	usec_t ring;          /* how long an agent's telephone rings */
	usec_t wait_max;      /* then the caller overflows; USEC_NEVER: they never do */
	usec_t wrapup;        /* after each call; 0: none */
	usec_t service_level; /* threshold T of the service level */
	usec_t short_abandon; /* abandons up to this are short abandons */
	usec_t window;        /* a contact longer ago does not make a returning caller */
	usec_t wait_busy;     /* how long a caller holds out for their own busy agent */
	usec_t min_talk;      /* shorter talks are no contact and earn no credit */

	enum sticky_policy policy;
	bool in_turn; /* POLICY_FIXED: an agent who comes free takes whoever has waited longest */

	/* Of POLICY_RATE; daemon/core/README.md says how they work together. */
	usec_t value;         /* what a reunion is worth, in waiting */
	uint16_t skip_price;  /* of a second in which others are served, in thousandths */
	usec_t wait_idle;     /* most extra wait while an agent who could take the caller idles */
	usec_t wait_skipped;  /* and while others take such agents */
	usec_t credit;        /* own callers count as that much older; USEC_NEVER: no limit */
	usec_t head_start;    /* returning callers count as that much older everywhere */
	usec_t overtake_max;  /* who has waited longer neither holds out nor is overtaken */
	usec_t review;        /* how often those who hold out are decided anew, > 0 */
	usec_t service_guard; /* nobody holds out beyond this wait; USEC_NEVER: no such guard */
	usec_t talk_mean;     /* expected mean of talks, until they are known */
};

/* What holds for the whole site. */
struct core_rules {
	uint16_t misses_max[MISS_KINDS]; /* consecutive misses of a kind that pause; 0: never */
	usec_t rona_return; /* a RONA pause ends by itself after this; 0: it does not */
	usec_t exclude_for; /* an agent who missed a call is not rung for it again this long */
	usec_t ring_grace;  /* an offer nobody reports on is withdrawn this long after its ring time
	                     */
	usec_t recall_max;  /* then the caller is routed as unknown */
	usec_t resume_max;  /* an abandoned caller who is back within this keeps the first clock */
};

/* Whether an agent who comes free takes their own callers before others. */
static inline bool plan_owns_first(const struct queue_plan *plan)
{
	return plan->policy == POLICY_FIXED
	               ? !plan->in_turn
	               : plan->policy == POLICY_OWN_FIRST || plan->policy == POLICY_RATE;
}

/* Whether it is asked at all whom a caller returns to. */
static inline bool plan_sticks(const struct queue_plan *plan)
{
	return plan->sticky && plan->policy != POLICY_OFF &&
	       (plan->policy != POLICY_RATE || plan->value != 0);
}

struct skill_need {
	skill_index skill;
	uint8_t min; /* least level, 1 to 255 */
};

#endif
