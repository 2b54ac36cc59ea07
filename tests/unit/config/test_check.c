#include "config_test.h"

static void options_must_go_together(void **state)
{
	(void)state;
	refuses("rpc = {\n output_max = \"4K\"; };",
	        "t.conf:2: rpc.output_soft: 256K is above 4K, which is rpc.output_max");
	refuses("http = { listen = \"127.0.0.1:7070\"; };",
	        "t.conf:1: http.listen: 127.0.0.1:7070 is rpc.listen already");
	refuses("redis = { mode = \"unix\"; };",
	        "t.conf:1: redis.socket: must be given when redis.mode is \"unix\"");
	refuses("redis = { password = \"a\"; password_file = \"b\"; };",
	        "t.conf:1: redis.password_file: stands beside redis.password; one of them is "
	        "enough");
	options_free(
	        load("rpc = { listen = \"127.0.0.1:0\"; }; http = { listen = \"127.0.0.1:0\"; };"));
	options_free(load("rpc = { listen = \"\"; }; http = { listen = \"\"; };"));
}

static void a_site_has_at_most_sixty_four_skills(void **state)
{
	char text[1024] = "skills = [ \"s0\"";

	(void)state;
	for (int i = 1; i < 64; i++)
		sprintf(text + strlen(text), ", \"s%d\"", i);
	strcat(text, " ];");
	options_free(load(text));
	strcpy(text + strlen(text) - 3, ", \"s64\" ];");
	refuses(text, "t.conf:1: skills: 65 skills are outside 0 to 64");
}

static void a_group_has_a_name(void **state)
{
	(void)state;
	refuses("queues = ( { name = \"a\";\n sticky = {\n scope = \"group\"; }; } );",
	        "t.conf:3: queues.a.sticky.scope: is \"group\", and sticky.group names none");
	refuses("queue = {\n sticky = { scope = \"group\"; }; };\nqueues = ( { name = \"a\"; } );",
	        "t.conf:2: queues.a.sticky.scope: is \"group\", and sticky.group names none");
	options_free(load("queue = { sticky = { scope = \"group\"; }; };\n"
	                  "queues = ( { name = \"a\"; sticky = { group = \"g\"; }; } );"));
}

static void who_was_met_earlier_is_not_worth_more(void **state)
{
	(void)state;
	refuses("queues = ( { name = \"a\";\n sticky = { familiarity_second = \"30%\"; }; } );",
	        "t.conf:1: queues.a.sticky.familiarity_third: is above "
	        "sticky.familiarity_second: who was met earlier cannot be worth more");
	options_free(load("queues = ( { name = \"a\"; sticky = { familiarity_second = \"30%\"; "
	                  "familiarity_third = \"30%\"; }; } );"));
}

static void who_is_sent_elsewhere_is_sent_somewhere(void **state)
{
	(void)state;
	refuses("queues = ( { name = \"a\";\n"
	        "sticky = { policy = \"strict\"; absent = \"overflow\"; }; } );",
	        "t.conf:2: queues.a.sticky.absent: is \"overflow\", and the queue has none to send "
	        "callers to");
	options_free(load("queues = ( { name = \"a\"; overflow = \"vm\"; sticky = { policy = "
	                  "\"strict\"; absent = \"overflow\"; }; } );"));
	/* Nobody asks when the policy is another. */
	options_free(load("queues = ( { name = \"a\"; sticky = { policy = \"rate\"; absent = "
	                  "\"overflow\"; }; } );"));
}

/* A queue with so many agents, whose callers overtake without limit. */
static const char *few(unsigned agents, const char *policy)
{
	static char text[1024];
	int length = sprintf(text,
	                     "queues = ( { name = \"a\";\n"
	                     "sticky = { policy = \"%s\";\ncredit = \"never\"; }; } );\n"
	                     "agents = (",
	                     policy);

	for (unsigned i = 0; i < agents; i++)
		length += sprintf(text + length, "%s{ name = \"%u\"; queues = [ \"a\" ]; }",
		                  i > 0 ? "," : "", i);
	strcpy(text + length, ");");
	return text;
}

static void few_agents_are_not_overtaken_for_without_limit(void **state)
{
	(void)state;
	refuses(few(1, "rate"),
	        "t.conf:3: queues.a.sticky.credit: is \"never\", and the file gives the queue 1 "
	        "agent: with fewer than 10, others were seen to wait a quarter longer");
	refuses(few(9, "rate"),
	        "t.conf:3: queues.a.sticky.credit: is \"never\", and the file gives the queue 9 "
	        "agents: with fewer than 10, others were seen to wait a quarter longer");
	options_free(load(few(10, "rate")));
	/* Agents who come by agent.login are not known yet, and other policies do not ask. */
	options_free(load(few(0, "rate")));
	options_free(load(few(3, "fixed")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_must_go_together),
		cmocka_unit_test(a_site_has_at_most_sixty_four_skills),
		cmocka_unit_test(a_group_has_a_name),
		cmocka_unit_test(who_was_met_earlier_is_not_worth_more),
		cmocka_unit_test(who_is_sent_elsewhere_is_sent_somewhere),
		cmocka_unit_test(few_agents_are_not_overtaken_for_without_limit),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
