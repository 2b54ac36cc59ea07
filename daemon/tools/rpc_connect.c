#include "rpc_connect.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "najimi/shell/clock.h"

#define HOST_SIZE 256
#define WAIT_MS_MAX 3600000 /* poll(2) counts in int; longer waits go round again */

int rpc_wait(int fd, short what, usec_t until)
{
	for (;;) {
		struct pollfd poll_fd = { .fd = fd, .events = what };
		usec_t now = clock_monotonic();
		usec_t left_ms = until > now ? (until - now + 999) / 1000 : 0;
		int wait_ms = left_ms > WAIT_MS_MAX ? WAIT_MS_MAX : (int)left_ms;
		int ready = poll(&poll_fd, 1, wait_ms);

		if (ready > 0)
			return 0;
		if (ready < 0 && errno != EINTR)
			return -errno;
		if (ready == 0 && left_ms <= WAIT_MS_MAX)
			return -ETIMEDOUT;
	}
}

/* "HOST:PORT" or "[ADDRESS]:PORT" into its halves. */
static bool split(const char *address, char *ret_host, size_t size, const char **ret_port)
{
	const char *colon = strrchr(address, ':');
	const char *start = address;
	size_t length;

	if (colon == NULL || colon == address || colon[1] == '\0')
		return false;
	length = (size_t)(colon - address);
	if (address[0] == '[') {
		if (colon[-1] != ']')
			return false;
		start++;
		length -= 2;
	} else if (memchr(address, ':', length) != NULL) {
		return false; /* an IPv6 address without brackets: where would the port start? */
	}
	if (length == 0 || length >= size)
		return false;
	memcpy(ret_host, start, length);
	ret_host[length] = '\0';
	*ret_port = colon + 1;
	return true;
}

static int connect_one(const struct addrinfo *to, usec_t until, int *ret_fd)
{
	int fd = socket(to->ai_family, to->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
	                to->ai_protocol);
	int r = 0, code = 0, on = 1;
	socklen_t length = sizeof(code);

	if (fd < 0)
		return -errno;
	if (connect(fd, to->ai_addr, to->ai_addrlen) < 0)
		r = errno == EINPROGRESS ? rpc_wait(fd, POLLOUT, until) : -errno;
	if (r == 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &length) == 0)
		r = -code;
	if (r < 0) {
		close(fd);
		return r;
	}
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	*ret_fd = fd;
	return 0;
}

int rpc_connect(const char *address, usec_t until, int *ret_fd, struct err *err)
{
	struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
	struct addrinfo *list;
	char host[HOST_SIZE];
	const char *port;
	int r;

	if (!split(address, host, sizeof(host), &port))
		return err_set(err, -EINVAL, "'%s' is not HOST:PORT", address);
	r = getaddrinfo(host, port, &hints, &list);
	if (r != 0)
		return err_set(err, r == EAI_NONAME || r == EAI_SERVICE ? -ENOENT : -EHOSTUNREACH,
		               "%s: %s", address, gai_strerror(r));
	r = -EADDRNOTAVAIL;
	for (const struct addrinfo *to = list; to != NULL; to = to->ai_next) {
		r = connect_one(to, until, ret_fd);
		if (r == 0)
			break;
	}
	freeaddrinfo(list);
	return r == 0 ? 0 : err_set(err, r, "%s: %s", address, strerror(-r));
}
