#include "manager.h"
#include "orphans.h"

/* What the connection does around it: a list begins, has these channels, and ends. */
static void compare(struct manager *manager, const char *const *channels)
{
	struct client *client = manager->server->client;

	client->sync = ++manager->board->link->syncs_last;
	ami_calls_begin(manager->conn);
	for (; *channels != NULL; channels++)
		manager_tell(manager, *channels);
	assert_true(ami_calls_settle(manager->conn));
	assert_true(orphans_sync(client, 0, TEXT(""), TEXT("")));
	board_pass(manager->board, MSEC(2));
}

#define LISTED "Event: CoreShowChannel|ActionID: channels|ChannelState: 6|"
#define RINGS "Event: CoreShowChannel|ActionID: channels|ChannelState: 5|"

static void what_is_not_listed_is_lost_and_the_rest_is_not(void **state)
{
	static const char *const channels[] = { LISTED "Channel: PJSIP/t-2|Uniqueid: 2.1", NULL };
	struct manager *manager = manager_quiet();
	struct call_id gone = gate_arrive(manager->board, "1.1", "sales")->id;
	struct call_id here = gate_arrive(manager->board, "2.1", "sales")->id;
	const struct finished_call *finished;

	(void)state;
	compare(manager, channels);
	assert_int_equal(manager_state(manager, gone), CALL_FREE);
	assert_int_equal(manager_state(manager, here), CALL_WAITING);
	finished = directory_find_finished(manager->board->directory, manager->server->name, "1.1");
	assert_int_equal(finished->facts.by, BY_LOSS);
	manager_close(manager);
}

static void who_comes_while_it_is_listed_is_not_missed_in_it(void **state)
{
	struct manager *manager = manager_quiet();
	struct client *client = manager->server->client;
	struct call_id id;

	(void)state;
	client->sync = ++manager->board->link->syncs_last;
	ami_calls_begin(manager->conn);
	id = gate_arrive(manager->board, "1.1", "sales")->id;
	assert_true(ami_calls_settle(manager->conn));
	assert_true(orphans_sync(client, 0, TEXT(""), TEXT("")));
	board_pass(manager->board, MSEC(2));
	assert_int_equal(manager_state(manager, id), CALL_WAITING);
	manager_close(manager);
}

static void an_answer_that_was_missed_is_made_up_for(void **state)
{
	static const char *const channels[] = { LISTED CALLER_CHANNEL "|BridgeId: b",
		                                LISTED ALICE_CHANNEL "|BridgeId: b", NULL };
	struct manager *manager = manager_quiet();
	struct asterisk_call *call = manager_ring(manager);

	(void)state;
	compare(manager, channels);
	assert_int_equal(manager_state(manager, call->id), CALL_TALKING);
	assert_string_equal(call->leg, "1.2");
	manager_tell(manager, "Event: Hold|" ALICE_CHANNEL);
	assert_int_equal(manager_state(manager, call->id), CALL_HELD);
	manager_close(manager);
}

static void a_telephone_that_rings_still_is_the_one_of_the_offer(void **state)
{
	static const char *const channels[] = { LISTED CALLER_CHANNEL, RINGS ALICE_CHANNEL, NULL };
	struct manager *manager = manager_quiet();
	struct asterisk_call *call = manager_ring(manager);

	(void)state;
	call->leg[0] = '\0';
	compare(manager, channels);
	assert_int_equal(manager_state(manager, call->id), CALL_OFFERED);
	assert_string_equal(call->leg, "1.2");
	manager_tell(manager,
	             "Event: DialEnd|" CALLER_CHANNEL "|" ALICE_DEST "|DialStatus: NOANSWER");
	manager_tell(manager, "Event: Hangup|" ALICE_CHANNEL "|Cause: 0");
	assert_int_equal(manager_state(manager, call->id), CALL_WAITING);
	manager_close(manager);
}

static void a_talk_goes_on_after_a_restart_of_ours(void **state)
{
	static const char *const channels[] = {
		LISTED CALLER_CHANNEL "|BridgeId: b",
		LISTED "Channel: Local/7@desks-01;1|Uniqueid: 1.7|BridgeId: b", NULL
	};
	struct manager *manager = manager_quiet();
	struct asterisk_call *call = manager_talk(manager);
	struct call_id id = call->id;

	(void)state;
	asterisk_call_drop(call); /* as if this daemon had never heard of it */
	compare(manager, channels);
	board_pass(manager->board, MSEC(5));
	assert_int_equal(manager_state(manager, id), CALL_TALKING);
	call = asterisk_call_find(manager->server, "1.1");
	assert_string_equal(call->leg, "1.7");
	assert_true(call->joined);
	manager_close(manager);
}

static void who_talks_with_nobody_any_more_is_given_a_moment(void **state)
{
	static const char *const channels[] = { LISTED CALLER_CHANNEL, NULL };
	struct manager *manager = manager_quiet();
	struct asterisk_call *call = manager_talk(manager);
	struct call_id id = call->id;

	(void)state;
	compare(manager, channels);
	assert_int_equal(manager_state(manager, id), CALL_TALKING);
	assert_false(call->joined);
	board_pass(manager->board, MSEC(2400));
	assert_int_equal(manager_state(manager, id), CALL_FREE);
	manager_close(manager);
}

static void calls_of_other_servers_are_not_touched(void **state)
{
	static const char *const nothing[] = { NULL };
	struct manager *manager = manager_quiet();
	struct asterisk_server *other = asterisk_server_at(gate_of(manager->board), "192.0.2.8");
	struct call_words words = { .call_id = "1.1", .queue = "sales", .from = "0312345678" };
	struct refusal refusal;
	struct asterisk_call *call = asterisk_call_arrive(other, &words, "PJSIP/t-1", &refusal);

	(void)state;
	assert_non_null(call);
	board_turn(manager->board);
	compare(manager, nothing);
	assert_int_equal(manager_state(manager, call->id), CALL_WAITING);
	manager_close(manager);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_listed_is_lost_and_the_rest_is_not),
		cmocka_unit_test(who_comes_while_it_is_listed_is_not_missed_in_it),
		cmocka_unit_test(an_answer_that_was_missed_is_made_up_for),
		cmocka_unit_test(a_telephone_that_rings_still_is_the_one_of_the_offer),
		cmocka_unit_test(a_talk_goes_on_after_a_restart_of_ours),
		cmocka_unit_test(who_talks_with_nobody_any_more_is_given_a_moment),
		cmocka_unit_test(calls_of_other_servers_are_not_touched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
