#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "najimi/shell/listener.h"
#include "najimi/shell/log.h"

struct guests {
	unsigned count;
	int family, flags;
};

static void welcome(int fd, const struct sockaddr *peer, void *arg)
{
	struct guests *guests = arg;

	guests->count++;
	guests->family = peer->sa_family;
	guests->flags = fcntl(fd, F_GETFL);
	close(fd);
}

static int call_up(int family, unsigned port)
{
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };
	int fd = socket(family, SOCK_STREAM, 0);

	four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	six.sin6_addr = in6addr_loopback;
	if (connect(fd, family == AF_INET ? (struct sockaddr *)&four : (struct sockaddr *)&six,
	            family == AF_INET ? sizeof(four) : sizeof(six)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static void turns(struct event_base *base, unsigned count)
{
	while (count-- > 0) {
		event_base_loop(base, EVLOOP_NONBLOCK);
		usleep(1000);
	}
}

static void takes_connections_on_any_port_it_is_given(void **state)
{
	struct event_base *base = event_base_new();
	struct guests guests = { 0 };
	struct listener *listener = NULL;
	struct err err = { 0 };
	int fd;

	(void)state;
	assert_int_equal(
	        listener_new(base, "rpc", "127.0.0.1:0", welcome, &guests, &listener, &err), 0);
	assert_true(listener_port(listener) > 0);
	fd = call_up(AF_INET, listener_port(listener));
	assert_true(fd >= 0);
	turns(base, 3);
	assert_int_equal(guests.count, 1);
	assert_int_equal(guests.family, AF_INET);
	assert_true(guests.flags & O_NONBLOCK);
	close(fd);
	listener_free(listener);
	event_base_free(base);
}

static void listens_on_both_kinds_of_addresses(void **state)
{
	struct event_base *base = event_base_new();
	struct guests guests = { 0 };
	struct listener *listener = NULL;
	struct err err = { 0 };
	int r, fd;

	(void)state;
	r = listener_new(base, "rpc", "[::1]:0", welcome, &guests, &listener, &err);
	if (r == -EADDRNOTAVAIL || r == -EAFNOSUPPORT) {
		event_base_free(base);
		skip(); /* a machine without IPv6 */
	}
	assert_int_equal(r, 0);
	fd = call_up(AF_INET6, listener_port(listener));
	assert_true(fd >= 0);
	turns(base, 3);
	assert_int_equal(guests.family, AF_INET6);
	assert_int_equal(call_up(AF_INET, listener_port(listener)), -1);
	close(fd);
	listener_free(listener);
	event_base_free(base);
}

static void says_what_is_wrong_with_an_address(void **state)
{
	static const char *const wrong[] = { "",
		                             "7070",
		                             "127.0.0.1",
		                             "127.0.0.1:",
		                             "here:7070",
		                             "::1:7070",
		                             "[::1]",
		                             "[127.0.0.1]:1",
		                             "127.0.0.1:65536",
		                             "127.0.0.1:-1",
		                             "127.0.0.1:http",
		                             "[]:1",
		                             ":7070" };
	struct event_base *base = event_base_new();
	struct listener *listener = NULL;
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		err.text[0] = '\0';
		assert_int_equal(
		        listener_new(base, "rpc", wrong[i], welcome, NULL, &listener, &err),
		        -EINVAL);
		assert_non_null(strstr(err.text, "ADDRESS:PORT"));
		assert_null(listener);
	}
	event_base_free(base);
}

static void says_when_a_port_is_taken(void **state)
{
	struct event_base *base = event_base_new();
	struct listener *first = NULL, *second = NULL;
	struct err err = { 0 };
	char address[32];

	(void)state;
	assert_int_equal(listener_new(base, "rpc", "127.0.0.1:0", welcome, NULL, &first, &err), 0);
	snprintf(address, sizeof(address), "127.0.0.1:%u", listener_port(first));
	assert_int_equal(listener_new(base, "rpc", address, welcome, NULL, &second, &err),
	                 -EADDRINUSE);
	assert_non_null(strstr(err.text, address));
	assert_null(second);
	listener_free(first);
	event_base_free(base);
}

static void rests_when_there_are_no_descriptors_and_goes_on_after(void **state)
{
	struct event_base *base = event_base_new();
	struct listener *listener = NULL;
	struct guests guests = { 0 };
	struct rlimit limit, low;
	struct err err = { 0 };
	int fd;

	(void)state;
	log_set_level(LOG_LEVEL_ERROR);
	assert_int_equal(
	        listener_new(base, "rpc", "127.0.0.1:0", welcome, &guests, &listener, &err), 0);
	fd = call_up(AF_INET, listener_port(listener));
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	low = limit;
	low.rlim_cur = (rlim_t)fd + 1;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
	turns(base, 5);
	assert_int_equal(guests.count, 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	turns(base, 150);
	assert_int_equal(guests.count, 1);
	close(fd);
	listener_free(listener);
	event_base_free(base);
}

static void assert_reach(const char *address, const char *said, const char *wanted)
{
	struct event_base *base = event_base_new();
	struct guests guests = { 0 };
	struct listener *listener = NULL;
	struct err err = { 0 };
	char text[300], found[300];

	if (listener_new(base, "rpc", address, welcome, &guests, &listener, &err) == 0) {
		snprintf(text, sizeof(text), wanted[strlen(wanted) - 1] == ':' ? "%s%u" : "%s",
		         wanted, listener_port(listener));
		listener_reach(listener, said, found, sizeof(found));
		assert_string_equal(found, text);
		listener_reach(listener, said, found, strlen(text)); /* a byte too few */
		assert_string_equal(found, "");
	} else {
		print_message("%s: %s\n", address, err.text); /* a machine without IPv6 */
		assert_true(address[0] == '[');
	}
	listener_free(listener);
	event_base_free(base);
}

static void says_where_others_reach_it(void **state)
{
	char name[256] = "", named[300], found[8] = "x";

	(void)state;
	assert_int_equal(gethostname(name, sizeof(name) - 1), 0);
	snprintf(named, sizeof(named), "%s:", name);
	assert_reach("127.0.0.1:0", "", "127.0.0.1:");
	assert_reach("[::1]:0", "", "[::1]:");
	/* Every address is none: this machine has a name. */
	assert_reach("0.0.0.0:0", "", named);
	assert_reach("[::]:0", "", named);
	assert_reach("0.0.0.0:0", "pbx-a.example:7070", "pbx-a.example:7070");
	listener_reach(NULL, "pbx-a.example:7070", found, sizeof(found));
	assert_string_equal(found, "");
}

static void nothing_is_freed_as_nothing(void **state)
{
	(void)state;
	assert_null(listener_free(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_connections_on_any_port_it_is_given),
		cmocka_unit_test(listens_on_both_kinds_of_addresses),
		cmocka_unit_test(says_what_is_wrong_with_an_address),
		cmocka_unit_test(says_when_a_port_is_taken),
		cmocka_unit_test(rests_when_there_are_no_descriptors_and_goes_on_after),
		cmocka_unit_test(says_where_others_reach_it),
		cmocka_unit_test(nothing_is_freed_as_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
