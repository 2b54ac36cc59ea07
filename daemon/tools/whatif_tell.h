#ifndef NAJIMI_TOOLS_WHATIF_TELL_H
#define NAJIMI_TOOLS_WHATIF_TELL_H

#include "whatif_study.h"

/* What a study says, to people and to programs. Rows and elements are written as the
 * runs are played, the rest when all of them are. */

/* What was played, and how: some lines before the table. */
void whatif_tell_head(const struct whatif_study *study, FILE *out);

/* An element of `runs`, after a comma unless it is the first. */
int whatif_tell_run(const struct whatif_study *study, size_t run, struct report *report, FILE *out,
                    struct err *err) MUST_CHECK;

/* The whole document around the elements. */
int whatif_tell_json(const struct whatif_study *study, struct text runs, double took_s, FILE *out,
                     struct err *err) MUST_CHECK;

#endif
