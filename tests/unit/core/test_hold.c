#include "floor.h"

#include "agent.h"
#include "call.h"
#include "hold.h"

/* The queue that is configured by nobody else: what is expected of talks is told once. */
#define PRICED (FLOOR_QUEUES - 1)

/* Time passes, for the core as well: what is asked of it is asked of now. */
static void go_on(struct floor *floor, usec_t span)
{
	struct core_event ev = { .type = EVT_TIME_PASSED };

	pass(floor, span);
	step_now(floor, &ev);
}

static struct queue_plan priced_plan(void)
{
	struct queue_plan plan = usual_plan();

	plan.policy = POLICY_RATE;
	plan.value = MINUTE(10);
	plan.skip_price = 300;
	plan.wait_idle = SEC(60);
	plan.wait_skipped = SEC(90);
	plan.credit = MINUTE(1);
	plan.overtake_max = MINUTE(10);
	plan.service_guard = USEC_NEVER;
	plan.review = SEC(5);
	plan.talk_mean = MINUTE(3);
	return plan;
}

static void recall_three(struct floor *floor, uint32_t slot, usec_t days)
{
	struct core_event ev = { .type = EVT_CALLER_RECALLED };

	ev.caller_recalled.call = call_at(slot);
	ev.caller_recalled.outcome = RECALL_KNOWN;
	ev.caller_recalled.known_count = 3;
	for (uint32_t i = 0; i < 3; i++) {
		ev.caller_recalled.known[i].agent = agent_at(i);
		ev.caller_recalled.known[i].at = floor->now - HOUR(24) * days * i;
	}
	step(floor, &ev);
}

/* Agents 0 and 1 talk, agent 3 is paused; call 5 knows agents 0, 1 and 2. */
static void open_priced(struct floor *floor, struct queue_plan plan, usec_t days)
{
	floor_open(floor);
	set_plan(floor, PRICED, plan);
	for (uint32_t i = 0; i < 2; i++) {
		log_in(floor, i, PRICED, true);
		arrive(floor, i, PRICED);
		answer(floor, i, 1);
	}
	log_in(floor, 3, PRICED, false);
	go_on(floor, SEC(10));
	arrive_keyed(floor, 5, PRICED);
	recall_three(floor, 5, days);
}

static const struct call *caller(const struct floor *floor)
{
	return &floor->core->calls[5];
}

static bool is_worth(const struct floor *floor, uint32_t declined, enum hold_price price,
                     struct hold_terms *ret)
{
	return hold_is_worth(floor->core, caller(floor),
	                     agent_find(floor->core, agent_at(declined)), price, ret);
}

static unsigned familiarity(const struct floor *floor, uint32_t slot)
{
	return hold_familiarity(floor->core, caller(floor),
	                        agent_find(floor->core, agent_at(slot)));
}

static void earlier_agents_count_less_and_strangers_nothing(void **state)
{
	struct floor floor;

	(void)state;
	open_priced(&floor, priced_plan(), 1);
	assert_int_equal(familiarity(&floor, 0), 1000);
	assert_int_equal(familiarity(&floor, 1), 600);
	assert_int_equal(familiarity(&floor, 3), 0);
	assert_int_equal(hold_familiarity(floor.core, caller(&floor), NULL), 0);
	floor_close(&floor);
}

/* Half with every fade, in a straight line between; never of the own agent. */
static void familiarity_fades(void **state)
{
	struct queue_plan plan = priced_plan();
	struct floor floor;

	(void)state;
	plan.window = USEC_NEVER;
	plan.fade = HOUR(24) * 4;
	open_priced(&floor, plan, 2); /* half a fade for agent 1 */
	assert_int_equal(familiarity(&floor, 0), 1000);
	assert_int_equal(familiarity(&floor, 1), 450);
	floor_close(&floor);
	plan.fade = HOUR(24);
	open_priced(&floor, plan, 3);
	assert_int_equal(familiarity(&floor, 1), 600 / 8);
	floor_close(&floor);
	open_priced(&floor, plan, 30);
	assert_int_equal(familiarity(&floor, 1), 0);
	floor_close(&floor);
	plan.fade = USEC_NEVER;
	open_priced(&floor, plan, 30);
	assert_int_equal(familiarity(&floor, 1), 600);
	floor_close(&floor);
}

static void what_is_worth_its_price_is_worth_a_lower_one(void **state)
{
	struct hold_terms idle, skipped;
	struct floor floor;

	(void)state;
	open_priced(&floor, priced_plan(), 1);
	assert_true(is_worth(&floor, 3, PRICE_IDLE, &idle));
	assert_true(is_worth(&floor, 3, PRICE_SKIPPED, &skipped));
	assert_int_equal(idle.price, 1000000);
	assert_int_equal(skipped.price, 300000);
	assert_true(idle.until == floor.now + SEC(60));
	assert_true(skipped.until == floor.now + SEC(90));
	assert_true(idle.value == MINUTE(10));
	floor_close(&floor);
}

/* Two agents are hoped for; of those only the difference to the declined one counts. */
static void each_known_agent_who_is_busy_adds_to_the_worth(void **state)
{
	struct hold_terms both, one, little;
	struct floor floor;

	(void)state;
	open_priced(&floor, priced_plan(), 1);
	is_worth(&floor, 3, PRICE_IDLE, &both);
	is_worth(&floor, 1, PRICE_IDLE, &little);
	tell_agent(&floor, EVT_AGENT_PAUSED, 1); /* pending: gone after the call */
	is_worth(&floor, 3, PRICE_IDLE, &one);
	assert_true(both.worth > one.worth && one.worth > little.worth);
	assert_int_equal(little.worth, one.worth * 4 / 10);
	assert_false(is_worth(&floor, 0, PRICE_IDLE, &little)); /* nobody declines the own agent */
	floor_close(&floor);
}

static void guards_say_why(void **state)
{
	struct queue_plan plan = priced_plan();
	struct hold_terms terms;
	struct floor floor;

	(void)state;
	open_priced(&floor, plan, 1);
	plan.service_guard = SEC(1);
	set_plan(&floor, PRICED, plan);
	go_on(&floor, SEC(2));
	assert_false(is_worth(&floor, 3, PRICE_IDLE, &terms));
	assert_int_equal(terms.why, WHY_EWT_GUARD);
	plan.service_guard = USEC_NEVER;
	plan.overtake_max = SEC(1);
	set_plan(&floor, PRICED, plan);
	assert_false(is_worth(&floor, 3, PRICE_IDLE, &terms));
	assert_int_equal(terms.why, WHY_WAIT_SPENT);
	plan.overtake_max = MINUTE(10);
	plan.line_max = 0;
	set_plan(&floor, PRICED, plan);
	assert_false(is_worth(&floor, 3, PRICE_IDLE, &terms));
	assert_int_equal(terms.why, WHY_LINE_FULL);
	plan.line_max = 3;
	plan.value = SEC(1);
	set_plan(&floor, PRICED, plan);
	assert_false(is_worth(&floor, 3, PRICE_IDLE, &terms));
	assert_int_equal(terms.why, WHY_BUSY);
	tell_agent(&floor, EVT_AGENT_PAUSED, 0);
	tell_agent(&floor, EVT_AGENT_LOGGED_OUT, 1);
	assert_false(is_worth(&floor, 3, PRICE_IDLE, &terms));
	assert_int_equal(terms.why, WHY_PAUSED);
	floor_close(&floor);
}

static void a_tier_scales_value_and_price_and_has_its_budgets(void **state)
{
	struct core_rules rules = usual_rules();
	struct hold_terms usual, tiered;
	struct floor floor;

	(void)state;
	open_priced(&floor, priced_plan(), 1);
	rules.tiers_count = 1;
	rules.tiers[0] = (struct tier_plan){ .value_share = 2000,
		                             .price_share = 500,
		                             .wait_idle = SEC(7),
		                             .wait_skipped = USEC_NEVER };
	set_rules(&floor, rules);
	is_worth(&floor, 3, PRICE_IDLE, &usual);
	floor.core->calls[5].r.tier = 1;
	is_worth(&floor, 3, PRICE_IDLE, &tiered);
	assert_true(tiered.value == 2 * usual.value);
	assert_int_equal(tiered.price, usual.price / 2);
	assert_true(tiered.until == floor.now + SEC(7));
	is_worth(&floor, 3, PRICE_SKIPPED, &tiered);
	assert_true(tiered.until == floor.now + SEC(90));
	floor.core->calls[5].r.tier = 2; /* nobody has described it */
	is_worth(&floor, 3, PRICE_IDLE, &tiered);
	assert_true(tiered.value == usual.value && tiered.until == usual.until);
	floor_close(&floor);
}

static void credit_is_by_familiarity_and_unlimited_only_among_many(void **state)
{
	struct queue_plan plan = priced_plan();
	const struct agent *own, *second;
	struct floor floor;

	(void)state;
	open_priced(&floor, plan, 1);
	own = agent_find(floor.core, agent_at(0));
	second = agent_find(floor.core, agent_at(1));
	assert_true(hold_credit(floor.core, caller(&floor), own) == MINUTE(1));
	assert_true(hold_credit(floor.core, caller(&floor), second) == SEC(36));
	plan.credit = USEC_NEVER;
	set_plan(&floor, PRICED, plan);
	assert_true(hold_credit(floor.core, caller(&floor), own) == MINUTE(2));
	for (uint32_t i = 10; i < 18; i++) {
		log_in(&floor, i, PRICED, true);
		arrive(&floor, i, PRICED);
		answer(&floor, i, 1);
	}
	assert_true(hold_credit(floor.core, caller(&floor), own) == USEC_NEVER);
	plan.load_max = 1;
	set_plan(&floor, PRICED, plan);
	go_on(&floor, MINUTE(20));
	assert_true(hold_credit(floor.core, caller(&floor), own) == 0);
	floor_close(&floor);
}

/* A talk is expected to take its mean, a wrap-up its rest; of who is idle nothing is. */
static void what_is_expected_follows_the_state(void **state)
{
	const struct agent *own;
	struct floor floor;
	usec_t talking;

	(void)state;
	open_priced(&floor, priced_plan(), 1);
	own = agent_find(floor.core, agent_at(0));
	talking = hold_expected(floor.core, own);
	assert_in_range(talking / SEC(1), 120, 260);
	end(&floor, 5, BY_CALLER);
	end(&floor, 0, BY_CALLER);
	assert_in_range(hold_expected(floor.core, own) / SEC(1), 1, 10);
	go_on(&floor, SEC(30));
	assert_agent(&floor, 0, AGENT_READY);
	assert_true(hold_expected(floor.core, own) == USEC_NEVER);
	floor_close(&floor);
}

/* An agent who talks for half a minute, in a queue where minutes are the rule. */
static void agents_with_enough_talks_are_judged_by_their_own(void **state)
{
	struct queue_plan plan = priced_plan();
	const struct agent *own;
	struct floor floor;

	(void)state;
	plan.wrapup = 0;
	plan.agent_calls = 10;
	floor_open(&floor);
	set_plan(&floor, PRICED, plan);
	log_in(&floor, 0, PRICED, true);
	own = agent_find(floor.core, agent_at(0));
	for (uint32_t i = 0; i < 11; i++) {
		arrive(&floor, 0, PRICED);
		answer(&floor, 0, 1);
		if (i < 10)
			assert_true(hold_expected(floor.core, own) > SEC(60));
		else
			assert_in_range(hold_expected(floor.core, own) / SEC(1), 20, 45);
		go_on(&floor, SEC(30));
		end(&floor, 0, BY_CALLER);
	}
	floor_close(&floor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(earlier_agents_count_less_and_strangers_nothing),
		cmocka_unit_test(familiarity_fades),
		cmocka_unit_test(what_is_worth_its_price_is_worth_a_lower_one),
		cmocka_unit_test(each_known_agent_who_is_busy_adds_to_the_worth),
		cmocka_unit_test(guards_say_why),
		cmocka_unit_test(a_tier_scales_value_and_price_and_has_its_budgets),
		cmocka_unit_test(credit_is_by_familiarity_and_unlimited_only_among_many),
		cmocka_unit_test(what_is_expected_follows_the_state),
		cmocka_unit_test(agents_with_enough_talks_are_judged_by_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
