#include "config_test.h"

#define DIGEST "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

static void roles_have_the_protocols_words(void **state)
{
	(void)state;
	assert_int_equal(client_role_of("pbx"), ROLE_PBX);
	assert_int_equal(client_role_of("agent"), ROLE_AGENT);
	assert_int_equal(client_role_of("supervisor"), ROLE_SUPERVISOR);
	assert_int_equal(client_role_of("observer"), ROLE_OBSERVER);
	assert_int_equal(client_role_of(""), ROLE_NONE);
	assert_int_equal(client_role_of("root"), ROLE_NONE);
	for (int role = ROLE_PBX; role <= ROLE_OBSERVER; role++)
		assert_int_equal(client_role_of(client_role_name((enum client_role)role)), role);
	assert_string_equal(client_role_name(ROLE_NONE), "");
}

static void clients_are_read_with_their_secrets(void **state)
{
	struct options *options;
	const struct client_options *client;

	(void)state;
	write_file("desk.token", "correct horse\n");
	options = load("clients = (\n"
	               "\t{ name = \"pbx-a\"; role = \"pbx\"; token = \"t1\"; },\n"
	               "\t{ name = \"desk\"; role = \"agent\"; agent = \"alice\"; "
	               "token_file = \"desk.token\"; },\n"
	               "\t{ name = \"*\"; role = \"observer\"; token_sha256 = \"" DIGEST "\"; "
	               "pii = true; }\n"
	               ");\n");
	client = options->clients;
	assert_int_equal(options->clients_count, 3);
	assert_string_equal(client[0].name, "pbx-a");
	assert_int_equal(client[0].role, ROLE_PBX);
	assert_string_equal(client[0].token, "t1");
	assert_string_equal(client[0].token_sha256, "");
	assert_string_equal(client[0].agent, "");
	assert_false(client[0].pii);
	assert_int_equal(client[0].line, 2);
	assert_int_equal(client[1].role, ROLE_AGENT);
	assert_string_equal(client[1].agent, "alice");
	assert_string_equal(client[1].token, "correct horse");
	assert_string_equal(client[2].token, "");
	assert_string_equal(client[2].token_sha256, DIGEST);
	assert_true(client[2].pii);
	options_free(options);
}

static void a_client_needs_a_role_and_one_secret(void **state)
{
	(void)state;
	refuses("clients = ( { name = \"a\"; token = \"t\"; } );",
	        "t.conf:1: clients.a: has no role: pbx, agent, supervisor or observer");
	refuses("clients = ( { name = \"a\"; role = \"root\"; token = \"t\"; } );",
	        "t.conf:1: clients.a.role: does not know \"root\", only pbx, agent, supervisor, "
	        "observer");
	refuses("clients = ( { name = \"a\"; role = \"pbx\"; } );",
	        "t.conf:1: clients.a: has no secret: token, token_sha256 or token_file");
	refuses("clients = ( { name = \"a\"; role = \"pbx\"; token = \"t\"; token_sha256 = "
	        "\"" DIGEST "\"; } );",
	        "t.conf:1: clients.a: has two secrets; one of them is enough");
	refuses("clients = ( { name = \"a\"; role = \"pbx\";\n token = \"t\";\n token_file = "
	        "\"f\"; } );",
	        "t.conf:3: clients.a.token_file: stands beside token; one of them is enough");
	refuses("clients = ( { name = \"a\"; role = \"pbx\"; token_sha256 = \"12\"; } );",
	        "t.conf:1: clients.a.token_sha256: wants 64 hexadecimal digits");
	refuses("clients = ( { name = \"a\"; role = \"pbx\";\n token_file = \"none\"; } );",
	        "t.conf:2: clients.a.token_file: ./none: No such file or directory");
	refuses("clients = ( { role = \"pbx\"; token = \"t\"; } );",
	        "t.conf:1: clients[0]: has no name");
}

static void only_the_role_agent_speaks_for_an_agent(void **state)
{
	(void)state;
	refuses("clients = ( { name = \"a\"; role = \"agent\"; token = \"t\"; } );",
	        "t.conf:1: clients.a: has the role agent, and no agent to speak for");
	refuses("clients = ( { name = \"a\"; role = \"pbx\"; agent = \"al\"; token = \"t\"; } );",
	        "t.conf:1: clients.a: has an agent, which only the role agent may");
}

static void a_client_may_stand_twice_for_another_role_only(void **state)
{
	(void)state;
	refuses("clients = (\n{ name = \"a\"; role = \"pbx\"; token = \"t\"; },\n"
	        "{ name = \"a\"; role = \"pbx\"; token = \"u\"; } );",
	        "t.conf:3: clients.a: is there already, at line 2");
	options_free(load("clients = ( { name = \"a\"; role = \"pbx\"; token = \"t\"; },\n"
	                  "{ name = \"a\"; role = \"observer\"; token = \"t\"; },\n"
	                  "{ name = \"*\"; role = \"pbx\"; token = \"v\"; },\n"
	                  "{ name = \"*\"; role = \"pbx\"; token = \"w\"; } );"));
}

static void a_secret_is_in_no_message(void **state)
{
	struct options *options = NULL;
	struct err err = { "" };

	(void)state;
	write_file("t.conf",
	           "clients = ( { name = \"a\"; role = \"pbx\"; token = \"hunter2\\x01\"; } );");
	assert_true(options_load("t.conf", &options, &err) < 0);
	assert_null(strstr(err.text, "hunter2"));
	assert_string_equal(err.text,
	                    "t.conf:1: clients.a.token: has a character that cannot be printed");
}

static void there_is_a_limit_to_clients(void **state)
{
	size_t size = 0;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(out);
	fputs("clients = (", out);
	for (int i = 0; i < 4097; i++)
		fprintf(out, "%s{ name = \"c%d\"; }", i > 0 ? "," : "", i);
	fputs(");\n", out);
	assert_int_equal(fclose(out), 0);
	refuses(text, "t.conf:1: clients: 4097 are outside 0 to 4096");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roles_have_the_protocols_words),
		cmocka_unit_test(clients_are_read_with_their_secrets),
		cmocka_unit_test(a_client_needs_a_role_and_one_secret),
		cmocka_unit_test(only_the_role_agent_speaks_for_an_agent),
		cmocka_unit_test(a_client_may_stand_twice_for_another_role_only),
		cmocka_unit_test(a_secret_is_in_no_message),
		cmocka_unit_test(there_is_a_limit_to_clients),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
