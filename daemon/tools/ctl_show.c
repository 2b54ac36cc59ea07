#include "ctl_show.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SHOWN_SIZE (4 * TABLE_CELL_MAX + 8)
#define NAME_SIZE 64
#define DEPTH_MAX 4

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length > tail && strcmp(text + length - tail, end) == 0;
}

/* "own_agent_ms" is called "own agent". */
static void print_name(const char *name, char *ret, size_t size)
{
	size_t length = strlen(name);

	if (ends_with(name, "_ms"))
		length -= 3;
	snprintf(ret, size, "%.*s", (int)length, name);
	for (char *c = ret; *c != '\0'; c++)
		*c = *c == '_' ? ' ' : *c;
}

static void print_span(int64_t ms, char *ret, size_t size)
{
	int64_t seconds = ms / 1000;

	if (ms < 60000)
		snprintf(ret, size, "%" PRId64 ".%01d s", seconds, (int)(ms % 1000 / 100));
	else if (seconds < 3600)
		snprintf(ret, size, "%" PRId64 ":%02d", seconds / 60, (int)(seconds % 60));
	else
		snprintf(ret, size, "%" PRId64 ":%02d:%02d", seconds / 3600,
		         (int)(seconds / 60 % 60), (int)(seconds % 60));
}

/* Only what is an instant from its first character to its last. */
static bool print_instant(const char *text, char *ret, size_t size)
{
	time_t seconds;
	struct tm tm;
	usec_t at;

	if (strlen(text) != INSTANT_SIZE - 1 || text_to_instant(text_of(text), &at) < 0)
		return false;
	seconds = (time_t)(at / SEC(1));
	localtime_r(&seconds, &tm);
	return strftime(ret, size, "%Y-%m-%d %H:%M:%S", &tm) > 0;
}

static bool is_share(const char *name)
{
	return ends_with(name, "_share") || strcmp(name, "occupancy") == 0;
}

/* A scalar in words. False for null, the empty text and what is no scalar. */
static bool print_scalar(const char *name, const struct json *value, char *ret, size_t size)
{
	const char *text;
	int64_t number;
	bool flag;

	if (json_type(value) == JSON_NUMBER && is_share(name)) {
		if (json_print(value, ret, size) == 0)
			return false;
		snprintf(ret, size, "%.0f%%", strtod(ret, NULL) * 100);
		return true;
	}
	if (json_get_text(value, &text)) {
		if (!print_instant(text, ret, size))
			table_clean(text, ret, size);
		return text[0] != '\0';
	}
	if (json_get_int(value, &number)) {
		if (ends_with(name, "_ms"))
			print_span(number, ret, size);
		else
			snprintf(ret, size, "%" PRId64, number);
		return true;
	}
	if (json_get_bool(value, &flag)) {
		snprintf(ret, size, "%s", flag ? "yes" : "no");
		return true;
	}
	return json_type(value) == JSON_NUMBER && json_print(value, ret, size) > 0;
}

static void print_line(struct ctl *ctl, unsigned indent, const char *name, const char *value)
{
	char shown[NAME_SIZE];

	print_name(name, shown, sizeof(shown));
	if (value[0] == '\0')
		fprintf(ctl->out, "%*s%s\n", (int)indent, "", shown);
	else
		fprintf(ctl->out, "%*s%-18s %s\n", (int)indent, "", shown, value);
}

/* "a, b, c" on one line, as many as fit. */
static void show_scalars(struct ctl *ctl, const char *name, const struct json *array,
                         unsigned indent)
{
	char line[1024] = "", shown[SHOWN_SIZE];
	size_t length = 0;

	for (const struct json *one = json_first(array); one != NULL; one = json_next(one)) {
		if (!print_scalar("", one, shown, sizeof(shown)))
			continue;
		if (length + strlen(shown) + 8 > sizeof(line)) {
			length += (size_t)snprintf(line + length, sizeof(line) - length, ", …");
			break;
		}
		length += (size_t)snprintf(line + length, sizeof(line) - length, "%s%s",
		                           length > 0 ? ", " : "", shown);
	}
	if (length > 0)
		print_line(ctl, indent, name, line);
}

/* --- a list of objects --- */

struct heads {
	size_t count;
	const char *names[TABLE_COLUMNS_MAX]; /* as in the objects */
	char titles[TABLE_COLUMNS_MAX][NAME_SIZE];
	struct column columns[TABLE_COLUMNS_MAX];
};

static void add_head(struct heads *heads, const struct json *member)
{
	const char *name = json_member_name(member);
	char shown[SHOWN_SIZE];

	if (!print_scalar(name, member, shown, sizeof(shown)))
		return;
	for (size_t i = 0; i < heads->count; i++)
		if (strcmp(heads->names[i], name) == 0)
			return;
	if (heads->count == TABLE_COLUMNS_MAX)
		return;
	heads->names[heads->count] = name;
	print_name(name, heads->titles[heads->count], NAME_SIZE);
	for (char *c = heads->titles[heads->count]; *c != '\0'; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	heads->columns[heads->count] = (struct column){ .title = heads->titles[heads->count],
		                                        .right = json_type(member) == JSON_NUMBER };
	heads->count++;
}

/* The columns are whatever scalars the objects have, in the order they are met. */
static void find_heads(const struct json *array, struct heads *ret)
{
	ret->count = 0;
	for (const struct json *one = json_first(array); one != NULL; one = json_next(one))
		if (json_type(one) == JSON_OBJECT)
			for (const struct json *member = json_first(one); member != NULL;
			     member = json_next(member))
				add_head(ret, member);
}

static void show_objects(struct ctl *ctl, const char *name, const struct json *array)
{
	char shown[SHOWN_SIZE];
	struct table *table;
	struct heads heads;

	find_heads(array, &heads);
	table = heads.count == 0 ? NULL : table_new(heads.columns, heads.count);
	if (table == NULL)
		return;
	for (const struct json *one = json_first(array); one != NULL; one = json_next(one)) {
		table_row(table);
		for (size_t i = 0; i < heads.count; i++) {
			const struct json *member = ctl_member(one, heads.names[i]);
			bool there = member != NULL &&
			             print_scalar(heads.names[i], member, shown, sizeof(shown));

			table_text(table, there ? shown : NULL);
		}
	}
	print_name(name, shown, sizeof(shown));
	fprintf(ctl->out, "\n%s\n", shown);
	ctl_print_table(ctl, table, "");
}

void ctl_show_list(struct ctl *ctl, const char *name, const struct json *array, unsigned indent)
{
	const struct json *first = json_first(array);

	if (first == NULL)
		return;
	if (json_type(first) == JSON_OBJECT)
		show_objects(ctl, name, array);
	else
		show_scalars(ctl, name, array, indent);
}

/* --- an object --- */

static void show_members(struct ctl *ctl, const struct json *object, unsigned indent,
                         const char *but, const char *unit);

static void show_nested(struct ctl *ctl, const struct json *member, unsigned indent)
{
	const char *name = json_member_name(member);

	if (json_type(member) == JSON_ARRAY) {
		ctl_show_list(ctl, name, member, indent);
	} else if (json_type(member) == JSON_OBJECT && json_count(member) > 0 &&
	           indent < 2 * DEPTH_MAX) {
		print_line(ctl, indent, name, "");
		show_members(ctl, member, indent + 2, "", ends_with(name, "_ms") ? "all_ms" : NULL);
	}
}

/* What is said in one line comes first. All are what one called `unit` would be, or NULL. */
static void show_members(struct ctl *ctl, const struct json *object, unsigned indent,
                         const char *but, const char *unit)
{
	char shown[SHOWN_SIZE];
	const struct json *member;

	for (member = json_first(object); member != NULL; member = json_next(member))
		if (print_scalar(unit == NULL ? json_member_name(member) : unit, member, shown,
		                 sizeof(shown)))
			print_line(ctl, indent, json_member_name(member), shown);
	for (member = json_first(object); member != NULL; member = json_next(member))
		if (strcmp(json_member_name(member), but) != 0)
			show_nested(ctl, member, indent);
}

void ctl_show_but(struct ctl *ctl, const struct json *object, unsigned indent, const char *but)
{
	show_members(ctl, object, indent, but, NULL);
}

void ctl_show(struct ctl *ctl, const struct json *object, unsigned indent)
{
	ctl_show_but(ctl, object, indent, "");
}
