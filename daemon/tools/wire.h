#ifndef NAJIMI_TOOLS_WIRE_H
#define NAJIMI_TOOLS_WIRE_H

#include "najimi/base/err.h"
#include "najimi/codec/json.h"

/* A connection to a daemon's native port inside an event loop: whole messages come in,
 * in the text framing, one a line. */
struct wire;
struct event_base;

struct wire_hooks {
	void (*message)(const struct json *message, void *arg); /* valid until it returns */
	void (*lost)(const char *why, void *arg);               /* nothing comes after it */
	void *arg;
};

/* Connects to "HOST:PORT", waiting for it for at most 5 s. */
int wire_open(struct event_base *base, const char *address, const struct wire_hooks *hooks,
              struct wire **ret, struct err *err) MUST_CHECK;
struct wire *wire_close(struct wire *wire); /* accepts and returns NULL; not from inside a hook */

/* Adds the newline. What cannot be sent is told by `lost`. */
void wire_send(struct wire *wire, struct text message);

#endif
