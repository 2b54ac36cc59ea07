#include <stdio.h>

#include "daybook_private.h"

/* How much of agents' time the contacts of a group took: talk, hold and wrap-up, counted
 * once, when the wrap-up is over that followed. Until then the agent's card, which is kept
 * with the agent, says which contact waits for it: so it goes on over a restart. Whoever
 * passed a caller on wraps up while the call goes on; what is over before its end is
 * counted with it. */

static void count(struct daybook *daybook, queue_index queue, bool holdout, usec_t handling)
{
	unsigned group = holdout ? DAY_HOLDOUT_GROUP : DAY_STICKY_GROUP;

	day_queue_count(daybook, queue, group + GROUP_HANDLED, 1);
	day_queue_count(daybook, queue, group + GROUP_HANDLING, handling / MSEC(1));
	day_queue_count(daybook, queue, group + GROUP_HANDLING_SQUARES, day_squared(handling));
}

/* The one who talked last wraps up this call: from now on, or since they passed it on to
 * others whom it has not reached. */
static bool is_wrapping_up(const struct daybook *daybook, struct agent_id id, struct call_id call)
{
	const struct core *core = loop_core(daybook->loop);
	struct agent_record record;

	return agent_id_set(id) && id.slot < daybook->agents_max &&
	       call_id_equal(daybook->agents[id.slot].call, call) &&
	       core_get_agent(core, id, &record) && record.state == AGENT_WRAPUP;
}

void day_handling_ended(struct daybook *daybook, const struct call_card *card, const char *id,
                        const struct contact *contact, bool holdout)
{
	struct agent_card *agent = directory_agent(daybook->directory, contact->agent);
	usec_t spent = contact->talk + contact->hold + card->days.wrapup;

	if (agent == NULL || !is_wrapping_up(daybook, contact->agent, card->id)) {
		count(daybook, contact->first_queue, holdout, spent);
		return;
	}
	agent->wrapup = (struct wrapup_card){ .holdout = holdout,
		                              .queue = contact->first_queue,
		                              .spent = spent };
	snprintf(agent->wrapup.contact, sizeof(agent->wrapup.contact), "%s", id);
}

void day_wrapup_goes_on(struct day_agent *agent, const struct agent_record *record)
{
	agent->wrapup.from = record->since;
	agent->wrapup.until = record->until == 0 ? USEC_NEVER : record->until;
}

/* Of a daemon that was away for an hour no agent has wrapped up that long. */
static usec_t length_of(const struct day_agent *agent, usec_t now)
{
	usec_t until = now < agent->wrapup.until ? now : agent->wrapup.until;

	return until > agent->wrapup.from ? until - agent->wrapup.from : 0;
}

void day_wrapup_over(struct daybook *daybook, const struct day_agent *agent, struct agent_id id)
{
	struct agent_card *card = directory_agent(daybook->directory, id);
	struct call_card *call = directory_call(daybook->directory, agent->call);
	usec_t length = length_of(agent, core_now(loop_core(daybook->loop)));

	if (card == NULL)
		return;
	if (*card->wrapup.contact != '\0') {
		card->wrapup.spent += length;
		card->wrapup.over = true;
		count(daybook, card->wrapup.queue, card->wrapup.holdout, card->wrapup.spent);
	} else if (call != NULL) {
		call->days.wrapup += length;
		card->wrapup = (struct wrapup_card){ .over = true, .call = agent->call };
	}
}
