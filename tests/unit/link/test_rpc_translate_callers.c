#include "rpc_translate.h"
#include "said.h"

/* Who is meant, and what is said of them. */

#define NOW SEC(UINT64_C(1795316788))

static struct said said;
static struct caller_words words;

static void a_caller_is_a_number_a_customer_or_whoever_is_on_a_call(void **state)
{
	(void)state;
	assert_taken(translate_caller(said_parse(&said, "{'from':'0312345678'}"), &words,
	                              &said.refusal));
	assert_null(words.customer_id);
	assert_int_equal(words.presentation, PRESENTATION_ALLOWED);
	said_done(&said);
	assert_taken(
	        translate_caller(said_parse(&said, "{'customer_id':'k'}"), &words, &said.refusal));
	assert_null(words.from);
	said_done(&said);
	assert_taken(translate_caller(said_parse(&said, "{'call_id':'c','client':'p'}"), &words,
	                              &said.refusal));
	assert_string_equal(words.call_id, "c");
	said_done(&said);
	assert_refused(translate_caller(said_parse(&said, "{}"), &words, &said.refusal), "missing",
	               "from");
	assert_refused(translate_caller(said_parse(&said, "{'call_id':'c','from':'1'}"), &words,
	                                &said.refusal),
	               "contradiction", "call_id");
	assert_refused(translate_caller(said_parse(&said, "{'from':'1','presentation':'x'}"),
	                                &words, &said.refusal),
	               "unknown_word", "presentation");
}

static void a_pin_names_an_agent_or_says_that_there_is_none(void **state)
{
	(void)state;
	assert_taken(translate_pin(said_parse(&said, "{'customer_id':'k','agent':'alice'}"), &words,
	                           &said.refusal));
	assert_string_equal(words.agent, "alice");
	said_done(&said);
	assert_taken(translate_pin(said_parse(&said, "{'customer_id':'k','agent':null}"), &words,
	                           &said.refusal));
	assert_null(words.agent);
	said_done(&said);
	assert_refused(
	        translate_pin(said_parse(&said, "{'customer_id':'k'}"), &words, &said.refusal),
	        "missing", "agent");
	assert_refused(translate_pin(said_parse(&said, "{'customer_id':'k','agent':5}"), &words,
	                             &said.refusal),
	               "wrong_type", "agent");
	assert_refused(translate_pin(said_parse(&said, "{'agent':'alice'}"), &words, &said.refusal),
	               "missing", "from");
}

#define EXCLUDE(more) \
	translate_exclude(said_parse(&said, "{'customer_id':'k','agent':'a'" more "}"), NOW, \
	                  &words, &said.refusal)

static void an_exclusion_is_for_ever_until_then_or_no_longer(void **state)
{
	(void)state;
	assert_taken(EXCLUDE(""));
	assert_int_equal(words.until, USEC_NEVER);
	assert_string_equal(words.reason, "");
	said_done(&said);
	assert_taken(EXCLUDE(",'expires_in_s':60,'reason':'shouted'"));
	assert_int_equal(words.until, NOW + SEC(60));
	assert_string_equal(words.reason, "shouted");
	said_done(&said);
	assert_taken(EXCLUDE(",'until':'2026-12-01T00:00:00Z'"));
	assert_int_equal(words.until, SEC(1796083200));
	said_done(&said);
	assert_taken(EXCLUDE(",'remove':true"));
	assert_int_equal(words.until, 0);
	said_done(&said);
	assert_refused(EXCLUDE(",'until':'2026-12-01T00:00:00Z','expires_in_s':5"), "contradiction",
	               "until");
	assert_refused(EXCLUDE(",'remove':true,'expires_in_s':5"), "contradiction", "remove");
	assert_refused(EXCLUDE(",'until':'2026-01-01T00:00:00Z'"), "out_of_range", "until");
	assert_refused(EXCLUDE(",'until':'2126-01-01T00:00:00Z'"), "out_of_range", "until");
	assert_refused(EXCLUDE(",'until':'soon'"), "not_an_instant", "until");
	assert_refused(EXCLUDE(",'expires_in_s':0"), "out_of_range", "expires_in_s");
	assert_refused(EXCLUDE(",'remove':'yes'"), "wrong_type", "remove");
	assert_refused(translate_exclude(said_parse(&said, "{'customer_id':'k'}"), NOW, &words,
	                                 &said.refusal),
	               "missing", "agent");
}

static void a_note_is_a_text_or_none(void **state)
{
	char text[NOTE_BYTES_MAX + 64];

	(void)state;
	assert_taken(translate_note(said_parse(&said, "{'from':'1','text':'likes tea'}"), &words,
	                            &said.refusal));
	assert_string_equal(words.text, "likes tea");
	said_done(&said);
	assert_taken(
	        translate_note(said_parse(&said, "{'from':'1','text':''}"), &words, &said.refusal));
	assert_string_equal(words.text, "");
	said_done(&said);
	assert_taken(translate_note(said_parse(&said, "{'from':'1','text':null}"), &words,
	                            &said.refusal));
	assert_string_equal(words.text, "");
	said_done(&said);
	assert_refused(translate_note(said_parse(&said, "{'from':'1'}"), &words, &said.refusal),
	               "missing", "text");
	snprintf(text, sizeof(text), "{'from':'1','text':'%0*d'}", NOTE_BYTES_MAX + 1, 7);
	assert_refused(translate_note(said_parse(&said, text), &words, &said.refusal), "too_long",
	               "text");
}

static void to_forget_takes_a_number_or_a_customer(void **state)
{
	(void)state;
	assert_taken(translate_forget(said_parse(&said, "{'from':'1','customer_id':'k'}"), &words,
	                              &said.refusal));
	said_done(&said);
	assert_refused(
	        translate_forget(said_parse(&said, "{'call_id':'c'}"), &words, &said.refusal),
	        "missing", "from");
}

#define OUTBOUND(more) \
	translate_outbound(said_parse(&said, "{'agent':'a','queue':'q','talk_ms':75000" more "}"), \
	                   NOW, &words, &said.refusal)

static void an_outbound_contact_says_who_whom_and_how_long(void **state)
{
	(void)state;
	assert_taken(OUTBOUND(",'from':'1'"));
	assert_int_equal(words.talk, SEC(75));
	assert_int_equal(words.at, 0);
	assert_string_equal(words.queue, "q");
	said_done(&said);
	assert_taken(OUTBOUND(",'customer_id':'k','at':'2026-11-22T03:00:00Z'"));
	assert_int_equal(words.at, SEC(1795316400));
	said_done(&said);
	assert_refused(OUTBOUND(""), "missing", "from");
	assert_refused(OUTBOUND(",'from':'1','at':'2026-11-20T00:00:00Z'"), "out_of_range", "at");
	assert_refused(OUTBOUND(",'from':'1','at':'2026-11-23T00:00:00Z'"), "out_of_range", "at");
	assert_refused(translate_outbound(said_parse(&said, "{'agent':'a','queue':'q','from':'1'}"),
	                                  NOW, &words, &said.refusal),
	               "missing", "talk_ms");
	assert_refused(translate_outbound(said_parse(&said, "{'agent':'a','talk_ms':1,'from':'1'}"),
	                                  NOW, &words, &said.refusal),
	               "missing", "queue");
	assert_refused(translate_outbound(said_parse(&said, "{'queue':'q','talk_ms':1,'from':'1'}"),
	                                  NOW, &words, &said.refusal),
	               "missing", "agent");
	assert_refused(
	        translate_outbound(
	                said_parse(&said, "{'agent':'a','queue':'q','talk_ms':-1,'from':'1'}"), NOW,
	                &words, &said.refusal),
	        "out_of_range", "talk_ms");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_caller_is_a_number_a_customer_or_whoever_is_on_a_call),
		cmocka_unit_test(a_pin_names_an_agent_or_says_that_there_is_none),
		cmocka_unit_test(an_exclusion_is_for_ever_until_then_or_no_longer),
		cmocka_unit_test(a_note_is_a_text_or_none),
		cmocka_unit_test(to_forget_takes_a_number_or_a_customer),
		cmocka_unit_test(an_outbound_contact_says_who_whom_and_how_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
