#include <errno.h>
#include <event2/event.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "leader.h"
#include "najimi/shell/log.h"
#include "najimi/shell/systemd.h"
#include "najimi_lua.h"
#include "state.h"

/* Who leads the site. One daemon at a time writes, and every batch names the epoch
 * of its writer, so that one who has been deposed without knowing it does no harm. */
#define LEASE_TTL_MS "1500"
#define LEASE_RENEW MSEC(300)
#define LEASE_FRESH_MS 1000   /* what is left of one that was not renewed since the last try */
#define LEASE_STALE_MS 500    /* likewise, nor since the one before */
#define LEASE_RETRY MSEC(500) /* while another holds it */

static void ask(struct store *store, const struct text *words, size_t count, redis_reply_fn *fn)
{
	struct batch batch = { 0 };

	for (size_t i = 0; i < count; i++)
		batch_text(&batch, words[i]);
	if (!redis_send(store->redis, batch_command(&batch, NULL, 0), fn, 0, store))
		redis_drop(store->redis, "out of memory");
	batch_done(&batch);
}

static void alarm_in(struct store *store, usec_t delay)
{
	struct timeval tv = { .tv_usec = (suseconds_t)delay };

	event_add(store->lease_timer, &tv);
}

/* --- standing by --- */

static void stand_by_no_more(struct store *store)
{
	struct meters *meters = store->meters;

	if (meters->standing_by)
		systemd_status("waiting for Redis");
	meters->standing_by = false;
	memset(&meters->leader_at, 0, sizeof(meters->leader_at));
}

static void say_who_leads(const struct store *store, const char *holder)
{
	const struct whereabouts *at = &store->meters->leader_at;
	char status[WHERE_BYTES_MAX + 64];

	log_fact(LOG_LEVEL_NOTICE, "lease.standing_by", LOG_TEXT("holder", holder),
	         LOG_TEXT("leader", at->rpc), LOG_TEXT("fastagi", at->agi));
	snprintf(status, sizeof(status), "standing by: %s leads",
	         at->rpc[0] == '\0' ? "another daemon" : at->rpc);
	systemd_status(status);
}

static void stand_by(struct store *store, const char *holder, const char *address)
{
	struct meters *meters = store->meters;
	bool news = !meters->standing_by;
	struct whereabouts at;

	leader_read(address, holder, store->holder, &at);
	news = news || strcmp(at.rpc, meters->leader_at.rpc) != 0 ||
	       strcmp(at.agi, meters->leader_at.agi) != 0;
	meters->standing_by = true;
	meters->leader_at = at;
	if (news)
		say_who_leads(store, holder);
}

/* --- the reply says that the site is ours --- */

static void enter_lead(struct store *store, uint64_t applied)
{
	store->meters->leader = true;
	stand_by_no_more(store);
	store->meters->store_epoch = store->epoch;
	store->refusal_said = false;
	redis_settle(store->redis);
	alarm_in(store, LEASE_RENEW);
	if (store->recovered)
		commits_resume(store, applied);
	else
		recover_begin(store);
}

/* The last of our commits that Redis has, after the lease was taken anew. */
static uint64_t applied_before(const struct store *store, uint64_t epoch, uint64_t commit)
{
	if (store->epoch == 0 || epoch < store->epoch)
		return 0; /* it has lost what it had */
	if (epoch == store->epoch)
		return commit;
	/* Somebody else has led meanwhile, and what they found is not known any more:
	 * what was confirmed was there. */
	return store->commits.answered;
}

/* It stays connected no longer than it must, and looks again from time to time. */
static void refuse(struct store *store, const char *error)
{
	if (!store->refusal_said) {
		log_fact(LOG_LEVEL_ERROR, "store.newer_schema", LOG_TEXT("key", store->keys.config),
		         LOG_TEXT("error", error), LOG_NUMBER("known", 1),
		         LOG_TEXT("effect", "a newer najimid has written here, and this one does "
		                            "not touch it"));
		if (store->hooks.refused != NULL)
			store->hooks.refused(error, store->hooks.arg);
	}
	store->refusal_said = true;
	redis_drop(store->redis, error);
}

/* A lease that is as long as it was half a second ago has been renewed since. One who is known to
 * lead may be late with it once, as when Redis is slow. */
static void wait_for_lease(struct store *store, const char *holder, const char *address,
                           int64_t left_ms)
{
	int64_t dead_ms = store->meters->standing_by ? LEASE_STALE_MS : LEASE_FRESH_MS;

	if (!store->refusal_said)
		log_fact(LOG_LEVEL_NOTICE, "lease.held", LOG_TEXT("holder", holder),
		         LOG_TEXT("address", address), LOG_NUMBER("left_ms", left_ms));
	if (store->refusal_said && left_ms > dead_ms)
		stand_by(store, holder, address);
	else
		stand_by_no_more(store);
	store->refusal_said = true;
	redis_settle(store->redis);
	alarm_in(store, LEASE_RETRY);
	/* Had it led on, another would not have it. */
	if (store->recovered && store->hooks.deposed != NULL)
		store->hooks.deposed(store->hooks.arg);
}

static void on_taken(const redisReply *reply, uint64_t tag, void *arg)
{
	struct store *store = arg;
	uint64_t applied;

	(void)tag;
	if (reply == NULL || store->phase != PHASE_LEASING)
		return;
	if (reply->type == REDIS_REPLY_ERROR && strncmp(reply->str, "NEWERSCHEMA", 11) == 0) {
		refuse(store, reply->str);
		return;
	}
	if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 4) {
		redis_drop(store->redis, reply->type == REDIS_REPLY_ERROR
		                                 ? reply->str
		                                 : "najimi_lease_take: not our function");
		return;
	}
	if (reply->element[0]->integer == 0) {
		wait_for_lease(store, reply->element[1]->str, reply->element[2]->str,
		               reply->element[3]->integer);
		return;
	}
	applied = applied_before(store, (uint64_t)reply->element[2]->integer,
	                         (uint64_t)reply->element[3]->integer);
	store->epoch = (uint64_t)reply->element[1]->integer;
	snprintf(store->epoch_text, sizeof(store->epoch_text), "%" PRIu64, store->epoch);
	log_fact(LOG_LEVEL_NOTICE, "lease.taken", LOG_TEXT("holder", store->holder),
	         LOG_NUMBER("epoch", store->epoch));
	enter_lead(store, applied);
}

static void take(struct store *store)
{
	char address[LEADER_SIZE];
	struct text words[] = {
		TEXT("FCALL"),
		TEXT("najimi_lease_take"),
		TEXT("2"),
		text_of(store->keys.lease),
		text_of(store->keys.config),
		text_of(store->holder),
		leader_print(&store->meters->own, address),
		TEXT(LEASE_TTL_MS),
		store->epoch == 0 ? TEXT("0") : text_of(store->epoch_text),
	};

	ask(store, words, ARRAY_LEN(words), on_taken);
}

/* --- renewing --- */

static bool is_deposed(const redisReply *reply)
{
	return reply->type == REDIS_REPLY_ERROR && strncmp(reply->str, "NOTLEADER", 9) == 0;
}

/* After a lost connection: whether the site is still ours, and what has arrived. */
static void on_reclaimed(const redisReply *reply, uint64_t tag, void *arg)
{
	struct store *store = arg;

	(void)tag;
	if (reply == NULL || store->phase != PHASE_LEASING)
		return;
	if (is_deposed(reply)) {
		log_fact(LOG_LEVEL_WARNING, "lease.lost", LOG_TEXT("error", reply->str),
		         LOG_NUMBER("ours", store->epoch));
		take(store);
	} else if (reply->type == REDIS_REPLY_INTEGER) {
		enter_lead(store, (uint64_t)reply->integer);
	} else {
		redis_drop(store->redis, reply->type == REDIS_REPLY_ERROR
		                                 ? reply->str
		                                 : "najimi_lease_renew: not our function");
	}
}

static void on_renewed(const redisReply *reply, uint64_t tag, void *arg)
{
	struct store *store = arg;

	(void)tag;
	if (reply == NULL)
		return;
	store->renewing = false;
	if (is_deposed(reply))
		log_fact(LOG_LEVEL_ERROR, "lease.lost", LOG_TEXT("error", reply->str),
		         LOG_NUMBER("ours", store->epoch));
	if (reply->type == REDIS_REPLY_ERROR)
		redis_drop(store->redis, reply->str);
}

static void renew(struct store *store, redis_reply_fn *fn)
{
	struct text words[] = {
		TEXT("FCALL"),
		TEXT("najimi_lease_renew"),
		TEXT("1"),
		text_of(store->keys.lease),
		text_of(store->holder),
		text_of(store->epoch_text),
		TEXT(LEASE_TTL_MS),
	};

	ask(store, words, ARRAY_LEN(words), fn);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct store *store = arg;

	(void)fd;
	(void)what;
	if (store->phase == PHASE_AWAY)
		return;
	if (store->phase == PHASE_LEASING) {
		take(store);
		return;
	}
	alarm_in(store, LEASE_RENEW);
	if (store->renewing)
		return;
	store->renewing = true;
	renew(store, on_renewed);
}

/* --- the functions --- */

static void on_version(const redisReply *reply, uint64_t tag, void *arg)
{
	struct store *store = arg;

	(void)tag;
	if (reply == NULL || store->phase != PHASE_LEASING)
		return;
	if (reply->type == REDIS_REPLY_ERROR) {
		redis_drop(store->redis, reply->str);
	} else if (reply->type != REDIS_REPLY_STRING ||
	           strcmp(reply->str, NAJIMI_LUA_VERSION) != 0) {
		redis_drop(store->redis, "the Redis Functions are of another version, and this "
		                         "user may not load ours (FUNCTION LOAD)");
	} else if (store->epoch != 0) {
		renew(store, on_reclaimed);
	} else {
		take(store);
	}
}

/* A user who may not load functions can work with those that somebody else has. */
static void on_loaded(const redisReply *reply, uint64_t tag, void *arg)
{
	struct store *store = arg;
	const char *why = NULL;

	(void)tag;
	if (reply == NULL || store->phase != PHASE_LEASING || reply->type != REDIS_REPLY_ERROR)
		return;
	if (strncmp(reply->str, "NOPERM", 6) == 0)
		return;
	why = reply->str;
	if (strncmp(why, "ERR unknown command", 19) == 0)
		why = "Redis 7.0 or Valkey is needed: this server has no functions";
	redis_drop(store->redis, why);
}

void lease_begin(struct store *store)
{
	const struct text load[] = {
		TEXT("FUNCTION"), TEXT("LOAD"), TEXT("REPLACE"), { najimi_lua, najimi_lua_length }
	};
	const struct text version[] = { TEXT("FCALL_RO"), TEXT("najimi_version"), TEXT("0") };

	store->phase = PHASE_LEASING;
	store->renewing = false;
	ask(store, load, ARRAY_LEN(load), on_loaded);
	if (redis_is_up(store->redis))
		ask(store, version, ARRAY_LEN(version), on_version);
}

void lease_lost_connection(struct store *store)
{
	store->renewing = false;
	store->meters->leader = false;
	stand_by_no_more(store);
	event_del(store->lease_timer);
}

static void on_released(const redisReply *reply, uint64_t tag, void *arg)
{
	(void)reply;
	(void)tag;
	(void)arg;
}

void lease_release(struct store *store)
{
	struct text words[] = {
		TEXT("FCALL"),
		TEXT("najimi_lease_release"),
		TEXT("1"),
		text_of(store->keys.lease),
		text_of(store->holder),
		text_of(store->epoch_text),
	};

	event_del(store->lease_timer);
	if (store->phase >= PHASE_RECOVERING)
		ask(store, words, ARRAY_LEN(words), on_released);
}

/* The same name after a restart, so that the daemon need not wait for its own lease
 * to run out: nobody else can listen where we do. Where that is not known, the
 * process tells the daemons of a host apart. */
int lease_init(struct store *store, const struct options *options, struct err *err)
{
	const char *listen = options->rpc.listen;
	size_t length = strlen(listen);
	char host[256], holder[512];

	if (gethostname(host, sizeof(host)) < 0)
		strcpy(host, "localhost");
	host[sizeof(host) - 1] = '\0';
	if (options->redis.mode == REDIS_EMBEDDED)
		snprintf(holder, sizeof(holder), "%s:embedded", host);
	else if (length == 0 || (length >= 2 && strcmp(listen + length - 2, ":0") == 0))
		snprintf(holder, sizeof(holder), "%s:%ld", host, (long)getpid());
	else
		snprintf(holder, sizeof(holder), "%s:%s", host, listen);
	store->holder = strdup(holder);
	store->lease_timer = event_new(store->base, -1, 0, on_timer, store);
	if (store->holder == NULL || store->lease_timer == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	return 0;
}

void lease_done(struct store *store)
{
	if (store->lease_timer != NULL)
		event_free(store->lease_timer);
	free(store->holder);
}
