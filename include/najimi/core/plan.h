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
#define TIERS_MAX 8         /* tiers of callers a site may have */
#define WALK_MAX 64         /* the most candidates one decision looks at, on either side */
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
	POLICY_RATE,      /* who is busy is waited for while that is worth its price */
	POLICY_STRICT,    /* nobody but the own agent, as long as that agent is there */
	POLICY_NEW_AGENT  /* anybody but the agents the caller knows */
};
#define STICKY_POLICIES (POLICY_NEW_AGENT + 1)

/* Of several agents who talked with a caller in one call: to whom the caller returns. */
enum transfer_credit {
	CREDIT_LAST,
	CREDIT_FIRST,
	CREDIT_LONGEST
};
#define TRANSFER_CREDITS (CREDIT_LONGEST + 1)

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
	usec_t tell_after;    /* in line for this long, callers are told where they stand, */
	usec_t tell_every;    /* and each time after this; USEC_NEVER: once; 0: they are not */

	enum sticky_policy policy;
	bool in_turn; /* POLICY_FIXED: an agent who comes free takes whoever has waited longest */

	/* Of several policies. Zero is the usual: no guard, nothing special. */
	uint16_t familiarity[KNOWN_MAX - 1]; /* of the second and third known agent, in
	                                        thousandths; of the first it is 1000 */
	uint16_t candidates;                 /* known agents that count, 1 to KNOWN_MAX; 0: all */
	usec_t fade;           /* an earlier agent's familiarity halves with this; 0: it does not */
	usec_t ring_own;       /* how long the own agent's telephone rings; 0: as anybody's */
	usec_t wait_wrapup;    /* POLICY_FIXED: most to wait for one who wraps up */
	usec_t wait_paused;    /* for one who pauses; */
	usec_t wait_brief;     /* whose pause has one of the reasons that are said to be brief; */
	usec_t wait_away;      /* and for one who is logged out */
	usec_t ewt_guard;      /* POLICY_FIXED: who is expected to be busy longer is not waited for
	                          while somebody else is free; 0: no such guard */
	uint16_t load_max;     /* an own agent busier than that is not waited for, in thousandths of
	                          the time at work; 0: no such guard */
	bool skips_skills;     /* the own agent may lack the skills */
	bool prefers_team;     /* of those who are free, the own agent's team first */
	bool after_hours;      /* a closed queue takes whose own agent is ready */
	bool absent_overflows; /* POLICY_STRICT: who has nobody to wait for is sent elsewhere */
	enum transfer_credit transfer_credit;

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
	uint16_t agent_calls; /* talks an agent must have had for their own lengths to count; 0:
	                         never */
	usec_t target_extra_wait; /* the value is steered to this mean extra wait of returning
	                             callers; 0: it stays as it is */
};

/* What is different for some callers. */
struct tier_plan {
	usec_t head_start;    /* they count as that much older, <= HEAD_START_MAX */
	uint16_t value_share; /* of the queue's value, in thousandths */
	uint16_t price_share; /* of the price of their waiting, in thousandths, > 0 */
	usec_t wait_idle;     /* instead of the queue's; USEC_NEVER: the queue's */
	usec_t wait_skipped;
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
	uint16_t walk_max;  /* candidates one decision looks at, <= WALK_MAX; 0: WALK_MAX */
	uint16_t tiers_count;
	struct tier_plan tiers[TIERS_MAX]; /* tier n is tiers[n - 1]; 0 is no tier */
};

/* Whether an agent who comes free takes their own callers before others. */
static inline bool plan_owns_first(const struct queue_plan *plan)
{
	switch (plan->policy) {
	case POLICY_FIXED:
		return !plan->in_turn;
	case POLICY_OWN_FIRST:
	case POLICY_RATE:
	case POLICY_STRICT:
		return true;
	case POLICY_OFF:
	case POLICY_LOOSE:
	case POLICY_NEW_AGENT:
		break;
	}
	return false;
}

/* Whether it is asked at all whom a caller returns to. */
static inline bool plan_sticks(const struct queue_plan *plan)
{
	return plan->sticky && plan->policy != POLICY_OFF &&
	       (plan->policy != POLICY_RATE || plan->value != 0 || plan->target_extra_wait != 0);
}

struct skill_need {
	skill_index skill;
	uint8_t min; /* least level, 1 to 255 */
};

#endif
