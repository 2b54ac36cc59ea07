#include <errno.h>

#include "world.h"

/* Who rings again is known, by customer id, by number, and while Redis is away. */

static struct redis_server server;

static int set_up(void **state)
{
	static struct world world;

	redis_server_start(&server, NULL);
	world_prepare(&world, &server);
	world_open(&world);
	world_wait(&world, is_recovered);
	*state = &world;
	return 0;
}

static int tear_down(void **state)
{
	world_close(*state);
	redis_server_stop(&server);
	return 0;
}

/* The call as it is when the answer has come. */
static struct call_record recalled(struct world *world, struct call_id call)
{
	usec_t until = clock_monotonic() + SEC(60);

	while (world_call(world, call).state == CALL_RECALLING) {
		assert_true(clock_monotonic() < until);
		event_base_loop(world->base, EVLOOP_NONBLOCK);
	}
	return world_call(world, call);
}

static struct call_record ring(struct world *world, const char *name, const char *key)
{
	return recalled(world, world_arrive(world, name, key));
}

static const char *story(struct world *world, const char *name)
{
	const struct call_card *card = directory_find_call(world->directory, "pbx@a", name);

	return card == NULL || card->story == NULL ? "" : card->story;
}

static void a_caller_who_talked_is_known_by_the_same_key(void **state)
{
	struct world *world = *state;
	struct call_record call;

	world_log_in(world, "alice");
	world_talk(world, "c1", "tel:+81312345678", "alice");
	world_settle(world);
	call = ring(world, "c2", "tel:+81312345678");
	assert_int_equal(call.known_count, 1);
	assert_true(agent_id_equal(call.known[0].agent, world_agent(world, "alice")));
	assert_true(clock_now() - call.known[0].at < SEC(5));
	assert_int_equal(call.sticky, STICKY_OWN);
	assert_non_null(strstr(story(world, "c2"), "\"agent\":\"alice\""));
	assert_int_equal(world->meters.recalls, 2);
	assert_int_equal(world->meters.recall.count, 2);
}

static void a_caller_is_known_before_the_credit_has_arrived(void **state)
{
	struct world *world = *state;
	struct core_event end = { .type = EVT_CALL_ENDED };
	struct core_event again = { .type = EVT_CALL_ARRIVED };
	struct call_facts facts = world_facts("c2", "cid:1");
	struct call_id call;

	world_log_in(world, "alice");
	call = world_arrive(world, "c1", "cid:1");
	recalled(world, call);
	world_answer(world, call);
	usleep(2000);
	/* In the same turn: the memory is on its way when it is asked for. */
	end.call_ended.call = call;
	again.call_arrived.call = directory_add_call(world->directory, &facts)->id;
	again.call_arrived.identity = IDENTITY_KEYED;
	again.call_arrived.arrived_at = clock_now();
	assert_int_equal(loop_post(world->loop, &end), 0);
	assert_int_equal(loop_post(world->loop, &again), 0);
	event_base_loop(world->base, EVLOOP_NONBLOCK);
	assert_int_equal(recalled(world, again.call_arrived.call).known_count, 1);
}

/* Fields of a memory, without the one that the sweep of first contacts puts there in its time. */
static long long fields_of(const char *caller)
{
	return redis_server_number(&server, "HLEN %scaller:%s", WORLD_PREFIX, caller) -
	       redis_server_number(&server, "HEXISTS %scaller:%s fcr", WORLD_PREFIX, caller);
}

static void the_last_agents_are_kept_and_the_oldest_falls_out(void **state)
{
	static const char *const agents[] = { "a", "b", "c", "d" };
	struct world *world = *state;
	struct call_record call;

	for (size_t i = 0; i < ARRAY_LEN(agents); i++) {
		char name[8];

		world_log_in(world, agents[i]);
		snprintf(name, sizeof(name), "c%zu", i);
		world_talk(world, name, "cid:1", agents[i]);
		world_agent_event(world, agents[i], EVT_AGENT_PAUSED);
		world_settle(world);
	}
	call = ring(world, "last", "cid:1");
	assert_int_equal(call.known_count, 3);
	assert_true(agent_id_equal(call.known[0].agent, world_agent(world, "d")));
	assert_true(agent_id_equal(call.known[2].agent, world_agent(world, "b")));
	assert_int_equal(
	        redis_server_number(&server, "HEXISTS %scaller:cid:1 agent:a", WORLD_PREFIX), 0);
	/* v, three agents, the last contact */
	assert_int_equal(fields_of("cid:1"), 5);
}

static void an_agent_nobody_knows_any_more_still_makes_a_returning_caller(void **state)
{
	struct world *world = *state;
	char at[INSTANT_SIZE];
	struct call_record call;

	text_of_instant(clock_now() - HOUR(1), at, sizeof(at));
	freeReplyObject(redis_server_ask(&server, "HSET %scaller:cid:1 agent:gone {\"at\":\"%s\"}",
	                                 WORLD_PREFIX, at));
	/* Gives way, be it to nobody; */
	assert_int_equal(ring(world, "c1", "cid:1").known_count, 0);
	/* unless that is not wanted. */
	world->options->queues[0].drop_on_leave = false;
	call = ring(world, "c2", "cid:1");
	assert_int_equal(call.known_count, 1);
	assert_false(agent_id_set(call.known[0].agent));
}

/* What Redis and the cache each make of the same caller. */
static void assert_same_without_redis(struct world *world, const char *key, const char *first,
                                      const char *second)
{
	struct call_record online = ring(world, first, key), offline;

	world_settle(world);
	redis_server_kill(&server);
	world_wait(world, is_away);
	offline = ring(world, second, key);
	assert_int_equal(offline.known_count, online.known_count);
	for (size_t i = 0; i < online.known_count; i++) {
		assert_true(agent_id_equal(offline.known[i].agent, online.known[i].agent));
		assert_int_equal(offline.known[i].at, online.known[i].at);
		assert_int_equal(offline.known[i].pinned, online.known[i].pinned);
	}
	assert_int_equal(offline.excluded_count, online.excluded_count);
	assert_int_equal(offline.holdout, online.holdout);
	assert_int_equal(offline.why, online.why);
	assert_int_equal(offline.tier, online.tier);
	redis_server_restart(&server);
	world_wait(world, is_up);
}

static void pins_and_exclusions_are_known_without_redis_too(void **state)
{
	static const char *const agents[] = { "alice", "bob", "carol" };
	struct world *world = *state;
	struct call_record call;

	for (size_t i = 0; i < ARRAY_LEN(agents); i++) {
		char name[8];

		world_log_in(world, agents[i]);
		snprintf(name, sizeof(name), "c%zu", i);
		world_talk(world, name, "cid:1", agents[i]);
		world_agent_event(world, agents[i], EVT_AGENT_PAUSED);
		world_settle(world);
	}
	freeReplyObject(redis_server_ask(
	        &server, "HSET %scaller:cid:1 pin alice exclude:carol {\"reason\":\"shouted\"}",
	        WORLD_PREFIX));
	call = ring(world, "d1", "cid:1");
	assert_int_equal(call.known_count, 2);
	assert_true(agent_id_equal(call.known[0].agent, world_agent(world, "alice")));
	assert_true(call.known[0].pinned);
	assert_true(agent_id_equal(call.known[1].agent, world_agent(world, "bob")));
	assert_int_equal(call.excluded_count, 1);
	assert_int_equal(call.excluded[0].until, USEC_NEVER);
	assert_same_without_redis(world, "cid:1", "d2", "d3");
}

static void a_number_that_meets_too_many_is_known_to_be_shared(void **state)
{
	static const char *const agents[] = { "a", "b", "c", "d", "e" };
	struct world *world = *state;

	world->options->identity.shared_agents = 4;
	store_reconfigure(world->store, world->options);
	for (size_t i = 0; i < ARRAY_LEN(agents); i++) {
		char name[8];

		world_log_in(world, agents[i]);
		snprintf(name, sizeof(name), "c%zu", i);
		world_talk(world, name, "tel:+811", agents[i]);
		world_agent_event(world, agents[i], EVT_AGENT_PAUSED);
		world_settle(world);
	}
	/* v, five agents, the last contact: as many as it takes to know */
	assert_int_equal(fields_of("tel:+811"), 7);
	assert_int_equal(ring(world, "d1", "tel:+811").why, WHY_SHARED_NUMBER);
	assert_same_without_redis(world, "tel:+811", "d2", "d3");
}

static void what_is_forgotten_in_redis_is_forgotten(void **state)
{
	struct world *world = *state;

	world_log_in(world, "alice");
	world_talk(world, "c1", "cid:1", "alice");
	world_settle(world);
	assert_int_equal(ring(world, "c2", "cid:1").known_count, 1);
	freeReplyObject(redis_server_ask(&server, "DEL %scaller:cid:1", WORLD_PREFIX));
	assert_int_equal(ring(world, "c3", "cid:1").known_count, 0);
	assert_same_without_redis(world, "cid:1", "c4", "c5");
}

static void a_contact_may_leave_the_window_as_it_began(void **state)
{
	struct world *world = *state;
	char at[INSTANT_SIZE], long_ago[INSTANT_SIZE];

	world->options->queues[0].refresh = false;
	store_reconfigure(world->store, world->options);
	text_of_instant(clock_now() - HOUR(30), at, sizeof(at));
	text_of_instant(clock_now() - HOUR(24 * 30), long_ago, sizeof(long_ago));
	freeReplyObject(redis_server_ask(&server, "HSET %scaller:cid:1 agent:alice {\"at\":\"%s\"}",
	                                 WORLD_PREFIX, at));
	freeReplyObject(redis_server_ask(&server, "HSET %scaller:cid:2 agent:alice {\"at\":\"%s\"}",
	                                 WORLD_PREFIX, long_ago));
	world_log_in(world, "alice");
	world_talk(world, "c1", "cid:1", "alice");
	world_talk(world, "c2", "cid:2", "alice");
	world_talk(world, "c3", "cid:3", "alice");
	world_settle(world);
	assert_non_null(strstr(
	        redis_server_text(&server, "HGET %scaller:cid:1 agent:alice", WORLD_PREFIX), at));
	/* A window that is over begins anew, and so does the first. */
	assert_null(
	        strstr(redis_server_text(&server, "HGET %scaller:cid:2 agent:alice", WORLD_PREFIX),
	               long_ago));
	assert_true(clock_now() - ring(world, "c4", "cid:3").known[0].at < SEC(5));
	assert_same_without_redis(world, "cid:1", "c5", "c6");
	world->options->queues[0].refresh = true;
	store_reconfigure(world->store, world->options);
	for (const char *const *name = (const char *const[]){ "c6", "c5", "c4", NULL };
	     *name != NULL; name++)
		world_hang_up(world, directory_find_call(world->directory, "pbx@a", *name)->id);
	world_talk(world, "c7", "cid:1", "alice");
	world_settle(world);
	assert_null(strstr(
	        redis_server_text(&server, "HGET %scaller:cid:1 agent:alice", WORLD_PREFIX), at));
}

static void agents_that_the_crm_excludes_do_not_count(void **state)
{
	struct world *world = *state;

	world_log_in(world, "alice");
	world_talk(world, "c1", "cid:1", "alice");
	world_settle(world);
	freeReplyObject(redis_server_ask(&server, "HSET %scaller:cid:1 exclude:alice 1 name Abe",
	                                 WORLD_PREFIX));
	assert_int_equal(ring(world, "c2", "cid:1").known_count, 0);
	assert_non_null(strstr(story(world, "c2"), "\"name\":\"Abe\""));
	assert_non_null(strstr(story(world, "c2"), "\"excluded\":[\"alice\"]"));
}

static void one_customer_with_a_number_is_found_by_the_number_alone(void **state)
{
	struct world *world = *state;
	struct call_facts facts = world_facts("c1", "cid:4711");
	struct call_id call;

	facts.customer_id = "4711";
	world_log_in(world, "alice");
	call = world_arrive_with(world, &facts);
	recalled(world, call);
	world_answer(world, call);
	usleep(2000);
	world_hang_up(world, call);
	world_agent_event(world, "alice", EVT_AGENT_READY);
	world_settle(world);
	assert_int_equal(redis_server_number(&server, "SCARD %salias:+81312345678", WORLD_PREFIX),
	                 1);
	assert_true(redis_server_number(&server, "TTL %salias:+81312345678", WORLD_PREFIX) > 0);

	assert_int_equal(ring(world, "c2", "tel:+81312345678").known_count, 1);
	assert_non_null(strstr(story(world, "c2"), "\"key\":\"cid:4711\""));
	/* And the credit goes where the memory was. */
	call = directory_find_call(world->directory, "pbx@a", "c2")->id;
	world_answer(world, call);
	usleep(2000);
	world_hang_up(world, call);
	world_settle(world);
	assert_string_equal(
	        redis_server_text(&server, "HGET %scaller:cid:4711 last_contact", WORLD_PREFIX),
	        world->contact);
	assert_int_equal(
	        redis_server_number(&server, "EXISTS %scaller:tel:+81312345678", WORLD_PREFIX), 0);
}

static void a_number_of_three_customers_is_nobodys(void **state)
{
	struct world *world = *state;
	struct call_record call;

	world_log_in(world, "alice");
	world_talk(world, "c1", "tel:+81312345678", "alice");
	world_settle(world);
	freeReplyObject(redis_server_ask(&server, "SADD %salias:+81312345678 1 2 3", WORLD_PREFIX));
	call = ring(world, "c2", "tel:+81312345678");
	assert_int_equal(call.known_count, 0);
	assert_int_equal(call.why, WHY_SHARED_NUMBER);
	world_answer(world, directory_find_call(world->directory, "pbx@a", "c2")->id);
	usleep(2000);
	world_hang_up(world, call.id);
	world_settle(world);
	/* No credit for a shared number. */
	assert_string_not_equal(redis_server_text(&server,
	                                          "HGET %scaller:tel:+81312345678 last_contact",
	                                          WORLD_PREFIX),
	                        world->contact);
}

static void one_who_gave_up_is_remembered_until_somebody_answers(void **state)
{
	struct world *world = *state;
	char caller[] = WORLD_PREFIX "caller:cid:1";
	long long ttl;

	ring(world, "c1", "cid:1");
	world_hang_up(world, directory_find_call(world->directory, "pbx@a", "c1")->id);
	world_settle(world);
	assert_non_null(
	        strstr(redis_server_text(&server, "HGET %s left", caller), "\"queue\":\"sales\""));
	ttl = redis_server_number(&server, "TTL %s", caller);
	assert_true(ttl > 3000 && ttl <= 3700);
	ring(world, "c2", "cid:1");
	assert_non_null(strstr(story(world, "c2"), "\"left\":{\"queue\":\"sales\""));
	world_log_in(world, "alice");
	world_answer(world, directory_find_call(world->directory, "pbx@a", "c2")->id);
	usleep(2000);
	world_hang_up(world, directory_find_call(world->directory, "pbx@a", "c2")->id);
	world_settle(world);
	assert_int_equal(redis_server_number(&server, "HEXISTS %s left", caller), 0);
	assert_true(redis_server_number(&server, "TTL %s", caller) > 29 * 86400);
}

static void while_redis_is_away_callers_seen_lately_are_known(void **state)
{
	struct world *world = *state;
	struct call_record call;

	world_log_in(world, "alice");
	world_talk(world, "c1", "cid:1", "alice");
	world_settle(world);
	redis_server_kill(&server);
	world_wait(world, is_away);
	call = ring(world, "c2", "cid:1");
	assert_int_equal(call.known_count, 1);
	assert_true(agent_id_equal(call.known[0].agent, world_agent(world, "alice")));
	call = ring(world, "c3", "cid:unseen");
	assert_int_equal(call.known_count, 0);
	assert_int_equal(call.why, WHY_LOOKUP_LATE);
	redis_server_restart(&server);
	world_wait(world, is_up);
}

static bool is_read(struct world *world)
{
	return world->read > 0;
}

static void a_memory_is_read_as_json(void **state)
{
	struct world *world = *state;

	world_log_in(world, "alice");
	world_talk(world, "c1", "cid:1", "alice");
	world_settle(world);
	freeReplyObject(redis_server_ask(&server, "HSET %scaller:cid:1 name %s notes %s",
	                                 WORLD_PREFIX, "\xe5\xb1\xb1\xe7\x94\xb0", "a \"b\"\n"));
	store_read_caller(world->store, "cid:1", 77);
	world_wait(world, is_read);
	assert_int_equal(world->read_outcome, 0);
	assert_memory_equal(world->read_json, "{\"key\":\"cid:1\",", 15);
	assert_non_null(strstr(world->read_json, "\"notes\":\"a \\\"b\\\"\\n\""));
	assert_non_null(strstr(world->read_json, "\"agents\":[{\"agent\":\"alice\",\"at\":\"20"));
	assert_non_null(strstr(world->read_json, world->contact));
}

static void a_memory_that_is_not_there_is_no_error(void **state)
{
	struct world *world = *state;

	store_read_caller(world->store, "tel:+811", 77);
	world_wait(world, is_read);
	assert_int_equal(world->read_outcome, 0);
	assert_string_equal(world->read_json, "");
}

static void a_memory_cannot_be_read_while_redis_is_away(void **state)
{
	struct world *world = *state;

	redis_server_kill(&server);
	store_read_caller(world->store, "cid:1", 77); /* sent, and lost */
	world_wait(world, is_read);
	assert_int_equal(world->read_outcome, -ENOTCONN);
	world_wait(world, is_away);
	store_read_caller(world->store, "cid:1", 77); /* not even sent */
	assert_int_equal(world->read, 1);             /* never from inside */
	while (world->read == 1)
		event_base_loop(world->base, EVLOOP_ONCE);
	assert_int_equal(world->read_outcome, -ENOTCONN);
	redis_server_restart(&server);
}

static void a_full_inbox_delays_answers_and_loses_none(void **state)
{
	struct world *world = *state;
	struct call_id calls[50];

	for (unsigned i = 0; i < ARRAY_LEN(calls); i++) {
		struct core_event ev = { .type = EVT_CALL_ARRIVED };
		struct call_facts facts;
		char name[16];

		snprintf(name, sizeof(name), "c%u", i);
		facts = world_facts(name, "cid:1");
		ev.call_arrived.call = calls[i] = directory_add_call(world->directory, &facts)->id;
		ev.call_arrived.identity = IDENTITY_KEYED;
		ev.call_arrived.arrived_at = clock_now();
		loop_apply(world->loop, &ev);
	}
	/* Answers come in while no more fits. */
	while (loop_post(world->loop, &(struct core_event){ .type = EVT_TIME_PASSED }) == 0)
		;
	for (unsigned i = 0; i < ARRAY_LEN(calls); i++)
		recalled(world, calls[i]);
}

#define RECALL_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RECALL_TEST(a_caller_who_talked_is_known_by_the_same_key),
		RECALL_TEST(a_caller_is_known_before_the_credit_has_arrived),
		RECALL_TEST(the_last_agents_are_kept_and_the_oldest_falls_out),
		RECALL_TEST(an_agent_nobody_knows_any_more_still_makes_a_returning_caller),
		RECALL_TEST(pins_and_exclusions_are_known_without_redis_too),
		RECALL_TEST(a_number_that_meets_too_many_is_known_to_be_shared),
		RECALL_TEST(what_is_forgotten_in_redis_is_forgotten),
		RECALL_TEST(a_contact_may_leave_the_window_as_it_began),
		RECALL_TEST(agents_that_the_crm_excludes_do_not_count),
		RECALL_TEST(one_customer_with_a_number_is_found_by_the_number_alone),
		RECALL_TEST(a_number_of_three_customers_is_nobodys),
		RECALL_TEST(one_who_gave_up_is_remembered_until_somebody_answers),
		RECALL_TEST(while_redis_is_away_callers_seen_lately_are_known),
		RECALL_TEST(a_memory_is_read_as_json),
		RECALL_TEST(a_memory_that_is_not_there_is_no_error),
		RECALL_TEST(a_memory_cannot_be_read_while_redis_is_away),
		RECALL_TEST(a_full_inbox_delays_answers_and_loses_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
