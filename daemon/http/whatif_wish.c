#include "whatif_wish.h"

#include <errno.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdio.h>
#include <string.h>

#include "najimi/base/lists.h"
#include "najimi/base/text.h"

#define VALUE_BYTES_MAX 128

static const struct {
	const char *name, *option;
} parameters[WISH_ARGS_MAX] = {
	{ "since", "--since" },         { "value", "--value" },
	{ "wait_idle", "--wait-idle" }, { "wait_skipped", "--wait-skipped" },
	{ "credit", "--credit" },       { "agents", "--agents" },
	{ "queue", "--queue" },
};

static int find_parameter(const char *name, struct err *err)
{
	for (int i = 0; i < WISH_ARGS_MAX; i++)
		if (strcmp(parameters[i].name, name) == 0)
			return i;
	return err_set(err, -EINVAL,
	               "'%.40s' is none of since, value, wait_idle, wait_skipped, credit, agents, "
	               "queue",
	               text_is_id(text_of(name), VALUE_BYTES_MAX) ? name : "");
}

/* A plus in a query is a blank. */
static const char *sign_of(const char *name, const char **value)
{
	if (strcmp(name, "agents") != 0 || **value != ' ')
		return "";
	++*value;
	return "+";
}

static int take(const struct evkeyval *pair, const char *values[WISH_ARGS_MAX], struct err *err)
{
	int which = find_parameter(pair->key, err);

	if (which < 0)
		return which;
	if (values[which] != NULL)
		return err_set(err, -EINVAL, "%s: is there twice", pair->key);
	if (!text_is_id(text_of(pair->value), VALUE_BYTES_MAX))
		return err_set(err, -EINVAL, "%s: wants 1 to %d bytes of printable UTF-8",
		               pair->key, VALUE_BYTES_MAX);
	values[which] = pair->value;
	return 0;
}

/* In the order of the table, whatever the query's. */
static void write_args(const char *const values[WISH_ARGS_MAX], struct wish *ret)
{
	size_t length = 0;

	for (size_t i = 0; i < WISH_ARGS_MAX; i++) {
		const char *value = values[i];
		const char *sign;

		if (value == NULL)
			continue;
		sign = sign_of(parameters[i].name, &value);
		snprintf(ret->args[ret->args_count], WISH_ARG_SIZE, "%s=%s%s", parameters[i].option,
		         sign, value);
		length += (size_t)snprintf(ret->key + length, WISH_KEY_SIZE - length, "%s\n",
		                           ret->args[ret->args_count]);
		ret->args_count++;
	}
	snprintf(ret->key + length, WISH_KEY_SIZE - length, ".");
}

int wish_read(const char *query, struct wish *ret, struct err *err)
{
	const char *values[WISH_ARGS_MAX] = { NULL };
	struct evkeyvalq pairs;
	const struct evkeyval *pair;
	int r = 0;

	*ret = (struct wish){ .args_count = 0 };
	TAILQ_INIT(&pairs);
	if (query != NULL && query[0] != '\0' && evhttp_parse_query_str(query, &pairs) < 0)
		return err_set(err, -EINVAL, "the query cannot be read");
	TAILQ_FOREACH(pair, &pairs, next)
	{
		if (r == 0)
			r = take(pair, values, err);
	}
	if (r == 0)
		write_args(values, ret);
	evhttp_clear_headers(&pairs);
	return r;
}
