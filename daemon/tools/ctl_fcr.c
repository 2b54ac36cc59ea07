#include <stdlib.h>
#include <string.h>

#include "csv_out.h"
#include "ctl.h"

/* fcr: first contact resolution of some days. A figure is final, or it is of days whose
 * callers may call again yet: both are shown, apart. */

static const char *const windows[] = { "24h", "7d", "30d" };

/* "fcr.24h.any" */
static const struct json *find(const struct json *object, const char *path)
{
	char name[32];

	while (object != NULL && *path != '\0') {
		size_t length = strcspn(path, ".");

		snprintf(name, sizeof(name), "%.*s", (int)length, path);
		object = ctl_member(object, name);
		path += length + (path[length] == '.');
	}
	return object;
}

/* --- tables --- */

static const struct column columns[] = {
	{ .title = "" }, /* by what */
	{ .title = "CONTACTS", .right = true },
	{ .title = "RECONNECTED", .right = true },
	{ .title = "24 H", .right = true },
	{ .title = "SO FAR", .right = true },
	{ .title = "7 D", .right = true },
	{ .title = "SO FAR", .right = true },
	{ .title = "30 D", .right = true },
	{ .title = "SO FAR", .right = true },
	{ .title = "AGENTS SAY", .right = true },
	{ .title = "CALLERS SAY", .right = true },
	{ .title = "NPS", .right = true },
};

static void add_number(struct table *table, const struct json *number)
{
	char text[32];

	if (number == NULL || json_type(number) != JSON_NUMBER ||
	    json_print(number, text, sizeof(text)) == 0)
		table_text(table, NULL);
	else
		table_text(table, text);
}

static void add_row(struct table *table, const struct json *row)
{
	char path[48];

	table_number(table, ctl_number(row, "contacts"));
	table_number(table, ctl_number(row, "reconnects"));
	for (size_t i = 0; i < ARRAY_LEN(windows); i++) {
		snprintf(path, sizeof(path), "fcr.%s.any.final.fcr", windows[i]);
		ctl_add_share(table, find(row, path));
		snprintf(path, sizeof(path), "fcr.%s.any.provisional.fcr", windows[i]);
		ctl_add_share(table, find(row, path));
	}
	ctl_add_share(table, find(row, "asserted.fcr"));
	ctl_add_share(table, find(row, "surveyed.fcr"));
	add_number(table, find(row, "surveyed.nps.nps"));
}

static enum ctl_exit print_rows(struct ctl *ctl, const struct json *answer, const char *by)
{
	struct column titled[ARRAY_LEN(columns)];
	const struct json *total = ctl_member(answer, "total");
	struct table *table;
	char title[16];
	size_t rows = 0;

	memcpy(titled, columns, sizeof(titled));
	snprintf(title, sizeof(title), "%s", by);
	for (char *at = title; *at != '\0'; at++)
		if (*at >= 'a' && *at <= 'z')
			*at = (char)(*at - 'a' + 'A');
	titled[0].title = title;
	table = table_new(titled, ARRAY_LEN(titled));
	if (table == NULL) {
		fputs("najimictl: out of memory\n", stderr);
		return CTL_REFUSED;
	}
	for (const struct json *row = json_first(ctl_member(answer, "rows")); row != NULL;
	     row = json_next(row)) {
		table_row(table);
		ctl_add_name(table, row, by);
		add_row(table, row);
		rows++;
	}
	if (rows > 1 && total != NULL) {
		table_row(table);
		table_text(table, "all");
		add_row(table, total);
	}
	ctl_print_table(ctl, table, "Nobody had a contact.");
	return CTL_OK;
}

/* --- what stickiness does --- */

static double value_of(const struct json *number)
{
	char text[64];

	if (number == NULL || json_type(number) != JSON_NUMBER ||
	    json_print(number, text, sizeof(text)) == 0)
		return 0;
	return strtod(text, NULL);
}

/* A difference with its interval, in points or seconds. */
static void print_difference(struct ctl *ctl, const char *what, const struct json *uplift,
                             const char *of, const char *unit, double scale)
{
	const struct json *sticky = ctl_member(uplift, "sticky");
	const struct json *holdout = ctl_member(uplift, "holdout");
	const struct json *difference = ctl_member(uplift, "difference");

	fprintf(ctl->out, "%-14s", what);
	if (difference == NULL || json_type(difference) != JSON_NUMBER) {
		fputs("not enough data\n", ctl->out);
		return;
	}
	fprintf(ctl->out, "%.1f %s, %.1f held out: %+.1f (%+.1f to %+.1f)\n",
	        value_of(ctl_member(sticky, of)) * scale, unit,
	        value_of(ctl_member(holdout, of)) * scale, value_of(difference) * scale,
	        value_of(ctl_member(uplift, "low")) * scale,
	        value_of(ctl_member(uplift, "high")) * scale);
}

static void print_uplift(struct ctl *ctl, const struct json *uplift)
{
	char path[32], what[32];

	if (uplift == NULL)
		return;
	fputs("\nReturning callers, brought to their own agent or held out; differences with "
	      "their\n"
	      "95 % intervals:\n",
	      ctl->out);
	for (size_t i = 0; i < ARRAY_LEN(windows); i++) {
		snprintf(path, sizeof(path), "fcr.%s.any", windows[i]);
		snprintf(what, sizeof(what), "FCR %s", windows[i]);
		print_difference(ctl, what, find(uplift, path), "fcr", "%", 100);
	}
	print_difference(ctl, "wait", ctl_member(uplift, "wait"), "mean_ms", "s", 0.001);
	print_difference(ctl, "handling", ctl_member(uplift, "handling"), "mean_ms", "s", 0.001);
}

/* --- CSV --- */

static void put_cells(struct ctl *ctl, const struct json *row, const char *kind, const char *names)
{
	static const char *const scopes[] = { "any", "queue", "reason" };
	char path[64], name[32];

	for (size_t i = 0; i < ARRAY_LEN(windows) * ARRAY_LEN(scopes); i++) {
		for (const char *at = names; *at != '\0';) {
			size_t length = strcspn(at, " ");
			const char *window = windows[i / ARRAY_LEN(scopes)];
			const char *scope = scopes[i % ARRAY_LEN(scopes)];

			snprintf(name, sizeof(name), "%.*s", (int)length, at);
			at += length + (at[length] == ' ');
			if (row == NULL) {
				fprintf(ctl->out, ",%s.%s.%s.%s", kind, window, scope, name);
				continue;
			}
			snprintf(path, sizeof(path), "%s.%s.%s.%s", kind, window, scope, name);
			fputc(',', ctl->out);
			csv_put_value(find(row, path), ctl->out);
		}
	}
}

static void put_fields(struct ctl *ctl, const struct json *row)
{
	static const char *const fields[] = {
		"contacts",
		"reconnects",
		"asserted.resolved",
		"asserted.unresolved",
		"asserted.escalated",
		"asserted.follow_up",
		"surveyed.answers",
		"surveyed.resolved",
		"surveyed.unresolved",
		"surveyed.nps.nps",
		"surveyed.csat.mean",
	};

	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		fputc(',', ctl->out);
		if (row == NULL)
			fputs(fields[i], ctl->out);
		else
			csv_put_value(find(row, fields[i]), ctl->out);
	}
	put_cells(ctl, row, "fcr",
	          "final.eligible final.resolved provisional.eligible provisional.resolved");
	put_cells(ctl, row, "first_of_chain", "eligible resolved");
	put_cells(ctl, row, "net", "eligible resolved");
	fputs("\r\n", ctl->out);
}

static void print_csv(struct ctl *ctl, const struct json *answer, const char *by)
{
	fputs(by, ctl->out);
	put_fields(ctl, NULL);
	for (const struct json *row = json_first(ctl_member(answer, "rows")); row != NULL;
	     row = json_next(row)) {
		csv_put_value(ctl_member(row, by), ctl->out);
		put_fields(ctl, row);
	}
}

/* --- the command --- */

enum ctl_exit ctl_fcr(struct ctl *ctl)
{
	enum contacts_format format = ctl_format(ctl);
	struct rpc_message message;
	char params[CTL_PARAMS_SIZE];
	enum ctl_exit result;
	const char *by;

	ctl_days(ctl, params, sizeof(params));
	result = ctl_ask(ctl, "fcr.get", params, &message);
	if (result != CTL_OK)
		return result;
	by = ctl_text(message.body, "by");
	if (format == CONTACTS_JSON || by == NULL) {
		ctl_print_json(ctl, message.body);
	} else if (format == CONTACTS_CSV) {
		print_csv(ctl, message.body, by);
	} else {
		result = print_rows(ctl, message.body, by);
		print_uplift(ctl, ctl_member(message.body, "uplift"));
	}
	rpc_message_done(&message);
	return result;
}
