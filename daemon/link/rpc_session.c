#include "rpc_session.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "clients.h"
#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"
#include "rpc_events.h"
#include "rpc_link.h"
#include "rpc_pending.h"

#define PENALTY SEC(1)

static bool reports_calls(enum client_role role)
{
	return role == ROLE_PBX || role == ROLE_SUPERVISOR;
}

bool session_challenge(struct exchange *x)
{
	struct json_out out;

	if (!rpc_auth_make_nonce(x->conn->nonce))
		return refuse(&x->refusal, RPC_INTERNAL_ERROR, "no_random", "",
		              "no random bytes to be had");
	answer_begin(&x->asker, &out);
	json_object(&out, "result");
	json_text(&out, "nonce", x->conn->nonce);
	json_object_end(&out);
	answer_end(&x->asker, &out);
	return true;
}

/* --- refusing --- */

/* Whoever guesses gets the answer late, and cannot ask anything else meanwhile. */
static bool refuse_late(struct exchange *x)
{
	struct pending *pending;

	pending = pending_new(&x->asker, PENDING_REFUSAL, &x->refusal);
	if (pending == NULL)
		return false;
	pending->refusal = malloc(sizeof(*pending->refusal));
	if (pending->refusal != NULL)
		*pending->refusal = x->refusal;
	if (pending->refusal == NULL || !pending_set_timer(pending, PENALTY)) {
		pending_free(pending);
		return false;
	}
	rpc_conn_hold(x->conn, HOLD_PENALTY);
	return true;
}

/* As a handler's result. */
static bool fail(struct exchange *x, const char *client)
{
	bool late = rpc_auth_count_failure(&x->link->auth, x->conn->address, clock_monotonic());

	log_limited(LOG_LEVEL_WARNING, "session.refused", LOG_TEXT("client", client),
	            LOG_TEXT("address", x->conn->address), LOG_TEXT("reason", x->refusal.reason));
	return late && refuse_late(x);
}

/* --- opening --- */

static bool bind_agent(struct exchange *x, const struct opening *opening, const struct grant *grant,
                       struct agent_id *ret)
{
	const char *name = opening->client;
	struct agent_card *card;

	if (grant->client != NULL && grant->client->agent[0] != '\0')
		name = grant->client->agent;
	else if (grant->client == NULL && opening->agent != NULL)
		name = opening->agent;
	card = directory_know_agent(directory_of(x->link), name);
	if (card == NULL)
		return refuse(&x->refusal, RPC_OVERLOADED, "agents_max", "agent",
		              "no room for one more agent");
	*ret = card->id;
	return true;
}

/* A connection that spoke without a session before changes its name. */
static bool take_name(struct exchange *x, const char *name)
{
	struct client *client = client_know(x->link, name);

	if (client == NULL) {
		refuse(&x->refusal, RPC_OVERLOADED, "too_many_clients", "client.name",
		       "no room for one more client");
		x->refusal.retry_after = SEC(1);
		return false;
	}
	client_enter(client);
	if (x->conn->client != NULL)
		client_leave(x->conn->client);
	x->conn->client = client;
	return true;
}

static void start_session(struct exchange *x, const struct opening *opening,
                          const struct grant *grant, struct agent_id agent)
{
	struct rpc_conn *conn = x->conn;
	usec_t heartbeat = opening->heartbeat;

	if (heartbeat == 0)
		heartbeat = options_of(x->link)->rpc.heartbeat;
	rpc_conn_login(conn);
	conn->nonce[0] = '\0';
	conn->session = (struct rpc_session){
		.open = true,
		.authenticated = grant->client != NULL,
		.number = ++x->link->sessions_last,
		.role = grant->role,
		.agent = agent,
		.numbers = grant->role != ROLE_OBSERVER ||
		           (grant->client != NULL && grant->client->pii),
	};
	memcpy(conn->session.digest, grant->digest, sizeof(conn->session.digest));
	rpc_conn_set_heartbeat(conn, heartbeat);
	if (grant->role == ROLE_AGENT)
		TAILQ_INSERT_TAIL(&x->link->desks[agent.slot], conn, by_agent);
	if (reports_calls(grant->role))
		client_session_opened(conn->client);
	x->link->needs.meters->rpc_sessions[grant->role]++;
	log_fact(LOG_LEVEL_INFO, "session.opened", LOG_TEXT("client", opening->client),
	         LOG_TEXT("role", client_role_name(grant->role)),
	         LOG_TEXT("address", conn->address), LOG_NUMBER("session", conn->session.number));
}

static void answer_opening(struct exchange *x, bool resumed)
{
	const struct rpc_conn *conn = x->conn;
	struct json_out out;
	char session[32];

	snprintf(session, sizeof(session), "s-%" PRIu64, conn->session.number);
	answer_begin(&x->asker, &out);
	json_object(&out, "result");
	json_int(&out, "protocol", 1);
	json_object(&out, "server");
	json_text(&out, "name", "najimid");
	json_text(&out, "version", NAJIMI_VERSION);
	json_object_end(&out);
	json_text(&out, "site", options_of(x->link)->site);
	json_text(&out, "session", session);
	json_text(&out, "role", client_role_name(conn->session.role));
	if (conn->session.role == ROLE_AGENT)
		json_text(&out, "agent",
		          directory_agent_name(directory_of(x->link), conn->session.agent));
	json_text(&out, "epoch", feed_epoch(x->link->needs.feed));
	json_uint(&out, "seq", feed_seq(x->link->needs.feed));
	json_bool(&out, "resumed", resumed);
	json_ms(&out, "heartbeat_ms", conn->session.heartbeat);
	json_uint(&out, "message_max", options_of(x->link)->rpc.message_max);
	json_array(&out, "features");
	json_text(&out, NULL, "netstring");
	json_text(&out, NULL, "events");
	json_array_end(&out);
	json_object_end(&out);
	answer_end(&x->asker, &out);
}

bool session_open(struct exchange *x)
{
	struct opening opening;
	struct grant grant;
	struct agent_id agent = { 0 };
	char nonce[sizeof(x->conn->nonce)];
	bool resumed;

	if (x->conn->session.open)
		return refuse(&x->refusal, RPC_WRONG_STATE, "session_is_open", "",
		              "this connection has a session");
	if (!translate_open(x->params, &opening, &x->refusal))
		return false;
	/* A nonce is good for one try. */
	memcpy(nonce, x->conn->nonce, sizeof(nonce));
	x->conn->nonce[0] = '\0';
	if (!rpc_auth_check(&x->link->auth, &opening, x->conn->trusted, nonce,
	                    (usec_t)time(NULL) * SEC(1), &grant, &x->refusal))
		return fail(x, opening.client);
	if (grant.role == ROLE_AGENT && !bind_agent(x, &opening, &grant, &agent))
		return false;
	if (!take_name(x, opening.client))
		return false;
	start_session(x, &opening, &grant, agent);
	resumed = opening.resume_epoch != NULL &&
	          rpc_events_resume(x->conn, opening.resume_epoch, opening.resume_after);
	answer_opening(x, resumed);
	rpc_events_continue(x->conn);
	return true;
}

/* --- closing --- */

void rpc_session_close(struct rpc_conn *conn, const char *reason)
{
	struct rpc_session *session = &conn->session;

	rpc_events_leave(conn);
	if (!session->open)
		return;
	session->open = false;
	if (session->role == ROLE_AGENT)
		TAILQ_REMOVE(&conn->link->desks[session->agent.slot], conn, by_agent);
	conn->client->syncing = false;
	if (reports_calls(session->role))
		client_session_closed(conn->client);
	conn->link->needs.meters->rpc_sessions[session->role]--;
	log_fact(LOG_LEVEL_INFO, "session.closed", LOG_TEXT("client", conn->client->name),
	         LOG_TEXT("role", client_role_name(session->role)),
	         LOG_TEXT("address", conn->address), LOG_NUMBER("session", session->number),
	         LOG_TEXT("reason", reason));
}

void rpc_session_check(struct rpc_conn *conn)
{
	const struct rpc_session *session = &conn->session;

	if (session->open && session->authenticated &&
	    !rpc_auth_holds(&conn->link->auth, conn->client->name, session->role, session->digest))
		rpc_conn_finish(conn, "token_revoked");
}
