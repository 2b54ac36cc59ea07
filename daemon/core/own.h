#ifndef CORE_OWN_H
#define CORE_OWN_H

#include "hold.h"
#include "match.h"

/* A returning caller and the own agent: to them, waiting for them, or why not. Pure
 * comparison, like match.h. */

/* The own agent now, or until when the caller holds out; else neither, and `why`.
 * `may_hold` as for match_call(). */
struct choice own_choose(struct core *core, const struct call *call, bool may_hold);

/* Another agent than the own one is free for a returning caller, in a queue with a price:
 * whether the caller would rather hold out, and how long at the most. */
bool own_declines(const struct core *core, const struct call *call, const struct agent *agent,
                  enum hold_price price, usec_t *ret_until);

/* Whether a caller of this plan has to do without an agent in this state: not even busy. */
bool own_is_away(enum sticky_why why);

/* Another agent takes a returning caller: why it is not the own one. */
enum sticky_why own_why_not(const struct core *core, const struct call *call,
                            const struct agent *agent, enum hold_price price);

/* Whether those who hold out are asked again when somebody else comes free, and then whether
 * this one's own agent is expected to take too long. */
static inline bool own_wait_is_guarded(const struct queue_plan *plan)
{
	return plan->policy == POLICY_FIXED && plan->ewt_guard != 0 &&
	       plan->ewt_guard != USEC_NEVER;
}

bool own_takes_too_long(const struct core *core, const struct call *call);

#endif
