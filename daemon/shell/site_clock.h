#ifndef NAJIMI_SHELL_SITE_CLOCK_H
#define NAJIMI_SHELL_SITE_CLOCK_H

#include "najimi/base/text.h"
#include "najimi/shell/daybook.h"

/* The clock on the wall of the site. */

/* From now on the process lives in this zone ("Asia/Tokyo"); "" leaves it where it is. */
void site_clock_set(const char *zone);

struct site_hour {
	char day[DAY_SIZE];
	unsigned hour;
	usec_t ends;     /* the first instant that belongs to another hour */
	usec_t midnight; /* the first one of the day */
};
void site_clock_read(usec_t at, struct site_hour *ret);

#endif
