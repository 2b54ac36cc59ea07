#include "rpc_link.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <unistd.h>

#include "clients.h"
#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"
#include "rpc_events.h"
#include "rpc_methods.h"
#include "rpc_session.h"

#define STALL_MAX SEC(10)
#define CLOSING_MAX SEC(2)
#define UNKNOWN_BYTES_MAX 4096 /* before a session, from an address nobody trusts */
#define INPUT_SLACK ((size_t)16 << 10)

static const char not_http[] =
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Length: 47\r\nConnection: close\r\n\r\n"
        "This port speaks JSON-RPC over TCP, not HTTP.\r\n";

/* --- finding --- */

struct rpc_conn *rpc_conn_find(const struct link *link, uint64_t peer)
{
	uint32_t slot = (uint32_t)peer, gen = (uint32_t)(peer >> 32);

	if (slot >= link->conns_max || !pool_holds(&link->conns_pool, slot, gen))
		return NULL;
	return link->conns[slot];
}

struct rpc_conn *rpc_conn_next(const struct link *link, uint32_t from, uint32_t *ret_slot)
{
	for (uint32_t slot = from; slot < link->conns_used; slot++) {
		if (link->conns[slot] != NULL) {
			*ret_slot = slot;
			return link->conns[slot];
		}
	}
	return NULL;
}

static bool is_known(const struct rpc_conn *conn)
{
	return conn->trusted || conn->session.open;
}

void rpc_protocol_error(struct rpc_conn *conn, const char *reason)
{
	meter_count(&conn->link->needs.meters->rpc_protocol_errors, reason, "");
	log_limited(LOG_LEVEL_NOTICE, "rpc.protocol_error", LOG_TEXT("reason", reason),
	            LOG_TEXT("address", conn->address),
	            LOG_TEXT("client", conn->client == NULL ? "" : conn->client->name));
}

/* --- output --- */

size_t rpc_conn_backlog(const struct rpc_conn *conn)
{
	return conn->unsent_bytes + stream_output(conn->stream);
}

static void check_backlog(struct rpc_conn *conn)
{
	uint64_t soft = options_of(conn->link)->rpc.output_soft;
	size_t backlog = rpc_conn_backlog(conn);

	if (backlog > soft)
		rpc_conn_hold(conn, HOLD_OUTPUT);
	else if (backlog <= soft / 2)
		rpc_conn_release(conn, HOLD_OUTPUT);
}

void rpc_conn_put(struct rpc_conn *conn, struct text message)
{
	struct link *link = conn->link;

	if (!outbox_put(link->needs.outbox, conn->peer, message)) {
		rpc_protocol_error(conn, "outbox_full");
		rpc_conn_close(conn, "outbox_full");
		return;
	}
	conn->unsent++;
	conn->unsent_bytes += message.length;
	check_backlog(conn);
}

void rpc_conn_send(struct link *link, uint64_t peer, struct text message)
{
	struct rpc_conn *conn = rpc_conn_find(link, peer);
	char head[NETSTRING_HEAD_MAX];

	if (conn == NULL)
		return; /* has gone meanwhile */
	assert(conn->unsent > 0 && conn->unsent_bytes >= message.length);
	conn->unsent--;
	conn->unsent_bytes -= message.length;
	if (message.length > options_of(link)->rpc.output_max / 2)
		stream_allow(conn->stream, message.length);
	if (conn->framer.framing == FRAMING_NETSTRING)
		stream_write(conn->stream,
		             (struct text){ head, netstring_head(message.length, head) });
	stream_write(conn->stream, message);
	if (conn->framer.framing == FRAMING_NETSTRING)
		stream_write(conn->stream, TEXT(","));
	else if (conn->framer.newline)
		stream_write(conn->stream, TEXT("\n"));
	else
		conn->owes_newline = true;
	check_backlog(conn);
	rpc_conn_settle(conn);
}

/* --- holding and leaving --- */

void rpc_conn_hold(struct rpc_conn *conn, enum hold hold)
{
	if (conn->held == 0)
		stream_hold(conn->stream);
	conn->held |= hold;
}

void rpc_conn_release(struct rpc_conn *conn, enum hold hold)
{
	if (!(conn->held & hold))
		return;
	conn->held &= ~(unsigned)hold;
	if (conn->held == 0)
		stream_resume(conn->stream);
}

static void set_alarm(struct rpc_conn *conn, usec_t delay)
{
	struct timeval tv = { .tv_sec = (time_t)(delay / SEC(1)),
		              .tv_usec = (suseconds_t)(delay % SEC(1)) };

	event_add(conn->alarm, &tv);
}

void rpc_conn_settle(struct rpc_conn *conn)
{
	if (conn->closing && conn->unanswered == 0 && conn->unsent == 0)
		stream_finish(conn->stream, conn->why);
}

void rpc_conn_finish(struct rpc_conn *conn, const char *why)
{
	if (conn->closing)
		return;
	conn->closing = true;
	conn->why = why;
	set_alarm(conn, CLOSING_MAX);
	rpc_conn_settle(conn);
}

void rpc_conn_close(struct rpc_conn *conn, const char *why)
{
	conn->closing = true;
	stream_close(conn->stream, why);
}

/* Nobody said who they are in time; or a closing one waits for answers too long. */
static void on_alarm(evutil_socket_t fd, short what, void *arg)
{
	struct rpc_conn *conn = arg;

	(void)fd;
	(void)what;
	if (!conn->closing)
		rpc_protocol_error(conn, "login_timeout");
	rpc_conn_close(conn, conn->closing ? conn->why : "login_timeout");
}

static void on_closed(const char *reason, void *arg)
{
	struct rpc_conn *conn = arg;
	struct link *link = conn->link;

	if (!is_known(conn))
		link->unauthenticated--;
	rpc_session_close(conn, reason);
	if (conn->client != NULL)
		client_leave(conn->client);
	event_free(conn->alarm);
	link->conns[(uint32_t)conn->peer] = NULL;
	pool_give(&link->conns_pool, (uint32_t)conn->peer);
	link->needs.meters->rpc_connections--;
	free(conn);
}

/* --- input --- */

/* What cannot be read any further is answered if a message of theirs can be meant. */
static void refuse_bytes(struct rpc_conn *conn, enum frame_result result)
{
	const char *reason = conn->framer.reason;

	rpc_protocol_error(conn, reason);
	if (result == FRAME_HTTP) {
		stream_write(conn->stream, TEXT(not_http));
	} else if (conn->framer.framing != FRAMING_UNKNOWN) {
		rpc_answer_unreadable(
		        conn, strcmp(reason, "too_large") == 0 ? RPC_TOO_LARGE : RPC_PARSE_ERROR,
		        reason, "");
	}
	rpc_conn_finish(conn, reason);
}

/* A line's end that came after its message had been answered: the client frames by
 * lines all the same, and waits for the end of ours. */
static void end_line(struct rpc_conn *conn)
{
	if (!conn->owes_newline || !conn->framer.newline)
		return;
	conn->owes_newline = false;
	stream_write(conn->stream, TEXT("\n"));
}

/* Messages are taken one by one for as long as nothing says to wait. What has been
 * cut is handled before the next is cut, since it may change the limits. */
static size_t on_readable(const char *data, size_t length, void *arg)
{
	struct rpc_conn *conn = arg;
	size_t at = 0;

	while (conn->held == 0 && !conn->closing) {
		const struct options *options = options_of(conn->link); /* a message may reload */
		enum frame_result result;
		struct text message;
		size_t used;

		if (!loop_has_room(conn->link->needs.loop, (unsigned)options->rpc.batch_max)) {
			rpc_conn_hold(conn, HOLD_INBOX);
			break;
		}
		result = frame_next(&conn->framer, data + at, length - at, options->rpc.message_max,
		                    &message, &used);
		at += used;
		end_line(conn);
		if (!is_known(conn)) {
			conn->received += used;
			if (conn->received + (length - at) > UNKNOWN_BYTES_MAX) {
				rpc_protocol_error(conn, "login_too_large");
				rpc_conn_close(conn, "login_too_large");
				break;
			}
		}
		if (result == FRAME_SHORT)
			break;
		if (result != FRAME_READY) {
			refuse_bytes(conn, result);
			at = length;
			break;
		}
		rpc_take_message(conn, message);
	}
	if (conn->ended && conn->held == 0)
		rpc_conn_finish(conn, "ended");
	loop_nudge(conn->link->needs.loop);
	return at;
}

static void on_ended(void *arg)
{
	struct rpc_conn *conn = arg;

	conn->ended = true;
	if (conn->held == 0)
		rpc_conn_finish(conn, "ended");
}

static void on_drained(void *arg)
{
	struct rpc_conn *conn = arg;

	check_backlog(conn);
	rpc_events_continue(conn);
}

/* --- beginning --- */

static struct stream_limits limits_of(const struct rpc_conn *conn)
{
	const struct options *options = options_of(conn->link);

	return (struct stream_limits){
		.input_max = options->rpc.message_max + INPUT_SLACK,
		.output_soft = options->rpc.output_soft,
		.output_max = options->rpc.output_max,
		.idle_max = conn->session.open ? 3 * conn->session.heartbeat : 0,
		.stall_max = STALL_MAX,
	};
}

void rpc_conn_set_heartbeat(struct rpc_conn *conn, usec_t heartbeat)
{
	struct stream_limits limits;

	conn->session.heartbeat = heartbeat;
	limits = limits_of(conn);
	stream_set_limits(conn->stream, &limits);
}

void rpc_conn_login(struct rpc_conn *conn)
{
	if (conn->trusted || conn->session.open)
		return;
	conn->link->unauthenticated--;
	event_del(conn->alarm);
}

/* Why nobody more is let in; NULL when they are. */
static const char *find_limit(const struct link *link, bool trusted)
{
	const struct options *options = options_of(link);

	if (link->conns_pool.used >= (uint32_t)options->rpc.connections_max)
		return "too_many_connections";
	if (!trusted && link->unauthenticated >= (unsigned)options->rpc.unauthenticated_max)
		return "too_many_unauthenticated";
	return NULL;
}

static bool start(struct rpc_conn *conn, int fd)
{
	struct stream_hooks hooks = { .readable = on_readable,
		                      .ended = on_ended,
		                      .drained = on_drained,
		                      .closed = on_closed,
		                      .arg = conn };
	struct stream_limits limits = limits_of(conn);

	framer_init(&conn->framer);
	conn->alarm = event_new(conn->link->needs.base, -1, 0, on_alarm, conn);
	if (conn->alarm == NULL) {
		close(fd);
		return false;
	}
	conn->stream = stream_new(conn->link->needs.base, fd, &limits, &hooks);
	if (conn->stream == NULL) {
		event_free(conn->alarm);
		return false;
	}
	return true;
}

static void on_accept(int fd, const struct sockaddr *peer, void *arg)
{
	struct link *link = arg;
	bool trusted = rpc_auth_trusts(&link->auth, peer);
	const char *limit = find_limit(link, trusted);
	struct rpc_conn *conn = limit == NULL ? calloc(1, sizeof(*conn)) : NULL;
	uint32_t slot, gen;

	if (conn == NULL || !pool_take(&link->conns_pool, &slot, &gen)) {
		limit = limit == NULL ? "out_of_memory" : limit;
		meter_count(&link->needs.meters->rpc_protocol_errors, limit, "");
		log_limited(LOG_LEVEL_WARNING, "rpc.turned_away", LOG_TEXT("reason", limit));
		free(conn);
		close(fd);
		return;
	}
	conn->link = link;
	conn->trusted = trusted;
	conn->peer = (uint64_t)gen << 32 | slot;
	network_print_peer(peer, conn->address, sizeof(conn->address));
	if (!start(conn, fd)) {
		pool_give(&link->conns_pool, slot);
		free(conn);
		return;
	}
	link->conns[slot] = conn;
	if (slot >= link->conns_used)
		link->conns_used = slot + 1;
	link->needs.meters->rpc_connections++;
	link->needs.meters->rpc_connections_total++;
	if (!trusted) {
		link->unauthenticated++;
		set_alarm(conn, options_of(link)->rpc.login_max);
	}
}

/* --- the listener --- */

int rpc_link_start(struct link *link, struct err *err)
{
	const char *address = options_of(link)->rpc.listen;
	struct whereabouts *own = &link->needs.meters->own;
	int r;

	if (address[0] == '\0')
		return 0;
	r = listener_new(link->needs.base, "rpc", address, on_accept, link, &link->listener, err);
	if (r < 0)
		return err_wrap(err, r, "rpc.listen");
	log_fact(LOG_LEVEL_NOTICE, "rpc.listening", LOG_TEXT("address", address),
	         LOG_NUMBER("port", listener_port(link->listener)));
	listener_reach(link->listener, options_of(link)->rpc.advertise, own->rpc, sizeof(own->rpc));
	return 0;
}

void rpc_link_stop(struct link *link)
{
	link->listener = listener_free(link->listener);
	for (uint32_t slot = 0; slot < link->conns_used; slot++) {
		struct rpc_conn *conn = link->conns[slot];

		if (conn == NULL)
			continue;
		stream_free(conn->stream);
		rpc_events_leave(conn);
		event_free(conn->alarm);
		free(conn);
	}
}

void rpc_link_reconfigure(struct link *link)
{
	struct rpc_conn *conn;

	for (uint32_t slot = 0; (conn = rpc_conn_next(link, slot, &slot)) != NULL; slot++) {
		struct stream_limits limits = limits_of(conn);

		stream_set_limits(conn->stream, &limits);
		rpc_session_check(conn);
	}
}
