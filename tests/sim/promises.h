#ifndef TESTS_PROMISES_H
#define TESTS_PROMISES_H

#include "deed.h"

#include "najimi/core/view.h"

/* What callers and agents were promised whatever the policy, checked from outside: from
 * records, plans and verdicts, after every step.
 *
 *  - nobody holds out longer than the plan's budgets, counted from the first moment, nor
 *    beyond its guards; extra wait is within them, too;
 *  - nobody holds out for agents who are not there, or who are free;
 *  - who begins to hold out at a price has fewer than line_max callers ahead, and it is
 *    worth its price;
 *  - an agent is not idle beside a caller who would take anybody;
 *  - nobody takes an agent before one of a higher priority, nor before one who stood
 *    further in front, unless the latter holds out or the former is the agent's own, and
 *    then only within the limits of overtaking;
 *  - nobody is rung for a caller who is not to have them;
 *  - strict binding lets nobody else have the caller of an agent who is at work;
 *  - a telephone rings for its time and the grace, whoever said how long, unless somebody
 *    reports; then the offer is missed;
 *  - an agent who did not take a caller is not rung for them for a while, to blame or not;
 *  - who sends a caller to a queue of their own neither, if others are at work there, and only
 *    then.
 *
 * A reload in the middle of a wait leaves what was decided as it is: of all plans that held
 * meanwhile the most patient one counts. */

struct promise {
	struct call_id id;
	struct call_record was; /* after the step before; state FREE when it was not there */
	usec_t budget;          /* the longest time to hold out, by all plans so far */
	usec_t guard;           /* from the arrival: nobody holds out at a price beyond */
	usec_t head_min, head_max;
	usec_t ring_due;               /* while it rings: nobody is waited for any longer */
	bool patient;                  /* with agents who pause or are logged out */
	bool strict_only, priced_only; /* all plans so far */
};

struct promises {
	bool restoring;
	struct core_rules rules;
	struct queue_plan plans[CAST_QUEUES_MAX];
	usec_t head_most; /* the greatest head start so far */
	struct promise calls[CAST_CALLS_MAX];
	struct agent_record agents[CAST_AGENTS_MAX];
};

void promises_begin(struct promises *promises);

/* A story_step_fn. -EPROTO and which promise was broken. */
int promises_step(void *context, const struct core *core, const struct core_event *ev,
                  const struct core_actions *actions, struct err *err) MUST_CHECK;

/* Whether agents are kept from the callers whom they did not take, or sent away, and for how
 * long; `now` are the records of the calls after the step. */
int promises_check_kept_away(const struct promises *promises, const struct core_event *ev,
                             const struct call_record *now, struct err *err) MUST_CHECK;

/* Until when the agent is not rung for the call, 0 for one who is. */
usec_t excluded_until(const struct call_record *r, struct agent_id agent);

#endif
