#include "order.h"

#include <assert.h>

#include "queue.h"

static struct core_action *order(struct core *core, enum core_action_type type)
{
	struct core_action *act;

	assert(core->out->count < CORE_ACTIONS_MAX);
	act = &core->out->items[core->out->count++];
	act->type = type;
	act->call = (struct call_id){ 0 };
	act->agent = (struct agent_id){ 0 };
	return act;
}

void order_recall(struct core *core, const struct call *call)
{
	order(core, ACT_RECALL)->call = call->r.id;
}

void order_cancel(struct core *core, const struct call *call, bool missed)
{
	struct core_action *act = order(core, ACT_CANCEL_OFFER);

	act->call = call->r.id;
	act->agent = call->r.agent;
	act->cancel_offer.offer = call->r.offer;
	act->cancel_offer.missed = missed;
}

void order_end(struct core *core, const struct call *call, const struct contact *contact)
{
	struct core_action *act = order(core, ACT_END_CALL);

	act->call = call->r.id;
	act->agent = contact->agent;
	act->end = *contact;
}

void order_decision(struct core *core, struct call *call)
{
	struct core_action *act = order(core, ACT_DECIDE);

	act->call = call->r.id;
	act->agent = call->r.agent;
	queue_decide(core, call, &act->decide);
	if (act->decide.kind == DECIDE_QUEUE)
		call->r.told_wait = act->decide.estimated_wait;
}

void order_telling(struct core *core, struct call *call)
{
	struct core_action *act = order(core, ACT_TELL_CALLER);

	act->call = call->r.id;
	queue_decide(core, call, &act->decide);
	assert(act->decide.kind == DECIDE_QUEUE);
	if (act->decide.estimated_wait == call->r.told_wait)
		return;
	call->r.told_wait = act->decide.estimated_wait;
	call_changed(core, call);
}

void order_dismissal(struct core *core, const struct call *call, enum decision_kind kind,
                     enum decision_reason reason)
{
	struct core_action *act = order(core, ACT_DECIDE);

	act->call = call->r.id;
	queue_describe(core, call, kind, &act->decide);
	act->decide.reason = reason;
}

void order_reply(struct core *core, enum core_reply code)
{
	struct core_action *act;

	if (core->request == 0)
		return;
	act = order(core, ACT_REPLY);
	act->reply.request = core->request;
	act->reply.code = code;
}

/* Each once. The list is short: looking through it costs less than a mark on every
 * call would, which lies in memory that is not at hand. */
static void note_change(struct core *core, bool is_call, uint32_t slot)
{
	for (size_t i = 0; i < core->changes_count; i++) {
		if (core->changes[i].slot == slot && core->changes[i].is_call == is_call)
			return;
	}
	assert(core->changes_count < ARRAY_LEN(core->changes));
	core->changes[core->changes_count++] = (struct change){ is_call, slot };
}

void call_changed(struct core *core, const struct call *call)
{
	note_change(core, true, call->r.id.slot);
}

void agent_changed(struct core *core, const struct agent *agent)
{
	note_change(core, false, agent->r.id.slot);
}

void order_changes(struct core *core)
{
	for (size_t i = 0; i < core->changes_count; i++) {
		uint32_t slot = core->changes[i].slot;

		if (core->changes[i].is_call) {
			const struct call *call = &core->calls[slot];

			/* Nobody was told of a call that is still being recalled, and one
			 * that ended is erased by ACT_END_CALL. */
			if (call->r.state != CALL_FREE && call->r.state != CALL_RECALLING)
				order(core, ACT_CHANGE_CALL)->call = call->r.id;
		} else {
			order(core, ACT_CHANGE_AGENT)->agent = core->agents[slot].r.id;
		}
	}
	core->changes_count = 0;
}
