#ifndef LINK_AGI_REQUEST_H
#define LINK_AGI_REQUEST_H

#include "agi_dial.h"
#include "asterisk.h"
#include "najimi/codec/agi.h"

/* What the dialplan asks for, as plain values: pure functions of what Asterisk said when it
 * connected. najimi-asterisk(7) has the words. Texts point into the environment or into the
 * request, which must not be moved. */

enum agi_script_kind {
	SCRIPT_ROUTE,    /* route,QUEUE,RESULT[,key=value...]: holds the caller */
	SCRIPT_ANSWERED, /* answered,CALL,OFFER */
	SCRIPT_ENDED,    /* ended,CALL,DIALSTATUS,ANSWEREDTIME,HANGUPCAUSE */
	SCRIPT_AGENT     /* agent,ACTION,AGENT[,key=value...] */
};

enum confirmation {
	CONFIRM_NONE,
	CONFIRM_TONE,
	CONFIRM_VOICE
};

#define AGI_STORE_SIZE 2048

struct agi_request {
	enum agi_script_kind kind;
	struct dial_report dial; /* ROUTE: before this; ENDED: the last */
	/* ROUTE */
	struct call_words call;
	bool has_variables, variables; /* whether to ask for them was said, and what */
	/* ANSWERED, ENDED */
	const char *call_id;
	uint32_t offer;
	/* AGENT */
	enum agent_act act;
	struct agent_words agent;
	enum confirmation confirm;

	size_t used;
	char store[AGI_STORE_SIZE];
	struct agi_url url;
};

/* False with the refusal, whose field is the argument's name. */
bool agi_request_read(const struct agi_env *env, struct agi_request *ret, struct refusal *refusal);

/* What the caller's channel variables say: the expression to ask for, and what it gave.
 * Arguments go before them. */
const char *agi_request_expression(void);
bool agi_request_variables(struct agi_request *request, struct text value, struct refusal *refusal);

#endif
