#include "agi_orders.h"

#include <assert.h>
#include <stdio.h>

#include "agi_tell.h"
#include "najimi/shell/log.h"

static struct link *link_of(const struct agi_conn *conn)
{
	return conn->agi->asterisk->link;
}

static void count(const struct agi_conn *conn, const char *action)
{
	meter_count(&link_of(conn)->needs.meters->agi_requests,
	            conn->kind == SCRIPT_AGENT ? "agent" : "route", action);
}

/* --- waiting for Redis --- */

static void put(struct agi_conn *conn, const struct agi_order *order)
{
	if (!gateway_put(link_of(conn), conn->agi->asterisk, conn->peer,
	                 (struct text){ (const char *)order, sizeof(*order) }))
		agi_conn_fail(conn, "outbox_full");
}

void agi_order_decision(struct agi_conn *conn, const struct decision *decision)
{
	struct agi_order order = { .kind = ORDER_DECISION,
		                   .call = conn->call_id,
		                   .decision = *decision };

	/* With these the call is over: nothing comes after them. */
	if (decision->kind == DECIDE_OVERFLOW || decision->kind == DECIDE_REJECT)
		conn->settled = true;
	put(conn, &order);
}

void agi_decided(struct agi *agi, struct asterisk_call *call, struct call_card *card,
                 const struct decision *decision)
{
	struct agi_conn *conn = agi_conn_find(agi, call->peer);

	(void)card;
	if (conn != NULL && !conn->settled)
		agi_order_decision(conn, decision);
}

void agi_tell_caller(struct agi *agi, struct asterisk_call *call, const struct decision *decision)
{
	struct agi_conn *conn = agi_conn_find(agi, call->peer);
	struct agi_order order = { .kind = ORDER_TELL, .call = call->id, .decision = *decision };

	if (conn != NULL && !conn->settled)
		put(conn, &order);
}

void agi_call_ended(struct agi *agi, struct asterisk_call *call)
{
	struct agi_conn *conn = agi_conn_find(agi, call->peer);
	struct agi_order order = { .kind = ORDER_END, .call = call->id };

	if (conn == NULL || conn->call != call)
		return;
	conn->call = NULL;
	if (!conn->settled)
		put(conn, &order);
	conn->settled = true;
}

void agi_replied(struct agi *agi, uint64_t peer, enum core_reply code)
{
	struct agi_conn *conn = agi_conn_find(agi, peer);
	struct agi_order order = { .kind = ORDER_RESULT, .code = code };

	if (conn != NULL)
		put(conn, &order);
}

void agi_send(struct agi *agi, uint64_t peer, struct text message)
{
	struct agi_conn *conn = agi_conn_find(agi, peer);
	struct agi_order order;

	if (conn == NULL || conn->closing)
		return;
	assert(message.length == sizeof(order));
	memcpy(&order, message.start, sizeof(order));
	agi_order_carry_out(conn, &order);
	agi_conn_continue(conn);
}

/* --- what the dialplan is told --- */

/* All variables in one command: each command is a round trip. NAJIMI_ACTION is the last, so
 * that nobody acts on half of them. */
struct leaving {
	struct agi_conn *conn;
	bool cut;
	char list[TALK_TEXT_SIZE];
};

static void add(struct leaving *leaving, const char *name, const char *value)
{
	leaving->cut |= !agi_mset_add(leaving->list, sizeof(leaving->list), name, value);
}

static void add_number(struct leaving *leaving, const char *name, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
	add(leaving, name, text);
}

static void leave(struct leaving *leaving)
{
	talk_leave(&leaving->conn->talk, leaving->cut ? "" : leaving->list);
	if (leaving->cut)
		agi_conn_fail(leaving->conn, "variables_too_long");
}

/* "" says nothing of why. */
static void leave_with(struct agi_conn *conn, const char *action, const char *why)
{
	struct leaving leaving = { .conn = conn };

	if (*why != '\0')
		add(&leaving, "NAJIMI_WHY", why);
	add(&leaving, "NAJIMI_ACTION", action);
	leave(&leaving);
}

/* Where the dialplan finds the one who leads. "" when that is not known: it may have been told
 * of another before. */
static void add_leader(struct leaving *leaving, const char *why)
{
	const char *at = link_of(leaving->conn)->needs.meters->leader_at.agi;
	char place[WHERE_BYTES_MAX + 8];

	if (strcmp(why, "not_leader") != 0)
		return;
	snprintf(place, sizeof(place), "%s%s", at[0] == '\0' ? "" : "agi://", at);
	add(leaving, "NAJIMI_LEADER", place);
}

void agi_order_fallback(struct agi_conn *conn, const char *why)
{
	struct leaving leaving = { .conn = conn };

	add_leader(&leaving, why);
	add(&leaving, "NAJIMI_WHY", why);
	add(&leaving, "NAJIMI_ACTION", "fallback");
	leave(&leaving);
}

void agi_order_over(struct agi_conn *conn, const char *action)
{
	count(conn, *action == 'g' ? "gone" : "hangup");
	leave_with(conn, action, "ended");
}

static void overflow(struct agi_conn *conn, const struct decision *decision)
{
	const char *to = directory_queue_overflow(directory_of(link_of(conn)), decision->queue);
	const char *why = decision_reason_name(decision->reason);
	struct leaving leaving = { .conn = conn };

	/* The core does not know whether there is a place to overflow to. */
	if (decision->kind == DECIDE_REJECT || *to == '\0') {
		count(conn, "hangup");
		leave_with(conn, "hangup", why);
		return;
	}
	count(conn, "overflow");
	add(&leaving, "NAJIMI_OVERFLOW", to);
	add(&leaving, "NAJIMI_WHY", why);
	add(&leaving, "NAJIMI_ACTION", "overflow");
	leave(&leaving);
}

static void end(struct agi_conn *conn)
{
	char digit[2] = { conn->digit, '\0' };
	struct leaving leaving = { .conn = conn };

	if (conn->ending == ENDING_AGAIN) {
		count(conn, "again");
		add(&leaving, "DIALSTATUS", ""); /* how the other one's last Dial went */
		add(&leaving, "NAJIMI_ACTION", "again");
		leave(&leaving);
		return;
	}
	if (conn->ending != ENDING_LEFT) {
		agi_order_over(conn, conn->ending == ENDING_GONE ? "gone" : "hangup");
		return;
	}
	count(conn, "leave");
	add(&leaving, "NAJIMI_DIGIT", digit);
	add(&leaving, "NAJIMI_ACTION", "leave");
	leave(&leaving);
}

/* --- connecting --- */

static unsigned ring_seconds(usec_t ring)
{
	return (unsigned)((ring + SEC(1) - 1) / SEC(1));
}

/* Whether Dial's options have this one; what stands in parentheses belongs to another. */
static bool has_option(const char *options, char letter)
{
	unsigned depth = 0;

	for (; *options != '\0'; options++) {
		if (*options == '(')
			depth++;
		else if (*options == ')' && depth > 0)
			depth--;
		else if (depth == 0 && *options == letter)
			return true;
	}
	return false;
}

/* What nobody else would tell us in time: the callee's channel says that it has answered. */
static void print_options(const struct agi_conn *conn, const struct queue_options *queue,
                          const struct decision *decision, char *ret, size_t size)
{
	const char *options = queue == NULL ? "" : queue->hold.dial_options;
	const struct call_card *card = directory_call(directory_of(link_of(conn)), conn->call_id);

	if (conn->server->watched || has_option(options, 'U') || card == NULL)
		snprintf(ret, size, "%s", options);
	else
		snprintf(ret, size, "%sU(najimi-answered^%s^%u)", options, card->facts.name,
		         decision->offer);
}

static void dial_by_dialplan(struct agi_conn *conn, const struct agent_card *agent,
                             const char *options, const struct decision *decision)
{
	const struct call_card *card = directory_call(directory_of(link_of(conn)), conn->call_id);
	struct leaving leaving = { .conn = conn };

	add(&leaving, "NAJIMI_TARGET", agent->target);
	add_number(&leaving, "NAJIMI_RING", ring_seconds(decision->ring));
	add(&leaving, "NAJIMI_OPTIONS", options);
	add(&leaving, "NAJIMI_CALL", card == NULL ? "" : card->facts.name);
	add(&leaving, "NAJIMI_AGENT", agent->name);
	add_number(&leaving, "NAJIMI_OFFER", decision->offer);
	add(&leaving, "NAJIMI_STICKY", sticky_result_name(decision->sticky));
	add(&leaving, "NAJIMI_WHY",
	    decision->why == WHY_NONE ? "" : sticky_why_name(decision->why));
	add(&leaving, "NAJIMI_ACTION", "dial");
	leave(&leaving);
}

/* With g the caller is still there when the agent hangs up: who it was is known. */
static void dial_by_us(struct agi_conn *conn, const struct agent_card *agent, const char *options,
                       const struct decision *decision)
{
	char text[TALK_TEXT_SIZE];
	int length = snprintf(text, sizeof(text), "%s,%u,%s%s", agent->target,
	                      ring_seconds(decision->ring), has_option(options, 'g') ? "" : "g",
	                      options);

	if (length < (int)sizeof(text))
		talk_dial(&conn->talk, text);
	else
		agi_conn_fail(conn, "variables_too_long");
}

/* Originate calls one telephone; Dial rings several at once. */
static bool can_be_called_first(const struct queue_options *queue, const struct agent_card *agent)
{
	return queue->hold.dial == DIAL_AGENT_FIRST && strchr(agent->target, '&') == NULL;
}

static void ring(struct agi_conn *conn, const struct decision *decision)
{
	const struct queue_options *queue = agi_conn_queue(conn);
	const struct agent_card *agent =
	        directory_agent(directory_of(link_of(conn)), decision->agent);
	struct ami_conn *ami = conn->server->ami;
	char options[512];

	if (agent == NULL || agent->target[0] == '\0') {
		log_limited(LOG_LEVEL_WARNING, "agi.no_target",
		            LOG_TEXT("agent", agent == NULL ? "" : agent->name));
		asterisk_call_failed(conn->call, decision->offer, MISS_UNREACHABLE);
		return;
	}
	count(conn, "connect");
	conn->call->dialled = decision->offer;
	print_options(conn, queue, decision, options, sizeof(options));
	if (queue == NULL || queue->hold.dial == DIAL_BY_DIALPLAN) {
		dial_by_dialplan(conn, agent, options, decision);
	} else if (can_be_called_first(queue, agent) && ami != NULL &&
	           ami_call_agent(ami, conn->call, agent->target, decision->offer,
	                          decision->ring)) {
		talk_hold(&conn->talk);
	} else {
		dial_by_us(conn, agent, options, decision);
	}
}

/* --- decisions --- */

/* While we dial, or the caller is joined with an agent, what follows waits for the end of that:
 * the agent's telephone is spared further ringing where there is a manager interface. */
static bool has_to_wait(struct agi_conn *conn, const struct agi_order *order)
{
	if (!talk_is_engaged(&conn->talk))
		return false;
	conn->later = *order;
	conn->has_later = true;
	return true;
}

static void decide(struct agi_conn *conn, const struct agi_order *order)
{
	const struct decision *decision = &order->decision;

	switch (decision->kind) {
	case DECIDE_OVERFLOW:
	case DECIDE_REJECT:
		overflow(conn, decision);
		break;
	case DECIDE_CONNECT:
		conn->queue = decision->queue;
		if (conn->call != NULL && conn->ending == ENDING_OTHER)
			ring(conn, decision);
		break;
	case DECIDE_QUEUE:
		conn->queue = decision->queue;
		if (conn->call == NULL || conn->ending != ENDING_OTHER)
			break;
		talk_hold(&conn->talk);
		break;
	}
}

/* An agent is free, and the caller is being told how long it will take: Asterisk hears of it when
 * that has been said, unless the manager interface ends it. */
static void hush(const struct agi_conn *conn)
{
	if (conn->talk.flight == FLIGHT_SOUND && conn->talk.state != TALK_HOLDING &&
	    conn->call != NULL && conn->server->ami != NULL)
		ami_hush(conn->server->ami, conn->call);
}

/* What Bridge knows of Dial's options, by the same letters. "x": the agent's channel, which has no
 * dialplan, ends with the talk. */
static void print_join(const char *channel, const char *options, char *ret, size_t size)
{
	static const char shared[] = "hHkKtTwW";
	int length = snprintf(ret, size, "%s,x", channel);

	for (const char *letter = shared; *letter != '\0'; letter++)
		if (length + 1 < (int)size && has_option(options, *letter)) {
			ret[length++] = *letter;
			ret[length] = '\0';
		}
}

bool agi_join(struct agi *agi, struct asterisk_call *call, const char *channel)
{
	struct agi_conn *conn = agi_conn_find(agi, call->peer);
	const struct queue_options *queue = conn == NULL ? NULL : agi_conn_queue(conn);
	char text[UNIQUEID_SIZE + 16];

	if (conn == NULL || conn->call != call || conn->ending != ENDING_OTHER)
		return false;
	if (conn->talk.state == TALK_JOINED)
		return true;
	if (conn->talk.state != TALK_HOLDING || conn->talk.hungup)
		return false;
	print_join(channel, queue == NULL ? "" : queue->hold.dial_options, text, sizeof(text));
	talk_join(&conn->talk, text);
	hush(conn);
	agi_conn_continue(conn);
	return true;
}

void agi_order_carry_out(struct agi_conn *conn, const struct agi_order *order)
{
	/* The dialplan has been told; whatever else was decided, it will be back. */
	if (conn->talk.hungup || conn->talk.state == TALK_LEAVING)
		return;
	switch (order->kind) {
	case ORDER_DECISION:
		if (has_to_wait(conn, order))
			break;
		decide(conn, order);
		hush(conn);
		break;
	case ORDER_TELL:
		if (conn->talk.state == TALK_HOLDING)
			agi_tell(conn, &order->decision);
		break;
	case ORDER_END:
		if (!has_to_wait(conn, order))
			end(conn);
		break;
	case ORDER_RESULT:
		agi_order_result(conn,
		                 order->code == REPLY_DONE ? "done" : core_reply_name(order->code));
		break;
	}
}

/* --- agents' codes --- */

static enum talk_sound voice_of(enum agent_act act)
{
	switch (act) {
	case AGENT_ACT_LOGIN:
		return SOUND_LOGGED_IN;
	case AGENT_ACT_LOGOUT:
		return SOUND_LOGGED_OUT;
	case AGENT_ACT_READY:
		return SOUND_READY;
	case AGENT_ACT_PAUSE:
		return SOUND_PAUSED;
	}
	return SOUND_REFUSED;
}

void agi_order_result(struct agi_conn *conn, const char *result)
{
	bool done = strcmp(result, "done") == 0;
	struct leaving leaving = { .conn = conn };

	count(conn, result);
	add_leader(&leaving, result);
	add(&leaving, "NAJIMI_RESULT", result);
	leave(&leaving);
	if (conn->confirm == CONFIRM_TONE)
		talk_say(&conn->talk, done ? SOUND_BEEP : SOUND_BEEP_ERROR, 0);
	else if (conn->confirm == CONFIRM_VOICE)
		talk_say(&conn->talk, done ? voice_of(conn->act) : SOUND_REFUSED, 0);
}
