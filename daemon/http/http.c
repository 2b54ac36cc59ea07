#include "najimi/http/http.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth.h"
#include "bind.h"
#include "health.h"
#include "history.h"
#include "later.h"
#include "metrics.h"
#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"
#include "problem.h"
#include "reply.h"
#include "routing.h"
#include "sse.h"
#include "stamp.h"
#include "state.h"
#include "stats.h"
#include "visits.h"
#include "wallboard.h"
#include "whatif.h"

#define HEADERS_BYTES_MAX 16384
#define REQUEST_BODY_MAX 65536 /* beyond this evhttp hangs up */
#define IDLE_BODY_MAX 1024     /* nobody has a reason to send one with a question */
#define NAME_BYTES_MAX 132     /* of a queue, an agent or a caller's key in the path */
#define TICK SEC(1)

struct http {
	struct http_needs needs;
	struct server_facts facts;
	struct visits visits;
	struct whatif *whatif;
	struct sse *sse;
	struct later later;
	struct evhttp *server;
	struct event *tick;
	bool loopback; /* the only ones who can reach us are on this machine */
	unsigned port;
};

/* --- who answers what --- */

static const struct route {
	const char *path;
	answer_fn *answer;
	bool open;        /* whoever asks is answered */
	bool named;       /* takes one more part, the name, */
	const char *tail; /* and then this, if it is not NULL */
	bool posted;      /* takes POST alone, and says itself who may */
	bool kept;        /* the answer leaves when Redis has what it speaks of */
} routes[] = {
	{ .path = "/healthz", .answer = health_alive, .open = true },
	{ .path = "/readyz", .answer = health_ready },
	{ .path = "/metrics", .answer = metrics_answer, .kept = true },
	{ .path = "/v1/queues", .answer = state_queues },
	{ .path = "/v1/queues/", .answer = state_queue, .named = true },
	{ .path = "/v1/agents", .answer = state_agents },
	{ .path = "/v1/agents/", .answer = history_of_agent, .named = true, .tail = "/day" },
	{ .path = "/v1/callers/", .answer = history_of_caller, .named = true },
	{ .path = "/v1/calls", .answer = state_calls },
	{ .path = "/v1/stats", .answer = stats_answer },
	{ .path = "/v1/fcr", .answer = stats_answer_fcr },
	{ .path = "/v1/route", .answer = routing_answer, .posted = true },
	{ .path = "/v1/whatif", .answer = whatif_answer },
	{ .path = "/whatif", .answer = whatif_page },
	{ .path = "/v1/events", .answer = sse_answer },
	{ .path = "/v1/wallboard", .answer = wallboard_answer },
	{ .path = "/", .answer = wallboard_page, .open = true },
	{ .path = "/wallboard/", .answer = wallboard_file, .open = true, .named = true },
};

/* Decodes the rest of a path into *ret. False when it names nothing. */
static bool read_name(const char *rest, char *ret, size_t size)
{
	size_t length = 0;
	char *name;
	bool good;

	if (rest[0] == '\0' || strchr(rest, '/') != NULL)
		return false;
	name = evhttp_uridecode(rest, 0, &length);
	if (name == NULL)
		return false;
	/* A name with a NUL in it would read as a shorter one. */
	good = length < size && text_is_id((struct text){ name, length }, NAME_BYTES_MAX);
	if (good)
		memcpy(ret, name, length + 1);
	free(name);
	return good;
}

/* What stands between the path and the tail, decoded. */
static bool read_part(const struct route *route, const char *rest, char *ret, size_t size)
{
	size_t length = strlen(rest), tail = route->tail == NULL ? 0 : strlen(route->tail);
	char part[3 * NAME_BYTES_MAX + 1];

	if (length <= tail || length - tail >= sizeof(part))
		return false;
	if (tail > 0 && strcmp(rest + length - tail, route->tail) != 0)
		return false;
	memcpy(part, rest, length - tail);
	part[length - tail] = '\0';
	return read_name(part, ret, size);
}

static const struct route *find_route(const char *path, char *ret_name, size_t size)
{
	ret_name[0] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
		size_t length = strlen(routes[i].path);

		if (!routes[i].named && strcmp(routes[i].path, path) == 0)
			return &routes[i];
		if (routes[i].named && strncmp(routes[i].path, path, length) == 0 &&
		    read_part(&routes[i], path + length, ret_name, size))
			return &routes[i];
	}
	return NULL;
}

/* --- one request --- */

/* A request whose end is in doubt is refused: evhttp takes the first of two lengths,
 * somebody in front of us perhaps the second. */
static bool lengths_agree(const struct evkeyvalq *headers)
{
	const struct evkeyval *header;
	const char *length = NULL;

	TAILQ_FOREACH(header, headers, next)
	{
		if (evutil_ascii_strcasecmp(header->key, "Content-Length") != 0)
			continue;
		if (length != NULL && strcmp(length, header->value) != 0)
			return false;
		length = header->value;
	}
	return true;
}

/* Whether the asker may have this. If not, the answer says why. */
static bool admit(const struct http *http, const struct route *route, const char *authorization,
                  struct answer *answer, bool *ret_pii)
{
	*ret_pii = false;
	if (route->open || route->posted)
		return true;
	switch (auth_check(http->needs.options, http->loopback, authorization, ret_pii)) {
	case AUTH_TRUSTED:
	case AUTH_GRANTED:
		return true;
	case AUTH_MISSING:
		problem_answer(answer, 401, "a bearer token is needed");
		answer->challenge = AUTH_CHALLENGE;
		return false;
	case AUTH_WRONG:
		problem_answer(answer, 401, "the token is not known");
		answer->challenge = AUTH_CHALLENGE ", error=\"invalid_token\"";
		return false;
	case AUTH_FORBIDDEN:
		problem_answer(answer, 403, "this takes the role observer or supervisor");
		return false;
	}
	return false;
}

static bool allows(const struct route *route, enum evhttp_cmd_type method, struct answer *answer)
{
	if (route->posted ? method == EVHTTP_REQ_POST
	                  : method == EVHTTP_REQ_GET || method == EVHTTP_REQ_HEAD)
		return true;
	problem_answer(answer, 405, route->posted ? "only POST" : "only GET and HEAD");
	answer->allow = route->posted ? "POST" : "GET, HEAD";
	return false;
}

/* The body, in one piece. */
static struct text read_sent(struct evhttp_request *request)
{
	struct evbuffer *buffer = evhttp_request_get_input_buffer(request);
	size_t length = evbuffer_get_length(buffer);
	const unsigned char *bytes = length == 0 ? NULL : evbuffer_pullup(buffer, -1);

	return (struct text){ bytes == NULL ? "" : (const char *)bytes,
		              bytes == NULL ? 0 : length };
}

static bool is_versioned(const char *path)
{
	static const char version[] = "/v1/";

	return strncmp(path, version, sizeof(version) - 1) == 0;
}

/* What can be read is told first, and then written: nothing is missing in Redis that the
 * answer has. */
static void wait_for_redis(struct http *http, struct answer *answer)
{
	uint64_t number = later_number(&http->later);

	if (http->needs.when_kept != NULL && http->needs.when_kept(number, http->needs.arg))
		answer->kept = number;
}

static struct visit *visit_of(struct http *http, struct evhttp_request *request)
{
	struct evhttp_connection *connection = evhttp_request_get_connection(request);

	if (connection == NULL)
		return NULL;
	return visits_find(&http->visits, evhttp_connection_get_bufferevent(connection));
}

static void answer_request(struct http *http, struct evhttp_request *request, struct answer *answer)
{
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
	struct evkeyvalq *headers = evhttp_request_get_input_headers(request);
	enum evhttp_cmd_type method = evhttp_request_get_command(request);
	const char *path = uri == NULL ? NULL : evhttp_uri_get_path(uri);
	char name[NAME_BYTES_MAX + 1];
	const struct route *route = path == NULL ? NULL : find_route(path, name, sizeof(name));
	struct inquiry inquiry = {
		.needs = &http->needs,
		.server = &http->facts,
		.whatif = http->whatif,
		.name = name,
		.query = uri == NULL ? NULL : evhttp_uri_get_query(uri),
		.accept = evhttp_find_header(headers, "Accept"),
		.accept_language = evhttp_find_header(headers, "Accept-Language"),
		.accept_encoding = evhttp_find_header(headers, "Accept-Encoding"),
		.if_none_match = evhttp_find_header(headers, "If-None-Match"),
		.last_event_id = evhttp_find_header(headers, "Last-Event-ID"),
		.authorization = evhttp_find_header(headers, "Authorization"),
		.content_type = evhttp_find_header(headers, "Content-Type"),
		.from = visits_peer(visit_of(http, request)),
		.loopback = http->loopback,
		.sent = read_sent(request),
	};

	if (!lengths_agree(headers))
		problem_answer(answer, 400, "two different lengths");
	else if (route == NULL)
		problem_answer(answer, 404, "there is nothing here");
	else if (!allows(route, method, answer))
		return;
	else if (!route->posted && inquiry.sent.length > IDLE_BODY_MAX)
		problem_answer(answer, 413, "nothing is to be sent with this");
	else if (admit(http, route, inquiry.authorization, answer, &inquiry.pii) ||
	         (answer->status == 401 && route->answer == whatif_page)) {
		if (route->kept)
			wait_for_redis(http, answer);
		answer->stamped = is_versioned(path);
		answer->stamp.seq = feed_seq(http->needs.feed);
		route->answer(&inquiry, answer);
	}
}

/* --- the reply --- */

/* All there can be, so that each is shown from the start, at zero. */
static const struct {
	int status;
	const char *word;
} statuses[] = {
	{ 200, "200" }, { 202, "202" }, { 304, "304" }, { 400, "400" }, { 401, "401" },
	{ 403, "403" }, { 404, "404" }, { 405, "405" }, { 409, "409" }, { 413, "413" },
	{ 415, "415" }, { 422, "422" }, { 429, "429" }, { 500, "500" }, { 503, "503" },
};

static void show_statuses(struct meter_table *table)
{
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		table->rows[i].first = statuses[i].word;
		table->rows[i].second = "";
	}
	table->count = ARRAY_LEN(statuses);
}

static void count_status(struct http *http, int status)
{
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++)
		if (statuses[i].status == status)
			meter_count(&http->facts.answers, statuses[i].word, "");
}

static void on_complete(struct evhttp_request *request, void *arg)
{
	struct visit *visit = visit_of(arg, request);

	if (visit != NULL)
		visits_answered(visit);
}

static void finish_request(struct http *http, struct evhttp_request *request, struct answer *answer)
{
	struct evkeyvalq *headers = evhttp_request_get_input_headers(request);

	bool posted = evhttp_request_get_command(request) == EVHTTP_REQ_POST;

	/* What was done is never what somebody has already. */
	if (answer->stamped && answer->status < 300)
		stamp_answer(answer, feed_epoch(http->needs.feed),
		             posted ? NULL : evhttp_find_header(headers, "If-None-Match"));
	count_status(http, answer->status);
	if (answer->status == 401 || answer->status == 403)
		log_limited(LOG_LEVEL_NOTICE, "http.refused", LOG_NUMBER("status", answer->status));
	reply_send(request, answer);
}

static void finish_later(struct http *http, uint64_t number, int outcome, struct text json)
{
	struct evhttp_request *request;
	struct answer answer;

	if (!later_take(&http->later, number, &request, &answer))
		return;
	if (answer.asks && answer.history.wanted)
		history_finish(&answer, outcome, json);
	else if (answer.asks)
		stats_finish(&answer, outcome, json);
	finish_request(http, request, &answer);
}

static int ask_store(struct http *http, uint64_t number, const struct history_wish *history,
                     const struct stats_question *question)
{
	const struct http_needs *needs = &http->needs;

	if (!history->wanted)
		return needs->read_stats(question, number, needs->arg);
	return needs->read_history(history->of_agent ? NULL : history->name,
	                           history->of_agent ? history->name : NULL, history->pii, number,
	                           needs->arg);
}

/* Of a route the answer is never there before this returns. */
static void ask_route(struct http *http, uint64_t number, const struct routing_wish *wish)
{
	const struct http_needs *needs = &http->needs;

	needs->route(&(struct route_asked){ .client = wish->client,
	                                    .granted = wish->granted,
	                                    .from = wish->from,
	                                    .params = wish->params },
	             number, needs->arg);
}

/* The answer may be there before this returns. */
static void ask_others(struct http *http, struct evhttp_request *request, struct answer *answer)
{
	struct stats_question question = answer->question;
	struct history_wish history = answer->history;
	struct routing_wish route = answer->route;
	uint64_t number = later_number(&http->later);
	int r;

	/* Redis has no more than what it has told to have. */
	answer->stamp.seq = sse_last_told(http->sse);
	if (!later_put(&http->later, number, request, answer)) {
		answer->asks = false;
		problem_answer(answer, 500, "out of memory");
		finish_request(http, request, answer);
		return;
	}
	if (route.wanted) {
		ask_route(http, number, &route);
		return;
	}
	r = ask_store(http, number, &history, &question);
	if (r < 0)
		finish_later(http, number, r, TEXT(""));
}

static void on_request(struct evhttp_request *request, void *arg)
{
	struct http *http = arg;
	struct visit *visit = visit_of(http, request);
	struct answer answer = { .status = 200, .type = TYPE_PLAIN };

	body_init(&answer.body, BODY_BYTES_MAX);
	if (visit != NULL)
		visits_asked(visit);
	evhttp_request_set_on_complete_cb(request, on_complete, http);
	if (visit != NULL && visit->surplus) {
		problem_answer(&answer, 503, "%zu connections are open, that is all we take",
		               http->visits.max);
		evhttp_add_header(evhttp_request_get_output_headers(request), "Connection",
		                  "close");
	} else {
		answer_request(http, request, &answer);
	}
	if (answer.streams) {
		count_status(http, answer.status);
		sse_open(http->sse, request, visit, &answer.wish);
	} else if (answer.asks) {
		ask_others(http, request, &answer);
	} else if (answer.kept == 0 || !later_put(&http->later, answer.kept, request, &answer)) {
		finish_request(http, request, &answer);
	}
}

/* --- the server --- */

static struct bufferevent *on_connection(struct event_base *base, void *arg)
{
	struct http *http = arg;

	return visits_add(&http->visits, base);
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct http *http = arg;

	(void)fd;
	(void)what;
	http->facts.ticked_at = clock_monotonic();
	lag_tick(&http->facts.lag, http->facts.ticked_at);
	sse_tick(http->sse);
	visits_sweep(&http->visits);
	/* After a failed accept: there may be descriptors again. */
	if (http->visits.listener != NULL && !http->visits.paused)
		evconnlistener_enable(http->visits.listener);
}

/* Out of descriptors, as a rule. The connection stays in the backlog and would wake
 * us again at once, so accepting rests until the next tick. */
static void on_accept_failed(struct evconnlistener *listener, void *arg)
{
	int code = EVUTIL_SOCKET_ERROR();

	(void)arg;
	evconnlistener_disable(listener);
	log_limited(LOG_LEVEL_ERROR, "http.accept_failed", LOG_TEXT("error", strerror(code)));
}

struct http *http_new(const struct http_needs *needs, struct err *err)
{
	struct http *http = calloc(1, sizeof(*http));

	if (http == NULL) {
		err_set(err, -ENOMEM, "http: out of memory");
		return NULL;
	}
	http->needs = *needs;
	visits_init(&http->visits, &http->facts);
	http->visits.max = (size_t)needs->options->http.connections_max;
	http->facts.ticked_at = clock_monotonic();
	show_statuses(&http->facts.answers);
	later_init(&http->later);
	http->sse = sse_new(&http->needs, &http->facts);
	http->whatif = whatif_new(&http->needs);
	http->server = evhttp_new(needs->base);
	http->tick = event_new(needs->base, -1, EV_PERSIST, on_tick, http);
	if (http->whatif == NULL || http->sse == NULL || http->server == NULL ||
	    http->tick == NULL) {
		err_set(err, -ENOMEM, "http: out of memory");
		return http_free(http);
	}
	evhttp_set_max_headers_size(http->server, HEADERS_BYTES_MAX);
	evhttp_set_max_body_size(http->server, REQUEST_BODY_MAX);
	/* The usual ones reach us, so that the answer can say what is allowed. */
	evhttp_set_allowed_methods(
	        http->server, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST | EVHTTP_REQ_PUT |
	                              EVHTTP_REQ_DELETE | EVHTTP_REQ_PATCH | EVHTTP_REQ_OPTIONS);
	evhttp_set_default_content_type(http->server, TYPE_PLAIN);
	evhttp_set_bevcb(http->server, on_connection, http);
	evhttp_set_gencb(http->server, on_request, http);
	return http;
}

struct http *http_free(struct http *http)
{
	if (http == NULL)
		return NULL;
	if (http->tick != NULL)
		event_free(http->tick);
	http->whatif = whatif_free(http->whatif);
	http->sse = sse_free(http->sse);
	later_done(&http->later);
	http->visits.listener = NULL; /* goes with the server */
	if (http->server != NULL)
		evhttp_free(http->server);
	visits_done(&http->visits);
	free(http);
	return NULL;
}

int http_start(struct http *http, struct err *err)
{
	const char *address = http->needs.options->http.listen;
	struct timeval period = { .tv_sec = TICK / SEC(1) };
	struct bound bound;
	int r;

	event_add(http->tick, &period);
	lag_start(&http->facts.lag, TICK, clock_monotonic());
	if (address[0] == '\0')
		return 0;
	r = bind_address(http->needs.base, address, &bound, err);
	if (r < 0)
		return r;
	if (evhttp_bind_listener(http->server, bound.listener) == NULL) {
		evconnlistener_free(bound.listener);
		return err_set(err, -ENOMEM, "http: out of memory");
	}
	evconnlistener_set_error_cb(bound.listener, on_accept_failed);
	http->visits.listener = bound.listener;
	http->port = bound.port;
	http->loopback = bound.loopback;
	return 0;
}

void http_reconfigure(struct http *http, const struct options *options)
{
	http->needs.options = options;
	http->visits.max = (size_t)options->http.connections_max;
	whatif_forget(http->whatif);
	sse_end_all(http->sse);
}

void http_kept(struct http *http, uint64_t number)
{
	finish_later(http, number, 0, TEXT(""));
}

void http_stats_read(struct http *http, uint64_t number, int outcome, struct text json)
{
	finish_later(http, number, outcome, json);
}

void http_history_read(struct http *http, uint64_t number, int outcome, struct text json)
{
	finish_later(http, number, outcome, json);
}

bool http_routed(struct http *http, uint64_t number, int code, usec_t retry_after, struct text json)
{
	struct evhttp_request *request;
	struct visit *visit;
	struct answer answer;
	bool heard;

	if (!later_take(&http->later, number, &request, &answer))
		return false;
	visit = visit_of(http, request);
	heard = visit != NULL && visits_listens(visit);
	if (heard)
		routing_finish(&answer, code, retry_after, json);
	else
		routing_finish_unheard(&answer);
	finish_request(http, request, &answer);
	return heard;
}

void http_told(struct http *http, uint64_t seq)
{
	sse_told(http->sse, seq);
}

unsigned http_port(const struct http *http)
{
	return http->port;
}
