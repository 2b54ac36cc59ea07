/* Simulates random days at the call centre and checks every step: against the core's
 * own invariants, the watch and the oracle.
 *
 *     sim_main [SEED [DEEDS [RUNS]]]    RUNS days from SEED on, of DEEDS deeds each
 *     sim_main --seeds FILE             the days of a list: SEED DEEDS, one a line
 *     sim_main --story SEED [DEEDS]     one day written out as a story
 *
 * A day that fails is cut down to the fewest deeds that still fail and printed as a
 * story. The digest at the end is equal for equal runs, whatever the compiler. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "day.h"
#include "oracle.h"
#include "story.h"

#include "najimi/base/hash.h"

#define DEEDS_USUAL 300
#define RUNS_USUAL 400

/* Days that share one child process: a fork costs more than a day. */
#define BATCH 64

struct life {
	struct cast cast;
	struct deed deeds[DAY_DEEDS_MAX];
	size_t count;
};

static struct story story;
static struct oracle oracle;

/* With a file, the day is written there as it goes. 0 and the digest, or -EPROTO. */
static int live(const struct life *life, FILE *file, uint64_t *ret_digest, struct err *err)
{
	int r = 0;

	story_begin(&story);
	story.cast = life->cast;
	story.on_step = oracle_step;
	story.context = &oracle;
	oracle_begin(&oracle);
	for (size_t i = 0; i < life->count && r == 0; i++) {
		const struct deed *deed = &life->deeds[i];

		r = story_pass(&story, deed->at, err);
		if (file != NULL) {
			story_show_time(&story, file);
			deed_write(file, &story.cast, deed);
			fputc('\n', file);
			fflush(file); /* the next step may be the last */
		}
		if (deed->type == DEED_DAEMON_RESTARTS)
			oracle_restart(&oracle);
		if (r == 0)
			r = story_do(&story, deed, err);
		if (r == -EINVAL)
			r = 0; /* nobody would do that here */
		if (file != NULL)
			story_show(&story, file);
		story.orders_count = 0;
	}
	*ret_digest = story.trace;
	story_end(&story);
	return r;
}

/* In a child, because a broken invariant aborts. */
static bool breaks(const struct life *life)
{
	uint64_t digest;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(2);
		_exit(live(life, NULL, &digest, NULL) < 0 ? 1 : 0);
	}
	return waitpid(pid, &status, 0) == pid && status != 0;
}

static bool breaks_without(const struct life *life, size_t from, size_t run)
{
	static struct life trial;

	trial.cast = life->cast;
	memcpy(trial.deeds, life->deeds, from * sizeof(life->deeds[0]));
	memcpy(trial.deeds + from, life->deeds + from + run,
	       (life->count - from - run) * sizeof(life->deeds[0]));
	trial.count = life->count - run;
	return breaks(&trial);
}

/* Drops ever smaller runs of deeds as long as the rest still breaks. */
static void drop_deeds(struct life *life)
{
	for (size_t run = life->count / 2; run > 0; run /= 2)
		for (size_t i = 0; i + run <= life->count;) {
			if (!breaks_without(life, i, run)) {
				i += run;
				continue;
			}
			life->count -= run;
			memmove(life->deeds + i, life->deeds + i + run,
			        (life->count - i) * sizeof(life->deeds[0]));
		}
}

/* Ways to say the same with fewer words; false when there are no more. */
static bool simplify(struct deed *deed, unsigned way)
{
	switch (way) {
	case 0:
		deed->needs_count = 0;
		deed->has_needs = false;
		return true;
	case 1:
		memset(&deed->caller, 0, sizeof(deed->caller));
		return true;
	case 2:
		deed->caller.left = false;
		return true;
	case 3:
		deed->caller.known_count = deed->caller.known_count > 0;
		return true;
	case 4:
		deed->waited = 0;
		return true;
	case 5:
		deed->has_priority = false;
		deed->priority = 0;
		return true;
	case 6:
		if (deed->type == DEED_QUEUE)
			deed->plan = deed_plan;
		return true;
	case 7:
		if (deed->type == DEED_RULES)
			deed->rules = deed_rules;
		return true;
	case 8:
		deed->offer = 0;
		return true;
	default:
		return false;
	}
}

static void simplify_deeds(struct life *life)
{
	for (size_t i = 0; i < life->count; i++)
		for (unsigned way = 0;; way++) {
			struct deed before = life->deeds[i];

			if (!simplify(&life->deeds[i], way))
				break;
			if (memcmp(&before, &life->deeds[i], sizeof(before)) != 0 && !breaks(life))
				life->deeds[i] = before;
		}
}

/* Hours in which nothing happens tell nothing. */
static void close_gaps(struct life *life)
{
	static struct life trial;

	for (size_t i = 0; i < life->count; i++) {
		usec_t before = i == 0 ? 0 : life->deeds[i - 1].at;
		usec_t gap = life->deeds[i].at - before;

		for (usec_t left = 0; left < gap; left = left == 0 ? SEC(1) : left * 10) {
			trial = *life;
			for (size_t j = i; j < trial.count; j++)
				trial.deeds[j].at -= gap - left;
			if (!breaks(&trial))
				continue;
			*life = trial;
			break;
		}
	}
}

static void shrink(struct life *life)
{
	size_t before;

	do {
		before = life->count;
		drop_deeds(life);
		simplify_deeds(life);
	} while (life->count < before);
	close_gaps(life);
}

/* Once more, for the eye: the words of an assertion go to stderr as they are. */
static void tell(const struct life *life)
{
	struct err err;
	uint64_t digest;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		if (live(life, stdout, &digest, &err) < 0)
			printf("# %s\n", err.text);
		fflush(stdout);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static int report(struct life *life, uint64_t seed)
{
	size_t deeds = life->count;

	shrink(life);
	printf("# Seed %" PRIu64 " with %zu deeds breaks the core; %zu deeds are enough.\n", seed,
	       deeds, life->count);
	tell(life);
	return 1;
}

/* Lives days in a child, which writes each digest as it is done. The number of days
 * that held. */
static unsigned live_batch(struct life *life, uint64_t seed, unsigned runs, uint64_t *digest)
{
	unsigned held = 0;
	uint64_t one;
	int ends[2];
	pid_t pid;

	if (pipe(ends) < 0 || (pid = fork()) < 0) {
		perror("sim_main");
		exit(2);
	}
	if (pid == 0) {
		struct err err;

		for (unsigned i = 0; i < runs; i++) {
			day_invent(seed + i, &life->cast, life->deeds, life->count);
			if (live(life, NULL, &one, &err) < 0) {
				fprintf(stderr, "%s\n", err.text);
				_exit(1);
			}
			if (write(ends[1], &one, sizeof(one)) != sizeof(one))
				_exit(2);
		}
		_exit(0);
	}
	close(ends[1]);
	for (; read(ends[0], &one, sizeof(one)) == sizeof(one); held++)
		*digest = hash_word(*digest, one);
	close(ends[0]);
	waitpid(pid, NULL, 0);
	return held;
}

static int run(uint64_t seed, size_t deeds, unsigned runs, uint64_t *digest)
{
	static struct life life;

	for (unsigned done = 0; done < runs;) {
		unsigned batch = runs - done < BATCH ? runs - done : BATCH;
		unsigned held;

		life.count = deeds;
		held = live_batch(&life, seed + done, batch, digest);
		if (held < batch) {
			day_invent(seed + done + held, &life.cast, life.deeds, deeds);
			return report(&life, seed + done + held);
		}
		done += batch;
	}
	return 0;
}

static int run_list(const char *path)
{
	FILE *file = fopen(path, "re");
	uint64_t seed, digest = HASH_START;
	unsigned count = 0;
	char line[256];
	size_t deeds;

	if (file == NULL) {
		perror(path);
		return 2;
	}
	while (fgets(line, sizeof(line), file) != NULL) {
		if (line[0] == '#' || line[0] == '\n')
			continue;
		if (sscanf(line, "%" SCNu64 " %zu", &seed, &deeds) != 2 || deeds < 16 ||
		    deeds > DAY_DEEDS_MAX) {
			fprintf(stderr, "%s: '%s' is not SEED DEEDS\n", path, line);
			return 2;
		}
		count++;
		if (run(seed, deeds, 1, &digest) != 0)
			return 1;
	}
	fclose(file);
	printf("%u days that once failed held; digest %016" PRIx64 "\n", count, digest);
	return 0;
}

static int write_story(uint64_t seed, size_t deeds)
{
	static struct life life;

	life.count = deeds;
	day_invent(seed, &life.cast, life.deeds, deeds);
	printf("# The day of seed %" PRIu64 " with %zu deeds.\n", seed, deeds);
	tell(&life);
	return 0;
}

static uint64_t argument(int argc, char **argv, int i, uint64_t usual)
{
	return i < argc ? strtoull(argv[i], NULL, 0) : usual;
}

int main(int argc, char **argv)
{
	uint64_t digest = HASH_START;
	bool tells = argc > 2 && strcmp(argv[1], "--story") == 0;
	int first = tells ? 2 : 1;
	uint64_t seed = argument(argc, argv, first, 1);
	size_t deeds = argument(argc, argv, first + 1, DEEDS_USUAL);
	unsigned runs = (unsigned)argument(argc, argv, first + 2, RUNS_USUAL);

	if (argc == 3 && strcmp(argv[1], "--seeds") == 0)
		return run_list(argv[2]);
	if (deeds < 16 || deeds > DAY_DEEDS_MAX) {
		fprintf(stderr, "a day has 16 to %d deeds\n", DAY_DEEDS_MAX);
		return 2;
	}
	if (tells)
		return write_story(seed, deeds);
	if (run(seed, deeds, runs, &digest) != 0)
		return 1;
	printf("%u days of %zu deeds held; digest %016" PRIx64 "\n", runs, deeds, digest);
	return 0;
}
