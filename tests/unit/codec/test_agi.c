#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "edge.h"
#include "najimi/codec/agi.h"

/* As Asterisk 22 said it: a restricted number, arguments, an empty value. */
static const char captured[] = "agi_network: yes\n"
                               "agi_network_script: route?queue=AgentQueue&skill=sales\n"
                               "agi_request: agi://127.0.0.1:4573/route?queue=AgentQueue\n"
                               "agi_channel: PJSIP/callers-00000000\n"
                               "agi_language: en\n"
                               "agi_type: PJSIP\n"
                               "agi_uniqueid: 1795304681.0\n"
                               "agi_version: 22.10.1+dfsg+~cs6.17.60671434-1\n"
                               "agi_callerid: 15550100001\n"
                               "agi_calleridname: Caller: 15550100001\n"
                               "agi_callingpres: 32\n"
                               "agi_callingani2: 0\n"
                               "agi_dnid: 7000\n"
                               "agi_rdnis: unknown\n"
                               "agi_context: from-callers\n"
                               "agi_extension: 7000\n"
                               "agi_priority: 3\n"
                               "agi_enhanced: 0.0\n"
                               "agi_accountcode: \n"
                               "agi_threadid: 140249190463168\n"
                               "agi_arg_1: arg-one\n"
                               "agi_arg_2: \n"
                               "agi_arg_3: reason=two: words\n"
                               "\n"
                               "200 result=1 (a (b) c)\n"
                               "520-Invalid command syntax.  Proper usage follows:\n"
                               "HANGUP\n"
                               "Usage: GET VARIABLE <variablename>\n"
                               "520 End of proper usage.\n";

/* --- however the bytes arrive --- */

struct heard {
	struct agi_env env;
	bool whole; /* the environment */
	struct agi_replies replies;
	char said[512]; /* what came behind it, one word or two each */
};

static void hear(struct heard *heard, struct text line)
{
	size_t used = strlen(heard->said);
	struct agi_reply reply;
	char *to = heard->said + used;

	if (!heard->whole) {
		enum agi_result result = agi_env_take(&heard->env, line);

		assert_int_not_equal(result, AGI_WRONG);
		heard->whole = result == AGI_READY;
		return;
	}
	switch (agi_reply_take(&heard->replies, line, &reply)) {
	case AGI_NEWS_REPLY:
		snprintf(to, sizeof(heard->said) - used, "%d %d %.*s;", reply.code,
		         (int)reply.result, (int)reply.value.length,
		         reply.value.start == NULL ? "" : reply.value.start);
		break;
	case AGI_NEWS_HANGUP:
		snprintf(to, sizeof(heard->said) - used, "hangup;");
		break;
	case AGI_NEWS_NOTHING:
		break;
	case AGI_NEWS_WRONG:
		snprintf(to, sizeof(heard->said) - used, "wrong;");
		break;
	}
}

/* Cut once, at `cut`; or in pieces of so many bytes. */
static void play(const char *stream, size_t length, size_t cut, size_t piece, struct heard *heard)
{
	struct agi_lines lines = { 0 };
	size_t start = 0, end = 0;

	memset(heard, 0, sizeof(*heard));
	agi_env_init(&heard->env);
	while (end < length) {
		end = end == 0 && cut > 0 ? cut : end + piece;
		if (end > length)
			end = length;
		for (;;) {
			struct edge edge;
			struct text line;
			size_t used;
			enum agi_result result;

			edge_init(&edge, stream + start, end - start);
			result = agi_line_next(&lines, edge.start, edge.length, &line, &used);
			if (result == AGI_SHORT && !heard->whole)
				assert_int_equal(
				        agi_env_expect(&heard->env,
				                       (struct text){ edge.start, edge.length }),
				        AGI_SHORT);
			if (result == AGI_READY)
				hear(heard, line);
			edge_done(&edge);
			assert_int_not_equal(result, AGI_WRONG);
			if (result == AGI_SHORT)
				break;
			start += used;
		}
	}
	assert_int_equal(start, length);
}

static void check_captured(const struct heard *heard)
{
	const struct agi_env *env = &heard->env;

	assert_true(heard->whole);
	assert_string_equal(env->fields[AGI_SCRIPT], "route?queue=AgentQueue&skill=sales");
	assert_string_equal(env->fields[AGI_CHANNEL], "PJSIP/callers-00000000");
	assert_string_equal(env->fields[AGI_UNIQUEID], "1795304681.0");
	assert_string_equal(env->fields[AGI_CALLERID], "15550100001");
	assert_string_equal(env->fields[AGI_CALLERIDNAME], "Caller: 15550100001");
	assert_string_equal(env->fields[AGI_CALLINGPRES], "32");
	assert_string_equal(env->fields[AGI_DNID], "7000");
	assert_string_equal(env->fields[AGI_CONTEXT], "from-callers");
	assert_string_equal(env->fields[AGI_EXTENSION], "7000");
	assert_string_equal(env->fields[AGI_LANGUAGE], "en");
	assert_int_equal(env->args_count, 3);
	assert_string_equal(env->args[0], "arg-one");
	assert_string_equal(env->args[1], "");
	assert_string_equal(env->args[2], "reason=two: words");
	assert_string_equal(heard->said, "200 1 a (b) c;hangup;520 0 ;");
}

static void hears_the_same_wherever_the_bytes_are_cut(void **state)
{
	size_t length = sizeof(captured) - 1;
	struct heard *heard = malloc(sizeof(*heard));

	(void)state;
	for (size_t cut = 1; cut < length; cut++) {
		play(captured, length, cut, length, heard);
		check_captured(heard);
	}
	for (size_t piece = 1; piece <= length; piece += piece < 40 ? 1 : 97) {
		play(captured, length, 0, piece, heard);
		check_captured(heard);
	}
	free(heard);
}

/* --- lines --- */

static void takes_a_line_as_long_as_asterisk_s_and_no_longer(void **state)
{
	struct agi_lines lines = { 0 };
	static char bytes[AGI_LINE_MAX + 1];
	struct text line;
	size_t used;

	(void)state;
	memset(bytes, 'a', sizeof(bytes));
	assert_int_equal(agi_line_next(&lines, bytes, AGI_LINE_MAX - 1, &line, &used), AGI_SHORT);
	bytes[AGI_LINE_MAX - 1] = '\n';
	assert_int_equal(agi_line_next(&lines, bytes, AGI_LINE_MAX, &line, &used), AGI_READY);
	assert_int_equal(line.length, AGI_LINE_MAX - 1);
	assert_int_equal(used, AGI_LINE_MAX);
	bytes[AGI_LINE_MAX - 1] = 'a';
	bytes[AGI_LINE_MAX] = '\n';
	assert_int_equal(agi_line_next(&lines, bytes, sizeof(bytes), &line, &used), AGI_WRONG);
	assert_string_equal(lines.reason, "line_too_long");
}

static void takes_lines_that_end_as_a_terminal_ends_them(void **state)
{
	struct agi_lines lines = { 0 };
	struct text line;
	size_t used;

	(void)state;
	assert_int_equal(agi_line_next(&lines, "a\r\n\r\nb", 6, &line, &used), AGI_READY);
	assert_true(text_is(line, "a"));
	assert_int_equal(used, 3);
	assert_int_equal(agi_line_next(&lines, "\r\nb", 3, &line, &used), AGI_READY);
	assert_int_equal(line.length, 0);
}

/* --- the environment --- */

/* Why an environment of these lines is refused, NULL when it is not. */
static const char *refusal_of(const char *text)
{
	static struct agi_env env;
	struct agi_lines lines = { 0 };
	size_t length = strlen(text), at = 0, used;
	struct text line;

	agi_env_init(&env);
	while (agi_line_next(&lines, text + at, length - at, &line, &used) == AGI_READY) {
		if (agi_env_take(&env, line) == AGI_WRONG)
			return env.reason;
		at += used;
	}
	if (at < length &&
	    agi_env_expect(&env, (struct text){ text + at, length - at }) == AGI_WRONG)
		return env.reason;
	return NULL;
}

static void names_what_is_wrong_with_an_environment(void **state)
{
	static const struct {
		const char *text, *reason;
	} cases[] = {
		{ "agi_network: yes\nagi_channel: A\n\n", NULL },
		{ "agi_", NULL },
		{ "a", NULL },
		{ "agi_network:yes\nagi_channel:\n\n", NULL },
		{ "\n", "garbage" },
		{ "hello\n", "garbage" },
		{ "x", "garbage" },
		{ "agx", "garbage" },
		{ "G", NULL },
		{ "GET", NULL },
		{ "GET / HTTP/1.1", "http" },
		{ "GET / HTTP/1.1\r\n", "http" },
		{ "OPTIONS * HTTP/1.1\r\n", "http" },
		{ "PUSH", "garbage" },
		{ "\x16\x03\x01", "tls_on_plain" },
		{ "{\"jsonrpc\"", "garbage" },
		{ "agi_network: yes\nhello\n", "not_agi" },
		{ "agi_network: yes\nagi_\n", "not_agi" },
		{ "agi_network: yes\nagi_: x\n", "not_agi" },
		{ "agi_network: yes\nagi_x\n", "not_agi" },
		{ "agi_network: yes\nagi_x y: z\n", "not_agi" },
		{ "agi_network: yes\nagi_arg_: z\n", "not_agi" },
		{ "agi_network: yes\nagi_arg_x: z\n", "not_agi" },
		{ "agi_network: yes\nagi_arg_0: z\n", "not_agi" },
		{ "agi_network: yes\nagi_arg_2: z\n", "not_agi" },
		{ "agi_network: yes\nagi_arg_1000: z\n", "not_agi" },
		{ "agi_network: yes\nagi_channel: 1\nagi_channel: 2\n", "said_twice" },
		{ "agi_network: yes\nagi_channel: \nagi_channel: 2\n", "said_twice" },
		{ "agi_network: yes\nagi_arg_1: 1\nagi_arg_1: 2\n", "said_twice" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *reason = refusal_of(cases[i].text);

		if (cases[i].reason == NULL
		            ? reason != NULL
		            : reason == NULL || strcmp(reason, cases[i].reason) != 0)
			fail_msg("%s: %s", cases[i].text, reason == NULL ? "taken" : reason);
	}
}

/* What Asterisk says behind a caller's number, of which these bytes are a part. */
static void hear_caller(const char *number, struct agi_env *env)
{
	char text[1024], *line = text, *end;
	enum agi_result result = AGI_SHORT;

	snprintf(text, sizeof(text),
	         "agi_network: yes\nagi_uniqueid: 1.1\nagi_callerid: %s\n"
	         "agi_calleridname: Taro\nagi_callingpres: 32\nagi_dnid: 700\nagi_context: c\n"
	         "agi_accountcode: \nagi_threadid: 1\nagi_arg_1: sales\nagi_arg_2: BUSY\n\n",
	         number);
	agi_env_init(env);
	while ((end = strchr(line, '\n')) != NULL) {
		assert_int_equal(result, AGI_SHORT);
		assert_int_equal(
		        agi_env_expect(env, (struct text){ line, (size_t)(end - line) / 2 }),
		        AGI_SHORT);
		result = agi_env_take(env, (struct text){ line, (size_t)(end - line) });
		line = end + 1;
	}
	assert_int_equal(result, AGI_READY);
}

/* A caller may send any number by SIP: a line feed in it makes lines of the environment. They say
 * nothing, and the caller is taken. */
static void takes_a_caller_with_line_feeds_in_the_number(void **state)
{
	static const struct {
		const char *said, *number;
		size_t odd;
	} cases[] = {
		{ "0312345678", "0312345678", 0 },
		{ "0312\n345678", "0312?345678", 1 },
		{ "0312\n\n345678\n", "0312??345678?", 3 },
		{ "0312\nagi_\n", "0312?agi_?", 2 },
		{ "0312\nagi_uniqueid: 2.2", "0312", 1 },
		{ "0312\nagi_callerid: 0399999999", "0312", 1 },
		{ "0312\nagi_arg_1: vip", "0312", 1 },
		{ "0312\nagi_arg_1: vip\nagi_arg_2: ANSWER\nagi_arg_3: x", "0312", 3 },
		{ "0312\nagi_arg_2: vip\nagi_arg_x: y\nagi_arg_: z", "0312", 3 },
		{ "0312\nagi_arg_1: vip\nagi_arg_1: vip", "0312", 2 },
		{ "0312\nagi_callingpres: 0\nagi_arg_1: vip", "0312", 2 },
	};
	static struct agi_env env;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		hear_caller(cases[i].said, &env);
		assert_string_equal(env.fields[AGI_CALLERID], cases[i].number);
		assert_string_equal(env.fields[AGI_UNIQUEID], "1.1");
		assert_string_equal(env.fields[AGI_CONTEXT], "c");
		assert_int_equal(env.args_count, 2);
		assert_string_equal(env.args[0], "sales");
		assert_string_equal(env.args[1], "BUSY");
		assert_int_equal(env.odd, cases[i].odd);
	}
}

static void limits_lines_arguments_and_bytes(void **state)
{
	char *text = malloc(64 * 1024), *at = text;

	(void)state;
	at += sprintf(at, "agi_network: yes\n");
	for (int i = 1; i <= AGI_ARGS_MAX; i++)
		at += sprintf(at, "agi_arg_%d: x\n", i);
	sprintf(at, "\n");
	assert_null(refusal_of(text));
	sprintf(at, "agi_arg_%d: x\n", AGI_ARGS_MAX + 1);
	assert_string_equal(refusal_of(text), "too_many_arguments");

	at = text + sprintf(text, "agi_network: yes\n");
	for (int i = 2; i < AGI_ENV_LINES_MAX; i++)
		at += sprintf(at, "agi_other: x\n");
	sprintf(at, "\n");
	assert_null(refusal_of(text));
	sprintf(at, "agi_other: x\n\n");
	assert_string_equal(refusal_of(text), "too_many_lines");

	at = text + sprintf(text, "agi_network: yes\n");
	for (int i = 1; i <= 3; i++)
		at += sprintf(at, "agi_arg_%d: %06000d\n", i, i);
	assert_string_equal(refusal_of(text), "too_large");
	free(text);
}

static void shows_what_is_no_text_as_question_marks(void **state)
{
	static const char line[] = "agi_calleridname: a\0b\xff\xc3\xa9\x01\x7f\xe3\x81";
	static struct agi_env env;

	(void)state;
	agi_env_init(&env);
	assert_int_equal(agi_env_take(&env, (struct text){ line, sizeof(line) - 1 }), AGI_SHORT);
	assert_string_equal(env.fields[AGI_CALLERIDNAME], "a?b?\xc3\xa9????");
	assert_string_equal(env.fields[AGI_CALLERID], "");
}

/* --- the URL --- */

static void reads_path_and_query(void **state)
{
	struct agi_url url;
	char many[2048] = "route?";

	(void)state;
	assert_true(agi_url_read(&url, "route?queue=sales&skill=&x&&a%20b=c+d%3D%zz%2"));
	assert_string_equal(url.path, "route");
	assert_int_equal(url.count, 4);
	assert_string_equal(agi_url_find(&url, "queue"), "sales");
	assert_string_equal(agi_url_find(&url, "skill"), "");
	assert_string_equal(agi_url_find(&url, "x"), "");
	assert_string_equal(agi_url_find(&url, "a b"), "c d=%zz%2");
	assert_null(agi_url_find(&url, "nobody"));

	assert_true(agi_url_read(&url, ""));
	assert_string_equal(url.path, "");
	assert_true(agi_url_read(&url, "/ended/"));
	assert_string_equal(url.path, "ended");
	assert_int_equal(url.count, 0);
	/* A line feed by way of the encoding stays what it is. */
	assert_true(agi_url_read(&url, "r?a=x%0ay%00z%7f"));
	assert_string_equal(agi_url_find(&url, "a"), "x%0ay%00z%7f");

	for (size_t i = 0; i <= AGI_QUERY_MAX; i++)
		strcat(many, "a=b&");
	assert_false(agi_url_read(&url, many));
	memset(many, 'a', sizeof(many) - 1);
	assert_false(agi_url_read(&url, many));
}

/* --- replies --- */

static void reads_replies_as_asterisk_says_them(void **state)
{
	static const struct {
		const char *line;
		enum agi_news news;
		int code, result;
		bool has_result;
		const char *value;
		int endpos;
	} cases[] = {
		{ "200 result=1", AGI_NEWS_REPLY, 200, 1, true, NULL, -1 },
		{ "200 result=-1", AGI_NEWS_REPLY, 200, -1, true, NULL, -1 },
		{ "200 result=1 (two)", AGI_NEWS_REPLY, 200, 1, true, "two", -1 },
		{ "200 result=1 ()", AGI_NEWS_REPLY, 200, 1, true, "", -1 },
		{ "200 result=1 (a) b)", AGI_NEWS_REPLY, 200, 1, true, "a) b", -1 },
		{ "200 result=1 (endpos=3)", AGI_NEWS_REPLY, 200, 1, true, "endpos=3", -1 },
		{ "200 result=49 endpos=8000", AGI_NEWS_REPLY, 200, 49, true, NULL, 8000 },
		{ "200 result=0 endpos=x", AGI_NEWS_REPLY, 200, 0, true, NULL, -1 },
		{ "200 result=12#", AGI_NEWS_REPLY, 200, 0, false, NULL, -1 },
		{ "200 result= (timeout)", AGI_NEWS_REPLY, 200, 0, false, "timeout", -1 },
		{ "200 result=", AGI_NEWS_REPLY, 200, 0, false, NULL, -1 },
		{ "510 Invalid or unknown command", AGI_NEWS_REPLY, 510, 0, false, NULL, -1 },
		{ "511 Command Not Permitted on a dead channel or intercept routine",
		  AGI_NEWS_REPLY, 511, 0, false, NULL, -1 },
		{ "520 Invalid command syntax.  Proper usage not available.", AGI_NEWS_REPLY, 520,
		  0, false, NULL, -1 },
		{ "HANGUP", AGI_NEWS_HANGUP, 0, 0, false, NULL, -1 },
		{ "HANGUP ", AGI_NEWS_WRONG, 0, 0, false, NULL, -1 },
		{ "200", AGI_NEWS_WRONG, 0, 0, false, NULL, -1 },
		{ "200 ", AGI_NEWS_WRONG, 0, 0, false, NULL, -1 },
		{ "200 ok", AGI_NEWS_WRONG, 0, 0, false, NULL, -1 },
		{ "200-result=1", AGI_NEWS_WRONG, 0, 0, false, NULL, -1 },
		{ "200 result=1 (half", AGI_NEWS_WRONG, 0, 0, false, NULL, -1 },
		{ "agi_arg_1: x", AGI_NEWS_WRONG, 0, 0, false, NULL, -1 },
		{ "", AGI_NEWS_WRONG, 0, 0, false, NULL, -1 },
		{ "20x result=1", AGI_NEWS_WRONG, 0, 0, false, NULL, -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct agi_replies replies = { 0 };
		struct agi_reply reply;
		struct edge edge;

		edge_init(&edge, cases[i].line, strlen(cases[i].line));
		assert_int_equal(
		        agi_reply_take(&replies, (struct text){ edge.start, edge.length }, &reply),
		        cases[i].news);
		if (cases[i].news == AGI_NEWS_REPLY) {
			assert_int_equal(reply.code, cases[i].code);
			assert_int_equal(reply.result, cases[i].result);
			assert_int_equal(reply.has_result, cases[i].has_result);
			assert_int_equal(reply.endpos, cases[i].endpos);
			assert_int_equal(reply.value.start == NULL, cases[i].value == NULL);
			if (cases[i].value != NULL)
				assert_true(text_is(reply.value, cases[i].value));
		}
		edge_done(&edge);
	}
}

static void ends_a_usage_that_has_no_end(void **state)
{
	struct agi_replies replies = { 0 };
	struct agi_reply reply;
	int lines = 0;

	(void)state;
	assert_int_equal(agi_reply_take(&replies, TEXT("520-Invalid"), &reply), AGI_NEWS_NOTHING);
	while (agi_reply_take(&replies, TEXT("more"), &reply) == AGI_NEWS_NOTHING)
		assert_true(++lines <= AGI_USAGE_LINES_MAX);
}

/* --- commands --- */

static void quotes_every_argument(void **state)
{
	static struct agi_command command;
	struct text bytes;

	(void)state;
	agi_command_begin(&command, "SET VARIABLE");
	agi_command_add(&command, "NAJIMI_X");
	agi_command_add(&command, "a \"b\" \\c\nHANGUP\r\t");
	agi_command_add(&command, "");
	bytes = agi_command_end(&command);
	assert_true(text_is(bytes, "SET VARIABLE \"NAJIMI_X\" \"a \\\"b\\\" \\\\c HANGUP  \" "
	                           "\"\"\n"));
}

static void does_not_send_what_does_not_fit(void **state)
{
	static struct agi_command command;
	char *argument = malloc(AGI_LINE_MAX + 1);

	(void)state;
	memset(argument, 'a', AGI_LINE_MAX);
	argument[AGI_LINE_MAX] = '\0';
	agi_command_begin(&command, "NOOP");
	agi_command_add(&command, argument);
	assert_int_equal(agi_command_end(&command).length, 0);
	/* `NOOP "`, `"` and the end. */
	argument[AGI_LINE_MAX - 8] = '\0';
	agi_command_begin(&command, "NOOP");
	agi_command_add(&command, argument);
	assert_int_equal(agi_command_end(&command).length, AGI_LINE_MAX);
	free(argument);
}

static void sets_several_variables_at_once(void **state)
{
	char list[64] = "", full[8] = "";

	(void)state;
	assert_true(agi_mset_add(list, sizeof(list), "A", "PJSIP/a&PJSIP/b"));
	assert_true(agi_mset_add(list, sizeof(list), "B", ""));
	assert_true(agi_mset_add(list, sizeof(list), "C", "x,y(\"z\")[\\]=1"));
	assert_string_equal(list, "A=PJSIP/a&PJSIP/b,B=,C=x\\,y\\(\\\"z\\\"\\)\\[\\\\\\]=1");

	assert_true(agi_mset_add(full, sizeof(full), "A", "1"));
	assert_false(agi_mset_add(full, sizeof(full), "B", "123"));
	assert_string_equal(full, "A=1");
	assert_false(agi_mset_add(full, sizeof(full), "BBBBB", ""));
	assert_string_equal(full, "A=1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hears_the_same_wherever_the_bytes_are_cut),
		cmocka_unit_test(takes_a_line_as_long_as_asterisk_s_and_no_longer),
		cmocka_unit_test(takes_lines_that_end_as_a_terminal_ends_them),
		cmocka_unit_test(names_what_is_wrong_with_an_environment),
		cmocka_unit_test(takes_a_caller_with_line_feeds_in_the_number),
		cmocka_unit_test(limits_lines_arguments_and_bytes),
		cmocka_unit_test(shows_what_is_no_text_as_question_marks),
		cmocka_unit_test(reads_path_and_query),
		cmocka_unit_test(reads_replies_as_asterisk_says_them),
		cmocka_unit_test(ends_a_usage_that_has_no_end),
		cmocka_unit_test(quotes_every_argument),
		cmocka_unit_test(does_not_send_what_does_not_fit),
		cmocka_unit_test(sets_several_variables_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
