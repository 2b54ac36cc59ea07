#include "metrics.h"
#include "najimi/shell/clock.h"

/* What the core counted, queue by queue. All lines of a family stand together, so
 * the families are the outer loop and the queues the inner one. A configured
 * queue has all its series from the start, at zero. */

/* One queue as the families see it. */
struct subject {
	struct exposition *out;
	const char *queue;
	const struct queue_stats *stats;
	const struct queue_view *view;
	usec_t now;
};

typedef void show_fn(const struct subject *of);

static void show_offered(const struct subject *of)
{
	exposition_number(of->out, LABELS({ "queue", of->queue }), of->stats->offered);
}

static void show_completed(const struct subject *of)
{
	for (int i = 0; i < CALL_OUTCOMES; i++)
		exposition_number(of->out,
		                  LABELS({ "queue", of->queue },
		                         { "outcome", call_outcome_name((enum call_outcome)i) }),
		                  of->stats->outcomes[i]);
}

static void show_state(const struct subject *of, const char *state, uint32_t count)
{
	exposition_number(of->out, LABELS({ "queue", of->queue }, { "state", state }), count);
}

static void show_calls(const struct subject *of)
{
	show_state(of, call_state_name(CALL_RECALLING), of->view->recalling);
	show_state(of, call_state_name(CALL_WAITING), of->view->waiting);
	show_state(of, call_state_name(CALL_OFFERED), of->view->offered);
	show_state(of, call_state_name(CALL_TALKING), of->view->talking);
	show_state(of, call_state_name(CALL_HELD), of->view->held);
}

static void show_holding(const struct subject *of)
{
	exposition_number(of->out, LABELS({ "queue", of->queue }), of->view->holding);
}

static void show_oldest(const struct subject *of)
{
	usec_t oldest = of->view->oldest_at;

	exposition_seconds(of->out, LABELS({ "queue", of->queue }),
	                   oldest != 0 && oldest < of->now ? of->now - oldest : 0);
}

static void show_estimated(const struct subject *of)
{
	if (of->view->estimated_wait == USEC_NEVER)
		exposition_unknown(of->out, LABELS({ "queue", of->queue }));
	else
		exposition_seconds(of->out, LABELS({ "queue", of->queue }),
		                   of->view->estimated_wait);
}

static void show_waits(const struct subject *of)
{
	exposition_histogram(
	        of->out,
	        LABELS({ "queue", of->queue }, { "outcome", call_outcome_name(OUTCOME_ANSWERED) }),
	        &of->stats->wait_answered);
	exposition_histogram(
	        of->out,
	        LABELS({ "queue", of->queue }, { "outcome", call_outcome_name(OUTCOME_ABANDONED) }),
	        &of->stats->wait_abandoned);
	exposition_histogram(
	        of->out,
	        LABELS({ "queue", of->queue }, { "outcome", call_outcome_name(OUTCOME_OVERFLOW) }),
	        &of->stats->wait_overflow);
}

static void show_ring(const struct subject *of)
{
	exposition_histogram(of->out, LABELS({ "queue", of->queue }), &of->stats->ring);
}

static void show_talk(const struct subject *of)
{
	exposition_histogram(of->out, LABELS({ "queue", of->queue }), &of->stats->talk);
}

static void show_hold(const struct subject *of)
{
	exposition_histogram(of->out, LABELS({ "queue", of->queue }), &of->stats->hold);
}

static void show_wrapup(const struct subject *of)
{
	exposition_histogram(of->out, LABELS({ "queue", of->queue }), &of->stats->wrapup);
}

static void show_threshold(const struct subject *of)
{
	exposition_seconds(of->out, LABELS({ "queue", of->queue }), of->view->plan.service_level);
}

static void show_in_time(const struct subject *of)
{
	exposition_number(of->out, LABELS({ "queue", of->queue }), of->stats->answered_in_time);
}

static void show_decided(const struct subject *of)
{
	exposition_number(of->out, LABELS({ "queue", of->queue }),
	                  of->stats->answered_in_time + of->stats->service_missed);
}

static void show_offers(const struct subject *of)
{
	exposition_number(of->out, LABELS({ "queue", of->queue }), of->stats->offers);
}

static void show_misses(const struct subject *of)
{
	for (int i = 0; i < MISS_KINDS; i++)
		exposition_number(of->out,
		                  LABELS({ "queue", of->queue },
		                         { "reason", miss_kind_name((enum miss_kind)i) }),
		                  of->stats->misses[i]);
}

static void show_resumed(const struct subject *of)
{
	exposition_number(of->out, LABELS({ "queue", of->queue }), of->stats->resumed);
}

static void show_agents(const struct subject *of)
{
	for (int i = 0; i < AGENT_STATES; i++)
		show_state(of, agent_state_name((enum agent_state)i), of->view->agents[i]);
}

static void show_unreachable(const struct subject *of)
{
	exposition_number(of->out, LABELS({ "queue", of->queue }), of->view->unreachable);
}

static void show_sticky(const struct subject *of)
{
	for (int i = STICKY_OWN; i < STICKY_RESULTS; i++) /* before that, they do not return */
		exposition_number(of->out,
		                  LABELS({ "queue", of->queue },
		                         { "result", sticky_result_name((enum sticky_result)i) }),
		                  of->stats->sticky[i]);
}

static void show_fallthrough(const struct subject *of)
{
	for (int i = 0; i < STICKY_WHYS; i++)
		exposition_number(of->out,
		                  LABELS({ "queue", of->queue },
		                         { "reason", sticky_why_name((enum sticky_why)i) }),
		                  of->stats->fallthrough[i]);
}

static void show_own_reachable(const struct subject *of)
{
	exposition_number(of->out, LABELS({ "queue", of->queue }), of->stats->own_reachable);
}

static void show_sticky_wait(const struct subject *of)
{
	exposition_histogram(of->out, LABELS({ "queue", of->queue }), &of->stats->sticky_wait);
}

#define COUNTER(n, h) \
	{ \
		.name = "najimi_" n, .kind = FAMILY_COUNTER, .help = h \
	}
#define GAUGE(n, h) \
	{ \
		.name = "najimi_" n, .kind = FAMILY_GAUGE, .help = h \
	}
#define GAUGE_SECONDS(n, h) \
	{ \
		.name = "najimi_" n "_seconds", .kind = FAMILY_GAUGE, .unit = "seconds", .help = h \
	}
#define HISTOGRAM(n, h) \
	{ \
		.name = "najimi_" n "_seconds", .kind = FAMILY_HISTOGRAM, .unit = "seconds", \
		.help = h \
	}

static const struct {
	struct family family;
	show_fn *show;
} families[] = {
	{ COUNTER("calls_offered", "Calls that arrived in the queue."), show_offered },
	{ COUNTER("calls_completed",
	          "Calls that ended, each in one outcome, counted where they arrived."),
	  show_completed },
	{ COUNTER("calls_resumed", "Callers who came back soon and kept their first clock."),
	  show_resumed },
	{ GAUGE("queue_calls", "Live calls by state."), show_calls },
	{ GAUGE("queue_sticky_waiting_calls",
	        "Waiting callers who hold out for their own agent at the moment."),
	  show_holding },
	{ GAUGE_SECONDS("queue_oldest_call_age", "How long the longest waiting caller has waited."),
	  show_oldest },
	{ GAUGE_SECONDS("queue_estimated_wait",
	                "Estimated wait of the next caller, NaN while the data are too thin."),
	  show_estimated },
	{ HISTOGRAM("call_wait",
	            "From arrival to answer, to hang-up (short abandons included) or to overflow."),
	  show_waits },
	{ HISTOGRAM("call_ring", "Ringing of an answered call, all its offers."), show_ring },
	{ HISTOGRAM("call_talk", "Talk of an answered call, without hold."), show_talk },
	{ HISTOGRAM("call_hold", "Hold of an answered call."), show_hold },
	{ HISTOGRAM("call_wrapup", "Wrap-up after a call."), show_wrapup },
	{ GAUGE_SECONDS("service_level_threshold", "Answered within this is in time."),
	  show_threshold },
	{ COUNTER("service_level_answered_in_time", "Calls answered within the threshold."),
	  show_in_time },
	{ COUNTER("service_level_decided",
	          "Calls answered in time or too late, abandoned (not short), or still waiting "
	          "when the threshold passed."),
	  show_decided },
	{ COUNTER("offers", "Offers of a call to an agent."), show_offers },
	{ COUNTER("offers_missed", "Offers that came to nothing, by reason."), show_misses },
	{ GAUGE("agents", "Agents who serve the queue, by state."), show_agents },
	{ GAUGE("agents_unreachable", "Agents of the queue whose device vetoes."),
	  show_unreachable },
	{ COUNTER("sticky", "Returning callers' calls at their end, by whom they reached."),
	  show_sticky },
	{ COUNTER("sticky_fallthrough",
	          "Returning callers who got somebody else or nobody, by reason."),
	  show_fallthrough },
	{ COUNTER("sticky_own_reachable",
	          "Returning callers' answered calls whose own agent was logged in at arrival."),
	  show_own_reachable },
	{ HISTOGRAM("sticky_wait",
	            "Time a caller held out for the own agent while another could have taken the "
	            "call."),
	  show_sticky_wait },
};

static void show_queue(struct exposition *out, const struct http_needs *needs, queue_index queue,
                       show_fn *show)
{
	const struct core *core = loop_core(needs->loop);
	struct queue_view view;
	struct subject of = { .out = out, .view = &view, .now = clock_now() };

	of.stats = core_queue_stats(core, queue);
	of.queue = directory_queue_name(needs->directory, queue);
	if (of.stats == NULL || of.queue[0] == '\0' || !core_get_queue(core, queue, &view))
		return;
	show(&of);
}

void metrics_calls(struct exposition *out, const struct http_needs *needs)
{
	size_t queues = directory_queues(needs->directory);

	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		exposition_family(out, &families[i].family);
		for (size_t queue = 0; queue < queues; queue++)
			show_queue(out, needs, (queue_index)queue, families[i].show);
	}
}
