/* Cutting a day that fails down to what is enough to fail. */
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "life.h"

/* In a child, because a broken invariant aborts. */
static bool breaks(const struct life *life)
{
	uint64_t digest;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(2);
		_exit(life_live(life, NULL, &digest, NULL) < 0 ? 1 : 0);
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

#define MEMBER(type, member) \
	{ \
		offsetof(type, member), sizeof(((type *)NULL)->member) \
	}

struct member {
	size_t offset, size;
};

static const struct member plan_members[] = {
	MEMBER(struct queue_plan, open),
	MEMBER(struct queue_plan, overflows),
	MEMBER(struct queue_plan, sticky),
	MEMBER(struct queue_plan, priority),
	MEMBER(struct queue_plan, line_max),
	MEMBER(struct queue_plan, waiting_max),
	MEMBER(struct queue_plan, ring),
	MEMBER(struct queue_plan, wait_max),
	MEMBER(struct queue_plan, wrapup),
	MEMBER(struct queue_plan, service_level),
	MEMBER(struct queue_plan, short_abandon),
	MEMBER(struct queue_plan, window),
	MEMBER(struct queue_plan, wait_busy),
	MEMBER(struct queue_plan, min_talk),
	MEMBER(struct queue_plan, tell_after),
	MEMBER(struct queue_plan, tell_every),
	MEMBER(struct queue_plan, policy),
	MEMBER(struct queue_plan, in_turn),
	MEMBER(struct queue_plan, familiarity),
	MEMBER(struct queue_plan, candidates),
	MEMBER(struct queue_plan, fade),
	MEMBER(struct queue_plan, ring_own),
	MEMBER(struct queue_plan, wait_wrapup),
	MEMBER(struct queue_plan, wait_paused),
	MEMBER(struct queue_plan, wait_brief),
	MEMBER(struct queue_plan, wait_away),
	MEMBER(struct queue_plan, ewt_guard),
	MEMBER(struct queue_plan, load_max),
	MEMBER(struct queue_plan, skips_skills),
	MEMBER(struct queue_plan, prefers_team),
	MEMBER(struct queue_plan, after_hours),
	MEMBER(struct queue_plan, absent_overflows),
	MEMBER(struct queue_plan, transfer_credit),
	MEMBER(struct queue_plan, value),
	MEMBER(struct queue_plan, skip_price),
	MEMBER(struct queue_plan, wait_idle),
	MEMBER(struct queue_plan, wait_skipped),
	MEMBER(struct queue_plan, credit),
	MEMBER(struct queue_plan, head_start),
	MEMBER(struct queue_plan, overtake_max),
	MEMBER(struct queue_plan, review),
	MEMBER(struct queue_plan, service_guard),
	MEMBER(struct queue_plan, talk_mean),
	MEMBER(struct queue_plan, agent_calls),
	MEMBER(struct queue_plan, target_extra_wait),
};

static const struct member rules_members[] = {
	MEMBER(struct core_rules, misses_max[MISS_NO_ANSWER]),
	MEMBER(struct core_rules, misses_max[MISS_BUSY]),
	MEMBER(struct core_rules, misses_max[MISS_REJECTED]),
	MEMBER(struct core_rules, misses_max[MISS_UNREACHABLE]),
	MEMBER(struct core_rules, rona_return),
	MEMBER(struct core_rules, exclude_for),
	MEMBER(struct core_rules, ring_grace),
	MEMBER(struct core_rules, recall_max),
	MEMBER(struct core_rules, resume_max),
	MEMBER(struct core_rules, tiers_count),
};

static bool use_usual(void *value, const void *usual, const struct member *members, size_t count,
                      size_t i)
{
	if (i >= count)
		return false;
	memcpy((char *)value + members[i].offset, (const char *)usual + members[i].offset,
	       members[i].size);
	return true;
}

/* Ways to say the same with fewer words; false when there are no more. */
static bool simplify(struct deed *deed, size_t way)
{
	if (deed->type == DEED_QUEUE) {
		enum sticky_policy policy = deed->plan.policy;
		bool more = use_usual(&deed->plan, &deed_plan, plan_members,
		                      ARRAY_LEN(plan_members), way);

		if (life_kind == LIFE_NOTHING) /* with a policy the twin is another anyway */
			deed->plan.policy = policy;
		return more;
	}
	if (deed->type == DEED_RULES)
		return use_usual(&deed->rules, &deed_rules, rules_members, ARRAY_LEN(rules_members),
		                 way);
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
		deed->offer = 0;
		return true;
	case 7:
		deed->caller.never_count = 0;
		return true;
	case 8:
		deed->has_tier = false;
		deed->tier = 0;
		deed->caller.tier = 0;
		return true;
	case 9:
		deed->team = 0;
		deed->brief = false;
		return true;
	case 10:
		deed->ring = 0;
		return true;
	case 11:
		deed->blameless = false;
		return true;
	case 12:
		deed->has_asked = false;
		deed->asked = 0;
		return true;
	case 13:
		deed->aims = false;
		return true;
	default:
		return false;
	}
}

static void simplify_deeds(struct life *life)
{
	for (size_t i = 0; i < life->count; i++)
		for (size_t way = 0;; way++) {
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

void life_shrink(struct life *life)
{
	size_t before;

	do {
		before = life->count;
		drop_deeds(life);
		simplify_deeds(life);
	} while (life->count < before);
	close_gaps(life);
}
