#ifndef LINK_CLIENTS_H
#define LINK_CLIENTS_H

#include "link_state.h"

/* The telephony systems that have been heard of, by name. One is remembered for as
 * long as it has connections or calls, and after that until the room is needed. */

void clients_init(struct link *link);
void clients_done(struct link *link);

/* Known from now on. NULL: out of memory, or CLIENTS_MAX are in use. */
#define CLIENTS_MAX 4096
struct client *client_know(struct link *link, const char *name);
struct client *client_find(struct link *link, const char *name); /* NULL: unknown */

/* One connection more, or less, speaks under its name. */
void client_enter(struct client *client);
void client_leave(struct client *client);

/* One session more, or less, reports on its calls. The last to go starts the clock
 * of the orphans, the first to come stops it. */
void client_session_opened(struct client *client);
void client_session_closed(struct client *client);

/* The name of a trusted connection without a session: "acl:" and its address, so
 * that a client which connects anew for each request is the same one. */
#define ASTERISK_UNLISTED "agi:" /* likewise of FastAGI, of a server in no list: asterisk.h */
#define CLIENT_NAME_SIZE (ID_BYTES_MAX + 1)
void client_name_of_address(const char *address, char ret[CLIENT_NAME_SIZE]);

#endif
