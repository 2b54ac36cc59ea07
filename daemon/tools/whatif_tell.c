#include "whatif_tell.h"

#include <errno.h>

#include "najimi/base/number.h"
#include "najimi/codec/json_out.h"
#include "najimi/core/view.h"

#define VERSION 1
#define RUN_SIZE 4096
#define HEAD_SIZE (16 * 1024)

/* --- for people --- */

static void print_day(FILE *out, const char *before, usec_t at)
{
	char text[INSTANT_SIZE];

	text_of_instant(at, text, sizeof(text));
	fprintf(out, "%s%.10s %.5s", before, text, text + 11);
}

static void print_found(const struct whatif_study *study, FILE *out)
{
	const struct whatif_found *found = &study->found;

	fprintf(out, "%zu calls%s%s by %u agents,", found->calls,
	        study->queue == NULL ? "" : ", those of ", study->queue == NULL ? "" : study->queue,
	        found->agents);
	print_day(out, " from ", study->contacts->list[0].arrived_at);
	print_day(out, " to ", found->last);
	print_day(out, " UTC; counted from ", found->base + study->count_from);
	fprintf(out, "\nAs recorded: mean wait %.1f s, ", (double)found->wait_mean / 1e6);
	if (found->returned > 0)
		fprintf(out, "%.1f %% of returning callers met their own agent, ",
		        100.0 * (double)found->own / (double)found->returned);
	fprintf(out, "%.1f %% gave up\n", 100.0 * (double)found->gave_up / (double)found->calls);
}

static void print_doubts(const struct whatif_study *study, FILE *out)
{
	if (study->contacts->unreadable > 0)
		fprintf(out, "%llu entries could not be read, the first because it %s\n",
		        (unsigned long long)study->contacts->unreadable, study->contacts->fault);
	if (study->found.patience_mean == USEC_NEVER)
		fprintf(out, "Nobody gave up: callers are played as endlessly patient\n");
	if (study->plays > 1)
		fprintf(out, "Each setting played %u times\n", study->plays);
	if (study->args->agents != 0)
		fprintf(out, "Played with %+d agents\n", study->args->agents);
}

void whatif_tell_head(const struct whatif_study *study, FILE *out)
{
	char present[160];

	print_found(study, out);
	whatif_describe(&study->plans[study->main], present, sizeof(present));
	fprintf(out, "Present setting%s: %s%s\n", study->alike ? "" : " (of the busiest queue)",
	        present, study->alike ? "" : "; the other queues' differ");
	print_doubts(study, out);
}

/* --- for programs --- */

static void json_seconds(struct json_out *out, const char *name, double value, int decimals)
{
	char number[48];
	int length = snprintf(number, sizeof(number), "%.*f", decimals, value);

	if (value < 0)
		json_null(out, name);
	else
		json_raw(out, name, (struct text){ number, (size_t)length });
}

/* Null without end. */
static void json_span(struct json_out *out, const char *name, usec_t span)
{
	json_seconds(out, name, span == USEC_NEVER ? -1 : (double)span / 1e6, 3);
}

static const char *kind_name(enum whatif_kind kind)
{
	static const char *const names[] = { "value", "present", "preset" };

	return names[kind];
}

static void json_plan(struct json_out *out, const struct queue_plan *plan)
{
	char words[160];

	whatif_describe(plan, words, sizeof(words));
	json_object(out, "setting");
	json_text(out, "words", words);
	json_text(out, "policy", plan->sticky ? sticky_policy_name(plan->policy) : "off");
	json_span(out, "value_s", plan->value);
	json_span(out, "wait_idle_s", plan->wait_idle);
	json_span(out, "wait_skipped_s", plan->wait_skipped);
	json_span(out, "credit_s", plan->credit);
	json_object_end(out);
}

int whatif_tell_run(const struct whatif_study *study, size_t index, struct report *report,
                    FILE *out, struct err *err)
{
	const struct whatif_run *run = &study->runs[index];
	char text[RUN_SIZE];
	struct json_out json;
	size_t length;

	json_out_begin(&json, text, sizeof(text));
	json_object(&json, NULL);
	json_text(&json, "kind", kind_name(run->kind));
	json_text(&json, "name", run->name);
	json_plan(&json, &run->plan);
	report_write_comparison(report, &json);
	json_object_end(&json);
	length = json_out_done(&json);
	if (length == 0)
		return err_set(err, -ENOSPC, "%s: more than %d bytes", run->name, RUN_SIZE);
	fprintf(out, "%s%s", index == 0 ? "" : ",", text);
	return 0;
}

static void json_recorded(struct json_out *out, const struct whatif_found *found)
{
	json_object(out, "recorded");
	json_uint(out, "answered", found->answered);
	json_uint(out, "gave_up", found->gave_up);
	json_span(out, "wait_mean_s", found->answered == 0 ? USEC_NEVER : found->wait_mean);
	json_uint(out, "returning", found->returned);
	json_seconds(out, "reunited",
	             found->returned == 0 ? -1 : (double)found->own / (double)found->returned, 4);
	json_span(out, "ring_mean_s", found->ring_mean);
	json_span(out, "patience_mean_s", found->patience_mean);
	json_object_end(out);
}

static void json_head(struct json_out *out, const struct whatif_study *study, double took_s)
{
	const struct whatif_contacts *contacts = study->contacts;

	json_uint(out, "v", VERSION);
	json_text(out, "site", study->site);
	json_text(out, "queue", study->queue);
	json_instant(out, "from", contacts->list[0].arrived_at);
	json_instant(out, "to", study->found.last);
	json_instant(out, "counted_from", study->found.base + study->count_from);
	json_uint(out, "calls", study->found.calls);
	json_uint(out, "agents", study->found.agents);
	json_int(out, "agents_changed", study->args->agents);
	json_object(out, "entries");
	json_uint(out, "read", contacts->read);
	json_uint(out, "unreadable", contacts->unreadable);
	json_object_end(out);
	json_recorded(out, &study->found);
	json_bool(out, "queues_alike", study->alike);
	json_uint(out, "plays", study->plays);
	json_seconds(out, "took_s", took_s, 3);
}

int whatif_tell_json(const struct whatif_study *study, struct text runs, double took_s, FILE *out,
                     struct err *err)
{
	char text[HEAD_SIZE];
	struct json_out json;
	size_t length;

	json_out_begin(&json, text, sizeof(text));
	json_object(&json, NULL);
	json_head(&json, study, took_s);
	json_object_end(&json);
	length = json_out_done(&json);
	if (length == 0)
		return err_set(err, -ENOSPC, "more than %d bytes", HEAD_SIZE);
	/* Without the bracket that closes it. */
	fprintf(out, "%.*s,\"runs\":[%.*s]}\n", (int)length - 1, text, (int)runs.length,
	        runs.start);
	return 0;
}
