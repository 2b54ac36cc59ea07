#include <assert.h>
#include <stdlib.h>

#include "directory_private.h"

#define TEXTS_MAX 12

/* Client and name stand first: with their zero bytes they are the key. */
static void list_texts(struct call_facts *facts, const char **texts[TEXTS_MAX])
{
	const char **all[TEXTS_MAX] = { &facts->client,      &facts->name,    &facts->from,
		                        &facts->number,      &facts->key,     &facts->to,
		                        &facts->customer_id, &facts->tier,    &facts->reason,
		                        &facts->channel,     &facts->case_id, &facts->data };

	memcpy(texts, all, sizeof(all));
}

/* Copies all texts of `facts` into one block, and points them there. */
static char *pack(struct call_facts *facts)
{
	const char **texts[TEXTS_MAX];
	size_t size = 0;
	char *block, *at;

	list_texts(facts, texts);
	for (size_t i = 0; i < TEXTS_MAX; i++)
		size += strlen(*texts[i]) + 1;
	block = at = malloc(size);
	if (block == NULL)
		return NULL;
	for (size_t i = 0; i < TEXTS_MAX; i++) {
		size_t length = strlen(*texts[i]) + 1;

		memcpy(at, *texts[i], length);
		*texts[i] = at;
		at += length;
	}
	return block;
}

/* The key of a name, put together in `buffer`; ids are at most 128 bytes. */
#define KEY_MAX 512
static size_t make_key(const char *client, const char *name, char buffer[KEY_MAX])
{
	size_t client_length = strlen(client), name_length = strlen(name);

	if (client_length + name_length + 1 > KEY_MAX)
		return 0;
	memcpy(buffer, client, client_length + 1);
	memcpy(buffer + client_length + 1, name, name_length);
	return client_length + 1 + name_length;
}

struct call_card *directory_add_call(struct directory *directory, const struct call_facts *facts)
{
	struct call_entry *entry;
	uint32_t slot, gen;

	if (!pool_take(&directory->calls_pool, &slot, &gen))
		return NULL;
	entry = &directory->cards[slot];
	*entry = (struct call_entry){ .used = true,
		                      .card = { .id = { slot, gen }, .facts = *facts } };
	entry->block = pack(&entry->card.facts);
	if (entry->block == NULL)
		goto fail;
	entry->key_length = strlen(facts->client) + 1 + strlen(facts->name);
	HASH_ADD_KEYPTR(hh, directory->calls_by_name, entry->block, entry->key_length, entry);
	if (entry->hh.tbl == NULL)
		goto fail;
	return &entry->card;
fail:
	free(entry->block);
	*entry = (struct call_entry){ 0 };
	pool_give(&directory->calls_pool, slot);
	return NULL;
}

struct call_card *directory_call(struct directory *directory, struct call_id id)
{
	if (id.gen == 0 || !pool_holds(&directory->calls_pool, id.slot, id.gen))
		return NULL;
	return directory->cards[id.slot].used ? &directory->cards[id.slot].card : NULL;
}

struct call_card *directory_find_call(struct directory *directory, const char *client,
                                      const char *name)
{
	char key[KEY_MAX];
	size_t length = make_key(client, name, key);
	struct call_entry *entry = NULL;

	if (length > 0)
		HASH_FIND(hh, directory->calls_by_name, key, length, entry);
	return entry == NULL ? NULL : &entry->card;
}

bool directory_change_call(struct directory *directory, struct call_card *card,
                           const struct call_facts *facts)
{
	struct call_entry *entry = container_of(card, struct call_entry, card);
	struct call_facts changed = *facts;
	char *block;

	changed.client = card->facts.client;
	changed.name = card->facts.name;
	block = pack(&changed);
	if (block == NULL)
		return false;
	/* The hash's key lives in the block: it has to follow. */
	HASH_DELETE(hh, directory->calls_by_name, entry);
	free(entry->block);
	entry->block = block;
	entry->card.facts = changed;
	HASH_ADD_KEYPTR(hh, directory->calls_by_name, entry->block, entry->key_length, entry);
	return true;
}

static void free_entry(struct directory *directory, struct call_entry *entry)
{
	uint32_t slot = entry->card.id.slot;

	HASH_DELETE(hh, directory->calls_by_name, entry);
	free(entry->block);
	free(entry->card.story);
	*entry = (struct call_entry){ 0 };
	pool_give(&directory->calls_pool, slot);
}

struct call_card *directory_next_call(struct directory *directory, const struct call_card *after)
{
	struct call_entry *entry = after == NULL
	                                   ? directory->calls_by_name
	                                   : container_of(after, struct call_entry, card)->hh.next;

	return entry == NULL ? NULL : &entry->card;
}

size_t directory_calls(const struct directory *directory)
{
	return directory->calls_pool.used;
}

/* --- finished calls --- */

static void forget(struct directory *directory, struct finished_entry *entry)
{
	HASH_DELETE(hh, directory->finished_by_name, entry);
	TAILQ_REMOVE(&directory->finished_by_age, entry, by_age);
	directory->finished_count--;
	free(entry);
}

void directory_restore_finished(struct directory *directory, const struct call_facts *facts,
                                uint64_t fingerprint, const char *contact,
                                const struct contact *contact_facts)
{
	size_t client = strlen(facts->client) + 1, name = strlen(facts->name) + 1;
	size_t key = strlen(facts->key) + 1;
	struct finished_entry *entry, *same = NULL;

	/* The same id may be used again later: the latest is remembered. */
	entry = calloc(1, sizeof(*entry) + client + name + key);
	if (entry == NULL)
		return; /* a repeated request will be told that the call is unknown */
	memcpy(entry->block, facts->client, client);
	memcpy(entry->block + client, facts->name, name);
	memcpy(entry->block + client + name, facts->key, key);
	entry->key_length = client + name - 1;
	HASH_FIND(hh, directory->finished_by_name, entry->block, entry->key_length, same);
	if (same != NULL)
		forget(directory, same);
	else if (directory->finished_count == directory->finished_max)
		forget(directory, TAILQ_FIRST(&directory->finished_by_age));
	entry->finished = (struct finished_call){ .client = entry->block,
		                                  .name = entry->block + client,
		                                  .key = entry->block + client + name,
		                                  .fingerprint = fingerprint,
		                                  .facts = *contact_facts };
	strncpy(entry->finished.contact, contact, sizeof(entry->finished.contact) - 1);
	HASH_ADD_KEYPTR(hh, directory->finished_by_name, entry->block, entry->key_length, entry);
	if (entry->hh.tbl == NULL) {
		free(entry);
		return;
	}
	TAILQ_INSERT_TAIL(&directory->finished_by_age, entry, by_age);
	directory->finished_count++;
}

void directory_end_call(struct directory *directory, struct call_id id, const char *contact,
                        const struct contact *facts)
{
	struct call_card *card = directory_call(directory, id);

	assert(card != NULL && card->waiters == NULL);
	directory_restore_finished(directory, &card->facts, card->fingerprint, contact, facts);
	free_entry(directory, container_of(card, struct call_entry, card));
}

const struct finished_call *directory_find_finished(struct directory *directory, const char *client,
                                                    const char *name)
{
	char key[KEY_MAX];
	size_t length = make_key(client, name, key);
	struct finished_entry *entry = NULL;

	if (length > 0)
		HASH_FIND(hh, directory->finished_by_name, key, length, entry);
	return entry == NULL ? NULL : &entry->finished;
}

void directory_forget_finished(struct directory *directory, usec_t before)
{
	struct finished_entry *entry;

	while ((entry = TAILQ_FIRST(&directory->finished_by_age)) != NULL &&
	       entry->finished.facts.ended_at < before)
		forget(directory, entry);
}

void calls_done(struct directory *directory)
{
	struct finished_entry *entry;

	HASH_CLEAR(hh, directory->calls_by_name);
	for (uint32_t i = 0; directory->cards != NULL && i < directory->calls_pool.capacity; i++) {
		free(directory->cards[i].block);
		free(directory->cards[i].card.story);
	}
	while ((entry = TAILQ_FIRST(&directory->finished_by_age)) != NULL)
		forget(directory, entry);
}
