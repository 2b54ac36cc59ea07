#ifndef NAJIMI_TESTS_CENTRE_H
#define NAJIMI_TESTS_CENTRE_H

#include <event2/event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "answer.h"
#include "hour.h"
#include "najimi/shell/clock.h"
#include "najimi/shell/daybook.h"
#include "stamp.h"

/* A small call centre in memory, real core and all, for the handlers to look at: two
 * queues, two agents; calls and their fates as a test wants them. */
struct centre {
	struct event_base *base;
	struct meters meters;
	struct loop *loop;
	struct directory *directory;
	struct feed *feed;
	struct daybook *daybook;
	struct options options;
	struct http_needs needs;
	struct server_facts server;
};

#define CENTRE_QUEUE "営業 \"a\\b\"" /* a name that has to be escaped everywhere */

static char centre_sales[] = "sales", centre_odd[] = CENTRE_QUEUE, centre_none[] = "",
            centre_alice[] = "alice", centre_bob[] = "bob", centre_german[] = "german",
            centre_device[] = "PJSIP/alice", centre_any[] = "127.0.0.1:0",
            centre_token[] = "s3cret", centre_pii_token[] = "pii-s3cret", centre_star[] = "*",
            centre_utc[] = "UTC", centre_site[] = "tokyo";

static char *centre_skills[] = { centre_german, NULL };

static struct queue_options centre_queues[] = {
	{ .name = centre_sales, .overflow = centre_none },
	{ .name = centre_odd, .overflow = centre_none },
};
static struct agent_options centre_agents[] = {
	{ .name = centre_alice, .target = centre_device },
	{ .name = centre_bob, .target = centre_none },
};
static struct client_options centre_clients[] = {
	{ .name = centre_star,
	  .agent = centre_none,
	  .role = ROLE_OBSERVER,
	  .token = centre_token,
	  .token_sha256 = centre_none },
	{ .name = centre_star,
	  .agent = centre_none,
	  .role = ROLE_SUPERVISOR,
	  .token = centre_pii_token,
	  .token_sha256 = centre_none,
	  .pii = true },
};

static inline void centre_step(struct centre *centre, struct core_event ev)
{
	loop_apply(centre->loop, &ev);
}

static inline void centre_plan(struct centre *centre, queue_index queue)
{
	struct core_event ev = { .type = EVT_QUEUE_CONFIGURED };

	ev.queue_configured.queue = queue;
	ev.queue_configured.plan = (struct queue_plan){
		.open = true,
		.sticky = true,
		.line_max = 1,
		.waiting_max = 1000,
		.ring = SEC(20),
		.wait_max = USEC_NEVER,
		.wrapup = SEC(10),
		.service_level = SEC(20),
		.short_abandon = SEC(5),
		.window = HOUR(24 * 7),
		.wait_busy = SEC(20),
		.min_talk = SEC(15),
	};
	centre_step(centre, ev);
}

static inline int centre_set_up(void **state)
{
	static const struct core_limits limits = {
		.calls_max = 2000, .agents_max = 50, .queues_max = 4, .memberships_max = 100
	};
	struct centre *centre = calloc(1, sizeof(*centre));
	struct core_event rules = { .type = EVT_RULES_CONFIGURED };
	struct err err;

	hour_keep_off_its_end(5);
	assert_non_null(centre);
	centre->options = (struct options){
		.site = centre_site,
		.zone = centre_utc,
		.calls_max = limits.calls_max,
		.agents_max = limits.agents_max,
		.queues_max = limits.queues_max,
		.skills = centre_skills,
		.queues = centre_queues,
		.queues_count = ARRAY_LEN(centre_queues),
		.agents = centre_agents,
		.agents_count = ARRAY_LEN(centre_agents),
		.clients = centre_clients,
		.clients_count = ARRAY_LEN(centre_clients),
		.http = { .listen = centre_any, .connections_max = 4 },
	};
	centre->base = event_base_new();
	meters_init(&centre->meters);
	centre->loop = loop_new(centre->base, &limits, &centre->meters);
	centre->directory = directory_new(&centre->options, &err);
	centre->feed = feed_new(16);
	centre->daybook = daybook_new(&centre->options, centre->loop, centre->directory, &err);
	centre->needs = (struct http_needs){
		.base = centre->base,
		.loop = centre->loop,
		.directory = centre->directory,
		.feed = centre->feed,
		.daybook = centre->daybook,
		.meters = &centre->meters,
		.options = &centre->options,
	};
	centre->server.ticked_at = clock_monotonic();
	assert_non_null(centre->loop);
	assert_non_null(centre->directory);
	assert_non_null(centre->feed);
	assert_non_null(centre->daybook);
	rules.rules = (struct core_rules){ .recall_max = SEC(60),
		                           .exclude_for = SEC(60),
		                           .ring_grace = SEC(5) };
	centre_step(centre, rules);
	for (queue_index queue = 0; queue < ARRAY_LEN(centre_queues); queue++)
		centre_plan(centre, queue);
	*state = centre;
	return 0;
}

static inline int centre_tear_down(void **state)
{
	struct centre *centre = *state;

	daybook_free(centre->daybook);
	loop_free(centre->loop);
	directory_free(centre->directory);
	feed_free(centre->feed);
	event_base_free(centre->base);
	free(centre);
	return 0;
}

static inline struct agent_id centre_agent(struct centre *centre, const char *name)
{
	struct agent_card *card = directory_know_agent(centre->directory, name);

	assert_non_null(card);
	return card->id;
}

/* The day begins, with `figures` counted in this hour of today's in queue `name`. */
static inline void centre_open_day(struct centre *centre, const char *name,
                                   const struct day_figures *figures)
{
	struct day_row row = { .kind = DAY_ROW_QUEUE, .name = name, .figures = figures };
	char instant[INSTANT_SIZE];

	text_of_instant(clock_now(), instant, sizeof(instant));
	memcpy(row.day, instant, DAY_SIZE - 1);
	row.hour = (unsigned)(clock_now() / HOUR(1) % 24);
	daybook_load_begin(centre->daybook);
	assert_true(daybook_load(centre->daybook, &row));
	daybook_open(centre->daybook);
}

static inline void centre_note(const struct core_actions *actions, void *arg)
{
	struct centre *centre = arg;

	for (size_t i = 0; i < actions->count; i++) {
		const struct core_action *action = &actions->items[i];
		struct call_card *card = directory_call(centre->directory, action->call);

		if (action->type == ACT_RECALL)
			daybook_call_recalled(centre->daybook, card);
		else if (action->type == ACT_DECIDE)
			daybook_call_decided(centre->daybook, card, &action->decide);
		else if (action->type == ACT_CHANGE_CALL)
			daybook_call_changed(centre->daybook, card);
		else if (action->type == ACT_END_CALL)
			daybook_call_ended(centre->daybook, card, "contact", &action->end);
		else if (action->type == ACT_CHANGE_AGENT)
			daybook_agent_changed(centre->daybook, action->agent);
	}
	daybook_collect(centre->daybook, true);
}

/* From now on the daybook is told of everything. */
static inline void centre_keep_days(struct centre *centre)
{
	daybook_load_begin(centre->daybook);
	daybook_open(centre->daybook);
	loop_set_hooks(centre->loop, &(struct loop_hooks){ .perform = centre_note, .arg = centre });
}

/* The agent logs in to both queues, ready, and speaks German at level 3. */
static inline void centre_log_in(struct centre *centre, const char *name)
{
	struct core_event ev = { .type = EVT_AGENT_LOGGED_IN };

	ev.agent_logged_in.agent = centre_agent(centre, name);
	ev.agent_logged_in.ready = true;
	ev.agent_logged_in.queues_count = 2;
	ev.agent_logged_in.queues[0] = 0;
	ev.agent_logged_in.queues[1] = 1;
	ev.agent_logged_in.levels[0] = 3;
	centre_step(centre, ev);
}

static inline struct call_id centre_call(struct centre *centre, const char *name, const char *from,
                                         bool restricted, queue_index queue)
{
	struct call_facts facts = {
		.client = "pbx-a",
		.name = name,
		.from = from,
		.number = from,
		.key = "",
		.to = "+81570012345",
		.customer_id = "K-77",
		.tier = "",
		.reason = "",
		.channel = "voice",
		.case_id = "",
		.data = "",
		.restricted = restricted,
	};
	struct call_card *card = directory_add_call(centre->directory, &facts);
	struct core_event ev = { .type = EVT_CALL_ARRIVED };

	assert_non_null(card);
	ev.call_arrived.call = card->id;
	ev.call_arrived.queue = queue;
	ev.call_arrived.identity = IDENTITY_NONE;
	ev.call_arrived.arrived_at = clock_now() - SEC(30);
	centre_step(centre, ev);
	return card->id;
}

static inline void centre_answer(struct centre *centre, struct call_id call)
{
	struct core_event ev = { .type = EVT_CALL_ANSWERED };

	ev.call_answered.call = call;
	ev.call_answered.offer = 1;
	centre_step(centre, ev);
}

static inline void centre_end(struct centre *centre, struct call_id call)
{
	struct contact contact = { .ended_at = clock_now() };
	struct core_event ev = { .type = EVT_CALL_ENDED };

	ev.call_ended.call = call;
	ev.call_ended.by = BY_CALLER;
	centre_step(centre, ev);
	directory_end_call(centre->directory, call, "contact", &contact);
}

static inline struct answer centre_hear(struct centre *centre, answer_fn *handler,
                                        struct inquiry inquiry, bool stamped)
{
	struct answer answer = { .status = 200 };

	inquiry.needs = &centre->needs;
	inquiry.server = &centre->server;
	if (inquiry.name == NULL)
		inquiry.name = "";
	body_init(&answer.body, BODY_BYTES_MAX);
	handler(&inquiry, &answer);
	answer.stamp.seq = feed_seq(centre->feed);
	if (stamped && answer.status == 200)
		stamp_answer(&answer, feed_epoch(centre->feed), inquiry.if_none_match);
	assert_true(body_add(&answer.body, (struct text){ "", 1 })); /* a text's end */
	answer.body.length--;
	return answer;
}

/* What a handler answers. The caller frees the text with body_done(). */
static inline struct answer centre_ask(struct centre *centre, answer_fn *handler,
                                       struct inquiry inquiry)
{
	return centre_hear(centre, handler, inquiry, false);
}

/* Likewise, as it leaves under /v1/. */
static inline struct answer centre_ask_stamped(struct centre *centre, answer_fn *handler,
                                               struct inquiry inquiry)
{
	return centre_hear(centre, handler, inquiry, true);
}

#endif
