#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "networks.h"

static bool within(const char *outer, const char *inner)
{
	struct network a, b;

	assert_true(network_read(outer, &a));
	assert_true(network_read(inner, &b));
	return network_holds(&a, &b);
}

static void a_network_holds_what_begins_like_it(void **state)
{
	(void)state;
	assert_true(within("127.0.0.0/8", "127.255.0.9"));
	assert_false(within("127.0.0.0/8", "128.0.0.1"));
	assert_true(within("192.0.2.7", "192.0.2.7"));
	assert_false(within("192.0.2.7", "192.0.2.8"));
	assert_true(within("10.0.0.0/9", "10.127.0.1"));
	assert_false(within("10.0.0.0/9", "10.128.0.1"));
	assert_true(within("0.0.0.0/0", "203.0.113.9"));
	assert_true(within("2001:db8::/33", "2001:db8:7fff::1"));
	assert_false(within("2001:db8::/33", "2001:db8:8000::1"));
	assert_false(within("::/0", "192.0.2.7"));
	assert_false(within("192.0.2.7", "192.0.2.0/24"));
}

static void what_is_no_address_is_not_read(void **state)
{
	struct network network;

	(void)state;
	assert_false(network_read("", &network));
	assert_false(network_read("pbx.example.com", &network));
	assert_false(network_read("192.0.2", &network));
	assert_false(network_read("192.0.2.7:5038", &network));
}

static void a_peer_in_ipv6s_clothes_counts_as_what_it_is(void **state)
{
	struct sockaddr_in6 peer = { .sin6_family = AF_INET6 };
	struct sockaddr local = { .sa_family = AF_UNIX };
	struct network four, found;

	(void)state;
	inet_pton(AF_INET6, "::ffff:192.0.2.7", &peer.sin6_addr);
	assert_true(network_read("192.0.2.0/24", &four));
	assert_true(network_of_peer((struct sockaddr *)&peer, &found));
	assert_true(network_holds(&four, &found));
	assert_false(network_of_peer(&local, &found));
}

static void addresses_are_printed_as_people_write_them(void **state)
{
	struct sockaddr_in6 peer = { .sin6_family = AF_INET6 };
	struct sockaddr local = { .sa_family = AF_UNIX };
	char text[64];

	(void)state;
	inet_pton(AF_INET6, "::ffff:10.1.2.3", &peer.sin6_addr);
	network_print_peer((struct sockaddr *)&peer, text, sizeof(text));
	assert_string_equal(text, "10.1.2.3");
	inet_pton(AF_INET6, "2001:db8::5", &peer.sin6_addr);
	network_print_peer((struct sockaddr *)&peer, text, sizeof(text));
	assert_string_equal(text, "2001:db8::5");
	network_print_peer(&local, text, sizeof(text));
	assert_string_equal(text, "local");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_network_holds_what_begins_like_it),
		cmocka_unit_test(what_is_no_address_is_not_read),
		cmocka_unit_test(a_peer_in_ipv6s_clothes_counts_as_what_it_is),
		cmocka_unit_test(addresses_are_printed_as_people_write_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
