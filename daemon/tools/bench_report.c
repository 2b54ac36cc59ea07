#include "bench_report.h"

#include <stdlib.h>

#include "najimi/codec/json_out.h"

static const struct {
	const char *name;
	double share;
} quantiles[] = { { "p50", 0.5 }, { "p99", 0.99 }, { "p99.9", 0.999 } };

void bench_figures_done(struct bench_figures *figures)
{
	load_result_done(&figures->quiet);
	load_result_done(&figures->load);
	load_result_done(&figures->half);
	free(figures->handovers.list);
	free(figures->trips.list);
	agi_figures_done(&figures->agi);
	*figures = (struct bench_figures){ 0 };
}

double bench_lives_per_second(const struct load_result *result)
{
	return result->seconds > 0 ? (double)result->lives / result->seconds : 0;
}

/* --- for people --- */

static void print_times(FILE *out, struct waits *waits, usec_t trip)
{
	for (size_t i = 0; i < ARRAY_LEN(quantiles); i++) {
		usec_t value = waits_quantile(waits, quantiles[i].share);

		fprintf(out, "  %s %6.2f ms", quantiles[i].name, (double)value / 1e3);
		if (trip > 0)
			fprintf(out, " (%5.1f trips)", (double)value / (double)trip);
	}
	fputc('\n', out);
}

static void print_phase(FILE *out, const char *name, struct load_result *result, usec_t trip)
{
	if (result->seconds == 0)
		return;
	fprintf(out, "%-12s%9.0f lives/s  decision", name, bench_lives_per_second(result));
	print_times(out, &result->decisions, trip);
	if (result->queued > 0)
		fprintf(out, "%24llu calls had to wait for an agent\n",
		        (unsigned long long)result->queued);
	if (result->late > 0)
		fprintf(out, "%24llu times no connection had room for the next call\n",
		        (unsigned long long)result->late);
	if (result->refused > 0)
		fprintf(out, "%24llu requests refused, first: %s\n",
		        (unsigned long long)result->refused, result->refusal);
}

static void print_agi(const struct bench_args *args, struct bench_figures *figures, usec_t trip,
                      FILE *out)
{
	struct agi_figures *agi = &figures->agi;

	fprintf(out, "%-12s by FastAGI        decision", "");
	print_times(out, &agi->decisions, trip);
	fprintf(out, "%u held: agent free to the next Dial", args->waiting);
	print_times(out, &agi->handovers, trip);
	if (agi->idle_cpu >= 0)
		fprintf(out, "%u held: %.1f KiB each, %.2f %% of a processor meanwhile\n",
		        args->waiting, agi->kib_a_caller, 100 * agi->idle_cpu);
}

void bench_print(const struct bench_args *args, struct bench_figures *figures, FILE *out)
{
	usec_t trip = waits_quantile(&figures->trips, 0.5);

	print_phase(out, "quiet", &figures->quiet, trip);
	print_phase(out, args->rate > 0 ? "at the rate" : "at most", &figures->load, trip);
	print_phase(out, "at half", &figures->half, trip);
	if (figures->handovers.count > 0) {
		fprintf(out, "%u waiting: agent ready to next offer", args->waiting);
		print_times(out, &figures->handovers, trip);
	}
	if (figures->agi.decisions.count > 0)
		print_agi(args, figures, trip, out);
	if (figures->trips.count == 0)
		return;
	fprintf(out, "%-12s one round trip", "Redis alone");
	print_times(out, &figures->trips, 0);
	if (figures->redis_lives > 0)
		fprintf(out,
		        "%12s%9.0f lives/s with the same commands (%.1f lives a commit): the "
		        "daemon reached %.0f %%\n",
		        "", figures->redis_lives, figures->lives_a_commit,
		        100 * bench_lives_per_second(&figures->load) / figures->redis_lives);
}

/* --- for machines --- */

static void json_decimal(struct json_out *out, const char *name, double value)
{
	char number[48];
	int length = snprintf(number, sizeof(number), "%.3f", value);

	json_raw(out, name, (struct text){ number, (size_t)length });
}

static void json_times(struct json_out *out, const char *name, struct waits *waits)
{
	json_object(out, name);
	json_decimal(out, "p50", (double)waits_quantile(waits, 0.5) / 1e3);
	json_decimal(out, "p99", (double)waits_quantile(waits, 0.99) / 1e3);
	json_decimal(out, "p999", (double)waits_quantile(waits, 0.999) / 1e3);
	json_object_end(out);
}

static void json_phase(struct json_out *out, const char *name, struct load_result *result,
                       usec_t trip)
{
	if (result->seconds == 0)
		return;
	json_object(out, name);
	json_decimal(out, "seconds", result->seconds);
	json_uint(out, "lives", result->lives);
	json_decimal(out, "lives_per_second", bench_lives_per_second(result));
	json_times(out, "decision_ms", &result->decisions);
	if (trip > 0) {
		json_object(out, "decision_round_trips");
		json_decimal(out, "p50",
		             (double)waits_quantile(&result->decisions, 0.5) / (double)trip);
		json_decimal(out, "p99",
		             (double)waits_quantile(&result->decisions, 0.99) / (double)trip);
		json_object_end(out);
	}
	json_uint(out, "queued", result->queued);
	json_uint(out, "late", result->late);
	json_uint(out, "refused", result->refused);
	if (result->refused > 0)
		json_text(out, "refusal", result->refusal);
	json_object_end(out);
}

static void json_agi(struct json_out *out, const struct bench_args *args, struct agi_figures *agi)
{
	json_object(out, "fastagi");
	json_times(out, "decision_ms", &agi->decisions);
	json_uint(out, "held", args->waiting);
	json_times(out, "free_to_dial_ms", &agi->handovers);
	if (agi->idle_cpu >= 0) {
		json_decimal(out, "kib_a_caller", agi->kib_a_caller);
		json_decimal(out, "idle_cpu", agi->idle_cpu);
	}
	json_object_end(out);
}

static void json_redis(struct json_out *out, struct bench_figures *figures)
{
	if (figures->trips.count == 0)
		return;
	json_object(out, "redis");
	json_times(out, "round_trip_ms", &figures->trips);
	if (figures->redis_lives > 0) {
		json_decimal(out, "lives_per_second", figures->redis_lives);
		json_decimal(out, "lives_a_commit", figures->lives_a_commit);
		json_decimal(out, "daemon_share",
		             bench_lives_per_second(&figures->load) / figures->redis_lives);
	}
	json_object_end(out);
}

static const char *const scenarios[] = {
	[SCENARIO_LIVES] = "lives", [SCENARIO_READY] = "ready", [SCENARIO_FASTAGI] = "fastagi"
};

void bench_print_json(const struct bench_args *args, struct bench_figures *figures, FILE *out)
{
	usec_t trip = waits_quantile(&figures->trips, 0.5);
	struct json_out json;
	char text[8192];
	size_t length;

	json_out_begin(&json, text, sizeof(text));
	json_object(&json, NULL);
	json_text(&json, "scenario", scenarios[args->scenario]);
	json_phase(&json, "quiet", &figures->quiet, trip);
	json_phase(&json, "load", &figures->load, trip);
	json_phase(&json, "half", &figures->half, trip);
	if (figures->handovers.count > 0) {
		json_uint(&json, "waiting", args->waiting);
		json_times(&json, "ready_to_offer_ms", &figures->handovers);
	}
	if (figures->agi.decisions.count > 0)
		json_agi(&json, args, &figures->agi);
	json_redis(&json, figures);
	json_object_end(&json);
	length = json_out_done(&json);
	fwrite(text, 1, length, out);
	fputc('\n', out);
}
