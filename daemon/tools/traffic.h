#ifndef NAJIMI_TOOLS_TRAFFIC_H
#define NAJIMI_TOOLS_TRAFFIC_H

#include "lexicon.h"
#include "najimi/base/err.h"

/* A centre's calls and its agents' presence, as they were logged: what there is to
 * play. All instants are spans since midnight of the log's first day. */

#define TRAFFIC_QUEUES_MAX 64 /* a shift's queues are bits */
#define TRAFFIC_SPAN_MAX (HOUR(24) * 366 * 10)
#define CUSTOMER_NONE UINT32_MAX

struct traffic_call {
	const char *name;
	uint32_t order; /* in the file: breaks ties */
	usec_t arrives;
	uint32_t customer; /* index in `customers`, CUSTOMER_NONE when not identified */
	uint8_t queue;
	usec_t service, wrapup;
	usec_t patience; /* the caller hangs up when the wait reaches it */
};

struct traffic_shift {
	uint32_t agent;
	unsigned line; /* of the file */
	usec_t on, off;
	uint64_t queues;
};

struct traffic {
	struct lexicon calls_names, customers, queues, agents;
	struct traffic_call *calls; /* by arrival */
	size_t calls_count;
	struct traffic_shift *shifts; /* by start; an agent's do not overlap */
	size_t shifts_count;
};

/* Both start from a zeroed traffic; the calls first. Errors name file and line. */
int traffic_read_calls(struct traffic *traffic, const char *path, struct err *err) MUST_CHECK;
int traffic_read_shifts(struct traffic *traffic, const char *path, struct err *err) MUST_CHECK;
void traffic_done(struct traffic *traffic);

/* Keeps the calls that arrive in [from, to) and the shifts that touch that span.
 * Says how many calls are left. */
size_t traffic_cut(struct traffic *traffic, usec_t from, usec_t to);

/* No way of routing has more callers at once than this: everybody who could still
 * be waiting, and one talk for each agent. */
size_t traffic_calls_at_once(const struct traffic *traffic);

#endif
