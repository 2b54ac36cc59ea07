#ifndef NAJIMI_STORE_STORE_H
#define NAJIMI_STORE_STORE_H

#include "najimi/shell/daybook.h"
#include "najimi/shell/fcr.h"
#include "najimi/shell/loop.h"

/* Redis, seen from the rest of the daemon: live state is saved in one batch per
 * turn, callers are recalled, finished contacts and callers' memories written,
 * and all live state is read back at start. What is kept where: najimi-redis(7).
 *
 * The store reads records from the core's views and names from the directory, and
 * posts EVT_CALLER_RECALLED to the loop. */
struct store;
struct event_base;

struct store_hooks {
	/* Live state is back (agents, calls and finished calls were applied to loop and
	 * directory): routing may begin. Once. */
	void (*recovered)(void *arg);
	/* Redis has all commits up to this one. */
	void (*committed)(uint64_t commit, void *arg);
	/* Answer to store_read_caller: the caller's memory as a JSON object, start NULL
	 * when there is none; `outcome` 0, or -ENOTCONN when Redis could not be asked. */
	void (*caller_read)(uint64_t request, int outcome, struct text json, void *arg);
	/* Answer to store_forget(): everything is gone, and so many records of contacts with
	 * it; or -ENOTCONN when Redis went away before that. */
	void (*forgotten)(uint64_t request, int outcome, uint64_t contacts, void *arg);
	/* Answer to store_find_contact(): 0, -ENOENT or -ENOTCONN. */
	void (*contact_found)(uint64_t request, int outcome, const struct contact_known *known,
	                      void *arg);
	/* Answer to store_read_stats(): a JSON object; or -ENOTCONN when Redis went away before
	 * all was read, -ENOMEM. May be NULL when nobody asks. */
	void (*stats_read)(uint64_t request, int outcome, struct text json, void *arg);
	/* Answer to store_read_history(): a JSON object; or -ENOENT when nothing is known of
	 * the caller, -ENOTCONN when Redis could not be asked, -ENOMEM. */
	void (*history_read)(uint64_t request, int outcome, struct text json, void *arg);
	/* May be NULL. A newer daemon has written to this Redis: this one never will, and
	 * there is no use in waiting. The reason is in the log. */
	void (*refused)(const char *why, void *arg);
	/* May be NULL. Another daemon has taken over what this one led, while this one was not
	 * heard of: what it knows is out of date, and none of it will be written. */
	void (*deposed)(void *arg);
	void *arg;
};

struct store *store_new(struct event_base *base, const struct options *options, struct loop *loop,
                        struct directory *directory, struct meters *meters,
                        const struct store_hooks *hooks, struct err *err);

/* What is counted by day is kept too: what this daybook has changes with each commit. Before
 * store_start(); without it nothing is kept by day. */
void store_keep_days(struct store *store, struct daybook *daybook);

/* What is shown all the time of first contact resolution is read into this book. Counting
 * does not need it. Before store_start(). */
void store_keep_fcr(struct store *store, struct fcrbook *book);

/* Connects (starting the embedded server first, if so configured), and goes on
 * trying with backoff until it succeeds. Says in the log what it waits for. */
void store_start(struct store *store);

/* A changed configuration: what can change while running is taken over. */
void store_reconfigure(struct store *store, const struct options *options);

/* Gives the lease back, waits (at most a second) for open commits, ends the
 * embedded server. Blocks: only at the end. */
struct store *store_free(struct store *store); /* accepts and returns NULL */

/* Where the redis-server that we mind listens; NULL when we mind none. */
const char *store_redis_socket(const struct store *store);

/* Asks who the caller of this call is, by its card's key. The answer is an event;
 * when Redis cannot be asked, the bounded cache of callers seen lately answers,
 * else RECALL_FAILED. */
void store_recall(struct store *store, struct call_id call);

/* Marks what the next commit shall save; the record is read then. */
void store_save_call(struct store *store, struct call_id call);
void store_save_agent(struct store *store, struct agent_id agent);

/* The call is over: erases it, appends the contact, credits the agent in the
 * caller's memory (or notes that they gave up). Before the card is ended. */
void store_end_call(struct store *store, const struct call_card *card, const char *contact,
                    const struct contact *facts);

/* The wrap-up is over for which a contact waited (struct wrapup_card): so long did agents
 * handle it. Before the agent is saved. */
void store_handled(struct store *store, const char *contact, usec_t handling);

/* What an agent says of a contact. `stick` false takes the agent out of the
 * caller's memory. Texts "" when absent. */
struct disposition {
	const char *agent, *contact, *client, *call, *key;
	const char *outcome, *reason, *note;
	bool stick;
};
void store_dispose(struct store *store, const struct disposition *disposition);

/* What a caller says of a contact that is over. The first answers of a contact count. */
void store_survey(struct store *store, const struct survey *survey);

/* Asks for a contact that was answered within 31 days; from a second or two after its end.
 * -ENOTCONN: there will be no answer. */
int store_find_contact(struct store *store, const char *contact, uint64_t request) MUST_CHECK;

void store_read_caller(struct store *store, const char *key, uint64_t request);

/* What somebody says of a caller; the memory is made if need be, and lives a year from
 * then. A number's key stands for the customer whose number it is. */
void store_pin(struct store *store, const char *key, const char *agent); /* NULL: nobody */
struct exclusion_said {
	usec_t until;       /* USEC_NEVER: for ever */
	const char *reason; /* "" none */
	const char *by;     /* who says so */
};
void store_exclude(struct store *store, const char *key, const char *agent,
                   const struct exclusion_said *said);                    /* NULL: no more */
void store_note(struct store *store, const char *key, const char *notes); /* "": none */

/* Erases what is kept of a caller: the memory, which numbers are theirs, and the records
 * of their contacts. One of the keys may be "". A number stands for the one customer whose
 * number it is as well. Takes a while, for all contacts are looked through. -ENOTCONN while
 * Redis is away, -EBUSY while FORGETS_MAX others are at it: nothing is done then. */
#define FORGETS_MAX 16
int store_forget(struct store *store, const char *key, const char *number_key,
                 uint64_t request) MUST_CHECK;

/* An agent called the caller, and they talked: counts as a contact. Its id is put into
 * `contact`. */
struct outbound {
	struct agent_id agent;
	queue_index queue;
	usec_t at, talk; /* end and length */
	const char *key, *client;
};
void store_outbound(struct store *store, const struct outbound *outbound, char contact[33]);

/* Figures of several days, added up; today's up to now. -ENOTCONN while they are not
 * known, -EBUSY while STATS_ASKED_MAX others ask: there is no answer then. The answer may
 * come before this returns. */
#define STATS_ASKED_MAX 8
int store_read_stats(struct store *store, const struct stats_question *question,
                     uint64_t request) MUST_CHECK;

/* What lies behind a caller, by a key: {as_of, key, caller, contacts}, with the memory as
 * caller.get has it; or, when that is NULL, behind an agent today: {as_of, agent, day, zone,
 * figures as stats.get has them, contacts}. Contacts are their records (najimi-redis(7)),
 * the latest first, without `pii` only what says nothing of who called; null for an agent
 * while Redis cannot be asked. Answered by history_read, perhaps before it returns, unless
 * it is refused: -EBUSY while HISTORIES_MAX others are at it, -ENOTCONN before the day is
 * known, -ENOMEM. */
#define HISTORIES_MAX 64
int store_read_history(struct store *store, const char *caller, const char *agent, bool pii,
                       uint64_t request) MUST_CHECK;

/* Sends everything marked since the last commit as one batch. Its number (they
 * grow by one), or 0 when there was nothing to save. While Redis is away the
 * number is given all the same and counts as acknowledged when live state has
 * been rewritten. */
uint64_t store_commit(struct store *store);

#endif
