#ifndef LINK_LINK_STATE_H
#define LINK_LINK_STATE_H

#include "najimi/base/lists.h"
#include "najimi/base/pool.h"
#include "najimi/codec/frame.h"
#include "najimi/link/link.h"
#include "najimi/shell/listener.h"
#include "najimi/shell/stream.h"
#include "rpc_auth.h"

/* What the link consists of. The modules beside this header own its parts. */

/* A telephony system by its name: client.name of its sessions, or "acl:ADDRESS" of
 * trusted connections without one. Calls belong to it, connections come and go. */
struct client {
	struct client *next_by_hash;
	TAILQ_ENTRY(client) by_use; /* least lately used first */
	char name[ID_BYTES_MAX + 1];
	uint32_t hash;
	unsigned connections;   /* that speak under this name */
	unsigned sessions;      /* of those, who would report on its calls */
	size_t calls;           /* live */
	unsigned sweeps;        /* under way */
	bool kept;              /* without a session: its calls have no one to lose */
	uint64_t sync;          /* number of the last call.sync, marks the calls it listed, */
	bool syncing;           /* and more of its list is to come */
	struct event *orphaned; /* pending while its calls wait for its return */
	struct link *link;
};
TAILQ_HEAD(client_list, client);

struct rpc_session {
	bool open, authenticated;
	uint64_t number;
	enum client_role role;
	struct agent_id agent; /* ROLE_AGENT: whom it is bound to */
	bool numbers;          /* may see callers' numbers */
	usec_t heartbeat;
	unsigned char digest[DIGEST_BYTES]; /* of the token it was opened with */
};

struct rpc_subscription {
	bool on;
	bool whole;       /* every type and queue */
	bool replaying;   /* events are taken from the feed until it has caught up */
	unsigned types;   /* BIT(enum feed_type) */
	uint64_t *queues; /* a bit each; NULL: all */
	uint64_t sent;    /* last event that was sent or passed over */
	uint64_t gap_from, gap_to, gap_count; /* lost and not told yet */
	TAILQ_ENTRY(rpc_conn) entry;          /* in link->subscribers while on */
};

/* Why a connection is not read. */
enum hold {
	HOLD_REQUESTS = BIT(0), /* too many unanswered */
	HOLD_INBOX = BIT(1),    /* the core is behind */
	HOLD_OUTPUT = BIT(2),   /* its answers pile up */
	HOLD_PENALTY = BIT(3)   /* it guesses tokens */
};

struct rpc_conn {
	struct link *link;
	struct stream *stream;
	uint64_t peer;
	struct framer framer;
	char address[64];
	bool trusted;
	bool owes_newline; /* something was said before it was known how lines end */
	bool ended;        /* the peer has sent its last byte */
	bool closing;      /* takes no more requests, leaves when all is said */
	const char *why;
	unsigned held; /* BITs of enum hold */
	unsigned unanswered, waits;
	size_t unsent, unsent_bytes; /* messages in the outbox */
	size_t received;             /* bytes, while nobody is known */
	struct event *alarm;         /* login, or the end of closing */
	struct client *client;       /* under whose name it speaks, NULL before */
	struct rpc_session session;
	struct rpc_subscription events;
	TAILQ_ENTRY(rpc_conn) by_agent;  /* in link->desks of the session's agent */
	uint64_t told;                   /* number of the last decision that it has as a reply */
	char nonce[2 * NONCE_BYTES + 1]; /* "" none given out */
};
TAILQ_HEAD(conn_list, rpc_conn);

struct sweep;
TAILQ_HEAD(sweep_list, sweep);

#define LINK_GATEWAYS 1

#define CLIENT_BUCKETS 1024 /* a power of two */

struct link {
	struct link_needs needs;
	bool ready;
	struct listener *listener;

	/* connections */
	struct pool conns_pool;
	struct rpc_conn **conns; /* by slot */
	uint32_t conns_max;
	uint32_t conns_used; /* no slot from here on was ever used */
	unsigned unauthenticated;
	uint64_t sessions_last; /* number of the last session */
	uint64_t routes_last;   /* of the last route.request without a call of its own */
	struct rpc_auth auth;

	/* requests that wait for an answer */
	struct pendings *pendings;

	struct identity_rules identity; /* how callers' numbers are read */

	/* telephony systems */
	struct client *clients[CLIENT_BUCKETS];
	struct client_list clients_by_use;
	size_t clients_count;
	uint64_t syncs_last; /* number of the last call.sync of all */
	struct sweep_list sweeps;
	struct event *sweeper;

	/* events */
	struct conn_list subscribers;
	struct conn_list *desks;  /* by agent slot: agents' own sessions */
	uint64_t telling;         /* number of the decision under way, */
	struct call_id deciding;  /* and the call it is about */
	struct agent_id changing; /* whom the event under way is about */

	void *gates[LINK_GATEWAYS]; /* what each gateway keeps: gateways.c */

	/* Where replies are put together; one at a time. */
	char *scratch;
	size_t scratch_size;
};

static inline struct directory *directory_of(const struct link *link)
{
	return link->needs.directory;
}

static inline const struct core *core_of(const struct link *link)
{
	return loop_core(link->needs.loop);
}

static inline const struct options *options_of(const struct link *link)
{
	return link->needs.options;
}

#endif
