#include "lag.h"

static const usec_t edges[] = { MSEC(1),   MSEC(2),   MSEC(5),   MSEC(10),   MSEC(20), MSEC(50),
	                        MSEC(100), MSEC(200), MSEC(500), MSEC(1000), SEC(5) };

void lag_start(struct lag *lag, usec_t period, usec_t now)
{
	lag->period = period;
	lag->due = now + period;
	histogram_init(&lag->late, edges, ARRAY_LEN(edges));
}

/* libevent keeps a timer that repeats in step with its first instant, unless a whole
 * period was missed: then it counts from when it came. */
void lag_tick(struct lag *lag, usec_t now)
{
	histogram_add(&lag->late, now > lag->due ? now - lag->due : 0);
	lag->due += lag->period;
	if (lag->due <= now)
		lag->due = now + lag->period;
}
