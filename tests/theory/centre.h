#ifndef TESTS_CENTRE_H
#define TESTS_CENTRE_H

#include "najimi/core/core.h"

/* The call centre of the textbooks around the real core, in virtual time: callers arrive
 * as a Poisson process, talks and patience are exponential, agents are all alike, always
 * there, and pick up at once. Everything else, above all who waits and who gets whom, is
 * the core's, and what is measured is read from the contacts that it writes.
 *
 * Arrivals, talks, patience and acquaintances are drawn from streams of their own. Talks are
 * drawn in the order in which they begin: as long as no agent is kept idle beside a caller
 * who waits, it makes no difference to the instants of all beginnings which caller is
 * taken, and they are equal to the microsecond. */

#define CENTRE_CLASSES 2
#define CENTRE_EDGES 2

struct centre_setup {
	uint32_t agents;
	usec_t gap;             /* mean, between arrivals */
	usec_t talk;            /* mean */
	usec_t patience;        /* mean; 0: endless */
	uint32_t urgent;        /* of a million callers: of the first class, which goes before */
	uint32_t returning;     /* of a million callers: known to one of the agents */
	uint32_t known;         /* agents a returning caller knows, 1 to KNOWN_MAX */
	uint32_t tiers;         /* callers are of one of so many tiers or none, at random */
	struct queue_plan plan; /* of the one queue */
	struct core_rules rules;
	usec_t edges[CENTRE_EDGES];    /* waits beyond are counted */
	uint64_t warmup, calls, after; /* callers: not counted yet, counted, not any more */
	uint64_t seed;
	bool traces;         /* fill in `trace`, which takes time */
	uint32_t copy_every; /* callers after whom the core is replaced by a copy; 0: never */
};

/* Of the callers who are counted, but for the last three. */
struct centre_figures {
	uint64_t calls, waited, abandoned, in_time; /* answered within the service level */
	uint64_t longer[CENTRE_EDGES];
	uint64_t class_calls[CENTRE_CLASSES];
	double class_wait[CENTRE_CLASSES]; /* seconds, in all */
	uint64_t returning, own;           /* answered */
	uint64_t held_out;
	uint64_t waited_in_all; /* microseconds, of everybody who came */
	uint64_t starts;        /* a hash of the instants at which agents were offered callers */
	uint64_t digest;        /* of the core at the end, and */
	uint64_t trace;         /* of everything it ordered */
};

/* A plan without anything special: nobody overflows, no ringing, no wrap-up. */
struct queue_plan centre_plain_plan(void);

/* Agents for whom `load` of their time is used by callers who talk `talk` in the mean. */
usec_t centre_gap(uint32_t agents, usec_t talk, double load);

struct core_limits centre_limits(const struct centre_setup *setup);

void centre_run(const struct centre_setup *setup, struct centre_figures *ret);

/* Told of every step, for those who want to see more. */
typedef void centre_step_fn(void *context, const struct core *core, const struct core_event *ev,
                            const struct core_actions *actions);
void centre_watch(const struct centre_setup *setup, centre_step_fn *on_step, void *context,
                  struct centre_figures *ret);

#endif
