#ifndef NAJIMI_HTTP_METRICS_QUEUES_H
#define NAJIMI_HTTP_METRICS_QUEUES_H

#include "metrics.h"

/* What was counted since ever, and what is now, queue by queue. All lines of a family
 * stand together, so the families are the outer loop and the queues the inner one. A
 * configured queue has all its series from the start, at zero.
 *
 * Totals are the daybook's, which outlive us, and are told when Redis has them. They add
 * up: a call that is being looked up has not been offered yet. Until the daybook is open
 * there are none, for less than was told once would be a lie. */

/* One queue as the families see it. */
struct subject {
	struct exposition *out;
	const char *queue;
	const struct day_figures *ever;  /* what a family without totals does not use */
	const struct queue_stats *stats; /* for the edges */
	const struct queue_view *view;
	uint64_t unheard;
	usec_t now;
};

typedef void show_fn(const struct subject *of);

struct queue_family {
	struct family family;
	show_fn *show;
};

#define COUNTER(n, h) \
	{ \
		.name = "najimi_" n, .kind = FAMILY_COUNTER, .help = h \
	}
#define COUNTER_SECONDS(n, h) \
	{ \
		.name = "najimi_" n "_seconds", .kind = FAMILY_COUNTER, .unit = "seconds", \
		.help = h \
	}
#define GAUGE(n, h) \
	{ \
		.name = "najimi_" n, .kind = FAMILY_GAUGE, .help = h \
	}
#define GAUGE_SECONDS(n, h) \
	{ \
		.name = "najimi_" n "_seconds", .kind = FAMILY_GAUGE, .unit = "seconds", .help = h \
	}
#define HISTOGRAM(n, h) \
	{ \
		.name = "najimi_" n "_seconds", .kind = FAMILY_HISTOGRAM, .unit = "seconds", \
		.help = h \
	}

/* Writes the families, each with all queues. */
void metrics_queues(struct exposition *out, const struct http_needs *needs,
                    const struct queue_family *families, size_t count);

void show_count(const struct subject *of, unsigned figure);

/* At the edges that the core has now: those are the limits of the configuration. */
void show_span(const struct subject *of, const struct label *labels, enum day_span span,
               const struct histogram *edges);

#endif
