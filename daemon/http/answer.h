#ifndef NAJIMI_HTTP_ANSWER_H
#define NAJIMI_HTTP_ANSWER_H

#include "body.h"
#include "lag.h"
#include "najimi/http/http.h"
#include "sse_wish.h"

struct whatif;

/* A request as a handler sees it, and what the handler makes of it: handlers read
 * views and write a body, and know nothing of sockets. */
struct inquiry {
	const struct http_needs *needs;
	const struct server_facts *server;
	struct whatif *whatif;
	const char *name;   /* the path's last part where a route has one, decoded; else "" */
	const char *query;  /* as it was sent, NULL without */
	const char *accept; /* header, NULL without */
	const char *accept_language, *accept_encoding, *if_none_match; /* likewise */
	const char *last_event_id;                                     /* likewise */
	bool pii; /* whoever asks may see callers' numbers */

	/* Of a request that is posted; what it consists of lives as long as itself. */
	const char *authorization, *content_type; /* headers, NULL without */
	const struct sockaddr *from;
	bool loopback; /* nobody but this machine can ask */
	struct text sent;
};

/* What the server counts about itself. */
struct server_facts {
	usec_t ticked_at;           /* monotonic: the loop's last tick of one second */
	struct lag lag;             /* of those ticks */
	struct meter_table answers; /* status */
	size_t connections;
	size_t streams; /* of these: read events */
	uint64_t connections_total, connections_refused;
};

#define ETAG_SIZE 64
#define ROUTING_CLIENT_SIZE 129 /* a client's name has at most 128 bytes */

/* What an answer speaks of. */
struct stamp {
	usec_t as_of; /* 0: now */
	uint64_t seq; /* the last event that is in it */
};

/* Whose contacts are wanted. */
struct history_wish {
	bool wanted;
	bool of_agent; /* else of a caller, by their key */
	bool pii;
	char name[144]; /* names and keys have at most 132 bytes */
};

/* Where a call is to go. */
struct routing_wish {
	bool wanted;
	bool granted;
	const struct sockaddr *from; /* as in the inquiry */
	struct text params;          /* likewise */
	char client[ROUTING_CLIENT_SIZE];
};

struct answer {
	int status;
	const char *type;      /* Content-Type, always */
	const char *challenge; /* WWW-Authenticate, NULL without */
	const char *allow;     /* of a 405: Allow */
	usec_t retry_after;    /* 0 without */
	char etag[ETAG_SIZE];  /* "" without */
	bool stamped;          /* gets its ETag and the stamp when it leaves: stamp.h */
	struct stamp stamp;
	const char *encoding; /* Content-Encoding, NULL without */
	const char *policy;   /* Content-Security-Policy, NULL without */
	const char *vary;     /* further headers that this depends on, NULL without */
	bool streams;         /* not with a body but with the events that are wished for */
	struct sse_wish wish;
	uint64_t kept;               /* leaves when http_kept() is told this number; 0: at once */
	bool asks;                   /* the store, and is answered later */
	struct routing_wish route;   /* this when it is wanted: link, not the store, */
	struct history_wish history; /* or this, */
	struct stats_question question; /* else that */
	struct body body;
};

typedef void answer_fn(const struct inquiry *inquiry, struct answer *answer);

#define TYPE_JSON "application/json"
#define TYPE_PLAIN "text/plain; charset=utf-8"

#endif
