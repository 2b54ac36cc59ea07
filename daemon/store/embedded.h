#ifndef NAJIMI_STORE_EMBEDDED_H
#define NAJIMI_STORE_EMBEDDED_H

#include "najimi/config/options.h"

/* A redis-server of our own: on a Unix socket that only we can reach, with an append-
 * only file in redis.directory. Started again when it dies, ended with the daemon,
 * however that ends. */
struct embedded;
struct event_base;

/* NULL with the reason: a folder that cannot be made, a path that is too long. */
struct embedded *embedded_new(struct event_base *base, const struct options *options,
                              struct err *err);

/* Ends the server, which writes everything first, and waits for that. */
struct embedded *embedded_free(struct embedded *embedded); /* accepts and returns NULL */

void embedded_start(struct embedded *embedded);
const char *embedded_socket(const struct embedded *embedded);

#endif
