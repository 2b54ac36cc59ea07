#ifndef NAJIMI_HTTP_VISITS_H
#define NAJIMI_HTTP_VISITS_H

#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <sys/socket.h>

#include "answer.h"
#include "najimi/base/lists.h"

/* Who is connected, and for how long they may be.
 *
 * evhttp 2.1 knows no limit of connections and no time limit of a request, only of
 * silence, and does not say when a connection ends. So each connection's
 * bufferevent is made here, with a reference of our own; evhttp has let go of it
 * when its callbacks are gone. */

#define REQUEST_MAX SEC(10) /* from its first byte to its last */
#define ANSWER_MAX SEC(30)  /* to be taken by the peer */
#define IDLE_MAX SEC(60)    /* between two requests; longer than a scrape's interval */
#define SURPLUS_MAX 16      /* connections beyond the limit, who are told so */

enum visit_state {
	VISIT_IDLE,
	VISIT_ASKING,
	VISIT_ANSWERED
};

struct visit {
	TAILQ_ENTRY(visit) entry;
	struct bufferevent *stream; /* our reference */
	enum visit_state state;
	usec_t until;                 /* monotonic: then the connection is cut */
	bool surplus;                 /* came beyond the limit */
	struct sockaddr_storage peer; /* once it was asked for */
};

struct visits {
	TAILQ_HEAD(visit_list, visit) list;
	size_t max;
	struct server_facts *facts;
	struct evconnlistener *listener; /* paused at the very limit */
	bool paused;
};

void visits_init(struct visits *visits, struct server_facts *facts);
void visits_done(struct visits *visits);

/* A connection was accepted: its bufferevent. NULL: out of memory. */
struct bufferevent *visits_add(struct visits *visits, struct event_base *base);

/* A request is whole. NULL for a connection that is not ours. */
struct visit *visits_find(struct visits *visits, const struct bufferevent *stream);
void visits_asked(struct visit *visit);
/* Who asks; lives as long as the visit. Of NULL: nobody, who has no address. */
const struct sockaddr *visits_peer(struct visit *visit);
void visits_answered(struct visit *visit);

/* Whether the peer is still there to be answered. evhttp does not read, and so does not
 * know, while a request is under way. Who has closed their side alone counts as gone. */
bool visits_listens(const struct visit *visit);

/* Forgets who left, cuts off who took too long. Once a second. */
void visits_sweep(struct visits *visits);

#endif
