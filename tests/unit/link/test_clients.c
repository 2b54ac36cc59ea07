#include "board.h"
#include "clients.h"

static void a_client_is_known_by_name_for_as_long_as_it_is_needed(void **state)
{
	struct board *board = board_open();
	struct client *client = client_know(board->link, "pbx");

	(void)state;
	assert_non_null(client);
	assert_ptr_equal(client_know(board->link, "pbx"), client);
	assert_ptr_equal(client_find(board->link, "pbx"), client);
	assert_null(client_find(board->link, "pbx2"));
	assert_false(client->kept);
	assert_true(client_know(board->link, "acl:127.0.0.1")->kept);
	board_close(board);
}

static void the_longest_unused_gives_its_room_and_those_in_use_do_not(void **state)
{
	struct board *board = board_open();
	struct client *used = client_know(board->link, "used");
	char name[32];

	(void)state;
	client_enter(used);
	for (int i = 0; i < CLIENTS_MAX + 100; i++) {
		snprintf(name, sizeof(name), "c%d", i);
		assert_non_null(client_know(board->link, name));
	}
	assert_ptr_equal(client_find(board->link, "used"), used);
	assert_null(client_find(board->link, "c0"));
	assert_non_null(client_find(board->link, "c1000"));
	/* When all are in use there is no room. */
	for (struct client *client = TAILQ_FIRST(&board->link->clients_by_use); client != NULL;
	     client = TAILQ_NEXT(client, by_use))
		client->connections++;
	assert_null(client_know(board->link, "one more"));
	board_close(board);
}

static void an_address_makes_a_name(void **state)
{
	char name[CLIENT_NAME_SIZE];

	(void)state;
	client_name_of_address("2001:db8::7", name);
	assert_string_equal(name, "acl:2001:db8::7");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_client_is_known_by_name_for_as_long_as_it_is_needed),
		cmocka_unit_test(the_longest_unused_gives_its_room_and_those_in_use_do_not),
		cmocka_unit_test(an_address_makes_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
