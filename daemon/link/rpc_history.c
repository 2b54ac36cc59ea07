#include "rpc_history.h"

#include <errno.h>

#include "najimi/codec/identity.h"
#include "rpc_agents.h"
#include "rpc_callers.h"
#include "rpc_lists.h"
#include "rpc_names.h"
#include "rpc_pending.h"
#include "rpc_translate.h"

/* It may have been answered before this returns. */
static bool ask(struct exchange *x, const char *caller, const char *agent)
{
	const struct link_needs *needs = &x->link->needs;
	struct pending *pending = pending_new(&x->asker, PENDING_HISTORY, &x->refusal);
	int r;

	if (pending == NULL)
		return false;
	r = needs->read_history(caller, agent, reads_may_see_numbers(x), pending->number,
	                        needs->arg);
	if (r == 0)
		return true;
	pending_free(pending);
	return refuse_store(&x->refusal, r, "contacts");
}

bool caller_history(struct exchange *x)
{
	struct caller_words words;
	char key[IDENTITY_SIZE];

	if (!translate_caller(x->params, &words, &x->refusal))
		return false;
	if (!reads_may_see_numbers(x))
		return refuse(&x->refusal, RPC_FORBIDDEN, "personal_data", "",
		              "an observer needs pii = true for this");
	return callers_find_key(x, &words, key) && ask(x, key, NULL);
}

bool agent_day(struct exchange *x)
{
	struct agent_words words;
	struct agent_card *card;

	if (!translate_agent(x->params, &words, &x->refusal) || !agents_may(x, words.agent) ||
	    !names_find_agent(x, words.agent, "agent", &card))
		return false;
	return ask(x, NULL, card->name);
}

void history_told(struct link *link, uint64_t request, int outcome, struct text json)
{
	struct pending *pending = pending_find(link, request);
	struct refusal refusal;
	struct json_out out;

	if (pending == NULL)
		return;
	if (outcome < 0 && outcome != -ENOENT) {
		refuse_store(&refusal, outcome, "contacts");
		pending_refuse(pending, &refusal);
		return;
	}
	answer_begin(&pending->asker, &out);
	json_raw(&out, "result", outcome == -ENOENT ? TEXT("null") : json);
	answer_end(&pending->asker, &out);
	pending_free(pending);
}
