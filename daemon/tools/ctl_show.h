#ifndef NAJIMI_TOOLS_CTL_SHOW_H
#define NAJIMI_TOOLS_CTL_SHOW_H

#include "ctl.h"

/* An answer of any shape, for people: one line a member, what is in it indented
 * beneath; a list of objects as a table. Instants are shown in local time with the
 * day, "_ms" members as time on a clock. Members that are null are left out. */
void ctl_show(struct ctl *ctl, const struct json *object, unsigned indent);

/* Without the list or object of that name. */
void ctl_show_but(struct ctl *ctl, const struct json *object, unsigned indent, const char *but);

/* A list under its name. */
void ctl_show_list(struct ctl *ctl, const char *name, const struct json *array, unsigned indent);

#endif
