#ifndef NAJIMI_TOOLS_PLAY_H
#define NAJIMI_TOOLS_PLAY_H

#include "najimi/core/plan.h"
#include "progress.h"
#include "report.h"
#include "traffic.h"
#include "world.h"

/* One play of a centre's days, from its traffic to a report. */

struct play {
	const struct traffic *traffic;
	struct world_rules rules;
	struct queue_plan plan; /* of every queue, as far as it says how callers are routed */
	unsigned known_max;     /* earlier agents that a recall tells of */
	struct report *report;
	struct report_notes *notes;
	struct progress *progress;
	/* If not NULL: a plan for each queue, instead of `plan`. */
	const struct queue_plan *plans;
};

/* Through the core, in virtual time. */
int play_virtual(const struct play *play, struct err *err) MUST_CHECK;

/* Through a daemon, in real time made `speed` times faster. */
struct through {
	const char *address;        /* "HOST:PORT" */
	const char *token, *client; /* of the session */
	double speed;
};
int play_through(const struct play *play, const struct through *through,
                 struct err *err) MUST_CHECK;

/* A configuration for najimid that does in real time divided by `speed` what the play's
 * rules say. */
void play_print_config(const struct play *play, const struct through *through, FILE *out);

#endif
