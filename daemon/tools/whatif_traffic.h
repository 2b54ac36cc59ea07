#ifndef NAJIMI_TOOLS_WHATIF_TRAFFIC_H
#define NAJIMI_TOOLS_WHATIF_TRAFFIC_H

#include "najimi/core/plan.h"
#include "traffic.h"
#include "whatif_contacts.h"

/* Makes a traffic of contacts: what callers and agents would have done whoever had met
 * whom. What the contacts do not tell is estimated, the same way each time:
 *
 *   patience   of who gave up, the wait; of everybody else, the wait and an exponential
 *              of the mean that all waits by those who gave up suggest
 *   talk       of who was not answered, another call's of the same queue
 *   agents     whatif_presence.h */

struct whatif_found {
	usec_t base, last; /* the traffic's midnight, the last arrival */
	size_t calls, answered, gave_up;
	unsigned agents;
	usec_t patience_mean; /* USEC_NEVER: nobody gave up */
	usec_t ring_mean;
	/* As it was recorded: */
	usec_t wait_mean;     /* of answered calls */
	size_t returned, own; /* callers who knew somebody; met the own agent */
};

/* `contacts` are sorted; `plans` by queue. -ENODATA: too few to be played. */
int whatif_traffic_build(struct traffic *traffic, struct whatif_contacts *contacts,
                         const struct queue_plan *plans, int agents, struct whatif_found *ret,
                         struct err *err) MUST_CHECK;

#define WHATIF_CALLS_MIN 200

#endif
