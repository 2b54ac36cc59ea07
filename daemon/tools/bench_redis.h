#ifndef NAJIMI_TOOLS_BENCH_REDIS_H
#define NAJIMI_TOOLS_BENCH_REDIS_H

#include "report.h"
#include "resp.h"

/* What Redis alone is worth on this machine, beside which the daemon is measured: one
 * round trip, and the very commands that the daemon sends, played again without it. */

/* `count` times, one after the other: a Function that writes one field. */
int redis_round_trips(struct resp *resp, unsigned count, struct waits *ret,
                      struct err *err) MUST_CHECK;

/* What the daemon sent while it was watched, turned to a site of its own. */
struct redis_sample {
	char *bytes; /* commands, one behind the other */
	size_t length, size;
	size_t *ends; /* of each command */
	size_t commands, commands_size;
	uint64_t lives; /* calls that ended in them */
	char base[320]; /* "najimi:{main-bench}:" */
	char epoch[24];
	uint64_t commits;
};

/* Redis tells everything it is asked from now on; until redis_watch_end(), which
 * makes a sample of it. Starts with a zeroed sample. */
int redis_watch_start(struct resp *resp, struct err *err) MUST_CHECK;
int redis_watch_end(struct resp *resp, struct redis_sample *ret, struct err *err) MUST_CHECK;
void redis_sample_done(struct redis_sample *sample);

/* One line of what Redis tells: adds it to the sample if it is the daemon's work.
 * 0, or -EINVAL for a line that is none, or -ENOMEM. */
int redis_sample_add(struct redis_sample *sample, struct text line) MUST_CHECK;

/* Plays the sample again and again, pipelined, for `length`; lives per second. */
int redis_replay(struct resp *resp, const struct redis_sample *sample, usec_t length,
                 double *ret_lives, struct err *err) MUST_CHECK;

#endif
