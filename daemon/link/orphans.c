#include "orphans.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>

#include "clients.h"
#include "najimi/shell/log.h"
#include "rpc_pending.h"

#define CALLS_PER_TURN 1024u
#define RETRY MSEC(1) /* should the inbox have no room */

/* One walk through all live calls. It takes many turns of the loop, so that nobody
 * waits for it; new calls are marked as they come and are not met. */
struct sweep {
	TAILQ_ENTRY(sweep) entry;
	struct client *client; /* NULL: only `one` */
	struct call_id one;
	enum ended_by by;
	uint64_t sync; /* calls that were listed have this mark; 0: there was no list */
	uint64_t request;
	uint32_t next; /* slot */
	unsigned ended_count;
	char *unknown; /* JSON texts with commas between */
	char *ended;
	size_t ended_length, ended_size;
	bool truncated;
};

static void wake(struct link *link, usec_t delay)
{
	struct timeval tv = { .tv_usec = (suseconds_t)delay };

	event_add(link->sweeper, &tv);
}

static char *copy_text(struct text text)
{
	char *copy = malloc(text.length + 1);

	if (copy == NULL)
		return NULL;
	if (text.length > 0)
		memcpy(copy, text.start, text.length);
	copy[text.length] = '\0';
	return copy;
}

static void free_sweep(struct link *link, struct sweep *sweep)
{
	TAILQ_REMOVE(&link->sweeps, sweep, entry);
	if (sweep->client != NULL)
		sweep->client->sweeps--;
	free(sweep->unknown);
	free(sweep->ended);
	free(sweep);
}

static struct sweep *add_sweep(struct link *link, struct client *client)
{
	struct sweep *sweep = calloc(1, sizeof(*sweep));

	if (sweep == NULL)
		return NULL;
	sweep->client = client;
	sweep->by = BY_LOSS;
	if (client != NULL)
		client->sweeps++;
	TAILQ_INSERT_TAIL(&link->sweeps, sweep, entry);
	wake(link, 0);
	return sweep;
}

/* --- one walk --- */

/* A long list is cut: the events tell the rest. */
static void note_ended(struct link *link, struct sweep *sweep, const char *name)
{
	char text[6 * ID_BYTES_MAX + 3];
	struct json_out out;
	size_t length, size = sweep->ended_size == 0 ? 1024 : sweep->ended_size;
	char *grown;

	json_out_begin(&out, text, sizeof(text));
	json_text(&out, NULL, name);
	length = json_out_done(&out);
	if (sweep->truncated || sweep->ended_length + length > link->scratch_size / 2) {
		sweep->truncated = true;
		return;
	}
	while (size < sweep->ended_length + length + 2)
		size *= 2;
	grown = realloc(sweep->ended, size);
	if (grown == NULL) {
		sweep->truncated = true;
		return;
	}
	sweep->ended = grown;
	sweep->ended_size = size;
	if (sweep->ended_length > 0)
		sweep->ended[sweep->ended_length++] = ',';
	memcpy(sweep->ended + sweep->ended_length, text, length + 1);
	sweep->ended_length += length;
}

static void end_call(struct link *link, struct call_id call, enum ended_by by)
{
	struct core_event ev = { .type = EVT_CALL_ENDED, .call_ended = { .call = call, .by = by } };

	if (loop_post(link->needs.loop, &ev) < 0)
		assert(!"the room was asked for");
}

static bool is_concerned(const struct sweep *sweep, const struct call_card *card)
{
	return strcmp(card->facts.client, sweep->client->name) == 0 &&
	       (sweep->sync == 0 || card->sync != sweep->sync);
}

/* True when the walk is over. */
static bool walk(struct link *link, struct sweep *sweep)
{
	struct call_id id;

	for (unsigned i = 0; i < CALLS_PER_TURN; i++) {
		const struct call_card *card;

		if (!core_next_call(core_of(link), sweep->next, &id))
			return true;
		if (!loop_has_room(link->needs.loop, 1))
			return false;
		sweep->next = id.slot + 1;
		card = directory_call(directory_of(link), id);
		if (card == NULL || !is_concerned(sweep, card))
			continue;
		end_call(link, id, sweep->by);
		sweep->ended_count++;
		if (sweep->request != 0)
			note_ended(link, sweep, card->facts.name);
	}
	return false;
}

static void write_list(struct json_out *out, const char *name, const char *texts)
{
	json_array(out, name);
	if (texts != NULL && texts[0] != '\0')
		json_raw(out, NULL, text_of(texts));
	json_array_end(out);
}

static void finish(struct link *link, struct sweep *sweep)
{
	struct pending *pending = pending_find(link, sweep->request);
	struct json_out out;

	if (pending != NULL) {
		answer_begin(&pending->asker, &out);
		json_object(&out, "result");
		write_list(&out, "unknown", sweep->unknown);
		write_list(&out, "ended", sweep->ended);
		if (sweep->truncated)
			json_bool(&out, "truncated", true);
		json_object_end(&out);
		answer_end(&pending->asker, &out);
		pending_free(pending);
		loop_nudge(link->needs.loop);
	}
	if (sweep->sync == 0 && sweep->client != NULL)
		log_fact(LOG_LEVEL_WARNING, "client.lost", LOG_TEXT("client", sweep->client->name),
		         LOG_NUMBER("calls", sweep->ended_count));
	free_sweep(link, sweep);
}

static bool go_on(struct link *link, struct sweep *sweep)
{
	if (sweep->client != NULL)
		return walk(link, sweep);
	if (!loop_has_room(link->needs.loop, 1))
		return false;
	end_call(link, sweep->one, sweep->by);
	return true;
}

static void on_sweeper(evutil_socket_t fd, short what, void *arg)
{
	struct link *link = arg;
	struct sweep *sweep = TAILQ_FIRST(&link->sweeps);

	(void)fd;
	(void)what;
	while (sweep != NULL && go_on(link, sweep)) {
		finish(link, sweep);
		sweep = TAILQ_FIRST(&link->sweeps);
	}
	if (sweep != NULL)
		wake(link, loop_has_room(link->needs.loop, 1) ? 0 : RETRY);
}

/* --- who has gone --- */

static void on_orphaned(evutil_socket_t fd, short what, void *arg)
{
	struct client *client = arg;

	(void)fd;
	(void)what;
	if (client->sessions == 0 && client->calls > 0 && add_sweep(client->link, client) == NULL)
		orphans_left(client); /* out of memory: later */
}

void orphans_left(struct client *client)
{
	usec_t delay = options_of(client->link)->rpc.orphan_max;
	struct timeval tv = { .tv_sec = (time_t)(delay / SEC(1)),
		              .tv_usec = (suseconds_t)(delay % SEC(1)) };

	if (client->kept || client->calls == 0)
		return;
	if (client->orphaned == NULL)
		client->orphaned = event_new(client->link->needs.base, -1, 0, on_orphaned, client);
	if (client->orphaned == NULL)
		return; /* out of memory: its calls stay until it is back */
	event_add(client->orphaned, &tv);
	log_fact(LOG_LEVEL_NOTICE, "client.gone", LOG_TEXT("client", client->name),
	         LOG_NUMBER("calls", client->calls), LOG_NUMBER("orphan_max_ms", delay / MSEC(1)));
}

void orphans_taken_back(struct client *client)
{
	struct link *link = client->link;
	struct sweep *sweep, *next;

	if (client->orphaned != NULL)
		event_del(client->orphaned);
	TAILQ_FOREACH_SAFE(sweep, &link->sweeps, entry, next)
	if (sweep->client == client && sweep->sync == 0)
		free_sweep(link, sweep);
}

void orphans_recovered(struct link *link)
{
	struct call_card *card = NULL;
	struct client *client;

	while ((card = directory_next_call(directory_of(link), card)) != NULL) {
		client = client_know(link, card->facts.client);
		if (client != NULL)
			client->calls++;
	}
	TAILQ_FOREACH(client, &link->clients_by_use, by_use)
	if (client->sessions == 0)
		orphans_left(client);
}

bool orphans_sync(struct client *client, uint64_t request, struct text unknown, struct text ended)
{
	struct sweep *sweep = add_sweep(client->link, client);

	if (sweep == NULL)
		return false;
	sweep->unknown = copy_text(unknown);
	sweep->ended = copy_text(ended);
	if (sweep->unknown == NULL || sweep->ended == NULL) {
		free_sweep(client->link, sweep);
		return false;
	}
	sweep->ended_length = ended.length;
	sweep->ended_size = ended.length + 1;
	sweep->sync = client->sync;
	sweep->request = request;
	return true;
}

void orphans_end(struct link *link, struct call_id call, enum ended_by by)
{
	struct sweep *sweep;

	if (loop_has_room(link->needs.loop, 1)) {
		end_call(link, call, by);
		return;
	}
	sweep = add_sweep(link, NULL);
	if (sweep == NULL) {
		log_limited(LOG_LEVEL_WARNING, "call.kept", LOG_TEXT("error", "out of memory"));
		return; /* it leaves the queue when its longest wait is over */
	}
	sweep->one = call;
	sweep->by = by;
}

void orphans_resume(struct link *link)
{
	if (!TAILQ_EMPTY(&link->sweeps))
		wake(link, 0);
}

int orphans_init(struct link *link, struct err *err)
{
	TAILQ_INIT(&link->sweeps);
	link->sweeper = event_new(link->needs.base, -1, 0, on_sweeper, link);
	return link->sweeper != NULL ? 0 : err_set(err, -ENOMEM, "out of memory");
}

void orphans_done(struct link *link)
{
	struct sweep *sweep;

	while ((sweep = TAILQ_FIRST(&link->sweeps)) != NULL)
		free_sweep(link, sweep);
	if (link->sweeper != NULL)
		event_free(link->sweeper);
}
