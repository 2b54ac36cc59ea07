#include "floor.h"

/* Two agents, one talking, and three calls of which one holds out. */
static void open_some(struct floor *floor)
{
	floor_open(floor);
	log_in(floor, 0, 0, true);
	arrive(floor, 0, 0);
	answer(floor, 0, 1);
	return_to(floor, 1, 0, 0);
	log_in(floor, 1, 1, false);
}

/* The change that `expression` makes shows, and undone it is the same as before. */
#define ASSERT_SHOWS(floor, member) \
	do { \
		uint64_t before = core_digest((floor)->core); \
\
		(member)++; \
		assert_true(core_digest((floor)->core) != before); \
		(member)--; \
		assert_true(core_digest((floor)->core) == before); \
	} while (0)

#define ASSERT_BECOMES(floor, member, value) \
	do { \
		uint64_t before = core_digest((floor)->core); \
		__typeof__(member) was = (member); \
\
		(member) = (value); \
		assert_true(core_digest((floor)->core) != before); \
		(member) = was; \
		assert_true(core_digest((floor)->core) == before); \
	} while (0)

#define ASSERT_TURNS(floor, member) ASSERT_BECOMES(floor, member, !(member))

static void every_part_of_a_call_shows(void **state)
{
	struct floor floor;
	struct call_record *r;

	(void)state;
	open_some(&floor);
	r = &floor.core->calls[1].r;
	ASSERT_SHOWS(&floor, r->id.gen);
	ASSERT_SHOWS(&floor, r->queue);
	ASSERT_SHOWS(&floor, r->first_queue);
	ASSERT_SHOWS(&floor, r->priority);
	ASSERT_SHOWS(&floor, r->seq);
	ASSERT_SHOWS(&floor, r->arrived_at);
	ASSERT_SHOWS(&floor, r->since);
	ASSERT_SHOWS(&floor, r->overflow_at);
	ASSERT_SHOWS(&floor, r->answered_at);
	ASSERT_SHOWS(&floor, r->ring);
	ASSERT_SHOWS(&floor, r->talk);
	ASSERT_SHOWS(&floor, r->hold);
	ASSERT_SHOWS(&floor, r->offer);
	ASSERT_SHOWS(&floor, r->legs);
	ASSERT_SHOWS(&floor, r->agent.slot);
	ASSERT_SHOWS(&floor, r->ring_until);
	ASSERT_SHOWS(&floor, r->credit.slot);
	ASSERT_SHOWS(&floor, r->target.gen);
	ASSERT_SHOWS(&floor, r->needs_count);
	ASSERT_SHOWS(&floor, r->known[0].agent.gen);
	ASSERT_SHOWS(&floor, r->known[0].at);
	ASSERT_SHOWS(&floor, r->excluded_count);
	ASSERT_SHOWS(&floor, r->hold_since);
	ASSERT_SHOWS(&floor, r->hold_until);
	ASSERT_SHOWS(&floor, r->told_wait);
	ASSERT_SHOWS(&floor, r->held_for);
	ASSERT_SHOWS(&floor, r->passed_at);
	ASSERT_SHOWS(&floor, r->talker.slot);
	ASSERT_SHOWS(&floor, r->talk_before);
	ASSERT_SHOWS(&floor, r->credit_talk);
	ASSERT_SHOWS(&floor, r->overtaken_at);
	ASSERT_SHOWS(&floor, r->extra_wait);
	ASSERT_SHOWS(&floor, r->tier);
	ASSERT_TURNS(&floor, r->holdout);
	ASSERT_TURNS(&floor, r->own_there);
	ASSERT_TURNS(&floor, r->service_counted);
	ASSERT_TURNS(&floor, r->known[0].pinned);
	ASSERT_SHOWS(&floor, floor.core->calls[1].review_at);
	ASSERT_SHOWS(&floor, floor.core->calls[1].tell_at);
	ASSERT_SHOWS(&floor, floor.core->calls[1].place.head);
	ASSERT_SHOWS(&floor, floor.core->calls[1].wants[0].agent.gen);
	ASSERT_SHOWS(&floor, floor.core->calls[1].wants[2].agent.gen);
	floor_close(&floor);
}

static void every_part_of_an_agent_shows(void **state)
{
	struct floor floor;
	struct agent *agent;

	(void)state;
	open_some(&floor);
	agent = &floor.core->agents[1];
	ASSERT_SHOWS(&floor, agent->r.id.gen);
	ASSERT_SHOWS(&floor, agent->r.since);
	ASSERT_SHOWS(&floor, agent->r.until);
	ASSERT_SHOWS(&floor, agent->r.idle_since);
	ASSERT_SHOWS(&floor, agent->r.misses[MISS_UNREACHABLE]);
	ASSERT_SHOWS(&floor, agent->r.call.slot);
	ASSERT_SHOWS(&floor, agent->r.queues[0]);
	ASSERT_SHOWS(&floor, agent->r.levels[SKILLS_MAX - 1]);
	ASSERT_SHOWS(&floor, agent->last_queue);
	ASSERT_SHOWS(&floor, agent->last_talk);
	ASSERT_SHOWS(&floor, agent->r.team);
	ASSERT_TURNS(&floor, agent->r.brief);
	ASSERT_SHOWS(&floor, agent->busy);
	ASSERT_SHOWS(&floor, agent->at_work);
	ASSERT_SHOWS(&floor, agent->talks->alive[0]);
	floor_close(&floor);
}

static void rules_plans_figures_and_the_clock_show(void **state)
{
	struct floor floor;
	struct core *core;

	(void)state;
	open_some(&floor);
	core = floor.core;
	ASSERT_SHOWS(&floor, core->now);
	ASSERT_SHOWS(&floor, core->seq);
	ASSERT_SHOWS(&floor, core->rules.misses_max[0]);
	ASSERT_SHOWS(&floor, core->rules.exclude_for);
	ASSERT_SHOWS(&floor, core->queues[0].plan.priority);
	ASSERT_SHOWS(&floor, core->queues[0].plan.line_max);
	ASSERT_SHOWS(&floor, core->queues[2].plan.min_talk);
	ASSERT_SHOWS(&floor, core->queues[0].handled);
	ASSERT_SHOWS(&floor, core->stats[0].offered);
	ASSERT_SHOWS(&floor, core->stats[0].fallthrough[WHY_OFF]);
	ASSERT_SHOWS(&floor, core->stats[0].wait_answered.buckets[3]);
	ASSERT_SHOWS(&floor, core->stats[0].held_out);
	ASSERT_SHOWS(&floor, core->stats[0].held_in_vain);
	ASSERT_SHOWS(&floor, core->stats[0].overtaken);
	ASSERT_SHOWS(&floor, core->stats[0].overtaken_wait);
	ASSERT_SHOWS(&floor, core->stats[0].kept_idle);
	ASSERT_SHOWS(&floor, core->stats[0].sticky[STICKY_TEAM]);
	ASSERT_SHOWS(&floor, core->queues[0].value);
	ASSERT_SHOWS(&floor, core->queues[0].idle_from);
	ASSERT_SHOWS(&floor, core->queues[0].lasting->talk.alive[0]);
	ASSERT_SHOWS(&floor, core->queues[0].lasting->thirds[2]);
	floor_close(&floor);
}

static void every_member_of_a_plan_shows(void **state)
{
	struct queue_plan *plan;
	struct floor floor;

	(void)state;
	open_some(&floor);
	plan = &floor.core->queues[1].plan;
	ASSERT_SHOWS(&floor, plan->ring);
	ASSERT_SHOWS(&floor, plan->wait_max);
	ASSERT_SHOWS(&floor, plan->wrapup);
	ASSERT_SHOWS(&floor, plan->service_level);
	ASSERT_SHOWS(&floor, plan->short_abandon);
	ASSERT_SHOWS(&floor, plan->window);
	ASSERT_SHOWS(&floor, plan->wait_busy);
	ASSERT_SHOWS(&floor, plan->min_talk);
	ASSERT_SHOWS(&floor, plan->fade);
	ASSERT_SHOWS(&floor, plan->ring_own);
	ASSERT_SHOWS(&floor, plan->tell_after);
	ASSERT_SHOWS(&floor, plan->tell_every);
	ASSERT_SHOWS(&floor, plan->wait_wrapup);
	ASSERT_SHOWS(&floor, plan->wait_paused);
	ASSERT_SHOWS(&floor, plan->wait_brief);
	ASSERT_SHOWS(&floor, plan->wait_away);
	ASSERT_SHOWS(&floor, plan->ewt_guard);
	ASSERT_SHOWS(&floor, plan->value);
	ASSERT_SHOWS(&floor, plan->wait_idle);
	ASSERT_SHOWS(&floor, plan->wait_skipped);
	ASSERT_SHOWS(&floor, plan->credit);
	ASSERT_SHOWS(&floor, plan->head_start);
	ASSERT_SHOWS(&floor, plan->overtake_max);
	ASSERT_SHOWS(&floor, plan->review);
	ASSERT_SHOWS(&floor, plan->service_guard);
	ASSERT_SHOWS(&floor, plan->talk_mean);
	ASSERT_SHOWS(&floor, plan->target_extra_wait);
	ASSERT_SHOWS(&floor, plan->priority);
	ASSERT_SHOWS(&floor, plan->line_max);
	ASSERT_SHOWS(&floor, plan->waiting_max);
	ASSERT_SHOWS(&floor, plan->candidates);
	ASSERT_SHOWS(&floor, plan->load_max);
	ASSERT_SHOWS(&floor, plan->skip_price);
	ASSERT_SHOWS(&floor, plan->agent_calls);
	ASSERT_SHOWS(&floor, plan->familiarity[0]);
	ASSERT_SHOWS(&floor, plan->familiarity[1]);
	ASSERT_TURNS(&floor, plan->open);
	ASSERT_TURNS(&floor, plan->overflows);
	ASSERT_TURNS(&floor, plan->sticky);
	ASSERT_TURNS(&floor, plan->in_turn);
	ASSERT_TURNS(&floor, plan->skips_skills);
	ASSERT_TURNS(&floor, plan->prefers_team);
	ASSERT_TURNS(&floor, plan->after_hours);
	ASSERT_TURNS(&floor, plan->absent_overflows);
	ASSERT_BECOMES(&floor, plan->policy, POLICY_NEW_AGENT);
	ASSERT_BECOMES(&floor, plan->transfer_credit, CREDIT_LONGEST);
	floor_close(&floor);
}

static void every_rule_shows(void **state)
{
	struct core_rules *rules;
	struct floor floor;

	(void)state;
	open_some(&floor);
	rules = &floor.core->rules;
	ASSERT_SHOWS(&floor, rules->rona_return);
	ASSERT_SHOWS(&floor, rules->ring_grace);
	ASSERT_SHOWS(&floor, rules->recall_max);
	ASSERT_SHOWS(&floor, rules->resume_max);
	ASSERT_SHOWS(&floor, rules->walk_max);
	ASSERT_SHOWS(&floor, rules->tiers_count);
	rules->tiers_count = TIERS_MAX;
	ASSERT_SHOWS(&floor, rules->tiers[TIERS_MAX - 1].head_start);
	ASSERT_SHOWS(&floor, rules->tiers[TIERS_MAX - 1].value_share);
	ASSERT_SHOWS(&floor, rules->tiers[TIERS_MAX - 1].price_share);
	ASSERT_SHOWS(&floor, rules->tiers[TIERS_MAX - 1].wait_idle);
	ASSERT_SHOWS(&floor, rules->tiers[TIERS_MAX - 1].wait_skipped);
	rules->tiers_count = 0;
	floor_close(&floor);
}

/* Not what lies in memory counts but what happened. */
static void the_same_events_give_the_same_number(void **state)
{
	struct floor floor, other;

	(void)state;
	open_some(&floor);
	open_some(&other);
	memset(other.core->calls[1].r.excluded, 0xff, sizeof(other.core->calls[1].r.excluded));
	for (int i = 0; i < 3; i++) {
		pass(&floor, MINUTE(1));
		pass(&other, MINUTE(1));
		assert_true(core_digest(floor.core) == core_digest(other.core));
	}
	floor_close(&other);
	floor_close(&floor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_part_of_a_call_shows),
		cmocka_unit_test(every_part_of_an_agent_shows),
		cmocka_unit_test(rules_plans_figures_and_the_clock_show),
		cmocka_unit_test(every_member_of_a_plan_shows),
		cmocka_unit_test(every_rule_shows),
		cmocka_unit_test(the_same_events_give_the_same_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
