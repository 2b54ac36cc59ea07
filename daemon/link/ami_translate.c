#include "ami_translate.h"

#include <stdio.h>

/* One row for each word, and for each event a function that takes what it needs. */

/* --- pieces --- */

static bool take_channel(const struct ami_message *message, const char *prefix,
                         struct ami_channel *ret)
{
	char key[48];

	snprintf(key, sizeof(key), "%sUniqueid", prefix);
	if (!ami_copy(message, key, ret->uniqueid, sizeof(ret->uniqueid)) ||
	    ret->uniqueid[0] == '\0') {
		ret->uniqueid[0] = '\0';
		return false;
	}
	snprintf(key, sizeof(key), "%sChannel", prefix);
	(void)!ami_copy(message, key, ret->name, sizeof(ret->name));
	snprintf(key, sizeof(key), "%sLinkedid", prefix);
	(void)!ami_copy(message, key, ret->linkedid, sizeof(ret->linkedid));
	snprintf(key, sizeof(key), "%sChannelState", prefix);
	(void)!ami_number(message, key, &ret->state);
	return true;
}

bool ami_device_state(struct text word, enum device_state *ret)
{
	static const struct {
		const char *word;
		enum device_state state;
	} rows[] = {
		{ "NOT_INUSE", DEVICE_REACHABLE }, { "INUSE", DEVICE_BUSY },
		{ "BUSY", DEVICE_BUSY },           { "ONHOLD", DEVICE_BUSY },
		{ "RINGINUSE", DEVICE_BUSY },      { "UNAVAILABLE", DEVICE_UNREACHABLE },
		{ "INVALID", DEVICE_UNREACHABLE }, { "RINGING", DEVICE_REACHABLE },
		{ "UNKNOWN", DEVICE_REACHABLE },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (text_is(word, rows[i].word)) {
			*ret = rows[i].state;
			return true;
		}
	return false;
}

static enum dial_result result_of(struct text word)
{
	static const struct {
		const char *word;
		enum dial_result result;
	} rows[] = {
		{ "ANSWER", DIAL_ANSWERED },    { "BUSY", DIAL_BUSY },
		{ "NOANSWER", DIAL_NO_ANSWER }, { "CANCEL", DIAL_CANCELLED },
		{ "CONGESTION", DIAL_FAILED },  { "CHANUNAVAIL", DIAL_FAILED },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (text_is(word, rows[i].word))
			return rows[i].result;
	return DIAL_OTHER;
}

/* Numbers of Q.850, as Asterisk makes them from what SIP and others say. */
enum cause {
	CAUSE_USER_BUSY = 17,
	CAUSE_NO_RESPONSE = 18,
	CAUSE_NO_ANSWER = 19,
	CAUSE_REJECTED = 21
};

static bool miss_of_cause(unsigned cause, enum miss_kind *ret)
{
	switch (cause) {
	case CAUSE_USER_BUSY:
		*ret = MISS_BUSY;
		return true;
	case CAUSE_NO_RESPONSE:
	case CAUSE_NO_ANSWER:
		*ret = MISS_NO_ANSWER;
		return true;
	case CAUSE_REJECTED:
		*ret = MISS_REJECTED;
		return true;
	default:
		return false;
	}
}

enum miss_kind ami_miss_of_dial(enum dial_result result, unsigned cause)
{
	enum miss_kind kind = MISS_UNREACHABLE;

	/* "No answer" is said of whoever did not, also of one who would not. */
	if (miss_of_cause(cause, &kind))
		return kind;
	return result == DIAL_NO_ANSWER ? MISS_NO_ANSWER
	       : result == DIAL_BUSY    ? MISS_BUSY
	                                : MISS_UNREACHABLE;
}

/* The numbers are those of control frames: 1 hung up, 3 rang, 5 busy, 8 congestion. */
enum miss_kind ami_miss_of_reason(unsigned reason, unsigned cause)
{
	enum miss_kind kind;

	if (miss_of_cause(cause, &kind))
		return kind;
	return reason == 3   ? MISS_NO_ANSWER
	       : reason == 5 ? MISS_BUSY
	       : reason == 1 ? MISS_REJECTED
	                     : MISS_UNREACHABLE;
}

/* --- events --- */

typedef bool event_fn(const struct ami_message *message, struct ami_fact *fact,
                      struct refusal *refusal);

static bool lacks(struct refusal *refusal, const char *field)
{
	return refuse(refusal, RPC_INVALID_PARAMS, "incomplete", field, "%s is missing or too long",
	              field);
}

static bool on_booted(const struct ami_message *message, struct ami_fact *fact,
                      struct refusal *refusal)
{
	(void)message;
	(void)refusal;
	fact->kind = AMI_BOOTED;
	return true;
}

static bool on_device(const struct ami_message *message, struct ami_fact *fact,
                      struct refusal *refusal)
{
	if (!ami_copy(message, "Device", fact->device, sizeof(fact->device)))
		return lacks(refusal, "Device");
	if (ami_device_state(ami_get(message, "State"), &fact->state))
		fact->kind = AMI_DEVICE;
	return true;
}

/* Whoever originates a call has no channel of their own in it. */
static bool on_dial(const struct ami_message *message, struct ami_fact *fact,
                    struct refusal *refusal)
{
	struct text result = ami_get(message, "DialStatus");

	(void)take_channel(message, "", &fact->channel);
	if (!take_channel(message, "Dest", &fact->other))
		return lacks(refusal, "DestUniqueid");
	fact->kind = result.start == NULL ? AMI_DIALLED : AMI_DIAL_ENDED;
	fact->rings = fact->kind == AMI_DIALLED && fact->other.state == CHANNEL_RINGING;
	fact->result = result.start == NULL ? DIAL_OTHER : result_of(result);
	return true;
}

static bool on_dial_state(const struct ami_message *message, struct ami_fact *fact,
                          struct refusal *refusal)
{
	if (!take_channel(message, "Dest", &fact->channel))
		return lacks(refusal, "DestUniqueid");
	if (ami_has(message, "DialStatus", "RINGING"))
		fact->kind = AMI_RINGING;
	return true;
}

static bool on_new_state(const struct ami_message *message, struct ami_fact *fact,
                         struct refusal *refusal)
{
	if (!take_channel(message, "", &fact->channel))
		return lacks(refusal, "Uniqueid");
	if (fact->channel.state == CHANNEL_RINGING)
		fact->kind = AMI_RINGING;
	return true;
}

/* Where people are parked or hear music they do not hear each other. */
static bool on_bridge(const struct ami_message *message, struct ami_fact *fact,
                      struct refusal *refusal)
{
	bool entered = ami_has(message, "Event", "BridgeEnter");
	bool aside = ami_has(message, "BridgeTechnology", "holding_bridge");

	if (aside && !entered)
		return true;
	if (!take_channel(message, "", &fact->channel))
		return lacks(refusal, "Uniqueid");
	if (aside) {
		fact->kind = AMI_PUT_ASIDE;
		return true;
	}
	if (!ami_copy(message, "BridgeUniqueid", fact->bridge, sizeof(fact->bridge)))
		return lacks(refusal, "BridgeUniqueid");
	fact->kind = entered ? AMI_BRIDGE_ENTERED : AMI_BRIDGE_LEFT;
	return true;
}

static bool on_hold(const struct ami_message *message, struct ami_fact *fact,
                    struct refusal *refusal)
{
	if (!take_channel(message, "", &fact->channel))
		return lacks(refusal, "Uniqueid");
	fact->kind = ami_has(message, "Event", "Hold") ? AMI_HELD : AMI_RETRIEVED;
	return true;
}

static bool on_hangup(const struct ami_message *message, struct ami_fact *fact,
                      struct refusal *refusal)
{
	if (!take_channel(message, "", &fact->channel))
		return lacks(refusal, "Uniqueid");
	(void)!ami_number(message, "Cause", &fact->cause);
	fact->soft = ami_has(message, "Event", "SoftHangupRequest");
	fact->kind = ami_has(message, "Event", "Hangup") ? AMI_HUNG_UP : AMI_HANGUP_ASKED;
	return true;
}

static bool on_blind_transfer(const struct ami_message *message, struct ami_fact *fact,
                              struct refusal *refusal)
{
	if (!ami_has(message, "Result", "Success"))
		return true;
	(void)take_channel(message, "Transferee", &fact->other);
	if (!take_channel(message, "Transferer", &fact->channel))
		return lacks(refusal, "TransfererUniqueid");
	(void)!ami_copy(message, "Extension", fact->extension, sizeof(fact->extension));
	fact->kind = AMI_SENT_ON;
	return true;
}

/* Which of the two was there first is not said: either may be our caller. Who has
 * called somebody and is not answered yet is in no bridge, but in an application: Dial. */
static bool on_attended_transfer(const struct ami_message *message, struct ami_fact *fact,
                                 struct refusal *refusal)
{
	bool first, second;

	(void)refusal;
	if (!ami_has(message, "Result", "Success"))
		return true;
	if (ami_has(message, "DestType", "App") &&
	    take_channel(message, "Transferee", &fact->channel) &&
	    take_channel(message, "SecondTransferer", &fact->other)) {
		fact->kind = AMI_PUT_IN_PLACE;
		return true;
	}
	first = take_channel(message, "Transferee", &fact->channel);
	second = take_channel(message, "TransferTarget", &fact->other);
	if (first || second)
		fact->kind = AMI_HANDED_OVER;
	return true;
}

static bool on_digit(const struct ami_message *message, struct ami_fact *fact,
                     struct refusal *refusal)
{
	struct text digit = ami_get(message, "Digit");

	if (!take_channel(message, "", &fact->channel))
		return lacks(refusal, "Uniqueid");
	if (digit.length == 1 && ami_has(message, "Direction", "Received")) {
		fact->digit = *digit.start;
		fact->kind = AMI_DIGIT;
	}
	return true;
}

static bool on_originated(const struct ami_message *message, struct ami_fact *fact,
                          struct refusal *refusal)
{
	(void)refusal;
	/* There may be none: "<null>". */
	if (!take_channel(message, "", &fact->channel) || fact->channel.uniqueid[0] == '<')
		fact->channel.uniqueid[0] = '\0';
	(void)!ami_number(message, "Reason", &fact->reason);
	fact->accepted = ami_has(message, "Response", "Success");
	fact->kind = AMI_CALLED;
	return true;
}

static bool on_channel(const struct ami_message *message, struct ami_fact *fact,
                       struct refusal *refusal)
{
	if (!take_channel(message, "", &fact->channel))
		return lacks(refusal, "Uniqueid");
	(void)!ami_copy(message, "BridgeId", fact->bridge, sizeof(fact->bridge));
	(void)!ami_copy(message, "Application", fact->application, sizeof(fact->application));
	fact->kind = AMI_CHANNEL;
	return true;
}

static bool on_list_done(const struct ami_message *message, struct ami_fact *fact,
                         struct refusal *refusal)
{
	(void)message;
	(void)refusal;
	fact->kind = AMI_LIST_DONE;
	return true;
}

/* --- what agents dial --- */

struct pen {
	char *bytes;
	size_t size;
};

/* A copy in the fact's own text; NULL when it was not said, or is empty. */
static bool take_word(const struct ami_message *message, const char *key, size_t length_max,
                      struct pen *pen, const char **ret, struct refusal *refusal)
{
	struct text value = ami_get(message, key);

	*ret = NULL;
	if (value.length == 0)
		return true;
	if (value.length > length_max || value.length >= pen->size || !text_is_utf8(value))
		return refuse(refusal, RPC_INVALID_PARAMS, "bad_value", key,
		              "%s is too long, or no UTF-8", key);
	memcpy(pen->bytes, value.start, value.length);
	pen->bytes[value.length] = '\0';
	*ret = pen->bytes;
	pen->bytes += value.length + 1;
	pen->size -= value.length + 1;
	return true;
}

/* "sales&support": commas end a header of UserEvent() already. */
static bool cut_queues(char *list, struct agent_words *words, struct refusal *refusal)
{
	char *rest = NULL;

	for (char *name = strtok_r(list, "&, ", &rest); name != NULL;
	     name = strtok_r(NULL, "&, ", &rest)) {
		if (words->queues_count == AGENT_QUEUES_MAX)
			return refuse(refusal, RPC_INVALID_PARAMS, "too_many", "Queues",
			              "more than %d queues", AGENT_QUEUES_MAX);
		words->queues[words->queues_count++] = name;
	}
	words->has_queues = words->queues_count > 0;
	return true;
}

static bool take_login(const struct ami_message *message, struct pen *pen,
                       struct agent_words *words, struct refusal *refusal)
{
	struct text state = ami_get(message, "State");
	const char *queues;
	char *list = pen->bytes;

	if (!take_word(message, "Queues", pen->size, pen, &queues, refusal) ||
	    (queues != NULL && !cut_queues(list, words, refusal)) ||
	    !take_word(message, "Target", TEXT_BYTES_MAX, pen, &words->target, refusal))
		return false;
	words->has_state = state.length > 0;
	words->ready = text_is(state, "ready");
	return !words->has_state || words->ready || text_is(state, "paused") ||
	       refuse(refusal, RPC_INVALID_PARAMS, "bad_value", "State", "wants ready or paused");
}

static bool on_user_event(const struct ami_message *message, struct ami_fact *fact,
                          struct refusal *refusal)
{
	static const char *const names[] = {
		[AGENT_ACT_LOGIN] = "NajimiLogin",
		[AGENT_ACT_LOGOUT] = "NajimiLogout",
		[AGENT_ACT_READY] = "NajimiReady",
		[AGENT_ACT_PAUSE] = "NajimiPause",
	};
	struct text name = ami_get(message, "UserEvent");
	struct pen pen = { fact->text, sizeof(fact->text) };
	struct agent_words *words = &fact->words;
	size_t act = 0;

	while (act < ARRAY_LEN(names) && !text_is(name, names[act]))
		act++;
	if (act == ARRAY_LEN(names))
		return true;
	fact->act = (enum agent_act)act;
	(void)take_channel(message, "", &fact->channel);
	if (!text_is_id(ami_get(message, "Agent"), ID_BYTES_MAX))
		return refuse(refusal, RPC_INVALID_PARAMS, "bad_value", "Agent",
		              "Agent names nobody");
	if (!take_word(message, "Agent", ID_BYTES_MAX, &pen, &words->agent, refusal) ||
	    !take_word(message, "Reason", TEXT_BYTES_MAX, &pen, &words->reason, refusal) ||
	    (fact->act == AGENT_ACT_LOGIN && !take_login(message, &pen, words, refusal)))
		return false;
	fact->kind = AMI_AGENT_DID;
	return true;
}

/* --- all of them --- */

static const struct {
	const char *name;
	event_fn *fn;
} events[] = {
	{ "DeviceStateChange", on_device },
	{ "Newstate", on_new_state },
	{ "DialBegin", on_dial },
	{ "DialState", on_dial_state },
	{ "DialEnd", on_dial },
	{ "BridgeEnter", on_bridge },
	{ "BridgeLeave", on_bridge },
	{ "Hold", on_hold },
	{ "Unhold", on_hold },
	{ "HangupRequest", on_hangup },
	{ "SoftHangupRequest", on_hangup },
	{ "Hangup", on_hangup },
	{ "BlindTransfer", on_blind_transfer },
	{ "AttendedTransfer", on_attended_transfer },
	{ "UserEvent", on_user_event },
	{ "DTMFEnd", on_digit },
	{ "OriginateResponse", on_originated },
	{ "FullyBooted", on_booted },
	{ "CoreShowChannel", on_channel },
	{ "CoreShowChannelsComplete", on_list_done },
	{ "DeviceStateListComplete", on_list_done },
};

static bool take_answer(const struct ami_message *message, struct ami_fact *fact)
{
	struct text answer = ami_get(message, "Response");

	fact->kind = AMI_ANSWER;
	fact->accepted = text_is(answer, "Success") || text_is(answer, "Goodbye");
	(void)!ami_copy(message, "Message", fact->message, sizeof(fact->message));
	(void)!ami_copy(message, "Challenge", fact->challenge, sizeof(fact->challenge));
	return true;
}

bool ami_translate(const struct ami_message *message, struct ami_fact *ret, struct refusal *refusal)
{
	struct text name = ami_get(message, "Event");

	memset(ret, 0, offsetof(struct ami_fact, text));
	(void)!ami_copy(message, "ActionID", ret->id, sizeof(ret->id));
	/* OriginateResponse is an event that has a member of that name. */
	if (name.start == NULL)
		return ami_get(message, "Response").start == NULL || take_answer(message, ret);
	for (size_t i = 0; i < ARRAY_LEN(events); i++)
		if (text_is(name, events[i].name))
			return events[i].fn(message, ret, refusal);
	return true;
}
