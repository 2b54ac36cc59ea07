#include "board.h"

/* The life of calls, told by a telephony system. */

static void arrive(struct line *line, const char *call_id, const char *more)
{
	char params[512];

	snprintf(params, sizeof(params), "{'call_id':'%s','queue':'sales'%s}", call_id, more);
	line_ask(line, "call.arrive", params);
}

static void ask_call(struct line *line, const char *method, const char *call_id, const char *more)
{
	char params[512];

	snprintf(params, sizeof(params), "{'call_id':'%s'%s}", call_id, more);
	line_ask(line, method, params);
}

static void a_call_is_offered_answered_held_and_ended(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");

	(void)state;
	line_log_in(pbx, "alice", "sales");
	arrive(pbx, "c1", ",'from':'0312345678'");
	assert_at(pbx, "result.call_id", "'c1'");
	assert_at(pbx, "result.action", "'connect'");
	assert_at(pbx, "result.agent", "'alice'");
	assert_at(pbx, "result.target", "'PJSIP/alice'");
	assert_at(pbx, "result.offer", "1");
	assert_at(pbx, "result.ring_ms", "20000");
	assert_at(pbx, "result.sticky.result", "'new'");
	ask_call(pbx, "call.ringing", "c1", ",'offer':1");
	assert_at(pbx, "result", "{}");
	ask_call(pbx, "call.answered", "c1", ",'offer':1");
	assert_at(pbx, "result", "{}");
	ask_call(pbx, "call.held", "c1", "");
	assert_at(pbx, "result", "{}");
	ask_call(pbx, "call.get", "c1", "");
	assert_at(pbx, "result.state", "'held'");
	ask_call(pbx, "call.retrieved", "c1", "");
	assert_at(pbx, "result", "{}");
	ask_call(pbx, "call.ended", "c1", ",'by':'agent','cause':'normal'");
	assert_at(pbx, "result.outcome", "'answered'");
	assert_at(pbx, "result.agent", "'alice'");
	assert_at(pbx, "result.contact", "'contact-1'");
	line_close(pbx);
	board_close(board);
}

static void a_returning_caller_is_told_apart(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");

	(void)state;
	board->known_key = "tel:+81312345678";
	board->known_agent = "alice";
	line_log_in(pbx, "bob", "sales");
	line_log_in(pbx, "alice", "sales");
	arrive(pbx, "c1", ",'from':'0312345678'");
	assert_at(pbx, "result.agent", "'alice'");
	assert_at(pbx, "result.sticky.result", "'own'");
	assert_at(pbx, "result.sticky.preferred", "'alice'");
	arrive(pbx, "c2", ",'from':'0312345678','presentation':'restricted'");
	assert_at(pbx, "result.agent", "'bob'");
	assert_at(pbx, "result.sticky.result", "'new'");
	line_close(pbx);
	board_close(board);
}

static void who_has_to_wait_is_told_the_place(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");

	(void)state;
	arrive(pbx, "c1", "");
	assert_at(pbx, "result.action", "'queue'");
	assert_at(pbx, "result.position", "1");
	assert_at(pbx, "result.estimated_wait_ms", "null");
	arrive(pbx, "c2", ",'priority':10");
	assert_at(pbx, "result.position", "1");
	ask_call(pbx, "call.wait", "c1", ",'wait_ms':0");
	assert_at(pbx, "result.position", "2");
	line_close(pbx);
	board_close(board);
}

static void a_repeated_arrival_gets_what_stands_and_other_content_is_refused(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");
	char first[sizeof(pbx->message)];

	(void)state;
	line_log_in(pbx, "alice", "sales");
	arrive(pbx, "c1", ",'from':'0312345678'");
	snprintf(first, sizeof(first), "%s", strstr(pbx->message, "\"result\""));
	arrive(pbx, "c1", ",'from':'0312345678'");
	assert_string_equal(strstr(pbx->message, "\"result\""), first);
	arrive(pbx, "c1", ",'from':'0398765432'");
	assert_error(pbx, -32015, "other_content");
	ask_call(pbx, "call.ended", "c1", "");
	arrive(pbx, "c1", ",'from':'0312345678'");
	assert_at(pbx, "result.action", "'ended'");
	assert_at(pbx, "result.outcome", "'short_abandoned'");
	arrive(pbx, "c1", "");
	assert_error(pbx, -32015, "other_content");
	ask_call(pbx, "call.ended", "c1", "");
	assert_at(pbx, "result.outcome", "'short_abandoned'");
	line_close(pbx);
	board_close(board);
}

static void two_systems_may_use_the_same_call_id(void **state)
{
	struct board *board = board_open();
	struct line *a = line_session(board, "pbx-a", "pbx");
	struct line *b = line_session(board, "pbx-b", "pbx");
	struct line *boss = line_session(board, "boss", "supervisor");

	(void)state;
	arrive(a, "c1", "");
	arrive(b, "c1", ",'from':'0398765432'");
	assert_at(b, "result.position", "2");
	ask_call(boss, "call.get", "c1", "");
	assert_error(boss, -32602, "ambiguous");
	assert_at(boss, "error.data.field", "'client'");
	ask_call(boss, "call.get", "c1", ",'client':'pbx-b'");
	assert_at(boss, "result.from", "'0398765432'");
	ask_call(a, "call.ended", "c1", "");
	ask_call(boss, "call.get", "c1", "");
	assert_at(boss, "result.client", "'pbx-b'");
	ask_call(a, "call.ended", "c1", ",'client':'pbx-b'");
	assert_error(a, -32002, "other_client");
	line_close(a);
	line_close(b);
	line_close(boss);
	board_close(board);
}

static void a_failed_offer_brings_the_next_decision(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");

	(void)state;
	line_log_in(pbx, "alice", "sales");
	line_log_in(pbx, "bob", "sales");
	arrive(pbx, "c1", "");
	assert_at(pbx, "result.agent", "'alice'");
	ask_call(pbx, "call.failed", "c1", ",'offer':1,'reason':'busy'");
	assert_at(pbx, "result.agent", "'bob'");
	assert_at(pbx, "result.offer", "2");
	ask_call(pbx, "call.failed", "c1", ",'offer':1,'reason':'busy'");
	assert_error(pbx, -32014, "stale_offer");
	ask_call(pbx, "call.answered", "c1", ",'offer':1");
	assert_error(pbx, -32014, "stale_offer");
	ask_call(pbx, "call.failed", "c1", ",'offer':2,'reason':'no_answer'");
	assert_at(pbx, "result.action", "'queue'");
	/* The same once more: the present state. */
	ask_call(pbx, "call.failed", "c1", ",'offer':2,'reason':'no_answer'");
	assert_at(pbx, "result.action", "'queue'");
	assert_at(pbx, "result.position", "1");
	line_close(pbx);
	board_close(board);
}

static void repeated_reports_are_answered_alike(void **state)
{
	static const char *const reports[] = { "call.answered", "call.ringing", "call.answered" };
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");

	(void)state;
	line_log_in(pbx, "alice", "sales");
	arrive(pbx, "c1", "");
	for (size_t i = 0; i < ARRAY_LEN(reports); i++) {
		ask_call(pbx, reports[i], "c1", ",'offer':1");
		assert_at(pbx, "result", "{}");
	}
	ask_call(pbx, "call.retrieved", "c1", "");
	assert_at(pbx, "result", "{}");
	ask_call(pbx, "call.held", "c1", "");
	ask_call(pbx, "call.held", "c1", "");
	assert_at(pbx, "result", "{}");
	line_close(pbx);
	board_close(board);
}

static void what_happens_in_one_turn_is_answered_one_by_one(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");

	(void)state;
	line_log_in(pbx, "alice", "sales");
	/* All of a call's life in one segment, the end twice. */
	line_say(pbx,
	         "{'jsonrpc':'2.0','id':'a','method':'call.arrive','params':{'call_id':'c1',"
	         "'queue':'sales','from':'0312345678'}}\n"
	         "{'jsonrpc':'2.0','id':'b','method':'call.arrive','params':{'call_id':'c1',"
	         "'queue':'sales','from':'0312345678'}}\n"
	         "{'jsonrpc':'2.0','id':'c','method':'call.ended','params':{'call_id':'c1'}}\n"
	         "{'jsonrpc':'2.0','id':'d','method':'call.ended','params':{'call_id':'c1'}}\n"
	         "{'jsonrpc':'2.0','id':'e','method':'call.held','params':{'call_id':'c1'}}\n");
	for (int i = 0; i < 5; i++) {
		line_next(pbx);
		if (strcmp(line_at(pbx, "id"), "\"a\"") == 0 ||
		    strcmp(line_at(pbx, "id"), "\"b\"") == 0)
			assert_at(pbx, "result.action", "'ended'"); /* while it was recalled */
		else if (strcmp(line_at(pbx, "id"), "\"e\"") == 0)
			assert_error(pbx, -32010, "unknown_call");
		else
			assert_at(pbx, "result.outcome", "'short_abandoned'");
	}
	line_close(pbx);
	board_close(board);
}

static void a_hang_up_overtakes_the_recall(void **state)
{
	struct board *board = board_make();
	struct line *pbx;

	(void)state;
	board->options->rules.recall_max = SEC(5);
	board_start(board);
	link_set_ready(board->link, true);
	pbx = line_session(board, "pbx", "pbx");
	board->recalls_held = true;
	line_say(pbx, "{'jsonrpc':'2.0','id':'a','method':'call.arrive','params':{'call_id':'c1',"
	              "'queue':'sales','from':'0312345678'}}\n");
	board_pass(board, MSEC(5));
	ask_call(pbx, "call.get", "c1", "");
	assert_at(pbx, "result.state", "'recalling'");
	ask_call(pbx, "call.ended", "c1", "");
	assert_at(pbx, "result.outcome", "'short_abandoned'");
	line_close(pbx);
	board_close(board);
}

static void a_late_recall_routes_as_unknown(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");

	(void)state;
	board->recalls_held = true;
	arrive(pbx, "c1", ",'from':'0312345678'");
	assert_at(pbx, "result.action", "'queue'");
	assert_at(pbx, "result.sticky.why", "'lookup_late'");
	line_close(pbx);
	board_close(board);
}

static void an_update_tells_more_of_a_call(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");

	(void)state;
	board->known_key = "cid:k9";
	board->known_agent = "alice";
	line_log_in(pbx, "alice", "support");
	arrive(pbx, "c1", ",'from':'0312345678','tier':'gold'");
	assert_at(pbx, "result.action", "'queue'");
	ask_call(pbx, "call.update", "c1", ",'customer_id':'k9','reason':'bill','data':{'x':1}");
	assert_at(pbx, "result.action", "'queue'");
	ask_call(pbx, "call.get", "c1", "");
	assert_at(pbx, "result.customer_id", "'k9'");
	assert_at(pbx, "result.tier", "'gold'");
	assert_at(pbx, "result.data", "{'x':1}");
	assert_at(pbx, "result.sticky.preferred", "'alice'");
	ask_call(pbx, "call.update", "c1", ",'queue':'support'");
	assert_at(pbx, "result.action", "'connect'");
	assert_at(pbx, "result.sticky.result", "'own'");
	/* The arrival's content is still what makes it the same call. */
	arrive(pbx, "c1", ",'from':'0312345678','tier':'gold'");
	assert_at(pbx, "result.action", "'connect'");
	line_close(pbx);
	board_close(board);
}

static void in_another_queue_it_is_asked_anew_whom_the_caller_returns_to(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");

	(void)state;
	arrive(pbx, "c1", ",'from':'0312345678'");
	assert_int_equal(board->recalls, 1);
	ask_call(pbx, "call.update", "c1", ",'queue':'sales','reason':'bill'");
	assert_int_equal(board->recalls, 1);
	ask_call(pbx, "call.update", "c1", ",'queue':'support'");
	assert_int_equal(board->recalls, 2);
	arrive(pbx, "c2", ""); /* nobody knows who: there is nothing to ask */
	ask_call(pbx, "call.update", "c2", ",'queue':'support'");
	assert_int_equal(board->recalls, 2);
	line_close(pbx);
	board_close(board);
}

static unsigned tier_of(struct board *board, const char *call_id)
{
	struct call_record record;
	struct call_card *card = directory_find_call(board->directory, "pbx", call_id);

	assert_non_null(card);
	assert_true(core_get_call(loop_core(board->loop), card->id, &record));
	return record.tier;
}

static void a_tier_counts_when_it_is_configured_and_is_kept_in_any_case(void **state)
{
	struct board *board = board_make();
	struct line *pbx;

	(void)state;
	board->options->tiers = calloc(2, sizeof(*board->options->tiers));
	board->options->tiers[0].name = strdup("silver");
	board->options->tiers[1].name = strdup("gold");
	board->options->tiers_count = 2;
	board_start(board);
	link_set_ready(board->link, true);
	pbx = line_session(board, "pbx", "pbx");
	arrive(pbx, "c1", ",'tier':'gold'");
	assert_int_equal(tier_of(board, "c1"), 2);
	ask_call(pbx, "call.update", "c1", ",'reason':'bill'");
	assert_int_equal(tier_of(board, "c1"), 2);
	ask_call(pbx, "call.update", "c1", ",'tier':'silver'");
	assert_int_equal(tier_of(board, "c1"), 1);
	ask_call(pbx, "call.update", "c1", ",'tier':'tin'");
	assert_int_equal(tier_of(board, "c1"), 0);
	ask_call(pbx, "call.get", "c1", "");
	assert_at(pbx, "result.tier", "'tin'");
	arrive(pbx, "c2", "");
	assert_int_equal(tier_of(board, "c2"), 0);
	line_close(pbx);
	board_close(board);
}

static void a_refused_update_leaves_nothing_behind(void **state)
{
	struct board *board = board_make();
	struct line *pbx;

	(void)state;
	board->options->queues[1].plan.open = false;
	board_start(board);
	link_set_ready(board->link, true);
	pbx = line_session(board, "pbx", "pbx");
	arrive(pbx, "c1", ",'tier':'gold','from':'0312345678'");
	ask_call(pbx, "call.update", "c1", ",'queue':'support','tier':'red','customer_id':'k1'");
	assert_error(pbx, -32014, "queue_closed");
	ask_call(pbx, "call.get", "c1", "");
	assert_at(pbx, "result.tier", "'gold'");
	assert_at(pbx, "result.customer_id", "-");
	assert_at(pbx, "result.queue", "'sales'");
	ask_call(pbx, "call.update", "c1", ",'queue':'nowhere','tier':'red'");
	assert_error(pbx, -32012, "unknown_queue");
	assert_at(pbx, "error.data.field", "'queue'");
	ask_call(pbx, "call.update", "c1", ",'skills':[{'name':'tap dance'}]");
	assert_error(pbx, -32602, "unknown_skill");
	assert_at(pbx, "error.data.field", "'skills[0].name'");
	line_close(pbx);
	board_close(board);
}

static void a_priority_changes_the_place_and_not_the_clock(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");
	struct line *boss = line_session(board, "boss", "supervisor");
	char arrived[40];

	(void)state;
	arrive(pbx, "c1", "");
	arrive(pbx, "c2", "");
	assert_at(pbx, "result.position", "2");
	ask_call(pbx, "call.get", "c2", "");
	snprintf(arrived, sizeof(arrived), "%s", line_at(pbx, "result.arrived_at"));
	ask_call(boss, "call.priority", "c2", ",'priority':5");
	assert_at(boss, "result.action", "'queue'");
	assert_at(boss, "result.position", "1");
	ask_call(pbx, "call.get", "c2", "");
	assert_at(pbx, "result.priority", "5");
	assert_string_equal(line_at(pbx, "result.arrived_at"), arrived);
	ask_call(boss, "call.priority", "c2", ",'priority':0");
	assert_at(boss, "result.position", "2");
	ask_call(boss, "call.priority", "c2", "");
	assert_error(boss, -32602, "missing");
	assert_at(boss, "error.data.field", "'priority'");
	ask_call(boss, "call.priority", "c2", ",'priority':1001");
	assert_error(boss, -32602, "out_of_range");
	line_log_in(pbx, "alice", "sales");
	ask_call(pbx, "call.priority", "c1", ",'priority':5"); /* it rings already */
	assert_error(pbx, -32014, "wrong_state");
	line_close(pbx);
	line_close(boss);
	board_close(board);
}

static void a_released_caller_waits_for_nobody_in_particular(void **state)
{
	struct board *board = board_make();
	struct line *pbx, *boss;

	(void)state;
	board->options->queues[0].plan.policy = POLICY_FIXED;
	board->options->queues[0].plan.wait_busy = SEC(60);
	board_start(board);
	link_set_ready(board->link, true);
	pbx = line_session(board, "pbx", "pbx");
	boss = line_session(board, "boss", "supervisor");
	board->known_key = "tel:+81312345678";
	board->known_agent = "alice";
	line_log_in(pbx, "alice", "sales");
	arrive(pbx, "c1", "");
	ask_call(pbx, "call.answered", "c1", ",'offer':1");
	line_log_in(pbx, "bob", "sales");
	arrive(pbx, "c2", ",'from':'0312345678'");
	assert_at(pbx, "result.sticky.result", "'waiting'");
	ask_call(boss, "call.release", "c2", "");
	assert_at(boss, "result.action", "'connect'");
	assert_at(boss, "result.agent", "'bob'");
	assert_at(boss, "result.sticky.why", "'released'");
	ask_call(boss, "call.release", "c2", "");
	assert_error(boss, -32014, "not_holding");
	ask_call(boss, "call.release", "c1", "");
	assert_error(boss, -32014, "not_holding");
	ask_call(boss, "call.release", "never", "");
	assert_error(boss, -32010, "unknown_call");
	line_close(pbx);
	line_close(boss);
	board_close(board);
}

static void a_transfer_goes_on_to_an_agent_or_a_queue(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");

	(void)state;
	line_log_in(pbx, "alice", "sales");
	line_log_in(pbx, "bob", "support");
	arrive(pbx, "c1", "");
	ask_call(pbx, "call.transfer", "c1", ",'to_queue':'support'");
	assert_error(pbx, -32014, "wrong_state");
	ask_call(pbx, "call.answered", "c1", ",'offer':1");
	ask_call(pbx, "call.transfer", "c1", ",'to_agent':'nobody'");
	assert_error(pbx, -32013, "unknown_agent");
	ask_call(pbx, "call.transfer", "c1", ",'to_queue':'support','kind':'blind'");
	assert_at(pbx, "result.agent", "'bob'");
	assert_at(pbx, "result.offer", "2");
	ask_call(pbx, "call.transfer", "c1", ",'to_queue':'support','kind':'blind'");
	assert_at(pbx, "result.agent", "'bob'");
	ask_call(pbx, "call.transfer", "c1", ",'to_queue':'sales'");
	assert_error(pbx, -32014, "wrong_state");
	line_close(pbx);
	board_close(board);
}

static void a_queue_that_is_full_or_closed_turns_away(void **state)
{
	struct board *board = board_make();
	struct line *pbx;

	(void)state;
	board->options->queues[0].plan.waiting_max = 1;
	board->options->queues[1].plan.open = false;
	board_start(board);
	link_set_ready(board->link, true);
	pbx = line_session(board, "pbx", "pbx");
	arrive(pbx, "c1", "");
	arrive(pbx, "c2", "");
	assert_at(pbx, "result.reason", "'queue_full'");
	line_ask(pbx, "call.arrive", "{'call_id':'c3','queue':'support'}");
	assert_at(pbx, "result.action", "'reject'");
	assert_at(pbx, "result.code", "480");
	assert_at(pbx, "result.reason", "'closed'");
	line_close(pbx);
	board_close(board);
}

static void who_waited_too_long_overflows(void **state)
{
	struct board *board = board_make();
	struct line *pbx;

	(void)state;
	board->options->queues[0].plan.wait_max = MSEC(50);
	board_start(board);
	link_set_ready(board->link, true);
	pbx = line_session(board, "pbx", "pbx");
	arrive(pbx, "c1", "");
	assert_at(pbx, "result.action", "'queue'");
	ask_call(pbx, "call.wait", "c1", ",'wait_ms':5000");
	assert_at(pbx, "result.action", "'overflow'");
	assert_at(pbx, "result.to", "'voicemail-sales'");
	assert_at(pbx, "result.reason", "'max_wait'");
	ask_call(pbx, "call.wait", "c1", ",'wait_ms':5000");
	assert_at(pbx, "result.action", "'ended'");
	assert_at(pbx, "result.outcome", "'overflow'");
	line_close(pbx);
	board_close(board);
}

static void a_long_poll_ends_with_news_or_with_the_present(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");
	struct line *desk = line_session(board, "desk", "supervisor");

	(void)state;
	arrive(pbx, "c1", "");
	arrive(pbx, "c2", "");
	ask_call(pbx, "call.wait", "c1", ",'wait_ms':20");
	assert_at(pbx, "result.action", "'queue'");
	line_say(pbx,
	         "{'jsonrpc':'2.0','id':'w','method':'call.wait','params':{'call_id':'c1'}}\n"
	         "{'jsonrpc':'2.0','id':'v','method':'call.wait','params':{'call_id':'c2'}}\n");
	line_expect_silence(pbx, MSEC(20));
	line_log_in(desk, "alice", "sales");
	line_next(pbx);
	assert_at(pbx, "id", "'w'");
	assert_at(pbx, "result.agent", "'alice'");
	ask_call(desk, "call.ended", "c2", "");
	line_next(pbx);
	assert_at(pbx, "id", "'v'");
	assert_at(pbx, "result.action", "'ended'");
	ask_call(pbx, "call.wait", "c1", ",'wait_ms':20000");
	assert_at(pbx, "result.action", "'connect'"); /* at once: it does not wait */
	ask_call(pbx, "call.wait", "never", "");
	assert_error(pbx, -32010, "unknown_call");
	line_close(pbx);
	line_close(desk);
	board_close(board);
}

static void no_more_calls_than_there_is_room_for(void **state)
{
	struct board *board = board_make();
	struct line *pbx;

	(void)state;
	board->options->calls_max = 2;
	board_start(board);
	link_set_ready(board->link, true);
	pbx = line_session(board, "pbx", "pbx");
	arrive(pbx, "c1", "");
	arrive(pbx, "c2", "");
	arrive(pbx, "c3", "");
	assert_error(pbx, -32021, "calls_max");
	assert_at(pbx, "error.data.retry_after_ms", "1000");
	ask_call(pbx, "call.ended", "c1", "");
	arrive(pbx, "c3", "");
	assert_at(pbx, "result.action", "'queue'");
	line_close(pbx);
	board_close(board);
}

static void requests_without_an_id_are_carried_out_and_not_answered(void **state)
{
	struct board *board = board_open();
	struct line *pbx = line_session(board, "pbx", "pbx");

	(void)state;
	line_say(pbx, "{'jsonrpc':'2.0','method':'call.arrive','params':{'call_id':'c1',"
	              "'queue':'sales'}}\n"
	              "{'jsonrpc':'2.0','method':'call.arrive','params':{}}\n"
	              "{'jsonrpc':'2.0','method':'no.such'}\n");
	line_expect_silence(pbx, MSEC(20));
	ask_call(pbx, "call.get", "c1", "");
	assert_at(pbx, "result.state", "'waiting'");
	line_close(pbx);
	board_close(board);
}

static void a_sip_proxy_asks_once(void **state)
{
	struct board *board = board_open();
	struct line *proxy = line_open(board);

	(void)state;
	line_ask(proxy, "agent.login",
	         "{'agent':'alice','target':'alice@10.0.0.5','queues':['sales']}");
	line_ask(proxy, "route.request", "{'call':'1-6169','from':'0312345678','queue':'sales'}");
	assert_at(proxy, "result.action", "'connect'");
	assert_at(proxy, "result.agent", "'alice'");
	assert_at(proxy, "result.uri", "'sip:alice@10.0.0.5'");
	assert_at(proxy, "result.rtjson.routes.0.uri", "'sip:alice@10.0.0.5'");
	assert_at(proxy, "result.rtjson.version", "'1.0'");
	/* The same again, from another connection: OpenSIPS opens one for each request. */
	line_close(proxy);
	proxy = line_open(board);
	line_ask(proxy, "route.request", "{'call':'1-6169','from':'0312345678','queue':'sales'}");
	assert_at(proxy, "result.offer", "1");
	line_ask(proxy, "call.answered", "{'call_id':'1-6169','offer':1}");
	assert_at(proxy, "result", "{}");
	/* Nobody is free: the proxy cannot hold the caller, so we do not either. */
	line_ask(proxy, "route.request", "{'call':'2','queue':'sales'}");
	assert_at(proxy, "result.action", "'queue'");
	line_ask(proxy, "call.get", "{'call_id':'2'}");
	assert_at(proxy, "result.state", "'ended'");
	/* And asks again for it. */
	line_ask(proxy, "call.ended", "{'call_id':'1-6169'}");
	line_ask(proxy, "agent.ready", "{'agent':'alice'}");
	line_ask(proxy, "route.request", "{'call':'2','queue':'sales'}");
	assert_at(proxy, "result.action", "'connect'");
	line_ask(proxy, "route.request", "{'queue':'sales'}");
	assert_at(proxy, "result.action", "'queue'");
	line_ask(proxy, "route.request", "{'call':'3'}");
	assert_error(proxy, -32602, "missing");
	line_close(proxy);
	board_close(board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_is_offered_answered_held_and_ended),
		cmocka_unit_test(a_returning_caller_is_told_apart),
		cmocka_unit_test(who_has_to_wait_is_told_the_place),
		cmocka_unit_test(a_repeated_arrival_gets_what_stands_and_other_content_is_refused),
		cmocka_unit_test(two_systems_may_use_the_same_call_id),
		cmocka_unit_test(a_failed_offer_brings_the_next_decision),
		cmocka_unit_test(repeated_reports_are_answered_alike),
		cmocka_unit_test(what_happens_in_one_turn_is_answered_one_by_one),
		cmocka_unit_test(a_hang_up_overtakes_the_recall),
		cmocka_unit_test(a_late_recall_routes_as_unknown),
		cmocka_unit_test(an_update_tells_more_of_a_call),
		cmocka_unit_test(in_another_queue_it_is_asked_anew_whom_the_caller_returns_to),
		cmocka_unit_test(a_tier_counts_when_it_is_configured_and_is_kept_in_any_case),
		cmocka_unit_test(a_refused_update_leaves_nothing_behind),
		cmocka_unit_test(a_priority_changes_the_place_and_not_the_clock),
		cmocka_unit_test(a_released_caller_waits_for_nobody_in_particular),
		cmocka_unit_test(a_transfer_goes_on_to_an_agent_or_a_queue),
		cmocka_unit_test(a_queue_that_is_full_or_closed_turns_away),
		cmocka_unit_test(who_waited_too_long_overflows),
		cmocka_unit_test(a_long_poll_ends_with_news_or_with_the_present),
		cmocka_unit_test(no_more_calls_than_there_is_room_for),
		cmocka_unit_test(requests_without_an_id_are_carried_out_and_not_answered),
		cmocka_unit_test(a_sip_proxy_asks_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
