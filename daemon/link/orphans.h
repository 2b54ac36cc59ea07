#ifndef LINK_ORPHANS_H
#define LINK_ORPHANS_H

#include "rpc_methods.h"

/* Calls whose telephony system has gone: kept for rpc.orphan_max, then lost, unless
 * it comes back and says which of them it still has (call.sync). */

/* The last session of the client has gone; it is back. */
void orphans_left(struct client *client);
void orphans_taken_back(struct client *client);

/* Everything is recovered: whose telephony system is not here yet is an orphan. */
void orphans_recovered(struct link *link);

/* Ends the calls that the last call.sync of the client did not list, little by
 * little; then answers `request` (0: nobody) with what was unknown and what ended.
 * `unknown` and `ended` are JSON texts with commas between, of calls that were
 * listed. False: out of memory, and nothing happens. */
bool orphans_sync(struct client *client, uint64_t request, struct text unknown,
                  struct text ended) MUST_CHECK;

/* Ends one call as soon as the core has room for it. */
void orphans_end(struct link *link, struct call_id call, enum ended_by by);

/* There is room in the inbox again. */
void orphans_resume(struct link *link);

/* A link that could not be built to the end may be done too. */
int orphans_init(struct link *link, struct err *err) MUST_CHECK;
void orphans_done(struct link *link);

#endif
