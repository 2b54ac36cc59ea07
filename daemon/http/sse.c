#include "sse.h"

#include <assert.h>
#include <event2/buffer.h>
#include <event2/http.h>
#include <inttypes.h>
#include <stdlib.h>

#include "najimi/codec/json_out.h"
#include "najimi/shell/clock.h"
#include "problem.h"
#include "stamp.h"
#include "wallboard.h"

#define OUTPUT_MAX ((size_t)256 * 1024) /* unread by one reader; then the feed waits */
#define SILENCE_MAX SEC(10)
#define BOARD_EVERY SEC(1)
#define BOARD_BYTES_SECOND ((size_t)64 * 1024) /* a large board comes less often */
#define RETRY_MS 2000

struct reader {
	TAILQ_ENTRY(reader) entry;
	struct sse *sse;
	struct evhttp_request *request;
	struct evhttp_connection *connection;
	struct visit *visit;
	unsigned types;
	bool wallboard;
	uint64_t sent;       /* the feed's events up to this one are behind the reader */
	uint64_t put, taken; /* bytes: given to evhttp; gone out by the last tick */
	usec_t spoke_at;     /* monotonic */
};

struct sse {
	const struct http_needs *needs;
	struct server_facts *facts;
	TAILQ_HEAD(reader_list, reader) readers;
	uint64_t told;
	/* When the wallboard was sent last: the core's steps, and whether Redis was there. */
	uint64_t board_steps;
	bool board_store_up;
	usec_t board_sent_at, board_next_at;
};

struct sse *sse_new(const struct http_needs *needs, struct server_facts *facts)
{
	struct sse *sse = calloc(1, sizeof(*sse));

	if (sse == NULL)
		return NULL;
	sse->needs = needs;
	sse->facts = facts;
	sse->told = feed_seq(needs->feed);
	TAILQ_INIT(&sse->readers);
	return sse;
}

static void forget(struct reader *reader)
{
	evhttp_connection_set_closecb(reader->connection, NULL, NULL);
	TAILQ_REMOVE(&reader->sse->readers, reader, entry);
	reader->sse->facts->streams--;
	free(reader);
}

struct sse *sse_free(struct sse *sse)
{
	struct reader *reader;

	if (sse == NULL)
		return NULL;
	while ((reader = TAILQ_FIRST(&sse->readers)) != NULL)
		forget(reader);
	free(sse);
	return NULL;
}

/* The peer has gone, or was cut off. evhttp has parted the request from its connection, for
 * whoever answers it to end: which frees it. */
static void on_close(struct evhttp_connection *connection, void *arg)
{
	struct reader *reader = arg;
	struct evhttp_request *request = reader->request;

	(void)connection;
	forget(reader);
	evhttp_send_reply_end(request);
}

/* --- what a reader gets --- */

static size_t unread(const struct reader *reader)
{
	return evbuffer_get_length(
	        bufferevent_get_output(evhttp_connection_get_bufferevent(reader->connection)));
}

static void pump(struct reader *reader);

static void on_room(struct evhttp_connection *connection, void *arg)
{
	(void)connection;
	pump(arg);
}

/* Empties `text` into the stream. */
static void put(struct reader *reader, struct evbuffer *text)
{
	size_t before = unread(reader);

	if (evbuffer_get_length(text) == 0)
		return;
	evhttp_send_reply_chunk_with_cb(reader->request, text, on_room, reader);
	reader->put += unread(reader) - before;
	reader->spoke_at = clock_monotonic();
}

static void add_event(const struct sse *sse, struct evbuffer *text, uint64_t seq, const char *name,
                      struct text data)
{
	evbuffer_add_printf(text,
	                    "id: %s-%" PRIu64 "\nevent: %s\ndata: ", feed_epoch(sse->needs->feed),
	                    seq, name);
	evbuffer_add(text, data.start, data.length);
	evbuffer_add(text, "\n\n", 2);
}

/* `from` 0: the reader's place in the feed is unknown. */
static void add_break(const struct sse *sse, struct evbuffer *text, const char *name, uint64_t from)
{
	char bytes[128];
	struct json_out out;

	json_out_begin(&out, bytes, sizeof(bytes));
	json_object(&out, NULL);
	json_text(&out, "epoch", feed_epoch(sse->needs->feed));
	if (from == 0) {
		json_uint(&out, "seq", sse->told);
	} else {
		json_uint(&out, "from", from);
		json_uint(&out, "to", sse->told);
		json_uint(&out, "count", sse->told - from + 1);
	}
	json_object_end(&out);
	add_event(sse, text, sse->told, name, (struct text){ bytes, json_out_done(&out) });
}

struct reading {
	struct reader *reader;
	struct evbuffer *text;
	size_t room;
};

/* Stops taking at the end of what may be told, and when there is no room: the rest is
 * asked for again. */
static void on_event(const struct feed_event *event, void *arg)
{
	struct reading *reading = arg;
	struct reader *reader = reading->reader;

	if (event->seq != reader->sent + 1 || event->seq > reader->sse->told ||
	    evbuffer_get_length(reading->text) >= reading->room)
		return;
	reader->sent = event->seq;
	if (reader->types & BIT(event->type))
		add_event(reader->sse, reading->text, event->seq, feed_type_name(event->type),
		          feed_event_params(event));
}

static void pump(struct reader *reader)
{
	struct sse *sse = reader->sse;
	struct reading reading = { .reader = reader };
	size_t behind = unread(reader);

	if (reader->sent >= sse->told || behind >= OUTPUT_MAX)
		return;
	if (reader->types == 0) {
		reader->sent = sse->told;
		return;
	}
	reading.text = evbuffer_new();
	reading.room = OUTPUT_MAX - behind;
	if (reading.text == NULL)
		return;
	if (!feed_replay(sse->needs->feed, reader->sent, on_event, &reading)) {
		sse->needs->meters->events_dropped += sse->told - reader->sent;
		add_break(sse, reading.text, "gap", reader->sent + 1);
		reader->sent = sse->told;
	}
	put(reader, reading.text);
	evbuffer_free(reading.text);
}

uint64_t sse_last_told(const struct sse *sse)
{
	return sse->told;
}

void sse_told(struct sse *sse, uint64_t seq)
{
	struct reader *reader, *after;

	sse->told = seq;
	TAILQ_FOREACH_SAFE(reader, &sse->readers, entry, after)
	pump(reader);
}

/* --- the wallboard --- */

/* False: out of memory. */
static bool make_board(const struct sse *sse, struct body *body)
{
	const struct feed *feed = sse->needs->feed;

	body_init(body, BODY_BYTES_MAX);
	wallboard_write(sse->needs, body);
	stamp_put(body, feed_epoch(feed), &(struct stamp){ .seq = feed_seq(feed) });
	if (body->overflowed)
		body_done(body);
	return body->start != NULL;
}

/* Whoever has not read the last one waits for a later one: it says all again. */
static void put_board(struct reader *reader, const struct body *body)
{
	struct evbuffer *text;

	if (!reader->wallboard || unread(reader) > 0)
		return;
	text = evbuffer_new();
	if (text == NULL)
		return;
	add_event(reader->sse, text, reader->sse->told, "wallboard",
	          (struct text){ body->start, body->length });
	put(reader, text);
	evbuffer_free(text);
}

static bool somebody_watches(const struct sse *sse)
{
	const struct reader *reader;

	TAILQ_FOREACH(reader, &sse->readers, entry)
	if (reader->wallboard)
		return true;
	return false;
}

/* Also when nothing has changed, now and then: the figures are as old as they say. */
static bool board_is_due(const struct sse *sse, usec_t now)
{
	if (now < sse->board_next_at || !somebody_watches(sse))
		return false;
	return sse->board_steps != sse->needs->meters->steps ||
	       sse->board_store_up != sse->needs->meters->store_up ||
	       now - sse->board_sent_at >= SILENCE_MAX;
}

static void tick_board(struct sse *sse, usec_t now)
{
	struct reader *reader, *after;
	struct body body;
	usec_t spread;

	if (!board_is_due(sse, now) || !make_board(sse, &body))
		return;
	TAILQ_FOREACH_SAFE(reader, &sse->readers, entry, after)
	put_board(reader, &body);
	spread = SEC(body.length / BOARD_BYTES_SECOND);
	sse->board_steps = sse->needs->meters->steps;
	sse->board_store_up = sse->needs->meters->store_up;
	sse->board_sent_at = now;
	/* A little early, so that a tick that comes early is not missed. */
	sse->board_next_at = now + (spread > BOARD_EVERY ? spread : BOARD_EVERY) - MSEC(100);
	body_done(&body);
}

/* --- a reader comes --- */

void sse_answer(const struct inquiry *inquiry, struct answer *answer)
{
	size_t max = (size_t)inquiry->needs->options->http.connections_max / 2;
	char what[SSE_WHAT_SIZE];

	if (max == 0)
		max = 1;
	if (!sse_read_wish(inquiry->query, inquiry->last_event_id, &answer->wish, what))
		problem_answer(answer, 400, "types: '%s' is no event of ours", what);
	else if (inquiry->server->streams >= max)
		problem_answer(answer, 503, "%zu streams are open, that is all we take", max);
	else
		answer->streams = true;
	/* What callers wrote is for those who may know who they are. */
	if (!inquiry->pii)
		answer->wish.types &= ~BIT(FEED_SURVEY_ANSWERED);
}

static void add_headers(struct evhttp_request *request)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(request);

	evhttp_add_header(headers, "Content-Type", "text/event-stream");
	evhttp_add_header(headers, "Cache-Control", "no-cache");
	evhttp_add_header(headers, "X-Accel-Buffering", "no"); /* proxies: pass it on */
	evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
	evhttp_add_header(headers, "Vary", "Authorization");
}

static void ignore(const struct feed_event *event, void *arg)
{
	(void)event;
	(void)arg;
}

/* True when the reader can go on from where they were. */
static bool resume(struct reader *reader, const struct sse_wish *wish)
{
	const struct feed *feed = reader->sse->needs->feed;

	reader->sent = reader->sse->told;
	if (!wish->resumes)
		return true;
	if (strcmp(wish->epoch, feed_epoch(feed)) != 0 || wish->after > reader->sse->told)
		return false;
	if (wish->after == reader->sse->told || wish->types == 0)
		return true;
	if (!feed_replay(feed, wish->after, ignore, NULL))
		return false;
	reader->sent = wish->after;
	return true;
}

static void greet(struct reader *reader, const struct sse_wish *wish)
{
	struct evbuffer *text = evbuffer_new();
	bool resumed = resume(reader, wish);
	struct body body;

	if (text == NULL)
		return;
	evbuffer_add_printf(text, "retry: %d\n\n", RETRY_MS);
	if (!resumed)
		add_break(reader->sse, text, "reset", 0);
	if (reader->wallboard && make_board(reader->sse, &body)) {
		add_event(reader->sse, text, reader->sse->told, "wallboard",
		          (struct text){ body.start, body.length });
		body_done(&body);
	}
	put(reader, text);
	evbuffer_free(text);
	pump(reader);
}

void sse_open(struct sse *sse, struct evhttp_request *request, struct visit *visit,
              const struct sse_wish *wish)
{
	struct reader *reader = calloc(1, sizeof(*reader));

	add_headers(request);
	evhttp_send_reply_start(request, 200, problem_title(200));
	if (reader == NULL || evhttp_request_get_command(request) == EVHTTP_REQ_HEAD) {
		free(reader);
		evhttp_send_reply_end(request);
		return;
	}
	*reader = (struct reader){ .sse = sse,
		                   .request = request,
		                   .connection = evhttp_request_get_connection(request),
		                   .visit = visit,
		                   .types = wish->types,
		                   .wallboard = wish->wallboard };
	TAILQ_INSERT_TAIL(&sse->readers, reader, entry);
	sse->facts->streams++;
	evhttp_connection_set_closecb(reader->connection, on_close, reader);
	greet(reader, wish);
}

/* --- time --- */

/* Who takes something, or has nothing to take, may stay. */
static void note_progress(struct reader *reader)
{
	size_t behind = unread(reader);
	uint64_t taken = reader->put > behind ? reader->put - behind : 0;

	if (reader->visit != NULL && (behind == 0 || taken > reader->taken))
		visits_asked(reader->visit);
	reader->taken = taken;
}

static void break_silence(struct reader *reader, usec_t now)
{
	struct evbuffer *text;

	if (now - reader->spoke_at < SILENCE_MAX || unread(reader) > 0)
		return;
	text = evbuffer_new();
	if (text == NULL)
		return;
	evbuffer_add(text, ": hb\n\n", 6);
	put(reader, text);
	evbuffer_free(text);
}

void sse_tick(struct sse *sse)
{
	usec_t now = clock_monotonic();
	struct reader *reader, *after;

	tick_board(sse, now);
	TAILQ_FOREACH_SAFE(reader, &sse->readers, entry, after)
	{
		note_progress(reader);
		break_silence(reader, now);
	}
}

void sse_end_all(struct sse *sse)
{
	struct reader *reader;

	while ((reader = TAILQ_FIRST(&sse->readers)) != NULL) {
		struct evhttp_request *request = reader->request;

		forget(reader);
		evhttp_send_reply_end(request);
	}
}
