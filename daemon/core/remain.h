#ifndef CORE_REMAIN_H
#define CORE_REMAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "najimi/base/macros.h"
#include "najimi/core/record.h"

/* How long talks and wrap-ups last, learned from those that are over, and what follows
 * for one that is under way. Integers only: equal on any machine.
 *
 * A sample is a length. What is kept is how much weight lasted at least as long as each
 * of the edges, which is the distribution's tail ready to be read, so nothing is ever
 * rebuilt. Old samples fade: at its limit all weight is halved. */

#define REMAIN_EDGES \
	LASTING_EDGES    /* 4 s apart up to 64 s, 12 s up to 256 s, 48 s, 192 s up to 4096 s */
#define REMAIN_WEIGHT 16 /* of one sample */

struct remain {
	uint32_t alive[REMAIN_EDGES]; /* weight that lasted to the edge; [0] is everything */
};

/* What is known of one kind of call: how long it is talked, and wrapped up after. */
struct remain_pair {
	struct remain talk, wrapup;
	usec_t thirds[3]; /* lengths of wrap-ups in the middle of each third of them */
};

/* Before anything is known: talks about lognormal with this mean, wrap-ups of one length. */
void remain_start(struct remain_pair *pair, usec_t talk_mean, usec_t wrapup);

void remain_learn_talk(struct remain_pair *pair, usec_t length);
void remain_learn_wrapup(struct remain_pair *pair, usec_t length);

/* Likewise of one agent, of whom nothing is assumed before; and how many talks are known,
 * as far as they have not faded. */
void remain_learn(struct remain *remain, usec_t length);

static inline uint32_t remain_count(const struct remain *remain)
{
	return remain->alive[0] / REMAIN_WEIGHT;
}

/* What was learned goes out of one core and into another. False, and nothing is taken, for
 * what no core can have learned. */
void remain_give(const struct remain_pair *pair, struct lasting_record *ret);
bool remain_take(struct remain_pair *pair, const struct lasting_record *record);

/* Where an agent is in the course of a call. */
struct remain_point {
	bool wrapping;              /* else talking */
	usec_t elapsed;             /* in that state */
	usec_t end_max;             /* wrapping: it is over within this at the latest */
	const struct remain *talks; /* talking: the agent's own talks; NULL: the queue's */
};

/* The finite-horizon Gittins index of waiting for the agent: the best chance of their
 * coming free per second of waiting, of all moments up to the horizon at which one may
 * cease to wait. In millionths per second. */
uint64_t remain_index(const struct remain_pair *pair, const struct remain_point *at,
                      usec_t horizon);

/* The chance, in millionths, that the agent is free within the span. */
uint64_t remain_chance(const struct remain_pair *pair, const struct remain_point *at, usec_t span);

/* The mean time until the agent is free; what lies beyond 1000 s does not count. */
usec_t remain_mean(const struct remain_pair *pair, const struct remain_point *at);

#endif
