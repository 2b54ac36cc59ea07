#include "auth.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static char star[] = "*", empty[] = "", supervisor[] = "boss", observer[] = "eyes", pbx[] = "pbx",
            both[] = "both";

/* SHA-256 of "wall", in both cases of letters. */
static char digest[] = "4D8AAA64F68587B18E27604CD3D3B67Aaa66342ef33df2ae755b5524e84cb3d5";

static struct client_options clients[] = {
	{ .name = star,
	  .agent = empty,
	  .role = ROLE_PBX,
	  .token = pbx,
	  .token_sha256 = empty,
	  .pii = true },
	{ .name = star,
	  .agent = empty,
	  .role = ROLE_SUPERVISOR,
	  .token = supervisor,
	  .token_sha256 = empty,
	  .pii = true },
	{ .name = star,
	  .agent = empty,
	  .role = ROLE_OBSERVER,
	  .token = observer,
	  .token_sha256 = empty },
	{ .name = star,
	  .agent = empty,
	  .role = ROLE_OBSERVER,
	  .token = empty,
	  .token_sha256 = digest },
	{ .name = star, .agent = empty, .role = ROLE_AGENT, .token = both, .token_sha256 = empty },
	{ .name = star,
	  .agent = empty,
	  .role = ROLE_OBSERVER,
	  .token = both,
	  .token_sha256 = empty },
	{ .name = star,
	  .agent = empty,
	  .role = ROLE_SUPERVISOR,
	  .token = empty,
	  .token_sha256 = empty },
};
static const struct options options = { .clients = clients,
	                                .clients_count = sizeof(clients) / sizeof(*clients) };

static enum auth_verdict check(bool loopback, const char *authorization)
{
	bool pii;

	return auth_check(&options, loopback, authorization, &pii);
}

static void on_loopback_nobody_needs_a_token(void **state)
{
	bool pii = true;

	(void)state;
	assert_int_equal(auth_check(&options, true, NULL, &pii), AUTH_TRUSTED);
	assert_false(pii); /* trusted to read, not to read numbers */
}

static void elsewhere_a_token_is_needed(void **state)
{
	(void)state;
	assert_int_equal(check(false, NULL), AUTH_MISSING);
	assert_int_equal(check(false, "Bearer boss"), AUTH_GRANTED);
	assert_int_equal(check(false, "bearer   eyes"), AUTH_GRANTED);
}

static void a_wrong_token_is_wrong_on_loopback_too(void **state)
{
	static const char *const wrong[] = { "Bearer nobody",  "Bearer bos", "Bearer bosss",
		                             "Bearer ",        "Bearer",     "Bearerboss",
		                             "Basic Ym9zcw==", "",           "Bearer boss " };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		assert_int_equal(check(true, wrong[i]), AUTH_WRONG);
		assert_int_equal(check(false, wrong[i]), AUTH_WRONG);
	}
}

static void telephony_systems_have_no_business_here(void **state)
{
	bool pii = true;

	(void)state;
	assert_int_equal(auth_check(&options, false, "Bearer pbx", &pii), AUTH_FORBIDDEN);
	assert_false(pii);
	/* A token that two clients share opens what either may. */
	assert_int_equal(check(false, "Bearer both"), AUTH_GRANTED);
}

static void numbers_are_for_clients_with_pii(void **state)
{
	bool pii = false;

	(void)state;
	assert_int_equal(auth_check(&options, false, "Bearer boss", &pii), AUTH_GRANTED);
	assert_true(pii);
	assert_int_equal(auth_check(&options, false, "Bearer eyes", &pii), AUTH_GRANTED);
	assert_false(pii);
}

static void a_token_known_by_its_digest_is_accepted(void **state)
{
	(void)state;
	assert_int_equal(check(false, "Bearer wall"), AUTH_GRANTED);
	digest[10] = 'g'; /* no hex digit: nobody's digest */
	assert_int_equal(check(false, "Bearer wall"), AUTH_WRONG);
}

static void calls_are_for_those_who_handle_them(void **state)
{
	static char name[] = "pbx-a";
	const struct client_options *client;

	(void)state;
	assert_int_equal(auth_check_calls(&options, NULL, "", &client), AUTH_MISSING);
	assert_int_equal(auth_check_calls(&options, "Bearer nobody", "", &client), AUTH_WRONG);
	assert_int_equal(auth_check_calls(&options, "Basic pbx", "", &client), AUTH_WRONG);
	assert_int_equal(auth_check_calls(&options, "Bearer eyes", "", &client), AUTH_FORBIDDEN);
	assert_int_equal(auth_check_calls(&options, "Bearer both", "", &client), AUTH_FORBIDDEN);
	assert_null(client);
	assert_int_equal(auth_check_calls(&options, "Bearer boss", "", &client), AUTH_GRANTED);
	assert_ptr_equal(client, &clients[1]);
	assert_int_equal(auth_check_calls(&options, "Bearer pbx", "any", &client), AUTH_GRANTED);
	assert_ptr_equal(client, &clients[0]);
	clients[0].name = name;
	assert_int_equal(auth_check_calls(&options, "Bearer pbx", "any", &client), AUTH_FORBIDDEN);
	assert_int_equal(auth_check_calls(&options, "Bearer pbx", "pbx-a", &client), AUTH_GRANTED);
	assert_int_equal(auth_check_calls(&options, "Bearer pbx", "", &client), AUTH_GRANTED);
	clients[0].name = star;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(on_loopback_nobody_needs_a_token),
		cmocka_unit_test(elsewhere_a_token_is_needed),
		cmocka_unit_test(a_wrong_token_is_wrong_on_loopback_too),
		cmocka_unit_test(telephony_systems_have_no_business_here),
		cmocka_unit_test(numbers_are_for_clients_with_pii),
		cmocka_unit_test(calls_are_for_those_who_handle_them),
		cmocka_unit_test(a_token_known_by_its_digest_is_accepted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
