#include "daybook_private.h"
#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"

/* What is counted of queues. Most of it the core counts; we take over what is new.
 *
 * A call that is being looked up is not in Redis yet, and if we died nobody would miss
 * it: it is counted when it is heard of, so that what Redis has always adds up. */
#define SWEEP_EVERY SEC(1)
#define TARGETS 3 /* the hour, today, ever */

static const struct histogram error_edges = {
	.edges_count = 11,
	.edges = { SEC(1), SEC(2), SEC(5), SEC(10), SEC(20), SEC(30), SEC(60), SEC(120), SEC(300),
	           SEC(600), SEC(1800) },
};

const struct histogram *daybook_error_edges(void)
{
	return &error_edges;
}

/* Where a count goes now. False: out of memory. */
static bool find_targets(struct daybook *daybook, struct day_queue *queue,
                         struct day_figures *ret[TARGETS])
{
	struct row **row = &queue->hours[daybook->now.hour];

	if (*row == NULL)
		*row = row_new(daybook, DAY_ROW_QUEUE, queue->name);
	if (*row == NULL) {
		log_limited(LOG_LEVEL_ERROR, "day.uncounted", LOG_TEXT("error", "out of memory"));
		return false;
	}
	ret[0] = row_figures(*row);
	ret[1] = &queue->today;
	ret[2] = &queue->ever;
	row_has_news(daybook, *row);
	return true;
}

static void add(struct day_figures *const *to, unsigned figure, uint64_t count)
{
	for (unsigned i = 0; i < TARGETS && count > 0; i++)
		to[i]->counts[figure] += count;
}

/* --- what the core has counted --- */

struct pair {
	const uint64_t *now;
	uint64_t *last;
	unsigned figure, count;
};

#define PAIR(m, f) \
	{ \
		&now->m, &last->m, f, 1 \
	}
#define PAIRS(m, f) \
	{ \
		now->m, last->m, f, ARRAY_LEN(now->m) \
	}

/* Whether there is something else than arrivals. */
static bool differs(const struct queue_stats *now, const struct queue_stats *last)
{
	size_t counts = offsetof(struct queue_stats, outcomes);

	return memcmp((const char *)now + counts, (const char *)last + counts,
	              offsetof(struct queue_stats, wait_answered) - counts) != 0 ||
	       now->wrapup.count != last->wrapup.count ||
	       now->sticky_wait.count != last->sticky_wait.count ||
	       now->wait_answered.count != last->wait_answered.count ||
	       now->wait_abandoned.count != last->wait_abandoned.count ||
	       now->kept_idle / MSEC(1) != last->kept_idle / MSEC(1);
}

static void take_counts(struct day_figures *const *to, const struct queue_stats *now,
                        struct queue_stats *last)
{
	const struct pair pairs[] = {
		PAIRS(outcomes, DAY_OUTCOMES),
		PAIR(answered_in_time, DAY_IN_TIME),
		PAIR(service_missed, DAY_SERVICE_MISSED),
		PAIRS(sticky, DAY_STICKY),
		PAIRS(fallthrough, DAY_FALLTHROUGH),
		PAIR(own_reachable, DAY_OWN_REACHABLE),
		PAIR(offers, DAY_OFFERS),
		PAIRS(misses, DAY_MISSES),
		PAIR(resumed, DAY_RESUMED),
		PAIR(held_out, DAY_HELD_OUT),
		PAIR(held_in_vain, DAY_HELD_IN_VAIN),
		PAIR(overtaken, DAY_OVERTAKEN),
	};

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		for (unsigned j = 0; j < pairs[i].count; j++) {
			add(to, pairs[i].figure + j, pairs[i].now[j] - pairs[i].last[j]);
			pairs[i].last[j] = pairs[i].now[j];
		}
	}
	add(to, DAY_KEPT_IDLE, now->kept_idle / MSEC(1) - last->kept_idle / MSEC(1));
	last->kept_idle = now->kept_idle;
	add(to, DAY_OVERTAKEN_WAIT, now->overtaken_wait / MSEC(1) - last->overtaken_wait / MSEC(1));
	last->overtaken_wait = now->overtaken_wait;
}

static void take_spans(struct day_figures *const *to, const struct queue_stats *now,
                       struct queue_stats *last)
{
	const struct {
		const struct histogram *now;
		struct histogram *last;
		enum day_span span;
	} spans[] = {
		{ &now->wait_answered, &last->wait_answered, DAY_WAIT_ANSWERED },
		{ &now->wait_abandoned, &last->wait_abandoned, DAY_WAIT_ABANDONED },
		{ &now->wait_overflow, &last->wait_overflow, DAY_WAIT_OVERFLOW },
		{ &now->ring, &last->ring, DAY_RING },
		{ &now->talk, &last->talk, DAY_TALK },
		{ &now->hold, &last->hold, DAY_HOLD },
		{ &now->wrapup, &last->wrapup, DAY_WRAPUP },
		{ &now->sticky_wait, &last->sticky_wait, DAY_STICKY_WAIT },
	};

	for (size_t i = 0; i < ARRAY_LEN(spans); i++) {
		struct histogram *targets[TARGETS];

		if (spans[i].now->count == spans[i].last->count)
			continue;
		for (unsigned t = 0; t < TARGETS; t++)
			targets[t] = &to[t]->spans[spans[i].span];
		day_span_take(targets, TARGETS, spans[i].now, spans[i].last);
	}
}

static void collect(struct daybook *daybook, queue_index index)
{
	const struct queue_stats *now = core_queue_stats(loop_core(daybook->loop), index);
	struct day_queue *queue = daybook_queue(daybook, index);
	struct day_figures *to[TARGETS];
	uint64_t heard;

	if (queue == NULL)
		return;
	queue->touched = false;
	if (now == NULL)
		return;
	heard = now->offered - queue->unheard;
	if (heard == queue->heard && !differs(now, &queue->last))
		return;
	if (!find_targets(daybook, queue, to))
		return;
	add(to, DAY_OFFERED, heard - queue->heard);
	queue->heard = heard;
	take_counts(to, now, &queue->last);
	take_spans(to, now, &queue->last);
	queue->last = *now; /* edges too */
}

void daybook_collect(struct daybook *daybook, bool all)
{
	const struct core *core = loop_core(daybook->loop);
	usec_t now = core_now(core);

	if (!daybook->open)
		return;
	daybook_advance(daybook, now);
	for (size_t i = 0; i < daybook->touched_count; i++)
		collect(daybook, daybook->touched[i]);
	daybook->touched_count = 0;
	if (!all && now < daybook->swept_at + SWEEP_EVERY)
		return;
	daybook->swept_at = now;
	for (size_t i = 0; i < directory_queues(daybook->directory); i++)
		collect(daybook, (queue_index)i);
}

/* --- calls --- */

/* From where the call's arrival is counted to where it is. */
static void touch_call(struct daybook *daybook, const struct call_record *call)
{
	daybook_touch(daybook, call->first_queue);
	if (call->queue != call->first_queue)
		daybook_touch(daybook, call->queue);
}

static void hear(struct daybook *daybook, struct call_card *card)
{
	struct day_queue *queue;

	if (!card->days.recalling)
		return;
	card->days.recalling = false;
	queue = daybook_queue(daybook, card->days.queue);
	if (queue != NULL)
		queue->unheard--;
	daybook_touch(daybook, card->days.queue);
}

void daybook_call_recalled(struct daybook *daybook, struct call_card *card)
{
	struct call_record call;
	struct day_queue *queue;

	if (card->days.heard || card->days.recalling ||
	    !core_get_call(loop_core(daybook->loop), card->id, &call))
		return;
	queue = daybook_queue(daybook, call.first_queue);
	if (queue == NULL)
		return;
	card->days.recalling = true;
	card->days.queue = call.first_queue;
	queue->unheard++;
}

void day_queue_count(struct daybook *daybook, queue_index index, unsigned figure, uint64_t by)
{
	struct day_queue *queue = daybook_queue(daybook, index);
	struct day_figures *to[TARGETS];

	if (daybook->open && by > 0 && queue != NULL && find_targets(daybook, queue, to))
		add(to, figure, by);
}

static void count_span(struct daybook *daybook, queue_index index, enum day_span span, usec_t value)
{
	struct day_queue *queue = daybook_queue(daybook, index);
	struct day_figures *to[TARGETS];
	uint32_t edge = 0;

	if (!daybook->open || queue == NULL || !find_targets(daybook, queue, to))
		return;
	/* What was read has only the edges that it needed: ours is made. */
	while (edge < error_edges.edges_count && error_edges.edges[edge] < value)
		edge++;
	for (unsigned i = 0; i < TARGETS; i++) {
		struct histogram *spent = &to[i]->spans[span];

		day_span_edges(spent, error_edges.edges, error_edges.edges_count);
		day_span_put(spent,
		             edge == error_edges.edges_count ? USEC_NEVER : error_edges.edges[edge],
		             1);
		spent->sum += value / MSEC(1) * MSEC(1);
	}
}

/* --- what callers were told --- */

/* The first time that a caller could be told is the promise. */
void daybook_call_decided(struct daybook *daybook, struct call_card *card,
                          const struct decision *decision)
{
	if (decision->kind != DECIDE_QUEUE || decision->estimated_wait == USEC_NEVER ||
	    card->days.told_at != 0)
		return;
	card->days.told_at = core_now(loop_core(daybook->loop));
	card->days.told_wait = decision->estimated_wait;
}

static void settle(struct daybook *daybook, struct call_card *card, queue_index queue,
                   usec_t answered_at)
{
	usec_t due = card->days.told_at + card->days.told_wait;
	bool kept = answered_at <= due;

	if (card->days.told_at == 0 || card->days.settled || answered_at < card->days.told_at)
		return;
	card->days.settled = true;
	day_queue_count(daybook, queue, kept ? DAY_PROMISES_KEPT : DAY_PROMISES_BROKEN, 1);
	count_span(daybook, queue, kept ? DAY_ESTIMATE_EARLY : DAY_ESTIMATE_LATE,
	           kept ? due - answered_at : answered_at - due);
}

void daybook_call_changed(struct daybook *daybook, struct call_card *card)
{
	const struct core *core = loop_core(daybook->loop);
	struct call_record call;

	if (!core_get_call(core, card->id, &call))
		return;
	daybook_advance(daybook, core_now(core));
	if (call.state == CALL_RECALLING && !card->days.heard)
		return;
	hear(daybook, card);
	card->days.heard = true;
	touch_call(daybook, &call);
	if (call.answered_at != 0)
		settle(daybook, card, call.first_queue, call.answered_at);
	/* The agent's time is divided into talk and hold. */
	if (agent_id_set(call.agent))
		daybook_agent_changed(daybook, call.agent);
}

/* --- ends --- */

uint64_t day_squared(usec_t value)
{
	uint64_t ms = value > HOUR(1000) ? HOUR(1000) / MSEC(1) : value / MSEC(1);

	return (ms * ms + 5000) / 10000;
}

/* Those who return, with stickiness and without. */
static void count_group(struct daybook *daybook, const struct call_card *card, const char *id,
                        const struct contact *contact)
{
	bool holdout = contact->sticky == STICKY_NEW && contact->why == WHY_HOLDOUT;
	unsigned group = holdout ? DAY_HOLDOUT_GROUP : DAY_STICKY_GROUP;
	queue_index queue = contact->first_queue;

	if (contact->sticky == STICKY_NEW && !holdout)
		return;
	if (contact->outcome == OUTCOME_ABANDONED)
		day_queue_count(daybook, queue, group + GROUP_ABANDONED, 1);
	if (contact->outcome != OUTCOME_ANSWERED)
		return;
	day_queue_count(daybook, queue, group + GROUP_ANSWERED, 1);
	day_queue_count(daybook, queue, group + GROUP_WAIT, contact->wait / MSEC(1));
	day_queue_count(daybook, queue, group + GROUP_WAIT_SQUARES, day_squared(contact->wait));
	day_handling_ended(daybook, card, id, contact, holdout);
}

/* Whoever gave up before the time they were told says nothing about it. */
static void settle_unanswered(struct daybook *daybook, struct call_card *card,
                              const struct contact *contact)
{
	if (card->days.told_at == 0 || card->days.settled ||
	    contact->ended_at <= card->days.told_at + card->days.told_wait)
		return;
	card->days.settled = true;
	day_queue_count(daybook, contact->first_queue, DAY_PROMISES_BROKEN, 1);
}

void daybook_call_ended(struct daybook *daybook, struct call_card *card, const char *id,
                        const struct contact *contact)
{
	daybook_advance(daybook, contact->ended_at);
	hear(daybook, card);
	daybook_touch(daybook, contact->first_queue);
	daybook_touch(daybook, contact->queue);
	if (contact->answered_at != 0)
		settle(daybook, card, contact->first_queue, contact->answered_at);
	else
		settle_unanswered(daybook, card, contact);
	count_group(daybook, card, id, contact);
	if (contact->sticky == STICKY_OWN && contact->outcome == OUTCOME_ANSWERED)
		day_agent_met_own(daybook, contact->agent);
}

/* --- days --- */

void day_queue_total(struct daybook *daybook, struct day_queue *queue)
{
	struct row *row = row_new(daybook, DAY_ROW_TOTAL, queue->name);

	if (row == NULL)
		return;
	*row_figures(row) = queue->ever;
	day_figures_subtract(row_figures(row), &queue->today);
	queue->before = daybook->today;
	queue->totalled = true;
	row_has_news(daybook, row);
	row_retire(daybook, row);
}

void day_queues_turn(struct daybook *daybook)
{
	struct day_queue *queue, *next;

	HASH_ITER(hh, daybook->queues, queue, next)
	{
		for (unsigned hour = 0; hour < DAY_HOURS; hour++) {
			row_retire(daybook, queue->hours[hour]);
			queue->hours[hour] = NULL;
		}
		queue->today = (struct day_figures){ 0 };
		day_queue_total(daybook, queue);
	}
}

/* --- what was kept --- */

void daybook_load_range(const struct daybook *daybook, int64_t *ret_first, int64_t *ret_last)
{
	struct day_queue *queue, *next;

	*ret_first = *ret_last = daybook->today;
	HASH_ITER(hh, daybook->queues, queue, next)
	{
		if (queue->before != 0 && queue->before < *ret_first)
			*ret_first = queue->before;
		if (queue->before > *ret_last)
			*ret_last = queue->before;
	}
	if (*ret_first < daybook->today - STATS_DAYS_MAX)
		*ret_first = daybook->today - STATS_DAYS_MAX;
	if (*ret_last > daybook->today + STATS_DAYS_MAX)
		*ret_last = daybook->today + STATS_DAYS_MAX;
}

static bool load_hour(struct daybook *daybook, struct day_queue *queue, const struct day_row *row,
                      int64_t day)
{
	struct row *kept;

	if (queue->before == 0 || day >= queue->before)
		day_figures_add(&queue->ever, row->figures);
	if (day != daybook->today)
		return true;
	day_figures_add(&queue->today, row->figures);
	kept = queue->hours[row->hour];
	if (kept == NULL)
		kept = row_new(daybook, DAY_ROW_QUEUE, queue->name);
	if (kept == NULL)
		return false;
	kept->row.hour = row->hour;
	*row_figures(kept) = *row->figures;
	queue->hours[row->hour] = kept;
	return true;
}

bool daybook_load(struct daybook *daybook, const struct day_row *row)
{
	struct day_queue *queue;
	int64_t day;

	if (site_day_read(text_of(row->day), &day) < 0 || row->hour >= DAY_HOURS)
		return false;
	if (row->kind == DAY_ROW_AGENT)
		return day > daybook->today || day_agent_load(daybook, row, day == daybook->today);
	queue = daybook_queue_named(daybook, row->name);
	if (queue == NULL)
		return false;
	if (row->kind == DAY_ROW_QUEUE)
		return load_hour(daybook, queue, row, day);
	queue->ever = *row->figures;
	queue->before = day;
	return true;
}

/* --- what is asked --- */

static struct day_queue *find(const struct daybook *daybook, queue_index index)
{
	if (!daybook->open || index >= daybook->indexes_max)
		return NULL;
	return daybook->by_index[index];
}

const struct day_figures *daybook_queue_ever(const struct daybook *daybook, queue_index queue)
{
	const struct day_queue *found = find(daybook, queue);

	return found == NULL ? NULL : &found->ever;
}

const struct queue_stats *daybook_queue_stats(const struct daybook *daybook,
                                              const struct core *core, queue_index queue,
                                              struct queue_stats *room)
{
	const struct day_figures *ever =
	        daybook == NULL ? NULL : daybook_queue_ever(daybook, queue);

	if (ever == NULL)
		return core_queue_stats(core, queue);
	*room = (struct queue_stats){
		.offered = ever->counts[DAY_OFFERED],
		.answered_in_time = ever->counts[DAY_IN_TIME],
		.service_missed = ever->counts[DAY_SERVICE_MISSED],
		.returning_answered = ever->counts[DAY_STICKY_GROUP + GROUP_ANSWERED],
	};
	for (unsigned i = 0; i < CALL_OUTCOMES; i++)
		room->outcomes[i] = ever->counts[DAY_OUTCOMES + i];
	for (unsigned i = 0; i < STICKY_RESULTS; i++)
		room->sticky[i] = ever->counts[DAY_STICKY + i];
	return room;
}

const struct day_figures *daybook_queue_today(const struct daybook *daybook, queue_index queue)
{
	const struct day_queue *found = find(daybook, queue);

	return found == NULL ? NULL : &found->today;
}

const struct day_figures *daybook_queue_hour(const struct daybook *daybook, queue_index queue,
                                             unsigned hour)
{
	const struct day_queue *found = find(daybook, queue);

	return found == NULL || hour >= DAY_HOURS || found->hours[hour] == NULL
	               ? NULL
	               : found->hours[hour]->row.figures;
}

uint64_t daybook_queue_unheard(const struct daybook *daybook, queue_index queue)
{
	const struct day_queue *found = find(daybook, queue);

	return found == NULL ? 0 : found->unheard;
}
