#include "names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *left, const void *right)
{
	const struct name_entry *a = left, *b = right;
	int order = strcmp(a->name, b->name);

	if (order != 0)
		return order;
	return a->index < b->index ? -1 : a->index > b->index;
}

static int compare_name(const void *name, const void *entry)
{
	return strcmp(name, ((const struct name_entry *)entry)->name);
}

int names_init(struct names *names, size_t count, nearest_fn *name, void *arg, struct err *err)
{
	struct name_entry *entries = calloc(count > 0 ? count : 1, sizeof(*entries));

	if (entries == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	for (size_t i = 0; i < count; i++)
		entries[i] = (struct name_entry){ .name = name(i, arg), .index = i };
	qsort(entries, count, sizeof(*entries), compare);
	*names = (struct names){ .count = count, .entries = entries };
	return 0;
}

void names_done(struct names *names)
{
	free(names->entries);
	*names = (struct names){ .count = 0 };
}

bool names_find(const struct names *names, const char *name, size_t *ret_index)
{
	const struct name_entry *found =
	        bsearch(name, names->entries, names->count, sizeof(*names->entries), compare_name);

	if (found == NULL)
		return false;
	*ret_index = found->index;
	return true;
}

bool names_twice(const struct names *names, size_t *ret_first, size_t *ret_second)
{
	for (size_t i = 1; i < names->count; i++) {
		if (strcmp(names->entries[i - 1].name, names->entries[i].name) != 0)
			continue;
		*ret_first = names->entries[i - 1].index;
		*ret_second = names->entries[i].index;
		return true;
	}
	return false;
}
