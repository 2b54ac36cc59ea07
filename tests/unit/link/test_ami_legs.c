#include "alloc.h"
#include "manager.h"

static struct ami_leg *know(struct manager *manager, const char *uniqueid, const char *name)
{
	struct ami_channel channel = { .state = 0 };

	snprintf(channel.uniqueid, sizeof(channel.uniqueid), "%s", uniqueid);
	snprintf(channel.name, sizeof(channel.name), "%s", name);
	return ami_leg_know(manager->conn, &channel);
}

static void a_channel_is_known_by_its_uniqueid_and_may_change_its_name(void **state)
{
	struct manager *manager = manager_quiet();
	struct ami_leg *leg = know(manager, "1.1", "PJSIP/a-1");

	(void)state;
	assert_ptr_equal(know(manager, "1.1", "PJSIP/b-1"), leg);
	assert_string_equal(leg->name, "PJSIP/b-1");
	assert_ptr_equal(know(manager, "1.1", ""), leg); /* no name is no other name */
	assert_string_equal(leg->name, "PJSIP/b-1");
	assert_ptr_equal(ami_leg_find(manager->conn, "1.1"), leg);
	assert_null(ami_leg_find(manager->conn, "1.2"));
	ami_leg_forget(manager->conn, leg);
	assert_null(ami_leg_find(manager->conn, "1.1"));
	manager_close(manager);
}

static void a_bridge_is_there_as_long_as_somebody_is_in_it(void **state)
{
	struct manager *manager = manager_quiet();
	struct ami_conn *conn = manager->conn;
	struct ami_leg *one = know(manager, "1", "A/1"), *two = know(manager, "2", "A/2");

	(void)state;
	ami_leg_enter(conn, one, "x");
	ami_leg_enter(conn, two, "x");
	ami_leg_enter(conn, two, "x");
	assert_ptr_equal(one->bridge, two->bridge);
	assert_int_equal(one->bridge->count, 2);
	ami_leg_enter(conn, two, "y"); /* one is in one at a time */
	assert_int_equal(one->bridge->count, 1);
	assert_int_equal(HASH_COUNT(conn->bridges), 2);
	ami_leg_leave(conn, one);
	ami_leg_leave(conn, one);
	assert_int_equal(HASH_COUNT(conn->bridges), 1);
	ami_leg_forget(conn, two);
	assert_int_equal(HASH_COUNT(conn->bridges), 0);
	know(manager, "3", "A/3");
	ami_legs_clear(conn);
	assert_int_equal(conn->legs_count, 0);
	manager_close(manager);
}

static void beyond_the_limit_no_more_are_known(void **state)
{
	struct manager *manager = manager_quiet();

	(void)state;
	know(manager, "1", "A/1");
	manager->conn->legs_count = AMI_LEGS_MAX;
	assert_null(know(manager, "2", "A/2"));
	assert_non_null(know(manager, "1", "A/1"));
	manager->conn->legs_count = 1;
	manager_close(manager);
}

static void without_memory_nothing_is_half_known(void **state)
{
	struct manager *manager = manager_quiet();
	struct ami_leg *leg = NULL;

	(void)state;
	for (unsigned n = 1; leg == NULL; n++) {
		alloc_fail(n);
		leg = know(manager, "1", "A/1");
		alloc_fail(0);
		assert_true(n < 10);
		if (leg == NULL)
			assert_null(ami_leg_find(manager->conn, "1"));
	}
	for (unsigned n = 1; leg->bridge == NULL; n++) {
		alloc_fail(n);
		ami_leg_enter(manager->conn, leg, "x");
		alloc_fail(0);
		assert_true(n < 10);
	}
	assert_int_equal(leg->bridge->count, 1);
	manager_close(manager);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_channel_is_known_by_its_uniqueid_and_may_change_its_name),
		cmocka_unit_test(a_bridge_is_there_as_long_as_somebody_is_in_it),
		cmocka_unit_test(beyond_the_limit_no_more_are_known),
		cmocka_unit_test(without_memory_nothing_is_half_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
