#include "gate.h"

static void a_caller_waits_is_offered_answered_and_gone(void **state)
{
	struct board *board = board_open();
	struct asterisk_call *call = gate_arrive(board, "1795304425.0", "sales");
	struct call_id id = call->id;
	struct agent_id alice;

	(void)state;
	assert_int_equal(gate_record(board, id).state, CALL_WAITING);
	assert_string_equal(directory_call(board->directory, id)->facts.client, "agi:192.0.2.7");
	alice = gate_log_in(board, "alice");
	assert_int_equal(gate_record(board, id).state, CALL_OFFERED);
	asterisk_call_ringing(call, 0);
	asterisk_call_answered(call, 1);
	board_turn(board);
	assert_int_equal(gate_record(board, id).state, CALL_TALKING);
	assert_int_equal(gate_agent(board, alice).state, AGENT_TALKING);
	asterisk_call_held(call, true);
	board_turn(board);
	assert_int_equal(gate_record(board, id).state, CALL_HELD);
	asterisk_call_held(call, false);
	asterisk_call_held(call, false);
	board_turn(board);
	assert_int_equal(gate_record(board, id).state, CALL_TALKING);
	asterisk_call_ended(call, BY_AGENT);
	board_turn(board);
	assert_int_equal(gate_record(board, id).state, CALL_FREE);
	assert_null(asterisk_call_of(gate_of(board), id));
	assert_null(asterisk_call_find(gate_server(board), "1795304425.0"));
	board_close(board);
}

static void what_is_known_already_or_comes_too_late_changes_nothing(void **state)
{
	struct board *board = board_open();
	struct asterisk_call *call = gate_arrive(board, "1.1", "sales");
	struct call_record before, after;

	(void)state;
	asterisk_call_answered(call, 0); /* nobody is rung */
	asterisk_call_failed(call, 0, MISS_BUSY);
	asterisk_call_held(call, true);
	asterisk_call_transferred(call, (struct agent_id){ 0 }, 1, false);
	board_turn(board);
	assert_int_equal(gate_record(board, call->id).state, CALL_WAITING);
	gate_log_in(board, "alice");
	before = gate_record(board, call->id);
	assert_int_equal(before.state, CALL_OFFERED);
	asterisk_call_answered(call, before.offer + 1); /* another offer is the present one */
	asterisk_call_failed(call, before.offer + 1, MISS_BUSY);
	board_turn(board);
	after = gate_record(board, call->id);
	assert_int_equal(after.state, CALL_OFFERED);
	assert_int_equal(after.offer, before.offer);
	board_close(board);
}

static void a_miss_puts_the_caller_back_in_line(void **state)
{
	struct board *board = board_open();
	struct asterisk_call *call = gate_arrive(board, "1.1", "sales");

	(void)state;
	gate_log_in(board, "alice");
	asterisk_call_failed(call, 1, MISS_REJECTED);
	board_turn(board);
	assert_int_equal(gate_record(board, call->id).state, CALL_WAITING);
	gate_log_in(board, "bob");
	assert_int_equal(gate_record(board, call->id).state, CALL_OFFERED);
	assert_int_equal(gate_record(board, call->id).offer, 2);
	board_close(board);
}

static void a_talk_can_be_handed_on(void **state)
{
	struct board *board = board_open();
	struct asterisk_call *call = gate_arrive(board, "1.1", "sales");
	struct agent_id alice = gate_log_in(board, "alice"), bob;

	(void)state;
	asterisk_call_answered(call, 0);
	board_turn(board);
	bob = gate_log_in(board, "bob");
	asterisk_call_transferred(call, bob, QUEUE_NONE, true);
	board_turn(board);
	assert_true(agent_id_equal(gate_record(board, call->id).agent, bob));
	assert_int_equal(gate_agent(board, alice).state, AGENT_WRAPUP);
	asterisk_call_transferred(call, (struct agent_id){ 0 },
	                          directory_find_queue(board->directory, "support"), false);
	board_turn(board);
	assert_int_equal(gate_record(board, call->id).state, CALL_WAITING);
	board_close(board);
}

static void who_is_sent_to_an_agent_in_vain_is_over_unless_they_come_back(void **state)
{
	(void)state;
	for (int back = 0; back < 2; back++) {
		struct board *board = board_open();
		struct agent_id alice = gate_log_in(board, "alice"), bob;
		struct asterisk_call *call = gate_arrive(board, "1.1", "sales");
		struct call_id id = call->id;

		asterisk_call_answered(call, 0);
		board_turn(board);
		bob = gate_log_in(board, "bob");
		asterisk_call_transferred(call, bob, QUEUE_NONE, false);
		board_turn(board);
		board_pass(board, MSEC(600)); /* as long as bob's telephone rings */
		assert_true(agent_id_equal(gate_record(board, id).agent, bob));
		asterisk_call_failed(call, 0, MISS_NO_ANSWER);
		board_turn(board);
		if (back)
			asterisk_call_kept(call);
		board_pass(board, MSEC(700));
		assert_int_equal(gate_record(board, id).state, back ? CALL_WAITING : CALL_FREE);
		assert_int_equal(gate_agent(board, alice).misses[MISS_NO_ANSWER], 0);
		board_close(board);
	}
}

static void who_may_be_gone_is_given_a_moment(void **state)
{
	struct board *board = board_open();
	struct asterisk_call *call = gate_arrive(board, "1.1", "sales");
	struct call_id id = call->id;

	(void)state;
	asterisk_call_doubted(call, MSEC(20), BY_CALLER);
	asterisk_call_kept(call);
	board_pass(board, MSEC(60));
	assert_int_equal(gate_record(board, id).state, CALL_WAITING);
	asterisk_call_doubted(call, MSEC(20), BY_LOSS);
	asterisk_call_doubted(call, MSEC(20), BY_CALLER); /* the last word counts */
	board_pass(board, MSEC(60));
	assert_int_equal(gate_record(board, id).state, CALL_FREE);
	board_close(board);
}

static void a_connection_that_holds_a_caller_shows_that_asterisk_is_there(void **state)
{
	struct board *board = board_open();
	struct asterisk_call *call = gate_arrive(board, "1.1", "sales");
	struct asterisk_server *server = call->server;

	(void)state;
	asterisk_call_taken(call, 7);
	asterisk_call_taken(call, 8);
	assert_int_equal(server->client->sessions, 1);
	assert_int_equal(server->meter->held, 1);
	asterisk_call_let_go(call);
	asterisk_call_let_go(call);
	assert_int_equal(server->client->sessions, 0);
	assert_int_equal(server->meter->held, 0);
	asterisk_call_taken(call, 9);
	asterisk_call_ended(call, BY_CALLER);
	board_turn(board);
	assert_int_equal(server->meter->held, 0);
	assert_int_equal(server->client->sessions, 0);
	board_close(board);
}

static void what_cannot_be_taken_is_refused_by_name(void **state)
{
	struct board *board = board_open();
	struct call_words words = { .call_id = "1.1", .queue = "salse" };
	struct refusal refusal;

	(void)state;
	assert_null(asterisk_call_arrive(gate_server(board), &words, "PJSIP/a-1", &refusal));
	assert_string_equal(refusal.reason, "unknown_queue");
	assert_string_equal(refusal.detail, "no queue salse");
	words.queue = "sales";
	words.skills_count = 1;
	words.skills[0].name = "latin";
	assert_null(asterisk_call_arrive(gate_server(board), &words, "PJSIP/a-1", &refusal));
	assert_string_equal(refusal.reason, "unknown_skill");
	board_close(board);
}

static void a_call_of_before_a_restart_is_known_by_its_uniqueid(void **state)
{
	struct board *board = board_open();
	struct asterisk_call *call = gate_arrive(board, "1.1", "sales");
	struct call_id id = call->id;

	(void)state;
	asterisk_call_drop(call); /* as if this daemon had never heard of it */
	assert_null(asterisk_call_of(gate_of(board), id));
	call = asterisk_call_find(gate_server(board), "1.1");
	assert_non_null(call);
	assert_true(call_id_equal(call->id, id));
	assert_ptr_equal(asterisk_call_of(gate_of(board), id), call);
	board_close(board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_caller_waits_is_offered_answered_and_gone),
		cmocka_unit_test(what_is_known_already_or_comes_too_late_changes_nothing),
		cmocka_unit_test(a_miss_puts_the_caller_back_in_line),
		cmocka_unit_test(a_talk_can_be_handed_on),
		cmocka_unit_test(who_is_sent_to_an_agent_in_vain_is_over_unless_they_come_back),
		cmocka_unit_test(who_may_be_gone_is_given_a_moment),
		cmocka_unit_test(a_connection_that_holds_a_caller_shows_that_asterisk_is_there),
		cmocka_unit_test(what_cannot_be_taken_is_refused_by_name),
		cmocka_unit_test(a_call_of_before_a_restart_is_known_by_its_uniqueid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
