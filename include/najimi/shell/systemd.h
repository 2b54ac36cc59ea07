#ifndef NAJIMI_SHELL_SYSTEMD_H
#define NAJIMI_SHELL_SYSTEMD_H

#include "najimi/base/macros.h"

/* What the service manager wants to hear: sd_notify(3). All do nothing when we
 * were not started by one. */
void systemd_ready(const char *status);
void systemd_reloading(void);
void systemd_stopping(void);
void systemd_status(const char *status);
void systemd_alive(void); /* feeds the watchdog */

/* How often systemd_alive() is wanted: half of what the unit sets, 0 without. */
usec_t systemd_watchdog_period(void);

#endif
