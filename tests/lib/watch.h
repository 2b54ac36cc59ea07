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
 *  - a telephone rings as long as the offer says, or who dials; nobody is said to have
 *    missed a call before;
 *  - who did not take an offer has a miss more, and so has the queue, unless it was without
 *    their blame; nobody else has, nor is paused for it;
 *  - a call by which an agent was asked ends when they take the caller, and no other does;
 *    what the agent wanted to do after it they still do;
 *  - every request is answered exactly once, by the rule in core.h, and a refused
 *    one changes nothing;
 *  - a caller is told where they stand in line alone, no sooner than the plan says, and
 *    never that it takes longer than they were told before;
 *  - whatever of a call or an agent has to survive a restart and has changed, is
 *    ordered to be saved in the same step;
 *  - every call ends exactly once, with the outcome and the times it really had, and
 *    the counters of its queue say so;
 *  - nothing wakes the core when there is nothing to wait for. */

#define WATCH_SLOTS CAST_CALLS_MAX

/* A call's life as seen from outside, to hold against its contact at the end. */
struct watch_account {
	usec_t arrived_at, answered_at;
	usec_t ring, talk, hold;
	usec_t counted_until; /* the three above include the time until then */
	usec_t talk_before;   /* of `talk`: before the present talker */
	struct agent_id talker, credit;
	usec_t credit_talk; /* of the one who has the credit */
	uint32_t legs;
	bool overflows, rejected; /* so it was decided */
};

struct watch {
	struct core_limits limits;
	struct {
		bool live;
		struct call_id id;
		struct call_record saved;
		uint32_t offer;    /* the last that was made */
		bool rings, talks; /* with `agent` */
		struct agent_id agent;
		usec_t rings_until;
		usec_t told_at; /* where they stand; 0: not since the plan was made */
		struct watch_account account;
	} calls[WATCH_SLOTS];
	struct {
		bool live;
		struct agent_record saved;
	} agents[CAST_AGENTS_MAX];
	struct call_id question; /* ends in this step: its agent was asked, and takes the caller */
	struct {
		bool is;
		struct agent_id agent;
		queue_index queue;
		enum miss_kind kind;
	} miss; /* in this step */
	uint64_t misses[CAST_QUEUES_MAX][MISS_KINDS];
	uint64_t restored[CAST_QUEUES_MAX]; /* calls this core did not see arrive */
	uint64_t ended[CAST_QUEUES_MAX][CALL_OUTCOMES];
	usec_t last_deadline;
	unsigned timers_fired; /* at `last_deadline` */
};

void watch_begin(struct watch *watch, const struct core_limits *limits);

/* After every step. 0, or -EPROTO and what was wrong. */
int watch_step(struct watch *watch, const struct core *core, const struct core_event *ev,
               const struct core_actions *actions, struct err *err) MUST_CHECK;

/* Whose offer came to nothing in this step, by what goes in and out; before it is taken. */
void miss_take(struct watch *watch, const struct core_event *ev, const struct core_actions *actions,
               bool refused);
/* Whether the agents and queues of the core have it, and nothing else; before the agents are
 * saved. */
int miss_check(const struct watch *watch, const struct core *core, const struct core_event *ev,
               struct err *err) MUST_CHECK;

/* The account of one call: opened at its arrival or from its record, brought up to an
 * instant given the state it was in until then, told of talks that begin and end, and
 * compared with the contact. */
void account_open(struct watch_account *account, usec_t arrived_at, usec_t now);
void account_restore(struct watch_account *account, const struct call_record *record);
void account_pass(struct watch_account *account, enum call_state state, usec_t now);
void account_begin_talk(struct watch_account *account, struct agent_id talker, usec_t now);
void account_end_talk(struct watch_account *account, const struct queue_plan *plan);
int account_close(const struct watch_account *account, const struct core *core,
                  const struct core_event *ev, const struct core_action *end,
                  struct err *err) MUST_CHECK;

/* Whether two records say the same; if not, *ret_what names a member that differs. */
bool records_equal_call(const struct call_record *a, const struct call_record *b,
                        const char **ret_what);
bool records_equal_agent(const struct agent_record *a, const struct agent_record *b,
                         const char **ret_what);

#endif
