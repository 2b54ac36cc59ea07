#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "najimi/codec/json_out.h"
#include "najimi/codec/rpc.h"
#include "najimi/shell/clock.h"
#include "play.h"
#include "wire.h"

#define REQUESTS_MAX 65536u /* that may wait for their replies; a power of two */
#define MESSAGE_MAX 4096
#define PING_EVERY 5  /* seconds */
#define OPEN_WITHIN 5 /* seconds */

enum request_kind {
	REQUEST_NONE,
	REQUEST_OPEN,
	REQUEST_SUBSCRIBE,
	REQUEST_ARRIVE,
	REQUEST_ANSWERED,
	REQUEST_ENDED,
	REQUEST_AGENT,
	REQUEST_PING
};

static const char *const request_words[] = {
	"nothing",       "session.open", "events.subscribe", "call.arrive",
	"call.answered", "call.ended",   "agent.*",          "ping",
};

struct request {
	enum request_kind kind;
	uint32_t call, offer;
};

/* One session with the daemon, as a telephony system that also speaks for its agents. */
struct session {
	const struct play *play;
	const struct through *through;
	struct world world;
	struct event_base *base;
	struct event *alarm, *pinger;
	struct wire *wire;
	uint32_t *by_order; /* calls by their order in the file, which is that of their names */
	struct request *requests; /* [REQUESTS_MAX], by id */
	uint64_t next_id, open_requests;
	usec_t played; /* played time, at the clock's `played_at` */
	usec_t played_at;
	usec_t played_from, started_at;
	bool running, finished;
	int failed;
	struct err *err;
};

static void stop(struct session *session)
{
	event_base_loopbreak(session->base);
}

static void fail(struct session *session, int code, const char *what, const char *why)
{
	if (session->failed == 0)
		session->failed = err_set(session->err, code, "%s: %s", what, why);
	stop(session);
}

/* Played time runs `speed` times faster than the clock, but it stands still while the
 * daemon owes a reply, and it never passes what somebody is about to do. So neither
 * the daemon's latency nor our own, magnified by the speed, becomes callers' waiting.
 * The daemon's own timers do not know of that: they run too fast by as much as the
 * speed in effect is lower. */
static usec_t played_now(struct session *session)
{
	usec_t now = clock_monotonic(), next = world_next(&session->world);
	double spent = (double)(now - session->played_at);

	if (session->open_requests == 0)
		session->played += (usec_t)(spent * session->through->speed);
	if (session->played > next)
		session->played = next;
	session->played_at = now;
	return session->played;
}

/* --- requests --- */

struct message {
	struct json_out json;
	char text[MESSAGE_MAX];
};

static void begin(struct session *session, struct message *message, enum request_kind kind,
                  const char *method, uint32_t call, uint32_t offer)
{
	uint64_t id = ++session->next_id;
	struct request *request = &session->requests[id % REQUESTS_MAX];

	(void)played_now(session); /* it ran until now, and stands from now on */
	if (request->kind != REQUEST_NONE)
		fail(session, -ENOBUFS, session->through->address,
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
		fail(session, -EMSGSIZE, "a request", "its names are too long");
	else
		wire_send(session->wire, (struct text){ message->text, length });
}

static void open_session(struct session *session)
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

static void subscribe(struct session *session)
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

static void on_logout(void *arg, uint32_t agent)
{
	tell_agent(arg, "agent.logout", agent);
}

/* --- time --- */

static void set_alarm(struct session *session)
{
	usec_t next = world_next(&session->world), now = played_now(session);
	double left = next > now ? (double)(next - now) / session->through->speed : 0;
	struct timeval delay = {
		.tv_sec = (time_t)(left / 1e6),
		.tv_usec = (suseconds_t)(left - 1e6 * (double)(time_t)(left / 1e6)),
	};

	if (next != USEC_NEVER && session->open_requests == 0)
		event_add(session->alarm, &delay);
}

static void leave(struct session *session)
{
	session->finished = true;
	for (uint32_t i = 0; i < session->play->traffic->agents.count; i++)
		if (session->world.workers[i].logged_in)
			on_logout(session, i);
	if (session->open_requests == 0)
		stop(session);
}

static void on_alarm(evutil_socket_t fd, short what, void *arg)
{
	struct session *session = arg;
	struct world *world = &session->world;
	usec_t now;

	(void)fd;
	(void)what;
	if (!session->running) {
		fail(session, -ETIMEDOUT, session->through->address,
		     "no answer to session.open: is that a najimid?");
		return;
	}
	now = played_now(session);
	if (world_next(world) <= now && session->open_requests == 0)
		world_turn(world, now);
	if (world->out_of_memory)
		fail(session, -ENOMEM, "the figures", "out of memory");
	if (world_next(world) == USEC_NEVER && !session->finished)
		leave(session);
	progress_tell(session->play->progress,
	              (double)world->gone / (double)session->play->traffic->calls_count);
	set_alarm(session);
}

/* A round trip that keeps the session alive while everybody sleeps. */
static void on_ping(evutil_socket_t fd, short what, void *arg)
{
	struct session *session = arg;
	struct message message;

	(void)fd;
	(void)what;
	begin(session, &message, REQUEST_PING, "ping", 0, 0);
	finish(session, &message);
}

/* --- what the daemon says --- */

/* NULL when it is not there or no text. */
static const char *text_member(const struct json *object, const char *name)
{
	const struct json *member = json_member(object, name);
	const char *text = NULL;

	if (member != NULL)
		(void)json_get_text(member, &text);
	return text;
}

static bool int_member(const struct json *object, const char *name, int64_t *ret)
{
	const struct json *member = json_member(object, name);

	return member != NULL && json_get_int(member, ret);
}

static bool find_call(const struct session *session, const struct json *data, uint32_t *ret)
{
	const char *name = text_member(data, "call_id");
	uint32_t order;

	if (name == NULL ||
	    !lexicon_find(&session->play->traffic->calls_names, text_of(name), &order))
		return false;
	*ret = session->by_order[order];
	return *ret != UINT32_MAX;
}

/* protocol.md section 5. */
static void on_decision(struct session *session, const struct json *decision)
{
	const char *action = text_member(decision, "action");
	const char *agent_name = text_member(decision, "agent");
	uint32_t call, agent;
	int64_t offer;

	if (action == NULL || !find_call(session, decision, &call))
		return; /* of another play, or the present state of a call that is over */
	if (strcmp(action, "connect") == 0) {
		if (agent_name == NULL || !int_member(decision, "offer", &offer) ||
		    !lexicon_find(&session->play->traffic->agents, text_of(agent_name), &agent)) {
			fail(session, -EPROTO, agent_name == NULL ? "a decision" : agent_name,
			     "offered, but no such agent is in the play");
			return;
		}
		world_offered(&session->world, call, agent, (uint32_t)offer, played_now(session));
	} else if (strcmp(action, "overflow") == 0 || strcmp(action, "reject") == 0) {
		world_turned_away(&session->world, call, played_now(session));
	}
	set_alarm(session);
}

static void on_event(struct session *session, const struct json *params)
{
	const char *type = text_member(params, "type");
	const struct json *data = json_member(params, "data");
	uint32_t call;
	int64_t offer;

	if (type == NULL || data == NULL)
		return;
	if (strcmp(type, "call.decided") == 0) {
		on_decision(session, data);
	} else if (strcmp(type, "call.offer_cancelled") == 0 && find_call(session, data, &call) &&
	           int_member(data, "offer", &offer)) {
		world_withdrawn(&session->world, call, (uint32_t)offer, played_now(session));
		set_alarm(session);
	}
}

static void on_result(struct session *session, const struct request *request,
                      const struct json *result)
{
	switch (request->kind) {
	case REQUEST_OPEN:
		subscribe(session);
		break;
	case REQUEST_SUBSCRIBE:
		session->running = true;
		session->played = session->played_from = world_next(&session->world);
		session->played_at = session->started_at = clock_monotonic();
		set_alarm(session);
		break;
	case REQUEST_ARRIVE:
		on_decision(session, result);
		break;
	case REQUEST_NONE:
	case REQUEST_ANSWERED:
	case REQUEST_ENDED:
	case REQUEST_AGENT:
	case REQUEST_PING:
		break;
	}
}

/* Two messages may cross on the wire: an answer and the end of its offer, a hang-up and
 * a decision. Anything else that is refused means that there is nothing to play against. */
static void on_error(struct session *session, const struct request *request,
                     const struct json *error)
{
	const struct json *data = json_member(error, "data");
	const char *words = text_member(error, "message");
	const char *reason = text_member(data, "reason"), *field = text_member(data, "field");
	int64_t code = 0;
	char why[160];

	(void)int_member(error, "code", &code);
	if (code == RPC_WRONG_STATE || code == RPC_UNKNOWN_CALL) {
		if (request->kind == REQUEST_ANSWERED) {
			world_withdrawn(&session->world, request->call, request->offer,
			                played_now(session));
			set_alarm(session);
			return;
		}
		if (request->kind == REQUEST_ENDED || request->kind == REQUEST_AGENT) {
			session->world.crossings++;
			return;
		}
	}
	snprintf(why, sizeof(why), "%lld %s%s%s%s%s", (long long)code, words == NULL ? "" : words,
	         reason == NULL ? "" : ", ", reason == NULL ? "" : reason,
	         field == NULL ? "" : ": ", field == NULL ? "" : field);
	fail(session, -EREMOTEIO, request_words[request->kind], why);
}

/* The daemon asks whether we live. */
static void on_asked(struct session *session, const struct json *message)
{
	const struct json *id = json_member(message, "id");
	char id_text[RPC_ID_MAX * 6], text[RPC_ID_MAX * 6 + 64];
	size_t length = id == NULL ? 0 : json_print(id, id_text, sizeof(id_text));
	struct json_out out;

	if (length == 0)
		return;
	json_out_begin(&out, text, sizeof(text));
	json_object(&out, NULL);
	json_text(&out, "jsonrpc", "2.0");
	json_raw(&out, "id", (struct text){ id_text, length });
	json_object(&out, "result");
	json_object_end(&out);
	json_object_end(&out);
	length = json_out_done(&out);
	if (length > 0)
		wire_send(session->wire, (struct text){ text, length });
}

static void on_message(const struct json *message, void *arg)
{
	struct session *session = arg;
	const char *method = text_member(message, "method");
	const struct json *error = json_member(message, "error");
	struct request request;
	int64_t id;

	if (method != NULL) {
		if (strcmp(method, "event") == 0)
			on_event(session, json_member(message, "params"));
		else if (strcmp(method, "ping") == 0)
			on_asked(session, message);
		return;
	}
	if (!int_member(message, "id", &id) || id < 1 ||
	    session->requests[(uint64_t)id % REQUESTS_MAX].kind == REQUEST_NONE) {
		const char *words = text_member(error, "message");

		fail(session, -EPROTO, "a reply that answers no request",
		     words == NULL ? "without words" : words);
		return;
	}
	request = session->requests[(uint64_t)id % REQUESTS_MAX];
	session->requests[(uint64_t)id % REQUESTS_MAX].kind = REQUEST_NONE;
	(void)played_now(session); /* it stood until now */
	session->open_requests--;
	if (error != NULL)
		on_error(session, &request, error);
	else
		on_result(session, &request, json_member(message, "result"));
	if (session->running && session->open_requests == 0)
		set_alarm(session);
	if (session->finished && session->open_requests == 0)
		stop(session);
}

static void on_lost(const char *why, void *arg)
{
	struct session *session = arg;

	if (!session->finished)
		fail(session, -ECONNRESET, session->through->address, why);
	stop(session);
}

/* --- from beginning to end --- */

static int index_calls(struct session *session)
{
	const struct traffic *traffic = session->play->traffic;

	session->by_order = malloc(traffic->calls_names.count * sizeof(*session->by_order));
	session->requests = calloc(REQUESTS_MAX, sizeof(*session->requests));
	if (session->by_order == NULL || session->requests == NULL)
		return -ENOMEM;
	memset(session->by_order, 0xff, traffic->calls_names.count * sizeof(*session->by_order));
	for (uint32_t i = 0; i < traffic->calls_count; i++)
		session->by_order[traffic->calls[i].order] = i;
	return 0;
}

static int build(struct session *session, struct err *err)
{
	const struct world_hooks people = {
		.arrive = on_arrive,
		.answer = on_answer,
		.end = on_end,
		.login = on_login,
		.ready = on_ready,
		.logout = on_logout,
		.arg = session,
	};
	const struct wire_hooks line = { .message = on_message, .lost = on_lost, .arg = session };
	struct event_config *config;
	int r;

	/* A millisecond of a usual timer would be seconds of play. */
	config = event_config_new();
	if (config != NULL && event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER) == 0)
		session->base = event_base_new_with_config(config);
	if (config != NULL)
		event_config_free(config);
	if (session->base != NULL) {
		session->alarm = evtimer_new(session->base, on_alarm, session);
		session->pinger = event_new(session->base, -1, EV_PERSIST, on_ping, session);
	}
	if (session->base == NULL || session->alarm == NULL || session->pinger == NULL ||
	    index_calls(session) < 0)
		return err_set(err, -ENOMEM, "out of memory");
	r = world_init(&session->world, session->play->traffic, &session->play->rules, &people,
	               session->play->report, err);
	if (r < 0)
		return r;
	return wire_open(session->base, session->through->address, &line, &session->wire, err);
}

static void tear_down(struct session *session)
{
	wire_close(session->wire);
	world_done(&session->world);
	if (session->alarm != NULL)
		event_free(session->alarm);
	if (session->pinger != NULL)
		event_free(session->pinger);
	if (session->base != NULL)
		event_base_free(session->base);
	free(session->by_order);
	free(session->requests);
	free(session);
}

int play_through(const struct play *play, const struct through *through, struct err *err)
{
	const struct timeval patience = { .tv_sec = OPEN_WITHIN }, ping = { .tv_sec = PING_EVERY };
	struct session *session = calloc(1, sizeof(*session));
	int r;

	if (session == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	session->play = play;
	session->through = through;
	session->err = err;
	r = build(session, err);
	if (r == 0) {
		open_session(session);
		event_add(session->alarm, &patience);
		event_add(session->pinger, &ping);
		event_base_dispatch(session->base);
		r = session->failed;
	}
	if (r == 0) {
		play->report->policy = "the daemon's";
		play->notes->crossings = session->world.crossings;
		play->notes->effective_speed =
		        (double)(session->played - session->played_from) /
		        (double)(clock_monotonic() - session->started_at + 1);
	}
	tear_down(session);
	return r;
}
