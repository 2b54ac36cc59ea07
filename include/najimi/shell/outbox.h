#ifndef NAJIMI_SHELL_OUTBOX_H
#define NAJIMI_SHELL_OUTBOX_H

#include <stdbool.h>

#include "najimi/base/text.h"

/* What is to be said to the outside, held until Redis has what it speaks of.
 *
 * All replies and events go through here, so that each peer hears things in the
 * order in which they were said. put() belongs to the turn that is open; seal()
 * ends the turn and names the commit it waits for; release() sends what waited
 * for that commit or an earlier one. */
struct outbox;

/* `peer` is whatever the one who put the message understands. Copies nothing:
 * the text is valid until it returns. */
typedef void outbox_send_fn(uint64_t peer, struct text message, void *arg);

struct outbox *outbox_new(outbox_send_fn *send, void *arg);
struct outbox *outbox_free(struct outbox *outbox); /* what is unsent is dropped */

/* False: out of memory, or more than 256 MiB are held. */
bool outbox_put(struct outbox *outbox, uint64_t peer, struct text message) MUST_CHECK;

/* `commit` 0: the turn changed nothing; it only waits for its predecessors. */
void outbox_seal(struct outbox *outbox, uint64_t commit, usec_t at);

/* Sends all turns that wait for `commit` or less. */
void outbox_release(struct outbox *outbox, uint64_t commit);

/* Sends all turns sealed at or before `at`, acknowledged or not. True if there
 * was one that was not. */
bool outbox_release_old(struct outbox *outbox, usec_t at);

/* When the oldest turn that is still held was sealed; USEC_NEVER for none. */
usec_t outbox_oldest(const struct outbox *outbox);
size_t outbox_bytes(const struct outbox *outbox);

#endif
