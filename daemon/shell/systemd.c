#include "najimi/shell/systemd.h"

#include <inttypes.h>
#include <systemd/sd-daemon.h>

#include "najimi/shell/clock.h"

void systemd_ready(const char *status)
{
	sd_notifyf(0, "READY=1\nSTATUS=%s", status);
}

void systemd_reloading(void)
{
	/* systemd 253 and later want to know when; 252 takes no harm. */
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64, clock_monotonic());
}

void systemd_stopping(void)
{
	sd_notify(0, "STOPPING=1");
}

void systemd_status(const char *status)
{
	sd_notifyf(0, "STATUS=%s", status);
}

void systemd_alive(void)
{
	sd_notify(0, "WATCHDOG=1");
}

usec_t systemd_watchdog_period(void)
{
	uint64_t period = 0;

	return sd_watchdog_enabled(0, &period) > 0 ? period / 2 : 0;
}
