#ifndef NAJIMI_TOOLS_WHATIF_PRESENCE_H
#define NAJIMI_TOOLS_WHATIF_PRESENCE_H

#include "najimi/core/plan.h"
#include "traffic.h"
#include "whatif_contacts.h"

/* Nobody writes down when agents were there; their contacts tell. An agent is there from
 * the first telephone that rang to the end of the last wrap-up, but for gaps of more than 30
 * minutes, and for those in which callers of the agent waited for more than a minute
 * without holding out for somebody. They serve the queues whose callers they had.
 *
 * Fills in the shifts of `traffic`, whose instants count from `base`, and the wrap-up of
 * each contact: as `plans` (by queue) say, cut off by the agent's next call. The queues
 * and agents of `contacts` become those of the traffic.
 *
 * `agents`: so many more, who serve every queue whenever the busiest one was there; or
 * fewer, the least busy first. *ret_seen: agents there were. */
int whatif_presence_build(struct traffic *traffic, struct whatif_contacts *contacts,
                          const struct queue_plan *plans, usec_t base, int agents,
                          unsigned *ret_seen, struct err *err) MUST_CHECK;

#endif
