#include "visits.h"

#include <errno.h>
#include <event2/buffer.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"

/* evhttp reads no more than this at once, however much a peer sends. */
#define INPUT_BYTES_MAX 65536

void visits_init(struct visits *visits, struct server_facts *facts)
{
	*visits = (struct visits){ .facts = facts };
	TAILQ_INIT(&visits->list);
}

static void enter(struct visit *visit, enum visit_state state, usec_t max)
{
	visit->state = state;
	visit->until = clock_monotonic() + max;
}

/* The first bytes of a request start its clock. */
static void on_input(struct evbuffer *input, const struct evbuffer_cb_info *info, void *arg)
{
	struct visit *visit = arg;

	(void)input;
	if (info->n_added > 0 && visit->state == VISIT_IDLE)
		enter(visit, VISIT_ASKING, REQUEST_MAX);
}

static bool has_left(const struct visit *visit)
{
	bufferevent_data_cb read = NULL;
	bufferevent_event_cb happened = NULL;

	bufferevent_getcb(visit->stream, &read, NULL, &happened, NULL);
	return read == NULL && happened == NULL;
}

static void forget(struct visits *visits, struct visit *visit)
{
	TAILQ_REMOVE(&visits->list, visit, entry);
	visits->facts->connections--;
	evbuffer_remove_cb(bufferevent_get_input(visit->stream), on_input, visit);
	bufferevent_decref(visit->stream);
	free(visit);
}

/* evhttp notices as if the peer had gone, and takes its side down. */
static void cut(const struct visit *visit)
{
	evutil_socket_t fd = bufferevent_getfd(visit->stream);

	if (fd >= 0)
		(void)shutdown(fd, SHUT_RDWR);
}

static void pause_when_full(struct visits *visits)
{
	bool full = visits->facts->connections >= visits->max + SURPLUS_MAX;

	if (full == visits->paused || visits->listener == NULL)
		return;
	visits->paused = full;
	if (full) {
		log_limited(LOG_LEVEL_WARNING, "http.full",
		            LOG_NUMBER("connections", visits->facts->connections));
		evconnlistener_disable(visits->listener);
	} else {
		evconnlistener_enable(visits->listener);
	}
}

static void forget_gone(struct visits *visits)
{
	struct visit *visit, *after;

	TAILQ_FOREACH_SAFE(visit, &visits->list, entry, after)
	if (has_left(visit))
		forget(visits, visit);
}

struct bufferevent *visits_add(struct visits *visits, struct event_base *base)
{
	struct visit *visit = calloc(1, sizeof(*visit));

	if (visit == NULL)
		return NULL;
	visit->stream = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
	if (visit->stream == NULL) {
		free(visit);
		return NULL;
	}
	bufferevent_incref(visit->stream);
	bufferevent_setwatermark(visit->stream, EV_READ, 0, INPUT_BYTES_MAX);
	evbuffer_add_cb(bufferevent_get_input(visit->stream), on_input, visit);
	/* A peer who connects and says nothing gets no longer than one who dawdles. */
	enter(visit, VISIT_ASKING, REQUEST_MAX);

	if (visits->facts->connections >= visits->max)
		forget_gone(visits);
	visit->surplus = visits->facts->connections >= visits->max;
	TAILQ_INSERT_TAIL(&visits->list, visit, entry);
	visits->facts->connections++;
	visits->facts->connections_total++;
	visits->facts->connections_refused += visit->surplus;
	pause_when_full(visits);
	return visit->stream;
}

struct visit *visits_find(struct visits *visits, const struct bufferevent *stream)
{
	struct visit *visit;

	TAILQ_FOREACH(visit, &visits->list, entry)
	if (visit->stream == stream)
		return visit;
	return NULL;
}

void visits_asked(struct visit *visit)
{
	enter(visit, VISIT_ANSWERED, ANSWER_MAX);
}

const struct sockaddr *visits_peer(struct visit *visit)
{
	static const struct sockaddr nobody = { .sa_family = AF_UNSPEC };
	socklen_t size = sizeof(visit->peer);

	if (visit == NULL || getpeername(bufferevent_getfd(visit->stream),
	                                 (struct sockaddr *)&visit->peer, &size) < 0)
		return &nobody;
	return (const struct sockaddr *)&visit->peer;
}

void visits_answered(struct visit *visit)
{
	size_t pending = evbuffer_get_length(bufferevent_get_input(visit->stream));

	/* The next request may have come already, behind the last one. */
	if (pending > 0)
		enter(visit, VISIT_ASKING, REQUEST_MAX);
	else
		enter(visit, VISIT_IDLE, IDLE_MAX);
}

bool visits_listens(const struct visit *visit)
{
	char byte;
	ssize_t got;

	do
		got = recv(bufferevent_getfd(visit->stream), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
	while (got < 0 && errno == EINTR);
	return got > 0 || (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK));
}

void visits_sweep(struct visits *visits)
{
	struct visit *visit;
	usec_t now = clock_monotonic();

	forget_gone(visits);
	TAILQ_FOREACH(visit, &visits->list, entry)
	if (visit->until <= now)
		cut(visit);
	pause_when_full(visits);
}

void visits_done(struct visits *visits)
{
	struct visit *visit;

	while ((visit = TAILQ_FIRST(&visits->list)) != NULL)
		forget(visits, visit);
}
