#include <errno.h>

#include "said.h"

static struct params params_of(struct said *said, const char *text)
{
	return (struct params){ .object = said_parse(said, text),
		                .prefix = "",
		                .refusal = &said->refusal };
}

static void leaves_alone_what_is_absent_null_or_an_empty_optional_text(void **state)
{
	struct said said;
	struct params params = params_of(&said, "{'b':null,'c':''}");
	const char *text = "as it was";
	const struct json *array;
	int64_t number = 7;
	usec_t at = 5;
	int word = -1;
	bool flag = true;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		const char *name = (const char *[]){ "a", "b", "c" }[i];

		assert_true(params_id(&params, name, OPTIONAL, &text));
		assert_true(params_text(&params, name, 10, OPTIONAL, &text));
		assert_true(params_instant(&params, name, &at));
		assert_true(params_word(&params, name, (const char *const[]){ "x", NULL }, OPTIONAL,
		                        &word));
		if (i == 2)
			continue;
		assert_true(params_int(&params, name, 0, 1, OPTIONAL, &number));
		assert_true(params_bool(&params, name, &flag));
		assert_true(params_array(&params, name, 1, OPTIONAL, &array));
		assert_null(array);
	}
	assert_string_equal(text, "as it was");
	assert_int_equal(number, 7);
	assert_int_equal(at, 5);
	assert_int_equal(word, -1);
	assert_true(flag);
	said_done(&said);
}

static void names_a_required_member_that_is_not_there(void **state)
{
	struct said said;
	struct params params;
	const struct json *value;
	const char *text;
	int64_t number;
	int word;

	(void)state;
	params = params_of(&said, "{'id':''}");
	assert_refused(params_id(&params, "id", REQUIRED, &text), "missing", "id");
	params = params_of(&said, "{}");
	assert_refused(params_text(&params, "t", 9, REQUIRED, &text), "missing", "t");
	params = params_of(&said, "{}");
	assert_refused(params_int(&params, "n", 0, 9, REQUIRED, &number), "missing", "n");
	params = params_of(&said, "{'w':null}");
	assert_refused(
	        params_word(&params, "w", (const char *const[]){ "x", NULL }, REQUIRED, &word),
	        "missing", "w");
	params = params_of(&said, "{}");
	assert_refused(params_array(&params, "l", 9, REQUIRED, &value), "missing", "l");
	params = params_of(&said, "{}");
	assert_refused(params_object(&params, "o", REQUIRED, &value), "missing", "o");
	params = (struct params){ .object = NULL, .prefix = "", .refusal = &said.refusal };
	assert_refused(params_id(&params, "id", REQUIRED, &text), "missing", "id");
}

static void names_a_member_of_another_type(void **state)
{
	struct said said;
	struct params params;
	const struct json *value;
	const char *text;
	int64_t number;
	usec_t at;
	bool flag;

	(void)state;
	params = params_of(&said, "{'m':7}");
	assert_refused(params_id(&params, "m", OPTIONAL, &text), "wrong_type", "m");
	params = params_of(&said, "{'m':1.5}");
	assert_refused(params_int(&params, "m", 0, 9, OPTIONAL, &number), "wrong_type", "m");
	params = params_of(&said, "{'m':'1'}");
	assert_refused(params_int(&params, "m", 0, 9, OPTIONAL, &number), "wrong_type", "m");
	params = params_of(&said, "{'m':1}");
	assert_refused(params_bool(&params, "m", &flag), "wrong_type", "m");
	params = params_of(&said, "{'m':{}}");
	assert_refused(params_array(&params, "m", 9, OPTIONAL, &value), "wrong_type", "m");
	params = params_of(&said, "{'m':[]}");
	assert_refused(params_object(&params, "m", OPTIONAL, &value), "wrong_type", "m");
	params = params_of(&said, "{'m':'yesterday'}");
	assert_refused(params_instant(&params, "m", &at), "not_an_instant", "m");
}

static void names_a_member_beyond_its_limit_and_says_the_limit(void **state)
{
	struct said said;
	struct params params;
	const struct json *value;
	const char *text;
	int64_t number;

	(void)state;
	params = params_of(&said, "{'m':10}");
	assert_false(params_int(&params, "m", -3, 9, OPTIONAL, &number));
	assert_string_equal(said.refusal.reason, "out_of_range");
	assert_string_equal(said.refusal.detail, "10 is outside -3 to 9");
	said_done(&said);
	params = params_of(&said, "{'m':'12345'}");
	assert_refused(params_text(&params, "m", 4, OPTIONAL, &text), "too_long", "m");
	params = params_of(&said, "{'m':[1,2,3]}");
	assert_refused(params_array(&params, "m", 2, OPTIONAL, &value), "too_many", "m");
	params = params_of(&said, "{'m':'a\\u0001b'}");
	assert_refused(params_id(&params, "m", OPTIONAL, &text), "not_an_id", "m");
}

static void says_which_words_there_are(void **state)
{
	struct said said;
	struct params params = params_of(&said, "{'m':'blue'}");
	int word = 9;

	(void)state;
	assert_false(params_word(&params, "m", (const char *const[]){ "red", "green", NULL },
	                         OPTIONAL, &word));
	assert_string_equal(said.refusal.detail, "wants one of: red, green");
	assert_string_equal(said.refusal.reason, "unknown_word");
	assert_int_equal(word, 9);
	said_done(&said);
}

static void puts_the_prefix_before_the_field(void **state)
{
	struct said said;
	struct params params = params_of(&said, "{}");
	const char *text;

	(void)state;
	params.prefix = "skills[2].";
	assert_refused(params_id(&params, "name", REQUIRED, &text), "missing", "skills[2].name");
}

static void takes_an_id_of_128_bytes_and_no_more(void **state)
{
	char text[200] = "{'m':'";
	struct params params;
	struct said said;
	const char *id;

	(void)state;
	memset(text + 6, 'x', 128);
	strcpy(text + 134, "'}");
	params = params_of(&said, text);
	assert_true(params_id(&params, "m", REQUIRED, &id));
	assert_int_equal(strlen(id), 128);
	said_done(&said);
	memset(text + 6, 'x', 129);
	strcpy(text + 135, "'}");
	params = params_of(&said, text);
	assert_refused(params_id(&params, "m", REQUIRED, &id), "not_an_id", "m");
}

static void says_what_the_store_could_not_do(void **state)
{
	struct refusal refusal;

	(void)state;
	assert_false(refuse_store(&refusal, -EBUSY, "figures"));
	assert_int_equal(refusal.code, RPC_RATE_LIMITED);
	assert_string_equal(refusal.detail, "too many others ask for figures at the moment");
	assert_int_equal(refusal.retry_after, SEC(1));
	assert_false(refuse_store(&refusal, -ENOTCONN, "figures"));
	assert_string_equal(refusal.reason, "store_unreachable");
	assert_int_equal(refusal.retry_after, SEC(1));
	assert_false(refuse_store(&refusal, -ENOMEM, "figures"));
	assert_int_equal(refusal.code, RPC_OVERLOADED);
	assert_int_equal(refusal.retry_after, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_alone_what_is_absent_null_or_an_empty_optional_text),
		cmocka_unit_test(names_a_required_member_that_is_not_there),
		cmocka_unit_test(names_a_member_of_another_type),
		cmocka_unit_test(names_a_member_beyond_its_limit_and_says_the_limit),
		cmocka_unit_test(says_which_words_there_are),
		cmocka_unit_test(puts_the_prefix_before_the_field),
		cmocka_unit_test(takes_an_id_of_128_bytes_and_no_more),
		cmocka_unit_test(says_what_the_store_could_not_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
