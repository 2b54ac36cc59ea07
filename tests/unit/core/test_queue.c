#include "floor.h"

#include "najimi/base/rng.h"
#include "queue.h"

#define PLACES 500

static void higher_priority_then_earlier_then_first_come(void **state)
{
	struct place urgent = { .priority = 5, .arrived_at = 30, .seq = 9 };
	struct place early = { .arrived_at = 10, .seq = 8 };
	struct place late = { .arrived_at = 20, .seq = 1 };
	struct place twin = { .arrived_at = 20, .seq = 2 };

	(void)state;
	assert_true(place_compare(&urgent, &early) < 0);
	assert_true(place_compare(&early, &late) < 0);
	assert_true(place_compare(&late, &twin) < 0);
	assert_true(place_compare(&twin, &late) > 0);
	assert_int_equal(place_compare(&late, &late), 0);
}

static uint32_t count_ahead_slowly(const struct call *calls, const bool *in, size_t of)
{
	uint32_t ahead = 0;

	for (size_t i = 0; i < PLACES; i++)
		ahead += in[i] && place_compare(&calls[i].place, &calls[of].place) < 0;
	return ahead;
}

static usec_t oldest_slowly(const struct call *calls, const bool *in)
{
	usec_t oldest = 0;

	for (size_t i = 0; i < PLACES; i++) {
		if (in[i] && (oldest == 0 || calls[i].place.arrived_at < oldest))
			oldest = calls[i].place.arrived_at;
	}
	return oldest;
}

static void positions_and_the_oldest_are_exact_in_any_mixture_of_lines(void **state)
{
	static struct call calls[PLACES];
	static bool in[PLACES];
	struct queue queue = { 0 };
	uint64_t rng = 11;

	(void)state;
	for (unsigned i = 0; i < 6000; i++) {
		size_t of = rng_below(&rng, PLACES);
		struct place *place = &calls[of].place;

		if (in[of]) {
			assert_int_equal(queue_position(&queue, place),
			                 count_ahead_slowly(calls, in, of) + 1);
			queue_drop(&queue, place);
		} else {
			*place = (struct place){
				.priority = (int16_t)rng_below(&rng, 3),
				.arrived_at = 1 + rng_below(&rng, 50),
				.seq = i,
				.line = (uint8_t)(WAIT_OPEN + rng_below(&rng, WAIT_LINES - 1)),
			};
			queue_add(&queue, place);
		}
		in[of] = !in[of];
		assert_int_equal(queue_oldest(&queue), oldest_slowly(calls, in));
	}
}

static bool has_all_skills(const struct core *core, const struct agent *agent,
                           const struct call *call)
{
	(void)core;
	return (call->needs_mask & ~agent->skills) == 0;
}

static struct place *find_skilled_slowly(struct call *calls, const bool *in,
                                         const struct agent *agent, const struct place *before)
{
	struct place *best = NULL;

	for (size_t i = 0; i < PLACES; i++) {
		struct place *place = &calls[i].place;

		if (in[i] && has_all_skills(NULL, agent, &calls[i]) &&
		    (before == NULL || place_compare(place, before) < 0) &&
		    (best == NULL || place_compare(place, best) < 0))
			best = place;
	}
	return best;
}

static void the_first_whom_the_agent_can_help_is_found(void **state)
{
	static struct call calls[PLACES];
	static bool in[PLACES];
	struct queue queue = { 0 };
	uint64_t rng = 12;

	(void)state;
	for (unsigned i = 0; i < 6000; i++) {
		struct agent agent = { .skills = rng_below(&rng, 16) };
		const struct place *before = NULL;
		size_t of = rng_below(&rng, PLACES);
		int budget = PLACES;

		if (in[of]) {
			queue_drop(&queue, &calls[of].place);
		} else {
			calls[of].place = (struct place){ .arrived_at = 1 + rng_below(&rng, 50),
				                          .seq = i,
				                          .line = WAIT_SKILLED };
			calls[of].needs_mask = 1 + rng_below(&rng, 15);
			queue_add(&queue, &calls[of].place);
		}
		in[of] = !in[of];
		of = rng_below(&rng, PLACES);
		if (in[of])
			before = &calls[of].place;
		assert_ptr_equal(
		        queue_find_skilled(NULL, &queue, &agent, before, has_all_skills, &budget),
		        find_skilled_slowly(calls, in, &agent, before));
	}
}

static void a_line_is_walked_in_order_from_its_first(void **state)
{
	static struct place places[PLACES];
	struct queue queue = { 0 };
	uint64_t rng = 5;
	size_t count = 0;

	(void)state;
	assert_null(queue_first(&queue, WAIT_OPEN));
	for (size_t i = 0; i < PLACES; i++) {
		places[i] = (struct place){ .arrived_at = 1 + rng_below(&rng, 100),
			                    .seq = i,
			                    .line = WAIT_OPEN };
		queue_add(&queue, &places[i]);
	}
	for (struct place *at = queue_first(&queue, WAIT_OPEN); at != NULL; at = queue_next(at)) {
		struct place *next = queue_next(at);

		assert_true(next == NULL || place_compare(at, next) < 0);
		count++;
	}
	assert_int_equal(count, PLACES);
	while (queue_first(&queue, WAIT_OPEN) != NULL)
		queue_drop(&queue, queue_first(&queue, WAIT_OPEN));
	assert_int_equal(queue_oldest(&queue), 0);
}

static void nothing_is_estimated_from_too_little(void **state)
{
	struct queue queue = { .agents = { [AGENT_TALKING] = 2, [AGENT_PAUSED] = 9 } };

	(void)state;
	for (int i = 0; i < 4; i++)
		queue_count_handling(&queue, SEC(100));
	assert_true(queue_estimate(&queue, 1) == USEC_NEVER);
	queue_count_handling(&queue, SEC(200));
	assert_int_equal(queue_estimate(&queue, 1), SEC(60));
	assert_int_equal(queue_estimate(&queue, 3), SEC(180));
	queue.agents[AGENT_TALKING] = 0;
	assert_true(queue_estimate(&queue, 1) == USEC_NEVER);
}

static void the_estimate_follows_what_talks_take_lately(void **state)
{
	struct queue queue = { .agents = { [AGENT_READY] = 1 } };

	(void)state;
	for (int i = 0; i < 20; i++)
		queue_count_handling(&queue, SEC(100));
	for (int i = 0; i < 60; i++)
		queue_count_handling(&queue, SEC(300));
	assert_in_range(queue_estimate(&queue, 1), SEC(295), SEC(300));
	queue_count_handling(&queue, USEC_NEVER); /* one absurd talk does not wrap around */
	assert_in_range(queue_estimate(&queue, 1), SEC(300), HOUR(24));
}

static void who_was_told_a_smaller_wait_is_not_told_a_longer_one(void **state)
{
	struct decision decision;
	struct floor floor;
	struct queue *queue;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	queue = &floor.core->queues[0];
	for (int i = 0; i < 8; i++)
		queue_count_handling(queue, SEC(100));
	arrive(&floor, 0, 0);
	arrive(&floor, 1, 0);
	assert_int_equal(find_decision(&floor)->estimated_wait, SEC(100));
	assert_int_equal(get_call(&floor, 1).told_wait, SEC(100));
	for (int i = 0; i < 50; i++)
		queue_count_handling(queue, SEC(900));
	assert_true(core_get_decision(floor.core, call_at(1), &decision));
	assert_int_equal(decision.estimated_wait, SEC(100));
	assert_true(get_queue(&floor, 0).estimated_wait > SEC(1000));
	floor_close(&floor);
}

static void only_a_configured_queue_is_found(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	assert_non_null(queue_find(floor.core, 0));
	assert_null(queue_find(floor.core, FLOOR_QUEUES - 1));
	assert_null(queue_find(floor.core, QUEUE_NONE));
	floor_close(&floor);
}

static struct queue_plan steered_plan(usec_t value, usec_t target)
{
	struct queue_plan plan = usual_plan();

	plan.policy = POLICY_RATE;
	plan.review = SEC(5);
	plan.value = value;
	plan.target_extra_wait = target;
	return plan;
}

/* Never below nothing, never above its greatest, however long it is missed. */
static void steering_stays_within_its_bounds(void **state)
{
	struct queue *queue;
	struct floor floor;
	usec_t before;

	(void)state;
	floor_open(&floor);
	set_plan(&floor, 0, steered_plan(SEC(60), SEC(10)));
	queue = queue_find(floor.core, 0);
	assert_true(get_queue(&floor, 0).value == SEC(60));
	queue_steer(queue, SEC(10));
	assert_true(queue->value == SEC(60));
	for (unsigned i = 0; i < 1000; i++) {
		before = queue->value;
		queue_steer(queue, 0);
		assert_true(queue->value >= before);
		assert_true(queue->value - before <= MSEC(1500)); /* slowly */
	}
	assert_true(queue->value == SEC(400));
	for (unsigned i = 0; i < 1000; i++)
		queue_steer(queue, HOUR(1));
	assert_true(queue->value == 0);
	queue_steer(queue, 0);
	assert_true(queue->value > 0);
	floor_close(&floor);
}

static void without_an_aim_the_value_stays(void **state)
{
	struct queue *queue;
	struct floor floor;

	(void)state;
	floor_open(&floor);
	set_plan(&floor, 0, steered_plan(HOUR(1), 0));
	queue = queue_find(floor.core, 0);
	queue_steer(queue, HOUR(1));
	queue_steer(queue, 0);
	assert_true(queue->value == HOUR(1));
	floor_close(&floor);
}

/* A reload forgets what was steered when another value is said, or no aim. */
static void a_reload_keeps_what_was_steered(void **state)
{
	struct floor floor;

	(void)state;
	floor_open(&floor);
	set_plan(&floor, 0, steered_plan(SEC(60), SEC(10)));
	queue_steer(queue_find(floor.core, 0), 0);
	assert_true(get_queue(&floor, 0).value == MSEC(61500));
	set_plan(&floor, 0, steered_plan(SEC(60), SEC(20)));
	assert_true(get_queue(&floor, 0).value == MSEC(61500));
	set_plan(&floor, 0, steered_plan(SEC(90), SEC(20)));
	assert_true(get_queue(&floor, 0).value == SEC(90));
	set_plan(&floor, 0, steered_plan(HOUR(1), SEC(20)));
	assert_true(get_queue(&floor, 0).value == SEC(400));
	set_plan(&floor, 0, steered_plan(HOUR(1), 0));
	assert_true(get_queue(&floor, 0).value == HOUR(1));
	set_plan(&floor, 0, usual_plan());
	assert_true(get_queue(&floor, 0).value == 0); /* nothing has a price here */
	floor_close(&floor);
}

static void a_head_start_counts_as_age(void **state)
{
	struct place late = { .arrived_at = SEC(50), .seq = 2, .head = 30 };
	struct place early = { .arrived_at = SEC(30), .seq = 1 };
	struct place urgent = { .arrived_at = SEC(90), .seq = 3, .priority = 1 };

	(void)state;
	assert_true(place_compare(&late, &early) < 0);
	late.head = 20;
	assert_true(place_compare(&late, &early) > 0); /* of equals the one who came first */
	late.head = 19;
	assert_true(place_compare(&late, &early) > 0);
	late.head = HEAD_START_MAX / SEC(1);
	assert_true(place_compare(&urgent, &late) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(higher_priority_then_earlier_then_first_come),
		cmocka_unit_test(positions_and_the_oldest_are_exact_in_any_mixture_of_lines),
		cmocka_unit_test(a_line_is_walked_in_order_from_its_first),
		cmocka_unit_test(the_first_whom_the_agent_can_help_is_found),
		cmocka_unit_test(nothing_is_estimated_from_too_little),
		cmocka_unit_test(the_estimate_follows_what_talks_take_lately),
		cmocka_unit_test(who_was_told_a_smaller_wait_is_not_told_a_longer_one),
		cmocka_unit_test(only_a_configured_queue_is_found),
		cmocka_unit_test(steering_stays_within_its_bounds),
		cmocka_unit_test(without_an_aim_the_value_stays),
		cmocka_unit_test(a_reload_keeps_what_was_steered),
		cmocka_unit_test(a_head_start_counts_as_age),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
