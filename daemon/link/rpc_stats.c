#include "rpc_stats.h"

#include <stdio.h>

#include "rpc_pending.h"
#include "rpc_translate.h"

#define HEAD_BYTES 512 /* of an answer, beside the figures */

/* "from: what is wrong with it" */
static bool refuse_question(struct exchange *x, const char *error)
{
	const char *colon = strchr(error, ':');
	char field[16] = "";

	if (colon != NULL)
		snprintf(field, sizeof(field), "%.*s", (int)(colon - error), error);
	return refuse(&x->refusal, RPC_INVALID_PARAMS, "bad_range", field, "%s",
	              colon == NULL ? error : colon + 2);
}

typedef int question_fn(const struct daybook *daybook, const char *from, const char *to,
                        const char *by, struct stats_question *ret, struct err *err);

static bool ask(struct exchange *x, question_fn *read_question)
{
	const struct link_needs *needs = &x->link->needs;
	struct stats_question question;
	struct stats_words words;
	struct pending *pending;
	struct err err = { 0 };
	int r;

	if (!translate_stats(x->params, &words, &x->refusal))
		return false;
	if (read_question(needs->daybook, words.from, words.to, words.by, &question, &err) < 0)
		return refuse_question(x, err.text);
	pending = pending_new(&x->asker, PENDING_STATS, &x->refusal);
	if (pending == NULL)
		return false;
	r = needs->read_stats(&question, pending->number, needs->arg);
	if (r == 0)
		return true; /* it may have been answered already */
	pending_free(pending);
	return refuse_store(&x->refusal, r, "figures");
}

bool stats_get(struct exchange *x)
{
	return ask(x, stats_question_read);
}

bool stats_get_fcr(struct exchange *x)
{
	return ask(x, fcr_question_read);
}

void stats_told(struct link *link, uint64_t request, int outcome, struct text json)
{
	struct pending *pending = pending_find(link, request);
	struct refusal refusal;
	struct json_out out;

	if (pending == NULL)
		return;
	if (outcome < 0) {
		refuse_store(&refusal, outcome, "figures");
		pending_refuse(pending, &refusal);
		return;
	}
	if (json.length + HEAD_BYTES > options_of(link)->rpc.output_max) {
		refuse(&refusal, RPC_TOO_LARGE, "too_large", "",
		       "the answer has %zu bytes: ask by HTTP, or for less", json.length);
		pending_refuse(pending, &refusal);
		return;
	}
	answer_begin(&pending->asker, &out);
	json_raw(&out, "result", json);
	answer_end(&pending->asker, &out);
	pending_free(pending);
}
