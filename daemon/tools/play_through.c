#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "najimi/shell/clock.h"
#include "through.h"

#define PING_EVERY 5  /* seconds */
#define SILENT_MAX 6  /* pings */
#define OPEN_WITHIN 5 /* seconds */

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

/* Played time runs `speed` times faster than the clock, but it stands still while the
 * daemon owes a reply, and it never passes what somebody is about to do. So neither
 * the daemon's latency nor our own, magnified by the speed, becomes callers' waiting.
 * The daemon's own timers do not know of that: they run too fast by as much as the
 * speed in effect is lower. */
usec_t through_now(struct session *session)
{
	usec_t now = clock_monotonic(), next = world_next(&session->world);
	double spent = (double)(now - session->played_at);

	if (session->open_requests == 0)
		session->played += (usec_t)(spent * session->through->speed);
	if (session->played > next)
		session->played = next;
	session->played_at = now;
	return session->played;
}

void through_set_alarm(struct session *session)
{
	usec_t next = world_next(&session->world), now = through_now(session);
	double left = next > now ? (double)(next - now) / session->through->speed : 0;
	struct timeval delay = {
		.tv_sec = (time_t)(left / 1e6),
		.tv_usec = (suseconds_t)(left - 1e6 * (double)(time_t)(left / 1e6)),
	};

	if (next != USEC_NEVER && session->open_requests == 0)
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

static void on_alarm(evutil_socket_t fd, short what, void *arg)
{
	struct session *session = arg;
	struct world *world = &session->world;
	usec_t now;

	(void)fd;
	(void)what;
	if (!session->running) {
		through_fail(session, -ETIMEDOUT, session->through->address,
		             "no answer to session.open: is that a najimid?");
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
	const struct timeval patience = { .tv_sec = OPEN_WITHIN }, ping = { .tv_sec = PING_EVERY };
	struct session *session = calloc(1, sizeof(*session));
	int r;

	if (session == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	session->play = play;
	session->through = through;
	session->err = err;
	r = build(session, err);
	if (r == 0) {
		through_open(session);
		event_add(session->alarm, &patience);
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
