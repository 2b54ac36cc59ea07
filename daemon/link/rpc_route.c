#include "rpc_route.h"

#include <inttypes.h>
#include <stdio.h>

#include "orphans.h"
#include "rpc_calls.h"
#include "rpc_decision.h"

/* A target that is a SIP address says so itself or by its @. "" for what a SIP proxy
 * cannot reach. */
static void make_uri(const char *target, char *ret, size_t size)
{
	bool complete = strncmp(target, "sip:", 4) == 0 || strncmp(target, "sips:", 5) == 0;

	snprintf(ret, size, "%s%s", complete || strchr(target, '@') == NULL ? "" : "sip:", target);
}

/* Kamailio's rtjson document: who ignores it loses nothing. */
static void write_rtjson(struct json_out *out, const char *uri)
{
	json_object(out, "rtjson");
	json_text(out, "version", "1.0");
	json_text(out, "routing", "serial");
	json_array(out, "routes");
	json_object(out, NULL);
	json_text(out, "uri", uri);
	json_object_end(out);
	json_array_end(out);
	json_object_end(out);
}

static void write_target(struct json_out *out, const char *target)
{
	char uri[TEXT_BYTES_MAX + 8];

	make_uri(target, uri, sizeof(uri));
	json_text(out, "uri", uri);
	write_rtjson(out, uri);
}

void route_write(struct json_out *out, struct directory *directory, const char *call_id,
                 const struct decision *decision)
{
	const char *overflow = directory_queue_overflow(directory, decision->queue);
	const struct agent_card *agent = directory_agent(directory, decision->agent);

	json_object(out, "result");
	json_text(out, "call", call_id);
	switch (decision->kind) {
	case DECIDE_CONNECT:
		json_text(out, "action", "connect");
		json_text(out, "agent", agent == NULL ? NULL : agent->name);
		json_uint(out, "offer", decision->offer);
		json_ms(out, "ring_ms", decision->ring);
		write_target(out, agent == NULL ? "" : agent->target);
		break;
	case DECIDE_QUEUE:
		json_text(out, "action", "queue");
		json_text(out, "queue", directory_queue_name(directory, decision->queue));
		json_uint(out, "position", decision->position);
		json_ms(out, "estimated_wait_ms", decision->estimated_wait);
		break;
	case DECIDE_OVERFLOW:
	case DECIDE_REJECT:
		if (decision->kind == DECIDE_OVERFLOW && overflow[0] != '\0') {
			json_text(out, "action", "overflow");
			json_text(out, "to", overflow);
			write_target(out, overflow);
		} else {
			json_text(out, "action", "reject");
			json_int(out, "code", 480);
		}
		json_text(out, "reason", decision_reason_name(decision->reason));
		break;
	}
	json_object_end(out);
}

void route_answer(struct pending *pending, struct call_card *card, const struct decision *decision)
{
	struct link *link = pending->asker.link;
	struct json_out out;

	if (pending->brings && decision->kind == DECIDE_CONNECT)
		pending->asker.brought = card->id;
	answer_begin(&pending->asker, &out);
	route_write(&out, directory_of(link), card->facts.name, decision);
	answer_end(&pending->asker, &out);
	pending_free(pending);
	if (decision->kind == DECIDE_QUEUE)
		orphans_end(link, card->id, BY_SYSTEM);
}

bool route_request(struct exchange *x)
{
	struct call_words words;
	char call_id[64];

	if (!translate_route(x->params, &words, &x->refusal))
		return false;
	if (words.call_id == NULL) {
		snprintf(call_id, sizeof(call_id), "route-%s-%" PRIu64,
		         feed_epoch(x->link->needs.feed), ++x->link->routes_last);
		words.call_id = call_id;
	}
	return calls_take(x, &words, PENDING_ROUTE);
}
