/* The daemon dies and comes back: all that is left are the records in the store. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "story_parts.h"

#include "najimi/core/snapshot.h"

struct records {
	unsigned calls_count, agents_count;
	struct call_record calls[CAST_CALLS_MAX + 1];
	struct agent_record agents[CAST_AGENTS_MAX];
};

int story_copy_core(struct story *story, struct err *err)
{
	size_t size = core_snapshot_size(story->core);
	struct core *copy = core_new(&story->limits);
	void *bytes = malloc(size);
	bool same;
	int r;

	assert(copy != NULL && bytes != NULL);
	r = core_restore(copy, bytes, core_snapshot(story->core, bytes, size));
	free(bytes);
	same = r == 0 && core_digest(copy) == core_digest(story->core);
	core_free(story->core);
	story->core = copy;
	if (r < 0)
		return err_set(err, -EPROTO, "a snapshot could not be restored");
	core_check(copy);
	return same ? 0 : err_set(err, -EPROTO, "a restored snapshot has another digest");
}

/* A call whose caller is being looked up was never saved: the telephony system has
 * no answer yet, and asks again. */
static void collect(const struct core *core, struct records *records)
{
	struct call_record *record = records->calls;
	struct call_id call;
	struct agent_id agent;

	records->calls_count = records->agents_count = 0;
	for (uint32_t from = 0; core_next_call(core, from, &call); from = call.slot + 1)
		if (core_get_call(core, call, record) && record->state != CALL_RECALLING)
			record = &records->calls[++records->calls_count];
	for (uint32_t from = 0; core_next_agent(core, from, &agent); from = agent.slot + 1)
		if (core_get_agent(core, agent, &records->agents[records->agents_count]))
			records->agents_count++;
}

static int compare(const struct records *before, const struct records *after, struct err *err)
{
	const char *what = "their number";

	if (before->calls_count != after->calls_count ||
	    before->agents_count != after->agents_count)
		return err_set(err, -EPROTO, "a restart lost calls or agents");
	for (unsigned i = 0; i < before->calls_count; i++)
		if (!records_equal_call(&before->calls[i], &after->calls[i], &what))
			return err_set(err, -EPROTO, "a restart changed a call's %s", what);
	for (unsigned i = 0; i < before->agents_count; i++)
		if (!records_equal_agent(&before->agents[i], &after->agents[i], &what))
			return err_set(err, -EPROTO, "a restart changed an agent's %s", what);
	return 0;
}

static int restore(struct story *story, const struct records *records, struct err *err)
{
	int r = 0;

	for (unsigned i = 0; r == 0 && i < CAST_QUEUES_MAX; i++) {
		struct core_event ev = { .type = EVT_QUEUE_CONFIGURED };

		if (!story->queues[i].configured)
			continue;
		ev.queue_configured.queue = (queue_index)i;
		ev.queue_configured.plan = story->queues[i].plan;
		r = story_step(story, &ev, false, err);
	}
	for (unsigned i = 0; r == 0 && i < records->agents_count; i++) {
		struct core_event ev = { .type = EVT_AGENT_RESTORED,
			                 .agent_restored = records->agents[i] };

		r = story_step(story, &ev, false, err);
	}
	for (unsigned i = 0; r == 0 && i < records->calls_count; i++) {
		struct core_event ev = { .type = EVT_CALL_RESTORED,
			                 .call_restored = records->calls[i] };

		r = story_step(story, &ev, false, err);
	}
	return r;
}

int story_restart(struct story *story, struct err *err)
{
	struct records before, after;
	struct core_event ev = { .type = EVT_RULES_CONFIGURED, .rules = story->rules };
	int r;

	collect(story->core, &before);
	for (unsigned i = 0; i < CAST_CALLS_MAX; i++) {
		struct call_record record;

		story->calls[i].asked = 0; /* whoever was asked has forgotten */
		if (core_get_call(story->core, story->calls[i].id, &record) &&
		    record.state == CALL_RECALLING)
			story->calls[i].live = false;
	}
	core_free(story->core);
	story->core = core_new(&story->limits);
	assert(story->core != NULL);
	watch_begin(&story->watch, &story->limits);
	r = restore(story, &before, err);
	if (r < 0)
		return r;
	collect(story->core, &after);
	r = compare(&before, &after, err);
	return r < 0 ? r : story_step(story, &ev, false, err);
}
