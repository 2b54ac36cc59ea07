#ifndef NAJIMI_TOOLS_WHATIF_PLOT_H
#define NAJIMI_TOOLS_WHATIF_PLOT_H

#include "whatif_axis.h"

/* Draws a study that was played with characters: reunions upwards, waiting to the
 * right, each value a dot, the present setting and those with names marked.
 *
 * `width`: cells of a line, 40 at least. `plain`: nothing but ASCII. */
void whatif_plot(const struct whatif_study *study, unsigned width, bool plain, FILE *out);

/* What the terminal at `out` shows: its width (80 when it is none, or $COLUMNS), and
 * whether the locale can do no better than ASCII. */
unsigned whatif_terminal_width(FILE *out);
bool whatif_terminal_plain(void);

#endif
