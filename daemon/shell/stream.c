#include "najimi/shell/stream.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define OVER_MAX MSEC(100) /* a burst may stand above the hard limit this long */
#define LINGER_MAX SEC(1)
#define LINGER_BYTES_MAX ((size_t)1 << 20)

enum stream_state {
	STREAM_OPEN,
	STREAM_FINISHING, /* what is to be written is written, input is thrown away */
	STREAM_LINGERING, /* we have sent our last byte */
	STREAM_CLOSED     /* to be freed from the loop */
};

struct stream {
	enum stream_state state;
	struct bufferevent *socket;
	struct event *soon;  /* runs after whoever is running now */
	struct event *alarm; /* output above the hard limit, or the end of lingering */
	struct stream_limits limits;
	struct stream_hooks hooks;
	const char *reason;
	size_t thrown_away;
	size_t allowance; /* above the hard limit, once */
	bool held, ended, over;
	bool meeting; /* TLS: the two sides do not know each other yet */
};

static void set_timeouts(struct stream *stream)
{
	usec_t idle = stream->limits.idle_max, stall = stream->limits.stall_max;
	struct timeval read = { .tv_sec = (time_t)(idle / SEC(1)),
		                .tv_usec = (suseconds_t)(idle % SEC(1)) };
	struct timeval write = { .tv_sec = (time_t)(stall / SEC(1)),
		                 .tv_usec = (suseconds_t)(stall % SEC(1)) };

	bufferevent_set_timeouts(stream->socket, idle == 0 ? NULL : &read,
	                         stall == 0 ? NULL : &write);
}

static void set_alarm(struct stream *stream, usec_t delay)
{
	struct timeval tv = { .tv_sec = (time_t)(delay / SEC(1)),
		              .tv_usec = (suseconds_t)(delay % SEC(1)) };

	event_add(stream->alarm, &tv);
}

void stream_close(struct stream *stream, const char *reason)
{
	if (stream->state == STREAM_CLOSED)
		return;
	if (stream->reason == NULL)
		stream->reason = reason;
	stream->state = STREAM_CLOSED;
	bufferevent_disable(stream->socket, EV_READ | EV_WRITE);
	event_active(stream->soon, EV_TIMEOUT, 0);
}

/* Closing while bytes of the peer are unread would make TCP reset the connection,
 * and the peer might lose our last words. */
static void linger(struct stream *stream)
{
	stream->state = STREAM_LINGERING;
	if (stream->ended) {
		stream_close(stream, stream->reason);
		return;
	}
	shutdown(bufferevent_getfd(stream->socket), SHUT_WR);
	set_alarm(stream, LINGER_MAX);
}

static void throw_away(struct stream *stream)
{
	struct evbuffer *in = bufferevent_get_input(stream->socket);

	stream->thrown_away += evbuffer_get_length(in);
	evbuffer_drain(in, evbuffer_get_length(in));
	if (stream->thrown_away > LINGER_BYTES_MAX)
		stream_close(stream, stream->reason);
}

static void show(struct stream *stream)
{
	struct evbuffer *in = bufferevent_get_input(stream->socket);
	size_t length = evbuffer_get_length(in), used;

	if (length == 0 && !stream->ended)
		return;
	if (stream->state != STREAM_OPEN) {
		throw_away(stream);
		return;
	}
	if (stream->held)
		return;
	used = stream->hooks.readable(length == 0 ? "" : (const char *)evbuffer_pullup(in, -1),
	                              length, stream->hooks.arg);
	evbuffer_drain(in, used);
	/* libevent would call again at once, and again, for as long as it is full. */
	if (stream->state == STREAM_OPEN && length - used >= stream->limits.input_max)
		bufferevent_disable(stream->socket, EV_READ);
}

static void on_readable(struct bufferevent *socket, void *arg)
{
	(void)socket;
	show(arg);
}

static void on_written(struct bufferevent *socket, void *arg)
{
	struct stream *stream = arg;

	(void)socket;
	if (stream->state == STREAM_FINISHING && stream_output(stream) == 0) {
		linger(stream);
	} else if (stream->state == STREAM_OPEN) {
		stream->allowance = 0;
		stream->hooks.drained(stream->hooks.arg);
	}
}

static void on_event(struct bufferevent *socket, short what, void *arg)
{
	struct stream *stream = arg;

	(void)socket;
	if (what & BEV_EVENT_TIMEOUT) {
		stream_close(stream, what & BEV_EVENT_WRITING ? "stalled" : "silent");
	} else if (what & BEV_EVENT_CONNECTED) {
		stream->meeting = false;
	} else if (what & BEV_EVENT_ERROR) {
		stream_close(stream, stream->meeting ? "tls" : "reset");
	} else if (what & BEV_EVENT_EOF) {
		stream->ended = true;
		if (stream->state == STREAM_OPEN)
			stream->hooks.ended(stream->hooks.arg);
		else if (stream->state == STREAM_LINGERING)
			stream_close(stream, stream->reason);
	}
}

static size_t output_max(const struct stream *stream)
{
	return stream->limits.output_max + stream->allowance;
}

static void on_alarm(evutil_socket_t fd, short what, void *arg)
{
	struct stream *stream = arg;

	(void)fd;
	(void)what;
	stream->over = false;
	if (stream->state == STREAM_LINGERING)
		stream_close(stream, stream->reason);
	else if (stream_output(stream) > output_max(stream))
		stream_close(stream, "slow_reader");
}

static void on_soon(evutil_socket_t fd, short what, void *arg)
{
	struct stream *stream = arg;

	(void)fd;
	(void)what;
	if (stream->state == STREAM_CLOSED) {
		stream->hooks.closed(stream->reason, stream->hooks.arg);
		stream_free(stream);
		return;
	}
	show(stream);
}

static void set_options(int fd)
{
	int one = 1, idle = 30, interval = 10, count = 3, unanswered_ms = 30000;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof(interval));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof(count));
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unanswered_ms, sizeof(unanswered_ms));
}

void stream_set_limits(struct stream *stream, const struct stream_limits *limits)
{
	bool other_idle = stream->limits.idle_max != limits->idle_max ||
	                  stream->limits.stall_max != limits->stall_max;

	stream->limits = *limits;
	bufferevent_setwatermark(stream->socket, EV_READ, 0, limits->input_max);
	bufferevent_setwatermark(stream->socket, EV_WRITE, limits->output_soft / 2, 0);
	if (other_idle)
		set_timeouts(stream);
}

static struct bufferevent *new_socket(struct event_base *base, int fd, SSL *ssl)
{
	if (ssl == NULL)
		return bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
	/* Many a peer just closes: where its last message ended it has said itself. */
	SSL_set_options(ssl, SSL_OP_IGNORE_UNEXPECTED_EOF);
	return bufferevent_openssl_socket_new(base, fd, ssl, BUFFEREVENT_SSL_CONNECTING,
	                                      BEV_OPT_CLOSE_ON_FREE);
}

static struct stream *make(struct event_base *base, int fd, SSL *ssl,
                           const struct stream_limits *limits, const struct stream_hooks *hooks)
{
	struct stream *stream = calloc(1, sizeof(*stream));

	if (stream == NULL) {
		close(fd);
		SSL_free(ssl);
		return NULL;
	}
	stream->hooks = *hooks;
	stream->meeting = ssl != NULL;
	stream->soon = event_new(base, -1, 0, on_soon, stream);
	stream->alarm = event_new(base, -1, 0, on_alarm, stream);
	stream->socket = new_socket(base, fd, ssl);
	if (stream->socket == NULL)
		close(fd);
	if (stream->socket == NULL || stream->soon == NULL || stream->alarm == NULL)
		return stream_free(stream);
	set_options(fd);
	bufferevent_set_max_single_read(stream->socket, limits->input_max);
	bufferevent_set_max_single_write(stream->socket, limits->output_max);
	bufferevent_setcb(stream->socket, on_readable, on_written, on_event, stream);
	stream_set_limits(stream, limits);
	bufferevent_enable(stream->socket, EV_READ | EV_WRITE);
	return stream;
}

struct stream *stream_new(struct event_base *base, int fd, const struct stream_limits *limits,
                          const struct stream_hooks *hooks)
{
	return make(base, fd, NULL, limits, hooks);
}

struct stream *stream_new_tls(struct event_base *base, int fd, struct ssl_st *ssl,
                              const struct stream_limits *limits, const struct stream_hooks *hooks)
{
	return make(base, fd, ssl, limits, hooks);
}

struct stream *stream_free(struct stream *stream)
{
	if (stream == NULL)
		return NULL;
	if (stream->socket != NULL)
		bufferevent_free(stream->socket);
	if (stream->soon != NULL)
		event_free(stream->soon);
	if (stream->alarm != NULL)
		event_free(stream->alarm);
	free(stream);
	return NULL;
}

size_t stream_output(const struct stream *stream)
{
	return evbuffer_get_length(bufferevent_get_output(stream->socket));
}

void stream_write(struct stream *stream, struct text bytes)
{
	size_t output;

	if (stream->state == STREAM_LINGERING || stream->state == STREAM_CLOSED)
		return;
	if (bufferevent_write(stream->socket, bytes.start, bytes.length) < 0) {
		stream_close(stream, "out_of_memory");
		return;
	}
	output = stream_output(stream);
	/* One turn may release much at once; the socket is asked before anyone is
	 * called slow. */
	if (output > output_max(stream) && !stream->over) {
		stream->over = true;
		set_alarm(stream, OVER_MAX);
	}
	if (output / 8 > output_max(stream))
		stream_close(stream, "slow_reader");
}

void stream_allow(struct stream *stream, size_t bytes)
{
	stream->allowance += bytes;
}

void stream_hold(struct stream *stream)
{
	stream->held = true;
	if (stream->state == STREAM_OPEN)
		bufferevent_disable(stream->socket, EV_READ);
}

void stream_resume(struct stream *stream)
{
	if (!stream->held)
		return;
	stream->held = false;
	if (stream->state != STREAM_OPEN)
		return;
	if (!stream->ended)
		bufferevent_enable(stream->socket, EV_READ);
	event_active(stream->soon, EV_TIMEOUT, 0);
}

void stream_finish(struct stream *stream, const char *reason)
{
	if (stream->state != STREAM_OPEN)
		return;
	stream->reason = reason;
	stream->state = STREAM_FINISHING;
	if (!stream->ended)
		bufferevent_enable(stream->socket, EV_READ);
	if (stream_output(stream) == 0)
		linger(stream);
	else
		event_active(stream->soon, EV_TIMEOUT, 0); /* throws away what waits */
}
