#include "rpc_decision.h"
#include "rpc_events.h"
#include "rpc_notices.h"
#include "rpc_surveys.h"

/* What the core says, as events. No caller's number is in them: everybody who
 * subscribes gets the same bytes. */

#define EVENT_BYTES_MAX 8192
#define SURVEY_BYTES_MAX 15000 /* a comment, all of it escaped */

static void publish(struct link *link, enum feed_type type, queue_index queue, const char *client,
                    struct json_out *out)
{
	size_t length = json_out_done(out);

	/* Names are at most 128 bytes, so everything but an agent's many queues fits. */
	if (length > 0)
		feed_publish(link->needs.feed, type, queue, client, core_now(core_of(link)),
		             (struct text){ out->start, length });
}

void events_decided(struct link *link, struct call_card *card, const struct decision *decision)
{
	char bytes[EVENT_BYTES_MAX];
	struct json_out out;

	link->deciding = card->id;
	json_out_begin(&out, bytes, sizeof(bytes));
	write_decision(&out, NULL, directory_of(link), card->facts.name, card->facts.client,
	               decision);
	publish(link, FEED_CALL_DECIDED, decision->queue, card->facts.client, &out);
	if (decision->kind == DECIDE_CONNECT)
		notice_offer(link, card, decision);
}

/* Nobody has it from a reply. */
void events_tell_caller(struct link *link, struct call_card *card, const struct decision *decision)
{
	char bytes[EVENT_BYTES_MAX];
	struct json_out out;

	link->telling++;
	link->deciding = card->id;
	json_out_begin(&out, bytes, sizeof(bytes));
	write_telling(&out, directory_of(link), card->facts.name, card->facts.client, decision);
	publish(link, FEED_CALL_DECIDED, decision->queue, card->facts.client, &out);
}

void events_offer_cancelled(struct link *link, struct call_card *card, struct agent_id agent,
                            uint32_t offer, bool missed)
{
	const char *reason = missed ? "missed" : "withdrawn";
	char bytes[EVENT_BYTES_MAX];
	struct call_record record;
	struct json_out out;
	bool live = core_get_call(core_of(link), card->id, &record);

	json_out_begin(&out, bytes, sizeof(bytes));
	json_object(&out, NULL);
	json_text(&out, "call_id", card->facts.name);
	json_text(&out, "client", card->facts.client);
	json_text(&out, "agent", directory_agent_name(directory_of(link), agent));
	json_uint(&out, "offer", offer);
	json_text(&out, "reason", reason);
	json_object_end(&out);
	publish(link, FEED_CALL_OFFER_CANCELLED, live ? record.queue : QUEUE_NONE,
	        card->facts.client, &out);
	notice_offer_cancelled(link, card, agent, offer, reason);
}

void events_call_changed(struct link *link, struct call_card *card)
{
	char bytes[EVENT_BYTES_MAX];
	struct call_record record;
	struct json_out out;

	/* Ended in the same step; or who calls is being looked up, and where the call goes
	 * comes in a moment. */
	if (!core_get_call(core_of(link), card->id, &record) || record.state == CALL_RECALLING)
		return;
	json_out_begin(&out, bytes, sizeof(bytes));
	write_call(&out, NULL, directory_of(link), card, &record, CALL_BRIEF, false);
	publish(link, FEED_CALL_CHANGED, record.queue, card->facts.client, &out);
}

void events_call_ended(struct link *link, struct call_card *card, const char *contact,
                       const struct contact *facts)
{
	char bytes[EVENT_BYTES_MAX];
	struct json_out out;

	json_out_begin(&out, bytes, sizeof(bytes));
	json_object(&out, NULL);
	json_text(&out, "call_id", card->facts.name);
	json_text(&out, "client", card->facts.client);
	write_outcome(&out, contact, facts, directory_of(link));
	json_object_end(&out);
	publish(link, FEED_CALL_ENDED, facts->queue, card->facts.client, &out);
}

void events_agent_changed(struct link *link, struct agent_id agent)
{
	const struct agent_card *card = directory_agent(directory_of(link), agent);
	char bytes[EVENT_BYTES_MAX];
	struct agent_record record;
	struct json_out out;

	if (card == NULL || !core_get_agent(core_of(link), agent, &record))
		return;
	json_out_begin(&out, bytes, sizeof(bytes));
	write_agent(&out, NULL, directory_of(link), card, &record, AGENT_EVENT);
	if (out.overflowed) {
		json_out_begin(&out, bytes, sizeof(bytes));
		write_agent(&out, NULL, directory_of(link), card, &record, AGENT_BRIEF);
	}
	link->changing = agent;
	publish(link, FEED_AGENT_CHANGED, QUEUE_NONE, "", &out);
	link->changing = (struct agent_id){ 0 };
}

void events_survey(struct link *link, const struct survey *survey, const char *queue,
                   const char *agent)
{
	char bytes[SURVEY_BYTES_MAX];
	struct json_out out;

	json_out_begin(&out, bytes, sizeof(bytes));
	json_object(&out, NULL);
	json_text(&out, "agent", agent[0] == '\0' ? NULL : agent);
	write_survey(&out, survey, queue);
	json_object_end(&out);
	publish(link, FEED_SURVEY_ANSWERED, directory_find_queue(directory_of(link), queue), "",
	        &out);
}
