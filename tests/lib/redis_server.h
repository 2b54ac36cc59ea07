#ifndef NAJIMI_TESTS_REDIS_SERVER_H
#define NAJIMI_TESTS_REDIS_SERVER_H

#include <hiredis/hiredis.h>
#include <stdbool.h>
#include <sys/types.h>

/* A real redis-server with an append-only file, in a folder of its own, for a test to
 * fill, look into, stop and kill. Whatever goes wrong here ends the test program. */
struct redis_server {
	char folder[64];
	char socket[80];
	int port; /* 0: Unix socket only */
	pid_t pid;
	const char *const *arguments;
	redisContext *context; /* of redis_server_ask() */
};

/* `arguments` are added to the server's, end with NULL, and are kept. NULL: none. */
void redis_server_start(struct redis_server *server, const char *const *arguments);
void redis_server_listen(struct redis_server *server);  /* before starting: on a TCP port too */
void redis_server_restart(struct redis_server *server); /* after a kill */
void redis_server_kill(struct redis_server *server);    /* SIGKILL */
void redis_server_stop(struct redis_server *server);    /* and removes the folder */

/* A command, and its answer, which the caller frees. Blocks. */
redisReply *redis_server_ask(struct redis_server *server, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

/* The same for answers that are one text or number; "" for none. The text is valid
 * until the next call. */
const char *redis_server_text(struct redis_server *server, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
long long redis_server_number(struct redis_server *server, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

#endif
