#include "dialplan.h"
#include "manager.h"

/* The caller waits by FastAGI, and is offered to alice, who is called. */
struct first {
	struct manager *manager;
	struct asterisk_call *call;
	struct line *caller;
	struct call_id id;
	char leg[UNIQUEID_SIZE];
};

static struct manager *open_manager(void)
{
	struct board *board = dialplan_make();
	struct manager *manager;

	board->options->queues[0].hold.dial = DIAL_AGENT_FIRST;
	board->options->queues[0].plan.ring = SEC(15);
	dialplan_start(board);
	manager = manager_make_on(board, asterisk_server_at(gate_of(board), "127.0.0.1"));
	log_set_level(LOG_LEVEL_ERROR);
	manager_connect(manager, &manager_calm);
	manager_come_up(manager);
	return manager;
}

static struct first open_first(void)
{
	struct first first = { .manager = open_manager() };
	usec_t end = clock_monotonic() + SEC(5);

	gate_log_in(first.manager->board, "alice");
	first.caller = dialplan_ask(first.manager->board, "1.1", "route,sales");
	while (first.call == NULL && clock_monotonic() < end) {
		board_turn(first.manager->board);
		first.call = asterisk_call_find(first.manager->server, "1.1");
	}
	assert_non_null(first.call);
	while (first.call->leg[0] == '\0' && clock_monotonic() < end)
		board_turn(first.manager->board);
	first.id = first.call->id;
	snprintf(first.leg, sizeof(first.leg), "%s", first.call->leg);
	assert_string_not_equal(first.leg, "");
	return first;
}

static void close_first(struct first *first)
{
	line_close(first->caller);
	manager_close(first->manager);
}

/* The caller is joined with her. */
static void expect_join(struct first *first)
{
	char wanted[UNIQUEID_SIZE + 32];

	snprintf(wanted, sizeof(wanted), "EXEC \"Bridge\" \"%s,x\"", first->leg);
	dialplan_expect(first->caller, wanted);
}

/* `text` with the leg in place of "%s", as often as it is there. */
static void tell(struct first *first, const char *text)
{
	char said[1024];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(said, sizeof(said), text, first->leg, first->leg);
#pragma GCC diagnostic pop
	manager_tell(first->manager, said);
}

#define RINGING "Event: DialBegin|DestChannel: PJSIP/alice-1|DestUniqueid: %s"
#define ASIDE "Event: BridgeEnter|BridgeUniqueid: w|BridgeTechnology: holding_bridge|Uniqueid: %s"
#define SUCCESS "Event: OriginateResponse|ActionID: %s|Response: Success|Uniqueid: %s|Reason: 4"
#define FAILURE(reason) \
	"Event: OriginateResponse|ActionID: %s|Response: Failure|Uniqueid: <null>|Reason: " reason
#define LISTED "Event: CoreShowChannel|ActionID: channels|ChannelState: 6|"
#define HANGUP(cause) "Event: Hangup|Channel: PJSIP/alice-1|Uniqueid: %s|Cause: " cause

static void an_agent_is_called_with_all_that_is_needed(void **state)
{
	struct first first = open_first();
	char line[1024];

	(void)state;
	manager_pass(first.manager, MSEC(5));
	snprintf(line, sizeof(line),
	         "Action: Originate\r\nActionID: %s\r\nChannel: PJSIP/alice\r\nApplication: "
	         "BridgeWait\r\n"
	         "Data: %s,participant,e(s)S(60)\r\nTimeout: 15000\r\nChannelId: %s\r\nCallerID: "
	         "<0312345678>\r\n"
	         "Variable: NAJIMI_CALL=1.1\r\nAsync: true\r\n\r\n",
	         first.leg, first.leg, first.leg);
	manager_expect(first.manager, line);
	close_first(&first);
}

static void the_two_are_joined_and_led_to_where_they_belong(void **state)
{
	struct first first = open_first();

	(void)state;
	tell(&first, RINGING);
	tell(&first, "Event: Newstate|Uniqueid: %s|ChannelState: 5");
	tell(&first, SUCCESS);
	line_expect_silence(first.caller, MSEC(5)); /* not yet where she can be had */
	tell(&first, ASIDE);
	expect_join(&first);
	tell(&first, "Event: DialEnd|DestUniqueid: %s|DialStatus: ANSWER"); /* of her side alone */
	assert_int_equal(manager_state(first.manager, first.id), CALL_OFFERED);
	tell(&first, "Event: BridgeEnter|BridgeUniqueid: b|Channel: PJSIP/alice-1|Uniqueid: %s");
	manager_tell(first.manager, "Event: BridgeEnter|BridgeUniqueid: b|" CALLER_CHANNEL);
	assert_int_equal(manager_state(first.manager, first.id), CALL_TALKING);
	manager_expect(first.manager, "Channel: 1.1\r\nVariable: NAJIMI_ACTION\r\nValue: hangup");
	tell(&first, HANGUP("16"));
	board_pass(first.manager->board, MSEC(800));
	assert_int_equal(manager_state(first.manager, first.id), CALL_FREE);
	close_first(&first);
}

static void who_could_not_be_joined_is_hung_up_and_has_refused(void **state)
{
	struct first first = open_first();
	struct agent_id alice = directory_find_agent(first.manager->board->directory, "alice")->id;

	(void)state;
	asterisk_server_watched(first.manager->server, true);
	tell(&first, SUCCESS);
	tell(&first, ASIDE);
	expect_join(&first);
	dialplan_answer(first.caller, "200 result=0", "GET FULL VARIABLE \"${UNIQUEID}\"");
	line_say(first.caller, "200 result=1 (1.1)\n");
	manager_expect(first.manager, "Action: Hangup\r\nActionID: hangup\r\nChannel: najimi-");
	assert_int_equal(manager_state(first.manager, first.id), CALL_OFFERED);
	tell(&first, HANGUP("16"));
	assert_int_equal(manager_state(first.manager, first.id), CALL_WAITING);
	assert_int_equal(gate_agent(first.manager->board, alice).misses[MISS_REJECTED], 1);
	close_first(&first);
}

static void nobody_is_joined_with_a_caller_whom_we_do_not_hold(void **state)
{
	struct first first = open_first();

	(void)state;
	line_close(first.caller);
	first.caller = dialplan_connect(first.manager->board);
	while (first.call->peer != NO_PEER)
		board_turn(first.manager->board);
	tell(&first, SUCCESS);
	tell(&first, ASIDE);
	manager_expect(first.manager, "Action: Hangup\r\nActionID: hangup\r\nChannel: najimi-");
	close_first(&first);
}

static void a_miss_is_told_by_the_response_or_by_the_end_of_the_channel(void **state)
{
	static const struct {
		const char *deeds[4];
		enum miss_kind kind;
	} rows[] = {
		{ { FAILURE("3") }, MISS_NO_ANSWER },
		{ { FAILURE("5") }, MISS_BUSY },
		{ { FAILURE("1") }, MISS_REJECTED },
		{ { FAILURE("8") }, MISS_UNREACHABLE },
		{ { FAILURE("0") }, MISS_UNREACHABLE },
		{ { RINGING, FAILURE("0"), HANGUP("17") }, MISS_BUSY },
		{ { RINGING, HANGUP("21"), FAILURE("0") }, MISS_REJECTED },
		{ { RINGING, FAILURE("3"), HANGUP("0") }, MISS_NO_ANSWER },
		{ { "Event: HangupRequest|Channel: PJSIP/alice-1|Uniqueid: %s|Cause: 21",
		    FAILURE("0"), RINGING, HANGUP("21") },
		  MISS_REJECTED },
		{ { SUCCESS, HANGUP("16") }, MISS_REJECTED }, /* gone before they met */
		{ { ASIDE, SUCCESS, HANGUP("16") }, MISS_REJECTED },
		{ { RINGING, HANGUP("16"), SUCCESS }, MISS_REJECTED },
		{ { "Response: Error|ActionID: %s|Message: Permission denied" }, MISS_UNREACHABLE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct first first = open_first();
		struct agent_id alice =
		        directory_find_agent(first.manager->board->directory, "alice")->id;

		for (size_t k = 0; k < 4 && rows[i].deeds[k] != NULL; k++)
			tell(&first, rows[i].deeds[k]);
		assert_int_equal(manager_state(first.manager, first.id), CALL_WAITING);
		assert_int_equal(gate_agent(first.manager->board, alice).misses[rows[i].kind], 1);
		tell(&first, HANGUP("16"));
		assert_int_equal(first.manager->conn->legs_count, 0);
		close_first(&first);
	}
}

static void that_asterisk_goes_down_is_no_miss_of_the_agents(void **state)
{
	struct first first = open_first();
	struct agent_id alice = directory_find_agent(first.manager->board->directory, "alice")->id;

	(void)state;
	tell(&first, "Response: Error|ActionID: %s|Message: Asterisk is shutting down");
	assert_int_equal(manager_state(first.manager, first.id), CALL_WAITING);
	assert_int_equal(gate_agent(first.manager->board, alice).misses[MISS_UNREACHABLE], 0);
	assert_int_equal(first.manager->conn->legs_count, 0);
	close_first(&first);
}

/* The connection was lost, and is back: the channels that are listed are these. */
static void compare(struct first *first, const char *channels)
{
	first->manager->server->client->sync = ++first->manager->board->link->syncs_last;
	ami_calls_begin(first->manager->conn);
	manager_tell(first->manager, LISTED CALLER_CHANNEL);
	if (channels != NULL)
		tell(first, channels);
	assert_true(ami_calls_settle(first->manager->conn));
	board_turn(first->manager->board);
}

static void who_answered_while_nobody_heard_is_joined_then(void **state)
{
	struct first first = open_first();

	(void)state;
	compare(&first, LISTED "Channel: PJSIP/alice-1|Uniqueid: %s|BridgeId: w");
	expect_join(&first);
	compare(&first, LISTED "Channel: PJSIP/alice-1|Uniqueid: %s|BridgeId: w"); /* still so */
	manager_pass(first.manager, MSEC(5));
	assert_null(strstr(first.manager->heard, "Hangup"));
	assert_int_equal(manager_state(first.manager, first.id), CALL_OFFERED);
	close_first(&first);
}

static void who_rings_still_when_it_is_heard_again_goes_on_to(void **state)
{
	struct first first = open_first();

	(void)state;
	compare(&first, LISTED "Channel: PJSIP/alice-1|Uniqueid: %s");
	line_expect_silence(first.caller, MSEC(5));
	tell(&first, SUCCESS);
	tell(&first, ASIDE);
	expect_join(&first);
	close_first(&first);
}

static void who_went_while_nobody_heard_has_missed_it(void **state)
{
	struct first first = open_first();

	(void)state;
	compare(&first, NULL);
	assert_int_equal(manager_state(first.manager, first.id), CALL_WAITING);
	assert_int_equal(first.manager->conn->legs_count, 0);
	close_first(&first);
}

static void who_is_not_wanted_any_more_when_it_is_heard_again_is_hung_up(void **state)
{
	struct first first = open_first();

	(void)state;
	asterisk_call_ended(first.call, BY_CALLER);
	board_turn(first.manager->board);
	compare(&first, LISTED "Channel: PJSIP/alice-1|Uniqueid: %s|BridgeId: w");
	manager_expect(first.manager, "Action: Hangup\r\nActionID: hangup\r\nChannel: najimi-");
	close_first(&first);
}

static void who_is_called_for_nobody_is_hung_up(void **state)
{
	struct first first = open_first();

	(void)state;
	manager_expect(first.manager, "Action: Originate");
	ami_hang_up_leg(first.manager->conn, first.call);
	manager_expect(first.manager, "Action: Hangup\r\nActionID: hangup\r\nChannel: najimi-");
	asterisk_call_ended(first.call, BY_CALLER);
	board_turn(first.manager->board);
	manager_pass(first.manager, MSEC(5));
	first.manager->length = 0;
	tell(&first, SUCCESS); /* it was too late */
	manager_expect(first.manager, "Action: Hangup");
	close_first(&first);
}

static void answers_to_what_nobody_asked_are_nothing(void **state)
{
	struct first first = open_first();

	(void)state;
	manager_tell(first.manager,
	             "Event: OriginateResponse|ActionID: other|Response: Failure|Reason: 3");
	manager_tell(first.manager, "Response: Error|ActionID: other|Message: no");
	manager_tell(first.manager, "Response: Error|ActionID: hangup|Message: No such channel");
	assert_int_equal(manager_state(first.manager, first.id), CALL_OFFERED);
	close_first(&first);
}

static void without_a_connection_nobody_is_called(void **state)
{
	struct manager *manager = manager_quiet();
	struct asterisk_call *call;

	(void)state;
	gate_log_in(manager->board, "alice");
	call = gate_arrive(manager->board, "1.1", "sales");
	assert_false(ami_call_agent(manager->conn, call, "PJSIP/alice", 1, SEC(15)));
	assert_int_equal(manager->conn->legs_count, 0);
	manager_close(manager);
}

static void a_target_that_fits_no_line_is_not_called(void **state)
{
	struct manager *manager = open_manager();
	static char target[AMI_OUT_LINE_MAX];
	struct asterisk_call *call;

	(void)state;
	log_set_level(LOG_LEVEL_ERROR - 1);
	memset(target, 't', sizeof(target) - 1);
	gate_log_in(manager->board, "alice");
	call = gate_arrive(manager->board, "1.1", "sales");
	assert_false(ami_call_agent(manager->conn, call, target, 1, SEC(15)));
	assert_int_equal(manager->conn->legs_count, 0);
	manager_close(manager);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_agent_is_called_with_all_that_is_needed),
		cmocka_unit_test(the_two_are_joined_and_led_to_where_they_belong),
		cmocka_unit_test(who_could_not_be_joined_is_hung_up_and_has_refused),
		cmocka_unit_test(nobody_is_joined_with_a_caller_whom_we_do_not_hold),
		cmocka_unit_test(a_miss_is_told_by_the_response_or_by_the_end_of_the_channel),
		cmocka_unit_test(that_asterisk_goes_down_is_no_miss_of_the_agents),
		cmocka_unit_test(who_answered_while_nobody_heard_is_joined_then),
		cmocka_unit_test(who_rings_still_when_it_is_heard_again_goes_on_to),
		cmocka_unit_test(who_went_while_nobody_heard_has_missed_it),
		cmocka_unit_test(who_is_not_wanted_any_more_when_it_is_heard_again_is_hung_up),
		cmocka_unit_test(who_is_called_for_nobody_is_hung_up),
		cmocka_unit_test(answers_to_what_nobody_asked_are_nothing),
		cmocka_unit_test(without_a_connection_nobody_is_called),
		cmocka_unit_test(a_target_that_fits_no_line_is_not_called),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
