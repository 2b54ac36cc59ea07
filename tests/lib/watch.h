#ifndef NAJIMI_TESTS_WATCH_H
#define NAJIMI_TESTS_WATCH_H

#include "deed.h"

#include "najimi/core/view.h"

/* What may never happen, seen from outside: from the events that go in and the
 * orders that come out, without a look at how the core thinks.
 *
 *  - a call has one offer at a time, an agent one call at a time, and an offer is
 *    withdrawn before the next is made;
 *  - offers of a call are numbered 1, 2, 3...;
 *  - every request is answered exactly once, by the rule in core.h, and a refused
 *    one changes nothing;
 *  - whatever of a call or an agent has to survive a restart and has changed, is
 *    ordered to be saved in the same step;
 *  - every call ends exactly once, and the counters of its queue say so;
 *  - nothing wakes the core when there is nothing to wait for. */

#define WATCH_SLOTS CAST_CALLS_MAX

struct watch {
	struct core_limits limits;
	struct {
		bool live;
		struct call_id id;
		struct call_record saved;
		uint32_t offer;    /* the last that was made */
		bool rings, talks; /* with `agent` */
		struct agent_id agent;
	} calls[WATCH_SLOTS];
	struct {
		bool live;
		struct agent_record saved;
	} agents[CAST_AGENTS_MAX];
	uint64_t restored[CAST_QUEUES_MAX]; /* calls this core did not see arrive */
	uint64_t ended[CAST_QUEUES_MAX][CALL_OUTCOMES];
	usec_t last_deadline;
	unsigned timers_fired; /* at `last_deadline` */
};

void watch_begin(struct watch *watch, const struct core_limits *limits);

/* After every step. 0, or -EPROTO and what was wrong. */
int watch_step(struct watch *watch, const struct core *core, const struct core_event *ev,
               const struct core_actions *actions, struct err *err) MUST_CHECK;

/* Whether two records say the same; if not, *ret_what names a member that differs. */
bool records_equal_call(const struct call_record *a, const struct call_record *b,
                        const char **ret_what);
bool records_equal_agent(const struct agent_record *a, const struct agent_record *b,
                         const char **ret_what);

#endif
