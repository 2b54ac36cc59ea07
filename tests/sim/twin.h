#ifndef TESTS_TWIN_H
#define TESTS_TWIN_H

#include "najimi/base/err.h"
#include "najimi/core/core.h"

/* A second core that lives the same life under other plans, and has to order the same.
 *
 * It is fed with the events of the first, the plans changed by `change`; orders are compared
 * member by member. Now and then copies of both are given one and the same plan, so that
 * their digests, which contain the plan, must be equal as well. */

typedef void twin_change_fn(struct queue_plan *plan);

struct twin {
	twin_change_fn *change;
	struct core *core; /* made at the first step */
	struct core_limits limits;
	struct core_actions actions;
	struct core *scratch[2];
	uint64_t steps;
};

void twin_begin(struct twin *twin, const struct core_limits *limits, twin_change_fn *change);
void twin_restart(struct twin *twin); /* the first core is about to be a new one */
void twin_end(struct twin *twin);

/* After a step of the first core. -EPROTO and what differs. */
int twin_step(struct twin *twin, const struct core *core, const struct core_event *ev,
              const struct core_actions *actions, struct err *err) MUST_CHECK;

/* Whether two steps ordered the same; *ret_what names what does not. */
bool actions_equal(const struct core_actions *a, const struct core_actions *b,
                   const char **ret_what);

#endif
