#ifndef LINK_AMI_TRANSLATE_H
#define LINK_AMI_TRANSLATE_H

#include "asterisk.h"
#include "najimi/codec/ami.h"

/* What a message of the manager interface says, as plain values: a pure function of the message
 * alone. Whose call or agent it is about is looked up by those who ask. */

enum ami_fact_kind {
	AMI_NOTHING,        /* nothing that we act upon */
	AMI_ANSWER,         /* `accepted`, to the action `id` */
	AMI_BOOTED,         /* Asterisk has loaded everything */
	AMI_DEVICE,         /* `device` is `state` */
	AMI_RINGING,        /* `channel` rings */
	AMI_DIALLED,        /* `other` is called, for `channel` if that is named; `rings` already */
	AMI_DIAL_ENDED,     /* likewise: `result` */
	AMI_BRIDGE_ENTERED, /* `channel` is in `bridge`, */
	AMI_BRIDGE_LEFT,    /* or not any more */
	AMI_PUT_ASIDE,      /* it waits in a holding bridge, where nobody hears another */
	AMI_HELD,           /* who is at `channel` has put the other side on hold, */
	AMI_RETRIEVED,      /* and is back */
	AMI_HANGUP_ASKED,   /* `channel` will end, from its own side or (`soft`) by Asterisk */
	AMI_HUNG_UP,        /* it has, for `cause` */
	AMI_SENT_ON,     /* `channel` has sent `other` ("": whoever it talks with) to `extension` */
	AMI_HANDED_OVER, /* `channel` and `other` are together; who brought them together leaves */
	AMI_PUT_IN_PLACE, /* `channel` takes the place of `other`, which is calling somebody */
	AMI_AGENT_DID,    /* `act`, with `words`, at `channel` */
	AMI_DIGIT,        /* who is at `channel` has pressed `digit` */
	AMI_CALLED,       /* the end of an action Originate: `accepted`, or `reason` */
	AMI_CHANNEL,      /* of a list: there is `channel`, in `bridge` (""), `state` */
	AMI_LIST_DONE     /* that was the list of the action `id` */
};

enum dial_result {
	DIAL_ANSWERED,
	DIAL_BUSY,
	DIAL_NO_ANSWER,
	DIAL_CANCELLED, /* the caller gave up, or another telephone was answered */
	DIAL_FAILED,    /* congestion, no such device, */
	DIAL_OTHER      /* and what says nothing of the one who is called */
};

struct ami_channel {
	char uniqueid[UNIQUEID_SIZE]; /* "": there is none */
	char name[CHANNEL_SIZE];
	char linkedid[UNIQUEID_SIZE];
	unsigned state; /* 5: it rings, 6: it is up */
};

#define CHANNEL_RINGING 5
#define CHANNEL_UP 6
#define AMI_ID_SIZE 64

struct ami_fact {
	enum ami_fact_kind kind;
	char id[AMI_ID_SIZE]; /* ActionID, "" none */
	struct ami_channel channel, other;
	char bridge[UNIQUEID_SIZE];
	char device[CHANNEL_SIZE];
	enum device_state state;
	enum dial_result result;
	bool rings, soft, accepted;
	unsigned cause, reason;
	char extension[TEXT_BYTES_MAX + 1];
	char application[32];
	char message[128]; /* of an answer */
	char challenge[64];
	char digit;
	enum agent_act act;
	struct agent_words words; /* point into `text` */
	char text[1024];
};

/* False for what makes no sense: `refusal` says why, for the log. NOTHING is not that. */
bool ami_translate(const struct ami_message *message, struct ami_fact *ret,
                   struct refusal *refusal);

/* How a device's word vetoes; false: it is no veto, and lifts none. */
bool ami_device_state(struct text word, enum device_state *ret);

/* Why an agent was not reached: by what Dial or the leg's end said, or by OriginateResponse. A
 * cause of 0 is unknown. */
enum miss_kind ami_miss_of_dial(enum dial_result result, unsigned cause);
enum miss_kind ami_miss_of_reason(unsigned reason, unsigned cause);

#endif
