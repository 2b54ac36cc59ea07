#ifndef LINK_RPC_AUTH_H
#define LINK_RPC_AUTH_H

#include "najimi/config/options.h"
#include "networks.h"
#include "rpc_translate.h"

/* Who may speak: tokens, challenges and trusted addresses. */

#define DIGEST_BYTES 32
#define NONCE_BYTES 16
#define AUTH_NETWORKS_MAX 64
#define AUTH_FAILURES_KEPT 256

struct rpc_auth {
	const struct options *options;
	size_t clients_count;
	unsigned char (*digests)[DIGEST_BYTES]; /* of the options' clients, in their order */
	size_t networks_count;
	struct network networks[AUTH_NETWORKS_MAX];
	size_t failures_next;
	struct {
		char address[64];
		usec_t since;
		unsigned count;
	} failures[AUTH_FAILURES_KEPT];
};

/* Takes over clients and trusted networks; may be called again. After -ENOMEM nobody
 * has a token. `options` must live until the next call. */
int rpc_auth_configure(struct rpc_auth *auth, const struct options *options,
                       struct err *err) MUST_CHECK;
void rpc_auth_done(struct rpc_auth *auth);

/* Whether requests from this address are taken without a session. */
bool rpc_auth_trusts(const struct rpc_auth *auth, const struct sockaddr *peer);

struct grant {
	const struct client_options *client; /* NULL: a trusted address, without a token */
	unsigned char digest[DIGEST_BYTES];  /* of the client's token */
	enum client_role role;
};

/* Checks what an opening says of itself. `nonce` is the one given out on this
 * connection, "" none; `at` is the wall clock. False with -32001, or -32002 when the
 * token is right and the role is not the client's. Takes as long for a wrong token
 * as for a right one. */
bool rpc_auth_check(const struct rpc_auth *auth, const struct opening *opening, bool trusted,
                    const char *nonce, usec_t at, struct grant *ret, struct refusal *refusal);

/* Whether a session that was granted this may go on after a reload. */
bool rpc_auth_holds(const struct rpc_auth *auth, const char *client, enum client_role role,
                    const unsigned char digest[DIGEST_BYTES]);

/* The hex digits of HMAC-SHA256(secret, "acd1\n" nonce "\n" client "\n" ts): the
 * prefix is the first protocol draft's and part of the contract. */
void rpc_auth_mac(const char *secret, const char *nonce, const char *client, int64_t ts,
                  char ret[2 * DIGEST_BYTES + 1]);

/* A fresh challenge. False: the system has no random bytes for us. */
bool rpc_auth_make_nonce(char ret[2 * NONCE_BYTES + 1]) MUST_CHECK;

/* Counts a failure of this address; true from the third within a minute on: the
 * answer should come late. */
bool rpc_auth_count_failure(struct rpc_auth *auth, const char *address, usec_t at);

#endif
