#ifndef NAJIMI_CODEC_JSON_H
#define NAJIMI_CODEC_JSON_H

#include <stdbool.h>

#include "najimi/base/err.h"
#include "najimi/base/text.h"

/* Reading JSON, guarded: cJSON inside, our limits and strictness around it (well-
 * formed UTF-8, no duplicate keys, no NaN or Infinity, no NUL in texts, bounded
 * nesting and members). Nothing of cJSON shows. */
struct json; /* a value; lives until json_free() of its document */

#define JSON_DEPTH_MAX 32     /* no limit may be higher */
#define JSON_MEMBERS_MAX 1024 /* likewise: looking for duplicates takes their square */

struct json_limits {
	size_t bytes_max;
	unsigned depth_max, members_max; /* members of one object or elements of one array */
	unsigned elements_max;           /* elements of one array if not 0 */
};

/* 0, or -EINVAL with the reason and the place, counted from 0 ("byte 17: duplicate
 * member 'id'"), or -ENOMEM. A whole number beyond 2^53 is refused because it would lose
 * digits, any number of 10^308 and more, and one of more than 63 characters. `text` is
 * only read. The caller frees *ret. */
int json_parse(struct text text, const struct json_limits *limits, struct json **ret,
               struct err *err) MUST_CHECK;
struct json *json_free(struct json *json); /* accepts and returns NULL */

enum json_type {
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_TEXT,
	JSON_ARRAY,
	JSON_OBJECT
};

enum json_type json_type(const struct json *json);

/* NULL when absent, and when `object` is NULL or no object. */
const struct json *json_member(const struct json *object, const char *name);
const struct json *json_first(const struct json *array_or_object);
const struct json *json_next(const struct json *element);
const char *json_member_name(const struct json *member);
size_t json_count(const struct json *array_or_object);

/* Each false when the value is of another type, or NULL: a member that is not there.
 * *ret is then left alone. */
bool json_get_text(const struct json *json, const char **ret); /* valid as long as the document */
bool json_get_bool(const struct json *json, bool *ret);
bool json_get_int(const struct json *json, int64_t *ret); /* whole and |n| <= 2^53 */

/* The value as compact JSON, members in their order. Length, or 0 when too long. */
size_t json_print(const struct json *json, char *buffer, size_t size) MUST_CHECK;

#endif
