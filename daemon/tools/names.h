#ifndef NAJIMI_TOOLS_NAMES_H
#define NAJIMI_TOOLS_NAMES_H

#include "najimi/base/text.h"

/* Names as small numbers: 0, 1, 2... in the order of their first appearance. */
struct names {
	char **list; /* [count] */
	uint32_t count, capacity;
	uint32_t *table;   /* open addressing: index + 1, 0 is empty */
	size_t table_size; /* a power of two */
};

/* Starts zeroed. False: out of memory. */
bool names_intern(struct names *names, struct text name, uint32_t *ret) MUST_CHECK;
bool names_find(const struct names *names, struct text name, uint32_t *ret);
void names_done(struct names *names);

#endif
