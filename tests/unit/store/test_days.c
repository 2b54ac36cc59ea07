#include "day_json.h"
#include "world.h"

/* Figures by day, in a real Redis. */

static struct redis_server server;
static struct world world;

static int set_up(void **state)
{
	(void)state;
	redis_server_start(&server, NULL);
	world_prepare(&world, &server);
	world.keeps_days = true;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	world_close(&world);
	redis_server_stop(&server);
	return 0;
}

static void open_world(void)
{
	world_open(&world);
	world_wait(&world, is_recovered);
}

/* The next daemon: what is not in Redis is gone. */
static void restart(void)
{
	world_close(&world);
	world_prepare(&world, &server);
	world.keeps_days = true;
	open_world();
}

static uint64_t ever(unsigned figure)
{
	daybook_collect(world.daybook, true);
	return daybook_queue_ever(world.daybook, 0)->counts[figure];
}

/* What Redis has for today, hours added up. */
static struct day_figures stored(const char *day)
{
	redisReply *reply = redis_server_ask(&server, "HGETALL %sday:%s", WORLD_PREFIX, day);
	struct day_figures sum = { 0 };
	struct day_read read;

	for (size_t i = 0; i + 1 < reply->elements; i += 2)
		if (day_read(world.daybook, day, text_of(reply->element[i]->str),
		             text_of(reply->element[i + 1]->str), &read, NULL) == 0 &&
		    read.row.kind == DAY_ROW_QUEUE)
			day_figures_add(&sum, &read.figures);
	freeReplyObject(reply);
	return sum;
}

/* Whatever has a number to go with is there, and adds up with what is alive. */
static void redis_adds_up(void)
{
	struct day_figures sum = stored(daybook_today(world.daybook));
	uint64_t ends = 0;

	for (unsigned i = 0; i < CALL_OUTCOMES; i++)
		ends += sum.counts[DAY_OUTCOMES + i];
	assert_int_equal(
	        sum.counts[DAY_OFFERED],
	        ends + (uint64_t)redis_server_number(&server, "HLEN %scalls", WORLD_PREFIX));
}

static void talks(unsigned from, unsigned count)
{
	for (unsigned i = from; i < from + count; i++) {
		char name[24];

		snprintf(name, sizeof(name), "c%u", i);
		world_talk(&world, name, i % 2 == 0 ? "cid:1" : "", "alice");
	}
}

static void figures_go_with_what_they_were_counted_from(void **state)
{
	struct day_figures sum;

	(void)state;
	open_world();
	world_log_in(&world, "alice");
	talks(0, 5);
	world_arrive(&world, "w1", "");
	world_arrive(&world, "w2", "");
	world_settle(&world);
	redis_adds_up();
	assert_int_equal(redis_server_number(&server, "HLEN %stotals", WORLD_PREFIX), 2);
	sum = stored(daybook_today(world.daybook));
	assert_int_equal(sum.counts[DAY_OFFERED], 7);
	assert_int_equal(sum.counts[DAY_OUTCOMES + OUTCOME_ANSWERED], 5);
	assert_int_equal(sum.spans[DAY_TALK].count, 5);
	assert_in_range(redis_server_number(&server, "PTTL %sday:%s", WORLD_PREFIX,
	                                    daybook_today(world.daybook)),
	                399LL * 24 * 3600 * 1000, 400LL * 24 * 3600 * 1000);
	assert_non_null(strstr(redis_server_text(&server, "HGET %sday:%s agent/alice", WORLD_PREFIX,
	                                         daybook_today(world.daybook)),
	                       "\"handled\":5"));
}

static void a_restart_goes_on_where_it_was(void **state)
{
	struct histogram talk;
	struct agent_day day;

	(void)state;
	open_world();
	world_log_in(&world, "alice");
	talks(0, 5);
	world_arrive(&world, "w1", "");
	world_settle(&world);
	talk = daybook_queue_ever(world.daybook, 0)->spans[DAY_TALK];
	restart();
	assert_int_equal(ever(DAY_OFFERED), 6);
	assert_int_equal(ever(DAY_OUTCOMES + OUTCOME_ANSWERED), 5);
	assert_int_equal(daybook_queue_ever(world.daybook, 0)->spans[DAY_TALK].sum, talk.sum);
	assert_int_equal(daybook_queue_ever(world.daybook, 0)->spans[DAY_TALK].count, 5);
	assert_true(daybook_agent_today(world.daybook, world_agent(&world, "alice"), clock_now(),
	                                &day));
	assert_int_equal(day.handled, 5);
	world_hang_up(&world, directory_find_call(world.directory, "pbx@a", "w1")->id);
	world_settle(&world);
	redis_adds_up();
	assert_int_equal(ever(DAY_OFFERED), 6);
}

static void a_promise_outlives_a_restart(void **state)
{
	struct call_id call;
	struct call_card *card;

	(void)state;
	open_world();
	call = world_arrive(&world, "w1", "");
	card = directory_call(world.directory, call);
	card->days.told_at = clock_now();
	card->days.told_wait = MSEC(1);
	store_save_call(world.store, call);
	world_settle(&world);
	restart();
	card = directory_find_call(world.directory, "pbx@a", "w1");
	assert_int_equal(card->days.told_wait, MSEC(1));
	world_log_in(&world, "alice");
	world_answer(&world, card->id);
	assert_int_equal(ever(DAY_PROMISES_BROKEN), 1);
	world_settle(&world);
	restart();
	card = directory_find_call(world.directory, "pbx@a", "w1");
	world_hang_up(&world, card->id);
	assert_int_equal(ever(DAY_PROMISES_BROKEN), 1); /* not once more */
	world_settle(&world);
}

static void lost_connections_lose_no_figures(void **state)
{
	struct day_figures sum;

	(void)state;
	open_world();
	world_log_in(&world, "alice");
	for (unsigned round = 0; round < 10; round++) {
		talks(round * 10, 7);
		freeReplyObject(redis_server_ask(&server, "CLIENT KILL TYPE normal SKIPME yes"));
		talks(round * 10 + 7, 3);
		if (round % 2 == 0)
			world_wait(&world, is_up);
	}
	world_wait(&world, is_up);
	world_settle(&world);
	redis_adds_up();
	sum = stored(daybook_today(world.daybook));
	assert_int_equal(sum.counts[DAY_OFFERED], 100);
	restart();
	assert_int_equal(ever(DAY_OUTCOMES + OUTCOME_ANSWERED), 100);
}

static void while_redis_is_away_figures_wait(void **state)
{
	(void)state;
	open_world();
	world_log_in(&world, "alice");
	talks(0, 3);
	world_settle(&world);
	redis_server_kill(&server);
	world_wait(&world, is_away);
	talks(3, 20);
	redis_server_restart(&server);
	world_wait(&world, is_up);
	world_settle(&world);
	redis_adds_up();
	assert_int_equal(stored(daybook_today(world.daybook)).counts[DAY_OFFERED], 23);
}

static void an_empty_redis_gets_everything_again(void **state)
{
	(void)state;
	open_world();
	world_log_in(&world, "alice");
	talks(0, 3);
	world_settle(&world);
	freeReplyObject(redis_server_ask(&server, "FLUSHALL"));
	freeReplyObject(redis_server_ask(&server, "CLIENT KILL TYPE normal SKIPME yes"));
	world_wait(&world, is_away);
	world_wait(&world, is_up);
	world_settle(&world);
	assert_int_equal(stored(daybook_today(world.daybook)).counts[DAY_OFFERED], 3);
	restart();
	assert_int_equal(ever(DAY_OFFERED), 3);
}

static void days_that_went_by_without_us_are_in_the_totals(void **state)
{
	char before[DAY_SIZE], yesterday[DAY_SIZE];
	int64_t today;

	(void)state;
	open_world();
	assert_int_equal(site_day_read(text_of(daybook_today(world.daybook)), &today), 0);
	site_day_write(today - 3, before);
	site_day_write(today - 2, yesterday);
	world_settle(&world);
	freeReplyObject(redis_server_ask(
	        &server, "HSET %stotals sales {\"v\":1,\"before\":\"%s\",\"offered\":1000}",
	        WORLD_PREFIX, before));
	freeReplyObject(redis_server_ask(&server,
	                                 "HSET %sday:%s queue/sales/09 {\"v\":1,\"offered\":10} "
	                                 "queue/sales/10 {\"v\":1,\"offered\":5} fcr/x 1 "
	                                 "queue/sales/11 garbage",
	                                 WORLD_PREFIX, before));
	freeReplyObject(redis_server_ask(&server,
	                                 "HSET %sday:%s queue/sales/09 {\"v\":1,\"offered\":3}",
	                                 WORLD_PREFIX, yesterday));
	restart();
	assert_int_equal(ever(DAY_OFFERED), 1018);
	world_settle(&world);
	assert_non_null(strstr(redis_server_text(&server, "HGET %stotals sales", WORLD_PREFIX),
	                       "\"offered\":1018"));
	restart();
	assert_int_equal(ever(DAY_OFFERED), 1018);
	/* What could not be read is still there. */
	assert_string_equal(
	        redis_server_text(&server, "HGET %sday:%s queue/sales/11", WORLD_PREFIX, before),
	        "garbage");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(figures_go_with_what_they_were_counted_from, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(a_restart_goes_on_where_it_was, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_promise_outlives_a_restart, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lost_connections_lose_no_figures, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(while_redis_is_away_figures_wait, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(an_empty_redis_gets_everything_again, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(days_that_went_by_without_us_are_in_the_totals,
		                                set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
