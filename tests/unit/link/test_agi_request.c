#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "agi_request.h"

/* What Asterisk says: fields by name, then the arguments, "" ends both. */
static bool ask(const char *const *lines, struct agi_request *ret, struct refusal *refusal)
{
	static struct agi_env env;
	char line[256];

	agi_env_init(&env);
	for (; **lines != '\0'; lines++) {
		snprintf(line, sizeof(line), "agi_%s", *lines);
		assert_int_equal(agi_env_take(&env, text_of(line)), AGI_SHORT);
	}
	assert_int_equal(agi_env_take(&env, TEXT("")), AGI_READY);
	memset(refusal, 0, sizeof(*refusal));
	return agi_request_read(&env, ret, refusal);
}

#define LINES(...) ((const char *const[]){ "uniqueid: 1.2", __VA_ARGS__, "" })

/* The caller by who they turn out to be. */
static void identify(const struct agi_request *request, struct identity *ret)
{
	static const struct identity_rules japan = { .country = "81",
		                                     .trunk = "0",
		                                     .international = "010" };

	identity_of(request->call.from, request->call.presentation, request->call.customer_id,
	            &japan, ret);
}

/* As measured with a real Asterisk: wire.md section 8. */
static void knows_who_may_be_known_by_number_and_presentation(void **state)
{
	static const struct {
		const char *callerid, *name, *pres;
		enum identity_kind kind;
		const char *number;
		bool restricted;
	} cases[] = {
		{ "callerid: 0312345678", "calleridname: Taro", "callingpres: 0",
		  IDENTITY_OF_NUMBER, "+81312345678", false },
		{ "callerid: anonymous", "calleridname: Anonymous", "callingpres: 0",
		  IDENTITY_OF_NOBODY, "", false },
		{ "callerid: 0398765432", "calleridname: unknown", "callingpres: 32",
		  IDENTITY_OF_NOBODY, "+81398765432", true },
		{ "callerid: unknown", "calleridname: unknown", "callingpres: 67",
		  IDENTITY_OF_NOBODY, "", false },
		/* And what may come besides. */
		{ "callerid: ", "calleridname: ", "callingpres: 0", IDENTITY_OF_NOBODY, "", false },
		{ "callerid: 0312345678", "calleridname: Taro", "callingpres: 3",
		  IDENTITY_OF_NUMBER, "+81312345678", false },
		{ "callerid: 0312345678", "calleridname: Taro", "callingpres: 35",
		  IDENTITY_OF_NOBODY, "+81312345678", true },
		{ "callerid: 0312345678", "calleridname: Taro", "callingpres: 67",
		  IDENTITY_OF_NOBODY, "", false },
		{ "callerid: 0312345678", "calleridname: Taro", "callingpres: ", IDENTITY_OF_NUMBER,
		  "+81312345678", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct agi_request request;
		struct identity identity;
		struct refusal refusal;

		assert_true(ask(LINES("network_script: route", cases[i].callerid, cases[i].name,
		                      cases[i].pres, "arg_1: sales"),
		                &request, &refusal));
		identify(&request, &identity);
		assert_int_equal(identity.kind, cases[i].kind);
		assert_string_equal(identity.number, cases[i].number);
		assert_int_equal(identity.restricted, cases[i].restricted);
	}
}

static void reads_all_that_may_be_said_of_a_caller(void **state)
{
	struct agi_request request;
	struct refusal refusal;

	(void)state;
	assert_true(
	        ask(LINES("network_script: route", "callerid: 1", "callingpres: 0", "dnid: 0120",
	                  "arg_1: sales", "arg_2: ", "arg_3: customer=k 42", "arg_4: tier=gold",
	                  "arg_5: reason=a=b", "arg_6: skills=french:3;german",
	                  "arg_7: priority=-7", "arg_8: case=c9", "arg_9: from=0312345678",
	                  "arg_10: presentation=restricted", "arg_11: vars=no", "arg_12: cause=16"),
	            &request, &refusal));
	assert_int_equal(request.kind, SCRIPT_ROUTE);
	assert_int_equal(request.dial.end, DIAL_NONE);
	assert_string_equal(request.call.call_id, "1.2");
	assert_string_equal(request.call.queue, "sales");
	assert_string_equal(request.call.from, "0312345678");
	assert_string_equal(request.call.to, "0120");
	assert_string_equal(request.call.customer_id, "k 42");
	assert_string_equal(request.call.tier, "gold");
	assert_string_equal(request.call.reason, "a=b");
	assert_string_equal(request.call.case_id, "c9");
	assert_string_equal(request.call.channel, "voice");
	assert_int_equal(request.call.presentation, PRESENTATION_RESTRICTED);
	assert_true(request.call.has_priority);
	assert_int_equal(request.call.priority, -7);
	assert_int_equal(request.call.skills_count, 2);
	assert_string_equal(request.call.skills[0].name, "french");
	assert_int_equal(request.call.skills[0].level, 3);
	assert_string_equal(request.call.skills[1].name, "german");
	assert_int_equal(request.call.skills[1].level, 1);
	assert_true(request.has_variables);
	assert_false(request.variables);
}

static void takes_the_url_and_unset_variables_of_the_dialplan(void **state)
{
	struct agi_request request;
	struct refusal refusal;

	(void)state;
	assert_true(ask(LINES("network_script: route?queue=sales&tier=gold&priority=3&other=x",
	                      "arg_1: ", "arg_2: ", "arg_3: customer=", "arg_4: tier=silver",
	                      "arg_5: priority=", "arg_6: skills="),
	                &request, &refusal));
	assert_string_equal(request.call.queue, "sales");
	assert_null(request.call.customer_id);
	assert_string_equal(request.call.tier, "silver");
	assert_int_equal(request.call.priority, 3);
	assert_false(request.call.has_skills);
	assert_null(request.call.from);
	assert_false(request.has_variables);
	/* Skills and queues with & where ; would begin a comment. */
	assert_true(ask(LINES("network_script: /route/", "arg_1: skills=a:2&b&", "arg_2: sales"),
	                &request, &refusal));
	assert_int_equal(request.call.skills_count, 2);
	assert_string_equal(request.call.queue, "sales");
}

static void names_the_argument_that_is_wrong(void **state)
{
	static const struct {
		const char *lines[4];
		const char *reason, *field;
	} cases[] = {
		{ { "network_script: route" }, "missing", "queue" },
		{ { "network_script: route", "arg_1: sa\xc2\x85les" }, "bad_id", "queue" },
		{ { "network_script: route", "arg_1: sales", "arg_2: MAYBE" },
		  "unknown_word",
		  "result" },
		{ { "network_script: route", "arg_1: sales", "arg_2: ", "arg_3: colour=red" },
		  "unknown_argument",
		  "" },
		{ { "network_script: route", "arg_1: sales", "arg_2: priority=high" },
		  "wrong_type",
		  "priority" },
		{ { "network_script: route", "arg_1: sales", "arg_2: priority=1001" },
		  "out_of_range",
		  "priority" },
		{ { "network_script: route", "arg_1: sales", "arg_2: skills=a:0" },
		  "out_of_range",
		  "skills" },
		{ { "network_script: route", "arg_1: sales", "arg_2: skills=a;b;c;d;e;f;g;h;i" },
		  "too_many",
		  "skills" },
		{ { "network_script: route", "arg_1: sales", "arg_2: presentation=secret" },
		  "unknown_word",
		  "presentation" },
		{ { "network_script: route", "arg_1: sales", "arg_2: vars=maybe" },
		  "unknown_word",
		  "vars" },
		{ { "network_script: dance" }, "unknown_script", "agi_network_script" },
		{ { "network_script: " }, "unknown_script", "agi_network_script" },
		{ { "network_script: answered", "arg_1: 1.2" }, "wrong_type", "offer" },
		{ { "network_script: answered", "arg_1: 1.2", "arg_2: 0" },
		  "out_of_range",
		  "offer" },
		{ { "network_script: answered", "arg_1: ", "arg_2: 1" }, "bad_id", "call" },
		{ { "network_script: agent", "arg_1: sleep", "arg_2: alice" },
		  "unknown_word",
		  "action" },
		{ { "network_script: agent", "arg_1: login" }, "bad_id", "agent" },
		{ { "network_script: agent", "arg_1: login", "arg_2: alice", "arg_3: customer=1" },
		  "unknown_argument",
		  "" },
		{ { "network_script: agent", "arg_1: login", "arg_2: alice",
		    "arg_3: confirm=loud" },
		  "unknown_word",
		  "confirm" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *lines[6] = { "uniqueid: 1.2", "", "", "", "", "" };
		struct agi_request request;
		struct refusal refusal;

		for (size_t n = 0; n < 4 && cases[i].lines[n] != NULL; n++)
			lines[n + 1] = cases[i].lines[n];
		if (ask(lines, &request, &refusal))
			fail_msg("case %zu was taken", i);
		assert_string_equal(refusal.reason, cases[i].reason);
		assert_string_equal(refusal.field, cases[i].field);
		assert_true(refusal.detail[0] != '\0');
	}
}

static void refuses_a_call_without_a_name(void **state)
{
	struct agi_request request;
	struct refusal refusal;

	(void)state;
	assert_false(ask((const char *const[]){ "network_script: route", "arg_1: sales", "" },
	                 &request, &refusal));
	assert_string_equal(refusal.field, "agi_uniqueid");
}

static void takes_the_result_of_a_dial_with_its_cause(void **state)
{
	struct agi_request request;
	struct refusal refusal;

	(void)state;
	assert_true(ask(LINES("network_script: route", "arg_1: sales", "arg_2: CHANUNAVAIL",
	                      "arg_3: cause=21"),
	                &request, &refusal));
	assert_int_equal(request.dial.end, DIAL_MISSED);
	assert_int_equal(request.dial.miss, MISS_REJECTED);
	assert_true(
	        ask(LINES("network_script: route?cause=21", "arg_1: sales", "arg_2: CHANUNAVAIL"),
	            &request, &refusal));
	assert_int_equal(request.dial.miss, MISS_REJECTED);
}

static void reads_what_is_reported_of_a_call(void **state)
{
	struct agi_request request;
	struct refusal refusal;

	(void)state;
	assert_true(ask(LINES("network_script: answered", "arg_1: 7.1", "arg_2: 3"), &request,
	                &refusal));
	assert_int_equal(request.kind, SCRIPT_ANSWERED);
	assert_string_equal(request.call_id, "7.1");
	assert_int_equal(request.offer, 3);

	assert_true(ask(LINES("network_script: ended", "arg_1: 7.1", "arg_2: ANSWER", "arg_3: 12",
	                      "arg_4: 16"),
	                &request, &refusal));
	assert_int_equal(request.kind, SCRIPT_ENDED);
	assert_int_equal(request.dial.end, DIAL_TALKED);
	/* h of a caller who has heard nothing but music. */
	assert_true(ask(LINES("network_script: ended", "arg_1: ", "arg_2: ", "arg_3: ", "arg_4: "),
	                &request, &refusal));
	assert_string_equal(request.call_id, "1.2");
	assert_int_equal(request.dial.end, DIAL_NONE);
	assert_true(ask(LINES("network_script: ended", "arg_1: 7.1", "arg_2: WHATEVER"), &request,
	                &refusal));
	assert_int_equal(request.dial.end, DIAL_NONE);
}

static void reads_the_codes_of_agents(void **state)
{
	struct agi_request request;
	struct refusal refusal;

	(void)state;
	assert_true(ask(LINES("network_script: agent", "arg_1: login", "arg_2: alice",
	                      "arg_3: queues=sales;support", "arg_4: target=PJSIP/alice",
	                      "arg_5: confirm=voice"),
	                &request, &refusal));
	assert_int_equal(request.kind, SCRIPT_AGENT);
	assert_int_equal(request.act, AGENT_ACT_LOGIN);
	assert_string_equal(request.agent.agent, "alice");
	assert_string_equal(request.agent.target, "PJSIP/alice");
	assert_true(request.agent.has_queues);
	assert_int_equal(request.agent.queues_count, 2);
	assert_string_equal(request.agent.queues[1], "support");
	assert_int_equal(request.confirm, CONFIRM_VOICE);
	assert_true(ask(LINES("network_script: agent", "arg_1: pause", "arg_2: alice",
	                      "arg_3: reason=lunch"),
	                &request, &refusal));
	assert_int_equal(request.act, AGENT_ACT_PAUSE);
	assert_string_equal(request.agent.reason, "lunch");
	assert_int_equal(request.confirm, CONFIRM_NONE);
}

/* --- channel variables --- */

#define S "\xe2\x90\x9f"

static void takes_variables_where_no_argument_says_otherwise(void **state)
{
	struct agi_request request;
	struct refusal refusal;

	(void)state;
	assert_non_null(strstr(agi_request_expression(), "${NAJIMI_CUSTOMER}" S "${NAJIMI_TIER}"));
	assert_true(ask(LINES("network_script: route", "arg_1: sales", "arg_2: tier=gold"),
	                &request, &refusal));
	assert_true(agi_request_variables(
	        &request, TEXT("k(4)2" S "silver" S S "french:2" S "5" S "c\x01\xff"), &refusal));
	assert_string_equal(request.call.customer_id, "k(4)2");
	assert_string_equal(request.call.tier, "gold");
	assert_null(request.call.reason);
	assert_int_equal(request.call.skills_count, 1);
	assert_int_equal(request.call.skills[0].level, 2);
	assert_int_equal(request.call.priority, 5);
	assert_string_equal(request.call.case_id, "c??");
	assert_true(ask(LINES("network_script: route", "arg_1: sales"), &request, &refusal));
	assert_true(agi_request_variables(&request, TEXT(S S S S S), &refusal));
	assert_null(request.call.customer_id);
}

static void names_the_variable_that_is_wrong(void **state)
{
	static const struct {
		const char *value, *field;
	} cases[] = {
		{ "", "NAJIMI_TIER" },
		{ "a" S "b" S "c", "NAJIMI_SKILLS" },
		{ S S S S "high" S, "NAJIMI_PRIORITY" },
		{ S S S "a:x" S S, "NAJIMI_SKILLS" },
		{ S S S S S S, "NAJIMI_*" },
	};
	struct agi_request request;
	struct refusal refusal;
	static char large[AGI_STORE_SIZE + 1];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_true(
		        ask(LINES("network_script: route", "arg_1: sales"), &request, &refusal));
		assert_false(agi_request_variables(&request, text_of(cases[i].value), &refusal));
		assert_string_equal(refusal.field, cases[i].field);
	}
	memset(large, 'x', sizeof(large));
	assert_false(
	        agi_request_variables(&request, (struct text){ large, sizeof(large) }, &refusal));
	assert_string_equal(refusal.reason, "too_long");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_who_may_be_known_by_number_and_presentation),
		cmocka_unit_test(reads_all_that_may_be_said_of_a_caller),
		cmocka_unit_test(takes_the_url_and_unset_variables_of_the_dialplan),
		cmocka_unit_test(names_the_argument_that_is_wrong),
		cmocka_unit_test(refuses_a_call_without_a_name),
		cmocka_unit_test(takes_the_result_of_a_dial_with_its_cause),
		cmocka_unit_test(reads_what_is_reported_of_a_call),
		cmocka_unit_test(reads_the_codes_of_agents),
		cmocka_unit_test(takes_variables_where_no_argument_says_otherwise),
		cmocka_unit_test(names_the_variable_that_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
