#ifndef NAJIMI_BASE_POOL_H
#define NAJIMI_BASE_POOL_H

#include <stdbool.h>

#include "najimi/base/macros.h"

/* A fixed number of slots, each with a generation: what handles are made of.
 *
 * The pool hands out slot numbers; what lives in the slots is its owner's. The
 * slot freed longest ago is reused last-in first-out. A generation starts at 1
 * and grows each time the slot is given back. */
struct pool {
	uint32_t capacity, used;
	uint32_t *gens;   /* [capacity] */
	uint32_t *unused; /* stack of free slots */
};

bool pool_init(struct pool *pool, uint32_t capacity) MUST_CHECK; /* false: out of memory */
void pool_done(struct pool *pool);

/* False when every slot is taken. */
bool pool_take(struct pool *pool, uint32_t *ret_slot, uint32_t *ret_gen) MUST_CHECK;
void pool_give(struct pool *pool, uint32_t slot);

static inline bool pool_holds(const struct pool *pool, uint32_t slot, uint32_t gen)
{
	return slot < pool->capacity && pool->gens[slot] == gen;
}

#endif
