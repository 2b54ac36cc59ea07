/* How a queue brings returning callers to their own agents. */
#include "table.h"

/* Most of what says how a queue is sticky. */
#define STICKY_SPAN(word, field, usual) \
	.path = "sticky." word, .kind = OPTION_DURATION, IN_QUEUE(plan.field), .fallback = usual, \
	.reload = true

/* In the order of enum sticky_policy. */
static const char *const sticky_policies[] = { "fixed", "off", "loose", "own_first", "rate", NULL };

static const struct option_row rows[] = {
	{ .path = "sticky.enabled",
	  .kind = OPTION_BOOL,
	  IN_QUEUE(plan.sticky),
	  .fallback = "true",
	  .reload = true,
	  .doc = "Whether a returning caller is brought to the agent they spoke to last." },
	{ .path = "sticky.window",
	  .kind = OPTION_DURATION,
	  IN_QUEUE(plan.window),
	  .fallback = "7d",
	  .min = SEC(1),
	  .max = DAY(3650),
	  .reload = true,
	  .doc = "A contact longer ago than this does not make a returning caller." },
	{ .path = "sticky.wait_busy",
	  .kind = OPTION_DURATION,
	  IN_QUEUE(plan.wait_busy),
	  .fallback = "20s",
	  .max = HOUR(1),
	  .reload = true,
	  .doc = "How long a returning caller holds out, keeping their place, for their own agent "
	         "who "
	         "is talking or wrapping up. 0s: not at all." },
	{ .path = "sticky.min_talk",
	  .kind = OPTION_DURATION,
	  IN_QUEUE(plan.min_talk),
	  .fallback = "15s",
	  .max = HOUR(1),
	  .reload = true,
	  .doc = "A shorter talk does not make an agent the caller's own." },
	{ .path = "sticky.line_max",
	  .kind = OPTION_INT,
	  IN_QUEUE(plan.line_max),
	  .fallback = "3",
	  .max = LINE_MAX,
	  .reload = true,
	  .doc = "Callers who may hold out for the same agent at once." },
	{ .path = "sticky.policy",
	  .kind = OPTION_CHOICE,
	  IN_QUEUE(plan.policy),
	  .fallback = "fixed",
	  .words = sticky_policies,
	  .reload = true,
	  .doc = "How: fixed waits up to wait_busy for an own agent who is busy; rate waits as "
	         "long as that is worth its price; own_first does not wait, but an agent who "
	         "comes free takes their own callers first; loose only looks whether the own "
	         "agent is ready; off does nothing." },
	{ .path = "sticky.in_turn",
	  .kind = OPTION_BOOL,
	  IN_QUEUE(plan.in_turn),
	  .fallback = "false",
	  .reload = true,
	  .doc = "With fixed, an agent who comes free takes whoever has waited longest, not their "
	         "own "
	         "callers first." },
	{ STICKY_SPAN("value", value, "60s"), .max = HOUR(1),
	  .doc = "With rate: what bringing a caller to their own agent is worth, in waiting. 60s "
	         "costs "
	         "nobody anything on average, 150s to 200s brings clearly more together for a "
	         "little more waiting, 0s is off." },
	{ .path = "sticky.skip_price",
	  .kind = OPTION_INT,
	  IN_QUEUE(plan.skip_price),
	  .fallback = "300",
	  .max = 10000,
	  .reload = true,
	  .doc = "With rate: what a second of letting others pass costs, in thousandths of a "
	         "second "
	         "beside an idle agent." },
	{ STICKY_SPAN("wait_idle", wait_idle, "1m"), .max = HOUR(1),
	  .doc = "With rate: most extra wait while an agent who could take the caller stays "
	         "idle." },
	{ STICKY_SPAN("wait_skipped", wait_skipped, "1m"), .max = HOUR(1),
	  .doc = "With rate: most extra wait while others take such agents." },
	{ STICKY_SPAN("credit", credit, "2m"), .max = HOUR(24), NEVER,
	  .doc = "With rate: at their own agent a caller counts as that much older than the "
	         "others. "
	         "never: without limit, which is not fair with few agents." },
	{ STICKY_SPAN("head_start", head_start, "0s"), .max = HEAD_START_MAX,
	  .doc = "With rate: in the whole line returning callers count as that much older, which "
	         "gives "
	         "back what holding out costs them. In whole seconds." },
	{ STICKY_SPAN("overtake_max", overtake_max, "10m"), .max = HOUR(24), NEVER,
	  .doc = "With rate: who has waited longer is not overtaken for a reunion, and holds out "
	         "no "
	         "more." },
	{ STICKY_SPAN("review", review, "5s"), .min = MSEC(100), .max = MINUTE(5),
	  .doc = "With rate: how often it is decided anew whether to hold out." },
	{ STICKY_SPAN("service_guard", service_guard, "never"), .max = HOUR(1), NEVER,
	  .doc = "With rate: nobody holds out once they have waited this long; such as "
	         "service_level." },
	{ STICKY_SPAN("talk_mean", talk_mean, "3m"), .min = SEC(1), .max = HOUR(8),
	  .doc = "With rate: mean length of talks that is assumed until enough have been heard." },
};
const struct option_table table_sticky = { SCOPE_QUEUE, rows, ARRAY_LEN(rows) };
