#include <inttypes.h>
#include <stdio.h>

#include "ami_talks.h"
#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"

/* Agents who are called before the caller hears of it, and legs that ring for nobody. The channel
 * has a name of ours, which is the name of the action as well. */

#define GOING_DOWN "Asterisk is shutting down"

/* Until they are joined the agent waits in a holding bridge of their own, and hears nothing. Out
 * of a bridge Asterisk moves a channel as it is; out of an application it makes a new one, and
 * one time in some thousands lists the old one for ever (Asterisk 22.10: a channel that ends
 * while channel_do_masquerade() lists it again). */
#define ASIDE_APPLICATION "BridgeWait"
#define ASIDE_SECONDS 60

static void hang_up(struct ami_conn *conn, const char *uniqueid)
{
	struct ami_action action;

	ami_begin(&action, "Hangup", "hangup");
	ami_out_field(&action.out, "Channel", uniqueid);
	ami_out_field(&action.out, "Cause", "16");
	(void)!ami_say(conn, &action);
}

void ami_hang_up_leg(struct ami_conn *conn, struct asterisk_call *call)
{
	struct ami_leg *leg, *next;

	HASH_ITER(hh, conn->legs, leg, next)
	if (call_id_equal(leg->call, call->id) && leg->offer == call->dialled && !leg->hung_up)
		hang_up(conn, leg->uniqueid);
}

/* --- calling --- */

static void put_variable(struct ami_out *out, const char *name, const char *value)
{
	char line[TEXT_BYTES_MAX + 64];

	snprintf(line, sizeof(line), "%s=%s", name, value);
	ami_out_field(out, "Variable", line);
}

/* What the agent's telephone shows is the caller, unless that is withheld. */
static void put_caller(struct ami_out *out, const struct call_facts *facts)
{
	char line[TEXT_BYTES_MAX + 8];

	if (facts->restricted || facts->from[0] == '\0')
		return;
	snprintf(line, sizeof(line), "<%s>", facts->from);
	if (strpbrk(facts->from, "<>\"") == NULL)
		ami_out_field(out, "CallerID", line);
}

bool ami_call_agent(struct ami_conn *conn, struct asterisk_call *call, const char *target,
                    uint32_t offer, usec_t ring)
{
	struct directory *directory = directory_of(asterisk_of(conn)->link);
	const struct call_card *card = directory_call(directory, call->id);
	struct ami_channel channel = { .uniqueid = "" };
	char aside[UNIQUEID_SIZE + 32];
	struct ami_action action;
	struct ami_leg *leg;

	if (conn->stage != AMI_STAGE_UP || card == NULL)
		return false;
	/* Bridge takes the beginning of a name for the whole: none is that of another. */
	snprintf(channel.uniqueid, sizeof(channel.uniqueid), "najimi-%" PRIu64 "-%" PRIx64,
	         ++conn->sequence, clock_now());
	leg = ami_leg_know(conn, &channel);
	if (leg == NULL)
		return false;
	leg->call = call->id;
	leg->offer = offer;
	leg->originated = true;
	ami_begin(&action, "Originate", leg->uniqueid);
	ami_out_field(&action.out, "Channel", target);
	snprintf(aside, sizeof(aside), "%s,participant,e(s)S(%d)", leg->uniqueid, ASIDE_SECONDS);
	ami_out_field(&action.out, "Application", ASIDE_APPLICATION);
	ami_out_field(&action.out, "Data", aside);
	ami_out_number(&action.out, "Timeout", ring / MSEC(1));
	ami_out_field(&action.out, "ChannelId", leg->uniqueid);
	put_caller(&action.out, &card->facts);
	put_variable(&action.out, "NAJIMI_CALL", card->facts.name);
	ami_out_field(&action.out, "Async", "true");
	if (!ami_say(conn, &action)) {
		ami_leg_forget(conn, leg);
		return false;
	}
	snprintf(call->leg, sizeof(call->leg), "%s", leg->uniqueid);
	return true;
}

/* --- how it went --- */

static void fail(struct ami_conn *conn, struct ami_leg *leg, enum miss_kind kind)
{
	struct asterisk_call *call = asterisk_call_of(asterisk_of(conn), leg->call);

	if (call != NULL)
		asterisk_call_failed(call, leg->offer, kind);
}

/* Who answered and was not there any more when the caller was to be joined would not have them. */
enum miss_kind ami_originate_miss(const struct ami_leg *leg)
{
	return leg->failed ? ami_miss_of_reason(leg->reason, leg->cause) : MISS_REJECTED;
}

/* Whether the caller still waits for this agent. */
static bool is_wanted(struct ami_conn *conn, const struct ami_leg *leg)
{
	struct call_record record;

	return core_get_call(core_of(asterisk_of(conn)->link), leg->call, &record) &&
	       record.state == CALL_OFFERED && record.offer == leg->offer;
}

/* Should we be gone when the talk is over, the dialplan must not bring them as a new caller. */
void ami_originate_joined(struct ami_conn *conn, const struct asterisk_call *call)
{
	const struct call_card *card =
	        directory_call(directory_of(asterisk_of(conn)->link), call->id);
	struct ami_action action;

	if (card == NULL)
		return;
	ami_begin(&action, "Setvar", "setvar");
	ami_out_field(&action.out, "Channel", card->facts.name);
	ami_out_field(&action.out, "Variable", "NAJIMI_ACTION");
	ami_out_field(&action.out, "Value", "hangup");
	(void)!ami_say(conn, &action);
}

/* The agent has answered, and is where they can be joined from: the one is said by the response,
 * the other by the bridge, in either order. */
static void join(struct ami_conn *conn, struct ami_leg *leg)
{
	struct asterisk_call *call = asterisk_call_of(asterisk_of(conn), leg->call);

	if (!is_wanted(conn, leg) || call == NULL ||
	    (leg->aside && !agi_join(asterisk_of(conn)->agi, call, leg->uniqueid)))
		hang_up(conn, leg->uniqueid);
}

/* The channel's end says more than the response, and comes behind it; if there ever was a
 * channel, it has a name. */
static void not_reached(struct ami_conn *conn, struct ami_leg *leg, unsigned reason)
{
	leg->failed = true;
	leg->reason = reason;
	if (!leg->hung_up && leg->name[0] != '\0')
		return;
	fail(conn, leg, ami_originate_miss(leg));
	ami_leg_forget(conn, leg);
}

static void on_called(struct ami_conn *conn, const struct ami_fact *fact)
{
	struct ami_leg *leg = ami_leg_find(conn, fact->id);

	if (leg == NULL || !leg->originated || leg->responded)
		return;
	leg->responded = true;
	if (!fact->accepted) {
		not_reached(conn, leg, fact->reason);
	} else if (leg->hung_up) {
		fail(conn, leg, ami_originate_miss(leg));
		ami_leg_forget(conn, leg);
	} else {
		join(conn, leg);
	}
}

static void on_put_aside(struct ami_conn *conn, const struct ami_fact *fact)
{
	struct ami_leg *leg = ami_leg_find(conn, fact->channel.uniqueid);

	if (leg == NULL || !leg->originated || leg->aside)
		return;
	leg->aside = true;
	if (leg->responded && !leg->failed)
		join(conn, leg);
}

/* While nobody heard Asterisk, the agent has gone, or has answered and waits; or they ring still.
 */
static void settle(struct ami_conn *conn, struct ami_leg *leg)
{
	if (!leg->listed) {
		fail(conn, leg, MISS_NO_ANSWER);
		ami_leg_forget(conn, leg);
	} else if (!is_wanted(conn, leg)) {
		hang_up(conn, leg->uniqueid);
	} else if (leg->bridge != NULL) {
		leg->responded = leg->aside = true;
		join(conn, leg);
	}
}

bool ami_originate_settle(struct ami_conn *conn)
{
	struct ami_leg *leg, *next;

	HASH_ITER(hh, conn->legs, leg, next)
	{
		if (!leg->originated || leg->joined || leg->hung_up)
			continue;
		if (!asterisk_has_room(asterisk_of(conn)))
			return false;
		settle(conn, leg);
	}
	return true;
}

/* Asterisk would not even try. While it goes down that is no fault of the agent's, whose telephone
 * another server may reach. */
static void on_originate_refused(struct ami_conn *conn, struct ami_leg *leg, const char *message)
{
	struct asterisk_call *call = asterisk_call_of(asterisk_of(conn), leg->call);

	if (strcmp(message, GOING_DOWN) == 0) {
		log_limited(LOG_LEVEL_NOTICE, "asterisk.going_down",
		            LOG_TEXT("server", conn->server->name));
		if (call != NULL)
			asterisk_call_refused(call, leg->offer);
	} else {
		log_limited(LOG_LEVEL_WARNING, "asterisk.cannot_call",
		            LOG_TEXT("server", conn->server->name), LOG_TEXT("error", message),
		            LOG_TEXT("do", "the user's `write` in manager.conf needs originate and "
		                           "call"));
		fail(conn, leg, MISS_UNREACHABLE);
	}
	ami_leg_forget(conn, leg);
}

void ami_originate_fact(struct ami_conn *conn, const struct ami_fact *fact)
{
	struct ami_leg *leg = ami_leg_find(conn, fact->id);

	if (fact->kind == AMI_CALLED)
		on_called(conn, fact);
	else if (fact->kind == AMI_PUT_ASIDE)
		on_put_aside(conn, fact);
	else if (leg != NULL && !fact->accepted && leg->originated && !leg->responded)
		on_originate_refused(conn, leg, fact->message);
}
