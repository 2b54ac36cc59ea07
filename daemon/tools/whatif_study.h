#ifndef NAJIMI_TOOLS_WHATIF_STUDY_H
#define NAJIMI_TOOLS_WHATIF_STUDY_H

#include "najimi/config/options.h"
#include "progress.h"
#include "report.h"
#include "whatif_args.h"
#include "whatif_traffic.h"

/* One traffic played again and again, each time with another setting: the values that
 * were asked for, the configuration as it stands, and the settings that have names. */

enum whatif_kind {
	WHATIF_IS_VALUE,
	WHATIF_IS_PRESENT,
	WHATIF_IS_PRESET
};

struct whatif_run {
	enum whatif_kind kind;
	char name[24];
	struct queue_plan plan; /* of the main queue */
	/* once played: */
	double wait;     /* mean of all answered, seconds; -1: nobody */
	double reunited; /* of those whose own agent was present; -1: nobody */
};

#define WHATIF_RUNS_MAX (WHATIF_VALUES_MAX + 1 + STICKY_PRESETS)

struct whatif_study {
	const struct whatif_args *args;
	const char *site, *queue; /* NULL: all queues */
	struct whatif_contacts *contacts;
	struct traffic traffic;
	struct whatif_found found;
	struct queue_plan plans[TRAFFIC_QUEUES_MAX], changed[TRAFFIC_QUEUES_MAX];
	uint64_t chosen; /* bits of the queues that are changed and counted; 0: all */
	uint8_t main;    /* the chosen queue with most calls: its plan is told */
	bool alike;      /* the chosen queues have the same plan */
	usec_t count_from;
	usec_t *arrivals; /* of the traffic's calls, as they were */
	unsigned plays;   /* of each run: what differs from one to another is chance */
	struct whatif_run runs[WHATIF_RUNS_MAX];
	size_t runs_count;
};

/* `contacts` are sorted, and outlive the study, as everything else does. -ENODATA: too
 * few of them. */
int whatif_study_init(struct whatif_study *study, const struct options *options,
                      const struct whatif_args *args, const char *queue,
                      struct whatif_contacts *contacts, struct err *err) MUST_CHECK;
void whatif_study_done(struct whatif_study *study);

/* Plays one run, as often as `plays` says. *report is to be emptied with report_done(), also after
 * a failure. -ENODATA: too few callers returned. */
int whatif_study_play(struct whatif_study *study, size_t run, struct progress *progress,
                      struct report *report, struct err *err) MUST_CHECK;

/* "rate, 60 s" and the like: what a plan does. */
void whatif_describe(const struct queue_plan *plan, char *ret, size_t size);

#define WHATIF_RETURNING_MIN 10

#endif
