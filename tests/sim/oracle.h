#ifndef TESTS_ORACLE_H
#define TESTS_ORACLE_H

#include "deed.h"

/* The slow, obvious router that the fast one must agree with, whatever the policy, but for
 * those that have a price.
 *
 * Everything is a short list that is looked through from end to end; there is no
 * index, no timer heap, no cache, and nothing is shared with the core but the plain
 * types of its contract. After each step it has done the same event in its own way,
 * and every call and every agent must be where the core has them: who rings, who
 * talks, who holds out and until when, who is paused and why, who is not to have whom, who is
 * told where they stand. */

struct oracle_call {
	bool live;
	struct call_id id;
	enum call_state state;
	queue_index queue, first_queue;
	int priority;
	uint64_t order; /* of arrival */
	usec_t arrived_at, recall_due, overflow_at, ring_until, ring_due;
	bool answered, service_counted;
	int agent, target; /* slots, -1 for none */
	uint32_t offer, legs;
	unsigned needs_count, known_count, excluded_count;
	struct skill_need needs[CALL_NEEDS_MAX];
	struct known_agent known[KNOWN_MAX];
	struct exclusion excluded[CALL_EXCLUDED_MAX];
	enum sticky_result sticky;
	enum sticky_why why;
	usec_t hold_since, hold_until;
	usec_t looked_at; /* exclusions over by then are no news */
	usec_t tell_at;   /* where they stand, 0: not at all */
};

struct oracle_agent {
	struct agent_id id; /* unset while nobody ever used the slot */
	enum agent_state state;
	enum agent_pending pending;
	enum pause_cause cause;
	enum device_state device;
	unsigned misses[MISS_KINDS];
	int call; /* slot, -1 for none */
	usec_t until, idle_since;
	unsigned team; /* 0: none */
	bool serves[CAST_QUEUES_MAX];
	uint8_t levels[SKILLS_MAX];
};

struct oracle {
	usec_t now;
	uint64_t arrivals;
	bool restarting; /* until the rules say that all is restored */
	struct core_rules rules;
	struct queue_plan plans[CAST_QUEUES_MAX];
	bool sweeps[CAST_QUEUES_MAX]; /* callers there may have been overlooked */
	int told; /* slot of the call that is told where it stands in this step, -1 for none */
	struct {
		uint64_t in_time, missed; /* of the service level */
		uint64_t sticky[STICKY_RESULTS], fallthrough[STICKY_WHYS], resumed;
		uint64_t offers, misses[MISS_KINDS];
	} counts[CAST_QUEUES_MAX];
	struct oracle_call calls[CAST_CALLS_MAX];
	struct oracle_agent agents[CAST_AGENTS_MAX];
};

void oracle_begin(struct oracle *oracle);

/* The daemon is about to restart: what was not decided yet is forgotten. */
void oracle_restart(struct oracle *oracle);

/* A story_step_fn: follows the event and compares. -EPROTO where the two differ. */
int oracle_step(void *context, const struct core *core, const struct core_event *ev,
                const struct core_actions *actions, struct err *err);

/* Follows the event, without comparing. */
void oracle_follow(struct oracle *oracle, const struct core_event *ev);

#endif
