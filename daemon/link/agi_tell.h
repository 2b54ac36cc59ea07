#ifndef LINK_AGI_TELL_H
#define LINK_AGI_TELL_H

#include "agi_link.h"

/* What callers are told while they wait: their place, how long it may take, and whatever the site
 * has to say. Each figure is the core's at that instant. */

/* The time for it has come: conn->tell_at. */
void agi_tell(struct agi_conn *conn);

/* The caller waits from now on, or the queue's callers are told something else: the first time, if
 * it has not been thought of. */
void agi_tell_plan(struct agi_conn *conn);

#endif
