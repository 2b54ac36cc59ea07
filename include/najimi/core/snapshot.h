#ifndef NAJIMI_CORE_SNAPSHOT_H
#define NAJIMI_CORE_SNAPSHOT_H

#include "najimi/core/core.h"

/* The whole state as bytes and back, for the simulator and the replay of an
 * incident. Same machine, same build: this is no exchange format (the store
 * keeps records, one by one). */

size_t core_snapshot_size(const struct core *core);

/* `size` is at least core_snapshot_size(). Returns the bytes written. */
size_t core_snapshot(const struct core *core, void *bytes, size_t size);

/* A core that was made with the same limits takes over the state. 0, or -EINVAL
 * for bytes that are no snapshot of such a core; the core is then unusable. */
int core_restore(struct core *core, const void *bytes, size_t size) MUST_CHECK;

#endif
