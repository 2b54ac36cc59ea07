/* Queueing theory against the core: theory_main [--some] [-j JOBS] [-v] FOLDER
 *
 * FOLDER holds erlang_cases.csv (Erlang C and A) and priority_cases.csv (two classes without
 * pre-emption), closed forms that were computed elsewhere. Each case is played RUNS times
 * with the real core, and each figure of it has to lie within the 95 % interval of these
 * runs: nine cases of ten at least, as intervals go, and nowhere far outside. Seeds are
 * fixed, so the outcome is always the same.
 *
 * --some plays every eleventh case with shorter runs, no load above 0.9, and asks for nine of ten
 * over all tables together, which are few. Without the files: 77, not tested.
 *
 * The core has one way of choosing among idle agents, the longest idle first. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cases.h"
#include "centre.h"
#include "interval.h"

#include "najimi/base/hash.h"

#define SKIPPED 77
#define SHARE_MIN 0.9

/* So many half-intervals away a core that is right is not once in ten thousand times. */
#define MISS_MAX 4.0

#define JOBS_MAX 64
#define TABLES 3

enum figure {
	MEAN_WAIT,
	P_WAIT,
	IN_TIME,
	P_ABANDON,
	BEYOND_P95, /* callers who wait longer than 95 of 100 do */
	BEYOND_P99,
	FIRST_WAIT,
	SECOND_WAIT,
	FIGURES
};

static const char *const names[FIGURES] = {
	"mean wait",
	"made to wait",
	"answered within 20 s",
	"abandoned",
	"longer than the 95th percentile",
	"longer than the 99th percentile",
	"mean wait of the first class",
	"mean wait of the second class",
};

struct play {
	struct centre_setup setup;
	char title[96];
	bool given[FIGURES];
	double truth[FIGURES], grain[FIGURES];
};

/* How hard to try: every nth case, those that take long left out, and how long a run is. */
struct effort {
	unsigned every, spans;
	double memory_max;
	uint64_t calls_min, calls_rare; /* of a run; the most when hardly anybody waits */
	unsigned jobs, job;             /* cases are dealt to so many processes, this is the nth */
	bool verbose;
};

struct tally {
	unsigned cases, agreed;
	double worst, half_sum;
	char worst_title[96];
};

struct table {
	const char *title;
	unsigned cases, agreed_whole; /* cases; of those in every figure */
	struct tally tallies[FIGURES];
};

/* How many callers come until a centre has forgotten how it was: the time constant of its
 * line, or a few talks, whichever is more. */
static double memory_of(double agents, double load, double talk, double patience)
{
	double root = 1 - sqrt(load < 1 ? load : 0);
	double line = patience > 0 ? agents * load * patience / talk : load / (root * root);
	double talks = 3 * agents * load;

	return line > talks ? line : talks;
}

/* Callers who wait should be a hundred in a run. */
static void set_lengths(struct play *play, const struct effort *effort, double memory,
                        double p_wait)
{
	double rare = 100 / (p_wait + 1e-9);

	play->setup.warmup = (uint64_t)(5 * memory) + 100;
	play->setup.after = play->setup.warmup;
	play->setup.calls = (uint64_t)(effort->spans * memory);
	if (play->setup.calls < effort->calls_min)
		play->setup.calls = effort->calls_min;
	if (rare > (double)effort->calls_rare)
		rare = (double)effort->calls_rare;
	if ((double)play->setup.calls < rare)
		play->setup.calls = (uint64_t)rare;
}

/* `of_one`: what one caller who waits adds to the figure. Callers wait in company, as many as
 * a busy spell makes wait; three spells may well not have been seen where they are rare. */
static void give(struct play *play, enum figure figure, double truth, double load, double of_one)
{
	double company = load < 0.95 ? 1 / (1 - load) : 20;

	play->given[figure] = true;
	play->truth[figure] = truth;
	play->grain[figure] = 3 * company * of_one / (double)(RUNS * play->setup.calls);
}

static void read_figures(const struct centre_figures *figures, double ret[FIGURES])
{
	double calls = (double)figures->calls;

	ret[MEAN_WAIT] = (figures->class_wait[0] + figures->class_wait[1]) / calls;
	ret[P_WAIT] = (double)figures->waited / calls;
	ret[IN_TIME] = (double)figures->in_time / calls;
	ret[P_ABANDON] = (double)figures->abandoned / calls;
	ret[BEYOND_P95] = (double)figures->longer[0] / calls;
	ret[BEYOND_P99] = (double)figures->longer[1] / calls;
	ret[FIRST_WAIT] = figures->class_wait[0] / (double)figures->class_calls[0];
	ret[SECOND_WAIT] = figures->class_wait[1] / (double)figures->class_calls[1];
}

static void judge(struct table *table, const struct play *play, double values[FIGURES][RUNS],
                  bool verbose)
{
	bool whole = true;

	for (int i = 0; i < FIGURES; i++) {
		struct tally *tally = &table->tallies[i];
		struct interval interval;
		double miss;

		if (!play->given[i])
			continue;
		interval = interval_of(values[i]);
		miss = interval_miss(&interval, play->truth[i], play->grain[i]);
		tally->cases++;
		tally->agreed += miss <= 1;
		whole &= miss <= 1;
		tally->half_sum += interval.mean > 0 ? interval.half / interval.mean : 0;
		if (miss >= tally->worst) {
			tally->worst = miss;
			snprintf(tally->worst_title, sizeof(tally->worst_title), "%s", play->title);
		}
		if (verbose)
			printf("%s %s: %.6g, played %.6g +- %.2g%s\n", play->title, names[i],
			       play->truth[i], interval.mean, interval.half,
			       miss <= 1 ? "" : "   <- outside");
	}
	table->cases++;
	table->agreed_whole += whole;
}

static void play_case(struct table *table, struct play *play, size_t row, bool verbose)
{
	double values[FIGURES][RUNS];

	for (unsigned run = 0; run < RUNS; run++) {
		struct centre_figures figures;
		double read[FIGURES];

		play->setup.seed = hash_word(hash_word(HASH_START, row), run);
		centre_run(&play->setup, &figures);
		read_figures(&figures, read);
		for (int i = 0; i < FIGURES; i++)
			values[i][run] = read[i];
	}
	judge(table, play, values, verbose);
}

/* Several numbers of a row; the first that is none is complained of. */
static int get_numbers(const struct cases *cases, size_t row, const char *const columns[],
                       double ret[], size_t count, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < count; i++)
		r = cases_number(cases, row, columns[i], &ret[i], err);
	return r;
}

static void set_up(struct play *play, double agents, double load, double talk)
{
	*play = (struct play){ .setup = { .plan = centre_plain_plan(),
		                          .agents = (uint32_t)agents,
		                          .talk = (usec_t)(talk * 1e6),
		                          .edges = { USEC_NEVER, USEC_NEVER } } };
	play->setup.gap = centre_gap(play->setup.agents, play->setup.talk, load);
}

/* A percentile that is 0 says nothing: that many do not wait at all. */
static void give_percentile(struct play *play, enum figure figure, double seconds, double load,
                            double share)
{
	if (seconds <= 0)
		return;
	play->setup.edges[figure - BEYOND_P95] = (usec_t)(seconds * 1e6);
	give(play, figure, share, load, 0);
}

static int erlang_case(const struct cases *cases, size_t row, const struct effort *effort,
                       struct table *tables, struct err *err)
{
	static const char *const columns[] = { "agents",     "offered_load_per_agent",
		                               "aht_s",      "mean_time_in_queue_s",
		                               "p_wait",     "answered_within_20s_of_all",
		                               "p_abandon",  "mean_patience_s",
		                               "wait_p95_s", "wait_p99_s" };
	bool a = strcmp(cases_text(cases, row, "model"), "erlang_a") == 0;
	struct table *table = &tables[a];
	double memory, n[ARRAY_LEN(columns)] = { 0 };
	struct play play;
	int r = get_numbers(cases, row, columns, n, a ? 8 : 7, err);

	if (r == 0 && !a)
		r = get_numbers(cases, row, columns + 8, n + 8, 2, err);
	memory = memory_of(n[0], n[1], n[2], n[7]);
	if (r < 0 || memory > effort->memory_max)
		return r;
	set_up(&play, n[0], n[1], n[2]);
	play.setup.patience = (usec_t)(n[7] * 1e6);
	set_lengths(&play, effort, memory, n[4]);
	snprintf(play.title, sizeof(play.title), "%g agents, load %g%s%s", n[0], n[1],
	         a ? ", patience " : "", a ? cases_text(cases, row, "mean_patience_s") : "");
	give(&play, MEAN_WAIT, n[3], n[1], n[4] > 0 ? n[3] / n[4] : n[2] / n[0]);
	give(&play, P_WAIT, n[4], n[1], 1);
	give(&play, IN_TIME, n[5], n[1], 1);
	if (a)
		give(&play, P_ABANDON, n[6], n[1], 1);
	give_percentile(&play, BEYOND_P95, n[8], n[1], 0.05);
	give_percentile(&play, BEYOND_P99, n[9], n[1], 0.01);
	play_case(table, &play, row, effort->verbose);
	return 0;
}

static int priority_case(const struct cases *cases, size_t row, const struct effort *effort,
                         struct table *table, struct err *err)
{
	static const char *const columns[] = { "agents",
		                               "load",
		                               "aht_s",
		                               "share_class1",
		                               "mean_wait_class1_s",
		                               "mean_wait_class2_s",
		                               "mean_wait_fifo_s",
		                               "p_wait" };
	double n[ARRAY_LEN(columns)] = { 0 };
	struct play play;
	int r = get_numbers(cases, row, columns, n, ARRAY_LEN(columns), err);

	double memory = memory_of(n[0], n[1], n[2], 0);

	if (r < 0 || memory > effort->memory_max)
		return r;
	set_up(&play, n[0], n[1], n[2]);
	play.setup.urgent = (uint32_t)(n[3] * 1e6 + 0.5);
	set_lengths(&play, effort, memory, n[7]);
	snprintf(play.title, sizeof(play.title), "%g agents, load %g, %g of the first class", n[0],
	         n[1], n[3]);
	give(&play, FIRST_WAIT, n[4], n[1], 0);
	give(&play, SECOND_WAIT, n[5], n[1], 0);
	give(&play, MEAN_WAIT, n[6], n[1], 0);
	give(&play, P_WAIT, n[7], n[1], 0);
	play_case(table, &play, 100000 + row, effort->verbose);
	return 0;
}

static bool is_enough(unsigned agreed, unsigned cases)
{
	return agreed >= SHARE_MIN * cases;
}

/* Adds to `sum` what agreed in all figures; false when one is far off or has too few that do,
 * unless that is left to the sum. */
static bool tell(const struct table *table, bool pooled, struct tally *sum)
{
	bool good = table->cases > 0;

	printf("%s, longest idle first: %u cases, %u runs each; %u agree in every figure\n",
	       table->title, table->cases, RUNS, table->agreed_whole);
	printf("  %-32s %6s %4s %7s %9s %6s  %s\n", "", "agree", "of", "share", "interval", "worst",
	       "(in half-intervals) at");
	for (int i = 0; i < FIGURES; i++) {
		const struct tally *tally = &table->tallies[i];
		bool enough = pooled || is_enough(tally->agreed, tally->cases);

		if (tally->cases == 0)
			continue;
		sum->agreed += tally->agreed;
		sum->cases += tally->cases;
		good &= enough && tally->worst <= MISS_MAX;
		printf("  %-32s %6u %4u %6.1f%% +-%6.1f%% %6.2f  %s%s\n", names[i], tally->agreed,
		       tally->cases, 100.0 * tally->agreed / tally->cases,
		       100 * tally->half_sum / tally->cases, tally->worst, tally->worst_title,
		       !enough                   ? "   <- too few"
		       : tally->worst > MISS_MAX ? "   <- too far"
		                                 : "");
	}
	return good;
}

static void add_up(struct table *sum, const struct table *part)
{
	sum->cases += part->cases;
	sum->agreed_whole += part->agreed_whole;
	for (int i = 0; i < FIGURES; i++) {
		struct tally *to = &sum->tallies[i];
		const struct tally *from = &part->tallies[i];

		to->cases += from->cases;
		to->agreed += from->agreed;
		to->half_sum += from->half_sum;
		if (from->worst >= to->worst) {
			to->worst = from->worst;
			memcpy(to->worst_title, from->worst_title, sizeof(to->worst_title));
		}
	}
}

typedef int case_fn(const struct cases *cases, size_t row, const struct effort *effort,
                    struct table *tables, struct err *err);

/* 0; SKIPPED when there is no such file, after saying so; else what is wrong with it. */
static int play_file(const char *folder, const char *name, case_fn *play,
                     const struct effort *effort, struct table *tables)
{
	static struct cases cases;
	struct err err;
	char path[4096];
	int r;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	r = cases_read(&cases, path, &err);
	if (r == -ENOENT) {
		printf("\n*** SKIPPED: no cases at '%s'; NAJIMI_DATA says where they are\n", path);
		return SKIPPED;
	}
	for (size_t i = effort->job; r == 0 && i * effort->every < cases.count; i += effort->jobs)
		r = play(&cases, i * effort->every, effort, tables, &err);
	if (r == 0)
		return 0;
	fprintf(stderr, "%s\n", err.text);
	return 2;
}

static int play_files(const char *folder, const struct effort *effort, struct table *tables)
{
	int r = play_file(folder, "erlang_cases.csv", erlang_case, effort, tables);

	return r != 0 ? r
	              : play_file(folder, "priority_cases.csv", priority_case, effort, &tables[2]);
}

/* One process more, which writes its tables; where to read them. */
static int start_job(const char *folder, struct effort effort, unsigned job)
{
	struct table tables[TABLES] = { 0 };
	int ends[2], r;

	effort.job = job;
	if (pipe(ends) < 0)
		return -1;
	fflush(stdout);
	switch (fork()) {
	case -1:
		return -1;
	case 0:
		r = play_files(folder, &effort, tables);
		if (r == 0 && write(ends[1], tables, sizeof(tables)) != sizeof(tables))
			r = 2;
		fflush(stdout);
		_exit(r);
	default:
		close(ends[1]);
		return ends[0];
	}
}

static int play_jobs(const char *folder, const struct effort *effort, struct table *tables)
{
	int pipes[JOBS_MAX], result = 0, status;

	for (unsigned i = 0; i < effort->jobs; i++) {
		pipes[i] = start_job(folder, *effort, i);
		if (pipes[i] < 0) {
			perror("theory_main");
			exit(2);
		}
	}
	for (unsigned i = 0; i < effort->jobs; i++) {
		struct table parts[TABLES];

		if (read(pipes[i], parts, sizeof(parts)) == sizeof(parts))
			for (size_t k = 0; k < TABLES; k++)
				add_up(&tables[k], &parts[k]);
		close(pipes[i]);
	}
	while (wait(&status) > 0)
		if (status != 0)
			result = WIFEXITED(status) ? WEXITSTATUS(status) : 2;
	return result;
}

static int usage(void)
{
	fprintf(stderr, "usage: theory_main [--some] [-j JOBS] [-v] FOLDER\n");
	return 2;
}

int main(int argc, char **argv)
{
	struct effort effort = { .every = 1,
		                 .spans = 400,
		                 .memory_max = 1e9,
		                 .calls_min = 60000,
		                 .calls_rare = 500000,
		                 .jobs = 1 };
	struct table tables[TABLES] = { { .title = "Erlang C" },
		                        { .title = "Erlang A" },
		                        { .title = "Two classes" } };
	struct tally sum = { 0 };
	const char *folder = NULL, *elsewhere = getenv("NAJIMI_DATA");
	bool good = true;
	int r;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--some") == 0) {
			effort.every = 11;
			effort.memory_max = 500;
			effort.spans = 150;
			effort.calls_min = effort.calls_rare = 10000;
		} else if (strcmp(argv[i], "-v") == 0) {
			effort.verbose = true;
		} else if (strcmp(argv[i], "-j") == 0 && i + 1 < argc) {
			effort.jobs = (unsigned)strtoul(argv[++i], NULL, 10);
		} else if (argv[i][0] == '-' || folder != NULL) {
			return usage();
		} else {
			folder = argv[i];
		}
	}
	if (elsewhere != NULL)
		folder = elsewhere;
	if (folder == NULL || effort.jobs == 0 || effort.jobs > JOBS_MAX)
		return usage();
	r = play_jobs(folder, &effort, tables);
	if (r != 0)
		return r;
	for (size_t i = 0; i < TABLES; i++)
		good &= tell(&tables[i], effort.every > 1, &sum);
	good &= is_enough(sum.agreed, sum.cases);
	printf("all: %u of %u agree, %.1f%%\n", sum.agreed, sum.cases,
	       100.0 * sum.agreed / sum.cases);
	return good ? 0 : 1;
}
