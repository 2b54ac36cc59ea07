#include "rpc_translate.h"
#include "said.h"

#define NOW SEC(1795305628) /* 2026-11-22T00:00:28Z */

static struct said said;

static bool arrive(const char *text, struct call_words *ret)
{
	return translate_arrive(said_parse(&said, text), NOW, ret, &said.refusal);
}

static const struct identity_rules rules = { .country = "81",
	                                     .trunk = "0",
	                                     .international = "010" };

static void turns_an_arrival_into_words(void **state)
{
	struct call_words words;

	(void)state;
	assert_taken(arrive("{'call_id':'c42','queue':'sales','from':'0312345678',"
	                    "'presentation':'restricted','to':'0120','customer_id':'k1',"
	                    "'tier':'gold','priority':-5,'skills':[{'name':'german','min':3},"
	                    "{'name':'tax'}],'reason':'bill','channel':'chat','case_id':'#7',"
	                    "'data':{'a':1},'arrived_at':'2026-11-21T23:20:00Z','other':[]}",
	                    &words));
	assert_string_equal(words.call_id, "c42");
	assert_string_equal(words.queue, "sales");
	assert_string_equal(words.from, "0312345678");
	assert_true(words.has_presentation);
	assert_int_equal(words.presentation, PRESENTATION_RESTRICTED);
	assert_string_equal(words.to, "0120");
	assert_string_equal(words.customer_id, "k1");
	assert_string_equal(words.tier, "gold");
	assert_true(words.has_priority);
	assert_int_equal(words.priority, -5);
	assert_true(words.has_skills);
	assert_int_equal(words.skills_count, 2);
	assert_string_equal(words.skills[0].name, "german");
	assert_int_equal(words.skills[0].level, 3);
	assert_int_equal(words.skills[1].level, 1);
	assert_string_equal(words.reason, "bill");
	assert_string_equal(words.channel, "chat");
	assert_string_equal(words.case_id, "#7");
	assert_non_null(words.data);
	assert_true(words.arrived_at > 0 && words.arrived_at < NOW);
	said_done(&said);
}

static void takes_the_least_arrival_and_leaves_the_rest_unsaid(void **state)
{
	struct call_words words;

	(void)state;
	assert_taken(arrive("{'call_id':'c','queue':'q','from':'','customer_id':null}", &words));
	assert_null(words.from);
	assert_null(words.customer_id);
	assert_null(words.channel);
	assert_false(words.has_priority);
	assert_false(words.has_skills);
	assert_false(words.has_presentation);
	assert_int_equal(words.arrived_at, 0);
	said_done(&said);
}

static void names_the_member_that_is_wrong_in_an_arrival(void **state)
{
	static const struct {
		const char *member, *reason, *field;
	} wrong[] = {
		{ "'from':7", "wrong_type", "from" },
		{ "'presentation':'secret'", "unknown_word", "presentation" },
		{ "'to':[]", "wrong_type", "to" },
		{ "'customer_id':'a\\nb'", "not_an_id", "customer_id" },
		{ "'tier':1", "wrong_type", "tier" },
		{ "'priority':'high'", "wrong_type", "priority" },
		{ "'priority':1001", "out_of_range", "priority" },
		{ "'skills':'german'", "wrong_type", "skills" },
		{ "'skills':[7]", "wrong_type", "skills[0]" },
		{ "'skills':[{'min':1}]", "missing", "skills[0].name" },
		{ "'skills':[{'name':'a'},{'name':'b','min':0}]", "out_of_range", "skills[1].min" },
		{ "'skills':[{'name':'a'},{'name':'b'},{'name':'c'},{'name':'d'},{'name':'e'},"
		  "{'name':'f'},{'name':'g'},{'name':'h'},{'name':'i'}]",
		  "too_many", "skills" },
		{ "'reason':true", "wrong_type", "reason" },
		{ "'channel':'pigeon'", "unknown_word", "channel" },
		{ "'case_id':7", "wrong_type", "case_id" },
		{ "'data':[]", "wrong_type", "data" },
		{ "'arrived_at':'noon'", "not_an_instant", "arrived_at" },
		{ "'arrived_at':'2026-11-22T23:20:00Z'", "out_of_range", "arrived_at" },
		{ "'arrived_at':'2026-11-19T23:20:00Z'", "out_of_range", "arrived_at" },
	};
	struct call_words words;
	char text[512];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		snprintf(text, sizeof(text), "{'call_id':'c','queue':'q',%s}", wrong[i].member);
		assert_refused(arrive(text, &words), wrong[i].reason, wrong[i].field);
	}
	assert_refused(arrive("{'queue':'q'}", &words), "missing", "call_id");
	assert_refused(arrive("{'call_id':7,'queue':'q'}", &words), "wrong_type", "call_id");
	assert_refused(arrive("{'call_id':'c'}", &words), "missing", "queue");
}

static void update_needs_no_queue_and_route_no_call(void **state)
{
	struct call_words words;

	(void)state;
	assert_taken(translate_update(said_parse(&said, "{'call_id':'c','tier':'gold'}"), NOW,
	                              &words, &said.refusal));
	assert_null(words.queue);
	said_done(&said);
	assert_refused(
	        translate_update(said_parse(&said, "{'tier':'gold'}"), NOW, &words, &said.refusal),
	        "missing", "call_id");
	assert_taken(translate_route(said_parse(&said, "{'queue':'q','from':'1'}"), &words,
	                             &said.refusal));
	assert_null(words.call_id);
	said_done(&said);
	assert_refused(translate_route(said_parse(&said, "{'call':'c'}"), &words, &said.refusal),
	               "missing", "queue");
}

static void facts_know_who_calls(void **state)
{
	struct facts_room room;
	struct call_words words;
	struct call_facts facts;

	(void)state;
	assert_taken(arrive("{'call_id':'c','queue':'q','from':'0312345678','data':{ 'a' : 1 }}",
	                    &words));
	assert_true(facts_of_words(&words, NULL, &rules, &room, &facts, &said.refusal));
	assert_string_equal(facts.name, "c");
	assert_string_equal(facts.number, "+81312345678");
	assert_string_equal(facts.key, "tel:+81312345678");
	assert_string_equal(facts.data, "{\"a\":1}");
	assert_string_equal(facts.tier, "");
	assert_false(facts.restricted);
	said_done(&said);
}

static void what_is_said_later_is_laid_over_what_was_known(void **state)
{
	struct call_facts before = { .client = "pbx",
		                     .name = "c",
		                     .from = "0312345678",
		                     .number = "",
		                     .key = "",
		                     .to = "0120",
		                     .customer_id = "",
		                     .tier = "gold",
		                     .reason = "",
		                     .channel = "",
		                     .case_id = "",
		                     .data = "{\"a\":1}" };
	struct facts_room room;
	struct call_words words;
	struct call_facts facts;

	(void)state;
	assert_taken(translate_update(
	        said_parse(&said, "{'call_id':'c','customer_id':'k9','reason':'bill'}"), NOW,
	        &words, &said.refusal));
	assert_true(facts_of_words(&words, &before, &rules, &room, &facts, &said.refusal));
	assert_string_equal(facts.key, "cid:k9");
	assert_string_equal(facts.number, "+81312345678");
	assert_string_equal(facts.tier, "gold");
	assert_string_equal(facts.reason, "bill");
	assert_string_equal(facts.data, "{\"a\":1}");
	said_done(&said);

	/* A number that was withheld stays withheld when something else is said. */
	before.restricted = true;
	assert_taken(translate_update(said_parse(&said, "{'call_id':'c','tier':'red'}"), NOW,
	                              &words, &said.refusal));
	assert_true(facts_of_words(&words, &before, &rules, &room, &facts, &said.refusal));
	assert_true(facts.restricted);
	assert_string_equal(facts.key, "");
	said_done(&said);
}

static void data_has_a_limit(void **state)
{
	static char text[6000] = "{'call_id':'c','queue':'q','data':{'x':'";
	struct facts_room room;
	struct call_words words;
	struct call_facts facts;
	size_t head = strlen(text);

	(void)state;
	memset(text + head, 'x', DATA_BYTES_MAX);
	strcpy(text + head + DATA_BYTES_MAX, "'}}");
	assert_taken(arrive(text, &words));
	assert_refused(facts_of_words(&words, NULL, &rules, &room, &facts, &said.refusal),
	               "too_long", "data");
}

static uint64_t fingerprint(const char *text)
{
	struct facts_room room;
	struct call_words words;
	struct call_facts facts;
	uint64_t ret;

	assert_taken(arrive(text, &words));
	assert_true(facts_of_words(&words, NULL, &rules, &room, &facts, &said.refusal));
	ret = fingerprint_of_words(&words, facts.data);
	said_done(&said);
	return ret;
}

static void equal_content_has_equal_fingerprints_and_other_content_others(void **state)
{
	static const char *const others[] = {
		"'queue':'p'",
		"'queue':'q','from':'2'",
		"'queue':'q','from':'1','presentation':'restricted'",
		"'queue':'q','from':'1','to':'9'",
		"'queue':'q','from':'1','tier':'9'",
		"'queue':'q','from':'1','priority':0",
		"'queue':'q','from':'1','priority':1",
		"'queue':'q','from':'1','reason':'9'",
		"'queue':'q','from':'1','case_id':'9'",
		"'queue':'q','from':'1','channel':'chat'",
		"'queue':'q','from':'1','customer_id':'9'",
		"'queue':'q','from':'1','data':{'a':1}",
		"'queue':'q','from':'1','data':{'a':2}",
		"'queue':'q','from':'1','skills':[{'name':'a'}]",
		"'queue':'q','from':'1','skills':[{'name':'a','min':2}]",
		"'queue':'q','from':'1','arrived_at':'2026-11-21T23:20:00Z'",
	};
	uint64_t first = fingerprint("{'call_id':'c','queue':'q','from':'1'}");
	uint64_t seen[ARRAY_LEN(others)];
	char text[256];

	(void)state;
	assert_true(first == fingerprint("{ 'from':'1', 'queue':'q', 'call_id':'c' }"));
	assert_true(first == fingerprint("{'call_id':'c','queue':'q','from':'1','to':'',"
	                                 "'presentation':'allowed','x':1}"));
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		snprintf(text, sizeof(text), "{'call_id':'c',%s}", others[i]);
		seen[i] = fingerprint(text);
		assert_true(seen[i] != first);
		for (size_t j = 0; j < i; j++)
			assert_true(seen[i] != seen[j]);
	}
}

/* --- reports --- */

typedef bool translate_fn(const struct json *, struct call_report *, struct refusal *);

static bool report(translate_fn *translate, const char *text, struct call_report *ret)
{
	return translate(said_parse(&said, text), ret, &said.refusal);
}

static void every_report_names_its_call(void **state)
{
	translate_fn *const all[] = { translate_call,     translate_offer_report, translate_failed,
		                      translate_transfer, translate_ended,        translate_wait };
	struct call_report ret;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		assert_refused(report(all[i], "{}", &ret), "missing", "call_id");
		assert_refused(report(all[i], "{'call_id':[]}", &ret), "wrong_type", "call_id");
		assert_refused(report(all[i], "{'call_id':'c','client':7}", &ret), "wrong_type",
		               "client");
	}
	assert_taken(report(translate_call, "{'call_id':'c','client':'pbx'}", &ret));
	assert_string_equal(ret.call_id, "c");
	assert_string_equal(ret.client, "pbx");
	said_done(&said);
}

static void reports_of_offers_name_the_offer(void **state)
{
	struct call_report ret;

	(void)state;
	assert_taken(report(translate_offer_report, "{'call_id':'c','offer':4294967295}", &ret));
	assert_true(ret.offer == UINT32_MAX);
	said_done(&said);
	assert_refused(report(translate_offer_report, "{'call_id':'c'}", &ret), "missing", "offer");
	assert_refused(report(translate_offer_report, "{'call_id':'c','offer':0}", &ret),
	               "out_of_range", "offer");
	assert_refused(report(translate_offer_report, "{'call_id':'c','offer':'1'}", &ret),
	               "wrong_type", "offer");
	assert_refused(report(translate_offer_report, "{'call_id':'c','offer':4294967296}", &ret),
	               "out_of_range", "offer");
}

static void a_failure_says_why(void **state)
{
	static const char *const words[MISS_KINDS] = { "no_answer", "busy", "rejected",
		                                       "unreachable" };
	struct call_report ret;
	char text[80];

	(void)state;
	for (int i = 0; i < MISS_KINDS; i++) {
		snprintf(text, sizeof(text), "{'call_id':'c','offer':3,'reason':'%s'}", words[i]);
		assert_taken(report(translate_failed, text, &ret));
		assert_int_equal(ret.miss, i);
		assert_int_equal(ret.offer, 3);
		said_done(&said);
	}
	assert_refused(report(translate_failed, "{'call_id':'c','offer':3}", &ret), "missing",
	               "reason");
	assert_refused(report(translate_failed, "{'call_id':'c','offer':3,'reason':'bored'}", &ret),
	               "unknown_word", "reason");
	assert_refused(report(translate_failed, "{'call_id':'c','reason':'busy'}", &ret), "missing",
	               "offer");
}

static void a_transfer_goes_to_one_agent_or_one_queue(void **state)
{
	struct call_report ret;

	(void)state;
	assert_taken(report(translate_transfer, "{'call_id':'c','to_queue':'q'}", &ret));
	assert_string_equal(ret.to_queue, "q");
	assert_null(ret.to_agent);
	assert_false(ret.consult);
	said_done(&said);
	assert_taken(report(translate_transfer, "{'call_id':'c','to_agent':'a','kind':'consult'}",
	                    &ret));
	assert_true(ret.consult);
	said_done(&said);
	assert_refused(report(translate_transfer, "{'call_id':'c'}", &ret), "missing", "to_agent");
	assert_refused(
	        report(translate_transfer, "{'call_id':'c','to_agent':'a','to_queue':'q'}", &ret),
	        "contradiction", "to_queue");
	assert_refused(
	        report(translate_transfer, "{'call_id':'c','to_queue':'q','kind':'consult'}", &ret),
	        "contradiction", "kind");
	assert_refused(
	        report(translate_transfer, "{'call_id':'c','to_queue':'q','kind':'warm'}", &ret),
	        "unknown_word", "kind");
}

static void an_end_says_by_whom(void **state)
{
	struct call_report ret;

	(void)state;
	assert_taken(
	        report(translate_ended, "{'call_id':'c','by':'agent','cause':'normal'}", &ret));
	assert_int_equal(ret.by, BY_AGENT);
	said_done(&said);
	assert_taken(report(translate_ended, "{'call_id':'c'}", &ret));
	assert_int_equal(ret.by, BY_CALLER);
	said_done(&said);
	assert_taken(report(translate_ended, "{'call_id':'c','by':'system'}", &ret));
	assert_int_equal(ret.by, BY_SYSTEM);
	said_done(&said);
	assert_refused(report(translate_ended, "{'call_id':'c','by':'loss'}", &ret), "unknown_word",
	               "by");
	assert_refused(report(translate_ended, "{'call_id':'c','cause':16}", &ret), "wrong_type",
	               "cause");
}

static void a_wait_is_bounded(void **state)
{
	struct call_report ret;

	(void)state;
	assert_taken(report(translate_wait, "{'call_id':'c','wait_ms':0}", &ret));
	assert_int_equal(ret.wait, 0);
	said_done(&said);
	assert_taken(report(translate_wait, "{'call_id':'c'}", &ret));
	assert_int_equal(ret.wait, MSEC(25000));
	said_done(&said);
	assert_refused(report(translate_wait, "{'call_id':'c','wait_ms':25001}", &ret),
	               "out_of_range", "wait_ms");
	assert_refused(report(translate_wait, "{'call_id':'c','wait_ms':-1}", &ret), "out_of_range",
	               "wait_ms");
}

static void a_sync_lists_calls(void **state)
{
	const struct json *calls;
	const char *name;
	bool more;

	(void)state;
	assert_taken(translate_sync(said_parse(&said, "{'calls':[{'call_id':'c','state':'talking'},"
	                                              "{'call_id':7},8],'more':true}"),
	                            &calls, &more, &said.refusal));
	assert_true(more);
	calls = json_first(calls);
	assert_true(translate_sync_call(calls, 0, &name, &said.refusal));
	assert_string_equal(name, "c");
	assert_false(translate_sync_call(json_next(calls), 1, &name, &said.refusal));
	assert_string_equal(said.refusal.field, "calls[1].call_id");
	assert_false(translate_sync_call(json_next(json_next(calls)), 2, &name, &said.refusal));
	assert_string_equal(said.refusal.field, "calls[2]");
	said_done(&said);
	assert_refused(translate_sync(said_parse(&said, "{}"), &calls, &more, &said.refusal),
	               "missing", "calls");
	assert_refused(translate_sync(said_parse(&said, "{'calls':[],'more':1}"), &calls, &more,
	                              &said.refusal),
	               "wrong_type", "more");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(turns_an_arrival_into_words),
		cmocka_unit_test(takes_the_least_arrival_and_leaves_the_rest_unsaid),
		cmocka_unit_test(names_the_member_that_is_wrong_in_an_arrival),
		cmocka_unit_test(update_needs_no_queue_and_route_no_call),
		cmocka_unit_test(facts_know_who_calls),
		cmocka_unit_test(what_is_said_later_is_laid_over_what_was_known),
		cmocka_unit_test(data_has_a_limit),
		cmocka_unit_test(equal_content_has_equal_fingerprints_and_other_content_others),
		cmocka_unit_test(every_report_names_its_call),
		cmocka_unit_test(reports_of_offers_name_the_offer),
		cmocka_unit_test(a_failure_says_why),
		cmocka_unit_test(a_transfer_goes_to_one_agent_or_one_queue),
		cmocka_unit_test(an_end_says_by_whom),
		cmocka_unit_test(a_wait_is_bounded),
		cmocka_unit_test(a_sync_lists_calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
