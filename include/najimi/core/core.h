#ifndef NAJIMI_CORE_CORE_H
#define NAJIMI_CORE_CORE_H

#include "najimi/core/action.h"
#include "najimi/core/event.h"

/* The routing core: events in, actions out.
 *
 * The core does no I/O, reads no clock, allocates nothing after core_new(), and
 * never logs. Two cores built with the same limits and stepped with the same
 * events hold the same state and order the same actions, on any machine.
 *
 * Replies. An event with a `request` is answered exactly once: with ACT_REPLY in
 * the same step, or, when it succeeds and is one of CALL_ARRIVED, CALL_UPDATED,
 * CALL_FAILED, CALL_TRANSFERRED, with the next ACT_DECIDE for its call (in the
 * same step, but for an arrival that waits for its recall; if the call ends
 * before, ACT_END_CALL is the answer). An error is always an ACT_REPLY and
 * changes nothing.
 *
 * Starting again: queues, then restored agents, then restored calls, the rules
 * last. From the first restored record to the rules nothing is matched and no
 * deadline is named; daemon/core/README.md says what follows. */

struct core_limits {
	uint32_t calls_max;
	uint32_t agents_max;
	uint32_t queues_max;
	uint32_t memberships_max; /* agents' queues, all together */
};

struct core;

/* NULL when memory runs out; the only allocation the core ever makes. Starts
 * without queues and with all rules zero: configure them with events. */
struct core *core_new(const struct core_limits *limits);
struct core *core_free(struct core *core); /* accepts and returns NULL */

/* Applies one event. Fills `out` from its start. Cannot fail: what the core will
 * not do it says with an action.
 *
 * Time: what was due before an event happened before it. So, before any event at
 * T, the one who steps brings the core up to date:
 *     while (core_deadline(core) <= T)
 *             core_step(core, TIME_PASSED at core_deadline(core), ...);
 * One such step fires one timer, which keeps the list of actions short. A step
 * with another event at or after the deadline is refused by an assertion. */
void core_step(struct core *core, const struct core_event *ev, struct core_actions *out);

/* When to step next with EVT_TIME_PASSED if nothing else happens before;
 * USEC_NEVER for not at all. */
usec_t core_deadline(const struct core *core);

/* Walks everything and aborts on the first broken invariant. O(n log n). */
void core_check(const struct core *core);

/* A digest of the whole state, equal for equal states on any machine. */
uint64_t core_digest(const struct core *core);

#endif
