#ifndef NAJIMI_DAEMON_CONFIG_NAMES_H
#define NAJIMI_DAEMON_CONFIG_NAMES_H

#include "rows.h"

/* The names of a list in order, so that thousands are found and compared quickly. */
struct name_entry {
	const char *name;
	size_t index; /* in the list */
};

struct names {
	size_t count;
	struct name_entry *entries;
};

/* The names must stay where they are. */
int names_init(struct names *names, size_t count, nearest_fn *name, void *arg,
               struct err *err) MUST_CHECK;
void names_done(struct names *names);

bool names_find(const struct names *names, const char *name, size_t *ret_index);

/* A name that stands twice in the list, the earlier place first. False: there is none. */
bool names_twice(const struct names *names, size_t *ret_first, size_t *ret_second);

/* Numbers the teams of all agents: those that `was` knows as there, others from where it
 * left off. `was` may be NULL. teams.c */
int teams_number(struct options *options, const struct options *was, struct err *err) MUST_CHECK;

#endif
