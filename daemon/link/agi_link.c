#include "agi_link.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <unistd.h>

#include "agi_calls.h"
#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"
#include "networks.h"

#define CONNECTIONS_MAX 65536u     /* the option can be raised by a reload */
#define PEER_GENERATIONS 0xffffffu /* a gateway's peers have 56 bits */

#define INPUT_MAX ((size_t)2 * AGI_LINE_MAX)
#define OUTPUT_MAX ((size_t)16 << 10)
#define STALL_MAX SEC(10)

#define HANGUP_MAX MSEC(100) /* Asterisk keeps the channel until we close */
#define LEAVE_MAX SEC(10)    /* with what an agent is told at the end */

static struct meters *meters_of(const struct agi *agi)
{
	return agi->asterisk->link->needs.meters;
}

struct agi_conn *agi_conn_find(const struct agi *agi, uint64_t peer)
{
	uint32_t slot = (uint32_t)peer;

	if (slot >= agi->conns_used || agi->conns[slot] == NULL || agi->conns[slot]->peer != peer)
		return NULL;
	return agi->conns[slot];
}

const struct queue_options *agi_conn_queue(const struct agi_conn *conn)
{
	return conn->queue == QUEUE_NONE
	               ? NULL
	               : directory_queue_options(directory_of(conn->agi->asterisk->link),
	                                         conn->queue);
}

const char *agi_conn_channel(const struct agi_conn *conn)
{
	if (conn->call != NULL)
		return conn->call->channel;
	return conn->asking != NULL ? conn->asking->env.fields[AGI_CHANNEL] : "";
}

/* --- the alarm --- */

/* When this has lasted too long. */
static usec_t find_alarm(const struct agi_conn *conn)
{
	if (conn->closing)
		return USEC_NEVER;
	if (conn->asking != NULL || conn->talk.hungup || conn->talk.state == TALK_LEAVING)
		return conn->until;
	return USEC_NEVER;
}

static void set_alarm(struct agi_conn *conn)
{
	usec_t at = find_alarm(conn), now;
	struct timeval tv;

	if (at == conn->alarm_at)
		return;
	conn->alarm_at = at;
	if (at == USEC_NEVER) {
		event_del(conn->alarm);
		return;
	}
	now = clock_now();
	tv.tv_sec = at > now ? (time_t)((at - now) / SEC(1)) : 0;
	tv.tv_usec = at > now ? (suseconds_t)((at - now) % SEC(1)) : 0;
	event_add(conn->alarm, &tv);
}

static void on_alarm(evutil_socket_t fd, short what, void *arg)
{
	struct agi_conn *conn = arg;

	(void)fd;
	(void)what;
	conn->alarm_at = USEC_NEVER;
	if (conn->asking != NULL && conn->asking->waiting)
		agi_calls_wait_no_longer(conn);
	else if (conn->asking != NULL)
		agi_conn_fail(conn, "request_timeout");
	else if (conn->talk.hungup)
		agi_conn_close(conn, "hung_up");
	else if (conn->talk.state == TALK_LEAVING)
		agi_conn_fail(conn, "no_reply");
	agi_conn_continue(conn);
	loop_nudge(conn->agi->asterisk->link->needs.loop);
}

/* --- closing --- */

static void begin_closing(struct agi_conn *conn, const char *why)
{
	conn->closing = true;
	conn->why = why;
	agi_calls_left(conn);
	set_alarm(conn);
}

void agi_conn_close(struct agi_conn *conn, const char *why)
{
	if (conn->closing)
		return;
	begin_closing(conn, why);
	stream_close(conn->stream, why);
}

void agi_conn_fail(struct agi_conn *conn, const char *reason)
{
	if (conn->closing)
		return;
	meter_count(&meters_of(conn->agi)->agi_protocol_errors, reason, "");
	log_limited(LOG_LEVEL_NOTICE, "agi.protocol_error", LOG_TEXT("reason", reason),
	            LOG_TEXT("asterisk", conn->server->name),
	            LOG_TEXT("channel", agi_conn_channel(conn)));
	agi_conn_close(conn, reason);
}

/* All is said: Asterisk goes on with the dialplan when it has read it. */
static void finish(struct agi_conn *conn)
{
	begin_closing(conn, "done");
	stream_finish(conn->stream, "done");
}

static void free_conn(struct agi_conn *conn)
{
	free(conn->asking);
	event_free(conn->alarm);
	free(conn);
}

static void on_closed(const char *reason, void *arg)
{
	struct agi_conn *conn = arg;
	struct agi *agi = conn->agi;
	uint32_t slot = (uint32_t)conn->peer;

	if (!conn->closing) {
		conn->why = reason;
		agi_calls_lost(conn);
	}
	agi->conns[slot] = NULL;
	pool_give(&agi->pool, slot);
	meters_of(agi)->agi_connections--;
	free_conn(conn);
}

/* --- going on --- */

static void limit(struct agi_conn *conn)
{
	usec_t now = clock_now();

	if (conn->asking != NULL)
		return; /* from the beginning */
	if (conn->talk.hungup && (conn->until == 0 || conn->until > now + HANGUP_MAX))
		conn->until = now + HANGUP_MAX;
	else if (!conn->talk.hungup && conn->talk.state == TALK_LEAVING && conn->until == 0)
		conn->until = now + LEAVE_MAX;
}

void agi_conn_continue(struct agi_conn *conn)
{
	struct agi_command *command = &conn->agi->command;
	struct text bytes;

	if (conn->closing || (conn->asking != NULL && !conn->asking->whole)) {
		set_alarm(conn);
		return;
	}
	switch (talk_next(&conn->talk, agi_conn_queue(conn), command)) {
	case TALK_SEND:
		bytes = agi_command_end(command);
		if (bytes.length > 0)
			stream_write(conn->stream, bytes);
		else
			agi_conn_fail(conn, "command_too_long");
		break;
	case TALK_WAIT:
		break;
	case TALK_CLOSE:
		if (conn->talk.hungup)
			agi_conn_close(conn, "hung_up");
		else
			finish(conn);
		break;
	}
	limit(conn);
	set_alarm(conn);
}

/* --- input --- */

static void hold(struct agi_conn *conn)
{
	conn->held = true;
	stream_hold(conn->stream);
}

static void release(struct agi_conn *conn)
{
	conn->held = false;
	stream_resume(conn->stream);
}

static void take_environment(struct agi_conn *conn, struct text line)
{
	struct agi_env *env = &conn->asking->env;

	switch (agi_env_take(env, line)) {
	case AGI_SHORT:
		break;
	case AGI_WRONG:
		agi_conn_fail(conn, env->reason);
		break;
	case AGI_READY:
		conn->asking->whole = true;
		conn->server->meter->messages++;
		if (env->odd > 0)
			log_limited(LOG_LEVEL_NOTICE, "agi.odd_caller",
			            LOG_TEXT("asterisk", conn->server->name),
			            LOG_TEXT("channel", agi_conn_channel(conn)),
			            LOG_TEXT("from", env->fields[AGI_CALLERID]),
			            LOG_NUMBER("lines", env->odd));
		agi_calls_begin(conn);
		agi_conn_continue(conn);
		break;
	}
}

static void take_line(struct agi_conn *conn, struct text line)
{
	struct talk_report report;
	enum talk_news news;

	if (conn->asking != NULL && !conn->asking->whole) {
		take_environment(conn, line);
		return;
	}
	conn->server->meter->messages++;
	news = talk_take(&conn->talk, line, &report);
	if (news == NEWS_WRONG)
		agi_conn_fail(conn, report.reason);
	else
		agi_calls_hear(conn, news, &report);
	agi_conn_continue(conn);
}

/* What is not a whole line: a stranger need not be waited for. */
static void take_beginning(struct agi_conn *conn, struct text bytes)
{
	if (conn->asking != NULL && !conn->asking->whole && bytes.length > 0 &&
	    agi_env_expect(&conn->asking->env, bytes) == AGI_WRONG)
		agi_conn_fail(conn, conn->asking->env.reason);
}

static void end(struct agi_conn *conn)
{
	if (conn->closing)
		return;
	if (conn->asking != NULL && !conn->asking->whole) {
		agi_conn_fail(conn, "cut_short");
		return;
	}
	conn->why = "ended";
	agi_calls_lost(conn);
	agi_conn_close(conn, "ended");
}

static size_t on_readable(const char *data, size_t length, void *arg)
{
	struct agi_conn *conn = arg;
	size_t at = 0;

	while (!conn->closing && !conn->held) {
		struct text line;
		size_t used;

		if (!agi_calls_can_begin(conn)) {
			hold(conn);
			break;
		}
		switch (agi_line_next(&conn->lines, data + at, length - at, &line, &used)) {
		case AGI_READY:
			at += used;
			take_line(conn, line);
			continue;
		case AGI_WRONG:
			agi_conn_fail(conn, conn->lines.reason);
			break;
		case AGI_SHORT:
			take_beginning(conn, (struct text){ data + at, length - at });
			break;
		}
		break;
	}
	if (conn->ended && !conn->held)
		end(conn);
	loop_nudge(conn->agi->asterisk->link->needs.loop);
	return conn->closing ? length : at;
}

static void on_ended(void *arg)
{
	struct agi_conn *conn = arg;

	conn->ended = true;
	if (!conn->held)
		end(conn);
	loop_nudge(conn->agi->asterisk->link->needs.loop);
}

static void on_drained(void *arg)
{
	(void)arg;
}

/* --- beginning --- */

static bool open_conn(struct agi_conn *conn, int fd)
{
	static const struct stream_limits limits = { .input_max = INPUT_MAX,
		                                     .output_soft = OUTPUT_MAX,
		                                     .output_max = OUTPUT_MAX,
		                                     .stall_max = STALL_MAX };
	struct stream_hooks hooks = { .readable = on_readable,
		                      .ended = on_ended,
		                      .drained = on_drained,
		                      .closed = on_closed,
		                      .arg = conn };
	struct event_base *base = conn->agi->asterisk->link->needs.base;

	conn->asking = malloc(sizeof(*conn->asking));
	conn->alarm = event_new(base, -1, 0, on_alarm, conn);
	if (conn->asking == NULL || conn->alarm == NULL) {
		close(fd);
		return false;
	}
	conn->asking->whole = conn->asking->waiting = false;
	agi_env_init(&conn->asking->env);
	talk_init(&conn->talk);
	conn->queue = QUEUE_NONE;
	conn->alarm_at = USEC_NEVER;
	conn->until = clock_now() + options_of(conn->agi->asterisk->link)->agi.request_max;
	conn->stream = stream_new(base, fd, &limits, &hooks);
	return conn->stream != NULL;
}

static void turn_away(struct agi *agi, int fd, const char *reason, const char *address)
{
	meter_count(&meters_of(agi)->agi_protocol_errors, reason, "");
	log_limited(LOG_LEVEL_WARNING, "agi.turned_away", LOG_TEXT("reason", reason),
	            LOG_TEXT("address", address));
	close(fd);
}

/* NULL with why not; `fd` is theirs to close then. */
static struct agi_conn *add_conn(struct agi *agi, const char *address, const char **ret_reason)
{
	struct asterisk_server *server;
	struct agi_conn *conn;
	uint32_t slot, gen;

	*ret_reason = "untrusted";
	if (!asterisk_trusts(agi->asterisk, address))
		return NULL;
	*ret_reason = "too_many_connections";
	if (agi->pool.used >= (uint32_t)options_of(agi->asterisk->link)->agi.connections_max)
		return NULL;
	*ret_reason = "out_of_memory";
	server = asterisk_server_at(agi->asterisk, address);
	conn = server == NULL ? NULL : calloc(1, sizeof(*conn));
	if (conn == NULL || !pool_take(&agi->pool, &slot, &gen)) {
		free(conn);
		return NULL;
	}
	conn->agi = agi;
	conn->server = server;
	conn->peer = (uint64_t)(gen & PEER_GENERATIONS) << 32 | slot;
	return conn;
}

static void on_accept(int fd, const struct sockaddr *peer, void *arg)
{
	struct agi *agi = arg;
	char address[64];
	const char *reason;
	struct agi_conn *conn;
	uint32_t slot;

	network_print_peer(peer, address, sizeof(address));
	conn = add_conn(agi, address, &reason);
	if (conn == NULL) {
		turn_away(agi, fd, reason, address);
		return;
	}
	slot = (uint32_t)conn->peer;
	if (!open_conn(conn, fd)) {
		pool_give(&agi->pool, slot);
		free(conn->asking);
		if (conn->alarm != NULL)
			event_free(conn->alarm);
		free(conn);
		return;
	}
	agi->conns[slot] = conn;
	if (slot >= agi->conns_used)
		agi->conns_used = slot + 1;
	meters_of(agi)->agi_connections++;
	meters_of(agi)->agi_connections_total++;
	conn->server->meter->connections++;
	set_alarm(conn);
}

/* --- the listener --- */

struct agi *agi_new(struct asterisk *asterisk, struct err *err)
{
	struct agi *agi = calloc(1, sizeof(*agi));

	if (agi == NULL) {
		err_set(err, -ENOMEM, "out of memory");
		return NULL;
	}
	agi->asterisk = asterisk;
	agi->conns_max = CONNECTIONS_MAX;
	agi->conns = calloc(agi->conns_max, sizeof(struct agi_conn *));
	if (agi->conns == NULL || !pool_init(&agi->pool, agi->conns_max)) {
		err_set(err, -ENOMEM, "no memory for %u connections", agi->conns_max);
		return agi_free(agi);
	}
	return agi;
}

struct agi *agi_free(struct agi *agi)
{
	if (agi == NULL)
		return NULL;
	agi->listener = listener_free(agi->listener);
	for (uint32_t slot = 0; slot < agi->conns_used; slot++) {
		if (agi->conns[slot] == NULL)
			continue;
		stream_free(agi->conns[slot]->stream);
		free_conn(agi->conns[slot]);
	}
	pool_done(&agi->pool);
	free(agi->conns);
	free(agi);
	return NULL;
}

int agi_start(struct agi *agi, struct err *err)
{
	struct link *link = agi->asterisk->link;
	const char *address = options_of(link)->agi.listen;
	struct whereabouts *own = &link->needs.meters->own;
	int r;

	if (address[0] == '\0')
		return 0;
	r = listener_new(link->needs.base, "fastagi", address, on_accept, agi, &agi->listener, err);
	if (r < 0)
		return err_wrap(err, r, "agi.listen");
	log_fact(LOG_LEVEL_NOTICE, "agi.listening", LOG_TEXT("address", address),
	         LOG_NUMBER("port", listener_port(agi->listener)));
	listener_reach(agi->listener, options_of(link)->agi.advertise, own->agi, sizeof(own->agi));
	return 0;
}

void agi_resume(struct agi *agi)
{
	for (uint32_t slot = 0; slot < agi->conns_used; slot++) {
		struct agi_conn *conn = agi->conns[slot];

		if (conn == NULL || conn->closing)
			continue;
		if (conn->asking != NULL && conn->asking->waiting && agi_calls_can_begin(conn)) {
			agi_calls_begin(conn);
			agi_conn_continue(conn);
		}
		if (conn->held)
			release(conn);
	}
	loop_nudge(agi->asterisk->link->needs.loop);
}
