#include "alloc.h"
#include "board.h"
#include "rpc_link.h"
#include "rpc_pending.h"

static struct asker asker_of(struct board *board, const char *id)
{
	uint32_t slot;
	struct rpc_conn *conn = rpc_conn_next(board->link, 0, &slot);

	assert_non_null(conn);
	return (struct asker){ .link = board->link, .peer = conn->peer, .id = id, .method = "x" };
}

static void a_number_finds_its_request_once(void **state)
{
	struct board *board = board_open();
	struct line *line = line_session(board, "pbx", "pbx");
	struct asker asker = asker_of(board, "7");
	struct pending *pending, *next;
	struct refusal refusal;
	uint64_t number;

	(void)state;
	pending = pending_new(&asker, PENDING_DONE, &refusal);
	assert_non_null(pending);
	number = pending->number;
	assert_ptr_equal(pending_find(board->link, number), pending);
	assert_null(pending_find(board->link, 0));
	assert_null(pending_find(board->link, number + 1));
	assert_null(pending_find(board->link, number + (UINT64_C(1) << 32)));
	pending_free(pending);
	assert_null(pending_find(board->link, number));
	/* Its place is used again, under another number. */
	next = pending_new(&asker, PENDING_DONE, &refusal);
	assert_ptr_equal(next, pending);
	assert_null(pending_find(board->link, number));
	pending_free(next);
	line_close(line);
	board_close(board);
}

static void short_and_long_ids_are_kept(void **state)
{
	struct board *board = board_open();
	struct line *line = line_session(board, "pbx", "pbx");
	char id[400];
	struct asker asker = asker_of(board, id);
	struct refusal refusal;

	(void)state;
	for (size_t length = 1; length < sizeof(id); length += 13) {
		struct pending *pending;

		memset(id, '1', length);
		id[length] = '\0';
		pending = pending_new(&asker, PENDING_DONE, &refusal);
		assert_non_null(pending);
		assert_string_equal(pending->asker.id, id);
		assert_ptr_not_equal(pending->asker.id, id);
		pending_free(pending);
	}
	line_close(line);
	board_close(board);
}

static void waiters_of_a_call_stand_in_a_ring_first_come_first(void **state)
{
	struct board *board = board_open();
	struct line *line = line_session(board, "pbx", "pbx");
	struct asker asker = asker_of(board, "7");
	struct pending *waiters[3];
	struct refusal refusal;
	struct call_card *card;

	(void)state;
	line_ask(line, "call.arrive", "{'call_id':'c','queue':'sales'}");
	card = directory_find_call(board->directory, "pbx", "c");
	for (int i = 0; i < 3; i++) {
		waiters[i] = pending_new(&asker, PENDING_WAIT, &refusal);
		pending_hang(waiters[i], card);
	}
	assert_ptr_equal(card->waiters, waiters[0]);
	assert_ptr_equal(waiters[0]->next, waiters[1]);
	assert_ptr_equal(waiters[2]->next, waiters[0]);
	assert_ptr_equal(waiters[0]->previous, waiters[2]);
	pending_free(waiters[1]);
	assert_ptr_equal(waiters[0]->next, waiters[2]);
	pending_free(waiters[0]);
	assert_ptr_equal(card->waiters, waiters[2]);
	pending_free(waiters[2]);
	assert_null(card->waiters);
	line_close(line);
	board_close(board);
}

static void a_copy_of_facts_stands_alone(void **state)
{
	char text[] = "changed later";
	struct call_facts facts = { .client = "pbx",
		                    .name = "c",
		                    .from = text,
		                    .number = "+81",
		                    .key = "tel:+81",
		                    .to = "t",
		                    .customer_id = "k",
		                    .tier = "g",
		                    .reason = "r",
		                    .channel = "chat",
		                    .case_id = "#",
		                    .data = "{}",
		                    .restricted = true };
	struct facts_copy *copy = facts_copy(&facts);

	(void)state;
	assert_non_null(copy);
	text[0] = 'X';
	assert_string_equal(copy->facts.from, "changed later");
	assert_string_equal(copy->facts.data, "{}");
	assert_string_equal(copy->facts.client, "pbx");
	assert_true(copy->facts.restricted);
	free(copy);
}

/* Whichever allocation fails: an answer comes, or the connection ends; nothing is half
 * done, and the next request is served. */
static void without_memory_a_request_is_refused_and_the_next_is_served(void **state)
{
	struct board *board = board_open();
	struct line *line = line_session(board, "pbx", "pbx");
	char params[128];

	(void)state;
	for (unsigned nth = 1; nth < 40; nth++) {
		snprintf(params, sizeof(params),
		         "{'jsonrpc':'2.0','id':'m','method':'call.arrive','params':{'call_id':"
		         "'c%u','queue':'sales','data':{'a':1}}}\n",
		         nth);
		line_say(line, params);
		alloc_fail(nth);
		board_pass(board, MSEC(1));
		alloc_fail(0);
		board_pass(board, MSEC(1));
		line_take(line);
		if (line->ended) {
			line_close(line);
			line = line_session(board, "pbx", "pbx");
		}
		line->length = 0;
		line_ask(line, "ping", "{}");
		assert_at(line, "result.ready", "true");
	}
	line_close(line);
	board_close(board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_finds_its_request_once),
		cmocka_unit_test(short_and_long_ids_are_kept),
		cmocka_unit_test(waiters_of_a_call_stand_in_a_ring_first_come_first),
		cmocka_unit_test(a_copy_of_facts_stands_alone),
		cmocka_unit_test(without_memory_a_request_is_refused_and_the_next_is_served),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
