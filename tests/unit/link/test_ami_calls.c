#include "manager.h"

static enum ended_by ended_by(struct manager *manager, struct call_id id)
{
	const struct finished_call *finished;

	board_turn(manager->board);
	assert_int_equal(manager_state(manager, id), CALL_FREE);
	finished = directory_find_finished(manager->board->directory, manager->server->name, "1.1");
	assert_non_null(finished);
	return finished->facts.by;
}

static unsigned misses(struct manager *manager, enum miss_kind kind)
{
	struct agent_id alice = directory_find_agent(manager->board->directory, "alice")->id;

	return gate_agent(manager->board, alice).misses[kind];
}

static void an_answer_is_told_by_dial_and_a_bridge_changes_nothing(void **state)
{
	struct manager *manager = manager_quiet();
	struct asterisk_call *call = manager_ring(manager);

	(void)state;
	assert_string_equal(call->leg, "1.2");
	manager_tell(manager, "Event: Newstate|" ALICE_CHANNEL "|ChannelState: 5");
	manager_tell(manager,
	             "Event: DialEnd|" CALLER_CHANNEL "|" ALICE_DEST "|DialStatus: ANSWER");
	assert_int_equal(manager_state(manager, call->id), CALL_TALKING);
	manager_join(manager, "b1", ALICE_CHANNEL, CALLER_CHANNEL);
	assert_int_equal(manager_state(manager, call->id), CALL_TALKING);
	assert_true(call->joined);
	manager_close(manager);
}

static void an_answer_is_told_by_a_bridge_alone(void **state)
{
	struct manager *manager = manager_quiet();
	struct asterisk_call *call = manager_ring(manager);

	(void)state;
	manager_tell(manager, "Event: BridgeEnter|BridgeUniqueid: b|" CALLER_CHANNEL);
	assert_int_equal(manager_state(manager, call->id), CALL_OFFERED);
	manager_tell(manager, "Event: BridgeEnter|BridgeUniqueid: b|" ALICE_CHANNEL);
	assert_int_equal(manager_state(manager, call->id), CALL_TALKING);
	manager_close(manager);
}

static void only_the_agents_own_hold_counts(void **state)
{
	struct manager *manager = manager_quiet();
	struct asterisk_call *call = manager_talk(manager);

	(void)state;
	manager_tell(manager, "Event: Hold|" CALLER_CHANNEL);
	assert_int_equal(manager_state(manager, call->id), CALL_TALKING);
	manager_tell(manager, "Event: Hold|" ALICE_CHANNEL);
	assert_int_equal(manager_state(manager, call->id), CALL_HELD);
	manager_tell(manager, "Event: Unhold|" ALICE_CHANNEL);
	assert_int_equal(manager_state(manager, call->id), CALL_TALKING);
	manager_close(manager);
}

static void why_nobody_answered_is_told_by_the_channels_end(void **state)
{
	static const struct {
		const char *status, *cause;
		enum miss_kind kind;
	} rows[] = {
		{ "NOANSWER", "0", MISS_NO_ANSWER },
		{ "NOANSWER", "21", MISS_REJECTED },
		{ "BUSY", "17", MISS_BUSY },
		{ "CHANUNAVAIL", "21", MISS_REJECTED },
		{ "CHANUNAVAIL", "20", MISS_UNREACHABLE },
		{ "CONGESTION", "34", MISS_UNREACHABLE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct manager *manager = manager_quiet();
		struct asterisk_call *call = manager_ring(manager);
		char text[256];

		snprintf(text, sizeof(text),
		         "Event: DialEnd|" CALLER_CHANNEL "|" ALICE_DEST "|DialStatus: %s",
		         rows[i].status);
		manager_tell(manager, text);
		assert_int_equal(manager_state(manager, call->id), CALL_OFFERED);
		/* Dial says it twice when its time is over. */
		manager_tell(manager,
		             "Event: DialEnd|" CALLER_CHANNEL "|" ALICE_DEST "|DialStatus: CANCEL");
		snprintf(text, sizeof(text), "Event: Hangup|" ALICE_CHANNEL "|Cause: %s",
		         rows[i].cause);
		manager_tell(manager, text);
		assert_int_equal(manager_state(manager, call->id), CALL_WAITING);
		assert_int_equal(misses(manager, rows[i].kind), 1);
		manager_close(manager);
	}
}

static void an_offer_is_missed_when_no_telephone_of_it_rings_any_more(void **state)
{
	struct manager *manager = manager_quiet();
	struct asterisk_call *call = manager_ring(manager);

	(void)state;
	manager_tell(manager, "Event: DialBegin|" CALLER_CHANNEL
	                      "|DestChannel: PJSIP/home-00000009|DestUniqueid: 1.9");
	manager_tell(manager, "Event: DialEnd|" CALLER_CHANNEL "|" ALICE_DEST "|DialStatus: BUSY");
	manager_tell(manager, "Event: Hangup|" ALICE_CHANNEL "|Cause: 17");
	assert_int_equal(manager_state(manager, call->id), CALL_OFFERED);
	manager_tell(manager,
	             "Event: DialEnd|" CALLER_CHANNEL
	             "|DestChannel: PJSIP/home-00000009|DestUniqueid: 1.9|DialStatus: ANSWER");
	assert_int_equal(manager_state(manager, call->id), CALL_TALKING);
	assert_string_equal(call->leg, "1.9");
	manager_close(manager);
}

static void a_cancelled_dial_is_nobodys_fault(void **state)
{
	struct manager *manager = manager_quiet();
	struct asterisk_call *call = manager_ring(manager);

	(void)state;
	manager_tell(manager,
	             "Event: DialEnd|" CALLER_CHANNEL "|" ALICE_DEST "|DialStatus: CANCEL");
	manager_tell(manager, "Event: Hangup|" ALICE_CHANNEL "|Cause: 16");
	assert_int_equal(manager_state(manager, call->id), CALL_OFFERED);
	assert_int_equal(misses(manager, MISS_NO_ANSWER), 0);
	manager_close(manager);
}

static void somebody_else_who_is_dialled_is_no_offer(void **state)
{
	struct manager *manager = manager_quiet();
	struct asterisk_call *call;

	(void)state;
	gate_log_in(manager->board, "alice");
	gate_log_in(manager->board, "bob");
	call = gate_arrive(manager->board, "1.1", "sales");
	manager_tell(manager, "Event: DialBegin|" CALLER_CHANNEL "|" BOB_DEST);
	assert_string_equal(call->leg, "");
	manager_tell(manager, "Event: DialEnd|" CALLER_CHANNEL "|" BOB_DEST "|DialStatus: ANSWER");
	assert_int_equal(manager_state(manager, call->id), CALL_OFFERED);
	manager_close(manager);
}

/* --- ends --- */

static void who_asks_first_has_ended_the_call(void **state)
{
	static const struct {
		const char *deeds[3];
		enum ended_by by;
	} rows[] = {
		{ { "Event: HangupRequest|" CALLER_CHANNEL }, BY_CALLER },
		{ { "Event: HangupRequest|" ALICE_CHANNEL,
		    "Event: SoftHangupRequest|" CALLER_CHANNEL, "Event: Hangup|" CALLER_CHANNEL },
		  BY_AGENT },
		{ { "Event: HangupRequest|" ALICE_CHANNEL, "Event: HangupRequest|" CALLER_CHANNEL },
		  BY_AGENT },
		{ { "Event: SoftHangupRequest|" CALLER_CHANNEL, "Event: Hangup|" ALICE_CHANNEL,
		    "Event: Hangup|" CALLER_CHANNEL },
		  BY_SYSTEM },
		{ { "Event: Hangup|" ALICE_CHANNEL, "Event: Hangup|" CALLER_CHANNEL }, BY_AGENT },
		{ { "Event: Hangup|" CALLER_CHANNEL }, BY_CALLER },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct manager *manager = manager_quiet();
		struct call_id id = manager_talk(manager)->id;

		for (size_t k = 0; k < 3 && rows[i].deeds[k] != NULL; k++)
			manager_tell(manager, rows[i].deeds[k]);
		assert_int_equal(ended_by(manager, id), rows[i].by);
		/* What still comes is of nobody. */
		manager_tell(manager, "Event: Hangup|" CALLER_CHANNEL);
		manager_tell(manager, "Event: Hangup|" ALICE_CHANNEL);
		assert_int_equal(manager->conn->legs_count, 0);
		manager_close(manager);
	}
}

static void an_agent_who_leaves_the_caller_alone_has_ended_it_a_moment_later(void **state)
{
	struct manager *manager = manager_quiet();
	struct call_id id = manager_talk(manager)->id;

	(void)state;
	manager_tell(manager, "Event: Hangup|" ALICE_CHANNEL);
	assert_int_equal(manager_state(manager, id), CALL_TALKING);
	board_pass(manager->board, MSEC(800));
	assert_int_equal(ended_by(manager, id), BY_AGENT);
	manager_close(manager);
}

/* A Local channel that is not needed any more: the telephone behind it takes its place. */
static void a_channel_that_is_replaced_ends_nothing(void **state)
{
	struct manager *manager = manager_quiet();
	struct asterisk_call *call;
	struct call_id id;

	(void)state;
	gate_log_in(manager->board, "alice");
	call = gate_arrive(manager->board, "1.1", "sales");
	id = call->id;
	manager_tell(manager, "Event: DialBegin|" CALLER_CHANNEL
	                      "|DestChannel: Local/7@desks-01;1|DestUniqueid: 1.7");
	manager_join(manager, "b", CALLER_CHANNEL, "Channel: Local/7@desks-01;1|Uniqueid: 1.7");
	assert_int_equal(manager_state(manager, id), CALL_TALKING);
	manager_tell(manager,
	             "Event: BridgeEnter|BridgeUniqueid: b|Channel: PJSIP/desk7-1|Uniqueid: 1.8");
	manager_tell(
	        manager,
	        "Event: BridgeLeave|BridgeUniqueid: b|Channel: Local/7@desks-01;1|Uniqueid: 1.7");
	manager_tell(manager, "Event: Hangup|Channel: Local/7@desks-01;1|Uniqueid: 1.7");
	board_pass(manager->board, MSEC(800));
	assert_int_equal(manager_state(manager, id), CALL_TALKING);
	assert_string_equal(call->leg, "1.8");
	manager_close(manager);
}

/* A conference that the agent leaves goes on without us. */
static void somebody_outside_is_no_agent(void **state)
{
	struct manager *manager = manager_quiet();
	struct call_id id = manager_talk(manager)->id;

	(void)state;
	manager_tell(manager,
	             "Event: BridgeEnter|BridgeUniqueid: b1|Channel: PJSIP/mother-1|Uniqueid: 1.8");
	assert_int_equal(manager_state(manager, id), CALL_TALKING);
	manager_tell(manager, "Event: Hangup|" ALICE_CHANNEL);
	assert_int_equal(ended_by(manager, id), BY_AGENT);
	manager_close(manager);
}

static void a_caller_who_gives_up_is_gone_at_once(void **state)
{
	struct manager *manager = manager_quiet();
	struct asterisk_call *call = gate_arrive(manager->board, "1.1", "sales");
	struct call_id id = call->id;

	(void)state;
	manager_tell(manager, "Event: HangupRequest|" CALLER_CHANNEL);
	assert_int_equal(ended_by(manager, id), BY_CALLER);
	manager_close(manager);
}

static void an_agent_who_hangs_up_at_once_is_heard_before_the_answer(void **state)
{
	struct manager *manager = manager_quiet();
	struct call_id id = manager_ring(manager)->id;

	(void)state;
	manager_tell(manager, "Event: HangupRequest|" ALICE_CHANNEL);
	assert_int_equal(manager_state(manager, id), CALL_OFFERED);
	manager_tell(manager,
	             "Event: DialEnd|" CALLER_CHANNEL "|" ALICE_DEST "|DialStatus: ANSWER");
	manager_tell(manager, "Event: SoftHangupRequest|" CALLER_CHANNEL);
	manager_tell(manager, "Event: Hangup|" ALICE_CHANNEL);
	manager_tell(manager, "Event: Hangup|" CALLER_CHANNEL);
	assert_int_equal(ended_by(manager, id), BY_AGENT);
	manager_close(manager);
}

static void a_waiting_caller_whom_somebody_takes_waits_no_more(void **state)
{
	struct manager *manager = manager_quiet();
	struct asterisk_call *call = gate_arrive(manager->board, "1.1", "sales");
	struct call_id id = call->id;

	(void)state;
	manager_join(manager, "b", "Channel: PJSIP/boss-1|Uniqueid: 9.9", CALLER_CHANNEL);
	assert_int_equal(ended_by(manager, id), BY_SYSTEM);
	manager_close(manager);
}

static void an_offered_caller_whom_somebody_else_takes_is_gone_too(void **state)
{
	struct manager *manager = manager_quiet();
	struct call_id id = manager_ring(manager)->id;

	(void)state;
	manager_join(manager, "b", CALLER_CHANNEL, "Channel: PJSIP/boss-1|Uniqueid: 9.9");
	assert_int_equal(ended_by(manager, id), BY_SYSTEM);
	manager_close(manager);
}

/* --- transfers --- */

static void sent_to_an_extension_the_caller_may_come_back_or_not(void **state)
{
	struct manager *manager = manager_quiet();
	struct asterisk_call *call = manager_talk(manager);
	struct call_id id = call->id;

	(void)state;
	manager_tell(manager, "Event: BridgeLeave|BridgeUniqueid: b1|" CALLER_CHANNEL);
	manager_tell(manager, "Event: BlindTransfer|Result: Success|TransfererUniqueid: 1.2|"
	                      "TransfereeUniqueid: 1.1|Extension: 0409");
	manager_tell(manager, "Event: Hangup|" ALICE_CHANNEL);
	assert_int_equal(manager_state(manager, id), CALL_TALKING);
	board_pass(manager->board, MSEC(2300));
	assert_int_equal(ended_by(manager, id), BY_AGENT);
	manager_close(manager);
}

static void sent_on_without_a_word_of_the_caller_it_is_known_by_the_agents_channel(void **state)
{
	struct manager *manager = manager_quiet();
	struct asterisk_call *call = manager_talk(manager);

	(void)state;
	manager_tell(manager, "Event: BlindTransfer|Result: Success|TransfererUniqueid: 1.2|"
	                      "Extension: support");
	assert_int_equal(manager_state(manager, call->id), CALL_WAITING);
	manager_close(manager);
}

/* FastAGI may be the faster: the dialplan has brought them to that queue already, where they wait,
 * or the core has yet to hear of it. */
static void who_is_back_before_it_is_said_that_they_were_sent_on_stays(void **state)
{
	(void)state;
	for (int heard = 0; heard < 2; heard++) {
		struct manager *manager = manager_quiet();
		struct asterisk_call *call = manager_talk(manager);

		call->dialled = 0;
		asterisk_call_taken(call, 7);
		asterisk_call_transferred(
		        call, (struct agent_id){ 0 },
		        directory_find_queue(manager->board->directory, "support"), false);
		if (heard == 1)
			board_turn(manager->board);
		manager_tell(manager, "Event: BridgeLeave|BridgeUniqueid: b1|" CALLER_CHANNEL);
		manager_tell(manager, "Event: Hangup|" ALICE_CHANNEL);
		manager_tell(manager, "Event: BlindTransfer|Result: Success|TransfererUniqueid: "
		                      "1.2|TransfereeUniqueid: 1.1|Extension: 0409");
		assert_true(call->grace == NULL || !event_pending(call->grace, EV_TIMEOUT, NULL));
		assert_int_equal(manager_state(manager, call->id), CALL_WAITING);
		manager_close(manager);
	}
}

static void the_dialplan_rings_the_agent_who_is_meant(void **state)
{
	struct manager *manager = manager_quiet();
	struct asterisk_call *call = manager_talk(manager);
	struct agent_id bob = gate_log_in(manager->board, "bob");

	(void)state;
	manager_tell(manager, "Event: BlindTransfer|Result: Success|TransfererUniqueid: 1.2|"
	                      "TransfereeUniqueid: 1.1|Extension: 1002");
	manager_tell(manager, "Event: DialBegin|" CALLER_CHANNEL "|" BOB_DEST);
	assert_int_equal(manager_state(manager, call->id), CALL_OFFERED);
	assert_true(agent_id_equal(gate_record(manager->board, call->id).agent, bob));
	manager_tell(manager, "Event: DialEnd|" CALLER_CHANNEL "|" BOB_DEST "|DialStatus: ANSWER");
	assert_int_equal(manager_state(manager, call->id), CALL_TALKING);
	board_pass(manager->board, MSEC(2300));
	assert_int_equal(manager_state(manager, call->id), CALL_TALKING);
	manager_close(manager);
}

/* The telephone may be known to ring, and so to be busy, before it is known for whom. */
static void the_dialplan_rings_the_agent_whose_telephone_is_busy_with_that(void **state)
{
	struct manager *manager = manager_quiet();
	struct asterisk_call *call = manager_talk(manager);
	struct agent_id bob = gate_log_in(manager->board, "bob");

	(void)state;
	manager_tell(manager, "Event: BlindTransfer|Result: Success|TransfererUniqueid: 1.2|"
	                      "TransfereeUniqueid: 1.1|Extension: 1002");
	manager_tell(manager, "Event: Hangup|" ALICE_CHANNEL);
	manager_tell(manager, "Event: BridgeLeave|BridgeUniqueid: b1|" CALLER_CHANNEL);
	manager_tell(manager, "Event: DeviceStateChange|Device: PJSIP/bob|State: BUSY");
	manager_tell(manager, "Event: DialBegin|" CALLER_CHANNEL "|" BOB_DEST);
	assert_int_equal(manager_state(manager, call->id), CALL_TALKING);
	manager_tell(manager, "Event: DialEnd|" CALLER_CHANNEL "|" BOB_DEST "|DialStatus: ANSWER");
	manager_join(manager, "b2", BOB_CHANNEL, CALLER_CHANNEL);
	assert_int_equal(manager_state(manager, call->id), CALL_TALKING);
	assert_true(agent_id_equal(gate_record(manager->board, call->id).agent, bob));
	board_pass(manager->board, MSEC(2300));
	assert_int_equal(manager_state(manager, call->id), CALL_TALKING);
	manager_close(manager);
}

static void handed_over_to_an_agent_or_to_somebody_outside(void **state)
{
	static const char *const said[] = {
		"Event: AttendedTransfer|Result: Success|TransfereeUniqueid: 1.1|"
		"TransferTargetUniqueid: 1.3|TransferTargetChannel: PJSIP/bob-00000003",
		/* Who called first is said first: the caller may be either. */
		"Event: AttendedTransfer|Result: Success|TransferTargetUniqueid: 1.1|"
		"TransfereeUniqueid: 1.3|TransfereeChannel: PJSIP/bob-00000003",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(said); i++) {
		struct manager *manager = manager_quiet();
		struct asterisk_call *call = manager_talk(manager);
		struct agent_id bob = gate_log_in(manager->board, "bob");
		struct call_id id = call->id;

		manager_tell(manager, said[i]);
		assert_int_equal(manager_state(manager, id), CALL_TALKING);
		assert_true(agent_id_equal(gate_record(manager->board, id).agent, bob));
		manager_tell(manager, "Event: Hangup|" ALICE_CHANNEL);
		board_pass(manager->board, MSEC(800));
		assert_int_equal(manager_state(manager, id), CALL_TALKING);
		manager_tell(manager,
		             "Event: AttendedTransfer|Result: Success|TransfereeUniqueid: 1.1|"
		             "TransferTargetUniqueid: 7.7|TransferTargetChannel: PJSIP/trunk-9");
		assert_int_equal(ended_by(manager, id), BY_AGENT);
		manager_close(manager);
	}
}

/* Of a feature code all that Asterisk says of the other is in the bridges before. */
static void handed_over_to_one_who_is_there_already(void **state)
{
	struct manager *manager = manager_quiet();
	struct asterisk_call *call = manager_talk(manager);
	struct agent_id bob = gate_log_in(manager->board, "bob");
	struct call_id id = call->id;

	(void)state;
	manager_join(manager, "far", "Channel: Local/2@desks-01;2|Uniqueid: 1.8", BOB_CHANNEL);
	manager_tell(manager, "Event: BridgeLeave|BridgeUniqueid: b1|" ALICE_CHANNEL);
	manager_tell(manager, "Event: BridgeEnter|BridgeUniqueid: b1|Channel: Local/2@desks-01;1|"
	                      "Uniqueid: 1.7");
	assert_true(agent_id_equal(gate_record(manager->board, id).agent, bob));
	manager_tell(manager, "Event: AttendedTransfer|Result: Success|TransfereeUniqueid: 1.1");
	manager_tell(manager, "Event: Hangup|" ALICE_CHANNEL);
	board_pass(manager->board, MSEC(2400));
	assert_int_equal(manager_state(manager, id), CALL_TALKING);
	manager_close(manager);
}

static void handed_over_to_one_who_still_rings_it_is_waited_for(void **state)
{
	struct manager *manager = manager_quiet();
	struct asterisk_call *call = manager_talk(manager);
	struct agent_id bob = gate_log_in(manager->board, "bob");

	(void)state;
	manager_tell(manager, "Event: AttendedTransfer|Result: Success|TransfereeUniqueid: 1.1");
	assert_int_equal(manager_state(manager, call->id), CALL_TALKING);
	manager_join(manager, "b2", CALLER_CHANNEL, BOB_CHANNEL);
	assert_true(agent_id_equal(gate_record(manager->board, call->id).agent, bob));
	manager_close(manager);
}

/* alice calls the other at 1.3 from another line of hers, and goes before they have talked. */
#define ALICE_ASKS "Event: DialBegin|Channel: PJSIP/alice-00000005|Uniqueid: 1.5|" BOB_DEST
#define PUT_IN_PLACE \
	"Event: AttendedTransfer|Result: Success|TransfereeUniqueid: 1.1|DestType: App|" \
	"SecondTransfererUniqueid: 1.5|SecondTransfererChannel: PJSIP/alice-00000005"

static void a_caller_in_anothers_place_hears_the_next_one_ring(void **state)
{
	struct manager *manager = manager_quiet();
	struct asterisk_call *call = manager_talk(manager);
	struct agent_id bob = gate_log_in(manager->board, "bob");
	struct call_id id = call->id;

	(void)state;
	manager_tell(manager, ALICE_ASKS);
	manager_tell(manager, PUT_IN_PLACE);
	manager_tell(manager, "Event: BridgeLeave|BridgeUniqueid: b1|" CALLER_CHANNEL);
	manager_tell(manager, "Event: Hangup|" ALICE_CHANNEL);
	board_pass(manager->board, MSEC(2400));
	assert_int_equal(manager_state(manager, id), CALL_TALKING);
	manager_tell(manager, "Event: DialEnd|" CALLER_CHANNEL "|" BOB_DEST "|DialStatus: ANSWER");
	manager_join(manager, "b2", BOB_CHANNEL, CALLER_CHANNEL);
	assert_true(agent_id_equal(gate_record(manager->board, id).agent, bob));
	manager_close(manager);
}

static void a_caller_in_anothers_place_is_alone_when_nobody_answers(void **state)
{
	struct manager *manager = manager_quiet();
	struct asterisk_call *call = manager_talk(manager);
	struct call_id id = call->id;

	(void)state;
	gate_log_in(manager->board, "bob");
	manager_tell(manager, ALICE_ASKS);
	manager_tell(manager, PUT_IN_PLACE);
	manager_tell(manager, "Event: BridgeLeave|BridgeUniqueid: b1|Channel: PJSIP/alice-00000002|"
	                      "Uniqueid: 1.2");
	manager_tell(manager, "Event: BridgeLeave|BridgeUniqueid: b1|" CALLER_CHANNEL);
	manager_tell(manager,
	             "Event: DialEnd|" CALLER_CHANNEL "|" BOB_DEST "|DialStatus: NOANSWER");
	manager_tell(manager, "Event: Hangup|" BOB_CHANNEL);
	board_pass(manager->board, MSEC(800));
	assert_int_equal(ended_by(manager, id), BY_AGENT);
	manager_close(manager);
}

/* What the place does from now on the caller does, who has its name a moment later. */
static void a_caller_in_the_place_of_one_who_is_just_answered_talks(void **state)
{
	static const char *const orders[][2] = {
		{ PUT_IN_PLACE,
		  "Event: BridgeEnter|BridgeUniqueid: b2|Channel: PJSIP/alice-00000005|"
		  "Uniqueid: 1.5" },
		{ "Event: BridgeEnter|BridgeUniqueid: b2|Channel: PJSIP/alice-00000005|"
		  "Uniqueid: 1.5",
		  PUT_IN_PLACE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		struct manager *manager = manager_quiet();
		struct asterisk_call *call = manager_talk(manager);
		struct agent_id bob = gate_log_in(manager->board, "bob");

		manager_tell(manager, ALICE_ASKS);
		manager_tell(manager, "Event: BridgeEnter|BridgeUniqueid: b2|" BOB_CHANNEL);
		manager_tell(manager, orders[i][0]);
		manager_tell(manager, orders[i][1]);
		manager_tell(manager, "Event: BridgeLeave|BridgeUniqueid: b1|" CALLER_CHANNEL);
		manager_tell(manager, "Event: Hangup|Channel: PJSIP/alice-00000005|Uniqueid: 1.5");
		manager_tell(manager, "Event: Hangup|" ALICE_CHANNEL);
		assert_true(agent_id_equal(gate_record(manager->board, call->id).agent, bob));
		assert_int_equal(manager_state(manager, call->id), CALL_TALKING);
		manager_close(manager);
	}
}

static void a_caller_in_the_place_of_one_who_called_elsewhere_is_gone(void **state)
{
	struct manager *manager = manager_quiet();
	struct asterisk_call *call = manager_talk(manager);
	struct call_id id = call->id;

	(void)state;
	manager_tell(manager, PUT_IN_PLACE);
	manager_tell(manager, "Event: BridgeLeave|BridgeUniqueid: b1|" CALLER_CHANNEL);
	manager_tell(manager, "Event: Hangup|" ALICE_CHANNEL);
	board_pass(manager->board, MSEC(2400));
	assert_int_equal(ended_by(manager, id), BY_AGENT);
	manager_close(manager);
}

/* --- what people press --- */

static void a_code_logs_in_where_it_was_dialled(void **state)
{
	struct manager *manager = manager_quiet();
	const struct agent_card *carol;

	(void)state;
	manager_tell(manager, "Event: UserEvent|UserEvent: NajimiLogin|Agent: carol|Queues: sales|"
	                      "Channel: PJSIP/desk-4-0000001f|Uniqueid: 7.7");
	carol = directory_find_agent(manager->board->directory, "carol");
	assert_non_null(carol);
	assert_string_equal(carol->target, "PJSIP/desk-4");
	manager_tell(manager, "Event: UserEvent|UserEvent: NajimiLogin|Agent: carol|Target: SIP/9");
	assert_string_equal(carol->target, "SIP/9");
	manager_tell(manager, "Event: UserEvent|UserEvent: NajimiPause|Agent: carol|Reason: tea");
	assert_int_equal(gate_agent(manager->board, carol->id).state, AGENT_PAUSED);
	assert_string_equal(carol->pause_reason, "tea");
	manager_tell(manager, "Event: UserEvent|UserEvent: NajimiReady|Agent: nobody");
	link_set_ready(manager->board->link, false);
	manager_tell(manager, "Event: UserEvent|UserEvent: NajimiReady|Agent: carol");
	assert_int_equal(gate_agent(manager->board, carol->id).state, AGENT_PAUSED);
	manager_close(manager);
}

static void a_digit_of_one_whom_nobody_holds_is_nothing(void **state)
{
	struct manager *manager = manager_quiet();
	struct asterisk_call *call = gate_arrive(manager->board, "1.1", "sales");

	(void)state;
	manager_tell(manager, "Event: DTMFEnd|" CALLER_CHANNEL "|Digit: 0|Direction: Received");
	manager_tell(manager, "Event: DTMFEnd|" ALICE_CHANNEL "|Digit: 0|Direction: Received");
	assert_int_equal(manager_state(manager, call->id), CALL_WAITING);
	manager_close(manager);
}

static void channels_of_nobody_of_ours_leave_nothing_behind(void **state)
{
	struct manager *manager = manager_quiet();

	(void)state;
	manager_tell(
	        manager,
	        "Event: DialBegin|Channel: A/1|Uniqueid: 5.1|DestChannel: B/1|DestUniqueid: 5.2");
	manager_tell(manager, "Event: Newstate|Channel: B/1|Uniqueid: 5.2|ChannelState: 5");
	manager_tell(manager,
	             "Event: DialEnd|Channel: A/1|Uniqueid: 5.1|DestChannel: B/1|DestUniqueid: 5.2|"
	             "DialStatus: ANSWER");
	manager_join(manager, "b", "Channel: A/1|Uniqueid: 5.1", "Channel: B/1|Uniqueid: 5.2");
	manager_tell(manager, "Event: Hold|Channel: A/1|Uniqueid: 5.1");
	manager_tell(manager, "Event: HangupRequest|Channel: A/1|Uniqueid: 5.1");
	manager_tell(manager, "Event: BridgeLeave|BridgeUniqueid: b|Channel: A/1|Uniqueid: 5.1");
	manager_tell(manager, "Event: Hangup|Channel: A/1|Uniqueid: 5.1");
	manager_tell(manager, "Event: Hangup|Channel: B/1|Uniqueid: 5.2");
	assert_int_equal(manager->conn->legs_count, 0);
	assert_int_equal(HASH_COUNT(manager->conn->bridges), 0);
	manager_close(manager);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_told_by_dial_and_a_bridge_changes_nothing),
		cmocka_unit_test(an_answer_is_told_by_a_bridge_alone),
		cmocka_unit_test(only_the_agents_own_hold_counts),
		cmocka_unit_test(why_nobody_answered_is_told_by_the_channels_end),
		cmocka_unit_test(an_offer_is_missed_when_no_telephone_of_it_rings_any_more),
		cmocka_unit_test(a_cancelled_dial_is_nobodys_fault),
		cmocka_unit_test(somebody_else_who_is_dialled_is_no_offer),
		cmocka_unit_test(who_asks_first_has_ended_the_call),
		cmocka_unit_test(an_agent_who_leaves_the_caller_alone_has_ended_it_a_moment_later),
		cmocka_unit_test(a_channel_that_is_replaced_ends_nothing),
		cmocka_unit_test(somebody_outside_is_no_agent),
		cmocka_unit_test(a_caller_who_gives_up_is_gone_at_once),
		cmocka_unit_test(an_agent_who_hangs_up_at_once_is_heard_before_the_answer),
		cmocka_unit_test(a_waiting_caller_whom_somebody_takes_waits_no_more),
		cmocka_unit_test(an_offered_caller_whom_somebody_else_takes_is_gone_too),
		cmocka_unit_test(sent_to_an_extension_the_caller_may_come_back_or_not),
		cmocka_unit_test(
		        sent_on_without_a_word_of_the_caller_it_is_known_by_the_agents_channel),
		cmocka_unit_test(who_is_back_before_it_is_said_that_they_were_sent_on_stays),
		cmocka_unit_test(the_dialplan_rings_the_agent_who_is_meant),
		cmocka_unit_test(the_dialplan_rings_the_agent_whose_telephone_is_busy_with_that),
		cmocka_unit_test(handed_over_to_an_agent_or_to_somebody_outside),
		cmocka_unit_test(handed_over_to_one_who_is_there_already),
		cmocka_unit_test(handed_over_to_one_who_still_rings_it_is_waited_for),
		cmocka_unit_test(a_caller_in_anothers_place_hears_the_next_one_ring),
		cmocka_unit_test(a_caller_in_anothers_place_is_alone_when_nobody_answers),
		cmocka_unit_test(a_caller_in_the_place_of_one_who_is_just_answered_talks),
		cmocka_unit_test(a_caller_in_the_place_of_one_who_called_elsewhere_is_gone),
		cmocka_unit_test(a_code_logs_in_where_it_was_dialled),
		cmocka_unit_test(a_digit_of_one_whom_nobody_holds_is_nothing),
		cmocka_unit_test(channels_of_nobody_of_ours_leave_nothing_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
