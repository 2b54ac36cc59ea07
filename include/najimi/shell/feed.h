#ifndef NAJIMI_SHELL_FEED_H
#define NAJIMI_SHELL_FEED_H

#include <stdbool.h>

#include "najimi/base/text.h"
#include "najimi/core/ids.h"

/* The daemon's events, numbered without gaps, with the last ones kept so that a
 * subscriber who was away can go on where they were: protocol.md section 7. */
enum feed_type {
	FEED_CALL_DECIDED,
	FEED_CALL_CHANGED,
	FEED_CALL_OFFER_CANCELLED,
	FEED_CALL_ENDED,
	FEED_AGENT_CHANGED,
	FEED_SURVEY_ANSWERED /* with a comment that is for supervisors alone */
};
#define FEED_TYPES (FEED_SURVEY_ANSWERED + 1)
const char *feed_type_name(enum feed_type type); /* "call.decided", ... */
int feed_type_of(const char *name);              /* -1: no such type */

struct feed_event {
	uint64_t seq;
	enum feed_type type;
	queue_index queue;  /* QUEUE_NONE: of no queue */
	bool coalesces;     /* a slow reader may lose it: a later one says as much */
	const char *client; /* calls: whose; "" otherwise; valid until the subscriber returns */
	struct text json;   /* the whole notification, {"jsonrpc":"2.0","method":"event",...} */
};

/* What the notification says, its params alone: {"epoch","seq","at","type","data"}. */
struct text feed_event_params(const struct feed_event *event);

typedef void feed_subscriber_fn(const struct feed_event *event, void *arg);

struct feed;
struct feed *feed_new(size_t kept); /* epoch: four random bytes in hex */
struct feed *feed_free(struct feed *feed);

const char *feed_epoch(const struct feed *feed);
uint64_t feed_seq(const struct feed *feed); /* of the last event, 0 before the first */

/* `data` is a JSON object. Calls every subscriber before it returns. */
void feed_publish(struct feed *feed, enum feed_type type, queue_index queue, const char *client,
                  usec_t at, struct text data);

/* One subscriber function for all of an adapter's subscribers. At most four. */
bool feed_subscribe(struct feed *feed, feed_subscriber_fn *subscriber, void *arg) MUST_CHECK;

/* Hands out the events after `after`, in order. False, and nothing is handed out,
 * when one of them is not kept any more or never was. */
bool feed_replay(const struct feed *feed, uint64_t after, feed_subscriber_fn *subscriber,
                 void *arg) MUST_CHECK;

#endif
