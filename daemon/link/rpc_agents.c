#include "rpc_agents.h"

#include "logins.h"
#include "najimi/shell/log.h"
#include "rpc_calls.h"
#include "rpc_decision.h"
#include "rpc_names.h"

bool agents_may(struct exchange *x, const char *agent)
{
	const struct rpc_session *session = &x->conn->session;

	if (rpc_role_of(x->conn) != ROLE_AGENT ||
	    strcmp(directory_agent_name(directory_of(x->link), session->agent), agent) == 0)
		return true;
	return refuse(&x->refusal, RPC_FORBIDDEN, "other_agent", "agent",
	              "this session is another agent's");
}

static void answer_state(const struct asker *asker, struct agent_id id)
{
	struct directory *directory = directory_of(asker->link);
	struct agent_record record;
	struct json_out out;
	bool known = core_get_agent(core_of(asker->link), id, &record);

	answer_begin(asker, &out);
	write_agent(&out, "result", directory, directory_agent(directory, id),
	            known ? &record : NULL, AGENT_WHOLE);
	answer_end(asker, &out);
}

void agents_answer(struct pending *pending)
{
	answer_state(&pending->asker, pending->agent);
	pending_free(pending);
}

static bool post(struct exchange *x, const struct agent_card *card, struct core_event *ev)
{
	struct pending *pending = pending_new(&x->asker, PENDING_AGENT, &x->refusal);

	if (pending == NULL)
		return false;
	pending->agent = card->id;
	ev->request = pending->number;
	calls_post(x->link, ev);
	return true;
}

bool agent_login(struct exchange *x)
{
	struct core_event ev;
	struct agent_words words;
	struct agent_card *card;

	return translate_login(x->params, &words, &x->refusal) && agents_may(x, words.agent) &&
	       login_fill(x->link, &words, &ev, &card, &x->refusal) && post(x, card, &ev);
}

/* --- the rest of the day --- */

static bool find(struct exchange *x, const struct agent_words *words, struct agent_card **ret)
{
	return agents_may(x, words->agent) && names_find_agent(x, words->agent, "agent", ret);
}

/* The reason of a pause goes with it, and goes when the agent is back. */
static bool say_reason(struct exchange *x, struct agent_card *card, const char *reason)
{
	return login_say_reason(x->link, card, reason, &x->refusal);
}

bool agent_ready(struct exchange *x)
{
	struct core_event ev = { .type = EVT_AGENT_READY };
	struct agent_words words;
	struct agent_card *card;

	if (!translate_agent(x->params, &words, &x->refusal) || !find(x, &words, &card) ||
	    !say_reason(x, card, ""))
		return false;
	ev.agent_ready.agent = card->id;
	return post(x, card, &ev);
}

bool agent_pause(struct exchange *x)
{
	struct core_event ev = { .type = EVT_AGENT_PAUSED };
	struct agent_words words;
	struct agent_card *card;

	if (!translate_pause(x->params, &words, &x->refusal) || !find(x, &words, &card) ||
	    !say_reason(x, card, words.reason == NULL ? "" : words.reason))
		return false;
	ev.agent_paused.agent = card->id;
	ev.agent_paused.brief =
	        words.reason != NULL && options_pause_is_brief(options_of(x->link), words.reason);
	return post(x, card, &ev);
}

bool agent_logout(struct exchange *x)
{
	struct core_event ev = { .type = EVT_AGENT_LOGGED_OUT };
	struct agent_words words;
	struct agent_card *card;

	if (!translate_agent(x->params, &words, &x->refusal) || !find(x, &words, &card) ||
	    !say_reason(x, card, ""))
		return false;
	ev.agent_logged_out.agent = card->id;
	return post(x, card, &ev);
}

bool agent_wrapup(struct exchange *x)
{
	struct core_event ev = { .type = EVT_AGENT_WRAPUP_EXTENDED };
	struct agent_words words;
	struct agent_card *card;

	if (!translate_wrapup(x->params, &words, &x->refusal) || !find(x, &words, &card))
		return false;
	ev.agent_wrapup_extended.agent = card->id;
	ev.agent_wrapup_extended.extend = words.extend;
	return post(x, card, &ev);
}

bool agent_device(struct exchange *x)
{
	struct core_event ev = { .type = EVT_AGENT_DEVICE_CHANGED };
	struct agent_words words;
	struct agent_card *card;

	if (!translate_device(x->params, &words, &x->refusal) || !find(x, &words, &card))
		return false;
	ev.agent_device_changed.agent = card->id;
	ev.agent_device_changed.device = words.device;
	return post(x, card, &ev);
}

/* --- how it went --- */

static bool check_disposition(struct exchange *x, const struct agent_card *agent,
                              const struct found_call *found)
{
	const struct contact *facts;

	if (found->finished == NULL)
		return refuse(&x->refusal, RPC_WRONG_STATE, "call_live", "call_id",
		              "the contact is not over");
	facts = &found->finished->facts;
	if (rpc_role_of(x->conn) == ROLE_AGENT && !agent_id_equal(facts->agent, agent->id) &&
	    !agent_id_equal(facts->credited, agent->id))
		return refuse(&x->refusal, RPC_WRONG_STATE, "other_agents_call", "call_id",
		              "the contact was another agent's");
	return true;
}

/* An agent may take leave of a caller where the queue lets them; a supervisor always. */
static bool may_unstick(struct exchange *x, const struct finished_call *finished)
{
	const struct queue_options *queue =
	        directory_queue_options(directory_of(x->link), finished->facts.queue);

	if (queue == NULL || queue->unstick || rpc_role_of(x->conn) == ROLE_SUPERVISOR)
		return true;
	return refuse(&x->refusal, RPC_FORBIDDEN, "unstick", "stick",
	              "sticky.unstick of this queue does not allow it");
}

/* Who took leave of whom: of the caller no more than the call. */
static void log_unstuck(const struct exchange *x, const struct agent_card *agent,
                        const struct finished_call *finished)
{
	log_fact(LOG_LEVEL_INFO, "caller.unstuck", LOG_TEXT("agent", agent->name),
	         LOG_TEXT("call", finished->name), LOG_TEXT("contact", finished->contact),
	         LOG_TEXT("by", x->conn->client == NULL ? "" : x->conn->client->name));
}

bool agent_disposition(struct exchange *x)
{
	const struct link_needs *needs = &x->link->needs;
	struct disposition_words words;
	struct found_call found;
	struct agent_card *card;

	if (!translate_disposition(x->params, &words, &x->refusal) || !agents_may(x, words.agent) ||
	    !names_find_agent(x, words.agent, "agent", &card) ||
	    !names_find_call(x, words.call_id, words.client, REACH_ALL, &found) ||
	    !check_disposition(x, card, &found) ||
	    (!words.stick && !may_unstick(x, found.finished)))
		return false;
	if (!words.stick)
		log_unstuck(x, card, found.finished);
	needs->dispose(card->name, found.finished->contact, found.finished->client,
	               found.finished->name, found.finished->key, words.outcome, words.reason,
	               words.note, words.stick, needs->arg);
	answer_state(&x->asker, card->id);
	return true;
}
