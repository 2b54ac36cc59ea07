#ifndef NAJIMI_SHELL_RESOLVE_H
#define NAJIMI_SHELL_RESOLVE_H

#include <netdb.h>
#include <stdbool.h>

/* A host's address without waiting for it: a name server that does not answer must not
 * stop the calls. One question at a time. */
struct resolver;
struct event_base;

/* `address` is a number that connecting needs no name server for; NULL with a reason
 * when the name has none. Never called from inside resolver_ask(). */
typedef void resolver_fn(const char *address, const char *why, void *arg);

struct resolver *resolver_new(struct event_base *base, resolver_fn *fn, void *arg);
struct resolver *resolver_free(struct resolver *resolver); /* accepts and returns NULL */

/* Whether the host is an address already. */
bool resolver_is_address(const char *host);

/* A question that is still open is given up. False: out of memory. */
bool resolver_ask(struct resolver *resolver, const char *host);
void resolver_forget(struct resolver *resolver);

#endif
