#include "report.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "najimi/codec/json_out.h"

bool waits_add(struct waits *waits, usec_t wait)
{
	if (waits->count == waits->capacity) {
		size_t capacity = waits->capacity == 0 ? 1024 : waits->capacity * 2;
		usec_t *grown = realloc(waits->list, capacity * sizeof(*grown));

		if (grown == NULL)
			return false;
		waits->list = grown;
		waits->capacity = capacity;
	}
	waits->list[waits->count++] = wait;
	waits->sorted = false;
	return true;
}

static int by_length(const void *left, const void *right)
{
	const usec_t *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}

usec_t waits_mean(const struct waits *waits)
{
	usec_t sum = 0;

	if (waits->count == 0)
		return 0;
	for (size_t i = 0; i < waits->count; i++)
		sum += waits->list[i];
	return (sum + waits->count / 2) / waits->count;
}

usec_t waits_quantile(struct waits *waits, double share)
{
	size_t rank;

	if (waits->count == 0)
		return 0;
	if (!waits->sorted)
		qsort(waits->list, waits->count, sizeof(*waits->list), by_length);
	waits->sorted = true;
	/* The smallest rank with rank / count >= share. */
	rank = (size_t)(share * (double)waits->count);
	if ((double)rank < share * (double)waits->count)
		rank++;
	return waits->list[rank == 0 ? 0 : rank - 1];
}

bool report_add(struct report *report, const struct report_call *call)
{
	struct report_group *group = call->returning ? &report->returning : &report->others;

	group->calls++;
	report->identified += call->identified;
	if (call->turned_away) {
		group->turned_away++;
		return true;
	}
	if (!call->answered) {
		group->abandoned++;
		report->short_abandoned += call->wait <= report->short_abandon;
		return true;
	}
	group->answered++;
	report->in_time += call->wait <= report->service_level;
	if (call->returning) {
		report->own += call->own;
		report->present_answered += call->present;
		report->present_own += call->present && call->own;
	}
	return waits_add(&group->waits, call->wait);
}

void report_done(struct report *report)
{
	free(report->returning.waits.list);
	free(report->others.waits.list);
	report->returning.waits = report->others.waits = (struct waits){ 0 };
}

static double share(uint64_t part, uint64_t whole)
{
	return whole == 0 ? -1 : (double)part / (double)whole;
}

double report_own_share(const struct report *report)
{
	return share(report->own, report->returning.answered);
}

double report_present_share(const struct report *report)
{
	return share(report->present_own, report->present_answered);
}

double report_service_level(const struct report *report)
{
	uint64_t answered = report->returning.answered + report->others.answered;
	uint64_t abandoned = report->returning.abandoned + report->others.abandoned;

	return share(report->in_time, answered + abandoned - report->short_abandoned);
}

double report_wait_mean(const struct report *report)
{
	const struct waits *a = &report->returning.waits, *b = &report->others.waits;
	double count = (double)(a->count + b->count);

	if (a->count + b->count == 0)
		return -1;
	return ((double)waits_mean(a) * (double)a->count +
	        (double)waits_mean(b) * (double)b->count) /
	       count / 1e6;
}

double report_extra_wait(const struct report *report)
{
	if (!report->extra_known)
		return -1;
	return share(report->extra / MSEC(1), report->returning.answered) / 1000;
}

/* Both groups as one; its list is the caller's to free. */
static struct report_group together(const struct report *report)
{
	const struct report_group *a = &report->returning, *b = &report->others;
	struct report_group all = {
		.calls = a->calls + b->calls,
		.answered = a->answered + b->answered,
		.abandoned = a->abandoned + b->abandoned,
		.turned_away = a->turned_away + b->turned_away,
	};
	size_t count = a->waits.count + b->waits.count;

	all.waits.list = malloc((count + 1) * sizeof(*all.waits.list));
	if (all.waits.list == NULL)
		return all;
	if (a->waits.count > 0)
		memcpy(all.waits.list, a->waits.list, a->waits.count * sizeof(*all.waits.list));
	if (b->waits.count > 0)
		memcpy(all.waits.list + a->waits.count, b->waits.list,
		       b->waits.count * sizeof(*all.waits.list));
	all.waits.count = count;
	return all;
}

static void print_share(FILE *out, int width, double value)
{
	if (value < 0)
		fprintf(out, "%*s", width, "-");
	else
		fprintf(out, "%*.1f%%", width - 1, value * 100);
}

static void print_group(FILE *out, const char *name, struct report_group *group)
{
	struct waits *waits = &group->waits;
	const double shares[] = { 0.5, 0.95, 0.99 };

	fprintf(out, "%-10s%9llu%9llu%9llu", name, (unsigned long long)group->calls,
	        (unsigned long long)group->answered, (unsigned long long)group->abandoned);
	print_share(out, 8, share(group->abandoned, group->calls));
	fprintf(out, "%10.1f", (double)waits_mean(waits) / 1e6);
	for (size_t i = 0; i < ARRAY_LEN(shares); i++)
		fprintf(out, "%8.1f", (double)waits_quantile(waits, shares[i]) / 1e6);
	fputc('\n', out);
}

void report_print(struct report *report, const struct report_notes *notes, FILE *out)
{
	struct report_group all = together(report);

	fprintf(out, "%s: %.4g days", notes->file, notes->played_days);
	if (notes->through)
		fprintf(out, " through the daemon at speed %g (%.0f in effect), %.1f s",
		        notes->speed, notes->effective_speed, notes->took_s);
	else
		fprintf(out, " in virtual time, %.2f s, policy %s", notes->took_s, report->policy);
	if (report->not_counted > 0)
		fprintf(out, "; %llu calls of the warm-up not counted",
		        (unsigned long long)report->not_counted);
	fprintf(out, "\n\n%-10s%9s%9s%9s%8s%10s%8s%8s%8s\n", "callers", "calls", "answered",
	        "gave up", "", "wait mean", "p50", "p95", "p99 s");
	print_group(out, "all", &all);
	print_group(out, "returning", &report->returning);
	print_group(out, "others", &report->others);
	free(all.waits.list);

	fprintf(out, "\nown agent      ");
	print_share(out, 7, report_own_share(report));
	fprintf(out, "   %llu of %llu returning callers answered\n",
	        (unsigned long long)report->own, (unsigned long long)report->returning.answered);
	fprintf(out, "  where present");
	print_share(out, 7, report_present_share(report));
	fprintf(out, "   %llu of %llu\n", (unsigned long long)report->present_own,
	        (unsigned long long)report->present_answered);
	fprintf(out, "service level  ");
	print_share(out, 7, report_service_level(report));
	fprintf(out, "   answered within %g s, abandons up to %g s left out\n",
	        (double)report->service_level / 1e6, (double)report->short_abandon / 1e6);
	if (all.turned_away > 0)
		fprintf(out, "turned away    %7llu\n", (unsigned long long)all.turned_away);
	if (notes->through)
		fprintf(out, "reports that crossed an order %llu\n",
		        (unsigned long long)notes->crossings);
}

void report_print_head(FILE *out)
{
	fprintf(out, "%-23s%8s%7s%10s%10s%8s%9s%12s%8s%7s%7s\n", "policy", "present", "all",
	        "mean wait", "returning", "others", "p95 ret", "gave up ret", "others", "SL",
	        "extra");
}

void report_print_row(struct report *report, FILE *out)
{
	struct report_group all = together(report);

	fprintf(out, "%-23s%8.3f%7.3f%10.1f%10.1f%8.1f%9.1f%12.3f%8.3f%7.3f%7.1f\n", report->policy,
	        report_present_share(report), report_own_share(report),
	        (double)waits_mean(&all.waits) / 1e6,
	        (double)waits_mean(&report->returning.waits) / 1e6,
	        (double)waits_mean(&report->others.waits) / 1e6,
	        (double)waits_quantile(&report->returning.waits, 0.95) / 1e6,
	        share(report->returning.abandoned, report->returning.calls),
	        share(report->others.abandoned, report->others.calls), report_service_level(report),
	        report_extra_wait(report));
	free(all.waits.list);
}

/* A number with `decimals` places; null for what has no value. */
static void json_decimal(struct json_out *out, const char *name, double value, int decimals)
{
	char number[48];
	int length = snprintf(number, sizeof(number), "%.*f", decimals, value);

	if (value < 0)
		json_null(out, name);
	else
		json_raw(out, name, (struct text){ number, (size_t)length });
}

static void json_group(struct json_out *out, const char *name, struct report_group *group)
{
	struct waits *waits = &group->waits;

	json_object(out, name);
	json_uint(out, "calls", group->calls);
	json_uint(out, "answered", group->answered);
	json_uint(out, "abandoned", group->abandoned);
	json_decimal(out, "abandoned_share", share(group->abandoned, group->calls), 4);
	json_uint(out, "turned_away", group->turned_away);
	json_object(out, "wait_s");
	json_decimal(out, "mean", (double)waits_mean(waits) / 1e6, 3);
	json_decimal(out, "p50", (double)waits_quantile(waits, 0.5) / 1e6, 3);
	json_decimal(out, "p95", (double)waits_quantile(waits, 0.95) / 1e6, 3);
	json_decimal(out, "p99", (double)waits_quantile(waits, 0.99) / 1e6, 3);
	json_object_end(out);
	json_object_end(out);
}

/* The figures by which policies are compared, in one place and under short names. */
static void json_comparison(struct json_out *out, struct report *report, struct report_group *all)
{
	struct {
		const char *name;
		struct report_group *group;
	} groups[] = {
		{ "all", all },
		{ "returning", &report->returning },
		{ "other", &report->others },
	};

	unsigned plays = report->plays == 0 ? 1 : report->plays;

	json_text(out, "policy", report->policy);
	json_uint(out, "returning", report->returning.answered / plays);
	json_uint(out, "present", report->present_answered / plays);
	json_decimal(out, "reunited", report_own_share(report), 4);
	json_decimal(out, "reunited_present", report_present_share(report), 4);
	json_object(out, "wait_mean_s");
	for (size_t i = 0; i < ARRAY_LEN(groups); i++)
		json_decimal(out, groups[i].name, (double)waits_mean(&groups[i].group->waits) / 1e6,
		             3);
	json_object_end(out);
	json_object(out, "wait_p95_s");
	for (size_t i = 0; i < ARRAY_LEN(groups); i++)
		json_decimal(out, groups[i].name,
		             (double)waits_quantile(&groups[i].group->waits, 0.95) / 1e6, 3);
	json_object_end(out);
	json_object(out, "abandoned");
	for (size_t i = 0; i < ARRAY_LEN(groups); i++)
		json_decimal(out, groups[i].name,
		             share(groups[i].group->abandoned, groups[i].group->calls), 4);
	json_object_end(out);
	json_decimal(out, "service_level", report_service_level(report), 4);
	json_decimal(out, "extra_wait_s", report_extra_wait(report), 3);
}

void report_write_comparison(struct report *report, struct json_out *out)
{
	struct report_group all = together(report);

	json_comparison(out, report, &all);
	free(all.waits.list);
}

static void json_notes(struct json_out *out, const struct report_notes *notes)
{
	json_text(out, "file", notes->file);
	json_decimal(out, "played_days", notes->played_days, 3);
	json_decimal(out, "took_s", notes->took_s, 3);
	json_text(out, "mode", notes->through ? "through" : "virtual");
	if (notes->through) {
		json_decimal(out, "speed", notes->speed, 3);
		json_uint(out, "crossings", notes->crossings);
		json_decimal(out, "effective_speed", notes->effective_speed, 3);
	} else {
		json_uint(out, "steps", notes->steps);
	}
}

void report_print_json(struct report *report, const struct report_notes *notes, FILE *out)
{
	struct report_group all = together(report);
	char text[32 * 1024]; /* mostly for the file's path */
	struct json_out json;
	size_t length;

	json_out_begin(&json, text, sizeof(text));
	json_object(&json, NULL);
	json_notes(&json, notes);
	json_comparison(&json, report, &all);
	json_uint(&json, "callers", all.calls);
	json_uint(&json, "identified", report->identified);
	json_uint(&json, "returning_callers", report->returning.calls);
	json_uint(&json, "not_counted", report->not_counted);
	json_uint(&json, "own", report->own);
	json_decimal(&json, "own_agent_share", report_own_share(report), 4);
	json_uint(&json, "present_own", report->present_own);
	json_uint(&json, "present_answered", report->present_answered);
	json_decimal(&json, "own_agent_share_present", report_present_share(report), 4);
	json_decimal(&json, "service_level_s", (double)report->service_level / 1e6, 3);
	json_uint(&json, "short_abandoned", report->short_abandoned);
	json_object(&json, "groups");
	json_group(&json, "all", &all);
	json_group(&json, "returning", &report->returning);
	json_group(&json, "others", &report->others);
	json_object_end(&json);
	json_object_end(&json);
	length = json_out_done(&json);
	free(all.waits.list);
	assert(length > 0);
	fwrite(text, 1, length, out);
	fputc('\n', out);
}
