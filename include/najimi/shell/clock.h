#ifndef NAJIMI_SHELL_CLOCK_H
#define NAJIMI_SHELL_CLOCK_H

#include "najimi/base/macros.h"

/* Microseconds since the Unix epoch: read from the system's clock once, at the
 * first call, and from then on counted by the monotonic clock. So instants can
 * be kept in Redis and yet never run backwards while the daemon lives. */
usec_t clock_now(void);

/* The monotonic clock alone, for measuring spans. */
usec_t clock_monotonic(void);

/* How far the system's clock has moved against ours since the start: positive
 * when it is ahead. For a warning when somebody has set it. */
int64_t clock_drift(void);

#endif
