#include "rpc_sync.h"

#include <stdlib.h>

#include "orphans.h"
#include "rpc_calls.h"
#include "rpc_names.h"

/* JSON texts with commas between. */
struct name_list {
	char *bytes;
	size_t length, size;
};

static bool add_name(struct name_list *list, const char *name)
{
	size_t need = list->length + 6 * ID_BYTES_MAX + 4;
	struct json_out out;
	char *grown;

	if (need > list->size) {
		grown = realloc(list->bytes, 2 * need);
		if (grown == NULL)
			return false;
		list->bytes = grown;
		list->size = 2 * need;
	}
	if (list->length > 0)
		list->bytes[list->length++] = ',';
	json_out_begin(&out, list->bytes + list->length, list->size - list->length);
	json_text(&out, NULL, name);
	list->length += json_out_done(&out);
	return true;
}

static bool check_listed(const struct json *calls, struct refusal *refusal)
{
	const struct json *element = json_first(calls);
	const char *name;

	for (size_t i = 0; element != NULL; element = json_next(element), i++)
		if (!translate_sync_call(element, i, &name, refusal))
			return false;
	return true;
}

/* Marks those that are live, and sorts out the rest. */
static bool mark_listed(struct exchange *x, struct client *client, const struct json *calls,
                        struct name_list *unknown, struct name_list *ended)
{
	const struct json *element = json_first(calls);
	struct found_call found;
	const char *name;

	for (size_t i = 0; element != NULL; element = json_next(element), i++) {
		if (!translate_sync_call(element, i, &name, &x->refusal))
			return false;
		found.card = directory_find_call(directory_of(x->link), client->name, name);
		if (found.card != NULL)
			found.card->sync = client->sync;
		else if (!add_name(directory_find_finished(directory_of(x->link), client->name,
		                                           name) == NULL
		                           ? unknown
		                           : ended,
		                   name))
			return calls_refuse_full(x, "out_of_memory");
	}
	return true;
}

static void answer_listed(struct exchange *x, const struct name_list *unknown,
                          const struct name_list *ended)
{
	struct json_out out;

	answer_begin(&x->asker, &out);
	json_object(&out, "result");
	json_array(&out, "unknown");
	if (unknown->length > 0)
		json_raw(&out, NULL, (struct text){ unknown->bytes, unknown->length });
	json_array_end(&out);
	json_array(&out, "ended");
	if (ended->length > 0)
		json_raw(&out, NULL, (struct text){ ended->bytes, ended->length });
	json_array_end(&out);
	json_object_end(&out);
	answer_end(&x->asker, &out);
}

static bool sweep_others(struct exchange *x, struct client *client, const struct name_list *unknown,
                         const struct name_list *ended)
{
	struct pending *pending = pending_new(&x->asker, PENDING_SYNC, &x->refusal);

	if (pending == NULL)
		return false;
	client->syncing = false;
	if (orphans_sync(client, pending->number, (struct text){ unknown->bytes, unknown->length },
	                 (struct text){ ended->bytes, ended->length }))
		return true;
	pending_free(pending);
	return calls_refuse_full(x, "out_of_memory");
}

bool call_sync(struct exchange *x)
{
	struct name_list unknown = { NULL, 0, 0 }, ended = { NULL, 0, 0 };
	const struct json *calls;
	struct client *client;
	bool more, done;

	if (!translate_sync(x->params, &calls, &more, &x->refusal) ||
	    !check_listed(calls, &x->refusal) || !names_find_client(x, &client))
		return false;
	/* A list in several messages has one number. */
	if (!client->syncing)
		client->sync = ++x->link->syncs_last;
	client->syncing = true;
	done = mark_listed(x, client, calls, &unknown, &ended);
	if (done && more)
		answer_listed(x, &unknown, &ended);
	else if (done)
		done = sweep_others(x, client, &unknown, &ended);
	free(unknown.bytes);
	free(ended.bytes);
	return done;
}
