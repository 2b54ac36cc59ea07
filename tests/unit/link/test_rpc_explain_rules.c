#include "board.h"

/* What is special about a call, rule by rule. */

static struct board *open_with(struct line **ret_pbx, void (*change)(struct options *))
{
	struct board *board = board_make();

	board->options->queues[0].plan.policy = POLICY_FIXED;
	board->options->queues[0].plan.wait_busy = SEC(20);
	board->options->queues[0].plan.load_max = 0;
	board->options->queues[0].plan.prefers_team = false;
	board->options->queues[0].scope = MET_ANYWHERE;
	change(board->options);
	board_start(board);
	link_set_ready(board->link, true);
	board->known_key = "cid:k1";
	board->known_agent = "alice";
	*ret_pbx = line_session(board, "pbx", "pbx");
	return board;
}

static void nothing_more(struct options *options)
{
	(void)options;
}

/* A caller who knows alice, who is there, comes and waits. */
static void ask(struct line *pbx, const char *more)
{
	char params[256];

	line_log_in(pbx, "alice", "sales");
	line_ask(pbx, "agent.pause", "{'agent':'alice','reason':'coffee'}");
	snprintf(params, sizeof(params), "{'call_id':'c1','queue':'sales','customer_id':'k1'%s}",
	         more);
	line_ask(pbx, "call.arrive", params);
	line_ask(pbx, "call.explain", "{'call_id':'c1'}");
}

static void a_usual_call_has_no_special_rules(void **state)
{
	struct line *pbx;
	struct board *board = open_with(&pbx, nothing_more);

	(void)state;
	ask(pbx, "");
	assert_at(pbx, "result.known.0.agent", "'alice'");
	assert_at(pbx, "result.rules", "[]");
	assert_at(pbx, "result.limits.policy", "'fixed'");
	line_close(pbx);
	board_close(board);
}

static void a_pin_and_an_exclusion_are_said(void **state)
{
	struct line *pbx;
	struct board *board = open_with(&pbx, nothing_more);

	(void)state;
	board->pinned = true;
	board->never = "bob";
	line_log_in(pbx, "bob", "sales");
	ask(pbx, "");
	assert_at(pbx, "result.known.0.pinned", "true");
	assert_at(pbx, "result.rules.0.rule", "'pinned'");
	assert_at(pbx, "result.rules.0.agent", "'alice'");
	assert_at(pbx, "result.rules.0.words",
	          "'alice is pinned to this caller, and comes before whoever was met last.'");
	assert_at(pbx, "result.rules.1.rule", "'excluded'");
	assert_at(pbx, "result.rules.1.words",
	          "'bob is excluded for ever: this call is not offered to them.'");
	assert_at(pbx, "result.excluded.0.until", "null");
	assert_at(pbx, "result.rules.2", "-");
	line_close(pbx);
	board_close(board);
}

static void with_tiers(struct options *options)
{
	options->tiers = calloc(1, sizeof(*options->tiers));
	options->tiers[0].name = strdup("gold");
	options->tiers_count = 1;
	options->rules.tiers_count = 1;
	options->rules.tiers[0] = (struct tier_plan){ .head_start = SEC(30),
		                                      .value_share = 1500,
		                                      .price_share = 2000,
		                                      .wait_idle = SEC(10),
		                                      .wait_skipped = USEC_NEVER };
	options->tiers[0].plan = options->rules.tiers[0];
}

static void a_tier_says_what_it_changes(void **state)
{
	struct line *pbx;
	struct board *board = open_with(&pbx, with_tiers);

	(void)state;
	ask(pbx, ",'tier':'gold'");
	assert_at(pbx, "result.rules.0.rule", "'tier'");
	assert_at(pbx, "result.rules.0.tier", "'gold'");
	assert_at(pbx, "result.rules.0.head_start_ms", "30000");
	assert_at(pbx, "result.rules.0.value_percent", "150");
	assert_at(pbx, "result.rules.0.price_percent", "200");
	assert_at(pbx, "result.rules.0.wait_idle_ms", "10000");
	assert_at(pbx, "result.rules.0.wait_skipped_ms", "null");
	assert_at(
	        pbx, "result.rules.0.words",
	        "'Tier gold: counts as 30 s older in the line. A reunion is worth 150.0 % of what "
	        "it is in this queue, and a second of waiting costs 200.0 %.'");
	line_close(pbx);
	board_close(board);
}

static void with_holdout(struct options *options)
{
	options->queues[0].holdout = 55;
	options->queues[0].scope = MET_IN_GROUP;
	free(options->queues[0].group);
	options->queues[0].group = strdup("west");
}

static void who_is_held_out_and_where_agents_count_is_said(void **state)
{
	struct line *pbx;
	struct board *board = open_with(&pbx, with_holdout);

	(void)state;
	board->holdout = true;
	ask(pbx, "");
	assert_at(pbx, "result.decision.sticky.why", "'holdout'");
	assert_at(pbx, "result.rules.0.rule", "'holdout'");
	assert_at(pbx, "result.rules.0.share_percent", "5.5");
	assert_at(pbx, "result.rules.1.rule", "'scope'");
	assert_at(pbx, "result.rules.1.scope", "'group'");
	assert_at(pbx, "result.rules.1.group", "'west'");
	assert_at(pbx, "result.rules.1.words",
	          "'Only agents met in a queue of the group west count.'");
	line_close(pbx);
	board_close(board);
}

static void with_new_agent(struct options *options)
{
	options->queues[0].plan.policy = POLICY_NEW_AGENT;
	options->queues[0].scope = MET_IN_QUEUE;
}

static void somebody_new_is_wanted(void **state)
{
	struct line *pbx;
	struct board *board = open_with(&pbx, with_new_agent);

	(void)state;
	ask(pbx, "");
	assert_at(pbx, "result.rules.0.rule", "'excluded'"); /* alice, whom they have met */
	assert_at(pbx, "result.rules.1.rule", "'new_agent'");
	assert_at(pbx, "result.rules.2.rule", "'scope'");
	assert_at(pbx, "result.rules.2.words", "'Only agents met in this queue count.'");
	line_close(pbx);
	board_close(board);
}

static void with_guards(struct options *options)
{
	struct agent_options *agents = calloc(2, sizeof(*agents));

	agents[0].name = strdup("alice");
	agents[1].name = strdup("bob");
	for (size_t i = 0; i < 2; i++) {
		agents[i].target = strdup("");
		agents[i].team = strdup("west");
		agents[i].team_number = 1;
	}
	options->agents = agents;
	options->agents_count = 2;
	free(options->brief_pauses);
	options->brief_pauses = calloc(2, sizeof(char *));
	options->brief_pauses[0] = strdup("coffee");
	options->queues[0].plan.load_max = 855;
	options->queues[0].plan.prefers_team = true;
	options->queues[0].plan.wait_brief = SEC(25);
}

static void the_own_agents_team_load_and_pause_are_said(void **state)
{
	struct line *pbx;
	struct board *board = open_with(&pbx, with_guards);

	(void)state;
	ask(pbx, "");
	assert_at(pbx, "result.explanation", "'The caller waits for alice, their own agent.'");
	assert_at(pbx, "result.rules.0.rule", "'team'");
	assert_at(pbx, "result.rules.0.team", "'west'");
	assert_at(pbx, "result.rules.0.colleagues", "0");
	assert_at(pbx, "result.rules.1.rule", "'overloaded'");
	assert_at(pbx, "result.rules.1.load_max_percent", "85.5");
	assert_at(pbx, "result.rules.1.is_over", "false");
	assert_at(pbx, "result.rules.2.rule", "'brief_pause'");
	assert_at(pbx, "result.rules.2.reason", "'coffee'");
	assert_at(pbx, "result.rules.2.wait_ms", "25000");
	assert_at(pbx, "result.rules.2.words",
	          "'alice pauses briefly (coffee), and is waited for up to 25 s.'");
	line_log_in(pbx, "bob", "support");
	line_ask(pbx, "call.explain", "{'call_id':'c1'}");
	assert_at(pbx, "result.rules.0.colleagues", "1");
	line_ask(pbx, "agent.get", "{'agent':'alice'}");
	assert_at(pbx, "result.team", "'west'");
	assert_at(pbx, "result.brief", "true");
	line_close(pbx);
	board_close(board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_usual_call_has_no_special_rules),
		cmocka_unit_test(a_pin_and_an_exclusion_are_said),
		cmocka_unit_test(a_tier_says_what_it_changes),
		cmocka_unit_test(who_is_held_out_and_where_agents_count_is_said),
		cmocka_unit_test(somebody_new_is_wanted),
		cmocka_unit_test(the_own_agents_team_load_and_pause_are_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
