#ifndef NAJIMI_TOOLS_PROGRESS_H
#define NAJIMI_TOOLS_PROGRESS_H

#include <stdbool.h>

#include "najimi/base/macros.h"

/* A bar on the standard error, for a person who waits: only on a terminal, and only
 * once it has taken longer than a second. A program that reads along gets lines. */
struct progress {
	const char *label;
	bool wanted, shown;
	bool lines; /* "progress 42", in hundredths */
	usec_t started_at, drawn_at;
	/* What is told is this part of the whole, which begins at `from`; 0: it is all. */
	double from, part;
};

void progress_start(struct progress *progress, const char *label);
void progress_tell(struct progress *progress,
                   double share);             /* 0 to 1; cheap enough to call often */
void progress_end(struct progress *progress); /* takes the bar away */

#endif
