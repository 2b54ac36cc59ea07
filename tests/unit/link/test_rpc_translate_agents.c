#include "rpc_translate.h"
#include "said.h"

static struct said said;

typedef bool translate_fn(const struct json *, struct agent_words *, struct refusal *);

static bool translate(translate_fn *fn, const char *text, struct agent_words *ret)
{
	return fn(said_parse(&said, text), ret, &said.refusal);
}

static void every_request_names_its_agent(void **state)
{
	translate_fn *const all[] = { translate_agent, translate_login, translate_pause,
		                      translate_wrapup, translate_device };
	struct agent_words words;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		assert_refused(translate(all[i], "{}", &words), "missing", "agent");
		assert_refused(translate(all[i], "{'agent':''}", &words), "missing", "agent");
		assert_refused(translate(all[i], "{'agent':7}", &words), "wrong_type", "agent");
	}
}

static void a_login_says_queues_skills_and_state(void **state)
{
	struct agent_words words;

	(void)state;
	assert_taken(translate(translate_login,
	                       "{'agent':'alice','target':'PJSIP/alice','queues':['sales','tax'],"
	                       "'skills':[{'name':'german','level':5},{'name':'tax'}],"
	                       "'state':'paused','reason':'coffee'}",
	                       &words));
	assert_string_equal(words.target, "PJSIP/alice");
	assert_true(words.has_queues);
	assert_int_equal(words.queues_count, 2);
	assert_string_equal(words.queues[1], "tax");
	assert_true(words.has_skills);
	assert_int_equal(words.skills_count, 2);
	assert_int_equal(words.skills[0].level, 5);
	assert_int_equal(words.skills[1].level, 1);
	assert_true(words.has_state);
	assert_false(words.ready);
	assert_string_equal(words.reason, "coffee");
	said_done(&said);
}

static void a_login_may_say_no_more_than_who(void **state)
{
	struct agent_words words;

	(void)state;
	assert_taken(translate(translate_login, "{'agent':'alice'}", &words));
	assert_null(words.target);
	assert_false(words.has_queues);
	assert_false(words.has_skills);
	assert_false(words.has_state);
	said_done(&said);
}

static void skills_may_be_an_object_of_levels(void **state)
{
	struct agent_words words;

	(void)state;
	assert_taken(
	        translate(translate_login, "{'agent':'a','skills':{'german':5,'tax':0}}", &words));
	assert_int_equal(words.skills_count, 2);
	assert_string_equal(words.skills[0].name, "german");
	assert_int_equal(words.skills[0].level, 5);
	said_done(&said);
	assert_refused(
	        translate(translate_login, "{'agent':'a','skills':{'german':'very'}}", &words),
	        "wrong_type", "skills.german");
	assert_refused(translate(translate_login, "{'agent':'a','skills':{'german':256}}", &words),
	               "out_of_range", "skills.german");
}

static void names_the_member_that_is_wrong_in_a_login(void **state)
{
	static const struct {
		const char *member, *reason, *field;
	} wrong[] = {
		{ "'target':1", "wrong_type", "target" },
		{ "'queues':'sales'", "wrong_type", "queues" },
		{ "'queues':['a',7]", "wrong_type", "queues[1]" },
		{ "'skills':7", "wrong_type", "skills" },
		{ "'skills':[7]", "wrong_type", "skills[0]" },
		{ "'skills':[{'level':7}]", "missing", "skills[0].name" },
		{ "'skills':[{'name':'x','level':-1}]", "out_of_range", "skills[0].level" },
		{ "'state':'sleepy'", "unknown_word", "state" },
		{ "'reason':{}", "wrong_type", "reason" },
	};
	struct agent_words words;
	char text[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		snprintf(text, sizeof(text), "{'agent':'a',%s}", wrong[i].member);
		assert_refused(translate(translate_login, text, &words), wrong[i].reason,
		               wrong[i].field);
	}
}

static void too_many_queues_are_refused(void **state)
{
	char text[1024] = "{'agent':'a','queues':['q'";
	struct agent_words words;

	(void)state;
	for (int i = 0; i < AGENT_QUEUES_MAX; i++)
		strcat(text, ",'q'");
	strcat(text, "]}");
	assert_refused(translate(translate_login, text, &words), "too_many", "queues");
}

static void wrapup_is_extended_by_a_minute_unless_said_otherwise(void **state)
{
	struct agent_words words;

	(void)state;
	assert_taken(translate(translate_wrapup, "{'agent':'a'}", &words));
	assert_int_equal(words.extend, MINUTE(1));
	said_done(&said);
	assert_taken(translate(translate_wrapup, "{'agent':'a','extend_s':7}", &words));
	assert_int_equal(words.extend, SEC(7));
	said_done(&said);
	assert_refused(translate(translate_wrapup, "{'agent':'a','extend_s':3601}", &words),
	               "out_of_range", "extend_s");
}

static void a_device_has_one_of_three_states(void **state)
{
	struct agent_words words;

	(void)state;
	assert_taken(translate(translate_device, "{'agent':'a','state':'busy'}", &words));
	assert_int_equal(words.device, DEVICE_BUSY);
	said_done(&said);
	assert_refused(translate(translate_device, "{'agent':'a'}", &words), "missing", "state");
	assert_refused(translate(translate_device, "{'agent':'a','state':'ready'}", &words),
	               "unknown_word", "state");
}

static bool dispose(const char *text, struct disposition_words *ret)
{
	return translate_disposition(said_parse(&said, text), ret, &said.refusal);
}

static void a_disposition_says_how_it_went(void **state)
{
	struct disposition_words words;

	(void)state;
	assert_taken(dispose("{'agent':'a','call_id':'c','outcome':'resolved'}", &words));
	assert_string_equal(words.outcome, "resolved");
	assert_string_equal(words.reason, "");
	assert_string_equal(words.note, "");
	assert_true(words.stick);
	said_done(&said);
	assert_taken(dispose("{'agent':'a','call_id':'c','outcome':'follow_up','stick':false,"
	                     "'reason':'tax','note':'call back','client':'pbx'}",
	                     &words));
	assert_false(words.stick);
	assert_string_equal(words.note, "call back");
	assert_string_equal(words.client, "pbx");
	said_done(&said);
	assert_refused(dispose("{'call_id':'c','outcome':'resolved'}", &words), "missing", "agent");
	assert_refused(dispose("{'agent':'a','outcome':'resolved'}", &words), "missing", "call_id");
	assert_refused(dispose("{'agent':'a','call_id':'c'}", &words), "missing", "outcome");
	assert_refused(dispose("{'agent':'a','call_id':'c','outcome':'fine'}", &words),
	               "unknown_word", "outcome");
	assert_refused(
	        dispose("{'agent':'a','call_id':'c','outcome':'resolved','stick':1}", &words),
	        "wrong_type", "stick");
	assert_refused(dispose("{'agent':'a','call_id':'c','outcome':'resolved','note':7}", &words),
	               "wrong_type", "note");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_request_names_its_agent),
		cmocka_unit_test(a_login_says_queues_skills_and_state),
		cmocka_unit_test(a_login_may_say_no_more_than_who),
		cmocka_unit_test(skills_may_be_an_object_of_levels),
		cmocka_unit_test(names_the_member_that_is_wrong_in_a_login),
		cmocka_unit_test(too_many_queues_are_refused),
		cmocka_unit_test(wrapup_is_extended_by_a_minute_unless_said_otherwise),
		cmocka_unit_test(a_device_has_one_of_three_states),
		cmocka_unit_test(a_disposition_says_how_it_went),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
