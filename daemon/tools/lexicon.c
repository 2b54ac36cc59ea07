#include "lexicon.h"

#include <stdlib.h>

#include "najimi/base/hash.h"

/* Where the name is, or the empty place where it would be. */
static size_t probe(const struct lexicon *lexicon, struct text name)
{
	size_t mask = lexicon->table_size - 1;
	size_t at = (size_t)hash_bytes(HASH_START, name.start, name.length) & mask;

	while (lexicon->table[at] != 0 && !text_is(name, lexicon->list[lexicon->table[at] - 1]))
		at = (at + 1) & mask;
	return at;
}

static bool grow(struct lexicon *lexicon)
{
	uint32_t capacity = lexicon->capacity == 0 ? 64 : lexicon->capacity * 2;
	char **list = realloc(lexicon->list, capacity * sizeof(*list));
	uint32_t *table;

	if (list == NULL)
		return false;
	lexicon->list = list;
	table = calloc((size_t)capacity * 2, sizeof(*table));
	if (table == NULL)
		return false;
	free(lexicon->table);
	lexicon->table = table;
	lexicon->table_size = (size_t)capacity * 2;
	lexicon->capacity = capacity;
	for (uint32_t i = 0; i < lexicon->count; i++)
		table[probe(lexicon, text_of(lexicon->list[i]))] = i + 1;
	return true;
}

bool lexicon_find(const struct lexicon *lexicon, struct text name, uint32_t *ret)
{
	uint32_t found;

	if (lexicon->count == 0)
		return false;
	found = lexicon->table[probe(lexicon, name)];
	if (found == 0)
		return false;
	*ret = found - 1;
	return true;
}

bool lexicon_intern(struct lexicon *lexicon, struct text name, uint32_t *ret)
{
	char *copy;

	if (lexicon_find(lexicon, name, ret))
		return true;
	if (lexicon->count == lexicon->capacity && !grow(lexicon))
		return false;
	copy = strndup(name.start, name.length);
	if (copy == NULL)
		return false;
	lexicon->list[lexicon->count] = copy;
	lexicon->table[probe(lexicon, name)] = lexicon->count + 1;
	*ret = lexicon->count++;
	return true;
}

void lexicon_done(struct lexicon *lexicon)
{
	for (uint32_t i = 0; i < lexicon->count; i++)
		free(lexicon->list[i]);
	free(lexicon->list);
	free(lexicon->table);
	*lexicon = (struct lexicon){ 0 };
}
