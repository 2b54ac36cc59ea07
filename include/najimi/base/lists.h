#ifndef NAJIMI_BASE_LISTS_H
#define NAJIMI_BASE_LISTS_H

/* Intrusive lists (TAILQ, SLIST) and red-black trees (RB), from libbsd.
 *
 * Headers only: nothing of libbsd is linked. Include this, not libbsd, because
 * RB_GENERATE_STATIC of bookworm's libbsd 0.11 needs an attribute macro that
 * glibc does not define. */
#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>

#define ORDERED_GENERATE(name, type, field, cmp) \
	RB_GENERATE_INTERNAL(name, type, field, cmp, static __attribute__((unused)))

#endif
