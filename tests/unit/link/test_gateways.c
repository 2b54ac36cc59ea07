#include "gate.h"

/* Numbers of peers and requests: whose they are can be seen by them. */

static void a_gateways_numbers_are_nobody_elses(void **state)
{
	struct board *board = board_open();
	uint64_t number = gateway_request(board->link, gate_of(board), 7);

	(void)state;
	assert_true(number != 7);
	assert_true(number != gateway_request(board->link, gate_of(board), 8));
	/* Of the native protocol: a connection, and a request that waits. */
	assert_false(gateways_send(board->link, (uint64_t)3 << 32 | 7, TEXT("x")));
	assert_false(gateways_replied(board->link, 7, REPLY_DONE));
	/* Of a gateway that there is not. */
	assert_false(
	        gateways_replied(board->link, number | (uint64_t)9 << PEER_OWN_BITS, REPLY_DONE));
	board_close(board);
}

static void what_was_meant_for_one_who_has_gone_is_dropped(void **state)
{
	struct board *board = board_open();
	uint64_t number = gateway_request(board->link, gate_of(board), 7);

	(void)state;
	assert_true(gateways_replied(board->link, number, REPLY_DONE));
	assert_true(gateways_send(board->link, number, TEXT("an order of a former life")));
	board_turn(board);
	board_close(board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_gateways_numbers_are_nobody_elses),
		cmocka_unit_test(what_was_meant_for_one_who_has_gone_is_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
