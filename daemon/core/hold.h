#ifndef CORE_HOLD_H
#define CORE_HOLD_H

#include "state.h"

/* Whether a caller holds out for an agent they know at a price: POLICY_RATE. Pure
 * comparison, like match.h. */

/* What becomes of the agent whom the caller declines. */
enum hold_price {
	PRICE_IDLE,   /* nobody else takes the agent: a second costs a second */
	PRICE_SKIPPED /* somebody behind does: it costs queue_plan.skip_price */
};

/* Everything that was compared, for those who ask why. */
struct hold_terms {
	enum sticky_why why; /* the guard that forbids it; WHY_NONE: none */
	usec_t until;        /* end of the caller's budget */
	usec_t value;        /* of a reunion with the own agent */
	uint64_t index;      /* reunions with the most worthwhile agent per second, in millionths */
	uint64_t worth;      /* of one second of waiting, in millionths of a second; and */
	uint64_t price;      /* what it costs */
	uint32_t ahead;      /* callers whom that agent will take before */
};

/* `declined` is the agent who could take the caller now, NULL when there is none yet. True:
 * hold out, and then `until` when at the longest. */
bool hold_is_worth(const struct core *core, const struct call *call, const struct agent *declined,
                   enum hold_price price, struct hold_terms *ret);

/* What it counts for the caller to meet this agent, in thousandths; 0 for nobody they know. */
unsigned hold_familiarity(const struct core *core, const struct call *call,
                          const struct agent *agent);

/* Whether an agent who comes free takes `own`, a caller who would like them, although `other`
 * stands further in front. Both have the same priority. */
bool hold_may_overtake(const struct core *core, const struct agent *agent, const struct call *own,
                       const struct call *other);

/* By how much a caller counts as older at this agent; USEC_NEVER: without limit. */
usec_t hold_credit(const struct core *core, const struct call *call, const struct agent *agent);

/* How long the agent is expected to be busy yet; USEC_NEVER: nobody knows. */
usec_t hold_expected(const struct core *core, const struct agent *agent);

static inline bool hold_at_price(const struct core *core, const struct call *call)
{
	return core->queues[call->r.queue].plan.policy == POLICY_RATE;
}

#endif
