#ifndef NAJIMI_TOOLS_BENCH_LOAD_H
#define NAJIMI_TOOLS_BENCH_LOAD_H

#include "lane.h"
#include "report.h"

/* Telephony systems and agents who live many short call lives: a call arrives, is
 * decided, answered and ended, and is given its next turn. */

#define LIVES_MAX 200 /* at once on one connection: a daemon lets 256 requests wait */

struct load_settings {
	const char *address, *token, *queue;
	unsigned connections, agents;
	unsigned lives;     /* at once on each connection */
	unsigned customers; /* how many people ring; they ring again and again */
};

struct load;

/* Opens the sessions and logs the agents in. */
int load_open(const struct load_settings *settings, struct load **ret, struct err *err) MUST_CHECK;
struct load *load_close(struct load *load); /* logs the agents out; accepts and returns NULL */

struct load_result {
	uint64_t lives;   /* begun and ended in the phase */
	uint64_t queued;  /* not connected at once */
	uint64_t refused; /* requests that the daemon answered with an error */
	uint64_t late;    /* begun later than the rate asks, for want of a free place */
	double seconds;
	struct waits decisions; /* from sending the arrival to reading its decision */
	char refusal[200];      /* the first of them */
};

/* Lives for `length`, `rate` a second (0: as many as go), at most `at_once` at once
 * (0: as many as the settings allow), and waits for the last to end. */
int load_run(struct load *load, double rate, unsigned at_once, usec_t length,
             struct load_result *ret, struct err *err) MUST_CHECK;
void load_result_done(struct load_result *result);

/* `waiting` callers and one agent: how long from the end of a call, which makes the
 * agent ready, to the next caller's offer, `count` times. The load has one connection
 * with room for that many lives. */
int load_run_ready(struct load *load, unsigned waiting, unsigned count, struct waits *ret,
                   struct err *err) MUST_CHECK;

#endif
