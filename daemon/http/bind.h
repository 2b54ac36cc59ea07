#ifndef NAJIMI_HTTP_BIND_H
#define NAJIMI_HTTP_BIND_H

#include <event2/listener.h>
#include <stdbool.h>

#include "najimi/base/err.h"

/* The listening socket of "ADDRESS:PORT" or "[ADDRESS]:PORT", both as numbers; port 0
 * takes any free one. */
struct bound {
	struct evconnlistener *listener; /* without a callback yet */
	unsigned port;
	bool loopback; /* only this machine can reach it */
};

/* 0 and the caller owns ret->listener, or a negative errno that names the address. */
int bind_address(struct event_base *base, const char *address, struct bound *ret,
                 struct err *err) MUST_CHECK;

#endif
