#ifndef NAJIMI_TESTS_LINK_DIALPLAN_H
#define NAJIMI_TESTS_LINK_DIALPLAN_H

#include "agi_link.h"
#include "gate.h"
#include "najimi/shell/listener.h"

/* The board, from the side of Asterisk's dialplan: each AGI() of it is a line to a real FastAGI
 * port. */

/* As board_make(), with such a port; without AMI, and nothing is asked but what stands in the
 * arguments. */
static inline struct board *dialplan_make(void)
{
	struct board *board = board_make();

	board_set(&board->options->agi.listen, "127.0.0.1:0");
	board->options->agi.variables = false;
	board->options->queues[0].hold.answer = false;
	board_set(&board->options->queues[0].hold.music, "");
	return board;
}

static inline void dialplan_start(struct board *board)
{
	board_start(board);
	link_set_ready(board->link, true);
}

static inline struct line *dialplan_connect(struct board *board)
{
	return line_open_at(board, listener_port(gate_of(board)->agi->listener));
}

/* AGI(agi://.../SCRIPT), whose arguments are cut at commas, on the channel of that number. */
static inline struct line *dialplan_ask(struct board *board, const char *uniqueid,
                                        const char *script)
{
	struct line *line = dialplan_connect(board);
	char text[2048], copy[512], *word, *rest = copy;
	unsigned number = 0;
	size_t length;

	snprintf(copy, sizeof(copy), "%s", script);
	word = strsep(&rest, ",");
	length = (size_t)snprintf(text, sizeof(text),
	                          "agi_network: yes\nagi_network_script: %s\n"
	                          "agi_channel: PJSIP/trunk-%s\nagi_uniqueid: %s\n"
	                          "agi_callerid: 0312345678\nagi_calleridname: Taro\n"
	                          "agi_callingpres: 0\nagi_dnid: 7000\nagi_accountcode: \n",
	                          word, uniqueid, uniqueid);
	while ((word = strsep(&rest, ",")) != NULL && length < sizeof(text))
		length += (size_t)snprintf(text + length, sizeof(text) - length, "agi_arg_%u: %s\n",
		                           ++number, word);
	assert_true(length + 2 < sizeof(text));
	strcpy(text + length, "\n");
	line_say(line, text);
	return line;
}

/* What the daemon says next; with an end, which is left out. */
static inline void dialplan_expect(struct line *line, const char *wanted)
{
	assert_string_equal(line_hear(line), wanted);
}

/* A command is answered, and the next one comes. */
static inline void dialplan_answer(struct line *line, const char *answer, const char *wanted)
{
	line_say(line, answer);
	line_say(line, "\n");
	dialplan_expect(line, wanted);
}

/* The daemon closes, without another word. */
static inline void dialplan_expect_end(struct line *line)
{
	assert_string_equal(line_hear_out(line), "");
	line_close(line);
}

/* How often that was counted; a table of meters has it under two words. */
static inline uint64_t dialplan_count(const struct meter_table *table, const char *first,
                                      const char *second)
{
	for (size_t i = 0; i < table->count; i++)
		if (strcmp(table->rows[i].first, first) == 0 &&
		    strcmp(table->rows[i].second, second) == 0)
			return table->rows[i].value;
	return 0;
}

#endif
