#ifndef NAJIMI_SHELL_CHILD_H
#define NAJIMI_SHELL_CHILD_H

#include "najimi/base/err.h"
#include "najimi/base/text.h"

/* A program that works beside the loop, for what would hold it up. What it prints is
 * collected, within a limit; it is ended when it takes too long, and with its owner.
 *
 * It gets our environment, nothing to read and none of our descriptors, and a process
 * group of its own. */
struct child;
struct event_base;

struct child_plan {
	const char *const *argv; /* argv[0] is the program's path; NULL ends it */
	size_t output_max;       /* bytes it may print */
	usec_t time_max;
};

enum child_fate {
	CHILD_EXITED,
	CHILD_KILLED,    /* by a signal that was not ours */
	CHILD_LATE,      /* ended after time_max */
	CHILD_TALKATIVE, /* ended after output_max */
};

struct child_end {
	enum child_fate fate;
	int code;              /* exit code, or the signal's number */
	struct text output;    /* what it printed, NUL behind it */
	const char *last_line; /* of its standard error, "" without; long ones are cut */
};

struct child_hooks {
	/* A line of its standard error. May be NULL. */
	void (*line)(const char *line, void *arg);
	/* It is over, and everything was read. Once; the child may be freed in it. */
	void (*ended)(const struct child_end *end, void *arg);
	void *arg;
};

/* NULL with the reason: no such program, no memory, no process. */
struct child *child_start(struct event_base *base, const struct child_plan *plan,
                          const struct child_hooks *hooks, struct err *err);

/* Kills it if it still runs; its hooks are not called any more. */
struct child *child_free(struct child *child); /* accepts and returns NULL */

#endif
