#ifndef NAJIMI_HTTP_HTTP_H
#define NAJIMI_HTTP_HTTP_H

#include "najimi/shell/directory.h"
#include "najimi/shell/feed.h"
#include "najimi/shell/loop.h"

/* The HTTP side: metrics, health, and the state as JSON (protocol.md section 8,
 * metrics.md). Reads views, changes nothing. */
struct http;
struct event_base;

struct http_needs {
	struct event_base *base;
	const struct loop *loop;
	struct directory *directory;
	const struct feed *feed;
	struct meters *meters;
	const struct options *options;
	const char *redis_socket; /* of the redis-server that the daemon minds; NULL without */
};

struct http *http_new(const struct http_needs *needs, struct err *err);
struct http *http_free(struct http *http);
int http_start(struct http *http, struct err *err) MUST_CHECK;
void http_reconfigure(struct http *http, const struct options *options);
unsigned http_port(const struct http *http);

#endif
