#include "resp.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "najimi/shell/clock.h"
#include "rpc_connect.h"

#define PATIENCE SEC(10)
#define FIRST_SIZE (64 * 1024)
#define DEPTH_MAX 8

static int connect_unix(const char *path, int *ret_fd, struct err *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, r;

	if (strlen(path) >= sizeof(address.sun_path))
		return err_set(err, -ENAMETOOLONG, "%s is too long for a socket", path);
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_set(err, -errno, "%s", strerror(errno));
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
		r = err_set(err, -errno, "%s: %s", path, strerror(errno));
		close(fd);
		return r;
	}
	*ret_fd = fd;
	return 0;
}

static int authenticate(struct resp *resp, const char *auth, struct err *err)
{
	const char *colon = strchr(auth, ':');
	char user[128];
	const char *args[3] = { "AUTH", user, colon == NULL ? "" : colon + 1 };
	struct text reply;

	if (colon == NULL) {
		args[1] = auth;
		return resp_command(resp, args, 2, &reply, err);
	}
	if ((size_t)(colon - auth) >= sizeof(user))
		return err_set(err, -EINVAL, "the Redis user's name is too long");
	snprintf(user, sizeof(user), "%.*s", (int)(colon - auth), auth);
	return resp_command(resp, args, 3, &reply, err);
}

int resp_open(struct resp *resp, const char *address, const char *auth, struct err *err)
{
	int r;

	*resp = (struct resp){ .fd = -1, .size = FIRST_SIZE };
	if (strncmp(address, "unix:", 5) == 0)
		r = connect_unix(address + 5, &resp->fd, err);
	else
		r = rpc_connect(address, clock_monotonic() + PATIENCE, &resp->fd, err);
	if (r < 0)
		return err_wrap(err, r, "Redis");
	resp->in = malloc(resp->size);
	if (resp->in == NULL)
		r = err_set(err, -ENOMEM, "out of memory");
	else if (auth[0] != '\0')
		r = authenticate(resp, auth, err);
	if (r < 0)
		resp_close(resp);
	return r;
}

void resp_close(struct resp *resp)
{
	if (resp->in != NULL || resp->fd > 0)
		close(resp->fd);
	free(resp->in);
	*resp = (struct resp){ .fd = -1 };
}

/* --- measuring --- */

/* "*12\r\n": the number, and the bytes of the line; 0 when it is not whole. */
static size_t measure_line(const char *data, size_t length, long *ret_number)
{
	const char *end = memchr(data, '\n', length);

	if (end == NULL)
		return 0;
	*ret_number = strtol(data + 1, NULL, 10);
	return (size_t)(end - data) + 1;
}

static size_t measure(const char *data, size_t length, int depth)
{
	long number;
	size_t line, total;

	if (length == 0 || depth == DEPTH_MAX)
		return length == 0 ? 0 : SIZE_MAX;
	line = measure_line(data, length, &number);
	if (line == 0)
		return strchr("+-:$*", data[0]) == NULL ? SIZE_MAX : 0;
	switch (data[0]) {
	case '+':
	case '-':
	case ':':
		return line;
	case '$':
		total = line + (number < 0 ? 0 : (size_t)number + 2);
		return total <= length ? total : 0;
	case '*':
		total = line;
		for (long i = 0; i < number; i++) {
			size_t part = measure(data + total, length - total, depth + 1);

			if (part == 0 || part == SIZE_MAX)
				return part;
			total += part;
		}
		return total;
	default:
		return SIZE_MAX;
	}
}

size_t resp_measure(const char *data, size_t length)
{
	return measure(data, length, 0);
}

/* --- reading and writing --- */

int resp_write(struct resp *resp, struct text bytes, struct err *err)
{
	while (bytes.length > 0) {
		ssize_t n = send(resp->fd, bytes.start, bytes.length, MSG_NOSIGNAL);

		if (n < 0 && errno == EAGAIN) {
			if (rpc_wait(resp->fd, POLLOUT, clock_monotonic() + PATIENCE) < 0)
				return err_set(err, -ETIMEDOUT, "Redis takes nothing more");
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(err, -errno, "Redis: %s", strerror(errno));
		bytes.start += n;
		bytes.length -= (size_t)n;
	}
	return 0;
}

/* More bytes behind those that are there; what was taken goes first. */
static int fill(struct resp *resp, struct err *err)
{
	ssize_t n;

	if (resp->used > 0) {
		memmove(resp->in, resp->in + resp->used, resp->length - resp->used);
		resp->length -= resp->used;
		resp->used = 0;
	}
	if (resp->length == resp->size) {
		char *grown = realloc(resp->in, resp->size * 2);

		if (grown == NULL)
			return err_set(err, -ENOMEM, "out of memory");
		resp->in = grown;
		resp->size *= 2;
	}
	if (rpc_wait(resp->fd, POLLIN, clock_monotonic() + PATIENCE) < 0)
		return err_set(err, -ETIMEDOUT, "Redis does not answer");
	n = recv(resp->fd, resp->in + resp->length, resp->size - resp->length, 0);
	if (n == 0)
		return err_set(err, -ECONNRESET, "Redis closed the connection");
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		return err_set(err, -errno, "Redis: %s", strerror(errno));
	resp->length += n > 0 ? (size_t)n : 0;
	return 0;
}

int resp_reply(struct resp *resp, struct text *ret, struct err *err)
{
	int r;

	for (;;) {
		size_t size = resp_measure(resp->in + resp->used, resp->length - resp->used);

		if (size == SIZE_MAX)
			return err_set(err, -EPROTO, "what answers there is not Redis");
		if (size > 0) {
			*ret = (struct text){ resp->in + resp->used, size };
			resp->used += size;
			return 0;
		}
		r = fill(resp, err);
		if (r < 0)
			return r;
	}
}

int resp_line(struct resp *resp, struct text *ret, struct err *err)
{
	size_t looked = 0;
	int r;

	for (;;) {
		const char *start = resp->in + resp->used;
		size_t length = resp->length - resp->used;
		const char *end = memchr(start + looked, '\n', length - looked);

		if (end != NULL) {
			*ret = (struct text){ start, (size_t)(end - start) };
			resp->used += ret->length + 1;
			if (ret->length > 0 && end[-1] == '\r')
				ret->length--;
			return 0;
		}
		looked = length;
		r = fill(resp, err);
		if (r < 0)
			return r;
	}
}

size_t resp_print_head(char *out, size_t args)
{
	return (size_t)sprintf(out, "*%zu\r\n", args);
}

size_t resp_print_arg(char *out, struct text arg)
{
	size_t length = (size_t)sprintf(out, "$%zu\r\n", arg.length);

	memcpy(out + length, arg.start, arg.length);
	memcpy(out + length + arg.length, "\r\n", 2);
	return length + arg.length + 2;
}

int resp_command(struct resp *resp, const char *const *args, size_t count, struct text *ret,
                 struct err *err)
{
	char command[4096];
	size_t length = resp_print_head(command, count);
	int r;

	for (size_t i = 0; i < count; i++) {
		struct text arg = text_of(args[i]);

		if (arg.length + RESP_OVERHEAD > sizeof(command) - length)
			return err_set(err, -EMSGSIZE, "a command for Redis is too long");
		length += resp_print_arg(command + length, arg);
	}
	r = resp_write(resp, (struct text){ command, length }, err);
	if (r == 0)
		r = resp_reply(resp, ret, err);
	if (r == 0 && ret->start[0] == '-')
		r = err_set(err, -EREMOTEIO, "Redis: %.*s", (int)(ret->length - 3), ret->start + 1);
	return r;
}
