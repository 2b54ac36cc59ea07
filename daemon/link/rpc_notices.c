#include "rpc_notices.h"

#include "rpc_decision.h"
#include "rpc_link.h"
#include "rpc_surveys.h"

static void begin(struct json_out *out, char *bytes, size_t size, const char *method)
{
	json_out_begin(out, bytes, size);
	json_object(out, NULL);
	json_text(out, "jsonrpc", "2.0");
	json_text(out, "method", method);
	json_object(out, "params");
}

/* The head of an event, without a number: nobody who subscribes gets it. */
static void begin_event(struct json_out *out, struct link *link, const char *type)
{
	begin(out, link->scratch, link->scratch_size, "event");
	json_text(out, "epoch", feed_epoch(link->needs.feed));
	json_instant(out, "at", core_now(core_of(link)));
	json_text(out, "type", type);
	json_object(out, "data");
}

/* Without memory to spare there is nothing better than to leave it out. */
static struct text end(struct json_out *out)
{
	json_object_end(out);
	json_object_end(out);
	return (struct text){ out->start, json_out_done(out) };
}

void notice_gap(struct rpc_conn *conn, uint64_t from, uint64_t to, uint64_t count)
{
	struct json_out out;
	char bytes[256];
	struct text text;

	begin(&out, bytes, sizeof(bytes), "gap");
	json_text(&out, "epoch", feed_epoch(conn->link->needs.feed));
	json_uint(&out, "from", from);
	json_uint(&out, "to", to);
	json_uint(&out, "count", count);
	text = end(&out);
	rpc_conn_put(conn, text);
}

void notice_told(struct rpc_conn *conn, uint64_t seq)
{
	struct link *link = conn->link;
	struct call_card *card = directory_call(directory_of(link), link->deciding);
	struct call_record record;
	struct json_out out;
	struct text text;

	if (!(conn->events.types & BIT(FEED_CALL_CHANGED)) || card == NULL ||
	    !core_get_call(core_of(link), link->deciding, &record))
		return;
	begin(&out, link->scratch, link->scratch_size, "event");
	json_text(&out, "epoch", feed_epoch(link->needs.feed));
	json_uint(&out, "seq", seq);
	json_instant(&out, "at", core_now(core_of(link)));
	json_text(&out, "type", feed_type_name(FEED_CALL_CHANGED));
	write_call(&out, "data", directory_of(link), card, &record, CALL_BRIEF, false);
	text = end(&out);
	if (text.length > 0)
		rpc_conn_put(conn, text);
}

static void write_facts(struct json_out *out, const struct call_card *card)
{
	const struct call_facts *facts = &card->facts;

	json_text(out, "from", facts->restricted ? NULL : facts->from);
	json_text(out, "number", facts->restricted ? NULL : facts->number);
	json_text(out, "customer_id", facts->customer_id[0] == '\0' ? NULL : facts->customer_id);
	json_text(out, "to", facts->to);
	json_text(out, "tier", facts->tier);
	json_text(out, "reason", facts->reason);
	json_text(out, "channel", facts->channel[0] == '\0' ? "voice" : facts->channel);
	json_text(out, "case_id", facts->case_id[0] == '\0' ? NULL : facts->case_id);
	json_raw(out, "data", facts->data[0] == '\0' ? TEXT("null") : text_of(facts->data));
	json_raw(out, "caller", card->story == NULL ? TEXT("null") : text_of(card->story));
}

static struct conn_list *desks_of(struct link *link, struct agent_id agent)
{
	return &link->desks[agent.slot];
}

static void put_all(struct link *link, struct agent_id agent, struct text text)
{
	struct rpc_conn *conn;

	if (text.length == 0)
		return;
	TAILQ_FOREACH(conn, desks_of(link, agent), by_agent)
	if (!conn->closing)
		rpc_conn_put(conn, text);
}

void notice_offer(struct link *link, const struct call_card *card, const struct decision *decision)
{
	struct call_record record;
	struct json_out out;

	if (TAILQ_EMPTY(desks_of(link, decision->agent)) ||
	    !core_get_call(core_of(link), card->id, &record))
		return;
	begin_event(&out, link, "agent.offer");
	json_text(&out, "agent", directory_agent_name(directory_of(link), decision->agent));
	json_text(&out, "call_id", card->facts.name);
	json_text(&out, "client", card->facts.client);
	json_uint(&out, "offer", decision->offer);
	json_ms(&out, "ring_ms", decision->ring);
	json_text(&out, "queue", directory_queue_name(directory_of(link), decision->queue));
	json_instant(&out, "arrived_at", record.arrived_at);
	write_facts(&out, card);
	write_sticky(&out, directory_of(link), decision->sticky, decision->why,
	             &decision->preferred);
	json_object_end(&out);
	put_all(link, decision->agent, end(&out));
}

void notice_offer_cancelled(struct link *link, const struct call_card *card, struct agent_id agent,
                            uint32_t offer, const char *reason)
{
	struct json_out out;

	if (TAILQ_EMPTY(desks_of(link, agent)))
		return;
	begin_event(&out, link, "agent.offer_cancelled");
	json_text(&out, "agent", directory_agent_name(directory_of(link), agent));
	json_text(&out, "call_id", card->facts.name);
	json_text(&out, "client", card->facts.client);
	json_uint(&out, "offer", offer);
	json_text(&out, "reason", reason);
	json_object_end(&out);
	put_all(link, agent, end(&out));
}

void notice_survey(struct link *link, struct agent_id agent, const struct survey *survey,
                   const char *queue)
{
	struct json_out out;

	if (TAILQ_EMPTY(desks_of(link, agent)))
		return;
	begin_event(&out, link, feed_type_name(FEED_SURVEY_ANSWERED));
	json_text(&out, "agent", directory_agent_name(directory_of(link), agent));
	write_survey(&out, survey, queue);
	json_object_end(&out);
	put_all(link, agent, end(&out));
}
