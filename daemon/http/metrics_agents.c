#include <stdlib.h>

#include "metrics.h"

/* Agents by what the queues' views do not count: who was paused for missing offers. */

static void count_agent(const struct agent_record *record, uint32_t *counts, size_t queues)
{
	if (record->state != AGENT_PAUSED || record->cause != PAUSE_RONA)
		return;
	for (uint16_t i = 0; i < record->queues_count; i++)
		if (record->queues[i] < queues)
			counts[record->queues[i]]++;
}

static void count_all(const struct core *core, uint32_t *counts, size_t queues)
{
	struct agent_record record;
	struct agent_id id;

	for (uint32_t from = 0; core_next_agent(core, from, &id); from = id.slot + 1)
		if (core_get_agent(core, id, &record))
			count_agent(&record, counts, queues);
}

void metrics_agents(struct exposition *out, const struct http_needs *needs)
{
	static const struct family family = {
		.name = "najimi_agents_rona",
		.kind = FAMILY_GAUGE,
		.help = "Agents of the queue who are paused for missing offers.",
	};
	const struct core *core = loop_core(needs->loop);
	size_t queues = directory_queues(needs->directory);
	uint32_t *counts = calloc(queues + 1, sizeof(*counts));

	if (counts == NULL)
		return; /* this time the family is missing: better than false zeros */
	count_all(core, counts, queues);
	exposition_family(out, &family);
	for (size_t i = 0; i < queues; i++) {
		const char *queue = directory_queue_name(needs->directory, (queue_index)i);

		if (queue[0] != '\0' && core_queue_stats(core, (queue_index)i) != NULL)
			exposition_number(out, LABELS({ "queue", queue }), counts[i]);
	}
	free(counts);
}
