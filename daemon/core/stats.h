#ifndef CORE_STATS_H
#define CORE_STATS_H

#include "state.h"

/* What is counted, and where: the outcome of a call, its waits and its returning are
 * counted at the queue where it arrived; offers, misses and wrap-up at the queue where
 * they happened. */

void stats_init(struct queue_stats *stats);

/* The limits of the plan become edges of the histograms of waiting. */
void stats_set_limits(struct queue_stats *stats, const struct queue_plan *plan);

void stats_count_arrival(struct core *core, const struct call *call);
void stats_count_resumed(struct core *core, const struct call *call);
void stats_count_offer(struct core *core, const struct call *call);
void stats_count_miss(struct core *core, const struct call *call, enum miss_kind kind);

/* The first answer, with `answered_at` set. */
void stats_count_answer(struct core *core, struct call *call);

/* The service level's threshold passed while the caller waits. */
void stats_count_late(struct core *core, struct call *call);

/* The end of a holding out during which another agent was passed over. */
void stats_count_extra_wait(struct core *core, const struct call *call);

void stats_count_end(struct core *core, const struct call *call, const struct contact *contact);
/* Whether somebody is ready beside somebody who waits may have changed in this queue. */
void stats_note_idle(struct core *core, queue_index queue);

void stats_count_wrapup(struct core *core, queue_index queue, usec_t length);

#endif
