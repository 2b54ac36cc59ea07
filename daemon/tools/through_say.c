#include "through.h"

#include <errno.h>

/* A login names up to 64 queues; what is longer still the daemon would not read. */
#define MESSAGE_MAX (64 * 1024)

const char *const through_words[] = {
	"nothing",       "session.open", "events.subscribe", "call.arrive",
	"call.answered", "call.ended",   "agent.*",          "ping",
};

struct message {
	struct json_out json;
	char text[MESSAGE_MAX];
};

static void begin(struct session *session, struct message *message, enum request_kind kind,
                  const char *method, uint32_t call, uint32_t offer)
{
	uint64_t id = ++session->next_id;
	struct request *request = &session->requests[id % REQUESTS_MAX];

	if (request->kind != REQUEST_NONE)
		through_fail(session, -ENOBUFS, session->through->address,
		             "the daemon has left too many requests without a reply");
	*request = (struct request){ kind, call, offer };
	session->open_requests++;
	json_out_begin(&message->json, message->text, sizeof(message->text));
	json_object(&message->json, NULL);
	json_text(&message->json, "jsonrpc", "2.0");
	json_uint(&message->json, "id", id);
	json_text(&message->json, "method", method);
	json_object(&message->json, "params");
}

static void finish(struct session *session, struct message *message)
{
	size_t length;

	json_object_end(&message->json);
	json_object_end(&message->json);
	length = json_out_done(&message->json);
	if (length == 0)
		through_fail(session, -EMSGSIZE, "a request", "its names are too long");
	else
		wire_send(session->wire, (struct text){ message->text, length });
}

void through_open(struct session *session)
{
	struct message message;

	begin(session, &message, REQUEST_OPEN, "session.open", 0, 0);
	json_array(&message.json, "protocol");
	json_int(&message.json, NULL, 1);
	json_array_end(&message.json);
	json_object(&message.json, "client");
	json_text(&message.json, "name", session->through->client);
	json_text(&message.json, "version", NAJIMI_VERSION);
	json_object_end(&message.json);
	json_text(&message.json, "role", "pbx");
	json_object(&message.json, "auth");
	json_text(&message.json, "method", "token");
	json_text(&message.json, "token", session->through->token);
	json_object_end(&message.json);
	finish(session, &message);
}

void through_subscribe(struct session *session)
{
	struct message message;

	begin(session, &message, REQUEST_SUBSCRIBE, "events.subscribe", 0, 0);
	json_array(&message.json, "types");
	json_text(&message.json, NULL, "call.decided");
	json_text(&message.json, NULL, "call.offer_cancelled");
	json_array_end(&message.json);
	finish(session, &message);
}

/* --- the world's hooks --- */

static void on_arrive(void *arg, uint32_t call)
{
	struct session *session = arg;
	const struct traffic *traffic = session->play->traffic;
	const struct traffic_call *facts = &traffic->calls[call];
	struct message message;

	begin(session, &message, REQUEST_ARRIVE, "call.arrive", call, 0);
	json_text(&message.json, "call_id", facts->name);
	json_text(&message.json, "queue", traffic->queues.list[facts->queue]);
	if (facts->customer != CUSTOMER_NONE)
		json_text(&message.json, "customer_id", traffic->customers.list[facts->customer]);
	finish(session, &message);
}

static void on_answer(void *arg, uint32_t call, uint32_t agent, uint32_t offer)
{
	struct session *session = arg;
	struct message message;

	(void)agent;
	begin(session, &message, REQUEST_ANSWERED, "call.answered", call, offer);
	json_text(&message.json, "call_id", session->play->traffic->calls[call].name);
	json_uint(&message.json, "offer", offer);
	finish(session, &message);
}

static void on_end(void *arg, uint32_t call, bool by_agent)
{
	struct session *session = arg;
	struct message message;

	begin(session, &message, REQUEST_ENDED, "call.ended", call, 0);
	json_text(&message.json, "call_id", session->play->traffic->calls[call].name);
	json_text(&message.json, "by", by_agent ? "agent" : "caller");
	finish(session, &message);
}

static void on_login(void *arg, uint32_t agent, uint64_t queues)
{
	struct session *session = arg;
	const struct traffic *traffic = session->play->traffic;
	struct message message;

	begin(session, &message, REQUEST_AGENT, "agent.login", agent, 0);
	json_text(&message.json, "agent", traffic->agents.list[agent]);
	json_text(&message.json, "target", traffic->agents.list[agent]);
	json_array(&message.json, "queues");
	for (uint32_t i = 0; i < traffic->queues.count; i++)
		if ((queues >> i & 1) != 0)
			json_text(&message.json, NULL, traffic->queues.list[i]);
	json_array_end(&message.json);
	json_text(&message.json, "state", "ready");
	finish(session, &message);
}

static void tell_agent(struct session *session, const char *method, uint32_t agent)
{
	struct message message;

	begin(session, &message, REQUEST_AGENT, method, agent, 0);
	json_text(&message.json, "agent", session->play->traffic->agents.list[agent]);
	finish(session, &message);
}

static void on_ready(void *arg, uint32_t agent)
{
	tell_agent(arg, "agent.ready", agent);
}

void through_logout(void *arg, uint32_t agent)
{
	tell_agent(arg, "agent.logout", agent);
}

void through_ping(struct session *session)
{
	struct message message;

	begin(session, &message, REQUEST_PING, "ping", 0, 0);
	finish(session, &message);
}

struct world_hooks through_hooks(struct session *session)
{
	return (struct world_hooks){
		.arrive = on_arrive,
		.answer = on_answer,
		.end = on_end,
		.login = on_login,
		.ready = on_ready,
		.logout = through_logout,
		.arg = session,
	};
}
