#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "najimi/shell/clock.h"
#include "replay_args.h"

#define DAY HOUR(24)
#define EXIT_USAGE 2

static int load(const struct replay_args *args, struct traffic *traffic, struct err *err)
{
	usec_t from = (args->from_day - 1) * DAY;
	int r = traffic_read_calls(traffic, args->calls_path, err);

	if (r == 0)
		r = traffic_read_shifts(traffic, args->agents_path, err);
	if (r < 0)
		return r;
	if (traffic_cut(traffic, from, args->days == 0 ? USEC_NEVER : from + args->days * DAY) == 0)
		return err_set(err, -EINVAL, "%s: no call in the days asked for", args->calls_path);
	return 0;
}

/* The instant from which calls count. */
static int find_warm_up(struct replay_args *args, const struct traffic *traffic, double *ret_days,
                        struct err *err)
{
	usec_t from = (args->from_day - 1) * DAY;
	usec_t last = traffic->calls[traffic->calls_count - 1].arrives;
	unsigned days = (unsigned)((last - from) / DAY) + 1;

	if (args->warm_up < 0)
		args->warm_up = days >= 14 ? 7 : 0;
	if ((unsigned)args->warm_up >= days)
		return err_set(err, -EINVAL,
		               "--days-warm-up: %d days leave nothing to count of %u played",
		               args->warm_up, days);
	args->rules.count_from = from + (unsigned)args->warm_up * DAY;
	*ret_days = days;
	return 0;
}

static int play_once(const struct replay_args *args, const struct traffic *traffic,
                     struct report *report, struct report_notes *notes, struct err *err)
{
	struct progress progress;
	struct play play = {
		.traffic = traffic,
		.rules = args->rules,
		.plan = args->plan,
		.known_max = args->known_max,
		.report = report,
		.notes = notes,
		.progress = &progress,
	};
	usec_t started_at = clock_monotonic();
	int r;

	*report = (struct report){
		.policy = args->policy,
		.service_level = args->service_level,
		.short_abandon = args->short_abandon,
	};
	if (args->print_config) {
		play_print_config(&play, &args->target, stdout);
		return 0;
	}
	progress_start(&progress, args->through ? "daemon" : args->policy);
	r = args->through ? play_through(&play, &args->target, err) : play_virtual(&play, err);
	progress_end(&progress);
	notes->took_s = (double)(clock_monotonic() - started_at) / 1e6;
	return r;
}

/* One play, or a row for each policy. */
static int play_all(struct replay_args *args, const struct traffic *traffic,
                    struct report_notes *notes, struct err *err)
{
	static const char *const policies[] = {
		"off",
		"loose",
		"own_first",
		"fixed:20",
		"fixed:120",
		"fixed:20+own_first",
		"fixed:60+own_first",
		"fixed:120+own_first",
		"rate:60",
		"rate:150",
		"rate:200",
		"neutral",
		"balanced",
		"sticky",
		"regulars",
	};
	struct report report;
	int r;

	if (!args->compare) {
		r = play_once(args, traffic, &report, notes, err);
		if (r == 0 && !args->print_config) {
			if (args->json)
				report_print_json(&report, notes, stdout);
			else
				report_print(&report, notes, stdout);
		}
		report_done(&report);
		return r;
	}
	if (!args->json)
		report_print_head(stdout);
	for (size_t i = 0; i < ARRAY_LEN(policies); i++) {
		r = replay_args_set_policy(args, policies[i], err);
		if (r == 0)
			r = play_once(args, traffic, &report, notes, err);
		if (r < 0)
			return r;
		if (args->json)
			report_print_json(&report, notes, stdout);
		else
			report_print_row(&report, stdout);
		report_done(&report);
	}
	return 0;
}

static int replay(struct replay_args *args, struct err *err)
{
	struct traffic traffic = { 0 };
	struct report_notes notes = {
		.file = args->calls_path,
		.through = args->through,
		.speed = args->target.speed,
	};
	int r = load(args, &traffic, err);

	if (r == 0)
		r = find_warm_up(args, &traffic, &notes.played_days, err);
	if (r == 0)
		r = play_all(args, &traffic, &notes, err);
	traffic_done(&traffic);
	return r;
}

int main(int argc, char **argv)
{
	struct replay_args args;
	struct err err = { "" };
	char client[32];
	int r;

	signal(SIGPIPE, SIG_IGN);
	r = replay_args_parse(&args, argc, argv, &err);
	if (r < 0) {
		fprintf(stderr, "najimi-replay: %s\n", err.text);
		replay_args_done(&args);
		return EXIT_USAGE;
	}
	if (args.help) {
		replay_args_help(stdout);
	} else if (args.version) {
		printf("najimi-replay %s\n", NAJIMI_VERSION);
	} else {
		/* A name of its own: a daemon remembers the calls of a client for a while,
		 * and the next play is not a repetition of this one. */
		snprintf(client, sizeof(client), "replay-%ld", (long)getpid());
		if (args.target.client == NULL)
			args.target.client = client;
		r = replay(&args, &err);
	}
	replay_args_done(&args);
	if (r == 0 && (fflush(stdout) != 0 || ferror(stdout)))
		r = err_set(&err, -errno, "standard output: %s", strerror(errno));
	if (r < 0)
		fprintf(stderr, "najimi-replay: %s\n", err.text);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
