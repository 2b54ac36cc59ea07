#include "bind.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define ADDRESS_SIZE 128

/* Halves of "ADDRESS:PORT"; libevent's own parser takes no port 0. */
static bool split(char *text, const char **ret_host, const char **ret_port)
{
	char *colon = strrchr(text, ':');

	if (colon == NULL || colon == text || colon[1] == '\0')
		return false;
	*colon = '\0';
	*ret_host = text;
	*ret_port = colon + 1;
	if (text[0] == '[' && colon[-1] == ']') {
		colon[-1] = '\0';
		*ret_host = text + 1;
		return true;
	}
	return strchr(text, ':') == NULL;
}

static int parse(const char *address, struct addrinfo **ret)
{
	struct addrinfo hints = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV,
	};
	char text[ADDRESS_SIZE];
	const char *host, *port;

	if (strlen(address) >= sizeof(text))
		return -EINVAL;
	strcpy(text, address);
	if (!split(text, &host, &port) || getaddrinfo(host, port, &hints, ret) != 0)
		return -EINVAL;
	return 0;
}

static void look_at(struct bound *bound)
{
	struct sockaddr_storage at = { 0 };
	const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)&at;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)&at;
	socklen_t length = sizeof(at);

	if (getsockname(evconnlistener_get_fd(bound->listener), (struct sockaddr *)&at, &length) <
	    0)
		return;
	if (at.ss_family == AF_INET) {
		bound->port = ntohs(in->sin_port);
		bound->loopback = ntohl(in->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	} else if (at.ss_family == AF_INET6) {
		bound->port = ntohs(in6->sin6_port);
		bound->loopback = IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
	}
}

int bind_address(struct event_base *base, const char *address, struct bound *ret, struct err *err)
{
	struct bound bound = { 0 };
	unsigned flags = LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE;
	struct addrinfo *place;
	int code;

	if (parse(address, &place) < 0)
		return err_set(err, -EINVAL, "http.listen: '%s' is not ADDRESS:PORT", address);
	if (place->ai_family == AF_INET6)
		flags |= LEV_OPT_BIND_IPV6ONLY; /* libevent tries it on IPv4 as well, and fails */
	bound.listener = evconnlistener_new_bind(base, NULL, NULL, flags, SOMAXCONN, place->ai_addr,
	                                         (int)place->ai_addrlen);
	code = EVUTIL_SOCKET_ERROR();
	freeaddrinfo(place);
	if (bound.listener == NULL)
		return err_set(err, code == 0 ? -EADDRNOTAVAIL : -code, "http.listen: %s: %s",
		               address, strerror(code));
	look_at(&bound);
	*ret = bound;
	return 0;
}
