#include "day_json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "members.h"

#define ABOVE "inf" /* above all edges */
#define QUEUE_FIELD "queue/"
#define AGENT_FIELD "agent/"
#define MS_SIZE 32

/* --- writing --- */

struct text day_field(const struct day_row *row, char buffer[DAY_FIELD_SIZE])
{
	int length = 0;

	switch (row->kind) {
	case DAY_ROW_QUEUE:
		length = snprintf(buffer, DAY_FIELD_SIZE, QUEUE_FIELD "%s/%02u", row->name,
		                  row->hour);
		break;
	case DAY_ROW_AGENT:
		length = snprintf(buffer, DAY_FIELD_SIZE, AGENT_FIELD "%s", row->name);
		break;
	case DAY_ROW_TOTAL:
		length = snprintf(buffer, DAY_FIELD_SIZE, "%s", row->name);
		break;
	}
	if (length < 0 || length >= DAY_FIELD_SIZE)
		length = DAY_FIELD_SIZE - 1; /* names are shorter by half */
	return (struct text){ buffer, (size_t)length };
}

/* An edge in milliseconds, which may have a fraction. By hand: it is done often. */
static const char *write_edge(usec_t edge, char ret[MS_SIZE])
{
	unsigned fraction = (unsigned)(edge % MSEC(1));
	char *at = ret + MS_SIZE;

	*--at = '\0';
	for (unsigned i = 0, rest = fraction; fraction > 0 && i < 3; i++, rest /= 10)
		*--at = (char)('0' + rest % 10);
	if (fraction > 0)
		*--at = '.';
	edge /= MSEC(1);
	do {
		*--at = (char)('0' + edge % 10);
		edge /= 10;
	} while (edge > 0);
	return at;
}

void day_put_span(struct json_out *out, const char *name, const struct histogram *span)
{
	char edge[MS_SIZE];

	json_object(out, name);
	json_uint(out, "ms", span->sum / MSEC(1));
	for (uint32_t i = 0; i <= span->edges_count; i++)
		if (span->buckets[i] > 0)
			json_uint(out,
			          i == span->edges_count ? ABOVE : write_edge(span->edges[i], edge),
			          span->buckets[i]);
	json_object_end(out);
}

static void put_figures(struct json_out *out, const struct day_figures *figures)
{
	for (unsigned i = 0; i < DAY_FIGURES; i++)
		if (figures->counts[i] > 0)
			json_uint(out, day_figure_name(i), figures->counts[i]);
	for (unsigned i = 0; i < DAY_SPANS; i++)
		if (figures->spans[i].count > 0)
			day_put_span(out, day_span_name((enum day_span)i), &figures->spans[i]);
}

static void put_count(struct json_out *out, const char *name, uint64_t count)
{
	if (count > 0)
		json_uint(out, name, count);
}

static const char *const spent_words[AGENT_ACTIVITIES] = {
	[ACTIVITY_LOGGED_OUT] = "logged_out_ms",
	[ACTIVITY_READY] = "ready_ms",
	[ACTIVITY_RING] = "ring_ms",
	[ACTIVITY_TALK] = "talk_ms",
	[ACTIVITY_HOLD] = "hold_ms",
	[ACTIVITY_WRAPUP] = "wrapup_ms",
	[ACTIVITY_PAUSED] = "paused_ms",
};

static void put_agent(struct json_out *out, const struct agent_day *agent)
{
	put_count(out, "handled", agent->handled);
	put_count(out, "own", agent->own);
	put_count(out, "offers", agent->offers);
	for (unsigned i = 0; i < MISS_KINDS; i++)
		put_count(out, day_figure_name(DAY_MISSES + i), agent->misses[i]);
	for (unsigned i = 0; i < AGENT_ACTIVITIES; i++)
		put_count(out, spent_words[i], agent->spent[i] / MSEC(1));
	if (agent->reasons_count > 0) {
		json_object(out, "pauses");
		for (unsigned i = 0; i < agent->reasons_count; i++) {
			json_name_text(out, text_of(agent->reasons[i].reason));
			json_ms(out, NULL, agent->reasons[i].spent);
		}
		json_object_end(out);
	}
	json_instant(out, "until", agent->until);
	json_text(out, "then", agent_activity_name(agent->then));
}

size_t day_value(const struct day_row *row, char *buffer, size_t size)
{
	struct json_out out;

	json_out_begin(&out, buffer, size);
	json_object(&out, NULL);
	json_uint(&out, "v", RECORD_VERSION);
	if (row->kind == DAY_ROW_TOTAL)
		json_text(&out, "before", row->day);
	if (row->kind == DAY_ROW_AGENT)
		put_agent(&out, row->agent);
	else
		put_figures(&out, row->figures);
	json_object_end(&out);
	return json_out_done(&out);
}

/* --- reading --- */

static bool read_digits(const char **at, uint64_t *ret)
{
	const char *from = *at;

	*ret = 0;
	for (; **at >= '0' && **at <= '9' && *at - from < 15; (*at)++)
		*ret = *ret * 10 + (unsigned)(**at - '0');
	return *at > from;
}

/* "20000", "0.5", ABOVE. */
static int read_edge(const char *text, usec_t *ret)
{
	uint64_t ms, fraction = 0;
	unsigned worth = 1000;

	if (strcmp(text, ABOVE) == 0) {
		*ret = USEC_NEVER;
		return 0;
	}
	if (!read_digits(&text, &ms))
		return -EINVAL;
	if (*text == '.')
		for (text++; *text >= '0' && *text <= '9' && worth > 1; text++) {
			worth /= 10;
			fraction += (uint64_t)(*text - '0') * worth;
		}
	*ret = MSEC(ms) + fraction;
	return *text == '\0' ? 0 : -EINVAL;
}

static int read_count(const struct json *value, uint64_t *ret, struct err *err)
{
	int64_t number;

	if (!json_get_int(value, &number) || number < 0)
		return err_set(err, -EINVAL, "'%s' is no count", json_member_name(value));
	*ret = (uint64_t)number;
	return 0;
}

static int read_span(const struct json *object, struct histogram *ret, struct err *err)
{
	for (const struct json *member = json_first(object); member != NULL;
	     member = json_next(member)) {
		const char *name = json_member_name(member);
		uint64_t count = 0;
		usec_t edge;
		int r = read_count(member, &count, err);

		if (r < 0)
			return r;
		if (strcmp(name, "ms") == 0)
			ret->sum = MSEC(count);
		else if (read_edge(name, &edge) == 0)
			day_span_put(ret, edge, count);
		else
			return err_set(err, -EINVAL, "'%s' is no edge", name);
	}
	return 0;
}

/* The number of `name` among the names, looked for from *at on: they come in order. -1
 * when it is none of them. */
static int find_name(const char *name, unsigned count, unsigned *at,
                     const char *(*name_of)(unsigned index))
{
	for (unsigned i = 0; i < count; i++) {
		unsigned index = (*at + i) % count;

		if (strcmp(name, name_of(index)) != 0)
			continue;
		*at = index + 1;
		return (int)index;
	}
	return -1;
}

static const char *span_name(unsigned span)
{
	return day_span_name((enum day_span)span);
}

/* Daemons that knew no wrap-up here counted the handling with the answer. */
static void count_handled(uint64_t *group)
{
	if (group[GROUP_HANDLED] == 0 && group[GROUP_HANDLING] > 0)
		group[GROUP_HANDLED] = group[GROUP_ANSWERED];
}

static int read_figures(const struct json *object, struct day_figures *ret, struct err *err)
{
	unsigned figure = 0, span = 0;
	int r = 0;

	*ret = (struct day_figures){ 0 };
	for (const struct json *member = json_first(object); r == 0 && member != NULL;
	     member = json_next(member)) {
		bool object_inside = json_type(member) == JSON_OBJECT;
		int found = object_inside ? find_name(json_member_name(member), DAY_SPANS, &span,
		                                      span_name)
		                          : find_name(json_member_name(member), DAY_FIGURES,
		                                      &figure, day_figure_name);

		if (found < 0)
			continue; /* of a newer daemon, "v", "before" */
		r = object_inside ? read_span(member, &ret->spans[found], err)
		                  : read_count(member, &ret->counts[found], err);
	}
	count_handled(&ret->counts[DAY_STICKY_GROUP]);
	count_handled(&ret->counts[DAY_HOLDOUT_GROUP]);
	return r;
}

static int read_member(const struct json *object, const char *name, uint64_t *ret, struct err *err)
{
	const struct json *member = json_member(object, name);

	return member == NULL ? 0 : read_count(member, ret, err);
}

static int read_spent(const struct json *object, const char *name, usec_t *ret, struct err *err)
{
	uint64_t ms = 0;
	int r = read_member(object, name, &ms, err);

	*ret = MSEC(ms);
	return r;
}

static int read_pauses(struct daybook *daybook, const struct json *pauses, struct agent_day *ret,
                       struct err *err)
{
	int r = 0;

	for (const struct json *member = json_first(pauses); r == 0 && member != NULL;
	     member = json_next(member)) {
		uint64_t ms = 0;

		r = read_count(member, &ms, err);
		agent_day_pause(ret, daybook_reason(daybook, text_of(json_member_name(member))),
		                MSEC(ms));
	}
	return r;
}

static enum agent_activity read_activity(const struct json *word)
{
	const char *name = "";

	(void)!json_get_text(word, &name);
	for (unsigned i = 0; i < AGENT_ACTIVITIES; i++)
		if (strcmp(name, agent_activity_name((enum agent_activity)i)) == 0)
			return (enum agent_activity)i;
	return ACTIVITY_LOGGED_OUT;
}

static int read_agent(struct daybook *daybook, const struct json *object, struct agent_day *ret,
                      struct err *err)
{
	const struct json *pauses = json_member(object, "pauses");
	const char *until;
	int r;

	*ret = (struct agent_day){ 0 };
	r = read_member(object, "handled", &ret->handled, err);
	if (r == 0)
		r = read_member(object, "own", &ret->own, err);
	if (r == 0)
		r = read_member(object, "offers", &ret->offers, err);
	for (unsigned i = 0; r == 0 && i < MISS_KINDS; i++)
		r = read_member(object, day_figure_name(DAY_MISSES + i), &ret->misses[i], err);
	for (unsigned i = 0; r == 0 && i < AGENT_ACTIVITIES; i++)
		r = read_spent(object, spent_words[i], &ret->spent[i], err);
	if (r == 0 && pauses != NULL)
		r = read_pauses(daybook, pauses, ret, err);
	if (r == 0 && json_get_text(json_member(object, "until"), &until) &&
	    text_to_instant(text_of(until), &ret->until) < 0)
		r = err_set(err, -EINVAL, "'until' is no instant");
	ret->then = read_activity(json_member(object, "then"));
	return r;
}

static bool starts(struct text field, const char *with)
{
	return field.length > strlen(with) && memcmp(field.start, with, strlen(with)) == 0;
}

static bool take_name(struct day_read *ret, const char *start, size_t length)
{
	if (length == 0 || length >= sizeof(ret->name))
		return false;
	memcpy(ret->name, start, length);
	ret->name[length] = '\0';
	ret->row.name = ret->name;
	return true;
}

/* Whose row it is, by the field's name. */
static bool read_field(struct text field, struct day_read *ret)
{
	const char *hour = field.start + field.length - 2;
	size_t prefix = strlen(QUEUE_FIELD);

	if (starts(field, AGENT_FIELD)) {
		ret->row.kind = DAY_ROW_AGENT;
		ret->row.agent = &ret->agent;
		return take_name(ret, field.start + strlen(AGENT_FIELD),
		                 field.length - strlen(AGENT_FIELD));
	}
	ret->row.kind = DAY_ROW_QUEUE;
	ret->row.figures = &ret->figures;
	if (!starts(field, QUEUE_FIELD) || field.length < prefix + 4 || hour[-1] != '/' ||
	    hour[0] < '0' || hour[0] > '2' || hour[1] < '0' || hour[1] > '9')
		return false;
	ret->row.hour = (unsigned)(hour[0] - '0') * 10 + (unsigned)(hour[1] - '0');
	return ret->row.hour < 24 &&
	       take_name(ret, field.start + prefix, field.length - prefix - 3);
}

static int read_total(const struct json *object, struct text field, struct day_read *ret,
                      struct err *err)
{
	const char *before;
	int64_t day;

	ret->row.kind = DAY_ROW_TOTAL;
	ret->row.figures = &ret->figures;
	if (!take_name(ret, field.start, field.length) ||
	    !json_get_text(json_member(object, "before"), &before) ||
	    site_day_read(text_of(before), &day) < 0)
		return err_set(err, -EINVAL, "'before' is no day");
	memcpy(ret->row.day, before, DAY_SIZE);
	return read_figures(object, &ret->figures, err);
}

int day_read(struct daybook *daybook, const char *day, struct text field, struct text value,
             struct day_read *ret, struct err *err)
{
	static const struct json_limits limits = { .bytes_max = DAY_VALUE_SIZE,
		                                   .depth_max = 4,
		                                   .members_max = 256 };
	struct json *object;
	int r;

	ret->row = (struct day_row){ 0 };
	if (day != NULL && !read_field(field, ret))
		return -ENOENT;
	r = json_parse(value, &limits, &object, err);
	if (r < 0)
		return r;
	r = members_check_version(object, err);
	if (r == 0 && day == NULL) {
		r = read_total(object, field, ret, err);
	} else if (r == 0) {
		memcpy(ret->row.day, day, DAY_SIZE);
		r = ret->row.kind == DAY_ROW_AGENT ? read_agent(daybook, object, &ret->agent, err)
		                                   : read_figures(object, &ret->figures, err);
	}
	json_free(object);
	return r;
}
