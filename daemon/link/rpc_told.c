#include "rpc_told.h"

#include "clients.h"
#include "najimi/shell/log.h"
#include "rpc_agents.h"
#include "rpc_decision.h"
#include "rpc_link.h"
#include "rpc_route.h"

/* The connection has this decision from its reply: see rpc_events.c. */
static void note_told(struct link *link, const struct pending *pending)
{
	struct rpc_conn *conn = rpc_conn_find(link, pending->asker.peer);

	if (conn != NULL && pending->asker.id[0] != '\0')
		conn->told = link->telling;
}

static void answer_decision(struct pending *pending, const struct call_card *card,
                            const struct decision *decision)
{
	struct link *link = pending->asker.link;
	struct json_out out;

	note_told(link, pending);
	answer_begin(&pending->asker, &out);
	write_decision(&out, "result", directory_of(link), card->facts.name, NULL, decision);
	answer_end(&pending->asker, &out);
	pending_free(pending);
}

void told_wait_over(struct pending *pending)
{
	struct link *link = pending->asker.link;
	struct call_card *card = directory_call(directory_of(link), pending->call);
	struct decision decision;

	/* While the caller is being recalled there is none; it comes in a moment. */
	if (core_get_decision(core_of(link), pending->call, &decision))
		answer_decision(pending, card, &decision);
}

static void answer_waiter(struct pending *pending, struct call_card *card,
                          const struct decision *decision)
{
	switch (pending->kind) {
	case PENDING_DECISION:
		answer_decision(pending, card, decision);
		break;
	case PENDING_ROUTE:
		note_told(pending->asker.link, pending);
		route_answer(pending, card, decision);
		break;
	case PENDING_WAIT:
		/* A place in the line is what they know already. */
		if (decision->kind != DECIDE_QUEUE)
			answer_decision(pending, card, decision);
		break;
	case PENDING_DONE:
	case PENDING_OUTCOME:
	case PENDING_AGENT:
	case PENDING_CALLER:
	case PENDING_FORGET:
	case PENDING_STATS:
	case PENDING_SURVEY:
	case PENDING_HISTORY:
	case PENDING_SYNC:
	case PENDING_REFUSAL:
		break;
	}
}

void told_decided(struct link *link, struct call_card *card, const struct decision *decision)
{
	struct pending *waiter = card->waiters, *last, *next;

	link->telling++;
	if (waiter == NULL)
		return;
	for (last = waiter->previous; waiter != NULL; waiter = next) {
		next = waiter == last ? NULL : waiter->next;
		answer_waiter(waiter, card, decision);
	}
}

/* Everybody who waited for this call hears of its end. */
static void answer_end_of_call(struct pending *pending, const struct call_card *card,
                               const char *contact, const struct contact *facts)
{
	struct link *link = pending->asker.link;
	struct json_out out;

	answer_begin(&pending->asker, &out);
	if (pending->kind == PENDING_OUTCOME) {
		json_object(&out, "result");
		write_outcome(&out, contact, facts, directory_of(link));
		json_object_end(&out);
	} else {
		write_ended(&out, "result", directory_of(link), card->facts.name, facts);
	}
	answer_end(&pending->asker, &out);
	pending_free(pending);
}

void told_ended(struct link *link, struct call_card *card, const char *contact,
                const struct contact *facts)
{
	struct client *client = client_find(link, card->facts.client);

	while (card->waiters != NULL)
		answer_end_of_call(card->waiters, card, contact, facts);
	if (client != NULL && client->calls > 0)
		client->calls--;
}

/* --- replies --- */

static void refuse_reply(struct refusal *ret, enum core_reply code, enum pending_kind kind)
{
	static const enum rpc_code codes[CORE_REPLIES] = {
		[REPLY_DONE] = RPC_INTERNAL_ERROR,         [REPLY_UNKNOWN_CALL] = RPC_UNKNOWN_CALL,
		[REPLY_UNKNOWN_AGENT] = RPC_UNKNOWN_AGENT, [REPLY_WRONG_STATE] = RPC_WRONG_STATE,
		[REPLY_STALE_OFFER] = RPC_WRONG_STATE,     [REPLY_QUEUE_FULL] = RPC_QUEUE_FULL,
		[REPLY_QUEUE_CLOSED] = RPC_WRONG_STATE,    [REPLY_AGENT_AWAY] = RPC_WRONG_STATE,
	};
	static const char *const words[CORE_REPLIES] = {
		[REPLY_DONE] = "",
		[REPLY_UNKNOWN_CALL] = "the call has ended",
		[REPLY_UNKNOWN_AGENT] = "the agent has never logged in",
		[REPLY_WRONG_STATE] = "this cannot happen in the present state",
		[REPLY_STALE_OFFER] = "another offer is the present one",
		[REPLY_QUEUE_FULL] = "the queue is at its limit",
		[REPLY_QUEUE_CLOSED] = "the queue takes no callers",
		[REPLY_AGENT_AWAY] = "the agent is away",
	};

	/* An agent is in no queue that could be full: all memberships are taken. */
	if (kind == PENDING_AGENT && code == REPLY_QUEUE_FULL)
		refuse(ret, RPC_OVERLOADED, "memberships_max", "queues",
		       "no room for so many queues: core.memberships_max");
	else
		refuse(ret, codes[code], core_reply_name(code), "", "%s", words[code]);
}

/* Whether a report that the core will not have again was true before: then a repeat
 * gets what the first one got. */
static bool was_done(const struct pending *pending, struct call_record *ret_call)
{
	const struct core *core = core_of(pending->asker.link);

	if (!call_id_set(pending->call) || !core_get_call(core, pending->call, ret_call) ||
	    !(pending->already & BIT(ret_call->state)))
		return false;
	if (pending->offer != 0 && pending->offer != ret_call->offer)
		return false;
	if (agent_id_set(pending->agent))
		return agent_id_equal(pending->agent, ret_call->target) ||
		       agent_id_equal(pending->agent, ret_call->agent);
	return pending->queue == QUEUE_NONE || pending->queue == ret_call->queue;
}

static void answer_done(struct pending *pending)
{
	struct link *link = pending->asker.link;
	struct decision decision;
	struct refusal refusal;

	switch (pending->kind) {
	case PENDING_DONE:
		answer_empty(&pending->asker);
		pending_free(pending);
		return;
	case PENDING_AGENT:
		agents_answer(pending);
		return;
	case PENDING_DECISION:
	case PENDING_WAIT:
	case PENDING_ROUTE:
		if (core_get_decision(core_of(link), pending->call, &decision)) {
			answer_waiter(pending, directory_call(directory_of(link), pending->call),
			              &decision);
			return;
		}
		break;
	case PENDING_OUTCOME:
	case PENDING_CALLER:
	case PENDING_FORGET:
	case PENDING_STATS:
	case PENDING_SURVEY:
	case PENDING_HISTORY:
	case PENDING_SYNC:
	case PENDING_REFUSAL:
		break;
	}
	refuse(&refusal, RPC_INTERNAL_ERROR, "internal", "", "an answer that was not expected");
	pending_refuse(pending, &refusal);
}

static void restore_card(const struct pending *pending)
{
	struct directory *directory = directory_of(pending->asker.link);
	struct call_card *card = directory_call(directory, pending->call);

	/* Should memory run out here, the caller's later words stay. */
	if (card != NULL && !directory_change_call(directory, card, &pending->before->facts))
		log_limited(LOG_LEVEL_WARNING, "call.update_kept",
		            LOG_TEXT("error", "out of memory"));
}

void told_replied(struct link *link, uint64_t request, enum core_reply code)
{
	struct pending *pending = pending_find(link, request);
	struct call_record call;
	struct refusal refusal;

	if (pending == NULL)
		return; /* answered by the decision or the end that came with it */
	if (code == REPLY_DONE || ((code == REPLY_WRONG_STATE || code == REPLY_STALE_OFFER) &&
	                           was_done(pending, &call))) {
		answer_done(pending);
		return;
	}
	if (pending->before != NULL)
		restore_card(pending);
	refuse_reply(&refusal, code, pending->kind);
	pending_refuse(pending, &refusal);
}
