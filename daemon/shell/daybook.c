#include <errno.h>
#include <stdlib.h>

#include "daybook_private.h"
#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"

/* The life of the book, and what time it is in it. What is written in it, and when it
 * is read back: day_queues.c, day_agents.c, day_rows.c. */
#define NAMES_PER_QUEUE 4 /* queues that are gone may come back */

void daybook_advance(struct daybook *daybook, usec_t at)
{
	struct site_hour now, then = daybook->now;

	if (!daybook->open || at < then.ends)
		return;
	site_clock_read(at, &now);
	if (strcmp(then.day, now.day) != 0)
		day_agents_turn(daybook, now.midnight);
	daybook->now = now;
	if (strcmp(then.day, now.day) == 0)
		return;
	(void)!site_day_read(text_of(now.day), &daybook->today);
	day_agents_begin(daybook);
	day_queues_turn(daybook);
	log_fact(LOG_LEVEL_INFO, "day.over", LOG_TEXT("day", then.day),
	         LOG_TEXT("begins", now.day));
}

/* --- queues by name and by index --- */

struct day_queue *daybook_queue_named(struct daybook *daybook, const char *name)
{
	struct day_queue *queue;

	HASH_FIND_STR(daybook->queues, name, queue);
	if (queue != NULL || daybook->queues_count == daybook->queues_max)
		return queue;
	queue = calloc(1, sizeof(*queue));
	if (queue == NULL)
		return NULL;
	queue->name = strdup(name);
	if (queue->name != NULL)
		HASH_ADD_KEYPTR(hh, daybook->queues, queue->name, strlen(queue->name), queue);
	if (queue->hh.tbl == NULL) {
		free(queue->name);
		free(queue);
		return NULL;
	}
	daybook->queues_count++;
	return queue;
}

struct day_queue *daybook_queue(struct daybook *daybook, queue_index index)
{
	const char *name;

	if (index >= daybook->indexes_max)
		return NULL;
	if (daybook->by_index[index] != NULL)
		return daybook->by_index[index];
	name = directory_queue_name(daybook->directory, index);
	if (*name == '\0')
		return NULL;
	daybook->by_index[index] = daybook_queue_named(daybook, name);
	if (daybook->by_index[index] != NULL && daybook->open &&
	    !daybook->by_index[index]->totalled)
		day_queue_total(daybook, daybook->by_index[index]);
	return daybook->by_index[index];
}

void daybook_touch(struct daybook *daybook, queue_index index)
{
	struct day_queue *queue = daybook_queue(daybook, index);

	if (queue == NULL || queue->touched)
		return;
	queue->touched = true;
	daybook->touched[daybook->touched_count++] = index;
}

/* As much of it as is kept: whole characters. */
static struct text cut_reason(struct text reason)
{
	struct text rest = reason;
	uint32_t code;
	size_t length;

	while ((length = text_char(rest, &code)) > 0 &&
	       reason.length - rest.length + length <= DAY_REASON_BYTES) {
		rest.start += length;
		rest.length -= length;
	}
	return (struct text){ reason.start, reason.length - rest.length };
}

const char *daybook_reason(struct daybook *daybook, struct text reason)
{
	char *copy;

	reason = cut_reason(reason);
	for (size_t i = 0; i < daybook->reasons_count; i++)
		if (text_is(reason, daybook->reasons[i]))
			return daybook->reasons[i];
	if (reason.length == 0 || daybook->reasons_count == REASONS_MAX)
		return reason.length == 0 ? "" : "other";
	copy = strndup(reason.start, reason.length);
	if (copy == NULL)
		return "other";
	daybook->reasons[daybook->reasons_count++] = copy;
	return copy;
}

/* --- what is asked --- */

bool daybook_is_open(const struct daybook *daybook)
{
	return daybook->open;
}

const char *daybook_today(const struct daybook *daybook)
{
	return daybook->open ? daybook->now.day : "";
}

usec_t daybook_midnight(const struct daybook *daybook)
{
	return daybook->now.midnight;
}

unsigned daybook_hour(const struct daybook *daybook)
{
	return daybook->now.hour;
}

const char *daybook_zone(const struct daybook *daybook)
{
	return daybook->zone;
}

static int read_day(const char *text, const char *what, char ret[DAY_SIZE], int64_t *ret_day,
                    struct err *err)
{
	if (site_day_read(text_of(text), ret_day) < 0)
		return err_set(err, -EINVAL, "%s: '%.32s' is no day, as in 2026-11-21", what, text);
	memcpy(ret, text, DAY_SIZE);
	return 0;
}

const char *stats_by_name(enum stats_by by)
{
	static const char *const words[] = {
		[STATS_BY_QUEUE] = "queue",   [STATS_BY_AGENT] = "agent",
		[STATS_BY_HOUR] = "hour",     [STATS_BY_DAY] = "day",
		[STATS_BY_STICKY] = "sticky", [STATS_BY_REASON] = "reason",
		[STATS_BY_TIER] = "tier",     [STATS_BY_GROUP] = "group",
	};

	return words[by];
}

static int read_by(const char *text, bool fcr, enum stats_by *ret, struct err *err)
{
	unsigned count = fcr ? STATS_BYS : STATS_BY_STICKY;

	for (unsigned i = 0; i < count; i++) {
		if (text != NULL && strcmp(text, stats_by_name((enum stats_by)i)) != 0)
			continue;
		*ret = (enum stats_by)i;
		return 0;
	}
	return err_set(err, -EINVAL, "by: '%.32s' is none of queue, agent, hour, day%s", text,
	               fcr ? ", sticky, reason, tier, group" : "");
}

static int read_question(const struct daybook *daybook, const char *from, const char *to,
                         const char *by, struct stats_question *ret, struct err *err)
{
	int64_t first = 0, last = 0;
	int r = read_by(by, ret->fcr, &ret->by, err);

	if (r == 0)
		r = read_day(from == NULL ? daybook->now.day : from, "from", ret->from, &first,
		             err);
	if (r == 0 && to == NULL)
		to = from == NULL || first < daybook->today ? daybook->now.day : from;
	if (r == 0)
		r = read_day(to, "to", ret->to, &last, err);
	if (r == 0 && last < first)
		r = err_set(err, -EINVAL, "to: %s is before %s, which is from", ret->to, ret->from);
	if (r == 0 && last - first >= STATS_DAYS_MAX)
		r = err_set(err, -EINVAL, "to: from %s that is more than %d days", ret->from,
		            STATS_DAYS_MAX);
	return r;
}

int stats_question_read(const struct daybook *daybook, const char *from, const char *to,
                        const char *by, struct stats_question *ret, struct err *err)
{
	ret->fcr = false;
	return read_question(daybook, from, to, by, ret, err);
}

int fcr_question_read(const struct daybook *daybook, const char *from, const char *to,
                      const char *by, struct stats_question *ret, struct err *err)
{
	ret->fcr = true;
	return read_question(daybook, from, to, by, ret, err);
}

/* --- its life --- */

void daybook_load_begin(struct daybook *daybook)
{
	struct day_queue *queue, *next;

	HASH_ITER(hh, daybook->queues, queue, next)
	{
		for (unsigned hour = 0; hour < DAY_HOURS; hour++) {
			row_free(daybook, queue->hours[hour]);
			queue->hours[hour] = NULL;
		}
		queue->ever = queue->today = (struct day_figures){ 0 };
		queue->before = 0;
	}
	day_agents_clear(daybook);
	site_clock_read(clock_now(), &daybook->now);
	(void)!site_day_read(text_of(daybook->now.day), &daybook->today);
}

void daybook_open(struct daybook *daybook)
{
	struct day_queue *queue, *next;

	daybook->open = true;
	for (size_t i = 0; i < directory_queues(daybook->directory); i++)
		(void)daybook_queue(daybook, (queue_index)i);
	HASH_ITER(hh, daybook->queues, queue, next)
	{
		if (queue->before != daybook->today)
			day_queue_total(daybook, queue);
		queue->totalled = true;
	}
	log_fact(LOG_LEVEL_INFO, "day.begins", LOG_TEXT("day", daybook->now.day),
	         LOG_TEXT("zone", daybook->zone), LOG_NUMBER("queues", daybook->queues_count));
}

/* What was restored has been counted by the daemon that was told of it. */
void daybook_restored(struct daybook *daybook)
{
	const struct core *core = loop_core(daybook->loop);
	struct call_id id;

	for (uint32_t from = 0; core_next_call(core, from, &id); from = id.slot + 1) {
		struct call_card *card = directory_call(daybook->directory, id);

		if (card != NULL)
			card->days.heard = true;
	}
	day_agents_restored(daybook);
}

struct daybook *daybook_new(const struct options *options, const struct loop *loop,
                            struct directory *directory, struct err *err)
{
	struct daybook *daybook = calloc(1, sizeof(*daybook));

	if (daybook == NULL) {
		err_set(err, -ENOMEM, "out of memory");
		return NULL;
	}
	daybook->loop = loop;
	daybook->directory = directory;
	TAILQ_INIT(&daybook->news);
	TAILQ_INIT(&daybook->retired);
	daybook->indexes_max = (size_t)options->queues_max;
	daybook->queues_max = daybook->indexes_max * NAMES_PER_QUEUE;
	daybook->agents_max = (uint32_t)options->agents_max;
	daybook->zone = strdup(options->zone);
	daybook->by_index = calloc(daybook->indexes_max, sizeof(*daybook->by_index));
	daybook->touched = calloc(daybook->indexes_max, sizeof(*daybook->touched));
	daybook->agents = calloc(daybook->agents_max, sizeof(*daybook->agents));
	if (daybook->zone == NULL || daybook->by_index == NULL || daybook->touched == NULL ||
	    daybook->agents == NULL) {
		err_set(err, -ENOMEM, "no memory for the days' figures");
		return daybook_free(daybook);
	}
	site_clock_set(options->zone);
	site_clock_read(clock_now(), &daybook->now);
	return daybook;
}

struct daybook *daybook_free(struct daybook *daybook)
{
	struct day_queue *queue, *next;
	struct row *row;

	if (daybook == NULL)
		return NULL;
	HASH_ITER(hh, daybook->queues, queue, next)
	{
		HASH_DELETE(hh, daybook->queues, queue);
		for (unsigned hour = 0; hour < DAY_HOURS; hour++)
			row_free(daybook, queue->hours[hour]);
		free(queue->name);
		free(queue);
	}
	day_agents_clear(daybook);
	while ((row = TAILQ_FIRST(&daybook->retired)) != NULL)
		row_free(daybook, row);
	for (size_t i = 0; i < daybook->reasons_count; i++)
		free(daybook->reasons[i]);
	free(daybook->zone);
	free(daybook->by_index);
	free(daybook->touched);
	free(daybook->agents);
	free(daybook);
	return NULL;
}
