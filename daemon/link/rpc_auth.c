#include "rpc_auth.h"

#include <errno.h>
#include <inttypes.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define FAILURES_FREE 3
#define FAILURES_WINDOW MINUTE(1)
#define CLOCK_SKEW_MAX 60 /* seconds between the client's clock and ours */

static void make_digest(const char *token, unsigned char ret[DIGEST_BYTES])
{
	/* Cannot fail with a digest that is built in; an empty result matches nobody. */
	if (EVP_Digest(token, strlen(token), ret, NULL, EVP_sha256(), NULL) != 1)
		memset(ret, 0, DIGEST_BYTES);
}

static void put_hex(const unsigned char *bytes, size_t count, char *ret)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < count; i++) {
		ret[2 * i] = digits[bytes[i] >> 4];
		ret[2 * i + 1] = digits[bytes[i] & 15];
	}
	ret[2 * count] = '\0';
}

static bool read_hex(const char *text, unsigned char *ret, size_t count)
{
	if (strlen(text) != 2 * count)
		return false;
	for (size_t i = 0; i < count; i++) {
		char digits[3] = { text[2 * i], text[2 * i + 1], '\0' };
		char *end;
		unsigned long value = strtoul(digits, &end, 16);

		if (*end != '\0' || digits[0] == '+' || digits[0] == '-' || digits[0] == ' ')
			return false;
		ret[i] = (unsigned char)value;
	}
	return true;
}

static bool make_digests(struct rpc_auth *auth)
{
	free(auth->digests);
	auth->clients_count = 0;
	auth->digests = calloc(auth->options->clients_count + 1, DIGEST_BYTES);
	if (auth->digests == NULL)
		return false;
	auth->clients_count = auth->options->clients_count;
	for (size_t i = 0; i < auth->clients_count; i++) {
		const struct client_options *client = &auth->options->clients[i];

		if (client->token[0] != '\0')
			make_digest(client->token, auth->digests[i]);
		else if (!read_hex(client->token_sha256, auth->digests[i], DIGEST_BYTES))
			memset(auth->digests[i], 0, DIGEST_BYTES);
	}
	return true;
}

int rpc_auth_configure(struct rpc_auth *auth, const struct options *options, struct err *err)
{
	auth->options = options;
	auth->networks_count = 0;
	for (char **text = options->rpc.trusted; text != NULL && *text != NULL; text++)
		if (auth->networks_count < AUTH_NETWORKS_MAX &&
		    network_read(*text, &auth->networks[auth->networks_count]))
			auth->networks_count++;
	return make_digests(auth) ? 0 : err_set(err, -ENOMEM, "out of memory");
}

void rpc_auth_done(struct rpc_auth *auth)
{
	free(auth->digests);
	auth->digests = NULL;
}

/* --- addresses --- */

bool rpc_auth_trusts(const struct rpc_auth *auth, const struct sockaddr *peer)
{
	struct network address;

	if (auth->options->rpc.trust != TRUST_ACL || !network_of_peer(peer, &address))
		return false;
	for (size_t i = 0; i < auth->networks_count; i++)
		if (network_holds(&auth->networks[i], &address))
			return true;
	return false;
}

/* --- openings --- */

void rpc_auth_mac(const char *secret, const char *nonce, const char *client, int64_t ts,
                  char ret[2 * DIGEST_BYTES + 1])
{
	char message[ID_BYTES_MAX + 2 * NONCE_BYTES + 64];
	unsigned char mac[DIGEST_BYTES];
	unsigned length = 0;
	int size = snprintf(message, sizeof(message), "acd1\n%s\n%s\n%" PRId64, nonce, client, ts);

	ret[0] = '\0';
	if (size < 0 || (size_t)size >= sizeof(message) ||
	    HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)message,
	         (size_t)size, mac, &length) == NULL)
		return;
	put_hex(mac, DIGEST_BYTES, ret);
}

static bool same_text(const char *a, const char *b)
{
	return strlen(a) == strlen(b) && CRYPTO_memcmp(a, b, strlen(a)) == 0;
}

static bool proves(const struct rpc_auth *auth, size_t index, const struct opening *opening,
                   const unsigned char *digest, const char *nonce)
{
	static const unsigned char nobody[DIGEST_BYTES];
	const struct client_options *client = &auth->options->clients[index];
	char mac[2 * DIGEST_BYTES + 1];

	if (opening->auth == AUTH_TOKEN)
		return CRYPTO_memcmp(auth->digests[index], digest, DIGEST_BYTES) == 0 &&
		       CRYPTO_memcmp(auth->digests[index], nobody, DIGEST_BYTES) != 0;
	/* A digest alone proves nothing with a challenge: the secret itself is needed. */
	if (client->token[0] == '\0')
		return false;
	rpc_auth_mac(client->token, nonce, opening->client, opening->ts, mac);
	return same_text(mac, opening->mac);
}

static bool challenge_holds(const struct opening *opening, const char *nonce, usec_t at)
{
	int64_t skew = opening->ts - (int64_t)(at / SEC(1));

	return nonce[0] != '\0' && (opening->nonce == NULL || same_text(opening->nonce, nonce)) &&
	       skew >= -CLOCK_SKEW_MAX && skew <= CLOCK_SKEW_MAX;
}

static bool names(const struct client_options *client, const char *name)
{
	return strcmp(client->name, "*") == 0 || strcmp(client->name, name) == 0;
}

/* Goes through all clients even after a match, so that the time says nothing. One
 * name may have several entries, each with a role of its own. */
static bool find_grant(const struct rpc_auth *auth, const struct opening *opening,
                       const char *nonce, struct grant *ret, struct refusal *refusal)
{
	unsigned char digest[DIGEST_BYTES] = { 0 };
	bool known = false;

	if (opening->auth == AUTH_TOKEN)
		make_digest(opening->token, digest);
	ret->client = NULL;
	for (size_t i = 0; i < auth->clients_count; i++) {
		const struct client_options *client = &auth->options->clients[i];

		if (!proves(auth, i, opening, digest, nonce) || !names(client, opening->client))
			continue;
		known = true;
		if (ret->client != NULL ||
		    (opening->role != ROLE_NONE && opening->role != client->role))
			continue;
		ret->client = client;
		ret->role = client->role;
		memcpy(ret->digest, auth->digests[i], DIGEST_BYTES);
	}
	if (ret->client != NULL)
		return true;
	return known ? refuse(refusal, RPC_FORBIDDEN, "role", "role",
	                      "this client has another role")
	             : refuse(refusal, RPC_UNAUTHORIZED, "auth_failed", "",
	                      "no client of that name with that secret");
}

bool rpc_auth_check(const struct rpc_auth *auth, const struct opening *opening, bool trusted,
                    const char *nonce, usec_t at, struct grant *ret, struct refusal *refusal)
{
	switch (opening->auth) {
	case AUTH_NONE:
		if (!trusted)
			return refuse(refusal, RPC_UNAUTHORIZED, "auth_required", "auth",
			              "a session needs auth here");
		*ret = (struct grant){ .role = opening->role == ROLE_NONE ? ROLE_SUPERVISOR
			                                                  : opening->role };
		return true;
	case AUTH_HMAC:
		if (!challenge_holds(opening, nonce, at))
			return refuse(refusal, RPC_UNAUTHORIZED, "challenge_expired", "auth",
			              "ask session.challenge, answer once and within %d s",
			              CLOCK_SKEW_MAX);
		break;
	case AUTH_TOKEN:
		break;
	case AUTH_UNSUPPORTED:
		return refuse(refusal, RPC_UNAUTHORIZED, "unsupported", "auth.method",
		              "wants token or hmac");
	}
	return find_grant(auth, opening, nonce, ret, refusal);
}

bool rpc_auth_holds(const struct rpc_auth *auth, const char *client, enum client_role role,
                    const unsigned char digest[DIGEST_BYTES])
{
	for (size_t i = 0; i < auth->clients_count; i++)
		if (auth->options->clients[i].role == role &&
		    names(&auth->options->clients[i], client) &&
		    memcmp(auth->digests[i], digest, DIGEST_BYTES) == 0)
			return true;
	return false;
}

bool rpc_auth_make_nonce(char ret[2 * NONCE_BYTES + 1])
{
	unsigned char bytes[NONCE_BYTES];

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return false;
	put_hex(bytes, sizeof(bytes), ret);
	return true;
}

bool rpc_auth_count_failure(struct rpc_auth *auth, const char *address, usec_t at)
{
	size_t i = 0;

	while (i < AUTH_FAILURES_KEPT && strcmp(auth->failures[i].address, address) != 0)
		i++;
	if (i == AUTH_FAILURES_KEPT) {
		i = auth->failures_next;
		auth->failures_next = (i + 1) % AUTH_FAILURES_KEPT;
		auth->failures[i].count = 0;
		snprintf(auth->failures[i].address, sizeof(auth->failures[i].address), "%s",
		         address);
	}
	if (auth->failures[i].count == 0 || at - auth->failures[i].since > FAILURES_WINDOW) {
		auth->failures[i].count = 0;
		auth->failures[i].since = at;
	}
	auth->failures[i].count++;
	return auth->failures[i].count >= FAILURES_FREE;
}
