#ifndef NAJIMI_TOOLS_WHATIF_AXIS_H
#define NAJIMI_TOOLS_WHATIF_AXIS_H

#include "whatif_study.h"

/* A scale with round numbers: from `from` to `to` by `step`, all at least 0. */
struct whatif_axis {
	double from, to, step;
	int decimals; /* that tell the steps apart */
};

/* Around everything from `least` to `most`, with about `steps` steps. */
void whatif_axis_fit(struct whatif_axis *axis, double least, double most, unsigned steps);

/* Where a value is, 0 to 1. */
double whatif_axis_place(const struct whatif_axis *axis, double value);

/* The scales of a study that was played: waiting in seconds, reunions in hundredths.
 * False: no run has a place on both. */
bool whatif_axes(const struct whatif_study *study, unsigned steps_x, unsigned steps_y,
                 struct whatif_axis *ret_x, struct whatif_axis *ret_y);

/* Whether a run has a place. */
bool whatif_has_place(const struct whatif_run *run);

#endif
