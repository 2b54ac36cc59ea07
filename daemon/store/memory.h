#ifndef NAJIMI_STORE_MEMORY_H
#define NAJIMI_STORE_MEMORY_H

#include "najimi/codec/json_out.h"
#include "najimi/shell/directory.h"

/* What is known of a caller: the hash caller:KEY. najimi-redis(7) has its fields;
 * those that neither it nor we know are kept and shown. */
struct memory_field {
	struct text name, value;
};

#define MEMORY_AGENTS_MAX 40   /* considered; the next contact drops what is more than is kept */
#define MEMORY_KEPT_MAX 32     /* the most that may be kept */
#define MEMORY_EXCLUDED_MAX 32 /* considered */

#define MEMORY_QUEUE_SIZE 132

struct memory_agent {
	struct text name;
	char queue[MEMORY_QUEUE_SIZE]; /* of the last contact, "" not said */
	usec_t at;                     /* end of it */
};

struct memory_exclusion {
	struct text name;
	usec_t until; /* USEC_NEVER: for ever */
};

struct memory {
	size_t count, excluded_count;
	struct memory_agent agents[MEMORY_AGENTS_MAX]; /* latest contact first */
	struct memory_exclusion excluded[MEMORY_EXCLUDED_MAX];
	struct text pin, tier;              /* "" none */
	usec_t pin_at;                      /* when the pin was set, 0 not said */
	char left_queue[MEMORY_QUEUE_SIZE]; /* gave up waiting there; "": did not */
	usec_t left_arrived_at, left_at;
};

/* Names point into the fields. A field that cannot be read counts as absent: it may be
 * anybody's; but an exclusion of which nothing can be read is for ever. One that was over
 * before `now` is none. */
void memory_read(const struct memory_field *fields, size_t count, usec_t now, struct memory *ret);

/* Until when the agent is excluded, 0 when not. */
usec_t memory_excluded_until(const struct memory *memory, struct text agent);

/* The memory as the JSON object of caller.get. `key` is the one it stands under. Excluded
 * agents are not among the `agents`. 0 when it does not fit. */
size_t memory_story(const struct memory_field *fields, size_t count, const struct memory *memory,
                    struct text key, char *buffer, size_t size);

/* Values of the fields that we write. */
size_t memory_agent_value(usec_t at, usec_t talk, const char *queue, const char *contact,
                          char *buffer, size_t size);
size_t memory_left_value(const char *queue, usec_t arrived_at, usec_t at, char *buffer,
                         size_t size);
/* `until` USEC_NEVER: for ever; texts "" are left out. */
size_t memory_exclude_value(usec_t until, const char *reason, const char *by, usec_t at,
                            char *buffer, size_t size);

#define MEMORY_AGENT_FIELD "agent:"
#define MEMORY_EXCLUDE_FIELD "exclude:"
#define MEMORY_LEFT_FIELD "left"
#define MEMORY_PIN_FIELD "pin"
#define MEMORY_PIN_AT_FIELD "pin_at"
#define MEMORY_TIER_FIELD "tier"
#define MEMORY_NOTES_FIELD "notes"
#define MEMORY_FCR_FIELD "fcr" /* fcr.lua's */

#endif
