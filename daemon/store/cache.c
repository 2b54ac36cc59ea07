#include "cache.h"

#include <stdlib.h>
#include <string.h>

#include "najimi/base/lists.h"

/* Without this word uthash ends the process when memory runs out. A failed HASH_ADD
 * leaves hh.tbl NULL. */
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(element) ((void)(element))
#include <uthash.h>

struct entry {
	struct cached_caller caller;
	TAILQ_ENTRY(entry) by_use;
	UT_hash_handle hh;
	char key[];
};

struct cache {
	struct entry *by_key;
	TAILQ_HEAD(entries, entry) by_use; /* seen longest ago first */
	size_t count, max;
};

struct cache *cache_new(size_t callers_max)
{
	struct cache *cache = calloc(1, sizeof(*cache));

	if (cache == NULL)
		return NULL;
	cache->max = callers_max;
	TAILQ_INIT(&cache->by_use);
	return cache;
}

static void drop(struct cache *cache, struct entry *entry)
{
	HASH_DELETE(hh, cache->by_key, entry);
	TAILQ_REMOVE(&cache->by_use, entry, by_use);
	cache->count--;
	free(entry);
}

struct cache *cache_free(struct cache *cache)
{
	struct entry *entry;

	if (cache == NULL)
		return NULL;
	while ((entry = TAILQ_FIRST(&cache->by_use)) != NULL)
		drop(cache, entry);
	free(cache);
	return NULL;
}

static struct entry *find(struct cache *cache, const char *key)
{
	struct entry *entry = NULL;

	HASH_FIND_STR(cache->by_key, key, entry);
	return entry;
}

struct cached_caller *cache_find(struct cache *cache, const char *key)
{
	struct entry *entry = find(cache, key);

	return entry == NULL ? NULL : &entry->caller;
}

struct cached_caller *cache_put(struct cache *cache, const char *key)
{
	struct entry *entry = find(cache, key);
	size_t size = strlen(key) + 1;

	if (entry != NULL) {
		TAILQ_REMOVE(&cache->by_use, entry, by_use);
		TAILQ_INSERT_TAIL(&cache->by_use, entry, by_use);
		return &entry->caller;
	}
	if (cache->count >= cache->max && cache->count > 0)
		drop(cache, TAILQ_FIRST(&cache->by_use));
	entry = calloc(1, sizeof(*entry) + size);
	if (entry == NULL)
		return NULL;
	memcpy(entry->key, key, size);
	entry->caller.left_queue = QUEUE_NONE;
	HASH_ADD_STR(cache->by_key, key, entry);
	if (entry->hh.tbl == NULL) {
		free(entry);
		return NULL;
	}
	TAILQ_INSERT_TAIL(&cache->by_use, entry, by_use);
	cache->count++;
	return &entry->caller;
}

size_t cache_count(const struct cache *cache)
{
	return cache->count;
}

void cached_caller_note(struct cached_caller *caller, struct agent_id agent, usec_t at)
{
	unsigned kept = 0, place = 0;

	for (unsigned i = 0; i < caller->known_count; i++) {
		if (!agent_id_equal(caller->known[i].agent, agent))
			caller->known[kept++] = caller->known[i];
	}
	caller->known_count = (uint8_t)kept;
	if (at == 0)
		return;
	while (place < kept && caller->known[place].at > at)
		place++;
	if (place == KNOWN_MAX)
		return;
	if (kept == KNOWN_MAX)
		kept--;
	memmove(&caller->known[place + 1], &caller->known[place],
	        (kept - place) * sizeof(caller->known[0]));
	caller->known[place] = (struct known_agent){ .agent = agent, .at = at };
	caller->known_count = (uint8_t)(kept + 1);
}
