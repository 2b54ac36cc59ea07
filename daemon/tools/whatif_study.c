#include "whatif_study.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "najimi/base/number.h"
#include "najimi/base/rng.h"
#include "najimi/core/view.h"
#include "play.h"

#define DAY HOUR(24)
#define WARM_UP (7 * DAY)

/* A short span is played several times, up to that many calls altogether. */
#define CALLS_ENOUGH 120000
#define PLAYS_MAX 8
#define JITTER_MAX SEC(1) /* of arrivals, from play to play */

/* Settings that have names: those of sticky.preset. */
static const char *const presets[] = { "neutral", "balanced", "sticky", "regulars" };

/* --- what is configured --- */

static const struct queue_plan *configured(const struct options *options, const char *queue)
{
	for (size_t i = 0; i < options->queues_count; i++)
		if (strcmp(options->queues[i].name, queue) == 0)
			return &options->queues[i].plan;
	return &options->queue_defaults.plan; /* gone since */
}

static bool is_chosen(const struct whatif_study *study, unsigned queue)
{
	return study->chosen == 0 || (study->chosen >> queue & 1) != 0;
}

static bool are_alike(const struct queue_plan *a, const struct queue_plan *b)
{
	return a->sticky == b->sticky && a->policy == b->policy && a->value == b->value &&
	       a->wait_busy == b->wait_busy && a->wait_idle == b->wait_idle &&
	       a->wait_skipped == b->wait_skipped && a->credit == b->credit;
}

static void find_main(struct whatif_study *study)
{
	size_t calls[TRAFFIC_QUEUES_MAX] = { 0 };
	bool found = false;

	for (size_t i = 0; i < study->traffic.calls_count; i++)
		calls[study->traffic.calls[i].queue]++;
	for (uint8_t i = 0; i < study->traffic.queues.count; i++)
		if (is_chosen(study, i) && (!found || calls[i] > calls[study->main])) {
			study->main = i;
			found = true;
		}
	study->alike = true;
	for (uint8_t i = 0; i < study->traffic.queues.count; i++)
		if (is_chosen(study, i) && calls[i] > 0 &&
		    !are_alike(&study->plans[i], &study->plans[study->main]))
			study->alike = false;
}

static int choose(struct whatif_study *study, struct err *err)
{
	uint32_t queue;

	if (study->queue == NULL)
		return 0;
	if (!lexicon_find(&study->contacts->queues, text_of(study->queue), &queue))
		return err_set(err, -ENODATA, "there is no contact of the queue '%s'",
		               study->queue);
	study->chosen = UINT64_C(1) << queue;
	return 0;
}

/* --- what is to be played --- */

static struct whatif_run *add_run(struct whatif_study *study, enum whatif_kind kind,
                                  const char *name)
{
	struct whatif_run *run = &study->runs[study->runs_count++];

	*run = (struct whatif_run){ .kind = kind, .plan = study->plans[study->main] };
	snprintf(run->name, sizeof(run->name), "%s", name);
	return run;
}

static void set_value(struct queue_plan *plan, usec_t value)
{
	plan->sticky = true;
	plan->policy = POLICY_RATE;
	plan->value = value;
	plan->target_extra_wait = 0; /* nothing steers it away */
}

static void set_preset(struct queue_plan *plan, const char *name)
{
	bool known;

	set_value(plan, 0);
	known = options_preset(name, plan);
	assert(known);
	(void)known;
}

static void change_plan(const struct whatif_study *study, const struct whatif_run *run,
                        struct queue_plan *plan)
{
	const struct whatif_args *args = study->args;

	switch (run->kind) {
	case WHATIF_IS_PRESENT:
		return;
	case WHATIF_IS_PRESET:
		set_preset(plan, run->name);
		return;
	case WHATIF_IS_VALUE:
		break;
	}
	set_value(plan, run->plan.value);
	if (args->has_wait_idle)
		plan->wait_idle = args->wait_idle;
	if (args->has_wait_skipped)
		plan->wait_skipped = args->wait_skipped;
	if (args->has_credit)
		plan->credit = args->credit;
}

static void list_runs(struct whatif_study *study)
{
	const struct whatif_args *args = study->args;
	struct whatif_run *run;
	char name[24];

	for (unsigned i = 0; i < args->values_count; i++) {
		snprintf(name, sizeof(name), "value %u", args->values[i]);
		run = add_run(study, WHATIF_IS_VALUE, name);
		run->plan.value = SEC(args->values[i]);
		change_plan(study, run, &run->plan);
	}
	add_run(study, WHATIF_IS_PRESENT, "present");
	for (size_t i = 0; i < ARRAY_LEN(presets); i++) {
		run = add_run(study, WHATIF_IS_PRESET, presets[i]);
		change_plan(study, run, &run->plan);
	}
}

/* A week, so that callers have somebody to return to; of a shorter span a quarter. */
static usec_t find_warm_up(const struct traffic *traffic)
{
	usec_t first = traffic->calls[0].arrives;
	usec_t span = traffic->calls[traffic->calls_count - 1].arrives - first;

	return first + (span >= 2 * WARM_UP - DAY / 2 ? WARM_UP : span / 4);
}

static int keep_arrivals(struct whatif_study *study, struct err *err)
{
	size_t count = study->traffic.calls_count;

	study->arrivals = malloc((count + 1) * sizeof(*study->arrivals));
	if (study->arrivals == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	for (size_t i = 0; i < count; i++)
		study->arrivals[i] = study->traffic.calls[i].arrives;
	study->plays = (unsigned)(CALLS_ENOUGH / count);
	if (study->plays < 1)
		study->plays = 1;
	if (study->plays > PLAYS_MAX)
		study->plays = PLAYS_MAX;
	return 0;
}

int whatif_study_init(struct whatif_study *study, const struct options *options,
                      const struct whatif_args *args, const char *queue,
                      struct whatif_contacts *contacts, struct err *err)
{
	int r;

	*study = (struct whatif_study){
		.args = args, .site = options->site, .queue = queue, .contacts = contacts
	};
	for (uint32_t i = 0; i < contacts->queues.count && i < TRAFFIC_QUEUES_MAX; i++)
		study->plans[i] = *configured(options, contacts->queues.list[i]);
	r = choose(study, err);
	if (r == 0)
		r = whatif_traffic_build(&study->traffic, contacts, study->plans, args->agents,
		                         &study->found, err);
	if (r == 0)
		r = keep_arrivals(study, err);
	if (r < 0) {
		whatif_study_done(study);
		return r;
	}
	find_main(study);
	study->count_from = find_warm_up(&study->traffic);
	list_runs(study);
	return 0;
}

void whatif_study_done(struct whatif_study *study)
{
	traffic_done(&study->traffic);
	free(study->arrivals);
	study->arrivals = NULL;
}

/* --- playing --- */

/* The first play is as it was. Where a caller rings a moment later, soon everything is
 * different, and as likely. The order stays. */
static void jitter(struct whatif_study *study, unsigned number)
{
	struct traffic *traffic = &study->traffic;
	uint64_t chance = number;

	for (size_t i = 0; i < traffic->calls_count; i++) {
		usec_t room = JITTER_MAX;

		if (i + 1 < traffic->calls_count &&
		    study->arrivals[i + 1] - study->arrivals[i] < room)
			room = study->arrivals[i + 1] - study->arrivals[i];
		traffic->calls[i].arrives = study->arrivals[i];
		if (number > 0 && room > 0)
			traffic->calls[i].arrives += rng_below(&chance, (uint32_t)room);
	}
}

static int play_once(struct whatif_study *study, unsigned number, struct progress *progress,
                     struct report *report, struct err *err)
{
	struct report_notes notes = { .file = "" };
	const struct play play = {
		.traffic = &study->traffic,
		.rules = { .answer_after = study->found.ring_mean,
		           .wrapup = USEC_NEVER,
		           .count_from = study->count_from,
		           .seed = number,
		           .count_only = study->chosen,
		           .plans = study->changed },
		.plans = study->changed,
		.known_max = KNOWN_MAX,
		.report = report,
		.notes = &notes,
		.progress = progress,
	};
	usec_t extra = report->extra;
	int r;

	jitter(study, number);
	r = play_virtual(&play, err);
	report->extra += extra;
	return r;
}

/* Each play is its part of the run's part of the bar. */
static int play_all(struct whatif_study *study, struct progress *progress, struct report *report,
                    struct err *err)
{
	double from = progress->from, part = progress->part;
	int r = 0;

	progress->part = part / study->plays;
	for (unsigned i = 0; i < study->plays && r == 0; i++) {
		progress->from = from + progress->part * i;
		r = play_once(study, i, progress, report, err);
	}
	progress->from = from;
	progress->part = part;
	return r;
}

int whatif_study_play(struct whatif_study *study, size_t index, struct progress *progress,
                      struct report *report, struct err *err)
{
	struct whatif_run *run = &study->runs[index];
	uint64_t returning;
	int r;

	*report = (struct report){
		.policy = run->name,
		.service_level = study->plans[study->main].service_level,
		.short_abandon = study->plans[study->main].short_abandon,
		.plays = study->plays,
	};
	for (uint8_t i = 0; i < study->traffic.queues.count; i++) {
		study->changed[i] = study->plans[i];
		if (is_chosen(study, i))
			change_plan(study, run, &study->changed[i]);
	}
	r = play_all(study, progress, report, err);
	if (r < 0)
		return r;
	returning = report->returning.calls / study->plays;
	if (returning < WHATIF_RETURNING_MIN)
		return err_set(err, -ENODATA,
		               "%llu callers returned: too few to say anything, it takes %d (a "
		               "longer --since?)",
		               (unsigned long long)returning, WHATIF_RETURNING_MIN);
	run->wait = report_wait_mean(report);
	run->reunited = report_present_share(report);
	return 0;
}

static void print_span(char **at, const char *end, const char *before, usec_t span)
{
	char text[32];
	int length;

	number_print_duration(span, text, sizeof(text));
	length = snprintf(*at, (size_t)(end - *at), "%s%s", before,
	                  span == USEC_NEVER ? "without limit" : text);
	if (length > 0)
		*at += length < end - *at ? length : end - *at - 1;
}

void whatif_describe(const struct queue_plan *plan, char *ret, size_t size)
{
	char *at = ret;
	const char *end = ret + size;

	if (!plan->sticky || plan->policy == POLICY_OFF) {
		snprintf(ret, size, "off");
		return;
	}
	if (plan->policy == POLICY_FIXED) {
		print_span(&at, end, "fixed, up to ", plan->wait_busy);
		return;
	}
	if (plan->policy != POLICY_RATE) {
		snprintf(ret, size, "%s", sticky_policy_name(plan->policy));
		return;
	}
	if (plan->target_extra_wait != 0)
		print_span(&at, end, "rate, steered to an extra wait of ", plan->target_extra_wait);
	else
		print_span(&at, end, "rate, value ", plan->value);
	print_span(&at, end, ", budgets ", plan->wait_idle);
	print_span(&at, end, " and ", plan->wait_skipped);
	print_span(&at, end, ", credit ", plan->credit);
}
