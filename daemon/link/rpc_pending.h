#ifndef LINK_RPC_PENDING_H
#define LINK_RPC_PENDING_H

#include "rpc_answer.h"

/* Requests that wait: for the core, for the store, for a decision, for a moment to
 * pass. The number of one is what the core hands back. */

enum pending_kind {
	PENDING_DONE,     /* {} when the core says so */
	PENDING_DECISION, /* the call's next decision */
	PENDING_WAIT,     /* likewise, but the present one when the time is up */
	PENDING_ROUTE,    /* the call's first decision, as a SIP proxy wants it */
	PENDING_OUTCOME,  /* how the call ended */
	PENDING_AGENT,    /* the agent's state when the core says done */
	PENDING_CALLER,   /* what the store remembers of a caller */
	PENDING_FORGET,   /* that it has forgotten one */
	PENDING_STATS,    /* figures of several days */
	PENDING_SURVEY,   /* that a survey is taken */
	PENDING_HISTORY,  /* what lies behind a caller or an agent */
	PENDING_SYNC,     /* which calls a sweep has ended */
	PENDING_REFUSAL   /* a refusal that is to come late */
};

struct pending {
	uint64_t number;
	enum pending_kind kind;
	struct asker asker; /* its id lives here */
	struct call_id call;
	struct agent_id agent;
	uint32_t offer;       /* the report's, 0 none */
	queue_index queue;    /* call.transfer: where to */
	unsigned already;     /* BIT(enum call_state): in these, the request was done before */
	struct pending *next; /* among the call's waiters (a ring), or the unused */
	struct pending *previous;
	struct event *timer;        /* NULL without */
	struct facts_copy *before;  /* call.update: what to go back to */
	struct refusal *refusal;    /* PENDING_REFUSAL */
	struct survey_copy *survey; /* PENDING_SURVEY; owned */
	bool on_card;               /* hangs on its call's card */
	bool brings;                /* the call arrived with this request */
	char short_id[24];
	char *long_id;
};

struct pendings *pendings_new(void);
struct pendings *pendings_free(struct pendings *pendings); /* accepts and returns NULL */

/* NULL, and the refusal is filled, when there are too many already. The connection
 * counts it, and is not read any more at its limit; of a guest there is none. */
struct pending *pending_new(const struct asker *asker, enum pending_kind kind,
                            struct refusal *refusal);
/* NULL for 0, and for one that has been answered. */
struct pending *pending_find(const struct link *link, uint64_t number);
/* It has been answered (or needs no answer any more). Takes it from its card. */
void pending_free(struct pending *pending);

/* Answers and frees. */
void pending_refuse(struct pending *pending, const struct refusal *refusal);

/* After `delay`, a PENDING_WAIT gets the present decision, a PENDING_REFUSAL its
 * refusal. False: out of memory. */
bool pending_set_timer(struct pending *pending, usec_t delay) MUST_CHECK;

/* Hangs it on its call's card, behind those who are there: the card's `waiters` is
 * the first of a ring. */
void pending_hang(struct pending *pending, struct call_card *card);

/* A copy of a call's facts in one piece. */
struct facts_copy {
	struct call_facts facts;
	char bytes[];
};
struct facts_copy *facts_copy(const struct call_facts *facts); /* NULL: out of memory */

#endif
