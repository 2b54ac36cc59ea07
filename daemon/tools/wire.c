#include "wire.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "najimi/codec/frame.h"
#include "najimi/shell/clock.h"
#include "rpc_connect.h"

#define MESSAGE_MAX (1024 * 1024) /* a daemon may be configured to send long ones */
#define CONNECT_MAX SEC(5)

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

int wire_open(struct event_base *base, const char *address, const struct wire_hooks *hooks,
              struct wire **ret, struct err *err)
{
	struct wire *wire;
	int fd = -1, r = rpc_connect(address, clock_monotonic() + CONNECT_MAX, &fd, err);

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
