#include "alloc.h"
#include "manager.h"

static enum device_state state_of(struct manager *manager, struct agent_id agent)
{
	board_turn(manager->board);
	return gate_agent(manager->board, agent).device;
}

/* Another server, of which only the devices matter. */
static struct ami_conn *second_server(struct manager *manager)
{
	struct asterisk_server *server = asterisk_server_at(gate_of(manager->board), "192.0.2.8");
	struct ami_conn *conn = calloc(1, sizeof(*conn));

	conn->server = server;
	server->ami = conn;
	return conn;
}

static void forget_second(struct ami_conn *conn)
{
	conn->server->ami = NULL;
	ami_devices_clear(conn);
	free(conn);
}

static void a_telephone_vetoes_its_agent(void **state)
{
	struct manager *manager = manager_quiet();
	struct agent_id alice = gate_log_in(manager->board, "alice");

	(void)state;
	manager_tell(manager, "Event: DeviceStateChange|Device: PJSIP/alice|State: INUSE");
	assert_int_equal(state_of(manager, alice), DEVICE_BUSY);
	manager_tell(manager, "Event: DeviceStateChange|Device: PJSIP/alice|State: UNAVAILABLE");
	assert_int_equal(state_of(manager, alice), DEVICE_UNREACHABLE);
	manager_tell(manager, "Event: DeviceStateChange|Device: PJSIP/alice|State: NOT_INUSE");
	assert_int_equal(state_of(manager, alice), DEVICE_REACHABLE);
	manager_close(manager);
}

static void what_is_no_telephone_is_not_kept(void **state)
{
	static const char *const others[] = { "Queue:sales", "Queue:sales_pause_PJSIP/alice",
		                              "Custom:night", "Park:701@lot/x", "" };
	struct manager *manager = manager_quiet();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		ami_device(manager->conn, others[i], DEVICE_BUSY);
	assert_int_equal(HASH_COUNT(manager->conn->devices), 0);
	ami_device(manager->conn, "SIP/a:5060", DEVICE_BUSY);
	assert_int_equal(HASH_COUNT(manager->conn->devices), 1);
	manager_close(manager);
}

static void of_several_servers_the_one_that_reaches_it_counts(void **state)
{
	static const struct {
		enum device_state first, second, both;
	} rows[] = {
		{ DEVICE_REACHABLE, DEVICE_UNREACHABLE, DEVICE_REACHABLE },
		{ DEVICE_UNREACHABLE, DEVICE_REACHABLE, DEVICE_REACHABLE },
		{ DEVICE_UNREACHABLE, DEVICE_UNREACHABLE, DEVICE_UNREACHABLE },
		{ DEVICE_BUSY, DEVICE_REACHABLE, DEVICE_BUSY },
		{ DEVICE_REACHABLE, DEVICE_BUSY, DEVICE_BUSY },
		{ DEVICE_UNREACHABLE, DEVICE_BUSY, DEVICE_BUSY },
	};
	struct manager *manager = manager_quiet();
	struct ami_conn *second = second_server(manager);
	struct agent_id alice = gate_log_in(manager->board, "alice");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		ami_device(manager->conn, "PJSIP/alice", rows[i].first);
		ami_device(second, "PJSIP/alice", rows[i].second);
		assert_int_equal(state_of(manager, alice), rows[i].both);
	}
	/* One that is gone reaches nobody. */
	ami_device(second, "PJSIP/alice", DEVICE_UNREACHABLE);
	ami_device(manager->conn, "PJSIP/alice", DEVICE_REACHABLE);
	manager->conn->gone = true;
	ami_devices_tell(manager->conn);
	assert_int_equal(state_of(manager, alice), DEVICE_UNREACHABLE);
	ami_device(second, "PJSIP/alice", DEVICE_REACHABLE);
	assert_int_equal(state_of(manager, alice), DEVICE_REACHABLE);
	forget_second(second);
	manager_close(manager);
}

static void what_a_list_does_not_have_any_more_is_no_veto(void **state)
{
	struct manager *manager = manager_quiet();
	struct agent_id alice = gate_log_in(manager->board, "alice");
	struct agent_id bob = gate_log_in(manager->board, "bob");

	(void)state;
	ami_device(manager->conn, "PJSIP/alice", DEVICE_UNREACHABLE);
	ami_device(manager->conn, "PJSIP/bob", DEVICE_UNREACHABLE);
	manager->conn->lists++;
	ami_device(manager->conn, "PJSIP/bob", DEVICE_UNREACHABLE);
	ami_devices_listed(manager->conn);
	assert_int_equal(state_of(manager, alice), DEVICE_REACHABLE);
	assert_int_equal(state_of(manager, bob), DEVICE_UNREACHABLE);
	manager_close(manager);
}

static void without_memory_there_is_no_veto(void **state)
{
	struct manager *manager = manager_quiet();
	unsigned n = 0;

	(void)state;
	do {
		alloc_fail(++n);
		ami_device(manager->conn, "PJSIP/alice", DEVICE_BUSY);
		alloc_fail(0);
		assert_true(n < 10);
	} while (HASH_COUNT(manager->conn->devices) == 0);
	assert_true(n > 1);
	manager_close(manager);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_telephone_vetoes_its_agent),
		cmocka_unit_test(what_is_no_telephone_is_not_kept),
		cmocka_unit_test(of_several_servers_the_one_that_reaches_it_counts),
		cmocka_unit_test(what_a_list_does_not_have_any_more_is_no_veto),
		cmocka_unit_test(without_memory_there_is_no_veto),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
