#include "agi_talk.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "najimi/base/number.h"

/* In one round trip. None has a blank. The channel may be another by now: Asterisk has put it in
 * place of the caller's, who was handed to somebody that rings. */
#define STATUS_EXPRESSION "${DIALSTATUS} ${HANGUPCAUSE} ${ANSWEREDTIME} ${UNIQUEID}"

/* Bridge says the same whoever has left. Of a caller who has, HANGUP comes before the answer. */
#define PARTED_EXPRESSION "${UNIQUEID}"

static const char *const files[] = {
	[SOUND_NEXT] = "queue-youarenext",
	[SOUND_THERE_ARE] = "queue-thereare",
	[SOUND_CALLERS] = "queue-callswaiting",
	[SOUND_HOLD_TIME] = "queue-holdtime",
	[SOUND_MINUTE] = "queue-minute",
	[SOUND_MINUTES] = "queue-minutes",
	[SOUND_BEEP] = "beep",
	[SOUND_BEEP_ERROR] = "beeperr",
	[SOUND_LOGGED_IN] = "agent-loginok",
	[SOUND_LOGGED_OUT] = "agent-loggedoff",
	[SOUND_READY] = "activated",
	[SOUND_PAUSED] = "de-activated",
	[SOUND_REFUSED] = "pbx-invalid",
};

void talk_init(struct talk *talk)
{
	memset(talk, 0, offsetof(struct talk, text));
	talk->text[0] = '\0';
}

/* --- what is wanted --- */

/* Whatever was still to be said is not said any more; a sound that runs ends first. */
static void want(struct talk *talk, enum talk_state state)
{
	talk->state = state;
	talk->sounds_count = talk->sounds_at = 0;
	talk->dialled = talk->told = talk->by_agent = false;
}

static void want_with(struct talk *talk, enum talk_state state, const char *text)
{
	assert(strlen(text) < sizeof(talk->text));
	want(talk, state);
	memcpy(talk->text, text, strlen(text) + 1);
}

void talk_ask(struct talk *talk)
{
	want(talk, TALK_ASKING);
}

/* Who waits already is not interrupted. */
void talk_hold(struct talk *talk)
{
	if (talk->state != TALK_HOLDING)
		want(talk, TALK_HOLDING);
}

void talk_dial(struct talk *talk, const char *text)
{
	want_with(talk, TALK_DIALLING, text);
}

void talk_join(struct talk *talk, const char *text)
{
	want_with(talk, TALK_JOINED, text);
}

void talk_leave(struct talk *talk, const char *text)
{
	want_with(talk, TALK_LEAVING, text);
	talk->told = *text == '\0';
}

void talk_say(struct talk *talk, enum talk_sound sound, uint32_t number)
{
	if (talk->sounds_count == TALK_SOUNDS_MAX)
		return;
	talk->sounds[talk->sounds_count].sound = (uint8_t)sound;
	talk->sounds[talk->sounds_count++].number = number;
}

bool talk_is_engaged(const struct talk *talk)
{
	return talk->state == TALK_DIALLING || talk->state == TALK_JOINED;
}

bool talk_is_saying(const struct talk *talk)
{
	return talk->sounds_at < talk->sounds_count || talk->flight == FLIGHT_SOUND;
}

/* --- what happens --- */

static enum talk_news hang_up(struct talk *talk)
{
	if (talk->hungup)
		return NEWS_NOTHING;
	talk->hungup = true;
	if (talk->state != TALK_JOINED || !talk->dialled)
		return NEWS_HUNGUP;
	talk->state = TALK_IDLE; /* this is the answer */
	return NEWS_PARTED;
}

static enum talk_news wrong(struct talk_report *ret, const char *reason)
{
	ret->reason = reason;
	return NEWS_WRONG;
}

/* The word at the beginning; *rest is moved behind it and the blank. */
static void take_word(struct text *rest, char *ret, size_t size)
{
	const char *blank = memchr(rest->start, ' ', rest->length);
	size_t length = blank == NULL ? rest->length : (size_t)(blank - rest->start);
	size_t kept = length < size ? length : size - 1;

	memcpy(ret, rest->start, kept);
	ret[kept] = '\0';
	length += blank == NULL ? 0 : 1;
	rest->start += length;
	rest->length -= length;
}

/* No status at all: whoever hung up did so before there was one. */
static enum talk_news take_status(struct talk *talk, const struct agi_reply *reply,
                                  struct talk_report *ret)
{
	char status[24] = "", cause[8] = "", seconds[24] = "";
	struct text rest = reply->value;
	int64_t talked = 0;

	if (rest.start != NULL) {
		take_word(&rest, status, sizeof(status));
		take_word(&rest, cause, sizeof(cause));
		take_word(&rest, seconds, sizeof(seconds));
	}
	if (!agi_dial_read(status, cause, &ret->dial) || ret->dial.end == DIAL_NONE)
		ret->dial = (struct dial_report){ .end = talk->hungup ? DIAL_LEFT : DIAL_MISSED,
			                          .miss = MISS_UNREACHABLE };
	if (number_parse(seconds, &talked) < 0 || talked < 0)
		talked = 0;
	ret->seconds = (uint64_t)talked;
	ret->value = rest.start == NULL ? TEXT("") : rest;
	ret->by_agent = talk->by_agent && !talk->hungup;
	talk->state = TALK_IDLE;
	return NEWS_DIALLED;
}

/* A digit, or -1: that the channel is gone is said by HANGUP, but a sound that is not there
 * says so, too. */
static enum talk_news take_sound(struct talk *talk, const struct agi_reply *reply,
                                 struct talk_report *ret)
{
	if (reply->result < 0)
		talk->sounds_at = talk->sounds_count;
	if (reply->result <= 0 || reply->result > 0x7e || talk->state != TALK_HOLDING)
		return NEWS_NOTHING;
	ret->digit = (char)reply->result;
	want(talk, TALK_IDLE);
	return NEWS_DIGIT;
}

static enum talk_news take_success(struct talk *talk, enum talk_flight flight,
                                   const struct agi_reply *reply, struct talk_report *ret)
{
	switch (flight) {
	case FLIGHT_VARIABLES:
		ret->value = reply->value.start == NULL ? TEXT("") : reply->value;
		talk->state = TALK_IDLE;
		return NEWS_VARIABLES;
	case FLIGHT_SOUND:
		return take_sound(talk, reply, ret);
	case FLIGHT_DIAL:
		if (reply->result == -2)
			return wrong(ret, "no_dial");
		talk->dialled = true;
		talk->by_agent = reply->result == 0;
		break;
	case FLIGHT_STATUS:
		return take_status(talk, reply, ret);
	case FLIGHT_BRIDGE:
		if (reply->result == -2)
			return wrong(ret, "no_bridge");
		talk->dialled = true;
		break;
	case FLIGHT_PARTED:
		if (talk->state != TALK_JOINED)
			break;
		ret->by_agent = !talk->hungup;
		ret->value = reply->value.start == NULL ? TEXT("") : reply->value;
		talk->state = TALK_IDLE;
		return NEWS_PARTED;
	case FLIGHT_SET:
		if (reply->result == -2)
			return wrong(ret, "no_mset");
		talk->told = true;
		break;
	case FLIGHT_NONE:
	case FLIGHT_ANSWER:
	case FLIGHT_MUSIC:
		break; /* were it refused, the caller would wait all the same */
	}
	return NEWS_NOTHING;
}

enum talk_news talk_take(struct talk *talk, struct text line, struct talk_report *ret)
{
	enum talk_flight flight = talk->flight;
	struct agi_reply reply;

	*ret = (struct talk_report){ .value = TEXT("") };
	switch (agi_reply_take(&talk->replies, line, &reply)) {
	case AGI_NEWS_HANGUP:
		return hang_up(talk);
	case AGI_NEWS_NOTHING:
		return flight == FLIGHT_NONE ? wrong(ret, "unasked") : NEWS_NOTHING;
	case AGI_NEWS_WRONG:
		return wrong(ret, "bad_reply");
	case AGI_NEWS_REPLY:
		break;
	}
	if (flight == FLIGHT_NONE)
		return wrong(ret, "unasked");
	talk->flight = FLIGHT_NONE;
	if (reply.code == 511)
		return hang_up(talk);
	if (reply.code != 200)
		return wrong(ret, "command_refused");
	return take_success(talk, flight, &reply, ret);
}

/* --- what to say --- */

static enum talk_turn say(struct talk *talk, enum talk_flight flight)
{
	talk->flight = flight;
	return TALK_SEND;
}

static enum talk_turn ask(struct talk *talk, struct agi_command *command, enum talk_flight flight,
                          const char *expression)
{
	agi_command_begin(command, "GET FULL VARIABLE");
	agi_command_add(command, expression);
	return say(talk, flight);
}

/* Asterisk waits for the caller's media up to half a second. That would lie between two who are to
 * be joined, when the agent is quick: there it is asked not to (those before 18 do not listen). */
static enum talk_turn answer(struct talk *talk, const struct queue_options *queue,
                             struct agi_command *command)
{
	talk->answered = true;
	if (queue != NULL && queue->hold.dial == DIAL_AGENT_FIRST) {
		agi_command_begin(command, "EXEC");
		agi_command_add(command, "Answer");
		agi_command_add(command, ",i");
	} else {
		agi_command_begin(command, "ANSWER");
	}
	return say(talk, FLIGHT_ANSWER);
}

static enum talk_turn music_off(struct talk *talk, struct agi_command *command)
{
	talk->music = false;
	agi_command_begin(command, "SET MUSIC OFF");
	return say(talk, FLIGHT_MUSIC);
}

static enum talk_turn execute(struct talk *talk, struct agi_command *command,
                              enum talk_flight flight, const char *application)
{
	agi_command_begin(command, "EXEC");
	agi_command_add(command, application);
	agi_command_add(command, talk->text);
	return say(talk, flight);
}

/* What is played ends the music. Digits that the caller leaves with end what is played. */
static enum talk_turn play(struct talk *talk, const struct queue_options *queue,
                           struct agi_command *command)
{
	const char *digits = queue == NULL || talk->state != TALK_HOLDING ? "" : queue->hold.leave;
	enum talk_sound sound = talk->sounds[talk->sounds_at].sound;
	char number[16];

	snprintf(number, sizeof(number), "%u", talk->sounds[talk->sounds_at].number);
	talk->sounds_at++;
	talk->music = false;
	agi_command_begin(command, sound == SOUND_NUMBER ? "SAY NUMBER" : "STREAM FILE");
	if (sound == SOUND_NUMBER)
		agi_command_add(command, number);
	else if (sound == SOUND_OWN)
		agi_command_add(command, queue == NULL ? "" : queue->hold.announcement);
	else
		agi_command_add(command, files[sound]);
	agi_command_add(command, digits);
	return say(talk, FLIGHT_SOUND);
}

static enum talk_turn hold_on(struct talk *talk, const struct queue_options *queue,
                              struct agi_command *command)
{
	if (queue == NULL)
		return TALK_WAIT;
	if (queue->hold.answer && !talk->answered)
		return answer(talk, queue, command);
	if (talk->sounds_at < talk->sounds_count)
		return play(talk, queue, command);
	if (queue->hold.music[0] == '\0' || talk->music)
		return TALK_WAIT;
	talk->music = true;
	agi_command_begin(command, "SET MUSIC ON");
	agi_command_add(command, queue->hold.music);
	return say(talk, FLIGHT_MUSIC);
}

static enum talk_turn dial(struct talk *talk, struct agi_command *command)
{
	if (talk->dialled)
		return ask(talk, command, FLIGHT_STATUS, STATUS_EXPRESSION);
	if (talk->music)
		return music_off(talk, command);
	return execute(talk, command, FLIGHT_DIAL, "Dial");
}

static enum talk_turn join(struct talk *talk, struct agi_command *command)
{
	if (talk->dialled)
		return ask(talk, command, FLIGHT_PARTED, PARTED_EXPRESSION);
	if (talk->music)
		return music_off(talk, command);
	return execute(talk, command, FLIGHT_BRIDGE, "Bridge");
}

/* The variables go first: they are what somebody waits for. */
static enum talk_turn leave(struct talk *talk, const struct queue_options *queue,
                            struct agi_command *command)
{
	if (!talk->told)
		return execute(talk, command, FLIGHT_SET, "MSet");
	if (talk->music)
		return music_off(talk, command);
	if (talk->sounds_at == talk->sounds_count)
		return TALK_CLOSE;
	return talk->answered ? play(talk, queue, command) : answer(talk, queue, command);
}

/* Asterisk waits for us to close once the channel is hung up: only how Dial or Bridge ended is
 * still worth a question then. */
static bool is_over(const struct talk *talk)
{
	return talk->hungup &&
	       (!talk_is_engaged(talk) || (talk->flight == FLIGHT_NONE && !talk->dialled));
}

enum talk_turn talk_next(struct talk *talk, const struct queue_options *queue,
                         struct agi_command *command)
{
	if (is_over(talk))
		return TALK_CLOSE;
	if (talk->flight != FLIGHT_NONE)
		return TALK_WAIT;
	switch (talk->state) {
	case TALK_IDLE:
		return TALK_WAIT;
	case TALK_ASKING:
		return ask(talk, command, FLIGHT_VARIABLES, agi_request_expression());
	case TALK_HOLDING:
		return hold_on(talk, queue, command);
	case TALK_DIALLING:
		return dial(talk, command);
	case TALK_JOINED:
		return join(talk, command);
	case TALK_LEAVING:
		return leave(talk, queue, command);
	}
	return TALK_WAIT;
}
