#ifndef CORE_QUEUE_H
#define CORE_QUEUE_H

#include "state.h"

/* Who waits and in which order, and how long it will take. */

/* NULL for a queue that was never configured. */
struct queue *queue_find(struct core *core, queue_index index);

void queue_configure(struct core *core, queue_index index, const struct queue_plan *plan);

/* Higher priority first, then the earlier arrival (less a head start), then the order of arriving.
 */
int place_compare(const struct place *a, const struct place *b);

/* `place` names its line and carries its keys. O(log n). */
void queue_add(struct queue *queue, struct place *place);
void queue_drop(struct queue *queue, struct place *place);
struct place *queue_first(const struct queue *queue, enum wait_line line);
struct place *queue_next(struct place *place); /* in the same line */

/* 1 is next; for a place that stands in a line. Exact, O(log n). */
uint32_t queue_position(const struct queue *queue, const struct place *place);
uint32_t queue_waiting(const struct queue *queue);

/* The earliest arrival, 0 for nobody. O(log n) for each priority that waits. */
usec_t queue_oldest(const struct queue *queue);

/* The first of those who need skills whom this agent could take and who stands before
 * `before`, if that is not NULL. Every place it looks at takes one from `budget`; callers
 * who all need a skill that the agent lacks are not looked at one by one. */
struct place *queue_find_skilled(const struct core *core, const struct queue *queue,
                                 const struct agent *agent, const struct place *before,
                                 fits_fn *fits, int *budget);

/* A returning caller was answered after this much extra wait: the value of a reunion follows
 * the plan's aim, if it has one. */
void queue_steer(struct queue *queue, usec_t extra_wait);

/* A talk of this queue is over, wrap-up included. */
void queue_count_handling(struct queue *queue, usec_t length);

/* Agents who take its callers, or are about to: neither paused nor logged out. */
uint32_t queue_at_work(const struct queue *queue);

/* USEC_NEVER when too little is known or nobody is at work. */
usec_t queue_estimate(const struct queue *queue, uint32_t position);

/* What is said of a call whatever becomes of it, and what becomes of it now. */
void queue_describe(const struct core *core, const struct call *call, enum decision_kind kind,
                    struct decision *ret);
void queue_decide(const struct core *core, const struct call *call, struct decision *ret);

#endif
