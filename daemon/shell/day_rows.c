#include <stdlib.h>

#include "daybook_private.h"
#include "najimi/shell/clock.h"

/* Rows on their way to Redis. A row with news is taken with the next commit; one of a
 * day that is over stays until Redis can be trusted to have it. */
static size_t size_of(enum day_row_kind kind)
{
	const struct row *row = NULL;

	return sizeof(*row) +
	       (kind == DAY_ROW_AGENT ? sizeof(row->of[0].agent) : sizeof(row->of[0].figures));
}

struct row *row_new(struct daybook *daybook, enum day_row_kind kind, const char *name)
{
	struct row *row = calloc(1, size_of(kind));

	if (row == NULL)
		return NULL;
	row->row.kind = kind;
	row->row.name = name;
	row->row.hour = daybook->now.hour;
	memcpy(row->row.day, daybook->now.day, DAY_SIZE);
	if (kind == DAY_ROW_AGENT)
		row->row.agent = row_agent(row);
	else
		row->row.figures = row_figures(row);
	return row;
}

static void drop_news(struct daybook *daybook, struct row *row)
{
	if (row->news)
		TAILQ_REMOVE(&daybook->news, row, by_news);
	row->news = false;
}

void row_free(struct daybook *daybook, struct row *row)
{
	if (row == NULL)
		return;
	drop_news(daybook, row);
	if (row->retired)
		TAILQ_REMOVE(&daybook->retired, row, by_age);
	free(row);
}

void row_has_news(struct daybook *daybook, struct row *row)
{
	if (row->news)
		return;
	row->news = true;
	TAILQ_INSERT_TAIL(&daybook->news, row, by_news);
}

void row_retire(struct daybook *daybook, struct row *row)
{
	if (row == NULL)
		return;
	row->retired = true;
	TAILQ_INSERT_TAIL(&daybook->retired, row, by_age);
}

bool daybook_has_news(const struct daybook *daybook)
{
	return daybook->open && !TAILQ_EMPTY(&daybook->news);
}

const struct day_row *daybook_take(struct daybook *daybook, uint64_t commit)
{
	struct row *row = TAILQ_FIRST(&daybook->news);

	if (row == NULL || !daybook->open)
		return NULL;
	drop_news(daybook, row);
	row->commit = commit;
	return &row->row;
}

static void take_again(struct daybook *daybook, struct row *row, uint64_t commit)
{
	if (row != NULL && (commit == 0 || row->commit > commit))
		row_has_news(daybook, row);
}

void daybook_lost(struct daybook *daybook, uint64_t commit)
{
	struct day_queue *queue, *next;
	struct row *row;

	HASH_ITER(hh, daybook->queues, queue, next)
	{
		if (commit == 0)
			day_queue_total(daybook, queue);
		for (unsigned hour = 0; hour < DAY_HOURS; hour++)
			take_again(daybook, queue->hours[hour], commit);
	}
	for (uint32_t i = 0; i < daybook->agents_max; i++)
		take_again(daybook, daybook->agents[i].row, commit);
	TAILQ_FOREACH(row, &daybook->retired, by_age)
	{
		take_again(daybook, row, commit);
	}
}

/* They go when the day is half an hour old at the earliest: a Redis that is killed may
 * lose what it has confirmed. */
void daybook_kept(struct daybook *daybook, uint64_t commit)
{
	struct row *row, *next;

	if (TAILQ_EMPTY(&daybook->retired) ||
	    daybook->now.ends > core_now(loop_core(daybook->loop)) + MINUTE(30))
		return;
	for (row = TAILQ_FIRST(&daybook->retired); row != NULL; row = next) {
		next = TAILQ_NEXT(row, by_age);
		if (!row->news && row->commit != 0 && row->commit <= commit)
			row_free(daybook, row);
	}
}

/* --- all of today --- */

void daybook_each_queue_today(const struct daybook *daybook, day_row_fn *fn, void *arg)
{
	const struct day_queue *queue;

	if (!daybook->open)
		return;
	for (queue = daybook->queues; queue != NULL; queue = queue->hh.next) {
		for (unsigned hour = 0; hour < DAY_HOURS; hour++)
			if (queue->hours[hour] != NULL)
				fn(&queue->hours[hour]->row, arg);
	}
}

void daybook_each_today(struct daybook *daybook, day_row_fn *fn, void *arg)
{
	usec_t now = clock_now();

	if (!daybook->open)
		return;
	daybook_collect(daybook, true);
	daybook_each_queue_today(daybook, fn, arg);
	for (uint32_t i = 0; i < daybook->agents_max; i++) {
		struct agent_id id = { i, daybook->agents[i].gen };
		struct day_row row = { .kind = DAY_ROW_AGENT };
		struct agent_day day;

		if (!daybook_agent_today(daybook, id, now, &day))
			continue;
		row.name = directory_agent_name(daybook->directory, id);
		row.agent = &day;
		memcpy(row.day, daybook->now.day, DAY_SIZE);
		fn(&row, arg);
	}
}
