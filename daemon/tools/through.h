#ifndef NAJIMI_TOOLS_THROUGH_H
#define NAJIMI_TOOLS_THROUGH_H

#include <event2/event.h>

#include "najimi/codec/json_out.h"
#include "play.h"
#include "wire.h"

/* What a play through a daemon consists of, for its own files: play_through.c keeps
 * the time, through_say.c makes requests, through_hear.c understands what comes. */

#define REQUESTS_MAX 65536u /* that may wait for their replies; a power of two */

enum request_kind {
	REQUEST_NONE,
	REQUEST_OPEN,
	REQUEST_SUBSCRIBE,
	REQUEST_ARRIVE,
	REQUEST_ANSWERED,
	REQUEST_ENDED,
	REQUEST_AGENT,
	REQUEST_PING
};

struct request {
	enum request_kind kind;
	uint32_t call, offer;
};

/* One session with the daemon, as a telephony system that also speaks for its agents. */
struct session {
	const struct play *play;
	const struct through *through;
	struct world world;
	struct event_base *base;
	struct event *alarm, *pinger;
	struct wire *wire;
	uint32_t *by_order; /* calls by their order in the file, which is that of their names */
	struct request *requests; /* [REQUESTS_MAX], by id */
	uint64_t next_id, open_requests;
	usec_t played; /* how far it is played */
	usec_t target; /* how far it should be, at the clock's `target_at` */
	usec_t target_at;
	usec_t played_from, started_at;
	bool running, finished;
	enum request_kind again; /* what the daemon was not ready for, at the beginning */
	unsigned tries;
	unsigned silent; /* pings since the last reply */
	int failed;
	struct err *err;
};

void through_stop(struct session *session);
void through_fail(struct session *session, int code, const char *what, const char *why);

/* Played time now. Runs, or stands still: play_through.c says when. */
usec_t through_now(struct session *session);

/* Does what people do next when its time comes; not before the daemon has replied. */
void through_set_alarm(struct session *session);

/* --- requests --- */

extern const char *const through_words[]; /* by enum request_kind */

void through_open(struct session *session);
void through_subscribe(struct session *session);
void through_ping(struct session *session);
void through_logout(void *session, uint32_t agent);
struct world_hooks through_hooks(struct session *session);

/* --- what comes --- */

struct wire_hooks through_ears(struct session *session);

#endif
