/* Any JSON as a request: a code with words and an id that is JSON, or a request that
 * holds what it says. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "najimi/codec/rpc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct json_limits limits = {
	.bytes_max = 4096,
	.depth_max = 16,
	.members_max = 64,
};

static void check_id(const struct rpc_id *id)
{
	struct json *json = NULL;

	if (id->json[0] == '\0')
		return;
	if (json_parse(text_of(id->json), &limits, &json, NULL) < 0)
		abort();
	json_free(json);
}

static void check(const struct json *element)
{
	struct rpc_request request;
	struct err err = { "" };
	int code = rpc_read_request(element, &request, &err);

	check_id(&request.id);
	if (code == 0) {
		if (request.method == NULL || rpc_is_response(element))
			abort();
		if (request.params != NULL && json_type(request.params) != JSON_OBJECT)
			abort();
		return;
	}
	if (strcmp(rpc_code_words((enum rpc_code)code), "error") == 0 || err.text[0] == '\0')
		abort();
	if (code == RPC_INVALID_REQUEST && request.id.json[0] == '\0')
		abort(); /* nobody would be told */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json *json = NULL;

	if (json_parse((struct text){ (const char *)data, size }, &limits, &json, NULL) < 0)
		return 0;
	check(json);
	if (json_type(json) == JSON_ARRAY) {
		for (const struct json *one = json_first(json); one != NULL; one = json_next(one))
			check(one);
	}
	json_free(json);
	return 0;
}
