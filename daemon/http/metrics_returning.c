#include "metrics_queues.h"

/* Returning callers of a queue: whom they met, what it cost, what it did. */

static void show_sticky(const struct subject *of)
{
	for (int i = STICKY_OWN; i < STICKY_RESULTS; i++) /* before that, they do not return */
		exposition_number(of->out,
		                  LABELS({ "queue", of->queue },
		                         { "result", sticky_result_name((enum sticky_result)i) }),
		                  of->ever->counts[DAY_STICKY + i]);
}

static void show_fallthrough(const struct subject *of)
{
	for (int i = 0; i < STICKY_WHYS; i++)
		exposition_number(of->out,
		                  LABELS({ "queue", of->queue },
		                         { "reason", sticky_why_name((enum sticky_why)i) }),
		                  of->ever->counts[DAY_FALLTHROUGH + i]);
}

static void show_own_reachable(const struct subject *of)
{
	show_count(of, DAY_OWN_REACHABLE);
}

static void show_sticky_wait(const struct subject *of)
{
	show_span(of, LABELS({ "queue", of->queue }), DAY_STICKY_WAIT, &of->stats->sticky_wait);
}

static void show_returning_answered(const struct subject *of)
{
	show_count(of, DAY_STICKY_GROUP + GROUP_ANSWERED);
}

static void show_held_out(const struct subject *of)
{
	show_count(of, DAY_HELD_OUT);
}

static void show_held_in_vain(const struct subject *of)
{
	show_count(of, DAY_HELD_IN_VAIN);
}

static void show_kept_idle(const struct subject *of)
{
	exposition_seconds(of->out, LABELS({ "queue", of->queue }),
	                   MSEC(of->ever->counts[DAY_KEPT_IDLE]));
}

static void show_overtaken(const struct subject *of)
{
	show_count(of, DAY_OVERTAKEN);
}

static void show_overtaken_wait(const struct subject *of)
{
	exposition_seconds(of->out, LABELS({ "queue", of->queue }),
	                   MSEC(of->ever->counts[DAY_OVERTAKEN_WAIT]));
}

static void show_value(const struct subject *of)
{
	exposition_seconds(of->out, LABELS({ "queue", of->queue }), of->view->value);
}

/* --- those who are told, and those who are measured --- */

static void show_promises(const struct subject *of)
{
	exposition_number(of->out, LABELS({ "queue", of->queue }, { "result", "kept" }),
	                  of->ever->counts[DAY_PROMISES_KEPT]);
	exposition_number(of->out, LABELS({ "queue", of->queue }, { "result", "broken" }),
	                  of->ever->counts[DAY_PROMISES_BROKEN]);
}

static void show_errors(const struct subject *of)
{
	show_span(of, LABELS({ "queue", of->queue }, { "result", "early" }), DAY_ESTIMATE_EARLY,
	          daybook_error_edges());
	show_span(of, LABELS({ "queue", of->queue }, { "result", "late" }), DAY_ESTIMATE_LATE,
	          daybook_error_edges());
}

/* A figure of both groups. */
static void show_groups(const struct subject *of, enum day_group_figure figure, bool span)
{
	static const struct {
		const char *name;
		unsigned first;
	} groups[] = { { "sticky", DAY_STICKY_GROUP }, { "holdout", DAY_HOLDOUT_GROUP } };

	for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
		const struct label *labels =
		        LABELS({ "queue", of->queue }, { "group", groups[i].name });
		uint64_t count = of->ever->counts[groups[i].first + figure];

		if (span)
			exposition_seconds(of->out, labels, MSEC(count));
		else
			exposition_number(of->out, labels, count);
	}
}

static void show_group_answered(const struct subject *of)
{
	show_groups(of, GROUP_ANSWERED, false);
}

static void show_group_abandoned(const struct subject *of)
{
	show_groups(of, GROUP_ABANDONED, false);
}

static void show_group_wait(const struct subject *of)
{
	show_groups(of, GROUP_WAIT, true);
}

static void show_group_handled(const struct subject *of)
{
	show_groups(of, GROUP_HANDLED, false);
}

static void show_group_handling(const struct subject *of)
{
	show_groups(of, GROUP_HANDLING, true);
}

static void show_holding(const struct subject *of)
{
	exposition_number(of->out, LABELS({ "queue", of->queue }), of->view->holding);
}

static const struct queue_family families[] = {
	{ COUNTER("sticky", "Returning callers' calls at their end, by whom they reached."),
	  show_sticky },
	{ COUNTER("sticky_fallthrough",
	          "Returning callers who got somebody else or nobody, by reason."),
	  show_fallthrough },
	{ COUNTER("sticky_own_reachable", "Returning callers' answered calls whose own agent was "
	                                  "logged in, at arrival or in time."),
	  show_own_reachable },
	{ HISTOGRAM("sticky_wait",
	            "Time a caller held out for the own agent while another could have taken the "
	            "call."),
	  show_sticky_wait },
	{ COUNTER("sticky_answered", "Returning callers' calls that were answered."),
	  show_returning_answered },
	{ COUNTER("sticky_held",
	          "Returning callers' calls in which they declined somebody who was free."),
	  show_held_out },
	{ COUNTER("sticky_held_in_vain", "Of these, calls that did not meet the own agent."),
	  show_held_in_vain },
	{ COUNTER_SECONDS("sticky_idle",
	                  "Time in which agents stood ready beside callers who declined them."),
	  show_kept_idle },
	{ COUNTER("sticky_overtaken", "Calls in whose turn an agent took an own caller."),
	  show_overtaken },
	{ COUNTER_SECONDS("sticky_overtaken", "Waiting of these calls from then on."),
	  show_overtaken_wait },
	{ GAUGE_SECONDS("sticky_value",
	                "What a reunion is worth now, in waiting; 0 but for the policy rate."),
	  show_value },
	{ GAUGE("queue_sticky_waiting_calls",
	        "Waiting callers who hold out for their own agent at the moment."),
	  show_holding },
	{ COUNTER("promises",
	          "Callers who were told how long it would take: answered by then, or not."),
	  show_promises },
	{ HISTOGRAM("estimate_error",
	            "How much sooner or later than they were told callers were answered."),
	  show_errors },
	{ COUNTER("group_answered",
	          "Answered calls of returning callers, brought to their agents or held out."),
	  show_group_answered },
	{ COUNTER("group_abandoned", "Likewise, calls that were abandoned, not soon."),
	  show_group_abandoned },
	{ COUNTER_SECONDS("group_wait", "Waiting of the answered calls of each group."),
	  show_group_wait },
	{ COUNTER("group_handled", "Of these, calls whose handling is over, wrap-up too."),
	  show_group_handled },
	{ COUNTER_SECONDS("group_handling", "Talk, hold and wrap-up of these."),
	  show_group_handling },
};

void metrics_returning(struct exposition *out, const struct http_needs *needs)
{
	metrics_queues(out, needs, families, ARRAY_LEN(families));
}
