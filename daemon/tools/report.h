#ifndef NAJIMI_TOOLS_REPORT_H
#define NAJIMI_TOOLS_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "najimi/base/macros.h"

/* The figures of one play: metrics.md says what each word means. */

struct waits {
	usec_t *list; /* of answered callers */
	size_t count, capacity;
	bool sorted;
};

struct report_group {
	uint64_t calls;
	uint64_t answered, abandoned, turned_away; /* short abandons are abandons */
	struct waits waits;
};

struct report {
	/* parameters, to be said with the figures */
	const char *policy;
	usec_t service_level, short_abandon;

	struct report_group returning, others;
	uint64_t identified;       /* calls with a customer's id */
	uint64_t own;              /* returning, and answered by the own agent */
	uint64_t present_answered; /* returning, answered, own agent present at arrival */
	uint64_t present_own;
	uint64_t in_time; /* answered within service_level */
	uint64_t short_abandoned;
	uint64_t not_counted; /* played to warm up */
	unsigned plays;       /* that are counted together here; 0: one */
	bool extra_known;     /* a daemon does not tell it */
	usec_t extra;         /* waiting for the own agent beside one who could take the caller */
};

/* A finished call. */
struct report_call {
	bool identified, returning;
	bool present; /* returning: the own agent was present at arrival and serves the queue */
	bool own;     /* answered by the own agent */
	bool answered, turned_away; /* neither: abandoned */
	usec_t wait;
};

/* False: out of memory. */
bool report_add(struct report *report, const struct report_call *call) MUST_CHECK;
void report_done(struct report *report);

/* Shares are -1 when nothing was counted that they could be a share of. */
double report_own_share(const struct report *report);
double report_present_share(const struct report *report);
double report_service_level(const struct report *report);
double report_wait_mean(const struct report *report);  /* seconds, of all answered; -1: nobody */
double report_extra_wait(const struct report *report); /* seconds per returning answered */

bool waits_add(struct waits *waits, usec_t wait) MUST_CHECK; /* false: out of memory */

/* The mean and the value that `share` of the waits do not pass (nearest rank); 0 of
 * nobody. */
usec_t waits_mean(const struct waits *waits);
usec_t waits_quantile(struct waits *waits, double share);

/* What went along with the play, beside its figures. */
struct report_notes {
	const char *file;
	double played_days, took_s;
	uint64_t steps; /* of the core, 0 through a daemon */
	bool through;
	double speed;
	uint64_t crossings;     /* reports that crossed an order on the wire */
	double effective_speed; /* what became of it */
};

/* One table for people; one line of JSON for machines. */
void report_print(struct report *report, const struct report_notes *notes, FILE *out);
void report_print_json(struct report *report, const struct report_notes *notes, FILE *out);

/* The figures by which policies are compared, into an open object. */
struct json_out;
void report_write_comparison(struct report *report, struct json_out *out);

/* A row for each policy, below one head. */
void report_print_head(FILE *out);
void report_print_row(struct report *report, FILE *out);

#endif
