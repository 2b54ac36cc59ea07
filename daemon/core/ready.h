#ifndef CORE_READY_H
#define CORE_READY_H

#include "state.h"

/* The agents of one queue who could be rung this moment: the longest idle first, of
 * equals the lower slot. */

void ready_add(struct ready_tree *ready, struct membership *membership);
void ready_drop(struct ready_tree *ready, struct membership *membership);
struct membership *ready_first(const struct ready_tree *ready); /* NULL when empty */
struct membership *ready_next(struct membership *membership);

/* The first who has the skills the call asks for and whom `fits` lets pass; NULL for
 * none among the WALK_MAX that it looks at. Agents who lack a skill altogether are not
 * looked at one by one, so one who speaks Japanese is found among thousands. */
struct agent *ready_find(const struct core *core, const struct ready_tree *ready,
                         const struct call *call, fits_fn *fits);

#endif
