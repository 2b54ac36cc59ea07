#include "najimi/shell/feed.h"
#include "rpc_translate.h"
#include "said.h"

static struct said said;

static bool open(const char *text, struct opening *ret)
{
	return translate_open(said_parse(&said, text), ret, &said.refusal);
}

static void an_opening_says_who_and_how(void **state)
{
	struct opening opening;

	(void)state;
	assert_taken(open("{'protocol':[3,1],'client':{'name':'pbx-a','version':'2.3'},"
	                  "'role':'pbx','auth':{'method':'token','token':'s3cret'},"
	                  "'heartbeat_ms':15000,'resume':{'epoch':'5f3a','after':4181}}",
	                  &opening));
	assert_string_equal(opening.client, "pbx-a");
	assert_string_equal(opening.version, "2.3");
	assert_int_equal(opening.role, ROLE_PBX);
	assert_int_equal(opening.auth, AUTH_TOKEN);
	assert_string_equal(opening.token, "s3cret");
	assert_int_equal(opening.heartbeat, SEC(15));
	assert_string_equal(opening.resume_epoch, "5f3a");
	assert_int_equal(opening.resume_after, 4181);
	said_done(&said);
}

static void an_opening_needs_no_more_than_a_name(void **state)
{
	struct opening opening;

	(void)state;
	assert_taken(open("{'client':{'name':'x'}}", &opening));
	assert_int_equal(opening.role, ROLE_NONE);
	assert_int_equal(opening.auth, AUTH_NONE);
	assert_int_equal(opening.heartbeat, 0);
	assert_null(opening.resume_epoch);
	said_done(&said);
}

static void an_answered_challenge_has_a_mac_and_an_instant(void **state)
{
	struct opening opening;

	(void)state;
	assert_taken(open("{'client':{'name':'x'},'auth':{'method':'hmac','mac':'ab','ts':17}}",
	                  &opening));
	assert_int_equal(opening.auth, AUTH_HMAC);
	assert_string_equal(opening.mac, "ab");
	assert_int_equal(opening.ts, 17);
	assert_null(opening.nonce);
	said_done(&said);
	assert_refused(open("{'client':{'name':'x'},'auth':{'method':'hmac','ts':17}}", &opening),
	               "missing", "auth.mac");
	assert_refused(
	        open("{'client':{'name':'x'},'auth':{'method':'hmac','mac':'ab'}}", &opening),
	        "missing", "auth.ts");
}

static void a_method_we_do_not_know_is_understood_as_such(void **state)
{
	struct opening opening;

	(void)state;
	assert_taken(open("{'client':{'name':'x'},'auth':{'method':'mtls'}}", &opening));
	assert_int_equal(opening.auth, AUTH_UNSUPPORTED);
	said_done(&said);
}

static void names_the_member_that_is_wrong_in_an_opening(void **state)
{
	static const struct {
		const char *members, *reason, *field;
	} wrong[] = {
		{ "", "missing", "client" },
		{ "'client':'pbx'", "wrong_type", "client" },
		{ "'client':{}", "missing", "client.name" },
		{ "'client':{'name':'acl:10.0.0.1'}", "reserved", "client.name" },
		{ "'client':{'name':'x'},'protocol':[2]", "unsupported", "protocol" },
		{ "'client':{'name':'x'},'protocol':1", "wrong_type", "protocol" },
		{ "'client':{'name':'x'},'role':'boss'", "unknown_word", "role" },
		{ "'client':{'name':'x'},'agent':7", "wrong_type", "agent" },
		{ "'client':{'name':'x'},'auth':'t'", "wrong_type", "auth" },
		{ "'client':{'name':'x'},'auth':{}", "missing", "auth.method" },
		{ "'client':{'name':'x'},'auth':{'method':'token'}", "missing", "auth.token" },
		{ "'client':{'name':'x'},'heartbeat_ms':99", "out_of_range", "heartbeat_ms" },
		{ "'client':{'name':'x'},'resume':7", "wrong_type", "resume" },
		{ "'client':{'name':'x'},'resume':{'after':7}", "missing", "resume.epoch" },
		{ "'client':{'name':'x'},'resume':{'epoch':'e'}", "missing", "resume.after" },
		{ "'client':{'name':'x'},'resume':{'epoch':'e','after':-1}", "out_of_range",
		  "resume.after" },
	};
	struct opening opening;
	char text[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		snprintf(text, sizeof(text), "{%s}", wrong[i].members);
		assert_refused(open(text, &opening), wrong[i].reason, wrong[i].field);
	}
}

static bool subscribe(const char *text, struct subscribing *ret)
{
	return translate_subscribe(said_parse(&said, text), ret, &said.refusal);
}

static void a_subscription_is_of_everything_unless_it_says_what(void **state)
{
	struct subscribing words;

	(void)state;
	assert_taken(subscribe("{}", &words));
	assert_int_equal(words.types, BIT(FEED_TYPES) - 1);
	assert_false(words.has_queues);
	assert_false(words.has_after);
	said_done(&said);
	assert_taken(subscribe("{'types':['call.decided','agent.changed'],'queues':['q'],"
	                       "'after':0,'epoch':'e'}",
	                       &words));
	assert_int_equal(words.types, BIT(FEED_CALL_DECIDED) | BIT(FEED_AGENT_CHANGED));
	assert_true(words.has_queues);
	assert_int_equal(words.queues_count, 1);
	assert_true(words.has_after);
	assert_int_equal(words.after, 0);
	assert_string_equal(words.epoch, "e");
	said_done(&said);
	assert_refused(subscribe("{'types':['call.decided','tea']}", &words), "unknown_word",
	               "types[1]");
	assert_refused(subscribe("{'types':'call.decided'}", &words), "wrong_type", "types");
	assert_refused(subscribe("{'queues':[1]}", &words), "wrong_type", "queues[0]");
	assert_refused(subscribe("{'after':-1}", &words), "out_of_range", "after");
}

static void figures_are_asked_for_in_texts(void **state)
{
	struct stats_words words;

	(void)state;
	assert_taken(translate_stats(said_parse(&said, "{}"), &words, &said.refusal));
	assert_null(words.from);
	assert_null(words.to);
	assert_null(words.by);
	said_done(&said);
	assert_taken(translate_stats(
	        said_parse(&said, "{'from':'2026-11-01','to':'2026-11-02','by':'day'}"), &words,
	        &said.refusal));
	assert_string_equal(words.from, "2026-11-01");
	assert_string_equal(words.to, "2026-11-02");
	assert_string_equal(words.by, "day");
	said_done(&said);
	assert_refused(
	        translate_stats(said_parse(&said, "{'from':20261101}"), &words, &said.refusal),
	        "wrong_type", "from");
}

static void pages_have_states_and_limits(void **state)
{
	struct page page;

	(void)state;
	assert_taken(translate_calls_page(NULL, &page, &said.refusal));
	assert_int_equal(page.state, -1);
	assert_int_equal(page.limit, PAGE_LIMIT_DEFAULT);
	assert_int_equal(page.after, 0);
	assert_taken(translate_calls_page(
	        said_parse(&said, "{'state':'waiting','limit':7,'after':9,'queue':'q'}"), &page,
	        &said.refusal));
	assert_int_equal(page.state, CALL_WAITING);
	assert_int_equal(page.limit, 7);
	assert_int_equal(page.after, 9);
	assert_string_equal(page.queue, "q");
	said_done(&said);
	assert_taken(translate_agents_page(said_parse(&said, "{'state':'wrapup'}"), &page,
	                                   &said.refusal));
	assert_int_equal(page.state, AGENT_WRAPUP);
	said_done(&said);
	assert_refused(
	        translate_calls_page(said_parse(&said, "{'state':'free'}"), &page, &said.refusal),
	        "unknown_word", "state");
	assert_refused(
	        translate_agents_page(said_parse(&said, "{'limit':0}"), &page, &said.refusal),
	        "out_of_range", "limit");
	assert_refused(
	        translate_agents_page(said_parse(&said, "{'after':-1}"), &page, &said.refusal),
	        "out_of_range", "after");
}

static void a_snapshot_is_of_all_or_of_what_is_named(void **state)
{
	unsigned parts;

	(void)state;
	assert_taken(translate_snapshot(NULL, &parts, &said.refusal));
	assert_int_equal(parts, 7);
	assert_taken(translate_snapshot(said_parse(&said, "{'what':['calls','queues']}"), &parts,
	                                &said.refusal));
	assert_int_equal(parts, BIT(SNAPSHOT_CALLS) | BIT(SNAPSHOT_QUEUES));
	said_done(&said);
	assert_refused(
	        translate_snapshot(said_parse(&said, "{'what':['tea']}"), &parts, &said.refusal),
	        "unknown_word", "what[0]");
	assert_refused(
	        translate_snapshot(said_parse(&said, "{'what':'calls'}"), &parts, &said.refusal),
	        "wrong_type", "what");
}

static void a_queue_is_named(void **state)
{
	const char *queue;

	(void)state;
	assert_taken(
	        translate_queue(said_parse(&said, "{'queue':'sales'}"), &queue, &said.refusal));
	assert_string_equal(queue, "sales");
	said_done(&said);
	assert_refused(translate_queue(said_parse(&said, "{}"), &queue, &said.refusal), "missing",
	               "queue");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_opening_says_who_and_how),
		cmocka_unit_test(an_opening_needs_no_more_than_a_name),
		cmocka_unit_test(an_answered_challenge_has_a_mac_and_an_instant),
		cmocka_unit_test(a_method_we_do_not_know_is_understood_as_such),
		cmocka_unit_test(names_the_member_that_is_wrong_in_an_opening),
		cmocka_unit_test(a_subscription_is_of_everything_unless_it_says_what),
		cmocka_unit_test(figures_are_asked_for_in_texts),
		cmocka_unit_test(pages_have_states_and_limits),
		cmocka_unit_test(a_snapshot_is_of_all_or_of_what_is_named),
		cmocka_unit_test(a_queue_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
