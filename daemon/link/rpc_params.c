#include "rpc_params.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static void PRINTF(6, 0) fill(struct refusal *ret, enum rpc_code code, const char *reason,
                              const char *prefix, const char *field, const char *fmt, va_list args)
{
	*ret = (struct refusal){ .code = code, .reason = reason };
	snprintf(ret->field, sizeof(ret->field), "%s%s", prefix, field);
	vsnprintf(ret->detail, sizeof(ret->detail), fmt, args);
}

bool refuse(struct refusal *ret, enum rpc_code code, const char *reason, const char *field,
            const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fill(ret, code, reason, "", field, fmt, args);
	va_end(args);
	return false;
}

bool refuse_store(struct refusal *ret, int outcome, const char *what)
{
	if (outcome == -EBUSY)
		refuse(ret, RPC_RATE_LIMITED, "too_many_questions", "",
		       "too many others ask for %s at the moment", what);
	else if (outcome == -ENOTCONN)
		refuse(ret, RPC_NOT_READY, "store_unreachable", "", "%s",
		       "Redis cannot be asked at the moment");
	else
		return refuse(ret, RPC_OVERLOADED, "out_of_memory", "", "out of memory");
	ret->retry_after = SEC(1);
	return false;
}

bool params_refuse(const struct params *params, const char *name, const char *reason,
                   const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fill(params->refusal, RPC_INVALID_PARAMS, reason, params->prefix, name, fmt, args);
	va_end(args);
	return false;
}

const struct json *params_find(const struct params *params, const char *name)
{
	const struct json *member = json_member(params->object, name);

	return member == NULL || json_type(member) == JSON_NULL ? NULL : member;
}

/* False: the member is not there; *ret_ok says whether that is all right. */
static bool find(const struct params *params, const char *name, enum presence presence,
                 const struct json **ret, bool *ret_ok)
{
	*ret = params_find(params, name);
	*ret_ok = *ret != NULL || presence == OPTIONAL ||
	          params_refuse(params, name, "missing", "is required");
	return *ret != NULL;
}

static bool find_text(const struct params *params, const char *name, enum presence presence,
                      const char **ret, bool *ret_ok)
{
	const struct json *member;
	const char *text;

	*ret = NULL;
	if (!find(params, name, presence, &member, ret_ok))
		return false;
	if (!json_get_text(member, &text)) {
		*ret_ok = params_refuse(params, name, "wrong_type", "wants a text");
		return false;
	}
	if (*text == '\0') {
		*ret_ok =
		        presence == OPTIONAL || params_refuse(params, name, "missing", "is empty");
		return false;
	}
	*ret = text;
	return true;
}

bool params_id(const struct params *params, const char *name, enum presence presence,
               const char **ret)
{
	const char *text;
	bool ok;

	if (!find_text(params, name, presence, &text, &ok))
		return ok;
	if (!text_is_id(text_of(text), ID_BYTES_MAX))
		return params_refuse(params, name, "not_an_id",
		                     "wants 1 to %d bytes of printable UTF-8", ID_BYTES_MAX);
	*ret = text;
	return true;
}

bool params_text(const struct params *params, const char *name, size_t bytes_max,
                 enum presence presence, const char **ret)
{
	const char *text;
	bool ok;

	if (!find_text(params, name, presence, &text, &ok))
		return ok;
	if (strlen(text) > bytes_max)
		return params_refuse(params, name, "too_long", "has more than %zu bytes",
		                     bytes_max);
	*ret = text;
	return true;
}

bool params_int(const struct params *params, const char *name, int64_t min, int64_t max,
                enum presence presence, int64_t *ret)
{
	const struct json *member;
	int64_t number;
	bool ok;

	if (!find(params, name, presence, &member, &ok))
		return ok;
	if (!json_get_int(member, &number))
		return params_refuse(params, name, "wrong_type", "wants a whole number");
	if (number < min || number > max)
		return params_refuse(params, name, "out_of_range",
		                     "%" PRId64 " is outside %" PRId64 " to %" PRId64, number, min,
		                     max);
	*ret = number;
	return true;
}

bool params_bool(const struct params *params, const char *name, bool *ret)
{
	const struct json *member = params_find(params, name);

	if (member == NULL || json_get_bool(member, ret))
		return true;
	return params_refuse(params, name, "wrong_type", "wants true or false");
}

bool params_word(const struct params *params, const char *name, const char *const *words,
                 enum presence presence, int *ret)
{
	char known[128] = "";
	size_t length = 0;
	const char *text;
	bool ok;

	if (!find_text(params, name, presence, &text, &ok))
		return ok;
	for (int i = 0; words[i] != NULL; i++) {
		if (strcmp(words[i], text) == 0) {
			*ret = i;
			return true;
		}
		if (length < sizeof(known))
			length += (size_t)snprintf(known + length, sizeof(known) - length, "%s%s",
			                           i == 0 ? "" : ", ", words[i]);
	}
	return params_refuse(params, name, "unknown_word", "wants one of: %s", known);
}

bool params_instant(const struct params *params, const char *name, usec_t *ret)
{
	const char *text;
	bool ok;

	if (!find_text(params, name, OPTIONAL, &text, &ok))
		return ok;
	if (text_to_instant(text_of(text), ret) < 0)
		return params_refuse(params, name, "not_an_instant",
		                     "wants an instant such as 2026-11-21T23:40:28.536Z");
	return true;
}

bool params_array(const struct params *params, const char *name, size_t count_max,
                  enum presence presence, const struct json **ret)
{
	const struct json *member;
	bool ok;

	*ret = NULL;
	if (!find(params, name, presence, &member, &ok))
		return ok;
	if (json_type(member) != JSON_ARRAY)
		return params_refuse(params, name, "wrong_type", "wants an array");
	if (json_count(member) > count_max)
		return params_refuse(params, name, "too_many", "has more than %zu elements",
		                     count_max);
	*ret = member;
	return true;
}

bool params_object(const struct params *params, const char *name, enum presence presence,
                   const struct json **ret)
{
	const struct json *member;
	bool ok;

	*ret = NULL;
	if (!find(params, name, presence, &member, &ok))
		return ok;
	if (json_type(member) != JSON_OBJECT)
		return params_refuse(params, name, "wrong_type", "wants an object");
	*ret = member;
	return true;
}
