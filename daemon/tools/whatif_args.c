#include "whatif_args.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "najimi/base/number.h"

#define DEFAULT_CONFIG "/etc/najimi/najimid.conf"
#define STEPS 12 /* of a range that names none */
#define SINCE_MIN MINUTE(1)
#define SINCE_MAX (HOUR(24) * 3660)
#define BUDGET_MAX HOUR(1)
#define CREDIT_MAX HOUR(24)

static void set_values(struct whatif_args *args, unsigned from, unsigned to, unsigned step)
{
	args->values_count = 0;
	for (unsigned value = from; value < to && args->values_count < WHATIF_VALUES_MAX - 1;
	     value += step)
		args->values[args->values_count++] = value;
	args->values[args->values_count++] = to;
}

void whatif_args_init(struct whatif_args *args)
{
	*args = (struct whatif_args){ .config = DEFAULT_CONFIG, .since = HOUR(24) * 14 };
	set_values(args, 0, 300, 25);
}

/* The whole number at the beginning of *at, which moves behind it. */
static bool take_number(const char **at, unsigned *ret)
{
	unsigned long value = 0;
	const char *start = *at;

	for (; **at >= '0' && **at <= '9'; (*at)++) {
		value = value * 10 + (unsigned long)(**at - '0');
		if (value > WHATIF_VALUE_MAX)
			return false;
	}
	*ret = (unsigned)value;
	return *at > start;
}

static bool skip(const char **at, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(*at, word, length) != 0)
		return false;
	*at += length;
	return true;
}

/* "150", "0..300" or "0..300:25". */
static int take_values(struct whatif_args *args, const char *text, struct err *err)
{
	const char *at = text;
	unsigned from, to, step = 0;

	if (!take_number(&at, &from))
		goto bad;
	to = from;
	if (skip(&at, "..") && (!take_number(&at, &to) || to < from))
		goto bad;
	if (skip(&at, ":") && (!take_number(&at, &step) || step == 0))
		goto bad;
	if (*at != '\0')
		goto bad;
	if (step == 0)
		step = (to - from + STEPS - 1) / STEPS;
	if (step == 0)
		step = 1;
	if ((to - from + step - 1) / step >= WHATIF_VALUES_MAX)
		return err_set(err, -EINVAL, "--value: '%s' is more than %d values", text,
		               WHATIF_VALUES_MAX);
	set_values(args, from, to, step);
	return 0;
bad:
	return err_set(
	        err, -EINVAL,
	        "--value: '%s' is no range of seconds up to %d such as 0..300, 0..300:25 or 150",
	        text, WHATIF_VALUE_MAX);
}

/* "+2", "-1", "2". */
static int take_agents(const char *text, int *ret, struct err *err)
{
	int64_t number;

	if (number_parse(text[0] == '+' ? text + 1 : text, &number) < 0 ||
	    (text[0] == '+' && number < 0) || number < -WHATIF_AGENTS_MAX ||
	    number > WHATIF_AGENTS_MAX)
		return err_set(err, -EINVAL, "--agents: '%s' is no number such as +2 or -1", text);
	*ret = (int)number;
	return 0;
}

/* `never` is an answer only where `max` is. */
static int take_span(const char *name, const char *text, usec_t min, usec_t max, bool or_never,
                     usec_t *ret, struct err *err)
{
	char least[32], most[32];
	usec_t value;

	if (number_parse_duration(text, &value) == 0 &&
	    ((value == USEC_NEVER && or_never) || (value >= min && value <= max))) {
		*ret = value;
		return 0;
	}
	number_print_duration(min, least, sizeof(least));
	number_print_duration(max, most, sizeof(most));
	return err_set(err, -EINVAL, "--%s: '%s' is no duration from %s to %s%s", name, text, least,
	               most, or_never ? ", or never" : "");
}

static int take_path(const char *name, const char *value, const char **ret, struct err *err)
{
	if (value[0] == '\0')
		return err_set(err, -EINVAL, "--%s: wants a file", name);
	*ret = value;
	return 0;
}

int whatif_args_take(struct whatif_args *args, int option, const char *value, struct err *err)
{
	switch ((enum whatif_option)option) {
	case WHATIF_AGENTS:
		return take_agents(value, &args->agents, err);
	case WHATIF_CONFIG:
		return take_path("config", value, &args->config, err);
	case WHATIF_CREDIT:
		args->has_credit = true;
		return take_span("credit", value, 0, CREDIT_MAX, true, &args->credit, err);
	case WHATIF_FROM:
		return take_path("from", value, &args->from, err);
	case WHATIF_PNG:
		return take_path("png", value, &args->png, err);
	case WHATIF_PROGRESS:
		args->progress = true;
		return 0;
	case WHATIF_REDIS_SOCKET:
		return take_path("redis-socket", value, &args->socket, err);
	case WHATIF_SINCE:
		return take_span("since", value, SINCE_MIN, SINCE_MAX, false, &args->since, err);
	case WHATIF_SVG:
		return take_path("svg", value, &args->svg, err);
	case WHATIF_VALUE:
		return take_values(args, value, err);
	case WHATIF_WAIT_IDLE:
		args->has_wait_idle = true;
		return take_span("wait-idle", value, 0, BUDGET_MAX, false, &args->wait_idle, err);
	case WHATIF_WAIT_SKIPPED:
		args->has_wait_skipped = true;
		return take_span("wait-skipped", value, 0, BUDGET_MAX, false, &args->wait_skipped,
		                 err);
	}
	return err_set(err, -EINVAL, "no such option");
}
