#ifndef NAJIMI_STORE_CACHE_H
#define NAJIMI_STORE_CACHE_H

#include <stdbool.h>

#include "najimi/core/ids.h"
#include "najimi/core/plan.h"
#include "najimi/core/record.h"

/* Callers seen lately, so that they are known while Redis is away, and so that what
 * is on its way to Redis is known before it has arrived. Bounded: the one seen
 * longest ago makes room. */
struct cache;

struct cached_caller {
	uint8_t known_count;
	struct known_agent known[KNOWN_MAX]; /* latest contact first */
	queue_index left_queue;              /* QUEUE_NONE: did not give up */
	usec_t left_arrived_at, left_at;
	uint64_t commit; /* the commit that has the last change */
	uint64_t alias;  /* digest of the number that was last learned to be theirs, */
	usec_t alias_at; /* and when */
};

struct cache *cache_new(size_t callers_max); /* NULL: out of memory */
struct cache *cache_free(struct cache *cache);

/* NULL for one not seen lately. Valid until the next put. */
struct cached_caller *cache_find(struct cache *cache, const char *key);

/* The caller's entry, made if need be (with nothing known), and the last to go.
 * NULL: out of memory. */
struct cached_caller *cache_put(struct cache *cache, const char *key);

size_t cache_count(const struct cache *cache);

/* The agent has had a contact until `at`, or (`at` 0) is to be forgotten. */
void cached_caller_note(struct cached_caller *caller, struct agent_id agent, usec_t at);

#endif
