#include "najimi/store/store.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "embedded.h"
#include "lastings.h"
#include "najimi/base/hash.h"
#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"
#include "state.h"

#define CACHE_CALLERS 10000
#define WINDOW_LONGEST (HOUR(24) * 400) /* stands for "never" */
#define FREE_MAX SEC(1)
#define SCOPED_KEPT 12 /* agents of a memory, where those of one queue must be among them */

static void on_up(void *arg)
{
	struct store *store = arg;

	if (store->recovered)
		store->meters->store_reconnects++;
	log_fact(LOG_LEVEL_INFO, "redis.connected");
	lease_begin(store);
}

static void on_down(const char *why, void *arg)
{
	struct store *store = arg;

	(void)why; /* the connection has logged it */
	/* A take-over that was not finished began when Redis was first lost. */
	if (store->phase == PHASE_LIVE && store->meters->store_up)
		store->lost_at = clock_monotonic();
	store->phase = PHASE_AWAY;
	store->meters->store_up = false;
	store->meters->store_degraded = store->recovered;
	lease_lost_connection(store);
	commits_suspend(store);
	recover_suspend(store);
}

void store_recovered(struct store *store)
{
	store->recovered = true;
	store->phase = PHASE_LIVE;
	store->meters->store_up = true;
	if (store->hooks.recovered != NULL)
		store->hooks.recovered(store->hooks.arg);
	commits_pump(store);
}

/* How many agents a memory keeps. Where not every queue counts, or where a number may
 * turn out to be many people's, the last few are not enough. */
static void take_kept(struct store *store, const struct options *options)
{
	size_t shared = (size_t)options->identity.shared_agents;

	store->keeps_first = false;
	store->agents_kept = KNOWN_MAX;
	for (size_t i = 0; i < options->queues_count; i++) {
		if (options->queues[i].scope != MET_ANYWHERE)
			store->agents_kept = SCOPED_KEPT;
		store->keeps_first = store->keeps_first || !options->queues[i].refresh;
	}
	if (shared >= MEMORY_KEPT_MAX)
		shared = MEMORY_KEPT_MAX - 1;
	store->shared_agents = shared;
	store->numbers_kept = shared + 1 > store->agents_kept ? shared + 1 : store->agents_kept;
}

/* What may change while the daemon runs. */
static void take_options(struct store *store, const struct options *options)
{
	usec_t keep = CALLER_KEEP;

	for (size_t i = 0; i < options->queues_count; i++) {
		usec_t window = options->queues[i].plan.window;

		if (window > WINDOW_LONGEST)
			window = WINDOW_LONGEST;
		if (window > keep)
			keep = window;
	}
	store->caller_keep = keep;
	store->left_keep = LEFT_KEEP_MIN;
	if (options->rules.resume_max < WINDOW_LONGEST &&
	    options->rules.resume_max + MINUTE(1) > store->left_keep)
		store->left_keep = options->rules.resume_max + MINUTE(1);
	store->contacts_keep = options->redis.contacts_keep;
	store->days.keep = options->redis.days_keep;
	store->fcr.reconnect = options->fcr.reconnect;
	store->fcr.abandoned_counts = options->fcr.abandoned_counts;
	/* A call that has just come may have begun with the first clock of another. */
	store->fcr.slack =
	        MINUTE(1) +
	        (options->rules.resume_max > HOUR(1) ? HOUR(1) : options->rules.resume_max);
	store->fcr.long_call = HOUR(1);
	store->finished_keep = options->rpc.finished_keep;
	store->recall_max = options->rules.recall_max;
	store->backlog_max = options->redis.backlog_max;
	take_kept(store, options);
}

static const char *socket_of(const struct store *store, const struct options *options)
{
	return store->embedded != NULL ? embedded_socket(store->embedded) : options->redis.socket;
}

const char *store_redis_socket(const struct store *store)
{
	return store->embedded != NULL ? embedded_socket(store->embedded) : NULL;
}

static int build(struct store *store, const struct options *options, struct err *err)
{
	const struct redis_hooks hooks = { .up = on_up, .down = on_down, .arg = store };
	int r = keys_init(&store->keys, options->redis.prefix, options->site, err);

	if (r == 0)
		r = commits_init(store, options, err);
	if (r == 0)
		r = recalls_init(store, err);
	if (r == 0)
		r = forgets_init(store, err);
	if (r == 0)
		r = askings_init(store, err);
	if (r == 0)
		r = histories_init(store, err);
	if (r == 0)
		r = lease_init(store, options, err);
	if (r < 0)
		return r;
	if (options->redis.mode == REDIS_EMBEDDED) {
		store->embedded = embedded_new(store->base, options, err);
		if (store->embedded == NULL)
			return -EINVAL;
	}
	store->cache = cache_new(CACHE_CALLERS);
	store->lastings = lastings_new(store, (uint32_t)options->queues_max);
	store->fcr_sweep = fcr_sweep_new(store);
	store->redis = redis_new(store->base, &hooks);
	if (store->cache == NULL || store->redis == NULL || store->lastings == NULL ||
	    store->fcr_sweep == NULL ||
	    !redis_set_target(store->redis, options, socket_of(store, options)))
		return err_set(err, -ENOMEM, "out of memory");
	return 0;
}

struct store *store_new(struct event_base *base, const struct options *options, struct loop *loop,
                        struct directory *directory, struct meters *meters,
                        const struct store_hooks *hooks, struct err *err)
{
	struct store *store = calloc(1, sizeof(*store));

	if (store == NULL) {
		err_set(err, -ENOMEM, "out of memory");
		return NULL;
	}
	store->base = base;
	store->loop = loop;
	store->directory = directory;
	store->meters = meters;
	store->hooks = *hooks;
	/* With its zero: "main1" and key "2" are not "main" and key "12". */
	store->site = hash_bytes(HASH_START, options->site, strlen(options->site) + 1);
	take_options(store, options);
	if (build(store, options, err) < 0) {
		err_wrap(err, -EINVAL, "store");
		return store_free(store);
	}
	return store;
}

void store_start(struct store *store)
{
	if (store->embedded != NULL)
		embedded_start(store->embedded);
	redis_start(store->redis);
}

void store_reconfigure(struct store *store, const struct options *options)
{
	take_options(store, options);
	if (!redis_set_target(store->redis, options, socket_of(store, options)))
		log_fact(LOG_LEVEL_ERROR, "store.reconfigure_failed",
		         LOG_TEXT("error", "out of memory: Redis is reached as before"));
}

/* What is open goes out, and then the lease: whoever takes over finds everything. */
static void settle(struct store *store)
{
	usec_t until = clock_monotonic() + FREE_MAX, now;

	days_settle(store);
	lastings_save(store->lastings);
	store_commit(store);
	while (!commits_idle(store) && (now = clock_monotonic()) < until) {
		commits_pump(store);
		redis_drain(store->redis, until - now);
	}
	if (!commits_idle(store))
		log_fact(LOG_LEVEL_ERROR, "store.stopped_early",
		         LOG_TEXT("effect", "Redis did not take the last changes in time"));
	lease_release(store);
	redis_drain(store->redis, MSEC(200));
}

struct store *store_free(struct store *store)
{
	if (store == NULL)
		return NULL;
	if (store->redis != NULL) {
		if (redis_is_up(store->redis))
			settle(store);
		store->closing = true;
		redis_free(store->redis); /* answers every question */
	}
	store->lastings = lastings_free(store->lastings);
	store->fcr_sweep = fcr_sweep_free(store->fcr_sweep);
	store->embedded = embedded_free(store->embedded);
	recover_done(store);
	recalls_done(store);
	forgets_done(store);
	askings_done(store);
	histories_done(store);
	commits_done(store);
	lease_done(store);
	cache_free(store->cache);
	keys_done(&store->keys);
	free(store);
	return NULL;
}

void store_save_call(struct store *store, struct call_id call)
{
	gather_call(store, call);
}

void store_save_agent(struct store *store, struct agent_id agent)
{
	gather_agent(store, agent);
}

void store_end_call(struct store *store, const struct call_card *card, const char *contact,
                    const struct contact *facts)
{
	memories_end(store, card, contact, facts);
	gather_gone(store, card);
}

void store_handled(struct store *store, const char *contact, usec_t handling)
{
	fcr_tell_handled(store, contact, handling);
}
