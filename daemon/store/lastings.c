#include "lastings.h"

#include <event2/event.h>
#include <stdlib.h>

#include "najimi/codec/json.h"
#include "najimi/codec/json_out.h"
#include "najimi/shell/log.h"
#include "state.h"

#define SAVE_EVERY MINUTE(1)

struct lastings {
	struct store *store;
	struct event *timer;
	uint32_t count;
	uint64_t *saved; /* talks there were when a queue was saved last */
};

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct lastings *lastings = arg;
	const struct timeval next = { .tv_sec = SAVE_EVERY / SEC(1) };

	(void)fd;
	(void)what;
	lastings_save(lastings);
	event_add(lastings->timer, &next);
}

struct lastings *lastings_new(struct store *store, uint32_t queues_max)
{
	struct lastings *lastings = calloc(1, sizeof(*lastings));
	const struct timeval first = { .tv_sec = SAVE_EVERY / SEC(1) };

	if (lastings == NULL)
		return NULL;
	lastings->store = store;
	lastings->count = queues_max;
	lastings->saved = calloc(lastings->count, sizeof(*lastings->saved));
	lastings->timer = evtimer_new(store->base, on_timer, lastings);
	if (lastings->saved == NULL || lastings->timer == NULL ||
	    event_add(lastings->timer, &first) < 0)
		return lastings_free(lastings);
	return lastings;
}

struct lastings *lastings_free(struct lastings *lastings)
{
	if (lastings == NULL)
		return NULL;
	if (lastings->timer != NULL)
		event_free(lastings->timer);
	free(lastings->saved);
	free(lastings);
	return NULL;
}

static void write_weights(struct json_out *out, const char *name,
                          const uint32_t weights[LASTING_EDGES])
{
	json_array(out, name);
	for (size_t i = 0; i < LASTING_EDGES; i++)
		json_int(out, NULL, weights[i]);
	json_array_end(out);
}

static void save(struct batch *batch, const char *queue, const struct lasting_record *lasting)
{
	char *value;
	struct json_out out;

	batch_string(batch, queue);
	value = batch_reserve(batch, LASTING_SIZE);
	if (value == NULL)
		return;
	json_out_begin(&out, value, LASTING_SIZE);
	json_object(&out, NULL);
	json_int(&out, "v", 1);
	write_weights(&out, "talk", lasting->talk);
	write_weights(&out, "wrapup", lasting->wrapup);
	json_object_end(&out);
	batch_written(batch, json_out_done(&out));
}

void lastings_save(struct lastings *lastings)
{
	struct store *store = lastings->store;
	struct wide_op op = { &store->commits.lasting, "HSET", store->keys.learned };
	const struct core *core = loop_core(store->loop);
	bool any = false;

	if (!store->recovered)
		return;
	for (uint32_t i = 0; i < lastings->count; i++) {
		queue_index queue = (queue_index)i;
		struct lasting_record lasting;
		uint64_t talks;

		if (!core_get_lasting(core, queue, &lasting, &talks) || talks == lastings->saved[i])
			continue;
		lastings->saved[i] = talks;
		wide_op_next(&op);
		save(op.batch, directory_queue_name(store->directory, queue), &lasting);
		any = true;
	}
	if (!any)
		return;
	wide_op_end(&op);
	gather_mark(store);
	loop_nudge(store->loop);
}

static bool read_weights(const struct json *list, uint32_t ret[LASTING_EDGES])
{
	const struct json *at = json_first(list);
	size_t count = 0;
	int64_t weight;

	for (; at != NULL && count < LASTING_EDGES; at = json_next(at)) {
		if (!json_get_int(at, &weight) || weight < 0 || weight > UINT32_MAX)
			return false;
		ret[count++] = (uint32_t)weight;
	}
	return at == NULL && count == LASTING_EDGES;
}

void lastings_take(struct lastings *lastings, const char *queue, struct text value)
{
	static const struct json_limits limits = { .bytes_max = LASTING_SIZE,
		                                   .depth_max = 3,
		                                   .members_max = LASTING_EDGES + 1 };
	struct core_event event = { .type = EVT_LASTING_RESTORED };
	struct lasting_record *lasting = &event.lasting_restored.lasting;
	struct json *json = NULL;
	struct err err;

	event.lasting_restored.queue = directory_find_queue(lastings->store->directory, queue);
	if (event.lasting_restored.queue == QUEUE_NONE)
		return; /* not in this configuration any more */
	if (json_parse(value, &limits, &json, &err) == 0 &&
	    read_weights(json_member(json, "talk"), lasting->talk) &&
	    read_weights(json_member(json, "wrapup"), lasting->wrapup))
		loop_apply(lastings->store->loop, &event);
	else
		log_fact(LOG_LEVEL_WARNING, "store.unreadable", LOG_TEXT("key", "learned"),
		         LOG_TEXT("field", queue),
		         LOG_TEXT("effect", "how long talks last is learned anew"));
	json_free(json);
}
