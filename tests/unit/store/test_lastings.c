#include "lastings.h"
#include "world.h"

/* How long talks last is known again after a restart. */

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

static struct lasting_record learned(struct world *world)
{
	struct lasting_record lasting;
	uint64_t talks;

	assert_true(core_get_lasting(loop_core(world->loop), 0, &lasting, &talks));
	return lasting;
}

static struct lasting_record unlearned;

static void open_and_talk(void)
{
	world_open(&before);
	world_wait(&before, is_recovered);
	unlearned = learned(&before);
	world_log_in(&before, "alice");
	world_talk(&before, "c1", "cid:1", "alice");
}

static void restart(void)
{
	world_close(&before);
	world_open(&after);
	world_wait(&after, is_recovered);
}

static void what_was_learned_is_known_again(void **state)
{
	struct lasting_record was, is;

	(void)state;
	open_and_talk();
	was = learned(&before);
	assert_int_not_equal(was.talk[0], unlearned.talk[0]);
	restart();
	is = learned(&after);
	assert_memory_equal(&is, &was, sizeof(is));
}

static void what_cannot_be_read_is_learned_anew(void **state)
{
	struct lasting_record usual, is;

	(void)state;
	world_open(&before);
	world_wait(&before, is_recovered);
	usual = learned(&before);
	freeReplyObject(redis_server_ask(&server, "HSET %slearned sales %s", WORLD_PREFIX,
	                                 "{\"v\":1,\"talk\":[1,2],\"wrapup\":[]}"));
	restart();
	is = learned(&after);
	assert_memory_equal(&is, &usual, sizeof(is));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_was_learned_is_known_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_cannot_be_read_is_learned_anew, set_up,
		                                tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
