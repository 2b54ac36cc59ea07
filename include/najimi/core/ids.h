#ifndef NAJIMI_CORE_IDS_H
#define NAJIMI_CORE_IDS_H

#include <stdbool.h>
#include <stdint.h>

/* Handles.
 *
 * Whoever knows the outside name of a thing (shell/directory) chooses the slot
 * and the generation; the core keeps the state that belongs to that slot. They
 * are typed so that a call can never be passed where an agent is meant, and
 * carry a generation so that a stale one is noticed, not followed. Generations
 * start at 1: a zeroed handle never names anything. */
struct call_id {
	uint32_t slot, gen;
};

struct agent_id {
	uint32_t slot, gen;
};

/* Queues and skills are few and come from the configuration: plain indexes,
 * stable for the life of the process. */
typedef uint16_t queue_index;
typedef uint8_t skill_index;

#define QUEUE_NONE UINT16_MAX

static inline bool call_id_set(struct call_id id)
{
	return id.gen != 0;
}

static inline bool call_id_equal(struct call_id a, struct call_id b)
{
	return a.slot == b.slot && a.gen == b.gen;
}

static inline bool agent_id_set(struct agent_id id)
{
	return id.gen != 0;
}

static inline bool agent_id_equal(struct agent_id a, struct agent_id b)
{
	return a.slot == b.slot && a.gen == b.gen;
}

#endif
