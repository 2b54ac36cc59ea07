#include "state.h"
#include "world.h"

/* What is told of calls, and what the sweep makes of it, on a real Redis. */

static struct redis_server server;
static struct world world;
static struct fcrbook *book;
static char hour[FCR_HOUR_SIZE], day[DAY_SIZE];

static int set_up(void **state)
{
	(void)state;
	redis_server_start(&server, NULL);
	world_prepare(&world, &server);
	world.options->fcr.reconnect = 0;
	book = fcrbook_new();
	return 0;
}

static void open_world(void)
{
	world_open(&world);
	store_keep_fcr(world.store, book);
	world.store->fcr.slack = 0;
	world_wait(&world, is_recovered);
	world_log_in(&world, "alice");
	fcr_hour_write(clock_now(), hour);
	memcpy(day, hour, DAY_SIZE - 1);
}

static int tear_down(void **state)
{
	(void)state;
	if (world.store != NULL)
		world_close(&world);
	book = fcrbook_free(book);
	redis_server_stop(&server);
	return 0;
}

static void talk(const char *name, const char *key)
{
	usleep(10000); /* arrivals are a little in the past */
	world_talk(&world, name, key, "alice");
	world_settle(&world);
}

static bool is_swept(struct world *of)
{
	(void)of;
	return redis_server_number(&server, "EXISTS %smaturing:news", WORLD_PREFIX) == 0;
}

static const char *figure(const char *by, const char *field)
{
	return redis_server_text(&server, "HGET %sday:%s:fcr:%s %s", WORLD_PREFIX, day, by, field);
}

static void a_contact_counts_by_everything_that_is_known_of_it(void **state)
{
	struct call_facts facts = world_facts("c1", "cid:4711");
	char field[64];
	struct call_id call;

	(void)state;
	open_world();
	facts.reason = "bill\tor\nsomething that goes on and on until it is longer than any reason "
	               "has to be";
	call = world_arrive_with(&world, &facts);
	while (world_call(&world, call).state != CALL_OFFERED)
		event_base_loop(world.base, EVLOOP_NONBLOCK);
	world_answer(&world, call);
	usleep(2000);
	world_hang_up(&world, call);
	world_settle(&world);
	world_wait(&world, is_swept);
	snprintf(field, sizeof(field), "contacts:%s:sales", hour + 11);
	assert_string_equal(figure("hour", field), "1");
	assert_string_equal(figure("agent", "contacts:alice"), "1");
	assert_string_equal(figure("sticky", "contacts:new"), "1");
	assert_string_equal(figure("tier", "contacts:"), "1");
	assert_int_equal(redis_server_number(&server, "HLEN %sday:%s:fcr:group", WORLD_PREFIX, day),
	                 0); /* who has just come for the first time is in none */
	assert_non_null(strstr(
	        redis_server_text(&server, "HGET %sanswered %s", WORLD_PREFIX, world.contact),
	        "\tbill or something that goes on and on until it is longer than an\talice\t"));
	assert_string_equal(redis_server_text(&server, "HGET %scaller:cid:4711 fcr", WORLD_PREFIX),
	                    world.contact);
}

static void nobodys_calls_and_short_ones_are_known_and_do_not_count(void **state)
{
	(void)state;
	world.options->queues[0].plan.min_talk = HOUR(1);
	open_world();
	talk("c1", "cid:1");
	talk("c2", "");
	world_wait(&world, is_swept);
	assert_int_equal(redis_server_number(&server, "HLEN %sanswered", WORLD_PREFIX), 2);
	assert_int_equal(redis_server_number(&server, "ZCARD %smaturing:24h", WORLD_PREFIX), 0);
}

static bool book_is_open(struct world *of)
{
	(void)of;
	return fcrbook_is_open(book) && fcrbook_today(book, "sales")->contacts == 2;
}

static void a_repeat_shows_in_the_book(void **state)
{
	(void)state;
	open_world();
	talk("c1", "cid:1");
	talk("c2", "cid:1");
	world_wait(&world, book_is_open);
	assert_int_equal(fcrbook_ever(book, "sales")->repeated[0], 1);
	assert_int_equal(fcrbook_today(book, "sales")->repeated[8], 1);
	assert_int_equal(fcrbook_hour(book, "sales", (unsigned)atoi(hour + 11))->contacts, 2);
	assert_int_equal(fcrbook_final(book, "sales")->contacts, 0);
	assert_int_equal(fcrbook_maturing(book, FCR_30D), 1);
}

static void who_gives_up_repeats_where_that_is_said(void **state)
{
	struct call_id call;

	(void)state;
	world.options->fcr.abandoned_counts = true;
	world.options->queues[0].plan.short_abandon = 0;
	open_world();
	talk("c1", "cid:1");
	world_agent_event(&world, "alice", EVT_AGENT_PAUSED);
	usleep(10000);
	call = world_arrive(&world, "c2", "cid:1");
	usleep(2000);
	world_hang_up(&world, call);
	world_settle(&world);
	world_wait(&world, is_swept);
	assert_string_equal(figure("agent", "contacts:alice"), "1");
	assert_string_equal(figure("agent", "repeated:alice"), "1,1,1,1,1,1,1,1,1");
}

static bool is_mature(struct world *of)
{
	(void)of;
	return redis_server_number(&server, "ZCARD %smaturing:24h", WORLD_PREFIX) == 0;
}

/* As if a day had passed. */
static void pass_a_day(void)
{
	char score[24];

	snprintf(score, sizeof(score), "%" PRIu64, clock_now() / MSEC(1));
	freeReplyObject(redis_server_ask(&server, "ZADD %smaturing:24h XX %s %s", WORLD_PREFIX,
	                                 score, world.contact));
}

static void nothing_is_final_while_somebody_is_on_the_line_who_may_repeat_it(void **state)
{
	const struct disposition said = { .agent = "alice",
		                          .contact = "none",
		                          .client = "",
		                          .call = "",
		                          .key = "",
		                          .outcome = "resolved",
		                          .reason = "",
		                          .note = "",
		                          .stick = true };
	struct call_id call;

	(void)state;
	open_world();
	talk("c1", "cid:1");
	world_wait(&world, is_swept);
	world_agent_event(&world, "alice", EVT_AGENT_PAUSED);
	call = world_arrive(&world, "c2", "cid:1");
	usleep(10000);
	pass_a_day();
	store_dispose(world.store, &said); /* the sweep has a reason to look */
	world_settle(&world);
	assert_false(world_wait_at_most(&world, is_mature, SEC(4)));
	world_hang_up(&world, call);
	world_wait(&world, is_mature);
	assert_string_equal(figure("agent", "resolved:alice"), "1,1,1,0,0,0,0,0,0");
}

static bool is_repeated(struct world *of)
{
	(void)of;
	return strcmp(figure("agent", "repeated:alice"), "1,1,1,1,1,1,1,1,1") == 0;
}

static struct call_id answer_for_long(const char *name, const char *key)
{
	struct call_id call;

	usleep(10000);
	call = world_arrive(&world, name, key);
	while (world_call(&world, call).state != CALL_OFFERED)
		event_base_loop(world.base, EVLOOP_NONBLOCK);
	world_answer(&world, call);
	return call;
}

static void a_long_call_is_a_repeat_before_it_is_over(void **state)
{
	struct call_id call;

	(void)state;
	open_world();
	talk("c1", "cid:1");
	world_wait(&world, is_swept);
	world.store->fcr.long_call = MSEC(1);
	call = answer_for_long("c2", "cid:1");
	world_wait(&world, is_repeated);
	world_hang_up(&world, call);
	world_settle(&world);
	world_wait(&world, is_swept);
	assert_string_equal(figure("agent", "repeated:alice"), "1,1,1,1,1,1,1,1,1");
	assert_string_equal(figure("agent", "contacts:alice"), "2");
}

static void a_long_call_holds_nobody_else_up(void **state)
{
	(void)state;
	open_world();
	talk("c1", "cid:1");
	world_wait(&world, is_swept);
	world.store->fcr.long_call = MSEC(1);
	(void)answer_for_long("c2", "cid:2");
	usleep(10000);
	pass_a_day();
	world_wait(&world, is_mature);
	assert_string_equal(figure("agent", "resolved:alice"), "1,1,1,0,0,0,0,0,0");
}

static void a_long_reconnect_is_told_of_once(void **state)
{
	struct call_id call;

	(void)state;
	world.options->fcr.reconnect = MINUTE(15);
	open_world();
	talk("c1", "cid:1");
	world_wait(&world, is_swept);
	world.store->fcr.long_call = MSEC(1);
	call = answer_for_long("c2", "cid:1");
	assert_false(world_wait_at_most(&world, is_repeated, SEC(3)));
	world_hang_up(&world, call);
	world_settle(&world);
	world_wait(&world, is_swept);
	assert_string_equal(figure("agent", "reconnects:alice"), "1");
}

static void what_is_due_is_counted_by_whoever_comes_next(void **state)
{
	(void)state;
	open_world();
	talk("c1", "cid:1");
	world_wait(&world, is_swept);
	world_close(&world);
	pass_a_day();
	world_prepare(&world, &server);
	open_world();
	world_wait(&world, is_mature);
	assert_string_equal(figure("agent", "resolved:alice"), "1,1,1,0,0,0,0,0,0");
}

static void told_while_redis_is_away_is_counted_when_it_is_back(void **state)
{
	(void)state;
	open_world();
	talk("c1", "cid:1");
	redis_server_kill(&server);
	world_wait(&world, is_away);
	world_talk(&world, "c2", "cid:2", "alice");
	redis_server_restart(&server);
	world_wait(&world, is_up);
	world_settle(&world);
	world_wait(&world, is_swept);
	assert_string_equal(figure("agent", "contacts:alice"), "2");
}

static unsigned occurrences(struct text in, const char *word)
{
	unsigned count = 0;

	for (size_t at = 0; at + strlen(word) <= in.length; at++)
		count += memcmp(in.start + at, word, strlen(word)) == 0;
	return count;
}

static void what_one_turn_tells_is_one_command_and_trims_the_stream_once(void **state)
{
	const struct disposition said = { .agent = "alice",
		                          .contact = "c0",
		                          .client = "pbx@a",
		                          .call = "c0",
		                          .key = "cid:0",
		                          .outcome = "resolved",
		                          .reason = "",
		                          .note = "",
		                          .stick = true };
	const struct commits *commits;

	(void)state;
	open_world();
	world_settle(&world);
	commits = &world.store->commits;
	for (unsigned i = 0; i < 30; i++)
		store_dispose(world.store, &said);
	assert_int_equal(occurrences(batch_body(&commits->lasting), "XADD"), 30);
	assert_int_equal(occurrences(batch_body(&commits->lasting), "MINID"), 1);
	assert_int_equal(occurrences(batch_body(&commits->told), "RPUSH"), 1);
	assert_int_equal(occurrences(batch_body(&commits->told), "said\tc0\tresolved"), 30);
	loop_nudge(world.loop); /* the turn is over */
	world_settle(&world);
	assert_int_equal(batch_body(&commits->told).length, 0);
	assert_int_equal(redis_server_number(&server, "XLEN %scontacts", WORLD_PREFIX), 30);
	assert_int_equal(world.meters.store_commit_failures, 0);
	world_wait(&world, is_swept);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_contact_counts_by_everything_that_is_known_of_it),
		TEST(nobodys_calls_and_short_ones_are_known_and_do_not_count),
		TEST(a_repeat_shows_in_the_book),
		TEST(who_gives_up_repeats_where_that_is_said),
		TEST(nothing_is_final_while_somebody_is_on_the_line_who_may_repeat_it),
		TEST(a_long_call_is_a_repeat_before_it_is_over),
		TEST(a_long_call_holds_nobody_else_up),
		TEST(a_long_reconnect_is_told_of_once),
		TEST(what_is_due_is_counted_by_whoever_comes_next),
		TEST(told_while_redis_is_away_is_counted_when_it_is_back),
		TEST(what_one_turn_tells_is_one_command_and_trims_the_stream_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
