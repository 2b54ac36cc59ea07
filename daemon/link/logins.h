#ifndef LINK_LOGINS_H
#define LINK_LOGINS_H

#include "link_state.h"
#include "rpc_translate.h"

/* Agents come, whichever way they say so. */

/* Completes what was said by the configuration, or by what holds for one who is logged in, makes
 * the agent known, and fills the event. False with the refusal: an unknown queue or skill, no
 * queue at all, no room. */
bool login_fill(struct link *link, const struct agent_words *words, struct core_event *ev,
                struct agent_card **ret, struct refusal *refusal);

/* The reason of a pause goes with it, and goes when the agent is back. */
bool login_say_reason(struct link *link, struct agent_card *card, const char *reason,
                      struct refusal *refusal);

#endif
