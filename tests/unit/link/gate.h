#ifndef NAJIMI_TESTS_LINK_GATE_H
#define NAJIMI_TESTS_LINK_GATE_H

#include "asterisk.h"
#include "board.h"

/* The board, from the side of the gateway of Asterisk: what its streams would have heard is said
 * by the test. */

static inline struct asterisk *gate_of(struct board *board)
{
	return board->link->gates[0];
}

static inline struct asterisk_server *gate_server(struct board *board)
{
	struct asterisk_server *server = asterisk_server_at(gate_of(board), "192.0.2.7");

	assert_non_null(server);
	return server;
}

static inline struct asterisk_call *gate_arrive(struct board *board, const char *uniqueid,
                                                const char *queue)
{
	struct call_words words = { .call_id = uniqueid, .queue = queue, .from = "0312345678" };
	struct refusal refusal = { .reason = "" };
	struct asterisk_call *call =
	        asterisk_call_arrive(gate_server(board), &words, "PJSIP/trunk-00000001", &refusal);

	if (call == NULL)
		fail_msg("%s: %s", refusal.reason, refusal.detail);
	board_turn(board);
	return call;
}

/* An agent logs in by telephone; target PJSIP/NAME. */
static inline struct agent_id gate_log_in(struct board *board, const char *agent)
{
	char target[64];
	struct agent_words words = { .agent = agent,
		                     .target = target,
		                     .has_queues = true,
		                     .queues_count = 1,
		                     .queues = { "sales" },
		                     .has_state = true,
		                     .ready = true };
	struct refusal refusal = { .reason = "" };

	snprintf(target, sizeof(target), "PJSIP/%s", agent);
	if (!asterisk_agent_act(gate_of(board), NO_PEER, AGENT_ACT_LOGIN, &words, &refusal))
		fail_msg("%s: %s", refusal.reason, refusal.detail);
	board_turn(board);
	return directory_find_agent(board->directory, agent)->id;
}

static inline struct call_record gate_record(struct board *board, struct call_id id)
{
	struct call_record record = { .state = CALL_FREE };

	(void)!core_get_call(loop_core(board->loop), id, &record);
	return record;
}

static inline struct agent_record gate_agent(struct board *board, struct agent_id id)
{
	struct agent_record record;

	assert_true(core_get_agent(loop_core(board->loop), id, &record));
	return record;
}

#endif
