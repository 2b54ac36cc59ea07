#ifndef NAJIMI_SHELL_STREAM_H
#define NAJIMI_SHELL_STREAM_H

#include <stdbool.h>

#include "najimi/base/text.h"

/* A TCP connection that cannot grow, hang or vanish under its owner's feet.
 *
 * What comes in waits in a bounded buffer until the owner uses it; TCP slows the
 * peer down meanwhile. What goes out has a soft limit the owner may ask about and
 * a hard one that ends the connection, as does output without progress, or
 * silence. A stream is never freed inside a call to it or a hook of it: closing is
 * an intention, and `closed` comes later, from the loop. */
struct stream;
struct event_base;
struct ssl_st;

struct stream_limits {
	size_t input_max;   /* unused input, at least one whole message */
	size_t output_soft; /* when less than half of it is left, `drained` says so */
	size_t output_max;  /* above, and still so 100 ms later, the stream closes */
	usec_t idle_max;    /* no byte from the peer for this long closes; 0 never */
	usec_t stall_max;   /* output of which no byte goes for this long closes */
};

struct stream_hooks {
	/* `length` bytes wait. Returns how many were used; the rest is shown again
	 * with more behind it, or after stream_hold() and stream_resume(); when the
	 * limit is reached only after these. No bytes are shown only to one who resumes
	 * after `ended`. */
	size_t (*readable)(const char *data, size_t length, void *arg);
	/* The peer has sent its last byte, but may still be reading. */
	void (*ended)(void *arg);
	/* Output went, and what is left is no more than half the soft limit. */
	void (*drained)(void *arg);
	/* The stream is gone when this returns. Once, whoever wanted it and why. */
	void (*closed)(const char *reason, void *arg);
	void *arg;
};

/* Owns `fd`, also when it fails (NULL: out of memory). TCP_NODELAY and keepalive
 * are set where the socket knows them. */
struct stream *stream_new(struct event_base *base, int fd, const struct stream_limits *limits,
                          const struct stream_hooks *hooks);

/* The same over TLS, as a client. Owns `ssl` as well, also when it fails: a connection of
 * OpenSSL's that nothing was done with but to say whom it wants to meet. What is written before
 * they have met waits; if they do not, the reason is "tls", and SSL_get_verify_result() may tell
 * more, until `closed` returns. */
struct stream *stream_new_tls(struct event_base *base, int fd, struct ssl_st *ssl,
                              const struct stream_limits *limits, const struct stream_hooks *hooks);

/* Frees at once and calls no hook: for the end of the daemon, from outside. */
struct stream *stream_free(struct stream *stream); /* accepts and returns NULL */

void stream_set_limits(struct stream *stream, const struct stream_limits *limits);

void stream_write(struct stream *stream, struct text bytes);
/* The output may stand above the hard limit by as much more, until it has gone: for
 * a long answer that the peer has asked for. */
void stream_allow(struct stream *stream, size_t bytes);
size_t stream_output(const struct stream *stream); /* bytes not given to TCP yet */

/* No more input is shown until stream_resume(); then what waits is shown again,
 * from the loop. */
void stream_hold(struct stream *stream);
void stream_resume(struct stream *stream);

/* Closes when all output has gone and the peer has had a moment to read it. What
 * else it sends is thrown away. `reason` is a constant. */
void stream_finish(struct stream *stream, const char *reason);

/* Closes without more ado. The first reason counts. */
void stream_close(struct stream *stream, const char *reason);

#endif
