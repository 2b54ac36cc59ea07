#ifndef LINK_AGI_DIAL_H
#define LINK_AGI_DIAL_H

#include <stdbool.h>

#include "najimi/core/plan.h"

/* What became of Dial. */
enum dial_end {
	DIAL_NONE,   /* there was none */
	DIAL_TALKED, /* answered, and over */
	DIAL_MISSED,
	DIAL_LEFT /* the caller hung up */
};

struct dial_report {
	enum dial_end end;
	enum miss_kind miss;
	bool untried; /* Asterisk has called nobody, and says not why */
};

/* DIALSTATUS and HANGUPCAUSE ("" unknown). False: no such word. */
bool agi_dial_read(const char *status, const char *cause, struct dial_report *ret);

#endif
