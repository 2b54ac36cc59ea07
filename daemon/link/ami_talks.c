#include "ami_talks.h"

#include <stdio.h>

static const struct core *core_at(const struct ami_conn *conn)
{
	return core_of(asterisk_of(conn)->link);
}

/* --- with whom --- */

/* "Local/7@desks-00000003;1" and ";2" are one: what is said at one end is heard at the other. */
static struct ami_leg *other_half(struct ami_conn *conn, const struct ami_leg *half)
{
	size_t length = strlen(half->name);
	struct ami_leg *leg, *next;

	if (length < 2 || half->name[length - 2] != ';')
		return NULL;
	HASH_ITER(hh, conn->legs, leg, next)
	if (leg != half && strlen(leg->name) == length &&
	    memcmp(leg->name, half->name, length - 1) == 0)
		return leg;
	return NULL;
}

struct agent_id ami_talks_agent(struct ami_conn *conn, const struct ami_leg *leg)
{
	struct agent_id agent = asterisk_agent_of_channel(asterisk_of(conn), leg->name);
	const struct ami_leg *half = agent_id_set(agent) ? NULL : other_half(conn, leg), *member;

	if (half == NULL || half->bridge == NULL)
		return agent;
	TAILQ_FOREACH(member, &half->bridge->legs, in_bridge)
	if (member != half && !agent_id_set(agent))
		agent = asterisk_agent_of_channel(asterisk_of(conn), member->name);
	return agent;
}

/* The agent is in a call by which who had the caller has asked in a queue: from a telephone of
 * their own, or (by a feature code) from the far half of the channel that the caller has now. */
static bool is_question(struct ami_conn *conn, struct call_id id, const struct call_record *record,
                        const struct ami_leg *other)
{
	const struct asterisk_call *question = asterisk_call_of(asterisk_of(conn), id);
	const struct ami_leg *half = other_half(conn, other);
	const struct call_card *card = directory_call(directory_of(asterisk_of(conn)->link), id);

	if (question == NULL || question->server != conn->server || card == NULL)
		return false;
	return agent_id_equal(asterisk_agent_of_channel(asterisk_of(conn), question->channel),
	                      record->agent) ||
	       (half != NULL && strcmp(half->uniqueid, card->facts.name) == 0);
}

/* *ret_asked: the call that they are in, and which is over by this. */
static bool can_have(struct ami_conn *conn, struct agent_id agent, const struct call_record *record,
                     const struct ami_leg *other, struct call_id *ret_asked)
{
	struct agent_record theirs;

	*ret_asked = (struct call_id){ 0 };
	if (!agent_id_set(agent) || !core_get_agent(core_at(conn), agent, &theirs) ||
	    theirs.state == AGENT_LOGGED_OUT)
		return false;
	*ret_asked = theirs.call;
	return !call_id_set(theirs.call) ||
	       (theirs.state == AGENT_TALKING && is_question(conn, theirs.call, record, other));
}

/* Who is at a channel that we cannot name may have taken the place of the one that had them: of
 * a Local channel that is not needed any more. */
static bool is_replaced(struct ami_conn *conn, const struct asterisk_call *call)
{
	const struct ami_leg *before = ami_leg_find(conn, call->leg);

	return strcmp(call->leg, AMI_LEG_UNKNOWN) == 0 ||
	       (before != NULL && strncmp(before->name, "Local/", 6) == 0);
}

void ami_talks_with(struct ami_conn *conn, struct asterisk_call *call, struct ami_leg *other,
                    const struct call_record *record, bool handed)
{
	struct agent_id agent = ami_talks_agent(conn, other);
	struct call_id asked;
	bool same = agent_id_set(agent) ? agent_id_equal(agent, record->agent)
	                                : call_id_equal(other->call, call->id) ||
	                                          (!handed && is_replaced(conn, call));

	asterisk_call_kept(call);
	if (!same && !can_have(conn, agent, record, other, &asked)) {
		asterisk_call_ended(call, BY_AGENT);
		return;
	}
	other->call = call->id;
	other->offer = record->offer;
	snprintf(call->leg, sizeof(call->leg), "%s", other->uniqueid);
	if (!same)
		asterisk_call_handed_over(call, agent, asked);
}

/* --- where to --- */

/* "1002" of "PJSIP/1002", or the agent's own name. */
static bool is_dialled(const struct agent_card *card, const char *extension)
{
	const char *slash = strchr(card->target, '/');
	size_t length = slash == NULL ? 0 : strcspn(slash + 1, "&@/");

	return strcmp(card->name, extension) == 0 || (length > 0 && length == strlen(extension) &&
	                                              memcmp(slash + 1, extension, length) == 0);
}

static bool is_ready(const struct ami_conn *conn, struct agent_id agent)
{
	struct agent_record record;

	return core_get_agent(core_at(conn), agent, &record) && record.state == AGENT_READY &&
	       record.device != DEVICE_UNREACHABLE;
}

bool ami_talks_send(struct ami_conn *conn, struct asterisk_call *call, const char *extension)
{
	struct directory *directory = directory_of(asterisk_of(conn)->link);
	queue_index queue = directory_find_queue(directory, extension);
	struct agent_card *card = NULL;

	if (extension[0] == '\0')
		return false;
	if (queue != QUEUE_NONE) {
		asterisk_call_kept(call);
		asterisk_call_transferred(call, (struct agent_id){ 0 }, queue, false);
		return true;
	}
	while ((card = directory_next_agent(directory, card)) != NULL)
		if (is_dialled(card, extension) && is_ready(conn, card->id)) {
			asterisk_call_kept(call);
			asterisk_call_transferred(call, card->id, QUEUE_NONE, false);
			return true;
		}
	return false;
}
