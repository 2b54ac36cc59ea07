#include "records.h"
#include "world.h"

/* What was acknowledged is there after a restart, with its place and its clocks. */

static struct redis_server server;
static struct world before, after;

static int set_up(void **state)
{
	redis_server_start(&server, NULL);
	world_prepare(&before, &server);
	world_prepare(&after, &server);
	*state = NULL;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	world_close(&after);
	redis_server_stop(&server);
	return 0;
}

static void restart(void)
{
	world_close(&before);
	world_open(&after);
	world_wait(&after, is_recovered);
}

/* Handles are new after a restart: names are compared. */
static void same_call(const char *name)
{
	static char was[65536], is[65536];
	struct call_card *old = directory_find_call(before.directory, "pbx@a", name);
	struct call_card *new = directory_find_call(after.directory, "pbx@a", name);
	struct call_saved saved;

	assert_non_null(old);
	assert_non_null(new);
	saved = (struct call_saved){ world_call(&before, old->id),
		                     old->facts,
		                     old->fingerprint,
		                     old->days.told_at,
		                     old->days.told_wait,
		                     old->days.wrapup,
		                     "",
		                     false };
	assert_true(call_saved_write(&saved, before.directory, was, sizeof(was)) > 0);
	saved = (struct call_saved){ world_call(&after, new->id),
		                     new->facts,
		                     new->fingerprint,
		                     new->days.told_at,
		                     new->days.told_wait,
		                     new->days.wrapup,
		                     "",
		                     false };
	assert_true(call_saved_write(&saved, after.directory, is, sizeof(is)) > 0);
	assert_string_equal(is, was);
}

static void same_agent(const char *name)
{
	struct agent_record was, is;

	assert_true(core_get_agent(loop_core(before.loop), world_agent(&before, name), &was));
	assert_true(core_get_agent(loop_core(after.loop), world_agent(&after, name), &is));
	assert_int_equal(is.state, was.state);
	assert_int_equal(is.since, was.since);
	assert_int_equal(is.until, was.until);
	assert_int_equal(is.idle_since, was.idle_since);
	assert_int_equal(is.pending, was.pending);
	assert_int_equal(is.cause, was.cause);
	assert_int_equal(is.device, was.device);
	assert_memory_equal(is.misses, was.misses, sizeof(is.misses));
	assert_int_equal(is.queues_count, was.queues_count);
	assert_memory_equal(is.queues, was.queues, is.queues_count * sizeof(is.queues[0]));
	assert_string_equal(directory_agent(after.directory, world_agent(&after, name))->target,
	                    directory_agent(before.directory, world_agent(&before, name))->target);
	assert_string_equal(
	        directory_agent(after.directory, world_agent(&after, name))->pause_reason,
	        directory_agent(before.directory, world_agent(&before, name))->pause_reason);
}

static struct call_id find(struct world *world, const char *name)
{
	struct call_card *card = directory_find_call(world->directory, "pbx@a", name);

	return card == NULL ? (struct call_id){ 0 } : card->id;
}

static void a_busy_floor_comes_back_as_it_was(void **state)
{
	struct call_facts facts = world_facts("wait-1", "");
	struct core_event device = { .type = EVT_AGENT_DEVICE_CHANGED };

	(void)state;
	world_open(&before);
	world_wait(&before, is_recovered);
	world_log_in(&before, "talks");
	world_answer(&before, world_arrive(&before, "talk-1", ""));
	world_agent_event(&before, "talks", EVT_AGENT_PAUSED); /* at the end of the call */
	world_log_in(&before, "wraps");
	world_answer(&before, world_arrive(&before, "gone-1", ""));
	world_hang_up(&before, find(&before, "gone-1"));
	world_log_in(&before, "rings");
	world_arrive(&before, "ring-1", "");
	world_log_in(&before, "paused");
	world_agent_event(&before, "paused", EVT_AGENT_PAUSED);
	assert_true(directory_set_agent(before.directory,
	                                directory_find_agent(before.directory, "paused"), NULL,
	                                "lunch \"early\""));
	world_log_in(&before, "left");
	world_agent_event(&before, "left", EVT_AGENT_LOGGED_OUT);
	device.agent_device_changed.agent = world_agent(&before, "paused");
	device.agent_device_changed.device = DEVICE_UNREACHABLE;
	world_post(&before, device);
	facts.data = "{\"ivr\":[1,2,{\"x\":\"\xc3\xa9\"}]}";
	facts.tier = "gold";
	facts.reason = "a \"reason\" \\ with\ttab";
	facts.restricted = true;
	world_arrive_with(&before, &facts);
	world_arrive(&before, "wait-2", "");
	world_settle(&before);

	/* Both exist for a moment, so that they can be compared. */
	store_free(before.store);
	before.store = NULL;
	world_open(&after);
	world_wait(&after, is_recovered);
	same_call("talk-1");
	same_call("ring-1");
	same_call("wait-1");
	same_call("wait-2");
	same_agent("talks");
	same_agent("wraps");
	same_agent("rings");
	same_agent("paused");
	same_agent("left");
	assert_int_equal(directory_calls(after.directory), 4);
	assert_string_equal(directory_find_call(after.directory, "pbx@a", "wait-1")->facts.data,
	                    "{\"ivr\":[1,2,{\"x\":\"\xc3\xa9\"}]}");
	core_check(loop_core(after.loop));
	world_close(&before);
}

static void a_restored_call_goes_on_and_is_erased_when_it_ends(void **state)
{
	(void)state;
	world_open(&before);
	world_wait(&before, is_recovered);
	world_log_in(&before, "alice");
	world_answer(&before, world_arrive(&before, "c1", ""));
	world_settle(&before);
	restart();
	assert_int_equal(world_call(&after, find(&after, "c1")).state, CALL_TALKING);
	world_hang_up(&after, find(&after, "c1"));
	world_settle(&after);
	assert_int_equal(redis_server_number(&server, "HLEN %scalls", WORLD_PREFIX), 0);
	assert_int_equal(redis_server_number(&server, "XLEN %scontacts", WORLD_PREFIX), 1);
}

/* A number that is one customer's, and one that is everybody's. */
static void whose_memory_it_is_outlives_the_daemon(void **state)
{
	(void)state;
	world_open(&before);
	world_wait(&before, is_recovered);
	world_log_in(&before, "alice");
	world_log_in(&before, "bob");
	world_talk(&before, "c1", "cid:4711", "alice");
	world_settle(&before);
	freeReplyObject(redis_server_ask(&server, "SADD %salias:+811 4711", WORLD_PREFIX));
	freeReplyObject(redis_server_ask(&server, "SADD %salias:+812 a b c", WORLD_PREFIX));
	for (unsigned i = 0; i < 2; i++) {
		struct call_id call = world_arrive(&before, i == 0 ? "c2" : "c3",
		                                   i == 0 ? "tel:+811" : "tel:+812");

		while (world_call(&before, call).state != CALL_OFFERED)
			event_base_loop(before.base, EVLOOP_NONBLOCK);
		world_answer(&before, call);
	}
	world_settle(&before);
	restart();
	for (unsigned i = 0; i < 2; i++)
		world_hang_up(&after, find(&after, i == 0 ? "c2" : "c3"));
	world_settle(&after);
	assert_int_equal(redis_server_number(&server, "LLEN %shistory:cid:4711", WORLD_PREFIX), 2);
	assert_int_equal(redis_server_number(&server, "EXISTS %scaller:tel:+811 %scaller:tel:+812",
	                                     WORLD_PREFIX, WORLD_PREFIX),
	                 0);
}

static void a_finished_call_is_remembered_through_a_restart(void **state)
{
	const struct finished_call *finished;

	(void)state;
	world_open(&before);
	world_wait(&before, is_recovered);
	world_log_in(&before, "alice");
	for (unsigned i = 0; i < 1500; i++) { /* more than a page */
		char name[16];

		snprintf(name, sizeof(name), "f%u", i);
		world_hang_up(&before, world_arrive(&before, name, ""));
		if (i == 0)
			world_agent_event(&before, "alice", EVT_AGENT_PAUSED);
	}
	world_agent_event(&before, "alice", EVT_AGENT_READY);
	world_talk(&before, "c1", "tel:+81312345678", "alice");
	world_settle(&before);
	restart();
	finished = directory_find_finished(after.directory, "pbx@a", "c1");
	assert_non_null(finished);
	assert_int_equal(finished->facts.outcome, OUTCOME_ANSWERED);
	assert_int_equal(finished->fingerprint, 0xfedcba9876543210);
	assert_string_equal(finished->key, "tel:+81312345678");
	assert_string_equal(finished->contact, before.contact);
	assert_int_equal(finished->facts.queue, 0);
	assert_true(agent_id_equal(finished->facts.agent, world_agent(&after, "alice")));
	assert_non_null(directory_find_finished(after.directory, "pbx@a", "f0"));
	assert_non_null(directory_find_finished(after.directory, "pbx@a", "f1499"));
}

static void a_record_nobody_can_read_is_put_aside_and_harms_no_other(void **state)
{
	static const char nowhere[] = "{\"v\":1,\"call\":\"b\",\"client\":\"p\","
	                              "\"state\":\"waiting\",\"queue\":\"nowhere\"}";
	static const char *const bad[] = {
		"", "no JSON", "[]", "{\"v\":1}", "{\"v\":99,\"call\":\"b\"}", nowhere
	};

	(void)state;
	world_open(&before);
	world_wait(&before, is_recovered);
	world_arrive(&before, "good", "");
	world_settle(&before);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		freeReplyObject(redis_server_ask(&server, "HSET %scalls bad%d@p %s", WORLD_PREFIX,
		                                 (int)i, bad[i]));
	freeReplyObject(redis_server_ask(&server, "HSET %sagents bob {}", WORLD_PREFIX));
	restart();
	world_settle(&after);
	assert_int_equal(directory_calls(after.directory), 1);
	assert_int_equal(redis_server_number(&server, "HLEN %scalls", WORLD_PREFIX), 1);
	assert_int_equal(redis_server_number(&server, "HLEN %squarantine", WORLD_PREFIX),
	                 ARRAY_LEN(bad) + 1);
	assert_string_equal(
	        redis_server_text(&server, "HGET %squarantine calls/bad1@p", WORLD_PREFIX),
	        "no JSON");
	assert_true(redis_server_number(&server, "TTL %squarantine", WORLD_PREFIX) > 0);
}

static void more_calls_than_there_is_room_for_are_put_aside(void **state)
{
	(void)state;
	world_open(&before);
	world_wait(&before, is_recovered);
	for (unsigned i = 0; i < 10; i++) {
		char name[16];

		snprintf(name, sizeof(name), "c%u", i);
		world_arrive(&before, name, "");
	}
	world_settle(&before);
	after.options->calls_max = 4;
	restart();
	world_settle(&after);
	assert_int_equal(directory_calls(after.directory), 4);
	assert_int_equal(redis_server_number(&server, "HLEN %squarantine", WORLD_PREFIX), 6);
}

static void agents_who_left_long_ago_are_forgotten(void **state)
{
	char old[256];

	(void)state;
	world_open(&before);
	world_wait(&before, is_recovered);
	world_log_in(&before, "alice");
	world_settle(&before);
	snprintf(old, sizeof(old),
	         "{\"v\":1,\"agent\":\"zoe\",\"state\":\"logged_out\",\"since_us\":%" PRIu64 "}",
	         clock_now() - HOUR(24) * 31);
	freeReplyObject(redis_server_ask(&server, "HSET %sagents zoe %s", WORLD_PREFIX, old));
	restart();
	world_settle(&after);
	assert_null(directory_find_agent(after.directory, "zoe"));
	assert_int_equal(redis_server_number(&server, "HLEN %sagents", WORLD_PREFIX), 1);
}

static void a_full_house_is_back_within_a_second(void **state)
{
	usec_t began;

	(void)state;
	before.options->calls_max = after.options->calls_max = 20000;
	world_open(&before);
	world_wait(&before, is_recovered);
	for (unsigned i = 0; i < 20000; i++) {
		char name[48];

		snprintf(name, sizeof(name), "1732233608.%u", i);
		world_arrive(&before, name, "");
	}
	world_settle(&before);
	world_close(&before);
	began = clock_monotonic();
	world_open(&after);
	world_wait(&after, is_recovered);
	assert_int_equal(directory_calls(after.directory), 20000);
	print_message("20,000 calls restored in %" PRIu64 " ms\n",
	              (clock_monotonic() - began) / MSEC(1));
}

static void a_restart_in_the_middle_of_recovery_restores_everything_once(void **state)
{
	(void)state;
	before.options->calls_max = after.options->calls_max = 6000;
	world_open(&before);
	world_wait(&before, is_recovered);
	for (unsigned i = 0; i < 6000; i++) {
		char name[16];

		snprintf(name, sizeof(name), "c%u", i);
		world_arrive(&before, name, "");
	}
	world_log_in(&before, "alice");
	world_settle(&before);
	world_close(&before);
	world_open(&after);
	while (directory_calls(after.directory) == 0)
		event_base_loop(after.base, EVLOOP_ONCE);
	assert_int_equal(after.recovered, 0);
	assert_true(directory_calls(after.directory) < 6000);
	freeReplyObject(redis_server_ask(&server, "CLIENT KILL TYPE normal SKIPME yes"));
	world_wait(&after, is_recovered);
	assert_int_equal(directory_calls(after.directory), 6000);
	core_check(loop_core(after.loop));
}

#define RECOVER_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RECOVER_TEST(a_busy_floor_comes_back_as_it_was),
		RECOVER_TEST(a_restored_call_goes_on_and_is_erased_when_it_ends),
		RECOVER_TEST(whose_memory_it_is_outlives_the_daemon),
		RECOVER_TEST(a_finished_call_is_remembered_through_a_restart),
		RECOVER_TEST(a_record_nobody_can_read_is_put_aside_and_harms_no_other),
		RECOVER_TEST(more_calls_than_there_is_room_for_are_put_aside),
		RECOVER_TEST(agents_who_left_long_ago_are_forgotten),
		RECOVER_TEST(a_full_house_is_back_within_a_second),
		RECOVER_TEST(a_restart_in_the_middle_of_recovery_restores_everything_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
