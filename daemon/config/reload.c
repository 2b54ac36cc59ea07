/* Whether a running daemon can take another configuration. */
#include "rows.h"

#include <errno.h>
#include <string.h>

/* As the file would have it, cut to fit a message. */
static const char *show(const struct option_row *row, const void *base, char *ret)
{
	char text[256] = "";
	FILE *out = fmemopen(text, sizeof(text) - 1, "w");

	if (out != NULL) {
		value_print(row, base, out);
		fclose(out);
	}
	return value_shown(text, ret);
}

static bool knows_skill(const struct options *options, const char *name)
{
	for (size_t i = 0; options->skills[i] != NULL; i++)
		if (strcmp(options->skills[i], name) == 0)
			return true;
	return false;
}

bool options_same_plan(const struct queue_plan *a, const struct queue_plan *b)
{
	const struct queue_options left = { .plan = *a }, right = { .plan = *b };
	const size_t start = offsetof(struct queue_options, plan);
	const struct option_row *row;

	for (size_t i = 0; (row = row_at(SCOPE_QUEUE, i)) != NULL; i++)
		if (row->offset >= start && row->offset < start + sizeof(*a) &&
		    !value_equal(row, &left, &right))
			return false;
	return a->overflows == b->overflows; /* follows from the queue's overflow */
}

bool options_can_reload(const struct options *from, const struct options *to, struct err *err)
{
	char was[SHOWN_SIZE], is[SHOWN_SIZE];
	const struct option_row *row;

	for (size_t i = 0; (row = row_at(SCOPE_SITE, i)) != NULL; i++) {
		if (row->reload || value_equal(row, from, to))
			continue;
		err_set(err, -EBUSY, "%s: cannot change from %s to %s without a restart", row->path,
		        show(row, from, was), show(row, to, is));
		return false;
	}
	/* Calls that wait may need it, and its place cannot be given to another. */
	for (size_t i = 0; from->skills[i] != NULL; i++) {
		if (knows_skill(to, from->skills[i]))
			continue;
		err_set(err, -EBUSY, "skills: cannot lose \"%s\" without a restart",
		        value_shown(from->skills[i], was));
		return false;
	}
	/* Callers have them by number. A start finds them again by name. */
	for (size_t i = 0; i < from->tiers_count; i++) {
		if (options_find_tier(to, from->tiers[i].name) == i + 1)
			continue;
		err_set(err, -EBUSY, "tiers: cannot lose \"%s\" or move it without a restart",
		        value_shown(from->tiers[i].name, was));
		return false;
	}
	return true;
}
