#ifndef NAJIMI_TOOLS_REPLAY_POLICY_H
#define NAJIMI_TOOLS_REPLAY_POLICY_H

#include "najimi/base/err.h"
#include "najimi/core/plan.h"

/* Takes a policy by its word into the plan; the plan's other members stay:
 * "off", "loose", "own_first", "strict", "new_agent", "fixed:20", "fixed:20+own_first",
 * "rate:150", "rate:150+budget:60+credit:never+head_start:40", or a preset of the daemon's
 * sticky.preset, "neutral". Spans are seconds, or durations with their unit. -EINVAL with the
 * part that is wrong. */
int replay_policy_set(struct queue_plan *plan, const char *word, struct err *err) MUST_CHECK;

#endif
