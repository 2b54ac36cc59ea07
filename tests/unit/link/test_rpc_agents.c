#include "board.h"

/* A day of agents, told by their desktops and the telephony system. */

static void ask_agent(struct line *line, const char *method, const char *agent, const char *more)
{
	char params[512];

	snprintf(params, sizeof(params), "{'agent':'%s'%s}", agent, more);
	line_ask(line, method, params);
}

static struct line *talk(struct board *board, const char *call_id, const char *agent)
{
	struct line *pbx = line_session(board, "pbx", "pbx");
	char params[128];

	line_log_in(pbx, agent, "sales");
	snprintf(params, sizeof(params), "{'call_id':'%s','queue':'sales','customer_id':'k1'}",
	         call_id);
	line_ask(pbx, "call.arrive", params);
	snprintf(params, sizeof(params), "{'call_id':'%s','offer':1}", call_id);
	line_ask(pbx, "call.answered", params);
	assert_at(pbx, "result", "{}");
	return pbx;
}

static void an_agent_logs_in_pauses_and_goes(void **state)
{
	struct board *board = board_open();
	struct line *desk = line_open(board);

	(void)state;
	ask_agent(desk, "agent.login", "alice",
	          ",'target':'PJSIP/7','queues':['sales','support'],'skills':{'german':5}");
	assert_at(desk, "result.state", "'ready'");
	assert_at(desk, "result.target", "'PJSIP/7'");
	assert_at(desk, "result.queues", "['sales','support']");
	assert_at(desk, "result.skills", "{'german':5}");
	assert_at(desk, "result.pending", "null");
	ask_agent(desk, "agent.pause", "alice", ",'reason':'lunch'");
	assert_at(desk, "result.state", "'paused'");
	assert_at(desk, "result.reason", "'lunch'");
	assert_at(desk, "result.why", "'asked'");
	ask_agent(desk, "agent.ready", "alice", "");
	assert_at(desk, "result.state", "'ready'");
	assert_at(desk, "result.reason", "null");
	ask_agent(desk, "agent.logout", "alice", "");
	assert_at(desk, "result.state", "'logged_out'");
	ask_agent(desk, "agent.ready", "alice", "");
	assert_error(desk, -32014, "wrong_state");
	line_close(desk);
	board_close(board);
}

static void what_a_login_does_not_say_stays_as_it_is(void **state)
{
	struct board *board = board_open();
	struct line *desk = line_open(board);

	(void)state;
	ask_agent(desk, "agent.login", "alice",
	          ",'target':'PJSIP/7','queues':['sales'],'skills':{'german':5},'state':'paused'");
	ask_agent(desk, "agent.login", "alice", ",'queues':['support']");
	assert_at(desk, "result.state", "'paused'");
	assert_at(desk, "result.queues", "['support']");
	assert_at(desk, "result.skills", "{'german':5}");
	assert_at(desk, "result.target", "'PJSIP/7'");
	ask_agent(desk, "agent.login", "alice", ",'target':'PJSIP/8','state':'ready'");
	assert_at(desk, "result.state", "'ready'");
	assert_at(desk, "result.queues", "['support']");
	assert_at(desk, "result.target", "'PJSIP/8'");
	/* One who says nothing of a target is dialled by name. */
	ask_agent(desk, "agent.login", "bob", ",'queues':['sales']");
	assert_at(desk, "result.target", "'bob'");
	line_close(desk);
	board_close(board);
}

static void the_configuration_speaks_for_one_who_only_says_who(void **state)
{
	struct board *board = board_make();
	struct agent_options *agent = calloc(1, sizeof(*agent));
	struct line *desk;

	(void)state;
	agent->name = strdup("alice");
	agent->target = strdup("PJSIP/alice");
	agent->team = strdup("");
	agent->queues_count = 1;
	agent->queues[0] = 1;
	agent->skills_count = 1;
	agent->skills[0].level = 3;
	board->options->agents = agent;
	board->options->agents_count = 1;
	board_start(board);
	link_set_ready(board->link, true);
	desk = line_open(board);
	ask_agent(desk, "agent.get", "alice", "");
	assert_at(desk, "result.state", "'logged_out'");
	assert_at(desk, "result.configured", "true");
	ask_agent(desk, "agent.ready", "alice", "");
	assert_error(desk, -32013, "unknown_agent");
	ask_agent(desk, "agent.login", "alice", "");
	assert_at(desk, "result.queues", "['support']");
	assert_at(desk, "result.skills", "{'german':3}");
	assert_at(desk, "result.target", "'PJSIP/alice'");
	line_close(desk);
	board_close(board);
}

static struct agent_record record_of(struct board *board, const char *name)
{
	struct agent_card *card = directory_find_agent(board->directory, name);
	struct agent_record record;

	assert_non_null(card);
	assert_true(core_get_agent(loop_core(board->loop), card->id, &record));
	return record;
}

static void the_core_hears_of_brief_pauses_and_of_teams(void **state)
{
	struct board *board = board_make();
	struct agent_options *agent = calloc(1, sizeof(*agent));
	struct line *desk;

	(void)state;
	agent->name = strdup("alice");
	agent->target = strdup("");
	agent->team = strdup("west");
	agent->team_number = 3;
	board->options->agents = agent;
	board->options->agents_count = 1;
	free(board->options->brief_pauses);
	board->options->brief_pauses = calloc(2, sizeof(char *));
	board->options->brief_pauses[0] = strdup("coffee");
	board_start(board);
	link_set_ready(board->link, true);
	desk = line_open(board);
	ask_agent(desk, "agent.login", "alice", ",'queues':['sales']");
	assert_int_equal(record_of(board, "alice").team, 3);
	ask_agent(desk, "agent.login", "bob", ",'queues':['sales']");
	assert_int_equal(record_of(board, "bob").team, 0);
	ask_agent(desk, "agent.pause", "alice", ",'reason':'coffee'");
	assert_true(record_of(board, "alice").brief);
	ask_agent(desk, "agent.pause", "alice", ",'reason':'lunch'");
	assert_false(record_of(board, "alice").brief);
	ask_agent(desk, "agent.pause", "alice", ",'reason':'coffee'");
	ask_agent(desk, "agent.ready", "alice", "");
	ask_agent(desk, "agent.pause", "alice", "");
	assert_false(record_of(board, "alice").brief);
	line_close(desk);
	board_close(board);
}

static void a_login_that_is_refused_makes_nobody_known(void **state)
{
	struct board *board = board_open();
	struct line *desk = line_open(board);

	(void)state;
	ask_agent(desk, "agent.login", "alice", "");
	assert_error(desk, -32602, "missing");
	assert_at(desk, "error.data.field", "'queues'");
	ask_agent(desk, "agent.login", "alice", ",'queues':['sales','nowhere']");
	assert_error(desk, -32012, "unknown_queue");
	assert_at(desk, "error.data.field", "'queues[1]'");
	ask_agent(desk, "agent.login", "alice", ",'queues':['sales'],'skills':{'tap dance':1}");
	assert_error(desk, -32602, "unknown_skill");
	ask_agent(desk, "agent.get", "alice", "");
	assert_error(desk, -32013, "unknown_agent");
	line_ask(desk, "agent.list", "{}");
	assert_at(desk, "result.agents", "[]");
	line_close(desk);
	board_close(board);
}

static void there_is_room_for_so_many_agents_and_memberships(void **state)
{
	struct board *board = board_make();
	struct line *desk;

	(void)state;
	board->options->agents_max = 2;
	board->options->memberships_max = 2;
	board_start(board);
	link_set_ready(board->link, true);
	desk = line_open(board);
	ask_agent(desk, "agent.login", "alice", ",'queues':['sales']");
	assert_at(desk, "result.state", "'ready'");
	ask_agent(desk, "agent.login", "bob", ",'queues':['sales','support']");
	assert_error(desk, -32021, "memberships_max");
	ask_agent(desk, "agent.login", "bob", ",'queues':['sales']");
	assert_at(desk, "result.state", "'ready'");
	ask_agent(desk, "agent.login", "carol", ",'queues':['sales']");
	assert_error(desk, -32021, "agents_max");
	line_close(desk);
	board_close(board);
}

static void what_is_asked_while_talking_comes_after(void **state)
{
	struct board *board = board_open();
	struct line *pbx = talk(board, "c1", "alice");

	(void)state;
	ask_agent(pbx, "agent.pause", "alice", ",'reason':'tea'");
	assert_at(pbx, "result.state", "'talking'");
	assert_at(pbx, "result.pending", "'pause'");
	assert_at(pbx, "result.reason", "'tea'");
	assert_at(pbx, "result.call", "'c1'");
	ask_agent(pbx, "agent.wrapup", "alice", ",'extend_s':30");
	assert_error(pbx, -32014, "wrong_state");
	line_ask(pbx, "call.ended", "{'call_id':'c1'}");
	ask_agent(pbx, "agent.get", "alice", "");
	assert_string_not_equal(line_at(pbx, "result.state"), "\"talking\"");
	line_close(pbx);
	board_close(board);
}

static void wrapup_can_be_made_longer_and_ended(void **state)
{
	struct board *board = board_make();
	struct line *pbx;
	char until[40];

	(void)state;
	board->options->queues[0].plan.wrapup = SEC(10);
	board_start(board);
	link_set_ready(board->link, true);
	pbx = talk(board, "c1", "alice");
	line_ask(pbx, "call.ended", "{'call_id':'c1'}");
	ask_agent(pbx, "agent.get", "alice", "");
	assert_at(pbx, "result.state", "'wrapup'");
	assert_at(pbx, "result.why", "'after_call'");
	snprintf(until, sizeof(until), "%s", line_at(pbx, "result.until"));
	ask_agent(pbx, "agent.wrapup", "alice", ",'extend_s':30");
	assert_at(pbx, "result.state", "'wrapup'");
	assert_true(strcmp(line_at(pbx, "result.until"), until) > 0);
	ask_agent(pbx, "agent.ready", "alice", "");
	assert_at(pbx, "result.state", "'ready'");
	line_close(pbx);
	board_close(board);
}

static void a_device_vetoes(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");

	(void)state;
	line_log_in(pbx, "alice", "sales");
	ask_agent(pbx, "agent.device", "alice", ",'state':'unreachable'");
	assert_at(pbx, "result.state", "'ready'");
	assert_at(pbx, "result.unreachable", "true");
	line_ask(pbx, "call.arrive", "{'call_id':'c1','queue':'sales'}");
	assert_at(pbx, "result.action", "'queue'");
	ask_agent(pbx, "agent.device", "alice", ",'state':'reachable'");
	assert_at(pbx, "result.state", "'offered'");
	line_close(pbx);
	board_close(board);
}

static void an_agent_takes_leave_where_the_queue_lets_them(void **state)
{
	struct board *board = board_make();
	struct line *pbx, *desk, *boss;

	(void)state;
	board->options->queues[0].unstick = false;
	board_start(board);
	link_set_ready(board->link, true);
	pbx = talk(board, "c1", "alice");
	desk = line_session(board, "alice", "agent");
	boss = line_session(board, "boss", "supervisor");
	line_ask(pbx, "call.ended", "{'call_id':'c1'}");
	ask_agent(desk, "agent.disposition", "alice",
	          ",'call_id':'c1','outcome':'resolved','stick':false");
	assert_error(desk, -32002, "unstick");
	assert_at(desk, "error.data.field", "'stick'");
	assert_int_equal(board->disposed, 0);
	ask_agent(desk, "agent.disposition", "alice", ",'call_id':'c1','outcome':'resolved'");
	assert_int_equal(board->disposed, 1);
	ask_agent(boss, "agent.disposition", "alice",
	          ",'call_id':'c1','outcome':'resolved','stick':false");
	assert_at(boss, "result.agent", "'alice'");
	assert_int_equal(board->disposed, 2);
	line_close(pbx);
	line_close(desk);
	line_close(boss);
	board_close(board);
}

static void a_disposition_goes_to_the_store(void **state)
{
	struct board *board = board_open();
	struct line *pbx = talk(board, "c1", "alice"),
	            *desk = line_session(board, "alice", "agent");
	struct line *other;

	(void)state;
	ask_agent(desk, "agent.disposition", "alice", ",'call_id':'c1','outcome':'resolved'");
	assert_error(desk, -32014, "call_live");
	line_ask(pbx, "call.ended", "{'call_id':'c1'}");
	ask_agent(desk, "agent.disposition", "alice",
	          ",'call_id':'c1','outcome':'follow_up','reason':'bill','note':'x','stick':false");
	assert_at(desk, "result.agent", "'alice'");
	assert_int_equal(board->disposed, 1);
	assert_string_equal(board->disposition, "alice contact-1 pbx c1 cid:k1 follow_up bill x 0");
	ask_agent(desk, "agent.disposition", "alice", ",'call_id':'never','outcome':'resolved'");
	assert_error(desk, -32010, "unknown_call");
	line_log_in(pbx, "bob", "sales");
	other = line_session(board, "bob", "agent");
	ask_agent(other, "agent.disposition", "bob", ",'call_id':'c1','outcome':'resolved'");
	assert_error(other, -32014, "other_agents_call");
	assert_int_equal(board->disposed, 1);
	line_close(pbx);
	line_close(desk);
	line_close(other);
	board_close(board);
}

static void rona_pauses_and_says_so(void **state)
{
	struct board *board = board_make();
	struct line *pbx;

	(void)state;
	board->options->rules.misses_max[MISS_NO_ANSWER] = 1;
	board->options->rules.rona_return = MINUTE(5);
	board_start(board);
	link_set_ready(board->link, true);
	pbx = line_session(board, "pbx", "pbx");
	line_log_in(pbx, "alice", "sales");
	line_ask(pbx, "call.arrive", "{'call_id':'c1','queue':'sales'}");
	line_ask(pbx, "call.failed", "{'call_id':'c1','offer':1,'reason':'no_answer'}");
	ask_agent(pbx, "agent.get", "alice", "");
	assert_at(pbx, "result.state", "'paused'");
	assert_at(pbx, "result.why", "'rona'");
	assert_at(pbx, "result.reason", "null");
	assert_string_not_equal(line_at(pbx, "result.until"), "null");
	line_close(pbx);
	board_close(board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_agent_logs_in_pauses_and_goes),
		cmocka_unit_test(what_a_login_does_not_say_stays_as_it_is),
		cmocka_unit_test(the_configuration_speaks_for_one_who_only_says_who),
		cmocka_unit_test(the_core_hears_of_brief_pauses_and_of_teams),
		cmocka_unit_test(a_login_that_is_refused_makes_nobody_known),
		cmocka_unit_test(there_is_room_for_so_many_agents_and_memberships),
		cmocka_unit_test(what_is_asked_while_talking_comes_after),
		cmocka_unit_test(wrapup_can_be_made_longer_and_ended),
		cmocka_unit_test(a_device_vetoes),
		cmocka_unit_test(an_agent_takes_leave_where_the_queue_lets_them),
		cmocka_unit_test(a_disposition_goes_to_the_store),
		cmocka_unit_test(rona_pauses_and_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
