#include "rpc_calls.h"

#include <assert.h>

#include "arrivals.h"
#include "najimi/shell/clock.h"
#include "rpc_decision.h"
#include "rpc_names.h"
#include "rpc_route.h"

void calls_post(struct link *link, const struct core_event *ev)
{
	if (loop_post(link->needs.loop, ev) < 0)
		assert(!"the room was asked for");
}

static bool find_needs(struct exchange *x, const struct call_words *words,
                       struct skill_need needs[CALL_NEEDS_MAX])
{
	for (size_t i = 0; i < words->skills_count; i++) {
		if (!names_find_skill(x, words->skills[i].name, i, &needs[i].skill))
			return false;
		needs[i].min = words->skills[i].level;
	}
	return true;
}

/* --- arriving --- */

static void write_present(struct json_out *out, struct link *link, const struct call_card *card,
                          const struct decision *decision, enum pending_kind kind)
{
	if (kind == PENDING_ROUTE)
		route_write(out, directory_of(link), card->facts.name, decision);
	else
		write_decision(out, "result", directory_of(link), card->facts.name, NULL, decision);
}

bool calls_answer_present(struct exchange *x, struct call_card *card, enum pending_kind kind)
{
	struct decision decision;
	struct pending *pending;
	struct json_out out;

	if (core_get_decision(core_of(x->link), card->id, &decision)) {
		answer_begin(&x->asker, &out);
		write_present(&out, x->link, card, &decision, kind);
		answer_end(&x->asker, &out);
		return true;
	}
	pending = pending_new(&x->asker, kind, &x->refusal);
	if (pending == NULL)
		return false;
	pending_hang(pending, card);
	return true;
}

bool calls_answer_finished(struct exchange *x, const struct finished_call *finished)
{
	struct json_out out;

	answer_begin(&x->asker, &out);
	write_ended(&out, "result", directory_of(x->link), finished->name, &finished->facts);
	answer_end(&x->asker, &out);
	return true;
}

static bool refuse_other(struct exchange *x)
{
	return refuse(&x->refusal, RPC_OTHER_CONTENT, "other_content", "call_id",
	              "this call_id has been used for a call with other content");
}

bool calls_refuse_full(struct exchange *x, const char *reason)
{
	refuse(&x->refusal, RPC_OVERLOADED, reason, "", "no room for one more call");
	x->refusal.retry_after = SEC(1);
	return false;
}

/* The words are checked and the names found: from here on it cannot fail but for
 * want of room. */
static bool add_call(struct exchange *x, struct client *client, const struct call_facts *facts,
                     uint64_t fingerprint, struct core_event *ev, enum pending_kind kind)
{
	struct pending *pending = pending_new(&x->asker, kind, &x->refusal);
	struct call_card *card;

	if (pending == NULL)
		return false;
	ev->request = pending->number;
	card = arrival_post(x->link, client, facts, fingerprint, ADAPTER_NATIVE, ev);
	if (card == NULL) {
		pending_free(pending);
		return calls_refuse_full(x, "calls_max");
	}
	pending->brings = true;
	pending_hang(pending, card);
	return true;
}

bool calls_take(struct exchange *x, const struct call_words *words, enum pending_kind kind)
{
	const struct finished_call *finished;
	struct facts_room room;
	struct call_facts facts;
	struct core_event ev;
	struct call_card *card;
	struct client *client;
	uint64_t fingerprint;

	if (!names_find_client(x, &client) ||
	    !facts_of_words(words, NULL, &x->link->identity, &room, &facts, &x->refusal) ||
	    !arrival_fill(x->link, words, &facts, &room.identity, &ev, &x->refusal))
		return false;
	facts.client = client->name;
	fingerprint = fingerprint_of_words(words, facts.data);
	card = directory_find_call(directory_of(x->link), client->name, words->call_id);
	if (card != NULL && card->fingerprint == fingerprint) {
		card->repeated = true;
		return calls_answer_present(x, card, kind);
	}
	if (card != NULL)
		return refuse_other(x);
	/* A proxy that asks again wants to be told where to go, not where it went. */
	finished = kind == PENDING_ROUTE ? NULL
	                                 : directory_find_finished(directory_of(x->link),
	                                                           client->name, words->call_id);
	if (finished != NULL)
		return finished->fingerprint == fingerprint ? calls_answer_finished(x, finished)
		                                            : refuse_other(x);
	return add_call(x, client, &facts, fingerprint, &ev, kind);
}

bool call_arrive(struct exchange *x)
{
	struct call_words words;

	return translate_arrive(x->params, clock_now(), &words, &x->refusal) &&
	       calls_take(x, &words, PENDING_DECISION);
}

/* --- changing --- */

static bool changes_facts(const struct call_words *words)
{
	return words->from != NULL || words->has_presentation || words->to != NULL ||
	       words->customer_id != NULL || words->tier != NULL || words->reason != NULL ||
	       words->channel != NULL || words->case_id != NULL || words->data != NULL;
}

/* The card changes before the core is asked, for the core may have the caller
 * recalled by it at once; should it refuse, the card goes back. */
static bool change_card(struct exchange *x, struct call_card *card, const struct call_words *words,
                        struct pending *pending, struct core_event *ev)
{
	struct facts_room room;
	struct call_facts facts;

	if (!facts_of_words(words, &card->facts, &x->link->identity, &room, &facts, &x->refusal))
		return false;
	ev->call_updated.has_identity = strcmp(facts.key, card->facts.key) != 0;
	ev->call_updated.identity = arrival_identity(&room.identity);
	ev->call_updated.has_tier = words->tier != NULL;
	ev->call_updated.tier = directory_find_tier(directory_of(x->link), facts.tier);
	pending->before = facts_copy(&card->facts);
	if (pending->before == NULL || !directory_change_call(directory_of(x->link), card, &facts))
		return calls_refuse_full(x, "out_of_memory");
	return true;
}

/* Whom a caller returns to differs from queue to queue: scope, window, members. */
static void ask_anew(struct exchange *x, const struct call_card *card, struct core_event *ev)
{
	struct call_record record;

	if (!ev->call_updated.has_queue || ev->call_updated.has_identity ||
	    card->facts.key[0] == '\0' || !core_get_call(core_of(x->link), card->id, &record) ||
	    record.queue == ev->call_updated.queue)
		return;
	ev->call_updated.has_identity = true;
	ev->call_updated.identity = IDENTITY_KEYED;
}

bool call_update(struct exchange *x)
{
	struct core_event ev = { .type = EVT_CALL_UPDATED };
	struct call_words words;
	struct call_card *card;
	struct pending *pending;

	if (!translate_update(x->params, clock_now(), &words, &x->refusal) ||
	    !names_find_live(x, words.call_id, NULL, REACH_OWN, &card) ||
	    (words.queue != NULL &&
	     !names_find_queue(x, words.queue, "queue", &ev.call_updated.queue)) ||
	    !find_needs(x, &words, ev.call_updated.needs))
		return false;
	pending = pending_new(&x->asker, PENDING_DECISION, &x->refusal);
	if (pending == NULL)
		return false;
	if (changes_facts(&words) && !change_card(x, card, &words, pending, &ev)) {
		pending_free(pending);
		return false;
	}
	ev.call_updated.call = card->id;
	ev.call_updated.has_queue = words.queue != NULL;
	ev.call_updated.has_priority = words.has_priority;
	ev.call_updated.priority = words.priority;
	ev.call_updated.has_needs = words.has_skills;
	ev.call_updated.needs_count = words.skills_count;
	ask_anew(x, card, &ev);
	pending_hang(pending, card);
	ev.request = pending->number;
	calls_post(x->link, &ev);
	return true;
}

bool call_transfer(struct exchange *x)
{
	struct core_event ev = { .type = EVT_CALL_TRANSFERRED };
	struct call_report report;
	struct agent_card *agent = NULL;
	struct call_card *card;
	struct pending *pending;

	if (!translate_transfer(x->params, &report, &x->refusal) ||
	    !names_find_live(x, report.call_id, report.client, REACH_OWN, &card) ||
	    (report.to_agent != NULL &&
	     !names_find_agent(x, report.to_agent, "to_agent", &agent)) ||
	    (report.to_queue != NULL &&
	     !names_find_queue(x, report.to_queue, "to_queue", &ev.call_transferred.to_queue)))
		return false;
	pending = pending_new(&x->asker, PENDING_DECISION, &x->refusal);
	if (pending == NULL)
		return false;
	ev.call_transferred.call = card->id;
	if (agent != NULL)
		ev.call_transferred.to_agent = agent->id;
	ev.call_transferred.consult = report.consult;
	pending->agent = ev.call_transferred.to_agent;
	pending->queue = agent == NULL ? ev.call_transferred.to_queue : QUEUE_NONE;
	pending->already = BIT(CALL_WAITING) | BIT(CALL_OFFERED);
	pending_hang(pending, card);
	ev.request = pending->number;
	calls_post(x->link, &ev);
	return true;
}

/* --- steering --- */

static bool post_update(struct exchange *x, struct call_card *card, struct core_event *ev)
{
	struct pending *pending = pending_new(&x->asker, PENDING_DECISION, &x->refusal);

	if (pending == NULL)
		return false;
	ev->call_updated.call = card->id;
	pending_hang(pending, card);
	ev->request = pending->number;
	calls_post(x->link, ev);
	return true;
}

bool call_priority(struct exchange *x)
{
	struct core_event ev = { .type = EVT_CALL_UPDATED };
	struct call_report report;
	struct call_card *card;

	if (!translate_priority(x->params, &report, &x->refusal) ||
	    !names_find_live(x, report.call_id, report.client, REACH_OWN, &card))
		return false;
	ev.call_updated.has_priority = true;
	ev.call_updated.priority = report.priority;
	return post_update(x, card, &ev);
}

/* From now on the caller is routed as one nobody knows. The memory stays, and whoever
 * takes the call is credited. */
bool call_release(struct exchange *x)
{
	struct core_event ev = { .type = EVT_CALL_UPDATED };
	struct call_report report;
	struct call_record record;
	struct call_card *card;

	if (!translate_call(x->params, &report, &x->refusal) ||
	    !names_find_live(x, report.call_id, report.client, REACH_OWN, &card))
		return false;
	if (!core_get_call(core_of(x->link), card->id, &record) || record.state != CALL_WAITING ||
	    record.hold_until == 0 || agent_id_set(record.target))
		return refuse(&x->refusal, RPC_WRONG_STATE, "not_holding", "call_id",
		              "the caller does not wait for their own agent");
	ev.call_updated.releases = true;
	return post_update(x, card, &ev);
}

/* --- waiting --- */

bool call_wait(struct exchange *x)
{
	struct call_report report;
	struct found_call found;
	struct decision decision;
	struct pending *pending;

	if (!translate_wait(x->params, &report, &x->refusal) ||
	    !names_find_call(x, report.call_id, report.client, REACH_OWN, &found))
		return false;
	if (found.card == NULL)
		return calls_answer_finished(x, found.finished);
	if (report.wait == 0 || (core_get_decision(core_of(x->link), found.card->id, &decision) &&
	                         decision.kind != DECIDE_QUEUE))
		return calls_answer_present(x, found.card, PENDING_DECISION);
	pending = pending_new(&x->asker, PENDING_WAIT, &x->refusal);
	if (pending == NULL)
		return false;
	if (!pending_set_timer(pending, report.wait)) {
		pending_free(pending);
		return calls_refuse_full(x, "out_of_memory");
	}
	pending_hang(pending, found.card);
	return true;
}
