#include "najimi/base/number.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct unit {
	const char *name;
	uint64_t worth;
};

/* Largest first: printing takes the first that divides. */
static const struct unit durations[] = {
	{ "d", HOUR(24) }, { "h", HOUR(1) },  { "m", MINUTE(1) },
	{ "s", SEC(1) },   { "ms", MSEC(1) }, { "us", 1 },
};

static const struct unit sizes[] = {
	{ "G", UINT64_C(1) << 30 },
	{ "M", UINT64_C(1) << 20 },
	{ "K", UINT64_C(1) << 10 },
	{ "", 1 },
};

/* Digits up to the first other character. */
static int parse_digits(const char *text, uint64_t *ret, const char **ret_rest)
{
	uint64_t value = 0;
	bool fits = true;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	for (; *text >= '0' && *text <= '9'; text++) {
		fits = fits && !__builtin_mul_overflow(value, 10, &value) &&
		       !__builtin_add_overflow(value, (uint64_t)(*text - '0'), &value);
	}
	*ret_rest = text;
	if (!fits)
		return -ERANGE;
	*ret = value;
	return 0;
}

int number_parse(const char *text, int64_t *ret)
{
	bool negative = *text == '-';
	const char *rest = "";
	uint64_t value = 0;
	int r;

	r = parse_digits(text + negative, &value, &rest);
	if (r == -EINVAL || *rest != '\0')
		return -EINVAL;
	if (r < 0 || value > (uint64_t)INT64_MAX + negative)
		return -ERANGE;

	/* Through the unsigned negative, because -INT64_MIN does not exist. */
	*ret = (int64_t)(negative ? 0 - value : value);
	return 0;
}

static int parse_with_unit(const char *text, const struct unit *units, size_t count, uint64_t *ret)
{
	const char *rest = "";
	uint64_t value = 0;
	int r;

	r = parse_digits(text, &value, &rest);
	if (r == -EINVAL)
		return r;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(rest, units[i].name) != 0)
			continue;
		if (r < 0 || __builtin_mul_overflow(value, units[i].worth, &value))
			return -ERANGE;
		*ret = value;
		return 0;
	}
	return -EINVAL;
}

int number_parse_duration(const char *text, usec_t *ret)
{
	usec_t value;
	int r;

	if (strcmp(text, "never") == 0) {
		*ret = USEC_NEVER;
		return 0;
	}
	r = parse_with_unit(text, durations, ARRAY_LEN(durations), &value);
	if (r < 0)
		return r;
	if (value == USEC_NEVER)
		return -ERANGE;
	*ret = value;
	return 0;
}

int number_parse_size(const char *text, uint64_t *ret)
{
	return parse_with_unit(text, sizes, ARRAY_LEN(sizes), ret);
}

static const struct unit *pick_unit(uint64_t value, const struct unit *units)
{
	while (value % units->worth != 0)
		units++; /* the last unit is worth 1 */
	return units;
}

void number_print_duration(usec_t value, char *ret, size_t size)
{
	const struct unit *unit = pick_unit(value, durations);

	if (value == USEC_NEVER)
		snprintf(ret, size, "never");
	else if (value == 0)
		snprintf(ret, size, "0s");
	else
		snprintf(ret, size, "%llu%s", (unsigned long long)(value / unit->worth),
		         unit->name);
}

void number_print_size(uint64_t value, char *ret, size_t size)
{
	const struct unit *unit = pick_unit(value, sizes);

	if (value == 0)
		snprintf(ret, size, "0");
	else
		snprintf(ret, size, "%llu%s", (unsigned long long)(value / unit->worth),
		         unit->name);
}
