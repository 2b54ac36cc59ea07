#ifndef NAJIMI_TESTS_STORY_H
#define NAJIMI_TESTS_STORY_H

#include <stdio.h>

#include "deed.h"
#include "watch.h"

/* A telephone story: people do things at given times, and the routing core is
 * expected to answer with given orders, in order and with nothing left over.
 *
 * This is everything around the core that a daemon would be: who is called what,
 * the store that remembers callers, the clock. Story files, the simulator and the
 * fuzzer all play through it, so whatever one of them finds is a story. After
 * every single step the core checks itself and the watch checks the orders. */

#define STORY_ORDERS_MAX 8192
#define STORY_ORDER_SIZE 160

/* Instants of the core when the story's clock says 0. */
#define STORY_START SEC(1800000000)

struct story_order {
	usec_t at; /* in the story's time */
	char text[STORY_ORDER_SIZE];
};

/* What the store knows of a person. */
struct story_memory {
	enum recall_outcome outcome;
	unsigned known_count;
	struct {
		unsigned agent;
		usec_t at;
		bool pinned;
	} known[KNOWN_MAX];
	unsigned never_count;
	unsigned never[CALL_EXCLUDED_MAX / 2];
	uint8_t tier;
	bool holdout;
	bool left;
	unsigned left_queue;
	usec_t left_arrived_at, left_at;
};

/* Told of every step; may say that something is wrong. For the oracle. */
typedef int story_step_fn(void *context, const struct core *core, const struct core_event *ev,
                          const struct core_actions *actions, struct err *err);

struct story {
	struct cast cast;
	struct core_limits limits;
	struct core *core; /* made by the first deed, so that `limits` can come before */
	struct core_actions actions;
	struct watch watch;
	usec_t now;         /* in the story's time */
	uint64_t request;   /* the last that was numbered */
	uint64_t questions; /* put to the store */
	bool silent;        /* the store takes questions and does not answer */
	struct core_rules rules;
	struct {
		bool configured;
		struct queue_plan plan;
	} queues[CAST_QUEUES_MAX];
	struct {
		struct call_id id; /* stays when the call is over */
		bool live;
		uint64_t asked; /* a recall is to be answered: in this order; 0 not */
		unsigned person;
		uint32_t offer;
	} calls[CAST_CALLS_MAX];
	struct story_memory memories[CAST_CALLS_MAX]; /* by person: the first call's index */
	uint32_t gens[CAST_CALLS_MAX];                /* of the call slots */
	struct agent_id agents[CAST_AGENTS_MAX];      /* set at the first login */
	uint32_t agents_used;
	uint64_t trace; /* of every step's state: equal for equal lives */
	story_step_fn *on_step;
	void *context;
	bool quiet; /* nobody wants to read the orders */
	size_t orders_count;
	struct story_order orders[STORY_ORDERS_MAX]; /* last: begins as whatever it was */
};

void story_begin(struct story *story);
void story_end(struct story *story);

/* Fires what is due until `at`. Orders are added to story->orders. 0, or -EPROTO
 * when the watch, the core's answer or `on_step` says that something is wrong. */
int story_pass(struct story *story, usec_t at, struct err *err) MUST_CHECK;

/* 0, or -EINVAL for a deed that makes no sense now: a call that is there already, a
 * queue that was never configured, no room. */
int story_admit(const struct story *story, const struct deed *deed, struct err *err) MUST_CHECK;

/* Lets the time pass and does the deed. -EINVAL when it is not admitted. */
int story_do(struct story *story, const struct deed *deed, struct err *err) MUST_CHECK;

/* An event as it is, for those who make their own: a request is numbered when
 * `asks`. Time must have passed until then. */
int story_step(struct story *story, struct core_event *ev, bool asks, struct err *err) MUST_CHECK;

/* Writes the orders there are as lines of a story and forgets them; the second also
 * says when, for orders that the clock brought. */
void story_show(struct story *story, FILE *file);
void story_show_time(struct story *story, FILE *file);

/* A check, "alice is paused": the words after "= ". -EPROTO when it is not so. */
int story_check(struct story *story, const char *text, struct err *err) MUST_CHECK;

/* Names of handles, "nobody" for one that has none. */
const char *story_call_name(const struct story *story, struct call_id id);
const char *story_agent_name(const struct story *story, struct agent_id id);

/* The action in words; false when it is the housekeeping that stories leave out. */
bool order_write(const struct story *story, const struct core_action *act, char *ret, size_t size);

#endif
