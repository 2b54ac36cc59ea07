#include <string.h>

#include "csv_out.h"
#include "ctl.h"

/* stats: figures of a day or of several, by queue, agent, hour or day. */

/* --- tables --- */

static const struct column figures_columns[] = {
	{ .title = "" }, /* by what */
	{ .title = "ARRIVED", .right = true },
	{ .title = "ANSWERED", .right = true },
	{ .title = "ABANDONED", .right = true },
	{ .title = "SHORT", .right = true },
	{ .title = "ELSEWHERE", .right = true },
	{ .title = "IN TIME", .right = true },
	{ .title = "WAIT", .right = true },
	{ .title = "TALK", .right = true },
	{ .title = "RETURNED", .right = true },
	{ .title = "OWN AGENT", .right = true },
	{ .title = "PROMISES", .right = true },
};

static const struct column agents_columns[] = {
	{ .title = "AGENT" },
	{ .title = "HANDLED", .right = true },
	{ .title = "OWN", .right = true },
	{ .title = "MISSED", .right = true },
	{ .title = "HANDLING", .right = true },
	{ .title = "TALK", .right = true },
	{ .title = "HOLD", .right = true },
	{ .title = "WRAP-UP", .right = true },
	{ .title = "READY", .right = true },
	{ .title = "PAUSED", .right = true },
	{ .title = "LOGGED IN", .right = true },
	{ .title = "OCCUPANCY", .right = true },
	{ .title = "DAYS", .right = true },
};

void ctl_add_share(struct table *table, const struct json *share)
{
	char number[32], text[16];
	unsigned whole = 0, digits = 0;

	if (share == NULL || json_type(share) != JSON_NUMBER ||
	    json_print(share, number, sizeof(number)) == 0) {
		table_text(table, NULL);
		return;
	}
	/* As the daemon writes it: at most four decimals, and no exponent. */
	if (number[0] >= '0' && number[0] <= '9')
		whole = (unsigned)(number[0] - '0');
	for (unsigned i = 0, worth = 1000; i < 4 && number[1] == '.'; i++, worth /= 10) {
		if (number[2 + i] < '0' || number[2 + i] > '9')
			break;
		digits += (unsigned)(number[2 + i] - '0') * worth;
	}
	snprintf(text, sizeof(text), "%u%%", whole * 100 + (digits + 50) / 100);
	table_text(table, text);
}

static void add_ms(struct table *table, const struct json *object, const char *name)
{
	int64_t ms;

	if (json_get_int(ctl_member(object, name), &ms) && ms >= 0)
		table_duration(table, MSEC((usec_t)ms));
	else
		table_duration(table, USEC_NEVER);
}

void ctl_add_name(struct table *table, const struct json *row, const char *by)
{
	int64_t hour;
	char text[16];

	if (json_get_int(ctl_member(row, by), &hour)) {
		snprintf(text, sizeof(text), "%02d:00", (int)(hour % 100));
		table_text(table, text);
	} else {
		table_text(table, ctl_text(row, by));
	}
}

static void add_figures(struct table *table, const struct json *row, const char *by)
{
	int64_t kept = ctl_number(row, "promises_kept");
	int64_t told = kept + ctl_number(row, "promises_broken");
	char text[16];

	ctl_add_name(table, row, by);
	table_number(table, ctl_number(row, "offered"));
	table_number(table, ctl_number(row, "answered"));
	table_number(table, ctl_number(row, "abandoned"));
	table_number(table, ctl_number(row, "short_abandoned"));
	table_number(table, ctl_number(row, "overflow") + ctl_number(row, "rejected"));
	ctl_add_share(table, ctl_member(row, "service_level"));
	add_ms(table, ctl_member(row, "wait_answered"), "mean_ms");
	add_ms(table, ctl_member(row, "talk"), "mean_ms");
	table_number(table, ctl_number(row, "returning_answered"));
	ctl_add_share(table, ctl_member(row, "own_share"));
	snprintf(text, sizeof(text), "%d%%", told > 0 ? (int)((kept * 100 + told / 2) / told) : 0);
	table_text(table, told > 0 ? text : NULL);
}

static void add_agent(struct table *table, const struct json *row)
{
	static const char *const spent[] = { "handling_mean_ms", "talk_ms",  "hold_ms",
		                             "wrapup_ms",        "ready_ms", "paused_ms",
		                             "logged_in_ms" };
	int64_t missed = 0;

	for (const struct json *kind = json_first(ctl_member(row, "missed")); kind != NULL;
	     kind = json_next(kind)) {
		int64_t count;

		if (json_get_int(kind, &count))
			missed += count;
	}
	table_text(table, ctl_text(row, "agent"));
	table_number(table, ctl_number(row, "handled"));
	table_number(table, ctl_number(row, "own"));
	table_number(table, missed);
	for (size_t i = 0; i < ARRAY_LEN(spent); i++)
		add_ms(table, row, spent[i]);
	ctl_add_share(table, ctl_member(row, "occupancy"));
	table_number(table, ctl_number(row, "days"));
}

static enum ctl_exit print_table(struct ctl *ctl, const struct json *answer, const char *by)
{
	bool agents = strcmp(by, "agent") == 0;
	struct column columns[ARRAY_LEN(figures_columns)];
	struct table *table;

	memcpy(columns, figures_columns, sizeof(columns));
	columns[0].title = strcmp(by, "queue") == 0  ? "QUEUE"
	                   : strcmp(by, "hour") == 0 ? "HOUR"
	                                             : "DAY";
	table = agents ? table_new(agents_columns, ARRAY_LEN(agents_columns))
	               : table_new(columns, ARRAY_LEN(columns));
	if (table == NULL) {
		fputs("najimictl: out of memory\n", stderr);
		return CTL_REFUSED;
	}
	for (const struct json *row = json_first(ctl_member(answer, "rows")); row != NULL;
	     row = json_next(row)) {
		table_row(table);
		if (agents)
			add_agent(table, row);
		else
			add_figures(table, row, by);
	}
	ctl_print_table(ctl, table, "Nothing was counted.");
	return CTL_OK;
}

/* --- CSV --- */

/* A member, or a member of a member. */
struct field {
	const char *name, *in;
};

static const struct field figures_fields[] = {
	{ "offered", NULL },
	{ "answered", NULL },
	{ "abandoned", NULL },
	{ "short_abandoned", NULL },
	{ "overflow", NULL },
	{ "rejected", NULL },
	{ "callback", NULL },
	{ "lost", NULL },
	{ "answered_in_time", NULL },
	{ "service_missed", NULL },
	{ "service_level", NULL },
	{ "resumed", NULL },
	{ "offers", NULL },
	{ "promises_kept", NULL },
	{ "promises_broken", NULL },
	{ "own", "sticky" },
	{ "known", "sticky" },
	{ "team", "sticky" },
	{ "other", "sticky" },
	{ "returning_answered", NULL },
	{ "own_reachable", NULL },
	{ "own_share", NULL },
	{ "reachable_own_share", NULL },
	{ "held_out", NULL },
	{ "held_in_vain", NULL },
	{ "kept_idle_ms", NULL },
	{ "overtaken", NULL },
	{ "overtaken_wait_ms", NULL },
	{ "mean_ms", "wait_answered" },
	{ "p50_ms", "wait_answered" },
	{ "p90_ms", "wait_answered" },
	{ "mean_ms", "wait_abandoned" },
	{ "mean_ms", "ring" },
	{ "mean_ms", "talk" },
	{ "mean_ms", "hold" },
	{ "mean_ms", "wrapup" },
	{ "mean_ms", "sticky_wait" },
	{ "no_answer", "missed" },
	{ "busy", "missed" },
	{ "rejected", "missed" },
	{ "unreachable", "missed" },
};

static const struct field agents_fields[] = {
	{ "handled", NULL },          { "own", NULL },          { "offers", NULL },
	{ "no_answer", "missed" },    { "busy", "missed" },     { "rejected", "missed" },
	{ "unreachable", "missed" },  { "ready_ms", NULL },     { "ring_ms", NULL },
	{ "talk_ms", NULL },          { "hold_ms", NULL },      { "wrapup_ms", NULL },
	{ "paused_ms", NULL },        { "logged_in_ms", NULL }, { "occupancy", NULL },
	{ "handling_mean_ms", NULL }, { "days", NULL },
};

static void print_csv(struct ctl *ctl, const struct json *answer, const char *by)
{
	bool agents = strcmp(by, "agent") == 0;
	const struct field *fields = agents ? agents_fields : figures_fields;
	size_t count = agents ? ARRAY_LEN(agents_fields) : ARRAY_LEN(figures_fields);

	fputs(by, ctl->out);
	for (size_t i = 0; i < count; i++)
		fprintf(ctl->out, ",%s%s%s", fields[i].in == NULL ? "" : fields[i].in,
		        fields[i].in == NULL ? "" : "_", fields[i].name);
	fputs("\r\n", ctl->out);
	for (const struct json *row = json_first(ctl_member(answer, "rows")); row != NULL;
	     row = json_next(row)) {
		csv_put_value(ctl_member(row, by), ctl->out);
		for (size_t i = 0; i < count; i++) {
			const struct json *in =
			        fields[i].in == NULL ? row : ctl_member(row, fields[i].in);

			fputc(',', ctl->out);
			csv_put_value(ctl_member(in, fields[i].name), ctl->out);
		}
		fputs("\r\n", ctl->out);
	}
}

/* --- asking --- */

void ctl_days(const struct ctl *ctl, char *ret, size_t size)
{
	struct json_out out;

	json_out_begin(&out, ret, size);
	json_object(&out, NULL);
	if (ctl->args.from != NULL)
		json_text(&out, "from", ctl->args.from);
	if (ctl->args.to != NULL)
		json_text(&out, "to", ctl->args.to);
	if (ctl->args.by != NULL)
		json_text(&out, "by", ctl->args.by);
	json_object_end(&out);
	if (json_out_done(&out) == 0)
		snprintf(ret, size, "{\"from\":\"\"}"); /* too long for any day */
}

enum contacts_format ctl_format(const struct ctl *ctl)
{
	return ctl->args.json && !ctl->args.contacts.has_format ? CONTACTS_JSON
	                                                        : ctl->args.contacts.format;
}

enum ctl_exit ctl_stats(struct ctl *ctl)
{
	enum contacts_format format = ctl_format(ctl);
	struct rpc_message message;
	char params[CTL_PARAMS_SIZE];
	enum ctl_exit result;
	const char *by;

	ctl_days(ctl, params, sizeof(params));
	result = ctl_ask(ctl, "stats.get", params, &message);
	if (result != CTL_OK)
		return result;
	by = ctl_text(message.body, "by");
	if (format == CONTACTS_JSON || by == NULL)
		ctl_print_json(ctl, message.body);
	else if (format == CONTACTS_CSV)
		print_csv(ctl, message.body, by);
	else
		result = print_table(ctl, message.body, by);
	rpc_message_done(&message);
	return result;
}
