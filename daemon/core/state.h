#ifndef CORE_STATE_H
#define CORE_STATE_H

#include "najimi/base/lists.h"
#include "najimi/core/core.h"
#include "najimi/core/view.h"
#include "remain.h"
#include "timer.h"

/* What the core consists of. The modules beside this header own its parts; nobody
 * outside this folder sees it. */

#define SLOT_NONE UINT32_MAX
#define CACHE_LINE 64

/* The most callers who are passed over for one agent at once. */
#define PASSED_MAX 16

/* The most transferred callers who may wait for one agent. */
#define TARGETED_MAX 16

/* The most callers who stand in an agent's index as second or third choice. */
#define WANTS_MAX 64

/* Where in its queue a waiting call stands. All lines are in the same order, so a
 * position is the sum of the places in each. */
enum wait_line {
	WAIT_NOWHERE,
	WAIT_OPEN,    /* whoever is free takes them */
	WAIT_SKILLED, /* whoever is free and has the skills */
	WAIT_HOLDING, /* holds out for the own agent, at nobody's expense so far */
	WAIT_ASIDE    /* likewise, with another agent passed over; or bound to a target */
};
#define WAIT_LINES (WAIT_ASIDE + 1)

/* Order is a field: the keys stand beside the links, in one cache line. */
struct place {
	RB_ENTRY(place) node;
	uint32_t count; /* places in this subtree */
	int16_t priority;
	uint8_t line : 7;        /* enum wait_line */
	uint8_t holding_out : 1; /* for the own agent; else, if not open, for a target */
	uint8_t head;            /* counts as that many seconds older */
	usec_t arrived_at;
	uint64_t seq;
	uint64_t needs_below; /* in WAIT_SKILLED: skills that everybody in this subtree needs */
};

RB_HEAD(place_tree, place);

/* In a line whose callers anyone may take. */
static inline bool place_is_open(const struct place *place)
{
	return place->line == WAIT_OPEN || place->line == WAIT_SKILLED;
}

struct line {
	struct place_tree tree;
	struct place *first, *last; /* NULL when empty */
};

/* One call in the index of one agent whom it wants: the target of a transfer, or one of
 * those the caller returns to. */
struct want {
	RB_ENTRY(want) by_place; /* in the agent's `held` or `regulars` while WAITING */
	struct agent_id agent;   /* unset when it stands nowhere */
	uint8_t rank;            /* its place among the call's */
};

/* A call starts on a cache line, and what a walk looks at stands in the first two. It
 * takes an odd number of lines: with a power of two the places of all calls would share
 * an eighth of the cache, which doubled the misses with 100,000 waiting. */
struct call {
	_Alignas(CACHE_LINE) struct place place; /* in queue->lines[place.line] while WAITING */
	uint64_t needs_mask;                     /* skills of r.needs */
	usec_t state_due; /* end of RECALLING or OFFERED, by the rules when it began */
	usec_t review_at; /* holding out at a price: when it is decided anew, else 0 */
	usec_t tell_at;   /* in line: when the caller is told where they stand, else 0 */
	struct call_record r;
	struct want wants[KNOWN_MAX]; /* the first is whom the caller holds out for */
};

_Static_assert(sizeof(struct call) / CACHE_LINE % 2 == 1, "see above");

RB_HEAD(want_tree, want);

/* One agent in one queue. */
struct membership {
	_Alignas(CACHE_LINE) RB_ENTRY(membership) by_turn; /* in queue->ready while listed */
	uint64_t skills, skills_below; /* the agent's; those that somebody below has */
	usec_t idle_since;             /* the agent's, as long as it is listed */
	uint32_t agent;
	uint32_t next; /* of the same agent, in the opposite order of r.queues; or unused */
};

RB_HEAD(ready_tree, membership);

struct agent {
	_Alignas(CACHE_LINE) struct want_tree held; /* callers who wait for this agent only */
	struct want_tree regulars;                  /* callers of theirs whom anyone may take */
	uint32_t wants;         /* in both, of those who would rather have another */
	uint32_t holding;       /* in `held`: who hold out, */
	uint32_t targeted;      /* and who were transferred to this agent */
	uint64_t skills;        /* those with a level */
	uint32_t memberships;   /* first of r.queues_count */
	queue_index last_queue; /* of the last talk, QUEUE_NONE before; wrap-up is counted there */
	bool listed;            /* in the ready indexes: READY and reachable */
	usec_t last_talk;       /* its length, hold included */
	usec_t busy, at_work;   /* time on calls, and logged in but for pauses; both fade */
	struct remain *talks;   /* how long the agent's own talks last */
	struct agent_record r;  /* r.id.gen is 0 while nobody ever used the slot */
};

struct queue {
	bool configured;
	struct queue_plan plan;
	struct line lines[WAIT_LINES];
	struct ready_tree ready; /* longest idle first */
	uint32_t calls[CALL_STATES];
	uint32_t holding;
	uint32_t agents[AGENT_STATES];
	uint32_t unreachable;
	uint64_t handled;            /* talks that ended, wrap-up included */
	usec_t handling;             /* their recent average length */
	struct remain_pair *lasting; /* how long its talks and wrap-ups last */
	usec_t value;                /* of a reunion: the plan's, or as it was steered */
	usec_t idle_from; /* somebody is ready and somebody holds out since, 0: not now */
};

struct change {
	bool is_call;
	uint32_t slot;
};

/* What core_check() counts anew, by queue. */
struct tally {
	uint32_t calls[CALL_STATES], holding;
	uint32_t agents[AGENT_STATES], unreachable, listed;
};

struct core {
	void *memory; /* the one allocation; everything below lies in it */
	struct core_limits limits;
	struct core_rules rules;
	usec_t now;
	uint64_t seq;     /* of the next arrival */
	bool restoring;   /* between the first restored record and the rules: nothing is matched */
	uint64_t request; /* of the event under way */
	struct timers timers;
	struct call *calls;
	struct agent *agents;
	struct queue *queues;
	struct queue_stats *stats;    /* [queues_max]: large and seldom touched, so apart */
	struct remain_pair *lastings; /* [queues_max], likewise */
	struct remain *talks;         /* [agents_max], likewise */
	struct membership *memberships;
	uint32_t memberships_unused, memberships_left;
	struct tally *tallies;    /* [queues_max], scratch of core_check() */
	struct core_actions *out; /* set only inside core_step() */
	size_t changes_count;     /* records that are new, to be told of at the end of the step */
	struct change changes[CORE_ACTIONS_MAX];
};

/* Whether an agent could take a call; match.c has the rule. */
typedef bool fits_fn(const struct core *core, const struct agent *agent, const struct call *call);

/* The most candidates one decision looks at, on either side. Who stands further back
 * is not seen until somebody in front has gone. Those who lack a skill altogether do not
 * count; README.md has the details. */
static inline int walk_max(const struct core *core)
{
	return core->rules.walk_max == 0 ? WALK_MAX : core->rules.walk_max;
}

/* Timers are numbered: agents, then calls, then queues. Equal deadlines fire in that
 * order, so an agent whose wrap-up ends still takes the caller whose wait ends then. */
static inline uint32_t timer_of_agent(const struct core *core, const struct agent *agent)
{
	(void)core;
	return agent->r.id.slot;
}

static inline uint32_t timer_of_call(const struct core *core, const struct call *call)
{
	return core->limits.agents_max + call->r.id.slot;
}

static inline uint32_t timer_of_queue(const struct core *core, queue_index queue)
{
	return core->limits.agents_max + core->limits.calls_max + queue;
}

/* Instants are never near the end of the scale but for USEC_NEVER, which stays. */
static inline usec_t later(usec_t at, usec_t span)
{
	return span > USEC_NEVER - at ? USEC_NEVER : at + span;
}

static inline usec_t earlier(usec_t a, usec_t b)
{
	return a < b ? a : b;
}

static inline usec_t elapsed(usec_t now, usec_t at)
{
	return now > at ? now - at : 0;
}

#endif
