#include "said.h"

#include "rpc_translate.h"

static struct said said;

static bool survey(const char *text, struct survey_words *words)
{
	return translate_survey(said_parse(&said, text), words, &said.refusal);
}

static void answers_are_numbers_on_their_scales(void **state)
{
	struct survey_words words;

	(void)state;
	assert_taken(survey("{'contact_id':'c','nps':0,'csat':5,'resolved':false,'comment':'x'}",
	                    &words));
	assert_string_equal(words.contact, "c");
	assert_int_equal(words.survey.nps, 0);
	assert_int_equal(words.survey.csat, 5);
	assert_int_equal(words.survey.resolved, SURVEY_NO);
	assert_string_equal(words.survey.comment, "x");
	for (unsigned part = 0; part < SURVEY_PARTS; part++)
		assert_int_equal(words.survey.index[part], -1);
	said_done(&said);
	assert_refused(survey("{'call_id':'c','nps':11}", &words), "out_of_range", "nps");
	assert_refused(survey("{'call_id':'c','nps':-1}", &words), "out_of_range", "nps");
	assert_refused(survey("{'call_id':'c','csat':0}", &words), "out_of_range", "csat");
	assert_refused(survey("{'call_id':'c','resolved':1}", &words), "wrong_type", "resolved");
}

static void a_part_of_the_index_is_the_mean_of_its_answers(void **state)
{
	struct survey_words words;

	(void)state;
	assert_taken(
	        survey("{'call_id':'c','expectation':1,'quality':10,'loyalty':[7,8,8]}", &words));
	assert_int_equal(words.survey.index[SURVEY_EXPECTATION], 0);
	assert_int_equal(words.survey.index[SURVEY_QUALITY], 1000);
	assert_int_equal(words.survey.index[SURVEY_LOYALTY], 741); /* (23/3 - 1) / 9 */
	said_done(&said);
	assert_refused(survey("{'call_id':'c','loyalty':[7,11]}", &words), "out_of_range",
	               "loyalty");
	assert_refused(survey("{'call_id':'c','loyalty':['a']}", &words), "out_of_range",
	               "loyalty");
	assert_refused(survey("{'call_id':'c','quality':0}", &words), "out_of_range", "quality");
	assert_refused(survey("{'call_id':'c','quality':[1,1,1,1,1,1,1,1,1]}", &words), "too_many",
	               "quality");
}

static void one_contact_is_named_and_something_is_said(void **state)
{
	struct survey_words words;

	(void)state;
	assert_refused(survey("{'nps':3}", &words), "missing", "contact_id");
	assert_refused(survey("{'contact_id':'a','call_id':'b','nps':3}", &words), "ambiguous",
	               "call_id");
	assert_refused(survey("{'contact_id':'a'}", &words), "missing", "nps");
	assert_refused(survey("{'contact_id':'a','quality':[]}", &words), "missing", "nps");
	assert_taken(survey("{'contact_id':'a','comment':'only words'}", &words));
	said_done(&said);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_numbers_on_their_scales),
		cmocka_unit_test(a_part_of_the_index_is_the_mean_of_its_answers),
		cmocka_unit_test(one_contact_is_named_and_something_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
