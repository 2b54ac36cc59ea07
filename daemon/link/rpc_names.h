#ifndef LINK_RPC_NAMES_H
#define LINK_RPC_NAMES_H

#include "rpc_methods.h"

/* Names in requests become handles, or the refusal that says which name is unknown. */

/* The telephony system in whose name the exchange happens. */
bool names_find_client(struct exchange *x, struct client **ret);

/* Exactly one of the two is set. */
struct found_call {
	struct call_card *card;
	const struct finished_call *finished;
};

enum reach {
	REACH_OWN, /* a telephony system's own calls; a supervisor's are everybody's */
	REACH_ALL  /* anybody's, as far as the name is enough to tell them apart */
};

/* Finds a call by its name and, where given, its client's. Without a client one's own
 * come first. A call that ended a moment ago is found too. */
bool names_find_call(struct exchange *x, const char *call_id, const char *client, enum reach reach,
                     struct found_call *ret);
/* Likewise, but it has to be live. */
bool names_find_live(struct exchange *x, const char *call_id, const char *client, enum reach reach,
                     struct call_card **ret);

bool names_find_queue(struct exchange *x, const char *name, const char *field, queue_index *ret);
bool names_find_agent(struct exchange *x, const char *name, const char *field,
                      struct agent_card **ret);

/* Each becomes skill and level; the field is "skills[n].name". */
bool names_find_skill(struct exchange *x, const char *name, size_t index, skill_index *ret);

#endif
