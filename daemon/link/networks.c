#include "networks.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool network_read(const char *text, struct network *ret)
{
	char address[64];
	const char *slash = strchr(text, '/');
	size_t length = slash == NULL ? strlen(text) : (size_t)(slash - text);

	if (length >= sizeof(address))
		return false;
	memcpy(address, text, length);
	address[length] = '\0';
	ret->family = strchr(address, ':') == NULL ? AF_INET : AF_INET6;
	if (inet_pton(ret->family, address, ret->address) != 1)
		return false;
	ret->bits = ret->family == AF_INET ? 32 : 128;
	if (slash != NULL && strtoul(slash + 1, NULL, 10) < ret->bits)
		ret->bits = (unsigned)strtoul(slash + 1, NULL, 10);
	return true;
}

/* An IPv4 peer of an IPv6 socket is ::ffff:a.b.c.d. */
bool network_of_peer(const struct sockaddr *peer, struct network *ret)
{
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)peer;
	const struct sockaddr_in *four = (const struct sockaddr_in *)(const void *)peer;

	if (peer->sa_family == AF_INET) {
		*ret = (struct network){ .family = AF_INET, .bits = 32 };
		memcpy(ret->address, &four->sin_addr, 4);
	} else if (peer->sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&six->sin6_addr)) {
		*ret = (struct network){ .family = AF_INET, .bits = 32 };
		memcpy(ret->address, six->sin6_addr.s6_addr + 12, 4);
	} else if (peer->sa_family == AF_INET6) {
		*ret = (struct network){ .family = AF_INET6, .bits = 128 };
		memcpy(ret->address, six->sin6_addr.s6_addr, 16);
	} else {
		return false;
	}
	return true;
}

bool network_holds(const struct network *outer, const struct network *inner)
{
	unsigned bytes = outer->bits / 8, rest = outer->bits % 8;

	if (outer->family != inner->family || outer->bits > inner->bits ||
	    memcmp(outer->address, inner->address, bytes) != 0)
		return false;
	return rest == 0 || (outer->address[bytes] ^ inner->address[bytes]) >> (8 - rest) == 0;
}

void network_print_peer(const struct sockaddr *peer, char *ret, size_t size)
{
	struct network network;

	if (!network_of_peer(peer, &network) ||
	    inet_ntop(network.family, network.address, ret, (socklen_t)size) == NULL)
		snprintf(ret, size, "local");
}
