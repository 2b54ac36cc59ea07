#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "najimi/shell/clock.h"
#include "through.h"

#define PING_EVERY 5  /* seconds */
#define SILENT_MAX 6  /* pings */
#define OPEN_WITHIN 5 /* seconds */
#define TRIES_MAX 20  /* half a second apart */
#define BEHIND_MAX MSEC(50)

void through_stop(struct session *session)
{
	event_base_loopbreak(session->base);
}

void through_fail(struct session *session, int code, const char *what, const char *why)
{
	if (session->failed == 0)
		session->failed = err_set(session->err, code, "%s: %s", what, why);
	through_stop(session);
}

/* Played time runs `speed` times faster than the clock. But it stands still while the
 * daemon owes a reply, and it never passes what somebody is about to do: so neither the
 * daemon's latency nor our own, magnified by the speed, becomes callers' waiting. What
 * it missed by that it makes up for at once, since the daemon's own timers run on; but
 * not for long pauses, for which somebody else had the machine. */
usec_t through_now(struct session *session)
{
	usec_t now = clock_monotonic(), next = world_next(&session->world);
	usec_t behind_max = (usec_t)((double)BEHIND_MAX * session->through->speed);

	session->target += (usec_t)((double)(now - session->target_at) * session->through->speed);
	session->target_at = now;
	if (session->open_requests == 0 && session->target > session->played)
		session->played = session->target;
	if (session->played > next)
		session->played = next;
	if (session->target > session->played + behind_max)
		session->target = session->played + behind_max;
	return session->played;
}

void through_set_alarm(struct session *session)
{
	usec_t next = world_next(&session->world);
	double left = 0; /* of the clock's microseconds */
	struct timeval delay;

	(void)through_now(session);
	if (next == USEC_NEVER || session->open_requests > 0)
		return;
	if (next > session->target)
		left = (double)(next - session->target) / session->through->speed;
	delay = (struct timeval){
		.tv_sec = (time_t)(left / 1e6),
		.tv_usec = (suseconds_t)(left - 1e6 * (double)(time_t)(left / 1e6)),
	};
	event_add(session->alarm, &delay);
}

static void leave(struct session *session)
{
	session->finished = true;
	for (uint32_t i = 0; i < session->play->traffic->agents.count; i++)
		if (session->world.workers[i].logged_in)
			through_logout(session, i);
	if (session->open_requests == 0)
		through_stop(session);
}

/* The session's opening; again and again where the daemon waits for its Redis. */
static void begin(struct session *session)
{
	const struct timeval patience = { .tv_sec = OPEN_WITHIN };

	if (session->again == REQUEST_NONE) {
		through_fail(session, -ETIMEDOUT, session->through->address,
		             "no answer to session.open: is that a najimid?");
	} else if (session->tries++ == TRIES_MAX) {
		through_fail(session, -EAGAIN, session->through->address,
		             "the daemon does not become ready: has it its Redis?");
	} else {
		if (session->again == REQUEST_SUBSCRIBE)
			through_subscribe(session);
		else
			through_open(session);
		session->again = REQUEST_NONE;
		event_add(session->alarm, &patience);
	}
}

static void on_alarm(evutil_socket_t fd, short what, void *arg)
{
	struct session *session = arg;
	struct world *world = &session->world;
	usec_t now;

	(void)fd;
	(void)what;
	if (!session->running) {
		begin(session);
		return;
	}
	now = through_now(session);
	if (world_next(world) <= now && session->open_requests == 0)
		world_turn(world, now);
	if (world->out_of_memory)
		through_fail(session, -ENOMEM, "the figures", "out of memory");
	if (world_next(world) == USEC_NEVER && !session->finished)
		leave(session);
	progress_tell(session->play->progress,
	              (double)world->gone / (double)session->play->traffic->calls_count);
	through_set_alarm(session);
}

/* A round trip that keeps the session alive while everybody sleeps, and notices when
 * the daemon does. */
static void on_ping(evutil_socket_t fd, short what, void *arg)
{
	struct session *session = arg;

	(void)fd;
	(void)what;
	(void)through_now(session); /* it ran until now */
	if (session->silent++ == SILENT_MAX)
		through_fail(session, -ETIMEDOUT, session->through->address,
		             "the daemon has not replied for half a minute");
	else
		through_ping(session);
}

/* --- from beginning to end --- */

static int index_calls(struct session *session)
{
	const struct traffic *traffic = session->play->traffic;

	session->by_order = malloc(traffic->calls_names.count * sizeof(*session->by_order));
	session->requests = calloc(REQUESTS_MAX, sizeof(*session->requests));
	if (session->by_order == NULL || session->requests == NULL)
		return -ENOMEM;
	memset(session->by_order, 0xff, traffic->calls_names.count * sizeof(*session->by_order));
	for (uint32_t i = 0; i < traffic->calls_count; i++)
		session->by_order[traffic->calls[i].order] = i;
	return 0;
}

static int build(struct session *session, struct err *err)
{
	const struct world_hooks people = through_hooks(session);
	const struct wire_hooks ears = through_ears(session);
	struct event_config *config;
	int r;

	/* A millisecond of a usual timer would be seconds of play. */
	config = event_config_new();
	if (config != NULL && event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER) == 0)
		session->base = event_base_new_with_config(config);
	if (config != NULL)
		event_config_free(config);
	if (session->base != NULL) {
		session->alarm = evtimer_new(session->base, on_alarm, session);
		session->pinger = event_new(session->base, -1, EV_PERSIST, on_ping, session);
	}
	if (session->base == NULL || session->alarm == NULL || session->pinger == NULL ||
	    index_calls(session) < 0)
		return err_set(err, -ENOMEM, "out of memory");
	r = world_init(&session->world, session->play->traffic, &session->play->rules, &people,
	               session->play->report, err);
	if (r < 0)
		return r;
	return wire_open(session->base, session->through->address, &ears, &session->wire, err);
}

static void tear_down(struct session *session)
{
	wire_close(session->wire);
	world_done(&session->world);
	if (session->alarm != NULL)
		event_free(session->alarm);
	if (session->pinger != NULL)
		event_free(session->pinger);
	if (session->base != NULL)
		event_base_free(session->base);
	free(session->by_order);
	free(session->requests);
	free(session);
}

int play_through(const struct play *play, const struct through *through, struct err *err)
{
	const struct timeval ping = { .tv_sec = PING_EVERY };
	struct session *session = calloc(1, sizeof(*session));
	int r;

	if (session == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	session->play = play;
	session->through = through;
	session->err = err;
	r = build(session, err);
	if (r == 0) {
		session->again = REQUEST_OPEN;
		begin(session);
		event_add(session->pinger, &ping);
		event_base_dispatch(session->base);
		r = session->failed;
	}
	if (r == 0) {
		play->report->policy = "the daemon's";
		play->notes->crossings = session->world.crossings;
		play->notes->effective_speed =
		        (double)(session->played - session->played_from) /
		        (double)(clock_monotonic() - session->started_at + 1);
	}
	tear_down(session);
	return r;
}
