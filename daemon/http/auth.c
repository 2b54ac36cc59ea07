#include "auth.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>
#include <strings.h>

#define DIGEST_BYTES 32
#define TOKEN_BYTES_MAX 1024

static bool digest_of(const char *token, unsigned char *ret)
{
	return EVP_Digest(token, strlen(token), ret, NULL, EVP_sha256(), NULL) == 1;
}

static int hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

static bool read_hex(const char *hex, unsigned char *ret)
{
	if (strlen(hex) != 2 * DIGEST_BYTES)
		return false;
	for (size_t i = 0; i < DIGEST_BYTES; i++) {
		int high = hex_value(hex[2 * i]), low = hex_value(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		ret[i] = (unsigned char)(high * 16 + low);
	}
	return true;
}

static bool has_token(const struct client_options *client, const unsigned char *digest)
{
	unsigned char own[DIGEST_BYTES];

	if (client->token[0] != '\0') {
		if (!digest_of(client->token, own))
			return false;
	} else if (!read_hex(client->token_sha256, own)) {
		return false;
	}
	return CRYPTO_memcmp(own, digest, DIGEST_BYTES) == 0;
}

/* The token after "Bearer", NULL when it is something else. */
static const char *bearer(const char *authorization)
{
	static const char scheme[] = "Bearer";
	const char *token = authorization + sizeof(scheme) - 1;
	size_t length;

	if (strncasecmp(authorization, scheme, sizeof(scheme) - 1) != 0 || *token != ' ')
		return NULL;
	token += strspn(token, " ");
	length = strlen(token);
	return length > 0 && length <= TOKEN_BYTES_MAX ? token : NULL;
}

static bool read_digest(const char *authorization, unsigned char ret[DIGEST_BYTES])
{
	const char *token = bearer(authorization);

	return token != NULL && digest_of(token, ret);
}

static bool may_read(enum client_role role)
{
	return role == ROLE_SUPERVISOR || role == ROLE_OBSERVER;
}

static bool may_route(const struct client_options *of, const char *client)
{
	return (of->role == ROLE_SUPERVISOR || of->role == ROLE_PBX) &&
	       (client[0] == '\0' || strcmp(of->name, "*") == 0 || strcmp(of->name, client) == 0);
}

enum auth_verdict auth_check(const struct options *options, bool loopback,
                             const char *authorization, bool *ret_pii)
{
	enum auth_verdict verdict = AUTH_WRONG;
	unsigned char digest[DIGEST_BYTES];

	*ret_pii = false;
	if (authorization == NULL)
		return loopback ? AUTH_TRUSTED : AUTH_MISSING;
	if (!read_digest(authorization, digest))
		return AUTH_WRONG;
	/* To the end even after a match: the time says nothing about who it was. Two
	 * clients may share a token; the better role counts. */
	for (size_t i = 0; i < options->clients_count; i++) {
		const struct client_options *client = &options->clients[i];

		if (!has_token(client, digest))
			continue;
		if (!may_read(client->role)) {
			verdict = verdict == AUTH_GRANTED ? verdict : AUTH_FORBIDDEN;
			continue;
		}
		verdict = AUTH_GRANTED;
		*ret_pii = *ret_pii || client->pii;
	}
	return verdict;
}

enum auth_verdict auth_check_calls(const struct options *options, const char *authorization,
                                   const char *client, const struct client_options **ret_client)
{
	unsigned char digest[DIGEST_BYTES];
	bool known = false;

	*ret_client = NULL;
	if (authorization == NULL)
		return AUTH_MISSING;
	if (!read_digest(authorization, digest))
		return AUTH_WRONG;
	for (size_t i = 0; i < options->clients_count; i++) {
		const struct client_options *of = &options->clients[i];

		if (!has_token(of, digest))
			continue;
		known = true;
		if (*ret_client == NULL && may_route(of, client))
			*ret_client = of;
	}
	if (*ret_client != NULL)
		return AUTH_GRANTED;
	return known ? AUTH_FORBIDDEN : AUTH_WRONG;
}
