#ifndef NAJIMI_HTTP_HTTP_H
#define NAJIMI_HTTP_HTTP_H

#include "najimi/shell/daybook.h"
#include "najimi/shell/directory.h"
#include "najimi/shell/fcr.h"
#include "najimi/shell/feed.h"
#include "najimi/shell/loop.h"

/* The HTTP side: metrics, health, the state as JSON, what happens as server-sent events,
 * and the wallboard (protocol.md section 8, metrics.md). Reads views, changes nothing; who
 * asks where to route a call is passed on. */
struct http;
struct event_base;
struct sockaddr;

/* Somebody wants to know where to route a call. */
struct route_asked {
	const char *client; /* in whose name; "": in that of the address */
	bool granted;       /* has shown a token */
	const struct sockaddr *from;
	struct text params; /* route.request's, as JSON */
};

struct http_needs {
	struct event_base *base;
	const struct loop *loop;
	struct directory *directory;
	const struct feed *feed;
	const struct daybook *daybook; /* NULL: nothing is known by day */
	const struct fcrbook *fcr;     /* NULL: nothing is known of who called again */
	struct meters *meters;
	const struct options *options;
	/* Has http_kept() called with the number when Redis has all that can be read now. False:
	 * it cannot be done. NULL: whatever is asked is answered at once. */
	bool (*when_kept)(uint64_t number, void *arg);
	/* Asks for the figures of several days: http_stats_read() answers, perhaps before this
	 * returns. -ENOTCONN, -EBUSY, -ENOMEM: there will be no answer. */
	int (*read_stats)(const struct stats_question *question, uint64_t number, void *arg);
	/* Asks what lies behind a caller, by a key, or else an agent; likewise, answered by
	 * http_history_read(). */
	int (*read_history)(const char *caller, const char *agent, bool pii, uint64_t number,
	                    void *arg);
	/* Has http_routed() called with the number, later. */
	void (*route)(const struct route_asked *asked, uint64_t number, void *arg);
	void *arg;
	const char *redis_socket; /* of the redis-server that the daemon minds; NULL without */
};

struct http *http_new(const struct http_needs *needs, struct err *err);
struct http *http_free(struct http *http);
int http_start(struct http *http, struct err *err) MUST_CHECK;
void http_reconfigure(struct http *http, const struct options *options);
unsigned http_port(const struct http *http);

/* The answers to when_kept and read_stats, under the numbers that were given. */
void http_kept(struct http *http, uint64_t number);
void http_stats_read(struct http *http, uint64_t number, int outcome, struct text json);

void http_history_read(struct http *http, uint64_t number, int outcome, struct text json);

/* The answer to route: 0 and the result, or an error's code and {"error":{...}}. False:
 * whoever asked has gone. */
bool http_routed(struct http *http, uint64_t number, int code, usec_t retry_after,
                 struct text json) MUST_CHECK;

/* Redis has what the feed's events up to `seq` speak of: their readers may hear of it. */
void http_told(struct http *http, uint64_t seq);

#endif
