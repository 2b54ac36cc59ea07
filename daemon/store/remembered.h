#ifndef NAJIMI_STORE_REMEMBERED_H
#define NAJIMI_STORE_REMEMBERED_H

#include <stdbool.h>

#include "memory.h"

/* What is known of a caller, with handles in place of names: what a memory of Redis and
 * the cache of callers seen lately have in common. Whom the caller returns to follows
 * from it under the rules of a queue; so both say the same. */
#define REMEMBERED_NEVER_MAX 8 /* agents who are not to have a caller; more are forgotten */

#define QUEUE_UNSAID (QUEUE_NONE - 1) /* met in a queue that the memory does not name */

struct met_agent {
	struct agent_id agent; /* unset: nobody of that name has been heard of */
	queue_index queue;     /* of the last contact; QUEUE_NONE: there is no such queue now */
	bool pinned;
	usec_t at;          /* end of the last contact */
	usec_t never_until; /* excluded until then; 0 not, USEC_NEVER for ever */
};

struct remembered {
	uint8_t agents_count, never_count;
	bool of_number;         /* the memory is a number's, not a customer's */
	bool shared;            /* by several customers: it is nobody's memory */
	bool has_pin;           /* `pin` is the caller's own agent, */
	struct met_agent pin;   /* whose `at` is that of the contact, or of the pin, or 0 */
	uint16_t draw;          /* where the caller falls in a draw of 1000 */
	uint64_t tier;          /* digest of its name, for the numbers change; 0 none */
	queue_index left_queue; /* QUEUE_NONE: did not give up */
	usec_t left_arrived_at, left_at;
	struct exclusion never[REMEMBERED_NEVER_MAX];
	struct met_agent agents[MEMORY_AGENTS_MAX]; /* latest contact first */
};

/* Nothing is known. */
void remembered_init(struct remembered *remembered);
bool remembered_is_empty(const struct remembered *remembered);

/* A contact until `at`: the agent takes their place in the order. */
void remembered_note(struct remembered *remembered, struct agent_id agent, queue_index queue,
                     usec_t at);
void remembered_forget(struct remembered *remembered, struct agent_id agent);

/* Of more than `kept` agents the ones met longest ago go, but never `agent`. */
void remembered_keep(struct remembered *remembered, struct agent_id agent, size_t kept);

/* `at` is when the pin was set; an unset agent takes it away. */
void remembered_pin(struct remembered *remembered, struct agent_id agent, usec_t at);

/* `until` 0 takes the exclusion away. */
void remembered_exclude(struct remembered *remembered, struct agent_id agent, usec_t until);

/* End of the last contact with the agent, 0 for one who was not met. */
usec_t remembered_met_at(const struct remembered *remembered, struct agent_id agent);

/* Adds to what Redis says what has been learned since and is on its way there. */
void remembered_merge(struct remembered *remembered, const struct remembered *later);

uint64_t remembered_tier(struct text name); /* its digest; 0 for "" */

#endif
