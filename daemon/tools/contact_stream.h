#ifndef NAJIMI_TOOLS_WHATIF_REDIS_H
#define NAJIMI_TOOLS_WHATIF_REDIS_H

#include "najimi/config/options.h"
#include "progress.h"
#include "whatif_contacts.h"

/* Reads the site's stream of contacts from the Redis of a configuration, from the entry
 * of `from` on: piece by piece, resting as long as each piece took, so that Redis has
 * time for those who route calls. Reads only. Entries that cannot be read are counted.
 *
 * `socket`: where an embedded server listens, if that is known; else NULL.
 * -ENOTCONN: Redis cannot be reached. -EREMOTEIO: it refuses. */
int whatif_redis_read(struct whatif_contacts *contacts, const struct options *options,
                      const char *socket, usec_t from, struct progress *progress,
                      struct err *err) MUST_CHECK;

/* Where the server that a daemon with these options minds for itself listens. -ENOENT:
 * that cannot be known. */
int whatif_redis_socket(const struct options *options, const char *socket, char *ret, size_t size,
                        struct err *err) MUST_CHECK;

#endif
