#include "through.h"

#include <errno.h>
#include <string.h>

#include "najimi/codec/rpc.h"
#include "najimi/shell/clock.h"

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
			through_fail(session, -EPROTO,
			             agent_name == NULL ? "a decision" : agent_name,
			             "offered, but no such agent is in the play");
			return;
		}
		world_offered(&session->world, call, agent, (uint32_t)offer, through_now(session));
	} else if (strcmp(action, "overflow") == 0 || strcmp(action, "reject") == 0) {
		world_turned_away(&session->world, call, through_now(session));
	}
	through_set_alarm(session);
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
		world_withdrawn(&session->world, call, (uint32_t)offer, through_now(session));
		through_set_alarm(session);
	}
}

static void on_result(struct session *session, const struct request *request,
                      const struct json *result)
{
	switch (request->kind) {
	case REQUEST_OPEN:
		through_subscribe(session);
		break;
	case REQUEST_SUBSCRIBE:
		session->running = true;
		session->played_from = world_next(&session->world);
		session->played = session->target = session->played_from;
		session->target_at = session->started_at = clock_monotonic();
		through_set_alarm(session);
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

/* Whoever leads is not asked instead: nobody has said that it may be played against. */
static void stands_by(struct session *session, const char *leader)
{
	char why[320];

	snprintf(why, sizeof(why), "this daemon stands by; %s leads",
	         leader == NULL ? "another" : leader);
	through_fail(session, -EREMOTEIO, session->through->address, why);
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
	if (code == RPC_NOT_READY && !session->running) {
		session->again = request->kind;
		event_add(session->alarm, &(struct timeval){ .tv_usec = 500000 });
		return;
	}
	if (code == RPC_NOT_LEADER) {
		stands_by(session, text_member(data, "leader"));
		return;
	}
	if (code == RPC_WRONG_STATE || code == RPC_UNKNOWN_CALL) {
		if (request->kind == REQUEST_ANSWERED) {
			world_withdrawn(&session->world, request->call, request->offer,
			                through_now(session));
			through_set_alarm(session);
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
	through_fail(session, -EREMOTEIO, through_words[request->kind], why);
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

		through_fail(session, -EPROTO, "a reply that answers no request",
		             words == NULL ? "without words" : words);
		return;
	}
	request = session->requests[(uint64_t)id % REQUESTS_MAX];
	session->requests[(uint64_t)id % REQUESTS_MAX].kind = REQUEST_NONE;
	session->silent = 0;
	if (error != NULL)
		on_error(session, &request, error);
	else
		on_result(session, &request, json_member(message, "result"));
	(void)through_now(session);
	session->open_requests--; /* up to here, time stood still */
	if (session->running && session->open_requests == 0)
		through_set_alarm(session);
	if (session->finished && session->open_requests == 0)
		through_stop(session);
}

static void on_lost(const char *why, void *arg)
{
	struct session *session = arg;

	if (!session->finished)
		through_fail(session, -ECONNRESET, session->through->address, why);
	through_stop(session);
}

struct wire_hooks through_ears(struct session *session)
{
	return (struct wire_hooks){ .message = on_message, .lost = on_lost, .arg = session };
}
