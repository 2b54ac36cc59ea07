#include "najimi/shell/fcr.h"

#include <stdio.h>

#include "najimi/base/macros.h"
#include "site_clock.h"

/* Names and figures, as they are in Redis and wherever they are shown. */
#define FIELD(m) \
	.offset = offsetof(struct fcr_figures, m) / sizeof(uint64_t), \
	.count = sizeof(((const struct fcr_figures *)NULL)->m) / sizeof(uint64_t)

static const struct {
	const char *name;
	size_t offset, count;
} fields[] = {
	{ "contacts", FIELD(contacts) },
	{ "reconnects", FIELD(reconnects) },
	{ "resolved", FIELD(resolved) },
	{ "repeated", FIELD(repeated) },
	{ "first_resolved", FIELD(first_resolved) },
	{ "first_repeated", FIELD(first_repeated) },
	{ "escalated_resolved", FIELD(escalated_resolved) },
	{ "escalated_repeated", FIELD(escalated_repeated) },
	{ "wait", FIELD(wait) },
	{ "handling", FIELD(handling) },
	{ "said_resolved", FIELD(said[SAID_RESOLVED]) },
	{ "said_unresolved", FIELD(said[SAID_UNRESOLVED]) },
	{ "said_escalated", FIELD(said[SAID_ESCALATED]) },
	{ "said_follow_up", FIELD(said[SAID_FOLLOW_UP]) },
	{ "survey_answers", FIELD(surveys) },
	{ "survey_nps", FIELD(nps) },
	{ "survey_csat", FIELD(csat) },
	{ "survey_solved", FIELD(solved) },
	{ "survey_expectation", FIELD(index_sum[SURVEY_EXPECTATION]) },
	{ "survey_expectation_answers", FIELD(index_count[SURVEY_EXPECTATION]) },
	{ "survey_quality", FIELD(index_sum[SURVEY_QUALITY]) },
	{ "survey_quality_answers", FIELD(index_count[SURVEY_QUALITY]) },
	{ "survey_loyalty", FIELD(index_sum[SURVEY_LOYALTY]) },
	{ "survey_loyalty_answers", FIELD(index_count[SURVEY_LOYALTY]) },
};

const char *fcr_window_name(enum fcr_window window)
{
	static const char *const names[] = {
		[FCR_24H] = "24h", [FCR_7D] = "7d", [FCR_30D] = "30d"
	};

	return names[window];
}

usec_t fcr_window_span(enum fcr_window window)
{
	static const usec_t spans[] = {
		[FCR_24H] = HOUR(24), [FCR_7D] = HOUR(24) * 7, [FCR_30D] = HOUR(24) * 30
	};

	return spans[window];
}

const char *fcr_scope_name(enum fcr_scope scope)
{
	static const char *const names[] = {
		[FCR_ANY] = "any", [FCR_QUEUE] = "queue", [FCR_REASON] = "reason"
	};

	return names[scope];
}

const char *fcr_said_name(enum fcr_said said)
{
	static const char *const names[] = { [SAID_RESOLVED] = "resolved",
		                             [SAID_UNRESOLVED] = "unresolved",
		                             [SAID_ESCALATED] = "escalated",
		                             [SAID_FOLLOW_UP] = "follow_up" };

	return names[said];
}

const char *survey_part_name(enum survey_part part)
{
	static const char *const names[] = { [SURVEY_EXPECTATION] = "expectation",
		                             [SURVEY_QUALITY] = "quality",
		                             [SURVEY_LOYALTY] = "loyalty" };

	return names[part];
}

/* --- figures --- */

void fcr_figures_add(struct fcr_figures *to, const struct fcr_figures *other)
{
	uint64_t *numbers = (uint64_t *)to;
	const uint64_t *more = (const uint64_t *)other;

	for (size_t i = 0; i < sizeof(*to) / sizeof(uint64_t); i++)
		numbers[i] += more[i];
}

static bool read_number(struct text *rest, uint64_t *ret)
{
	uint64_t value = 0;
	size_t digits = 0;

	while (digits < rest->length && rest->start[digits] >= '0' && rest->start[digits] <= '9')
		value = value * 10 + (uint64_t)(rest->start[digits++] - '0');
	if (digits == 0 || digits > 19 || (digits < rest->length && rest->start[digits] != ','))
		return false;
	*ret = value;
	digits += digits < rest->length;
	*rest = (struct text){ rest->start + digits, rest->length - digits };
	return true;
}

/* A newer daemon may have added numbers at the end. */
bool fcr_figures_read(struct fcr_figures *to, struct text what, struct text numbers)
{
	uint64_t value;

	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		uint64_t *at = (uint64_t *)to + fields[i].offset;

		if (!text_is(what, fields[i].name))
			continue;
		for (size_t n = 0; n < fields[i].count; n++) {
			if (!read_number(&numbers, &value))
				return false;
			at[n] += value;
		}
		return true;
	}
	return false;
}

uint64_t fcr_mature(const struct fcr_figures *figures, unsigned cell)
{
	return figures->resolved[cell] + figures->repeated[cell];
}

/* --- fields --- */

static bool cut(struct text text, struct text *ret_head, struct text *ret_rest)
{
	const char *colon = memchr(text.start, ':', text.length);

	if (colon == NULL)
		return false;
	*ret_head = (struct text){ text.start, (size_t)(colon - text.start) };
	*ret_rest = (struct text){ colon + 1, text.length - ret_head->length - 1 };
	return true;
}

bool fcr_field_read(struct text field, struct text *ret_what, struct text *ret_name)
{
	return cut(field, ret_what, ret_name);
}

bool fcr_hour_read(struct text name, unsigned *ret_hour, struct text *ret_queue)
{
	struct text hour;

	if (!cut(name, &hour, ret_queue) || hour.length != 2 || hour.start[0] < '0' ||
	    hour.start[0] > '2' || hour.start[1] < '0' || hour.start[1] > '9')
		return false;
	*ret_hour = (unsigned)(hour.start[0] - '0') * 10 + (unsigned)(hour.start[1] - '0');
	return *ret_hour < 24;
}

void fcr_hour_write(usec_t at, char ret[FCR_HOUR_SIZE])
{
	struct site_hour hour;

	site_clock_read(at, &hour);
	snprintf(ret, FCR_HOUR_SIZE, "%sT%02u", hour.day, hour.hour % 24);
}
