#ifndef NAJIMI_DAEMON_H
#define NAJIMI_DAEMON_H

#include "najimi/http/http.h"
#include "najimi/link/link.h"
#include "najimi/store/store.h"

/* Everything there is, in one place: build.c builds it and takes it down, main.c runs
 * it, perform.c carries out what the core orders, configure.c tells it the rules. */
struct daemon {
	struct event_base *base;
	struct options *options;
	struct meters meters;
	struct loop *loop;
	struct directory *directory;
	struct daybook *daybook;
	struct fcrbook *fcr;
	struct feed *feed;
	struct outbox *outbox;
	struct store *store;
	struct link *link;
	struct http *http;
	struct event *commit_alarm; /* orders do not wait for Redis longer than this */
	struct event *watchdog;
	usec_t commit_alarm_at; /* USEC_NEVER: not set */
	uint64_t committed;     /* Redis has all commits up to this one */
	uint64_t told;          /* the feed's last event that is in the outbox for its readers */
	bool refused;           /* Redis holds what a newer daemon wrote: we cannot serve */
	bool deposed;           /* another daemon has taken over: what we know is out of date */
	bool watchdog_asked;    /* the core has been asked whether it lives */
};

/* Builds all of it from daemon->options; on failure what was built is taken down by
 * daemon_take_down() all the same. */
int daemon_build(struct daemon *daemon, struct err *err) MUST_CHECK;
void daemon_take_down(struct daemon *daemon);

#endif
