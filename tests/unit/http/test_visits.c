#include "visits.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "najimi/shell/clock.h"

/* Connections as evhttp has them: callbacks set, freed when it is through. */
struct scene {
	struct event_base *base;
	struct server_facts facts;
	struct visits visits;
};

static void on_read(struct bufferevent *stream, void *arg)
{
	(void)arg;
	evbuffer_drain(bufferevent_get_input(stream),
	               evbuffer_get_length(bufferevent_get_input(stream)));
}

static void on_event(struct bufferevent *stream, short what, void *arg)
{
	bool *gone = arg;

	(void)stream;
	*gone |= (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)) != 0;
}

static int set_up(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	scene->base = event_base_new();
	visits_init(&scene->visits, &scene->facts);
	scene->visits.max = 2;
	*state = scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;

	visits_done(&scene->visits);
	assert_int_equal(scene->facts.connections, 0);
	event_base_free(scene->base);
	free(scene);
	return 0;
}

/* A visitor whose other end is *ret_peer. `gone` hears of the end. */
static struct bufferevent *arrive(struct scene *scene, int *ret_peer, bool *gone)
{
	struct bufferevent *stream = visits_add(&scene->visits, scene->base);
	int pair[2];

	assert_non_null(stream);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	assert_int_equal(bufferevent_setfd(stream, pair[0]), 0);
	bufferevent_setcb(stream, on_read, NULL, on_event, gone);
	bufferevent_enable(stream, EV_READ);
	*ret_peer = pair[1];
	return stream;
}

static void turn(struct scene *scene)
{
	event_base_loop(scene->base, EVLOOP_NONBLOCK);
}

static bool hung_up(int peer)
{
	char byte;

	return recv(peer, &byte, 1, MSG_DONTWAIT) == 0;
}

static void who_leaves_is_forgotten(void **state)
{
	struct scene *scene = *state;
	bool gone = false;
	int peer;
	struct bufferevent *stream = arrive(scene, &peer, &gone);

	assert_int_equal(scene->facts.connections, 1);
	assert_non_null(visits_find(&scene->visits, stream));
	visits_sweep(&scene->visits);
	assert_int_equal(scene->facts.connections, 1);
	bufferevent_free(stream);
	visits_sweep(&scene->visits);
	turn(scene);
	assert_int_equal(scene->facts.connections, 0);
	assert_int_equal(scene->facts.connections_total, 1);
	assert_true(hung_up(peer));
	close(peer);
}

static void a_request_that_dribbles_in_is_cut_off(void **state)
{
	struct scene *scene = *state;
	bool gone = false;
	int peer;
	struct bufferevent *stream = arrive(scene, &peer, &gone);
	struct visit *visit = visits_find(&scene->visits, stream);
	usec_t until = visit->until;

	/* A byte now and then does not buy time. */
	assert_int_equal(write(peer, "G", 1), 1);
	turn(scene);
	assert_int_equal(write(peer, "E", 1), 1);
	turn(scene);
	assert_true(visit->until == until);
	assert_true(until <= clock_monotonic() + REQUEST_MAX);
	visits_sweep(&scene->visits);
	assert_false(hung_up(peer));

	visit->until = clock_monotonic();
	visits_sweep(&scene->visits);
	turn(scene);
	assert_true(gone); /* evhttp hears it as if the peer had left */
	assert_true(hung_up(peer));
	bufferevent_free(stream);
	close(peer);
}

static void each_request_has_its_own_time(void **state)
{
	struct scene *scene = *state;
	bool gone = false;
	int peer;
	struct bufferevent *stream = arrive(scene, &peer, &gone);
	struct visit *visit = visits_find(&scene->visits, stream);

	assert_int_equal(visit->state, VISIT_ASKING);
	visits_asked(visit);
	assert_int_equal(visit->state, VISIT_ANSWERED);
	assert_true(visit->until > clock_monotonic() + REQUEST_MAX);
	visits_answered(visit);
	assert_int_equal(visit->state, VISIT_IDLE);
	assert_int_equal(write(peer, "G", 1), 1);
	turn(scene);
	assert_int_equal(visit->state, VISIT_ASKING);
	assert_true(visit->until <= clock_monotonic() + REQUEST_MAX);
	bufferevent_free(stream);
	close(peer);
}

static void a_request_that_came_behind_the_last_one_has_begun(void **state)
{
	struct scene *scene = *state;
	bool gone = false;
	int peer;
	struct bufferevent *stream = arrive(scene, &peer, &gone);
	struct visit *visit = visits_find(&scene->visits, stream);

	bufferevent_setcb(stream, NULL, NULL, on_event, &gone); /* nobody reads yet */
	visits_asked(visit);
	assert_int_equal(write(peer, "GET", 3), 3);
	turn(scene);
	visits_answered(visit);
	assert_int_equal(visit->state, VISIT_ASKING);
	bufferevent_free(stream);
	close(peer);
}

static void who_comes_beyond_the_limit_is_surplus(void **state)
{
	struct scene *scene = *state;
	struct bufferevent *streams[3];
	bool gone = false;
	int peers[3];

	for (int i = 0; i < 3; i++)
		streams[i] = arrive(scene, &peers[i], &gone);
	assert_false(visits_find(&scene->visits, streams[1])->surplus);
	assert_true(visits_find(&scene->visits, streams[2])->surplus);
	assert_int_equal(scene->facts.connections_refused, 1);

	/* Room that was left since the last sweep is found at once. */
	bufferevent_free(streams[0]);
	bufferevent_free(streams[2]);
	close(peers[0]);
	close(peers[2]);
	streams[0] = arrive(scene, &peers[0], &gone);
	assert_false(visits_find(&scene->visits, streams[0])->surplus);
	bufferevent_free(streams[0]);
	bufferevent_free(streams[1]);
	close(peers[0]);
	close(peers[1]);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_leaves_is_forgotten),
		TEST(a_request_that_dribbles_in_is_cut_off),
		TEST(each_request_has_its_own_time),
		TEST(a_request_that_came_behind_the_last_one_has_begun),
		TEST(who_comes_beyond_the_limit_is_surplus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
