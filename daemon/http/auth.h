#ifndef NAJIMI_HTTP_AUTH_H
#define NAJIMI_HTTP_AUTH_H

#include <stdbool.h>

#include "najimi/config/options.h"

/* For WWW-Authenticate: RFC 6750 section 3. */
#define AUTH_CHALLENGE "Bearer realm=\"najimi\""

/* Who may read what, from the Authorization header. */
enum auth_verdict {
	AUTH_TRUSTED,  /* no token, and none is needed: we listen on loopback alone */
	AUTH_GRANTED,  /* a supervisor's or observer's token */
	AUTH_MISSING,  /* a token is needed and none was sent */
	AUTH_WRONG,    /* not a bearer token, or nobody's */
	AUTH_FORBIDDEN /* the token of a role that has no business here */
};

/* `authorization` is the header's value, NULL without. A token that is sent is
 * checked, trusted or not. *ret_pii: whether callers' numbers may be shown, which
 * takes a client with `pii`. Takes the same time for every wrong token. */
enum auth_verdict auth_check(const struct options *options, bool loopback,
                             const char *authorization, bool *ret_pii);

/* Likewise of who wants calls routed, which takes the role pbx or supervisor, and if they
 * say in whose name (`client`, "" for nobody's), the token of a client of that name, or of
 * "*". *ret_client: whose token it is, NULL unless it is granted. Trusts nobody. */
enum auth_verdict auth_check_calls(const struct options *options, const char *authorization,
                                   const char *client, const struct client_options **ret_client);

#endif
