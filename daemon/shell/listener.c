#include "najimi/shell/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <event2/util.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "najimi/base/number.h"
#include "najimi/shell/log.h"

#define BACKLOG 1024
#define REST MSEC(100)

struct listener {
	struct evconnlistener *socket;
	struct event *rested;
	listener_accept_fn *accept;
	void *arg;
	unsigned port;
};

static inline void close_if_open(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

#define AUTO_CLOSE __attribute__((cleanup(close_if_open)))

/* Hands the descriptor to someone else: what is left behind will not be closed. */
static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

/* Not libevent's parser: it takes no port 0. */
static bool read_address(const char *text, struct sockaddr_storage *ret, socklen_t *ret_length)
{
	struct sockaddr_in *four = (struct sockaddr_in *)ret;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)ret;
	const char *colon = strrchr(text, ':');
	size_t length = colon == NULL ? 0 : (size_t)(colon - text);
	bool brackets = length > 2 && text[0] == '[' && text[length - 1] == ']';
	char host[INET6_ADDRSTRLEN];
	int64_t port;

	if (brackets) {
		text++;
		length -= 2;
	}
	if (length == 0 || length >= sizeof(host) || number_parse(colon + 1, &port) < 0 ||
	    port < 0 || port > UINT16_MAX)
		return false;
	memcpy(host, text, length);
	host[length] = '\0';
	memset(ret, 0, sizeof(*ret));
	if (brackets) {
		six->sin6_family = AF_INET6;
		six->sin6_port = htons((uint16_t)port);
		*ret_length = sizeof(*six);
		return inet_pton(AF_INET6, host, &six->sin6_addr) == 1;
	}
	four->sin_family = AF_INET;
	four->sin_port = htons((uint16_t)port);
	*ret_length = sizeof(*four);
	return inet_pton(AF_INET, host, &four->sin_addr) == 1;
}

static int open_socket(const char *address, int *ret_fd, struct err *err)
{
	struct sockaddr_storage place;
	AUTO_CLOSE int fd = -1;
	socklen_t length;
	int one = 1;

	if (!read_address(address, &place, &length))
		return err_set(err, -EINVAL, "%s is no ADDRESS:PORT", address);
	fd = socket(place.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return err_set(err, -errno, "%s: %s", address, strerror(errno));
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) < 0 ||
	    (place.ss_family == AF_INET6 &&
	     setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one)) < 0) ||
	    bind(fd, (struct sockaddr *)&place, length) < 0 || listen(fd, BACKLOG) < 0)
		return err_set(err, -errno, "%s: %s", address, strerror(errno));
	*ret_fd = take_fd(&fd);
	return 0;
}

/* The socket systemd keeps for us under that name, or -1. */
static int find_passed(const char *name)
{
	char **names = NULL;
	int count = sd_listen_fds_with_names(0, &names), fd = -1;

	for (int i = 0; i < count; i++) {
		if (fd < 0 && strcmp(names[i], name) == 0 &&
		    sd_is_socket(SD_LISTEN_FDS_START + i, AF_UNSPEC, SOCK_STREAM, 1) > 0)
			fd = SD_LISTEN_FDS_START + i;
		free(names[i]);
	}
	free(names);
	return fd;
}

static unsigned find_port(int fd)
{
	struct sockaddr_storage place;
	socklen_t length = sizeof(place);

	if (getsockname(fd, (struct sockaddr *)&place, &length) < 0)
		return 0;
	if (place.ss_family == AF_INET6)
		return ntohs(((struct sockaddr_in6 *)&place)->sin6_port);
	return place.ss_family == AF_INET ? ntohs(((struct sockaddr_in *)&place)->sin_port) : 0;
}

static void on_accept(struct evconnlistener *socket, evutil_socket_t fd, struct sockaddr *peer,
                      int length, void *arg)
{
	struct listener *listener = arg;

	(void)socket;
	(void)length;
	listener->accept((int)fd, peer, listener->arg);
}

/* The connection that could not be accepted stays in the backlog and would wake us
 * again at once: without a rest this is a busy loop for as long as it lasts. */
static void on_failure(struct evconnlistener *socket, void *arg)
{
	struct listener *listener = arg;
	struct timeval rest = { .tv_usec = REST };

	log_limited(LOG_LEVEL_WARNING, "listener.resting",
	            LOG_TEXT("error", strerror(EVUTIL_SOCKET_ERROR())),
	            LOG_NUMBER("port", listener->port));
	evconnlistener_disable(socket);
	event_add(listener->rested, &rest);
}

static void on_rested(evutil_socket_t fd, short what, void *arg)
{
	struct listener *listener = arg;

	(void)fd;
	(void)what;
	evconnlistener_enable(listener->socket);
}

int listener_new(struct event_base *base, const char *name, const char *address,
                 listener_accept_fn *accept, void *arg, struct listener **ret, struct err *err)
{
	struct listener *listener;
	AUTO_CLOSE int fd = find_passed(name);
	int r;

	if (fd < 0) {
		r = open_socket(address, &fd, err);
		if (r < 0)
			return r;
	} else if (evutil_make_socket_nonblocking(fd) < 0) {
		return err_set(err, -errno, "socket %s from systemd: %s", name, strerror(errno));
	}
	listener = calloc(1, sizeof(*listener));
	if (listener == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	listener->accept = accept;
	listener->arg = arg;
	listener->port = find_port(fd);
	listener->rested = event_new(base, -1, 0, on_rested, listener);
	listener->socket = evconnlistener_new(base, on_accept, listener,
	                                      LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
	if (listener->socket == NULL || listener->rested == NULL) {
		if (listener->socket != NULL)
			(void)take_fd(&fd);
		listener_free(listener);
		return err_set(err, -ENOMEM, "out of memory");
	}
	(void)take_fd(&fd);
	evconnlistener_set_error_cb(listener->socket, on_failure);
	*ret = listener;
	return 0;
}

struct listener *listener_free(struct listener *listener)
{
	if (listener == NULL)
		return NULL;
	if (listener->socket != NULL)
		evconnlistener_free(listener->socket);
	if (listener->rested != NULL)
		event_free(listener->rested);
	free(listener);
	return NULL;
}

unsigned listener_port(const struct listener *listener)
{
	return listener->port;
}

/* False: every address of this machine, or none that is known. */
static bool print_host(const struct sockaddr_storage *place, char *ret, socklen_t size)
{
	const struct sockaddr_in *four = (const struct sockaddr_in *)place;
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)place;

	if (place->ss_family == AF_INET6 && !IN6_IS_ADDR_UNSPECIFIED(&six->sin6_addr))
		return inet_ntop(AF_INET6, &six->sin6_addr, ret, size) != NULL;
	if (place->ss_family == AF_INET && four->sin_addr.s_addr != htonl(INADDR_ANY))
		return inet_ntop(AF_INET, &four->sin_addr, ret, size) != NULL;
	return false;
}

void listener_reach(const struct listener *listener, const char *said, char *ret, size_t size)
{
	struct sockaddr_storage place = { 0 };
	socklen_t length = sizeof(place);
	char host[256] = "";
	int written;

	*ret = '\0';
	if (listener == NULL)
		return;
	if (getsockname(evconnlistener_get_fd(listener->socket), (struct sockaddr *)&place,
	                &length) < 0)
		place.ss_family = AF_UNSPEC;
	if (said[0] != '\0')
		written = snprintf(ret, size, "%s", said);
	else if (print_host(&place, host, sizeof(host)))
		written = snprintf(ret, size, place.ss_family == AF_INET6 ? "[%s]:%u" : "%s:%u",
		                   host, listener->port);
	else if (gethostname(host, sizeof(host) - 1) == 0 && host[0] != '\0')
		written = snprintf(ret, size, "%s:%u", host, listener->port);
	else
		return;
	if (written < 0 || (size_t)written >= size)
		*ret = '\0';
}
