#include "contact_stream.h"

#include <errno.h>
#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "najimi/base/number.h"
#include "najimi/shell/clock.h"

#define PIECE "1000" /* entries asked for at once */
#define REPLY_MAX SEC(10)
#define REST_MAX MSEC(50)

struct reading {
	redisContext *context;
	const struct contact_wish *wish;
	struct progress *progress;
	char last[CONTACT_STREAM_ID_SIZE]; /* the entry read last */
	bool enough;
};

/* --- connecting --- */

static struct timeval timeval_of(usec_t span)
{
	return (struct timeval){ .tv_sec = (time_t)(span / SEC(1)),
		                 .tv_usec = (suseconds_t)(span % SEC(1)) };
}

static bool put_path(const char *folder, size_t length, const char *name, char *ret, size_t size)
{
	int r = snprintf(ret, size, "%.*s%s/redis.sock", (int)length, folder, name);

	return r > 0 && (size_t)r < size && access(ret, F_OK) == 0;
}

int contact_stream_socket(const struct options *options, const char *socket, char *ret, size_t size,
                          struct err *err)
{
	const char *configured = socket != NULL ? socket : options->redis.socket;
	const char *runtime = getenv("RUNTIME_DIRECTORY"), *file = strrchr(options->file, '/');
	char site[128];

	if (configured[0] != '\0') {
		if ((size_t)snprintf(ret, size, "%s", configured) >= size)
			return err_set(err, -ENAMETOOLONG, "%s: is too long", configured);
		return 0;
	}
	/* systemd lists several with colons; ours is the first. */
	if (runtime != NULL && put_path(runtime, strcspn(runtime, ":"), "", ret, size))
		return 0;
	/* The unit's instance has the name of its configuration file. */
	file = file == NULL ? options->file : file + 1;
	snprintf(site, sizeof(site), "%.*s", (int)strcspn(file, "."), file);
	if (put_path("/run/najimi/", 12, site, ret, size))
		return 0;
	return err_set(err, -ENOENT,
	               "the socket of the daemon's own redis-server is not known: give "
	               "--redis-socket, or set redis.socket");
}

static redisContext *connect_tcp(const struct options *options, struct timeval at_most)
{
	const char *address = options->redis.address, *colon = strrchr(address, ':');
	redisContext *context;
	size_t length;
	char *host;

	if (colon == NULL)
		return NULL;
	length = (size_t)(colon - address);
	if (length >= 2 && address[0] == '[' && colon[-1] == ']') {
		address++;
		length -= 2;
	}
	host = strndup(address, length);
	if (host == NULL)
		return NULL;
	context = redisConnectWithTimeout(host, atoi(colon + 1), at_most);
	free(host);
	return context;
}

static int connect_to(redisContext **ret, const struct options *options, const char *socket,
                      struct err *err)
{
	struct timeval at_most = timeval_of(options->redis.connect_max);
	char path[256];
	const char *where = options->redis.address;
	redisContext *context;
	int r = 0;

	if (options->redis.mode != REDIS_TCP) {
		r = contact_stream_socket(options, socket, path, sizeof(path), err);
		if (r < 0)
			return r;
		where = path;
		context = redisConnectUnixWithTimeout(path, at_most);
	} else {
		context = connect_tcp(options, at_most);
	}
	if (context == NULL)
		return err_set(err, -ENOMEM, "Redis at %s: out of memory", where);
	if (context->err != 0) {
		r = err_set(err, -ENOTCONN, "Redis at %s: %s", where, context->errstr);
		redisFree(context);
		return r;
	}
	redisSetTimeout(context, timeval_of(REPLY_MAX));
	*ret = context;
	return 0;
}

/* --- asking --- */

static int ask(redisContext *context, int argc, const char **argv, redisReply **ret,
               struct err *err)
{
	redisReply *reply = redisCommandArgv(context, argc, argv, NULL);
	int r = 0;

	*ret = NULL;
	if (reply == NULL)
		return err_set(err, -ENOTCONN, "Redis: %s: %s", argv[0], context->errstr);
	if (reply->type == REDIS_REPLY_ERROR) {
		r = err_set(err, -EREMOTEIO, "Redis: %s: %s", argv[0], reply->str);
		freeReplyObject(reply);
		return r;
	}
	*ret = reply;
	return 0;
}

static int tell(redisContext *context, int argc, const char **argv, struct err *err)
{
	redisReply *reply;
	int r = ask(context, argc, argv, &reply, err);

	if (r == 0)
		freeReplyObject(reply);
	return r;
}

static int log_in(redisContext *context, const struct options *options, struct err *err)
{
	const char *user = options->redis.user, *password = options->redis.password;
	char number[24];
	int r = 0;

	if (*user != '\0')
		r = tell(context, 3, (const char *[]){ "AUTH", user, password }, err);
	else if (*password != '\0')
		r = tell(context, 2, (const char *[]){ "AUTH", password }, err);
	if (r == 0 && options->redis.database != 0) {
		snprintf(number, sizeof(number), "%" PRId64, options->redis.database);
		r = tell(context, 2, (const char *[]){ "SELECT", number }, err);
	}
	return r;
}

/* --- the stream --- */

/* An entry is its id and a list of fields and values. */
static int take_entry(struct reading *reading, const redisReply *entry, struct err *err)
{
	const redisReply *fields;
	int r = 0;

	if (entry->type != REDIS_REPLY_ARRAY || entry->elements != 2 ||
	    entry->element[0]->type != REDIS_REPLY_STRING ||
	    entry->element[0]->len >= sizeof(reading->last))
		return err_set(err, -EPROTO, "Redis: an answer to XRANGE that is none");
	memcpy(reading->last, entry->element[0]->str, entry->element[0]->len + 1);
	fields = entry->element[1];
	if (fields->type != REDIS_REPLY_ARRAY)
		return 0; /* deleted meanwhile */
	for (size_t i = 0; r == 0 && i + 1 < fields->elements; i += 2) {
		const redisReply *name = fields->element[i], *value = fields->element[i + 1];
		struct contact_entry of = { .id = reading->last };

		if (name->type != REDIS_REPLY_STRING || value->type != REDIS_REPLY_STRING)
			continue;
		of.field = name->str;
		of.json = (struct text){ value->str, value->len };
		r = reading->wish->take(&of, reading->wish->arg, err);
	}
	reading->enough = r > 0;
	return r < 0 ? r : 0;
}

/* The id right behind another. */
static int next_id(const char *id, char *ret, size_t size, struct err *err)
{
	uint64_t ms, seq;
	char end;

	if (sscanf(id, "%" SCNu64 "-%" SCNu64 "%c", &ms, &seq, &end) != 2)
		return err_set(err, -EINVAL, "'%s' is no id of an entry", id);
	if (seq == UINT64_MAX)
		snprintf(ret, size, "%" PRIu64 "-0", ms + 1);
	else
		snprintf(ret, size, "%" PRIu64 "-%" PRIu64, ms, seq + 1);
	return 0;
}

/* 1: there may be more. */
static int read_piece(struct reading *reading, const char *key, const char *from, struct err *err)
{
	redisReply *reply;
	int r = ask(reading->context, 6,
	            (const char *[]){ "XRANGE", key, from, "+", "COUNT", PIECE }, &reply, err);

	if (r < 0)
		return r;
	if (reply->type != REDIS_REPLY_ARRAY)
		r = err_set(err, -EPROTO, "Redis: an answer to XRANGE that is none");
	for (size_t i = 0; r == 0 && !reading->enough && i < reply->elements; i++)
		r = take_entry(reading, reply->element[i], err);
	if (r == 0)
		r = reply->elements > 0 && !reading->enough;
	freeReplyObject(reply);
	return r;
}

static void rest(usec_t span)
{
	struct timespec pause;

	if (span > REST_MAX)
		span = REST_MAX;
	pause = (struct timespec){ .tv_nsec = (long)span * 1000 };
	nanosleep(&pause, NULL);
}

/* Where to begin: at an instant, or behind an entry, whichever is later. */
static int first_id(const struct contact_wish *wish, char *ret, size_t size, struct err *err)
{
	char behind[64];
	int r;

	snprintf(ret, size, "%" PRIu64 "-0", wish->from / MSEC(1));
	if (wish->after == NULL)
		return 0;
	r = next_id(wish->after, behind, sizeof(behind), err);
	if (r == 0 && strtoull(behind, NULL, 10) >= wish->from / MSEC(1))
		snprintf(ret, size, "%s", behind);
	return r;
}

static int read_all(struct reading *reading, const char *key, char *next, size_t size,
                    struct err *err)
{
	double from = (double)strtoull(next, NULL, 10), to = (double)clock_now() / 1000.0;
	int r = 1;

	while (r > 0) {
		usec_t asked_at = clock_monotonic();

		r = read_piece(reading, key, next, err);
		if (r <= 0)
			break;
		r = next_id(reading->last, next, size, err);
		if (r < 0)
			break;
		r = 1;
		progress_tell(reading->progress,
		              ((double)strtoull(next, NULL, 10) - from) / (to - from));
		rest(clock_monotonic() - asked_at);
	}
	return r;
}

int contact_stream_read(const struct options *options, const char *socket,
                        const struct contact_wish *wish, struct progress *progress, struct err *err)
{
	struct reading reading = { .wish = wish, .progress = progress };
	char key[512], next[64];
	int r = first_id(wish, next, sizeof(next), err);

	if (r < 0)
		return r;
	r = connect_to(&reading.context, options, socket, err);
	if (r < 0)
		return r;
	snprintf(key, sizeof(key), "%s:{%s}:contacts", options->redis.prefix, options->site);
	r = log_in(reading.context, options, err);
	if (r == 0)
		r = read_all(&reading, key, next, sizeof(next), err);
	redisFree(reading.context);
	return r;
}
