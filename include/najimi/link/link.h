#ifndef NAJIMI_LINK_LINK_H
#define NAJIMI_LINK_LINK_H

#include "najimi/shell/daybook.h"
#include "najimi/shell/fcr.h"
#include "najimi/shell/feed.h"
#include "najimi/shell/loop.h"
#include "najimi/shell/outbox.h"

/* All who talk to us about calls and agents: at present the native protocol
 * (protocol.md, najimi-protocol(7)). Gateways for other systems stand beside it. */
struct link;
struct event_base;
struct sockaddr;

struct link_needs {
	struct event_base *base;
	struct loop *loop;
	struct directory *directory;
	struct feed *feed;
	struct outbox *outbox; /* replies are put here; link_send() writes them */
	struct meters *meters;
	const struct options *options;
	const struct daybook *daybook;
	/* What link cannot do itself, since it does not know the store. */
	void (*read_caller)(const char *key, uint64_t request, void *arg);
	/* Asks what lies behind a caller, by a key, or else an agent. Answered by
	 * link_history_read(), perhaps before it returns, unless it is refused: -EBUSY,
	 * -ENOTCONN, -ENOMEM. */
	int (*read_history)(const char *caller, const char *agent, bool pii, uint64_t request,
	                    void *arg);
	/* Answered by link_contact_found(); -ENOTCONN: it will not be. */
	int (*find_contact)(const char *contact, uint64_t request, void *arg);
	void (*survey)(const struct survey *survey, void *arg);
	void (*dispose)(const char *agent, const char *contact, const char *client,
	                const char *call, const char *key, const char *outcome, const char *reason,
	                const char *note, bool stick, void *arg);
	/* What is said of a caller, by their key. `agent` NULL: nobody; `until` 0: no longer
	 * excluded; `notes` "": none. */
	void (*pin_caller)(const char *key, const char *agent, void *arg);
	void (*exclude_agent)(const char *key, const char *agent, usec_t until, const char *reason,
	                      const char *by, void *arg);
	void (*note_caller)(const char *key, const char *notes, void *arg);
	/* Answered by link_forgotten(), unless it is refused: -ENOTCONN, -EBUSY, -ENOMEM. */
	int (*forget_caller)(const char *key, const char *number_key, uint64_t request, void *arg);
	/* An agent has called the caller: a contact, whose id is put into `contact`. */
	void (*credit_outbound)(struct agent_id agent, queue_index queue, usec_t at, usec_t talk,
	                        const char *key, const char *client, char contact[33], void *arg);
	/* Answered by link_stats_read(), perhaps before it returns, unless it is refused:
	 * -ENOTCONN, -EBUSY, -ENOMEM. */
	int (*read_stats)(const struct stats_question *question, uint64_t request, void *arg);
	int (*check_config)(struct err *err, void *arg); /* config.check */
	int (*reload)(struct err *err, void *arg);       /* config.reload */
	void *arg;
};

struct link *link_new(const struct link_needs *needs, struct err *err);
struct link *link_free(struct link *link);

/* Starts to listen. Until link_set_ready(true) requests are answered -32003. */
int link_start(struct link *link, struct err *err) MUST_CHECK;
void link_set_ready(struct link *link, bool ready);
void link_reconfigure(struct link *link, const struct options *options);

/* The port that was bound (for port 0). */
unsigned link_port(const struct link *link);

/* The outbox's send function; `arg` is the link. */
void link_send(uint64_t peer, struct text message, void *arg);

/* --- who asks without a connection of ours --- */

/* Asks route.request once, by HTTP. */
struct link_guest {
	uint64_t peer;      /* the outbox's, and not one of ours: where the answer goes */
	const char *client; /* in whose name; "": in that of the address */
	bool granted;       /* has shown a token; otherwise the address has to be trusted */
	const struct sockaddr *from;
	struct text params; /* as JSON */
};

/* The answer goes into the outbox, whatever it is. */
void link_route(struct link *link, const struct link_guest *guest);

struct guest_answer {
	int code;               /* 0: the text is the result; else what "error" in it has */
	usec_t retry_after;     /* 0: none */
	struct call_id brought; /* by this request, and offered to an agent; or none */
};

/* Reads what came out of the outbox; the text is a JSON object. */
struct text link_guest_read(struct text message, struct guest_answer *ret);

/* Whoever asked has gone without the answer. A call that nobody else has asked for since,
 * or told anything of, is lost: its agent is free again. */
void link_guest_gone(struct link *link, const struct guest_answer *answer);

/* --- what perform tells --- */

/* Answers those who wait for the call's decision, publishes call.decided, and
 * sends agent.offer to the agent's own session. */
void link_decided(struct link *link, struct call_card *card, const struct decision *decision);
/* The caller is to hear where they stand: by the gateway that holds them; and published as
 * call.decided with "tell". `decision` is DECIDE_QUEUE. */
void link_tell_caller(struct link *link, struct call_card *card, const struct decision *decision);
void link_offer_cancelled(struct link *link, struct call_card *card, struct agent_id agent,
                          uint32_t offer, bool missed);
void link_call_changed(struct link *link, struct call_card *card);
void link_agent_changed(struct link *link, struct agent_id agent);
/* Before the card is ended: publishes call.ended, answers and drops its waiters. */
void link_call_ended(struct link *link, struct call_card *card, const char *contact,
                     const struct contact *facts);
void link_replied(struct link *link, uint64_t request, enum core_reply code);
void link_caller_read(struct link *link, uint64_t request, int outcome, struct text json);
void link_forgotten(struct link *link, uint64_t request, int outcome, uint64_t contacts);

/* The store's answer to read_history; -ENOENT: nothing is known of the caller. */
void link_history_read(struct link *link, uint64_t request, int outcome, struct text json);

/* The store's answer to find_contact; -ENOENT: there is no such contact. */
void link_contact_found(struct link *link, uint64_t request, int outcome,
                        const struct contact_known *known);

/* The store's answer to read_stats. */
void link_stats_read(struct link *link, uint64_t request, int outcome, struct text json);

/* The inbox has room again: go on reading. */
void link_resume(struct link *link);

#endif
