#ifndef NAJIMI_SHELL_DAYBOOK_H
#define NAJIMI_SHELL_DAYBOOK_H

#include "najimi/base/err.h"
#include "najimi/shell/directory.h"
#include "najimi/shell/loop.h"

/* What was counted, by day: each queue by the hour, each agent by the day, and each
 * queue since ever. It goes on over restarts: the store reads it at start and writes
 * what is new with each commit, together with the calls it was counted from.
 *
 * A day is the site's: from midnight to midnight in the zone of time.zone. What belongs
 * to a call counts in the hour in which it is counted (an arrival in that of the arrival,
 * an outcome in that of the end), in the queue where the call arrived; offers and missed
 * offers in the queue they were made from, wrap-up in that of the talk. A clock hour that
 * comes twice in a day is one hour.
 *
 * All durations are whole milliseconds, kept as usec_t; what is left over of a sum is
 * counted later. The days before today are in Redis alone (store_read_stats()). */
struct daybook;

/* --- figures --- */

/* Of callers in an experiment: what a mean and the interval around it are made from. The
 * number of waits is ANSWERED. Handling is talk, hold and wrap-up, and is counted when that
 * is over: of so many as HANDLED. */
enum day_group_figure {
	GROUP_ANSWERED,
	GROUP_ABANDONED, /* not the short ones */
	GROUP_WAIT,      /* ms, of those answered */
	GROUP_WAIT_SQUARES,
	GROUP_HANDLED,
	GROUP_HANDLING, /* ms */
	GROUP_HANDLING_SQUARES
};
#define DAY_GROUP_FIGURES (GROUP_HANDLING_SQUARES + 1)

/* Whole numbers. The names of the fields in Redis and in the JSON are day_figure_name()s;
 * those of durations end in _ms, those of squares, of tenths of seconds, in _ds2. */
enum day_figure {
	DAY_OFFERED, /* calls that arrived, once somebody has been told of them */
	DAY_OUTCOMES,
	DAY_IN_TIME = DAY_OUTCOMES + CALL_OUTCOMES, /* + enum call_outcome */
	DAY_SERVICE_MISSED,
	DAY_STICKY,                                        /* returning calls at their end: */
	DAY_FALLTHROUGH = DAY_STICKY + STICKY_RESULTS,     /* + enum sticky_result */
	DAY_OWN_REACHABLE = DAY_FALLTHROUGH + STICKY_WHYS, /* + enum sticky_why */
	DAY_OFFERS,
	DAY_MISSES,
	DAY_RESUMED = DAY_MISSES + MISS_KINDS, /* + enum miss_kind */
	DAY_HELD_OUT,
	DAY_HELD_IN_VAIN,
	DAY_KEPT_IDLE, /* ms */
	DAY_OVERTAKEN,
	DAY_OVERTAKEN_WAIT, /* ms */
	DAY_PROMISES_KEPT,
	DAY_PROMISES_BROKEN,
	/* Returning callers, brought to their own agent (DAY_STICKY_GROUP +) or routed as
	 * unknown to measure what that does (DAY_HOLDOUT_GROUP +), see below. */
	DAY_STICKY_GROUP,
	DAY_HOLDOUT_GROUP = DAY_STICKY_GROUP + DAY_GROUP_FIGURES,
	DAY_FIGURES = DAY_HOLDOUT_GROUP + DAY_GROUP_FIGURES
};

/* Durations with their distribution. */
enum day_span {
	DAY_WAIT_ANSWERED,
	DAY_WAIT_ABANDONED, /* short ones too */
	DAY_WAIT_OVERFLOW,
	DAY_RING,
	DAY_TALK,
	DAY_HOLD,
	DAY_WRAPUP,
	DAY_STICKY_WAIT,
	DAY_ESTIMATE_EARLY, /* how much sooner than told a caller was answered, */
	DAY_ESTIMATE_LATE   /* or later */
};
#define DAY_SPANS (DAY_ESTIMATE_LATE + 1)

struct day_figures {
	uint64_t counts[DAY_FIGURES];
	struct histogram spans[DAY_SPANS]; /* `sum` in microseconds, whole milliseconds */
};

const char *day_figure_name(unsigned figure);  /* "offered", "sticky_own", "misses_busy"... */
const char *day_group_name(unsigned figure);   /* "answered", "wait_ms", "handled"... */
const char *day_span_name(enum day_span span); /* "wait_answered", "talk"... */

/* Adds `other` to `to`; edges that only one of them has are in both afterwards, as far as
 * there is room. */
void day_figures_add(struct day_figures *to, const struct day_figures *other);

/* So many values above the edge before `edge` and not above it; USEC_NEVER: above all. */
void day_span_put(struct histogram *span, usec_t edge, uint64_t count);

/* What is kept, at the edges that `edges` has. */
void day_span_show(const struct histogram *kept, const struct histogram *edges,
                   struct histogram *ret);

/* --- agents --- */

enum agent_activity {
	ACTIVITY_LOGGED_OUT, /* no time is counted */
	ACTIVITY_READY,
	ACTIVITY_RING,
	ACTIVITY_TALK,
	ACTIVITY_HOLD,
	ACTIVITY_WRAPUP,
	ACTIVITY_PAUSED
};
#define AGENT_ACTIVITIES (ACTIVITY_PAUSED + 1)

const char *agent_activity_name(enum agent_activity activity);

#define DAY_REASONS_MAX 16 /* the rest of an agent's day of pauses is "other" */

struct agent_day {
	uint64_t handled; /* calls the agent has talked in, when that talk is over */
	uint64_t own;     /* contacts that ended with this agent, who was the caller's own */
	uint64_t offers, misses[MISS_KINDS];
	usec_t spent[AGENT_ACTIVITIES];
	unsigned reasons_count;
	struct {
		const char *reason; /* "" none was given; "rona"; as long as the daybook lives */
		usec_t spent;
	} reasons[DAY_REASONS_MAX]; /* of spent[ACTIVITY_PAUSED] */
	usec_t until; /* up to this instant all time is counted; 0: the agent was not there */
	enum agent_activity then; /* what began there */
};

/* (talk + hold + wrap-up) / (logged in - paused), in thousandths; -1 when not there. */
int agent_day_occupancy(const struct agent_day *day);
void agent_day_add(struct agent_day *to, const struct agent_day *other);
void agent_day_pause(struct agent_day *day, const char *reason, usec_t spent);

/* --- its life --- */

struct daybook *daybook_new(const struct options *options, const struct loop *loop,
                            struct directory *directory, struct err *err);
struct daybook *daybook_free(struct daybook *daybook); /* accepts and returns NULL */

/* --- reading: the HTTP side --- */

/* False until what was counted before the start is known. Nothing is to be shown before:
 * it would seem to have gone down. */
bool daybook_is_open(const struct daybook *daybook);

/* "2026-11-21", the site's day; "" while it is not open. */
const char *daybook_today(const struct daybook *daybook);
unsigned daybook_hour(const struct daybook *daybook);    /* of the site's clock, now: 0 to 23 */
usec_t daybook_midnight(const struct daybook *daybook);  /* with which today began */
const char *daybook_zone(const struct daybook *daybook); /* "Asia/Tokyo"; "" the machine's */

/* NULL for a queue that was never configured. Valid until the next turn; today's may be
 * NULL of an hour in which nothing was counted. */
const struct day_figures *daybook_queue_ever(const struct daybook *daybook, queue_index queue);
const struct day_figures *daybook_queue_today(const struct daybook *daybook, queue_index queue);
const struct day_figures *daybook_queue_hour(const struct daybook *daybook, queue_index queue,
                                             unsigned hour);

/* What is counted of a queue since ever, in the core's words: numbers alone, in `room`. The
 * core's own, since the daemon started, while there is no daybook or it is not open. NULL
 * for a queue that was never configured. */
const struct queue_stats *daybook_queue_stats(const struct daybook *daybook,
                                              const struct core *core, queue_index queue,
                                              struct queue_stats *room);

/* Calls that arrived there and are being looked up: nothing has them yet. */
uint64_t daybook_queue_unheard(const struct daybook *daybook, queue_index queue);

/* A histogram with the edges that DAY_ESTIMATE_EARLY and LATE have. */
const struct histogram *daybook_error_edges(void);

/* With the time up to now. False when nothing is known of the agent today. */
bool daybook_agent_today(const struct daybook *daybook, struct agent_id agent, usec_t now,
                         struct agent_day *ret);

/* --- a range of days --- */

enum stats_by {
	STATS_BY_QUEUE,
	STATS_BY_AGENT,
	STATS_BY_HOUR, /* of the clock, all days and queues together */
	STATS_BY_DAY,
	STATS_BY_STICKY, /* these four for first contact resolution alone */
	STATS_BY_REASON,
	STATS_BY_TIER,
	STATS_BY_GROUP
};
#define STATS_BYS (STATS_BY_GROUP + 1)
const char *stats_by_name(enum stats_by by); /* "queue" */

#define DAY_SIZE 11        /* "2026-11-21" */
#define STATS_DAYS_MAX 400 /* in one question */

struct stats_question {
	char from[DAY_SIZE], to[DAY_SIZE]; /* both included */
	enum stats_by by;
	bool fcr; /* first contact resolution (shell/fcr.h), not the days' figures */
};

/* Reads what somebody asks. Texts may be NULL: `from` is then today, `to` is `from` or
 * today, whichever is later, `by` is queue. -EINVAL with what is wrong. */
int stats_question_read(const struct daybook *daybook, const char *from, const char *to,
                        const char *by, struct stats_question *ret, struct err *err) MUST_CHECK;
/* Likewise of first contact resolution. */
int fcr_question_read(const struct daybook *daybook, const char *from, const char *to,
                      const char *by, struct stats_question *ret, struct err *err) MUST_CHECK;

/* --- days as texts --- */

/* "2026-11-21" as days since 1970-01-01. -EINVAL: there is no such day. */
int site_day_read(struct text text, int64_t *ret) MUST_CHECK;
void site_day_write(int64_t day, char ret[DAY_SIZE]);

/* --- counting: whoever carries out what the core orders --- */

/* The call is being looked up, and nobody has heard of it yet. It counts as offered when
 * its record is told of or it ends. */
void daybook_call_recalled(struct daybook *daybook, struct call_card *card);
void daybook_call_decided(struct daybook *daybook, struct call_card *card,
                          const struct decision *decision);
void daybook_call_changed(struct daybook *daybook, struct call_card *card);
/* `id` is that of the contact's record. Where its last agent wraps up, the agent's card says
 * that the contact waits for it (`wrapup`). */
void daybook_call_ended(struct daybook *daybook, struct call_card *card, const char *id,
                        const struct contact *contact);
/* A wrap-up of which something is to be told is `over` in the agent's card afterwards. */
void daybook_agent_changed(struct daybook *daybook, struct agent_id agent);

/* Takes over what the core has counted, of the queues that those above were about; from
 * time to time, and when `all`, of all queues. At the end of a turn, and before reading. */
void daybook_collect(struct daybook *daybook, bool all);

/* --- keeping: the store --- */

enum day_row_kind {
	DAY_ROW_QUEUE, /* one queue, one hour */
	DAY_ROW_AGENT, /* one agent */
	DAY_ROW_TOTAL  /* one queue, all days before `day` */
};

struct day_row {
	enum day_row_kind kind;
	char day[DAY_SIZE];
	unsigned hour;                     /* QUEUE */
	const char *name;                  /* of the queue or agent */
	const struct day_figures *figures; /* QUEUE, TOTAL */
	const struct agent_day *agent;     /* AGENT */
};

/* Reads what is kept, while the daybook is not open: first all totals, then the rows of
 * the days that daybook_load_range() names. begin() forgets what was loaded before. */
void daybook_load_begin(struct daybook *daybook);
void daybook_load_range(const struct daybook *daybook, int64_t *ret_first, int64_t *ret_last);
bool daybook_load(struct daybook *daybook, const struct day_row *row); /* false: no room */
void daybook_open(struct daybook *daybook);
/* The agents as they were restored. */
void daybook_restored(struct daybook *daybook);

/* The one reason of that text, for an agent_day. */
#define DAY_REASON_BYTES 64 /* what is longer is cut */
const char *daybook_reason(struct daybook *daybook, struct text reason);

/* Rows that changed since they were last taken, one after another; they go with commit
 * `commit`. Valid until the next call. NULL: there is none. */
const struct day_row *daybook_take(struct daybook *daybook, uint64_t commit);
bool daybook_has_news(const struct daybook *daybook);
/* What went with a later commit than `commit` has not arrived, and is to be taken again. */
void daybook_lost(struct daybook *daybook, uint64_t commit);
/* All up to `commit` has arrived. */
void daybook_kept(struct daybook *daybook, uint64_t commit);

/* Before a clean end: whatever was counted and not written yet is news. */
void daybook_settle(struct daybook *daybook);

/* Today's rows as they are now; agents are told with the time up to now. A row is valid
 * until the function returns. */
typedef void day_row_fn(const struct day_row *row, void *arg);
void daybook_each_today(struct daybook *daybook, day_row_fn *fn, void *arg);
/* Those of queues alone, with what daybook_queue_today() has. Queues that were removed from
 * the configuration since are among them. */
void daybook_each_queue_today(const struct daybook *daybook, day_row_fn *fn, void *arg);

#endif
