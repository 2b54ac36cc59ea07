#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "bench_args.h"
#include "bench_redis.h"
#include "bench_report.h"

#define EXIT_USAGE 2
#define TRIPS 2000   /* Redis round trips, before and after */
#define QUIET SEC(1) /* one life at a time */
#define WARM_UP SEC(1)
#define WATCHED MSEC(300) /* Redis tells what it is asked */
#define REDIS_ALONE SEC(2)

/* What Redis is asked by as many lives as go, played again without the daemon. */
static int watch(const struct bench_args *args, struct load *load, struct redis_sample *ret,
                 struct err *err)
{
	struct load_result result;
	struct resp resp = { 0 };
	int r = resp_open(&resp, args->redis, args->redis_auth, err);

	if (r == 0)
		r = redis_watch_start(&resp, err);
	if (r == 0) {
		r = load_run(load, args->rate, 0, WATCHED, &result, err);
		load_result_done(&result);
	}
	if (r == 0)
		r = redis_watch_end(&resp, ret, err);
	resp_close(&resp);
	return r < 0 ? err_wrap(err, r, "watching Redis") : 0;
}

static int run_quiet_and_load(const struct bench_args *args, struct load *load,
                              struct bench_figures *figures, struct err *err)
{
	struct load_result ignored;
	int r = load_run(load, 0, 1, QUIET, &figures->quiet, err);

	if (r == 0) {
		r = load_run(load, args->rate, 0, WARM_UP, &ignored, err);
		load_result_done(&ignored);
	}
	if (r == 0)
		r = load_run(load, args->rate, 0, args->length, &figures->load, err);
	/* The latency that matters is that of a daemon with something in hand. */
	if (r == 0 && args->rate == 0)
		r = load_run(load, bench_lives_per_second(&figures->load) / 2, 0, args->length,
		             &figures->half, err);
	return r;
}

static int run_lives(const struct bench_args *args, struct resp *redis,
                     struct bench_figures *figures, struct err *err)
{
	struct redis_sample sample = { 0 };
	struct load *load = NULL;
	int r = load_open(&args->load, &load, err);

	if (r == 0 && args->redis[0] != '\0')
		r = redis_round_trips(redis, TRIPS, &figures->trips, err);
	if (r == 0)
		r = run_quiet_and_load(args, load, figures, err);
	if (r == 0 && args->redis[0] != '\0') {
		r = redis_round_trips(redis, TRIPS, &figures->trips, err);
		if (r == 0)
			r = watch(args, load, &sample, err);
		if (r == 0)
			r = redis_replay(redis, &sample, REDIS_ALONE, &figures->redis_lives, err);
		if (r == 0)
			figures->lives_a_commit = (double)sample.lives / (double)sample.commits;
	}
	redis_sample_done(&sample);
	load_close(load);
	return r;
}

static int run_ready(const struct bench_args *args, struct resp *redis,
                     struct bench_figures *figures, struct err *err)
{
	struct load_settings settings = args->load;
	struct load *load = NULL;
	int r;

	settings.connections = 1;
	settings.lives = args->waiting + 16;
	r = load_open(&settings, &load, err);
	if (r == 0 && args->redis[0] != '\0')
		r = redis_round_trips(redis, TRIPS, &figures->trips, err);
	if (r == 0)
		r = load_run_ready(load, args->waiting, args->handovers, &figures->handovers, err);
	load_close(load);
	return r;
}

/* The daemon's own decisions first, of the same callers by the native protocol. */
static int run_fastagi(const struct bench_args *args, struct resp *redis,
                       struct bench_figures *figures, struct err *err)
{
	struct agi_settings agi = { .address = args->agi,
		                    .queue = args->load.queue,
		                    .waiting = args->waiting,
		                    .handovers = args->handovers,
		                    .daemon = (pid_t)args->daemon };
	struct load_settings settings = args->load;
	struct load *load = NULL;
	int r;

	settings.connections = settings.lives = settings.agents = 1;
	r = load_open(&settings, &load, err);
	if (r == 0)
		r = load_run(load, 0, 1, QUIET, &figures->quiet, err);
	if (r == 0)
		r = bench_agi(load, &agi, &figures->agi, err);
	if (r == 0 && args->redis[0] != '\0')
		r = redis_round_trips(redis, TRIPS, &figures->trips, err);
	load_close(load);
	return r;
}

static int run(const struct bench_args *args, struct resp *redis, struct bench_figures *figures,
               struct err *err)
{
	switch (args->scenario) {
	case SCENARIO_LIVES:
		return run_lives(args, redis, figures, err);
	case SCENARIO_READY:
		return run_ready(args, redis, figures, err);
	case SCENARIO_FASTAGI:
		return run_fastagi(args, redis, figures, err);
	}
	return err_set(err, -EINVAL, "no such scenario");
}

static int bench(const struct bench_args *args, struct err *err)
{
	struct bench_figures figures = { 0 };
	struct resp redis = { 0 };
	int r = 0;

	if (args->redis[0] != '\0')
		r = resp_open(&redis, args->redis, args->redis_auth, err);
	if (r == 0)
		r = run(args, &redis, &figures, err);
	if (r == 0) {
		if (args->json)
			bench_print_json(args, &figures, stdout);
		else
			bench_print(args, &figures, stdout);
	}
	bench_figures_done(&figures);
	resp_close(&redis);
	return r;
}

int main(int argc, char **argv)
{
	struct bench_args args;
	struct err err = { "" };
	int r;

	signal(SIGPIPE, SIG_IGN);
	r = bench_args_parse(&args, argc, argv, &err);
	if (r < 0) {
		fprintf(stderr, "najimi-bench: %s\n", err.text);
		return EXIT_USAGE;
	}
	if (args.help)
		bench_args_help(stdout);
	else if (args.version)
		printf("najimi-bench %s\n", NAJIMI_VERSION);
	else if (args.print_config)
		bench_args_print_config(&args, stdout);
	else
		r = bench(&args, &err);
	if (r == 0 && (fflush(stdout) != 0 || ferror(stdout)))
		r = err_set(&err, -errno, "standard output: %s", strerror(errno));
	if (r < 0)
		fprintf(stderr, "najimi-bench: %s\n", err.text);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
