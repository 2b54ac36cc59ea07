#ifndef NAJIMI_TOOLS_BENCH_REPORT_H
#define NAJIMI_TOOLS_BENCH_REPORT_H

#include "bench_agi.h"
#include "bench_args.h"

/* What was measured in one run. */
struct bench_figures {
	struct load_result quiet; /* one life at a time */
	struct load_result load;  /* at the rate that was asked for, or as many as go */
	struct load_result half;  /* at half of what went; empty when a rate was asked for */
	struct waits handovers;   /* SCENARIO_READY */
	struct agi_figures agi;   /* SCENARIO_FASTAGI */
	struct waits trips;       /* Redis round trips, while the daemon had nothing to do */
	double redis_lives;       /* lives a second of Redis alone, with the same commands */
	double lives_a_commit;
};

void bench_figures_done(struct bench_figures *figures);

double bench_lives_per_second(const struct load_result *result);

void bench_print(const struct bench_args *args, struct bench_figures *figures, FILE *out);
void bench_print_json(const struct bench_args *args, struct bench_figures *figures, FILE *out);

#endif
