#ifndef NAJIMI_TOOLS_BENCH_AGI_H
#define NAJIMI_TOOLS_BENCH_AGI_H

#include <sys/types.h>

#include "bench_load.h"

/* A stub of Asterisk: callers whom its dialplan leaves with the daemon by FastAGI. It answers
 * each command at once, so what is measured is the daemon. */

struct agi_settings {
	const char *address, *queue;
	unsigned waiting, handovers;
	pid_t daemon; /* whose memory and processor time are looked at; 0: nobody's */
};

struct agi_figures {
	struct waits decisions; /* one caller at a time: from what Asterisk says at first, sent, to
	                           the variables for Dial, read */
	struct waits handovers; /* agent free, by the end of a talk, to the next caller's */
	double kib_a_caller;    /* of the daemon's memory; 0 not looked at */
	double idle_cpu;        /* share of a processor while all are held; < 0 not looked at */
};

/* The agents of `load` serve; the daemon's own decisions are measured with the same load. */
int bench_agi(struct load *load, const struct agi_settings *settings, struct agi_figures *ret,
              struct err *err) MUST_CHECK;
void agi_figures_done(struct agi_figures *figures);

#endif
