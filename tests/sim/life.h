#ifndef TESTS_LIFE_H
#define TESTS_LIFE_H

#include <stdio.h>

#include "day.h"

/* A day, lived. */
struct life {
	struct cast cast;
	struct deed deeds[DAY_DEEDS_MAX];
	size_t count;
};

/* How the queues of a day are sticky, and what else is held against the core. */
enum life_kind {
	LIFE_FIXED,    /* the fixed wait; the oracle */
	LIFE_PLAIN,    /* all policies without a price; the oracle */
	LIFE_POLICIES, /* all policies and all their knobs; what callers were promised */
	LIFE_NOTHING   /* not at all; a twin with a price, and a value of nothing */
};
extern enum life_kind life_kind;

/* The day of that seed; `count` says how many deeds it has. */
void life_invent(struct life *life, uint64_t seed);

/* Lives it against core, watch and oracle. With a file, the day is written there as a
 * story while it goes. 0 and the digest, or -EPROTO and what was wrong; a broken
 * invariant of the core aborts. */
int life_live(const struct life *life, FILE *file, uint64_t *ret_digest,
              struct err *err) MUST_CHECK;

/* Of a day that breaks, leaves the fewest and simplest deeds that still do. */
void life_shrink(struct life *life);

#endif
