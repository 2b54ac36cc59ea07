#include "manager.h"

static void a_sound_that_somebody_hears_is_stopped(void **state)
{
	struct manager *manager = manager_make();
	struct asterisk_call *call;

	(void)state;
	log_set_level(LOG_LEVEL_ERROR);
	manager_connect(manager, &manager_calm);
	manager_come_up(manager);
	call = gate_arrive(manager->board, "1.1", "sales");
	ami_hush(manager->conn, call);
	manager_expect(manager, "Action: ControlPlayback\r\nActionID: hush\r\nChannel: 1.1\r\n"
	                        "Control: stop\r\n");
	manager_say(manager,
	            "Response: Error\r\nActionID: hush\r\nMessage: No such channel\r\n\r\n");
	assert_int_equal(manager_state(manager, call->id), CALL_WAITING);
	manager_close(manager);
}

static void without_a_connection_it_goes_on(void **state)
{
	struct manager *manager = manager_quiet();
	struct asterisk_call *call = gate_arrive(manager->board, "1.1", "sales");

	(void)state;
	ami_hush(manager->conn, call);
	assert_int_equal(manager_state(manager, call->id), CALL_WAITING);
	manager_close(manager);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sound_that_somebody_hears_is_stopped),
		cmocka_unit_test(without_a_connection_it_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
