#ifndef NAJIMI_SHELL_DAYBOOK_H
#define NAJIMI_SHELL_DAYBOOK_H

#include "najimi/base/err.h"
#include "najimi/core/action.h"
#include "najimi/core/view.h"

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

/* Of callers in an experiment: what a mean and the interval around it are made from; the
 * number is ANSWERED. Handling is talk and hold. */
enum day_group_figure {
	GROUP_ANSWERED,
	GROUP_ABANDONED, /* not the short ones */
	GROUP_WAIT,      /* ms, of those answered */
	GROUP_WAIT_SQUARES,
	GROUP_HANDLING, /* ms */
	GROUP_HANDLING_SQUARES
};
#define DAY_GROUP_FIGURES (GROUP_HANDLING_SQUARES + 1)

/* Whole numbers. The names of the fields in Redis and in the JSON are day_figure_name()s;
 * those of durations end in _ms, those of squares in _ms2. */
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
const char *day_span_name(enum day_span span); /* "wait_answered", "talk"... */

/* Adds `other` to `to`; edges that only one of them has are in both afterwards, as far as
 * there is room. */
void day_figures_add(struct day_figures *to, const struct day_figures *other);

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
#define DAY_REASON_SIZE 64

struct agent_day {
	uint64_t handled; /* calls the agent has talked in */
	uint64_t own;     /* contacts that ended with this agent, who was the caller's own */
	uint64_t offers, misses[MISS_KINDS];
	usec_t spent[AGENT_ACTIVITIES];
	unsigned reasons_count;
	struct {
		char reason[DAY_REASON_SIZE]; /* "" none was given; "rona" */
		usec_t spent;
	} reasons[DAY_REASONS_MAX]; /* of spent[ACTIVITY_PAUSED] */
	usec_t until; /* up to this instant all time is counted; 0: the agent was not there */
};

/* (talk + hold + wrap-up) / (logged in - paused), in thousandths; -1 when not there. */
int agent_day_occupancy(const struct agent_day *day);
void agent_day_add(struct agent_day *to, const struct agent_day *other);

/* --- reading: the HTTP side --- */

/* False until what was counted before the start is known. Nothing is to be shown before:
 * it would seem to have gone down. */
bool daybook_is_open(const struct daybook *daybook);

/* "2026-11-21", the site's day; "" while it is not open. */
const char *daybook_today(const struct daybook *daybook);
unsigned daybook_hour(const struct daybook *daybook);    /* of the site's clock, now: 0 to 23 */
const char *daybook_zone(const struct daybook *daybook); /* "Asia/Tokyo"; "" the machine's */

/* NULL for a queue that was never configured. Valid until the next turn; today's may be
 * NULL of an hour in which nothing was counted. */
const struct day_figures *daybook_queue_ever(const struct daybook *daybook, queue_index queue);
const struct day_figures *daybook_queue_today(const struct daybook *daybook, queue_index queue);
const struct day_figures *daybook_queue_hour(const struct daybook *daybook, queue_index queue,
                                             unsigned hour);

/* With the time up to now. False when nothing is known of the agent today. */
bool daybook_agent_today(const struct daybook *daybook, struct agent_id agent, usec_t now,
                         struct agent_day *ret);

/* --- a range of days --- */

enum stats_by {
	STATS_BY_QUEUE,
	STATS_BY_AGENT,
	STATS_BY_HOUR, /* of the clock, all days and queues together */
	STATS_BY_DAY
};
#define DAY_SIZE 11        /* "2026-11-21" */
#define STATS_DAYS_MAX 400 /* in one question */

struct stats_question {
	char from[DAY_SIZE], to[DAY_SIZE]; /* both included */
	enum stats_by by;
};

/* Reads what somebody asks. Texts may be NULL: `from` is then today, `to` is `from` or
 * today, whichever is later, `by` is queue. -EINVAL with what is wrong. */
int stats_question_read(const struct daybook *daybook, const char *from, const char *to,
                        const char *by, struct stats_question *ret, struct err *err) MUST_CHECK;

#endif
