#ifndef NAJIMI_HTTP_WHATIF_WISH_H
#define NAJIMI_HTTP_WHATIF_WISH_H

#include "najimi/base/err.h"

/* What somebody wants to know of whatif, from the query, as arguments of najimictl:
 * since, value, wait_idle, wait_skipped, credit, agents, queue. What a value means is
 * najimictl's business. */
#define WISH_ARGS_MAX 7
#define WISH_ARG_SIZE 256
#define WISH_KEY_SIZE 1024

struct wish {
	char args[WISH_ARGS_MAX][WISH_ARG_SIZE]; /* "--since=14d" */
	size_t args_count;
	char key[WISH_KEY_SIZE]; /* the same for the same wish, never "" */
};

/* `query` as it was sent, NULL without. -EINVAL with what is wrong with it. */
int wish_read(const char *query, struct wish *ret, struct err *err) MUST_CHECK;

#endif
