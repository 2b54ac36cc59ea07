#ifndef NAJIMI_TOOLS_WHATIF_ARGS_H
#define NAJIMI_TOOLS_WHATIF_ARGS_H

#include <stdbool.h>

#include "najimi/base/err.h"

/* What `najimictl whatif` was asked for. */
#define WHATIF_VALUES_MAX 61
#define WHATIF_VALUE_MAX 3600 /* seconds */
#define WHATIF_AGENTS_MAX 1000

struct whatif_args {
	const char *config;
	const char *from;   /* a file of contacts instead of Redis; NULL */
	const char *socket; /* of an embedded Redis, when its place is not configured; NULL */
	usec_t since;
	unsigned values[WHATIF_VALUES_MAX]; /* seconds, growing */
	unsigned values_count;
	bool has_wait_idle, has_wait_skipped, has_credit; /* else as they are configured */
	usec_t wait_idle, wait_skipped, credit;
	int agents; /* more of them, or fewer */
	const char *svg, *png;
	bool progress; /* lines of it on stderr, for a program */
};

enum whatif_option {
	WHATIF_AGENTS = 512,
	WHATIF_CONFIG,
	WHATIF_CREDIT,
	WHATIF_FROM,
	WHATIF_PNG,
	WHATIF_PROGRESS,
	WHATIF_REDIS_SOCKET,
	WHATIF_SINCE,
	WHATIF_SVG,
	WHATIF_VALUE,
	WHATIF_WAIT_IDLE,
	WHATIF_WAIT_SKIPPED,
};

/* Fourteen days, 0 to 300 s by 25. */
void whatif_args_init(struct whatif_args *args);

/* Takes one option over. `value` may be kept. */
int whatif_args_take(struct whatif_args *args, int option, const char *value,
                     struct err *err) MUST_CHECK;

#endif
