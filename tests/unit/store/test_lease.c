#include "world.h"

/* One daemon leads a site at a time. */

static struct redis_server server;

static int set_up(void **state)
{
	static struct world worlds[2];

	redis_server_start(&server, NULL);
	world_prepare(&worlds[0], &server);
	world_prepare(&worlds[1], &server);
	world_set(&worlds[1].options->rpc.listen, "127.0.0.1:7171");
	*state = worlds;
	return 0;
}

/* As the link says where it listens before the store starts. */
static void open_listening(struct world *world)
{
	struct whereabouts *own = &world->meters.own;

	world_open(world);
	snprintf(own->rpc, sizeof(own->rpc), "%s", world->options->rpc.listen);
}

static int tear_down(void **state)
{
	struct world *worlds = *state;

	for (unsigned i = 0; i < 2; i++)
		if (worlds[i].store != NULL)
			world_close(&worlds[i]);
		else if (worlds[i].options != NULL)
			options_free(worlds[i].options);
	redis_server_stop(&server);
	return 0;
}

static void the_lease_says_who_leads_and_is_renewed(void **state)
{
	struct world *world = *state;
	long long first, second;

	open_listening(world);
	world_wait(world, is_recovered);
	assert_true(world->meters.leader);
	assert_int_equal(world->meters.store_epoch, 1);
	assert_string_equal(redis_server_text(&server, "HGET %slease address", WORLD_PREFIX),
	                    "127.0.0.1:7070");
	assert_int_equal(redis_server_number(&server, "HGET %sconfig v", WORLD_PREFIX), 1);
	first = redis_server_number(&server, "HGET %slease until", WORLD_PREFIX);
	world_wait_at_most(world, is_away, MSEC(900));
	second = redis_server_number(&server, "HGET %slease until", WORLD_PREFIX);
	assert_true(second - first >= 500);
}

static void another_daemon_waits_and_takes_over_at_a_clean_stop(void **state)
{
	struct world *worlds = *state;

	open_listening(&worlds[0]);
	world_wait(&worlds[0], is_recovered);
	world_arrive(&worlds[0], "c1", "");
	world_settle(&worlds[0]);
	open_listening(&worlds[1]);
	assert_false(world_wait_at_most(&worlds[1], is_recovered, MSEC(200)));
	assert_false(worlds[1].meters.leader || worlds[1].meters.standing_by);
	/* The first renews its lease, and so the second knows that it is alive. */
	for (unsigned i = 0; i < 400 && !worlds[1].meters.standing_by; i++) {
		world_wait_at_most(&worlds[0], is_away, MSEC(100));
		world_wait_at_most(&worlds[1], is_recovered, MSEC(50));
	}
	assert_true(worlds[1].meters.standing_by);
	assert_string_equal(worlds[1].meters.leader_at.rpc, "127.0.0.1:7070");
	assert_string_equal(worlds[1].meters.leader_at.agi, "");
	world_close(&worlds[0]);
	/* It need not run out. */
	assert_int_equal(redis_server_number(&server, "HGET %slease until", WORLD_PREFIX), 0);
	world_wait(&worlds[1], is_recovered);
	assert_false(worlds[1].meters.standing_by);
	assert_string_equal(worlds[1].meters.leader_at.rpc, "");
	assert_string_equal(redis_server_text(&server, "HGET %slease address", WORLD_PREFIX),
	                    "127.0.0.1:7171");
	assert_int_equal(worlds[1].meters.store_epoch, 2);
	assert_int_equal(directory_calls(worlds[1].directory), 1);
}

/* Somebody else's lease, for so long from now. */
static void lend_for(usec_t span, const char *holder, const char *address)
{
	freeReplyObject(redis_server_ask(
	        &server, "HSET %slease holder %s address %s epoch 8 until %lld", WORLD_PREFIX,
	        holder, address, (long long)((clock_now() + span) / MSEC(1))));
}

static void lend(const char *holder, const char *address)
{
	lend_for(MINUTE(1), holder, address);
}

static bool is_told(const struct world *world, const char *rpc, const char *agi)
{
	const struct meters *meters = &world->meters;

	return meters->standing_by && strcmp(meters->leader_at.rpc, rpc) == 0 &&
	       strcmp(meters->leader_at.agi, agi) == 0;
}

#define assert_told(world, rpc, agi) \
	do { \
		for (unsigned i_ = 0; i_ < 1200 && !is_told(world, rpc, agi); i_++) \
			world_wait_at_most(world, is_recovered, MSEC(50)); \
		assert_true(is_told(world, rpc, agi)); \
	} while (0)

static void who_stands_by_knows_where_the_leader_is_reached(void **state)
{
	struct world *world = *state;

	lend("osaka:x", "192.0.2.7:7070");
	open_listening(world);
	assert_told(world, "192.0.2.7:7070", "");
	/* Another one leads now, and is seen without a pause. */
	lend("kyoto:x", "pbx-b:7070 agi://pbx-b:4573");
	assert_told(world, "pbx-b:7070", "pbx-b:4573");
	/* One of an older version, which listens on every address. */
	lend("nara:0.0.0.0:7070", "0.0.0.0:7070");
	assert_told(world, "", "");
}

static void one_who_leads_may_be_late_once(void **state)
{
	struct world *world = *state;

	lend("osaka:x", "192.0.2.7:7070");
	open_listening(world);
	assert_told(world, "192.0.2.7:7070", "");
	/* Whenever it is looked at, it was renewed last before the look before. */
	for (unsigned i = 0; i < 30; i++) {
		lend_for(MSEC(900), "osaka:x", "192.0.2.7:7070");
		world_wait_at_most(world, is_recovered, MSEC(50));
		assert_true(is_told(world, "192.0.2.7:7070", ""));
	}
	for (unsigned i = 0; i < 1200 && world->meters.standing_by; i++) {
		lend_for(MSEC(450), "osaka:x", "192.0.2.7:7070");
		world_wait_at_most(world, is_recovered, MSEC(50));
	}
	assert_false(world->meters.standing_by);
}

static void both_addresses_stand_in_the_lease(void **state)
{
	struct world *world = *state;

	open_listening(world);
	strcpy(world->meters.own.rpc, "pbx-a:7070");
	strcpy(world->meters.own.agi, "pbx-a:4573");
	world_wait(world, is_recovered);
	assert_string_equal(redis_server_text(&server, "HGET %slease address", WORLD_PREFIX),
	                    "pbx-a:7070 agi://pbx-a:4573");
}

static void the_leader_is_not_known_while_redis_is_away(void **state)
{
	struct world *world = *state;

	lend("osaka:x", "192.0.2.7:7070");
	open_listening(world);
	assert_told(world, "192.0.2.7:7070", "");
	redis_server_kill(&server);
	for (unsigned i = 0; i < 1200 && world->meters.standing_by; i++)
		world_wait_at_most(world, is_recovered, MSEC(50));
	assert_false(world->meters.standing_by);
	assert_string_equal(world->meters.leader_at.rpc, "");
}

static bool is_deposed(struct world *world)
{
	return world->deposed > 0;
}

/* It was not heard of for so long that somebody else has taken over. */
static void a_leader_is_told_that_it_was_deposed(void **state)
{
	struct world *world = *state;

	open_listening(world);
	world_wait(world, is_recovered);
	world_arrive(world, "c1", "");
	world_settle(world);
	assert_int_equal(world->deposed, 0);
	lend("osaka:x", "192.0.2.7:7070");
	world_wait(world, is_deposed);
	assert_false(world->meters.leader);
	/* What it has is not written over the other's. */
	world_arrive(world, "c2", "");
	world_wait_at_most(world, is_up, MSEC(700));
	assert_int_equal(redis_server_number(&server, "HGET %slease epoch", WORLD_PREFIX), 8);
	assert_int_equal(redis_server_number(&server, "HLEN %scalls", WORLD_PREFIX), 1);
}

static void the_same_daemon_need_not_wait_for_itself(void **state)
{
	struct world *worlds = *state;
	usec_t began;

	/* Its predecessor was killed and has left the lease as it was. */
	freeReplyObject(redis_server_ask(&server, "SET x y"));
	open_listening(&worlds[0]);
	world_wait(&worlds[0], is_recovered);
	world_set(&worlds[1].options->rpc.listen, "127.0.0.1:7070");
	began = clock_monotonic();
	open_listening(&worlds[1]);
	world_wait(&worlds[1], is_recovered);
	assert_true(clock_monotonic() - began < MSEC(1400)); /* it runs out after 1500 */
	assert_int_equal(worlds[1].meters.store_epoch, 2);
}

static void a_lease_that_ran_out_is_free(void **state)
{
	struct world *world = *state;

	freeReplyObject(redis_server_ask(
	        &server, "HSET %slease holder other address a epoch 8 until 1000 commit 3",
	        WORLD_PREFIX));
	open_listening(world);
	world_wait(world, is_recovered);
	assert_int_equal(world->meters.store_epoch, 9);
	assert_int_equal(redis_server_number(&server, "HGET %slease commit", WORLD_PREFIX), 0);
}

static void a_user_who_may_not_load_functions_uses_those_that_are_there(void **state)
{
	struct world *worlds = *state;

	freeReplyObject(
	        redis_server_ask(&server, "ACL SETUSER small on >x ~* +@all -function|load"));
	world_set(&worlds[1].options->redis.user, "small");
	world_set(&worlds[1].options->redis.password, "x");
	open_listening(&worlds[1]);
	assert_false(world_wait_at_most(&worlds[1], is_recovered, MSEC(300)));
	open_listening(&worlds[0]);
	world_wait(&worlds[0], is_recovered);
	world_close(&worlds[0]);
	world_wait(&worlds[1], is_recovered);
}

#define LEASE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LEASE_TEST(the_lease_says_who_leads_and_is_renewed),
		LEASE_TEST(another_daemon_waits_and_takes_over_at_a_clean_stop),
		LEASE_TEST(who_stands_by_knows_where_the_leader_is_reached),
		LEASE_TEST(one_who_leads_may_be_late_once),
		LEASE_TEST(both_addresses_stand_in_the_lease),
		LEASE_TEST(the_leader_is_not_known_while_redis_is_away),
		LEASE_TEST(a_leader_is_told_that_it_was_deposed),
		LEASE_TEST(the_same_daemon_need_not_wait_for_itself),
		LEASE_TEST(a_lease_that_ran_out_is_free),
		LEASE_TEST(a_user_who_may_not_load_functions_uses_those_that_are_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
