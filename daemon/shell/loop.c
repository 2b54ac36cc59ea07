#include "najimi/shell/loop.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>

#include "najimi/shell/clock.h"

#define INBOX_MAX 8192u
_Static_assert((INBOX_MAX & (INBOX_MAX - 1)) == 0, "inbox positions wrap by masking");

struct loop {
	struct core *core;
	struct meters *meters;
	struct loop_hooks hooks;
	struct event *drain; /* activated by the first post, runs after the callers */
	struct event *alarm; /* the core's own next deadline */
	usec_t alarm_at;     /* what the alarm is set for, USEC_NEVER not at all */
	bool active;         /* drain is activated */
	bool refused;        /* somebody found the inbox full */
	bool stepping;
	struct core_actions actions;
	struct core_event inbox[INBOX_MAX];
	unsigned head, tail;
};

static void step(struct loop *loop, const struct core_event *ev)
{
	assert(!loop->stepping); /* perform must post, never step */
	loop->stepping = true;
	core_step(loop->core, ev, &loop->actions);
	loop->meters->steps++;
	if (loop->actions.count > 0 && loop->hooks.perform != NULL)
		loop->hooks.perform(&loop->actions, loop->hooks.arg);
	loop->stepping = false;
}

/* What was due before an event happened before it. */
static void step_until(struct loop *loop, usec_t at)
{
	usec_t due;

	while ((due = core_deadline(loop->core)) <= at) {
		/* After a restart deadlines may lie before the first event. */
		if (due < core_now(loop->core))
			due = core_now(loop->core);
		step(loop, &(struct core_event){ .type = EVT_TIME_PASSED, .at = due });
	}
}

static void set_alarm(struct loop *loop)
{
	usec_t due = core_deadline(loop->core);
	usec_t at, delay;
	struct timeval tv;

	if (due == loop->alarm_at)
		return;
	loop->alarm_at = due;
	if (due == USEC_NEVER) {
		event_del(loop->alarm);
		return;
	}
	at = clock_now();
	delay = due > at ? due - at : 0;
	tv = (struct timeval){ .tv_sec = (time_t)(delay / SEC(1)),
		               .tv_usec = (suseconds_t)(delay % SEC(1)) };
	event_add(loop->alarm, &tv);
}

static void activate(struct loop *loop)
{
	if (loop->active)
		return;
	loop->active = true;
	event_active(loop->drain, EV_TIMEOUT, 0);
}

/* What is posted meanwhile, behind `end`, waits for the next turn. */
static void step_posted(struct loop *loop, unsigned end)
{
	while (loop->head != end) {
		const struct core_event *ev = &loop->inbox[loop->head & (INBOX_MAX - 1)];

		step_until(loop, ev->at);
		step(loop, ev);
		loop->head++;
	}
}

static void on_drain(evutil_socket_t fd, short what, void *arg)
{
	struct loop *loop = arg;

	(void)fd;
	(void)what;
	loop->active = false;
	step_posted(loop, loop->tail);
	step_until(loop, clock_now());
	loop->meters->last_turn_at = clock_now();
	if (loop->hooks.turn_over != NULL)
		loop->hooks.turn_over(loop->hooks.arg);
	if (loop->refused) {
		loop->refused = false;
		if (loop->hooks.room != NULL)
			loop->hooks.room(loop->hooks.arg);
	}
	if (loop->head != loop->tail)
		activate(loop);
	set_alarm(loop);
}

static void on_alarm(evutil_socket_t fd, short what, void *arg)
{
	struct loop *loop = arg;

	(void)fd;
	(void)what;
	loop->alarm_at = USEC_NEVER;
	activate(loop);
}

int loop_post(struct loop *loop, const struct core_event *ev)
{
	struct core_event *slot = &loop->inbox[loop->tail & (INBOX_MAX - 1)];

	if (loop->tail - loop->head == INBOX_MAX) {
		loop->refused = true;
		loop->meters->inbox_full++;
		return -ENOBUFS;
	}
	*slot = *ev;
	slot->at = clock_now();
	loop->tail++;
	activate(loop);
	return 0;
}

unsigned loop_posted(const struct loop *loop)
{
	return loop->tail;
}

bool loop_has_stepped(const struct loop *loop, unsigned posted)
{
	return loop->tail - posted >= loop->tail - loop->head;
}

bool loop_has_room(struct loop *loop, unsigned events)
{
	if (INBOX_MAX - (loop->tail - loop->head) >= events)
		return true;
	loop->refused = true;
	loop->meters->inbox_full++;
	return false;
}

void loop_nudge(struct loop *loop)
{
	activate(loop);
}

void loop_apply(struct loop *loop, const struct core_event *ev)
{
	struct core_event stamped = *ev;

	/* What was posted before happened before: the core's time never runs backwards. */
	step_posted(loop, loop->tail);
	stamped.at = clock_now();
	if (loop->head != loop->tail)
		/* Overtakes what is posted, and so may not be later than that. */
		stamped.at = loop->inbox[loop->head & (INBOX_MAX - 1)].at;
	if (stamped.at < core_now(loop->core))
		stamped.at = core_now(loop->core);
	step_until(loop, stamped.at);
	step(loop, &stamped);
	activate(loop); /* the turn that this belongs to ends soon */
}

struct loop *loop_new(struct event_base *base, const struct core_limits *limits,
                      struct meters *meters)
{
	struct loop *loop = calloc(1, sizeof(*loop));

	if (loop == NULL)
		return NULL;
	loop->meters = meters;
	loop->alarm_at = USEC_NEVER;
	loop->core = core_new(limits);
	loop->drain = event_new(base, -1, 0, on_drain, loop);
	loop->alarm = event_new(base, -1, 0, on_alarm, loop);
	if (loop->core == NULL || loop->drain == NULL || loop->alarm == NULL)
		return loop_free(loop);
	return loop;
}

void loop_set_hooks(struct loop *loop, const struct loop_hooks *hooks)
{
	loop->hooks = *hooks;
}

const struct core *loop_core(const struct loop *loop)
{
	return loop->core;
}

struct loop *loop_free(struct loop *loop)
{
	if (loop == NULL)
		return NULL;
	if (loop->alarm != NULL)
		event_free(loop->alarm);
	if (loop->drain != NULL)
		event_free(loop->drain);
	core_free(loop->core);
	free(loop);
	return NULL;
}
