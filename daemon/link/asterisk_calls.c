#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>

#include "arrivals.h"
#include "asterisk.h"
#include "orphans.h"
#include "rpc_calls.h"

/* What happens to Asterisk's callers, whichever of its streams told of it. */

#define EVENTS_AT_ONCE 8       /* one message tells of no more */
#define SENT_IN_VAIN MSEC(500) /* the dialplan brings back within this whom it does bring back */
#define SENT_RINGS SEC(300)    /* its own Dial says how long, and we hear when it is over */

bool asterisk_has_room(const struct asterisk *asterisk)
{
	return loop_has_room(asterisk->link->needs.loop, EVENTS_AT_ONCE);
}

static struct link *link_of(const struct asterisk_call *call)
{
	return call->server->asterisk->link;
}

/* --- which calls there are --- */

int asterisk_calls_init(struct asterisk *asterisk, struct err *err)
{
	asterisk->calls_max = (uint32_t)options_of(asterisk->link)->calls_max;
	asterisk->calls = calloc(asterisk->calls_max, sizeof(struct asterisk_call *));
	return asterisk->calls != NULL ? 0 : err_set(err, -ENOMEM, "out of memory");
}

void asterisk_calls_done(struct asterisk *asterisk)
{
	for (uint32_t slot = 0; asterisk->calls != NULL && slot < asterisk->calls_max; slot++)
		if (asterisk->calls[slot] != NULL)
			asterisk_call_drop(asterisk->calls[slot]);
	free(asterisk->calls);
	asterisk->calls = NULL;
}

struct asterisk_call *asterisk_call_of(struct asterisk *asterisk, struct call_id id)
{
	struct asterisk_call *call =
	        id.slot < asterisk->calls_max ? asterisk->calls[id.slot] : NULL;

	return call != NULL && call_id_equal(call->id, id) ? call : NULL;
}

static struct asterisk_call *add(struct asterisk_server *server, struct call_id id,
                                 const char *channel)
{
	struct asterisk_call *call = calloc(1, sizeof(*call));

	if (call == NULL)
		return NULL;
	assert(id.slot < server->asterisk->calls_max && server->asterisk->calls[id.slot] == NULL);
	call->id = id;
	call->server = server;
	call->peer = NO_PEER;
	snprintf(call->channel, sizeof(call->channel), "%s", channel);
	server->asterisk->calls[id.slot] = call;
	return call;
}

struct asterisk_call *asterisk_call_find(struct asterisk_server *server, const char *uniqueid)
{
	struct call_card *card =
	        directory_find_call(directory_of(server->asterisk->link), server->name, uniqueid);
	struct asterisk_call *call;

	if (card == NULL)
		return NULL;
	call = asterisk_call_of(server->asterisk, card->id);
	return call != NULL ? call : add(server, card->id, "");
}

void asterisk_call_drop(struct asterisk_call *call)
{
	asterisk_call_let_go(call);
	if (call->grace != NULL)
		event_free(call->grace);
	call->server->asterisk->calls[call->id.slot] = NULL;
	free(call);
}

/* --- arriving --- */

struct asterisk_call *asterisk_call_arrive(struct asterisk_server *server,
                                           const struct call_words *words, const char *channel,
                                           struct refusal *refusal)
{
	struct link *link = server->asterisk->link;
	struct facts_room room;
	struct call_facts facts;
	struct core_event ev;
	struct call_card *card;
	struct asterisk_call *call;

	if (!facts_of_words(words, NULL, &link->identity, &room, &facts, refusal) ||
	    !arrival_fill(link, words, &facts, &room.identity, &ev, refusal))
		return NULL;
	facts.client = server->name;
	card = arrival_post(link, server->client, &facts, fingerprint_of_words(words, facts.data),
	                    ADAPTER_FASTAGI, &ev);
	call = card == NULL ? NULL : add(server, card->id, channel);
	if (call == NULL)
		refuse(refusal, RPC_OVERLOADED, card == NULL ? "calls_max" : "out_of_memory", "",
		       "no room for one more call");
	if (call == NULL && card != NULL)
		orphans_end(link, card->id, BY_SYSTEM);
	return call;
}

/* As long as a connection holds a caller, their Asterisk is there. */
void asterisk_call_taken(struct asterisk_call *call, uint64_t peer)
{
	if (call->peer == NO_PEER) {
		client_session_opened(call->server->client);
		call->server->meter->held++;
	}
	call->sent_to = (struct agent_id){ 0 };
	call->peer = peer;
}

void asterisk_call_let_go(struct asterisk_call *call)
{
	if (call->peer == NO_PEER)
		return;
	call->peer = NO_PEER;
	call->server->meter->held--;
	client_session_closed(call->server->client);
}

/* --- what happened --- */

static bool get(const struct asterisk_call *call, struct call_record *ret)
{
	return core_get_call(core_of(link_of(call)), call->id, ret);
}

/* Whether the offer is the present one, and its telephone may be ringing. */
static bool is_offered(const struct asterisk_call *call, uint32_t *offer)
{
	struct call_record record;

	if (!get(call, &record) || record.state != CALL_OFFERED ||
	    (*offer != 0 && *offer != record.offer))
		return false;
	*offer = record.offer;
	return true;
}

static bool is_talking(const struct asterisk_call *call, enum call_state *ret)
{
	struct call_record record;

	if (!get(call, &record) || (record.state != CALL_TALKING && record.state != CALL_HELD))
		return false;
	*ret = record.state;
	return true;
}

void asterisk_call_ringing(struct asterisk_call *call, uint32_t offer)
{
	struct core_event ev = { .type = EVT_CALL_RINGING };

	if (!is_offered(call, &offer))
		return;
	ev.call_ringing.call = call->id;
	ev.call_ringing.offer = offer;
	if (agent_id_set(call->sent_to))
		ev.call_ringing.ring = SENT_RINGS;
	calls_post(link_of(call), &ev);
}

void asterisk_call_answered(struct asterisk_call *call, uint32_t offer)
{
	struct core_event ev = { .type = EVT_CALL_ANSWERED };

	if (!is_offered(call, &offer))
		return;
	ev.call_answered.call = call->id;
	ev.call_answered.offer = offer;
	calls_post(link_of(call), &ev);
}

static void fail(struct asterisk_call *call, uint32_t offer, enum miss_kind kind, bool blameless)
{
	struct core_event ev = { .type = EVT_CALL_FAILED };

	if (!is_offered(call, &offer))
		return;
	ev.call_failed.call = call->id;
	ev.call_failed.offer = offer;
	ev.call_failed.kind = kind;
	ev.call_failed.blameless = blameless;
	calls_post(link_of(call), &ev);
}

void asterisk_call_failed(struct asterisk_call *call, uint32_t offer, enum miss_kind kind)
{
	fail(call, offer, kind, false);
}

void asterisk_call_refused(struct asterisk_call *call, uint32_t offer)
{
	fail(call, offer, MISS_UNREACHABLE, true);
}

void asterisk_call_held(struct asterisk_call *call, bool held)
{
	struct core_event ev = { .type = held ? EVT_CALL_HELD : EVT_CALL_RETRIEVED };
	enum call_state state;

	if (!is_talking(call, &state) || (state == CALL_HELD) == held)
		return;
	ev.call_held.call = call->id; /* the same place as call_retrieved's */
	calls_post(link_of(call), &ev);
}

static void transfer(struct asterisk_call *call, const struct core_event *ev)
{
	enum call_state state;

	if (!is_talking(call, &state))
		return;
	call->sent_to = ev->call_transferred.consult ? (struct agent_id){ 0 }
	                                             : ev->call_transferred.to_agent;
	calls_post(link_of(call), ev);
}

void asterisk_call_transferred(struct asterisk_call *call, struct agent_id agent, queue_index queue,
                               bool consult)
{
	struct core_event ev = { .type = EVT_CALL_TRANSFERRED };

	ev.call_transferred.call = call->id;
	ev.call_transferred.to_agent = agent;
	ev.call_transferred.to_queue = queue;
	ev.call_transferred.consult = consult;
	transfer(call, &ev);
}

void asterisk_call_handed_over(struct asterisk_call *call, struct agent_id agent,
                               struct call_id asked)
{
	struct core_event ev = { .type = EVT_CALL_TRANSFERRED };

	ev.call_transferred.call = call->id;
	ev.call_transferred.to_agent = agent;
	ev.call_transferred.to_queue = QUEUE_NONE;
	ev.call_transferred.consult = true;
	ev.call_transferred.asked = asked;
	transfer(call, &ev);
}

/* Other agents must not be taken for somebody whom their telephones will not ring for. */
void asterisk_call_decided(struct asterisk_call *call, const struct decision *decision)
{
	if (!agent_id_set(call->sent_to) || call->peer != NO_PEER ||
	    (decision->kind == DECIDE_CONNECT && agent_id_equal(decision->agent, call->sent_to)))
		return;
	call->sent_to = (struct agent_id){ 0 };
	asterisk_call_doubted(call, SENT_IN_VAIN, BY_AGENT);
}

void asterisk_call_ended(struct asterisk_call *call, enum ended_by by)
{
	asterisk_call_kept(call);
	orphans_end(link_of(call), call->id, by);
}

/* --- doubt --- */

static void on_grace(evutil_socket_t fd, short what, void *arg)
{
	struct asterisk_call *call = arg;

	(void)fd;
	(void)what;
	orphans_end(link_of(call), call->id, call->grace_by);
}

void asterisk_call_doubted(struct asterisk_call *call, usec_t delay, enum ended_by by)
{
	struct timeval tv = { .tv_sec = (time_t)(delay / SEC(1)),
		              .tv_usec = (suseconds_t)(delay % SEC(1)) };

	if (call->grace == NULL)
		call->grace = event_new(link_of(call)->needs.base, -1, 0, on_grace, call);
	call->grace_by = by;
	if (call->grace != NULL)
		event_add(call->grace, &tv);
	else
		asterisk_call_ended(call, by); /* out of memory: nobody would ask again */
}

void asterisk_call_kept(struct asterisk_call *call)
{
	if (call->grace != NULL)
		event_del(call->grace);
}
