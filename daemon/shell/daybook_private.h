#ifndef NAJIMI_SHELL_DAYBOOK_PRIVATE_H
#define NAJIMI_SHELL_DAYBOOK_PRIVATE_H

#include "najimi/base/lists.h"
#include "names.h"
#include "site_clock.h"

#define DAY_HOURS 24
#define REASONS_MAX 256 /* distinct ones of a site */

/* A row, and where it is on its way to Redis. Absolute values, so that the newest is all
 * that has to arrive. */
struct row {
	TAILQ_ENTRY(row) by_news; /* while it has news */
	TAILQ_ENTRY(row) by_age;  /* while it is retired */
	struct day_row row;
	bool news;
	bool retired;    /* of a day that is over: goes when it has arrived */
	uint64_t commit; /* the last one it went with; 0: none yet */
	union {
		struct day_figures figures;
		struct agent_day agent;
	} of[]; /* one, of the size that its kind needs */
};

TAILQ_HEAD(row_list, row);

/* A queue by its name: it may be gone from the configuration, and come back. */
struct day_queue {
	UT_hash_handle hh;
	char *name;
	bool touched;
	bool totalled;           /* there is a row of what was before today */
	int64_t before;          /* totals are of all days before this one; 0: there are none */
	uint64_t unheard;        /* calls that arrived and nobody has heard of */
	uint64_t heard;          /* of core's `offered`, taken over */
	struct queue_stats last; /* core's, as taken over */
	struct day_figures ever, today;
	struct row *hours[DAY_HOURS]; /* today's; NULL: nothing was counted */
};

struct day_agent {
	uint32_t gen;
	bool known; /* the rest is */
	enum agent_activity activity;
	const char *reason; /* of a pause */
	usec_t from;        /* time is counted up to here */
	uint16_t misses[MISS_KINDS];
	queue_index queue;   /* of the last talk */
	struct call_id call; /* likewise */
	struct {
		struct call_id call;
		uint32_t offer;
	} rung; /* the last offer that was counted */
	struct {
		usec_t from, until;
	} wrapup;         /* while it lasts */
	struct row *row;  /* today's, NULL: nothing was counted */
	struct row *past; /* of the last day before, while nobody knows how it ended */
};

struct daybook {
	const struct loop *loop;
	struct directory *directory;
	char *zone;
	bool open;

	struct site_hour now;
	int64_t today; /* now.day as a number */

	struct day_queue *queues; /* by name */
	size_t queues_count, queues_max;
	struct day_queue **by_index; /* [indexes_max] by queue_index; NULL: not met yet */
	size_t indexes_max;
	queue_index *touched; /* [indexes_max] */
	size_t touched_count;
	usec_t swept_at; /* when all queues were looked at */

	struct day_agent *agents; /* [agents_max] */
	uint32_t agents_max;

	char *reasons[REASONS_MAX];
	size_t reasons_count;

	struct row_list news, retired;
};

/* --- daybook.c --- */

/* The hour in which `at` is: whoever counts calls this first. */
void daybook_advance(struct daybook *daybook, usec_t at);

/* Made when it is first needed. NULL: out of memory, or there are too many names. */
struct day_queue *daybook_queue(struct daybook *daybook, queue_index queue);
struct day_queue *daybook_queue_named(struct daybook *daybook, const char *name);

void daybook_touch(struct daybook *daybook, queue_index queue);

/* --- day_rows.c: what goes to Redis --- */

struct row *row_new(struct daybook *daybook, enum day_row_kind kind, const char *name);
void row_free(struct daybook *daybook, struct row *row);
void row_has_news(struct daybook *daybook, struct row *row);
void row_retire(struct daybook *daybook, struct row *row);

static inline struct day_figures *row_figures(struct row *row)
{
	return &row->of[0].figures;
}

static inline struct agent_day *row_agent(struct row *row)
{
	return &row->of[0].agent;
}

/* --- day_queues.c --- */

/* Today is over: its rows are retired, and totals written. */
void day_queues_turn(struct daybook *daybook);

/* One figure of the queue where a call arrived. */
void day_queue_count(struct daybook *daybook, queue_index queue, unsigned figure, uint64_t by);

/* Of tenths of seconds: squares of milliseconds would soon be more than a number in JSON
 * can be. */
uint64_t day_squared(usec_t value);

/* The queue's row of all days before today has news. */
void day_queue_total(struct daybook *daybook, struct day_queue *queue);

/* --- day_agents.c --- */
void day_agents_turn(struct daybook *daybook, usec_t midnight);
void day_agents_begin(struct daybook *daybook); /* the new day */
void day_agents_clear(struct daybook *daybook);
void day_agent_met_own(struct daybook *daybook, struct agent_id agent);
void day_agents_restored(struct daybook *daybook);
bool day_agent_load(struct daybook *daybook, const struct day_row *row, bool today);

/* --- day_handling.c --- */

/* An answered call of a group is over. */
void day_handling_ended(struct daybook *daybook, const struct call_card *card, const char *id,
                        const struct contact *contact, bool holdout);
void day_wrapup_goes_on(struct day_agent *agent, const struct agent_record *record);
void day_wrapup_over(struct daybook *daybook, const struct day_agent *agent, struct agent_id id);

/* --- day_figures.c --- */
void day_figures_subtract(struct day_figures *from, const struct day_figures *other);
void day_span_add(struct histogram *to, const struct histogram *other);
void day_span_subtract(struct histogram *from, const struct histogram *other);

/* The edges that one without any begins with. */
void day_span_edges(struct histogram *span, const usec_t *edges, size_t count);

/* Adds to each of `to` what `now` has more than `last`, which becomes `now`. */
void day_span_take(struct histogram *const *to, size_t count, const struct histogram *now,
                   struct histogram *last);

#endif
