#ifndef NAJIMI_PERFORM_H
#define NAJIMI_PERFORM_H

#include "najimi/http/http.h"
#include "najimi/link/link.h"
#include "najimi/store/store.h"

/* Everything that was built, in one place: main.c builds and takes down, perform.c
 * carries out what the core orders. */
struct daemon {
	struct event_base *base;
	struct options *options;
	struct meters meters;
	struct loop *loop;
	struct directory *directory;
	struct feed *feed;
	struct outbox *outbox;
	struct store *store;
	struct link *link;
	struct http *http;
	struct event *commit_alarm; /* orders do not wait for Redis longer than this */
	struct event *watchdog;
	usec_t commit_alarm_at; /* USEC_NEVER: not set */
	uint64_t committed;     /* Redis has all commits up to this one */
	bool watchdog_asked;    /* the core has been asked whether it lives */
};

/* Makes the outbox, the commit alarm, and the loop's hooks. */
int perform_init(struct daemon *daemon, struct err *err);
void perform_done(struct daemon *daemon);

/* The store's word that Redis has all commits up to this one. */
void perform_committed(struct daemon *daemon, uint64_t commit);

#endif
