#include "gate.h"

static void a_device_vetoes_its_agent_and_nobody_else(void **state)
{
	struct board *board = board_open();
	struct agent_id alice = gate_log_in(board, "alice"), bob = gate_log_in(board, "bob");

	(void)state;
	asterisk_device(gate_of(board), "PJSIP/alice", DEVICE_UNREACHABLE);
	asterisk_device(gate_of(board), "PJSIP/trunk", DEVICE_BUSY);
	board_turn(board);
	assert_int_equal(gate_agent(board, alice).device, DEVICE_UNREACHABLE);
	assert_int_equal(gate_agent(board, bob).device, DEVICE_REACHABLE);
	asterisk_device(gate_of(board), "PJSIP/alice", DEVICE_REACHABLE);
	board_turn(board);
	assert_int_equal(gate_agent(board, alice).device, DEVICE_REACHABLE);
	board_close(board);
}

static void what_a_device_was_before_its_agent_came_holds(void **state)
{
	struct board *board = board_open();
	struct agent_id alice;

	(void)state;
	asterisk_device(gate_of(board), "PJSIP/alice", DEVICE_UNREACHABLE);
	alice = gate_log_in(board, "alice");
	board_turn(board);
	assert_int_equal(gate_agent(board, alice).device, DEVICE_UNREACHABLE);
	board_close(board);
}

static void a_desktop_may_say_something_else_until_the_device_changes(void **state)
{
	struct board *board = board_open();
	struct core_event ev = { .type = EVT_AGENT_DEVICE_CHANGED };

	(void)state;
	asterisk_device(gate_of(board), "PJSIP/alice", DEVICE_REACHABLE);
	ev.agent_device_changed.agent = gate_log_in(board, "alice");
	ev.agent_device_changed.device = DEVICE_BUSY;
	assert_int_equal(loop_post(board->loop, &ev), 0);
	board_turn(board);
	board_turn(board);
	assert_int_equal(gate_agent(board, ev.agent_device_changed.agent).device, DEVICE_BUSY);
	asterisk_device(gate_of(board), "PJSIP/alice", DEVICE_UNREACHABLE);
	board_turn(board);
	assert_int_equal(gate_agent(board, ev.agent_device_changed.agent).device,
	                 DEVICE_UNREACHABLE);
	board_close(board);
}

static void who_moves_to_another_desk_is_dialled_there(void **state)
{
	struct board *board = board_open();
	struct agent_id alice = gate_log_in(board, "alice");
	struct agent_words words = { .agent = "alice", .target = "PJSIP/desk-7&PJSIP/home" };
	struct refusal refusal;

	(void)state;
	assert_true(asterisk_agent_act(gate_of(board), NO_PEER, AGENT_ACT_LOGIN, &words, &refusal));
	board_turn(board);
	asterisk_device(gate_of(board), "PJSIP/alice", DEVICE_UNREACHABLE);
	board_turn(board);
	assert_int_equal(gate_agent(board, alice).device, DEVICE_REACHABLE);
	asterisk_device(gate_of(board), "PJSIP/desk-7", DEVICE_UNREACHABLE);
	board_turn(board);
	assert_int_equal(gate_agent(board, alice).device, DEVICE_UNREACHABLE);
	assert_true(agent_id_equal(
	        asterisk_agent_of_channel(gate_of(board), "PJSIP/desk-7-0000002a"), alice));
	board_close(board);
}

static void a_channel_names_the_agent_who_is_there(void **state)
{
	struct board *board = board_open();
	struct agent_id alice = gate_log_in(board, "alice");
	struct agent_words words = { .agent = "alice" };
	struct refusal refusal;

	(void)state;
	assert_true(agent_id_equal(
	        asterisk_agent_of_channel(gate_of(board), "PJSIP/alice-00000001"), alice));
	assert_false(agent_id_set(asterisk_agent_of_channel(gate_of(board), "PJSIP/al-1")));
	assert_false(agent_id_set(asterisk_agent_of_channel(gate_of(board), "nonsense")));
	assert_true(
	        asterisk_agent_act(gate_of(board), NO_PEER, AGENT_ACT_LOGOUT, &words, &refusal));
	board_turn(board);
	assert_false(
	        agent_id_set(asterisk_agent_of_channel(gate_of(board), "PJSIP/alice-00000001")));
	board_close(board);
}

static void agents_pause_and_are_back_by_a_code(void **state)
{
	struct board *board = board_open();
	struct agent_id alice = gate_log_in(board, "alice");
	struct agent_words words = { .agent = "alice", .reason = "lunch" };
	struct refusal refusal;

	(void)state;
	assert_true(asterisk_agent_act(gate_of(board), NO_PEER, AGENT_ACT_PAUSE, &words, &refusal));
	board_turn(board);
	assert_int_equal(gate_agent(board, alice).state, AGENT_PAUSED);
	assert_string_equal(directory_agent(board->directory, alice)->pause_reason, "lunch");
	assert_true(asterisk_agent_act(gate_of(board), NO_PEER, AGENT_ACT_READY, &words, &refusal));
	board_turn(board);
	assert_int_equal(gate_agent(board, alice).state, AGENT_READY);
	assert_string_equal(directory_agent(board->directory, alice)->pause_reason, "");
	words.agent = "nobody";
	assert_false(
	        asterisk_agent_act(gate_of(board), NO_PEER, AGENT_ACT_READY, &words, &refusal));
	assert_string_equal(refusal.reason, "unknown_agent");
	link_set_ready(board->link, false);
	assert_false(
	        asterisk_agent_act(gate_of(board), NO_PEER, AGENT_ACT_READY, &words, &refusal));
	assert_string_equal(refusal.reason, "not_ready");
	board_close(board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_vetoes_its_agent_and_nobody_else),
		cmocka_unit_test(what_a_device_was_before_its_agent_came_holds),
		cmocka_unit_test(a_desktop_may_say_something_else_until_the_device_changes),
		cmocka_unit_test(who_moves_to_another_desk_is_dialled_there),
		cmocka_unit_test(a_channel_names_the_agent_who_is_there),
		cmocka_unit_test(agents_pause_and_are_back_by_a_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
