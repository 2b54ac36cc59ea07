#include "najimi/base/hash.h"
#include "state.h"

/* Field by field, never over memory: padding and pointers differ between machines. */

static uint64_t mix_agent_id(uint64_t hash, struct agent_id id)
{
	return hash_word(hash, (uint64_t)id.slot << 32 | id.gen);
}

static uint64_t mix_call_id(uint64_t hash, struct call_id id)
{
	return hash_word(hash, (uint64_t)id.slot << 32 | id.gen);
}

static uint64_t mix_plan(uint64_t hash, const struct queue_plan *plan)
{
	const usec_t words[] = {
		plan->ring,
		plan->wait_max,
		plan->wrapup,
		plan->service_level,
		plan->short_abandon,
		plan->window,
		plan->wait_busy,
		plan->min_talk,
		plan->fade,
		plan->ring_own,
		plan->tell_after,
		plan->tell_every,
		plan->wait_wrapup,
		plan->wait_paused,
		plan->wait_brief,
		plan->wait_away,
		plan->ewt_guard,
		plan->value,
		plan->wait_idle,
		plan->wait_skipped,
		plan->credit,
		plan->review,
		plan->overtake_max,
		plan->service_guard,
		plan->head_start,
		plan->talk_mean,
		plan->target_extra_wait,
		plan->open,
		plan->overflows,
		plan->sticky,
		(uint16_t)plan->priority,
		plan->line_max,
		plan->waiting_max,
		plan->policy,
		plan->in_turn,
		plan->candidates,
		plan->load_max,
		plan->skips_skills,
		plan->prefers_team,
		plan->after_hours,
		plan->absent_overflows,
		plan->transfer_credit,
		plan->skip_price,
		plan->agent_calls,
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		hash = hash_word(hash, words[i]);
	for (size_t i = 0; i < ARRAY_LEN(plan->familiarity); i++)
		hash = hash_word(hash, plan->familiarity[i]);
	return hash;
}

static uint64_t mix_rules(uint64_t hash, const struct core_rules *rules)
{
	for (size_t i = 0; i < MISS_KINDS; i++)
		hash = hash_word(hash, rules->misses_max[i]);
	hash = hash_word(hash, rules->rona_return);
	hash = hash_word(hash, rules->exclude_for);
	hash = hash_word(hash, rules->ring_grace);
	hash = hash_word(hash, rules->recall_max);
	hash = hash_word(hash, rules->resume_max);
	hash = hash_word(hash, rules->walk_max);
	for (size_t i = 0; i < rules->tiers_count; i++) {
		const struct tier_plan *tier = &rules->tiers[i];

		hash = hash_word(hash, tier->head_start);
		hash = hash_word(hash, (uint64_t)tier->value_share << 16 | tier->price_share);
		hash = hash_word(hash, tier->wait_idle);
		hash = hash_word(hash, tier->wait_skipped);
	}
	return hash;
}

static uint64_t mix_histogram(uint64_t hash, const struct histogram *histogram)
{
	if (histogram->count == 0)
		return hash_word(hash, histogram->edges_count);
	for (size_t i = 0; i < histogram->edges_count; i++)
		hash = hash_word(hash, histogram->edges[i]);
	for (size_t i = 0; i <= histogram->edges_count; i++)
		hash = hash_word(hash, histogram->buckets[i]);
	return hash_word(hash, histogram->sum);
}

static uint64_t mix_stats(uint64_t hash, const struct queue_stats *stats)
{
	const struct histogram *histograms[] = {
		&stats->wait_answered, &stats->wait_abandoned, &stats->wait_overflow,
		&stats->ring,          &stats->talk,           &stats->hold,
		&stats->wrapup,        &stats->sticky_wait,
	};

	hash = hash_word(hash, stats->offered);
	for (size_t i = 0; i < CALL_OUTCOMES; i++)
		hash = hash_word(hash, stats->outcomes[i]);
	hash = hash_word(hash, stats->answered_in_time);
	hash = hash_word(hash, stats->service_missed);
	for (size_t i = 0; i < STICKY_RESULTS; i++)
		hash = hash_word(hash, stats->sticky[i]);
	for (size_t i = 0; i < STICKY_WHYS; i++)
		hash = hash_word(hash, stats->fallthrough[i]);
	hash = hash_word(hash, stats->returning_answered);
	hash = hash_word(hash, stats->own_reachable);
	hash = hash_word(hash, stats->offers);
	for (size_t i = 0; i < MISS_KINDS; i++)
		hash = hash_word(hash, stats->misses[i]);
	hash = hash_word(hash, stats->resumed);
	hash = hash_word(hash, stats->held_out);
	hash = hash_word(hash, stats->held_in_vain);
	hash = hash_word(hash, stats->overtaken);
	hash = hash_word(hash, stats->overtaken_wait);
	hash = hash_word(hash, stats->kept_idle);
	for (size_t i = 0; i < ARRAY_LEN(histograms); i++)
		hash = mix_histogram(hash, histograms[i]);
	return hash;
}

static uint64_t mix_remain(uint64_t hash, const struct remain *remain)
{
	if (remain->alive[0] == 0)
		return hash_word(hash, 0);
	for (size_t i = 0; i < REMAIN_EDGES; i++)
		hash = hash_word(hash, remain->alive[i]);
	return hash;
}

static uint64_t mix_lasting(uint64_t hash, const struct remain_pair *pair)
{
	hash = mix_remain(hash, &pair->talk);
	hash = mix_remain(hash, &pair->wrapup);
	for (size_t i = 0; i < ARRAY_LEN(pair->thirds); i++)
		hash = hash_word(hash, pair->thirds[i]);
	return hash;
}

static uint64_t mix_queue(uint64_t hash, const struct core *core, queue_index index)
{
	const struct queue *queue = &core->queues[index];

	hash = hash_word(hash, queue->configured);
	hash = mix_plan(hash, &queue->plan);
	hash = hash_word(hash, queue->handled);
	hash = hash_word(hash, queue->handling);
	hash = mix_lasting(hash, queue->lasting);
	hash = hash_word(hash, queue->value);
	hash = hash_word(hash, queue->idle_from);
	hash = hash_word(hash, timer_due(&core->timers, timer_of_queue(core, index)));
	return mix_stats(hash, &core->stats[index]);
}

static uint64_t mix_lists(uint64_t hash, const struct call_record *r)
{
	hash = hash_word(hash, r->needs_count);
	for (size_t i = 0; i < r->needs_count; i++)
		hash = hash_word(hash, (uint64_t)r->needs[i].skill << 8 | r->needs[i].min);
	hash = hash_word(hash, r->known_count);
	for (size_t i = 0; i < r->known_count; i++)
		hash = hash_word(mix_agent_id(hash, r->known[i].agent),
		                 r->known[i].at << 1 | r->known[i].pinned);
	hash = hash_word(hash, r->excluded_count);
	for (size_t i = 0; i < r->excluded_count; i++)
		hash = hash_word(mix_agent_id(hash, r->excluded[i].agent), r->excluded[i].until);
	return hash;
}

static uint64_t mix_call(uint64_t hash, const struct core *core, const struct call *call)
{
	const struct call_record *r = &call->r;

	hash = mix_call_id(hash, r->id);
	hash = hash_word(hash, (uint64_t)r->state << 48 | (uint64_t)r->queue << 32 |
	                               (uint64_t)r->first_queue << 16 | (uint16_t)r->priority);
	hash = hash_word(hash, r->seq);
	hash = hash_word(hash, r->arrived_at);
	hash = hash_word(hash, r->since);
	hash = hash_word(hash, r->overflow_at);
	hash = hash_word(hash, r->answered_at);
	hash = hash_word(hash, r->ring);
	hash = hash_word(hash, r->talk);
	hash = hash_word(hash, r->hold);
	hash = hash_word(hash, (uint64_t)r->offer << 32 | r->legs);
	hash = mix_agent_id(hash, r->agent);
	hash = hash_word(hash, r->ring_until);
	hash = mix_agent_id(hash, r->credit);
	hash = mix_agent_id(hash, r->target);
	hash = mix_lists(hash, r);
	hash = hash_word(hash, (uint64_t)r->sticky << 32 | (uint64_t)r->why << 16 |
	                               (uint64_t)r->tier << 3 | (uint64_t)r->holdout << 2 |
	                               (uint64_t)r->service_counted << 1 | r->own_there);
	hash = hash_word(hash, r->hold_since);
	hash = hash_word(hash, r->hold_until);
	hash = hash_word(hash, r->told_wait);
	hash = hash_word(hash, r->held_for);
	hash = hash_word(hash, r->passed_at);
	hash = mix_agent_id(hash, r->talker);
	hash = hash_word(hash, r->talk_before);
	hash = hash_word(hash, r->credit_talk);
	hash = hash_word(hash, r->overtaken_at);
	hash = hash_word(hash, r->extra_wait);
	for (size_t i = 0; i < KNOWN_MAX; i++)
		hash = mix_agent_id(hash, call->wants[i].agent);
	hash = hash_word(hash, call->review_at);
	hash = hash_word(hash, call->tell_at);
	if (r->state == CALL_WAITING)
		hash = hash_word(hash, call->place.head);
	if (r->state == CALL_RECALLING || r->state == CALL_OFFERED)
		hash = hash_word(hash, call->state_due);
	return hash_word(hash, timer_due(&core->timers, timer_of_call(core, call)));
}

static uint64_t mix_agent(uint64_t hash, const struct core *core, const struct agent *agent)
{
	const struct agent_record *r = &agent->r;

	hash = mix_agent_id(hash, r->id);
	hash = hash_word(hash, (uint64_t)r->state << 48 | (uint64_t)r->pending << 32 |
	                               (uint64_t)r->cause << 16 | r->device);
	hash = hash_word(hash, (uint64_t)r->team << 1 | r->brief);
	hash = hash_word(hash, r->since);
	hash = hash_word(hash, r->until);
	hash = hash_word(hash, r->idle_since);
	for (size_t i = 0; i < MISS_KINDS; i++)
		hash = hash_word(hash, r->misses[i]);
	hash = mix_call_id(hash, r->call);
	hash = hash_word(hash, r->queues_count);
	for (size_t i = 0; i < r->queues_count; i++)
		hash = hash_word(hash, r->queues[i]);
	hash = hash_bytes(hash, r->levels, sizeof(r->levels));
	hash = hash_word(hash, agent->last_queue);
	hash = hash_word(hash, agent->last_talk);
	hash = hash_word(hash, agent->busy);
	hash = hash_word(hash, agent->at_work);
	hash = mix_remain(hash, agent->talks);
	return hash_word(hash, timer_due(&core->timers, timer_of_agent(core, agent)));
}

uint64_t core_digest(const struct core *core)
{
	uint64_t hash = hash_word(HASH_START, core->now);

	hash = hash_word(hash, core->seq);
	hash = hash_word(hash, core->restoring);
	hash = mix_rules(hash, &core->rules);
	for (uint32_t i = 0; i < core->limits.queues_max; i++)
		hash = mix_queue(hash, core, (queue_index)i);
	for (uint32_t i = 0; i < core->limits.agents_max; i++) {
		if (agent_id_set(core->agents[i].r.id))
			hash = mix_agent(hash, core, &core->agents[i]);
	}
	for (uint32_t i = 0; i < core->limits.calls_max; i++) {
		if (core->calls[i].r.state != CALL_FREE)
			hash = mix_call(hash, core, &core->calls[i]);
	}
	return hash;
}
