#include "floor.h"

#include "skill.h"

static struct agent agent_with(uint8_t german, uint8_t billing)
{
	struct agent agent = { .r.levels = { [3] = german, [63] = billing } };

	agent.skills = skill_mask_of_levels(agent.r.levels);
	return agent;
}

static struct call call_for(const struct skill_need *needs, uint8_t count)
{
	struct call call = { .r.needs_count = count };

	memcpy(call.r.needs, needs, count * sizeof(*needs));
	call.needs_mask = skill_mask_of_needs(needs, count);
	return call;
}

static void everybody_suffices_for_a_call_without_needs(void **state)
{
	struct agent agent = agent_with(0, 0);
	struct call call = { .r.needs_count = 0 };

	(void)state;
	assert_true(skill_suffices(&agent, &call));
}

static void each_skill_is_needed_at_its_level(void **state)
{
	static const struct skill_need needs[] = { { 3, 2 }, { 63, 5 } };
	struct call call = call_for(needs, 2);
	struct agent good = agent_with(2, 5), low = agent_with(2, 4), none = agent_with(0, 9);

	(void)state;
	assert_true(skill_suffices(&good, &call));
	assert_false(skill_suffices(&low, &call));
	assert_false(skill_suffices(&none, &call));
}

static void masks_have_a_bit_for_each_skill(void **state)
{
	static const struct skill_need needs[] = { { 0, 1 }, { 63, 1 }, { 5, 0 } };
	struct agent agent = agent_with(1, 200);

	(void)state;
	assert_true(skill_mask_of_needs(needs, 3) == (UINT64_C(1) | UINT64_C(1) << 63));
	assert_true(agent.skills == (UINT64_C(1) << 3 | UINT64_C(1) << 63));
}

static void an_agent_learns_and_gets_the_caller(void **state)
{
	struct core_event call = arrival(0, 0);
	struct core_event login = { .type = EVT_AGENT_LOGGED_IN };
	struct floor floor;

	(void)state;
	floor_open(&floor);
	log_in(&floor, 0, 0, true);
	call.call_arrived.arrived_at = floor.now;
	call.call_arrived.needs_count = 1;
	call.call_arrived.needs[0] = (struct skill_need){ .skill = 4, .min = 3 };
	step(&floor, &call);
	assert_call(&floor, 0, CALL_WAITING);

	login.agent_logged_in.agent = agent_at(0);
	login.agent_logged_in.keep_state = true;
	login.agent_logged_in.queues_count = 1;
	login.agent_logged_in.levels[4] = 2;
	step(&floor, &login);
	assert_call(&floor, 0, CALL_WAITING);
	login.agent_logged_in.levels[4] = 3;
	step(&floor, &login);
	assert_offered_to(&floor, 0, 0);
	floor_close(&floor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everybody_suffices_for_a_call_without_needs),
		cmocka_unit_test(each_skill_is_needed_at_its_level),
		cmocka_unit_test(masks_have_a_bit_for_each_skill),
		cmocka_unit_test(an_agent_learns_and_gets_the_caller),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
