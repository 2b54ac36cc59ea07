#ifndef NAJIMI_SHELL_DIRECTORY_H
#define NAJIMI_SHELL_DIRECTORY_H

#include "najimi/base/err.h"
#include "najimi/base/text.h"
#include "najimi/config/options.h"
#include "najimi/core/action.h"

/* The names of things. Outside, calls, agents, queues and skills have names; the
 * core has handles. The directory issues the handles, keeps for each what only
 * the outside cares about (numbers, targets, data), and remembers finished calls
 * for a while, so that a repeated request finds its answer. */
struct directory;

/* What a telephony system says of a call. Texts are never NULL, "" is unset. */
struct call_facts {
	const char *client; /* client.name of the telephony system; the name is unique within it */
	const char *name;   /* call_id of the protocol */
	const char *from;   /* as it was sent */
	const char *number; /* normalised, "" when withheld or unusable */
	const char *key;    /* "cid:..." or "tel:...", "" without identity */
	const char *to, *customer_id, *tier, *reason, *channel, *case_id;
	const char *data; /* JSON object, "" none */
	bool restricted;  /* the number must not be shown to agents and observers */
};

/* Which way it came in. */
enum call_adapter {
	ADAPTER_NATIVE,
	ADAPTER_FASTAGI
};
#define CALL_ADAPTERS (ADAPTER_FASTAGI + 1)

struct call_card {
	struct call_id id;
	struct call_facts facts; /* owned by the card */
	uint64_t fingerprint; /* of the arrival's content: a repeat with other content is refused */
	enum call_adapter adapter;
	usec_t read_at; /* when the arrival was read; 0 after a restart */
	char *story;    /* the caller's memory as JSON (caller.get), NULL unknown; owned */
	void *waiters;  /* link's: who waits for the next decision */
	uint64_t sync;  /* link's: the last call.sync that listed the call */
	bool repeated;  /* link's: its arrival was said again */
	struct {
		bool heard;     /* somebody has heard of the call */
		bool recalling; /* nobody has: it is not counted yet */
		bool settled;   /* what the caller was told has come true, or not */
		queue_index queue;
		usec_t told_at, told_wait; /* the first wait the caller was told; 0: none */
		usec_t wrapup; /* of agents who had the caller before, and are done with it */
	} days;                /* the daybook's */
};

/* What an agent's wrap-up is the last of: the handling of a contact, which is counted when
 * it is over (daybook.h). */
struct wrapup_card {
	char contact[33];    /* id of the contact's record; "": nothing waits for the wrap-up */
	bool holdout;        /* the group it counts in */
	queue_index queue;   /* where the call arrived */
	usec_t spent;        /* handling without this wrap-up; with it once it is over */
	bool over;           /* just now: whoever carries out what the core orders tells of it */
	struct call_id call; /* over, without a contact: that call goes on with somebody else */
};

struct agent_card {
	struct agent_id id;
	char *name;
	char *target;       /* what the telephony system dials; never NULL */
	char *pause_reason; /* never NULL */
	struct wrapup_card wrapup;
	bool configured; /* is in the configuration file */
};

/* A finished call, remembered for rpc.finished_keep. */
struct finished_call {
	const char *client, *name, *key;
	uint64_t fingerprint;
	char contact[33]; /* id of its contact record */
	struct contact facts;
};

struct directory *directory_new(const struct options *options, struct err *err);
struct directory *directory_free(struct directory *directory); /* accepts and returns NULL */

/* Takes over queues, skills and agents of a changed configuration. Names keep
 * their indexes. -ENOSPC when there are more queues than the limit. */
int directory_configure(struct directory *directory, const struct options *options,
                        struct err *err) MUST_CHECK;

/* --- calls --- */

/* Issues a handle and copies the facts. NULL when calls_max are in use. The name
 * must not be in use within the client. */
struct call_card *directory_add_call(struct directory *directory, const struct call_facts *facts);
struct call_card *directory_call(struct directory *directory, struct call_id id); /* NULL: ended */
struct call_card *directory_find_call(struct directory *directory, const char *client,
                                      const char *name);
/* Replaces all facts but client and name. False: out of memory, nothing changed. */
bool directory_change_call(struct directory *directory, struct call_card *card,
                           const struct call_facts *facts) MUST_CHECK;
/* The card goes, the finished call stays for a while. `waiters` must be NULL. */
void directory_end_call(struct directory *directory, struct call_id id, const char *contact,
                        const struct contact *facts);
/* A finished call from before a restart. */
void directory_restore_finished(struct directory *directory, const struct call_facts *facts,
                                uint64_t fingerprint, const char *contact,
                                const struct contact *contact_facts);
const struct finished_call *directory_find_finished(struct directory *directory, const char *client,
                                                    const char *name);
/* Forgets what finished before `before`. Cheap when there is nothing to forget. */
void directory_forget_finished(struct directory *directory, usec_t before);
/* Every live call, in no order that matters: pass NULL first. The card passed may
 * not be ended before the next call. */
struct call_card *directory_next_call(struct directory *directory, const struct call_card *after);
size_t directory_calls(const struct directory *directory);

/* --- agents --- */

/* The agent's card; made with a handle of its own when `name` is new. NULL when
 * agents_max names are known. */
struct agent_card *directory_know_agent(struct directory *directory, const char *name);
struct agent_card *directory_find_agent(struct directory *directory, const char *name);
struct agent_card *directory_agent(struct directory *directory, struct agent_id id);
const char *directory_agent_name(struct directory *directory, struct agent_id id); /* "" unknown */
bool directory_set_agent(struct directory *directory, struct agent_card *card, const char *target,
                         const char *pause_reason) MUST_CHECK; /* NULL: unchanged */
struct agent_card *directory_next_agent(struct directory *directory,
                                        const struct agent_card *after);

/* What the configuration says of an agent: NULL when it is not in it. Valid until
 * the next directory_configure(). */
const struct agent_options *directory_agent_options(struct directory *directory, const char *name);

/* The number of the agent's team, for the core: 0 without one. It is another after a
 * directory_configure(). */
uint16_t directory_agent_team(struct directory *directory, const char *name);

/* --- queues and skills --- */

queue_index directory_find_queue(struct directory *directory, const char *name);  /* QUEUE_NONE */
const char *directory_queue_name(struct directory *directory, queue_index queue); /* "" unknown */
const char *directory_queue_overflow(struct directory *directory, queue_index queue);
/* What the configuration says of a queue: NULL when it is not in it (any more). Valid
 * until the next directory_configure(). */
const struct queue_options *directory_queue_options(struct directory *directory, queue_index queue);
size_t directory_queues(const struct directory *directory); /* indexes below this are in use */
int directory_find_skill(struct directory *directory, const char *name); /* -1 unknown */
const char *directory_skill_name(struct directory *directory, skill_index skill);

/* Tiers of callers, by their numbers in the core: 0 and "" are none. */
uint8_t directory_find_tier(struct directory *directory, const char *name);
const char *directory_tier_name(struct directory *directory, uint8_t tier);

/* The queue and skill indexes of options differ from ours after a reload. */
queue_index directory_queue_of(struct directory *directory, const struct options *options,
                               queue_index in_options);
skill_index directory_skill_of(struct directory *directory, const struct options *options,
                               skill_index in_options);

#endif
