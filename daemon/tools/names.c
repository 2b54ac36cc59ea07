#include "names.h"

#include <stdlib.h>

#include "najimi/base/hash.h"

/* Where the name is, or the empty place where it would be. */
static size_t probe(const struct names *names, struct text name)
{
	size_t mask = names->table_size - 1;
	size_t at = (size_t)hash_bytes(HASH_START, name.start, name.length) & mask;

	while (names->table[at] != 0 && !text_is(name, names->list[names->table[at] - 1]))
		at = (at + 1) & mask;
	return at;
}

static bool grow(struct names *names)
{
	uint32_t capacity = names->capacity == 0 ? 64 : names->capacity * 2;
	char **list = realloc(names->list, capacity * sizeof(*list));
	uint32_t *table;

	if (list == NULL)
		return false;
	names->list = list;
	table = calloc((size_t)capacity * 2, sizeof(*table));
	if (table == NULL)
		return false;
	free(names->table);
	names->table = table;
	names->table_size = (size_t)capacity * 2;
	names->capacity = capacity;
	for (uint32_t i = 0; i < names->count; i++)
		table[probe(names, text_of(names->list[i]))] = i + 1;
	return true;
}

bool names_find(const struct names *names, struct text name, uint32_t *ret)
{
	uint32_t found;

	if (names->count == 0)
		return false;
	found = names->table[probe(names, name)];
	if (found == 0)
		return false;
	*ret = found - 1;
	return true;
}

bool names_intern(struct names *names, struct text name, uint32_t *ret)
{
	char *copy;

	if (names_find(names, name, ret))
		return true;
	if (names->count == names->capacity && !grow(names))
		return false;
	copy = strndup(name.start, name.length);
	if (copy == NULL)
		return false;
	names->list[names->count] = copy;
	names->table[probe(names, name)] = names->count + 1;
	*ret = names->count++;
	return true;
}

void names_done(struct names *names)
{
	for (uint32_t i = 0; i < names->count; i++)
		free(names->list[i]);
	free(names->list);
	free(names->table);
	*names = (struct names){ 0 };
}
