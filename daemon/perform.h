#ifndef NAJIMI_PERFORM_H
#define NAJIMI_PERFORM_H

#include "daemon.h"

/* Makes the outbox, the commit alarm, and the loop's hooks. */
int perform_init(struct daemon *daemon, struct err *err);
void perform_done(struct daemon *daemon);

/* The store's word that Redis has all commits up to this one. */
void perform_committed(struct daemon *daemon, uint64_t commit);

/* Has http_kept() called with the number when Redis has whatever can be read now, all
 * figures included. False: the outbox is full. */
bool perform_when_kept(struct daemon *daemon, uint64_t number);

/* The outbox's peer of whoever asked over HTTP where to route a call, under that number:
 * http_routed() has what is put there; if nobody hears it, link_guest_gone(). */
uint64_t perform_guest(uint64_t number);

#endif
