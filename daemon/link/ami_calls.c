#include <stdio.h>

#include "ami_state.h"
#include "ami_talks.h"
#include "najimi/shell/log.h"

/* What happens to channels becomes what happens to callers. */

/* How long a caller whom an agent has left may take to be with somebody again: alone in the
 * dialplan, sent to an extension, or handed to somebody who has not answered yet. */
#define LEFT_ALONE MSEC(500)
#define SENT_ON SEC(2)
#define HALF_HANDED SEC(2)

static struct asterisk_call *caller_of(struct ami_conn *conn, const char *uniqueid)
{
	return uniqueid[0] == '\0' ? NULL : asterisk_call_find(conn->server, uniqueid);
}

static struct asterisk_call *call_of(struct ami_conn *conn, const struct ami_leg *leg)
{
	return call_id_set(leg->call) ? asterisk_call_of(asterisk_of(conn), leg->call) : NULL;
}

static bool get(const struct ami_conn *conn, const struct asterisk_call *call,
                struct call_record *ret)
{
	return core_get_call(core_of(asterisk_of(conn)->link), call->id, ret);
}

static const char *uniqueid_of(const struct ami_conn *conn, const struct asterisk_call *call)
{
	const struct call_card *card =
	        directory_call(directory_of(asterisk_of(conn)->link), call->id);

	return card == NULL ? "" : card->facts.name;
}

static struct ami_leg *know(struct ami_conn *conn, const char *uniqueid)
{
	struct ami_channel channel = { .uniqueid = "" };

	snprintf(channel.uniqueid, sizeof(channel.uniqueid), "%s", uniqueid);
	return ami_leg_know(conn, &channel);
}

/* Who wanted it first is remembered with the caller's channel. */
static void blame(struct ami_conn *conn, const struct asterisk_call *call, enum ended_by by)
{
	struct ami_leg *leg = know(conn, uniqueid_of(conn, call));

	if (leg == NULL || leg->asked)
		return;
	leg->asked = true;
	leg->first = by;
}

/* FastAGI is the faster: the dialplan may have brought them to us again before it is said here that
 * they were sent there, or that who talked with them is gone. */
static bool is_back(const struct asterisk_call *call)
{
	return call->peer != NO_PEER && call->dialled == 0;
}

/* --- dialling --- */

static void on_ringing(struct ami_conn *conn, const struct ami_fact *fact)
{
	struct ami_leg *leg = ami_leg_find(conn, fact->channel.uniqueid);
	struct asterisk_call *call = leg == NULL ? NULL : call_of(conn, leg);

	if (call != NULL)
		asterisk_call_ringing(call, leg->offer);
}

static void take_leg(struct ami_conn *conn, struct asterisk_call *call, struct ami_leg *leg,
                     uint32_t offer)
{
	leg->call = call->id;
	leg->offer = offer;
	snprintf(call->leg, sizeof(call->leg), "%s", leg->uniqueid);
	(void)conn;
}

/* Who talks is being sent to another agent by the dialplan. One who cannot take the call now is
 * not asked to: should they answer nevertheless, they have it. */
static uint32_t sent_to(struct ami_conn *conn, struct asterisk_call *call,
                        const struct call_record *record, struct agent_id agent)
{
	struct agent_record other;

	asterisk_call_kept(call);
	if (!core_get_agent(core_of(asterisk_of(conn)->link), agent, &other) ||
	    other.state != AGENT_READY || other.device == DEVICE_BUSY)
		return record->offer;
	asterisk_call_transferred(call, agent, QUEUE_NONE, false);
	return record->offer + 1;
}

/* An agent is called by somebody of whom we know nothing: another agent, who may put a caller of
 * ours in their place. */
static void call_privately(struct ami_conn *conn, const struct ami_fact *fact)
{
	struct ami_leg *leg =
	        fact->channel.uniqueid[0] == '\0' ? NULL : ami_leg_know(conn, &fact->other);

	if (leg != NULL)
		snprintf(leg->by, sizeof(leg->by), "%s", fact->channel.uniqueid);
}

static void on_dialled(struct ami_conn *conn, const struct ami_fact *fact)
{
	struct asterisk_call *call = caller_of(conn, fact->channel.uniqueid);
	struct agent_id agent = asterisk_agent_of_channel(asterisk_of(conn), fact->other.name);
	struct call_record record;
	struct ami_leg *leg = ami_leg_find(conn, fact->other.uniqueid);
	uint32_t offer;

	if (leg != NULL && leg->originated)
		(void)ami_leg_know(conn, &fact->other); /* its name is known now */
	if (call == NULL && agent_id_set(agent)) {
		call_privately(conn, fact);
		return;
	}
	if (call == NULL || !get(conn, call, &record))
		return;
	offer = record.offer;
	if (record.state == CALL_OFFERED) {
		if (agent_id_set(agent) && !agent_id_equal(agent, record.agent))
			return; /* somebody else, of whom we know nothing */
	} else if ((record.state == CALL_TALKING || record.state == CALL_HELD) &&
	           agent_id_set(agent) && !agent_id_equal(agent, record.agent)) {
		offer = sent_to(conn, call, &record, agent);
	} else {
		return;
	}
	leg = ami_leg_know(conn, &fact->other);
	if (leg == NULL)
		return;
	take_leg(conn, call, leg, offer);
	if (fact->rings)
		asterisk_call_ringing(call, offer);
}

/* Another telephone of the same offer may still be ringing. */
static bool rings_elsewhere(struct ami_conn *conn, const struct ami_leg *gone)
{
	struct ami_leg *leg, *next;

	HASH_ITER(hh, conn->legs, leg, next)
	if (leg != gone && call_id_equal(leg->call, gone->call) && leg->offer == gone->offer &&
	    !leg->failed)
		return true;
	return false;
}

/* The channel of an offer that nobody answered is gone, and with it comes why. */
static void miss(struct ami_conn *conn, struct asterisk_call *call, const struct ami_leg *leg)
{
	enum miss_kind kind =
	        leg->failed ? ami_miss_of_dial(leg->result, leg->cause) : MISS_UNREACHABLE;

	if (leg->originated)
		kind = ami_originate_miss(leg);
	if (!rings_elsewhere(conn, leg))
		asterisk_call_failed(call, leg->offer, kind);
}

/* Whether its end is the end of the offer: one that is called by us and says nothing of itself
 * yet will. */
static bool ends_offer(const struct ami_leg *leg)
{
	return leg->originated ? leg->responded && !leg->joined : leg->failed;
}

static void on_dial_ended(struct ami_conn *conn, const struct ami_fact *fact)
{
	struct ami_leg *leg = ami_leg_find(conn, fact->other.uniqueid);
	struct asterisk_call *call = leg == NULL ? NULL : call_of(conn, leg);

	if (call == NULL || leg->originated || leg->failed)
		return; /* what came of an Originate is said by itself */
	switch (fact->result) {
	case DIAL_ANSWERED:
		snprintf(call->leg, sizeof(call->leg), "%s", leg->uniqueid);
		asterisk_call_answered(call, leg->offer);
		if (leg->asked) /* answered, and hung up before Asterisk had said so */
			blame(conn, call, BY_AGENT);
		break;
	case DIAL_NO_ANSWER:
	case DIAL_BUSY:
	case DIAL_FAILED:
		leg->failed = true;
		leg->result = fact->result;
		break;
	case DIAL_CANCELLED:
	case DIAL_OTHER:
		break;
	}
}

/* --- bridges --- */

/* With whom the caller talks: an agent's leg of ours before an agent, before anybody. */
static struct ami_leg *other_side(struct ami_conn *conn, const struct asterisk_call *call,
                                  const struct ami_leg *caller)
{
	struct ami_leg *leg, *best = NULL;
	unsigned looked = 0, worth, most = 0;

	TAILQ_FOREACH(leg, &caller->bridge->legs, in_bridge)
	{
		if (leg == caller || ++looked > 8)
			continue;
		worth = strcmp(leg->uniqueid, call->leg) == 0                                   ? 4
		        : call_id_equal(leg->call, call->id)                                    ? 3
		        : agent_id_set(asterisk_agent_of_channel(asterisk_of(conn), leg->name)) ? 2
		                                                                                : 1;
		if (worth > most) {
			best = leg;
			most = worth;
		}
	}
	return best;
}

/* The caller talks with somebody; with whom is what counts. */
void ami_calls_joined(struct ami_conn *conn, struct asterisk_call *call, struct ami_leg *caller)
{
	struct ami_leg *other = other_side(conn, call, caller);
	struct call_record record;
	struct agent_id agent;
	bool ours;

	if (other == NULL || !get(conn, call, &record))
		return;
	call->joined = true;
	caller->asked = false; /* whatever was wanted before, they are talking */
	agent = ami_talks_agent(conn, other);
	ours = call_id_equal(other->call, call->id) ||
	       (agent_id_set(agent) && agent_id_equal(agent, record.agent));
	switch (record.state) {
	case CALL_OFFERED:
		if (!ours) {
			asterisk_call_ended(call, BY_SYSTEM); /* somebody else has them */
			return;
		}
		take_leg(conn, call, other, record.offer);
		if (other->originated && !other->joined)
			ami_originate_joined(conn, call);
		other->joined = true;
		asterisk_call_kept(call);
		asterisk_call_answered(call, record.offer);
		break;
	case CALL_TALKING:
	case CALL_HELD:
		ami_talks_with(conn, call, other, &record, false);
		break;
	case CALL_RECALLING:
	case CALL_WAITING:
		/* An offer that was taken back is being hung up. */
		if (!call_id_equal(other->call, call->id))
			asterisk_call_ended(call, BY_SYSTEM);
		break;
	default:
		break;
	}
}

static void enter(struct ami_conn *conn, struct ami_leg *leg, const char *bridge)
{
	struct asterisk_call *call;
	struct ami_leg *member;
	unsigned callers = 0;

	ami_leg_enter(conn, leg, bridge);
	if (leg->bridge == NULL || leg->bridge->count < 2)
		return;
	call = caller_of(conn, leg->uniqueid);
	if (call != NULL) {
		ami_calls_joined(conn, call, leg);
		return;
	}
	TAILQ_FOREACH(member, &leg->bridge->legs, in_bridge)
	{
		call = member == leg ? NULL : caller_of(conn, member->uniqueid);
		if (call != NULL)
			ami_calls_joined(conn, call, member);
		if (call != NULL && ++callers == 2)
			return; /* a conference: nobody's own any more */
	}
}

static void on_entered(struct ami_conn *conn, const struct ami_fact *fact)
{
	struct ami_leg *leg = ami_leg_know(conn, &fact->channel);

	if (leg != NULL && leg->heir[0] != '\0')
		leg = know(conn, leg->heir);
	if (leg != NULL)
		enter(conn, leg, fact->bridge);
}

static void on_left(struct ami_conn *conn, const struct ami_fact *fact)
{
	struct ami_leg *leg = ami_leg_find(conn, fact->channel.uniqueid);
	struct asterisk_call *call = caller_of(conn, fact->channel.uniqueid);

	if (leg == NULL || leg->bridge == NULL || strcmp(leg->bridge->id, fact->bridge) != 0)
		return;
	ami_leg_leave(conn, leg);
	if (call != NULL)
		call->joined = false;
}

static void on_hold(struct ami_conn *conn, const struct ami_fact *fact)
{
	struct ami_leg *leg = ami_leg_find(conn, fact->channel.uniqueid);
	struct asterisk_call *call = leg == NULL ? NULL : call_of(conn, leg);

	if (call != NULL && strcmp(call->leg, leg->uniqueid) == 0)
		asterisk_call_held(call, fact->kind == AMI_HELD);
}

/* --- ends --- */

static enum ended_by blamed(struct ami_conn *conn, const char *uniqueid)
{
	const struct ami_leg *leg = ami_leg_find(conn, uniqueid);

	return leg != NULL && leg->asked ? leg->first : BY_CALLER;
}

/* Who talks with the caller, or talked with them until now. */
static bool has_them(const struct asterisk_call *call, const struct ami_leg *leg,
                     const struct call_record *record)
{
	return (record->state == CALL_TALKING || record->state == CALL_HELD) &&
	       strcmp(call->leg, leg->uniqueid) == 0;
}

/* What a channel asks for from its own side is as good as done: from now on there is nobody. What
 * Asterisk asks for may still be something else, and what it was is seen when it is done. */
static void on_hangup_asked(struct ami_conn *conn, const struct ami_fact *fact)
{
	struct asterisk_call *call = caller_of(conn, fact->channel.uniqueid);
	struct ami_leg *leg = ami_leg_find(conn, fact->channel.uniqueid);
	struct call_record record;

	if (leg != NULL && leg->originated)
		(void)ami_leg_know(conn,
		                   &fact->channel); /* who refuses at once is named here first */
	if (call != NULL) {
		blame(conn, call, fact->soft ? BY_SYSTEM : BY_CALLER);
		if (fact->soft)
			return;
		asterisk_call_ended(call, blamed(conn, fact->channel.uniqueid));
		return;
	}
	call = leg == NULL ? NULL : call_of(conn, leg);
	if (call == NULL || fact->soft || !get(conn, call, &record))
		return;
	leg->asked = true;
	if (has_them(call, leg, &record))
		blame(conn, call, BY_AGENT);
}

static bool has_company(struct ami_conn *conn, struct asterisk_call *call)
{
	struct ami_leg *caller = ami_leg_find(conn, uniqueid_of(conn, call));

	if (caller == NULL || caller->bridge == NULL || caller->bridge->count < 2)
		return false;
	ami_calls_joined(conn, call, caller);
	return true;
}

/* The agent's side is gone, the caller's is not: somebody else is there already, or comes, or
 * that was all. */
static void left_alone(struct ami_conn *conn, struct asterisk_call *call)
{
	if (is_back(call) || has_company(conn, call))
		return;
	call->leg[0] = '\0';
	blame(conn, call, BY_AGENT);
	asterisk_call_doubted(call, LEFT_ALONE, BY_AGENT);
}

static void leg_hung_up(struct ami_conn *conn, struct ami_leg *leg, unsigned cause)
{
	struct asterisk_call *call = call_of(conn, leg);
	struct call_record record;

	ami_leg_leave(conn, leg);
	leg->cause = cause;
	leg->hung_up = true;
	if (call != NULL && get(conn, call, &record)) {
		if (ends_offer(leg))
			miss(conn, call, leg);
		if (has_them(call, leg, &record))
			left_alone(conn, call);
	}
	if (!leg->originated || leg->responded)
		ami_leg_forget(conn, leg);
}

static void on_hung_up(struct ami_conn *conn, const struct ami_fact *fact)
{
	struct asterisk_call *call = caller_of(conn, fact->channel.uniqueid);
	struct ami_leg *leg = ami_leg_find(conn, fact->channel.uniqueid);

	if (call != NULL) {
		asterisk_call_ended(call, blamed(conn, fact->channel.uniqueid));
		if (leg != NULL)
			ami_leg_forget(conn, leg);
	} else if (leg != NULL) {
		leg_hung_up(conn, leg, fact->cause);
	}
}

/* --- transfers --- */

static void on_sent_on(struct ami_conn *conn, const struct ami_fact *fact)
{
	struct ami_leg *leg = ami_leg_find(conn, fact->channel.uniqueid);
	struct asterisk_call *call = fact->other.uniqueid[0] != '\0'
	                                     ? caller_of(conn, fact->other.uniqueid)
	                             : leg != NULL ? call_of(conn, leg)
	                                           : NULL;
	struct call_record record;

	if (call == NULL || is_back(call) || !get(conn, call, &record) ||
	    (record.state != CALL_TALKING && record.state != CALL_HELD))
		return;
	call->leg[0] = '\0';
	if (!ami_talks_send(conn, call, fact->extension))
		asterisk_call_doubted(call, SENT_ON, BY_AGENT);
}

static void handed_to(struct ami_conn *conn, struct asterisk_call *call,
                      const struct ami_channel *to)
{
	struct ami_leg *leg = to->uniqueid[0] == '\0' ? NULL : ami_leg_know(conn, to);
	struct call_record record;

	if (!get(conn, call, &record) || (leg == NULL && has_company(conn, call)))
		return;
	call->leg[0] = '\0';
	if (leg == NULL) {
		asterisk_call_doubted(call, HALF_HANDED, BY_AGENT);
		return;
	}
	if (record.state == CALL_TALKING || record.state == CALL_HELD)
		ami_talks_with(conn, call, leg, &record, true);
}

static void on_handed_over(struct ami_conn *conn, const struct ami_fact *fact)
{
	struct asterisk_call *first = caller_of(conn, fact->channel.uniqueid);
	struct asterisk_call *second = caller_of(conn, fact->other.uniqueid);

	if (first != NULL)
		handed_to(conn, first, &fact->other);
	if (second != NULL)
		handed_to(conn, second, &fact->channel);
}

static struct ami_leg *called_by(struct ami_conn *conn, const char *uniqueid)
{
	struct ami_leg *leg, *next;

	HASH_ITER(hh, conn->legs, leg, next)
	if (strcmp(leg->by, uniqueid) == 0)
		return leg;
	return NULL;
}

/* An agent has called another, and has gone before that one talked: the caller hears them ring, or
 * is in the bridge at once. Until then nobody else has them. */
static void on_put_in_place(struct ami_conn *conn, const struct ami_fact *fact)
{
	struct asterisk_call *call = caller_of(conn, fact->channel.uniqueid);
	struct ami_leg *caller = call == NULL ? NULL : ami_leg_know(conn, &fact->channel);
	struct ami_leg *place = call == NULL ? NULL : ami_leg_know(conn, &fact->other), *called;
	struct asterisk_call *question;
	struct call_record record;

	if (caller == NULL || place == NULL || !get(conn, call, &record) ||
	    (record.state != CALL_TALKING && record.state != CALL_HELD))
		return;
	snprintf(place->heir, sizeof(place->heir), "%s", caller->uniqueid);
	called = called_by(conn, place->uniqueid);
	call->leg[0] = '\0';
	question = caller_of(conn, place->uniqueid);
	if (question != NULL && question->peer != NO_PEER)
		agi_replaced(asterisk_of(conn)->agi, question); /* who asked in a queue has left */
	if (called != NULL) {
		take_leg(conn, call, called, record.offer);
		asterisk_call_kept(call);
	} else {
		asterisk_call_doubted(call, SENT_ON, BY_AGENT);
	}
	if (place->bridge != NULL)
		enter(conn, caller, place->bridge->id);
}

/* --- what people press --- */

/* Who is in no list and says no target is reached where they dialled. */
static void on_agent_did(struct ami_conn *conn, const struct ami_fact *fact)
{
	struct directory *directory = directory_of(asterisk_of(conn)->link);
	const struct agent_options *known = directory_agent_options(directory, fact->words.agent);
	const char *dash = strrchr(fact->channel.name, '-');
	struct agent_words words = fact->words;
	char device[CHANNEL_SIZE];
	struct refusal refusal = { 0 };

	if (!asterisk_of(conn)->ready)
		return; /* another daemon leads, and hears it too */
	if (fact->act == AGENT_ACT_LOGIN && words.target == NULL && dash != NULL &&
	    (known == NULL || known->target[0] == '\0')) {
		snprintf(device, sizeof(device), "%.*s", (int)(dash - fact->channel.name),
		         fact->channel.name);
		words.target = device;
	}
	if (!asterisk_agent_act(asterisk_of(conn), NO_PEER, fact->act, &words, &refusal))
		log_limited(LOG_LEVEL_NOTICE, "asterisk.agent_refused",
		            LOG_TEXT("server", conn->server->name), LOG_TEXT("agent", words.agent),
		            LOG_TEXT("reason", refusal.reason), LOG_TEXT("field", refusal.field),
		            LOG_TEXT("error", refusal.detail));
}

static void on_digit(struct ami_conn *conn, const struct ami_fact *fact)
{
	struct asterisk_call *call = caller_of(conn, fact->channel.uniqueid);

	if (call != NULL && call->peer != NO_PEER)
		agi_digit(asterisk_of(conn)->agi, call, fact->digit);
}

/* --- all of it --- */

void ami_calls_fact(struct ami_conn *conn, const struct ami_fact *fact)
{
	switch (fact->kind) {
	case AMI_RINGING:
		on_ringing(conn, fact);
		break;
	case AMI_DIALLED:
		on_dialled(conn, fact);
		break;
	case AMI_DIAL_ENDED:
		on_dial_ended(conn, fact);
		break;
	case AMI_BRIDGE_ENTERED:
		on_entered(conn, fact);
		break;
	case AMI_BRIDGE_LEFT:
		on_left(conn, fact);
		break;
	case AMI_HELD:
	case AMI_RETRIEVED:
		on_hold(conn, fact);
		break;
	case AMI_HANGUP_ASKED:
		on_hangup_asked(conn, fact);
		break;
	case AMI_HUNG_UP:
		on_hung_up(conn, fact);
		break;
	case AMI_SENT_ON:
		on_sent_on(conn, fact);
		break;
	case AMI_HANDED_OVER:
		on_handed_over(conn, fact);
		break;
	case AMI_PUT_IN_PLACE:
		on_put_in_place(conn, fact);
		break;
	case AMI_AGENT_DID:
		on_agent_did(conn, fact);
		break;
	case AMI_DIGIT:
		on_digit(conn, fact);
		break;
	case AMI_CALLED:
	case AMI_PUT_ASIDE:
	case AMI_ANSWER:
		ami_originate_fact(conn, fact);
		break;
	case AMI_NOTHING:
	case AMI_BOOTED:
	case AMI_DEVICE:
	case AMI_CHANNEL:
	case AMI_LIST_DONE:
		break;
	}
}
