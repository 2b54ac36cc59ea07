#include <stdio.h>

#include "rpc_decision.h"
#include "rpc_explain.h"
#include "rpc_lists.h"
#include "rpc_names.h"
#include "rpc_reads.h"

/* Why a call is where it is: the same questions the routing asks, answered in words. */

#define AGENTS_SHOWN_MAX 200

static void write_agents(struct json_out *out, struct link *link, struct call_id call,
                         unsigned counts[VERDICTS])
{
	const struct core *core = core_of(link);
	struct agent_record record;
	struct agent_id id;
	unsigned shown = 0;

	json_array(out, "agents");
	for (uint32_t slot = 0; core_next_agent(core, slot, &id); slot = id.slot + 1) {
		enum verdict verdict = core_judge(core, call, id);

		counts[verdict]++;
		if (verdict == VERDICT_NOT_MEMBER || shown == AGENTS_SHOWN_MAX ||
		    !core_get_agent(core, id, &record))
			continue;
		shown++;
		json_object(out, NULL);
		json_text(out, "agent", directory_agent_name(directory_of(link), id));
		json_text(out, "verdict", verdict_name(verdict));
		json_text(out, "state", agent_state_name(record.state));
		json_instant(out, "since", record.since);
		json_instant(out, "until", record.until);
		json_object_end(out);
	}
	json_array_end(out);
}

static void write_counts(struct json_out *out, const unsigned counts[VERDICTS])
{
	json_object(out, "verdicts");
	for (int i = 0; i < VERDICTS; i++)
		if (counts[i] > 0)
			json_uint(out, verdict_name((enum verdict)i), counts[i]);
	json_object_end(out);
}

static void write_known(struct json_out *out, struct link *link, const struct call_record *call)
{
	json_array(out, "known");
	for (size_t i = 0; i < call->known_count; i++) {
		const struct agent_card *card =
		        directory_agent(directory_of(link), call->known[i].agent);

		json_object(out, NULL);
		json_text(out, "agent", card == NULL ? NULL : card->name);
		json_instant(out, "last_contact", call->known[i].at);
		if (call->known[i].pinned)
			json_bool(out, "pinned", true);
		json_text(out, "verdict",
		          verdict_name(core_judge(core_of(link), call->id, call->known[i].agent)));
		json_object_end(out);
	}
	json_array_end(out);
}

static void write_excluded(struct json_out *out, struct link *link, const struct call_record *call)
{
	json_array(out, "excluded");
	for (size_t i = 0; i < call->excluded_count; i++) {
		json_object(out, NULL);
		json_text(out, "agent",
		          directory_agent_name(directory_of(link), call->excluded[i].agent));
		json_instant(out, "until", call->excluded[i].until);
		json_object_end(out);
	}
	json_array_end(out);
}

/* Which limits are running against the call. */
static void write_limits(struct json_out *out, const struct call_record *call,
                         const struct queue_view *queue)
{
	json_object(out, "limits");
	json_instant(out, "overflow_at", call->overflow_at);
	json_instant(out, "hold_until", call->hold_until);
	json_instant(out, "ring_until", call->ring_until);
	json_text(out, "policy", sticky_policy_name(queue->plan.policy));
	json_ms(out, "wait_busy_ms", queue->plan.wait_busy);
	json_ms(out, "wait_wrapup_ms", queue->plan.wait_wrapup);
	json_ms(out, "wait_paused_ms", queue->plan.wait_paused);
	json_ms(out, "wait_brief_ms", queue->plan.wait_brief);
	json_ms(out, "wait_away_ms", queue->plan.wait_away);
	json_uint(out, "line_max", queue->plan.line_max);
	json_uint(out, "waiting_max", queue->plan.waiting_max);
	json_ms(out, "window_ms", queue->plan.window);
	json_object_end(out);
}

static void write_share(struct json_out *out, const char *name, uint64_t millionths)
{
	char number[32];
	int length = snprintf(number, sizeof(number), "%llu.%06llu",
	                      (unsigned long long)(millionths / 1000000),
	                      (unsigned long long)(millionths % 1000000));

	json_raw(out, name, (struct text){ number, (size_t)length });
}

/* What was compared to hold out or not, in figures and in words; null where nothing is. */
static void write_comparison(struct json_out *out, struct link *link,
                             const struct call_record *call)
{
	struct hold_view hold;
	char text[512];

	if (!core_get_hold(core_of(link), call->id, &hold)) {
		json_null(out, "comparison");
		return;
	}
	if (hold.worth_it || hold.index > 0)
		snprintf(text, sizeof(text),
		         "%s comes free with a chance of %.2f %% per second of waiting. With %u "
		         "ahead and %.0f s for a reunion a second is worth %.2f s, and costs "
		         "%.2f s: %s.",
		         directory_agent_name(directory_of(link), call->known[0].agent),
		         (double)hold.index / 1e4, hold.ahead, (double)hold.value / 1e6,
		         (double)hold.worth / 1e6, (double)hold.price / 1e6,
		         hold.worth_it ? "worth it" : "not worth it");
	else
		snprintf(text, sizeof(text), "Not compared: %s.", sticky_why_name(hold.why));
	json_object(out, "comparison");
	json_bool(out, "worth_it", hold.worth_it);
	json_text(out, "why", sticky_why_name(hold.why));
	json_instant(out, "until", hold.until);
	write_share(out, "chance_per_s", hold.index);
	write_share(out, "worth_s_per_s", hold.worth);
	write_share(out, "price_s_per_s", hold.price);
	json_uint(out, "ahead", hold.ahead);
	json_ms(out, "value_ms", hold.value);
	json_text(out, "words", text);
	json_object_end(out);
}

/* One sentence for the person who asked. */
static void write_sentence(struct json_out *out, struct link *link, const struct call_record *call,
                           const unsigned counts[VERDICTS])
{
	const char *agent = directory_agent_name(directory_of(link), call->agent);
	const char *own = call->known_count == 0
	                          ? ""
	                          : directory_agent_name(directory_of(link), call->known[0].agent);
	unsigned members = 0;
	char text[512];

	for (int i = 0; i < VERDICTS; i++)
		if (i != VERDICT_NOT_MEMBER)
			members += counts[i];
	switch (call->state) {
	case CALL_FREE:
	case CALL_RECALLING:
		snprintf(text, sizeof(text), "We are asking who this caller is.");
		break;
	case CALL_OFFERED:
		snprintf(text, sizeof(text), "The telephone of %s rings.", agent);
		break;
	case CALL_TALKING:
	case CALL_HELD:
		snprintf(text, sizeof(text), "The caller is with %s.", agent);
		break;
	case CALL_WAITING:
		if (call->hold_until != 0 && own[0] != '\0' && !agent_id_set(call->target))
			snprintf(text, sizeof(text), "The caller waits for %s, their own agent.",
			         own);
		else if (members == 0)
			snprintf(text, sizeof(text), "Nobody is logged in for this queue.");
		else if (counts[VERDICT_COULD] > 0)
			snprintf(text, sizeof(text), "Others are ahead in the line.");
		else
			snprintf(text, sizeof(text), "Of %u agents nobody could take the call.",
			         members);
		break;
	}
	json_text(out, "explanation", text);
}

static void write_explanation(struct exchange *x, struct json_out *out,
                              const struct call_card *card, const struct call_record *call)
{
	const struct core *core = core_of(x->link);
	unsigned counts[VERDICTS] = { 0 };
	struct decision decision;
	struct queue_view queue;

	json_object(out, "result");
	write_call(out, "call", directory_of(x->link), card, call, CALL_LISTED,
	           reads_may_see_numbers(x));
	json_text(out, "call_id", card->facts.name);
	json_text(out, "queue", directory_queue_name(directory_of(x->link), call->queue));
	json_text(out, "state", call_state_name(call->state));
	if (core_get_decision(core, call->id, &decision))
		write_decision(out, "decision", directory_of(x->link), card->facts.name, NULL,
		               &decision);
	else
		json_null(out, "decision");
	write_known(out, x->link, call);
	write_excluded(out, x->link, call);
	if (core_get_queue(core, call->queue, &queue)) {
		write_limits(out, call, &queue);
		write_comparison(out, x->link, call);
		explain_rules(out, x->link, call, &queue);
	}
	write_agents(out, x->link, call->id, counts);
	write_counts(out, counts);
	write_sentence(out, x->link, call, counts);
	json_object_end(out);
}

bool show_explanation(struct exchange *x)
{
	struct call_report report;
	struct call_record call;
	struct call_card *card;
	struct json_out out;

	if (!translate_call(x->params, &report, &x->refusal) ||
	    !names_find_live(x, report.call_id, report.client, REACH_ALL, &card))
		return false;
	if (!core_get_call(core_of(x->link), card->id, &call))
		return refuse(&x->refusal, RPC_UNKNOWN_CALL, "unknown_call", "",
		              "its arrival is under way");
	answer_begin(&x->asker, &out);
	write_explanation(x, &out, card, &call);
	answer_end(&x->asker, &out);
	return true;
}
