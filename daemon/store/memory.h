#ifndef NAJIMI_STORE_MEMORY_H
#define NAJIMI_STORE_MEMORY_H

#include "najimi/codec/json_out.h"
#include "najimi/shell/directory.h"

/* What is known of a caller: the hash caller:KEY. najimi-redis(7) has its fields;
 * those that neither it nor we know are kept and shown. */
struct memory_field {
	struct text name, value;
};

#define MEMORY_AGENTS_MAX 32 /* considered; more than KNOWN_MAX only until the next contact */

#define MEMORY_QUEUE_SIZE 132

struct memory_agent {
	struct text name;
	usec_t at; /* end of the last contact with them */
};

struct memory {
	size_t count;
	struct memory_agent agents[MEMORY_AGENTS_MAX]; /* latest contact first */
	char left_queue[MEMORY_QUEUE_SIZE];            /* gave up waiting there; "": did not */
	usec_t left_arrived_at, left_at;
};

/* Agents' names point into the fields. A field that cannot be read counts as absent: it may
 * be anybody's. Agents whom "exclude:NAME" names are left out. */
void memory_read(const struct memory_field *fields, size_t count, struct memory *ret);

/* The memory as the JSON object of caller.get. `key` is the one it stands under. 0
 * when it does not fit. */
size_t memory_story(const struct memory_field *fields, size_t count, const struct memory *memory,
                    struct text key, char *buffer, size_t size);

/* Values of the fields that we write. */
size_t memory_agent_value(usec_t at, usec_t talk, const char *queue, const char *contact,
                          char *buffer, size_t size);
size_t memory_left_value(const char *queue, usec_t arrived_at, usec_t at, char *buffer,
                         size_t size);

#define MEMORY_AGENT_FIELD "agent:"
#define MEMORY_EXCLUDE_FIELD "exclude:"
#define MEMORY_LEFT_FIELD "left"

#endif
