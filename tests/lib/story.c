#include "story.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "story_parts.h"

#include "najimi/base/hash.h"

void story_begin(struct story *story)
{
	memset(story, 0, offsetof(struct story, orders));
	story->limits = deed_limits;
	story->rules = deed_rules;
	for (unsigned i = 0; i < CAST_CALLS_MAX; i++) {
		story->calls[i].person = i;
		story->memories[i].outcome = RECALL_UNKNOWN;
	}
}

void story_end(struct story *story)
{
	story->core = core_free(story->core);
}

const char *story_call_name(const struct story *story, struct call_id id)
{
	for (unsigned i = 0; i < story->cast.calls.count; i++)
		if (call_id_set(id) && call_id_equal(story->calls[i].id, id))
			return story->cast.calls.items[i];
	return "nobody";
}

const char *story_agent_name(const struct story *story, struct agent_id id)
{
	for (unsigned i = 0; i < story->cast.agents.count; i++)
		if (agent_id_set(id) && agent_id_equal(story->agents[i], id))
			return story->cast.agents.items[i];
	return "nobody";
}

static unsigned call_of(const struct story *story, struct call_id id)
{
	for (unsigned i = 0; i < story->cast.calls.count; i++)
		if (call_id_equal(story->calls[i].id, id))
			return i;
	return CAST_NOBODY;
}

static unsigned agent_of(const struct story *story, struct agent_id id)
{
	for (unsigned i = 0; i < story->cast.agents.count; i++)
		if (agent_id_equal(story->agents[i], id))
			return i;
	return CAST_NOBODY;
}

/* A pin stays in front of whoever was met since. */
static void remember_agent(struct story_memory *memory, unsigned agent, usec_t at)
{
	struct story_memory old = *memory;
	unsigned count = 0;

	if (old.known_count > 0 && old.known[0].pinned) {
		count = 1;
		if (old.known[0].agent == agent) {
			memory->known[0].at = at;
			return;
		}
	}
	memory->outcome = RECALL_KNOWN;
	memory->known[count].agent = agent;
	memory->known[count].at = at;
	memory->known[count].pinned = false;
	for (unsigned i = count++; i < old.known_count && count < KNOWN_MAX; i++)
		if (old.known[i].agent != agent)
			memory->known[count++] = old.known[i];
	memory->known_count = count;
}

static int remember_contact(struct story *story, unsigned call, const struct contact *end)
{
	struct story_memory *memory = &story->memories[story->calls[call].person];
	unsigned agent = agent_of(story, end->credited);

	memory->left = end->outcome == OUTCOME_ABANDONED || end->outcome == OUTCOME_SHORT_ABANDONED;
	memory->left_queue = end->queue;
	memory->left_arrived_at = end->arrived_at;
	memory->left_at = end->ended_at;
	if (!agent_id_set(end->credited))
		return 0;
	if (agent == CAST_NOBODY)
		return -EPROTO;
	remember_agent(memory, agent, end->ended_at);
	return 0;
}

static int keep_order(struct story *story, const struct core_action *act, struct err *err)
{
	struct story_order *order = &story->orders[story->orders_count];

	if (story->quiet)
		return 0;
	if (story->orders_count == STORY_ORDERS_MAX)
		return err_set(err, -EPROTO, "more than %d orders", STORY_ORDERS_MAX);
	if (order_write(story, act, order->text, sizeof(order->text))) {
		order->at = story->now;
		story->orders_count++;
	}
	return 0;
}

static int take_order(struct story *story, const struct core_action *act, struct err *err)
{
	unsigned call = call_of(story, act->call);

	if (!call_id_set(act->call))
		return 0;
	if (call == CAST_NOBODY)
		return err_set(err, -EPROTO, "an order about a call that never was");
	if (act->type == ACT_RECALL)
		story->calls[call].asked = ++story->questions;
	if (act->type == ACT_DECIDE && act->decide.kind == DECIDE_CONNECT)
		story->calls[call].offer = act->decide.offer;
	if (act->type == ACT_END_CALL) {
		story->calls[call].live = false;
		if (remember_contact(story, call, &act->end) < 0)
			return err_set(err, -EPROTO, "credit for an agent who never was");
	}
	return 0;
}

int story_step(struct story *story, struct core_event *ev, bool asks, struct err *err)
{
	int r;

	ev->at = STORY_START + story->now;
	ev->request = asks ? ++story->request : 0;
	core_step(story->core, ev, &story->actions);
	core_check(story->core);
	story->trace = hash_word(story->trace, core_digest(story->core));
	for (size_t i = 0; i < story->actions.count; i++) {
		r = keep_order(story, &story->actions.items[i], err);
		if (r == 0)
			r = take_order(story, &story->actions.items[i], err);
		if (r < 0)
			return r;
	}
	r = watch_step(&story->watch, story->core, ev, &story->actions, err);
	if (r == 0 && story->on_step != NULL)
		r = story->on_step(story->context, story->core, ev, &story->actions, err);
	return r;
}

/* A core without rules would be one that no daemon ever runs. */
int story_make_core(struct story *story, struct err *err)
{
	struct core_event ev = { .type = EVT_RULES_CONFIGURED, .rules = story->rules };

	story->core = core_new(&story->limits);
	assert(story->core != NULL);
	watch_begin(&story->watch, &story->limits);
	return story_step(story, &ev, false, err);
}

int story_pass(struct story *story, usec_t at, struct err *err)
{
	int r = 0;

	if (at < story->now)
		return err_set(err, -EINVAL, "time does not run backwards");
	while (r == 0 && story->core != NULL && core_deadline(story->core) <= STORY_START + at) {
		struct core_event ev = { .type = EVT_TIME_PASSED };

		story->now = core_deadline(story->core) - STORY_START;
		r = story_step(story, &ev, false, err);
	}
	story->now = at;
	return r;
}

static bool is_never(const struct story_memory *memory, unsigned agent)
{
	for (unsigned i = 0; i < memory->never_count; i++)
		if (memory->never[i] == agent)
			return true;
	return false;
}

/* Nobody returns to one they are never to meet again. */
static void tell_memory(const struct story *story, const struct story_memory *memory,
                        struct core_event *ev)
{
	uint8_t *count = &ev->caller_recalled.known_count;

	for (unsigned i = 0; i < memory->known_count; i++)
		if (!is_never(memory, memory->known[i].agent))
			ev->caller_recalled.known[(*count)++] = (struct known_agent){
				.agent = story->agents[memory->known[i].agent],
				.at = memory->known[i].at,
				.pinned = memory->known[i].pinned,
			};
	ev->caller_recalled.never_count = (uint8_t)memory->never_count;
	for (unsigned i = 0; i < memory->never_count; i++)
		ev->caller_recalled.never[i] = story->agents[memory->never[i]];
	ev->caller_recalled.tier = memory->tier;
	ev->caller_recalled.holdout = memory->holdout;
}

static int answer_recall(struct story *story, unsigned call, enum recall_outcome outcome,
                         struct err *err)
{
	const struct story_memory *memory = &story->memories[story->calls[call].person];
	struct core_event ev = { .type = EVT_CALLER_RECALLED };
	int r = story_pass(story, story->now, err);

	if (r < 0)
		return r;
	story->calls[call].asked = 0;
	ev.caller_recalled.call = story->calls[call].id;
	ev.caller_recalled.outcome = outcome;
	if (outcome == RECALL_KNOWN || outcome == RECALL_UNKNOWN)
		tell_memory(story, memory, &ev);
	if (memory->left && outcome != RECALL_FAILED) {
		ev.caller_recalled.left_queue = (queue_index)memory->left_queue;
		ev.caller_recalled.left_arrived_at = memory->left_arrived_at;
		ev.caller_recalled.left_at = memory->left_at;
	}
	return story_step(story, &ev, false, err);
}

/* In the order in which they were asked. */
int story_answer_recalls(struct story *story, struct err *err)
{
	int r = 0;

	while (r == 0) {
		unsigned next = CAST_NOBODY;

		for (unsigned i = 0; i < CAST_CALLS_MAX; i++)
			if (story->calls[i].asked != 0 &&
			    (next == CAST_NOBODY ||
			     story->calls[i].asked < story->calls[next].asked))
				next = i;
		if (next == CAST_NOBODY)
			break;
		r = answer_recall(story, next, story->memories[story->calls[next].person].outcome,
		                  err);
	}
	return r;
}

/* Whom the deed says the caller is, put into the store. */
static void learn_caller(struct story *story, const struct deed *deed)
{
	const struct deed_caller *caller = &deed->caller;
	usec_t now = STORY_START + deed->at;
	struct story_memory *memory = &story->memories[deed->call];

	story->calls[deed->call].person = deed->call;
	if (caller->kind == CALLER_AGAIN) {
		story->calls[deed->call].person = story->calls[caller->again].person;
		return;
	}
	*memory = (struct story_memory){ .outcome = RECALL_UNKNOWN };
	if (caller->kind == CALLER_MIXED)
		memory->outcome = RECALL_SHARED;
	if (caller->known_count > 0)
		memory->outcome = RECALL_KNOWN;
	memory->known_count = caller->known_count;
	for (unsigned i = 0; i < caller->known_count; i++) {
		memory->known[i].agent = caller->known[i].agent;
		memory->known[i].at = now - caller->known[i].ago;
		memory->known[i].pinned = caller->known[i].pinned;
	}
	memory->never_count = caller->never_count;
	memcpy(memory->never, caller->never, sizeof(memory->never));
	memory->tier = (uint8_t)caller->tier;
	memory->holdout = caller->holdout;
	memory->left = caller->left;
	memory->left_queue = caller->left_queue;
	memory->left_at = now - caller->left_ago;
	memory->left_arrived_at = memory->left_at - caller->left_waited;
}

static enum caller_identity identity_of(const struct deed *deed)
{
	if (deed->caller.kind == CALLER_WITHHELD)
		return IDENTITY_NONE;
	return deed->caller.kind == CALLER_COMPANY ? IDENTITY_SHARED : IDENTITY_KEYED;
}

static uint8_t needs_of(const struct deed *deed, struct skill_need *ret)
{
	for (unsigned i = 0; i < deed->needs_count; i++) {
		ret[i].skill = (skill_index)deed->needs[i].skill;
		ret[i].min = (uint8_t)deed->needs[i].level;
	}
	return (uint8_t)deed->needs_count;
}

static bool is_queue(const struct story *story, unsigned queue)
{
	return queue < CAST_QUEUES_MAX && story->queues[queue].configured;
}

/* calls_max when there is none. */
static uint32_t free_slot(const struct story *story)
{
	bool taken[CAST_CALLS_MAX] = { false };
	uint32_t slot = 0;

	for (unsigned i = 0; i < CAST_CALLS_MAX; i++)
		if (story->calls[i].live)
			taken[story->calls[i].id.slot] = true;
	while (slot < story->limits.calls_max && taken[slot])
		slot++;
	return slot;
}

static bool names_unknown_queue(const struct story *story, const struct deed *deed)
{
	switch (deed->type) {
	case DEED_CALL_ARRIVES:
		return !is_queue(story, deed->queue);
	case DEED_CALL_CHANGES:
		return deed->has_queue && !is_queue(story, deed->queue);
	case DEED_CALL_TRANSFERRED:
		return !deed->to_agent && !is_queue(story, deed->queue);
	case DEED_AGENT_LOGS_IN:
		for (unsigned i = 0; i < deed->queues_count; i++)
			if (!is_queue(story, deed->queues[i]))
				return true;
		return false;
	default:
		return false;
	}
}

int story_admit(const struct story *story, const struct deed *deed, struct err *err)
{
	if (deed->type == DEED_LIMITS && story->core != NULL)
		return err_set(err, -EINVAL, "limits are said before all else");
	if (deed->type == DEED_QUEUE && deed->queue >= story->limits.queues_max)
		return err_set(err, -EINVAL, "there are too many queues");
	if (names_unknown_queue(story, deed))
		return err_set(err, -EINVAL, "no queue of that name is configured");
	if (deed->type == DEED_CALL_ARRIVES && story->calls[deed->call].live)
		return err_set(err, -EINVAL, "that call is there already");
	if (deed->type == DEED_CALL_ARRIVES && free_slot(story) == story->limits.calls_max)
		return err_set(err, -EINVAL, "there are too many calls");
	if (deed->type == DEED_CALL_TRANSFERRED && deed->to_agent &&
	    !agent_id_set(story->agents[deed->agent]))
		return err_set(err, -EINVAL, "nobody of that name ever logged in");
	if (deed->type == DEED_AGENT_LOGS_IN && !agent_id_set(story->agents[deed->agent]) &&
	    story->agents_used == story->limits.agents_max)
		return err_set(err, -EINVAL, "there are too many agents");
	if ((deed->type == DEED_STORE_ANSWERS || deed->type == DEED_STORE_FAILS) &&
	    !call_id_set(story->calls[deed->call].id))
		return err_set(err, -EINVAL, "that call never arrived");
	return 0;
}

static int do_arrival(struct story *story, const struct deed *deed, struct err *err)
{
	struct core_event ev = { .type = EVT_CALL_ARRIVED };
	uint32_t slot = free_slot(story);
	int r;

	learn_caller(story, deed);
	story->calls[deed->call].id = (struct call_id){ slot, ++story->gens[slot] };
	story->calls[deed->call].live = true;
	story->calls[deed->call].asked = 0;
	story->calls[deed->call].offer = 0;
	ev.call_arrived.call = story->calls[deed->call].id;
	ev.call_arrived.queue = (queue_index)deed->queue;
	ev.call_arrived.has_priority = deed->has_priority;
	ev.call_arrived.priority = (int16_t)deed->priority;
	ev.call_arrived.identity = identity_of(deed);
	ev.call_arrived.tier = (uint8_t)deed->tier;
	ev.call_arrived.needs_count = needs_of(deed, ev.call_arrived.needs);
	ev.call_arrived.arrived_at = STORY_START + deed->at - deed->waited;
	r = story_step(story, &ev, true, err);
	for (size_t i = 0; i < story->actions.count; i++)
		if (story->actions.items[i].type == ACT_REPLY)
			story->calls[deed->call].live = false; /* refused */
	return r;
}

static int do_change(struct story *story, const struct deed *deed, struct err *err)
{
	struct core_event ev = { .type = EVT_CALL_UPDATED };

	if (deed->caller.kind != CALLER_UNSAID)
		learn_caller(story, deed);
	ev.call_updated.call = story->calls[deed->call].id;
	ev.call_updated.has_queue = deed->has_queue;
	ev.call_updated.queue = (queue_index)deed->queue;
	ev.call_updated.has_priority = deed->has_priority;
	ev.call_updated.priority = (int16_t)deed->priority;
	ev.call_updated.releases = deed->releases;
	ev.call_updated.has_tier = deed->has_tier;
	ev.call_updated.tier = (uint8_t)deed->tier;
	ev.call_updated.has_needs = deed->has_needs;
	ev.call_updated.needs_count = needs_of(deed, ev.call_updated.needs);
	ev.call_updated.has_identity = deed->caller.kind != CALLER_UNSAID;
	ev.call_updated.identity = identity_of(deed);
	return story_step(story, &ev, true, err);
}

static int do_offer(struct story *story, const struct deed *deed, struct err *err)
{
	struct call_id call = story->calls[deed->call].id;
	uint32_t offer = deed->offer > 0 ? deed->offer : story->calls[deed->call].offer;
	struct core_event ev = { .type = EVT_CALL_RINGING };

	if (deed->type == DEED_CALL_FAILS) {
		ev.type = EVT_CALL_FAILED;
		ev.call_failed.call = call;
		ev.call_failed.offer = offer;
		ev.call_failed.kind = deed->miss;
		ev.call_failed.blameless = deed->blameless;
		return story_step(story, &ev, true, err);
	}
	if (deed->type == DEED_CALL_RINGS) {
		ev.call_ringing.call = call;
		ev.call_ringing.offer = offer;
		ev.call_ringing.ring = deed->ring;
		return story_step(story, &ev, true, err);
	}
	ev.type = EVT_CALL_ANSWERED;
	ev.call_answered.call = call;
	ev.call_answered.offer = offer;
	return story_step(story, &ev, true, err);
}

static int do_talk(struct story *story, const struct deed *deed, struct err *err)
{
	struct call_id call = story->calls[deed->call].id;
	struct core_event ev = { .type = EVT_CALL_ENDED };

	if (deed->type == DEED_CALL_TRANSFERRED) {
		ev.type = EVT_CALL_TRANSFERRED;
		ev.call_transferred.call = call;
		if (deed->to_agent)
			ev.call_transferred.to_agent = story->agents[deed->agent];
		ev.call_transferred.to_queue =
		        deed->to_agent ? QUEUE_NONE : (queue_index)deed->queue;
		ev.call_transferred.consult = deed->consult;
		if (deed->has_asked)
			ev.call_transferred.asked = story->calls[deed->asked].id;
	} else if (deed->type == DEED_CALL_ENDED) {
		ev.call_ended.call = call;
		ev.call_ended.by = deed->by;
	} else {
		ev.type = deed->type == DEED_CALL_HELD ? EVT_CALL_HELD : EVT_CALL_RETRIEVED;
		ev.call_held.call = call;
	}
	return story_step(story, &ev, true, err);
}

static int do_login(struct story *story, const struct deed *deed, struct err *err)
{
	struct core_event ev = { .type = EVT_AGENT_LOGGED_IN };
	struct agent_id *agent = &story->agents[deed->agent];

	for (unsigned i = 0; i < deed->queues_count; i++)
		ev.agent_logged_in.queues[i] = (queue_index)deed->queues[i];
	if (!agent_id_set(*agent))
		*agent = (struct agent_id){ story->agents_used++, 1 };
	ev.agent_logged_in.agent = *agent;
	ev.agent_logged_in.ready = deed->ready;
	ev.agent_logged_in.keep_state = deed->keep_state;
	ev.agent_logged_in.team = (uint16_t)deed->team;
	ev.agent_logged_in.queues_count = (uint16_t)deed->queues_count;
	for (unsigned i = 0; i < deed->needs_count; i++)
		ev.agent_logged_in.levels[deed->needs[i].skill] = (uint8_t)deed->needs[i].level;
	return story_step(story, &ev, true, err);
}

static int do_agent(struct story *story, const struct deed *deed, struct err *err)
{
	struct agent_id agent = story->agents[deed->agent];
	struct core_event ev = { .type = EVT_AGENT_READY };

	if (deed->type == DEED_AGENT_EXTENDS) {
		ev.type = EVT_AGENT_WRAPUP_EXTENDED;
		ev.agent_wrapup_extended.agent = agent;
		ev.agent_wrapup_extended.extend = deed->extend;
	} else if (deed->type == DEED_AGENT_TELEPHONE) {
		ev.type = EVT_AGENT_DEVICE_CHANGED;
		ev.agent_device_changed.agent = agent;
		ev.agent_device_changed.device = deed->device;
	} else {
		if (deed->type == DEED_AGENT_LOGS_OUT)
			ev.type = EVT_AGENT_LOGGED_OUT;
		ev.agent_ready.agent = agent; /* the first member of all of them */
		if (deed->type == DEED_AGENT_PAUSES) {
			ev.type = EVT_AGENT_PAUSED;
			ev.agent_paused.brief = deed->brief;
		}
	}
	return story_step(story, &ev, true, err);
}

static int do_plan(struct story *story, const struct deed *deed, struct err *err)
{
	struct core_event ev = { .type = EVT_QUEUE_CONFIGURED };

	story->queues[deed->queue].configured = true;
	story->queues[deed->queue].plan = deed->plan;
	ev.queue_configured.queue = (queue_index)deed->queue;
	ev.queue_configured.plan = deed->plan;
	return story_step(story, &ev, false, err);
}

static int do_rules(struct story *story, const struct deed *deed, struct err *err)
{
	struct core_event ev = { .type = EVT_RULES_CONFIGURED, .rules = deed->rules };

	story->rules = deed->rules;
	return story_step(story, &ev, false, err);
}

static int do_store(struct story *story, const struct deed *deed, struct err *err)
{
	enum recall_outcome outcome = RECALL_FAILED;

	if (deed->type == DEED_STORE_SILENT || deed->type == DEED_STORE_SPEAKS) {
		story->silent = deed->type == DEED_STORE_SILENT;
		return 0;
	}
	if (deed->caller.kind != CALLER_UNSAID)
		learn_caller(story, deed);
	if (deed->type == DEED_STORE_ANSWERS)
		outcome = story->memories[story->calls[deed->call].person].outcome;
	return answer_recall(story, deed->call, outcome, err);
}

static int do_what_is_said(struct story *story, const struct deed *deed, struct err *err)
{
	switch (deed->type) {
	case DEED_TIME_PASSES:
	case DEED_LIMITS:
		return 0;
	case DEED_QUEUE:
		return do_plan(story, deed, err);
	case DEED_RULES:
		return do_rules(story, deed, err);
	case DEED_STORE_SILENT:
	case DEED_STORE_SPEAKS:
	case DEED_STORE_ANSWERS:
	case DEED_STORE_FAILS:
		return do_store(story, deed, err);
	case DEED_CALL_ARRIVES:
		return do_arrival(story, deed, err);
	case DEED_CALL_CHANGES:
		return do_change(story, deed, err);
	case DEED_CALL_RINGS:
	case DEED_CALL_ANSWERED:
	case DEED_CALL_FAILS:
		return do_offer(story, deed, err);
	case DEED_CALL_HELD:
	case DEED_CALL_RETRIEVED:
	case DEED_CALL_TRANSFERRED:
	case DEED_CALL_ENDED:
		return do_talk(story, deed, err);
	case DEED_AGENT_LOGS_IN:
		return do_login(story, deed, err);
	case DEED_AGENT_READY:
	case DEED_AGENT_PAUSES:
	case DEED_AGENT_LOGS_OUT:
	case DEED_AGENT_EXTENDS:
	case DEED_AGENT_TELEPHONE:
		return do_agent(story, deed, err);
	case DEED_CORE_COPIED:
		return story_copy_core(story, err);
	case DEED_DAEMON_RESTARTS:
		return story_restart(story, err);
	}
	return 0;
}

int story_do(struct story *story, const struct deed *deed, struct err *err)
{
	int r = story_pass(story, deed->at, err);

	if (r == 0)
		r = story_admit(story, deed, err);
	if (r == 0 && deed->type == DEED_LIMITS) {
		story->limits = deed->limits;
		return 0;
	}
	if (r == 0 && story->core == NULL)
		r = story_make_core(story, err);
	if (r == 0)
		r = do_what_is_said(story, deed, err);
	return r == 0 && !story->silent ? story_answer_recalls(story, err) : r;
}
