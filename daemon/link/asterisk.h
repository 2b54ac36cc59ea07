#ifndef LINK_ASTERISK_H
#define LINK_ASTERISK_H

#include "clients.h"
#include "gateway.h"
#include "rpc_translate.h"

/* Asterisk. FastAGI connections hold the callers (agi_link.c), the manager interface says what
 * else happens (ami_link.c). Here stands what both know: the servers, and of each call what is
 * Asterisk's alone. wire.md section 1 says what the bytes mean. */

#define UNIQUEID_SIZE 160
#define CHANNEL_SIZE 128

/* One Asterisk, by the name its calls belong to. Lives as long as the gateway. */
struct asterisk_server {
	TAILQ_ENTRY(asterisk_server) entry;
	struct asterisk *asterisk;
	char name[ID_BYTES_MAX + 1]; /* of the list, or "agi:ADDRESS" */
	/* NULL: it is in no list (any more), and known by FastAGI alone. Read anew from the
	 * options by a reload. */
	const struct asterisk_options *options;
	struct client *client;
	struct gateway_meter *meter;
	struct ami_conn *ami; /* NULL: none */
	/* The manager interface is up and everything has been compared: what FastAGI can only
	 * guess (who hung up, who answered) comes from there. */
	bool watched;
};
TAILQ_HEAD(asterisk_servers, asterisk_server);

/* A live call that came by FastAGI, beside its card. */
struct asterisk_call {
	struct call_id id;
	struct asterisk_server *server;
	char channel[CHANNEL_SIZE]; /* the caller's: agi_channel. The Uniqueid is the call's name */
	uint64_t peer;           /* FastAGI connection that holds the caller, NO_PEER: the dialplan
	                            has them, or nobody yet after a restart */
	uint32_t dialled;        /* the offer that is being dialled, 0: none */
	bool joined;             /* AMI: the caller is in a bridge with somebody */
	char leg[UNIQUEID_SIZE]; /* AMI: the agent's channel of that offer, "" not known */
	struct agent_id sent_to; /* by an agent to this one, by the dialplan: nobody holds them */
	struct event *grace;     /* the caller may be gone: pending until that is known */
	enum ended_by grace_by;
};

#define NO_PEER UINT64_MAX

struct agi;
struct device;

struct asterisk {
	struct link *link;
	struct agi *agi; /* agi_link.c's: listener and connections */
	struct asterisk_servers servers;
	struct asterisk_call **calls; /* by call slot; NULL: not Asterisk's */
	uint32_t calls_max;
	struct device *devices; /* asterisk_agents.c's: what agents are dialled by */
	bool devices_stale;     /* some could not be told to the core yet */
	bool started, ready;
};

extern const struct gateway asterisk_gateway;

/* --- asterisk.c: servers --- */

/* Whose FastAGI connections come from `address` (no port); one that is in no list is known
 * under "agi:ADDRESS" from now on. NULL: out of memory. */
struct asterisk_server *asterisk_server_at(struct asterisk *asterisk, const char *address);
struct asterisk_server *asterisk_server_find(struct asterisk *asterisk, const char *name);

/* Whether a FastAGI connection from there is taken: a server's, or agi.trusted. */
bool asterisk_trusts(const struct asterisk *asterisk, const char *address);

/* The manager interface has been compared with what we know, or is gone: from then on its
 * calls are kept for rpc.orphan_max. */
void asterisk_server_watched(struct asterisk_server *server, bool watched);

/* --- asterisk_calls.c: what happens to callers --- */

/* Whether what comes next can be posted. False: stop reading until resume(). */
bool asterisk_has_room(const struct asterisk *asterisk);

/* NULL: not Asterisk's, or over. */
struct asterisk_call *asterisk_call_of(struct asterisk *asterisk, struct call_id id);
/* By the caller's Uniqueid; after a restart of ours the call is known again by this. NULL: there
 * is no such live call of this server. */
struct asterisk_call *asterisk_call_find(struct asterisk_server *server, const char *uniqueid);

/* A caller whom no live call is known of: `words` as of call.arrive, call_id the Uniqueid. A
 * decision will come. NULL with the refusal: unknown queue or skill, no room. */
struct asterisk_call *asterisk_call_arrive(struct asterisk_server *server,
                                           const struct call_words *words, const char *channel,
                                           struct refusal *refusal);

/* A FastAGI connection has the caller from now on; has let them go, wherever to. */
void asterisk_call_taken(struct asterisk_call *call, uint64_t peer);
void asterisk_call_let_go(struct asterisk_call *call);

/* What happened. Each asks the core first where the call is, posts nothing that it knows
 * already, and posts with nobody waiting for an answer: what follows comes as a decision. `offer`
 * 0 is the present one. */

/* Who was sent to an agent by the dialplan rings as long as that has it ring. */
void asterisk_call_ringing(struct asterisk_call *call, uint32_t offer);
void asterisk_call_answered(struct asterisk_call *call, uint32_t offer);
void asterisk_call_failed(struct asterisk_call *call, uint32_t offer, enum miss_kind kind);
/* Asterisk would not call the agent, and nobody is to blame. */
void asterisk_call_refused(struct asterisk_call *call, uint32_t offer);
void asterisk_call_held(struct asterisk_call *call, bool held);
void asterisk_call_ended(struct asterisk_call *call, enum ended_by by);
/* To an agent (who is talking with the caller already: `consult`), or to a queue. */
void asterisk_call_transferred(struct asterisk_call *call, struct agent_id agent, queue_index queue,
                               bool consult);
/* To an agent who was asked beforehand, in a call of ours which is over by this; unset: in none. */
void asterisk_call_handed_over(struct asterisk_call *call, struct agent_id agent,
                               struct call_id asked);
/* The core has decided. Of a caller who was sent to an agent's telephone in vain nobody would ask
 * for what comes next: they are over for us unless the dialplan brings them back at once. */
void asterisk_call_decided(struct asterisk_call *call, const struct decision *decision);

/* The caller's channel is gone from FastAGI, and what that means is not known yet: the `h`
 * extension or the manager interface will say, or the caller is back in the queue. If nobody has
 * within `delay`, the call ends `by`. asterisk_call_kept() takes it back. */
void asterisk_call_doubted(struct asterisk_call *call, usec_t delay, enum ended_by by);
void asterisk_call_kept(struct asterisk_call *call);

void asterisk_call_drop(struct asterisk_call *call); /* the core has ended it */
int asterisk_calls_init(struct asterisk *asterisk, struct err *err) MUST_CHECK;
void asterisk_calls_done(struct asterisk *asterisk);

/* --- asterisk_agents.c: agents by telephone --- */

enum agent_act {
	AGENT_ACT_LOGIN,
	AGENT_ACT_LOGOUT,
	AGENT_ACT_READY,
	AGENT_ACT_PAUSE
};

/* An agent dialled a code. `words`: agent; for a login queues and target, for a pause the
 * reason, each if said. replied() has `peer` when the core has answered; NO_PEER: nobody asks.
 * False with the refusal. */
bool asterisk_agent_act(struct asterisk *asterisk, uint64_t peer, enum agent_act act,
                        const struct agent_words *words, struct refusal *refusal);

/* A device has another state: every agent who is dialled by it (target "PJSIP/alice", also the
 * first of "PJSIP/alice&PJSIP/home") is vetoed, or not. */
void asterisk_device(struct asterisk *asterisk, const char *device, enum device_state state);

/* The agent who is dialled by a channel "PJSIP/alice-0000002a"; unset: nobody. */
struct agent_id asterisk_agent_of_channel(struct asterisk *asterisk, const char *channel);

/* An agent may have come, or be dialled by another device. */
void asterisk_agent_changed(struct asterisk *asterisk, struct agent_id agent);
void asterisk_agents_resume(struct asterisk *asterisk);    /* the inbox has room */
void asterisk_agents_recovered(struct asterisk *asterisk); /* all agents are known again */
void asterisk_agents_done(struct asterisk *asterisk);

/* --- agi_*.c --- */

struct agi *agi_new(struct asterisk *asterisk, struct err *err);
struct agi *agi_free(struct agi *agi);
int agi_start(struct agi *agi, struct err *err) MUST_CHECK;
void agi_resume(struct agi *agi);
void agi_send(struct agi *agi, uint64_t peer, struct text message); /* put by agi_decided() */
void agi_decided(struct agi *agi, struct asterisk_call *call, struct call_card *card,
                 const struct decision *decision);
void agi_tell_caller(struct agi *agi, struct asterisk_call *call, const struct decision *decision);
void agi_call_ended(struct agi *agi, struct asterisk_call *call);
void agi_replied(struct agi *agi, uint64_t peer, enum core_reply code);
/* AMI: in Asterisk another caller has taken the place of this one, whom the dialplan brings back as
 * soon as we let go: the call is over. */
void agi_replaced(struct agi *agi, struct asterisk_call *call);
/* AMI: the agent who was called first waits at `channel`: the caller is joined with them. False:
 * they are not with us any more. */
bool agi_join(struct agi *agi, struct asterisk_call *call, const char *channel) MUST_CHECK;
/* AMI: the caller whom this connection holds has pressed a digit. */
void agi_digit(struct agi *agi, struct asterisk_call *call, char digit);

/* --- ami_*.c --- */

struct ami_conn *ami_new(struct asterisk_server *server, struct err *err); /* connects, and again */
struct ami_conn *ami_free(struct ami_conn *ami);
void ami_reconfigure(struct ami_conn *ami); /* other options: connects anew when it must */
void ami_resume(struct ami_conn *ami);
/* An offer that is being dialled is over: stop ringing that leg. */
void ami_hang_up_leg(struct ami_conn *ami, struct asterisk_call *call);
/* DIAL_AGENT_FIRST: calls the agent, and says agi_join() when they wait. False: the manager
 * interface is not up. */
bool ami_call_agent(struct ami_conn *ami, struct asterisk_call *call, const char *target,
                    uint32_t offer, usec_t ring) MUST_CHECK;
/* What FastAGI plays to the caller ends now. */
void ami_hush(struct ami_conn *ami, const struct asterisk_call *call);

#endif
