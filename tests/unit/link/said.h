#ifndef NAJIMI_TESTS_LINK_SAID_H
#define NAJIMI_TESTS_LINK_SAID_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "rpc_params.h"

/* Params as a person would type them, with ' for ", and what became of them. */
struct said {
	struct json *document;
	struct refusal refusal;
};

static inline const struct json *said_parse(struct said *said, const char *text)
{
	struct json_limits limits = { .bytes_max = 65536, .depth_max = 16, .members_max = 256 };
	char json[8192];
	struct err err = { 0 };
	size_t length = strlen(text);

	assert_true(length < sizeof(json));
	memcpy(json, text, length + 1);
	for (char *at = json; *at != '\0'; at++)
		if (*at == '\'')
			*at = '"';
	memset(said, 0, sizeof(*said));
	if (json_parse((struct text){ json, length }, &limits, &said->document, &err) < 0)
		fail_msg("%s: %s", text, err.text);
	return said->document;
}

static inline void said_done(struct said *said)
{
	said->document = json_free(said->document);
}

/* A call of a translate function that must refuse, and which member it must name. */
#define assert_refused(call, wanted_reason, wanted_field) \
	do { \
		assert_false(call); \
		assert_int_equal(said.refusal.code, RPC_INVALID_PARAMS); \
		assert_string_equal(said.refusal.field, wanted_field); \
		assert_string_equal(said.refusal.reason, wanted_reason); \
		assert_true(said.refusal.detail[0] != '\0'); \
		said_done(&said); \
	} while (0)

#define assert_taken(call) \
	do { \
		if (!(call)) \
			fail_msg("%s: refused: %s %s %s", #call, said.refusal.reason, \
			         said.refusal.field, said.refusal.detail); \
	} while (0)

#endif
