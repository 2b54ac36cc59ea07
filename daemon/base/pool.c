#include "najimi/base/pool.h"

#include <assert.h>
#include <stdlib.h>

bool pool_init(struct pool *pool, uint32_t capacity)
{
	size_t count = capacity > 0 ? capacity : 1;

	*pool = (struct pool){ .capacity = capacity };
	pool->gens = calloc(count, sizeof(*pool->gens));
	pool->unused = calloc(count, sizeof(*pool->unused));
	if (pool->gens == NULL || pool->unused == NULL) {
		pool_done(pool);
		return false;
	}

	/* The stack is filled so that slot 0 comes off first. */
	for (uint32_t i = 0; i < capacity; i++) {
		pool->gens[i] = 1;
		pool->unused[i] = capacity - 1 - i;
	}
	return true;
}

void pool_done(struct pool *pool)
{
	free(pool->gens);
	free(pool->unused);
	*pool = (struct pool){ 0 };
}

bool pool_take(struct pool *pool, uint32_t *ret_slot, uint32_t *ret_gen)
{
	uint32_t slot;

	if (pool->used == pool->capacity)
		return false;

	slot = pool->unused[pool->capacity - ++pool->used];
	*ret_slot = slot;
	*ret_gen = pool->gens[slot];
	return true;
}

void pool_give(struct pool *pool, uint32_t slot)
{
	assert(slot < pool->capacity);
	assert(pool->used > 0);

	/* After four thousand million lives a slot starts over; 0 names nothing. */
	if (++pool->gens[slot] == 0)
		pool->gens[slot] = 1;
	pool->unused[pool->capacity - pool->used--] = slot;
}
