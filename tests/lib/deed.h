#ifndef NAJIMI_TESTS_DEED_H
#define NAJIMI_TESTS_DEED_H

#include <stdio.h>

#include "najimi/base/err.h"
#include "najimi/core/core.h"

/* A deed: what people, telephones and the store do at one moment. The sentence in
 * a story file and the value in the simulator are the same thing: deed_read() and
 * deed_write() go from one to the other and back without loss. The sentences are
 * listed in tests/README.md. */

#define CAST_CALLS_MAX 64
#define CAST_AGENTS_MAX 32
#define CAST_QUEUES_MAX 8
#define CAST_SKILLS_MAX 8
#define CAST_NAME_MAX 24

struct names {
	char items[CAST_CALLS_MAX][CAST_NAME_MAX];
	unsigned count;
};

/* Who plays: deeds hold indexes into these names. */
struct cast {
	struct names calls, agents, queues, skills;
};

enum deed_type {
	DEED_TIME_PASSES,
	DEED_LIMITS,
	DEED_QUEUE,
	DEED_RULES,
	DEED_STORE_SILENT,
	DEED_STORE_SPEAKS,
	DEED_STORE_ANSWERS,
	DEED_STORE_FAILS,
	DEED_CALL_ARRIVES,
	DEED_CALL_CHANGES,
	DEED_CALL_RINGS,
	DEED_CALL_ANSWERED,
	DEED_CALL_FAILS,
	DEED_CALL_HELD,
	DEED_CALL_RETRIEVED,
	DEED_CALL_TRANSFERRED,
	DEED_CALL_ENDED,
	DEED_AGENT_LOGS_IN,
	DEED_AGENT_READY,
	DEED_AGENT_PAUSES,
	DEED_AGENT_LOGS_OUT,
	DEED_AGENT_EXTENDS,
	DEED_AGENT_TELEPHONE,
	DEED_CORE_COPIED,
	DEED_DAEMON_RESTARTS
};
#define DEED_TYPES (DEED_DAEMON_RESTARTS + 1)

/* Whom the store will say the caller is. */
enum caller_kind {
	CALLER_UNSAID,   /* the deed does not say: new, or what was said before */
	CALLER_NEW,      /* a number nobody knows */
	CALLER_WITHHELD, /* no number */
	CALLER_COMPANY,  /* a number known to be many people's, before any look-up */
	CALLER_MIXED,    /* the store finds that the number is several customers' */
	CALLER_AGAIN,    /* the same person as an earlier call */
	CALLER_KNOWN     /* what follows is what the store remembers */
};

struct deed_caller {
	enum caller_kind kind;
	unsigned again; /* call index, for CALLER_AGAIN */
	unsigned known_count;
	struct {
		unsigned agent;
		usec_t ago;
		bool pinned;
	} known[KNOWN_MAX];
	unsigned never_count; /* agents who are not to have the caller */
	unsigned never[CALL_EXCLUDED_MAX / 2];
	unsigned tier; /* 0: none */
	bool holdout;  /* one of those on whom it is measured what stickiness does */
	bool left;     /* gave up lately */
	unsigned left_queue;
	usec_t left_ago, left_waited;
};

struct deed_need {
	unsigned skill, level;
};

struct deed {
	enum deed_type type;
	usec_t at; /* since the story began */
	unsigned call, agent, queue;
	struct core_limits limits;
	struct core_rules rules;
	struct queue_plan plan;
	struct deed_caller caller;
	bool has_queue, has_priority, has_needs, has_tier;
	bool releases; /* the caller is to be anybody's */
	unsigned tier;
	int priority;
	unsigned needs_count; /* of a call; or the skills of an agent */
	struct deed_need needs[CALL_NEEDS_MAX];
	usec_t waited;  /* before the arrival was reported */
	unsigned offer; /* 0: the latest */
	enum miss_kind miss;
	bool to_agent, consult; /* of a transfer, to `agent` or else to `queue` */
	enum ended_by by;
	bool brief;             /* of a pause */
	bool ready, keep_state; /* of a login */
	unsigned team;          /* likewise, 0: none */
	unsigned queues_count;
	unsigned queues[CAST_QUEUES_MAX];
	usec_t extend;
	usec_t ring; /* how long it rings, 0: as the plan says */
	bool blameless;
	bool has_asked;
	unsigned asked; /* the call by which they were consulted */
	bool aims;      /* whom it befalls is settled when it happens; no sentence says so */
	enum device_state device;
};

/* What a story starts with, and what a `queue` or `rules` line leaves unsaid. */
extern const struct core_limits deed_limits;
extern const struct queue_plan deed_plan;
extern const struct core_rules deed_rules;

/* The index of a name; adds it when there is room, else CAST_NOBODY. */
#define CAST_NOBODY UINT32_MAX
unsigned names_index(struct names *names, unsigned max, const char *name);

/* A line without its comment. A line without a time is a deed of the moment `now`.
 * 0, or -EINVAL with what was not understood. */
int deed_read(struct cast *cast, const char *line, usec_t now, struct deed *ret,
              struct err *err) MUST_CHECK;

/* The sentence with its time, without a line's end. */
void deed_write(FILE *file, const struct cast *cast, const struct deed *deed);

#endif
