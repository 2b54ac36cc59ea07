#include "rpc_events.h"

#include <errno.h>
#include <stdlib.h>

#include "rpc_link.h"
#include "rpc_names.h"
#include "rpc_notices.h"

#define ALL_TYPES (BIT(FEED_TYPES) - 1)

/* --- who gets what --- */

static bool wants(const struct rpc_conn *conn, const struct feed_event *event)
{
	const struct rpc_subscription *events = &conn->events;

	if (!(events->types & BIT(event->type)))
		return false;
	/* Two telephony systems may use the same call id: each hears of its own calls. */
	if (conn->session.role == ROLE_PBX && event->client[0] != '\0' &&
	    strcmp(event->client, conn->client->name) != 0)
		return false;
	/* An agent's session is live only, so the event is the one under way. */
	if (conn->session.role == ROLE_AGENT &&
	    (event->type != FEED_AGENT_CHANGED ||
	     !agent_id_equal(conn->link->changing, conn->session.agent)))
		return false;
	if (event->type == FEED_SURVEY_ANSWERED && conn->session.role != ROLE_SUPERVISOR)
		return false;
	return events->queues == NULL || event->queue == QUEUE_NONE ||
	       (events->queues[event->queue / 64] >> (event->queue % 64) & 1) != 0;
}

static void note_gap(struct rpc_conn *conn, uint64_t seq)
{
	struct rpc_subscription *events = &conn->events;

	if (events->gap_count++ == 0)
		events->gap_from = seq;
	events->gap_to = seq;
	conn->link->needs.meters->events_dropped++;
}

static void tell_gap(struct rpc_conn *conn)
{
	struct rpc_subscription *events = &conn->events;

	notice_gap(conn, events->gap_from, events->gap_to, events->gap_count);
	events->gap_count = 0;
}

static bool is_crowded(const struct rpc_conn *conn, unsigned part)
{
	return rpc_conn_backlog(conn) > options_of(conn->link)->rpc.output_soft / part;
}

/* A reader who is behind loses what a later event says as well; once something is
 * lost, it takes more than a moment's room to go on. */
static void hand_over(struct rpc_conn *conn, const struct feed_event *event)
{
	bool lossy = conn->events.gap_count > 0;

	if (event->coalesces && is_crowded(conn, lossy ? 2 : 1)) {
		note_gap(conn, event->seq);
		return;
	}
	if (lossy)
		tell_gap(conn);
	/* Whoever has this decision from a reply needs the number, not the order. */
	if (event->type == FEED_CALL_DECIDED && conn->told == conn->link->telling)
		notice_told(conn, event->seq);
	else
		rpc_conn_put(conn, event->json);
}

static void on_event(const struct feed_event *event, void *arg)
{
	struct link *link = arg;
	struct rpc_conn *conn;

	link->needs.meters->events_published++;
	TAILQ_FOREACH(conn, &link->subscribers, events.entry)
	{
		if (conn->events.replaying || conn->closing)
			continue;
		conn->events.sent = event->seq;
		if (wants(conn, event))
			hand_over(conn, event);
	}
}

/* --- replaying --- */

/* Stops taking when the output has enough; the rest is asked for again later. */
static void on_replayed(const struct feed_event *event, void *arg)
{
	struct rpc_conn *conn = arg;

	if (is_crowded(conn, 1))
		return;
	if (event->seq != conn->events.sent + 1)
		return; /* behind one that was left */
	conn->events.sent = event->seq;
	if (wants(conn, event))
		rpc_conn_put(conn, event->json);
}

void rpc_events_continue(struct rpc_conn *conn)
{
	struct rpc_subscription *events = &conn->events;
	struct feed *feed = conn->link->needs.feed;

	if (!events->on || conn->closing || is_crowded(conn, 2))
		return;
	if (events->replaying) {
		if (!feed_replay(feed, events->sent, on_replayed, conn)) {
			/* So slow that the feed has forgotten. */
			note_gap(conn, events->sent + 1);
			events->gap_to = feed_seq(feed);
			events->gap_count = events->gap_to - events->sent;
			events->sent = feed_seq(feed);
		}
		events->replaying = events->sent != feed_seq(feed);
	}
	if (events->gap_count > 0 && !events->replaying)
		tell_gap(conn);
	loop_nudge(conn->link->needs.loop);
}

static void ignore(const struct feed_event *event, void *arg)
{
	(void)event;
	(void)arg;
}

/* What was sent to this connection before is not sent again. */
static bool start(struct rpc_conn *conn, unsigned types, uint64_t *queues, const uint64_t *after)
{
	struct rpc_subscription *events = &conn->events;
	struct feed *feed = conn->link->needs.feed;
	uint64_t from = after == NULL ? feed_seq(feed) : *after;

	if (events->on && events->whole && !events->replaying && from < events->sent)
		from = events->sent;
	if (from != feed_seq(feed) && !feed_replay(feed, from, ignore, NULL))
		return false;
	rpc_events_leave(conn);
	*events = (struct rpc_subscription){ .on = true,
		                             .whole = types == ALL_TYPES && queues == NULL,
		                             .replaying = from != feed_seq(feed),
		                             .types = types,
		                             .queues = queues,
		                             .sent = from };
	TAILQ_INSERT_TAIL(&conn->link->subscribers, conn, events.entry);
	return true;
}

bool rpc_events_resume(struct rpc_conn *conn, const char *epoch, uint64_t after)
{
	if (strcmp(epoch, feed_epoch(conn->link->needs.feed)) != 0 ||
	    conn->session.role == ROLE_AGENT)
		return false;
	return start(conn, ALL_TYPES, NULL, &after);
}

void rpc_events_leave(struct rpc_conn *conn)
{
	if (!conn->events.on)
		return;
	TAILQ_REMOVE(&conn->link->subscribers, conn, events.entry);
	free(conn->events.queues);
	conn->events = (struct rpc_subscription){ .on = false };
}

/* --- the method --- */

static bool find_queues(struct exchange *x, const struct subscribing *words, uint64_t **ret)
{
	size_t max = (size_t)options_of(x->link)->queues_max;
	uint64_t *queues = calloc(max / 64 + 1, sizeof(*queues));
	queue_index queue;

	if (queues == NULL)
		return refuse(&x->refusal, RPC_OVERLOADED, "out_of_memory", "", "out of memory");
	for (size_t i = 0; i < words->queues_count; i++) {
		if (!names_find_queue(x, words->queues[i], "queues", &queue)) {
			free(queues);
			return false;
		}
		queues[queue / 64] |= UINT64_C(1) << (queue % 64);
	}
	*ret = queues;
	return true;
}

static bool refuse_resume(struct exchange *x, const char *reason, const char *detail)
{
	return refuse(&x->refusal, RPC_RESUME_IMPOSSIBLE, reason, "after", "%s", detail);
}

bool events_subscribe(struct exchange *x)
{
	struct feed *feed = x->link->needs.feed;
	struct subscribing words;
	uint64_t *queues = NULL;
	struct json_out out;

	if (!translate_subscribe(x->params, &words, &x->refusal))
		return false;
	if (!x->conn->session.open)
		return refuse(&x->refusal, RPC_UNAUTHORIZED, "session_required", "",
		              "events need a session: session.open");
	if (words.epoch != NULL && strcmp(words.epoch, feed_epoch(feed)) != 0)
		return refuse_resume(x, "other_epoch", "the daemon has been restarted since");
	if (words.has_after && x->conn->session.role == ROLE_AGENT)
		return refuse_resume(x, "live_only", "an agent's session gets what happens now");
	if (words.has_queues && !find_queues(x, &words, &queues))
		return false;
	if (!start(x->conn, words.types, queues, words.has_after ? &words.after : NULL)) {
		free(queues);
		return refuse_resume(x, "not_kept", "ask for state.snapshot and go on from there");
	}
	answer_begin(&x->asker, &out);
	json_object(&out, "result");
	json_text(&out, "epoch", feed_epoch(feed));
	json_uint(&out, "seq", feed_seq(feed));
	json_object_end(&out);
	answer_end(&x->asker, &out);
	rpc_events_continue(x->conn);
	return true;
}

int rpc_events_init(struct link *link, struct err *err)
{
	size_t agents = (size_t)options_of(link)->agents_max;

	TAILQ_INIT(&link->subscribers);
	link->desks = calloc(agents, sizeof(*link->desks));
	if (link->desks == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	for (size_t i = 0; i < agents; i++)
		TAILQ_INIT(&link->desks[i]);
	if (!feed_subscribe(link->needs.feed, on_event, link))
		return err_set(err, -ENOSPC, "the feed has too many subscribers");
	return 0;
}

void rpc_events_done(struct link *link)
{
	free(link->desks);
}
