#include "wire.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "najimi/codec/frame.h"

#define MESSAGE_MAX (1024 * 1024) /* a daemon may be configured to send long ones */
#define CONNECT_MS 5000

struct wire {
	struct bufferevent *stream;
	struct framer framer;
	struct wire_hooks hooks;
	bool lost;
};

static const struct json_limits limits = {
	.bytes_max = MESSAGE_MAX,
	.depth_max = 32,
	.members_max = JSON_MEMBERS_MAX,
	.elements_max = 65536,
};

static void lose(struct wire *wire, const char *why)
{
	if (wire->lost)
		return;
	wire->lost = true;
	bufferevent_disable(wire->stream, EV_READ | EV_WRITE);
	wire->hooks.lost(why, wire->hooks.arg);
}

static void take(struct wire *wire, struct text text)
{
	struct err err = { "" };
	struct json *message;

	if (json_parse(text, &limits, &message, &err) < 0) {
		lose(wire, err.text);
		return;
	}
	wire->hooks.message(message, wire->hooks.arg);
	json_free(message);
}

static void on_readable(struct bufferevent *stream, void *arg)
{
	struct wire *wire = arg;
	struct evbuffer *in = bufferevent_get_input(stream);
	struct text message;
	size_t used;

	while (!wire->lost) {
		size_t length = evbuffer_get_length(in);
		const char *data = (const char *)evbuffer_pullup(in, -1);

		switch (frame_next(&wire->framer, data, length, MESSAGE_MAX, &message, &used)) {
		case FRAME_READY:
			take(wire, message);
			evbuffer_drain(in, used);
			break;
		case FRAME_SHORT:
			evbuffer_drain(in, used);
			return;
		case FRAME_HTTP:
		case FRAME_WRONG:
			lose(wire, "what answers there does not speak the native protocol");
			return;
		}
	}
}

static void on_trouble(struct bufferevent *stream, short what, void *arg)
{
	(void)stream;
	lose(arg, (what & BEV_EVENT_EOF) != 0 ? "the daemon closed the connection"
	                                      : strerror(EVUTIL_SOCKET_ERROR()));
}

/* 0, or what connect(2) said. */
static int connect_to(int fd, const struct addrinfo *address)
{
	struct pollfd ready = { .fd = fd, .events = POLLOUT };
	socklen_t size = sizeof(int);
	int error = 0;

	if (connect(fd, address->ai_addr, address->ai_addrlen) == 0)
		return 0;
	if (errno != EINPROGRESS)
		return -errno;
	if (poll(&ready, 1, CONNECT_MS) == 0)
		return -ETIMEDOUT;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
		return -errno;
	return -error;
}

static int connect_any(const char *host, const char *port, int *ret_fd, struct err *err)
{
	const struct addrinfo wish = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *list;
	int r = getaddrinfo(host, port, &wish, &list), fd = -1, one = 1;

	if (r != 0)
		return err_set(err, -ENOENT, "%s:%s: %s", host, port, gai_strerror(r));
	for (struct addrinfo *at = list; at != NULL; at = at->ai_next) {
		fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		r = fd < 0 ? -errno : connect_to(fd, at);
		if (r == 0)
			break;
		if (fd >= 0)
			close(fd);
	}
	freeaddrinfo(list);
	if (r < 0)
		return err_set(err, r, "%s:%s: %s", host, port, strerror(-r));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	*ret_fd = fd;
	return 0;
}

int wire_open(struct event_base *base, const char *host, const char *port,
              const struct wire_hooks *hooks, struct wire **ret, struct err *err)
{
	struct wire *wire;
	int fd = -1, r = connect_any(host, port, &fd, err);

	if (r < 0)
		return r;
	wire = calloc(1, sizeof(*wire));
	if (wire != NULL)
		wire->stream = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (wire == NULL || wire->stream == NULL) {
		close(fd);
		free(wire);
		return err_set(err, -ENOMEM, "out of memory");
	}
	wire->hooks = *hooks;
	framer_init(&wire->framer);
	bufferevent_setcb(wire->stream, on_readable, NULL, on_trouble, wire);
	bufferevent_enable(wire->stream, EV_READ | EV_WRITE);
	*ret = wire;
	return 0;
}

struct wire *wire_close(struct wire *wire)
{
	if (wire == NULL)
		return NULL;
	bufferevent_free(wire->stream);
	free(wire);
	return NULL;
}

void wire_send(struct wire *wire, struct text message)
{
	if (wire->lost)
		return;
	if (bufferevent_write(wire->stream, message.start, message.length) < 0 ||
	    bufferevent_write(wire->stream, "\n", 1) < 0)
		lose(wire, "out of memory");
}
