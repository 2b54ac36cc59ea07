#ifndef NAJIMI_STORE_HISTORY_H
#define NAJIMI_STORE_HISTORY_H

#include "najimi/store/store.h"

/* Who had which contacts: for each caller and agent a list of the last entries of the
 * stream, so that nobody has to look through it. They live as long as the entries, at most: */
#define HISTORY_KEEP_MAX (HOUR(24) * 400)
#define CALLER_HISTORY "50" /* of a caller: contacts, and what agents said of them */
#define CALLER_TOLD 20      /* contacts of them that are told */
#define AGENT_HISTORY "600" /* of an agent: a day has fewer */
#define AGENT_TOLD 300

/* The entry that is the last operation of this commit so far is one of the caller with
 * this key ("" nobody) and of this agent ("" nobody). */
void history_add(struct store *store, const char *key, const char *agent);

/* Likewise, of a caller who may be the one customer whose number this is: what an agent has
 * said of a contact, or done. */
void history_add_said(struct store *store, const char *key, const char *agent);

int histories_init(struct store *store, struct err *err) MUST_CHECK;
void histories_done(struct store *store);

#endif
