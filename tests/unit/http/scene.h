#ifndef NAJIMI_TESTS_SCENE_H
#define NAJIMI_TESTS_SCENE_H

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "centre.h"
#include "najimi/http/http.h"

#define PATIENCE SEC(60)

/* The server on a port of its own, and a client that turns the loop while it waits. */
struct scene {
	struct centre *centre;
	struct http *http;
	char heard[1 << 20];
};

static inline int set_up(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	struct err err = { 0 };
	void *centre;

	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(centre_set_up(&centre), 0);
	scene->centre = centre;
	scene->http = http_new(&scene->centre->needs, &err);
	assert_non_null(scene->http);
	assert_int_equal(http_start(scene->http, &err), 0);
	*state = scene;
	return 0;
}

static inline int tear_down(void **state)
{
	struct scene *scene = *state;
	void *centre = scene->centre;

	http_free(scene->http);
	centre_tear_down(&centre);
	free(scene);
	return 0;
}

static inline int call_up(const struct scene *scene)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		                  .sin_port = htons((uint16_t)http_port(scene->http)) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

static inline void turn(struct scene *scene)
{
	struct timeval soon = { .tv_usec = 1000 };

	event_base_loopexit(scene->centre->base, &soon);
	event_base_dispatch(scene->centre->base);
}

static inline void say(int fd, const char *bytes)
{
	assert_int_equal(send(fd, bytes, strlen(bytes), MSG_NOSIGNAL), (ssize_t)strlen(bytes));
}

/* Reads until `enough` has been heard, or the server hangs up; false: neither. */
static inline bool hear(struct scene *scene, int fd, const char *enough)
{
	usec_t until = clock_monotonic() + PATIENCE;
	size_t length = 0;

	scene->heard[0] = '\0';
	while (clock_monotonic() < until) {
		ssize_t got = recv(fd, scene->heard + length, sizeof(scene->heard) - 1 - length,
		                   MSG_DONTWAIT);

		if (got == 0 || (got < 0 && errno == ECONNRESET))
			return true;
		if (got > 0) {
			length += (size_t)got;
			scene->heard[length] = '\0';
			if (enough != NULL && strstr(scene->heard, enough) != NULL)
				return true;
		} else {
			turn(scene);
		}
	}
	return false;
}

/* One request on a connection of its own. */
static inline const char *ask(struct scene *scene, const char *request)
{
	int fd = call_up(scene);

	say(fd, request);
	assert_true(hear(scene, fd, NULL));
	close(fd);
	turn(scene);
	return scene->heard;
}

static inline const char *get(struct scene *scene, const char *path, const char *headers)
{
	char request[2048];

	snprintf(request, sizeof(request),
	         "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n", path, headers);
	return ask(scene, request);
}

static inline void assert_status(const char *heard, const char *status)
{
	if (strncmp(heard, status, strlen(status)) != 0)
		print_error("expected %s, heard: %.200s\n", status, heard);
	assert_memory_equal(heard, status, strlen(status));
}

#endif
