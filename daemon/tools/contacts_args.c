#include "contacts_args.h"

#include <errno.h>
#include <string.h>

#include "najimi/base/number.h"
#include "najimi/base/text.h"

#define DAY HOUR(24)
#define NAME_BYTES_MAX 128

void contacts_args_init(struct contacts_args *args, usec_t now)
{
	*args = (struct contacts_args){ .since = now > DAY ? now - DAY : 0, .until = USEC_NEVER };
}

/* "1d" is a day ago; an instant is itself. */
static int take_instant(const char *name, const char *text, usec_t now, usec_t *ret,
                        struct err *err)
{
	usec_t ago;

	if (number_parse_duration(text, &ago) == 0 && ago <= now) {
		*ret = now - ago;
		return 0;
	}
	if (text_to_instant(text_of(text), ret) == 0)
		return 0;
	return err_set(err, -EINVAL,
	               "--%s: '%s' is neither a time back from now such as 1d nor an instant such "
	               "as 2026-11-21T09:00:00Z",
	               name, text);
}

static int take_name(const char *name, const char *text, const char **ret, struct err *err)
{
	if (!text_is_id(text_of(text), NAME_BYTES_MAX))
		return err_set(err, -EINVAL, "--%s: '%s' is no name", name, text);
	*ret = text;
	return 0;
}

static int take_format(struct contacts_args *args, const char *text, struct err *err)
{
	static const char *const words[] = { "table", "csv", "json" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(text, words[i]) != 0)
			continue;
		args->format = (enum contacts_format)i;
		args->has_format = true;
		return 0;
	}
	return err_set(err, -EINVAL, "--format: '%s' is none of table, csv, json", text);
}

int contacts_args_take(struct contacts_args *args, int option, const char *value, usec_t now,
                       struct err *err)
{
	switch ((enum contacts_option)option) {
	case CONTACTS_AFTER:
		return take_name("after", value, &args->after, err);
	case CONTACTS_AGENT:
		return take_name("agent", value, &args->agent, err);
	case CONTACTS_FORMAT:
		return take_format(args, value, err);
	case CONTACTS_PII:
		args->pii = true;
		return 0;
	case CONTACTS_SINCE:
		return take_instant("since", value, now, &args->since, err);
	case CONTACTS_UNTIL:
		return take_instant("until", value, now, &args->until, err);
	}
	return err_set(err, -EINVAL, "no such option");
}
