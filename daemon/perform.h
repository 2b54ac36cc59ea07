#ifndef NAJIMI_PERFORM_H
#define NAJIMI_PERFORM_H

#include "daemon.h"

/* Makes the outbox, the commit alarm, and the loop's hooks. */
int perform_init(struct daemon *daemon, struct err *err);
void perform_done(struct daemon *daemon);

/* The store's word that Redis has all commits up to this one. */
void perform_committed(struct daemon *daemon, uint64_t commit);

#endif
