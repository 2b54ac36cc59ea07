/* Any bytes: refused with a reason, or a document that prints, and whose print is read
 * again as the same document. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "najimi/codec/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_MAX 4096

static const struct json_limits limits = {
	.bytes_max = INPUT_MAX,
	.depth_max = 16,
	.members_max = 64,
	.elements_max = 256,
};

/* A document printed may be longer than it was: escapes, replaced bytes, exponents. */
static const struct json_limits printed_limits = {
	.bytes_max = 8 * INPUT_MAX,
	.depth_max = 16,
	.members_max = 64,
	.elements_max = 256,
};

/* Through every function there is, on every value there is. */
static void look_at(const struct json *json)
{
	const struct json *child;
	const char *text;
	int64_t number;
	size_t count = 0;
	bool boolean;

	switch (json_type(json)) {
	case JSON_NULL:
		break;
	case JSON_BOOL:
		if (!json_get_bool(json, &boolean))
			abort();
		break;
	case JSON_NUMBER:
		if (json_get_int(json, &number) &&
		    (number > INT64_C(1) << 53 || number < -(INT64_C(1) << 53)))
			abort();
		break;
	case JSON_TEXT:
		if (!json_get_text(json, &text) || !text_is_utf8(text_of(text)))
			abort();
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		for (child = json_first(json); child != NULL; child = json_next(child), count++) {
			look_at(child);
			/* No duplicates: a look-up finds the member itself. */
			if (json_type(json) == JSON_OBJECT &&
			    json_member(json, json_member_name(child)) != child)
				abort();
		}
		if (count != json_count(json))
			abort();
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char first[8 * INPUT_MAX], second[8 * INPUT_MAX];
	struct text text = { (const char *)data, size };
	struct json *json = NULL, *again = NULL;
	struct err err = { "" };
	size_t length;

	if (json_parse(text, &limits, &json, &err) < 0) {
		if (json != NULL || err.text[0] == '\0')
			abort();
		return 0;
	}
	look_at(json);
	length = json_print(json, first, sizeof(first));
	if (length == 0)
		abort();
	if (json_parse((struct text){ first, length }, &printed_limits, &again, &err) < 0)
		abort();
	if (json_print(again, second, sizeof(second)) != length || strcmp(first, second) != 0)
		abort();
	json_free(json);
	json_free(again);
	return 0;
}
