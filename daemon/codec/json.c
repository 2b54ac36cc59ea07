#include "najimi/codec/json.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "json_check.h"
#include "najimi/codec/json_out.h"

#define WHOLE_MAX 9007199254740992.0 /* 2^53 */

/* A `struct json` is cJSON's node by another name, so that nobody else needs its
 * header and nobody can be tempted by its laxer ways. */
static const cJSON *node_of(const struct json *json)
{
	return (const cJSON *)json;
}

static const struct json *json_of(const cJSON *node)
{
	return (const struct json *)node;
}

/* Few names share a bit, so most are known to be new without comparing any. */
static uint64_t name_bit(const char *name)
{
	unsigned sum = 0;

	while (*name != '\0')
		sum = sum * 31 + (unsigned char)*name++;
	return UINT64_C(1) << (sum & 63);
}

/* The first of an object's members whose name an earlier one has, and how many
 * members come before it. */
static const cJSON *find_duplicate(const cJSON *object)
{
	uint64_t seen = 0;

	for (const cJSON *member = object->child; member != NULL; member = member->next) {
		uint64_t bit = name_bit(member->string);

		if (seen & bit) {
			for (const cJSON *other = object->child; other != member;
			     other = other->next) {
				if (strcmp(other->string, member->string) == 0)
					return member;
			}
		}
		seen |= bit;
	}
	return NULL;
}

/* The next value in the order of the text's bytes: into a container, then along it,
 * then out of it. NULL after the last one. */
struct walk {
	const cJSON *path[JSON_DEPTH_MAX];
	unsigned depth;
};

static const cJSON *walk_on(struct walk *walk, const cJSON *node)
{
	if (node->child != NULL) {
		assert(walk->depth < JSON_DEPTH_MAX);
		walk->path[walk->depth++] = node;
		return node->child;
	}
	while (node->next == NULL || walk->depth == 0) {
		if (walk->depth == 0)
			return NULL;
		node = walk->path[--walk->depth];
	}
	return node->next;
}

static size_t count_names_before(const cJSON *root, const cJSON *wanted)
{
	struct walk walk = { .depth = 0 };
	size_t count = 0;

	for (const cJSON *node = root; node != wanted; node = walk_on(&walk, node))
		count += node->string != NULL;
	return count;
}

static int check_duplicates(struct text text, const cJSON *root, struct err *err)
{
	struct walk walk = { .depth = 0 };

	for (const cJSON *node = root; node != NULL; node = walk_on(&walk, node)) {
		const cJSON *member = cJSON_IsObject(node) ? find_duplicate(node) : NULL;

		if (member != NULL)
			return err_set(err, -EINVAL, "byte %zu: duplicate member '%.64s'",
			               json_find_name(text, count_names_before(root, member)),
			               member->string);
	}
	return 0;
}

int json_parse(struct text text, const struct json_limits *limits, struct json **ret,
               struct err *err)
{
	cJSON *root;
	int r;

	r = json_check(text, limits, err);
	if (r < 0)
		return r;

	/* What is well formed can only fail for want of memory. */
	root = cJSON_ParseWithLength(text.start, text.length);
	if (root == NULL)
		return err_set(err, -ENOMEM, "no memory for %zu bytes of JSON", text.length);
	r = check_duplicates(text, root, err);
	if (r < 0) {
		cJSON_Delete(root);
		return r;
	}
	*ret = (struct json *)root;
	return 0;
}

struct json *json_free(struct json *json)
{
	cJSON_Delete((cJSON *)json);
	return NULL;
}

enum json_type json_type(const struct json *json)
{
	switch (node_of(json)->type & 0xff) {
	case cJSON_False:
	case cJSON_True:
		return JSON_BOOL;
	case cJSON_Number:
		return JSON_NUMBER;
	case cJSON_String:
		return JSON_TEXT;
	case cJSON_Array:
		return JSON_ARRAY;
	case cJSON_Object:
		return JSON_OBJECT;
	default:
		return JSON_NULL;
	}
}

const struct json *json_member(const struct json *object, const char *name)
{
	if (object == NULL || json_type(object) != JSON_OBJECT)
		return NULL;

	/* Not cJSON_GetObjectItem(): it takes "ID" for "id". */
	for (const cJSON *member = node_of(object)->child; member != NULL; member = member->next) {
		if (strcmp(member->string, name) == 0)
			return json_of(member);
	}
	return NULL;
}

const struct json *json_first(const struct json *array_or_object)
{
	return json_of(node_of(array_or_object)->child);
}

const struct json *json_next(const struct json *element)
{
	return json_of(node_of(element)->next);
}

const char *json_member_name(const struct json *member)
{
	return node_of(member)->string;
}

size_t json_count(const struct json *array_or_object)
{
	size_t count = 0;

	for (const cJSON *node = node_of(array_or_object)->child; node != NULL; node = node->next)
		count++;
	return count;
}

bool json_get_text(const struct json *json, const char **ret)
{
	if (json == NULL || json_type(json) != JSON_TEXT)
		return false;
	*ret = node_of(json)->valuestring;
	return true;
}

bool json_get_bool(const struct json *json, bool *ret)
{
	if (json == NULL || json_type(json) != JSON_BOOL)
		return false;
	*ret = cJSON_IsTrue(node_of(json));
	return true;
}

bool json_get_int(const struct json *json, int64_t *ret)
{
	double value;

	if (json == NULL || json_type(json) != JSON_NUMBER)
		return false;
	value = node_of(json)->valuedouble;
	if (value > WHOLE_MAX || value < -WHOLE_MAX || (double)(int64_t)value != value)
		return false;
	*ret = (int64_t)value;
	return true;
}

static void print_number(struct json_out *out, const struct json *json)
{
	char digits[32];
	int64_t whole;

	if (json_get_int(json, &whole)) {
		json_int(out, NULL, whole);
		return;
	}
	/* The fewest digits that read back the same; seventeen always do. Without a
	 * point a large one would look whole, which json_check() refuses. */
	for (int precision = 15; precision <= 17; precision++) {
		snprintf(digits, sizeof(digits), "%.*g", precision, node_of(json)->valuedouble);
		if (strtod(digits, NULL) == node_of(json)->valuedouble)
			break;
	}
	if (strpbrk(digits, ".e") == NULL)
		strcat(digits, ".0");
	json_raw(out, NULL, text_of(digits));
}

static void print_value(struct json_out *out, const struct json *json)
{
	const cJSON *node = node_of(json);

	switch (json_type(json)) {
	case JSON_NULL:
		json_null(out, NULL);
		break;
	case JSON_BOOL:
		json_bool(out, NULL, cJSON_IsTrue(node));
		break;
	case JSON_NUMBER:
		print_number(out, json);
		break;
	case JSON_TEXT:
		json_text(out, NULL, node->valuestring);
		break;
	case JSON_ARRAY:
		json_array(out, NULL);
		for (const cJSON *child = node->child; child != NULL; child = child->next)
			print_value(out, json_of(child));
		json_array_end(out);
		break;
	case JSON_OBJECT:
		json_object(out, NULL);
		for (const cJSON *child = node->child; child != NULL; child = child->next) {
			json_name_text(out, text_of(child->string));
			print_value(out, json_of(child));
		}
		json_object_end(out);
		break;
	}
}

size_t json_print(const struct json *json, char *buffer, size_t size)
{
	struct json_out out;

	json_out_begin(&out, buffer, size);
	print_value(&out, json);
	return json_out_done(&out);
}
