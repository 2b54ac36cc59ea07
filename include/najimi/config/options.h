#ifndef NAJIMI_CONFIG_OPTIONS_H
#define NAJIMI_CONFIG_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "najimi/base/err.h"
#include "najimi/core/plan.h"
#include "najimi/core/record.h"

/* Everything a site can set, parsed and checked. Immutable once built: a reload
 * builds a second one, and whoever is concerned takes the difference. Texts are
 * never NULL: "" is unset. Lists end with NULL. */

enum redis_mode {
	REDIS_EMBEDDED, /* najimid starts and minds a redis-server of its own */
	REDIS_TCP,
	REDIS_UNIX
};

enum trust_mode {
	TRUST_SESSION, /* everybody opens a session first */
	TRUST_ACL      /* listed addresses may request without one */
};

enum client_role {
	ROLE_NONE,
	ROLE_PBX,
	ROLE_AGENT,
	ROLE_SUPERVISOR,
	ROLE_OBSERVER
};

/* Who may open a session, and as what. The secret is in the file, in a file of
 * its own, or a systemd credential: the option table resolves it at load. */
struct client_options {
	char *name;  /* the client.name it must give; "*" any */
	char *agent; /* the agent it is bound to, for ROLE_AGENT */
	enum client_role role;
	char *token;        /* secret; "" when only its digest is known */
	char *token_sha256; /* 64 hex digits; "" when the token is given */
	char *token_file;   /* where the token was read from, "" when it was not */
	bool pii;           /* an HTTP or observer client that may see callers' numbers */
	int line;           /* of the file, for messages */
};

/* An Asterisk whose manager interface (AMI) we log in to. Its FastAGI connections are known
 * by where they come from. */
struct asterisk_options {
	char *name;        /* client.name of its calls */
	char *address;     /* "HOST:PORT" of the manager interface */
	char *user;        /* of manager.conf */
	char *secret;      /* "" only before it was read from secret_file */
	char *secret_file; /* "" when the secret stands in the file itself */
	char **from;       /* addresses of its FastAGI connections; none: the host of `address` */
	bool md5;          /* the secret is never sent, only proved (else plainly, as with TLS) */
	bool tls;
	char *ca_file; /* with tls: who must have signed its certificate; "": the system's */
	int line;
};

/* Who rings the agent for a caller whom a gateway holds. */
enum dial_by {
	DIAL_BY_DIALPLAN, /* the telephony system, told whom */
	DIAL_BY_DAEMON,   /* we, on the caller's channel */
	DIAL_AGENT_FIRST  /* the agent is called, and then joined with the caller */
};

/* A name for what reunions may cost: value, budgets and credit of POLICY_RATE where the
 * file does not say them. */
enum sticky_preset {
	PRESET_NONE,
	PRESET_NEUTRAL,
	PRESET_BALANCED,
	PRESET_STICKY,
	PRESET_REGULARS
};
#define STICKY_PRESETS (PRESET_REGULARS + 1)

/* In which queues an agent must have been met to be a caller's own in this one. */
enum sticky_scope {
	MET_ANYWHERE, /* in any */
	MET_IN_GROUP, /* in one of the same group */
	MET_IN_QUEUE  /* in this one */
};

struct queue_options {
	char *name;
	char *overflow; /* where callers go who waited too long or found it full; "": rejected */
	struct queue_plan plan;
	int preset; /* enum sticky_preset */
	/* What decides whom a caller returns to, before the core is asked. */
	int scope;          /* enum sticky_scope */
	char *group;        /* queues with the same one belong together; "": none */
	bool refresh;       /* each contact begins the window anew; else the first one does */
	bool outbound;      /* contacts in which an agent called count as well */
	bool pins;          /* a caller's pin is followed */
	bool exclusions;    /* a caller's exclusions are */
	bool unstick;       /* an agent may take leave of a caller (agent.disposition, stick) */
	bool drop_on_leave; /* an agent who left the queue gives way to the one met before */
	uint16_t holdout;   /* share of callers routed as unknown, in thousandths */
	struct {
		int64_t waiting;        /* so many callers wait; 0: never */
		usec_t longest_wait;    /* somebody has waited this long; USEC_NEVER */
		uint16_t service_level; /* today's is below this, in thousandths; 0: never */
	} alarm;                        /* of the wallboard */
	struct {
		bool answer;        /* the call is answered before it waits */
		char *music;        /* class of the music, "": none, it rings on */
		int dial;           /* enum dial_by */
		char *dial_options; /* of Dial */
		bool tell_place, tell_wait;
		usec_t tell_after, tell_every; /* USEC_NEVER: not at all; not again */
		char *announcement;            /* sound file that is played then, "": none */
		char *leave;                   /* digits with which a caller leaves the queue */
	} hold;                                /* callers whom a gateway holds */
	int line;
};

struct tier_options {
	char *name; /* as call.arrive and the caller's memory say it */
	struct tier_plan plan;
	int line;
};

struct skill_level {
	skill_index skill; /* index in options.skills */
	uint8_t level;
};

struct agent_options {
	char *name;
	char *target;         /* what the telephony system dials, "PJSIP/alice" */
	char *team;           /* "": none */
	uint16_t team_number; /* one for all of the team, 0 without: options_keep_teams() */
	uint16_t queues_count;
	queue_index queues[AGENT_QUEUES_MAX]; /* indexes in options.queues */
	uint8_t skills_count;
	struct skill_level skills[SKILLS_MAX];
	int line;
};

struct options {
	char *file; /* where it was read from */
	char *site;
	char *zone;    /* of the site's clock, "Asia/Tokyo"; "": the machine's */
	int log_level; /* index of: error warning notice info debug */

	/* limits of the core; memory for all of it is taken at start */
	int64_t calls_max, agents_max, queues_max, memberships_max;

	struct {
		char *listen;    /* "ADDRESS:PORT"; port 0: any, said in the log; "": none */
		char *advertise; /* "HOST:PORT" that others are told; "": what we listen on */
		int trust;       /* enum trust_mode */
		char **trusted;  /* addresses and networks: "127.0.0.0/8", "::1" */
		uint64_t message_max, output_soft, output_max;
		int64_t depth_max, members_max, batch_max;
		int64_t connections_max, unauthenticated_max, requests_max;
		usec_t login_max, heartbeat, orphan_max, finished_keep;
		int64_t events_kept;
	} rpc;

	struct {
		char *listen;
		int64_t connections_max;
	} http;

	struct {
		char *listen;    /* of FastAGI, as rpc.listen; "": none */
		char *advertise; /* as rpc.advertise */
		char **trusted;  /* who may connect, beside the servers in the list */
		int64_t connections_max;
		usec_t request_max; /* all that Asterisk says at first has come by then */
		bool variables;     /* ask for the caller's channel variables */
	} agi;

	struct {
		int mode;      /* enum redis_mode */
		char *address; /* TCP: "HOST:PORT" */
		char *socket;  /* UNIX: path; EMBEDDED: "" puts it in the runtime directory */
		char *user, *password; /* password resolved from password_file when that is given */
		char *password_file;
		char *prefix;    /* keys begin with PREFIX:{SITE}: */
		char *directory; /* EMBEDDED: where the append-only file lives */
		char *server;    /* EMBEDDED: the program */
		int64_t database;
		usec_t commit_max; /* orders wait this long for Redis, then flow without */
		usec_t connect_max;
		usec_t contacts_keep; /* age at which contact records are trimmed */
		usec_t days_keep;     /* figures of a day live so long */
		uint64_t backlog_max; /* bytes of contacts and memories kept while Redis is away */
	} redis;

	struct core_rules rules;

	struct {
		char *country, *trunk, *international;
		bool use_restricted;
		char **shared;
		bool number_first; /* a presented number names the caller before a customer id */
		int64_t shared_agents; /* a number met by more agents in the window is nobody's; 0:
		                          any */
	} identity;

	struct {
		usec_t reconnect;      /* back so soon, it is the same contact still */
		bool abandoned_counts; /* who gives up waiting has called again */
	} fcr;

	char **brief_pauses; /* reasons of pauses that are soon over */

	char **skills;
	size_t tiers_count; /* at most TIERS_MAX; rules.tiers has their plans in this order */
	struct tier_options *tiers;
	struct queue_options queue_defaults; /* of queues that do not say otherwise; name "" */
	size_t queues_count;
	struct queue_options *queues;
	size_t agents_count;
	struct agent_options *agents;
	uint16_t teams_highest; /* the highest number of a team so far */
	size_t clients_count;
	struct client_options *clients;
	size_t asterisks_count;
	struct asterisk_options *asterisks;
};

/* Reads and checks the whole file. 0 and a new *ret (free it with
 * options_free), or a negative errno with "FILE:LINE: OPTION: what is wrong and
 * what would be right". */
int options_load(const char *path, struct options **ret, struct err *err) MUST_CHECK;

/* The defaults alone, with no queue, agent or client. */
int options_defaults(struct options **ret, struct err *err) MUST_CHECK;

struct options *options_free(struct options *options); /* accepts and returns NULL */

/* The effective configuration in the file's own syntax, secrets as "********":
 * loading it again gives the same options (but for the secrets). */
void options_dump(const struct options *options, FILE *out);

void options_manual(FILE *out); /* najimid.conf(5), in roff */
void options_sample(FILE *out); /* conf/najimid.conf: each option at its default, with its words */

/* Before a reload: teams that are in both keep the numbers that the core has heard, and no
 * number is used for two. -ENOSPC when there have been too many since the start. */
int options_keep_teams(struct options *options, const struct options *was,
                       struct err *err) MUST_CHECK;

/* Whether two plans are the same. */
bool options_same_plan(const struct queue_plan *a, const struct queue_plan *b);

/* Whether a running daemon can take `to`; if not, the error names the first
 * option that needs a restart, with both values. Queues may be added, changed
 * and removed; agents, skills (added) and clients too. */
bool options_can_reload(const struct options *from, const struct options *to, struct err *err);

/* Tier n of the core is tiers[n - 1]: the number of one of that name, 0 when there is none. */
uint8_t options_find_tier(const struct options *options, const char *name);

/* Whether a pause for this reason is said to be soon over. */
bool options_pause_is_brief(const struct options *options, const char *reason);

/* Sets what a preset of sticky.preset sets, in a plan for POLICY_RATE; its other members stay.
 * False for a word that is no preset. */
bool options_preset(const char *word, struct queue_plan *plan);

/* "role" words of the protocol; ROLE_NONE for an unknown one. */
enum client_role client_role_of(const char *word);
const char *client_role_name(enum client_role role);

#endif
