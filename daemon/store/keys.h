#ifndef NAJIMI_STORE_KEYS_H
#define NAJIMI_STORE_KEYS_H

#include "najimi/base/err.h"
#include "najimi/base/text.h"

/* Every key of a site and how long it lives: the one place that knows their names.
 * najimi-redis(7) tells the same to others. All begin with PREFIX:{SITE}:, so a
 * site is one slot of a cluster. */
#define KEY_SIZE 640      /* the longest key and its end */
#define KEYS_BASE_MAX 300 /* bytes of PREFIX:{SITE}: */

/* A memory lives at least this long after the last contact: a repeat within 30 days is
 * known when that call is over. Longer when a queue's sticky window is longer. */
#define CALLER_KEEP (HOUR(24) * 31)
#define TAUGHT_KEEP (HOUR(24) * 365) /* after somebody said something of the caller */
#define LEFT_KEEP_MIN HOUR(1)        /* of one who only gave up */
#define ALIAS_KEEP (HOUR(24) * 90)
#define QUARANTINE_KEEP (HOUR(24) * 30)
#define REWRITE_KEEP MINUTE(10) /* of live state written aside, if nobody finishes it */

/* Agents who logged out longer ago are forgotten at the next start. */
#define LOGGED_OUT_KEEP (HOUR(24) * 30)

#define ALIAS_SHARED 3 /* so many customers with one number: it is nobody's own */

struct keys {
	char base[KEYS_BASE_MAX + 1];
	char *lease, *config, *calls, *agents, *contacts, *quarantine, *learned;
	char *totals;                                     /* of all days that are over */
	char *days;                                       /* day:, to be followed by "2026-11-21" */
	char *news, *matured, *matured_groups, *answered; /* fcr.lua has more */
	char *histories; /* history:, to be followed by a caller's key or "agent:NAME:DAY" */
	char *surveys;   /* survey:, to be followed by a contact's id */
	char *callers;   /* caller:, to be followed by "cid:..." or "tel:..." */
	char *aliases;   /* alias:, to be followed by a number */
};

int keys_init(struct keys *keys, const char *prefix, const char *site, struct err *err) MUST_CHECK;
void keys_done(struct keys *keys);

/* "najimi:{main}:caller:tel:+81..." in `buffer`. Empty when it does not fit. */
struct text keys_caller(const struct keys *keys, const char *key, char buffer[KEY_SIZE]);

/* The number of a "tel:" key, start NULL for any other. */
struct text keys_number(const char *key);
struct text keys_alias(const struct keys *keys, struct text number, char buffer[KEY_SIZE]);

/* The lists of last contacts: of a caller, of an agent. */
struct text keys_history(const struct keys *keys, const char *key, char buffer[KEY_SIZE]);
struct text keys_agents_history(const struct keys *keys, const char *agent, const char *day,
                                char buffer[KEY_SIZE]);

/* Which entry of the stream has what the caller answered of a contact. */
struct text keys_survey(const struct keys *keys, struct text contact, char buffer[KEY_SIZE]);

struct text keys_day(const struct keys *keys, const char *day, char buffer[KEY_SIZE]);
/* "najimi:{main}:day:2026-11-21:fcr:agent": first contact resolution of a day by something. */
struct text keys_fcr(const struct keys *keys, const char *day, const char *by,
                     char buffer[KEY_SIZE]);

/* Where live state is written aside: "najimi:{main}:calls:EPOCH.ROUND". */
struct text keys_aside(const char *key, uint64_t epoch, uint64_t round, char buffer[KEY_SIZE]);

/* A call's field of the hash: its id, "@", the client's name, in which '@' is "%40"
 * and '%' "%25". So the last '@' parts the two, whatever they are. */
#define FIELD_SIZE 640
struct text keys_call_field(const char *client, const char *name, char buffer[FIELD_SIZE]);

#endif
