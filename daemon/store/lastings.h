#ifndef STORE_LASTINGS_H
#define STORE_LASTINGS_H

#include "najimi/base/text.h"

/* What the core has learned of how long talks last, by queue: written now and then, for it
 * is worth nothing to nobody but the next start. */
struct store;
struct lastings;

#define LASTING_SIZE 4096 /* of one queue's value */

struct lastings *lastings_new(struct store *store, uint32_t queues_max); /* NULL: no memory */
struct lastings *lastings_free(struct lastings *lastings);

/* What was learned since the last time goes with the next commit. */
void lastings_save(struct lastings *lastings);

/* One queue's value as it was saved. What cannot be read is logged and learned anew. */
void lastings_take(struct lastings *lastings, const char *queue, struct text value);

#endif
