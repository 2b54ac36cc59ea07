/* Any bytes become events for the core: deeds in any order, reports about calls that
 * are not there, records from the store that do not fit each other. After each step the
 * core checks itself, and the watch of the stories looks on.
 *
 * The first byte says whether the site starts from records; the rest is read as numbers,
 * each taken below the limit of what it stands for. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "story.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CALLS 6
#define AGENTS 3
#define QUEUES 2
#define SKILLS 2

struct input {
	const uint8_t *at, *end;
};

static struct story story;

/* 0 to limit - 1; 0 when the bytes are used up. */
static unsigned take(struct input *input, unsigned limit)
{
	unsigned value = 0;

	for (unsigned range = 1; range < limit && input->at < input->end; range *= 256)
		value = value * 256 + *input->at++;
	return value % limit;
}

static usec_t take_span(struct input *input)
{
	static const usec_t spans[] = {
		0,       1,       MSEC(50), SEC(1),  SEC(2),    SEC(5),
		SEC(10), SEC(20), SEC(30),  SEC(60), HOUR(100), USEC_NEVER
	};

	return spans[take(input, ARRAY_LEN(spans))];
}

/* One that instants can be added to. */
static usec_t take_short_span(struct input *input)
{
	usec_t span = take_span(input);

	return span == USEC_NEVER ? SEC(3) : span;
}

/* What the configuration lets through: it is checked there. */
static void take_price(struct input *input, struct queue_plan *plan)
{
	plan->value = take_short_span(input) / 100;
	plan->skip_price = (uint16_t)take(input, 3000);
	plan->wait_idle = take_short_span(input);
	plan->wait_skipped = take_short_span(input);
	plan->credit = take_span(input);
	plan->head_start = SEC(take(input, (unsigned)(HEAD_START_MAX / SEC(1)) + 1));
	plan->overtake_max = take_span(input);
	plan->review = MSEC(100) + take_short_span(input);
	plan->service_guard = take_span(input);
	plan->talk_mean = SEC(1) + take_short_span(input);
	plan->agent_calls = (uint16_t)take(input, 4);
	plan->target_extra_wait = take(input, 2) * SEC(take(input, 60));
}

static void take_sticky(struct input *input, struct queue_plan *plan)
{
	plan->policy = (enum sticky_policy)take(input, STICKY_POLICIES);
	plan->overflows = take(input, 2);
	plan->in_turn = take(input, 2);
	plan->familiarity[0] = (uint16_t)take(input, 1001);
	plan->familiarity[1] = (uint16_t)take(input, 1001);
	plan->candidates = (uint16_t)take(input, KNOWN_MAX + 1);
	plan->fade = take_span(input);
	plan->ring_own = take_short_span(input);
	plan->wait_wrapup = take_short_span(input);
	plan->wait_paused = take_short_span(input);
	plan->wait_brief = take_short_span(input);
	plan->wait_away = take_short_span(input);
	plan->ewt_guard = take_span(input);
	plan->load_max = (uint16_t)take(input, 1000);
	plan->skips_skills = take(input, 2);
	plan->prefers_team = take(input, 2);
	plan->after_hours = take(input, 2);
	plan->absent_overflows = take(input, 2);
	plan->transfer_credit = (enum transfer_credit)take(input, TRANSFER_CREDITS);
	take_price(input, plan);
}

static void take_plan(struct input *input, struct queue_plan *plan)
{
	*plan = deed_plan;
	plan->open = take(input, 8) != 0;
	plan->sticky = take(input, 4) != 0;
	plan->priority = (int16_t)((int)take(input, 3) - 1);
	plan->line_max = (uint16_t)take(input, LINE_MAX + 1);
	plan->waiting_max = take(input, 5);
	plan->ring = SEC(1) + take_short_span(input); /* as the configuration has it */
	plan->wait_max = take_span(input);
	plan->wrapup = take_span(input);
	plan->service_level = take_span(input);
	plan->short_abandon = take_span(input);
	plan->window = take_span(input);
	plan->wait_busy = take_span(input);
	plan->min_talk = take_span(input);
	if (take(input, 2) != 0)
		take_sticky(input, plan);
	/* No bytes of their own: the corpus means what it meant. */
	plan->tell_after = plan->wait_busy;
	plan->tell_every = plan->waiting_max % 2 == 0 ? SEC(5) + plan->ring : 0;
}

static void take_rules(struct input *input, struct core_rules *rules)
{
	for (int kind = 0; kind < MISS_KINDS; kind++)
		rules->misses_max[kind] = (uint16_t)take(input, 3);
	rules->rona_return = take_span(input);
	rules->exclude_for = take_span(input);
	rules->ring_grace = take_span(input);
	rules->recall_max = take_span(input);
	rules->resume_max = take_span(input);
	rules->walk_max = (uint16_t)take(input, WALK_MAX + 1);
	rules->tiers_count = (uint16_t)take(input, 4);
	for (unsigned i = 0; i < rules->tiers_count; i++) {
		struct tier_plan *tier = &rules->tiers[i];

		tier->head_start = SEC(take(input, (unsigned)(HEAD_START_MAX / SEC(1)) + 1));
		tier->value_share = (uint16_t)take(input, 10001);
		tier->price_share = (uint16_t)(1 + take(input, 10000));
		tier->wait_idle = take_span(input);
		tier->wait_skipped = take_span(input);
	}
}

static void take_caller(struct input *input, struct deed_caller *caller)
{
	caller->kind = (enum caller_kind)take(input, CALLER_KNOWN + 1);
	caller->again = take(input, CALLS);
	if (caller->kind != CALLER_KNOWN)
		return;
	caller->known_count = take(input, KNOWN_MAX + 1);
	for (unsigned i = 0; i < caller->known_count; i++) {
		caller->known[i].agent = take(input, AGENTS);
		caller->known[i].ago = take_short_span(input);
		caller->known[i].pinned = take(input, 8) == 0;
	}
	caller->never_count = take(input, 4) == 0 ? take(input, ARRAY_LEN(caller->never) + 1) : 0;
	for (unsigned i = 0; i < caller->never_count; i++)
		caller->never[i] = take(input, AGENTS);
	caller->tier = take(input, 6);
	caller->holdout = take(input, 8) == 0;
	caller->left = take(input, 2);
	caller->left_queue = take(input, QUEUES);
	caller->left_ago = take_short_span(input);
	caller->left_waited = take_short_span(input);
}

/* What only gateways say. No bytes of its own: the corpus means what it meant. */
static void say_more(struct deed *deed)
{
	if (deed->type == DEED_CALL_RINGS && deed->brief)
		deed->ring = deed->extend;
	deed->blameless = deed->type == DEED_CALL_FAILS && deed->brief;
	deed->has_asked = deed->type == DEED_CALL_TRANSFERRED && deed->consult && deed->keep_state;
	if (deed->has_asked)
		deed->asked = (unsigned)(deed->priority + PRIORITY_MAX) % CALLS;
}

static void take_deed(struct input *input, struct deed *deed)
{
	deed->type = (enum deed_type)take(input, DEED_TYPES);
	deed->at += take(input, 3) == 0 ? MSEC(10) * take(input, 3000) : 0;
	deed->call = take(input, CALLS);
	deed->agent = take(input, AGENTS);
	deed->queue = take(input, QUEUES);
	if (deed->type == DEED_QUEUE)
		take_plan(input, &deed->plan);
	if (deed->type == DEED_RULES)
		take_rules(input, &deed->rules);
	if (deed->type == DEED_CALL_ARRIVES || deed->type == DEED_CALL_CHANGES ||
	    deed->type == DEED_STORE_ANSWERS)
		take_caller(input, &deed->caller);
	deed->has_queue = take(input, 2);
	deed->has_priority = take(input, 2);
	deed->priority = (int)take(input, 2 * PRIORITY_MAX + 1) - PRIORITY_MAX;
	deed->has_needs = take(input, 2);
	deed->needs_count = deed->has_needs ? take(input, CALL_NEEDS_MAX + 1) : 0;
	for (unsigned i = 0; i < deed->needs_count; i++) {
		deed->needs[i].skill = take(input, SKILLS);
		deed->needs[i].level = take(input, 256);
	}
	deed->waited = take_short_span(input);
	deed->offer = take(input, 4);
	deed->miss = (enum miss_kind)take(input, MISS_KINDS);
	deed->by = (enum ended_by)take(input, BY_LOSS + 1);
	deed->to_agent = take(input, 2);
	deed->consult = take(input, 2);
	deed->ready = take(input, 2);
	deed->keep_state = take(input, 2);
	deed->queues_count = take(input, CAST_QUEUES_MAX + 1);
	for (unsigned i = 0; i < deed->queues_count; i++)
		deed->queues[i] = take(input, QUEUES); /* one twice, too */
	deed->releases = deed->type == DEED_CALL_CHANGES && take(input, 8) == 0;
	deed->has_tier = take(input, 2);
	deed->tier = deed->has_tier ? take(input, 6) : 0;
	deed->team = take(input, 3);
	deed->brief = take(input, 2);
	deed->extend = take_span(input);
	deed->device = (enum device_state)take(input, DEVICE_BUSY + 1);
	say_more(deed);
}

/* A report about something that may never have been. */
static int stray_report(struct input *input, struct err *err)
{
	static const enum core_event_type types[] = {
		EVT_CALLER_RECALLED, EVT_CALL_RINGING,   EVT_CALL_ANSWERED,    EVT_CALL_FAILED,
		EVT_CALL_HELD,       EVT_CALL_RETRIEVED, EVT_CALL_TRANSFERRED, EVT_CALL_ENDED,
	};
	struct core_event ev = { .type = types[take(input, ARRAY_LEN(types))] };
	struct call_id call = { take(input, 256) * 0x1010101u, take(input, 256) };

	/* The call is the first member of all of them. */
	ev.call_ended.call = call;
	if (call.slot < CALLS && story.calls[call.slot].live)
		return 0;
	return story_step(&story, &ev, ev.type != EVT_CALLER_RECALLED, err);
}

static int restore_agents(struct input *input, struct err *err)
{
	int r = 0;

	for (unsigned i = 0; i < AGENTS && r == 0; i++) {
		struct core_event ev = { .type = EVT_AGENT_RESTORED };
		struct agent_record *record = &ev.agent_restored;

		story.agents[i] = (struct agent_id){ i, 1 }; /* known by name in any case */
		if (take(input, 4) == 0)
			continue;
		record->id = story.agents[i];
		record->state = (enum agent_state)take(input, AGENT_STATES);
		record->cause = (enum pause_cause)take(input, 2);
		record->pending = (enum agent_pending)take(input, PENDING_LOGOUT + 1);
		record->device = (enum device_state)take(input, DEVICE_BUSY + 1);
		record->since = STORY_START - take_short_span(input);
		record->until = STORY_START + take_short_span(input);
		record->idle_since = STORY_START - take_short_span(input);
		record->queues_count = (uint16_t)take(input, QUEUES + 1);
		for (unsigned j = 0; j < record->queues_count; j++)
			record->queues[j] = (queue_index)take(input, QUEUES);
		record->levels[0] = (uint8_t)take(input, 256);
		record->team = (uint16_t)take(input, 3);
		record->brief = take(input, 2);
		r = story_step(&story, &ev, false, err);
	}
	story.agents_used = AGENTS;
	return r;
}

static struct agent_id take_agent(struct input *input)
{
	return (struct agent_id){ take(input, AGENTS + 1), 1 + take(input, 2) };
}

/* Whom a caller waits for, as a core would have written it. */
static void take_waiting(struct input *input, struct call_record *record)
{
	bool returns = record->known_count > 0 && record->answered_at == 0;

	record->sticky = record->known_count > 0 ? STICKY_OTHER : STICKY_NEW;
	record->holdout = record->known_count == 0 && take(input, 2);
	record->why = (enum sticky_why)take(input, STICKY_WHYS);
	record->extra_wait = record->held_for = returns ? take(input, 2) : 0;
	record->hold_since = record->held_for == 0 ? 0 : record->arrived_at;
	if (record->state != CALL_WAITING || take(input, 2) == 0)
		return;
	record->extra_wait = record->held_for = 0;
	record->hold_until = STORY_START + 1 + take_short_span(input);
	if (!returns) {
		record->target = take_agent(input);
		return;
	}
	record->hold_since = record->arrived_at;
	record->sticky = STICKY_WAITING;
	record->passed_at = take(input, 2) ? record->arrived_at : 0;
}

static void take_call_record(struct input *input, struct call_record *record)
{
	record->state = (enum call_state)(CALL_RECALLING + take(input, CALL_STATES - 1));
	record->queue = (queue_index)take(input, QUEUES);
	record->first_queue = (queue_index)take(input, QUEUES);
	record->priority = (int16_t)((int)take(input, 3) - 1);
	record->arrived_at = STORY_START - take_short_span(input);
	record->since = record->arrived_at;
	record->overflow_at = record->arrived_at + take_short_span(input);
	record->told_wait = take_span(input);
	record->service_counted = take(input, 2);
	record->offer = 1 + take(input, 3);
	if (record->state >= CALL_OFFERED)
		record->agent = take_agent(input);
	if (record->state == CALL_OFFERED)
		record->ring_until = record->arrived_at + take_short_span(input);
	if (record->state == CALL_TALKING || record->state == CALL_HELD || take(input, 4) == 0) {
		record->answered_at = record->arrived_at;
		record->talker = (struct agent_id){ take(input, AGENTS), 1 };
		record->legs = 1;
	}
	record->known_count = (uint8_t)take(input, KNOWN_MAX + 1);
	for (unsigned i = 0; i < record->known_count; i++) {
		record->known[i].agent = take_agent(input);
		record->known[i].at = record->arrived_at;
		record->known[i].pinned = take(input, 4) == 0;
	}
	record->tier = (uint8_t)take(input, 6);
	record->excluded_count = (uint8_t)take(input, CALL_EXCLUDED_MAX + 1);
	for (unsigned i = 0; i < record->excluded_count; i++) {
		record->excluded[i].agent = take_agent(input);
		record->excluded[i].until =
		        take(input, 3) == 0 ? USEC_NEVER : STORY_START + take_short_span(input);
	}
	take_waiting(input, record);
}

static int restore_calls(struct input *input, struct err *err)
{
	int r = 0;

	for (unsigned i = 0; i < CALLS && r == 0; i++) {
		struct core_event ev = { .type = EVT_CALL_RESTORED };

		if (take(input, 3) == 0)
			continue;
		take_call_record(input, &ev.call_restored);
		ev.call_restored.id = story.calls[i].id = (struct call_id){ i, 1 };
		ev.call_restored.seq = i + 1;
		story.calls[i].live = true;
		story.calls[i].offer = ev.call_restored.offer;
		story.gens[i] = 1;
		r = story_step(&story, &ev, false, err);
	}
	return r;
}

static int restore(struct input *input, struct err *err)
{
	struct core_event rules = { .type = EVT_RULES_CONFIGURED };
	int r = restore_agents(input, err);

	if (r == 0)
		r = restore_calls(input, err);
	if (r < 0)
		return r;
	take_rules(input, &rules.rules);
	story.rules = rules.rules;
	return story_step(&story, &rules, false, err);
}

static void name_all(struct cast *cast)
{
	char name[CAST_NAME_MAX];

	for (unsigned i = 0; i < CALLS; i++) {
		snprintf(name, sizeof(name), "c%u", i + 1);
		names_index(&cast->calls, CAST_CALLS_MAX, name);
	}
	names_index(&cast->agents, CAST_AGENTS_MAX, "alice");
	names_index(&cast->agents, CAST_AGENTS_MAX, "bob");
	names_index(&cast->agents, CAST_AGENTS_MAX, "carol");
	names_index(&cast->queues, CAST_QUEUES_MAX, "sales");
	names_index(&cast->queues, CAST_QUEUES_MAX, "support");
	names_index(&cast->skills, CAST_SKILLS_MAX, "french");
	names_index(&cast->skills, CAST_SKILLS_MAX, "german");
}

static int begin(struct input *input, struct err *err)
{
	struct deed deed = { .type = DEED_QUEUE };
	bool restores = take(input, 2);
	int r = 0;

	story_begin(&story);
	story.quiet = true;
	name_all(&story.cast);
	story.limits = (struct core_limits){ CALLS, AGENTS, QUEUES, AGENTS * QUEUES };
	for (deed.queue = 0; deed.queue < QUEUES && r == 0; deed.queue++) {
		take_plan(input, &deed.plan);
		r = story_do(&story, &deed, err);
	}
	return r == 0 && restores ? restore(input, err) : r;
}

/* -EINVAL is a deed that nobody would do; anything else that fails is a finding. */
static void insist(int r, const struct err *err)
{
	if (r < 0 && r != -EINVAL) {
		fprintf(stderr, "%s\n", err->text);
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, data + size };
	struct err err = { "" };

	insist(begin(&input, &err), &err);
	while (input.at < input.end) {
		struct deed deed = { .at = story.now };

		if (take(&input, 8) == 0) {
			insist(story_pass(&story, story.now, &err), &err);
			insist(stray_report(&input, &err), &err);
			continue;
		}
		take_deed(&input, &deed);
		insist(story_do(&story, &deed, &err), &err);
	}
	insist(story_pass(&story, story.now + MINUTE(5), &err), &err);
	story_end(&story);
	return 0;
}
