/* How a queue brings returning callers to their own agents. First what holds for every
 * policy, then what is for fixed, then for rate. */
#include "table.h"

#define STICKY(word, of, member, usual) \
	.path = "sticky." word, .kind = OPTION_##of, IN_QUEUE(member), .fallback = usual, \
	.reload = true
#define SPAN(word, member, usual) STICKY(word, DURATION, plan.member, usual)

/* Each in the order of its enum. */
static const char *const policies[] = { "fixed", "off",    "loose",     "own_first",
	                                "rate",  "strict", "new_agent", NULL };
static const char *const presets[] = { "", "neutral", "balanced", "sticky", "regulars", NULL };
static const char *const scopes[] = { "site", "group", "queue", NULL };
static const char *const credits[] = { "last", "first", "longest", NULL };
/* For whom there is nobody to wait for: false and true of absent_overflows. */
static const char *const absents[] = { "anyone", "overflow", NULL };

static const struct option_row rows[] = {
	{ STICKY("enabled", BOOL, plan.sticky, "true"),
	  .doc = "Whether a returning caller is brought to the agent they spoke to last." },
	{ STICKY("policy", CHOICE, plan.policy, "rate"), .words = policies,
	  .doc = "How. rate: an own agent who is busy is waited for as long as that is "
	         "worth its price. fixed: up to wait_busy. off: not at all. loose: only an "
	         "own agent who is ready at that very moment. own_first: likewise, and an "
	         "agent who comes free takes their own callers first. strict: nobody but the own "
	         "agent, as long as that agent is there, busy or not. new_agent: anybody but "
	         "the agents the caller knows." },
	{ STICKY("preset", CHOICE, preset, "neutral"), .words = presets,
	  .doc = "Sets value, wait_idle, wait_skipped, credit and head_start for the policy "
	         "rate, where the same place does not say them itself. neutral: nobody "
	         "waits longer in the mean than without stickiness. balanced: clearly more "
	         "reunions at about the same mean wait. sticky: more still, and callers "
	         "wait for it. regulars: as many, at about the same mean wait, for "
	         "returning callers are served earlier in return; some of them wait long. "
	         "The policy stays as it is. Empty: sets nothing." },
	{ SPAN("window", window, "7d"), .min = SEC(1), .max = DAY(3650),
	  .doc = "A contact longer ago than this does not make a returning caller." },
	{ STICKY("refresh", BOOL, refresh, "true"),
	  .doc = "Whether each contact with the agent begins the window anew; else the "
	         "first one does." },
	{ SPAN("min_talk", min_talk, "15s"), .max = HOUR(1),
	  .doc = "A shorter talk does not make an agent the caller's own." },
	{ STICKY("outbound", BOOL, outbound, "false"),
	  .doc = "Whether calls that agents made count as contacts as well." },
	{ STICKY("scope", CHOICE, scope, "site"), .words = scopes,
	  .doc = "Where an agent must have been met to be the caller's own here: in any "
	         "queue of the site, in one of the same sticky.group, or in this queue. In "
	         "simulation, site brought the most callers back." },
	{ STICKY("group", TEXT, group, ""), .max = NAME_MAX_BYTES,
	  .doc = "Queues that say the same here belong together, for sticky.scope. Empty: "
	         "to none." },
	{ STICKY("transfer", CHOICE, plan.transfer_credit, "last"), .words = credits,
	  .doc = "Of several agents who talked with a caller in one call, to whom the "
	         "caller returns: the last, the first, or the one who talked longest. "
	         "Talks shorter than min_talk do not count." },
	{ STICKY("pins", BOOL, pins, "true"),
	  .doc = "Whether pins are followed: agents named as a caller's own, whoever was "
	         "met last." },
	{ STICKY("exclusions", BOOL, exclusions, "true"),
	  .doc = "Whether exclusions are followed: agents whom a caller is not to meet "
	         "again." },
	{ STICKY("unstick", BOOL, unstick, "true"),
	  .doc = "Whether an agent may take leave of a caller after a talk, with "
	         "agent.disposition." },
	{ STICKY("drop_on_leave", BOOL, drop_on_leave, "true"),
	  .doc = "Whether an agent who serves the queue no more gives way to the one met "
	         "before. Who is merely logged out does not." },
	{ STICKY("candidates", INT, plan.candidates, "3"), .min = 1, .max = KNOWN_MAX,
	  .doc = "How many of the agents a caller met last count, a pin among them." },
	{ STICKY("familiarity_second", PERCENT, plan.familiarity[0], "60%"), .max = 1000,
	  .doc = "With rate: what a reunion with the second of them is worth, as a share "
	         "of one with the first." },
	{ STICKY("familiarity_third", PERCENT, plan.familiarity[1], "40%"), .max = 1000,
	  .doc = "Likewise with the third." },
	{ SPAN("fade", fade, "14d"), .min = HOUR(1), .max = DAY(3650), NEVER_AS_0,
	  .doc = "With rate: what a reunion with the second or third is worth halves with "
	         "each such time since that contact. never: it does not." },
	{ STICKY("needs_skill", BOOL, plan.skips_skills, "true"), .inverted = true,
	  .doc = "Whether the own agent, too, must have the skills that the call asks for. "
	         "false: to know the caller is enough." },
	{ STICKY("team", BOOL, plan.prefers_team, "true"),
	  .doc = "Whether, when the own agent is not to be had, agents of the same team "
	         "come first among those who are free." },
	{ SPAN("ring", ring_own, "0s"), .min = MSEC(10), .max = MINUTE(5), .also = "0s",
	  .also_is = 0,
	  .doc = "How long the own agent's telephone rings. 0s: as long as anybody's, "
	         "which is ring." },
	{ STICKY("line_max", INT, plan.line_max, "3"), .max = LINE_MAX,
	  .doc = "Callers who may hold out for the same agent at once." },
	{ STICKY("load_max", PERCENT, plan.load_max, "100%"), .min = 1, .max = 999, .also = "100%",
	  .also_is = 0,
	  .doc = "An own agent who was busy for more than this share of the last hours at "
	         "work is neither waited for nor preferred. 100%: no such guard." },
	{ STICKY("after_hours", BOOL, plan.after_hours, "false"),
	  .doc = "Whether a closed queue takes a caller whose own agent is ready all the "
	         "same." },
	{ STICKY("absent", CHOICE, plan.absent_overflows, "anyone"), .words = absents,
	  .doc = "With strict: a returning caller whose own agent is not there is taken by "
	         "anyone, or sent to the queue's overflow." },
	{ STICKY("holdout", PERCENT, holdout, "0%"), .max = 500,
	  .doc = "Share of returning callers who are routed as unknown, so that what "
	         "stickiness does can be measured against them. 5% is a good measure." },

	{ SPAN("wait_busy", wait_busy, "20s"), .max = HOUR(1),
	  .doc = "With fixed: how long a returning caller holds out, keeping their place, "
	         "for their own agent who is talking. 0s: not at all." },
	{ SPAN("wait_wrapup", wait_wrapup, "20s"), .max = HOUR(1),
	  .doc = "Likewise for one who is wrapping up, and no longer than the wrap-up." },
	{ SPAN("wait_paused", wait_paused, "0s"), .max = HOUR(1),
	  .doc = "Likewise for one who pauses." },
	{ SPAN("wait_brief", wait_brief, "20s"), .max = HOUR(1),
	  .doc = "Likewise for one whose pause has a reason that is in pause.brief." },
	{ SPAN("wait_away", wait_away, "0s"), .max = HOUR(1),
	  .doc = "Likewise for one who is logged out." },
	{ SPAN("ewt_guard", ewt_guard, "never"), .min = SEC(1), .max = HOUR(1), NEVER_AS_0,
	  .doc = "With fixed: while somebody else is free, an own agent who is expected to "
	         "be busy for longer than this is not waited for. never: no such guard." },
	{ STICKY("in_turn", BOOL, plan.in_turn, "false"),
	  .doc = "With fixed: an agent who comes free takes whoever has waited longest, "
	         "not their own callers first." },

	{ SPAN("value", value, "60s"), .max = HOUR(1), .preset = { "60s", "150s", "200s", "165s" },
	  .doc = "With rate: what bringing a caller to their own agent is worth, in "
	         "waiting. 60s costs nobody anything on average, 150s to 200s brings "
	         "clearly more together for a little more waiting, 0s is off unless "
	         "target_extra_wait steers it." },
	{ STICKY("skip_price", INT, plan.skip_price, "300"), .max = 10000,
	  .doc = "With rate: what a second of letting others pass costs, in thousandths of "
	         "a second beside an idle agent." },
	{ SPAN("wait_idle", wait_idle, "1m"), .max = HOUR(1), .preset = { "1m", "1m", "2m", "5m" },
	  .doc = "With rate: most extra wait while an agent who could take the caller "
	         "stays idle." },
	{ SPAN("wait_skipped", wait_skipped, "1m"), .max = HOUR(1),
	  .preset = { "1m", "1m", "2m", "5m" },
	  .doc = "With rate: most extra wait while others take such agents." },
	{ SPAN("credit", credit, "2m"), .max = HOUR(24), NEVER,
	  .preset = { "2m", "2m", "2m", "2m" },
	  .doc = "With rate: at their own agent a caller counts as that much older than "
	         "the others. never: without limit, which is refused for a queue that the "
	         "file gives fewer than ten agents." },
	{ SPAN("head_start", head_start, "0s"), .max = HEAD_START_MAX,
	  .preset = { "0s", "0s", "0s", "50s" },
	  .doc = "With rate: in the whole line returning callers count as that much older, "
	         "which gives back what holding out costs them. In whole seconds." },
	{ SPAN("overtake_max", overtake_max, "10m"), .max = HOUR(24), NEVER,
	  .doc = "With rate: who has waited longer is not overtaken for a reunion, and "
	         "holds out no more." },
	{ SPAN("review", review, "5s"), .min = MSEC(100), .max = MINUTE(5),
	  .doc = "With rate: how often it is decided anew whether to hold out." },
	{ SPAN("service_guard", service_guard, "never"), .max = HOUR(1), NEVER,
	  .doc = "With rate: nobody holds out once they have waited this long; such as "
	         "service_level." },
	{ SPAN("talk_mean", talk_mean, "3m"), .min = SEC(1), .max = HOUR(8),
	  .doc = "With rate: mean length of talks that is assumed until enough have been "
	         "heard." },
	{ STICKY("agent_calls", INT, plan.agent_calls, "200"), .max = 10000,
	  .doc = "With rate: talks an agent must have had for the lengths of their own "
	         "talks to count, instead of the queue's. 0: never." },
	{ SPAN("target_extra_wait", target_extra_wait, "0s"), .max = MINUTE(5),
	  .doc = "With rate: value is steered, slowly, so that returning callers wait this "
	         "much longer in the mean to meet their own agents. 0s: it stays as it is." },
};
const struct option_table table_sticky = { SCOPE_QUEUE, rows, ARRAY_LEN(rows) };
