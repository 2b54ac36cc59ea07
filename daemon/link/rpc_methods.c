#include "rpc_methods.h"

#include <errno.h>
#include <limits.h>

#include "rpc_agents.h"
#include "rpc_callers.h"
#include "rpc_calls.h"
#include "rpc_events.h"
#include "rpc_history.h"
#include "rpc_link.h"
#include "rpc_reads.h"
#include "rpc_reports.h"
#include "rpc_route.h"
#include "rpc_session.h"
#include "rpc_stats.h"
#include "rpc_surveys.h"
#include "rpc_sync.h"

#define RETRY_NOT_READY MSEC(500)
#define RETRY_OVERLOADED SEC(1)
#define OUTBOX_BYTES_MAX ((size_t)64 << 20) /* of answers that wait for Redis */

#define PBX BIT(ROLE_PBX)
#define AGENT BIT(ROLE_AGENT)
#define SUPERVISOR BIT(ROLE_SUPERVISOR)
#define OBSERVER BIT(ROLE_OBSERVER)
#define CALLS (PBX | SUPERVISOR)
#define AGENTS (PBX | AGENT | SUPERVISOR)
#define READERS (PBX | SUPERVISOR | OBSERVER)
#define ALL (READERS | AGENT)
#define READY METHOD_READY
#define LOADS METHOD_LOADS
#define EARLY METHOD_EARLY

/* In the order of their names: they are searched by halves. */
static const struct rpc_method methods[] = {
	{ "agent.day", ALL, READY | LOADS, agent_day, "What an agent did today." },
	{ "agent.device", AGENTS, READY, agent_device, "What the switch sees of a device." },
	{ "agent.disposition", AGENTS, READY, agent_disposition, "How a contact went." },
	{ "agent.get", ALL, READY | LOADS, show_agent, "One agent's state." },
	{ "agent.list", ALL, READY | LOADS, show_agents, "All agents' states." },
	{ "agent.login", AGENTS, READY, agent_login, "An agent comes, or changes queues." },
	{ "agent.logout", AGENTS, READY, agent_logout, "An agent goes." },
	{ "agent.pause", AGENTS, READY, agent_pause, "No calls for a while." },
	{ "agent.ready", AGENTS, READY, agent_ready, "Calls again; ends wrap-up." },
	{ "agent.wrapup", AGENTS, READY, agent_wrapup, "A longer wrap-up." },
	{ "call.answered", CALLS, READY, report_answered, "The agent has the caller." },
	{ "call.arrive", CALLS, READY | LOADS, call_arrive, "A caller is there." },
	{ "call.ended", CALLS, READY, report_ended, "The call is over." },
	{ "call.explain", READERS, READY | LOADS, show_explanation, "Why a call is where it is." },
	{ "call.failed", CALLS, READY, report_failed, "The agent could not be reached." },
	{ "call.get", READERS, READY | LOADS, show_call, "One call." },
	{ "call.held", CALLS, READY, report_held, "The caller hears music." },
	{ "call.list", READERS, READY | LOADS, show_calls, "All live calls." },
	{ "call.priority", CALLS, READY, call_priority, "Another priority, the same place." },
	{ "call.release", CALLS, READY, call_release, "No more waiting for the own agent." },
	{ "call.retrieved", CALLS, READY, report_retrieved, "The caller is back from hold." },
	{ "call.ringing", CALLS, READY, report_ringing, "The agent's telephone rings." },
	{ "call.sync", CALLS, READY, call_sync, "All calls a telephony system still has." },
	{ "call.transfer", CALLS, READY, call_transfer, "To another agent or queue." },
	{ "call.update", CALLS, READY, call_update, "More is known of a call." },
	{ "call.wait", CALLS, READY | LOADS, call_wait, "The next decision, when it comes." },
	{ "caller.exclude", CALLS, READY | LOADS, caller_exclude, "Never this agent again." },
	{ "caller.forget", SUPERVISOR, READY | LOADS, caller_forget, "Erases what is known." },
	{ "caller.get", ALL, READY | LOADS, caller_get, "What is remembered of a caller." },
	{ "caller.history", ALL, READY | LOADS, caller_history,
	  "What is remembered of a caller, and their last contacts." },
	{ "caller.note", AGENTS, READY | LOADS, caller_note, "What the next agent should know." },
	{ "caller.pin", CALLS, READY | LOADS, caller_pin, "The caller's own agent." },
	{ "config.check", SUPERVISOR, 0, config_check, "Reads the configuration file." },
	{ "config.reload", SUPERVISOR, READY, config_reload, "Takes it over." },
	{ "contact.outbound", CALLS, READY | LOADS, contact_outbound, "An agent called." },
	{ "events.subscribe", ALL, READY, events_subscribe, "What happens, as it happens." },
	{ "fcr.get", SUPERVISOR | OBSERVER, READY | LOADS, stats_get_fcr,
	  "First contact resolution of several days." },
	{ "gateway.list", READERS, LOADS, show_gateways, "Telephony systems and their gateways." },
	{ "ping", ALL, EARLY, show_ping, "Is somebody there?" },
	{ "queue.get", ALL, READY | LOADS, show_queue, "One queue." },
	{ "queue.list", ALL, READY | LOADS, show_queues, "All queues." },
	{ "route.request", CALLS, READY | LOADS, route_request, "One decision for a SIP proxy." },
	{ "session.challenge", 0, EARLY, session_challenge, "A nonce for auth.method hmac." },
	{ "session.open", 0, EARLY, session_open, "Who is speaking." },
	{ "state.snapshot", READERS, READY | LOADS, show_snapshot,
	  "Everything, and as of which event." },
	{ "stats.get", SUPERVISOR | OBSERVER, READY | LOADS, stats_get,
	  "Figures of several days." },
	{ "survey.answer", CALLS, READY | LOADS, survey_answer,
	  "What a caller says of a contact." },
};

const struct rpc_method *rpc_methods(size_t *ret_count)
{
	*ret_count = ARRAY_LEN(methods);
	return methods;
}

const struct rpc_method *rpc_method_find(const char *name)
{
	size_t low = 0, high = ARRAY_LEN(methods);

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(name, methods[middle].name);

		if (order == 0)
			return &methods[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

enum client_role rpc_role_of(const struct rpc_conn *conn)
{
	if (conn->session.open)
		return conn->session.role;
	return conn->trusted ? ROLE_SUPERVISOR : ROLE_NONE;
}

/* Either way it may be different in a moment: who leads may have gone by then. */
static bool refuse_unready(const struct link *link, struct refusal *ret)
{
	const struct meters *meters = link->needs.meters;

	if (meters->standing_by)
		refuse(ret, RPC_NOT_LEADER, "not_leader", "", "this daemon stands by: %s leads",
		       meters->leader_at.rpc[0] == '\0' ? "another" : meters->leader_at.rpc);
	else
		refuse(ret, RPC_NOT_READY, "starting", "", "waiting for Redis");
	ret->retry_after = RETRY_NOT_READY;
	return false;
}

bool rpc_method_serves(const struct link *link, const struct rpc_method *method,
                       struct refusal *ret)
{
	if ((method->flags & METHOD_READY) && !link->ready)
		return refuse_unready(link, ret);
	if ((method->flags & METHOD_LOADS) && outbox_bytes(link->needs.outbox) > OUTBOX_BYTES_MAX) {
		refuse(ret, RPC_OVERLOADED, "overloaded", "", "too many answers wait for Redis");
		ret->retry_after = RETRY_OVERLOADED;
		return false;
	}
	return true;
}

/* Who may not ask at all learns nothing of which methods there are. */
static bool admit(const struct exchange *x, const struct rpc_method *method, struct refusal *ret)
{
	enum client_role role = rpc_role_of(x->conn);

	if (role == ROLE_NONE && (method == NULL || !(method->flags & METHOD_EARLY)))
		return refuse(ret, RPC_UNAUTHORIZED, "session_required", "",
		              "open a session first: session.open");
	if (method == NULL)
		return refuse(ret, RPC_METHOD_NOT_FOUND, "method_not_found", "", "no such method");
	if (!(method->flags & METHOD_EARLY) && !(method->roles & BIT(role)))
		return refuse(ret, RPC_FORBIDDEN, "role", "", "not for the role %s",
		              client_role_name(role));
	return rpc_method_serves(x->link, method, ret);
}

/* What is no request at all is answered by what it lacks; a method that exists and
 * got params by position is one of ours asked the wrong way. */
static void take_request(struct rpc_conn *conn, const struct json *element, struct batch *batch)
{
	const struct rpc_method *method;
	struct rpc_request request;
	struct err err = { 0 };
	struct exchange x;
	int code;

	if (rpc_is_response(element))
		return;
	code = rpc_read_request(element, &request, &err);
	method = request.method == NULL ? NULL : rpc_method_find(request.method);
	x.link = conn->link;
	x.conn = conn;
	x.params = request.params;
	x.refusal.code = 0;
	x.asker = (struct asker){ .link = conn->link,
		                  .peer = conn->peer,
		                  .id = request.id.json,
		                  .method = method == NULL ? "unknown" : method->name,
		                  .batch = batch };
	if (batch != NULL && request.id.json[0] != '\0')
		answer_batch_expect(batch);
	if (code != 0 && code != RPC_INVALID_PARAMS)
		refuse(&x.refusal, (enum rpc_code)code, "invalid_request", "", "%s", err.text);
	else if (admit(&x, method, &x.refusal) && code != 0)
		refuse(&x.refusal, (enum rpc_code)code, "by_position", "params", "%s", err.text);
	else if (x.refusal.code == 0 && method->handle(&x))
		return;
	answer_refusal(&x.asker, &x.refusal);
}

static void take_batch(struct rpc_conn *conn, const struct json *array)
{
	size_t count = json_count(array), max = (size_t)options_of(conn->link)->rpc.batch_max;
	struct batch *batch;

	if (count == 0) {
		rpc_answer_unreadable(conn, RPC_INVALID_REQUEST, "empty_batch", "");
		return;
	}
	if (count > max) {
		rpc_protocol_error(conn, "batch_too_large");
		rpc_answer_unreadable(conn, RPC_TOO_LARGE, "batch_too_large", "");
		return;
	}
	batch = answer_batch_new(conn);
	if (batch == NULL) {
		rpc_conn_close(conn, "out_of_memory");
		return;
	}
	for (const struct json *element = json_first(array); element != NULL && !conn->closing;
	     element = json_next(element))
		take_request(conn, element, batch);
	answer_batch_close(batch);
}

void rpc_answer_unreadable(struct rpc_conn *conn, enum rpc_code code, const char *reason,
                           const char *detail)
{
	struct asker asker = {
		.link = conn->link, .peer = conn->peer, .id = "null", .method = "unknown"
	};
	struct refusal refusal;

	refuse(&refusal, code, reason, "", "%s", detail);
	answer_refusal(&asker, &refusal);
}

static unsigned at_most(int64_t value, unsigned max)
{
	return value < max ? (unsigned)value : max;
}

struct json_limits rpc_json_limits(const struct options *options)
{
	return (struct json_limits){
		.bytes_max = options->rpc.message_max,
		.depth_max = at_most(options->rpc.depth_max, JSON_DEPTH_MAX),
		.members_max = at_most(options->rpc.members_max, JSON_MEMBERS_MAX),
		/* Only message_max bounds how many calls a call.sync may list. */
		.elements_max = UINT_MAX,
	};
}

void rpc_take_message(struct rpc_conn *conn, struct text message)
{
	struct json_limits limits = rpc_json_limits(options_of(conn->link));
	struct json *document;
	struct err err = { 0 };
	int r = json_parse(message, &limits, &document, &err);

	if (r == -ENOMEM) {
		rpc_answer_unreadable(conn, RPC_OVERLOADED, "out_of_memory", "");
		return;
	}
	if (r < 0) {
		rpc_protocol_error(conn, "bad_json");
		rpc_answer_unreadable(conn, RPC_PARSE_ERROR, "bad_json", err.text);
		/* Brackets inside what is no JSON say nothing about where it ends. */
		if (conn->framer.framing == FRAMING_TEXT)
			rpc_conn_finish(conn, "bad_json");
		return;
	}
	if (json_type(document) == JSON_ARRAY)
		take_batch(conn, document);
	else
		take_request(conn, document, NULL);
	json_free(document);
}
