#include "world.h"

/* The whole way through a real Redis: people call, agents answer, and Redis has it. */

static struct redis_server server;

static int set_up(void **state)
{
	static struct world world;

	redis_server_start(&server, NULL);
	world_prepare(&world, &server);
	*state = &world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;

	if (world->store != NULL)
		world_close(world);
	redis_server_stop(&server);
	return 0;
}

static void a_call_is_in_redis_before_its_commit_is_told_of(void **state)
{
	struct world *world = *state;
	struct call_id call;

	world_open(world);
	world_wait(world, is_recovered);
	call = world_arrive(world, "c1", "");
	world_settle(world);
	assert_int_equal(world_call(world, call).state, CALL_WAITING);
	assert_non_null(strstr(redis_server_text(&server, "HGET %scalls c1@pbx%%40a", WORLD_PREFIX),
	                       "\"state\":\"waiting\""));
	/* Live state may be written twice: only what lasts is counted. */
	assert_int_equal(redis_server_number(&server, "HGET %slease commit", WORLD_PREFIX), 0);
}

static void a_life_leaves_a_contact_and_a_memory_and_nothing_else(void **state)
{
	struct world *world = *state;
	char caller[] = WORLD_PREFIX "caller:tel:+81312345678";
	redisReply *range, *reply;

	world_open(world);
	world_wait(world, is_recovered);
	world_log_in(world, "alice");
	world_talk(world, "c1", "tel:+81312345678", "alice");
	world_settle(world);

	assert_true(redis_server_number(&server, "HGET %slease commit", WORLD_PREFIX) > 0);
	assert_int_equal(redis_server_number(&server, "HLEN %scalls", WORLD_PREFIX), 0);
	assert_int_equal(redis_server_number(&server, "HLEN %sagents", WORLD_PREFIX), 1);
	assert_int_equal(redis_server_number(&server, "XLEN %scontacts", WORLD_PREFIX), 1);
	assert_string_equal(redis_server_text(&server, "HGET %s last_contact", caller),
	                    world->contact);
	assert_non_null(strstr(redis_server_text(&server, "HGET %s agent:alice", caller),
	                       "\"queue\":\"sales\""));
	assert_true(redis_server_number(&server, "PTTL %s", caller) >
	            (long long)(HOUR(24) * 29 / MSEC(1)));
	range = redis_server_ask(&server, "XRANGE %scontacts - +", WORLD_PREFIX);
	reply = range->element[0]->element[1];
	assert_int_equal(reply->elements, 2);
	assert_string_equal(reply->element[0]->str, "contact");
	assert_non_null(strstr(reply->element[1]->str, "\"outcome\":\"answered\""));
	assert_non_null(strstr(reply->element[1]->str, "\"key\":\"tel:+81312345678\""));
	freeReplyObject(range);
}

static void a_call_that_is_over_before_it_was_saved_is_never_there(void **state)
{
	struct world *world = *state;
	struct core_event ev = { .type = EVT_CALL_ENDED };
	struct call_facts facts = world_facts("c1", "");
	struct core_event arrived = { .type = EVT_CALL_ARRIVED };
	struct call_card *card;

	world_open(world);
	world_wait(world, is_recovered);
	world_settle(world);
	card = directory_add_call(world->directory, &facts);
	arrived.call_arrived.call = ev.call_ended.call = card->id;
	arrived.call_arrived.arrived_at = clock_now();
	freeReplyObject(redis_server_ask(&server, "CONFIG RESETSTAT"));
	assert_int_equal(loop_post(world->loop, &arrived), 0);
	assert_int_equal(loop_post(world->loop, &ev), 0);
	world_settle(world);
	assert_null(strstr(redis_server_text(&server, "INFO commandstats"), "cmdstat_hdel"));
	assert_int_equal(redis_server_number(&server, "XLEN %scontacts", WORLD_PREFIX), 1);
}

static void what_changed_in_one_turn_is_one_command_of_each_kind(void **state)
{
	struct world *world = *state;
	const char *stats;

	world_open(world);
	world_wait(world, is_recovered);
	world_settle(world);
	freeReplyObject(redis_server_ask(&server, "CONFIG RESETSTAT"));
	for (unsigned i = 0; i < 500; i++) {
		char name[16];
		struct call_facts facts;
		struct core_event arrived = { .type = EVT_CALL_ARRIVED };

		snprintf(name, sizeof(name), "c%u", i);
		facts = world_facts(name, "");
		arrived.call_arrived.call = directory_add_call(world->directory, &facts)->id;
		arrived.call_arrived.arrived_at = clock_now();
		assert_int_equal(loop_post(world->loop, &arrived), 0);
	}
	world_settle(world);
	assert_int_equal(redis_server_number(&server, "HLEN %scalls", WORLD_PREFIX), 500);
	stats = redis_server_text(&server, "INFO commandstats");
	assert_non_null(strstr(stats, "cmdstat_hset:calls=1,"));
}

static void the_agent_of_a_call_is_written_only_when_it_is_over(void **state)
{
	struct world *world = *state;
	char before[512];
	struct call_id call;

	world_open(world);
	world_wait(world, is_recovered);
	world_log_in(world, "alice");
	world_settle(world);
	snprintf(before, sizeof(before), "%s",
	         redis_server_text(&server, "HGET %sagents alice", WORLD_PREFIX));
	assert_non_null(strstr(before, "\"state\":\"ready\""));
	call = world_arrive(world, "c1", "");
	world_answer(world, call);
	world_settle(world);
	assert_string_equal(redis_server_text(&server, "HGET %sagents alice", WORLD_PREFIX),
	                    before);
	world_hang_up(world, call);
	world_settle(world);
	assert_non_null(strstr(redis_server_text(&server, "HGET %sagents alice", WORLD_PREFIX),
	                       "\"state\":\"wrapup\""));
}

static void a_disposition_is_an_entry_and_can_unstick(void **state)
{
	struct world *world = *state;
	char caller[] = WORLD_PREFIX "caller:cid:4711";
	struct disposition disposition = { .agent = "alice",
		                           .client = "pbx@a",
		                           .call = "c1",
		                           .key = "cid:4711",
		                           .outcome = "resolved",
		                           .reason = "",
		                           .note = "will not ring again",
		                           .stick = false };

	world_open(world);
	world_wait(world, is_recovered);
	world_log_in(world, "alice");
	world_talk(world, "c1", "cid:4711", "alice");
	world_settle(world);
	assert_int_equal(redis_server_number(&server, "HEXISTS %s agent:alice", caller), 1);
	disposition.contact = world->contact;
	store_dispose(world->store, &disposition);
	loop_nudge(world->loop);
	world_settle(world);
	assert_int_equal(redis_server_number(&server, "HEXISTS %s agent:alice", caller), 0);
	assert_int_equal(redis_server_number(&server, "XLEN %scontacts", WORLD_PREFIX), 2);
}

static void an_agent_who_unsticks_while_talking_gets_no_credit(void **state)
{
	struct world *world = *state;
	struct disposition disposition = { .agent = "alice",
		                           .contact = "",
		                           .client = "pbx@a",
		                           .call = "c1",
		                           .key = "cid:4711",
		                           .outcome = "escalated",
		                           .reason = "",
		                           .note = "",
		                           .stick = false };
	struct call_id call;
	unsigned decided;

	world_open(world);
	world_wait(world, is_recovered);
	world_log_in(world, "alice");
	decided = world->decided;
	call = world_arrive(world, "c1", "cid:4711");
	while (world->decided == decided)
		event_base_loop(world->base, EVLOOP_NONBLOCK);
	world_answer(world, call);
	store_dispose(world->store, &disposition);
	world_hang_up(world, call);
	world_settle(world);
	assert_int_equal(redis_server_number(&server, "EXISTS %scaller:cid:4711", WORLD_PREFIX), 0);
}

static void a_clean_stop_gives_the_lease_back_with_everything_written(void **state)
{
	struct world *world = *state;

	world_open(world);
	world_wait(world, is_recovered);
	world_arrive(world, "c1", "");
	world_close(world);
	assert_int_equal(redis_server_number(&server, "HGET %slease until", WORLD_PREFIX), 0);
	assert_int_equal(redis_server_number(&server, "HLEN %scalls", WORLD_PREFIX), 1);
}

static void an_acl_user_a_database_and_a_prefix_of_ones_own(void **state)
{
	struct world *world = *state;
	redisReply *reply;

	freeReplyObject(redis_server_ask(
	        &server, "ACL SETUSER router on >pa:ss%%word ~centre:{tokyo}:* +@all -@dangerous "
	                 "+function|load"));
	world->options->redis.database = 3;
	world_set(&world->options->redis.user, "router");
	world_set(&world->options->redis.password, "pa:ss%word");
	world_set(&world->options->redis.prefix, "centre");
	world_set(&world->options->site, "tokyo");
	world_open(world);
	world_wait(world, is_recovered);
	world_log_in(world, "alice");
	world_talk(world, "c1", "tel:+81312345678", "alice");
	world_settle(world);
	assert_int_equal(world->meters.store_commit_failures, 0);
	freeReplyObject(redis_server_ask(&server, "SELECT 3"));
	reply = redis_server_ask(&server, "KEYS *");
	assert_true(reply->elements >= 5);
	for (size_t i = 0; i < reply->elements; i++)
		assert_memory_equal(reply->element[i]->str, "centre:{tokyo}:", 15);
	freeReplyObject(reply);
}

/* The line of conf/acl.redis, for ACL SETUSER. */
static void read_least_user(char *line, size_t size)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s", __FILE__);
	strcpy(strstr(path, "tests/unit/store"), "conf/acl.redis");
	file = fopen(path, "r");
	assert_non_null(file);
	do
		assert_non_null(fgets(line, (int)size, file));
	while (strncmp(line, "user ", 5) != 0);
	fclose(file);
	line[strcspn(line, "\n")] = '\0';
}

static void the_least_user_of_the_sample_can_do_everything(void **state)
{
	struct world *world = *state;
	struct call_facts facts = world_facts("c1", "cid:4711");
	struct disposition disposition = { .agent = "alice",
		                           .contact = "k",
		                           .client = "pbx@a",
		                           .call = "c1",
		                           .key = "tel:+81312345678",
		                           .outcome = "resolved",
		                           .reason = "",
		                           .note = "",
		                           .stick = false };
	char line[1024], command[1100], contact[33];
	struct call_id call;
	redisReply *reply;

	read_least_user(line, sizeof(line));
	snprintf(command, sizeof(command), "ACL SETUSER %s", line + 5);
	freeReplyObject(redis_server_ask(&server, "PING")); /* connects */
	reply = redisCommand(server.context, command);
	assert_int_equal(reply->type, REDIS_REPLY_STATUS);
	freeReplyObject(reply);
	world_set(&world->options->redis.user, "najimi");
	world_set(&world->options->redis.password, "change-me");
	freeReplyObject(redis_server_ask(&server, "HSET %scalls bad oops", WORLD_PREFIX));
	world_open(world);
	world_wait(world, is_recovered);
	world_log_in(world, "alice");
	call = world_arrive_with(world, &facts);
	while (world_call(world, call).state != CALL_OFFERED)
		event_base_loop(world->base, EVLOOP_NONBLOCK);
	world_answer(world, call);
	usleep(2000);
	world_hang_up(world, call);
	world_agent_event(world, "alice", EVT_AGENT_READY);
	world_talk(world, "c2", "tel:+81312345678", "alice");
	store_dispose(world->store, &disposition);
	world_hang_up(world, world_arrive(world, "c3", "cid:4711"));
	store_pin(world->store, "tel:+81312345678", "alice");
	store_note(world->store, "cid:4711", "");
	store_outbound(world->store,
	               &(struct outbound){ .agent = world_agent(world, "alice"),
	                                   .at = clock_now(),
	                                   .key = "cid:9",
	                                   .client = "pbx@a" },
	               contact);
	world_arrive(world, "c4", "");
	world_settle(world);
	freeReplyObject(redis_server_ask(&server, "CLIENT KILL TYPE normal SKIPME yes"));
	world_wait(world, is_away);
	world_wait(world, is_up);
	world_settle(world);
	assert_int_equal(world->meters.store_commit_failures, 0);
	assert_int_equal(redis_server_number(&server, "HLEN %scalls", WORLD_PREFIX), 1);
	assert_int_equal(redis_server_number(&server, "XLEN %scontacts", WORLD_PREFIX), 5);
	assert_int_equal(store_forget(world->store, "cid:9", "tel:+819", 78), 0);
	while (world->forgotten == 0)
		event_base_loop(world->base, EVLOOP_ONCE);
	assert_int_equal(world->forget_outcome, 0);
	assert_int_equal(world->erased, 1);
	assert_int_equal(redis_server_number(&server, "HLEN %squarantine", WORLD_PREFIX), 1);
}

static void tcp_and_a_password_will_do_too(void **state)
{
	static const char *const arguments[] = { "--requirepass", "secret", NULL };
	struct world *world = *state;
	char address[32];

	redis_server_stop(&server);
	redis_server_listen(&server);
	redis_server_start(&server, arguments);
	snprintf(address, sizeof(address), "127.0.0.1:%d", server.port);
	world->options->redis.mode = REDIS_TCP;
	world_set(&world->options->redis.address, address);
	world_set(&world->options->redis.password, "secret");
	world_open(world);
	world_wait(world, is_recovered);
	world_arrive(world, "c1", "");
	world_settle(world);
	freeReplyObject(redis_server_ask(&server, "AUTH secret"));
	assert_int_equal(redis_server_number(&server, "HLEN %scalls", WORLD_PREFIX), 1);
}

static void a_wrong_password_waits_and_says_so(void **state)
{
	struct world *world = *state;

	world_set(&world->options->redis.user, "nobody");
	world_set(&world->options->redis.password, "wrong");
	world_open(world);
	assert_false(world_wait_at_most(world, is_recovered, MSEC(400)));
	/* The operator sets it right: nothing needs to be restarted. */
	freeReplyObject(redis_server_ask(&server, "ACL SETUSER nobody on >wrong ~* +@all"));
	world_wait(world, is_recovered);
}

static void one_bad_key_harms_only_itself(void **state)
{
	struct world *world = *state;

	world_open(world);
	world_wait(world, is_recovered);
	freeReplyObject(redis_server_ask(&server, "SET %scaller:cid:1 oops", WORLD_PREFIX));
	world_log_in(world, "alice");
	world_talk(world, "c1", "cid:1", "alice");
	world_talk(world, "c2", "cid:2", "alice");
	world_settle(world);
	assert_int_equal(world->meters.store_commit_failures, 1);
	assert_int_equal(redis_server_number(&server, "XLEN %scontacts", WORLD_PREFIX), 2);
	assert_int_equal(
	        redis_server_number(&server, "HEXISTS %scaller:cid:2 agent:alice", WORLD_PREFIX),
	        1);
}

static void a_newer_schema_is_not_touched(void **state)
{
	struct world *world = *state;

	freeReplyObject(redis_server_ask(&server, "HSET %sconfig v 2", WORLD_PREFIX));
	world_open(world);
	assert_false(world_wait_at_most(world, is_recovered, MSEC(300)));
	assert_true(world->refused > 0);
	assert_int_equal(redis_server_number(&server, "EXISTS %slease", WORLD_PREFIX), 0);
}

static void a_reload_changes_how_long_callers_are_remembered(void **state)
{
	struct world *world = *state;

	world_open(world);
	world_wait(world, is_recovered);
	world->options->queues[1].plan.window = HOUR(24) * 90;
	store_reconfigure(world->store, world->options);
	world_log_in(world, "alice");
	world_talk(world, "c1", "cid:1", "alice");
	world_settle(world);
	assert_true(redis_server_number(&server, "PTTL %scaller:cid:1", WORLD_PREFIX) >
	            (long long)(HOUR(24) * 89 / MSEC(1)));
}

static void a_life_that_the_crm_has_made_longer_is_not_made_shorter(void **state)
{
	struct world *world = *state;

	world_open(world);
	world_wait(world, is_recovered);
	freeReplyObject(redis_server_ask(&server, "HSET %scaller:cid:1 name Yoshida shoe 42",
	                                 WORLD_PREFIX));
	freeReplyObject(redis_server_ask(&server, "EXPIRE %scaller:cid:1 99999999", WORLD_PREFIX));
	world_log_in(world, "alice");
	world_talk(world, "c1", "cid:1", "alice");
	world_settle(world);
	assert_true(redis_server_number(&server, "TTL %scaller:cid:1", WORLD_PREFIX) > 99999900);
	assert_string_equal(redis_server_text(&server, "HGET %scaller:cid:1 shoe", WORLD_PREFIX),
	                    "42");
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_call_is_in_redis_before_its_commit_is_told_of),
		STORE_TEST(a_life_leaves_a_contact_and_a_memory_and_nothing_else),
		STORE_TEST(a_call_that_is_over_before_it_was_saved_is_never_there),
		STORE_TEST(what_changed_in_one_turn_is_one_command_of_each_kind),
		STORE_TEST(the_agent_of_a_call_is_written_only_when_it_is_over),
		STORE_TEST(a_disposition_is_an_entry_and_can_unstick),
		STORE_TEST(an_agent_who_unsticks_while_talking_gets_no_credit),
		STORE_TEST(a_clean_stop_gives_the_lease_back_with_everything_written),
		STORE_TEST(an_acl_user_a_database_and_a_prefix_of_ones_own),
		STORE_TEST(the_least_user_of_the_sample_can_do_everything),
		STORE_TEST(tcp_and_a_password_will_do_too),
		STORE_TEST(a_wrong_password_waits_and_says_so),
		STORE_TEST(one_bad_key_harms_only_itself),
		STORE_TEST(a_newer_schema_is_not_touched),
		STORE_TEST(a_reload_changes_how_long_callers_are_remembered),
		STORE_TEST(a_life_that_the_crm_has_made_longer_is_not_made_shorter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
