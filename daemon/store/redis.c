#include "redis.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <hiredis/async.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "batch.h"
#include "najimi/base/number.h"
#include "najimi/base/rng.h"
#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"
#include "najimi/shell/resolve.h"

#define BACKOFF_MIN MSEC(50)
#define BACKOFF_MAX SEC(2)
#define EMBEDDED_START MSEC(400) /* the delay from which on its absence is worth a word */
#define WATCH_PERIOD MSEC(100)   /* how often deadlines are looked at */
#define SAY_AGAIN SEC(30)        /* that Redis is still away, for the same reason */

enum stage {
	STAGE_IDLE,    /* not started */
	STAGE_WAITING, /* until the backoff is over */
	STAGE_CONNECTING,
	STAGE_LOGGING_IN,
	STAGE_UP
};

struct question {
	redis_reply_fn *fn;
	void *arg;
	uint64_t tag;
	usec_t sent_at;
};

struct redis {
	struct event_base *base;
	struct redis_hooks hooks;
	enum stage stage;

	int mode; /* enum redis_mode */
	char *host, *path, *user, *password;
	int port;
	int64_t database;
	usec_t connect_max;

	struct resolver *resolver;
	redisAsyncContext *context; /* NULL before CONNECTING, and while a name is looked up */
	usec_t connect_until;
	unsigned login_open; /* answers that the login waits for */

	/* What has been asked, oldest first: a ring, because replies come in order. */
	struct question *questions;
	size_t questions_size; /* a power of two */
	size_t first, last;    /* counts, not wrapped */
	usec_t asked_at;       /* of the one being answered */

	struct event *readable, *writable; /* of the context */
	struct event *flush;
	bool flushing, in_reply;

	struct event *watch, *retry;
	usec_t backoff;
	uint64_t chance;
	char reason[128]; /* why we wait, as last logged */
	usec_t said_at;
};

/* --- what has been asked --- */

static bool push(struct redis *redis, const struct question *question)
{
	if (redis->last - redis->first == redis->questions_size) {
		size_t size = redis->questions_size == 0 ? 256 : redis->questions_size * 2;
		struct question *questions = calloc(size, sizeof(*questions));

		if (questions == NULL)
			return false;
		for (size_t i = redis->first; i != redis->last; i++)
			questions[i & (size - 1)] =
			        redis->questions[i & (redis->questions_size - 1)];
		free(redis->questions);
		redis->questions = questions;
		redis->questions_size = size;
	}
	redis->questions[redis->last++ & (redis->questions_size - 1)] = *question;
	return true;
}

static void on_reply(redisAsyncContext *context, void *reply, void *arg)
{
	struct redis *redis = arg;
	struct question question;

	(void)context;
	assert(redis->first != redis->last);
	question = redis->questions[redis->first++ & (redis->questions_size - 1)];
	redis->in_reply = true;
	redis->asked_at = question.sent_at;
	question.fn(reply, question.tag, question.arg);
	redis->in_reply = false;
}

size_t redis_pending(const struct redis *redis)
{
	return redis->last - redis->first;
}

usec_t redis_took(const struct redis *redis)
{
	return clock_monotonic() - redis->asked_at;
}

/* --- writing and reading: in place of hiredis' own adapter, which takes one more
 * turn of the loop and two system calls for each write --- */

static void write_now(struct redis *redis)
{
	if (redis->context == NULL)
		return;
	redis->flushing = true;
	redisAsyncHandleWrite(redis->context); /* may end in on_disconnect() */
	redis->flushing = false;
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct redis *redis = arg;

	(void)fd;
	(void)what;
	if (redis->context != NULL)
		redisAsyncHandleRead(redis->context);
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	write_now(arg);
}

static void add_read(void *arg)
{
	struct redis *redis = arg;

	if (redis->readable != NULL && !event_pending(redis->readable, EV_READ, NULL))
		event_add(redis->readable, NULL);
}

static void delete_read(void *arg)
{
	struct redis *redis = arg;

	if (redis->readable != NULL)
		event_del(redis->readable);
}

/* Wait for the socket only where it is known to be needed: until it is connected,
 * and when it would take no more. */
static void add_write(void *arg)
{
	struct redis *redis = arg;

	if (redis->writable == NULL)
		return;
	if (redis->flushing || redis->stage == STAGE_CONNECTING)
		event_add(redis->writable, NULL);
	else
		event_active(redis->flush, EV_TIMEOUT, 0);
}

static void delete_write(void *arg)
{
	struct redis *redis = arg;

	if (redis->writable != NULL && event_pending(redis->writable, EV_WRITE, NULL))
		event_del(redis->writable);
}

static void clean_up(void *arg)
{
	struct redis *redis = arg;

	if (redis->readable != NULL)
		event_free(redis->readable);
	if (redis->writable != NULL)
		event_free(redis->writable);
	redis->readable = redis->writable = NULL;
	event_del(redis->flush);
}

static bool attach(struct redis *redis)
{
	redisAsyncContext *context = redis->context;

	redis->readable =
	        event_new(redis->base, context->c.fd, EV_READ | EV_PERSIST, on_readable, redis);
	redis->writable = event_new(redis->base, context->c.fd, EV_WRITE, on_writable, redis);
	if (redis->readable == NULL || redis->writable == NULL) {
		clean_up(redis);
		return false;
	}
	context->ev.data = redis;
	context->ev.addRead = add_read;
	context->ev.delRead = delete_read;
	context->ev.addWrite = add_write;
	context->ev.delWrite = delete_write;
	context->ev.cleanup = clean_up;
	add_read(redis);
	return true;
}

/* --- losing the connection --- */

static void wait_and_retry(struct redis *redis)
{
	/* A quarter more or less, so that many daemons do not come back as one. */
	usec_t delay = redis->backoff * 3 / 4 +
	               rng_below(&redis->chance, (uint32_t)(redis->backoff / 2) + 1);
	struct timeval tv = { .tv_sec = (time_t)(delay / SEC(1)),
		              .tv_usec = (suseconds_t)(delay % SEC(1)) };

	redis->stage = STAGE_WAITING;
	redis->backoff = redis->backoff * 2 > BACKOFF_MAX ? BACKOFF_MAX : redis->backoff * 2;
	event_add(redis->retry, &tv);
}

static void say(struct redis *redis, const char *why, bool was_up)
{
	usec_t now = clock_monotonic();

	/* A server of our own has only just been started: it is on its way. */
	if (redis->mode == REDIS_EMBEDDED && !was_up && redis->backoff < EMBEDDED_START)
		return;
	/* Once for each reason, and now and then again: not with every attempt. */
	if (strcmp(redis->reason, why) == 0 && now - redis->said_at < SAY_AGAIN)
		return;
	snprintf(redis->reason, sizeof(redis->reason), "%s", why);
	redis->said_at = now;
	log_fact(LOG_LEVEL_WARNING, was_up ? "redis.lost" : "redis.waiting", LOG_TEXT("error", why),
	         LOG_TEXT("address", redis->mode == REDIS_TCP ? redis->host : redis->path),
	         LOG_NUMBER("retry_ms", redis->backoff / MSEC(1)));
}

/* The context is gone or about to go. */
static void lost(struct redis *redis, const char *why)
{
	bool was_up = redis->stage == STAGE_UP;
	char copy[128];

	snprintf(copy, sizeof(copy), "%s", why);
	redis->context = NULL;
	say(redis, copy, was_up);
	wait_and_retry(redis);
	if (was_up)
		redis->hooks.down(copy, redis->hooks.arg);
}

void redis_drop(struct redis *redis, const char *why)
{
	redisAsyncContext *context = redis->context;

	if (redis->stage < STAGE_CONNECTING)
		return;
	resolver_forget(redis->resolver);
	lost(redis, why);
	if (context != NULL)
		redisAsyncFree(context); /* answers what is open with NULL */
}

static void on_disconnect(const redisAsyncContext *context, int status)
{
	struct redis *redis = context->data;

	(void)status;
	if (redis->context == context)
		lost(redis, context->errstr != NULL && *context->errstr != '\0'
		                    ? context->errstr
		                    : "the connection was closed");
}

/* --- logging in --- */

static void enter_up(struct redis *redis)
{
	redis->stage = STAGE_UP;
	redis->hooks.up(redis->hooks.arg);
}

static void on_login_reply(const redisReply *reply, uint64_t tag, void *arg)
{
	struct redis *redis = arg;

	(void)tag;
	if (reply == NULL || redis->stage != STAGE_LOGGING_IN)
		return;
	if (reply->type == REDIS_REPLY_ERROR) {
		redis_drop(redis, reply->str);
		return;
	}
	if (--redis->login_open == 0)
		enter_up(redis);
}

static void ask_login(struct redis *redis, const struct text *words, size_t count)
{
	struct batch batch = { 0 };
	struct text command = batch_command(&batch, words, count);

	if (redis_send(redis, command, on_login_reply, 0, redis))
		redis->login_open++;
	batch_done(&batch);
}

static void log_in(struct redis *redis)
{
	char digits[24];

	redis->stage = STAGE_LOGGING_IN;
	redis->login_open = 0;
	if (*redis->user != '\0')
		ask_login(redis,
		          (struct text[]){ TEXT("AUTH"), text_of(redis->user),
		                           text_of(redis->password) },
		          3);
	else if (*redis->password != '\0')
		ask_login(redis, (struct text[]){ TEXT("AUTH"), text_of(redis->password) }, 2);
	if (redis->database != 0) {
		snprintf(digits, sizeof(digits), "%lld", (long long)redis->database);
		ask_login(redis, (struct text[]){ TEXT("SELECT"), text_of(digits) }, 2);
	}
	if (redis->login_open == 0)
		enter_up(redis);
}

static void on_connect(const redisAsyncContext *context, int status)
{
	struct redis *redis = context->data;

	if (redis->context != context)
		return;
	if (status != REDIS_OK) {
		lost(redis, context->c.errstr);
		return;
	}
	log_in(redis);
}

/* --- connecting --- */

static void connect_to(struct redis *redis, const char *host)
{
	redisAsyncContext *context;
	int one = 1;

	context = redis->mode == REDIS_TCP ? redisAsyncConnect(host, redis->port)
	                                   : redisAsyncConnectUnix(redis->path);
	if (context == NULL) {
		lost(redis, "out of memory");
		return;
	}
	if (context->err != 0) {
		lost(redis, context->errstr);
		redisAsyncFree(context);
		return;
	}
	redis->context = context;
	context->data = redis;
	fcntl(context->c.fd, F_SETFD, FD_CLOEXEC);
	if (redis->mode == REDIS_TCP)
		setsockopt(context->c.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (!attach(redis)) {
		redis_drop(redis, "out of memory");
		return;
	}
	redisAsyncSetDisconnectCallback(context, on_disconnect);
	redisAsyncSetConnectCallback(context, on_connect);
}

static void on_resolved(const char *address, const char *why, void *arg)
{
	struct redis *redis = arg;

	if (address == NULL)
		redis_drop(redis, why);
	else
		connect_to(redis, address);
}

static void connect_now(struct redis *redis)
{
	assert(redis->context == NULL && redis_pending(redis) == 0);

	redis->stage = STAGE_CONNECTING;
	redis->connect_until = clock_monotonic() + redis->connect_max;
	if (redis->mode != REDIS_TCP || resolver_is_address(redis->host))
		connect_to(redis, redis->host);
	else if (!resolver_ask(redis->resolver, redis->host))
		lost(redis, "out of memory");
}

static void on_retry(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	connect_now(arg);
}

/* hiredis 0.14 knows no deadlines. */
static void on_watch(evutil_socket_t fd, short what, void *arg)
{
	struct redis *redis = arg;
	usec_t now = clock_monotonic();
	const struct question *oldest;

	(void)fd;
	(void)what;
	if (redis->stage == STAGE_CONNECTING || redis->stage == STAGE_LOGGING_IN) {
		if (now >= redis->connect_until)
			redis_drop(redis, "no answer within redis.connect_max");
	} else if (redis->stage == STAGE_UP && redis_pending(redis) > 0) {
		oldest = &redis->questions[redis->first & (redis->questions_size - 1)];
		if (now - oldest->sent_at > REDIS_COMMAND_MAX)
			redis_drop(redis, "a command was not answered for 3 s");
	}
}

struct redis *redis_new(struct event_base *base, const struct redis_hooks *hooks)
{
	struct redis *redis = calloc(1, sizeof(*redis));

	if (redis == NULL)
		return NULL;
	redis->base = base;
	redis->hooks = *hooks;
	redis->backoff = BACKOFF_MIN;
	if (getrandom(&redis->chance, sizeof(redis->chance), 0) < 0)
		redis->chance = clock_now();
	redis->flush = event_new(base, -1, 0, on_writable, redis);
	redis->retry = event_new(base, -1, 0, on_retry, redis);
	redis->watch = event_new(base, -1, EV_PERSIST, on_watch, redis);
	redis->resolver = resolver_new(base, on_resolved, redis);
	if (redis->flush == NULL || redis->retry == NULL || redis->watch == NULL ||
	    redis->resolver == NULL)
		return redis_free(redis);
	return redis;
}

struct redis *redis_free(struct redis *redis)
{
	redisAsyncContext *context;

	if (redis == NULL)
		return NULL;
	context = redis->context;
	redis->context = NULL;
	redis->stage = STAGE_IDLE;
	if (context != NULL)
		redisAsyncFree(context);
	resolver_free(redis->resolver);
	if (redis->flush != NULL)
		event_free(redis->flush);
	if (redis->retry != NULL)
		event_free(redis->retry);
	if (redis->watch != NULL)
		event_free(redis->watch);
	free(redis->questions);
	free(redis->host);
	free(redis->path);
	free(redis->user);
	free(redis->password);
	free(redis);
	return NULL;
}

/* "HOST:PORT", "[::1]:PORT": the options have checked it. */
static bool cut_address(const char *address, char **ret_host, int *ret_port)
{
	const char *colon = strrchr(address, ':');
	size_t length;
	int64_t port;

	if (colon == NULL || number_parse(colon + 1, &port) < 0)
		return false;
	length = (size_t)(colon - address);
	if (length >= 2 && address[0] == '[' && colon[-1] == ']') {
		address++;
		length -= 2;
	}
	*ret_host = strndup(address, length);
	*ret_port = (int)port;
	return *ret_host != NULL;
}

bool redis_set_target(struct redis *redis, const struct options *options, const char *socket)
{
	bool embedded = options->redis.mode == REDIS_EMBEDDED;
	char *host = NULL, *path = strdup(socket);
	char *user = strdup(embedded ? "" : options->redis.user);
	char *password = strdup(embedded ? "" : options->redis.password);
	int port = 0;

	if (path == NULL || user == NULL || password == NULL ||
	    (options->redis.mode == REDIS_TCP &&
	     !cut_address(options->redis.address, &host, &port))) {
		free(host);
		free(path);
		free(user);
		free(password);
		return false;
	}
	free(redis->host);
	free(redis->path);
	free(redis->user);
	free(redis->password);
	redis->mode = options->redis.mode;
	redis->host = host;
	redis->port = port;
	redis->path = path;
	redis->user = user;
	redis->password = password;
	redis->database = options->redis.database;
	redis->connect_max = options->redis.connect_max;
	return true;
}

void redis_start(struct redis *redis)
{
	struct timeval period = { .tv_usec = WATCH_PERIOD };

	assert(redis->stage == STAGE_IDLE);
	event_add(redis->watch, &period);
	connect_now(redis);
}

void redis_settle(struct redis *redis)
{
	redis->backoff = BACKOFF_MIN;
	redis->reason[0] = '\0';
}

bool redis_is_up(const struct redis *redis)
{
	return redis->stage == STAGE_UP;
}

bool redis_send(struct redis *redis, struct text command, redis_reply_fn *fn, uint64_t tag,
                void *arg)
{
	struct question question = { fn, arg, tag, clock_monotonic() };

	if (redis->context == NULL || redis->stage < STAGE_LOGGING_IN || command.length == 0 ||
	    !push(redis, &question))
		return false;
	if (redisAsyncFormattedCommand(redis->context, on_reply, redis, command.start,
	                               command.length) != REDIS_OK) {
		redis->last--;
		return false;
	}
	return true;
}

void redis_flush(struct redis *redis)
{
	/* hiredis may free the context when a write fails, which a reply's caller would
	 * not survive. What is to be written there is written right after. */
	if (redis->in_reply || redis->stage < STAGE_LOGGING_IN || redis->flushing)
		return;
	if (event_pending(redis->flush, EV_TIMEOUT, NULL)) {
		event_del(redis->flush);
		write_now(redis);
	}
}

void redis_drain(struct redis *redis, usec_t at_most)
{
	usec_t until = clock_monotonic() + at_most, now;

	while (redis->context != NULL && redis_pending(redis) > 0 &&
	       (now = clock_monotonic()) < until) {
		struct pollfd poll_for = { .fd = redis->context->c.fd, .events = POLLIN };

		if (*redis->context->c.obuf != '\0')
			poll_for.events |= POLLOUT;
		if (poll(&poll_for, 1, (int)((until - now) / MSEC(1)) + 1) < 0 && errno != EINTR)
			return;
		if (poll_for.revents & POLLOUT)
			write_now(redis);
		if (redis->context != NULL && (poll_for.revents & (POLLIN | POLLHUP | POLLERR)))
			redisAsyncHandleRead(redis->context);
	}
}
