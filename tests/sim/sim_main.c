/* Simulates random days at the call centre and checks every step: against the core's
 * own invariants, the watch and the oracle.
 *
 *     sim_main [SEED [DEEDS [RUNS]]]    RUNS days from SEED on, of DEEDS deeds each
 *     sim_main --seeds FILE             the days of a list: SEED DEEDS, one a line
 *     sim_main --story SEED [DEEDS]     one day written out as a story
 *     sim_main --plain ...              the same with all policies that have no price
 *     sim_main --policies ...           the same with all policies, without the oracle: it is
 *                                       checked that what was promised is kept
 *     sim_main --nothing ...            the same without stickiness, and with a twin that has
 *                                       a price and a value of nothing
 *
 * A day that fails is cut down to the fewest deeds that still fail and printed as a
 * story. The digest at the end is equal for equal runs, whatever the compiler. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "life.h"

#include "najimi/base/hash.h"

#define DEEDS_USUAL 300
#define RUNS_USUAL 400

/* Days that share one child process: a fork costs more than a day. */
#define BATCH 64

/* Once more, for the eye: the words of an assertion go to stderr as they are. */
static void tell(const struct life *life)
{
	struct err err;
	uint64_t digest;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		if (life_live(life, stdout, &digest, &err) < 0)
			printf("# %s\n", err.text);
		fflush(stdout);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static int report(struct life *life, uint64_t seed)
{
	size_t deeds = life->count;

	life_shrink(life);
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
			life_invent(life, seed + i);
			if (life_live(life, NULL, &one, &err) < 0) {
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
			life_invent(&life, seed + done + held);
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
		if (sscanf(line, "%" SCNu64 " %zu", &seed, &deeds) != 2 || deeds < DAY_DEEDS_MIN ||
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
	life_invent(&life, seed);
	printf("# The day of seed %" PRIu64 " with %zu deeds.\n", seed, deeds);
	tell(&life);
	return 0;
}

/* The number of arguments that were of this kind. */
static int read_kind(int argc, char **argv)
{
	life_kind = LIFE_FIXED;
	if (argc > 1 && strcmp(argv[1], "--plain") == 0)
		life_kind = LIFE_PLAIN;
	if (argc > 1 && strcmp(argv[1], "--policies") == 0)
		life_kind = LIFE_POLICIES;
	if (argc > 1 && strcmp(argv[1], "--nothing") == 0)
		life_kind = LIFE_NOTHING;
	return life_kind != LIFE_FIXED;
}

static uint64_t argument(int argc, char **argv, int i, uint64_t usual)
{
	return i < argc ? strtoull(argv[i], NULL, 0) : usual;
}

int main(int argc, char **argv)
{
	uint64_t digest = HASH_START;
	bool tells;
	int first, kinds = read_kind(argc, argv);
	uint64_t seed;
	size_t deeds;
	unsigned runs;

	argc -= kinds;
	argv += kinds;
	tells = argc > 2 && strcmp(argv[1], "--story") == 0;
	first = tells ? 2 : 1;
	seed = argument(argc, argv, first, 1);
	deeds = argument(argc, argv, first + 1, DEEDS_USUAL);
	runs = (unsigned)argument(argc, argv, first + 2, RUNS_USUAL);

	if (argc == 3 && strcmp(argv[1], "--seeds") == 0)
		return run_list(argv[2]);
	if (deeds < DAY_DEEDS_MIN || deeds > DAY_DEEDS_MAX) {
		fprintf(stderr, "a day has %d to %d deeds\n", DAY_DEEDS_MIN, DAY_DEEDS_MAX);
		return 2;
	}
	if (tells)
		return write_story(seed, deeds);
	if (run(seed, deeds, runs, &digest) != 0)
		return 1;
	printf("%u days of %zu deeds held; digest %016" PRIx64 "\n", runs, deeds, digest);
	return 0;
}
