/* Finding rows by name, also by a mistaken one. */
#include "rows.h"

#include <stdio.h>
#include <string.h>

#define WORD_MAX 64 /* longer words are not compared */

const struct option_row *row_find(enum option_scope scope, const char *path)
{
	const struct option_row *row;

	for (size_t i = 0; (row = row_at(scope, i)) != NULL; i++)
		if (strcmp(row->path, path) == 0)
			return row;
	return NULL;
}

bool row_in_group(const struct option_row *row, const char *group)
{
	size_t length = strlen(group);

	if (row->scope == SCOPE_QUEUE)
		return strcmp(group, "queue") == 0 && !row->own;
	if (row->scope != SCOPE_SITE)
		return false;
	if (length == 0)
		return strchr(row->path, '.') == NULL;
	return strncmp(row->path, group, length) == 0 && row->path[length] == '.';
}

enum option_scope group_scope(const struct option_group *group)
{
	return strcmp(group->name, "queue") == 0 ? SCOPE_QUEUE : SCOPE_SITE;
}

const struct option_row *row_secret_file(const struct option_row *row)
{
	char path[WORD_MAX];

	if (row->kind != OPTION_SECRET)
		return NULL;
	snprintf(path, sizeof(path), "%s_file", row->path);
	return row_find(row->scope, path);
}

static unsigned lesser(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Letters to add, drop, replace, or swap with their neighbour. */
static unsigned distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	unsigned rows[3][WORD_MAX + 1];

	for (unsigned j = 0; j <= b_length; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		unsigned *here = rows[i % 3];
		const unsigned *above = rows[(i + 2) % 3], *swapped = rows[(i + 1) % 3];

		here[0] = (unsigned)i;
		for (size_t j = 1; j <= b_length; j++) {
			here[j] = lesser(above[j], here[j - 1]) + 1;
			here[j] = lesser(here[j], above[j - 1] + (unsigned)(a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				here[j] = lesser(here[j], swapped[j - 2] + 1);
		}
	}
	return rows[a_length % 3][b_length];
}

size_t nearest(const char *word, size_t count, nearest_fn *candidate, void *arg)
{
	size_t length = strlen(word), found = count;
	unsigned best = length < 6 ? 2 : (unsigned)(length + 6) / 4; /* this far is too far */

	if (length < 3 || length > WORD_MAX)
		return count;
	for (size_t i = 0; i < count; i++) {
		const char *other = candidate(i, arg);
		size_t other_length = strlen(other);
		unsigned d;

		if (other_length == 0 || other_length > WORD_MAX)
			continue;
		d = distance(word, length, other, other_length);
		if (d < best) {
			best = d;
			found = i;
		}
	}
	return found;
}

struct candidates {
	enum option_scope scope;
	size_t own, queue; /* rows of the scope; and at the top, of queues */
	char path[WORD_MAX];
};

static size_t count_rows(enum option_scope scope)
{
	size_t count = 0;

	while (row_at(scope, count) != NULL)
		count++;
	return count;
}

/* First the rows' paths as they are written in this scope, then the groups; "" for
 * what cannot stand there. */
static const char *path_in_scope(size_t index, void *arg)
{
	struct candidates *candidates = arg;
	const struct option_row *row;

	if (index < candidates->own)
		return row_at(candidates->scope, index)->path;
	index -= candidates->own;
	if (index >= candidates->queue)
		return option_groups[index - candidates->queue].name;
	row = row_at(SCOPE_QUEUE, index);
	if (row->own)
		return "";
	snprintf(candidates->path, sizeof(candidates->path), "queue.%s", row->path);
	return candidates->path;
}

static const char *last_part(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot == NULL ? path : dot + 1;
}

bool row_suggest(enum option_scope scope, const char *path, char *ret, size_t size)
{
	bool top = scope == SCOPE_SITE;
	struct candidates candidates = {
		.scope = scope,
		.own = count_rows(scope),
		.queue = top ? count_rows(SCOPE_QUEUE) : 0,
	};
	size_t count = candidates.own + candidates.queue + (top ? option_groups_count : 0);
	size_t found = count;

	/* The right word in the wrong place says more than a near spelling. */
	for (size_t i = 0; found == count && i < count; i++)
		if (strcmp(last_part(path_in_scope(i, &candidates)), last_part(path)) == 0)
			found = i;
	if (found == count)
		found = nearest(path, count, path_in_scope, &candidates);
	if (found == count)
		return false;
	snprintf(ret, size, "%s", path_in_scope(found, &candidates));
	return strcmp(ret, path) != 0;
}
