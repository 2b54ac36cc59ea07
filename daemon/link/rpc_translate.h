#ifndef LINK_RPC_TRANSLATE_H
#define LINK_RPC_TRANSLATE_H

#include "najimi/codec/identity.h"
#include "najimi/config/options.h"
#include "najimi/core/event.h"
#include "najimi/shell/directory.h"
#include "najimi/shell/fcr.h"
#include "rpc_params.h"

/* The params of each method as plain values: pure functions of the request alone,
 * for the names in it are looked up by those who call. All return false with the
 * refusal filled. Texts point into the request's document and are NULL when they
 * were not said, unless a comment says otherwise. */

/* An instant that is said of what has happened: neither in the future nor more than a day
 * ago. 0 not said. */
bool translate_past(const struct params *params, const char *name, usec_t now, usec_t *ret);

struct skill_wish {
	const char *name;
	uint8_t level;
};

/* One element of an array of skills: {"name": ..., MEMBER: a level from `min` to 255},
 * 1 where it is not said. */
bool translate_skill(const struct json *element, size_t index, const char *member, int64_t min,
                     struct skill_wish *ret, struct refusal *refusal);

/* --- calls --- */

#define TEXT_BYTES_MAX 256  /* from, to, tier, reason and the like */
#define DATA_BYTES_MAX 4096 /* call data, as compact JSON */
#define WAIT_MS_MAX 25000

/* What a telephony system says of a call: call.arrive, call.update, route.request. */
struct call_words {
	const char *call_id, *queue;
	const char *from, *to, *customer_id, *tier, *reason, *case_id;
	const char *channel; /* a constant */
	bool has_presentation, has_priority, has_skills;
	enum presentation presentation;
	int16_t priority;
	uint8_t skills_count;
	struct skill_wish skills[CALL_NEEDS_MAX];
	const struct json *data;
	usec_t arrived_at; /* 0 not said */
};

/* `now` bounds arrived_at: neither in the future nor more than a day ago. */
bool translate_arrive(const struct json *object, usec_t now, struct call_words *ret,
                      struct refusal *refusal);
bool translate_update(const struct json *object, usec_t now, struct call_words *ret,
                      struct refusal *refusal);
/* *ret.call_id may be NULL: the caller finds one. */
bool translate_route(const struct json *object, struct call_words *ret, struct refusal *refusal);

/* Where facts that have to be computed live while they are used. */
struct facts_room {
	struct identity identity;
	char data[DATA_BYTES_MAX + 1];
};

/* The facts of a call of which `before` was known (NULL: nothing) and `words` were
 * said now; who the caller is comes from identity_of(). The result points into
 * words, before and room. False with -32602 for data beyond the limit. */
bool facts_of_words(const struct call_words *words, const struct call_facts *before,
                    const struct identity_rules *rules, struct facts_room *room,
                    struct call_facts *ret, struct refusal *refusal);

/* Of all that was said, so that a repeat is known from another call under the same
 * id. `data` is the facts' text of it. */
uint64_t fingerprint_of_words(const struct call_words *words, const char *data);

/* What is reported or asked of a call that is known. Only the members of the method
 * are set. */
struct call_report {
	const char *call_id, *client;
	uint32_t offer;
	enum miss_kind miss;
	enum ended_by by;
	const char *to_agent, *to_queue;
	bool consult;
	usec_t wait;
	int16_t priority;
};

bool translate_call(const struct json *object, struct call_report *ret, struct refusal *refusal);
bool translate_offer_report(const struct json *object, struct call_report *ret,
                            struct refusal *refusal); /* call.ringing, call.answered */
bool translate_failed(const struct json *object, struct call_report *ret, struct refusal *refusal);
bool translate_transfer(const struct json *object, struct call_report *ret,
                        struct refusal *refusal);
bool translate_ended(const struct json *object, struct call_report *ret, struct refusal *refusal);
bool translate_wait(const struct json *object, struct call_report *ret, struct refusal *refusal);
bool translate_priority(const struct json *object, struct call_report *ret,
                        struct refusal *refusal);

/* call.sync: the elements of *ret_calls are read one by one. `more`: what is not
 * listed here may be in the next. */
bool translate_sync(const struct json *object, const struct json **ret_calls, bool *ret_more,
                    struct refusal *refusal);
bool translate_sync_call(const struct json *element, size_t index, const char **ret_call_id,
                         struct refusal *refusal);

/* --- agents --- */

struct agent_words {
	const char *agent;
	const char *target, *reason;
	bool has_queues, has_skills, has_state;
	bool ready; /* with has_state; else paused */
	uint16_t queues_count;
	const char *queues[AGENT_QUEUES_MAX];
	uint8_t skills_count;
	struct skill_wish skills[SKILLS_MAX];
	usec_t extend;
	enum device_state device;
};

bool translate_agent(const struct json *object, struct agent_words *ret, struct refusal *refusal);
bool translate_login(const struct json *object, struct agent_words *ret, struct refusal *refusal);
bool translate_pause(const struct json *object, struct agent_words *ret, struct refusal *refusal);
bool translate_wrapup(const struct json *object, struct agent_words *ret, struct refusal *refusal);
bool translate_device(const struct json *object, struct agent_words *ret, struct refusal *refusal);

struct disposition_words {
	const char *agent, *call_id, *client;
	const char *outcome;       /* a constant */
	const char *reason, *note; /* "" not said */
	bool stick;
};
bool translate_disposition(const struct json *object, struct disposition_words *ret,
                           struct refusal *refusal);

/* --- callers --- */

#define NOTE_BYTES_MAX 2000
#define EXCLUSION_S_MAX (10 * 365 * 86400)

/* Who is meant, and what is said of them. Only the members of the method are set. */
struct caller_words {
	const char *from, *customer_id; /* at least one, or */
	const char *call_id, *client;   /* whoever is, or was, on this call */
	enum presentation presentation;
	const char *agent;  /* NULL: nobody */
	const char *reason; /* "" not said */
	usec_t until;       /* USEC_NEVER: for ever; 0: no longer */
	const char *text;   /* "" none */
	const char *queue;
	usec_t talk, at; /* `at` 0: not said */
};

bool translate_caller(const struct json *object, struct caller_words *ret, struct refusal *refusal);
bool translate_pin(const struct json *object, struct caller_words *ret, struct refusal *refusal);
/* `now`: an exclusion ends after that. */
bool translate_exclude(const struct json *object, usec_t now, struct caller_words *ret,
                       struct refusal *refusal);
bool translate_note(const struct json *object, struct caller_words *ret, struct refusal *refusal);
/* Names no call: it takes all that is known of a caller. */
bool translate_forget(const struct json *object, struct caller_words *ret, struct refusal *refusal);
/* `now`: it was not later than that, nor more than a day before. */
bool translate_outbound(const struct json *object, usec_t now, struct caller_words *ret,
                        struct refusal *refusal);

/* --- sessions, events, reads --- */

enum auth_method {
	AUTH_NONE, /* no auth member */
	AUTH_TOKEN,
	AUTH_HMAC,
	AUTH_UNSUPPORTED /* mtls and what we do not know */
};

struct opening {
	const char *client, *version;
	enum client_role role; /* ROLE_NONE not said */
	const char *agent;     /* whom a trusted client without a token wants to be */
	enum auth_method auth;
	const char *token;
	const char *mac, *nonce;
	int64_t ts;
	usec_t heartbeat; /* 0 not said */
	const char *resume_epoch;
	uint64_t resume_after; /* with resume_epoch */
};
bool translate_open(const struct json *object, struct opening *ret, struct refusal *refusal);

#define SUBSCRIBED_QUEUES_MAX 64
struct subscribing {
	unsigned types; /* BIT(enum feed_type); all when not said */
	bool has_queues, has_after;
	size_t queues_count;
	const char *queues[SUBSCRIBED_QUEUES_MAX];
	const char *epoch;
	uint64_t after;
};
bool translate_subscribe(const struct json *object, struct subscribing *ret,
                         struct refusal *refusal);

#define PAGE_LIMIT_DEFAULT 1000
#define PAGE_LIMIT_MAX 10000
/* A list in pieces: `after` is what the piece before called `next`. */
struct page {
	const char *queue, *client;
	int state; /* enum call_state or enum agent_state; -1 not said */
	uint32_t limit, after;
};
bool translate_calls_page(const struct json *object, struct page *ret, struct refusal *refusal);
bool translate_agents_page(const struct json *object, struct page *ret, struct refusal *refusal);

enum snapshot_part {
	SNAPSHOT_QUEUES,
	SNAPSHOT_AGENTS,
	SNAPSHOT_CALLS
};
bool translate_snapshot(const struct json *object, unsigned *ret_parts, struct refusal *refusal);

#define COMMENT_BYTES_MAX 2000
struct survey_words {
	const char *contact, *call_id, *client; /* NULL not said; one of the first two is */
	struct survey survey;                   /* `contact` and `by` are left out */
};
bool translate_survey(const struct json *object, struct survey_words *ret, struct refusal *refusal);

/* Each NULL when it is not said. */
struct stats_words {
	const char *from, *to, *by;
};
bool translate_stats(const struct json *object, struct stats_words *ret, struct refusal *refusal);

bool translate_queue(const struct json *object, const char **ret_queue, struct refusal *refusal);

#endif
