#include <errno.h>

#include "world.h"

/* A caller who is forgotten: the memory, whose number it is, and the contacts. */

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

static bool is_forgotten(struct world *world)
{
	return world->forgotten > 0;
}

static void forget(struct world *world, const char *key, const char *number_key)
{
	world->forgotten = 0;
	assert_int_equal(store_forget(world->store, key, number_key, 78), 0);
	world_wait(world, is_forgotten);
	world_settle(world);
	assert_int_equal(world->forget_outcome, 0);
}

static void add_contact(const char *field, const char *json)
{
	freeReplyObject(
	        redis_server_ask(&server, "XADD %scontacts * %s %s", WORLD_PREFIX, field, json));
}

static long long contacts(void)
{
	return redis_server_number(&server, "XLEN %scontacts", WORLD_PREFIX);
}

static void nothing_is_left_of_a_customer(void **state)
{
	struct world *world = *state;
	struct call_id call;

	world_log_in(world, "alice");
	world_talk(world, "c1", "cid:4711", "alice");
	world_talk(world, "c2", "cid:47112", "alice");
	world_settle(world);
	add_contact("disposition",
	            "{\"v\":1,\"note\":\"\\\"key\\\":\\\"cid:4711\\\"\",\"key\":\"cid:1\"}");
	add_contact("disposition", "{\"v\":1,\"note\":\"x\",\"key\":\"cid:4711\"}");
	add_contact("contact", "{\"v\":1,\"key\":\"tel:+811\",\"customer_id\":\"4711\"}");
	add_contact("other", "4711");
	assert_int_equal(contacts(), 6);
	forget(world, "cid:4711", "");
	assert_int_equal(world->erased, 3);
	assert_int_equal(contacts(), 3);
	assert_int_equal(redis_server_number(&server, "EXISTS %scaller:cid:4711", WORLD_PREFIX), 0);
	assert_int_equal(redis_server_number(&server, "EXISTS %scaller:cid:47112", WORLD_PREFIX),
	                 1);
	/* Nor in the daemon. */
	redis_server_kill(&server);
	world_wait(world, is_away);
	call = world_arrive(world, "c3", "cid:4711");
	assert_int_equal(world_call(world, call).known_count, 0);
	assert_int_equal(store_forget(world->store, "cid:4711", "", 78), -ENOTCONN);
	redis_server_restart(&server);
	world_wait(world, is_up);
}

static int64_t surveys(void)
{
	redisReply *keys = redis_server_ask(&server, "KEYS %ssurvey:*", WORLD_PREFIX);
	int64_t count = (int64_t)keys->elements;

	freeReplyObject(keys);
	return count;
}

/* A survey names the contact alone. */
static void what_a_customer_answered_goes_too(void **state)
{
	struct world *world = *state;
	struct survey survey = { .nps = 3, .csat = -1, .index = { -1, -1, -1 }, .by = "pbx" };
	char theirs[33];

	world_log_in(world, "alice");
	world_talk(world, "c1", "cid:4711", "alice");
	snprintf(theirs, sizeof(theirs), "%s", world->contact);
	world_talk(world, "c2", "cid:9", "alice");
	survey.contact = world->contact;
	survey.comment = "\"contact\":\"nobody\"";
	store_survey(world->store, &survey);
	survey.contact = theirs;
	survey.comment = "this is Yamada, call me at home";
	store_survey(world->store, &survey);
	loop_nudge(world->loop);
	world_settle(world);
	assert_int_equal(contacts(), 4);
	assert_int_equal(surveys(), 2);
	forget(world, "cid:4711", "");
	assert_int_equal(world->erased, 2);
	assert_int_equal(contacts(), 2);
	world_settle(world);
	assert_int_equal(surveys(), 1);
	assert_int_equal(redis_server_number(&server, "EXISTS %ssurvey:%s", WORLD_PREFIX, theirs),
	                 0);
}

static void a_number_takes_its_one_customer_with_it(void **state)
{
	struct world *world = *state;

	freeReplyObject(redis_server_ask(&server, "SADD %salias:+811 4711", WORLD_PREFIX));
	freeReplyObject(redis_server_ask(&server, "HSET %scaller:cid:4711 name A", WORLD_PREFIX));
	freeReplyObject(redis_server_ask(&server, "HSET %scaller:tel:+811 name A", WORLD_PREFIX));
	add_contact("contact", "{\"v\":1,\"key\":\"tel:+811\"}");
	add_contact("contact", "{\"v\":1,\"key\":\"cid:4711\"}");
	forget(world, "", "tel:+811");
	assert_int_equal(world->erased, 2);
	assert_int_equal(redis_server_number(&server, "EXISTS %salias:+811", WORLD_PREFIX), 0);
	assert_int_equal(redis_server_number(&server, "EXISTS %scaller:cid:4711", WORLD_PREFIX), 0);
	assert_int_equal(redis_server_number(&server, "EXISTS %scaller:tel:+811", WORLD_PREFIX), 0);
}

static void a_number_of_two_leaves_both_alone(void **state)
{
	struct world *world = *state;

	freeReplyObject(redis_server_ask(&server, "SADD %salias:+811 1 2", WORLD_PREFIX));
	freeReplyObject(redis_server_ask(&server, "HSET %scaller:cid:1 name A", WORLD_PREFIX));
	freeReplyObject(redis_server_ask(&server, "HSET %scaller:cid:2 name B", WORLD_PREFIX));
	forget(world, "cid:1", "tel:+811");
	assert_int_equal(redis_server_number(&server, "EXISTS %scaller:cid:1", WORLD_PREFIX), 0);
	assert_int_equal(redis_server_number(&server, "EXISTS %scaller:cid:2", WORLD_PREFIX), 1);
	assert_int_equal(redis_server_number(&server, "EXISTS %salias:+811", WORLD_PREFIX), 0);
}

static void a_long_stream_is_looked_through_to_its_end(void **state)
{
	struct world *world = *state;

	for (unsigned i = 0; i < 1300; i++) {
		char json[64];

		snprintf(json, sizeof(json), "{\"v\":1,\"key\":\"cid:%u\"}", i % 13);
		add_contact("contact", json);
	}
	forget(world, "cid:7", "");
	assert_int_equal(world->erased, 100);
	assert_int_equal(contacts(), 1200);
	forget(world, "cid:7", "");
	assert_int_equal(world->erased, 0);
}

static void when_redis_goes_it_is_said(void **state)
{
	struct world *world = *state;

	redis_server_kill(&server);
	assert_int_equal(store_forget(world->store, "cid:1", "", 78), 0);
	world_wait(world, is_forgotten);
	assert_int_equal(world->forget_outcome, -ENOTCONN);
	redis_server_restart(&server);
	world_wait(world, is_up);
}

static void not_all_can_be_forgotten_at_once(void **state)
{
	struct world *world = *state;

	for (unsigned i = 0; i < FORGETS_MAX; i++)
		assert_int_equal(store_forget(world->store, "cid:1", "", 78), 0);
	assert_int_equal(store_forget(world->store, "cid:1", "", 78), -EBUSY);
	while (world->forgotten < FORGETS_MAX)
		event_base_loop(world->base, EVLOOP_ONCE);
	assert_int_equal(store_forget(world->store, "cid:1", "tel:+811", 78), 0);
	/* And the daemon may end meanwhile. */
}

#define FORGET_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORGET_TEST(nothing_is_left_of_a_customer),
		FORGET_TEST(what_a_customer_answered_goes_too),
		FORGET_TEST(a_number_takes_its_one_customer_with_it),
		FORGET_TEST(a_number_of_two_leaves_both_alone),
		FORGET_TEST(a_long_stream_is_looked_through_to_its_end),
		FORGET_TEST(when_redis_goes_it_is_said),
		FORGET_TEST(not_all_can_be_forgotten_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
