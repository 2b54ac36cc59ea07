#ifndef NAJIMI_TOOLS_CONTACT_STREAM_H
#define NAJIMI_TOOLS_CONTACT_STREAM_H

#include "najimi/base/text.h"
#include "najimi/config/options.h"
#include "progress.h"

/* A site's stream of finished contacts (najimi-redis(7), CONTACTS), read from the Redis
 * of the daemon's configuration, without the daemon. Reads only: piece by piece, resting
 * as long as each piece took, so that Redis has time for those who route calls. */

#define CONTACT_STREAM_ID_SIZE 48 /* "MS-SEQ" */

/* One field of an entry: "contact", "disposition"... and its JSON. All are valid until
 * the reader returns. */
struct contact_entry {
	const char *id;
	const char *field;
	struct text json;
};

/* 0: the next one. 1: enough. Negative: an error. */
typedef int contact_entry_fn(const struct contact_entry *entry, void *arg, struct err *err);

struct contact_wish {
	usec_t from;       /* entries that were written from then on */
	const char *after; /* and behind this one; NULL: from the first */
	contact_entry_fn *take;
	void *arg;
};

/* `socket`: where an embedded server listens, if that is known; else NULL.
 * -ENOTCONN: Redis cannot be reached. -EREMOTEIO: it refuses. -EINVAL: `after` is no id.
 * Else what `take` returned. */
int contact_stream_read(const struct options *options, const char *socket,
                        const struct contact_wish *wish, struct progress *progress,
                        struct err *err) MUST_CHECK;

/* Where the server that a daemon with these options minds for itself listens. -ENOENT:
 * that cannot be known. */
int contact_stream_socket(const struct options *options, const char *socket, char *ret, size_t size,
                          struct err *err) MUST_CHECK;

#endif
