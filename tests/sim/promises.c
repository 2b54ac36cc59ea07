#include "promises.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* Without limit where so many agents are at work, else this long. */
#define UNLIMITED_AGENTS_MIN 10
#define CREDIT_MAX MINUTE(2)

static usec_t later(usec_t at, usec_t span)
{
	return span > USEC_NEVER - at ? USEC_NEVER : at + span;
}

static usec_t more(usec_t a, usec_t b)
{
	return a > b ? a : b;
}

static usec_t less(usec_t a, usec_t b)
{
	return a < b ? a : b;
}

/* Holds out for an agent they know. */
static bool holds(const struct call_record *r)
{
	return r->state == CALL_WAITING && r->hold_until != 0 && !agent_id_set(r->target);
}

/* Takes anybody. */
static bool is_open(const struct call_record *r)
{
	return r->state == CALL_WAITING && r->hold_until == 0 && !agent_id_set(r->target);
}

static bool returns(const struct call_record *r)
{
	return r->known_count > 0 && r->answered_at == 0;
}

static const struct tier_plan *tier_of(const struct promises *promises, const struct call_record *r)
{
	return r->tier == 0 || r->tier > promises->rules.tiers_count
	               ? NULL
	               : &promises->rules.tiers[r->tier - 1];
}

static usec_t idle_budget(const struct promises *promises, const struct call_record *r)
{
	const struct tier_plan *tier = tier_of(promises, r);

	return tier != NULL && tier->wait_idle != USEC_NEVER ? tier->wait_idle
	                                                     : promises->plans[r->queue].wait_idle;
}

static usec_t skipped_budget(const struct promises *promises, const struct call_record *r)
{
	const struct tier_plan *tier = tier_of(promises, r);

	return tier != NULL && tier->wait_skipped != USEC_NEVER
	               ? tier->wait_skipped
	               : promises->plans[r->queue].wait_skipped;
}

/* The longest that this plan lets this caller hold out. */
static usec_t budget_of(const struct promises *promises, const struct call_record *r)
{
	const struct queue_plan *plan = &promises->plans[r->queue];
	usec_t away = more(more(plan->wait_paused, plan->wait_brief), plan->wait_away);

	switch (plan->policy) {
	case POLICY_RATE:
		return more(more(idle_budget(promises, r), skipped_budget(promises, r)), away);
	case POLICY_FIXED:
		return more(more(plan->wait_busy, plan->wait_wrapup), away);
	case POLICY_STRICT:
		return USEC_NEVER;
	case POLICY_OFF:
	case POLICY_LOOSE:
	case POLICY_OWN_FIRST:
	case POLICY_NEW_AGENT:
		break;
	}
	return 0;
}

static bool is_patient(const struct queue_plan *plan)
{
	bool waits = plan->policy == POLICY_FIXED || plan->policy == POLICY_RATE ||
	             plan->policy == POLICY_STRICT;

	return waits && (plan->wait_paused | plan->wait_brief | plan->wait_away) != 0;
}

static usec_t head_of(const struct promises *promises, const struct call_record *r)
{
	const struct queue_plan *plan = &promises->plans[r->queue];
	const struct tier_plan *tier = tier_of(promises, r);
	usec_t head = tier == NULL ? 0 : tier->head_start;

	if (plan->policy == POLICY_RATE && returns(r))
		head += plan->head_start;
	return less(head, HEAD_START_MAX) / SEC(1) * SEC(1);
}

/* Widens what the caller may expect by the plan that holds now. */
static void widen(struct promises *promises, const struct call_record *r)
{
	struct promise *call = &promises->calls[r->id.slot];
	const struct queue_plan *plan = &promises->plans[r->queue];
	usec_t head = head_of(promises, r);
	usec_t guard = plan->policy != POLICY_RATE || is_patient(plan)
	                       ? USEC_NEVER
	                       : less(plan->service_guard, plan->overtake_max);

	if (!call_id_equal(call->id, r->id))
		*call = (struct promise){ .id = r->id,
			                  .head_min = HEAD_START_MAX,
			                  .strict_only = true,
			                  .priced_only = true };
	call->strict_only &= plan->policy == POLICY_STRICT && plan->load_max == 0;
	call->priced_only &= plan->policy == POLICY_RATE;
	if (r->state == CALL_RECALLING)
		return; /* nobody knows yet who it is */
	call->budget = more(call->budget, budget_of(promises, r));
	call->guard = more(call->guard, guard);
	promises->head_most = more(promises->head_most, head);
	call->head_min = less(call->head_min, head);
	call->head_max = more(call->head_max, head);
	call->patient |= is_patient(plan);
}

/* Whether `a` stands in front of `b` beyond doubt; both of one priority. */
static bool stands_before(const struct promise *a, const struct call_record *ra,
                          const struct promise *b, const struct call_record *rb)
{
	int64_t left = (int64_t)ra->arrived_at - (int64_t)a->head_min;
	int64_t right = (int64_t)rb->arrived_at - (int64_t)b->head_max;

	return left < right || (left == right && ra->seq < rb->seq);
}

static int check_budgets(const struct promise *call, const struct call_record *r, struct err *err)
{
	if (!holds(r))
		return 0;
	if (r->hold_until > later(r->hold_since, call->budget))
		return err_set(err, -EPROTO,
		               "the call on slot %u may hold out for %" PRIu64
		               " ms, its budget is %" PRIu64 " ms",
		               r->id.slot, (r->hold_until - r->hold_since) / 1000,
		               call->budget / 1000);
	if (r->hold_until > later(r->arrived_at, call->guard))
		return err_set(err, -EPROTO,
		               "the call on slot %u may hold out beyond the guard of its wait",
		               r->id.slot);
	return 0;
}

static int check_contact(const struct promises *promises, const struct core_action *act,
                         struct err *err)
{
	const struct promise *call = &promises->calls[act->call.slot];

	if (!call_id_equal(call->id, act->call))
		return 0; /* came and went in one step */
	if (act->end.extra_wait > call->budget || act->end.waited_for > call->budget)
		return err_set(err, -EPROTO,
		               "the call on slot %u waited %" PRIu64
		               " ms longer than its budget of %" PRIu64 " ms",
		               act->call.slot,
		               (more(act->end.extra_wait, act->end.waited_for) - call->budget) /
		                       1000,
		               call->budget / 1000);
	if (act->end.extra_wait > act->end.wait)
		return err_set(err, -EPROTO, "a call's extra wait is longer than its wait");
	return 0;
}

/* An agent who is there, on a call or wrapping up, and will not leave after it. */
static bool is_worth_waiting_for(const struct core *core, const struct call_record *r,
                                 struct agent_id id)
{
	struct agent_record agent;

	return core_judge(core, r->id, id) == VERDICT_NOT_READY &&
	       core_get_agent(core, id, &agent) && agent.state != AGENT_READY &&
	       agent.pending == PENDING_NOTHING;
}

/* Nothing is due any more at this instant: whom does the caller hold out for? */
static int check_reason(const struct promises *promises, const struct promise *call,
                        const struct call_record *r, const struct core *core, struct err *err)
{
	bool priced = promises->plans[r->queue].policy == POLICY_RATE, found = false;
	unsigned count = priced ? r->known_count : 1;

	if (!holds(r))
		return 0;
	if (!returns(r))
		return err_set(err, -EPROTO, "the call on slot %u holds out for nobody",
		               r->id.slot);
	if (core_judge(core, r->id, r->known[0].agent) == VERDICT_COULD &&
	    promises->plans[r->queue].load_max == 0)
		return err_set(err, -EPROTO,
		               "the call on slot %u holds out for an agent who is free",
		               r->id.slot);
	if (call->patient)
		return 0;
	for (unsigned i = 0; i < count; i++)
		found |= call->priced_only
		                 ? is_worth_waiting_for(core, r, r->known[i].agent)
		                 : core_judge(core, r->id, r->known[i].agent) == VERDICT_NOT_READY;
	return found ? 0
	             : err_set(err, -EPROTO, "the call on slot %u holds out, and nobody is there",
	                       r->id.slot);
}

/* Nothing is due any more at this instant. */
static int check_ringing(const struct promise *call, const struct call_record *r,
                         const struct core *core, struct err *err)
{
	if (r->state != CALL_OFFERED || core_now(core) < call->ring_due)
		return 0;
	return err_set(err, -EPROTO, "a telephone rings without end for the call on slot %u",
	               r->id.slot);
}

static int check_withdrawal(const struct promises *promises, const struct core_event *ev,
                            const struct core_action *act, struct err *err)
{
	const struct promise *call = &promises->calls[act->call.slot];

	if (!act->cancel_offer.missed || !call_id_equal(call->id, act->call) ||
	    ev->at == call->ring_due)
		return 0;
	return err_set(err, -EPROTO, "the call on slot %u is missed %" PRId64 " ms late",
	               act->call.slot, (int64_t)(ev->at - call->ring_due) / 1000);
}

static int check_idle(const struct call_record *r, const struct core *core, struct err *err)
{
	struct agent_id agent;

	if (!is_open(r))
		return 0;
	for (uint32_t from = 0; core_next_agent(core, from, &agent); from = agent.slot + 1)
		if (core_judge(core, r->id, agent) == VERDICT_COULD)
			return err_set(err, -EPROTO,
			               "the agent on slot %u is idle, the call on slot %u waits",
			               agent.slot, r->id.slot);
	return 0;
}

/* Callers of this agent in front of one, beyond doubt. */
static unsigned count_ahead(const struct promises *promises, const struct promise *call,
                            const struct call_record *r, const struct call_record *now,
                            struct agent_id agent)
{
	unsigned count = 0;

	for (unsigned i = 0; i < CAST_CALLS_MAX; i++) {
		const struct call_record *other = &now[i], *was = &promises->calls[i].was;

		if (i == r->id.slot || other->state != CALL_WAITING || was->state != CALL_WAITING ||
		    !returns(other) || agent_id_set(other->target) ||
		    !agent_id_equal(other->known[0].agent, agent) || other->queue != was->queue ||
		    was->known_count != other->known_count)
			continue;
		count += other->priority > r->priority ||
		         (other->priority == r->priority &&
		          stands_before(&promises->calls[i], other, call, r));
	}
	return count;
}

static bool is_somebody_free(const struct core *core, const struct call_record *r)
{
	struct agent_id agent;

	for (uint32_t from = 0; core_next_agent(core, from, &agent); from = agent.slot + 1)
		if (core_judge(core, r->id, agent) == VERDICT_COULD)
			return true;
	return false;
}

/* The comparison as it is shown, worked out again. */
static int check_comparison(const struct promises *promises, const struct call_record *r,
                            const struct core *core, struct err *err)
{
	const struct queue_plan *plan = &promises->plans[r->queue];
	const struct tier_plan *tier = tier_of(promises, r);
	bool idle = is_somebody_free(core, r);
	uint64_t price = idle ? 1000000 : plan->skip_price * UINT64_C(1000);
	usec_t since = r->hold_since == 0 ? core_now(core) : r->hold_since, value = plan->value;
	usec_t until = later(since, idle ? idle_budget(promises, r) : skipped_budget(promises, r));
	usec_t guard = later(r->arrived_at, less(plan->service_guard, plan->overtake_max));
	struct hold_view view;

	if (plan->policy != POLICY_RATE || r->state != CALL_WAITING ||
	    !core_get_hold(core, r->id, &view))
		return 0;
	if (tier != NULL) {
		price = price * tier->price_share / 1000;
		value = value / 1000 * tier->value_share;
	}
	if (view.price != price)
		return err_set(err, -EPROTO,
		               "a second of the call on slot %u has the price %" PRIu64
		               ", not %" PRIu64,
		               r->id.slot, view.price, price);
	if (plan->target_extra_wait == 0 && view.value != value)
		return err_set(err, -EPROTO,
		               "a reunion is worth %" PRIu64
		               " to the call on slot %u, not %" PRIu64,
		               view.value, r->id.slot, value);
	if (view.until != 0 && view.until != less(until, guard))
		return err_set(err, -EPROTO,
		               "the budget of the call on slot %u ends %" PRId64 " ms late",
		               r->id.slot, (int64_t)(view.until - less(until, guard)) / 1000);
	if (view.worth_it != (view.why == WHY_NONE) || (view.worth_it && view.worth < view.price))
		return err_set(err, -EPROTO, "the comparison for the call on slot %u is no good",
		               r->id.slot);
	if (r->known_count == 1 && view.index != 0 &&
	    view.worth != (view.value / 1000 * view.index / 1000) >> view.ahead)
		return err_set(err, -EPROTO, "a second of the call on slot %u has another worth",
		               r->id.slot);
	return 0;
}

/* One begins to hold out at a price. */
static int check_beginning(const struct promises *promises, const struct promise *call,
                           const struct call_record *r, const struct call_record *now,
                           const struct core *core, struct err *err)
{
	const struct queue_plan *plan = &promises->plans[r->queue];
	struct hold_view view = { .why = WHY_NONE };
	unsigned full = 0;
	bool shown;

	if (plan->policy != POLICY_RATE || !holds(r) || call->patient || holds(&call->was))
		return 0;
	for (unsigned i = 0; i < r->known_count; i++)
		full += count_ahead(promises, call, r, now, r->known[i].agent) >= plan->line_max;
	if (full == r->known_count)
		return err_set(err, -EPROTO,
		               "the call on slot %u begins to hold out in a full line", r->id.slot);
	/* What else happened in this step may have changed it: then it is decided anew. */
	if (core_deadline(core) == core_now(core))
		return 0;
	shown = core_get_hold(core, r->id, &view);
	/* Who decides in line does not count whom a head start puts behind them; who holds out
	 * does, and may cease to at the next review. */
	if (call->head_max > 0 && (view.ahead > 0 || view.why == WHY_LINE_FULL))
		return 0;
	if (!shown || !view.worth_it || view.worth < view.price)
		return err_set(err, -EPROTO,
		               "the call on slot %u begins to hold out though it is not worth it: "
		               "%" PRIu64 " for %" PRIu64 ", %u ahead, %s",
		               r->id.slot, view.worth, view.price, view.ahead,
		               sticky_why_name(view.why));
	return 0;
}

usec_t excluded_until(const struct call_record *r, struct agent_id agent)
{
	for (unsigned i = 0; i < r->excluded_count; i++)
		if (agent_id_equal(r->excluded[i].agent, agent))
			return r->excluded[i].until;
	return 0;
}

static int rank_of(const struct call_record *r, struct agent_id agent)
{
	for (int i = 0; returns(r) && i < r->known_count; i++)
		if (agent_id_equal(r->known[i].agent, agent))
			return i;
	return -1;
}

/* Whether `r`, who got the agent, may have gone before `other`, who stood in front. */
static bool may_overtake(const struct promises *promises, const struct call_record *r,
                         const struct promise *call, const struct call_record *other,
                         const struct core *core)
{
	const struct queue_plan *plan = &promises->plans[r->queue];
	usec_t waited = core_now(core) - other->arrived_at, credit = plan->credit;
	int rank = rank_of(r, r->agent);
	struct queue_view view;

	if (agent_id_equal(call->was.target, r->agent))
		return true;
	if (rank < 0 || !plan_owns_first(plan))
		return false;
	if (plan->policy != POLICY_RATE)
		return rank == 0;
	if (waited > plan->overtake_max)
		return false;
	if (credit == USEC_NEVER && core_get_queue(core, r->queue, &view) &&
	    view.agents[AGENT_READY] + view.agents[AGENT_OFFERED] + view.agents[AGENT_TALKING] +
	                    view.agents[AGENT_WRAPUP] >=
	            UNLIMITED_AGENTS_MIN)
		return true;
	if (credit == USEC_NEVER)
		credit = CREDIT_MAX;
	/* It is the first in line whom one must not be too young for: with head starts that
	 * one may have come after the other. */
	return r->arrived_at <= later(later(other->arrived_at, credit), promises->head_most);
}

/* Somebody is rung for `r`: who else stood in line for that agent? */
static int check_turn(const struct promises *promises, const struct promise *call,
                      const struct call_record *r, const struct call_record *now,
                      const struct core *core, struct err *err)
{
	for (unsigned i = 0; i < CAST_CALLS_MAX; i++) {
		const struct call_record *other = &now[i];
		const struct call_record *was = &promises->calls[i].was;

		if (i == r->id.slot || !is_open(other) || !is_open(was) ||
		    was->queue != other->queue || was->priority != other->priority ||
		    /* Whose turn comes at this very instant may be too late. */
		    excluded_until(was, r->agent) == core_now(core) ||
		    core_judge(core, other->id, r->agent) != VERDICT_NOT_READY)
			continue;
		if (other->priority > r->priority)
			return err_set(
			        err, -EPROTO,
			        "the agent on slot %u is rung for the call on slot %u, the one "
			        "on slot %u has priority",
			        r->agent.slot, r->id.slot, i);
		if (other->priority == r->priority &&
		    stands_before(&promises->calls[i], other, call, r) &&
		    !may_overtake(promises, r, call, other, core))
			return err_set(
			        err, -EPROTO,
			        "the call on slot %u overtakes that on slot %u beyond its limit",
			        r->id.slot, i);
	}
	return 0;
}

static bool is_at_work(enum agent_state state)
{
	return state == AGENT_OFFERED || state == AGENT_TALKING || state == AGENT_WRAPUP;
}

static int check_strict(const struct promises *promises, const struct promise *call,
                        const struct call_record *r, const struct core *core, struct err *err)
{
	const struct agent_record *before = &promises->agents[r->known[0].agent.slot];

	if (!call->strict_only || call->patient || !returns(r) || rank_of(r, r->agent) == 0 ||
	    agent_id_set(call->was.target) || call->was.state != CALL_WAITING ||
	    !holds(&call->was) || !is_at_work(before->state))
		return 0;
	if (core_judge(core, r->id, r->known[0].agent) != VERDICT_NOT_READY)
		return 0;
	return err_set(err, -EPROTO, "the call on slot %u is bound to an agent, and gets another",
	               r->id.slot);
}

static int check_offer(const struct promises *promises, const struct promise *call,
                       const struct call_record *r, const struct call_record *now,
                       const struct core *core, struct err *err)
{
	int r2;

	if (r->state != CALL_OFFERED ||
	    (call->was.state == CALL_OFFERED && call->was.offer == r->offer))
		return 0;
	if (excluded_until(r, r->agent) > core_now(core))
		return err_set(err, -EPROTO, "the call on slot %u is not to have that agent",
		               r->id.slot);
	r2 = check_strict(promises, call, r, core, err);
	return r2 < 0 ? r2 : check_turn(promises, call, r, now, core, err);
}

static int check_call(const struct promises *promises, const struct call_record *r,
                      const struct call_record *now, const struct core *core, struct err *err)
{
	const struct promise *call = &promises->calls[r->id.slot];
	int result = check_budgets(call, r, err);

	if (result == 0)
		result = check_beginning(promises, call, r, now, core, err);
	if (result == 0)
		result = check_offer(promises, call, r, now, core, err);
	if (result < 0 || core_deadline(core) == core_now(core))
		return result; /* the instant is not over */
	result = check_ringing(call, r, core, err);
	if (result == 0)
		result = check_comparison(promises, r, core, err);
	if (result == 0)
		result = check_reason(promises, call, r, core, err);
	return result < 0 ? result : check_idle(r, core, err);
}

static void take_event(struct promises *promises, const struct core_event *ev)
{
	if (ev->type == EVT_QUEUE_CONFIGURED)
		promises->plans[ev->queue_configured.queue] = ev->queue_configured.plan;
	if (ev->type == EVT_CALL_RESTORED || ev->type == EVT_AGENT_RESTORED)
		promises->restoring = true;
	if (ev->type != EVT_RULES_CONFIGURED)
		return;
	promises->rules = ev->rules;
	promises->restoring = false;
}

/* Whoever says how long it rings: the grace of the moment is added, and stays. */
static void expect_ringing(struct promises *promises, const struct call_record *r)
{
	struct promise *call = &promises->calls[r->id.slot];

	if (r->state == CALL_OFFERED &&
	    (call->was.state != CALL_OFFERED || call->was.offer != r->offer ||
	     call->was.ring_until != r->ring_until))
		call->ring_due = later(r->ring_until, promises->rules.ring_grace);
}

/* What there is now becomes what was. */
static void keep(struct promises *promises, const struct core *core, const struct call_record *now)
{
	struct agent_id agent;

	for (unsigned i = 0; i < CAST_CALLS_MAX; i++)
		promises->calls[i].was = now[i];
	for (uint32_t from = 0; core_next_agent(core, from, &agent); from = agent.slot + 1)
		(void)core_get_agent(core, agent, &promises->agents[agent.slot]);
}

void promises_begin(struct promises *promises)
{
	memset(promises, 0, sizeof(*promises));
}

int promises_step(void *context, const struct core *core, const struct core_event *ev,
                  const struct core_actions *actions, struct err *err)
{
	static struct call_record now[CAST_CALLS_MAX];
	struct promises *promises = context;
	struct call_id id;
	int r = 0;

	take_event(promises, ev);
	memset(now, 0, sizeof(now));
	for (uint32_t from = 0; core_next_call(core, from, &id); from = id.slot + 1)
		if (core_get_call(core, id, &now[id.slot]))
			widen(promises, &now[id.slot]);
	for (size_t i = 0; r == 0 && i < actions->count; i++)
		if (actions->items[i].type == ACT_END_CALL)
			r = check_contact(promises, &actions->items[i], err);
		else if (actions->items[i].type == ACT_CANCEL_OFFER)
			r = check_withdrawal(promises, ev, &actions->items[i], err);
	for (unsigned i = 0; r == 0 && i < CAST_CALLS_MAX; i++)
		expect_ringing(promises, &now[i]);
	for (unsigned i = 0; r == 0 && i < CAST_CALLS_MAX && !promises->restoring; i++)
		if (now[i].state != CALL_FREE)
			r = check_call(promises, &now[i], now, core, err);
	if (r == 0 && !promises->restoring)
		r = promises_check_kept_away(promises, ev, now, err);
	keep(promises, core, now);
	return r;
}
