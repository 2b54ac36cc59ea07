#ifndef NAJIMI_HTTP_HTTP_H
#define NAJIMI_HTTP_HTTP_H

#include "najimi/shell/daybook.h"
#include "najimi/shell/directory.h"
#include "najimi/shell/feed.h"
#include "najimi/shell/loop.h"

/* The HTTP side: metrics, health, the state as JSON, what happens as server-sent events,
 * and the wallboard (protocol.md section 8, metrics.md). Reads views, changes nothing. */
struct http;
struct event_base;

struct http_needs {
	struct event_base *base;
	const struct loop *loop;
	struct directory *directory;
	const struct feed *feed;
	const struct daybook *daybook; /* NULL: nothing is known by day */
	struct meters *meters;
	const struct options *options;
	const char *redis_socket; /* of the redis-server that the daemon minds; NULL without */
};

struct http *http_new(const struct http_needs *needs, struct err *err);
struct http *http_free(struct http *http);
int http_start(struct http *http, struct err *err) MUST_CHECK;
void http_reconfigure(struct http *http, const struct options *options);
unsigned http_port(const struct http *http);

/* Redis has what the feed's events up to `seq` speak of: their readers may hear of it. */
void http_told(struct http *http, uint64_t seq);

#endif
