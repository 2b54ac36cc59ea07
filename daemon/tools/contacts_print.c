#include "contacts_print.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "csv_out.h"

#define VALUE_SIZE ((size_t)64 * 1024) /* of one member, escaped; an entry is less than 16K */

/* What a contact's record has: najimi-redis(7). Their order is that of the columns. */
static const struct {
	const char *name;
	bool pii; /* says who the caller is */
} members[] = {
	{ "contact", false },       { "client", false },     { "call", false },
	{ "outcome", false },       { "by", false },         { "queue", false },
	{ "first_queue", false },   { "arrived_at", false }, { "answered_at", false },
	{ "ended_at", false },      { "wait_ms", false },    { "ring_ms", false },
	{ "talk_ms", false },       { "hold_ms", false },    { "in_time", false },
	{ "told_ms", false },       { "promise", false },    { "agent", false },
	{ "credited", false },      { "legs", false },       { "offers", false },
	{ "sticky", false },        { "why", false },        { "preferred", false },
	{ "preferred_at", false },  { "pinned", false },     { "waited_ms", false },
	{ "extra_wait_ms", false }, { "holdout", false },    { "tier", false },
	{ "tier_used", false },     { "reason", false },     { "channel", false },
	{ "case_id", false },       { "to", false },         { "key", true },
	{ "number", true },         { "customer_id", true },
};

/* The last ones are for stories alone. */
#define STORY_COLUMNS 2
static const struct column columns[] = {
	{ "ended", false },   { "queue", false },    { "outcome", false }, { "agent", false },
	{ "wait", true },     { "talk", true },      { "hold", true },     { "told", true },
	{ "promise", false }, { "returned", false }, { "caller", false },  { "call", false },
	{ "said", false },    { "survey", false },
};

static const char *text_of_member(const struct json *contact, const char *name)
{
	const char *text = NULL;

	(void)json_get_text(json_member(contact, name), &text);
	return text;
}

/* The caller's number in this output, from 1; 0: nobody knows who it was. */
static int number_caller(struct contacts_print *print, const struct json *contact, uint32_t *ret,
                         struct err *err)
{
	const char *key = text_of_member(contact, "key");

	*ret = 0;
	if (key == NULL || key[0] == '\0')
		return 0;
	if (!lexicon_intern(&print->callers, text_of(key), ret))
		return err_set(err, -ENOMEM, "out of memory");
	(*ret)++;
	return 0;
}

/* --- CSV --- */

static void put_csv_head(const struct contacts_print *print)
{
	fputs("entry,caller", print->out);
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		if (!members[i].pii || print->pii)
			fprintf(print->out, ",%s", members[i].name);
	fputs("\r\n", print->out);
}

static void put_csv(const struct contacts_print *print, const char *entry, uint32_t caller,
                    const struct json *contact)
{
	fprintf(print->out, "%s,", entry);
	if (caller != 0)
		fprintf(print->out, "%" PRIu32, caller);
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		if (members[i].pii && !print->pii)
			continue;
		fputc(',', print->out);
		csv_put_value(json_member(contact, members[i].name), print->out);
	}
	fputs("\r\n", print->out);
}

/* --- JSON --- */

static bool may_be_told(const struct contacts_print *print, const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		if (strcmp(members[i].name, name) == 0)
			return print->pii || !members[i].pii;
	return print->pii || strcmp(name, "v") == 0;
}

static void put_json(const struct contacts_print *print, const char *entry, uint32_t caller,
                     const struct json *contact)
{
	char value[VALUE_SIZE];

	fprintf(print->out, "%s{\"entry\":\"%s\"", print->count == 0 ? "" : ",\n", entry);
	if (caller != 0)
		fprintf(print->out, ",\"caller\":%" PRIu32, caller);
	for (const struct json *one = json_first(contact); one != NULL; one = json_next(one)) {
		const char *name = json_member_name(one);

		if (strpbrk(name, "\"\\") == NULL && may_be_told(print, name) &&
		    json_print(one, value, sizeof(value)) > 0)
			fprintf(print->out, ",\"%s\":%s", name, value);
	}
	fputc('}', print->out);
}

/* --- a table --- */

static void put_clock(struct table *table, const char *text)
{
	char shown[32] = "";
	time_t seconds;
	struct tm tm;
	usec_t at;

	if (text != NULL && text_to_instant(text_of(text), &at) == 0) {
		seconds = (time_t)(at / SEC(1));
		localtime_r(&seconds, &tm);
		strftime(shown, sizeof(shown), "%Y-%m-%d %H:%M:%S", &tm);
	}
	table_text(table, shown[0] == '\0' ? NULL : shown);
}

static void put_span(struct table *table, const struct json *contact, const char *name)
{
	int64_t ms;

	if (json_get_int(json_member(contact, name), &ms) && ms >= 0)
		table_duration(table, MSEC(ms));
	else
		table_text(table, NULL);
}

/* "own", "other: busy"; nothing for those who do not return. */
static void put_returned(struct table *table, const struct json *contact)
{
	const char *result = text_of_member(contact, "sticky");
	const char *why = text_of_member(contact, "why");
	char both[96];

	if (result == NULL || strcmp(result, "new") == 0) {
		table_text(table, NULL);
		return;
	}
	snprintf(both, sizeof(both), "%s%s%s", result, why == NULL ? "" : ": ",
	         why == NULL ? "" : why);
	table_text(table, both);
}

static void put_caller(const struct contacts_print *print, uint32_t caller,
                       const struct json *contact)
{
	char number[16];

	snprintf(number, sizeof(number), "#%" PRIu32, caller);
	if (print->pii)
		table_text(print->table, text_of_member(contact, "key"));
	else
		table_text(print->table, caller == 0 ? NULL : number);
}

/* How it ended; of a call that an agent made, that it was one. */
static void put_outcome(struct table *table, const struct json *contact)
{
	const char *direction = text_of_member(contact, "direction");

	table_text(table, direction != NULL ? direction : text_of_member(contact, "outcome"));
}

/* What the agent said of it: "resolved: contract"; the note is in the JSON. */
static void put_said(struct table *table, const struct json *contact)
{
	const struct json *said = json_member(contact, "disposition");
	const char *outcome = said == NULL ? NULL : text_of_member(said, "outcome");
	const char *reason = said == NULL ? NULL : text_of_member(said, "reason");
	char both[192];

	snprintf(both, sizeof(both), "%s%s%s", outcome == NULL ? "" : outcome,
	         reason == NULL ? "" : ": ", reason == NULL ? "" : reason);
	table_text(table, outcome == NULL ? NULL : both);
}

/* What the caller answered: "NPS 3, CSAT 2, unresolved"; the comment is in the JSON. */
static void put_survey(struct table *table, const struct json *contact)
{
	const struct json *survey = json_member(contact, "survey");
	int64_t nps, csat;
	char parts[3][32] = { "", "", "" }, all[128] = "";
	bool resolved;

	if (survey != NULL && json_get_int(json_member(survey, "nps"), &nps))
		snprintf(parts[0], sizeof(parts[0]), "NPS %" PRId64, nps);
	if (survey != NULL && json_get_int(json_member(survey, "csat"), &csat))
		snprintf(parts[1], sizeof(parts[1]), "CSAT %" PRId64, csat);
	if (survey != NULL && json_get_bool(json_member(survey, "resolved"), &resolved))
		snprintf(parts[2], sizeof(parts[2]), "%s", resolved ? "resolved" : "unresolved");
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		size_t length = strlen(all);

		if (parts[i][0] != '\0')
			snprintf(all + length, sizeof(all) - length, "%s%s",
			         length == 0 ? "" : ", ", parts[i]);
	}
	table_text(table, all[0] == '\0' ? NULL : all);
}

static void put_row(const struct contacts_print *print, uint32_t caller, const struct json *contact)
{
	struct table *table = print->table;

	table_row(table);
	put_clock(table, text_of_member(contact, "ended_at"));
	table_text(table, text_of_member(contact, "queue"));
	put_outcome(table, contact);
	table_text(table, text_of_member(contact, "agent"));
	put_span(table, contact, "wait_ms");
	put_span(table, contact, "talk_ms");
	put_span(table, contact, "hold_ms");
	put_span(table, contact, "told_ms");
	table_text(table, text_of_member(contact, "promise"));
	put_returned(table, contact);
	put_caller(print, caller, contact);
	table_text(table, text_of_member(contact, "call"));
	if (print->format == CONTACTS_STORY) {
		put_said(table, contact);
		put_survey(table, contact);
	}
}

/* --- all of them --- */

int contacts_print_begin(struct contacts_print *print, FILE *out, enum contacts_format format,
                         bool pii, struct err *err)
{
	*print = (struct contacts_print){ .out = out, .format = format, .pii = pii };
	if (format == CONTACTS_TABLE || format == CONTACTS_STORY) {
		print->table =
		        table_new(columns, ARRAY_LEN(columns) -
		                                   (format == CONTACTS_TABLE ? STORY_COLUMNS : 0));
		if (print->table == NULL)
			return err_set(err, -ENOMEM, "out of memory");
	}
	if (format == CONTACTS_CSV)
		put_csv_head(print);
	if (format == CONTACTS_JSON)
		fputs("{\"contacts\":[\n", out);
	return 0;
}

int contacts_print_one(struct contacts_print *print, const char *entry, const struct json *contact,
                       struct err *err)
{
	uint32_t caller;
	int r = number_caller(print, contact, &caller, err);

	if (r < 0)
		return r;
	switch (print->format) {
	case CONTACTS_TABLE:
	case CONTACTS_STORY:
		put_row(print, caller, contact);
		break;
	case CONTACTS_CSV:
		put_csv(print, entry, caller, contact);
		break;
	case CONTACTS_JSON:
		put_json(print, entry, caller, contact);
		break;
	}
	print->count++;
	/* A reader who has seen enough, or a full disk. */
	return ferror(print->out) ? err_set(err, -EIO, "the output cannot be written") : 0;
}

void contacts_print_end(struct contacts_print *print, const char *next, bool colour)
{
	switch (print->format) {
	case CONTACTS_TABLE:
	case CONTACTS_STORY:
		if (print->count == 0)
			fputs("no contacts\n", print->out);
		else
			table_print(print->table, colour, print->out);
		break;
	case CONTACTS_CSV:
		break;
	case CONTACTS_JSON:
		fputs(print->count == 0 ? "]" : "\n]", print->out);
		if (next != NULL)
			fprintf(print->out, ",\"next\":\"%s\"", next);
		fputs("}\n", print->out);
		break;
	}
}

void contacts_print_done(struct contacts_print *print)
{
	lexicon_done(&print->callers);
	table_free(print->table);
	*print = (struct contacts_print){ 0 };
}
