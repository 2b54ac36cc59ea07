#include "gate.h"

/* Which servers there are, and what of the list in the configuration is which. */

static void list_server(struct board *board, const char *name, const char *address,
                        const char *from)
{
	struct options *options = board->options;
	struct asterisk_options *asterisk;
	char **networks = calloc(2, sizeof(char *));

	assert_non_null(networks);
	networks[0] = from == NULL ? NULL : strdup(from);
	options->asterisks = realloc(options->asterisks,
	                             (options->asterisks_count + 1) * sizeof(*options->asterisks));
	assert_non_null(options->asterisks);
	asterisk = &options->asterisks[options->asterisks_count++];
	*asterisk = (struct asterisk_options){ .name = strdup(name),
		                               .address = strdup(address),
		                               .user = strdup("najimi"),
		                               .secret = strdup("s"),
		                               .secret_file = strdup(""),
		                               .from = networks,
		                               .ca_file = strdup("") };
}

/* The last one goes. */
static void unlist_server(struct board *board)
{
	struct asterisk_options *gone =
	        &board->options->asterisks[--board->options->asterisks_count];
	char *texts[] = { gone->name,   gone->address,     gone->user,
		          gone->secret, gone->secret_file, gone->ca_file };

	link_reconfigure(board->link, board->options);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		free(texts[i]);
	free(gone->from[0]);
	free(gone->from);
}

static const char *server_at(struct board *board, const char *address)
{
	return asterisk_server_at(gate_of(board), address)->name;
}

static void a_server_is_known_by_where_it_connects_from(void **state)
{
	struct board *board = board_make();

	(void)state;
	list_server(board, "pbx", "127.0.0.1:1", NULL);
	list_server(board, "far", "pbx.example.com:5038", "192.0.2.0/28");
	list_server(board, "six", "[2001:db8::7]:5038", NULL);
	board_start(board);
	assert_string_equal(server_at(board, "127.0.0.1"), "pbx");
	assert_string_equal(server_at(board, "192.0.2.9"), "far");
	assert_string_equal(server_at(board, "2001:db8::7"), "six");
	assert_string_equal(server_at(board, "192.0.2.99"), "agi:192.0.2.99");
	assert_ptr_equal(asterisk_server_at(gate_of(board), "192.0.2.99"),
	                 asterisk_server_find(gate_of(board), "agi:192.0.2.99"));
	assert_null(asterisk_server_find(gate_of(board), "nowhere"));
	board_close(board);
}

static void whoever_is_in_no_list_has_to_be_trusted(void **state)
{
	struct board *board = board_make();

	(void)state;
	list_server(board, "far", "pbx.example.com:5038", "192.0.2.0/28");
	board_start(board);
	assert_true(asterisk_trusts(gate_of(board), "192.0.2.9"));
	assert_false(asterisk_trusts(gate_of(board), "192.0.2.99"));
	assert_true(asterisk_trusts(gate_of(board), "127.0.0.7")); /* agi.trusted, as it comes */
	assert_false(asterisk_trusts(gate_of(board), "local"));
	board_close(board);
}

static void without_a_manager_interface_nobody_misses_a_call(void **state)
{
	struct board *board = board_make();

	(void)state;
	list_server(board, "pbx", "127.0.0.1:1", NULL);
	board_start(board);
	assert_false(asterisk_server_at(gate_of(board), "127.0.0.1")->client->kept);
	assert_true(asterisk_server_at(gate_of(board), "192.0.2.7")->client->kept);
	assert_int_equal(board->meters.gateways_count, 2);
	assert_true(board->meters.gateways[0].connects);
	assert_false(board->meters.gateways[1].connects);
	board_close(board);
}

static void a_reload_brings_servers_and_takes_them(void **state)
{
	struct board *board = board_open();
	struct asterisk_server *server;

	(void)state;
	assert_null(asterisk_server_find(gate_of(board), "pbx"));
	list_server(board, "pbx", "127.0.0.1:1", NULL);
	link_reconfigure(board->link, board->options);
	server = asterisk_server_find(gate_of(board), "pbx");
	assert_non_null(server);
	assert_non_null(server->ami);
	assert_ptr_equal(server->options, &board->options->asterisks[0]);
	assert_false(server->client->kept);
	unlist_server(board);
	assert_null(server->ami);
	assert_null(server->options);
	assert_true(server->client->kept);
	assert_string_equal(server_at(board, "127.0.0.1"), "agi:127.0.0.1");
	board_close(board);
}

static void a_watched_server_has_a_session(void **state)
{
	struct board *board = board_open();
	struct asterisk_server *server = gate_server(board);

	(void)state;
	asterisk_server_watched(server, true);
	asterisk_server_watched(server, true);
	assert_int_equal(server->client->sessions, 1);
	assert_true(server->meter->up);
	asterisk_server_watched(server, false);
	assert_int_equal(server->client->sessions, 0);
	assert_false(server->meter->up);
	board_close(board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_server_is_known_by_where_it_connects_from),
		cmocka_unit_test(whoever_is_in_no_list_has_to_be_trusted),
		cmocka_unit_test(without_a_manager_interface_nobody_misses_a_call),
		cmocka_unit_test(a_reload_brings_servers_and_takes_them),
		cmocka_unit_test(a_watched_server_has_a_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
