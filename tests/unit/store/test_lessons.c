#include "world.h"

/* What people say of callers, and that Redis, the next call and the cache have it. */

static struct redis_server server;

static int set_up(void **state)
{
	static struct world world;

	redis_server_start(&server, NULL);
	world_prepare(&world, &server);
	for (size_t i = 0; i < world.options->queues_count; i++) {
		world.options->queues[i].pins = world.options->queues[i].exclusions = true;
		world.options->queues[i].refresh = true;
	}
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

static void arrive_there(struct world *world)
{
	loop_nudge(world->loop);
	world_settle(world);
}

static struct call_record ring(struct world *world, const char *name, const char *key)
{
	struct call_id call = world_arrive(world, name, key);
	usec_t until = clock_monotonic() + SEC(60);

	while (world_call(world, call).state == CALL_RECALLING) {
		assert_true(clock_monotonic() < until);
		event_base_loop(world->base, EVLOOP_NONBLOCK);
	}
	return world_call(world, call);
}

static void a_pin_makes_a_memory_that_lives_a_year(void **state)
{
	struct world *world = *state;
	char caller[] = WORLD_PREFIX "caller:cid:1";
	struct call_record call;
	long long days;

	world_log_in(world, "alice");
	world_log_in(world, "bob");
	world_talk(world, "c1", "cid:1", "alice");
	world_settle(world);
	freeReplyObject(redis_server_ask(&server, "DEL %s", caller));
	store_pin(world->store, "cid:1", "bob");
	arrive_there(world);
	assert_string_equal(redis_server_text(&server, "HGET %s pin", caller), "bob");
	assert_int_equal(strlen(redis_server_text(&server, "HGET %s pin_at", caller)), 24);
	assert_string_equal(redis_server_text(&server, "HGET %s v", caller), "1");
	days = redis_server_number(&server, "TTL %s", caller) / 86400;
	assert_true(days >= 364 && days <= 365);
	call = ring(world, "c2", "cid:1");
	assert_int_equal(call.known_count, 1);
	assert_true(call.known[0].pinned);
	assert_true(agent_id_equal(call.agent, world_agent(world, "bob")));
	assert_int_equal(call.sticky, STICKY_OWN);

	store_pin(world->store, "cid:1", NULL);
	arrive_there(world);
	assert_int_equal(redis_server_number(&server, "HEXISTS %s pin", caller), 0);
	assert_int_equal(redis_server_number(&server, "HEXISTS %s pin_at", caller), 0);
}

static void a_pin_counts_before_it_has_arrived(void **state)
{
	struct world *world = *state;
	struct call_facts facts = world_facts("c1", "cid:1");
	struct core_event ev = { .type = EVT_CALL_ARRIVED };
	struct call_id id;

	world_log_in(world, "alice");
	world_log_in(world, "bob");
	id = directory_add_call(world->directory, &facts)->id;
	ev.call_arrived.call = id;
	ev.call_arrived.identity = IDENTITY_KEYED;
	ev.call_arrived.arrived_at = clock_now();
	/* Both in one turn: the question is asked before the pin is sent. */
	assert_int_equal(loop_post(world->loop, &ev), 0);
	store_pin(world->store, "cid:1", "bob");
	while (world_call(world, id).state != CALL_OFFERED)
		event_base_loop(world->base, EVLOOP_NONBLOCK);
	assert_true(agent_id_equal(world_call(world, id).agent, world_agent(world, "bob")));
}

static void an_excluded_agent_does_not_get_the_caller(void **state)
{
	const struct exclusion_said said = { .until = clock_now() + HOUR(1),
		                             .reason = "shouted \"no\"",
		                             .by = "boss" };
	struct world *world = *state;
	char caller[] = WORLD_PREFIX "caller:cid:1";
	struct call_record call;
	const char *value;

	world_log_in(world, "alice");
	world_talk(world, "c1", "cid:1", "alice");
	store_exclude(world->store, "cid:1", "alice", &said);
	arrive_there(world);
	value = redis_server_text(&server, "HGET %s exclude:alice", caller);
	assert_non_null(strstr(value, "\"reason\":\"shouted \\\"no\\\"\",\"by\":\"boss\""));
	assert_non_null(strstr(value, "{\"until\":\"20"));
	call = ring(world, "c2", "cid:1");
	assert_int_equal(call.state, CALL_WAITING);
	assert_int_equal(call.excluded_count, 1);
	store_exclude(world->store, "cid:1", "alice", NULL);
	arrive_there(world);
	assert_int_equal(redis_server_number(&server, "HEXISTS %s exclude:alice", caller), 0);
	world_hang_up(world, call.id);
	assert_int_equal(ring(world, "c3", "cid:1").sticky, STICKY_OWN);
}

static void notes_are_kept_replaced_and_taken_away(void **state)
{
	struct world *world = *state;
	char caller[] = WORLD_PREFIX "caller:tel:+811";

	store_note(world->store, "tel:+811", "");
	arrive_there(world);
	assert_int_equal(redis_server_number(&server, "EXISTS %s", caller), 0);
	store_note(world->store, "tel:+811", "likes tea");
	store_note(world->store, "tel:+811", "likes green tea");
	arrive_there(world);
	assert_string_equal(redis_server_text(&server, "HGET %s notes", caller), "likes green tea");
	store_note(world->store, "tel:+811", "");
	arrive_there(world);
	assert_int_equal(redis_server_number(&server, "HEXISTS %s notes", caller), 0);
}

static void what_is_said_of_a_number_is_said_of_its_one_customer(void **state)
{
	struct world *world = *state;
	char number[] = WORLD_PREFIX "caller:tel:+811", alias[] = WORLD_PREFIX "alias:+811";

	freeReplyObject(redis_server_ask(&server, "SADD %s 4711", alias));
	store_note(world->store, "tel:+811", "first");
	arrive_there(world);
	/* The customer has no memory: then it is the number's, as in caller.get. */
	assert_string_equal(redis_server_text(&server, "HGET %s notes", number), "first");
	freeReplyObject(
	        redis_server_ask(&server, "HSET %scaller:cid:4711 name Taro", WORLD_PREFIX));
	store_note(world->store, "tel:+811", "second");
	arrive_there(world);
	assert_string_equal(
	        redis_server_text(&server, "HGET %scaller:cid:4711 notes", WORLD_PREFIX), "second");
	assert_string_equal(redis_server_text(&server, "HGET %s notes", number), "first");
	/* Of two it is nobody's in particular. */
	freeReplyObject(redis_server_ask(&server, "SADD %s 4712", alias));
	store_note(world->store, "tel:+811", "third");
	arrive_there(world);
	assert_string_equal(redis_server_text(&server, "HGET %s notes", number), "third");
}

static void an_agent_who_called_is_known_and_the_contact_recorded(void **state)
{
	struct world *world = *state;
	struct outbound outbound = { .queue = 1,
		                     .at = clock_now() - MINUTE(5),
		                     .talk = SEC(75),
		                     .key = "cid:1",
		                     .client = "pbx@a" };
	char first[33], second[33];
	struct call_record call;
	redisReply *entries;
	const char *value;

	world_log_in(world, "alice");
	world_log_in(world, "bob");
	outbound.agent = world_agent(world, "bob");
	store_outbound(world->store, &outbound, first);
	arrive_there(world);
	call = ring(world, "c1", "cid:1");
	assert_true(agent_id_equal(call.agent, world_agent(world, "bob")));
	assert_int_equal(call.sticky, STICKY_OWN);
	assert_true(clock_now() - call.known[0].at > MINUTE(4));
	entries = redis_server_ask(&server, "XRANGE %scontacts - +", WORLD_PREFIX);
	assert_int_equal(entries->elements, 1);
	assert_string_equal(entries->element[0]->element[1]->element[0]->str, "outbound");
	value = entries->element[0]->element[1]->element[1]->str;
	assert_non_null(strstr(value, first));
	assert_non_null(strstr(value, "\"talk_ms\":75000,\"key\":\"cid:1\""));
	assert_non_null(strstr(value, "\"agent\":\"bob\",\"queue\":\"service \\\"desk\\\"\""));
	freeReplyObject(entries);
	assert_string_equal(
	        redis_server_text(&server, "HGET %scaller:cid:1 last_contact", WORLD_PREFIX),
	        first);
	/* A report that comes late does not make the contact older. */
	outbound.at -= MINUTE(30);
	store_outbound(world->store, &outbound, second);
	assert_string_not_equal(second, first);
	arrive_there(world);
	world_hang_up(world, call.id);
	assert_true(clock_now() - ring(world, "c2", "cid:1").known[0].at < MINUTE(10));
}

static void what_is_said_while_redis_is_away_is_there_afterwards(void **state)
{
	struct world *world = *state;
	struct call_record call;

	world_log_in(world, "alice");
	world_settle(world);
	redis_server_kill(&server);
	world_wait(world, is_away);
	store_pin(world->store, "cid:1", "alice");
	store_note(world->store, "cid:1", "likes tea");
	loop_nudge(world->loop);
	event_base_loop(world->base, EVLOOP_NONBLOCK);
	call = ring(world, "c1", "cid:1"); /* the cache knows */
	assert_int_equal(call.known_count, 1);
	assert_true(call.known[0].pinned);
	redis_server_restart(&server);
	world_wait(world, is_up);
	world_settle(world);
	assert_string_equal(redis_server_text(&server, "HGET %scaller:cid:1 pin", WORLD_PREFIX),
	                    "alice");
	assert_string_equal(redis_server_text(&server, "HGET %scaller:cid:1 notes", WORLD_PREFIX),
	                    "likes tea");
}

#define LESSON_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LESSON_TEST(a_pin_makes_a_memory_that_lives_a_year),
		LESSON_TEST(a_pin_counts_before_it_has_arrived),
		LESSON_TEST(an_excluded_agent_does_not_get_the_caller),
		LESSON_TEST(notes_are_kept_replaced_and_taken_away),
		LESSON_TEST(what_is_said_of_a_number_is_said_of_its_one_customer),
		LESSON_TEST(an_agent_who_called_is_known_and_the_contact_recorded),
		LESSON_TEST(what_is_said_while_redis_is_away_is_there_afterwards),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
