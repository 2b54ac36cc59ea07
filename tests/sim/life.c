#include "life.h"

#include "aim.h"
#include "oracle.h"
#include "promises.h"
#include "story.h"
#include "twin.h"

static struct story story;
static struct oracle oracle;
static struct promises promises;
static struct twin twin;
enum life_kind life_kind;

/* Nobody is asked who callers are, so the store does not say it unasked. */
static void stick_not(struct deed *deeds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (deeds[i].type == DEED_QUEUE)
			deeds[i].plan.policy = POLICY_OFF;
		if (deeds[i].type == DEED_STORE_ANSWERS)
			deeds[i].type = DEED_TIME_PASSES;
	}
}

static void price_of_nothing(struct queue_plan *plan)
{
	plan->policy = POLICY_RATE;
	plan->value = 0;
	plan->target_extra_wait = 0;
}

void life_invent(struct life *life, uint64_t seed)
{
	day_invent(seed, &life->cast, life->deeds, life->count);
	day_set_telling(seed, life->deeds, life->count);
	day_set_gateways(seed, &life->cast, life->deeds, life->count);
	if (life_kind == LIFE_PLAIN)
		day_set_plain_policies(seed, life->deeds, life->count);
	if (life_kind == LIFE_POLICIES || life_kind == LIFE_NOTHING)
		day_set_policies(seed, life->deeds, life->count);
	if (life_kind == LIFE_NOTHING)
		stick_not(life->deeds, life->count);
}

static int step(void *context, const struct core *core, const struct core_event *ev,
                const struct core_actions *actions, struct err *err)
{
	int r = promises_step(&promises, core, ev, actions, err);

	(void)context;
	if (r == 0 && (life_kind == LIFE_FIXED || life_kind == LIFE_PLAIN))
		r = oracle_step(&oracle, core, ev, actions, err);
	if (r == 0 && life_kind == LIFE_NOTHING)
		r = twin_step(&twin, core, ev, actions, err);
	return r;
}

static void begin(const struct life *life)
{
	struct core_limits limits = deed_limits;

	for (size_t i = 0; i < life->count; i++)
		if (life->deeds[i].type == DEED_LIMITS)
			limits = life->deeds[i].limits;
	story_begin(&story);
	story.cast = life->cast;
	story.on_step = step;
	oracle_begin(&oracle);
	promises_begin(&promises);
	twin_begin(&twin, &limits, price_of_nothing);
}

int life_live(const struct life *life, FILE *file, uint64_t *ret_digest, struct err *err)
{
	int r = 0;

	begin(life);
	story.quiet = file == NULL;
	for (size_t i = 0; i < life->count && r == 0; i++) {
		struct deed settled = life->deeds[i], *deed = &settled;

		r = story_pass(&story, deed->at, err);
		if (file != NULL)
			story_show_time(&story, file);
		if (r == 0)
			aim(&story, deed);
		if (r < 0 || story_admit(&story, deed, NULL) < 0)
			continue; /* nobody would do that here */
		if (file != NULL) {
			deed_write(file, &story.cast, deed);
			fputc('\n', file);
			fflush(file); /* the next step may be the last */
		}
		if (deed->type == DEED_DAEMON_RESTARTS) {
			oracle_restart(&oracle);
			twin_restart(&twin);
		}
		r = story_do(&story, deed, err);
		if (file != NULL)
			story_show(&story, file);
	}
	*ret_digest = story.trace;
	story_end(&story);
	twin_end(&twin);
	return r;
}
