#ifndef NAJIMI_STORE_HISTORY_H
#define NAJIMI_STORE_HISTORY_H

#include "najimi/store/store.h"

/* Who had which contacts: for each caller, and each agent's day, a list of the last entries of the
 * stream, so that nobody has to look through it. They live as long as the entries, at most: */
#define HISTORY_KEEP_MAX (HOUR(24) * 400)
#define CALLER_TOLD 20 /* contacts of a caller that are told */
#define AGENT_TOLD 300 /* of an agent's day */

/* The entry that is the last operation of this commit so far is one of the caller with
 * this key ("" nobody) and of this agent ("" nobody), in the day of `at`. */
void history_add(struct store *store, const char *key, const char *agent, usec_t at);

/* Likewise, of a caller who may be the one customer whose number this is: what an agent has
 * said of a contact, or done. */
void history_add_said(struct store *store, const char *key, const char *agent, usec_t at);

/* Likewise, what a caller has answered of this contact. */
void history_add_survey(struct store *store, const char *contact);

int histories_init(struct store *store, struct err *err) MUST_CHECK;
void histories_done(struct store *store);

#endif
