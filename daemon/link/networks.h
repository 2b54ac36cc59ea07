#ifndef LINK_NETWORKS_H
#define LINK_NETWORKS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

/* Addresses and networks of the configuration, and who is in them. */

struct network {
	int family;
	unsigned bits;
	unsigned char address[16];
};

/* "127.0.0.0/8", "::1". False: it is no such text. */
bool network_read(const char *text, struct network *ret);

/* A peer's address as a network of its own. An IPv4 address in IPv6's clothes counts as what
 * it is. False: the peer has none, as on a Unix socket. */
bool network_of_peer(const struct sockaddr *peer, struct network *ret);

/* Whether `inner` lies in `outer`. */
bool network_holds(const struct network *outer, const struct network *inner);

/* "192.0.2.7", "local" for one without an address. */
void network_print_peer(const struct sockaddr *peer, char *ret, size_t size);

#endif
