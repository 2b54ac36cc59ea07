#ifndef NAJIMI_TOOLS_WHATIF_DRAW_H
#define NAJIMI_TOOLS_WHATIF_DRAW_H

#include "whatif_axis.h"

/* Draws a study that was played into a file, as SVG or PNG. -ENOSYS: this was built
 * without a library that draws. */
int whatif_draw_svg(const struct whatif_study *study, const char *path, struct err *err) MUST_CHECK;
int whatif_draw_png(const struct whatif_study *study, const char *path, struct err *err) MUST_CHECK;

#endif
