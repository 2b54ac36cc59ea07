#include "rpc_callers.h"

#include <errno.h>

#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"
#include "rpc_agents.h"
#include "rpc_lists.h"
#include "rpc_names.h"
#include "rpc_pending.h"
#include "rpc_translate.h"

/* --- who is meant --- */

static bool refuse_nobody(struct exchange *x, const char *field)
{
	return refuse(&x->refusal, RPC_INVALID_PARAMS, "no_identity", field,
	              "this says nothing about who calls");
}

/* Whether the agent of this session has, or had, the caller. */
static bool has_met(const struct exchange *x, const struct found_call *found)
{
	struct agent_id self = x->conn->session.agent;
	struct call_record record;

	if (found->finished != NULL)
		return agent_id_equal(found->finished->facts.agent, self) ||
		       agent_id_equal(found->finished->facts.credited, self);
	return core_get_call(core_of(x->link), found->card->id, &record) &&
	       (agent_id_equal(record.agent, self) || agent_id_equal(record.talker, self));
}

static bool find_on_call(struct exchange *x, const struct caller_words *words,
                         char ret_key[IDENTITY_SIZE])
{
	struct found_call found;
	const char *key;

	if (!names_find_call(x, words->call_id, words->client, REACH_ALL, &found))
		return false;
	if (rpc_role_of(x->conn) == ROLE_AGENT && !has_met(x, &found))
		return refuse(&x->refusal, RPC_FORBIDDEN, "other_agents_call", "call_id",
		              "the call is another agent's");
	key = found.card != NULL ? found.card->facts.key : found.finished->key;
	if (*key == '\0' || strlen(key) >= IDENTITY_SIZE)
		return refuse_nobody(x, "call_id");
	strcpy(ret_key, key);
	return true;
}

/* An agent may ask about the callers they have, and not look people up. */
bool callers_find_key(struct exchange *x, const struct caller_words *words,
                      char ret_key[IDENTITY_SIZE])
{
	struct identity identity;

	if (words->call_id != NULL)
		return find_on_call(x, words, ret_key);
	if (rpc_role_of(x->conn) == ROLE_AGENT)
		return refuse(&x->refusal, RPC_FORBIDDEN, "personal_data", "call_id",
		              "an agent names a call of their own");
	identity_of(words->from, words->presentation, words->customer_id, &x->link->identity,
	            &identity);
	if (identity.key[0] == '\0')
		return refuse_nobody(x, "from");
	strcpy(ret_key, identity.key);
	return true;
}

/* Who says so, for the memory and the log. */
static bool find_sayer(struct exchange *x, const char **ret)
{
	struct client *client;

	if (!names_find_client(x, &client))
		return false;
	*ret = client->name;
	return true;
}

static bool answer_key(struct exchange *x, const char *key)
{
	struct json_out out;

	answer_begin(&x->asker, &out);
	json_object(&out, "result");
	json_text(&out, "key", key);
	json_object_end(&out);
	answer_end(&x->asker, &out);
	return true;
}

/* --- reading --- */

bool caller_get(struct exchange *x)
{
	struct caller_words words;
	struct pending *pending;
	char key[IDENTITY_SIZE];

	if (!translate_caller(x->params, &words, &x->refusal))
		return false;
	if (!reads_may_see_numbers(x))
		return refuse(&x->refusal, RPC_FORBIDDEN, "personal_data", "",
		              "an observer needs pii = true for this");
	if (!callers_find_key(x, &words, key))
		return false;
	pending = pending_new(&x->asker, PENDING_CALLER, &x->refusal);
	if (pending == NULL)
		return false;
	x->link->needs.read_caller(key, pending->number, x->link->needs.arg);
	return true;
}

void callers_read(struct link *link, uint64_t request, int outcome, struct text json)
{
	struct pending *pending = pending_find(link, request);
	struct refusal refusal;
	struct json_out out;

	if (pending == NULL)
		return;
	if (outcome < 0) {
		refuse_store(&refusal, -ENOTCONN, "callers");
		pending_refuse(pending, &refusal);
		return;
	}
	answer_begin(&pending->asker, &out);
	json_raw(&out, "result", json.start == NULL ? TEXT("null") : json);
	answer_end(&pending->asker, &out);
	pending_free(pending);
}

/* --- what is said of them --- */

/* The log says who did what, and of whom only the agent: a caller's key is personal. */
static void log_said(const char *fact, const char *agent, const char *by)
{
	log_fact(LOG_LEVEL_INFO, fact, LOG_TEXT("agent", agent), LOG_TEXT("by", by));
}

bool caller_pin(struct exchange *x)
{
	const struct link_needs *needs = &x->link->needs;
	struct caller_words words;
	struct agent_card *card;
	char key[IDENTITY_SIZE];
	const char *by;

	if (!translate_pin(x->params, &words, &x->refusal) || !callers_find_key(x, &words, key) ||
	    (words.agent != NULL && !names_find_agent(x, words.agent, "agent", &card)) ||
	    !find_sayer(x, &by))
		return false;
	needs->pin_caller(key, words.agent, needs->arg);
	log_said(words.agent == NULL ? "caller.unpinned" : "caller.pinned",
	         words.agent == NULL ? "" : words.agent, by);
	return answer_key(x, key);
}

bool caller_exclude(struct exchange *x)
{
	const struct link_needs *needs = &x->link->needs;
	struct caller_words words;
	struct agent_card *card;
	char key[IDENTITY_SIZE];
	const char *by;

	if (!translate_exclude(x->params, clock_now(), &words, &x->refusal) ||
	    !callers_find_key(x, &words, key) ||
	    (words.until != 0 && !names_find_agent(x, words.agent, "agent", &card)) ||
	    !find_sayer(x, &by))
		return false;
	needs->exclude_agent(key, words.agent, words.until, words.reason, by, needs->arg);
	log_said(words.until == 0 ? "caller.readmitted" : "caller.excluded", words.agent, by);
	return answer_key(x, key);
}

bool caller_note(struct exchange *x)
{
	struct caller_words words;
	char key[IDENTITY_SIZE];

	if (!translate_note(x->params, &words, &x->refusal) || !callers_find_key(x, &words, key))
		return false;
	x->link->needs.note_caller(key, words.text, x->link->needs.arg);
	return answer_key(x, key);
}

static bool refuse_forgetting(struct exchange *x, int r)
{
	if (r == -ENOTCONN)
		return refuse_store(&x->refusal, r, "callers");
	refuse(&x->refusal, RPC_RATE_LIMITED, "too_many_forgets", "",
	       "others are being forgotten; one after the other");
	x->refusal.retry_after = SEC(1);
	return false;
}

bool caller_forget(struct exchange *x)
{
	const struct link_needs *needs = &x->link->needs;
	struct identity customer, number;
	struct caller_words words;
	struct pending *pending;
	const char *by;
	int r;

	if (!translate_forget(x->params, &words, &x->refusal) || !find_sayer(x, &by))
		return false;
	identity_of(NULL, words.presentation, words.customer_id, &x->link->identity, &customer);
	identity_of(words.from, words.presentation, NULL, &x->link->identity, &number);
	if (customer.key[0] == '\0' && number.key[0] == '\0')
		return refuse_nobody(x, "from");
	pending = pending_new(&x->asker, PENDING_FORGET, &x->refusal);
	if (pending == NULL)
		return false;
	r = needs->forget_caller(customer.key, number.key, pending->number, needs->arg);
	if (r < 0) {
		pending_free(pending);
		return refuse_forgetting(x, r);
	}
	log_said("caller.forgotten", "", by);
	return true;
}

void callers_forgotten(struct link *link, uint64_t request, int outcome, uint64_t contacts)
{
	struct pending *pending = pending_find(link, request);
	struct refusal refusal;
	struct json_out out;

	if (pending == NULL)
		return;
	if (outcome < 0) {
		refuse_store(&refusal, -ENOTCONN, "callers");
		pending_refuse(pending, &refusal);
		return;
	}
	answer_begin(&pending->asker, &out);
	json_object(&out, "result");
	json_uint(&out, "contacts", contacts);
	json_object_end(&out);
	answer_end(&pending->asker, &out);
	pending_free(pending);
}

/* --- agents who call --- */

/* Why such a contact does not count; NULL: it does. */
static const char *why_not_counted(const struct queue_options *queue,
                                   const struct caller_words *words,
                                   const struct identity *identity)
{
	if (queue == NULL || !queue->outbound)
		return "off";
	if (identity->kind == IDENTITY_OF_SHARED)
		return "shared_number";
	if (identity->key[0] == '\0')
		return "no_identity";
	return words->talk < queue->plan.min_talk ? "too_short" : NULL;
}

bool contact_outbound(struct exchange *x)
{
	const struct link_needs *needs = &x->link->needs;
	usec_t now = clock_now();
	char contact[33] = "";
	struct caller_words words;
	struct identity identity;
	struct agent_card *card;
	struct json_out out;
	queue_index queue;
	const char *by, *why;

	if (!translate_outbound(x->params, now, &words, &x->refusal) ||
	    !names_find_agent(x, words.agent, "agent", &card) ||
	    !names_find_queue(x, words.queue, "queue", &queue) || !find_sayer(x, &by))
		return false;
	identity_of(words.from, words.presentation, words.customer_id, &x->link->identity,
	            &identity);
	why = why_not_counted(directory_queue_options(directory_of(x->link), queue), &words,
	                      &identity);
	if (why == NULL)
		needs->credit_outbound(card->id, queue,
		                       words.at == 0 || words.at > now ? now : words.at, words.talk,
		                       identity.key, by, contact, needs->arg);
	answer_begin(&x->asker, &out);
	json_object(&out, "result");
	json_bool(&out, "counted", why == NULL);
	if (why != NULL)
		json_text(&out, "why", why);
	else
		json_text(&out, "contact", contact);
	json_object_end(&out);
	answer_end(&x->asker, &out);
	return true;
}
