#include "stats.h"

#include "call.h"

static const usec_t wait_edges[] = {
	SEC(1),  SEC(2),  SEC(5),   SEC(10),  SEC(15),  SEC(20),  SEC(30),   SEC(45),
	SEC(60), SEC(90), SEC(120), SEC(180), SEC(300), SEC(600), SEC(1200), SEC(1800),
};
static const usec_t ring_edges[] = {
	SEC(1),  SEC(2),  SEC(3),  SEC(5),  SEC(8),  SEC(10),
	SEC(15), SEC(20), SEC(30), SEC(45), SEC(60),
};
static const usec_t talk_edges[] = {
	SEC(10),  SEC(30),  SEC(60),  SEC(120),  SEC(180),  SEC(300),
	SEC(480), SEC(600), SEC(900), SEC(1200), SEC(1800), SEC(3600),
};
static const usec_t wrapup_edges[] = {
	SEC(5), SEC(10), SEC(15), SEC(30), SEC(60), SEC(120), SEC(300),
};

void stats_init(struct queue_stats *stats)
{
	*stats = (struct queue_stats){ 0 };
	histogram_init(&stats->wait_answered, wait_edges, ARRAY_LEN(wait_edges));
	histogram_init(&stats->wait_abandoned, wait_edges, ARRAY_LEN(wait_edges));
	histogram_init(&stats->wait_overflow, wait_edges, ARRAY_LEN(wait_edges));
	histogram_init(&stats->sticky_wait, wait_edges, ARRAY_LEN(wait_edges));
	histogram_init(&stats->ring, ring_edges, ARRAY_LEN(ring_edges));
	histogram_init(&stats->talk, talk_edges, ARRAY_LEN(talk_edges));
	histogram_init(&stats->hold, talk_edges, ARRAY_LEN(talk_edges));
	histogram_init(&stats->wrapup, wrapup_edges, ARRAY_LEN(wrapup_edges));
}

void stats_set_limits(struct queue_stats *stats, const struct queue_plan *plan)
{
	struct histogram *waits[] = {
		&stats->wait_answered,
		&stats->wait_abandoned,
		&stats->wait_overflow,
		&stats->sticky_wait,
	};

	for (size_t i = 0; i < ARRAY_LEN(waits); i++) {
		/* After many reloads there may be no room: the old edges stay then. */
		histogram_insert_edge(waits[i], plan->service_level);
		histogram_insert_edge(waits[i], plan->short_abandon);
	}
}

static struct queue_stats *home(struct core *core, const struct call *call)
{
	return &core->stats[call->r.first_queue];
}

void stats_count_arrival(struct core *core, const struct call *call)
{
	home(core, call)->offered++;
}

void stats_count_resumed(struct core *core, const struct call *call)
{
	home(core, call)->resumed++;
}

void stats_count_offer(struct core *core, const struct call *call)
{
	core->stats[call->r.queue].offers++;
}

void stats_count_miss(struct core *core, const struct call *call, enum miss_kind kind)
{
	core->stats[call->r.queue].misses[kind]++;
}

static void count_service(struct core *core, struct call *call, bool in_time)
{
	if (call->r.service_counted)
		return;
	call->r.service_counted = true;
	if (in_time)
		home(core, call)->answered_in_time++;
	else
		home(core, call)->service_missed++;
}

void stats_count_answer(struct core *core, struct call *call)
{
	usec_t wait = elapsed(call->r.answered_at, call->r.arrived_at);
	const struct queue_plan *plan = &core->queues[call->r.first_queue].plan;

	count_service(core, call, wait <= plan->service_level);
	histogram_add(&home(core, call)->wait_answered, wait);
}

void stats_count_late(struct core *core, struct call *call)
{
	count_service(core, call, false);
}

void stats_count_extra_wait(struct core *core, const struct call *call)
{
	histogram_add(&home(core, call)->sticky_wait, elapsed(core->now, call->r.passed_at));
}

static void count_returning(struct queue_stats *stats, const struct call *call)
{
	if (call->r.sticky == STICKY_NEW)
		return;
	/* One who was never answered met nobody, whoever was being rung. */
	if (call->r.answered_at == 0 || call->r.sticky == STICKY_OTHER) {
		stats->sticky[STICKY_OTHER]++;
		stats->fallthrough[call->r.why]++;
	} else {
		stats->sticky[call->r.sticky]++;
	}
	stats->returning_answered += call->r.answered_at != 0;
	/* Whoever was met was there in time, however late. */
	if (call->r.answered_at != 0 && (call->r.own_there || call->r.sticky == STICKY_OWN))
		stats->own_reachable++;
	if (call->r.extra_wait != 0) {
		stats->held_out++;
		stats->held_in_vain += call->r.answered_at == 0 || call->r.sticky != STICKY_OWN;
	}
}

/* What reunions cost somebody else: until the answer, or until they gave up. */
static void count_overtaken(const struct core *core, struct queue_stats *stats,
                            const struct call *call)
{
	usec_t until = call->r.answered_at == 0 ? core->now : call->r.answered_at;

	if (call->r.overtaken_at == 0)
		return;
	stats->overtaken++;
	stats->overtaken_wait += elapsed(until, call->r.overtaken_at);
}

/* Who waited past the threshold was counted then; but not who arrived with such a wait and is
 * sent on in the same step. Who is turned away at the door was never promised anything. */
static bool missed_service(const struct core *core, const struct call *call,
                           enum call_outcome outcome)
{
	if (call->r.service_counted || outcome == OUTCOME_ANSWERED || outcome == OUTCOME_REJECTED)
		return false;
	return outcome == OUTCOME_ABANDONED || call_service_at(core, call) <= core->now;
}

void stats_count_end(struct core *core, const struct call *call, const struct contact *contact)
{
	struct queue_stats *stats = home(core, call);

	stats->outcomes[contact->outcome]++;
	stats->service_missed += missed_service(core, call, contact->outcome);
	count_returning(stats, call);
	count_overtaken(core, stats, call);
	switch (contact->outcome) {
	case OUTCOME_ANSWERED:
		histogram_add(&stats->ring, contact->ring);
		histogram_add(&stats->talk, contact->talk);
		histogram_add(&stats->hold, contact->hold);
		break;
	case OUTCOME_ABANDONED:
	case OUTCOME_SHORT_ABANDONED:
		histogram_add(&stats->wait_abandoned, contact->wait);
		break;
	case OUTCOME_OVERFLOW:
		histogram_add(&stats->wait_overflow, contact->wait);
		break;
	case OUTCOME_REJECTED:
	case OUTCOME_CALLBACK:
	case OUTCOME_LOST:
		break;
	}
}

void stats_count_wrapup(struct core *core, queue_index queue, usec_t length)
{
	histogram_add(&core->stats[queue].wrapup, length);
}

void stats_note_idle(struct core *core, queue_index index)
{
	struct queue *queue = &core->queues[index];
	bool kept = !RB_EMPTY(&queue->ready) && queue->holding > 0;

	if (kept == (queue->idle_from != 0))
		return;
	if (!kept)
		core->stats[index].kept_idle += elapsed(core->now, queue->idle_from);
	queue->idle_from = kept ? core->now : 0;
}
