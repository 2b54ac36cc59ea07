#include "rpc_pending.h"

#include <assert.h>
#include <event2/event.h>
#include <stdlib.h>

#include "rpc_link.h"
#include "rpc_told.h"

#define CHUNK 256u
#define CHUNKS_MAX 4096u      /* a million requests */
#define WAITS_PER_REQUEST 16u /* long polls are many and cost little */

struct pendings {
	struct pending *chunks[CHUNKS_MAX];
	unsigned chunks_count;
	struct pending *unused;
};

struct pendings *pendings_new(void)
{
	return calloc(1, sizeof(struct pendings));
}

static void clear(struct pending *pending)
{
	if (pending->timer != NULL)
		event_free(pending->timer);
	free(pending->before);
	free(pending->refusal);
	free(pending->survey);
	free(pending->long_id);
}

struct pendings *pendings_free(struct pendings *pendings)
{
	if (pendings == NULL)
		return NULL;
	for (unsigned i = 0; i < pendings->chunks_count; i++) {
		for (unsigned j = 0; j < CHUNK; j++)
			clear(&pendings->chunks[i][j]);
		free(pendings->chunks[i]);
	}
	free(pendings);
	return NULL;
}

/* Numbers are a generation and a place, so one that was answered is never taken for
 * its successor in the same place. */
static bool grow(struct pendings *pendings)
{
	struct pending *chunk;

	if (pendings->chunks_count == CHUNKS_MAX)
		return false;
	chunk = calloc(CHUNK, sizeof(*chunk));
	if (chunk == NULL)
		return false;
	for (unsigned i = 0; i < CHUNK; i++) {
		chunk[i].number = pendings->chunks_count * CHUNK + i;
		chunk[i].next = pendings->unused;
		pendings->unused = &chunk[i];
	}
	pendings->chunks[pendings->chunks_count++] = chunk;
	return true;
}

static bool take(struct pendings *pendings, struct pending **ret)
{
	if (pendings->unused == NULL && !grow(pendings))
		return false;
	*ret = pendings->unused;
	pendings->unused = (*ret)->next;
	return true;
}

static bool keep_id(struct pending *pending, const char *id)
{
	size_t size = strlen(id) + 1;

	if (size <= sizeof(pending->short_id)) {
		memcpy(pending->short_id, id, size);
		pending->asker.id = pending->short_id;
		return true;
	}
	pending->long_id = strdup(id);
	pending->asker.id = pending->long_id;
	return pending->long_id != NULL;
}

static unsigned requests_max(const struct link *link)
{
	return (unsigned)options_of(link)->rpc.requests_max;
}

static bool count_in(struct rpc_conn *conn, enum pending_kind kind, struct refusal *refusal)
{
	unsigned max = requests_max(conn->link);

	if (kind != PENDING_WAIT) {
		if (++conn->unanswered >= max)
			rpc_conn_hold(conn, HOLD_REQUESTS);
		return true;
	}
	if (conn->waits >= max * WAITS_PER_REQUEST) {
		refuse(refusal, RPC_RATE_LIMITED, "too_many_waits", "",
		       "more than %u calls are waited for", max * WAITS_PER_REQUEST);
		refusal->retry_after = SEC(1);
		return false;
	}
	conn->waits++;
	return true;
}

static void count_out(const struct pending *pending)
{
	struct rpc_conn *conn = rpc_conn_find(pending->asker.link, pending->asker.peer);

	if (conn == NULL)
		return;
	if (pending->kind == PENDING_WAIT) {
		conn->waits--;
		return;
	}
	if (--conn->unanswered <= requests_max(conn->link) / 2)
		rpc_conn_release(conn, HOLD_REQUESTS);
	rpc_conn_settle(conn);
}

struct pending *pending_new(const struct asker *asker, enum pending_kind kind,
                            struct refusal *refusal)
{
	struct link *link = asker->link;
	struct rpc_conn *conn = rpc_conn_find(link, asker->peer);
	struct pending *pending;
	uint64_t number;

	assert(conn != NULL || asker->guest);
	if (conn != NULL && !count_in(conn, kind, refusal))
		return NULL;
	if (take(link->pendings, &pending)) {
		number = pending->number + (UINT64_C(1) << 32);
		*pending = (struct pending){
			.number = number, .kind = kind, .asker = *asker, .queue = QUEUE_NONE
		};
		if (keep_id(pending, asker->id))
			return pending;
		pending_free(pending);
	} else if (conn != NULL && kind == PENDING_WAIT) {
		conn->waits--;
	} else if (conn != NULL) {
		conn->unanswered--;
	}
	refuse(refusal, RPC_OVERLOADED, "too_many_requests", "", "no room for one more request");
	refusal->retry_after = SEC(1);
	return NULL;
}

struct pending *pending_find(const struct link *link, uint64_t number)
{
	uint32_t place = (uint32_t)number;
	struct pending *pending;

	if (number >> 32 == 0 || place >= link->pendings->chunks_count * CHUNK)
		return NULL;
	pending = &link->pendings->chunks[place / CHUNK][place % CHUNK];
	return pending->number == number && pending->asker.link != NULL ? pending : NULL;
}

void pending_hang(struct pending *pending, struct call_card *card)
{
	struct pending *first = card->waiters;

	pending->call = card->id;
	pending->on_card = true;
	if (first == NULL) {
		pending->next = pending->previous = pending;
		card->waiters = pending;
		return;
	}
	pending->next = first;
	pending->previous = first->previous;
	first->previous->next = pending;
	first->previous = pending;
}

static void take_down(struct pending *pending)
{
	struct call_card *card = directory_call(directory_of(pending->asker.link), pending->call);

	pending->on_card = false;
	if (card->waiters == pending)
		card->waiters = pending->next == pending ? NULL : pending->next;
	pending->next->previous = pending->previous;
	pending->previous->next = pending->next;
}

void pending_free(struct pending *pending)
{
	struct pendings *pendings = pending->asker.link->pendings;
	uint64_t number = pending->number;

	if (pending->on_card)
		take_down(pending);
	count_out(pending);
	clear(pending);
	*pending = (struct pending){ .number = number, .next = pendings->unused };
	pendings->unused = pending;
}

void pending_refuse(struct pending *pending, const struct refusal *refusal)
{
	answer_refusal(&pending->asker, refusal);
	pending_free(pending);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct pending *pending = arg;
	struct link *link = pending->asker.link;

	(void)fd;
	(void)what;
	if (pending->kind == PENDING_REFUSAL) {
		struct rpc_conn *conn = rpc_conn_find(link, pending->asker.peer);

		if (conn != NULL)
			rpc_conn_release(conn, HOLD_PENALTY);
		pending_refuse(pending, pending->refusal);
	} else {
		told_wait_over(pending);
	}
	loop_nudge(link->needs.loop);
}

bool pending_set_timer(struct pending *pending, usec_t delay)
{
	struct timeval tv = { .tv_sec = (time_t)(delay / SEC(1)),
		              .tv_usec = (suseconds_t)(delay % SEC(1)) };

	pending->timer = event_new(pending->asker.link->needs.base, -1, 0, on_timer, pending);
	return pending->timer != NULL && event_add(pending->timer, &tv) == 0;
}

struct facts_copy *facts_copy(const struct call_facts *facts)
{
	const char *texts[] = { facts->client, facts->name,    facts->from,        facts->number,
		                facts->key,    facts->to,      facts->customer_id, facts->tier,
		                facts->reason, facts->channel, facts->case_id,     facts->data };
	const char **places[ARRAY_LEN(texts)];
	struct facts_copy *copy;
	size_t size = 0, length;
	char *at;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		size += strlen(texts[i]) + 1;
	copy = malloc(sizeof(*copy) + size);
	if (copy == NULL)
		return NULL;
	copy->facts.restricted = facts->restricted;
	memcpy(places,
	       (const char **[]){ &copy->facts.client, &copy->facts.name, &copy->facts.from,
	                          &copy->facts.number, &copy->facts.key, &copy->facts.to,
	                          &copy->facts.customer_id, &copy->facts.tier, &copy->facts.reason,
	                          &copy->facts.channel, &copy->facts.case_id, &copy->facts.data },
	       sizeof(places));
	at = copy->bytes;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		length = strlen(texts[i]) + 1;
		memcpy(at, texts[i], length);
		*places[i] = at;
		at += length;
	}
	return copy;
}
