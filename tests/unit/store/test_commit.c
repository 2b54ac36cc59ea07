#include "keys.h"
#include "world.h"

/* Connections end and servers die at any moment: everything arrives, and once. */

static struct redis_server server;

static int set_up(void **state)
{
	static struct world world;

	redis_server_start(&server, NULL);
	world_prepare(&world, &server);
	world.options->calls_max = 20000;
	*state = &world;
	return 0;
}

static int tear_down(void **state)
{
	world_close(*state);
	redis_server_stop(&server);
	return 0;
}

static void lives(struct world *world, unsigned from, unsigned count)
{
	for (unsigned i = from; i < from + count; i++) {
		char name[24], key[32];

		snprintf(name, sizeof(name), "c%u", i);
		snprintf(key, sizeof(key), "cid:%u", i);
		world_talk(world, name, key, "alice");
	}
}

/* Every call has one entry, and none has two. */
static void each_call_has_one_contact(unsigned count)
{
	redisReply *range = redis_server_ask(&server, "XRANGE %scontacts - +", WORLD_PREFIX);
	unsigned char *seen = calloc(count, 1);

	assert_int_equal(range->elements, count);
	for (size_t i = 0; i < range->elements; i++) {
		static const char call[] = "\"call\":\"c";
		const redisReply *fields = range->element[i]->element[1];
		const char *name = strstr(fields->element[1]->str, call);
		unsigned number;

		assert_non_null(name);
		number = (unsigned)atoi(name + strlen(call));
		assert_true(number < count);
		assert_int_equal(seen[number]++, 0);
	}
	free(seen);
	freeReplyObject(range);
}

/* Redis has exactly the calls of the core. */
static void redis_has_what_is_alive(struct world *world)
{
	redisReply *reply = redis_server_ask(&server, "HKEYS %scalls", WORLD_PREFIX);

	assert_int_equal(reply->elements, directory_calls(world->directory));
	for (size_t i = 0; i < reply->elements; i++) {
		*strrchr(reply->element[i]->str, '@') = '\0';
		assert_non_null(
		        directory_find_call(world->directory, "pbx@a", reply->element[i]->str));
	}
	freeReplyObject(reply);
	/* What is left aside is of a rewrite that was broken off, and goes by itself. */
	reply = redis_server_ask(&server, "KEYS *:*.*");
	for (size_t i = 0; i < reply->elements; i++)
		assert_in_range(redis_server_number(&server, "PTTL %s", reply->element[i]->str), 1,
		                REWRITE_KEEP / MSEC(1));
	freeReplyObject(reply);
}

static void waiters(struct world *world, unsigned from, unsigned count)
{
	for (unsigned i = from; i < from + count; i++) {
		char name[24];

		snprintf(name, sizeof(name), "w%u", i);
		world_arrive(world, name, "");
	}
}

static void killed_connections_lose_nothing_and_double_nothing(void **state)
{
	struct world *world = *state;
	unsigned count = 0;

	world_open(world);
	world_wait(world, is_recovered);
	world_log_in(world, "alice");
	for (unsigned round = 0; round < 20; round++) {
		lives(world, count, 7);
		count += 7;
		/* In the middle of things: some of it has been sent and not answered. */
		freeReplyObject(redis_server_ask(&server, "CLIENT KILL TYPE normal SKIPME yes"));
		lives(world, count, 3);
		count += 3;
		if (round % 2 == 0)
			world_wait(world, is_up);
	}
	world_wait(world, is_up);
	world_settle(world);
	each_call_has_one_contact(count);
	redis_has_what_is_alive(world);
	assert_true(world->meters.store_reconnects >= 10);
	assert_false(world->meters.store_degraded);
	assert_int_equal(world->meters.store_backlog_bytes, 0);
	assert_int_equal(world->meters.spool_records, 0);
}

static void a_killed_server_comes_back_with_what_memory_has(void **state)
{
	struct world *world = *state;

	world_open(world);
	world_wait(world, is_recovered);
	waiters(world, 0, 100);
	world_log_in(world, "alice"); /* takes w0 */
	world_answer(world, directory_find_call(world->directory, "pbx@a", "w0")->id);
	world_hang_up(world, directory_find_call(world->directory, "pbx@a", "w0")->id);
	world_settle(world);
	redis_server_kill(&server);
	world_wait(world, is_away);
	assert_true(world->meters.store_degraded);
	assert_false(world->meters.leader);
	/* Life goes on meanwhile. */
	for (unsigned i = 1; i < 50; i++) {
		char name[16];

		snprintf(name, sizeof(name), "w%u", i);
		world_hang_up(world, directory_find_call(world->directory, "pbx@a", name)->id);
	}
	waiters(world, 100, 1200); /* more than a chunk */
	assert_true(world->meters.store_backlog_bytes > 0);
	assert_int_equal(world->meters.spool_records, 49);
	redis_server_restart(&server);
	world_wait(world, is_up);
	assert_int_equal(world->meters.spool_records, 0);
	waiters(world, 1300, 10);
	world_settle(world);
	redis_has_what_is_alive(world);
	assert_int_equal(redis_server_number(&server, "XLEN %scontacts", WORLD_PREFIX), 50);
	assert_int_equal(redis_server_number(&server, "HLEN %sagents", WORLD_PREFIX), 1);
	assert_int_equal(redis_server_number(&server, "TTL %scalls", WORLD_PREFIX), -1);
}

static void calls_that_end_while_all_is_written_anew_stay_ended(void **state)
{
	struct world *world = *state;
	unsigned ended = 0;

	world_open(world);
	world_wait(world, is_recovered);
	waiters(world, 0, 5000);
	world_settle(world);
	freeReplyObject(redis_server_ask(&server, "CLIENT KILL TYPE normal SKIPME yes"));
	world_wait(world, is_away);
	/* One ends and one comes in every turn while chunk after chunk is written. */
	while (!is_up(world)) {
		char name[16];

		event_base_loop(world->base, EVLOOP_NONBLOCK);
		snprintf(name, sizeof(name), "w%u", ended);
		world_hang_up(world, directory_find_call(world->directory, "pbx@a", name)->id);
		waiters(world, 5000 + ended, 1);
		ended++;
		usleep(500);
	}
	assert_true(ended > 5);
	world_settle(world);
	redis_has_what_is_alive(world);
	assert_int_equal(redis_server_number(&server, "XLEN %scontacts", WORLD_PREFIX), ended);
}

static void an_empty_redis_is_filled_again(void **state)
{
	struct world *world = *state;

	world_open(world);
	world_wait(world, is_recovered);
	world_log_in(world, "alice");
	lives(world, 0, 5);
	waiters(world, 0, 10);
	world_settle(world);
	/* What a restart without its file would be. */
	freeReplyObject(redis_server_ask(&server, "FLUSHALL"));
	freeReplyObject(redis_server_ask(&server, "FUNCTION FLUSH"));
	world_wait(world, is_away);
	world_wait(world, is_up);
	world_settle(world);
	redis_has_what_is_alive(world);
	each_call_has_one_contact(5); /* seconds old: they were still kept */
	assert_true(redis_server_number(&server, "HGET %slease epoch", WORLD_PREFIX) >= 2);
}

static void what_a_server_forgot_of_its_last_second_is_sent_again(void **state)
{
	struct world *world = *state;

	world_open(world);
	world_wait(world, is_recovered);
	world_log_in(world, "alice");
	lives(world, 0, 3);
	world_settle(world);
	freeReplyObject(redis_server_ask(&server, "CONFIG SET appendonly no"));
	lives(world, 3, 4); /* confirmed, and not in the file */
	world_settle(world);
	assert_int_equal(redis_server_number(&server, "XLEN %scontacts", WORLD_PREFIX), 7);
	redis_server_kill(&server);
	redis_server_restart(&server);
	world_wait(world, is_away);
	world_wait(world, is_up);
	world_settle(world);
	each_call_has_one_contact(7);
}

static void a_deposed_writer_is_refused_and_takes_the_lease_anew(void **state)
{
	struct world *world = *state;

	world_open(world);
	world_wait(world, is_recovered);
	waiters(world, 0, 3);
	world_settle(world);
	freeReplyObject(redis_server_ask(
	        &server, "HSET %slease epoch 41 holder somebody until 0 commit 7", WORLD_PREFIX));
	waiters(world, 3, 3);
	world_wait(world, is_away);
	world_wait(world, is_up);
	world_settle(world);
	assert_int_equal(redis_server_number(&server, "HGET %slease epoch", WORLD_PREFIX), 42);
	assert_int_equal(world->meters.store_epoch, 42);
	redis_has_what_is_alive(world);
}

static void the_backlog_is_bounded_and_what_is_dropped_is_counted(void **state)
{
	struct world *world = *state;

	world->options->redis.backlog_max = 512 * 1024;
	world_open(world);
	world_wait(world, is_recovered);
	world_settle(world);
	redis_server_kill(&server);
	world_wait(world, is_away);
	for (unsigned i = 0; i < 3000; i++) {
		char name[16];

		snprintf(name, sizeof(name), "w%u", i);
		world_hang_up(world, world_arrive(world, name, ""));
	}
	assert_true(world->meters.store_backlog_bytes < 1024 * 1024);
	assert_true(world->meters.store_backlog_dropped > 100);
	redis_server_restart(&server);
	world_wait(world, is_up);
	world_settle(world);
	assert_int_equal(redis_server_number(&server, "XLEN %scontacts", WORLD_PREFIX) +
	                         (long long)world->meters.store_backlog_dropped,
	                 3000);
}

static void a_server_that_stands_still_is_left_and_found_again(void **state)
{
	struct world *world = *state;

	world_open(world);
	world_wait(world, is_recovered);
	world_log_in(world, "alice");
	lives(world, 0, 2);
	world_settle(world);
	kill(server.pid, SIGSTOP);
	world_log_in(world, "bob");
	world_agent_event(world, "bob", EVT_AGENT_PAUSED);
	waiters(world, 0, 1);
	world_hang_up(world, directory_find_call(world->directory, "pbx@a", "w0")->id);
	world_wait(world, is_away);
	waiters(world, 1, 20);
	kill(server.pid, SIGCONT);
	/* What the old connection still had may be done now, before or after the new
	 * one's: the outcome is the same. */
	world_wait(world, is_up);
	world_settle(world);
	redis_has_what_is_alive(world);
	assert_int_equal(redis_server_number(&server, "XLEN %scontacts", WORLD_PREFIX), 3);
}

static void a_server_that_refuses_to_write_is_a_server_away(void **state)
{
	struct world *world = *state;

	world_open(world);
	world_wait(world, is_recovered);
	waiters(world, 0, 3);
	world_settle(world);
	freeReplyObject(redis_server_ask(&server, "CONFIG SET maxmemory 1"));
	waiters(world, 3, 3);
	world_wait(world, is_away);
	assert_true(world->meters.store_commit_failures > 0);
	freeReplyObject(redis_server_ask(&server, "CONFIG SET maxmemory 0"));
	world_wait(world, is_up);
	world_settle(world);
	redis_has_what_is_alive(world);
}

#define COMMIT_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		COMMIT_TEST(killed_connections_lose_nothing_and_double_nothing),
		COMMIT_TEST(a_killed_server_comes_back_with_what_memory_has),
		COMMIT_TEST(calls_that_end_while_all_is_written_anew_stay_ended),
		COMMIT_TEST(an_empty_redis_is_filled_again),
		COMMIT_TEST(what_a_server_forgot_of_its_last_second_is_sent_again),
		COMMIT_TEST(a_deposed_writer_is_refused_and_takes_the_lease_anew),
		COMMIT_TEST(the_backlog_is_bounded_and_what_is_dropped_is_counted),
		COMMIT_TEST(a_server_that_stands_still_is_left_and_found_again),
		COMMIT_TEST(a_server_that_refuses_to_write_is_a_server_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
