#include "najimi/shell/clock.h"

#include <time.h>

static usec_t read_clock(clockid_t which)
{
	struct timespec ts;

	clock_gettime(which, &ts);
	return (usec_t)ts.tv_sec * SEC(1) + (usec_t)ts.tv_nsec / 1000;
}

/* What has to be added to the monotonic clock, fixed for the life of the process. */
static usec_t offset(void)
{
	static usec_t fixed;

	if (fixed == 0)
		fixed = read_clock(CLOCK_REALTIME) - read_clock(CLOCK_MONOTONIC);
	return fixed;
}

usec_t clock_monotonic(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

usec_t clock_now(void)
{
	return read_clock(CLOCK_MONOTONIC) + offset();
}

int64_t clock_drift(void)
{
	return (int64_t)(read_clock(CLOCK_REALTIME) - clock_now());
}
