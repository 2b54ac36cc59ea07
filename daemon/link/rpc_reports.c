#include "rpc_reports.h"

#include "rpc_calls.h"
#include "rpc_decision.h"
#include "rpc_names.h"

/* A report that is answered when the core has it. `already` are the states in which
 * the same report was made before. */
static bool post(struct exchange *x, const struct call_card *card, struct core_event *ev,
                 uint32_t offer, unsigned already)
{
	struct pending *pending = pending_new(&x->asker, PENDING_DONE, &x->refusal);

	if (pending == NULL)
		return false;
	pending->call = card->id;
	pending->offer = offer;
	pending->already = already;
	ev->request = pending->number;
	calls_post(x->link, ev);
	return true;
}

bool report_ringing(struct exchange *x)
{
	struct core_event ev = { .type = EVT_CALL_RINGING };
	struct call_report report;
	struct call_card *card;

	if (!translate_offer_report(x->params, &report, &x->refusal) ||
	    !names_find_live(x, report.call_id, report.client, REACH_OWN, &card))
		return false;
	ev.call_ringing.call = card->id;
	ev.call_ringing.offer = report.offer;
	return post(x, card, &ev, report.offer, BIT(CALL_TALKING) | BIT(CALL_HELD));
}

bool report_answered(struct exchange *x)
{
	struct core_event ev = { .type = EVT_CALL_ANSWERED };
	struct call_report report;
	struct call_card *card;

	if (!translate_offer_report(x->params, &report, &x->refusal) ||
	    !names_find_live(x, report.call_id, report.client, REACH_OWN, &card))
		return false;
	ev.call_answered.call = card->id;
	ev.call_answered.offer = report.offer;
	return post(x, card, &ev, report.offer, BIT(CALL_TALKING) | BIT(CALL_HELD));
}

static bool report_hold(struct exchange *x, enum core_event_type type, enum call_state already)
{
	struct core_event ev = { .type = type };
	struct call_report report;
	struct call_card *card;

	if (!translate_call(x->params, &report, &x->refusal) ||
	    !names_find_live(x, report.call_id, report.client, REACH_OWN, &card))
		return false;
	ev.call_held.call = card->id; /* the same place as call_retrieved's */
	return post(x, card, &ev, 0, BIT(already));
}

bool report_held(struct exchange *x)
{
	return report_hold(x, EVT_CALL_HELD, CALL_HELD);
}

bool report_retrieved(struct exchange *x)
{
	return report_hold(x, EVT_CALL_RETRIEVED, CALL_TALKING);
}

bool report_failed(struct exchange *x)
{
	struct core_event ev = { .type = EVT_CALL_FAILED };
	struct call_report report;
	struct call_card *card;
	struct pending *pending;

	if (!translate_failed(x->params, &report, &x->refusal) ||
	    !names_find_live(x, report.call_id, report.client, REACH_OWN, &card))
		return false;
	pending = pending_new(&x->asker, PENDING_DECISION, &x->refusal);
	if (pending == NULL)
		return false;
	ev.call_failed.call = card->id;
	ev.call_failed.offer = report.offer;
	ev.call_failed.kind = report.miss;
	pending->offer = report.offer;
	pending->already = BIT(CALL_WAITING) | BIT(CALL_RECALLING);
	pending_hang(pending, card);
	ev.request = pending->number;
	calls_post(x->link, &ev);
	return true;
}

static bool answer_outcome(struct exchange *x, const struct finished_call *finished)
{
	struct json_out out;

	answer_begin(&x->asker, &out);
	json_object(&out, "result");
	write_outcome(&out, finished->contact, &finished->facts, directory_of(x->link));
	json_object_end(&out);
	answer_end(&x->asker, &out);
	return true;
}

bool report_ended(struct exchange *x)
{
	struct core_event ev = { .type = EVT_CALL_ENDED };
	struct call_report report;
	struct found_call found;
	struct pending *pending;

	if (!translate_ended(x->params, &report, &x->refusal) ||
	    !names_find_call(x, report.call_id, report.client, REACH_OWN, &found))
		return false;
	if (found.card == NULL)
		return answer_outcome(x, found.finished);
	pending = pending_new(&x->asker, PENDING_OUTCOME, &x->refusal);
	if (pending == NULL)
		return false;
	ev.call_ended.call = found.card->id;
	ev.call_ended.by = report.by;
	pending_hang(pending, found.card);
	ev.request = pending->number;
	calls_post(x->link, &ev);
	return true;
}
