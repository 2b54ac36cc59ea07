#ifndef NAJIMI_STORE_REDIS_H
#define NAJIMI_STORE_REDIS_H

#include <hiredis/hiredis.h>
#include <stdbool.h>

#include "najimi/base/text.h"
#include "najimi/config/options.h"

/* One connection to Redis that is made again whenever it is lost: hiredis and its
 * traps end here. Commands go out in order and are answered in order. */
struct redis;
struct event_base;

struct redis_hooks {
	/* Connected, logged in, database selected. */
	void (*up)(void *arg);
	/* No longer so. What was asked is answered with NULL, before or after this. */
	void (*down)(const char *why, void *arg);
	void *arg;
};

/* `reply` is NULL when the connection ended first: it may or may not have been
 * done. Valid until this returns. May send, must not free the connection. */
typedef void redis_reply_fn(const redisReply *reply, uint64_t tag, void *arg);

/* A command without an answer for longer than this has lost its connection. */
#define REDIS_COMMAND_MAX SEC(3)

struct redis *redis_new(struct event_base *base, const struct redis_hooks *hooks);
struct redis *redis_free(struct redis *redis); /* accepts and returns NULL; no hooks */

/* Where to connect and as whom; counts from the next connection on. `socket` is the
 * path unless the mode is TCP. False: out of memory. */
bool redis_set_target(struct redis *redis, const struct options *options,
                      const char *socket) MUST_CHECK;

/* Connects now, and goes on trying with backoff. */
void redis_start(struct redis *redis);

/* Things are as they should be: the next loss is tried again at once. */
void redis_settle(struct redis *redis);

/* Gives the connection up and makes another after a while. */
void redis_drop(struct redis *redis, const char *why);

bool redis_is_up(const struct redis *redis);
size_t redis_pending(const struct redis *redis); /* commands without an answer */

/* From inside a reply: how long it took since it was asked for. */
usec_t redis_took(const struct redis *redis);

/* `command` is RESP; it is copied. False when there is no connection. */
bool redis_send(struct redis *redis, struct text command, redis_reply_fn *fn, uint64_t tag,
                void *arg) MUST_CHECK;

/* Writes what was sent now, not at the next turn of the loop. From inside a reply it
 * is done as soon as that returns. */
void redis_flush(struct redis *redis);

/* Waits, without the loop, until everything is answered, or the time is up. */
void redis_drain(struct redis *redis, usec_t at_most);

#endif
