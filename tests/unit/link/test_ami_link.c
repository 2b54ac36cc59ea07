#include "manager.h"

static struct manager *open_manager(void)
{
	struct manager *manager = manager_make();

	manager_connect(manager, &manager_calm);
	return manager;
}

/* One that does not wait as long as the others do, or longer. */
static struct manager *open_impatient(const struct ami_times *other)
{
	struct manager *manager = manager_make();
	struct ami_times times = manager_calm;

	times.login_max = other->login_max != 0 ? other->login_max : times.login_max;
	times.list_max = other->list_max != 0 ? other->list_max : times.list_max;
	times.ping = other->ping != 0 ? other->ping : times.ping;
	times.gone_after = other->gone_after != 0 ? other->gone_after : times.gone_after;
	manager_connect(manager, &times);
	return manager;
}

static void expect_away(struct manager *manager, const char *why)
{
	usec_t end = clock_monotonic() + SEC(60);

	while (strstr(manager->conn->why, why) == NULL && clock_monotonic() < end)
		manager_pass(manager, 0);
	if (strstr(manager->conn->why, why) == NULL)
		fail_msg("away because of '%s', not '%s'", manager->conn->why, why);
	assert_false(manager->server->watched);
}

static void it_is_watched_when_everything_has_been_compared(void **state)
{
	struct manager *manager = open_manager();

	(void)state;
	manager_come_up(manager);
	assert_int_equal(manager->conn->stage, AMI_STAGE_UP);
	assert_true(manager->server->watched);
	assert_int_equal(manager->server->client->sessions, 1);
	assert_int_equal(manager->server->meter->connections, 1);
	manager_hang_up(manager);
	expect_away(manager, "closed");
	assert_int_equal(manager->server->client->sessions, 0);
	manager_come_up(manager);
	assert_true(manager->server->watched);
	manager_close(manager);
}

static void who_is_refused_tries_again_but_seldom(void **state)
{
	struct manager *manager = open_manager();

	(void)state;
	log_set_level(LOG_LEVEL_ERROR - 1);
	manager_expect(manager, "Action: Login");
	manager_say(manager,
	            "Response: Error\r\nActionID: login\r\nMessage: Authentication failed\r\n\r\n");
	expect_away(manager, "the login was refused: Authentication failed");
	assert_int_equal(manager->conn->backoff, manager_calm.backoff_max);
	assert_true(manager->conn->refused);
	manager_come_up(manager);
	assert_false(manager->conn->refused);
	manager_close(manager);
}

static void a_challenge_may_be_refused_too(void **state)
{
	struct manager *manager = manager_make();

	(void)state;
	log_set_level(LOG_LEVEL_ERROR - 1);
	manager->options.md5 = true;
	manager_connect(manager, &manager_calm);
	manager_expect(manager, "Action: Challenge");
	manager_say(
	        manager,
	        "Response: Error\r\nActionID: challenge\r\nMessage: Must specify AuthType\r\n\r\n");
	expect_away(manager, "Must specify AuthType");
	manager_close(manager);
}

static void who_does_not_answer_the_login_is_left(void **state)
{
	struct manager *manager = open_impatient(&(struct ami_times){ .login_max = MSEC(200) });

	(void)state;
	manager_expect(manager, "Action: Login");
	expect_away(manager, "does not answer the login");
	manager_close(manager);
}

static void who_never_says_that_it_has_booted_is_compared_nevertheless(void **state)
{
	struct manager *manager = open_manager();

	(void)state;
	manager_expect(manager, "Action: Login");
	manager_say(manager, "Response: Success\r\nActionID: login\r\n\r\n");
	assert_true(manager->conn->stage >= AMI_STAGE_BOOTING); /* it may be over already */
	manager_expect(manager, "Action: CoreShowChannels");
	/* It does so now: it has only begun to load what it has. */
	manager_say(manager, "Event: FullyBooted\r\n\r\n");
	manager_expect(manager, "Action: CoreShowChannels");
	manager_close(manager);
}

static void nothing_is_compared_before_we_know_what_we_had(void **state)
{
	struct manager *manager = manager_make();

	(void)state;
	link_set_ready(manager->board->link, false);
	manager_connect(manager, &manager_calm);
	manager_expect(manager, "Action: Login");
	manager_say(manager,
	            "Response: Success\r\nActionID: login\r\n\r\nEvent: FullyBooted\r\n\r\n");
	manager_pass(manager, MSEC(100));
	assert_int_equal(manager->conn->stage, AMI_STAGE_BOOTING);
	link_set_ready(manager->board->link, true);
	manager_expect(manager, "Action: CoreShowChannels");
	manager_close(manager);
}

static void who_is_ready_anew_compares_anew(void **state)
{
	struct manager *manager = open_manager();

	(void)state;
	manager_come_up(manager);
	link_set_ready(manager->board->link, false);
	manager_pass(manager, MSEC(30));
	link_set_ready(manager->board->link, true);
	manager_expect(manager, "Action: CoreShowChannels");
	manager_close(manager);
}

static void a_list_that_does_not_end_or_is_refused_is_no_list(void **state)
{
	struct manager *manager = open_impatient(&(struct ami_times){ .list_max = SEC(1) });

	(void)state;
	manager_expect(manager, "Action: Login");
	manager_say(manager,
	            "Response: Success\r\nActionID: login\r\n\r\nEvent: FullyBooted\r\n\r\n");
	manager_expect(manager, "Action: CoreShowChannels");
	expect_away(manager, "does not end its list");
	manager_expect(manager, "Action: Login");
	manager_say(manager,
	            "Response: Success\r\nActionID: login\r\n\r\nEvent: FullyBooted\r\n\r\n");
	manager_expect(manager, "Action: CoreShowChannels");
	manager_say(manager,
	            "Response: Error\r\nActionID: channels\r\nMessage: Permission denied\r\n\r\n");
	expect_away(manager, "Permission denied; the user's `write`");
	manager_close(manager);
}

static void without_the_list_of_devices_it_comes_up(void **state)
{
	struct manager *manager = open_manager();

	(void)state;
	manager_expect(manager, "Action: Login");
	manager_say(manager,
	            "Response: Success\r\nActionID: login\r\n\r\nEvent: FullyBooted\r\n\r\n");
	manager_expect(manager, "Action: CoreShowChannels");
	manager_say(manager, "Event: CoreShowChannelsComplete\r\nActionID: other\r\n\r\n");
	assert_int_equal(manager->conn->stage, AMI_STAGE_CHANNELS);
	manager_say(manager, "Event: CoreShowChannelsComplete\r\nActionID: channels\r\n\r\n");
	manager_expect(manager, "Action: DeviceStateList");
	manager_say(manager,
	            "Response: Error\r\nActionID: devices\r\nMessage: Permission denied\r\n\r\n");
	assert_true(manager->server->watched);
	manager_close(manager);
}

static void one_that_is_silent_is_asked_twice_and_left(void **state)
{
	struct manager *manager = open_impatient(&(struct ami_times){ .ping = MSEC(500) });
	usec_t asked;

	(void)state;
	manager_come_up(manager);
	manager_expect(manager, "Action: Ping");
	manager_say(manager, "Response: Success\r\nActionID: ping\r\nPing: Pong\r\n\r\n");
	manager_expect(manager, "Action: Ping");
	asked = clock_monotonic();
	manager_expect(manager, "Action: Ping");
	/* The test may have been away for longer than the daemon is patient. */
	assert_true(manager->server->watched || clock_monotonic() - asked >= MSEC(900));
	expect_away(manager, "silent");
	manager_close(manager);
}

static void what_makes_no_sense_is_passed_over(void **state)
{
	struct manager *manager = open_manager();

	(void)state;
	manager_come_up(manager);
	manager_say(manager, "Event: Hangup\r\nChannel: PJSIP/x\r\n\r\nEvent: Strange\r\n\r\n"
	                     "Response: Success\r\nActionID: never-asked\r\n\r\n");
	assert_true(manager->server->watched);
	manager_close(manager);
}

/* As they come from a busy machine: in one piece, and each means something only after the one
 * before. */
static void what_comes_at_once_is_understood_one_after_the_other(void **state)
{
	struct manager *manager = open_manager();
	struct call_id id;
	struct agent_id bob;

	(void)state;
	manager_come_up(manager);
	gate_log_in(manager->board, "alice");
	id = gate_arrive(manager->board, "1.1", "sales")->id;
	bob = gate_log_in(manager->board, "bob");
#define CALLER_LINES "Channel: PJSIP/trunk-1\r\nUniqueid: 1.1\r\n"
#define ALICE_LINES "DestChannel: PJSIP/alice-2\r\nDestUniqueid: 1.2\r\n"
#define BOB_LINES "DestChannel: PJSIP/bob-3\r\nDestUniqueid: 1.3\r\n"
	manager_say(manager,
	            "Event: DialBegin\r\n" CALLER_LINES ALICE_LINES "\r\n"
	            "Event: DialEnd\r\n" CALLER_LINES ALICE_LINES "DialStatus: ANSWER\r\n\r\n"
	            "Event: BlindTransfer\r\nResult: Success\r\nTransfererUniqueid: 1.2\r\n"
	            "TransfereeUniqueid: 1.1\r\nExtension: 1002\r\n\r\n"
	            "Event: Hangup\r\nChannel: PJSIP/alice-2\r\nUniqueid: 1.2\r\n\r\n"
	            "Event: DialBegin\r\n" CALLER_LINES BOB_LINES "\r\n"
	            "Event: DialEnd\r\n" CALLER_LINES BOB_LINES "DialStatus: ANSWER\r\n\r\n"
	            "Event: BridgeEnter\r\nBridgeUniqueid: b\r\nChannel: PJSIP/bob-3\r\n"
	            "Uniqueid: 1.3\r\n\r\n"
	            "Event: BridgeEnter\r\nBridgeUniqueid: b\r\n" CALLER_LINES "\r\n");
	assert_int_equal(gate_record(manager->board, id).state, CALL_TALKING);
	assert_int_equal(gate_record(manager->board, id).legs, 2);
	assert_true(agent_id_equal(gate_record(manager->board, id).agent, bob));
	manager_close(manager);
}

static void pass_until_gone(struct manager *manager)
{
	usec_t end = clock_monotonic() + SEC(60);

	while (!manager->conn->gone && clock_monotonic() < end)
		manager_pass(manager, 0);
}

static void its_telephones_are_out_of_reach_when_it_is_gone(void **state)
{
	struct manager *manager = open_manager();
	struct agent_id alice = gate_log_in(manager->board, "alice");
	in_port_t port;

	(void)state;
	manager_come_up(manager);
	manager_say(manager,
	            "Event: DeviceStateChange\r\nDevice: PJSIP/alice\r\nState: NOT_INUSE\r\n\r\n");
	port = htons((in_port_t)atoi(strchr(manager->address, ':') + 1));
	close(manager->listener);
	manager->listener = -1;
	manager_hang_up(manager);
	pass_until_gone(manager);
	assert_int_equal(gate_agent(manager->board, alice).device, DEVICE_UNREACHABLE);

	manager->listener = manager_listen(manager, port);
	manager_expect(manager, "Action: Login");
	manager_say(manager,
	            "Response: Success\r\nActionID: login\r\n\r\nEvent: FullyBooted\r\n\r\n");
	manager_expect(manager, "Action: CoreShowChannels");
	manager_say(manager, "Event: CoreShowChannelsComplete\r\nActionID: channels\r\n\r\n");
	manager_expect(manager, "Action: DeviceStateList");
	manager_say(manager,
	            "Event: DeviceStateChange\r\nActionID: devices\r\nDevice: PJSIP/alice\r\n"
	            "State: NOT_INUSE\r\n\r\n"
	            "Event: DeviceStateListComplete\r\nActionID: devices\r\n\r\n");
	assert_int_equal(gate_agent(manager->board, alice).device, DEVICE_REACHABLE);
	manager_close(manager);
}

/* It takes connections, or holds callers: it lives. */
static void one_that_only_refuses_us_is_not_gone(void **state)
{
	struct manager *manager = open_impatient(&(struct ami_times){ .gone_after = SEC(1) });

	(void)state;
	log_set_level(LOG_LEVEL_ERROR - 1);
	manager_come_up(manager);
	manager_hang_up(manager);
	manager_expect(manager, "Action: Login");
	manager_say(manager, "Response: Error\r\nActionID: login\r\nMessage: no\r\n\r\n");
	manager_pass(manager, MSEC(1500));
	assert_false(manager->conn->gone);

	close(manager->listener);
	manager->listener = -1;
	manager_hang_up(manager);
	manager->server->meter->held = 1;
	manager_pass(manager, MSEC(1500));
	assert_true(manager->conn->vanished);
	assert_false(manager->conn->gone);
	manager->server->meter->held = 0;
	pass_until_gone(manager);
	assert_true(manager->conn->gone);
	manager_close(manager);
}

static void other_options_take_effect_at_once_and_the_same_ones_do_not(void **state)
{
	static char other[] = "other";
	struct manager *manager = open_manager();

	(void)state;
	manager_come_up(manager);
	ami_reconfigure(manager->conn);
	manager_pass(manager, MSEC(20));
	assert_true(manager->server->watched);
	manager->options.user = other;
	ami_reconfigure(manager->conn);
	assert_false(manager->server->watched);
	manager_hang_up(manager);
	manager_expect(manager, "Username: other");
	manager_close(manager);
}

static void who_is_in_the_list_no_more_is_not_listened_to(void **state)
{
	struct manager *manager = open_manager();
	struct agent_id alice = gate_log_in(manager->board, "alice");

	(void)state;
	manager_come_up(manager);
	manager_say(manager,
	            "Event: DeviceStateChange\r\nDevice: PJSIP/alice\r\nState: INUSE\r\n\r\n");
	assert_int_equal(gate_agent(manager->board, alice).device, DEVICE_BUSY);
	manager->server->options = NULL;
	manager->server->ami = NULL;
	ami_free(manager->conn);
	manager_pass(manager, 0);
	assert_false(manager->server->watched);
	assert_int_equal(gate_agent(manager->board, alice).device, DEVICE_REACHABLE);
	manager_close(manager);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_watched_when_everything_has_been_compared),
		cmocka_unit_test(who_is_refused_tries_again_but_seldom),
		cmocka_unit_test(a_challenge_may_be_refused_too),
		cmocka_unit_test(who_does_not_answer_the_login_is_left),
		cmocka_unit_test(who_never_says_that_it_has_booted_is_compared_nevertheless),
		cmocka_unit_test(nothing_is_compared_before_we_know_what_we_had),
		cmocka_unit_test(who_is_ready_anew_compares_anew),
		cmocka_unit_test(a_list_that_does_not_end_or_is_refused_is_no_list),
		cmocka_unit_test(without_the_list_of_devices_it_comes_up),
		cmocka_unit_test(one_that_is_silent_is_asked_twice_and_left),
		cmocka_unit_test(what_makes_no_sense_is_passed_over),
		cmocka_unit_test(what_comes_at_once_is_understood_one_after_the_other),
		cmocka_unit_test(its_telephones_are_out_of_reach_when_it_is_gone),
		cmocka_unit_test(one_that_only_refuses_us_is_not_gone),
		cmocka_unit_test(other_options_take_effect_at_once_and_the_same_ones_do_not),
		cmocka_unit_test(who_is_in_the_list_no_more_is_not_listened_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
