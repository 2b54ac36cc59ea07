#ifndef CORE_MATCH_H
#define CORE_MATCH_H

#include "state.h"

/* Who gets whom. Pure comparison: nothing here changes anything, so a policy can be
 * replaced, and asked what it would do, by replacing this file. */

/* What is best for one call now. */
struct choice {
	struct agent *agent; /* NULL: the caller waits */
	enum sticky_result sticky;
	enum sticky_why why;
	usec_t hold_until; /* while waiting: for the own agent or the target only; else 0 */
	bool declines;     /* ... although an agent came free who could have taken the caller */
	bool keeps_target; /* the call is still bound to its target */
};

/* `may_hold`: the caller may begin to hold out now. A caller who holds out already
 * goes on while there is reason to, whatever it says. */
struct choice match_call(struct core *core, const struct call *call, bool may_hold);

/* A caller who declines an agent, to hold out for the own one. */
struct decliner {
	struct call *call;
	usec_t until;
};

/* What becomes of an agent who is free. */
struct meeting {
	struct call *call;      /* NULL: nobody is taken */
	bool own;               /* one of the agent's own callers, or transferred to the agent */
	struct call *overtaken; /* whose turn it was, if an own caller goes first; or NULL */
	enum sticky_why why;    /* why it is not the caller's own agent */
	size_t decliners_count;
	struct decliner decliners[PASSED_MAX]; /* who stood ahead and are to hold out now */
};

void match_agent(struct core *core, const struct agent *agent, struct meeting *ret);

/* Somebody who is ready and could take the call if it stood in that queue, whoever the
 * caller returns to: the longest idle. NULL for none. */
struct agent *match_anyone(struct core *core, const struct call *call, queue_index queue);

/* Likewise for a returning caller, in the caller's own queue: an earlier agent of theirs
 * first, then one of the own agent's team. */
struct agent *match_familiar(struct core *core, const struct call *call);

/* Whether the agent has the skills and has not missed this call before. */
bool match_fits(const struct core *core, const struct agent *agent, const struct call *call);

/* One agent as a candidate for one call; NULL is an agent nobody knows. */
enum verdict match_judge(const struct core *core, const struct call *call,
                         const struct agent *agent);

/* What it means for the caller to meet this agent; `why` is why it is not the own
 * one. match_result() leaves a call alone that was answered before: the first answer
 * settles it. */
enum sticky_result match_label(const struct core *core, const struct call *call,
                               struct agent_id agent, enum sticky_why why,
                               enum sticky_why *ret_why);
enum sticky_result match_result(const struct core *core, const struct call *call,
                                struct agent_id agent, enum sticky_why why,
                                enum sticky_why *ret_why);

#endif
