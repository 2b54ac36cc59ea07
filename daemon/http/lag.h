#ifndef NAJIMI_HTTP_LAG_H
#define NAJIMI_HTTP_LAG_H

#include "najimi/base/histogram.h"

/* How late the loop is: a timer that repeats is to come at certain instants, and comes
 * when whoever has the loop gives it back. All are instants of the monotonic clock. */
struct lag {
	usec_t period, due;
	struct histogram late;
};

/* The timer is started now. */
void lag_start(struct lag *lag, usec_t period, usec_t now);

/* The timer has come. */
void lag_tick(struct lag *lag, usec_t now);

#endif
