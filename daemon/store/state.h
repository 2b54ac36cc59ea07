#ifndef NAJIMI_STORE_STATE_H
#define NAJIMI_STORE_STATE_H

#include "batch.h"
#include "cache.h"
#include "days.h"
#include "fcr.h"
#include "history.h"
#include "keys.h"
#include "najimi/base/lists.h"
#include "najimi/store/store.h"
#include "redis.h"

/* Where the store is with Redis. What must be saved is sent only while LIVE; in all
 * other phases it is gathered. */
enum store_phase {
	PHASE_AWAY,       /* there is no connection */
	PHASE_LEASING,    /* the functions are loaded, the lease is taken */
	PHASE_RECOVERING, /* live state is read; once in the daemon's life */
	PHASE_REWRITING,  /* Redis was away: live state is written anew */
	PHASE_LIVE
};

/* Lasting operations (contacts, memories) of one commit, kept until it is certain
 * that a restarted Redis has not lost them with the end of its append-only file. */
struct kept {
	TAILQ_ENTRY(kept) by_number;
	uint64_t number;
	bool live; /* live state went with it: when it is there, everything up to it is */
	bool last_of_rewrite;
	usec_t sent_at;  /* monotonic; 0: not sent on this connection */
	usec_t acked_at; /* monotonic; 0: no answer yet */
	size_t contacts; /* how many it has */
	size_t args, length;
	char ops[];
};

/* What a recall found that matters when the call ends: where the credit goes and
 * what it replaces. */
struct recalled {
	bool shared; /* the number is several customers': nobody's memory */
	bool left;   /* there is a field to take away */
	char *key;   /* in place of the card's; NULL: the card's */
	size_t met_count;
	struct {
		char *name;
		usec_t at;
	} met[]; /* agents, latest contact first */
};

struct call_slot {
	uint32_t gen;            /* 0: not used yet */
	uint32_t next;           /* while linked */
	bool linked;             /* to be saved with the next commit */
	bool stored;             /* in the hash of Redis */
	bool told_long;          /* fcr_sweep.c has */
	struct agent_id unstuck; /* asked not to be known to this caller */
	struct recalled *recalled;
};

struct agent_slot {
	uint32_t gen, next;
	bool linked, stored;
	bool as_ready;                /* what is stored says ready */
	uint64_t digest, busy_digest; /* of what is stored */
};

#define SLOT_NONE UINT32_MAX

struct commits {
	uint64_t next;     /* number of what is being gathered */
	uint64_t reported; /* the last one the daemon was told of */
	uint64_t answered; /* the last one Redis has confirmed */
	bool marked;       /* since the last store_commit() */
	bool changed;      /* since the last batch that carried live state */
	uint32_t calls_max, agents_max;
	struct call_slot *calls;
	struct agent_slot *agents;
	uint32_t first_call, first_agent; /* linked ones */
	struct batch gone;                /* whole operations: fields to erase */
	struct batch lasting;             /* whole operations */
	struct batch told;                /* likewise, of fcr.c; the last one may be open */
	size_t lasting_contacts;
	struct batch out; /* what is sent, in the making */

	TAILQ_HEAD(kept_list, kept) kept;
	struct kept *open;  /* the first that is not confirmed, NULL none */
	size_t kept_bytes;  /* not confirmed */
	size_t acked_bytes; /* confirmed, kept for a while */
	unsigned in_flight;

	/* rewriting */
	uint64_t round;
	uint32_t next_call, next_agent; /* from here on still to be written aside */
	bool calls_aside, agents_aside; /* all are */
	usec_t rewrite_began;
};

struct lastings;
struct recovery;
struct recalls;
struct forgets;
struct askings;
struct histories;
struct embedded;

struct store {
	struct event_base *base;
	struct loop *loop;
	struct directory *directory;
	struct meters *meters;
	struct store_hooks hooks;
	struct keys keys;

	struct redis *redis;
	struct embedded *embedded; /* NULL: the server is not ours */
	struct cache *cache;
	struct recovery *recovery; /* while RECOVERING, and until it has succeeded */
	struct recalls *recalls;
	struct forgets *forgets;
	struct askings *askings;
	struct histories *histories;
	struct lastings *lastings;
	struct commits commits;
	struct days days;
	struct fcr_sweep *fcr_sweep;
	struct {
		struct fcrbook *book; /* NULL: none */
		usec_t reconnect, slack;
		usec_t long_call; /* a call that goes on for longer is told of before its end */
		bool abandoned_counts;
		unsigned asked; /* questions under way */
	} fcr;

	enum store_phase phase;
	bool recovered, closing;
	usec_t lost_at;

	/* the lease */
	char *holder;
	uint64_t epoch; /* 0: never held */
	char epoch_text[24];
	struct event *lease_timer;
	bool renewing, refusal_said;

	/* from the options; may change while running */
	usec_t contacts_keep, finished_keep, caller_keep, left_keep, recall_max;
	uint64_t backlog_max;
	size_t shared_agents; /* a number that more agents have met is nobody's; 0: any */
	size_t agents_kept, numbers_kept; /* agents that memories of customers and numbers keep */
	bool keeps_first; /* in some queue the first contact of the window decides */

	uint32_t outbound_last; /* number of the last contact in which an agent called */
	uint64_t site;          /* digest of its name, with which draws begin */
};

/* --- lease.c --- */
int lease_init(struct store *store, const struct options *options, struct err *err) MUST_CHECK;
void lease_done(struct store *store);
void lease_begin(struct store *store); /* connected: load the functions, take the lease */
void lease_lost_connection(struct store *store);
void lease_release(struct store *store); /* sends; the caller waits */

/* --- commit.c: when it is sent, and what has arrived --- */
int commits_init(struct store *store, const struct options *options, struct err *err) MUST_CHECK;
void commits_done(struct store *store);
void commits_pump(struct store *store);           /* sends what may be sent now */
void commits_suspend(struct store *store);        /* the connection is lost */
bool commits_idle(const struct store *store);     /* nothing gathered, nothing unanswered */
bool commits_all_sent(const struct store *store); /* nothing gathered, if perhaps unanswered */

/* `applied`: the last number Redis has. Everything after it is sent once more, and
 * live state is written anew. */
void commits_resume(struct store *store, uint64_t applied);

/* --- gather.c: what is to be sent --- */
void gather_mark(struct store *store); /* there is something */
void gather_call(struct store *store, struct call_id id);
void gather_agent(struct store *store, struct agent_id id);
void gather_gone(struct store *store, const struct call_card *card);
void gather_restored_call(struct store *store, struct call_id id); /* Redis has it */
void gather_nothing(struct store *store); /* drops live changes: all is written anew */
struct call_slot *gather_slot(struct store *store, struct call_id id);
void recalled_free(struct call_slot *slot);

/* One operation of many arguments, cut where Redis wants it. */
struct wide_op {
	struct batch *batch;
	const char *name, *key;
};
void wide_op_next(const struct wide_op *op); /* before each group of arguments */
void wide_op_end(const struct wide_op *op);

/* Whole operations with all live changes gathered. */
void gather_write(struct store *store, struct batch *batch);

/* --- live.c: calls and agents as fields of their hashes --- */
void live_put_call(struct store *store, struct batch *batch, struct call_id id,
                   const struct call_record *record);
bool live_agent_differs(struct store *store, struct agent_id id); /* from what is stored */
void live_put_agent(struct store *store, struct batch *batch, struct agent_id id);
struct agent_saved;
void live_restored_agent(struct store *store, struct agent_id id,
                         const struct agent_saved *agent); /* Redis has it like this */

/* --- rewrite.c: all live state, written aside and put in its place --- */
void rewrite_begin(struct store *store);
bool rewrite_chunk(struct store *store, struct batch *batch); /* false: all is aside */
void rewrite_switch(struct store *store, struct batch *batch);

/* --- memories.c: what a call leaves behind --- */
void memories_end(struct store *store, const struct call_card *card, const char *contact,
                  const struct contact *facts);

/* An entry of the stream; its value is the next argument, and then batch_close(). */
void memories_open_entry(struct store *store, const char *field);

/* The caller's entry in the cache, with a change that goes with the next commit. NULL:
 * out of memory. */
struct cached_caller *memories_cached(struct store *store, const char *key);
/* What it remembers; `key` is that of the memory, should there be nothing. */
void memories_read_cached(const struct store *store, const struct cached_caller *caller,
                          const char *key, struct remembered *ret);

/* Who talked with whom, and what for it is known. */
struct credit {
	struct agent_id agent;
	queue_index queue;
	usec_t at, talk;
	const char *contact; /* id of its record */
	const char *key;     /* of the memory */
	const char *caller;  /* the key that calls come with; the memory may be a customer's */
};

/* The cache learns of it. From when the contact counts: what Redis is to be told. */
usec_t memories_credit(struct store *store, const struct credit *credit,
                       const struct recalled *recalled);
/* Fields and values for Redis. */
void memories_put_credit(struct store *store, const struct credit *credit, usec_t from);

/* --- returning.c: whom a caller returns to --- */

/* A caller of whom nothing is known but the key the memory would stand under. */
void returning_blank(const struct store *store, const char *key, struct remembered *ret);

/* What Redis says, with handles. */
void returning_resolve(struct store *store, const struct memory *memory, const char *key,
                       bool shared, struct remembered *ret);

/* The rest of the event: what the queue's rules make of what is remembered. */
void returning_answer(struct store *store, const struct remembered *remembered, queue_index queue,
                      struct core_event *event);

/* --- recall.c --- */
int recalls_init(struct store *store, struct err *err) MUST_CHECK;
void recalls_done(struct store *store);

/* --- forget.c --- */
int forgets_init(struct store *store, struct err *err) MUST_CHECK;
void forgets_done(struct store *store);

/* --- stats.c --- */
int askings_init(struct store *store, struct err *err) MUST_CHECK;
void askings_done(struct store *store);

/* --- recover.c --- */
void recover_begin(struct store *store);
void recover_suspend(struct store *store);
void recover_done(struct store *store);

/* --- store.c --- */
void store_recovered(struct store *store);

#endif
