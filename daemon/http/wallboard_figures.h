#ifndef NAJIMI_HTTP_WALLBOARD_FIGURES_H
#define NAJIMI_HTTP_WALLBOARD_FIGURES_H

#include "najimi/http/http.h"

/* The wallboard's figures of one queue or of the whole site, as numbers. */

#define HOURS 24

/* Shares are made from two numbers at the end, so they can be added before. */
struct tally {
	uint64_t offered, answered, abandoned, short_abandoned;
	uint64_t in_time, missed;           /* of the service level */
	uint64_t own, returning, reachable; /* answered calls of returning callers */
	uint64_t waits;
	usec_t waited; /* by those who were answered */
};

/* Of first contact resolution: contacts that are decided, and of these resolved. */
struct fcr_tally {
	uint64_t decided, resolved;
};

struct board {
	const char *name;                    /* NULL: the whole */
	const struct queue_options *options; /* NULL of the whole, and of a removed queue */
	uint32_t waiting, holding;
	uint32_t agents[AGENT_STATES], unreachable;
	uint16_t holdout; /* thousandths of callers routed as unknown: in no share of own agents */
	usec_t longest;   /* wait of the one who waits longest, 0 for nobody */
	usec_t expected;  /* of the next caller; of the whole: the longest. USEC_NEVER unknown */
	bool counted;     /* today's figures are known */
	struct tally today, hours[HOURS];
	struct fcr_tally provisional, final, fcr_hours[HOURS];
};

/* False for a queue that is not, or not any more. */
bool board_read_queue(const struct http_needs *needs, queue_index queue, struct board *ret);

/* Takes what a queue has now into the whole, but for its agents, who may serve several. A
 * queue that was removed still has those who wait there. */
void board_add(struct board *whole, const struct board *part);

/* Today of the whole: of all queues that had a call, whether they are still there or not. */
void board_read_day(const struct http_needs *needs, struct board *whole);

/* Who works today, each of them once. O(agents). */
void board_read_agents(const struct http_needs *needs, struct board *whole);

/* The shares in thousandths, the wait in microseconds; -1 when there is nothing to share. */
int64_t board_service_level(const struct tally *tally);
int64_t board_own_share(const struct tally *tally);
int64_t board_reachable_own_share(const struct tally *tally);
int64_t board_fcr(const struct fcr_tally *tally);
int64_t board_mean_wait(const struct tally *tally);

#endif
