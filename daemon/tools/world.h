#ifndef NAJIMI_TOOLS_WORLD_H
#define NAJIMI_TOOLS_WORLD_H

#include "najimi/base/heap.h"
#include "najimi/core/plan.h"
#include "report.h"
#include "traffic.h"

/* The people of a centre: callers who ring, wait and lose patience, agents who come,
 * answer, talk, wrap up and go. They do what the traffic says they did; who talks with
 * whom is somebody else's decision (the core's, or a daemon's), which they are told by
 * world_offered() and answer through the hooks.
 *
 * The world also remembers who talked with whom, which is what the report is about. */

#define WORLD_KNOWN_MAX 3
#define AGENT_NONE UINT32_MAX

/* What people do. None may call back into the world. */
struct world_hooks {
	void (*arrive)(void *arg, uint32_t call);
	void (*answer)(void *arg, uint32_t call, uint32_t agent, uint32_t offer);
	/* The talk is over (by the agent), or the caller gives up. */
	void (*end)(void *arg, uint32_t call, bool by_agent);
	void (*login)(void *arg, uint32_t agent, uint64_t queues);
	void (*ready)(void *arg, uint32_t agent);  /* the wrap-up is over */
	void (*logout)(void *arg, uint32_t agent); /* perhaps in the middle of a talk */
	void *arg;
};

struct world_rules {
	usec_t window;       /* a contact longer ago makes no returning caller */
	usec_t min_talk;     /* nor does a shorter one */
	usec_t answer_after; /* mean time a telephone rings; 0: answered at once */
	usec_t wrapup;       /* of each call; USEC_NEVER: as the traffic says */
	usec_t count_from;   /* earlier arrivals are played and not reported */
	uint64_t seed;       /* of the times that telephones ring */
	uint64_t count_only; /* bits of the queues whose calls are reported; 0: all */
	/* If not NULL: a plan for each queue, whose window and min_talk count instead. */
	const struct queue_plan *plans;
};

/* Something that somebody will do. */
enum deed_kind {
	DEED_HANG_UP, /* the caller's patience ends */
	DEED_ANSWER,
	DEED_FINISH, /* of the talk */
	DEED_WRAPPED /* end of the agent's wrap-up */
};

struct deed {
	struct heap_node node;
	enum deed_kind kind;
	uint32_t who; /* call, or agent for DEED_WRAPPED */
	usec_t due;
	uint64_t seq;
};

enum caller_stage {
	CALLER_AWAY, /* yet to ring */
	CALLER_WAITING,
	CALLER_RUNG, /* an agent's telephone rings */
	CALLER_TALKING,
	CALLER_GONE
};

struct caller {
	struct deed deed;
	enum caller_stage stage;
	uint32_t agent, offer; /* while RUNG or TALKING; offer: the last one seen */
	uint32_t own; /* the agent who talked with them last, AGENT_NONE: no returning caller */
	bool present; /* the own agent was there at arrival */
	usec_t arrived_at, answered_at;
};

struct worker {
	struct deed deed;
	bool on_shift;
	bool logged_in; /* and has not asked to be logged out */
	bool wrapping;
	uint32_t talks; /* talking with that many callers: 1, or 2 while reports cross */
	uint64_t queues;
};

struct acquaintance {
	uint32_t agent;
	usec_t at; /* end of the last talk */
};

struct memory {
	uint32_t count;
	struct acquaintance known[WORLD_KNOWN_MAX]; /* latest first */
};

struct edge; /* a shift begins or ends */

struct world {
	const struct traffic *traffic;
	struct world_hooks hooks;
	struct world_rules rules;
	struct report *report;
	struct caller *callers;  /* as traffic->calls */
	struct worker *workers;  /* as traffic->agents */
	struct memory *memories; /* as traffic->customers */
	struct edge *edges;
	size_t edges_count, edge; /* `edge`: the next one */
	size_t arrival;           /* the next call */
	size_t gone;              /* calls that are over */
	struct heap agenda;
	struct heap_node **slots;
	uint64_t seq, chance;
	uint64_t crossings; /* orders that came too late */
	bool out_of_memory;
};

/* `traffic` and `report` outlive the world. */
int world_init(struct world *world, const struct traffic *traffic, const struct world_rules *rules,
               const struct world_hooks *hooks, struct report *report, struct err *err) MUST_CHECK;
void world_done(struct world *world);

/* When somebody does something next; USEC_NEVER: all calls are over. */
usec_t world_next(const struct world *world);

/* Does the one thing that is due next, at `now` >= world_next(). */
void world_turn(struct world *world, usec_t now);

/* A decision: an agent's telephone rings for the caller; the offer is withdrawn or its
 * answer was refused, and the caller waits again; the caller is sent away. */
void world_offered(struct world *world, uint32_t call, uint32_t agent, uint32_t offer, usec_t now);
void world_withdrawn(struct world *world, uint32_t call, uint32_t offer, usec_t now);
void world_turned_away(struct world *world, uint32_t call, usec_t now);

/* Whom this call's customer has talked with, latest first; NULL: not identified. */
const struct memory *world_recall(const struct world *world, uint32_t call);

#endif
