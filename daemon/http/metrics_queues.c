#include "metrics_queues.h"

#include "najimi/shell/clock.h"

void show_count(const struct subject *of, unsigned figure)
{
	exposition_number(of->out, LABELS({ "queue", of->queue }), of->ever->counts[figure]);
}

void show_span(const struct subject *of, const struct label *labels, enum day_span span,
               const struct histogram *edges)
{
	struct histogram shown;

	day_span_show(&of->ever->spans[span], edges, &shown);
	exposition_histogram(of->out, labels, &shown);
}

static bool is_total(const struct family *family)
{
	return family->kind == FAMILY_COUNTER || family->kind == FAMILY_HISTOGRAM;
}

static void show_queue(struct exposition *out, const struct http_needs *needs, queue_index queue,
                       const struct queue_family *family)
{
	const struct core *core = loop_core(needs->loop);
	struct queue_view view;
	struct subject of = { .out = out, .view = &view, .now = clock_now() };

	of.stats = core_queue_stats(core, queue);
	of.queue = directory_queue_name(needs->directory, queue);
	if (of.stats == NULL || of.queue[0] == '\0' || !core_get_queue(core, queue, &view))
		return;
	if (needs->daybook != NULL) {
		of.ever = daybook_queue_ever(needs->daybook, queue);
		of.unheard = daybook_queue_unheard(needs->daybook, queue);
	}
	if (of.ever != NULL || !is_total(&family->family))
		family->show(&of);
}

void metrics_queues(struct exposition *out, const struct http_needs *needs,
                    const struct queue_family *families, size_t count)
{
	size_t queues = directory_queues(needs->directory);

	for (size_t i = 0; i < count; i++) {
		exposition_family(out, &families[i].family);
		for (size_t queue = 0; queue < queues; queue++)
			show_queue(out, needs, (queue_index)queue, &families[i]);
	}
}
