#ifndef NAJIMI_SHELL_LOOP_H
#define NAJIMI_SHELL_LOOP_H

#include "najimi/core/core.h"
#include "najimi/core/view.h"
#include "najimi/shell/meters.h"

/* Where the outside world and the core meet.
 *
 * Adapters post what they saw; the loop, and only the loop, steps the core and
 * hands the actions to the one who carries them out. Posting never steps: a
 * callback deep inside libevent or hiredis cannot re-enter the core. A turn of
 * the loop steps everything that was posted, then says that the turn is over. */
struct loop;
struct event_base;

struct loop_hooks {
	/* One step's actions. May post. */
	void (*perform)(const struct core_actions *actions, void *arg);
	/* All that was posted in this turn has been stepped. */
	void (*turn_over)(void *arg);
	/* There is room in the inbox again, after a post was refused. */
	void (*room)(void *arg);
	void *arg;
};

/* The loop owns the core. */
struct loop *loop_new(struct event_base *base, const struct core_limits *limits,
                      struct meters *meters);
struct loop *loop_free(struct loop *loop);
void loop_set_hooks(struct loop *loop, const struct loop_hooks *hooks);

/* For reading only (core/view.h). */
const struct core *loop_core(const struct loop *loop);

/* Stamps the event with the time and queues it; the core is stepped later in this
 * turn. -ENOBUFS when the inbox is full: stop reading from whoever sent it, until
 * the room hook. */
int loop_post(struct loop *loop, const struct core_event *ev) MUST_CHECK;

/* Whether so many events can be posted now. False: as with -ENOBUFS, the room hook
 * will say when to try again. */
bool loop_has_room(struct loop *loop, unsigned events);

/* How many events were posted so far, modulo 2^32; and whether the first so many have been stepped.
 * Who has to know what became of theirs before they go on waits for the latter. */
unsigned loop_posted(const struct loop *loop);
bool loop_has_stepped(const struct loop *loop, unsigned posted);

/* Makes sure that turn_over comes in this turn though nothing was posted: there
 * is something to send. */
void loop_nudge(struct loop *loop);

/* Steps at once, for recovery at start and for configuration: never from inside a
 * hook's perform. */
void loop_apply(struct loop *loop, const struct core_event *ev);

#endif
