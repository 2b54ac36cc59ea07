#ifndef LINK_AGI_TALK_H
#define LINK_AGI_TALK_H

#include "agi_request.h"

/* The conversation with one Asterisk channel: what is wanted of it, one command at a time, for
 * Asterisk takes no second one before it has answered the first. Pure: lines and orders in,
 * commands and news out. HANGUP is news and answers nothing. */

enum talk_state {
	TALK_IDLE,     /* nothing is wanted: somebody else has to decide */
	TALK_ASKING,   /* for the channel's variables */
	TALK_HOLDING,  /* the caller waits: music, announcements */
	TALK_DIALLING, /* we ring the agent on the caller's channel; then ask how that ended */
	TALK_JOINED, /* with an agent who was called first; then ask whether the caller is there */
	TALK_LEAVING /* the dialplan is told what to do; then we close */
};

enum talk_flight {
	FLIGHT_NONE,
	FLIGHT_VARIABLES,
	FLIGHT_ANSWER,
	FLIGHT_MUSIC,
	FLIGHT_SOUND,
	FLIGHT_DIAL,
	FLIGHT_STATUS, /* how Dial ended */
	FLIGHT_BRIDGE,
	FLIGHT_PARTED, /* whether Bridge ended because the channel did */
	FLIGHT_SET
};

/* What can be said to a caller, or to an agent who dials a code: sounds that every Asterisk
 * has, the site's own, and numbers. */
enum talk_sound {
	SOUND_OWN, /* hold.announcement */
	SOUND_NUMBER,
	SOUND_NEXT,
	SOUND_THERE_ARE,
	SOUND_CALLERS,
	SOUND_HOLD_TIME,
	SOUND_MINUTE,
	SOUND_MINUTES,
	SOUND_BEEP,
	SOUND_BEEP_ERROR,
	SOUND_LOGGED_IN,
	SOUND_LOGGED_OUT,
	SOUND_READY,
	SOUND_PAUSED,
	SOUND_REFUSED
};

#define TALK_SOUNDS_MAX 8
#define TALK_TEXT_SIZE 1536

struct talk {
	enum talk_state state;
	enum talk_flight flight; /* the command that is not answered yet */
	struct agi_replies replies;
	bool answered, music, hungup;
	bool dialled;  /* DIALLING: Dial has come back; JOINED: Bridge has */
	bool told;     /* LEAVING: the variables are set */
	bool by_agent; /* DIALLING: the caller was still there when Dial came back */
	uint8_t sounds_count, sounds_at;
	struct {
		uint8_t sound; /* enum talk_sound */
		uint32_t number;
	} sounds[TALK_SOUNDS_MAX];
	char text[TALK_TEXT_SIZE]; /* of Dial, of Bridge, or of MSet */
};

enum talk_news {
	NEWS_NOTHING,
	NEWS_VARIABLES, /* `value` */
	NEWS_DIALLED,   /* `dial`, and `seconds` of talk; `value` is the channel's Uniqueid */
	NEWS_PARTED, /* from the agent they were joined with, if they were: `by_agent`, `value` */
	NEWS_DIGIT,  /* the caller pressed one of hold.leave */
	NEWS_HUNGUP, /* the channel is not ours any more; the caller need not be gone */
	NEWS_WRONG   /* no Asterisk would say that, or it refuses what we say: `reason` */
};

struct talk_report {
	char digit;
	struct dial_report dial;
	bool by_agent; /* the talk was ended by the agent */
	uint64_t seconds;
	struct text value; /* points into the line */
	const char *reason;
};

enum talk_turn {
	TALK_SEND, /* the command */
	TALK_WAIT,
	TALK_CLOSE
};

void talk_init(struct talk *talk);

/* --- what is wanted; talk_next() then says how it goes on --- */

void talk_ask(struct talk *talk);
void talk_hold(struct talk *talk);
/* `text`: the argument of Dial. */
void talk_dial(struct talk *talk, const char *text);
/* `text`: the argument of Bridge. */
void talk_join(struct talk *talk, const char *text);
/* `text`: the argument of MSet; "" only closes. */
void talk_leave(struct talk *talk, const char *text);
/* One sound more, after those that were said before. */
void talk_say(struct talk *talk, enum talk_sound sound, uint32_t number);

/* Whether the caller is, or is about to be, with an agent: whatever else is wanted has to wait. */
bool talk_is_engaged(const struct talk *talk);

/* Whether something is being said, or about to be. */
bool talk_is_saying(const struct talk *talk);

/* --- what happens --- */

/* A line that Asterisk said. */
enum talk_news talk_take(struct talk *talk, struct text line, struct talk_report *ret);

/* What to say now: at most one command. `queue` is where the caller waits, NULL nowhere. */
enum talk_turn talk_next(struct talk *talk, const struct queue_options *queue,
                         struct agi_command *command);

#endif
