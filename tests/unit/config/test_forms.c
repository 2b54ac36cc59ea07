#include "config_test.h"

#include "rows.h"

static void takes(option_form_fn *form, const char *const *texts)
{
	struct err err = { "" };

	for (; *texts != NULL; texts++)
		if (form(*texts, &err) != 0)
			fail_msg("%s: %s", *texts, err.text);
}

static void refuses_all(option_form_fn *form, const char *const *texts)
{
	for (; *texts != NULL; texts++) {
		struct err err = { "" };

		if (form(*texts, &err) >= 0)
			fail_msg("takes \"%s\"", *texts);
		assert_true(strncmp(err.text, "wants ", 6) == 0);
	}
}

static void a_listener_has_a_numeric_address_and_a_port(void **state)
{
	const char *const good[] = { "",           "127.0.0.1:7070",      "0.0.0.0:0",
		                     "[::1]:7070", "[2001:db8::7]:65535", NULL };
	const char *const bad[] = { "7070",         ":7070",          "localhost:7070",
		                    "127.0.0.1",    "127.0.0.1:",     "127.0.0.1:65536",
		                    "::1:7070",     "[::1]",          "[::1:7070",
		                    "[]:1",         "1.2.3:7070",     "127.0.0.1:-1",
		                    "127.0.0.1:7x", "[127.0.0.1]:70", NULL };

	(void)state;
	takes(form_listen, good);
	refuses_all(form_listen, bad);
}

static void an_address_may_have_a_name_and_needs_a_port(void **state)
{
	const char *const good[] = { "", "127.0.0.1:6379", "redis.example.com:6380", "[::1]:6379",
		                     NULL };
	const char *const bad[] = { "redis",    "redis:0",     ":6379", "re dis:6379",
		                    "::1:6379", "redis:70000", NULL };

	(void)state;
	takes(form_address, good);
	refuses_all(form_address, bad);
}

static void what_is_advertised_can_be_connected_to(void **state)
{
	const char *const good[] = { "",
		                     "127.0.0.1:7070",
		                     "pbx-a.example:7070",
		                     "[2001:db8::7]:7070",
		                     "0.0.0.0.example:7070",
		                     NULL };
	const char *const bad[] = { "0.0.0.0:7070", "[::]:7070", "[0:0:0:0:0:0:0:0]:7070",
		                    "pbx-a:0",      "pbx-a",     ":7070",
		                    "pbx a:7070",   "::1:7070",  NULL };

	(void)state;
	takes(form_advertised, good);
	refuses_all(form_advertised, bad);
}

static void a_network_has_as_many_bits_as_its_family(void **state)
{
	const char *const good[] = { "127.0.0.0/8",    "::1", "10.0.0.1", "0.0.0.0/0", "fd00::/8",
		                     "2001:db8::/128", NULL };
	const char *const bad[] = { "",           "10.0.0.0/33", "10.0.0.0/", "::1/129", "10.0.0/8",
		                    "10.0.0.0/x", "[::1]",       "host",      "/8",      NULL };

	(void)state;
	takes(form_network, good);
	refuses_all(form_network, bad);
}

static void a_part_of_a_key_has_no_braces(void **state)
{
	const char *const good[] = { "main", "Tokyo-2", "a.b_c", NULL };
	const char *const bad[] = { "{main}", "a:b", "a b", "\xe6\x9d\xb1", NULL };

	(void)state;
	takes(form_key_part, good);
	refuses_all(form_key_part, bad);
}

static void a_skill_is_a_word_that_can_stand_before_its_level(void **state)
{
	const char *const good[] = { "german", "tier-2", "a_b", NULL };
	const char *const bad[] = { "", "2nd", "a b", "-x", "\xc3\xa4", NULL };

	(void)state;
	takes(form_word, good);
	refuses_all(form_word, bad);
}

static void shared_numbers_are_beginnings_or_ranges(void **state)
{
	const char *const good[] = { "+81120", "+81312340000-+81312349999",
		                     "+1-+1",  "+81312340000-9999",
		                     "+12-2",  "+81-82",
		                     NULL };
	const char *const bad[] = { "",       "81120",   "+",        "+81x",
		                    "+82-81", "+82-+81", "+812-+81", "+1234567890123456",
		                    "+12-1",  "+12-",    "+12-345",  "+81-x",
		                    "+81-+",  "+12-+3",  NULL };

	(void)state;
	takes(form_numbers, good);
	refuses_all(form_numbers, bad);
}

static void digits_digests_and_paths_are_what_they_are(void **state)
{
	const char *const digits[] = { "", "81", "010", NULL };
	const char *const no_digits[] = { "+81", "0 1", NULL };
	const char *const digests[] = {
		"", "0123456789abcdefABCDEF0123456789abcdef0123456789abcdef0123456789", NULL
	};
	const char *const no_digests[] = {
		"12", "0123456789abcdefABCDEG0123456789abcdef0123456789abcdef0123456789", NULL
	};
	const char *const paths[] = { "", "/run/redis.sock", NULL };
	const char *const no_paths[] = { "redis.sock", "./x", NULL };

	(void)state;
	takes(form_digits, digits);
	refuses_all(form_digits, no_digits);
	takes(form_sha256, digests);
	refuses_all(form_sha256, no_digests);
	takes(form_path, paths);
	refuses_all(form_path, no_paths);
}

static void a_time_zone_is_one_that_the_machine_has(void **state)
{
	const char *const zones[] = { "", "UTC", "Asia/Tokyo", "Etc/GMT+3", NULL };
	const char *const none[] = { "Asia/Tokio",     "Asia",  "../zoneinfo/Asia/Tokyo",
		                     "/etc/localtime", "JST-9", NULL };

	(void)state;
	takes(form_zone, zones);
	refuses_all(form_zone, none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_listener_has_a_numeric_address_and_a_port),
		cmocka_unit_test(an_address_may_have_a_name_and_needs_a_port),
		cmocka_unit_test(what_is_advertised_can_be_connected_to),
		cmocka_unit_test(a_network_has_as_many_bits_as_its_family),
		cmocka_unit_test(a_part_of_a_key_has_no_braces),
		cmocka_unit_test(a_skill_is_a_word_that_can_stand_before_its_level),
		cmocka_unit_test(shared_numbers_are_beginnings_or_ranges),
		cmocka_unit_test(digits_digests_and_paths_are_what_they_are),
		cmocka_unit_test(a_time_zone_is_one_that_the_machine_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
