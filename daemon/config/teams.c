/* Teams have names in the file and numbers in the core. */
#include <errno.h>
#include <string.h>

#include "names.h"

static const char *team_name(size_t index, void *arg)
{
	const struct options *options = arg;

	return options->agents[index].team;
}

static unsigned known_number(const struct options *options, const struct names *teams,
                             const char *name)
{
	size_t agent;

	return names_find(teams, name, &agent) ? options->agents[agent].team_number : 0;
}

/* `was` and the teams in it: none at start. */
static int number(struct options *options, const struct options *was, const struct names *known,
                  struct err *err)
{
	unsigned highest = was != NULL ? was->teams_highest : 0, now = 0;
	const char *before = "";
	struct names teams;
	int r;

	r = names_init(&teams, options->agents_count, team_name, options, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < teams.count && highest <= UINT16_MAX; i++) {
		const struct name_entry *entry = &teams.entries[i];

		if (strcmp(entry->name, before) != 0) {
			now = was != NULL ? known_number(was, known, entry->name) : 0;
			if (now == 0)
				now = ++highest;
		}
		before = entry->name;
		options->agents[entry->index].team_number = (uint16_t)now;
	}
	names_done(&teams);
	if (highest > UINT16_MAX)
		return err_set(err, -ENOSPC, "have had more than %d teams since the start",
		               UINT16_MAX);
	options->teams_highest = (uint16_t)highest;
	return 0;
}

int teams_number(struct options *options, const struct options *was, struct err *err)
{
	struct names known = { .count = 0 };
	int r;

	if (was != NULL) {
		/* The names are only read. */
		r = names_init(&known, was->agents_count, team_name,
		               (struct options *)(uintptr_t)was, err);
		if (r < 0)
			return r;
	}
	r = number(options, was, &known, err);
	names_done(&known);
	return r;
}

int options_keep_teams(struct options *options, const struct options *was, struct err *err)
{
	int r = teams_number(options, was, err);

	return r < 0 ? err_wrap(err, r, "agents") : 0;
}
