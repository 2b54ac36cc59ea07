#include "rpc_reads.h"

#include "najimi/shell/clock.h"
#include "rpc_agents.h"
#include "rpc_calls.h"
#include "rpc_decision.h"
#include "rpc_lists.h"
#include "rpc_names.h"
#include "rpc_pending.h"

#define ECHO_BYTES_MAX 1024

bool reads_may_see_numbers(const struct exchange *x)
{
	return rpc_role_of(x->conn) != ROLE_OBSERVER || x->conn->session.numbers;
}

/* Whatever was sent comes back, so that a ping can carry a mark. */
bool show_ping(struct exchange *x)
{
	const struct meters *meters = x->link->needs.meters;
	struct json_out out;
	char echo[ECHO_BYTES_MAX + 1];
	size_t length = x->params == NULL ? 0 : json_print(x->params, echo, sizeof(echo));

	if (x->params != NULL && length == 0)
		return refuse(&x->refusal, RPC_INVALID_PARAMS, "too_long", "params",
		              "has more than %d bytes", ECHO_BYTES_MAX);
	answer_begin(&x->asker, &out);
	json_object(&out, "result");
	json_instant(&out, "at", clock_now());
	json_text(&out, "epoch", feed_epoch(x->link->needs.feed));
	json_uint(&out, "seq", feed_seq(x->link->needs.feed));
	json_bool(&out, "ready", x->link->ready);
	json_bool(&out, "standing_by", meters->standing_by);
	/* Anybody at all may ask: strangers are not sent to others of ours. */
	if (meters->leader_at.rpc[0] != '\0' && rpc_role_of(x->conn) != ROLE_NONE)
		json_text(&out, "leader", meters->leader_at.rpc);
	if (length > 0)
		json_raw(&out, "echo", (struct text){ echo, length });
	json_object_end(&out);
	answer_end(&x->asker, &out);
	return true;
}

/* --- one thing --- */

static void answer_finished(struct exchange *x, const struct finished_call *finished)
{
	struct json_out out;

	answer_begin(&x->asker, &out);
	json_object(&out, "result");
	json_text(&out, "call_id", finished->name);
	json_text(&out, "client", finished->client);
	json_text(&out, "state", "ended");
	write_outcome(&out, finished->contact, &finished->facts, directory_of(x->link));
	json_object_end(&out);
	answer_end(&x->asker, &out);
}

bool show_call(struct exchange *x)
{
	struct call_report report;
	struct found_call found;
	struct call_record record;
	struct json_out out;

	if (!translate_call(x->params, &report, &x->refusal) ||
	    !names_find_call(x, report.call_id, report.client, REACH_ALL, &found))
		return false;
	if (found.card == NULL) {
		answer_finished(x, found.finished);
		return true;
	}
	if (!core_get_call(core_of(x->link), found.card->id, &record))
		return refuse(&x->refusal, RPC_UNKNOWN_CALL, "unknown_call", "",
		              "its arrival is under way");
	answer_begin(&x->asker, &out);
	write_call(&out, "result", directory_of(x->link), found.card, &record, CALL_WHOLE,
	           reads_may_see_numbers(x));
	answer_end(&x->asker, &out);
	return true;
}

bool show_agent(struct exchange *x)
{
	struct agent_words words;
	struct agent_record record;
	struct agent_card *card;
	struct json_out out;
	bool known;

	if (!translate_agent(x->params, &words, &x->refusal) || !agents_may(x, words.agent) ||
	    !names_find_agent(x, words.agent, "agent", &card))
		return false;
	known = core_get_agent(core_of(x->link), card->id, &record);
	answer_begin(&x->asker, &out);
	write_agent(&out, "result", directory_of(x->link), card, known ? &record : NULL,
	            AGENT_WHOLE);
	answer_end(&x->asker, &out);
	return true;
}

bool show_queue(struct exchange *x)
{
	const struct core *core = core_of(x->link);
	struct queue_stats room;
	struct queue_view view;
	struct json_out out;
	queue_index queue;
	const char *name;

	if (!translate_queue(x->params, &name, &x->refusal) ||
	    !names_find_queue(x, name, "queue", &queue))
		return false;
	if (!core_get_queue(core, queue, &view))
		return refuse(&x->refusal, RPC_UNKNOWN_QUEUE, "unknown_queue", "queue",
		              "no such queue");
	answer_begin(&x->asker, &out);
	write_queue(&out, "result", name, &view,
	            daybook_queue_stats(x->link->needs.daybook, core, queue, &room), clock_now());
	answer_end(&x->asker, &out);
	return true;
}

/* --- configuration --- */

bool config_check(struct exchange *x)
{
	struct err err = { 0 };
	int r = x->link->needs.check_config(&err, x->link->needs.arg);
	struct json_out out;

	answer_begin(&x->asker, &out);
	json_object(&out, "result");
	json_bool(&out, "ok", r >= 0);
	if (r < 0)
		json_text(&out, "error", err.text);
	json_object_end(&out);
	answer_end(&x->asker, &out);
	return true;
}

bool config_reload(struct exchange *x)
{
	struct err err = { 0 };
	struct json_out out;

	if (x->link->needs.reload(&err, x->link->needs.arg) < 0)
		return refuse(&x->refusal, RPC_WRONG_STATE, "config_refused", "", "%s", err.text);
	answer_begin(&x->asker, &out);
	json_object(&out, "result");
	json_bool(&out, "ok", true);
	json_object_end(&out);
	answer_end(&x->asker, &out);
	return true;
}
