#ifndef NAJIMI_TESTS_STORE_WORLD_H
#define NAJIMI_TESTS_STORE_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <event2/event.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "hour.h"
#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"
#include "najimi/store/store.h"
#include "own_texts.h"
#include "redis_server.h"

/* A daemon without its ears: core, loop, directory and store, on a real Redis. What
 * the core orders is done as daemon/perform.c does it, without telling anybody. */
struct world {
	struct event_base *base;
	struct options *options;
	struct meters meters;
	struct loop *loop;
	struct directory *directory;
	struct daybook *daybook; /* NULL unless keeps_days */
	struct store *store;
	bool keeps_days;
	void (*stats_read)(uint64_t request, int outcome, struct text json, void *arg);
	void (*contact_found)(uint64_t request, int outcome, const struct contact_known *known,
	                      void *arg);
	void (*history_read)(uint64_t request, int outcome, struct text json, void *arg);

	unsigned recovered, refused, deposed, decided, read, forgotten;
	int forget_outcome;
	uint64_t erased;            /* records of contacts */
	uint64_t committed, commit; /* the last one told of, the last one given */
	struct decision decision;   /* the last one */
	int read_outcome;
	char read_json[4096]; /* "" none */
	char contact[33];     /* of the call that ended last */
};

static inline void world_set(char **option, const char *value)
{
	free(*option);
	*option = strdup(value);
	assert_non_null(*option);
}

static inline void world_add_queue(struct world *world, const char *name)
{
	struct options *options = world->options;
	struct queue_options *queue;

	options->queues =
	        realloc(options->queues, (options->queues_count + 1) * sizeof(*options->queues));
	assert_non_null(options->queues);
	queue = &options->queues[options->queues_count++];
	*queue = options->queue_defaults;
	queue->name = strdup(name);
	queue->overflow = strdup("");
	queue_own_texts(queue);
	queue->plan.min_talk = 0;
	queue->plan.wrapup = MINUTE(10);
	queue->plan.wait_max = USEC_NEVER;
	queue->plan.waiting_max = 1000000;
}

/* Options for the server; change them before world_open(). */
static inline void world_prepare(struct world *world, const struct redis_server *server)
{
	struct err err = { 0 };

	hour_keep_off_its_end(15);
	memset(world, 0, sizeof(*world));
	signal(SIGPIPE, SIG_IGN);
	log_set_level(getenv("VERBOSE") != NULL ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR);
	assert_int_equal(options_defaults(&world->options, &err), 0);
	world->options->calls_max = 2000;
	world->options->agents_max = 200;
	world->options->rules.recall_max = SEC(5); /* Redis may be slow, or we away */
	world->options->redis.mode = REDIS_UNIX;
	world_set(&world->options->redis.socket, server == NULL ? "" : server->socket);
	world_set(&world->options->rpc.listen, "127.0.0.1:7070");
	world_add_queue(world, "sales");
	world_add_queue(world, "service \"desk\"");
}

static inline void world_end_call(struct world *world, const struct core_action *action)
{
	struct call_card *card = directory_call(world->directory, action->call);

	snprintf(world->contact, sizeof(world->contact), "%014" PRIx64 "-%" PRIx32 "-%" PRIx32,
	         action->end.ended_at, action->call.slot, action->call.gen);
	if (world->keeps_days)
		daybook_call_ended(world->daybook, card, world->contact, &action->end);
	store_end_call(world->store, card, world->contact, &action->end);
	directory_end_call(world->directory, action->call, world->contact, &action->end);
}

static inline void world_change_agent(struct world *world, struct agent_id id)
{
	struct wrapup_card *wrapup = &directory_agent(world->directory, id)->wrapup;

	daybook_agent_changed(world->daybook, id);
	if (wrapup->over && *wrapup->contact != '\0')
		store_handled(world->store, wrapup->contact, wrapup->spent);
	if (wrapup->over)
		*wrapup = (struct wrapup_card){ 0 };
}

/* What daemon/perform.c tells the daybook, but for ends. */
static inline void world_note(struct world *world, const struct core_action *action)
{
	struct call_card *card = directory_call(world->directory, action->call);

	if (action->type == ACT_RECALL)
		daybook_call_recalled(world->daybook, card);
	else if (action->type == ACT_CHANGE_CALL)
		daybook_call_changed(world->daybook, card);
	else if (action->type == ACT_CHANGE_AGENT)
		world_change_agent(world, action->agent);
	else if (action->type == ACT_DECIDE)
		daybook_call_decided(world->daybook, card, &action->decide);
}

static inline void world_perform(const struct core_actions *actions, void *arg)
{
	struct world *world = arg;

	for (size_t i = 0; i < actions->count; i++) {
		const struct core_action *action = &actions->items[i];

		if (world->keeps_days)
			world_note(world, action);
		if (action->type == ACT_RECALL)
			store_recall(world->store, action->call);
		else if (action->type == ACT_CHANGE_CALL)
			store_save_call(world->store, action->call);
		else if (action->type == ACT_CHANGE_AGENT)
			store_save_agent(world->store, action->agent);
		else if (action->type == ACT_END_CALL)
			world_end_call(world, action);
		else if (action->type == ACT_DECIDE) {
			world->decision = action->decide;
			world->decided++;
		}
	}
}

static inline void world_turn_over(void *arg)
{
	struct world *world = arg;
	uint64_t commit = store_commit(world->store);

	if (commit != 0)
		world->commit = commit;
}

static inline void world_on_recovered(void *arg)
{
	struct world *world = arg;
	struct core_event rules = { .type = EVT_RULES_CONFIGURED, .rules = world->options->rules };

	world->recovered++;
	loop_apply(world->loop, &rules);
}

static inline void world_on_committed(uint64_t commit, void *arg)
{
	struct world *world = arg;

	assert_true(commit > world->committed);
	world->committed = commit;
}

static inline void world_on_read(uint64_t request, int outcome, struct text json, void *arg)
{
	struct world *world = arg;

	assert_int_equal(request, 77);
	world->read++;
	world->read_outcome = outcome;
	snprintf(world->read_json, sizeof(world->read_json), "%.*s", (int)json.length,
	         json.start == NULL ? "" : json.start);
}

static inline void world_on_forgotten(uint64_t request, int outcome, uint64_t contacts, void *arg)
{
	struct world *world = arg;

	assert_int_equal(request, 78);
	world->forgotten++;
	world->forget_outcome = outcome;
	world->erased = contacts;
}

static inline void world_on_deposed(void *arg)
{
	struct world *world = arg;

	world->deposed++;
}

static inline void world_on_refused(const char *why, void *arg)
{
	struct world *world = arg;

	assert_non_null(strstr(why, "NEWERSCHEMA"));
	world->refused++;
}

/* Everything but the waiting for Redis. */
static inline void world_open(struct world *world)
{
	const struct options *options = world->options;
	struct core_limits limits = { .calls_max = (uint32_t)options->calls_max,
		                      .agents_max = (uint32_t)options->agents_max,
		                      .queues_max = (uint32_t)options->queues_max,
		                      .memberships_max = (uint32_t)options->memberships_max };
	struct store_hooks hooks = { .recovered = world_on_recovered,
		                     .committed = world_on_committed,
		                     .caller_read = world_on_read,
		                     .forgotten = world_on_forgotten,
		                     .stats_read = world->stats_read,
		                     .contact_found = world->contact_found,
		                     .history_read = world->history_read,
		                     .refused = world_on_refused,
		                     .deposed = world_on_deposed,
		                     .arg = world };
	struct loop_hooks loop_hooks = { .perform = world_perform,
		                         .turn_over = world_turn_over,
		                         .arg = world };
	struct err err = { 0 };

	meters_init(&world->meters);
	world->base = event_base_new();
	world->loop = loop_new(world->base, &limits, &world->meters);
	world->directory = directory_new(options, &err);
	loop_set_hooks(world->loop, &loop_hooks);
	for (size_t i = 0; i < options->queues_count; i++) {
		struct core_event ev = { .type = EVT_QUEUE_CONFIGURED };

		ev.queue_configured.queue = (queue_index)i;
		ev.queue_configured.plan = options->queues[i].plan;
		loop_apply(world->loop, &ev);
	}
	world->store = store_new(world->base, options, world->loop, world->directory,
	                         &world->meters, &hooks, &err);
	if (world->store == NULL)
		fail_msg("store_new: %s", err.text);
	if (world->keeps_days) {
		world->daybook = daybook_new(options, world->loop, world->directory, &err);
		assert_non_null(world->daybook);
		store_keep_days(world->store, world->daybook);
	}
	store_start(world->store);
}

/* Everything goes, as at the end of the daemon. */
static inline void world_close(struct world *world)
{
	world->store = store_free(world->store);
	world->daybook = daybook_free(world->daybook);
	world->directory = directory_free(world->directory);
	world->loop = loop_free(world->loop);
	event_base_free(world->base);
	world->options = options_free(world->options);
}

/* --- waiting --- */

typedef bool world_fn(struct world *world);

static inline bool world_wait_at_most(struct world *world, world_fn *done, usec_t at_most)
{
	usec_t until = clock_monotonic() + at_most;

	while (!done(world)) {
		if (clock_monotonic() > until)
			return false;
		event_base_loop(world->base, EVLOOP_NONBLOCK);
		usleep(200);
	}
	return true;
}

#define world_wait(world, done) \
	do { \
		if (!world_wait_at_most((world), (done), SEC(60))) \
			fail_msg("waited in vain for " #done); \
	} while (0)

static inline bool is_recovered(struct world *world)
{
	return world->recovered > 0;
}

static inline bool is_up(struct world *world)
{
	return world->meters.store_up;
}

static inline bool is_away(struct world *world)
{
	return !world->meters.store_up;
}

/* Every turn is over and what it changed has arrived. */
static inline bool is_committed(struct world *world)
{
	return event_base_get_num_events(world->base, EVENT_BASE_COUNT_ACTIVE) == 0 &&
	       world->committed >= world->commit;
}

static inline void world_settle(struct world *world)
{
	event_base_loop(world->base, EVLOOP_NONBLOCK);
	world_wait(world, is_committed);
}

/* --- people --- */

static inline void world_post(struct world *world, struct core_event ev)
{
	assert_int_equal(loop_post(world->loop, &ev), 0);
	event_base_loop(world->base, EVLOOP_NONBLOCK);
}

static inline struct agent_id world_agent(struct world *world, const char *name)
{
	struct agent_card *card = directory_know_agent(world->directory, name);

	assert_non_null(card);
	return card->id;
}

static inline void world_log_in(struct world *world, const char *name)
{
	struct core_event ev = { .type = EVT_AGENT_LOGGED_IN };
	struct agent_card *card = directory_know_agent(world->directory, name);

	assert_true(directory_set_agent(world->directory, card, "PJSIP/phone", NULL));
	ev.agent_logged_in.agent = world_agent(world, name);
	ev.agent_logged_in.ready = true;
	ev.agent_logged_in.queues_count = 2;
	ev.agent_logged_in.queues[0] = 0;
	ev.agent_logged_in.queues[1] = 1;
	world_post(world, ev);
}

static inline void world_agent_event(struct world *world, const char *name,
                                     enum core_event_type type)
{
	struct core_event ev = { .type = type };

	ev.agent_ready.agent = world_agent(world, name);
	world_post(world, ev);
}

static inline struct call_facts world_facts(const char *name, const char *key)
{
	return (struct call_facts){
		"pbx@a", name, "0312345678", "+81312345678", key, "", "", "", "", "", "", "", false
	};
}

static inline struct call_id world_arrive_with(struct world *world, const struct call_facts *facts)
{
	struct core_event ev = { .type = EVT_CALL_ARRIVED };
	struct call_card *card = directory_add_call(world->directory, facts);

	assert_non_null(card);
	card->fingerprint = 0xfedcba9876543210;
	ev.call_arrived.call = card->id;
	ev.call_arrived.identity = *facts->key == '\0' ? IDENTITY_NONE : IDENTITY_KEYED;
	ev.call_arrived.arrived_at = clock_now() - MSEC(5);
	world_post(world, ev);
	return card->id;
}

static inline struct call_id world_arrive(struct world *world, const char *name, const char *key)
{
	struct call_facts facts = world_facts(name, key);

	return world_arrive_with(world, &facts);
}

static inline struct call_record world_call(struct world *world, struct call_id id)
{
	struct call_record record = { .state = CALL_FREE };

	core_get_call(loop_core(world->loop), id, &record);
	return record;
}

static inline void world_answer(struct world *world, struct call_id call)
{
	struct core_event ev = { .type = EVT_CALL_ANSWERED };

	ev.call_answered.call = call;
	ev.call_answered.offer = world_call(world, call).offer;
	world_post(world, ev);
	assert_int_equal(world_call(world, call).state, CALL_TALKING);
}

static inline void world_hang_up(struct world *world, struct call_id call)
{
	struct core_event ev = { .type = EVT_CALL_ENDED };

	ev.call_ended.call = call;
	ev.call_ended.by = BY_CALLER;
	world_post(world, ev);
}

/* A caller rings, is offered to somebody, talks and hangs up. Afterwards the agent is
 * ready again. */
static inline void world_talk(struct world *world, const char *name, const char *key,
                              const char *agent)
{
	struct call_id call;
	unsigned decided = world->decided;
	usec_t until = clock_monotonic() + SEC(60);

	call = world_arrive(world, name, key);
	while (world->decided == decided && clock_monotonic() < until)
		event_base_loop(world->base, EVLOOP_NONBLOCK);
	assert_int_equal(world_call(world, call).state, CALL_OFFERED);
	assert_string_equal(directory_agent_name(world->directory, world_call(world, call).agent),
	                    agent);
	world_answer(world, call);
	usleep(2000);
	world_hang_up(world, call);
	world_agent_event(world, agent, EVT_AGENT_READY);
}

#define WORLD_PREFIX "najimi:{main}:"

#endif
