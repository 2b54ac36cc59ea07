#ifndef NAJIMI_TOOLS_BENCH_ARGS_H
#define NAJIMI_TOOLS_BENCH_ARGS_H

#include <stdio.h>

#include "bench_load.h"

enum bench_scenario {
	SCENARIO_LIVES,
	SCENARIO_READY,
	SCENARIO_FASTAGI
};

/* What najimi-bench was asked to do. Texts point into argv or the environment. */
struct bench_args {
	bool help, version, json, print_config;
	enum bench_scenario scenario;
	struct load_settings load;
	double rate;      /* lives a second, 0: as many as go */
	usec_t length;    /* of the main phase */
	unsigned waiting; /* SCENARIO_READY, SCENARIO_FASTAGI */
	unsigned handovers;
	const char *agi;   /* SCENARIO_FASTAGI: the daemon's FastAGI port */
	unsigned daemon;   /* its process; 0: not looked at */
	const char *redis; /* "" : nothing is measured of it */
	const char *redis_auth;
};

int bench_args_parse(struct bench_args *args, int argc, char **argv, struct err *err) MUST_CHECK;
void bench_args_help(FILE *out);

/* The configuration of a daemon that can be measured with these arguments. */
void bench_args_print_config(const struct bench_args *args, FILE *out);

#endif
