#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>

#include "rpc_auth.h"
#include "said.h"

#define AT SEC(1795305425)

static char star[] = "*", pbx_a[] = "pbx-a", desk[] = "desk", none[] = "";
static char k3y[] = "k3y", t0ken[] = "t0ken", boss[] = "boss";
/* printf %s w0rd | sha256sum */
static char digest[] = "4f9be2010bc6efc50ca84e6562fe8f7cc7326336fafaf904ae4ac731534ba47c";

static struct client_options clients[] = {
	{ .name = pbx_a, .agent = none, .role = ROLE_PBX, .token = k3y, .token_sha256 = none },
	{ .name = star, .agent = desk, .role = ROLE_AGENT, .token = t0ken, .token_sha256 = none },
	{ .name = star,
	  .agent = none,
	  .role = ROLE_SUPERVISOR,
	  .token = boss,
	  .token_sha256 = none },
	{ .name = star,
	  .agent = none,
	  .role = ROLE_OBSERVER,
	  .token = none,
	  .token_sha256 = digest },
};

static char loopback[] = "127.0.0.0/8", six[] = "2001:db8::/33", one[] = "192.0.2.7";
static char *trusted[] = { loopback, six, one, NULL };

static struct options options = { .rpc = { .trust = TRUST_ACL, .trusted = trusted },
	                          .clients_count = ARRAY_LEN(clients),
	                          .clients = clients };

static struct rpc_auth *make_auth(void)
{
	struct rpc_auth *auth = calloc(1, sizeof(*auth));
	struct err err = { 0 };

	assert_non_null(auth);
	assert_int_equal(rpc_auth_configure(auth, &options, &err), 0);
	return auth;
}

static void free_auth(struct rpc_auth *auth)
{
	rpc_auth_done(auth);
	free(auth);
}

static bool check(struct rpc_auth *auth, const struct opening *opening, const char *nonce,
                  struct grant *ret, struct refusal *refusal)
{
	return rpc_auth_check(auth, opening, false, nonce, AT, ret, refusal);
}

static void the_mac_is_the_one_of_the_test_vector(void **state)
{
	char mac[2 * DIGEST_BYTES + 1];

	(void)state;
	rpc_auth_mac("k3y", "nonce-7f", "pbx-a", 1795305425, mac);
	assert_string_equal(mac,
	                    "684bf6e51a73175b763614e7cf5f17acbd9427d4e2756eaf1da3fb7887e361e8");
}

static void an_answered_challenge_opens_and_only_the_right_answer_does(void **state)
{
	static const char right[] =
	        "684bf6e51a73175b763614e7cf5f17acbd9427d4e2756eaf1da3fb7887e361e8";
	struct opening opening = {
		.client = "pbx-a", .auth = AUTH_HMAC, .mac = right, .ts = 1795305425
	};
	struct rpc_auth *auth = make_auth();
	struct refusal refusal;
	struct grant grant;

	(void)state;
	assert_true(check(auth, &opening, "nonce-7f", &grant, &refusal));
	assert_int_equal(grant.role, ROLE_PBX);
	assert_string_equal(grant.client->name, "pbx-a");
	opening.nonce = "nonce-7f";
	assert_true(check(auth, &opening, "nonce-7f", &grant, &refusal));

	/* no challenge, another challenge, another name, a clock that is off */
	assert_false(check(auth, &opening, "", &grant, &refusal));
	assert_string_equal(refusal.reason, "challenge_expired");
	assert_false(check(auth, &opening, "nonce-80", &grant, &refusal));
	opening.nonce = NULL;
	assert_false(check(auth, &opening, "nonce-80", &grant, &refusal));
	assert_string_equal(refusal.reason, "auth_failed");
	opening.client = "pbx-b";
	assert_false(check(auth, &opening, "nonce-7f", &grant, &refusal));
	opening.client = "pbx-a";
	assert_false(
	        rpc_auth_check(auth, &opening, false, "nonce-7f", AT + SEC(61), &grant, &refusal));
	assert_int_equal(refusal.code, RPC_UNAUTHORIZED);
	assert_string_equal(refusal.reason, "challenge_expired");
	assert_true(
	        rpc_auth_check(auth, &opening, false, "nonce-7f", AT + SEC(60), &grant, &refusal));
	free_auth(auth);
}

static void a_token_opens_what_it_is_for(void **state)
{
	struct opening opening = { .client = "pbx-a", .auth = AUTH_TOKEN, .token = "k3y" };
	struct rpc_auth *auth = make_auth();
	struct refusal refusal;
	struct grant grant;

	(void)state;
	assert_true(check(auth, &opening, "", &grant, &refusal));
	assert_int_equal(grant.role, ROLE_PBX);
	opening.client = "pbx-b"; /* the token is pbx-a's */
	assert_false(check(auth, &opening, "", &grant, &refusal));
	assert_int_equal(refusal.code, RPC_UNAUTHORIZED);
	assert_string_equal(refusal.reason, "auth_failed");
	opening.client = "anybody";
	opening.token = "t0ken";
	assert_true(check(auth, &opening, "", &grant, &refusal));
	assert_string_equal(grant.client->agent, "desk");
	opening.role = ROLE_SUPERVISOR;
	assert_false(check(auth, &opening, "", &grant, &refusal));
	assert_int_equal(refusal.code, RPC_FORBIDDEN);
	assert_string_equal(refusal.field, "role");
	opening.token = "";
	assert_false(check(auth, &opening, "", &grant, &refusal));
	opening.token = "k3";
	assert_false(check(auth, &opening, "", &grant, &refusal));
	free_auth(auth);
}

static void a_digest_in_the_configuration_is_as_good_as_the_token(void **state)
{
	struct opening opening = { .client = "wall", .auth = AUTH_TOKEN, .token = "w0rd" };
	struct rpc_auth *auth = make_auth();
	struct refusal refusal;
	struct grant grant;

	(void)state;
	assert_true(check(auth, &opening, "", &grant, &refusal));
	assert_int_equal(grant.role, ROLE_OBSERVER);
	assert_true(rpc_auth_holds(auth, "wall", ROLE_OBSERVER, grant.digest));
	assert_false(rpc_auth_holds(auth, "wall", ROLE_PBX, grant.digest));
	/* But it answers no challenge: for that the secret itself is needed. */
	opening = (struct opening){
		.client = "wall", .auth = AUTH_HMAC, .ts = AT / SEC(1), .mac = digest
	};
	assert_false(check(auth, &opening, "nonce", &grant, &refusal));
	free_auth(auth);
}

static void a_digest_that_is_none_opens_nothing(void **state)
{
	struct opening opening = { .client = "wall", .auth = AUTH_TOKEN, .token = "w0rd" };
	struct rpc_auth *auth = make_auth();
	char first = digest[0];
	struct refusal refusal;
	struct grant grant;

	(void)state;
	digest[0] = 'x';
	assert_int_equal(rpc_auth_configure(auth, &options, NULL), 0);
	assert_false(check(auth, &opening, "", &grant, &refusal));
	digest[0] = first;
	free_auth(auth);
}

static void without_auth_only_trusted_addresses_are_let_in(void **state)
{
	struct opening opening = { .client = "pbx-a" };
	struct rpc_auth *auth = make_auth();
	struct refusal refusal;
	struct grant grant;

	(void)state;
	assert_false(rpc_auth_check(auth, &opening, false, "", AT, &grant, &refusal));
	assert_int_equal(refusal.code, RPC_UNAUTHORIZED);
	assert_string_equal(refusal.reason, "auth_required");
	assert_true(rpc_auth_check(auth, &opening, true, "", AT, &grant, &refusal));
	assert_int_equal(grant.role, ROLE_SUPERVISOR);
	assert_null(grant.client);
	opening.role = ROLE_PBX;
	assert_true(rpc_auth_check(auth, &opening, true, "", AT, &grant, &refusal));
	assert_int_equal(grant.role, ROLE_PBX);
	/* A secret that is shown must be right, trusted or not. */
	opening.auth = AUTH_TOKEN;
	opening.token = "wrong";
	assert_false(rpc_auth_check(auth, &opening, true, "", AT, &grant, &refusal));
	opening.auth = AUTH_UNSUPPORTED;
	assert_false(rpc_auth_check(auth, &opening, true, "", AT, &grant, &refusal));
	assert_int_equal(refusal.code, RPC_UNAUTHORIZED);
	assert_string_equal(refusal.reason, "unsupported");
	free_auth(auth);
}

static bool trusts(struct rpc_auth *auth, const char *address)
{
	struct sockaddr_storage peer = { 0 };
	struct sockaddr_in *four = (struct sockaddr_in *)&peer;
	struct sockaddr_in6 *long_one = (struct sockaddr_in6 *)&peer;

	if (strchr(address, ':') == NULL) {
		peer.ss_family = AF_INET;
		assert_int_equal(inet_pton(AF_INET, address, &four->sin_addr), 1);
	} else {
		peer.ss_family = AF_INET6;
		assert_int_equal(inet_pton(AF_INET6, address, &long_one->sin6_addr), 1);
	}
	return rpc_auth_trusts(auth, (struct sockaddr *)&peer);
}

static void addresses_are_trusted_by_network(void **state)
{
	struct rpc_auth *auth = make_auth();

	(void)state;
	assert_true(trusts(auth, "127.0.0.1"));
	assert_true(trusts(auth, "127.255.0.9"));
	assert_false(trusts(auth, "128.0.0.1"));
	assert_true(trusts(auth, "192.0.2.7"));
	assert_false(trusts(auth, "192.0.2.8"));
	assert_true(trusts(auth, "::ffff:192.0.2.7"));
	assert_true(trusts(auth, "2001:db8:7fff::1"));
	assert_false(trusts(auth, "2001:db8:8000::1"));
	assert_false(trusts(auth, "::1"));
	options.rpc.trust = TRUST_SESSION;
	assert_false(trusts(auth, "127.0.0.1"));
	options.rpc.trust = TRUST_ACL;
	free_auth(auth);
}

static void the_third_failure_within_a_minute_is_answered_late(void **state)
{
	struct rpc_auth *auth = make_auth();
	char address[64];

	(void)state;
	assert_false(rpc_auth_count_failure(auth, "10.0.0.1", SEC(1)));
	assert_false(rpc_auth_count_failure(auth, "10.0.0.1", SEC(2)));
	assert_false(rpc_auth_count_failure(auth, "10.0.0.2", SEC(3)));
	assert_true(rpc_auth_count_failure(auth, "10.0.0.1", SEC(3)));
	assert_false(rpc_auth_count_failure(auth, "10.0.0.1", SEC(62)));
	/* Many addresses push each other out, and nothing else. */
	for (int i = 0; i < 2 * AUTH_FAILURES_KEPT; i++) {
		snprintf(address, sizeof(address), "10.1.%d.%d", i / 256, i % 256);
		assert_false(rpc_auth_count_failure(auth, address, SEC(70)));
	}
	assert_false(rpc_auth_count_failure(auth, "10.0.0.2", SEC(70)));
	free_auth(auth);
}

static void no_two_challenges_are_equal(void **state)
{
	char first[2 * NONCE_BYTES + 1], second[2 * NONCE_BYTES + 1];

	(void)state;
	assert_true(rpc_auth_make_nonce(first));
	assert_true(rpc_auth_make_nonce(second));
	assert_int_equal(strlen(first), 2 * NONCE_BYTES);
	assert_string_not_equal(first, second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_mac_is_the_one_of_the_test_vector),
		cmocka_unit_test(an_answered_challenge_opens_and_only_the_right_answer_does),
		cmocka_unit_test(a_token_opens_what_it_is_for),
		cmocka_unit_test(a_digest_in_the_configuration_is_as_good_as_the_token),
		cmocka_unit_test(a_digest_that_is_none_opens_nothing),
		cmocka_unit_test(without_auth_only_trusted_addresses_are_let_in),
		cmocka_unit_test(addresses_are_trusted_by_network),
		cmocka_unit_test(the_third_failure_within_a_minute_is_answered_late),
		cmocka_unit_test(no_two_challenges_are_equal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
