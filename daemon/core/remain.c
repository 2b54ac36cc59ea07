#include "remain.h"

#include <string.h>

/* With fewer samples than this beyond a point, nothing is read out of them: who has talked
 * longer than nearly everybody is taken for one who has talked that long. */
#define ALIVE_MIN (6 * REMAIN_WEIGHT)

/* Where the weight is halved. After it a change of habits shows within a few thousand calls. */
#define WEIGHT_MAX (8192 * REMAIN_WEIGHT)

/* Shares of the weight are interpolated between edges this much finer. */
#define FINE 16

/* Keeps products of weights and lengths within 64 bits. */
#define HORIZON_MAX SEC(1000)

#define STEP_EDGES 16 /* edges at each of the four distances */

/* Lengths, in thousandths of the mean, in the middle of each of 32 equal parts of a
 * lognormal distribution with sigma 0.92: the calls nobody has made yet. */
static const uint16_t prior[] = {
	95,  148, 187, 223, 257, 289,  321,  354,  388,  423,  459,  496,  535,  576,  619,  666,
	716, 769, 828, 891, 962, 1040, 1128, 1228, 1345, 1483, 1650, 1860, 2141, 2544, 3227, 5009,
};

/* The instant of an edge, in milliseconds. */
static uint64_t edge_ms(unsigned i)
{
	static const uint32_t start[] = { 0, 64000, 256000, 1024000, 4096000 };
	static const uint32_t step[] = { 4000, 12000, 48000, 192000, 0 };
	unsigned scale = i / STEP_EDGES;

	return start[scale] + (uint64_t)(i % STEP_EDGES) * step[scale];
}

/* The last edge at or before a length. */
static unsigned edge_before(uint64_t ms)
{
	if (ms < 64000)
		return (unsigned)(ms / 4000);
	if (ms < 256000)
		return STEP_EDGES + (unsigned)((ms - 64000) / 12000);
	if (ms < 1024000)
		return 2 * STEP_EDGES + (unsigned)((ms - 256000) / 48000);
	if (ms < 4096000)
		return 3 * STEP_EDGES + (unsigned)((ms - 1024000) / 192000);
	return REMAIN_EDGES - 1;
}

static void add(struct remain *remain, usec_t length)
{
	unsigned last = edge_before(length / MSEC(1));

	for (unsigned i = 0; i <= last; i++)
		remain->alive[i] += REMAIN_WEIGHT;
	if (remain->alive[0] < WEIGHT_MAX)
		return;
	for (unsigned i = 0; i < REMAIN_EDGES; i++)
		remain->alive[i] /= 2;
}

/* The weight, times FINE, that lasts at least that long. */
static uint64_t alive_at(const struct remain *remain, uint64_t ms)
{
	unsigned i = edge_before(ms);
	uint64_t from, width;

	if (i == REMAIN_EDGES - 1)
		return (uint64_t)remain->alive[i] * FINE;
	from = edge_ms(i);
	width = edge_ms(i + 1) - from;
	return (uint64_t)remain->alive[i] * FINE -
	       (uint64_t)(remain->alive[i] - remain->alive[i + 1]) * FINE * (ms - from) / width;
}

/* The length that this share of the samples, in sixths, does not reach. */
static usec_t sixths(const struct remain *remain, unsigned share)
{
	uint64_t wanted = (uint64_t)remain->alive[0] * (6 - share) / 6;

	for (unsigned i = 0; i + 1 < REMAIN_EDGES; i++) {
		uint64_t above = remain->alive[i], below = remain->alive[i + 1];

		if (below <= wanted && above > below)
			return MSEC(edge_ms(i) + (above - wanted) * (edge_ms(i + 1) - edge_ms(i)) /
			                                 (above - below));
	}
	return MSEC(edge_ms(REMAIN_EDGES - 1));
}

static void find_thirds(struct remain_pair *pair)
{
	for (unsigned i = 0; i < ARRAY_LEN(pair->thirds); i++)
		pair->thirds[i] = sixths(&pair->wrapup, 2 * i + 1);
}

void remain_start(struct remain_pair *pair, usec_t talk_mean, usec_t wrapup)
{
	memset(pair, 0, sizeof(*pair));
	for (size_t i = 0; i < ARRAY_LEN(prior); i++)
		add(&pair->talk, talk_mean / 1000 * prior[i]);
	for (unsigned i = 0; i < 2 * ALIVE_MIN / REMAIN_WEIGHT; i++)
		add(&pair->wrapup, wrapup);
	find_thirds(pair);
}

void remain_learn_talk(struct remain_pair *pair, usec_t length)
{
	add(&pair->talk, length);
}

void remain_learn(struct remain *remain, usec_t length)
{
	add(remain, length);
}

void remain_learn_wrapup(struct remain_pair *pair, usec_t length)
{
	add(&pair->wrapup, length);
	find_thirds(pair);
}

void remain_give(const struct remain_pair *pair, struct lasting_record *ret)
{
	memcpy(ret->talk, pair->talk.alive, sizeof(ret->talk));
	memcpy(ret->wrapup, pair->wrapup.alive, sizeof(ret->wrapup));
}

static bool is_tail(const uint32_t weights[REMAIN_EDGES])
{
	if (weights[0] < ALIVE_MIN || weights[0] >= WEIGHT_MAX)
		return false;
	for (size_t i = 1; i < REMAIN_EDGES; i++) {
		if (weights[i] > weights[i - 1])
			return false;
	}
	return true;
}

bool remain_take(struct remain_pair *pair, const struct lasting_record *record)
{
	if (!is_tail(record->talk) || !is_tail(record->wrapup))
		return false;
	memcpy(pair->talk.alive, record->talk, sizeof(record->talk));
	memcpy(pair->wrapup.alive, record->wrapup, sizeof(record->wrapup));
	find_thirds(pair);
	return true;
}

/* One who talks or wraps up, ready to be asked about; in milliseconds. */
struct course {
	const struct remain_pair *pair;
	const struct remain *phase;
	bool wrapping;
	uint64_t elapsed, end_max;
	uint64_t base; /* weight that lasts at least as long as this one has */
};

static void set_out(struct course *course, const struct remain_pair *pair,
                    const struct remain_point *at)
{
	const struct remain *talk = at->talks == NULL ? &pair->talk : at->talks;
	const struct remain *phase = at->wrapping ? &pair->wrapup : talk;
	uint64_t elapsed = at->elapsed / MSEC(1);
	unsigned i = edge_before(elapsed);

	while (i > 0 && phase->alive[i] < ALIVE_MIN)
		elapsed = edge_ms(--i);
	*course = (struct course){
		.pair = pair,
		.phase = phase,
		.wrapping = at->wrapping,
		.elapsed = elapsed,
		.end_max = at->wrapping ? at->end_max / MSEC(1) : UINT64_MAX,
		.base = alive_at(phase, elapsed),
	};
}

/* The part of the base that is not free yet after `ms` more. */
static uint64_t busy_after(const struct course *course, uint64_t ms)
{
	uint64_t sum = 0;

	if (course->wrapping)
		return ms >= course->end_max ? 0 : alive_at(course->phase, course->elapsed + ms);
	for (unsigned i = 0; i < ARRAY_LEN(course->pair->thirds); i++) {
		uint64_t wrapup = course->pair->thirds[i] / MSEC(1);

		sum += alive_at(course->phase, course->elapsed + (ms > wrapup ? ms - wrapup : 0));
	}
	return sum / ARRAY_LEN(course->pair->thirds);
}

/* The moments that are tried, in seconds, and the horizon itself. */
static const uint16_t moments[] = { 1,  2,  4,   6,   8,   11,  15,  20,  30,  45,
	                            60, 90, 120, 180, 240, 360, 480, 720, 1000 };

/* One moment after another, with the mean of the waiting until then, counted in weight and
 * milliseconds. */
struct walk {
	const struct course *course;
	uint64_t horizon, ms, busy, spent;
	size_t next;
};

static void set_off(struct walk *walk, const struct course *course, usec_t horizon)
{
	*walk = (struct walk){ .course = course, .busy = course->base };
	walk->horizon = (horizon > HORIZON_MAX ? HORIZON_MAX : horizon) / MSEC(1);
}

static bool step_on(struct walk *walk)
{
	uint64_t ms, busy;

	if (walk->next == ARRAY_LEN(moments) || walk->ms == walk->horizon)
		return false;
	ms = moments[walk->next++] * UINT64_C(1000);
	if (ms > walk->horizon)
		ms = walk->horizon;
	busy = busy_after(walk->course, ms);
	walk->spent += (walk->busy + busy) * (ms - walk->ms) / 2;
	walk->busy = busy;
	walk->ms = ms;
	return true;
}

uint64_t remain_index(const struct remain_pair *pair, const struct remain_point *at, usec_t horizon)
{
	uint64_t best_won = 0, best_spent = 1;
	struct course course;
	struct walk walk;

	set_out(&course, pair, at);
	set_off(&walk, &course, horizon);
	if (course.base == 0)
		return 0;
	while (step_on(&walk)) {
		if ((course.base - walk.busy) * best_spent > best_won * walk.spent) {
			best_won = course.base - walk.busy;
			best_spent = walk.spent;
		}
	}
	return best_won * 1000 * 1000000 / (best_spent == 0 ? 1 : best_spent);
}

usec_t remain_mean(const struct remain_pair *pair, const struct remain_point *at)
{
	struct course course;
	struct walk walk;

	set_out(&course, pair, at);
	set_off(&walk, &course, HORIZON_MAX);
	while (step_on(&walk))
		;
	return course.base == 0 ? 0 : MSEC(walk.spent / course.base);
}

uint64_t remain_chance(const struct remain_pair *pair, const struct remain_point *at, usec_t span)
{
	struct course course;

	set_out(&course, pair, at);
	if (course.base == 0)
		return 0;
	return (course.base - busy_after(&course, span / MSEC(1))) * 1000000 / course.base;
}
