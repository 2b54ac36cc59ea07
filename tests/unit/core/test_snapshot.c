#include <errno.h>
#include <stdlib.h>

#include "floor.h"

#include "najimi/core/snapshot.h"

/* A bit of everything: someone in every state, deadlines, figures. */
static void open_busy(struct floor *floor)
{
	floor_open(floor);
	for (uint32_t i = 0; i < 4; i++)
		log_in(floor, i, i % 2, true);
	for (uint32_t i = 0; i < 6; i++)
		arrive(floor, i, i % 2);
	answer(floor, 0, 1);
	answer(floor, 1, 1);
	pass(floor, SEC(20));
	tell_call(floor, EVT_CALL_HELD, 1);
	miss(floor, 2, 1, MISS_BUSY);
	return_to(floor, 6, 0, 0);
	return_to(floor, 7, 1, 1);
	arrive_keyed(floor, 8, 2);
	log_in(floor, 4, 1, true);
	set_device(floor, 4, DEVICE_BUSY);
	transfer_to_agent(floor, 0, 1, false);
}

static struct core *copy(const struct floor *floor, const struct core_limits *limits)
{
	size_t size = core_snapshot_size(floor->core);
	unsigned char *bytes = malloc(size + 1);
	struct core *core = core_new(limits);

	assert_non_null(bytes);
	assert_non_null(core);
	/* At an odd address: bytes are bytes. */
	assert_int_equal(core_snapshot(floor->core, bytes + 1, size), size);
	assert_int_equal(core_restore(core, bytes + 1, size), 0);
	free(bytes);
	return core;
}

static void a_restored_core_is_the_same_and_stays_so(void **state)
{
	struct core_limits limits = floor_limits();
	struct floor floor, twin;

	(void)state;
	open_busy(&floor);
	twin = floor;
	twin.core = copy(&floor, &limits);
	core_check(twin.core);
	assert_true(core_digest(twin.core) == core_digest(floor.core));
	assert_int_equal(core_now(twin.core), core_now(floor.core));
	assert_true(core_deadline(twin.core) == core_deadline(floor.core));

	for (int i = 0; i < 40; i++) {
		pass(&floor, SEC(7));
		pass(&twin, SEC(7));
		assert_true(core_digest(twin.core) == core_digest(floor.core));
	}
	log_in(&floor, 9, 0, true);
	log_in(&twin, 9, 0, true);
	assert_int_equal(twin.out.count, floor.out.count);
	assert_true(core_digest(twin.core) == core_digest(floor.core));
	floor_close(&twin);
	floor_close(&floor);
}

/* A site at a price with tiers, teams, pins, exclusions and a brief pause; a holdout; a caller
 * in the index of three agents; a value that was steered, loads, talks by agent. */
static void open_sticky(struct floor *floor)
{
	struct core_event recall = { .type = EVT_CALLER_RECALLED };
	struct core_event pause = { .type = EVT_AGENT_PAUSED };
	struct core_event login = { .type = EVT_AGENT_LOGGED_IN };
	struct core_rules rules = usual_rules();
	struct queue_plan plan = usual_plan();

	floor_open(floor);
	rules.walk_max = 40;
	rules.tiers_count = 1;
	rules.tiers[0] = (struct tier_plan){ SEC(9), 1500, 700, SEC(50), USEC_NEVER };
	set_rules(floor, rules);
	plan.policy = POLICY_RATE;
	plan.value = MINUTE(6);
	plan.skip_price = 300;
	plan.wait_idle = plan.wait_skipped = plan.overtake_max = MINUTE(10);
	plan.service_guard = USEC_NEVER;
	plan.review = SEC(5);
	plan.agent_calls = 1;
	plan.load_max = 900;
	plan.target_extra_wait = SEC(3);
	plan.transfer_credit = CREDIT_LONGEST;
	plan.wait_brief = SEC(30);
	set_plan(floor, 0, plan);
	login.agent_logged_in.queues_count = 1;
	for (uint32_t i = 0; i < 3; i++) {
		login.agent_logged_in.agent = agent_at(i);
		login.agent_logged_in.team = (uint16_t)(i + 1);
		login.agent_logged_in.ready = true;
		step(floor, &login);
		arrive(floor, i, 0);
		answer(floor, i, 1);
	}
	pass(floor, SEC(20));
	end(floor, 2, BY_CALLER); /* learned of, by agent and queue */
	arrive_keyed(floor, 3, 0);
	recall.caller_recalled.call = call_at(3);
	recall.caller_recalled.outcome = RECALL_KNOWN;
	recall.caller_recalled.tier = 1;
	recall.caller_recalled.known_count = 3;
	for (uint32_t i = 0; i < 3; i++)
		recall.caller_recalled.known[i] =
		        (struct known_agent){ agent_at(i), floor->now - HOUR(i), i == 0 };
	recall.caller_recalled.never_count = 1;
	recall.caller_recalled.never[0] = agent_at(9);
	step(floor, &recall);
	arrive_keyed(floor, 4, 0);
	recall.caller_recalled.call = call_at(4);
	recall.caller_recalled.holdout = true;
	step(floor, &recall);
	pause.agent_paused.agent = agent_at(1);
	pause.agent_paused.brief = true;
	step(floor, &pause);
	log_in(floor, 9, 0, true);
}

static void what_stickiness_needs_survives(void **state)
{
	struct core_limits limits = floor_limits();
	struct floor floor, twin;

	(void)state;
	open_sticky(&floor);
	assert_int_equal(get_call(&floor, 3).tier, 1);
	assert_true(get_call(&floor, 4).holdout && get_agent(&floor, 1).brief);
	assert_true(floor.core->agents[2].busy > 0 && floor.core->agents[2].talks->alive[0] > 0);
	assert_true(floor.core->calls[3].place.head == 9);
	assert_true(agent_id_set(floor.core->calls[3].wants[2].agent));
	twin = floor;
	twin.core = copy(&floor, &limits);
	core_check(twin.core);
	assert_true(core_digest(twin.core) == core_digest(floor.core));
	for (int i = 0; i < 40; i++) {
		pass(&floor, SEC(3));
		pass(&twin, SEC(3));
		if (i == 5) {
			end(&floor, 0, BY_CALLER);
			end(&twin, 0, BY_CALLER);
		}
		assert_int_equal(twin.out.count, floor.out.count);
		assert_true(core_digest(twin.core) == core_digest(floor.core));
	}
	floor_close(&twin);
	floor_close(&floor);
}

static void what_was_there_before_is_gone(void **state)
{
	struct floor empty, floor;
	size_t size;
	void *bytes;

	(void)state;
	floor_open(&empty);
	open_busy(&floor);
	size = core_snapshot_size(empty.core);
	bytes = malloc(size);
	assert_non_null(bytes);
	core_snapshot(empty.core, bytes, size);
	assert_int_equal(core_restore(floor.core, bytes, size), 0);
	assert_true(core_digest(floor.core) == core_digest(empty.core));
	free(bytes);
	floor_close(&floor);
	floor_close(&empty);
}

static void other_bytes_are_refused(void **state)
{
	struct core_limits limits = floor_limits();
	struct core *core = core_new(&limits);
	struct floor floor;
	size_t size;
	unsigned char *bytes;

	(void)state;
	open_busy(&floor);
	size = core_snapshot_size(floor.core);
	bytes = calloc(1, size);
	assert_non_null(bytes);
	assert_non_null(core);
	assert_int_equal(core_restore(core, bytes, size), -EINVAL);
	core_snapshot(floor.core, bytes, size);
	assert_int_equal(core_restore(core, bytes, 3), -EINVAL);
	assert_int_equal(core_restore(core, bytes, size - 1), -EINVAL);
	bytes[0] ^= 1;
	assert_int_equal(core_restore(core, bytes, size), -EINVAL);
	bytes[0] ^= 1;
	core_free(core);

	limits.calls_max++;
	core = core_new(&limits);
	assert_int_equal(core_restore(core, bytes, size), -EINVAL);
	core_free(core);
	free(bytes);
	floor_close(&floor);
}

/* Records of slots that are not there, or there twice, are no core's. */
static void impossible_records_are_refused(void **state)
{
	struct core_limits limits = floor_limits();
	struct core *core = core_new(&limits);
	struct call_record wrong;
	struct floor floor;
	size_t size, refused = 0;
	unsigned char *bytes, *at;

	(void)state;
	floor_open(&floor);
	arrive(&floor, 5, 0);
	size = core_snapshot_size(floor.core);
	bytes = malloc(size);
	assert_non_null(bytes);
	core_snapshot(floor.core, bytes, size);
	wrong = get_call(&floor, 5);
	at = bytes + size - sizeof(wrong) + 1;
	do
		at--;
	while (memcmp(at, &wrong.id, sizeof(wrong.id)) != 0 ||
	       memcmp(at + offsetof(struct call_record, seq), &wrong.seq, sizeof(wrong.seq)) != 0);

	for (unsigned i = 0; i < 5; i++) {
		struct call_record r = wrong;

		if (i == 0)
			r.id.slot = FLOOR_CALLS;
		else if (i == 1)
			r.state = CALL_FREE;
		else if (i == 2)
			r.queue = FLOOR_QUEUES;
		else if (i == 3)
			r.known_count = KNOWN_MAX + 1;
		else
			r.excluded_count = CALL_EXCLUDED_MAX + 1;
		memcpy(at, &r, sizeof(r));
		refused += core_restore(core, bytes, size) == -EINVAL;
	}
	assert_int_equal(refused, 5);
	memcpy(at, &wrong, sizeof(wrong));
	assert_int_equal(core_restore(core, bytes, size), 0);
	core_free(core);
	free(bytes);
	floor_close(&floor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_restored_core_is_the_same_and_stays_so),
		cmocka_unit_test(what_stickiness_needs_survives),
		cmocka_unit_test(what_was_there_before_is_gone),
		cmocka_unit_test(other_bytes_are_refused),
		cmocka_unit_test(impossible_records_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
