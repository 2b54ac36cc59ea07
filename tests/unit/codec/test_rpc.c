#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "najimi/codec/rpc.h"

static const struct json_limits limits = {
	.bytes_max = 4096,
	.depth_max = 16,
	.members_max = 256,
};

static struct json *parse(const char *text)
{
	struct json *json = NULL;

	assert_int_equal(json_parse(text_of(text), &limits, &json, NULL), 0);
	return json;
}

static void reads_a_request(void **state)
{
	struct json *json = parse("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"call.arrive\","
	                          "\"params\":{\"call_id\":\"c42\"},\"later\":\"unknown\"}");
	struct rpc_request request;
	const char *call;

	(void)state;
	assert_int_equal(rpc_read_request(json, &request, NULL), 0);
	assert_string_equal(request.id.json, "7");
	assert_string_equal(request.method, "call.arrive");
	assert_true(json_get_text(json_member(request.params, "call_id"), &call));
	assert_string_equal(call, "c42");
	json_free(json);
}

#define ID_64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct {
	const char *id, *echo; /* no echo: refused, and answered with null */
} ids[] = {
	{ "7", "7" },
	{ "-7", "-7" },
	{ "0", "0" },
	{ "7.0", "7" },
	{ "9007199254740992", "9007199254740992" },
	{ "\"7\"", "\"7\"" },
	{ "\"\"", "\"\"" },
	{ "\"a\\\"b\\u0001\"", "\"a\\\"b\\u0001\"" },
	{ "\"馴染み\"", "\"馴染み\"" },
	{ "null", "null" },
	{ "\"" ID_64 "\"", "\"" ID_64 "\"" },
	{ "\"" ID_64 "x\"", NULL },
	{ "7.5", NULL },
	{ "1e300", NULL },
	{ "true", NULL },
	{ "[7]", NULL },
	{ "{}", NULL },
};

static void echoes_an_id_with_its_type(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		struct rpc_request request;
		struct json *json;
		char text[256] = "{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"id\":";
		int code;

		strcat(text, ids[i].id);
		strcat(text, "}");
		json = parse(text);
		code = rpc_read_request(json, &request, NULL);
		assert_int_equal(code, ids[i].echo == NULL ? RPC_INVALID_REQUEST : 0);
		assert_string_equal(request.id.json, ids[i].echo == NULL ? "null" : ids[i].echo);
		json_free(json);
	}
}

static void an_id_of_control_characters_only_fits_escaped(void **state)
{
	char text[512] = "{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"id\":\"", *at;
	struct rpc_request request;
	struct json *json;

	(void)state;
	at = text + strlen(text);
	for (int i = 0; i < 64; i++, at += 6)
		memcpy(at, "\\u0001", 6);
	strcpy(at, "\"}");
	json = parse(text);
	assert_int_equal(rpc_read_request(json, &request, NULL), 0);
	assert_int_equal(strlen(request.id.json), 6 * 64 + 2);
	json_free(json);
}

static const struct {
	const char *text;
	int code;
	const char *id, *why;
} rows[] = {
	/* Notifications, and params that are as good as absent. */
	{ "{\"jsonrpc\":\"2.0\",\"method\":\"ping\"}", 0, "", "" },
	{ "{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"id\":1,\"params\":[]}", 0, "1", "" },
	{ "{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"id\":1,\"params\":null}", 0, "1", "" },
	{ "{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"id\":1,\"params\":[1]}", RPC_INVALID_PARAMS,
	  "1", "params: wants members with names" },
	{ "{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"params\":[1]}", RPC_INVALID_PARAMS, "",
	  "params: wants members with names" },
	{ "{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"id\":1,\"params\":\"bar\"}",
	  RPC_INVALID_REQUEST, "1", "params: wants an object" },
	{ "{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"id\":1,\"params\":7}", RPC_INVALID_REQUEST,
	  "1", "params: wants an object" },
	{ "{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"id\":1,\"params\":true}", RPC_INVALID_REQUEST,
	  "1", "params: wants an object" },
	/* What is no request is answered with null where its id cannot be told. */
	{ "{\"jsonrpc\":\"2.0\",\"method\":1,\"params\":\"bar\"}", RPC_INVALID_REQUEST, "null",
	  "method: wants a text" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":\"a\"}", RPC_INVALID_REQUEST, "\"a\"",
	  "method: wants a text" },
	{ "{\"id\":3,\"method\":\"ping\"}", RPC_INVALID_REQUEST, "3", "jsonrpc: wants \"2.0\"" },
	{ "{\"jsonrpc\":\"1.0\",\"id\":3,\"method\":\"ping\"}", RPC_INVALID_REQUEST, "3",
	  "jsonrpc: wants \"2.0\"" },
	{ "{\"jsonrpc\":2.0,\"id\":3,\"method\":\"ping\"}", RPC_INVALID_REQUEST, "3",
	  "jsonrpc: wants \"2.0\"" },
	{ "{\"JSONRPC\":\"2.0\",\"id\":3,\"method\":\"ping\"}", RPC_INVALID_REQUEST, "3",
	  "jsonrpc: wants \"2.0\"" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":7.5,\"method\":\"ping\"}", RPC_INVALID_REQUEST, "null",
	  "id: wants a whole number or a text" },
	{ "{}", RPC_INVALID_REQUEST, "null", "jsonrpc: wants \"2.0\"" },
	{ "1", RPC_INVALID_REQUEST, "null", "wants an object" },
	{ "[]", RPC_INVALID_REQUEST, "null", "wants an object" },
	{ "null", RPC_INVALID_REQUEST, "null", "wants an object" },
};

static void says_with_which_code_and_id_to_answer(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct json *json = parse(rows[i].text);
		struct rpc_request request;
		struct err err = { "" };

		assert_int_equal(rpc_read_request(json, &request, &err), rows[i].code);
		assert_string_equal(request.id.json, rows[i].id);
		assert_string_equal(err.text, rows[i].why);
		json_free(json);
	}
}

static void knows_an_answer_from_a_request(void **state)
{
	static const struct {
		const char *text;
		bool response;
	} answers[] = {
		{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", true },
		{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}", true },
		{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601}}", true },
		{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"result\":1}", false },
		{ "{\"jsonrpc\":\"2.0\",\"id\":1}", false },
		{ "[]", false },
		{ "1", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		struct json *json = parse(answers[i].text);

		assert_int_equal(rpc_is_response(json), answers[i].response);
		json_free(json);
	}
}

static void every_code_has_words_of_its_own(void **state)
{
	static const enum rpc_code codes[] = {
		RPC_PARSE_ERROR,    RPC_INVALID_REQUEST, RPC_METHOD_NOT_FOUND,  RPC_INVALID_PARAMS,
		RPC_INTERNAL_ERROR, RPC_UNAUTHORIZED,    RPC_FORBIDDEN,         RPC_NOT_READY,
		RPC_NOT_LEADER,     RPC_UNKNOWN_CALL,    RPC_QUEUE_FULL,        RPC_UNKNOWN_QUEUE,
		RPC_UNKNOWN_AGENT,  RPC_WRONG_STATE,     RPC_OTHER_CONTENT,     RPC_RATE_LIMITED,
		RPC_OVERLOADED,     RPC_TOO_LARGE,       RPC_RESUME_IMPOSSIBLE,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		assert_string_not_equal(rpc_code_words(codes[i]), "error");
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(rpc_code_words(codes[i]), rpc_code_words(codes[j]));
	}
	assert_string_equal(rpc_code_words((enum rpc_code)1), "error");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_request),
		cmocka_unit_test(echoes_an_id_with_its_type),
		cmocka_unit_test(an_id_of_control_characters_only_fits_escaped),
		cmocka_unit_test(says_with_which_code_and_id_to_answer),
		cmocka_unit_test(knows_an_answer_from_a_request),
		cmocka_unit_test(every_code_has_words_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
