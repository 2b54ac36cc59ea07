#ifndef NAJIMI_CONFIGURE_H
#define NAJIMI_CONFIGURE_H

#include "daemon.h"

/* The configuration, told to the core. */

/* Queues before live state is read back: records name them. */
void configure_queues(struct daemon *daemon);

/* The site's rules, last: they set the matching of what was restored in motion. */
void configure_rules(struct daemon *daemon);

/* Takes a changed configuration over as a difference: only queues that changed,
 * and agents who are logged in and whose own row changed, hear of it. On failure
 * the old one stays. */
int configure_reload(struct daemon *daemon, struct err *err);

/* Reads the file again and says whether a reload would work; changes nothing. */
int configure_check(struct daemon *daemon, struct err *err);

#endif
