#include <errno.h>

#include "world.h"

/* What callers say afterwards, on a real Redis. */

static struct redis_server server;
static struct world world;
static unsigned found;
static int outcome;
static char queue[64], agent[64];
static bool surveyed;

static void on_found(uint64_t request, int with, const struct contact_known *known, void *arg)
{
	(void)arg;
	assert_int_equal(request, 9);
	found++;
	outcome = with;
	if (with != 0)
		return;
	snprintf(queue, sizeof(queue), "%s", known->queue);
	snprintf(agent, sizeof(agent), "%s", known->agent);
	surveyed = known->surveyed;
}

static int set_up(void **state)
{
	(void)state;
	redis_server_start(&server, NULL);
	world_prepare(&world, &server);
	world.contact_found = on_found;
	world_open(&world);
	world_wait(&world, is_recovered);
	found = 0;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	world_close(&world);
	redis_server_stop(&server);
	return 0;
}

static bool is_found(struct world *of)
{
	(void)of;
	return found > 0;
}

static bool is_swept(struct world *of)
{
	(void)of;
	return redis_server_number(&server, "EXISTS %smaturing:news", WORLD_PREFIX) == 0;
}

static void find(const char *contact)
{
	found = 0;
	assert_int_equal(store_find_contact(world.store, contact, 9), 0);
	world_wait(&world, is_found);
}

static void a_contact_is_found_by_its_id_and_surveyed_once(void **state)
{
	struct survey survey = { .nps = 8,
		                 .csat = -1,
		                 .index = { -1, 250, -1 },
		                 .resolved = SURVEY_YES,
		                 .comment = "a \"word\"\twith a tab",
		                 .by = "ivr" };
	const char *kept;

	(void)state;
	world_log_in(&world, "alice");
	world_talk(&world, "c1", "cid:1", "alice");
	world_settle(&world);
	world_wait(&world, is_swept);
	find(world.contact);
	assert_int_equal(outcome, 0);
	assert_string_equal(queue, "sales");
	assert_string_equal(agent, "alice");
	assert_false(surveyed);
	survey.contact = world.contact;
	store_survey(world.store, &survey);
	loop_nudge(world.loop);
	world_settle(&world);
	world_wait(&world, is_swept);
	find(world.contact);
	assert_true(surveyed);
	kept = redis_server_text(&server, "HGET %smatured survey_nps:sales", WORLD_PREFIX);
	assert_string_equal(kept, "0,1,0");
	kept = redis_server_text(&server, "HGET %smatured survey_quality:sales", WORLD_PREFIX);
	assert_string_equal(kept, "250");
}

static void nobody_is_found_under_another_id(void **state)
{
	(void)state;
	find("0660d3a1b2c3d4-1-2");
	assert_int_equal(outcome, -ENOENT);
	freeReplyObject(redis_server_ask(&server, "HSET %sanswered bad x", WORLD_PREFIX));
	find("bad");
	assert_int_equal(outcome, 0);
	assert_string_equal(queue, "");
	redis_server_kill(&server);
	world_wait(&world, is_away);
	assert_int_equal(store_find_contact(world.store, "x", 9), -ENOTCONN);
	redis_server_restart(&server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_contact_is_found_by_its_id_and_surveyed_once,
		                                set_up, tear_down),
		cmocka_unit_test_setup_teardown(nobody_is_found_under_another_id, set_up,
		                                tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
