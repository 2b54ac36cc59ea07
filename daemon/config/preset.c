#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "rows.h"

/* What a preset sets, for those who have no file. */
bool options_preset(const char *word, struct queue_plan *plan)
{
	const struct option_row *row = row_find(SCOPE_QUEUE, "sticky.preset");
	struct queue_options queue = { .plan = *plan };
	size_t preset = PRESET_NONE + 1;
	struct err err;

	while (preset < STICKY_PRESETS && strcmp(row->words[preset], word) != 0)
		preset++;
	if (preset == STICKY_PRESETS)
		return false;
	for (size_t i = 0; (row = row_at(SCOPE_QUEUE, i)) != NULL; i++) {
		if (row->preset[0] == NULL)
			continue;
		if (value_set(row, &queue, row->preset[preset - 1], &err) < 0)
			assert(!"a preset of the table is refused by it");
	}
	*plan = queue.plan;
	return true;
}
