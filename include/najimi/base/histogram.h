#ifndef NAJIMI_BASE_HISTOGRAM_H
#define NAJIMI_BASE_HISTOGRAM_H

#include <stdbool.h>

#include "najimi/base/macros.h"

/* A histogram of durations with chosen edges, as Prometheus wants them: exact at
 * every edge, nothing interpolated. */
#define HISTOGRAM_EDGES_MAX 24

struct histogram {
	uint32_t edges_count;
	usec_t edges[HISTOGRAM_EDGES_MAX];         /* ascending; a value on an edge is below it */
	uint64_t buckets[HISTOGRAM_EDGES_MAX + 1]; /* not cumulative; the last is +Inf */
	uint64_t count;
	uint64_t sum; /* microseconds */
};

/* `edges` ascending, at most HISTOGRAM_EDGES_MAX - 2 (room for two inserted ones). */
void histogram_init(struct histogram *histogram, const usec_t *edges, size_t count);

/* Adds an edge unless it is there or there is no room (false). What was counted
 * in the bucket that is cut stays above the new edge. */
bool histogram_insert_edge(struct histogram *histogram, usec_t edge);

void histogram_add(struct histogram *histogram, usec_t value);

/* The edge below which at least `per_mille` of the values lie; USEC_NEVER when
 * that is beyond the last edge, 0 when empty. */
usec_t histogram_quantile(const struct histogram *histogram, unsigned per_mille);

#endif
