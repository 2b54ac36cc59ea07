#ifndef NAJIMI_SHELL_LISTENER_H
#define NAJIMI_SHELL_LISTENER_H

#include <sys/socket.h>

#include "najimi/base/err.h"

/* A listening TCP socket: our own, or one that systemd opened for us. */
struct listener;
struct event_base;

/* A connection is there. The one called owns `fd` (non-blocking, close-on-exec). */
typedef void listener_accept_fn(int fd, const struct sockaddr *peer, void *arg);

/* `address` is "192.0.2.7:7070" or "[2001:db8::7]:7070"; port 0 takes any free one.
 * A socket that systemd passed under `name` (FileDescriptorName=) is taken instead
 * when there is one. 0 and a *ret that accepts from the next turn of the loop on;
 * otherwise -EINVAL for what is no address, or why the socket could not be had.
 *
 * Without file descriptors or memory for one more connection the listener rests
 * for a tenth of a second at a time, and says so in the log. */
int listener_new(struct event_base *base, const char *name, const char *address,
                 listener_accept_fn *accept, void *arg, struct listener **ret,
                 struct err *err) MUST_CHECK;
struct listener *listener_free(struct listener *listener); /* accepts and returns NULL */

unsigned listener_port(const struct listener *listener);

/* HOST:PORT for others to connect to: `said` unless it is empty, else what was bound. Where that
 * is every address (0.0.0.0, ::) the name of this machine stands for it. "" without a listener,
 * or when it does not fit. */
void listener_reach(const struct listener *listener, const char *said, char *ret, size_t size);

#endif
