#include "health.h"

#include "centre.h"

static void a_loop_that_turns_is_alive(void **state)
{
	struct answer answer = centre_ask(*state, health_alive, (struct inquiry){ 0 });

	assert_int_equal(answer.status, 200);
	assert_string_equal(answer.type, "text/plain; charset=utf-8");
	assert_string_equal(answer.body.start, "ok\n");
	body_done(&answer.body);
}

static void a_loop_that_stood_still_is_not(void **state)
{
	struct centre *centre = *state;
	struct answer answer;

	centre->server.ticked_at = clock_monotonic() - SEC(6);
	answer = centre_ask(centre, health_alive, (struct inquiry){ 0 });
	assert_int_equal(answer.status, 503);
	assert_string_equal(answer.type, "application/problem+json");
	assert_non_null(strstr(answer.body.start, "the loop has not turned for 5 s"));
	body_done(&answer.body);
}

static void only_a_recovered_daemon_is_ready(void **state)
{
	struct centre *centre = *state;
	struct answer answer = centre_ask(centre, health_ready, (struct inquiry){ 0 });

	assert_int_equal(answer.status, 503);
	assert_string_equal(answer.type, "application/json");
	assert_non_null(strstr(answer.body.start,
	                       "{\"ready\":false,\"checks\":{\"loop\":\"up\",\"recovery\":"
	                       "\"waiting\",\"lease\":\"not held\",\"redis\":\"down\"}"));
	body_done(&answer.body);

	centre->meters.ready = centre->meters.leader = centre->meters.store_up = true;
	answer = centre_ask(centre, health_ready, (struct inquiry){ 0 });
	assert_int_equal(answer.status, 200);
	assert_non_null(strstr(answer.body.start, "\"redis\":\"up\""));
	body_done(&answer.body);
}

static void who_stands_by_says_who_leads(void **state)
{
	struct centre *centre = *state;
	struct answer answer;

	centre->meters.standing_by = true;
	answer = centre_ask(centre, health_ready, (struct inquiry){ 0 });
	assert_int_equal(answer.status, 503);
	assert_non_null(strstr(answer.body.start, "\"lease\":\"held by another\""));
	assert_null(strstr(answer.body.start, "\"leader\""));
	body_done(&answer.body);

	strcpy(centre->meters.leader_at.rpc, "192.0.2.7:7070");
	answer = centre_ask(centre, health_ready, (struct inquiry){ 0 });
	assert_non_null(strstr(answer.body.start, "\"leader\":\"192.0.2.7:7070\""));
	body_done(&answer.body);
}

static void redis_away_does_not_make_it_unready(void **state)
{
	struct centre *centre = *state;
	struct answer answer;

	centre->meters.ready = centre->meters.leader = true;
	answer = centre_ask(centre, health_ready, (struct inquiry){ 0 });
	assert_int_equal(answer.status, 200);
	assert_non_null(strstr(answer.body.start, "\"redis\":\"down\""));
	body_done(&answer.body);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, centre_set_up, centre_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_loop_that_turns_is_alive),          TEST(a_loop_that_stood_still_is_not),
		TEST(only_a_recovered_daemon_is_ready),    TEST(who_stands_by_says_who_leads),
		TEST(redis_away_does_not_make_it_unready),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
