#ifndef NAJIMI_STORE_CACHE_H
#define NAJIMI_STORE_CACHE_H

#include <stdbool.h>

#include "remembered.h"

/* Callers seen lately, so that they are known while Redis is away, and so that what
 * is on its way to Redis is known before it has arrived. Bounded: the one seen
 * longest ago makes room. */
struct cache;

struct cached_caller {
	bool whole;      /* all that Redis has; else only what was learned since */
	uint64_t commit; /* the commit that has the last change */
	uint64_t alias;  /* digest of the number that was last learned to be theirs, */
	usec_t alias_at; /* and when */
	struct remembered *remembered; /* cut to the agents that there are: use the functions */
};

struct cache *cache_new(size_t callers_max); /* NULL: out of memory */
struct cache *cache_free(struct cache *cache);

/* NULL for one not seen lately. Valid until the next put. */
struct cached_caller *cache_find(struct cache *cache, const char *key);

/* The caller's entry, made if need be (with nothing known, and not whole), and the last
 * to go. NULL: out of memory. */
struct cached_caller *cache_put(struct cache *cache, const char *key);

size_t cache_count(const struct cache *cache);

void cache_drop(struct cache *cache, const char *key);

/* False: nothing was ever set. */
bool cached_caller_get(const struct cached_caller *caller, struct remembered *ret);
/* Out of memory is no error: then nothing is known. */
void cached_caller_set(struct cached_caller *caller, const struct remembered *remembered);

#endif
