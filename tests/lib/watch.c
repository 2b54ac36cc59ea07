#include "watch.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* More timers than this at one instant is a loop, not a busy moment. */
#define TIMERS_AT_ONCE_MAX 4096

void watch_begin(struct watch *watch, const struct core_limits *limits)
{
	*watch = (struct watch){ .limits = *limits };
}

/* REPLY_DONE when the request was not refused, whatever says so. */
static enum core_reply verdict_on(const struct core_actions *actions, uint64_t request)
{
	for (size_t i = 0; i < actions->count; i++)
		if (actions->items[i].type == ACT_REPLY &&
		    actions->items[i].reply.request == request)
			return actions->items[i].reply.code;
	return REPLY_DONE;
}

static struct call_id call_decided(const struct core_event *ev)
{
	switch (ev->type) {
	case EVT_CALL_ARRIVED:
		return ev->call_arrived.call;
	case EVT_CALL_UPDATED:
		return ev->call_updated.call;
	case EVT_CALL_FAILED:
		return ev->call_failed.call;
	case EVT_CALL_TRANSFERRED:
		return ev->call_transferred.call;
	default:
		return (struct call_id){ 0, 0 };
	}
}

static int check_replies(const struct core *core, const struct core_event *ev,
                         const struct core_actions *actions, struct err *err)
{
	struct call_id decided = call_decided(ev);
	struct call_record record;
	unsigned replies = 0, decisions = 0, others = 0;
	enum core_reply code = REPLY_DONE;

	for (size_t i = 0; i < actions->count; i++) {
		const struct core_action *act = &actions->items[i];

		if (act->type != ACT_REPLY) {
			others++;
			decisions += act->type == ACT_DECIDE && call_id_equal(act->call, decided);
			continue;
		}
		if (ev->request == 0 || act->reply.request != ev->request)
			return err_set(err, -EPROTO, "an answer to a request nobody made");
		code = act->reply.code;
		replies++;
	}
	if (ev->request == 0)
		return 0;
	if (replies > 1)
		return err_set(err, -EPROTO, "one request answered %u times", replies);
	if (code != REPLY_DONE && others > 0)
		return err_set(err, -EPROTO, "refused (%s), and yet %u orders",
		               core_reply_name(code), others);
	if (!call_id_set(decided) || code != REPLY_DONE)
		return replies == 1 ? 0 : err_set(err, -EPROTO, "a request without an answer");
	if (replies > 0)
		return err_set(err, -EPROTO, "'done' where a decision is the answer");
	if (decisions == 0 &&
	    (!core_get_call(core, decided, &record) || record.state != CALL_RECALLING))
		return err_set(err, -EPROTO, "neither refused nor decided");
	return 0;
}

static usec_t later(usec_t at, usec_t span)
{
	return span > USEC_NEVER - at ? USEC_NEVER : at + span;
}

static int slot_of(const struct watch *watch, struct call_id id, const char *what, struct err *err)
{
	if (id.slot >= WATCH_SLOTS || !watch->calls[id.slot].live ||
	    !call_id_equal(watch->calls[id.slot].id, id))
		return err_set(err, -EPROTO, "%s names a call that is not there", what);
	return (int)id.slot;
}

static bool is_taken(const struct watch *watch, struct agent_id agent, uint32_t but_slot)
{
	for (uint32_t i = 0; i < WATCH_SLOTS; i++)
		if (i != but_slot && watch->calls[i].live &&
		    (watch->calls[i].rings || watch->calls[i].talks) &&
		    agent_id_equal(watch->calls[i].agent, agent))
			return true;
	return false;
}

/* The plan of the queue that the call was in until now. */
static struct queue_plan plan_of(const struct watch *watch, const struct core *core, int slot)
{
	struct queue_view view = { .configured = false };

	(void)core_get_queue(core, watch->calls[slot].saved.queue, &view);
	return view.plan;
}

static void end_talk(struct watch *watch, const struct core *core, int slot)
{
	struct queue_plan plan = plan_of(watch, core, slot);

	account_end_talk(&watch->calls[slot].account, &plan);
}

static bool talks(const struct watch *watch, struct call_id call)
{
	return call_id_set(call) && call.slot < WATCH_SLOTS && watch->calls[call.slot].live &&
	       watch->calls[call.slot].talks && call_id_equal(watch->calls[call.slot].id, call);
}

/* The agent who is to take the caller is in the call that is said to be the question. */
static bool is_asked(const struct watch *watch, const struct core_event *ev)
{
	struct call_id asked = ev->call_transferred.asked;

	return ev->call_transferred.consult && talks(watch, asked) &&
	       agent_id_equal(watch->calls[asked.slot].agent, ev->call_transferred.to_agent);
}

static bool talks_with_another(const struct watch *watch, const struct core_event *ev)
{
	struct call_id call = ev->call_transferred.call;

	return talks(watch, call) &&
	       !agent_id_equal(watch->calls[call.slot].agent, ev->call_transferred.to_agent);
}

/* The question is over with the transfer. */
static void end_question(struct watch *watch, const struct core *core, const struct core_event *ev)
{
	struct call_id asked = ev->call_transferred.asked;

	if (!is_asked(watch, ev))
		return;
	end_talk(watch, core, (int)asked.slot);
	watch->calls[asked.slot].talks = false;
	watch->question = asked;
}

static int check_question(const struct watch *watch, const struct core *core,
                          const struct core_event *ev, const struct core_actions *actions,
                          struct err *err)
{
	struct agent_id agent = ev->call_transferred.to_agent;
	const struct agent_record *before;
	enum agent_pending pending;
	struct agent_record now;

	if (ev->type != EVT_CALL_TRANSFERRED || !ev->call_transferred.consult)
		return 0;
	if (verdict_on(actions, ev->request) != REPLY_DONE)
		return !is_asked(watch, ev) || !talks_with_another(watch, ev)
		               ? 0
		               : err_set(err, -EPROTO, "who was asked may not take the caller");
	if (call_id_set(watch->question) && watch->calls[watch->question.slot].live)
		return err_set(err, -EPROTO, "a question goes on whose agent has the caller");
	if (!core_get_agent(core, agent, &now) ||
	    !call_id_equal(now.call, ev->call_transferred.call))
		return err_set(err, -EPROTO, "an agent took a caller, and is not on that call");
	before = &watch->agents[agent.slot].saved;
	/* Back to the break after it. */
	pending = before->state == AGENT_PAUSED ? PENDING_PAUSE : before->pending;
	if (now.pending != pending || (pending == PENDING_PAUSE && now.brief != before->brief))
		return err_set(err, -EPROTO, "an agent took a caller, and their wish is forgotten");
	return 0;
}

/* What the event itself says of who rings and who talks, if it was accepted. */
static int take_event(struct watch *watch, const struct core *core, const struct core_event *ev,
                      struct err *err)
{
	int slot = 0;

	switch (ev->type) {
	case EVT_CALL_ARRIVED:
		slot = (int)ev->call_arrived.call.slot;
		if (watch->calls[slot].live)
			return err_set(err, -EPROTO, "a call arrived on another's slot");
		memset(&watch->calls[slot], 0, sizeof(watch->calls[slot]));
		watch->calls[slot].live = true;
		watch->calls[slot].id = ev->call_arrived.call;
		account_open(&watch->calls[slot].account, ev->call_arrived.arrived_at, ev->at);
		break;
	case EVT_CALL_RINGING:
		slot = slot_of(watch, ev->call_ringing.call, "an accepted ringing", err);
		if (slot >= 0 && (!watch->calls[slot].rings ||
		                  watch->calls[slot].offer != ev->call_ringing.offer))
			return err_set(err, -EPROTO, "ringing accepted, and nothing rings");
		if (slot >= 0 && ev->call_ringing.ring != 0)
			watch->calls[slot].rings_until = later(ev->at, ev->call_ringing.ring);
		break;
	case EVT_CALL_ANSWERED:
		slot = slot_of(watch, ev->call_answered.call, "an accepted answer", err);
		if (slot >= 0 && !watch->calls[slot].rings && !watch->calls[slot].talks)
			return err_set(err, -EPROTO, "an answer accepted, and nothing rang");
		if (slot < 0 || watch->calls[slot].talks)
			break; /* said twice */
		watch->calls[slot].rings = false;
		watch->calls[slot].talks = true;
		account_begin_talk(&watch->calls[slot].account, watch->calls[slot].agent, ev->at);
		break;
	case EVT_CALL_FAILED:
		slot = slot_of(watch, ev->call_failed.call, "an accepted failure", err);
		if (slot >= 0 && ev->call_failed.offer == watch->calls[slot].offer)
			watch->calls[slot].rings = false;
		break;
	case EVT_CALL_TRANSFERRED:
		slot = slot_of(watch, ev->call_transferred.call, "an accepted transfer", err);
		if (slot < 0)
			break;
		end_talk(watch, core, slot);
		end_question(watch, core, ev);
		watch->calls[slot].talks = ev->call_transferred.consult;
		watch->calls[slot].agent = ev->call_transferred.to_agent;
		if (ev->call_transferred.consult)
			account_begin_talk(&watch->calls[slot].account,
			                   ev->call_transferred.to_agent, ev->at);
		if (ev->call_transferred.consult &&
		    is_taken(watch, ev->call_transferred.to_agent, (uint32_t)slot))
			return err_set(err, -EPROTO, "handed over to an agent on another call");
		break;
	default:
		break;
	}
	return slot < 0 ? slot : 0;
}

static int take_offer(struct watch *watch, const struct core_event *ev,
                      const struct core_action *act, struct err *err)
{
	int slot = slot_of(watch, act->call, "an offer", err);

	if (slot < 0)
		return slot;
	if (watch->calls[slot].offer == act->decide.offer &&
	    agent_id_equal(watch->calls[slot].agent, act->decide.agent) &&
	    (watch->calls[slot].rings || watch->calls[slot].talks))
		return 0;             /* said again */
	if (watch->calls[slot].talks) /* a decision about a call that is in good hands */
		return agent_id_equal(watch->calls[slot].agent, act->decide.agent)
		               ? 0
		               : err_set(err, -EPROTO, "a caller who talks is offered to another");
	if (watch->calls[slot].rings)
		return err_set(err, -EPROTO, "one call offered to two agents");
	if (is_taken(watch, act->decide.agent, (uint32_t)slot))
		return err_set(err, -EPROTO, "one agent is offered two calls");
	if (act->decide.offer != watch->calls[slot].offer + 1)
		return err_set(err, -EPROTO, "offer %u follows offer %u", act->decide.offer,
		               watch->calls[slot].offer);
	watch->calls[slot].offer = act->decide.offer;
	watch->calls[slot].agent = act->decide.agent;
	watch->calls[slot].rings = true;
	watch->calls[slot].rings_until = later(ev->at, act->decide.ring);
	return 0;
}

static int take_cancel(struct watch *watch, const struct core_event *ev,
                       const struct core_action *act, struct err *err)
{
	int slot = slot_of(watch, act->call, "a withdrawal", err);

	if (slot < 0)
		return slot;
	if (!watch->calls[slot].rings || !agent_id_equal(watch->calls[slot].agent, act->agent) ||
	    watch->calls[slot].offer != act->cancel_offer.offer)
		return err_set(err, -EPROTO, "an offer withdrawn that was not made");
	if (act->cancel_offer.missed && ev->at < watch->calls[slot].rings_until)
		return err_set(err, -EPROTO, "an offer missed while the telephone rings");
	watch->calls[slot].rings = false;
	return 0;
}

static int take_end(struct watch *watch, const struct core *core, const struct core_event *ev,
                    const struct core_action *act, struct err *err)
{
	int slot = slot_of(watch, act->call, "an end", err);

	if (slot < 0)
		return slot;
	if (watch->calls[slot].rings)
		return err_set(err, -EPROTO, "a call ends while a telephone rings for it");
	if (watch->calls[slot].talks)
		end_talk(watch, core, slot);
	/* Who held out for the one who hands over, and leaves, may overflow. */
	if (ev->type == EVT_CALL_TRANSFERRED && ev->call_transferred.consult &&
	    act->end.outcome == OUTCOME_ANSWERED &&
	    (!call_id_equal(act->call, watch->question) || act->end.by != BY_SYSTEM))
		return err_set(err, -EPROTO, "a call ends with a transfer that is none of it");
	/* Resumed and dismissed at once: no record ever told of the first clock. */
	if (ev->type == EVT_CALLER_RECALLED &&
	    act->end.arrived_at == ev->caller_recalled.left_arrived_at)
		watch->calls[slot].account.arrived_at = act->end.arrived_at;
	watch->ended[act->end.first_queue][act->end.outcome]++;
	watch->calls[slot].live = false;
	return account_close(&watch->calls[slot].account, core, ev, act, err);
}

static int take_telling(struct watch *watch, const struct core *core, const struct core_event *ev,
                        const struct core_action *act, struct err *err)
{
	int slot = slot_of(watch, act->call, "an announcement", err);
	struct call_record record;
	struct decision decision;
	struct queue_plan plan;

	if (slot < 0)
		return slot;
	plan = plan_of(watch, core, slot);
	if (!core_get_call(core, act->call, &record) || record.state != CALL_WAITING ||
	    plan.tell_every == 0)
		return err_set(err, -EPROTO, "somebody is told who is not to be");
	if (watch->calls[slot].told_at != 0 &&
	    ev->at - watch->calls[slot].told_at < plan.tell_every)
		return err_set(err, -EPROTO, "somebody is told too often");
	if (!core_get_decision(core, act->call, &decision) ||
	    decision.position != act->decide.position ||
	    decision.estimated_wait != act->decide.estimated_wait)
		return err_set(err, -EPROTO, "somebody is told what is not so");
	if (act->decide.estimated_wait > watch->calls[slot].saved.told_wait)
		return err_set(err, -EPROTO, "somebody is told a longer wait than before");
	watch->calls[slot].told_at = ev->at;
	return 0;
}

/* Other plans, and other queues, begin to count anew. */
static void forget_tellings(struct watch *watch, const struct core_event *ev)
{
	for (uint32_t i = 0; i < WATCH_SLOTS; i++) {
		struct call_id id = watch->calls[i].id;

		if ((ev->type == EVT_QUEUE_CONFIGURED &&
		     ev->queue_configured.queue == watch->calls[i].saved.queue) ||
		    (ev->type == EVT_CALL_UPDATED && call_id_equal(ev->call_updated.call, id)) ||
		    (ev->type == EVT_CALL_TRANSFERRED &&
		     call_id_equal(ev->call_transferred.call, id)))
			watch->calls[i].told_at = 0;
	}
}

static int take_dismissal(struct watch *watch, const struct core_action *act, struct err *err)
{
	int slot = slot_of(watch, act->call, "a decision", err);

	if (slot < 0)
		return slot;
	watch->calls[slot].account.overflows = act->decide.kind == DECIDE_OVERFLOW;
	watch->calls[slot].account.rejected = act->decide.kind == DECIDE_REJECT;
	return 0;
}

static int take_actions(struct watch *watch, const struct core *core, const struct core_event *ev,
                        const struct core_actions *actions, struct err *err)
{
	int r = 0;

	for (size_t i = 0; i < actions->count && r == 0; i++) {
		const struct core_action *act = &actions->items[i];

		if (act->type == ACT_DECIDE && act->decide.kind == DECIDE_CONNECT)
			r = take_offer(watch, ev, act, err);
		else if (act->type == ACT_DECIDE)
			r = take_dismissal(watch, act, err);
		else if (act->type == ACT_TELL_CALLER)
			r = take_telling(watch, core, ev, act, err);
		else if (act->type == ACT_CANCEL_OFFER)
			r = take_cancel(watch, ev, act, err);
		else if (act->type == ACT_END_CALL)
			r = take_end(watch, core, ev, act, err);
	}
	return r;
}

static bool is_changed(const struct core_actions *actions, enum core_action_type type,
                       uint32_t slot)
{
	for (size_t i = 0; i < actions->count; i++) {
		const struct core_action *act = &actions->items[i];

		if (act->type == type &&
		    (type == ACT_CHANGE_CALL ? act->call.slot : act->agent.slot) == slot)
			return true;
	}
	return false;
}

static int check_saved_calls(struct watch *watch, const struct core *core,
                             const struct core_event *ev, const struct core_actions *actions,
                             struct err *err)
{
	struct call_record record;
	struct call_id id;
	const char *what;
	unsigned count = 0;

	for (uint32_t from = 0; core_next_call(core, from, &id); from = id.slot + 1) {
		int slot = slot_of(watch, id, "the core", err);

		if (slot < 0 || !core_get_call(core, id, &record))
			return err_set(err, -EPROTO, "the core lists a call it does not have");
		/* Nobody was told of a call while its caller is looked up. */
		if (!records_equal_call(&record, &watch->calls[slot].saved, &what) &&
		    ev->type != EVT_CALL_RESTORED && record.state != CALL_RECALLING &&
		    !is_changed(actions, ACT_CHANGE_CALL, id.slot))
			return err_set(err, -EPROTO, "the call on slot %d changed (%s) unsaved",
			               slot, what);
		if (watch->calls[slot].rings && record.ring_until != watch->calls[slot].rings_until)
			return err_set(err, -EPROTO, "the call on slot %d rings for another time",
			               slot);
		watch->calls[slot].saved = record;
		watch->calls[slot].account.arrived_at = record.arrived_at;
		count++;
	}
	for (uint32_t i = 0; i < WATCH_SLOTS; i++)
		count -= watch->calls[i].live;
	return count == 0 ? 0 : err_set(err, -EPROTO, "a call is lost without an end");
}

static int check_saved_agents(struct watch *watch, const struct core *core,
                              const struct core_event *ev, const struct core_actions *actions,
                              struct err *err)
{
	struct agent_record record;
	struct agent_id id;
	const char *what;

	for (uint32_t from = 0; core_next_agent(core, from, &id); from = id.slot + 1) {
		if (id.slot >= CAST_AGENTS_MAX || !core_get_agent(core, id, &record))
			return err_set(err, -EPROTO, "the core lists an agent it does not have");
		if (!records_equal_agent(&record, &watch->agents[id.slot].saved, &what) &&
		    ev->type != EVT_AGENT_RESTORED && ev->type != EVT_CALL_RESTORED &&
		    !is_changed(actions, ACT_CHANGE_AGENT, id.slot))
			return err_set(err, -EPROTO, "the agent on slot %u changed (%s) unsaved",
			               id.slot, what);
		watch->agents[id.slot].saved = record;
		watch->agents[id.slot].live = true;
	}
	return 0;
}

static int check_queue(const struct watch *watch, const struct core *core, queue_index queue,
                       struct err *err)
{
	const struct queue_stats *stats = core_queue_stats(core, queue);
	struct queue_view view;
	uint64_t live = 0, ended = 0;
	uint32_t states[CALL_STATES] = { 0 };

	if (stats == NULL || !core_get_queue(core, queue, &view))
		return 0;
	for (uint32_t i = 0; i < WATCH_SLOTS; i++) {
		if (!watch->calls[i].live)
			continue;
		live += watch->calls[i].saved.first_queue == queue;
		if (watch->calls[i].saved.queue == queue)
			states[watch->calls[i].saved.state]++;
	}
	for (int outcome = 0; outcome < CALL_OUTCOMES; outcome++) {
		ended += stats->outcomes[outcome];
		if (stats->outcomes[outcome] != watch->ended[queue][outcome])
			return err_set(err, -EPROTO,
			               "queue %u: %" PRIu64 " %s, counted as %" PRIu64, queue,
			               watch->ended[queue][outcome],
			               call_outcome_name((enum call_outcome)outcome),
			               stats->outcomes[outcome]);
	}
	if (stats->offered + watch->restored[queue] != ended + live)
		return err_set(err, -EPROTO,
		               "queue %u: %" PRIu64 " arrived, %" PRIu64 " ended, %" PRIu64 " live",
		               queue, stats->offered + watch->restored[queue], ended, live);
	if (view.recalling != states[CALL_RECALLING] || view.waiting != states[CALL_WAITING] ||
	    view.offered != states[CALL_OFFERED] || view.talking != states[CALL_TALKING] ||
	    view.held != states[CALL_HELD])
		return err_set(err, -EPROTO, "queue %u miscounts its callers", queue);
	return 0;
}

static int check_deadline(struct watch *watch, const struct core *core, const struct core_event *ev,
                          struct err *err)
{
	usec_t deadline = core_deadline(core);
	bool awaited = false;

	if (deadline < core_now(core))
		return err_set(err, -EPROTO, "a deadline in the past");
	if (ev->type == EVT_TIME_PASSED && ev->at == watch->last_deadline) {
		if (++watch->timers_fired > TIMERS_AT_ONCE_MAX)
			return err_set(err, -EPROTO, "time stands still");
	} else {
		watch->last_deadline = ev->at;
		watch->timers_fired = 0;
	}
	for (uint32_t i = 0; i < WATCH_SLOTS; i++)
		awaited |= watch->calls[i].live;
	for (uint32_t i = 0; i < CAST_AGENTS_MAX; i++)
		awaited |= watch->agents[i].live &&
		           (watch->agents[i].saved.until != 0 ||
		            watch->agents[i].saved.pending != PENDING_NOTHING);
	if (!awaited && deadline != USEC_NEVER && deadline > core_now(core))
		return err_set(err, -EPROTO, "a timer runs, and nobody waits for anything");
	return 0;
}

/* A restored call is one the watch did not see arrive. Where its record tells of an
 * agent who is not there any more, the core knows better. */
static void take_restored(struct watch *watch, const struct core *core, const struct core_event *ev)
{
	struct call_record record = ev->call_restored;
	uint32_t slot = record.id.slot;

	(void)core_get_call(core, record.id, &record);
	memset(&watch->calls[slot], 0, sizeof(watch->calls[slot]));
	watch->calls[slot].live = true;
	watch->calls[slot].id = record.id;
	watch->calls[slot].offer = record.offer;
	watch->calls[slot].agent = record.agent;
	watch->calls[slot].rings = record.state == CALL_OFFERED;
	watch->calls[slot].rings_until = record.ring_until;
	watch->calls[slot].talks = record.state == CALL_TALKING || record.state == CALL_HELD;
	account_restore(&watch->calls[slot].account, &record);
	watch->restored[record.first_queue]++;
}

int watch_step(struct watch *watch, const struct core *core, const struct core_event *ev,
               const struct core_actions *actions, struct err *err)
{
	int r = check_replies(core, ev, actions, err);

	for (uint32_t i = 0; i < WATCH_SLOTS; i++)
		if (watch->calls[i].live)
			account_pass(&watch->calls[i].account, watch->calls[i].saved.state, ev->at);
	if (ev->type == EVT_CALL_RESTORED)
		take_restored(watch, core, ev);
	forget_tellings(watch, ev);
	watch->question = (struct call_id){ 0 };
	miss_take(watch, ev, actions, verdict_on(actions, ev->request) != REPLY_DONE);
	if (r == 0 && verdict_on(actions, ev->request) == REPLY_DONE)
		r = take_event(watch, core, ev, err);
	if (r == 0)
		r = take_actions(watch, core, ev, actions, err);
	if (r == 0)
		r = check_question(watch, core, ev, actions, err);
	if (r == 0)
		r = miss_check(watch, core, ev, err);
	if (r == 0)
		r = check_saved_calls(watch, core, ev, actions, err);
	if (r == 0)
		r = check_saved_agents(watch, core, ev, actions, err);
	for (uint32_t queue = 0; r == 0 && queue < watch->limits.queues_max; queue++)
		r = check_queue(watch, core, (queue_index)queue, err);
	return r < 0 ? r : check_deadline(watch, core, ev, err);
}
