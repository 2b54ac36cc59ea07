#include <assert.h>
#include <stdio.h>

#include "daybook_private.h"

/* Figures as values: their names, and how they add up. */

/* The others follow the words of the core, whatever it has. */
static const char *const figure_names[DAY_FIGURES] = {
	[DAY_OFFERED] = "offered",
	[DAY_IN_TIME] = "answered_in_time",
	[DAY_SERVICE_MISSED] = "service_missed",
	[DAY_OWN_REACHABLE] = "own_reachable",
	[DAY_OFFERS] = "offers",
	[DAY_RESUMED] = "resumed",
	[DAY_HELD_OUT] = "held_out",
	[DAY_HELD_IN_VAIN] = "held_in_vain",
	[DAY_KEPT_IDLE] = "kept_idle_ms",
	[DAY_OVERTAKEN] = "overtaken",
	[DAY_OVERTAKEN_WAIT] = "overtaken_wait_ms",
	[DAY_PROMISES_KEPT] = "promises_kept",
	[DAY_PROMISES_BROKEN] = "promises_broken",
};

static const char *const group_names[DAY_GROUP_FIGURES] = {
	[GROUP_ANSWERED] = "answered",
	[GROUP_ABANDONED] = "abandoned",
	[GROUP_WAIT] = "wait_ms",
	[GROUP_WAIT_SQUARES] = "wait_ds2",
	[GROUP_HANDLED] = "handled",
	[GROUP_HANDLING] = "handling_ms",
	[GROUP_HANDLING_SQUARES] = "handling_ds2",
};

static const char *outcome_name(unsigned outcome)
{
	return call_outcome_name((enum call_outcome)outcome);
}

static const char *result_name(unsigned result)
{
	return sticky_result_name((enum sticky_result)result);
}

static const char *why_name(unsigned why)
{
	return sticky_why_name((enum sticky_why)why);
}

static const char *miss_name(unsigned kind)
{
	return miss_kind_name((enum miss_kind)kind);
}

const char *day_group_name(unsigned figure)
{
	return group_names[figure];
}

#define NAME_SIZE 48

static void name_figures(char names[DAY_FIGURES][NAME_SIZE])
{
	static const struct {
		unsigned first, count;
		const char *prefix, *(*word)(unsigned index);
	} ranges[] = {
		{ DAY_OUTCOMES, CALL_OUTCOMES, "", outcome_name },
		{ DAY_STICKY, STICKY_RESULTS, "sticky_", result_name },
		{ DAY_FALLTHROUGH, STICKY_WHYS, "fell_", why_name },
		{ DAY_MISSES, MISS_KINDS, "missed_", miss_name },
		{ DAY_STICKY_GROUP, DAY_GROUP_FIGURES, "sticky_group_", day_group_name },
		{ DAY_HOLDOUT_GROUP, DAY_GROUP_FIGURES, "holdout_group_", day_group_name },
	};

	for (unsigned i = 0; i < DAY_FIGURES; i++)
		if (figure_names[i] != NULL)
			snprintf(names[i], NAME_SIZE, "%s", figure_names[i]);
	for (size_t r = 0; r < ARRAY_LEN(ranges); r++)
		for (unsigned i = 0; i < ranges[r].count; i++)
			snprintf(names[ranges[r].first + i], NAME_SIZE, "%s%s", ranges[r].prefix,
			         ranges[r].word(i));
}

const char *day_figure_name(unsigned figure)
{
	static char names[DAY_FIGURES][NAME_SIZE]; /* made once, and the same ever after */

	assert(figure < DAY_FIGURES);
	if (names[0][0] == '\0')
		name_figures(names);
	return names[figure];
}

static const char *const span_names[DAY_SPANS] = {
	[DAY_WAIT_ANSWERED] = "wait_answered",
	[DAY_WAIT_ABANDONED] = "wait_abandoned",
	[DAY_WAIT_OVERFLOW] = "wait_overflow",
	[DAY_RING] = "ring",
	[DAY_TALK] = "talk",
	[DAY_HOLD] = "hold",
	[DAY_WRAPUP] = "wrapup",
	[DAY_STICKY_WAIT] = "sticky_wait",
	[DAY_ESTIMATE_EARLY] = "estimate_early",
	[DAY_ESTIMATE_LATE] = "estimate_late",
};

const char *day_span_name(enum day_span span)
{
	assert(span < DAY_SPANS);
	return span_names[span];
}

static const char *const activity_names[AGENT_ACTIVITIES] = {
	[ACTIVITY_LOGGED_OUT] = "logged_out",
	[ACTIVITY_READY] = "ready",
	[ACTIVITY_RING] = "ring",
	[ACTIVITY_TALK] = "talk",
	[ACTIVITY_HOLD] = "hold",
	[ACTIVITY_WRAPUP] = "wrapup",
	[ACTIVITY_PAUSED] = "paused",
};

const char *agent_activity_name(enum agent_activity activity)
{
	assert(activity < AGENT_ACTIVITIES);
	return activity_names[activity];
}

/* --- distributions --- */

/* The first edge not below this one; where there is room it is made. */
static uint32_t find_edge(struct histogram *span, usec_t edge)
{
	uint32_t i = 0;

	if (edge == USEC_NEVER)
		return span->edges_count;
	(void)histogram_insert_edge(span, edge); /* without room, the next edge has it */
	while (i < span->edges_count && span->edges[i] < edge)
		i++;
	return i;
}

void day_span_put(struct histogram *span, usec_t edge, uint64_t count)
{
	span->buckets[find_edge(span, edge)] += count;
	span->count += count;
}

static usec_t edge_of(const struct histogram *span, uint32_t bucket)
{
	return bucket < span->edges_count ? span->edges[bucket] : USEC_NEVER;
}

void day_span_add(struct histogram *to, const struct histogram *other)
{
	for (uint32_t i = 0; i <= other->edges_count; i++)
		if (other->buckets[i] > 0)
			day_span_put(to, edge_of(other, i), other->buckets[i]);
	to->sum += other->sum;
}

/* What was read may not add up; it never becomes less than nothing. */
static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

void day_span_subtract(struct histogram *from, const struct histogram *other)
{
	for (uint32_t i = 0; i <= other->edges_count; i++) {
		uint32_t at;

		if (other->buckets[i] == 0)
			continue;
		at = find_edge(from, edge_of(other, i));
		from->buckets[at] -= least(from->buckets[at], other->buckets[i]);
	}
	from->count -= least(from->count, other->count);
	from->sum -= least(from->sum, other->sum);
}

/* Whole milliseconds of a sum. */
static uint64_t whole(uint64_t sum)
{
	return sum / MSEC(1);
}

void day_span_edges(struct histogram *span, const usec_t *edges, size_t count)
{
	if (span->edges_count > 0)
		return;
	for (size_t i = 0; i < count; i++)
		(void)histogram_insert_edge(span, edges[i]);
}

void day_span_take(struct histogram *const *to, size_t count, const struct histogram *now,
                   struct histogram *last)
{
	for (uint32_t i = 0; last->edges_count < now->edges_count && i < now->edges_count; i++)
		(void)histogram_insert_edge(last, now->edges[i]);
	for (size_t t = 0; t < count; t++) {
		day_span_edges(to[t], now->edges, now->edges_count);
		for (uint32_t i = 0; i <= now->edges_count; i++)
			if (now->buckets[i] > last->buckets[i])
				day_span_put(to[t], edge_of(now, i),
				             now->buckets[i] - last->buckets[i]);
		to[t]->sum += (whole(now->sum) - whole(last->sum)) * MSEC(1);
	}
	*last = *now;
}

void day_span_show(const struct histogram *kept, const struct histogram *edges,
                   struct histogram *ret)
{
	uint32_t at = 0;

	histogram_init(ret, NULL, 0);
	ret->edges_count = edges->edges_count;
	ret->count = kept->count;
	ret->sum = kept->sum;
	for (uint32_t i = 0; i < edges->edges_count; i++) {
		ret->edges[i] = edges->edges[i];
		for (; at < kept->edges_count && kept->edges[at] <= edges->edges[i]; at++)
			ret->buckets[i] += kept->buckets[at];
	}
	for (; at <= kept->edges_count; at++)
		ret->buckets[ret->edges_count] += kept->buckets[at];
}

void day_figures_add(struct day_figures *to, const struct day_figures *other)
{
	for (unsigned i = 0; i < DAY_FIGURES; i++)
		to->counts[i] += other->counts[i];
	for (unsigned i = 0; i < DAY_SPANS; i++)
		day_span_add(&to->spans[i], &other->spans[i]);
}

void day_figures_subtract(struct day_figures *from, const struct day_figures *other)
{
	for (unsigned i = 0; i < DAY_FIGURES; i++)
		from->counts[i] -= least(from->counts[i], other->counts[i]);
	for (unsigned i = 0; i < DAY_SPANS; i++)
		day_span_subtract(&from->spans[i], &other->spans[i]);
}

/* --- agents --- */

int agent_day_occupancy(const struct agent_day *day)
{
	usec_t busy =
	        day->spent[ACTIVITY_TALK] + day->spent[ACTIVITY_HOLD] + day->spent[ACTIVITY_WRAPUP];
	usec_t there = busy + day->spent[ACTIVITY_READY] + day->spent[ACTIVITY_RING];

	return there == 0 ? -1 : (int)((busy * 1000 + there / 2) / there);
}

void agent_day_pause(struct agent_day *day, const char *reason, usec_t spent)
{
	unsigned i = 0;

	while (i < day->reasons_count && strcmp(day->reasons[i].reason, reason) != 0)
		i++;
	if (i == DAY_REASONS_MAX)
		i--; /* "other", see below */
	if (i == day->reasons_count) {
		day->reasons[i].reason = i == DAY_REASONS_MAX - 1 ? "other" : reason;
		day->reasons[i].spent = 0;
		day->reasons_count++;
	}
	day->reasons[i].spent += spent;
}

void agent_day_add(struct agent_day *to, const struct agent_day *other)
{
	to->handled += other->handled;
	to->own += other->own;
	to->offers += other->offers;
	for (unsigned i = 0; i < MISS_KINDS; i++)
		to->misses[i] += other->misses[i];
	for (unsigned i = 0; i < AGENT_ACTIVITIES; i++)
		to->spent[i] += other->spent[i];
	for (unsigned i = 0; i < other->reasons_count; i++)
		agent_day_pause(to, other->reasons[i].reason, other->reasons[i].spent);
	if (other->until > to->until) {
		to->until = other->until;
		to->then = other->then;
	}
}
