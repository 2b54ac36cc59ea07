#ifndef LINK_AMI_STATE_H
#define LINK_AMI_STATE_H

/* uthash would end the process when memory does. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#include "ami_line.h"
#include "ami_translate.h"
#include "najimi/base/lists.h"

/* What is known of one Asterisk by its manager interface. The connection's life is ami_link.c's,
 * the channels and what happens to them ami_calls.c's, the devices ami_devices.c's. */

/* How long things may take. Tests are in a hurry. */
struct ami_times {
	usec_t connect_max;
	usec_t login_max; /* until Asterisk says whether it takes us */
	usec_t boot_max;  /* until it says that it has loaded everything; else it never will */
	usec_t list_max;  /* for each list */
	usec_t ping;      /* so often we ask whether it is there; silent twice, and it is not */
	usec_t backoff_min, backoff_max;
	usec_t gone_after; /* away so long, and its telephones cannot be reached */
	usec_t tick;       /* how often these are looked at */
};

enum ami_stage {
	AMI_STAGE_AWAY, /* until it is time to try again */
	AMI_STAGE_CONNECTING,
	AMI_STAGE_CHALLENGED, /* asked for something to prove the secret with */
	AMI_STAGE_LOGIN,
	AMI_STAGE_BOOTING,  /* logged in; it, or we, are not ready to compare */
	AMI_STAGE_CHANNELS, /* its channels are listed, */
	AMI_STAGE_SETTLING, /* our calls are compared with them, */
	AMI_STAGE_DEVICES,  /* its devices are listed */
	AMI_STAGE_UP
};

struct ami_bridge;

/* A channel that matters to us: a caller of ours, one that is called for them, or one in a
 * bridge. Who waits on a FastAGI connection needs none. */
struct ami_leg {
	UT_hash_handle hh;
	char uniqueid[UNIQUEID_SIZE];
	char name[CHANNEL_SIZE];
	struct ami_bridge *bridge;
	TAILQ_ENTRY(ami_leg) in_bridge;
	struct call_id call; /* for whom it is called; unset: for nobody of ours */
	uint32_t offer;      /* of that call */
	bool originated;     /* by us, */
	bool responded;      /* and Asterisk has said how that went: */
	unsigned reason;     /* why not */
	bool aside;          /* its agent waits for the caller, in silence */
	bool listed;         /* the last list of channels had it */
	bool joined;         /* it talks with its caller, or did */
	bool failed;         /* nobody answered; the channel's end says why */
	enum dial_result result;
	bool hung_up;             /* it is gone, */
	unsigned cause;           /* for this */
	char by[UNIQUEID_SIZE];   /* of an agent's: who calls them, when that is nobody of ours */
	char heir[UNIQUEID_SIZE]; /* the channel that takes its place: what it does from now on,
	                             that one does */
	bool asked; /* it wants to hang up; of a caller: somebody wants that, and who first */
	enum ended_by first;
};
TAILQ_HEAD(ami_leg_list, ami_leg);

struct ami_bridge {
	UT_hash_handle hh;
	char id[UNIQUEID_SIZE];
	struct ami_leg_list legs;
	unsigned count;
};

struct ami_device {
	UT_hash_handle hh;
	char name[CHANNEL_SIZE];
	enum device_state state;
	uint64_t listed; /* the last list that had it */
};

struct ami_conn {
	struct asterisk_server *server;
	struct ami_times times;
	struct ami_line *line;
	enum ami_stage stage;
	struct event *retry, *tick;
	struct event *again; /* reads on, when the core has heard what was read */

	/* what of the options is in use */
	char *address, *user, *secret, *ca_file;
	bool md5, tls;

	usec_t until; /* of the stage; USEC_NEVER */
	usec_t ping_at;
	unsigned unanswered;
	bool heard; /* something has come since the last tick */
	usec_t backoff;
	uint64_t chance;
	uint64_t sequence; /* of actions */
	uint64_t lists;    /* number of the last comparison */
	bool booted, was_ready;
	unsigned posted; /* by what was read: the loop's count behind it */
	char banner[64];
	char why[200]; /* it is away, as last said; "" not said */
	usec_t said_at;
	bool refused; /* the login was; said so */

	usec_t lost_at; /* 0: it is there */
	bool vanished;  /* since then nobody has answered there */
	bool gone;      /* its telephones are held to be out of reach */

	struct ami_leg *legs; /* by uniqueid */
	struct ami_bridge *bridges;
	struct ami_device *devices;
	size_t legs_count;
	uint32_t settled; /* slots of calls below this one are compared */

	struct ami_fact fact; /* the one under way */
};

/* asterisk_call.leg: after a restart of ours whoever talks with them has them. */
#define AMI_LEG_UNKNOWN "?"
#define AMI_LEGS_MAX 65536u
#define AMI_DEVICES_MAX 65536u

/* --- ami_link.c --- */

struct ami_conn *ami_new_timed(struct asterisk_server *server, const struct ami_times *times,
                               struct err *err);

static inline struct asterisk *asterisk_of(const struct ami_conn *conn)
{
	return conn->server->asterisk;
}

/* An action under way: fields are added, then it is said. False: it could not be, which has been
 * logged. */
#define AMI_ACTION_MAX 8192
struct ami_action {
	struct ami_out out;
	char bytes[AMI_ACTION_MAX];
};
void ami_begin(struct ami_action *action, const char *name, const char *id);
bool ami_say(struct ami_conn *conn, struct ami_action *action);

/* --- ami_login.c --- */

#define AMI_EVENTS "system,call,user,dtmf"
/* Lowercase hex of MD5(challenge + secret). False: this machine has no MD5. */
#define AMI_KEY_SIZE 33
bool ami_login_key(const char *challenge, const char *secret, char ret[AMI_KEY_SIZE]) MUST_CHECK;
bool ami_login(struct ami_conn *conn, const char *challenge) MUST_CHECK; /* NULL: plainly */
void ami_filter(struct ami_conn *conn);

/* --- ami_calls.c --- */

void ami_calls_fact(struct ami_conn *conn, const struct ami_fact *fact);
/* The caller is in a bridge with somebody. */
void ami_calls_joined(struct ami_conn *conn, struct asterisk_call *call, struct ami_leg *caller);

/* --- ami_resync.c --- */

void ami_calls_list(struct ami_conn *conn, const struct ami_fact *fact); /* AMI_CHANNEL */
/* Our calls are compared with what was listed. False: not to the end, for want of room. */
bool ami_calls_settle(struct ami_conn *conn);
void ami_calls_begin(struct ami_conn *conn); /* of a list: what was known may be over */
void ami_calls_clear(struct ami_conn *conn); /* no more is known */

/* --- ami_legs.c --- */

struct ami_leg *ami_leg_find(struct ami_conn *conn, const char *uniqueid);
struct ami_leg *ami_leg_know(struct ami_conn *conn, const struct ami_channel *channel);
void ami_leg_forget(struct ami_conn *conn, struct ami_leg *leg);
void ami_leg_enter(struct ami_conn *conn, struct ami_leg *leg, const char *bridge);
void ami_leg_leave(struct ami_conn *conn, struct ami_leg *leg);
void ami_legs_clear(struct ami_conn *conn);
void ami_legs_forget(struct ami_conn *conn); /* all but those that we have called ourselves */

/* --- ami_devices.c --- */

void ami_device(struct ami_conn *conn, const char *name, enum device_state state);
void ami_devices_listed(struct ami_conn *conn); /* what the list did not have is unknown */
void ami_devices_tell(struct ami_conn *conn);   /* the server is gone, or back */
void ami_devices_clear(struct ami_conn *conn);  /* the server is no longer watched at all */

#endif
