#include <stdio.h>

#include "ami_state.h"
#include "ami_talks.h"

/* What Asterisk has is compared with what we know. Between the list and the end of comparing
 * events go on: they find what the list has brought. */

#define CALLS_PER_TURN 4096u
#define MAYBE_ALONE SEC(2) /* in our books they talk, but with nobody */

void ami_calls_begin(struct ami_conn *conn)
{
	ami_legs_forget(conn);
	conn->settled = 0;
}

void ami_calls_clear(struct ami_conn *conn)
{
	ami_legs_clear(conn);
}

/* An agent's channel that rings: whose it is tells the caller's number, which both have. */
static void find_offer(struct ami_conn *conn, const struct ami_channel *channel)
{
	struct asterisk_call *call = asterisk_call_find(conn->server, channel->linkedid);
	struct call_record record;
	struct agent_id agent;
	struct ami_leg *leg;

	if (call == NULL || !core_get_call(core_of(asterisk_of(conn)->link), call->id, &record) ||
	    record.state == CALL_WAITING)
		return;
	agent = asterisk_agent_of_channel(asterisk_of(conn), channel->name);
	if (!agent_id_set(agent) || !agent_id_equal(agent, record.agent))
		return;
	leg = ami_leg_know(conn, channel);
	if (leg == NULL)
		return;
	leg->call = call->id;
	leg->offer = record.offer;
	snprintf(call->leg, sizeof(call->leg), "%s", leg->uniqueid);
}

void ami_calls_list(struct ami_conn *conn, const struct ami_fact *fact)
{
	const struct ami_channel *channel = &fact->channel;
	struct call_card *card = directory_find_call(directory_of(asterisk_of(conn)->link),
	                                             conn->server->name, channel->uniqueid);
	struct ami_leg *leg;

	if (card != NULL)
		card->sync = conn->server->client->sync;
	else
		find_offer(conn, channel);
	leg = ami_leg_find(conn, channel->uniqueid);
	if (leg != NULL)
		leg->listed = true;
	if (fact->bridge[0] == '\0')
		return;
	leg = ami_leg_know(conn, channel);
	if (leg != NULL)
		ami_leg_enter(conn, leg, fact->bridge);
}

static void settle(struct ami_conn *conn, struct asterisk_call *call, const char *uniqueid)
{
	struct ami_leg *leg = ami_leg_find(conn, uniqueid);
	struct call_record record;

	if (!core_get_call(core_of(asterisk_of(conn)->link), call->id, &record))
		return;
	call->joined = false;
	if (call->leg[0] == '\0')
		snprintf(call->leg, sizeof(call->leg), AMI_LEG_UNKNOWN);
	if (leg != NULL && leg->bridge != NULL && leg->bridge->count > 1)
		ami_calls_joined(conn, call, leg);
	else if (record.state == CALL_TALKING || record.state == CALL_HELD)
		asterisk_call_doubted(call, MAYBE_ALONE, BY_AGENT);
}

bool ami_calls_settle(struct ami_conn *conn)
{
	struct link *link = asterisk_of(conn)->link;
	struct client *client = conn->server->client;
	struct call_id id;

	for (unsigned i = 0; i < CALLS_PER_TURN; i++) {
		const struct call_card *card;
		struct asterisk_call *call;

		if (!core_next_call(core_of(link), conn->settled, &id))
			return ami_originate_settle(conn);
		if (!asterisk_has_room(asterisk_of(conn)))
			return false;
		conn->settled = id.slot + 1;
		card = directory_call(directory_of(link), id);
		if (card == NULL || card->sync != client->sync ||
		    strcmp(card->facts.client, client->name) != 0)
			continue;
		call = asterisk_call_find(conn->server, card->facts.name);
		if (call != NULL)
			settle(conn, call, card->facts.name);
	}
	return false;
}
