#include "manager.h"

static struct ami_leg *know(struct manager *manager, const char *uniqueid, const char *name,
                            const char *bridge)
{
	struct ami_channel channel = { .state = CHANNEL_UP };
	struct ami_leg *leg;

	snprintf(channel.uniqueid, sizeof(channel.uniqueid), "%s", uniqueid);
	snprintf(channel.name, sizeof(channel.name), "%s", name);
	leg = ami_leg_know(manager->conn, &channel);
	assert_non_null(leg);
	if (bridge != NULL)
		ami_leg_enter(manager->conn, leg, bridge);
	return leg;
}

static void an_agent_is_found_behind_a_local_channel(void **state)
{
	struct manager *manager = manager_quiet();
	struct agent_id bob = gate_log_in(manager->board, "bob"), nobody = { 0 };
	struct ami_leg *one = know(manager, "1", "Local/7@desks-00000001;1", "talk");
	struct ami_leg *bob_leg = know(manager, "3", "PJSIP/bob-00000001", NULL);

	(void)state;
	assert_true(agent_id_equal(ami_talks_agent(manager->conn, bob_leg), bob));
	assert_true(agent_id_equal(ami_talks_agent(manager->conn, one), nobody));
	know(manager, "2", "Local/7@desks-00000001;2", "far");
	assert_true(agent_id_equal(ami_talks_agent(manager->conn, one), nobody)); /* it rings */
	ami_leg_enter(manager->conn, bob_leg, "far");
	assert_true(agent_id_equal(ami_talks_agent(manager->conn, one), bob));
	know(manager, "4", "Local/8@desks-00000002;2", "far");
	assert_true(agent_id_equal(ami_talks_agent(manager->conn, one), bob));
	manager_close(manager);
}

static void talks_with_the_same_agent_go_on(void **state)
{
	struct manager *manager = manager_quiet();
	struct asterisk_call *call = manager_talk(manager);
	struct call_record before = gate_record(manager->board, call->id), after;
	struct ami_leg *other = know(manager, "9", "PJSIP/alice-0000000f", NULL);

	(void)state;
	asterisk_call_doubted(call, MSEC(10), BY_AGENT);
	ami_talks_with(manager->conn, call, other, &before, false);
	board_pass(manager->board, MSEC(30));
	after = gate_record(manager->board, call->id);
	assert_int_equal(after.state, CALL_TALKING);
	assert_int_equal(after.legs, before.legs);
	assert_string_equal(call->leg, "9");
	manager_close(manager);
}

static void another_agent_has_them_unless_they_have_somebody_else(void **state)
{
	struct manager *manager = manager_quiet();
	struct asterisk_call *call = manager_talk(manager), *second;
	struct agent_id bob = gate_log_in(manager->board, "bob");
	struct call_record record = gate_record(manager->board, call->id);
	struct call_id id = call->id;

	(void)state;
	ami_talks_with(manager->conn, call, know(manager, "9", "PJSIP/bob-0000000f", NULL), &record,
	               false);
	board_turn(manager->board);
	record = gate_record(manager->board, id);
	assert_true(agent_id_equal(record.agent, bob));

	/* alice is free again, and has the next caller: she cannot have this one as well */
	second = gate_arrive(manager->board, "2.1", "sales");
	assert_int_equal(manager_state(manager, second->id), CALL_WAITING);
	board_pass(manager->board, MSEC(1));
	ami_talks_with(manager->conn, call, know(manager, "10", "PJSIP/stranger-1", NULL), &record,
	               true);
	board_turn(manager->board);
	assert_int_equal(manager_state(manager, id), CALL_FREE);
	manager_close(manager);
}

static void extensions_are_queues_or_agents_or_neither(void **state)
{
	static const struct {
		const char *extension;
		bool known;
		enum call_state state;
	} rows[] = {
		{ "support", true, CALL_WAITING }, { "bob", true, CALL_OFFERED },
		{ "nobody", false, CALL_TALKING }, { "", false, CALL_TALKING },
		{ "bo", false, CALL_TALKING },     { "bobby", false, CALL_TALKING },
		{ "alice", false, CALL_TALKING }, /* who has them already */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct manager *manager = manager_quiet();
		struct asterisk_call *call = manager_talk(manager);

		gate_log_in(manager->board, "bob");
		assert_int_equal(ami_talks_send(manager->conn, call, rows[i].extension),
		                 rows[i].known);
		board_turn(manager->board);
		assert_int_equal(manager_state(manager, call->id), rows[i].state);
		manager_close(manager);
	}
}

static void an_extension_is_what_the_target_names(void **state)
{
	struct manager *manager = manager_quiet();
	struct asterisk_call *call = manager_talk(manager);
	struct agent_card *card;

	(void)state;
	gate_log_in(manager->board, "bob");
	card = directory_find_agent(manager->board->directory, "bob");
	assert_true(directory_set_agent(manager->board->directory, card, "PJSIP/1002&PJSIP/home",
	                                NULL));
	assert_true(ami_talks_send(manager->conn, call, "1002"));
	board_turn(manager->board);
	assert_true(agent_id_equal(gate_record(manager->board, call->id).agent, card->id));
	manager_close(manager);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_agent_is_found_behind_a_local_channel),
		cmocka_unit_test(talks_with_the_same_agent_go_on),
		cmocka_unit_test(another_agent_has_them_unless_they_have_somebody_else),
		cmocka_unit_test(extensions_are_queues_or_agents_or_neither),
		cmocka_unit_test(an_extension_is_what_the_target_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
