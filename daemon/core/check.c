#include <assert.h>
#include <string.h>

#include "agent.h"
#include "call.h"
#include "match.h"
#include "queue.h"
#include "ready.h"

/* Every invariant, in words and asserts. Counts are taken anew and compared. */

/* The finders take a core they could change; checking never does. */
static struct core *plain(const struct core *core)
{
	return (struct core *)(uintptr_t)core;
}

static void check_timers(const struct core *core)
{
	const struct timers *timers = &core->timers;
	uint32_t running = 0;

	for (uint32_t i = 0; i < timers->capacity; i++) {
		if (timers->places[i] == TIMER_STOPPED)
			continue;
		running++;
		assert(timers->places[i] < timers->count);
		assert(timers->entries[timers->places[i]].number == i);
	}
	assert(running == timers->count);
	for (uint32_t i = 1; i < timers->count; i++) {
		const struct timer_entry *parent = &timers->entries[(i - 1) / 4];
		const struct timer_entry *entry = &timers->entries[i];

		assert(parent->due < entry->due ||
		       (parent->due == entry->due && parent->number < entry->number));
	}
}

/* Every state has a deadline or evidence: nobody is stuck. */
static void check_call_timer(const struct core *core, const struct call *call)
{
	const struct call_record *r = &call->r;
	usec_t due = timer_due(&core->timers, timer_of_call(core, call));

	switch (r->state) {
	case CALL_FREE:
	case CALL_TALKING:
	case CALL_HELD:
		assert(due == USEC_NEVER);
		break;
	case CALL_WAITING:
		assert(due <= r->overflow_at);
		assert(r->hold_until == 0 || due <= r->hold_until);
		assert(call->review_at == 0 || due <= call->review_at);
		assert(call->tell_at == 0 || due <= call->tell_at);
		assert((call->tell_at != 0) == (core->queues[r->queue].plan.tell_every != 0));
		break;
	case CALL_RECALLING:
	case CALL_OFFERED:
		assert(due <= call->state_due);
		break;
	}
}

/* An agent and a call belong to each other, or neither to anybody. */
static void check_pair(const struct core *core, const struct call *call)
{
	const struct call_record *r = &call->r;
	const struct agent *agent = agent_find(plain(core), r->agent);

	switch (r->state) {
	case CALL_FREE:
	case CALL_RECALLING:
	case CALL_WAITING:
		assert(!agent_id_set(r->agent));
		break;
	case CALL_OFFERED:
		assert(agent != NULL && agent->r.state == AGENT_OFFERED);
		assert(call_id_equal(agent->r.call, r->id));
		assert(r->offer > 0);
		break;
	case CALL_TALKING:
	case CALL_HELD:
		/* One whose agent was not restored talks with nobody we know. */
		assert(agent != NULL || !agent_id_set(r->agent));
		assert(agent == NULL || agent->r.state == AGENT_TALKING);
		assert(agent == NULL || call_id_equal(agent->r.call, r->id));
		break;
	}
}

static void check_hold(const struct core *core, const struct call *call)
{
	const struct call_record *r = &call->r;

	assert((r->sticky == STICKY_WAITING) == call_holds_out(call));
	assert(!call_holds_out(call) || (r->state == CALL_WAITING && r->hold_since != 0));
	assert(!call_holds_out(call) || call_returns(call));
	assert(!agent_id_set(r->target) || agent_find(plain(core), call->wants[0].agent) != NULL);
	assert(r->extra_wait <= r->held_for || call_holds_out(call));
	assert(r->passed_at == 0 || call_holds_out(call));
	assert(call->review_at == 0 || call_holds_out(call));
	assert(!call_holds_out(call) || r->hold_until > core->now || core->restoring ||
	       timer_due(&core->timers, timer_of_call(core, call)) <= core->now);
	assert(r->passed_at == 0 || r->passed_at >= r->hold_since);
	assert(!r->holdout || r->known_count == 0);
	assert(r->known_count == 0 || r->sticky != STICKY_NEW);
	for (size_t i = 1; i < r->known_count; i++)
		assert(!agent_id_set(r->known[i].agent) ||
		       !agent_id_equal(r->known[i].agent, r->known[0].agent));
	assert(!agent_id_set(r->target) || (r->state == CALL_WAITING && r->hold_until != 0));
}

static void check_call(const struct core *core, const struct call *call, struct tally *tallies)
{
	const struct call_record *r = &call->r;

	assert(r->known_count <= KNOWN_MAX && r->needs_count <= CALL_NEEDS_MAX);
	assert(r->excluded_count <= CALL_EXCLUDED_MAX);
	assert(r->seq < core->seq || r->state == CALL_FREE);
	assert((call->place.line == WAIT_NOWHERE) == (r->state != CALL_WAITING));
	for (size_t i = 0; i < KNOWN_MAX; i++)
		assert(!agent_id_set(call->wants[i].agent) ||
		       (r->state == CALL_WAITING && call->wants[i].rank == i));
	check_call_timer(core, call);
	check_pair(core, call);
	if (r->state == CALL_FREE)
		return;
	assert(call_id_set(r->id));
	assert((r->answered_at != 0) == (r->legs > 0));
	check_hold(core, call);
	tallies[r->queue].calls[r->state]++;
	tallies[r->queue].holding += call_holds_out(call);
}

/* Whether the agent is one to wait for: busy, or away for as long as the plan waits for the
 * own one. */
static bool is_coming(const struct core *core, const struct call *call, const struct want *want)
{
	const struct queue_plan *plan = &core->queues[call->r.queue].plan;
	const struct agent *agent = agent_find(plain(core), want->agent);
	enum verdict verdict;

	if (agent == NULL)
		return false;
	verdict = match_judge(core, call, agent);
	if (verdict == VERDICT_NOT_READY)
		return true;
	if (want->rank > 0 || !call_holds_out(call) || !match_fits(core, agent, call))
		return false;
	if (verdict == VERDICT_PAUSED && agent->r.cause == PAUSE_ASKED)
		return (agent->r.brief ? plan->wait_brief : plan->wait_paused) != 0;
	return verdict == VERDICT_LOGGED_OUT && plan->wait_away != 0;
}

/* Nobody holds out for one who is not coming: the own agent, or at a price any whom the
 * caller knows; or it is decided anew at once. Beyond a walk's end a reload is not seen. */
static bool is_reason(const struct core *core, const struct call *call)
{
	if (call->review_at != 0 && call->review_at <= core->now)
		return true;
	if (walk_max(core) < WALK_MAX)
		return true;
	for (size_t i = 0; i < KNOWN_MAX; i++) {
		if (is_coming(core, call, &call->wants[i]))
			return true;
	}
	return false;
}

static void check_wanting(const struct core *core, const struct agent *agent)
{
	uint32_t holding = 0, targeted = 0, wants = 0;
	struct want *last = NULL;

	for (struct want *want = want_first(&agent->held); want != NULL;
	     last = want, want = want_next(want)) {
		const struct call *call = want_call(want);

		assert(agent_id_equal(want->agent, agent->r.id));
		assert(!place_is_open(&call->place));
		assert(last == NULL || place_compare(&want_call(last)->place, &call->place) < 0);
		assert(is_reason(core, call) || core->restoring ||
		       timer_due(&core->timers, timer_of_queue(core, call->r.queue)) != USEC_NEVER);
		if (want->rank > 0)
			wants++;
		else if (call_holds_out(call))
			holding++;
		else
			targeted++;
	}
	assert(holding == agent->holding && targeted == agent->targeted);
	assert(holding <= LINE_MAX && targeted <= TARGETED_MAX);
	last = NULL;
	for (struct want *want = want_first(&agent->regulars); want != NULL;
	     last = want, want = want_next(want)) {
		const struct call *call = want_call(want);

		assert(want->agent.slot == agent->r.id.slot && place_is_open(&call->place));
		assert(last == NULL || place_compare(&want_call(last)->place, &call->place) < 0);
		wants += want->rank > 0;
	}
	assert(wants == agent->wants && wants <= WANTS_MAX);
}

static void check_agent(const struct core *core, const struct agent *agent, struct tally *tallies)
{
	const struct agent_record *r = &agent->r;
	bool busy = r->state == AGENT_OFFERED || r->state == AGENT_TALKING;
	usec_t due = timer_due(&core->timers, timer_of_agent(core, agent));
	uint32_t slot = agent->memberships;

	assert(r->id.slot == (uint32_t)(agent - core->agents));
	assert(agent->listed == agent_available(agent));
	assert(call_id_set(r->call) == busy);
	assert(!busy || call_find(plain(core), r->call) != NULL);
	assert(r->pending == PENDING_NOTHING || busy ||
	       (r->state == AGENT_READY && due != USEC_NEVER));
	assert(r->state != AGENT_WRAPUP || (r->until != 0 && due == r->until));
	assert(r->until == 0 || r->state == AGENT_WRAPUP ||
	       (r->state == AGENT_PAUSED && r->cause == PAUSE_RONA && due == r->until));
	assert(r->state != AGENT_LOGGED_OUT || r->queues_count == 0);
	for (size_t i = r->queues_count; i-- > 0; slot = core->memberships[slot].next) {
		struct tally *tally = &tallies[r->queues[i]];

		assert(core->memberships[slot].agent == r->id.slot);
		tally->agents[r->state]++;
		tally->unreachable += r->device == DEVICE_UNREACHABLE;
		tally->listed += agent->listed;
	}
	assert(slot == SLOT_NONE);
	check_wanting(core, agent);
}

static void check_sums(const struct place *place)
{
	const struct place *below[] = { RB_LEFT(place, node), RB_RIGHT(place, node) };
	uint64_t needs = container_of(place, const struct call, place)->needs_mask;
	uint32_t count = 1;

	for (size_t i = 0; i < ARRAY_LEN(below); i++) {
		if (below[i] == NULL)
			continue;
		count += below[i]->count;
		needs &= below[i]->needs_below;
	}
	assert(place->count == count);
	assert(place->line != WAIT_SKILLED || place->needs_below == needs);
}

static uint32_t check_line(const struct core *core, const struct queue *queue, enum wait_line line)
{
	struct place *last = NULL;
	uint32_t count = 0;

	for (struct place *at = queue_first(queue, line); at != NULL; at = queue_next(at)) {
		const struct call *call = container_of(at, struct call, place);

		assert(at->line == line && call->r.state == CALL_WAITING);
		assert(&core->queues[call->r.queue] == queue);
		assert(at->priority == call->r.priority && at->seq == call->r.seq &&
		       at->arrived_at == call->r.arrived_at);
		assert(place_is_open(at) == (call->r.hold_until == 0));
		assert(line != WAIT_OPEN || call->needs_mask == 0);
		assert(line != WAIT_SKILLED || call->needs_mask != 0);
		assert((line == WAIT_HOLDING) == (call_holds_out(call) && call->r.passed_at == 0));
		assert(last == NULL || place_compare(last, at) < 0);
		check_sums(at);
		last = at;
		count++;
	}
	assert(queue->lines[line].last == last);
	return count;
}

static void check_skills_below(const struct membership *membership)
{
	const struct membership *left = RB_LEFT(membership, by_turn);
	const struct membership *right = RB_RIGHT(membership, by_turn);
	uint64_t skills = membership->skills;

	skills |= left == NULL ? 0 : left->skills_below;
	skills |= right == NULL ? 0 : right->skills_below;
	assert(membership->skills_below == skills);
}

static uint32_t check_ready(const struct core *core, queue_index index)
{
	struct membership *last = NULL;
	uint32_t count = 0;

	for (struct membership *at = ready_first(&core->queues[index].ready); at != NULL;
	     last = at, at = ready_next(at)) {
		const struct agent *agent = &core->agents[at->agent];

		assert(agent->listed && agent_serves(agent, index));
		assert(at->idle_since == agent->r.idle_since && at->skills == agent->skills);
		assert(last == NULL || last->idle_since < at->idle_since ||
		       (last->idle_since == at->idle_since && last->agent < at->agent));
		check_skills_below(at);
		count++;
	}
	return count;
}

/* Nobody waits while an agent who could help is ready; as far as a walk looks, and but
 * for those whose own deadline is this instant and fires next. */
static void check_nobody_waits_in_vain(const struct core *core, const struct queue *queue,
                                       enum wait_line line)
{
	struct membership *ready = ready_first(&queue->ready);

	for (int i = 0; ready != NULL && i < walk_max(core) / 8; i++) {
		const struct agent *agent = &core->agents[ready->agent];
		struct place *at = queue_first(queue, line);

		for (int j = 0; at != NULL && j < walk_max(core) / 8; j++) {
			const struct call *call = container_of(at, struct call, place);

			assert(!match_fits(core, agent, call) ||
			       timer_due(&core->timers, timer_of_call(core, call)) <= core->now);
			at = queue_next(at);
		}
		ready = ready_next(ready);
	}
}

static void check_queue(const struct core *core, queue_index index, const struct tally *tally)
{
	const struct queue *queue = &core->queues[index];
	uint32_t waiting = 0;

	for (int line = WAIT_OPEN; line < WAIT_LINES; line++)
		waiting += check_line(core, queue, (enum wait_line)line);
	assert(waiting == queue->calls[CALL_WAITING]);
	for (int i = 0; i < CALL_STATES; i++)
		assert(queue->calls[i] == tally->calls[i]);
	assert(queue->holding == tally->holding);
	for (int i = 0; i < AGENT_STATES; i++)
		assert(queue->agents[i] == tally->agents[i]);
	assert(queue->unreachable == tally->unreachable);
	assert(check_ready(core, index) == tally->listed);
	if (core->restoring || timer_due(&core->timers, timer_of_queue(core, index)) != USEC_NEVER)
		return; /* not matched yet */
	check_nobody_waits_in_vain(core, queue, WAIT_OPEN);
	check_nobody_waits_in_vain(core, queue, WAIT_SKILLED);
}

/* Every call that arrived has one outcome or is still here. A restored call was
 * counted by the core that saw it arrive, so this holds for "at most" then. */
static void check_stats(const struct queue_stats *stats)
{
	uint64_t fallen = 0;

	for (size_t i = 0; i < STICKY_WHYS; i++)
		fallen += stats->fallthrough[i];
	assert(fallen == stats->sticky[STICKY_OTHER]);
	assert(stats->sticky[STICKY_WAITING] == 0 && stats->sticky[STICKY_NEW] == 0);
}

void core_check(const struct core *core)
{
	struct tally *tallies = core->tallies;
	uint32_t unused = 0;

	assert(core->out == NULL && core->changes_count == 0);

	memset(tallies, 0, core->limits.queues_max * sizeof(*tallies));
	check_timers(core);
	for (uint32_t i = 0; i < core->limits.calls_max; i++) {
		assert(core->calls[i].r.id.slot == i);
		check_call(core, &core->calls[i], tallies);
	}
	for (uint32_t i = 0; i < core->limits.agents_max; i++)
		check_agent(core, &core->agents[i], tallies);
	for (uint32_t i = core->memberships_unused; i != SLOT_NONE; i = core->memberships[i].next)
		unused++;
	assert(unused == core->memberships_left);
	for (uint32_t i = 0; i < core->limits.queues_max; i++) {
		check_queue(core, (queue_index)i, &tallies[i]);
		check_stats(&core->stats[i]);
	}
}
