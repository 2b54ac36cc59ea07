#include "metrics_queues.h"

/* Calls, waits, offers and agents of a queue. */

static void show_offered(const struct subject *of)
{
	show_count(of, DAY_OFFERED);
}

static void show_completed(const struct subject *of)
{
	for (int i = 0; i < CALL_OUTCOMES; i++)
		exposition_number(of->out,
		                  LABELS({ "queue", of->queue },
		                         { "outcome", call_outcome_name((enum call_outcome)i) }),
		                  of->ever->counts[DAY_OUTCOMES + i]);
}

static void show_state(const struct subject *of, const char *state, uint32_t count)
{
	exposition_number(of->out, LABELS({ "queue", of->queue }, { "state", state }), count);
}

static void show_calls(const struct subject *of)
{
	/* Who is looked up once more, as somebody else, waits meanwhile. */
	uint32_t again =
	        of->view->recalling > of->unheard ? of->view->recalling - (uint32_t)of->unheard : 0;

	show_state(of, call_state_name(CALL_RECALLING), of->view->recalling - again);
	show_state(of, call_state_name(CALL_WAITING), of->view->waiting + again);
	show_state(of, call_state_name(CALL_OFFERED), of->view->offered);
	show_state(of, call_state_name(CALL_TALKING), of->view->talking);
	show_state(of, call_state_name(CALL_HELD), of->view->held);
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
	static const struct {
		enum call_outcome outcome;
		enum day_span span;
	} waits[] = {
		{ OUTCOME_ANSWERED, DAY_WAIT_ANSWERED },
		{ OUTCOME_ABANDONED, DAY_WAIT_ABANDONED },
		{ OUTCOME_OVERFLOW, DAY_WAIT_OVERFLOW },
	};

	for (size_t i = 0; i < ARRAY_LEN(waits); i++)
		show_span(of,
		          LABELS({ "queue", of->queue },
		                 { "outcome", call_outcome_name(waits[i].outcome) }),
		          waits[i].span, &of->stats->wait_answered);
}

static void show_ring(const struct subject *of)
{
	show_span(of, LABELS({ "queue", of->queue }), DAY_RING, &of->stats->ring);
}

static void show_talk(const struct subject *of)
{
	show_span(of, LABELS({ "queue", of->queue }), DAY_TALK, &of->stats->talk);
}

static void show_hold(const struct subject *of)
{
	show_span(of, LABELS({ "queue", of->queue }), DAY_HOLD, &of->stats->hold);
}

static void show_wrapup(const struct subject *of)
{
	show_span(of, LABELS({ "queue", of->queue }), DAY_WRAPUP, &of->stats->wrapup);
}

static void show_threshold(const struct subject *of)
{
	exposition_seconds(of->out, LABELS({ "queue", of->queue }), of->view->plan.service_level);
}

static void show_in_time(const struct subject *of)
{
	show_count(of, DAY_IN_TIME);
}

static void show_decided(const struct subject *of)
{
	exposition_number(of->out, LABELS({ "queue", of->queue }),
	                  of->ever->counts[DAY_IN_TIME] + of->ever->counts[DAY_SERVICE_MISSED]);
}

static void show_offers(const struct subject *of)
{
	show_count(of, DAY_OFFERS);
}

static void show_misses(const struct subject *of)
{
	for (int i = 0; i < MISS_KINDS; i++)
		exposition_number(of->out,
		                  LABELS({ "queue", of->queue },
		                         { "reason", miss_kind_name((enum miss_kind)i) }),
		                  of->ever->counts[DAY_MISSES + i]);
}

static void show_resumed(const struct subject *of)
{
	show_count(of, DAY_RESUMED);
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

static const struct queue_family families[] = {
	{ COUNTER("calls_offered", "Calls that arrived in the queue."), show_offered },
	{ COUNTER("calls_completed",
	          "Calls that ended, each in one outcome, counted where they arrived."),
	  show_completed },
	{ COUNTER("calls_resumed", "Callers who came back soon and kept their first clock."),
	  show_resumed },
	{ GAUGE("queue_calls", "Live calls by state."), show_calls },
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
};

void metrics_calls(struct exposition *out, const struct http_needs *needs)
{
	metrics_queues(out, needs, families, ARRAY_LEN(families));
}
