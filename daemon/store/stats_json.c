#include "stats_json.h"

#include <stdio.h>
#include <stdlib.h>

#include "najimi/codec/json_out.h"
#include "najimi/shell/clock.h"

#define HEAD_BYTES 1024
#define LINE_BYTES 12288 /* all figures at their longest, and a name */

struct stats_line *stats_find_line(struct stats_line **lines, const char *name, bool of_agent,
                                   size_t *count)
{
	const struct stats_line *sized = NULL;
	size_t size = of_agent ? sizeof(sized->of.agent) : sizeof(sized->of.figures);
	struct stats_line *line;

	HASH_FIND_STR(*lines, name, line);
	if (line != NULL || count == NULL)
		return line;
	line = calloc(1, offsetof(struct stats_line, of) + size);
	if (line == NULL)
		return NULL;
	line->name = strdup(name);
	if (line->name != NULL)
		HASH_ADD_KEYPTR(hh, *lines, line->name, strlen(line->name), line);
	if (line->hh.tbl == NULL) {
		free(line->name);
		free(line);
		return NULL;
	}
	(*count)++;
	return line;
}

void stats_lines_free(struct stats_line **lines)
{
	struct stats_line *line, *next;

	HASH_ITER(hh, *lines, line, next)
	{
		HASH_DELETE(hh, *lines, line);
		free(line->name);
		free(line);
	}
}

/* --- shares --- */

/* A share between 0 and 1, null of nothing. */
static void put_share(struct json_out *out, const char *name, uint64_t part, uint64_t whole)
{
	char digits[32];

	if (whole == 0) {
		json_null(out, name);
		return;
	}
	snprintf(digits, sizeof(digits), "%.4f", (double)part / (double)whole);
	json_raw(out, name, text_of(digits));
}

static void put_mean(struct json_out *out, const char *name, uint64_t sum, uint64_t count)
{
	if (count == 0)
		json_null(out, name);
	else
		json_uint(out, name, sum / count);
}

/* --- queues, hours, days --- */

/* Figures `from` to `count` behind `first`, by their last word; with those that were never
 * counted where `all`. */
static void put_group(struct json_out *out, const char *name, const struct day_figures *figures,
                      unsigned first, unsigned from, unsigned count, bool all)
{
	json_object(out, name);
	for (unsigned i = from; i < count; i++) {
		const char *figure = day_figure_name(first + i), *word = strchr(figure, '_');

		if (all || figures->counts[first + i] > 0)
			json_uint(out, word == NULL ? figure : word + 1,
			          figures->counts[first + i]);
	}
	json_object_end(out);
}

static void put_span(struct json_out *out, const char *name, const struct histogram *span)
{
	static const struct {
		const char *name;
		unsigned per_mille;
	} quantiles[] = {
		{ "p50_ms", 500 }, { "p90_ms", 900 }, { "p95_ms", 950 }, { "p99_ms", 990 }
	};

	json_object(out, name);
	json_uint(out, "count", span->count);
	put_mean(out, "mean_ms", span->sum / MSEC(1), span->count);
	for (size_t i = 0; i < ARRAY_LEN(quantiles); i++) {
		if (span->count == 0)
			json_null(out, quantiles[i].name);
		else
			json_ms(out, quantiles[i].name,
			        histogram_quantile(span, quantiles[i].per_mille));
	}
	json_object_end(out);
}

static void put_experiment(struct json_out *out, const char *name,
                           const struct day_figures *figures, unsigned group)
{
	json_object(out, name);
	for (unsigned i = 0; i < DAY_GROUP_FIGURES; i++)
		json_uint(out, day_group_name(i), figures->counts[group + i]);
	json_object_end(out);
}

static void put_waits(struct json_out *out, const uint64_t *counts)
{
	uint64_t decided = counts[DAY_IN_TIME] + counts[DAY_SERVICE_MISSED];

	json_uint(out, "offered", counts[DAY_OFFERED]);
	for (unsigned i = 0; i < CALL_OUTCOMES; i++)
		json_uint(out, day_figure_name(DAY_OUTCOMES + i), counts[DAY_OUTCOMES + i]);
	json_uint(out, "answered_in_time", counts[DAY_IN_TIME]);
	json_uint(out, "service_missed", counts[DAY_SERVICE_MISSED]);
	put_share(out, "service_level", counts[DAY_IN_TIME], decided);
	json_uint(out, "resumed", counts[DAY_RESUMED]);
	json_uint(out, "offers", counts[DAY_OFFERS]);
	json_uint(out, "promises_kept", counts[DAY_PROMISES_KEPT]);
	json_uint(out, "promises_broken", counts[DAY_PROMISES_BROKEN]);
}

static void put_returning(struct json_out *out, const struct day_figures *figures)
{
	const uint64_t *counts = figures->counts;
	uint64_t own = counts[DAY_STICKY + STICKY_OWN];

	put_group(out, "sticky", figures, DAY_STICKY, STICKY_OWN, STICKY_RESULTS, true);
	put_group(out, "fell", figures, DAY_FALLTHROUGH, WHY_NONE + 1, STICKY_WHYS, false);
	json_uint(out, "returning_answered", counts[DAY_STICKY_GROUP + GROUP_ANSWERED]);
	json_uint(out, "own_reachable", counts[DAY_OWN_REACHABLE]);
	put_share(out, "own_share", own, counts[DAY_STICKY_GROUP + GROUP_ANSWERED]);
	put_share(out, "reachable_own_share", own, counts[DAY_OWN_REACHABLE]);
	json_uint(out, "held_out", counts[DAY_HELD_OUT]);
	json_uint(out, "held_in_vain", counts[DAY_HELD_IN_VAIN]);
	json_uint(out, day_figure_name(DAY_KEPT_IDLE), counts[DAY_KEPT_IDLE]);
	json_uint(out, day_figure_name(DAY_OVERTAKEN), counts[DAY_OVERTAKEN]);
	json_uint(out, day_figure_name(DAY_OVERTAKEN_WAIT), counts[DAY_OVERTAKEN_WAIT]);
	json_object(out, "groups");
	put_experiment(out, "sticky", figures, DAY_STICKY_GROUP);
	put_experiment(out, "holdout", figures, DAY_HOLDOUT_GROUP);
	json_object_end(out);
}

static void put_figures(struct json_out *out, const struct day_figures *figures)
{
	put_waits(out, figures->counts);
	put_group(out, "missed", figures, DAY_MISSES, 0, MISS_KINDS, true);
	put_returning(out, figures);
	for (unsigned i = 0; i < DAY_SPANS; i++)
		put_span(out, day_span_name((enum day_span)i), &figures->spans[i]);
}

/* --- agents --- */

static void put_spent(struct json_out *out, const struct agent_day *agent)
{
	usec_t there = 0;
	char name[48];

	for (unsigned i = ACTIVITY_READY; i < AGENT_ACTIVITIES; i++) {
		snprintf(name, sizeof(name), "%s_ms", agent_activity_name((enum agent_activity)i));
		json_ms(out, name, agent->spent[i]);
		there += agent->spent[i];
	}
	json_ms(out, "logged_in_ms", there);
	json_object(out, "pauses_ms");
	for (unsigned i = 0; i < agent->reasons_count; i++) {
		json_name_text(out, text_of(agent->reasons[i].reason));
		json_ms(out, NULL, agent->reasons[i].spent);
	}
	json_object_end(out);
}

void stats_put_agent(struct json_out *out, const struct agent_day *agent)
{
	int occupancy = agent_day_occupancy(agent);

	json_uint(out, "handled", agent->handled);
	json_uint(out, "own", agent->own);
	put_share(out, "own_share", agent->own, agent->handled);
	json_uint(out, "offers", agent->offers);
	json_object(out, "missed");
	for (unsigned i = 0; i < MISS_KINDS; i++)
		json_uint(out, miss_kind_name((enum miss_kind)i), agent->misses[i]);
	json_object_end(out);
	put_spent(out, agent);
	put_share(out, "occupancy", (uint64_t)(occupancy < 0 ? 0 : occupancy),
	          occupancy < 0 ? 0 : 1000);
	put_mean(out, "handling_mean_ms",
	         (agent->spent[ACTIVITY_TALK] + agent->spent[ACTIVITY_HOLD] +
	          agent->spent[ACTIVITY_WRAPUP]) /
	                 MSEC(1),
	         agent->handled);
}

/* --- all of it --- */

static int by_name(const struct stats_line *a, const struct stats_line *b)
{
	return strcmp(a->name, b->name);
}

static void put_line(struct json_out *out, const struct stats_line *line, enum stats_by by)
{
	json_object(out, NULL);
	if (by == STATS_BY_HOUR)
		json_int(out, stats_by_name(by), atoi(line->name));
	else
		json_text(out, stats_by_name(by), line->name);
	if (by == STATS_BY_AGENT) {
		stats_put_agent(out, &line->of.agent);
		json_uint(out, "days", line->days);
	} else {
		put_figures(out, &line->of.figures);
	}
	json_object_end(out);
}

char *stats_write(const struct stats_question *question, const char *zone,
                  struct stats_line **lines, size_t *ret_length)
{
	size_t size = HEAD_BYTES + LINE_BYTES * (size_t)HASH_COUNT(*lines);
	char *bytes = malloc(size);
	struct json_out out;

	if (bytes == NULL)
		return NULL;
	HASH_SORT(*lines, by_name);
	json_out_begin(&out, bytes, size);
	json_object(&out, NULL);
	json_instant(&out, "as_of", clock_now());
	json_text(&out, "from", question->from);
	json_text(&out, "to", question->to);
	json_text(&out, "by", stats_by_name(question->by));
	json_text(&out, "zone", zone);
	json_array(&out, "rows");
	for (const struct stats_line *line = *lines; line != NULL; line = line->hh.next)
		put_line(&out, line, question->by);
	json_array_end(&out);
	json_object_end(&out);
	*ret_length = json_out_done(&out);
	if (*ret_length > 0)
		return bytes;
	free(bytes);
	return NULL;
}
