#include "agi_calls.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "agi_orders.h"
#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"
#include "rpc_calls.h"

/* Who is gone is said by the manager interface, or by the h extension, within milliseconds. When
 * nobody has in this time, HANGUP meant it; or, for the manager interface would know, the caller
 * is alive and was sent elsewhere behind our back. */
#define HANGUP_DOUBT SEC(2)

/* Who does not lead may be about to: the lease of one that was killed has run out by then. Else
 * the dialplan tells the one who does. */
#define LEAD_MAX SEC(2)

static struct link *link_of(const struct agi_conn *conn)
{
	return conn->agi->asterisk->link;
}

static void count(const struct agi_conn *conn, const char *how)
{
	static const char *const scripts[] = { "route", "answered", "ended", "agent" };

	meter_count(&link_of(conn)->needs.meters->agi_requests, scripts[conn->kind], how);
}

bool agi_calls_can_begin(const struct agi_conn *conn)
{
	return asterisk_has_room(conn->agi->asterisk);
}

/* What was said at first is not needed any more. */
static void forget(struct agi_conn *conn)
{
	free(conn->asking);
	conn->asking = NULL;
	conn->until = 0;
}

/* --- refusing --- */

/* The dialplan goes on with what it does without us. */
static void turn_away(struct agi_conn *conn, const struct refusal *refusal)
{
	const struct agi_asking *asking = conn->asking;
	const char *queue = asking->request.call.queue;

	log_limited(LOG_LEVEL_NOTICE, "agi.refused", LOG_TEXT("reason", refusal->reason),
	            LOG_TEXT("argument", refusal->field), LOG_TEXT("detail", refusal->detail),
	            LOG_TEXT("queue", queue == NULL ? "" : queue),
	            LOG_TEXT("asterisk", conn->server->name),
	            LOG_TEXT("channel", asking->env.fields[AGI_CHANNEL]),
	            LOG_TEXT("context", asking->env.fields[AGI_CONTEXT]),
	            LOG_TEXT("extension", asking->env.fields[AGI_EXTENSION]));
	count(conn, refusal->reason);
	conn->settled = true;
	if (conn->kind == SCRIPT_AGENT)
		agi_order_result(conn, refusal->reason);
	else if (conn->kind == SCRIPT_ROUTE)
		agi_order_fallback(conn, refusal->reason);
	else
		talk_leave(&conn->talk, "");
	forget(conn);
}

static const char *why_not_ready(const struct agi_conn *conn)
{
	return link_of(conn)->needs.meters->standing_by ? "not_leader" : "not_ready";
}

/* --- callers come --- */

static bool get(const struct agi_conn *conn, struct call_record *ret)
{
	return core_get_call(core_of(link_of(conn)), conn->call_id, ret);
}

/* What the core says of the call now. While it asks the store who this is, a decision will
 * come by itself. */
static void present(struct agi_conn *conn)
{
	struct decision decision;

	if (core_get_decision(core_of(link_of(conn)), conn->call_id, &decision))
		agi_order_decision(conn, &decision);
}

static void hold(struct agi_conn *conn, struct asterisk_call *call)
{
	asterisk_call_taken(call, conn->peer);
	conn->call = call;
	conn->call_id = call->id;
}

/* An agent who talks with a caller asks in a queue whether somebody there would take them: that is
 * no customer who calls. */
static bool is_question(const struct agi_conn *conn)
{
	struct agent_id agent = asterisk_agent_of_channel(conn->agi->asterisk,
	                                                  conn->asking->env.fields[AGI_CHANNEL]);
	struct agent_record record;

	return agent_id_set(agent) && core_get_agent(core_of(link_of(conn)), agent, &record) &&
	       record.state == AGENT_TALKING;
}

static void arrive(struct agi_conn *conn)
{
	struct agi_asking *asking = conn->asking;
	struct refusal refusal = { 0 };
	struct asterisk_call *call;

	if (is_question(conn)) {
		asking->request.call.from = NULL;
		asking->request.call.has_presentation = true;
		asking->request.call.presentation = PRESENTATION_UNAVAILABLE;
	}
	call = asterisk_call_arrive(conn->server, &asking->request.call,
	                            asking->env.fields[AGI_CHANNEL], &refusal);
	if (call == NULL) {
		turn_away(conn, &refusal);
		return;
	}
	hold(conn, call);
	conn->queue = directory_find_queue(directory_of(link_of(conn)), asking->request.call.queue);
	forget(conn);
}

static bool wants_variables(const struct agi_conn *conn)
{
	const struct agi_request *request = &conn->asking->request;

	return request->has_variables ? request->variables
	                              : options_of(link_of(conn))->agi.variables;
}

/* --- callers come back --- */

/* Another connection had the caller: a channel has one dialplan, so that one is dead. */
static void displace(struct agi_conn *conn, struct asterisk_call *call)
{
	struct agi_conn *other = agi_conn_find(conn->agi, call->peer);

	if (other == NULL || other == conn)
		return;
	other->call = NULL;
	other->settled = true;
	count(other, "displaced");
	agi_conn_close(other, "displaced");
}

/* The dialplan brings somebody who talks, as far as we know: who talked with them has gone,
 * or sent them here. */
static void queue_again(struct asterisk_call *call, queue_index queue)
{
	asterisk_call_transferred(call, (struct agent_id){ 0 }, queue, false);
}

/* Somebody else had it in mind: the dialplan has chosen another queue meanwhile. */
static void change_queue(struct agi_conn *conn, queue_index queue)
{
	struct core_event ev = { .type = EVT_CALL_UPDATED };

	ev.call_updated.call = conn->call_id;
	ev.call_updated.has_queue = true;
	ev.call_updated.queue = queue;
	calls_post(link_of(conn), &ev);
}

/* While it waits to stop or to restart Asterisk makes no channels, which is no fault of its agents:
 * of any other reason it tells. Of a Local channel that leads nowhere it does not, either. */
static bool is_going_down(struct agi_conn *conn, const struct call_record *record)
{
	const struct agent_card *agent =
	        directory_agent(directory_of(link_of(conn)), record->agent);

	if (agent == NULL || strncmp(agent->target, "Local/", 6) == 0)
		return false;
	log_limited(LOG_LEVEL_NOTICE, "asterisk.going_down", LOG_TEXT("server", conn->server->name),
	            LOG_TEXT("agent", agent->name));
	return true;
}

static void missed(struct agi_conn *conn, const struct call_record *record, uint32_t offer,
                   const struct dial_report *dial)
{
	/* The core may have given the agent up before: then it has decided already. */
	if (record->state != CALL_OFFERED || (offer != 0 && offer != record->offer))
		present(conn);
	else if (dial->untried && is_going_down(conn, record))
		asterisk_call_refused(conn->call, record->offer);
	else
		asterisk_call_failed(conn->call, record->offer, dial->miss);
}

/* The dialplan says nothing of the Dial that it was told of, or we were about to join the caller
 * with the agent: where the manager interface is, it says how that ends. */
static void wait_for_news(struct agi_conn *conn, const struct call_record *record, uint32_t offer)
{
	static const struct dial_report silence = { .end = DIAL_MISSED, .miss = MISS_NO_ANSWER };

	if (!conn->server->watched) {
		missed(conn, record, offer, &silence);
		return;
	}
	conn->call->dialled = offer;
	talk_hold(&conn->talk);
}

static void come_back(struct agi_conn *conn, const struct agi_request *request)
{
	struct asterisk_call *call = conn->call;
	queue_index queue = directory_find_queue(directory_of(link_of(conn)), request->call.queue);
	uint32_t offer = call->dialled;
	struct call_record record;

	if (!get(conn, &record))
		return; /* it has just ended: the order is on its way */
	conn->queue = record.queue;
	call->dialled = 0;
	call->joined = false;
	if (request->dial.end == DIAL_TALKED) {
		/* Dial goes on in the dialplan when the one who was called hangs up. */
		asterisk_call_answered(call, offer);
		asterisk_call_ended(call, BY_AGENT);
	} else if (request->dial.end == DIAL_LEFT) {
		conn->ending = ENDING_GONE;
		asterisk_call_ended(call, BY_CALLER);
	} else if (record.state == CALL_TALKING || record.state == CALL_HELD) {
		queue_again(call, queue == QUEUE_NONE ? record.queue : queue);
	} else if (request->dial.end == DIAL_MISSED) {
		missed(conn, &record, offer, &request->dial);
	} else if (record.state == CALL_OFFERED && offer == record.offer) {
		wait_for_news(conn, &record, offer);
	} else if (record.state == CALL_WAITING && queue != QUEUE_NONE && queue != record.queue) {
		change_queue(conn, queue);
	} else {
		present(conn);
	}
}

static void take_back(struct agi_conn *conn, struct asterisk_call *call)
{
	asterisk_call_kept(call);
	displace(conn, call);
	hold(conn, call);
	snprintf(call->channel, sizeof(call->channel), "%s", conn->asking->env.fields[AGI_CHANNEL]);
	come_back(conn, &conn->asking->request);
	forget(conn);
}

/* --- what is asked for --- */

static void route(struct agi_conn *conn)
{
	const struct agi_request *request = &conn->asking->request;
	struct asterisk_call *call = asterisk_call_find(conn->server, request->call.call_id);

	if (call != NULL) {
		take_back(conn, call);
	} else if (request->dial.end == DIAL_TALKED || request->dial.end == DIAL_LEFT) {
		conn->settled = true;
		agi_order_over(conn, request->dial.end == DIAL_LEFT ? "gone" : "hangup");
		forget(conn);
	} else if (wants_variables(conn)) {
		talk_ask(&conn->talk);
	} else {
		arrive(conn);
	}
}

static void answered(struct agi_conn *conn)
{
	const struct agi_request *request = &conn->asking->request;
	struct asterisk_call *call = asterisk_call_find(conn->server, request->call_id);

	if (call != NULL)
		asterisk_call_answered(call, request->offer);
	count(conn, call != NULL ? "done" : "unknown_call");
	talk_leave(&conn->talk, "");
	forget(conn);
}

/* The manager interface knows who hung up, and says so a moment later. */
static void over(struct asterisk_call *call, enum ended_by by)
{
	if (call->server->watched)
		asterisk_call_doubted(call, HANGUP_DOUBT, by);
	else
		asterisk_call_ended(call, by);
}

/* Another channel has taken the caller's place in the dialplan, and the caller is elsewhere: the
 * manager interface knows where. */
static bool has_moved(const struct agi_conn *conn, const struct asterisk_call *call)
{
	const struct call_card *card = directory_call(directory_of(link_of(conn)), call->id);

	return call->server->watched && card != NULL &&
	       strcmp(card->facts.name, conn->asking->env.fields[AGI_UNIQUEID]) != 0;
}

static void ended(struct agi_conn *conn)
{
	const struct agi_request *request = &conn->asking->request;
	struct asterisk_call *call = asterisk_call_find(conn->server, request->call_id);

	if (call != NULL && request->dial.end == DIAL_TALKED)
		asterisk_call_answered(call, call->dialled);
	if (call != NULL && !has_moved(conn, call))
		over(call, BY_CALLER);
	count(conn, call != NULL ? "done" : "unknown_call");
	talk_leave(&conn->talk, "");
	forget(conn);
}

static void act(struct agi_conn *conn)
{
	const struct agi_request *request = &conn->asking->request;
	struct refusal refusal = { 0 };

	conn->act = request->act;
	conn->confirm = request->confirm;
	if (!asterisk_agent_act(conn->agi->asterisk, conn->peer, request->act, &request->agent,
	                        &refusal))
		turn_away(conn, &refusal);
	else
		forget(conn);
}

/* The end of a call, said while we are starting, is heard once we have. When another daemon leads
 * it is the other's to hear, and the caller's line is free only when we let go. */
static bool has_to_wait(struct agi_conn *conn)
{
	const struct meters *meters = link_of(conn)->needs.meters;
	usec_t until = clock_now() + LEAD_MAX;

	if (!meters->leader && conn->until > until)
		conn->until = until;
	conn->asking->waiting = !conn->agi->asterisk->ready && !meters->standing_by &&
	                        conn->kind != SCRIPT_ROUTE && conn->kind != SCRIPT_AGENT;
	return conn->asking->waiting;
}

void agi_calls_begin(struct agi_conn *conn)
{
	struct agi_request *request = &conn->asking->request;
	struct refusal refusal = { 0 };
	bool read = agi_request_read(&conn->asking->env, request, &refusal);

	conn->kind = request->kind;
	if (!read) {
		turn_away(conn, &refusal);
		return;
	}
	if (has_to_wait(conn))
		return;
	if (!conn->agi->asterisk->ready) {
		refuse(&refusal,
		       link_of(conn)->needs.meters->standing_by ? RPC_NOT_LEADER : RPC_NOT_READY,
		       why_not_ready(conn), "", "%s", "the daemon takes no calls now");
		turn_away(conn, &refusal);
		return;
	}
	switch (request->kind) {
	case SCRIPT_ROUTE:
		route(conn);
		break;
	case SCRIPT_ANSWERED:
		answered(conn);
		break;
	case SCRIPT_ENDED:
		ended(conn);
		break;
	case SCRIPT_AGENT:
		act(conn);
		break;
	}
}

void agi_calls_wait_no_longer(struct agi_conn *conn)
{
	count(conn, why_not_ready(conn));
	agi_conn_close(conn, "not_ready");
}

/* --- what happens --- */

static void take_variables(struct agi_conn *conn, struct text value)
{
	struct refusal refusal = { 0 };

	if (conn->talk.hungup)
		return;
	if (agi_request_variables(&conn->asking->request, value, &refusal))
		arrive(conn);
	else
		turn_away(conn, &refusal);
}

static void let_go(struct agi_conn *conn)
{
	struct asterisk_call *call = conn->call;

	conn->call = NULL;
	conn->settled = true;
	asterisk_call_let_go(call);
}

/* What came while the caller was with an agent. */
static void carry_out_later(struct agi_conn *conn)
{
	if (!conn->has_later)
		return;
	conn->has_later = false;
	agi_order_carry_out(conn, &conn->later);
}

/* The caller's channel is gone from us: hung up, or sent on. Of those who have talked the manager
 * interface knows what became of them. */
static void leave_talk(struct agi_conn *conn, const struct call_record *record)
{
	struct asterisk_call *call = conn->call;
	bool talking = record->state == CALL_TALKING || record->state == CALL_HELD;
	bool rung_for = agent_id_set(call->sent_to) && record->state == CALL_OFFERED &&
	                agent_id_equal(record->agent, call->sent_to);

	let_go(conn);
	if (!call->server->watched || !(call->joined || talking || rung_for))
		over(call, BY_CALLER);
}

/* What we hold is another channel, in place of the caller's, who has been handed over. */
static bool is_replaced(const struct agi_conn *conn, struct text uniqueid)
{
	const struct call_card *card = directory_call(directory_of(link_of(conn)), conn->call_id);

	return uniqueid.length > 0 && card != NULL && !text_is(uniqueid, card->facts.name);
}

static void leave_replaced(struct agi_conn *conn)
{
	struct asterisk_call *call = conn->call;

	let_go(conn);
	talk_leave(&conn->talk, "");
	if (!call->server->watched)
		asterisk_call_ended(call, BY_AGENT);
}

/* We have rung the agent ourselves, and it is over. Without the manager interface the talk is
 * known by the answered request; the least that is known is that there was one. */
static void take_dialled(struct agi_conn *conn, const struct talk_report *report)
{
	struct asterisk_call *call = conn->call;
	uint32_t offer = call == NULL ? 0 : call->dialled;
	struct call_record record;

	if (call == NULL || !get(conn, &record)) {
		carry_out_later(conn);
		return;
	}
	call->dialled = 0;
	if (report->dial.end == DIAL_TALKED)
		asterisk_call_answered(call, offer);
	if (is_replaced(conn, report->value)) {
		leave_replaced(conn);
	} else if (conn->talk.hungup || report->dial.end == DIAL_LEFT) {
		leave_talk(conn, &record);
	} else if (report->dial.end == DIAL_TALKED) {
		asterisk_call_ended(call, report->by_agent ? BY_AGENT : BY_CALLER);
	} else if (conn->has_later) {
		carry_out_later(conn);
	} else {
		missed(conn, &record, offer, &report->dial);
	}
}

/* The caller was joined with the agent who was called first, and is not any more. The manager
 * interface says whether the two have met, when the agent's channel is gone; without it, we take
 * it that they have. */
static void take_parted(struct agi_conn *conn, const struct talk_report *report)
{
	struct asterisk_call *call = conn->call;
	struct call_record record;
	uint32_t offer;

	if (call == NULL || !get(conn, &record)) {
		carry_out_later(conn);
		return;
	}
	offer = call->dialled;
	if (!call->server->watched)
		asterisk_call_answered(call, offer);
	if (is_replaced(conn, report->value)) {
		leave_replaced(conn);
	} else if (conn->talk.hungup) {
		leave_talk(conn, &record);
	} else if (!call->server->watched || record.state == CALL_TALKING ||
	           record.state == CALL_HELD) {
		call->dialled = 0;
		asterisk_call_ended(call, report->by_agent ? BY_AGENT : BY_CALLER);
	} else if (conn->has_later) {
		carry_out_later(conn);
	} else if (call->server->ami != NULL) {
		ami_hang_up_leg(call->server->ami, call);
	}
}

/* Moved elsewhere, or gone: in any case Asterisk waits for us to close. */
static void hung_up(struct agi_conn *conn)
{
	struct asterisk_call *call = conn->call;

	count(conn, "hung_up");
	let_go(conn);
	if (call->joined || conn->ending != ENDING_OTHER)
		return;
	asterisk_call_doubted(call, HANGUP_DOUBT, conn->server->watched ? BY_SYSTEM : BY_CALLER);
}

static void take_hangup(struct agi_conn *conn)
{
	/* When we dialled, how that ended says more. */
	if (conn->call != NULL &&
	    (!talk_is_engaged(&conn->talk) || conn->talk.flight == FLIGHT_NONE))
		hung_up(conn);
}

/* Whoever leaves has ended the call: the order to go comes when the core has heard. */
static void leave(struct agi_conn *conn, char digit)
{
	if (conn->call == NULL || conn->ending != ENDING_OTHER)
		return;
	conn->ending = ENDING_LEFT;
	conn->digit = digit;
	asterisk_call_ended(conn->call, BY_CALLER);
}

void agi_calls_hear(struct agi_conn *conn, enum talk_news news, const struct talk_report *report)
{
	switch (news) {
	case NEWS_VARIABLES:
		take_variables(conn, report->value);
		break;
	case NEWS_DIALLED:
		take_dialled(conn, report);
		break;
	case NEWS_PARTED:
		take_parted(conn, report);
		break;
	case NEWS_DIGIT:
		leave(conn, report->digit);
		break;
	case NEWS_HUNGUP:
		take_hangup(conn);
		break;
	case NEWS_NOTHING:
	case NEWS_WRONG:
		break;
	}
}

void agi_replaced(struct agi *agi, struct asterisk_call *call)
{
	struct agi_conn *conn = agi_conn_find(agi, call->peer);

	if (conn == NULL || conn->talk.state != TALK_HOLDING || conn->ending != ENDING_OTHER)
		return;
	conn->ending = ENDING_AGAIN;
	asterisk_call_ended(call, BY_SYSTEM);
}

void agi_digit(struct agi *agi, struct asterisk_call *call, char digit)
{
	struct agi_conn *conn = agi_conn_find(agi, call->peer);
	const struct queue_options *queue = conn == NULL ? NULL : agi_conn_queue(conn);

	if (queue != NULL && conn->talk.state == TALK_HOLDING && digit != '\0' &&
	    strchr(queue->hold.leave, digit) != NULL)
		leave(conn, digit);
}

/* --- ending --- */

void agi_calls_left(struct agi_conn *conn)
{
	struct asterisk_call *call = conn->call;
	bool told = conn->talk.state == TALK_LEAVING && conn->talk.told;

	if (call == NULL)
		return;
	if (conn->talk.hungup) {
		hung_up(conn);
		return;
	}
	let_go(conn);
	/* Told to dial, the dialplan has the caller; else we have failed, and they go on without
	 * us. */
	if (!told && !call->joined)
		asterisk_call_doubted(call, HANGUP_DOUBT, BY_SYSTEM);
}

void agi_calls_lost(struct agi_conn *conn)
{
	struct asterisk_call *call = conn->call;

	if (call == NULL)
		return;
	count(conn, "lost");
	let_go(conn);
	if (call->joined)
		return;
	log_limited(LOG_LEVEL_NOTICE, "agi.lost", LOG_TEXT("reason", conn->why),
	            LOG_TEXT("asterisk", conn->server->name), LOG_TEXT("channel", call->channel));
	asterisk_call_doubted(call, options_of(link_of(conn))->rpc.orphan_max, BY_LOSS);
}
