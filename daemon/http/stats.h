#ifndef NAJIMI_HTTP_STATS_H
#define NAJIMI_HTTP_STATS_H

#include "answer.h"

/* GET /v1/stats?from=2026-11-01&to=2026-11-30&by=queue|agent|hour|day: the figures of
 * several days, as stats.get tells them (najimi-protocol(7)). */
answer_fn stats_answer; /* reads the question; answer->asks when it is a good one */

/* GET /v1/fcr likewise, by=sticky|reason|tier|group too: first contact resolution, as
 * fcr.get tells it. */
answer_fn stats_answer_fcr;

/* What the store says to it. */
void stats_finish(struct answer *answer, int outcome, struct text json);

#endif
