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
	free(entry->caller.remembered);
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

void cache_drop(struct cache *cache, const char *key)
{
	struct entry *entry = find(cache, key);

	if (entry != NULL)
		drop(cache, entry);
}

/* The agents stand last, and most callers have met few. */
static size_t size_of(const struct remembered *remembered)
{
	return offsetof(struct remembered, agents) +
	       remembered->agents_count * sizeof(remembered->agents[0]);
}

bool cached_caller_get(const struct cached_caller *caller, struct remembered *ret)
{
	remembered_init(ret);
	if (caller->remembered == NULL)
		return false;
	memcpy(ret, caller->remembered, size_of(caller->remembered));
	return true;
}

void cached_caller_set(struct cached_caller *caller, const struct remembered *remembered)
{
	size_t size = size_of(remembered);
	struct remembered *kept = realloc(caller->remembered, size);

	if (kept == NULL) {
		free(caller->remembered);
		caller->whole = false;
	} else {
		memcpy(kept, remembered, size);
	}
	caller->remembered = kept;
}
