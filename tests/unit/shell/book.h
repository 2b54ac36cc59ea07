#ifndef NAJIMI_TESTS_SHELL_BOOK_H
#define NAJIMI_TESTS_SHELL_BOOK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <event2/event.h>
#include <stdio.h>
#include <unistd.h>

#include "daybook_private.h"
#include "hour.h"
#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"
#include "own_texts.h"

/* A centre with two queues and a daybook, which is told of what the core orders as
 * daemon/perform.c does it. Nothing is kept anywhere. */
struct book {
	struct event_base *base;
	struct options *options;
	struct meters meters;
	struct loop *loop;
	struct directory *directory;
	struct daybook *daybook;
	unsigned calls;
	unsigned handled;      /* contacts that were told of when their wrap-up was over, */
	usec_t handling;       /* and the last one's */
	struct call_id passed; /* the last call that went on when one was */
};

enum {
	SALES,
	SERVICE
};

static inline void book_change_agent(struct book *book, struct agent_id id)
{
	struct wrapup_card *wrapup = &directory_agent(book->directory, id)->wrapup;

	daybook_agent_changed(book->daybook, id);
	if (!wrapup->over)
		return;
	if (*wrapup->contact == '\0') {
		book->passed = wrapup->call;
	} else {
		assert_string_equal(wrapup->contact, "contact");
		book->handled++;
		book->handling = wrapup->spent;
	}
	*wrapup = (struct wrapup_card){ 0 };
}

static inline void book_perform(const struct core_actions *actions, void *arg)
{
	struct book *book = arg;

	for (size_t i = 0; i < actions->count; i++) {
		const struct core_action *action = &actions->items[i];
		struct call_card *card = directory_call(book->directory, action->call);

		if (action->type == ACT_RECALL)
			daybook_call_recalled(book->daybook, card);
		else if (action->type == ACT_DECIDE)
			daybook_call_decided(book->daybook, card, &action->decide);
		else if (action->type == ACT_CHANGE_CALL)
			daybook_call_changed(book->daybook, card);
		else if (action->type == ACT_CHANGE_AGENT)
			book_change_agent(book, action->agent);
		else if (action->type == ACT_END_CALL) {
			daybook_call_ended(book->daybook, card, "contact", &action->end);
			directory_end_call(book->directory, action->call, "contact", &action->end);
		}
	}
}

static inline void book_turn_over(void *arg)
{
	daybook_collect(((struct book *)arg)->daybook, false);
}

static inline void book_apply(struct book *book, const struct core_event *ev)
{
	loop_apply(book->loop, ev);
	event_base_loop(book->base, EVLOOP_NONBLOCK);
}

static inline void book_add_queue(struct book *book, const char *name)
{
	struct options *options = book->options;
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
	queue->plan.service_level = SEC(20);
	queue->plan.short_abandon = SEC(5);
}

static inline void book_configure(struct book *book, queue_index queue)
{
	struct core_event ev = { .type = EVT_QUEUE_CONFIGURED };

	ev.queue_configured.queue = queue;
	ev.queue_configured.plan = book->options->queues[queue].plan;
	book_apply(book, &ev);
}

/* A book that has not been opened: nothing was loaded yet. */
static inline void book_make(struct book *book)
{
	struct core_limits limits = {
		.calls_max = 100, .agents_max = 10, .queues_max = 8, .memberships_max = 40
	};
	struct core_event rules = { .type = EVT_RULES_CONFIGURED };
	struct err err = { 0 };

	hour_keep_off_its_end(5);
	*book = (struct book){ 0 };
	log_set_level(LOG_LEVEL_ERROR);
	assert_int_equal(options_defaults(&book->options, &err), 0);
	book->options->calls_max = 100;
	book->options->agents_max = 10;
	book->options->queues_max = 8;
	book_add_queue(book, "sales");
	book_add_queue(book, "service/desk");
	meters_init(&book->meters);
	book->base = event_base_new();
	book->loop = loop_new(book->base, &limits, &book->meters);
	book->directory = directory_new(book->options, &err);
	book->daybook = daybook_new(book->options, book->loop, book->directory, &err);
	assert_non_null(book->daybook);
	loop_set_hooks(book->loop, &(struct loop_hooks){ .perform = book_perform,
	                                                 .turn_over = book_turn_over,
	                                                 .arg = book });
	rules.rules = book->options->rules;
	rules.rules.recall_max = MINUTE(1);
	book_apply(book, &rules);
	book_configure(book, SALES);
	book_configure(book, SERVICE);
	daybook_load_begin(book->daybook);
}

static inline int book_set_up(void **state)
{
	static struct book book;

	book_make(&book);
	daybook_open(book.daybook);
	daybook_restored(book.daybook);
	*state = &book;
	return 0;
}

static inline void book_unmake(struct book *book)
{
	book->daybook = daybook_free(book->daybook);
	directory_free(book->directory);
	loop_free(book->loop);
	event_base_free(book->base);
	options_free(book->options);
}

static inline int book_tear_down(void **state)
{
	book_unmake(*state);
	return 0;
}

/* --- people --- */

static inline struct agent_id book_log_in(struct book *book, const char *name)
{
	struct core_event ev = { .type = EVT_AGENT_LOGGED_IN };
	struct agent_card *card = directory_know_agent(book->directory, name);

	assert_non_null(card);
	ev.agent_logged_in.agent = card->id;
	ev.agent_logged_in.ready = true;
	ev.agent_logged_in.queues_count = 1;
	ev.agent_logged_in.queues[0] = SALES;
	book_apply(book, &ev);
	return card->id;
}

/* Arrived `ago`, in sales. */
static inline struct call_id book_arrive(struct book *book, bool keyed, usec_t ago)
{
	struct core_event ev = { .type = EVT_CALL_ARRIVED };
	struct call_facts facts = { "pbx", NULL, "", "",   keyed ? "tel:+81" : "", "", "", "", "",
		                    "",    "",   "", false };
	char name[16];

	snprintf(name, sizeof(name), "c%u", ++book->calls);
	facts.name = name;
	ev.call_arrived.call = directory_add_call(book->directory, &facts)->id;
	ev.call_arrived.queue = SALES;
	ev.call_arrived.identity = keyed ? IDENTITY_KEYED : IDENTITY_NONE;
	ev.call_arrived.arrived_at = clock_now() - ago;
	book_apply(book, &ev);
	return ev.call_arrived.call;
}

static inline void book_recalled(struct book *book, struct call_id call, struct agent_id known,
                                 bool holdout)
{
	struct core_event ev = { .type = EVT_CALLER_RECALLED };

	ev.caller_recalled.call = call;
	ev.caller_recalled.outcome = agent_id_set(known) ? RECALL_KNOWN : RECALL_UNKNOWN;
	ev.caller_recalled.holdout = holdout;
	if (agent_id_set(known)) {
		ev.caller_recalled.known_count = 1;
		ev.caller_recalled.known[0] =
		        (struct known_agent){ .agent = known, .at = clock_now() };
	}
	book_apply(book, &ev);
}

static inline void book_answer(struct book *book, struct call_id call)
{
	struct core_event ev = { .type = EVT_CALL_ANSWERED };

	ev.call_answered.call = call;
	ev.call_answered.offer = 1;
	book_apply(book, &ev);
}

static inline void book_hang_up(struct book *book, struct call_id call)
{
	struct core_event ev = { .type = EVT_CALL_ENDED };

	ev.call_ended.call = call;
	ev.call_ended.by = BY_CALLER;
	book_apply(book, &ev);
}

static inline uint64_t book_ever(struct book *book, unsigned figure)
{
	daybook_collect(book->daybook, true);
	return daybook_queue_ever(book->daybook, SALES)->counts[figure];
}

#endif
